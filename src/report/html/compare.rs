//! The two copies of a repeat, side by side, with the words that differ marked.

use crate::document::Document;
use crate::report::markup::article;
use crate::text::Span;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::fmt::Write;

/// Words of each copy that are compared and shown.
const WORDS: usize = 2_000;

pub(super) fn render(document: &Document, first: Span, copy: Span, out: &mut String) -> std::fmt::Result {
    let text = &*document.text;
    if first.end > text.len() || copy.end > text.len() {
        return Ok(());
    }
    let (a, b) = (words(first.of(text)), words(copy.of(text)));
    let operations = capture_diff_slices(Algorithm::Myers, &bare(&a), &bare(&b));
    let same = operations.iter().all(|operation| matches!(operation, DiffOp::Equal { .. }));
    let (mut left, mut right) = (String::new(), String::new());
    for operation in operations {
        let (old, new) = (&a[operation.old_range()], &b[operation.new_range()]);
        if matches!(operation, DiffOp::Equal { .. }) {
            article(&old.concat(), &mut left);
            article(&new.concat(), &mut right);
        } else {
            marked("del", old, &mut left);
            marked("ins", new, &mut right);
        }
    }
    let title = if same { "Both copies: word for word the same" } else { "Both copies, with what differs marked" };
    write!(out, "<details class=\"compare\"><summary>{title}</summary><div class=\"two\">")?;
    for (span, words, side) in [(first, a.len(), left), (copy, b.len(), right)] {
        let more = if words == WORDS { " …" } else { "" };
        write!(out, "<section><h3>From line {}</h3><p dir=\"auto\">{side}{more}</p></section>", document.line(span.start))?;
    }
    out.push_str("</div></details>");
    Ok(())
}

/// Words, each with the white space behind it.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() && words.len() < WORDS {
        let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let space = rest[word..].find(|c: char| !c.is_whitespace()).unwrap_or(rest.len() - word);
        let (first, others) = rest.split_at(word + space);
        words.push(first);
        rest = others;
    }
    words
}

/// Words without their white space, since a line break for a space is no difference.
fn bare<'t>(words: &[&'t str]) -> Vec<&'t str> {
    words.iter().map(|word| word.trim_end()).collect()
}

fn marked(tag: &str, words: &[&str], out: &mut String) {
    let text = words.concat();
    if !text.is_empty() {
        let body = text.trim_end();
        out.push_str(&format!("<{tag}>"));
        article(body, out);
        out.push_str(&format!("</{tag}>"));
        article(&text[body.len()..], out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(text: &str, first: &str, copy: &str) -> String {
        let span = |part: &str| text.find(part).map(|at| Span::new(at, at + part.len())).unwrap();
        let mut out = String::new();
        render(&Document::from_text(text), span(first), span(copy), &mut out).unwrap();
        out
    }

    #[test]
    fn only_words_that_differ_are_marked() {
        let markup = compared("The old wall fell.\nThe new\nwall fell.\n", "The old wall fell.", "The new\nwall fell.");
        assert!(markup.contains("The <del>old</del> wall fell."), "{markup}");
        assert!(markup.contains("The <ins>new</ins>\nwall fell."), "{markup}");
    }

    #[test]
    fn equal_copies_are_said_to_be_equal() {
        let markup = compared("<A> b.\nThen.\n<A>  b.\n", "<A> b.", "<A>  b.");
        assert!(!markup.contains("<del>") && markup.contains("&lt;A&gt;") && markup.contains("word for word"), "{markup}");
    }
}
