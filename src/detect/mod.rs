//! The detectors: each looks at a document and says what it saw, with no opinion about it.
//!
//! A kind of detector is one file and one variant of [`Kind`] and [`Detector`]; the compiler names what else is missing.

mod doubled_word;
mod final_newline;
mod gate;
mod literal;
pub mod pattern;
pub mod phrase;
mod quote_style;
pub mod repeated;
mod repeated_headline;
pub mod stray_paragraph;

pub use gate::{Gate, Hits, Slot};

use crate::document::Document;
use crate::finding::{Facts, Label};
use crate::text::Span;
use crate::yaml::Flaw;
use repeated::Repeat;
use schemars::JsonSchema;
use serde::Deserialize;
use std::cell::OnceCell;

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

impl Match {
    pub fn at(span: Span) -> Self {
        Self { span, related: Vec::new(), facts: Vec::new(), replacement: None, certain: true, copy_of: None }
    }
}

/// One document under check, with what several detectors share; each part is computed when it is first asked for.
pub struct Context<'d> {
    pub document: &'d Document,
    gate: &'d Gate,
    hits: OnceCell<Hits>,
    claimed: OnceCell<Vec<bool>>,
    repeats: OnceCell<Vec<Repeat>>,
}

impl<'d> Context<'d> {
    pub fn new(document: &'d Document, gate: &'d Gate) -> Self {
        Self { document, gate, hits: OnceCell::new(), claimed: OnceCell::new(), repeats: OnceCell::new() }
    }

    /// A byte in each line that holds a literal of this slot, in order.
    pub fn hits(&self, slot: Slot) -> &[u32] {
        self.hits.get_or_init(|| self.gate.scan(self.document)).of(slot)
    }

    /// Every stretch of text that has stood in the document before.
    pub fn repeats(&self) -> &[Repeat] {
        self.repeats.get_or_init(|| repeated::repeats(self.document))
    }

    /// Says which parts of the text other rules have found to be no part of the article; the first call counts.
    pub fn claim(&self, spans: impl Iterator<Item = Span>) {
        let blocks = &self.document.blocks;
        let mut covered = vec![0; blocks.len()];
        for span in spans {
            let first = blocks.partition_point(|block| block.span.end <= span.start);
            for (block, covered) in blocks.iter().zip(&mut covered).skip(first).take_while(|(block, _)| block.span.start < span.end) {
                *covered += block.span.end.min(span.end) - block.span.start.max(span.start);
            }
        }
        // A word taken out of a paragraph does not claim the paragraph.
        let claimed = blocks.iter().zip(covered).map(|(block, covered)| covered * 2 >= block.span.len()).collect();
        // A second claim would come too late for detectors that have asked already.
        let _ = self.claimed.set(claimed);
    }

    /// Whether another rule has found this block to be residue or a copy: no evidence of what the article is about.
    pub fn is_claimed(&self, block: usize) -> bool {
        self.claimed.get().is_some_and(|claimed| claimed.get(block).copied().unwrap_or(false))
    }
}

/// What a rule looks for: the kind of detector and its parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A word written twice in a row.
    DoubledWord(doubled_word::Params),
    /// The text does not end with a line break.
    FinalNewline(final_newline::Params),
    /// A regular expression.
    Pattern(pattern::Params),
    /// Phrases that should not stand in the text.
    Phrases(phrase::PhrasesParams),
    /// Straight and curly double quotes in one text.
    QuoteStyle(quote_style::Params),
    /// Text that has stood in the document before.
    RepeatedBlock(repeated::Params),
    /// The headline again at the top of the body.
    RepeatedHeadline(repeated_headline::Params),
    /// A paragraph about something else than the rest.
    StrayParagraph(stray_paragraph::Params),
    /// Wrong forms and what should stand there instead.
    Swap(phrase::SwapParams),
}

/// A kind whose parameters have been checked.
#[derive(Debug)]
pub enum Detector {
    DoubledWord(doubled_word::DoubledWord),
    FinalNewline(final_newline::FinalNewline),
    Pattern(Box<pattern::Pattern>),
    Phrases(phrase::Phrases),
    QuoteStyle(quote_style::QuoteStyle),
    RepeatedBlock(repeated::RepeatedBlock),
    RepeatedHeadline(repeated_headline::RepeatedHeadline),
    StrayParagraph(stray_paragraph::StrayParagraph),
}

impl Detector {
    /// Checks the parameters; every flaw is told with its place in the rule file.
    pub fn new(kind: Kind) -> Result<Self, Vec<Flaw>> {
        Ok(match kind {
            Kind::DoubledWord(params) => Self::DoubledWord(doubled_word::DoubledWord::new(params)),
            Kind::FinalNewline(final_newline::Params {}) => Self::FinalNewline(final_newline::FinalNewline),
            Kind::Pattern(params) => Self::Pattern(Box::new(pattern::Pattern::new(params)?)),
            Kind::Phrases(params) => Self::Phrases(phrase::Phrases::new(params)?),
            Kind::QuoteStyle(quote_style::Params {}) => Self::QuoteStyle(quote_style::QuoteStyle),
            Kind::RepeatedBlock(params) => Self::RepeatedBlock(repeated::RepeatedBlock::new(params)?),
            Kind::RepeatedHeadline(repeated_headline::Params {}) => Self::RepeatedHeadline(repeated_headline::RepeatedHeadline),
            Kind::StrayParagraph(params) => Self::StrayParagraph(stray_paragraph::StrayParagraph::new(&params)),
            Kind::Swap(params) => Self::Phrases(phrase::Phrases::swap(params)?),
        })
    }

    /// What it saw in the document, in the order of the text. `slot` is its number in the gate.
    pub fn detect(&self, slot: Slot, cx: &Context<'_>) -> Vec<Match> {
        match self {
            Self::DoubledWord(detector) => detector.detect(cx),
            Self::FinalNewline(detector) => detector.detect(cx),
            Self::Pattern(detector) => detector.detect(slot, cx),
            Self::Phrases(detector) => detector.detect(slot, cx),
            Self::QuoteStyle(detector) => detector.detect(cx),
            Self::StrayParagraph(detector) => detector.detect(cx),
            Self::RepeatedBlock(detector) => detector.detect(cx),
            Self::RepeatedHeadline(detector) => detector.detect(cx),
        }
    }

    /// Whether it must wait for the other detectors' claims (see [`Context::is_claimed`]).
    pub const fn runs_last(&self) -> bool {
        match self {
            Self::DoubledWord(_)
            | Self::FinalNewline(_)
            | Self::Pattern(_)
            | Self::Phrases(_)
            | Self::QuoteStyle(_)
            | Self::RepeatedBlock(_)
            | Self::RepeatedHeadline(_) => false,
            Self::StrayParagraph(_) => true,
        }
    }

    /// Strings of which one must stand in a line before this detector looks at it; empty where it does not use the gate.
    pub fn literals(&self) -> &[String] {
        match self {
            Self::Pattern(detector) => detector.literals().unwrap_or_default(),
            Self::Phrases(detector) => detector.literals(),
            Self::DoubledWord(_)
            | Self::FinalNewline(_)
            | Self::QuoteStyle(_)
            | Self::RepeatedBlock(_)
            | Self::RepeatedHeadline(_)
            | Self::StrayParagraph(_) => &[],
        }
    }

    /// Names of the facts that a match carries, for the placeholders of the message.
    pub fn placeholders(&self) -> Vec<&str> {
        match self {
            Self::DoubledWord(_) => doubled_word::DoubledWord::PLACEHOLDERS.to_vec(),
            Self::FinalNewline(_) => Vec::new(),
            Self::Pattern(detector) => detector.placeholders(),
            Self::Phrases(detector) => detector.placeholders(),
            Self::QuoteStyle(_) => quote_style::QuoteStyle::PLACEHOLDERS.to_vec(),
            Self::StrayParagraph(_) => stray_paragraph::StrayParagraph::PLACEHOLDERS.to_vec(),
            Self::RepeatedBlock(_) => repeated::RepeatedBlock::PLACEHOLDERS.to_vec(),
            Self::RepeatedHeadline(_) => repeated_headline::RepeatedHeadline::PLACEHOLDERS.to_vec(),
        }
    }
}
