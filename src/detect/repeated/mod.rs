//! Kind `repeated-block`: text that has stood in the document before.
//!
//! The document is searched once for all rules of this kind: [`repeats`] finds every stretch that has stood before and
//! says what form of repeat it is; each rule tells of one form.

mod align;
mod judge;
mod keys;
mod scan;
mod shingle;

pub use judge::Form;
pub use scan::{Repeat, repeats};

use super::{Context, Match};
use crate::document::Document;
use crate::finding::{Fact, Label};
use crate::text::Span;
use crate::yaml::{Flaw, Placed};
use align::Change;
use judge::{MAX_CHANGED, MIN_WORDS};
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;

/// Text that has stood in the document before.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {
    /// What kind of repeat is told of; each stretch of text is of one kind.
    #[serde(default)]
    pub form: Form,
    /// Fewest words of a repeat, 12 or more.
    pub min_words: Option<Placed<usize>>,
    /// Largest share of words that may be changed in a near repeat, 0.1 or less.
    pub max_changed: Option<Placed<f64>>,
}

#[derive(Debug)]
pub struct RepeatedBlock {
    form: Form,
    min_words: usize,
    max_changed: f64,
}

/// How many changed words a finding names.
const MAX_NAMED: usize = 6;

impl RepeatedBlock {
    pub const PLACEHOLDERS: [&'static str; 10] =
        ["words", "here", "first", "line", "last_line", "first_line", "first_last_line", "changed", "changes", "similarity"];

    pub fn new(params: Params) -> Result<Self, Vec<Flaw>> {
        let mut flaws = Vec::new();
        let min_words = params.min_words.map_or(MIN_WORDS, |given| {
            if given.value < MIN_WORDS {
                let flaw = Flaw::new(given.at, format!("`min-words` is {}, less than {MIN_WORDS}", given.value), "too few words");
                flaws.push(flaw.help("shorter stretches recur in every text: names, phrases, dates"));
            }
            given.value
        });
        let max_changed = params.max_changed.map_or(MAX_CHANGED, |given| {
            if !(0.0..=MAX_CHANGED).contains(&given.value) {
                let flaw = Flaw::new(given.at, format!("`max-changed` is {}, outside 0 to {MAX_CHANGED}", given.value), "not such a share");
                flaws.push(flaw.help("text with more words changed is another text on the same matter"));
            }
            given.value
        });
        if flaws.is_empty() { Ok(Self { form: params.form, min_words, max_changed }) } else { Err(flaws) }
    }

    /// One after the other: a document may repeat itself a hundred thousand times.
    pub fn detect<'c>(&'c self, cx: &'c Context<'_>) -> impl Iterator<Item = Match> + 'c {
        let is_told = |repeat: &&Repeat| {
            let words = repeat.run.copy.len();
            repeat.form == self.form && words >= self.min_words && repeat.run.changed() as f64 <= self.max_changed * words as f64
        };
        cx.repeats().iter().filter(is_told).map(|repeat| found(repeat, cx.document))
    }
}

fn found(repeat: &Repeat, document: &Document) -> Match {
    let Repeat { run, copy, first, .. } = repeat;
    let words = run.copy.len();
    let mut hit = Match::at(*copy);
    hit.certain = repeat.certain;
    hit.copy_of = Some(*first);
    hit.related.push(Label::here(*first, "stands here first"));
    let mut fact = |name: &'static str, fact: Fact| hit.facts.push((Cow::Borrowed(name), fact));
    fact("words", Fact::Count(words));
    for (lines, start, end, span) in [("here", "line", "last_line", copy), ("first", "first_line", "first_last_line", first)] {
        let (from, to) = (document.line(span.start), document.line(span.end - 1));
        fact(lines, Fact::Text(if from == to { format!("line {from}") } else { format!("lines {from}–{to}") }));
        fact(start, Fact::Count(from));
        fact(end, Fact::Count(to));
    }
    if repeat.form == Form::Near {
        fact("changed", Fact::Count(run.changed()));
        fact("similarity", Fact::Number(1.0 - run.changed() as f64 / words as f64));
        let mut changes: Vec<String> = run.changes.iter().take(MAX_NAMED).map(|change| told(change, document)).collect();
        if run.changes.len() > MAX_NAMED {
            changes.push(format!("{} more", run.changes.len() - MAX_NAMED));
        }
        fact("changes", Fact::List(changes));
    }
    hit
}

/// `Monday → Tuesday`, `+ also`, `− the`.
fn told(change: &Change, document: &Document) -> String {
    let text = |words: &std::ops::Range<usize>| {
        let spans = document.words.range(words.clone()).map(|word| word.span());
        spans.reduce(Span::join).map(|span| shortened(span, document)).unwrap_or_default()
    };
    match (text(&change.first), text(&change.copy)) {
        (first, copy) if first.is_empty() => format!("+ {copy}"),
        (first, copy) if copy.is_empty() => format!("− {first}"),
        (first, copy) => format!("{first} → {copy}"),
    }
}

/// At most about 40 characters, on one line.
fn shortened(span: Span, document: &Document) -> String {
    let text = span.of(&document.text);
    let mut short: String = text.chars().take(40).map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests;
