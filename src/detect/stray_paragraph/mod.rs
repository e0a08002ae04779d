//! Kind `stray-paragraph`: a paragraph that is about something else than the rest of its document.
//!
//! The words of a document become terms in paragraphs (`draft`, `term`, `words`). A first look at the terms that each paragraph
//! shares with the rest clears most paragraphs (`sieve`). Of the others everything else is measured (`closer`): nearness by
//! vectors (`vectors`), neighbours, whom they name (`people`), how they are written (`marks`), where their first score stands
//! among the others (`standing`). Boosted trees turn that into a score (`trees`), which is held against a threshold (`judge`).

mod closer;
mod draft;
mod evidence;
mod furniture;
mod judge;
mod marks;
mod maths;
mod pack;
mod people;
mod sieve;
mod standing;
mod term;
mod trees;
mod vectors;
mod words;

pub use judge::{Reading, Silence, Verdict};
pub use pack::pack as pack_words;

use super::witness::{self, Sighting};
use super::{Context, Match};
use crate::document::Document;
use crate::finding::{Fact, Label};
use judge::Asked;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;
use std::sync::Arc;

/// The lowest score that is reported of a paragraph that fits another document of the run better.
const WITNESSED: f64 = -1.0;

/// By how much better it must fit there, in log-odds.
const MARGIN: f64 = 2.0;

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
    /// About 6 paragraphs of clean articles in 10,000 are reported, and 1 article in 190.
    #[default]
    Strict,
    /// About 6 in 1,000, and 1 article in 20.
    Balanced,
    /// About 12 in 1,000, and 1 article in 10.
    Eager,
}

impl Sensitivity {
    /// The lowest score that is reported.
    const fn threshold(self) -> f64 {
        match self {
            Self::Strict => 3.5,
            Self::Balanced => 1.85,
            Self::Eager => 1.05,
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
        judge::read(cx, self.threshold(), Asked::All)
    }

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let floor = if cx.witness().is_some() { self.threshold().min(WITNESSED) } else { self.threshold() };
        let shared = |hash: u64| cx.witness().is_some_and(|witness| witness.knows(hash));
        match judge::read(cx, floor, Asked::Suspects(&shared)) {
            Verdict::Judged(readings) => {
                let all: Vec<u64> = readings.iter().map(|reading| hash(cx.document, reading.block)).collect();
                readings.into_iter().filter_map(|reading| self.report(cx, reading, &all)).collect()
            }
            Verdict::Silent(_) => Vec::new(),
        }
    }

    /// How well the paragraphs with these hashes fit the document, for the other documents of the run.
    pub fn sightings(&self, cx: &Context<'_>, shared: &dyn Fn(u64) -> bool) -> Vec<Sighting> {
        let Verdict::Judged(readings) = judge::read(cx, f64::INFINITY, Asked::Only(shared)) else { return Vec::new() };
        let sighting = |reading: Reading| {
            let block = &cx.document.blocks[reading.block];
            Sighting { hash: hash(cx.document, reading.block), score: reading.score, start: block.span.start }
        };
        readings.into_iter().map(sighting).collect()
    }

    fn report(&self, cx: &Context<'_>, reading: Reading, all: &[u64]) -> Option<Match> {
        let evidence = reading.evidence?;
        let home = cx
            .witness()
            .and_then(|witness| witness.better_home(hash(cx.document, reading.block), reading.score, MARGIN, &cx.document.origin, all));
        if reading.score < self.threshold() && home.is_none() {
            return None;
        }
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
        if let Some(home) = home {
            let mut label = Label::here(hit.span, "the same paragraph stands here, where it fits");
            label.elsewhere = Some(Arc::clone(home));
            hit.related.push(label);
            hit.facts.push((Cow::Borrowed("fits"), Fact::Text(home.origin.path.clone())));
        }
        Some(hit)
    }
}

/// What the other documents of the run know a paragraph by.
fn hash(document: &Document, block: usize) -> u64 {
    witness::paragraph(document.blocks[block].span.of(&document.text))
}

/// Two decimals are enough to compare by.
fn round(score: f64) -> f64 {
    (score * 100.0).round() / 100.0
}

/// For each paragraph that would be judged its block and what the model looks at, and the names of these measures: what the
/// model is trained on.
pub fn measures(cx: &Context<'_>) -> (Vec<String>, Vec<(usize, Vec<f32>)>) {
    (closer::names(), judge::rows(cx))
}

#[cfg(test)]
mod tests;
