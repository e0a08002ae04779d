//! Kind `metric`: a named measure of the whole document against a bound, as the filters of published corpora have them.

mod c4;
mod exceptions;
mod measure;
mod signs;
mod tokens;
mod words;

pub use measure::{Measure as Metered, Text};

use super::{Context, Match, Measure, Measures};
use crate::document::Document;
use crate::finding::{Fact, Label};
use crate::text::Span;
use crate::yaml::{Flaw, Placed};
use measure::Reading;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;

/// Places that a finding names beside the first.
const NAMED: usize = 3;

/// Measures of the document, each with its bounds; each that is out of bounds is a finding.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {
    pub any: Placed<Vec<Bound>>,
}

/// One measure and what it may be.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Bound {
    pub measure: Metered,
    /// A lower value is a finding.
    pub below: Option<f64>,
    /// A higher value is a finding.
    pub above: Option<f64>,
}

#[derive(Debug)]
pub struct Metric {
    bounds: Vec<Bound>,
}

impl Bound {
    /// The bound that a value breaks, and whether it is the lower one.
    fn broken_by(&self, value: f64) -> Option<(f64, bool)> {
        let below = self.below.filter(|&least| value < least).map(|least| (least, true));
        below.or_else(|| self.above.filter(|&most| value > most).map(|most| (most, false)))
    }

    /// How near a value comes to the bound: 1 and above where it breaks it.
    fn nearness(&self, value: f64) -> f64 {
        let below = self.below.map(|least| {
            if value < least {
                1.0
            } else if value > 0.0 {
                (least / value).min(0.999)
            } else {
                0.0
            }
        });
        let above = self.above.map(|most| {
            if value > most {
                (value / most).max(1.0)
            } else if most > 0.0 {
                (value / most).min(0.999)
            } else {
                0.0
            }
        });
        below.unwrap_or(0.0).max(above.unwrap_or(0.0))
    }
}

impl Metric {
    pub const PLACEHOLDERS: [&'static str; 5] = ["measure", "value", "comparison", "limit", "places"];

    pub fn new(params: Params) -> Result<Self, Vec<Flaw>> {
        let at = params.any.at;
        let bounds = params.any.value;
        if bounds.is_empty() || bounds.iter().any(|bound| bound.below.is_none() && bound.above.is_none()) {
            let flaw = Flaw::new(at, "a measure has no bound".to_string(), "needs `below`, `above` or both");
            return Err(vec![flaw.help("write `{measure: words, below: 50}`")]);
        }
        Ok(Self { bounds })
    }

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let text = cx.metered();
        let broken = |bound: &Bound| {
            let reading = text.read(bound.measure)?;
            let (limit, is_below) = bound.broken_by(reading.value)?;
            Some(found(cx.document, bound.measure, reading, limit, is_below))
        };
        let mut found: Vec<Match> = self.bounds.iter().filter_map(broken).collect();
        found.sort_by_key(|hit| hit.span);
        found
    }

    /// How near each measure comes to its bounds.
    pub fn measure(&self, cx: &Context<'_>) -> Measures {
        let text = cx.metered();
        let parts = self.bounds.iter().filter_map(|bound| {
            let reading = text.read(bound.measure)?;
            let bounds =
                [bound.below.map(|least| format!("at least {}", short(least))), bound.above.map(|most| format!("at most {}", short(most)))];
            let bounds: Vec<String> = bounds.into_iter().flatten().collect();
            let note = format!("{}: {} ({})", bound.measure.name(), short(reading.value), bounds.join(", "));
            Some(Measure { span: opening(cx.document), value: bound.nearness(reading.value), threshold: 1.0, note })
        });
        Measures::Parts(parts.collect())
    }
}

fn found(document: &Document, measure: Metered, reading: Reading, limit: f64, is_below: bool) -> Match {
    let Reading { value, places } = reading;
    let mut hit = Match::at(places.first().copied().unwrap_or_else(|| opening(document)));
    hit.related.extend(places.iter().skip(1).take(NAMED).map(|&place| Label::here(place, "here, too")));
    let mut fact = |name: &'static str, fact: Fact| hit.facts.push((Cow::Borrowed(name), fact));
    fact("measure", Fact::Text(measure.name().into()));
    fact("value", Fact::Text(short(value)));
    fact("comparison", Fact::Text(if is_below { "at least" } else { "at most" }.into()));
    fact("limit", Fact::Text(short(limit)));
    fact("places", Fact::Count(places.len()));
    fact("measured", Fact::Number(value));
    hit
}

/// The first block, for what concerns the whole document.
fn opening(document: &Document) -> Span {
    document.blocks.first().map_or_else(|| Span::new(0, document.text.len()).trim(&document.text), |block| block.span)
}

/// A number with as many digits as tell something.
fn short(value: f64) -> String {
    let text = format!("{value:.3}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
}
