//! Kind `stray-paragraph`: a paragraph that is about something else than the rest of its document.
//!
//! The words of a document become terms in paragraphs (`draft`, `term`, `words`). A first look at the terms that each paragraph
//! shares with the rest clears most paragraphs (`sieve`). Of the others everything else is measured (`closer`): nearness by
//! vectors (`vectors`), neighbours, whom they name (`people`), how they are written (`marks`), where their first score stands
//! among the others (`standing`). Boosted trees turn that into a score (`detect::trees`), which is held against a threshold (`judge`). Where
//! a whole second story begins (`seam`), the paragraphs from there on are left to the kind `second-story`. Other languages than
//! English are judged by words alone, where that is asked for (`lexical`). In a run of many documents its own use of words says with the
//! table how rare they are (`usage`).

mod closer;
mod draft;
mod evidence;
mod furniture;
mod judge;
mod lexical;
mod marks;
mod maths;
mod pack;
mod people;
mod seam;
mod sieve;
mod standing;
mod term;
mod usage;
mod vectors;
mod words;

pub use judge::{Reading, Silence, Story, Verdict, terms};
pub use pack::pack as pack_words;
pub use seam::Second;
pub use usage::{Lots, Sample, Usage, lot, opening};

use super::witness::{self, Keys, Place, Sighting};
use super::{Context, Match};
use crate::document::Document;
use crate::finding::{Fact, Label};
use judge::{Asked, Bar};
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;
use std::sync::Arc;

/// The lowest score that is reported of a paragraph that fits another document of the run better.
const WITNESSED: f64 = -1.0;

/// From this score on the paragraph beside it may stand beside it there, too: a passage of several.
const ODD_ITSELF: f64 = 1.85;

/// By how much better it must fit there, in log-odds.
const MARGIN: f64 = 2.0;

/// A paragraph that shares too little with the rest of its document.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {
    /// How little is too little.
    #[serde(default)]
    pub sensitivity: Sensitivity,
    /// What is done with a text in another language than English.
    #[serde(default)]
    pub other_languages: OtherLanguages,
}

/// What is done with a text in another language than English.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OtherLanguages {
    /// Nothing is reported.
    #[default]
    Silent,
    /// It is judged by its words alone, which finds less: the languages whose small words are known, such as German, French and
    /// Spanish.
    Lexical,
}

/// How readily a paragraph is reported; each step has a measured rate of false alarms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Sensitivity {
    /// About 6 paragraphs of clean articles in 10,000 are reported, and 1 article in 200.
    #[default]
    Strict,
    /// About 6 in 1,000, and 1 article in 20.
    Balanced,
    /// About 12 in 1,000, and 1 article in 10.
    Eager,
}

impl Sensitivity {
    /// What is odd enough to be reported.
    const fn bar(self, other_languages: OtherLanguages) -> Bar {
        let (threshold, amid, cleared, lexical) = match self {
            Self::Strict => (3.85, 2.75, -1.25, 3.25),
            Self::Balanced => (1.85, 0.0, -2.0, 2.25),
            Self::Eager => (1.2, 0.0, -2.5, 1.5),
        };
        let lexical = match other_languages {
            OtherLanguages::Silent => None,
            OtherLanguages::Lexical => Some(lexical),
        };
        Bar { threshold, amid, heard: threshold, cleared, lexical }
    }

    pub const fn name(self) -> &'static str {
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
    bar: Bar,
}

impl StrayParagraph {
    pub const PLACEHOLDERS: [&'static str; 5] = ["absent", "score", "threshold", "sensitivity", "nearest_line"];

    pub const fn new(params: &Params) -> Self {
        Self { sensitivity: params.sensitivity, bar: params.sensitivity.bar(params.other_languages) }
    }

    /// The score of every paragraph, or the reason why there is none.
    pub fn read(&self, cx: &Context<'_>) -> Verdict {
        self.judge(cx, self.bar, Asked::All)
    }

    fn judge(&self, cx: &Context<'_>, bar: Bar, asked: Asked<'_>) -> Verdict {
        match cx.story() {
            Ok(story) => story.read(cx.document, bar, asked),
            Err(silence) => Verdict::Silent(silence.clone()),
        }
    }

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let mut bar = self.bar;
        if cx.witness().is_some() {
            bar.heard = bar.heard.min(WITNESSED);
        }
        let shared = |key: u64| cx.witness().is_some_and(|witness| witness.is_at_home_elsewhere(key, &cx.document.origin));
        match self.judge(cx, bar, Asked::Suspects(cx.witness().map(|_| &shared as &dyn Fn(u64) -> bool))) {
            Verdict::Judged(readings) => readings.into_iter().filter_map(|reading| self.report(cx, reading)).collect(),
            Verdict::Silent(_) => Vec::new(),
        }
    }

    /// How well the paragraphs with these keys fit the document, for the other documents of the run.
    pub fn sightings(&self, cx: &Context<'_>, shared: &dyn Fn(u64) -> bool) -> Vec<Sighting> {
        let nothing = Bar { heard: f64::INFINITY, lexical: None, ..self.bar };
        let Ok(Verdict::Judged(readings)) = Story::undivided(cx).map(|story| story.read(cx.document, nothing, Asked::Only(shared))) else {
            return Vec::new();
        };
        let sighting = |reading: Reading| {
            let start = cx.document.blocks[reading.block].span.start;
            Sighting { place: place(cx.document, reading.block), score: reading.score, start }
        };
        readings.into_iter().map(sighting).collect()
    }

    fn report(&self, cx: &Context<'_>, reading: Reading) -> Option<Match> {
        let evidence = reading.evidence?;
        let all = (0..cx.document.blocks.len()).map(|block| keys(cx.document, block)).filter(|keys| *keys != Keys::default());
        let own = place(cx.document, reading.block);
        let home = cx
            .witness()
            .and_then(|witness| witness.better_home(own, reading.score, MARGIN, reading.score >= ODD_ITSELF, &cx.document.origin, all));
        if reading.score < reading.threshold && home.is_none() {
            return None;
        }
        let document = cx.document;
        let mut hit = Match::at(document.blocks[reading.block].span.join(document.blocks[reading.last].span));
        hit.certain = false;
        let absent = if evidence.absent.is_empty() { vec!["its subject".to_string()] } else { evidence.absent };
        hit.facts.push((Cow::Borrowed("absent"), Fact::List(absent)));
        hit.facts.push((Cow::Borrowed("score"), Fact::Number(round(reading.score))));
        hit.facts.push((Cow::Borrowed("threshold"), Fact::Number(reading.threshold)));
        hit.facts.push((Cow::Borrowed("sensitivity"), Fact::Text(self.sensitivity.name().into())));
        if let Some(nearest) = evidence.nearest {
            let line = document.line(document.blocks[nearest].span.start);
            hit.facts.push((Cow::Borrowed("nearest_line"), Fact::Count(line)));
        }
        if let Some(next) = document.blocks.get(reading.last + 1) {
            hit.related.push(Label::here(next.span, "without it the text goes on here"));
        }
        if let Some(usage) = cx.usage() {
            hit.facts.push((Cow::Borrowed("run_documents"), Fact::Count(usage.documents() as usize)));
        }
        if let Some(home) = home {
            hit.related.push(Label::there(Arc::clone(home), "the same paragraph stands here, where it fits"));
            hit.facts.push((Cow::Borrowed("fits"), Fact::Text(home.origin.path.clone())));
        }
        Some(hit)
    }
}

/// What the other documents of the run know a paragraph by.
fn keys(document: &Document, block: usize) -> Keys {
    witness::keys(document.blocks[block].span.of(&document.text))
}

/// The same, with what stands around it.
fn place(document: &Document, block: usize) -> Place {
    let beside = |block: Option<usize>| block.filter(|&block| block < document.blocks.len()).map(|block| keys(document, block));
    let beside = [block.checked_sub(1), Some(block + 1)].map(|block| beside(block).unwrap_or_default());
    Place { keys: keys(document, block), letters: witness::letters(document.blocks[block].span.of(&document.text)), beside }
}

/// Two decimals are enough to compare by.
pub(super) fn round(score: f64) -> f64 {
    (score * 100.0).round() / 100.0
}

/// What a model is trained on.
#[derive(Clone, Copy, Debug)]
pub enum Trained {
    /// Paragraphs, by all that is measured of them.
    Paragraphs,
    /// Places where a second story may begin.
    Seams,
    /// Paragraphs, by their words alone.
    Lexical,
}

/// The names of the measures, and for each paragraph that would be judged (or the first behind a seam) its block and what the
/// model looks at.
pub fn measures(cx: &Context<'_>, what: Trained) -> (Vec<String>, Vec<(usize, Vec<f32>)>) {
    let names = match what {
        Trained::Paragraphs => closer::names(),
        Trained::Seams => seam::NAMES.map(String::from).to_vec(),
        Trained::Lexical => sieve::NAMES.map(String::from).to_vec(),
    };
    (names, judge::rows(cx, what))
}

#[cfg(test)]
mod tests;
