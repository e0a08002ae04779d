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
        let before = source[..at].trim_end();
        let opens = before.ends_with("<!--");
        let rest = &source[at + WORD.len()..];
        let Some(end) = rest.find("-->").filter(|_| opens && rest.starts_with([' ', '\t', '\n', '\r'])) else { continue };
        let ended = document.blocks.partition_point(|block| document.to_source(block.span).end <= at);
        let closes = |index: &usize| at_the_end_of(document, *index, before.len().saturating_sub("<!--".len()));
        let index = ended.checked_sub(1).filter(closes).unwrap_or(ended);
        // Behind the last block there is nothing to accept, which is told of the last one.
        let covers = document.blocks.get(index).map_or(Span::new(at, at), |block| document.to_source(block.span));
        let start = document.blocks.get(index).or(document.blocks.last()).map_or(0, |block| block.span.start);
        let rules = rest[..end].split(':').next().unwrap_or_default();
        for rule in rules.split([',', ' ', '\t', '\n', '\r']).filter(|rule| !rule.is_empty()) {
            comments.push(Comment { rule: rule.to_string(), covers, at: Span::new(start, start) });
        }
    }
    comments
}

/// Whether a comment that opens at this byte of the source still stands in the block, behind its last word.
fn at_the_end_of(document: &Document, block: usize, opens: usize) -> bool {
    let end = document.to_source(document.blocks[block].span).end;
    let between = document.source().get(end..opens).unwrap_or("\n");
    match document.format {
        Format::Markdown => between.chars().all(|sign| " \t*_~".contains(sign)),
        _ => between.trim().is_empty(),
    }
}

/// The stretches of Markdown that are HTML: a comment that is shown in a piece of code is none.
fn html_of(source: &str) -> Vec<Range<usize>> {
    let events = Parser::new(source).into_offset_iter();
    events.filter(|(event, _)| matches!(event, Event::Html(_) | Event::InlineHtml(_))).map(|(_, at)| at).collect()
}
