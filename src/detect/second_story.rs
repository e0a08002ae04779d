//! Kind `second-story`: a whole story behind the end of another one.
//!
//! Where it begins is found by [`super::stray_paragraph`], which leaves the paragraphs from there on to this kind.

use super::stray_paragraph::{Sensitivity, round};
use super::{Context, Match};
use crate::finding::{Fact, Label};
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;

/// A second story behind the first one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {
    /// How readily it is reported.
    #[serde(default)]
    pub sensitivity: Sensitivity,
}

#[derive(Debug)]
pub struct SecondStory {
    sensitivity: Sensitivity,
}

impl SecondStory {
    pub const PLACEHOLDERS: [&'static str; 6] = ["opening", "names", "shared", "score", "threshold", "sensitivity"];

    /// Why there is no likeliest place.
    pub const NOWHERE: &'static str = "no place has three paragraphs of 12 words on either side that share little; English texts of up to 128 paragraphs and 2 MB are looked at";

    pub const fn new(params: &Params) -> Self {
        Self { sensitivity: params.sensitivity }
    }

    /// The lowest score that is reported.
    pub const fn threshold(&self) -> f64 {
        match self.sensitivity {
            Sensitivity::Strict => 3.5,
            Sensitivity::Balanced => 1.5,
            Sensitivity::Eager => 0.5,
        }
    }

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let Some(second) = cx.story().as_ref().ok().and_then(|story| story.second.as_ref()) else { return Vec::new() };
        if second.score < self.threshold() {
            return Vec::new();
        }
        let blocks = &cx.document.blocks;
        let mut hit = Match::at(blocks[second.block].span.join(blocks[second.last].span));
        hit.certain = false;
        let opening = second.opening.describe();
        hit.facts = vec![
            (Cow::Borrowed("opening"), Fact::Text(opening.into())),
            (Cow::Borrowed("names"), Fact::List(second.names.clone())),
            (Cow::Borrowed("shared"), Fact::Number(round(second.shared))),
            (Cow::Borrowed("score"), Fact::Number(round(second.score))),
            (Cow::Borrowed("threshold"), Fact::Number(self.threshold())),
            (Cow::Borrowed("sensitivity"), Fact::Text(self.sensitivity.name().into())),
        ];
        if let Some(before) = second.block.checked_sub(1) {
            hit.related.push(Label::here(blocks[before].span, "the first story ends here"));
        }
        vec![hit]
    }
}
