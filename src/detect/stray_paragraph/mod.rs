//! Kind `stray-paragraph`: a paragraph that is about something else than the rest of its document.
//!
//! Each paragraph is measured against the others: how much of what it speaks of stands elsewhere (`features`), by words, by
//! names, and by the vectors of a static table (`table`). A model turns the measures into a score (`linear`), and the score
//! is held against a threshold (`judge`).

mod features;
mod furniture;
mod judge;
mod linear;
mod maths;
mod sketch;
mod table;
mod term;

pub use judge::{Reading, Silence, Verdict};

use super::{Context, Match};
use crate::finding::{Fact, Label};
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;

/// A paragraph that shares too little with the rest of its document.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {
    /// How little is too little.
    #[serde(default)]
    pub sensitivity: Sensitivity,
}

/// How readily a paragraph is reported; each step has a measured rate of false alarms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Sensitivity {
    /// About one clean paragraph in two thousand is reported.
    #[default]
    Strict,
    /// About one in five hundred.
    Balanced,
    /// About one in two hundred.
    Eager,
}

impl Sensitivity {
    /// The lowest score that is reported.
    const fn threshold(self) -> f64 {
        match self {
            Self::Strict => 2.93,
            Self::Balanced => 2.15,
            Self::Eager => 1.38,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Balanced => "balanced",
            Self::Eager => "eager",
        }
    }
}

#[derive(Debug)]
pub struct StrayParagraph {
    sensitivity: Sensitivity,
}

impl StrayParagraph {
    pub const PLACEHOLDERS: [&'static str; 5] = ["absent", "score", "threshold", "sensitivity", "nearest_line"];

    pub const fn new(params: &Params) -> Self {
        Self { sensitivity: params.sensitivity }
    }

    /// The lowest score that is reported.
    pub const fn threshold(&self) -> f64 {
        self.sensitivity.threshold()
    }

    /// The score of every paragraph, or the reason why there is none.
    pub fn read(&self, cx: &Context<'_>) -> Verdict {
        judge::read(cx, self.threshold())
    }

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        match self.read(cx) {
            Verdict::Judged(readings) => readings.into_iter().filter_map(|reading| self.report(cx, reading)).collect(),
            Verdict::Silent(_) => Vec::new(),
        }
    }

    fn report(&self, cx: &Context<'_>, reading: Reading) -> Option<Match> {
        let evidence = reading.evidence?;
        let document = cx.document;
        let mut hit = Match::at(document.blocks[reading.block].span);
        hit.certain = false;
        let absent = if evidence.absent.is_empty() { vec!["its subject".to_string()] } else { evidence.absent };
        hit.facts.push((Cow::Borrowed("absent"), Fact::List(absent)));
        hit.facts.push((Cow::Borrowed("score"), Fact::Number(round(reading.score))));
        hit.facts.push((Cow::Borrowed("threshold"), Fact::Number(self.threshold())));
        hit.facts.push((Cow::Borrowed("sensitivity"), Fact::Text(self.sensitivity.name().into())));
        if let Some(nearest) = evidence.nearest {
            let line = document.line(document.blocks[nearest].span.start);
            hit.facts.push((Cow::Borrowed("nearest_line"), Fact::Count(line)));
        }
        if let Some(next) = document.blocks.get(reading.block + 1) {
            hit.related.push(Label::here(next.span, "without it the text goes on here"));
        }
        Some(hit)
    }
}

/// Two decimals are enough to compare by.
fn round(score: f64) -> f64 {
    (score * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests;
