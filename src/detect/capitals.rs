//! Kind `capitals`: a paragraph written in capitals throughout.

use super::{Context, Match};
use crate::document::Shape;
use crate::finding::Fact;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;

/// A paragraph in capitals.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Params {
    /// Words that it must have: a headline or a section name may well be in capitals.
    pub min_words: usize,
}

impl Default for Params {
    fn default() -> Self {
        Self { min_words: 15 }
    }
}

#[derive(Debug)]
pub struct Capitals {
    pub params: Params,
}

impl Capitals {
    pub const PLACEHOLDERS: [&'static str; 1] = ["words"];

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let document = cx.document;
        let in_capitals = |block: &&crate::document::Block| {
            let words = &document.words[block.words()];
            // The first words with a lower-case letter end the look; in prose that is nearly always the first word.
            words.len() >= self.params.min_words
                && words[..3].iter().any(|word| !word.shape.any(Shape::LOWER))
                && words.iter().filter(|word| word.shape.any(Shape::LOWER)).count() * 20 <= words.len()
                && words.iter().filter(|word| word.shape.is_alphabetic()).count() * 3 >= words.len() * 2
        };
        let found = document.blocks.iter().filter(in_capitals);
        found
            .map(|block| {
                let mut hit = Match::at(block.span);
                hit.facts.push((Cow::Borrowed("words"), Fact::Count(block.word_count())));
                hit
            })
            .collect()
    }
}
