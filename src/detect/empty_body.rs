//! Kind `empty-body`: the article is not there.

use super::{Context, Match};
use crate::finding::Fact;
use crate::text::Span;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;

/// A document without a text: nothing at all, or nothing but its title.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Params {
    /// With fewer words than this there is no article, whatever they are.
    pub min_words: usize,
}

impl Default for Params {
    fn default() -> Self {
        Self { min_words: 3 }
    }
}

#[derive(Debug)]
pub struct EmptyBody {
    pub params: Params,
}

impl EmptyBody {
    pub const PLACEHOLDERS: [&'static str; 2] = ["words", "length"];

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let document = cx.document;
        let text = &*document.text;
        let words = document.words.len();
        let only_title = || {
            let title = document.meta.title.as_deref().unwrap_or_default().trim();
            !title.is_empty() && document.blocks.len() == 1 && document.blocks[0].span.of(text).eq_ignore_ascii_case(title)
        };
        if words >= self.params.min_words && !only_title() {
            return Vec::new();
        }
        let mut hit = Match::at(Span::new(0, text.len()).trim(text));
        hit.facts.push((Cow::Borrowed("words"), Fact::Count(words)));
        hit.facts.push((Cow::Borrowed("length"), Fact::Text(if words == 1 { "1 word".into() } else { format!("{words} words") })));
        vec![hit]
    }
}
