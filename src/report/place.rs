//! Where a finding stands in the file that a person opens, and what that file is called.

use super::visible::safe_name;
use crate::document::{Document, Origin};
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

/// The place inside the text of a record: `news.jsonl:12 (a17) text 3:14`.
pub(super) fn record_text(origin: &Origin, inside: &str) -> Option<String> {
    let record = origin.record.as_ref()?;
    Some(format!("{} {} {inside}", name(origin), record.field))
}
