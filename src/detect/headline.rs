//! Kind `headline-mismatch`: no word of the headline comes up in the body.

use super::{Context, Match};
use crate::document::{Document, Shape, Word, fold};
use crate::finding::Fact;
use crate::text::Span;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashSet;

/// A headline and a body that have nothing in common: two stories were joined, or the wrong title was taken.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Params {
    /// Words of substance that the headline must have.
    pub min_terms: usize,
    /// Words that the body must have: a short one may say it in other words.
    pub min_body: usize,
}

impl Default for Params {
    fn default() -> Self {
        Self { min_terms: 4, min_body: 120 }
    }
}

#[derive(Debug)]
pub struct HeadlineMismatch {
    pub params: Params,
}

/// Words of four letters and more that say nothing of the subject.
const SMALL: &str = " about after again against also been before between both could does down during each even ever every first from have here into just last like made make many more most much must near never next only other over said same says should since some still such than that their them then there these they this those three through under until upon very want well were what when where which while will with without would year years your ";
/// Headline and body share a word where their first letters are the same: `vote`, `votes`, `voting`.
const STEM: usize = 4;

impl HeadlineMismatch {
    pub const PLACEHOLDERS: [&'static str; 2] = ["terms", "headline"];

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let document = cx.document;
        let text = &*document.text;
        let Some(first) = document.blocks.first() else { return Vec::new() };
        let words = &document.words[first.words()];
        let body = &document.words[first.words().end..];
        // A headline: a short line without a stop, above running text.
        if words.len() > 20
            || first.span.of(text).ends_with(['.', ':', ',', ';'])
            || body.len() < self.params.min_body
            || !is_prose(document)
        {
            return Vec::new();
        }
        let terms = stems(text, words);
        if terms.len() < self.params.min_terms {
            return Vec::new();
        }
        let known: HashSet<String> = body.iter().filter(|word| word.shape.any(Shape::LETTER)).map(|word| stem(word.of(text))).collect();
        if terms.iter().any(|term| known.contains(&stem(term))) {
            return Vec::new();
        }
        let mut hit = Match::at(Span::new(first.span.start, first.span.end));
        hit.facts.push((Cow::Borrowed("headline"), Fact::Text(first.span.of(text).to_string())));
        hit.facts.push((Cow::Borrowed("terms"), Fact::List(terms)));
        vec![hit]
    }
}

fn is_prose(document: &Document) -> bool {
    document.blocks[1..].iter().filter(|block| block.word_count() >= 15).count() >= 2
}

/// The words of substance: four letters or more.
pub(super) fn stems(text: &str, words: &[Word]) -> Vec<String> {
    let long = words.iter().filter(|word| word.shape.is_alphabetic() && is_term(word.of(text)));
    long.map(|word| word.of(text).to_string()).collect()
}

fn is_term(word: &str) -> bool {
    word.chars().count() >= STEM && !SMALL.contains(&format!(" {} ", fold(word)))
}

pub(super) fn stem(word: &str) -> String {
    fold(word).chars().take(STEM).collect()
}
