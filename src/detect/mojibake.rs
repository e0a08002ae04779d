//! Kind `mojibake`: UTF-8 that was read as another encoding, once or several times over (`â€™` for `’`).
//!
//! A run of non-ASCII characters is encoded back (encoding_rs) and read as UTF-8. Where that gives characters that
//! occur in text, the run is mojibake and what was read is its repair; nothing but UTF-8 survives this by chance.

use super::{Context, Match, Slot};
use crate::finding::Fact;
use crate::text::Span;
use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1251, WINDOWS_1252};
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Text in UTF-8 that was read as another encoding.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {}

#[derive(Debug)]
pub struct Mojibake {
    literals: Vec<String>,
}

/// Times a text is decoded: more than three rounds of damage have not been met.
const MAX_ROUNDS: usize = 3;
/// Longest run in bytes that is tried at one go; a longer one is a text in another script.
const MAX_RUN: usize = 512;
/// What a character of UTF-8 starts with when its first byte is read as windows-1252, Mac Roman or windows-1251.
const STARTS: &[&str] = &[
    "Â", "Ã", "Ä", "Å", "Ç", "È", "É", "Ê", "Ë", "Î", "Ï", "Ð", "Ñ", "Ø", "Ù", "â€", "â€", "â‚", "â„", "âˆ", "â‰", "â–", "â†", "â¬", "ï¿",
    "ï»", "ï¬", "ðŸ", "à¤", "‚Ä", "√", "¬", "вЂ", "Г©", "Гј", "Г¶", "Г¤",
];

impl Mojibake {
    pub const PLACEHOLDERS: [&'static str; 3] = ["match", "meant", "encoding"];

    pub fn new() -> Self {
        Self { literals: STARTS.iter().map(ToString::to_string).collect() }
    }

    pub fn literals(&self) -> &[String] {
        &self.literals
    }

    pub fn detect(&self, slot: Slot, cx: &Context<'_>) -> Vec<Match> {
        let text = &*cx.document.text;
        let mut found = Vec::new();
        for line in cx.hit_lines(slot) {
            let mut at = line.start;
            while at < line.end {
                let Some(start) = text.as_bytes()[at..line.end].iter().position(|byte| *byte >= 0x80).map(|offset| at + offset) else {
                    break;
                };
                let len = text.as_bytes()[start..line.end].iter().take_while(|byte| **byte >= 0x80).count();
                at = start + len;
                search(text, Span::new(start, at), &mut found);
            }
        }
        found
    }
}

/// Finds the damaged parts of one run of non-ASCII characters.
fn search(text: &str, run: Span, found: &mut Vec<Match>) {
    let mut start = run.start;
    while start < run.end {
        let first = text[start..].chars().next().map_or(1, char::len_utf8);
        if !MISREAD.iter().any(|misread| misread.may_start(&text[start..])) && !text[start..].starts_with(CUT) {
            start += first;
            continue;
        }
        let limit = text.floor_char_boundary(run.end.min(start + MAX_RUN));
        let mut end = limit;
        let mut hit = None;
        // The longest part that can be read; a real quote or dash may follow the damage directly.
        for _ in 0..4 {
            if end <= start + first {
                break;
            }
            hit = repair(text, Span::new(start, end)).map(|(meant, encoding)| (end, meant, encoding));
            if hit.is_some() {
                break;
            }
            end -= text[..end].chars().next_back().map_or(1, char::len_utf8);
        }
        // … and the shortest, where text in its own script follows.
        if hit.is_none() {
            hit = text[start..limit]
                .char_indices()
                .skip(2)
                .take(2)
                .map(|(at, _)| start + at)
                .find_map(|end| repair(text, Span::new(start, end)).map(|(meant, encoding)| (end, meant, encoding)));
        }
        match hit {
            Some((end, meant, encoding)) => {
                found.push(matched(text, Span::new(start, end), meant, encoding));
                start = end;
            }
            None => {
                if let Some(hit) = without_its_last_byte(text, start, run.end) {
                    start = hit.span.end;
                    found.push(hit);
                } else {
                    start += first;
                }
            }
        }
    }
}

/// What is left of a closing quote whose last byte (0x9D), which has no character in windows-1252, was dropped.
const CUT: &str = "â€";

/// Such a quote, by itself.
fn without_its_last_byte(text: &str, start: usize, end: usize) -> Option<Match> {
    if !text[start..end].starts_with(CUT) {
        return None;
    }
    let mut hit = matched(text, Span::new(start, start + CUT.len()), "”".into(), WINDOWS_1252);
    hit.certain = false;
    Some(hit)
}

fn matched(text: &str, span: Span, meant: String, encoding: &'static Encoding) -> Match {
    let mut hit = Match::at(span);
    hit.facts.push((Cow::Borrowed("match"), Fact::Text(span.of(text).to_string())));
    hit.facts.push((Cow::Borrowed("meant"), Fact::Text(meant.clone())));
    hit.facts.push((Cow::Borrowed("encoding"), Fact::Text(encoding.name().to_string())));
    hit.certain = !meant.contains('\u{fffd}');
    hit.replacement = Some(meant);
    hit
}

/// An encoding that text is read in by mistake.
struct Misread {
    encoding: &'static Encoding,
    /// Its characters beyond ASCII with their bytes, in order.
    bytes: Vec<(char, u8)>,
}

static MISREAD: LazyLock<[Misread; 3]> = LazyLock::new(|| {
    [WINDOWS_1252, MACINTOSH, WINDOWS_1251].map(|encoding| {
        let char_of = |byte: u8| encoding.decode_without_bom_handling(&[byte]).0.chars().next();
        let mut bytes: Vec<(char, u8)> = (0x80..=0xff).filter_map(|byte| Some((char_of(byte)?, byte))).collect();
        bytes.sort_unstable();
        Misread { encoding, bytes }
    })
});

impl Misread {
    /// The byte that was read as this character.
    fn byte(&self, c: char) -> Option<u8> {
        self.bytes.binary_search_by_key(&c, |&(c, _)| c).ok().map(|at| self.bytes[at].1)
    }

    /// Whether a character of UTF-8 may start here.
    fn may_start(&self, text: &str) -> bool {
        let mut bytes = text.chars().map(|c| self.byte(c));
        matches!((bytes.next(), bytes.next()), (Some(Some(0xc2..=0xf4)), Some(Some(0x80..=0xbf))))
    }

    /// The characters as bytes, read as UTF-8; only where each of them is part of a longer character.
    fn decode_once(&self, damaged: &str) -> Option<String> {
        if !self.may_start(damaged) {
            return None;
        }
        let bytes: Option<Vec<u8>> = damaged.chars().map(|c| self.byte(c)).collect();
        let meant = String::from_utf8(bytes?).ok()?;
        (meant.chars().count() < damaged.chars().count()).then_some(meant)
    }
}

/// What the span was before it was read wrongly, and how it was read.
fn repair(text: &str, span: Span) -> Option<(String, &'static Encoding)> {
    MISREAD.iter().find_map(|misread| {
        let mut meant = misread.decode_once(span.of(text))?;
        for _ in 1..MAX_ROUNDS {
            match misread.decode_once(&meant) {
                Some(deeper) => meant = deeper,
                None => break,
            }
        }
        is_credible(text, span, &meant, misread.encoding).then_some((meant, misread.encoding))
    })
}

/// Whether the repair is something people write. Two characters that could stand beside each other (`Ä“`) prove nothing alone.
fn is_credible(text: &str, span: Span, meant: &str, encoding: &'static Encoding) -> bool {
    let common = |c: char| {
        matches!(c, '\u{a0}'..='\u{17f}' | '\u{218}'..='\u{21b}' | '\u{2010}'..='\u{2044}' | '\u{20ac}' | '\u{2122}' | '\u{2190}'..='\u{2193}' | '\u{2212}' | '\u{25a0}'..='\u{25ff}' | '\u{2605}' | '\u{2713}' | '\u{feff}' | '\u{fffd}' | '\u{fb01}' | '\u{fb02}' | '\u{200b}'..='\u{200f}')
            || matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{45f}' | '\u{600}'..='\u{6ff}' | '\u{3000}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{1f300}'..='\u{1faff}')
    };
    if !meant.chars().all(common) {
        return false;
    }
    let characters = meant.chars().count();
    let damaged = span.of(text);
    let strong = characters >= 2 || damaged.chars().count() >= 3 || damaged.starts_with(['Â', 'Ã', '√', '¬']);
    let inside = text[..span.start].ends_with(|c: char| c.is_lowercase()) || text[span.end..].starts_with(|c: char| c.is_lowercase());
    match encoding {
        // `√©` and `¬ª` are rare by themselves, `–ü` in Cyrillic text is not, nor is the quote of `„Äääh`.
        encoding if encoding == MACINTOSH => {
            strong && ((inside && !damaged.starts_with('„')) || characters >= 2 || damaged.starts_with('‚'))
        }
        encoding if encoding == WINDOWS_1251 => damaged.starts_with("вЂ") || (characters >= 2 && inside),
        _ => {
            strong
                || (inside
                    && damaged
                        .chars()
                        .nth(1)
                        .is_some_and(|second| !second.is_alphabetic() || second == 'œ' || second == 'ž' || second == 'š'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Gate;
    use crate::document::Document;

    fn repaired(text: &str) -> Vec<(String, String)> {
        let rule = Mojibake::new();
        let gate = Gate::new(&[vec![rule.literals()]], |_| true);
        let document = Document::from_text(text);
        let cx = Context::new(&document, &gate);
        rule.detect(0, &cx).into_iter().map(|hit| (hit.span.of(text).to_string(), hit.replacement.unwrap_or_default())).collect()
    }

    fn one(text: &str) -> Option<String> {
        repaired(text).into_iter().map(|(_, meant)| meant).next()
    }

    #[test]
    fn every_common_character_survives_the_round_trip() {
        for c in "’‘“”–—…£éèüñöäßçàÉœ€™«»·°".chars() {
            for around in [("caf", "s"), ("said ", " and"), ("", "")] {
                let mut buffer = [0; 4];
                let damaged: String = c.encode_utf8(&mut buffer).bytes().map(latin).collect();
                let text = format!("{}{damaged}{}", around.0, around.1);
                // `Å“` at the start of a word may be a real Å before a quote.
                if c == 'œ' && around.0 != "caf" {
                    continue;
                }
                assert_eq!(one(&text), Some(c.to_string()), "{text}");
            }
        }
    }

    fn latin(byte: u8) -> char {
        encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next().unwrap()
    }

    #[test]
    fn damage_done_twice_is_undone_twice() {
        let once: String = "’".bytes().map(latin).collect();
        let twice: String = once.bytes().map(latin).collect();
        assert_eq!(one(&format!("Israel{twice}s")), Some("’".into()));
    }

    #[test]
    fn other_encodings_are_tried() {
        assert_eq!(one("the mayor‚Äôs plan"), Some("’".into()));
        assert_eq!(one("caf√© noir"), Some("é".into()));
        assert_eq!(one("the mayorвЂ™s plan"), Some("’".into()));
    }

    #[test]
    fn a_run_is_one_repair_and_what_follows_is_left() {
        assert_eq!(repaired("end.â€”â€œNo"), [("â€”â€œ".to_string(), "—“".to_string())]);
        assert_eq!(one("he saidâ€ and left"), Some("”".into()));
    }

    #[test]
    fn a_run_longer_than_is_read_at_once_is_cut_between_characters() {
        for shift in ["", "a"] {
            repaired(&format!("{shift}â€œ{}", "Æ".repeat(2 * MAX_RUN)));
            repaired(&format!("{shift}“ž†ßŒ{}Ä{}", "Õ".repeat(MAX_RUN / 4), "Æ".repeat(MAX_RUN)));
        }
    }

    #[test]
    fn real_accents_are_left_alone() {
        for text in [
            "SÃO PAULO",
            "NÃO É",
            "Ångström “Ä” café",
            "„Ä“ und „Ö“",
            "„Ääh“, sagte er",
            "ÑANDÚ",
            "Ð is a letter",
            "«É»",
            "Москва",
            "日本語",
            "naïve — “Æ”",
            "Île-de-France",
        ] {
            assert_eq!(repaired(text), [], "{text}");
        }
    }
}
