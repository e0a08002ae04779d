//! Kind `quote-style`: straight and curly double quotes in one text.

use super::{Context, Match};
use crate::finding::{Fact, Label};
use crate::text::Span;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;

/// Two styles of double quotes in one document; the one that is used less is the finding.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {}

#[derive(Debug)]
pub struct QuoteStyle;

impl QuoteStyle {
    pub const PLACEHOLDERS: [&'static str; 4] = ["rare", "rare_count", "usual", "usual_count"];

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let text = &*cx.document.text;
        let bytes = text.as_bytes();
        // An inch mark (`6"`) is no quote.
        let straight: Vec<usize> = memchr::memchr_iter(b'"', bytes).filter(|&at| at == 0 || !bytes[at - 1].is_ascii_digit()).collect();
        if straight.is_empty() {
            return Vec::new();
        }
        let curly: Vec<usize> = memchr::memmem::find_iter(bytes, "\u{201c}").collect();
        let (rare, usual, names) = match (straight.len(), curly.len()) {
            (_, 0) => return Vec::new(),
            (straight_count, curly_count) if curly_count * 2 <= straight_count => (&curly, &straight, ["curly", "straight"]),
            _ => (&straight, &curly, ["straight", "curly"]),
        };
        let quote = |at: usize| Span::new(at, at + text[at..].chars().next().map_or(1, char::len_utf8));
        let mut hit = Match::at(quote(rare[0]));
        hit.certain = false;
        hit.related.push(Label::here(quote(usual[0]), format!("{} quotes here", names[1])));
        hit.facts.push((Cow::Borrowed("rare"), Fact::Text(names[0].into())));
        hit.facts.push((Cow::Borrowed("rare_count"), Fact::Count(rare.len())));
        hit.facts.push((Cow::Borrowed("usual"), Fact::Text(names[1].into())));
        hit.facts.push((Cow::Borrowed("usual_count"), Fact::Count(usual.len())));
        vec![hit]
    }
}
