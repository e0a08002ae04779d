//! The detectors: each looks at a document and says what it saw, with no opinion about it.
//!
//! A kind of detector is one file and one variant of [`Kind`] and [`Detector`]; the compiler names what else is missing.

mod broken_hyphenation;
mod calendar;
mod capitals;
mod characters;
mod citation;
mod code;
mod confusion;
mod context;
mod doubled_word;
mod empty_body;
mod entity;
pub mod expression;
mod final_newline;
mod finder;
mod foreign;
mod furniture;
mod gate;
mod hard_wrapped;
mod headline;
mod kind;
mod list_gap;
mod literal;
mod measure;
mod metadata;
pub mod metric;
pub mod misspelling;
mod mixed_script;
mod mojibake;
mod ocr;
mod outside_main;
pub mod pattern;
pub mod phrase;
mod quote_style;
mod reading;
pub mod repeated;
mod repeated_headline;
pub mod roll;
mod run_together;
mod second_story;
mod shared;
mod sieve;
mod split_word;
pub mod stray_paragraph;
mod trees;
mod truncated;
mod unbalanced;
mod unusual;
mod variant;
pub mod witness;

pub use gate::{Gate, Hits, Slot};
pub use measure::{Measure, Measures};
pub use misspelling::Words as AcceptedWords;

pub use context::Context;
pub use kind::{Detector, Kind, Rivals};

use crate::document::{Document, Word};
use crate::finding::{Fact, Facts, Label};
use crate::text::Span;
use std::borrow::Cow;

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
    /// Where the match is a copy: the place it repeats, which holds the same words (nearly).
    pub copy_of: Option<Span>,
}

/// What a detector saw in a document: in a list, or told one by one as it is asked for.
pub enum Matches<'c> {
    All(std::vec::IntoIter<Match>),
    OneByOne(Box<dyn Iterator<Item = Match> + 'c>),
}

impl Iterator for Matches<'_> {
    type Item = Match;

    fn next(&mut self) -> Option<Match> {
        match self {
            Self::All(list) => list.next(),
            Self::OneByOne(told) => told.next(),
        }
    }
}

/// More findings of one rule in one document are not listed: nobody reads them, and a hostile document of 64 MB would take
/// gigabytes. What has a finding at every word stops one after these.
pub const MOST_FINDINGS: usize = 100_000;

impl Match {
    pub fn at(span: Span) -> Self {
        Self { span, related: Vec::new(), facts: Vec::new(), replacement: None, certain: true, copy_of: None }
    }
}

impl Match {
    /// Two words, or parts of one, that should be written as one.
    pub fn joined(document: &Document, left: Word, right: Word) -> Self {
        let (left_part, right_part) = (left.of(&document.text), right.of(&document.text));
        let whole = format!("{left_part}{right_part}");
        let fact = |name, text: &str| (Cow::Borrowed(name), Fact::Text(text.to_string()));
        Self {
            facts: vec![fact("left", left_part), fact("right", right_part), fact("expected", &whole)],
            replacement: Some(whole),
            ..Self::at(left.span().join(right.span()))
        }
    }
}
