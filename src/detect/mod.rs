//! The detectors: each looks at a document and says what it saw, with no opinion about it.

use crate::document::Document;
use crate::finding::{Facts, Label};
use crate::text::Span;

/// What a detector saw: a place, related places, and the measured values behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    pub span: Span,
    pub related: Vec<Label>,
    /// Fill the placeholders of the rule's message, and the evidence of the report.
    pub facts: Facts,
    /// What should stand there instead, where the detector knows.
    pub replacement: Option<String>,
    /// False where a person should look before the rule's fix is applied.
    pub certain: bool,
}

impl Match {
    pub fn at(span: Span) -> Self {
        Self { span, related: Vec::new(), facts: Vec::new(), replacement: None, certain: true }
    }
}

/// One document under check, with what several detectors share.
pub struct Context<'d> {
    pub document: &'d Document,
}
