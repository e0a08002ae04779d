//! Taking a piece of text out without leaving a hole.

use crate::document::Document;
use crate::finding::Edit;
use crate::text::Span;

/// The edit that takes `span` out: with its lines where it is all that stands on them, else with one of the spaces around it.
pub(super) fn removal(document: &Document, span: Span) -> Edit {
    let text = &*document.text;
    let lines = document.lines();
    let (first, last) = (lines.line_of(span.start), lines.line_of(span.end.saturating_sub(1).max(span.start)));
    let whole = Span::new(lines.full(first, text).start, lines.full(last, text).end);
    let blank = |part: &str| part.trim().is_empty();
    if blank(&text[whole.start..span.start]) && blank(&text[span.end.min(whole.end)..whole.end]) {
        return Edit { span: with_blank_line(document, whole, first, last), text: String::new() };
    }
    let (before, after) = (text[..span.start].ends_with(' '), text[span.end..].starts_with(' '));
    let closes = text[span.end..].starts_with(['.', ',', ';', ':', '!', '?', '\n', '\r']) || span.end == text.len();
    let span = if after && (before || span.start == whole.start) {
        Span::new(span.start, span.end + 1)
    } else if before && closes {
        Span::new(span.start - 1, span.end)
    } else {
        span
    };
    Edit { span, text: String::new() }
}

/// Blank lines above and below what is taken out would become two: one goes with it.
fn with_blank_line(document: &Document, whole: Span, first: usize, last: usize) -> Span {
    let text = &*document.text;
    let lines = document.lines();
    let is_blank = |line: usize| line < lines.count() && lines.span(line, text).trim(text).is_empty();
    let below = is_blank(last + 1) && !lines.full(last + 1, text).is_empty();
    let above = first.checked_sub(1).is_some_and(is_blank);
    if below && (above || first == 0) {
        Span::new(whole.start, lines.full(last + 1, text).end)
    } else if above && whole.end == text.len() {
        Span::new(lines.full(first - 1, text).start, whole.end)
    } else {
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str, part: &str) -> String {
        let document = Document::from_text(text);
        let at = text.find(part).unwrap();
        let edit = removal(&document, Span::new(at, at + part.len()));
        let mut out = text.to_string();
        out.replace_range(edit.span.start..edit.span.end, &edit.text);
        out
    }

    #[test]
    fn a_line_goes_with_its_break() {
        assert_eq!(without("One.\nShare\nTwo.\n", "Share"), "One.\nTwo.\n");
        assert_eq!(without("One.\r\n  Share \r\nTwo.", "Share"), "One.\r\nTwo.");
        assert_eq!(without("One.\nShare", "Share"), "One.\n");
    }

    #[test]
    fn a_paragraph_goes_with_one_blank_line() {
        assert_eq!(without("One.\n\nShare\n\nTwo.\n", "Share"), "One.\n\nTwo.\n");
        assert_eq!(without("Share\n\nTwo.\n", "Share"), "Two.\n");
        assert_eq!(without("One.\n\nShare\n", "Share"), "One.\n");
    }

    #[test]
    fn a_word_goes_with_one_space() {
        assert_eq!(without("He said the the end.", "the "), "He said the end.");
        assert_eq!(without("He left (photo), they say.", "(photo)"), "He left, they say.");
        assert_eq!(without("Advert He left.", "Advert"), "He left.");
    }
}
