//! Character references: `&eacute;`, `&#8217;`, and `&copy` without its semicolon.

use crate::text::Span;
use html5gum::{Token, Tokenizer};

/// A piece of text between two tags.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Stands in the source as it is.
    Plain(Span),
    /// A character reference, and what it stands for.
    Reference(String, Span),
}

/// Longest name of a character reference, with `&` and `;`, in bytes.
const LONGEST: usize = 33;

/// Takes the text at `span` apart.
pub(super) fn pieces(source: &str, span: Span, mut visit: impl FnMut(Piece)) {
    let bytes = source.as_bytes();
    let (mut start, mut from) = (span.start, span.start);
    while let Some(found) = memchr::memchr(b'&', &bytes[from..span.end]) {
        let at = from + found;
        let rest = &bytes[at + 1..span.end.min(at + LONGEST)];
        let name = rest.iter().take_while(|&&byte| byte.is_ascii_alphanumeric() || byte == b'#').count();
        let candidate = &source[at..at + 1 + name + usize::from(rest.get(name) == Some(&b';'))];
        from = at + 1;
        if let Some((text, used)) = decode(candidate) {
            if at > start {
                visit(Piece::Plain(Span::new(start, at)));
            }
            visit(Piece::Reference(text, Span::new(at, at + used)));
            (start, from) = (at + used, at + used);
        }
    }
    if start < span.end {
        visit(Piece::Plain(Span::new(start, span.end)));
    }
}

/// What the reference at the start of `candidate` stands for, and its length in bytes.
fn decode(candidate: &str) -> Option<(String, usize)> {
    let known = match candidate {
        "&amp;" => "&",
        "&lt;" => "<",
        "&gt;" => ">",
        "&quot;" => "\"",
        "&nbsp;" => "\u{a0}",
        "&" => return None,
        _ => {
            let decoded = tokenize(candidate)?;
            if decoded == candidate {
                return None;
            }
            // What was not part of the reference (`foo` of `&copyfoo`) stands unchanged at the end.
            let used = (2..=candidate.len()).find(|&used| {
                let rest = &candidate[used..];
                decoded.len() > rest.len() && decoded.ends_with(rest)
            })?;
            let text = decoded[..decoded.len() - (candidate.len() - used)].to_string();
            return Some((text, used));
        }
    };
    Some((known.to_string(), candidate.len()))
}

fn tokenize(candidate: &str) -> Option<String> {
    let mut decoded = Vec::new();
    for Ok(token) in Tokenizer::new(candidate) {
        if let Token::String(text) = token {
            decoded.extend_from_slice(&text);
        }
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(source: &str) -> String {
        let (mut text, mut end) = (String::new(), 0);
        pieces(source, Span::new(0, source.len()), |piece| {
            let span = match piece {
                Piece::Plain(span) => {
                    text.push_str(span.of(source));
                    span
                }
                Piece::Reference(decoded, span) => {
                    text.push_str(&decoded);
                    span
                }
            };
            assert_eq!(span.start, end);
            end = span.end;
        });
        assert_eq!(end, source.len());
        text
    }

    #[test]
    fn references_are_decoded_as_browsers_do() {
        assert_eq!(text("caf&eacute; &amp; &#8220;bar&#x201D;"), "café & “bar”");
        assert_eq!(text("&copyfoo &notit; AT&T &; & &unknown; &#;"), "©foo ¬it; AT&T &; & &unknown; &#;");
        assert_eq!(text("&#150;&#0;"), "–\u{fffd}");
        assert_eq!(text("&amp;amp;"), "&amp;");
        assert_eq!(text("&CounterClockwiseContourIntegral;"), "∳");
    }

    proptest! {
        #[test]
        fn any_text_is_decoded_as_the_tokenizer_does(source in "([a-z;& #0-9x]|&amp|&lt;|&#[0-9]{2,5};?|&not[a-z]{0,3};?){0,30}") {
            prop_assume!(!source.is_empty());
            prop_assert_eq!(Some(text(&source)), tokenize(&source));
        }
    }
}
