//! Where a finding stands in the file that a person opens, and what that file is called.

use super::visible::safe_name;
use crate::document::{Document, Origin};
use crate::finding::{Finding, Label};
use crate::text::{Position, Span};

/// A stretch of the source, in bytes and as an editor counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
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

/// Another place that a finding speaks of, as machines are told of it.
#[derive(Clone, Copy, Debug)]
pub struct RelatedPlace<'d> {
    pub origin: &'d Origin,
    pub label: &'d str,
    /// Bytes of the source; empty and 0 where the place lies in another document, whose line and column alone are known.
    pub span: Span,
    pub start: Position,
    pub elsewhere: bool,
}

/// The label of a defect that was folded into the finding of its first place.
const ALSO: &str = "also here, inside a repeat";

/// The places that a finding speaks of (`labels`), then those of the same defect inside repeats.
pub fn related<'d>(document: &'d Document, finding: &'d Finding, labels: &'d [Label]) -> impl Iterator<Item = RelatedPlace<'d>> {
    let here = |span: Span, label: &'d str| {
        let at = Place::of(document, span);
        RelatedPlace { origin: &document.origin, label, span: at.span, start: at.start, elsewhere: false }
    };
    let named = labels.iter().map(move |label| match &label.elsewhere {
        None => here(label.span, &label.text),
        Some(place) => RelatedPlace {
            origin: &place.origin,
            label: &label.text,
            span: label.span,
            start: Position { line: place.line, column: place.column },
            elsewhere: true,
        },
    });
    named.chain(finding.also().iter().map(move |&span| here(span, ALSO)))
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
