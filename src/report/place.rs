//! Where a finding stands in the file that a person opens, and what that file is called.

use super::visible::safe_name;
use crate::document::{Document, Format, Origin};
use crate::finding::Fix;
use crate::text::{Position, Span};

/// A stretch of the source, in bytes and as an editor counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub span: Span,
    pub start: Position,
    pub end: Position,
}

impl Place {
    /// Where in the source the span of a document's text stands.
    pub fn of(document: &Document, span: Span) -> Self {
        let span = document.to_source(span);
        Self { span, start: document.source_position(span.start), end: document.source_position(span.end) }
    }
}

/// A document as a person can open it: `news.jsonl:12 (a17)` for a record, else its path. Safe to print.
pub(super) fn name(origin: &Origin) -> String {
    let path = safe_name(&origin.path);
    match &origin.record {
        None => path.into_owned(),
        Some(record) => match &record.id {
            Some(id) => format!("{path}:{} ({})", record.line, safe_name(id)),
            None => format!("{path}:{}", record.line),
        },
    }
}

/// The edits of a fix as changes of the source: what to take out, and what to put there. Markup between stays.
pub(super) fn source_edits(document: &Document, fix: &Fix) -> Vec<(Span, String)> {
    let mut edits = Vec::new();
    for edit in &fix.edits {
        let text = match document.format {
            Format::Html => edit.text.replace('&', "&amp;").replace('<', "&lt;"),
            Format::Text | Format::Markdown => edit.text.clone(),
        };
        let mut texts = std::iter::once(text).chain(std::iter::repeat_with(String::new));
        edits.extend(document.source_parts(edit.span).into_iter().zip(&mut texts));
    }
    edits
}

/// The place inside the text of a record: `news.jsonl:12 (a17) text 3:14`.
pub(super) fn record_text(origin: &Origin, inside: &str) -> Option<String> {
    let record = origin.record.as_ref()?;
    Some(format!("{} {} {inside}", name(origin), record.field))
}
