//! Comments in Markdown and HTML that accept findings: `<!-- copydesk-ignore RULE: why -->`.

use crate::document::{Document, Format};
use crate::text::Span;
use memchr::memmem;
use pulldown_cmark::{Event, Parser};
use std::ops::Range;

/// One rule accepted by a comment.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Comment {
    pub rule: String,
    /// The block that it stands in, or the next one after it: in the source.
    covers: Span,
    /// Where that block starts: in the text, of which the comment itself is no part.
    pub at: Span,
}

impl Comment {
    /// Whether it accepts a finding of that rule at this place of the source.
    pub fn accepts(&self, rule: &str, at: Span) -> bool {
        self.rule == rule && (self.covers.overlaps(at) || self.covers.contains(at))
    }
}

const WORD: &str = "copydesk-ignore";

/// The comments of a document, one for each rule that they name. In plain text there are none.
pub(super) fn comments(document: &Document) -> Vec<Comment> {
    let mut comments = Vec::new();
    if document.format == Format::Text {
        return comments;
    }
    let source = document.source();
    let mut html = None;
    for at in memmem::find_iter(source.as_bytes(), WORD) {
        if document.format == Format::Markdown && !html.get_or_insert_with(|| html_of(source)).iter().any(|html| html.contains(&at)) {
            continue;
        }
        let opens = source[..at].trim_end().ends_with("<!--");
        let rest = &source[at + WORD.len()..];
        let Some(end) = rest.find("-->").filter(|_| opens && rest.starts_with([' ', '\t', '\n', '\r'])) else { continue };
        let next = document.blocks.partition_point(|block| document.to_source(block.span).end <= at);
        let Some(block) = document.blocks.get(next) else { continue };
        let rules = rest[..end].split(':').next().unwrap_or_default();
        let start = Span::new(block.span.start, block.span.start);
        for rule in rules.split([',', ' ', '\t', '\n', '\r']).filter(|rule| !rule.is_empty()) {
            comments.push(Comment { rule: rule.to_string(), covers: document.to_source(block.span), at: start });
        }
    }
    comments
}

/// The stretches of Markdown that are HTML: a comment that is shown in a piece of code is none.
fn html_of(source: &str) -> Vec<Range<usize>> {
    let events = Parser::new(source).into_offset_iter();
    events.filter(|(event, _)| matches!(event, Event::Html(_) | Event::InlineHtml(_))).map(|(_, at)| at).collect()
}
