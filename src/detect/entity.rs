//! Kind `html-entity`: character references of HTML left in the text, escaped once (`&nbsp;`) or twice (`&amp;nbsp;`).

use super::{Context, MOST_FINDINGS, Match};
use crate::finding::Fact;
use crate::text::Span;
use html5gum::{Token, Tokenizer};
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;

/// Character references of HTML in the text.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {
    /// How many times the character was escaped.
    pub escaped: Escaped,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Escaped {
    Once,
    /// Twice or more.
    Twice,
}

#[derive(Debug)]
pub struct HtmlEntity {
    pub escaped: Escaped,
}

/// Longest name of a character reference in HTML, `CounterClockwiseContourIntegral`.
const MAX_NAME: usize = 31;
/// References that careless writers leave without a semicolon, and that can hardly be anything else before a space.
const UNENDED: [&str; 10] = ["nbsp", "quot", "amp", "ldquo", "rdquo", "lsquo", "rsquo", "mdash", "ndash", "hellip"];

impl HtmlEntity {
    pub const PLACEHOLDERS: [&'static str; 2] = ["match", "meant"];

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let text = &*cx.document.text;
        let mut found = Vec::new();
        let mut end = 0;
        // `&` alone is no literal for the gate, and the scan for one byte is nearly free.
        for at in memchr::memchr_iter(b'&', text.as_bytes()) {
            if at < end {
                continue;
            }
            if found.len() > MOST_FINDINGS {
                break;
            }
            let Some((len, meant, times)) = reference(&text[at..]) else { continue };
            end = at + len;
            if (times > 1) == (self.escaped == Escaped::Twice) {
                let span = Span::new(at, end);
                let mut hit = Match::at(span);
                hit.facts.push((Cow::Borrowed("match"), Fact::Text(span.of(text).to_string())));
                hit.facts.push((Cow::Borrowed("meant"), Fact::Text(meant.clone())));
                hit.certain = !meant.contains(['\u{fffd}', '<', '>']);
                hit.replacement = Some(meant);
                found.push(hit);
            }
        }
        found
    }
}

/// The reference that `text` starts with: its length in bytes, the character meant, and how many times it was escaped.
fn reference(text: &str) -> Option<(usize, String, usize)> {
    let len = length(&text[1..])? + 1;
    let name = text[1..len].trim_end_matches(';');
    let (mut end, mut times, mut written) = (len, 1, text[..len].to_string());
    if name == "amp" && text[..len].ends_with(';') {
        while let Some(inner) = length(&text[end..]).filter(|inner| text[end..end + inner].ends_with(';')) {
            let next = &text[end..end + inner];
            if decode(&format!("&{next}")).is_none() {
                break;
            }
            times += 1;
            end += inner;
            written = format!("&{next}");
            if next != "amp;" {
                break;
            }
        }
    }
    decode(&written).map(|meant| (end, meant, times))
}

/// Length of the name or number at the start of `text`, its semicolon included.
fn length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let number = bytes.first() == Some(&b'#');
    let from = if number { 1 + usize::from(matches!(bytes.get(1), Some(b'x' | b'X'))) } else { 0 };
    let count = bytes[from.min(bytes.len())..].iter().take(MAX_NAME + 1).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let end = from + count;
    if count == 0 || count > MAX_NAME {
        return None;
    }
    match bytes.get(end) {
        Some(b';') => Some(end + 1),
        // A number of four digits can hardly be anything else.
        Some(byte) if number && count >= 4 && (*byte == b' ' || *byte >= 0x80) => Some(end),
        None | Some(b' ' | b'\n' | b'.' | b',') if UNENDED.contains(&&text[..end]) => Some(end),
        _ => None,
    }
}

/// What a browser makes of it; `None` where it is no reference.
fn decode(written: &str) -> Option<String> {
    let ended = format!("{}{}", written, if written.ends_with(';') { "" } else { ";" });
    let mut meant = String::new();
    for token in Tokenizer::new(&ended).flatten() {
        if let Token::String(piece) = token {
            meant.push_str(std::str::from_utf8(&piece).ok()?);
        }
    }
    (!meant.is_empty() && meant != ended).then_some(meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_decoded_as_a_browser_does() {
        let read = reference;
        assert_eq!(read("&nbsp;x"), Some((6, "\u{a0}".into(), 1)));
        assert_eq!(read("&#8217;s"), Some((7, "’".into(), 1)));
        assert_eq!(read("&#x2014;"), Some((8, "—".into(), 1)));
        assert_eq!(read("&amp; co"), Some((5, "&".into(), 1)));
        assert_eq!(read("&amp;amp;"), Some((9, "&".into(), 2)));
        assert_eq!(read("&amp;amp;quot;"), Some((14, "\"".into(), 3)));
        assert_eq!(read("&nbsp word"), Some((5, "\u{a0}".into(), 1)));
        assert_eq!(read("&rdquo he"), Some((6, "”".into(), 1)));
        assert_eq!(read("&amp co"), Some((4, "&".into(), 1)));
        assert_eq!(read("&amplifier"), None);
        assert_eq!(read("&copy=2"), None);
        assert_eq!(read("& then;"), None);
        assert_eq!(read("&Johnson; sons"), None);
        assert_eq!(read("&"), None);
    }
}
