//! Kind `hard-wrapped`: lines of one length, broken in mid-sentence by a machine.

use super::{Context, Match};
use crate::finding::Fact;
use crate::text::Span;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;

/// Paragraphs whose lines were broken at a fixed width; told once for a document.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Params {
    /// Lines broken in mid-sentence that the document must have.
    pub min_lines: usize,
}

impl Default for Params {
    fn default() -> Self {
        Self { min_lines: 4 }
    }
}

#[derive(Debug)]
pub struct HardWrapped {
    pub params: Params,
}

/// Shortest and longest width in bytes that mail programs, terminals and typesetters broke lines at.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=140;

impl HardWrapped {
    pub const PLACEHOLDERS: [&'static str; 2] = ["lines", "width"];

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let document = cx.document;
        let text = &*document.text;
        let mut lengths = Vec::new();
        let mut first = None;
        for block in document.blocks.iter().filter(|block| memchr::memchr2(b'\n', b'\r', block.span.of(text).as_bytes()).is_some()) {
            let lines: Vec<&str> = block.span.of(text).lines().map(str::trim).collect();
            for pair in lines.windows(2) {
                // A stanza breaks where its line ends, a wrapped line where the width does: the next word would not have fitted.
                if pair[1].starts_with(char::is_lowercase)
                    && !pair[0].ends_with(['.', '!', '?', ':', ',', ';'])
                    && WIDTHS.contains(&pair[0].len())
                {
                    lengths.push(pair[0].len());
                    first = first.or(Some(block.span));
                }
            }
        }
        let Some(first) = first.filter(|_| lengths.len() >= self.params.min_lines) else { return Vec::new() };
        lengths.sort_unstable();
        let width = lengths[lengths.len() * 9 / 10];
        let even = lengths.iter().filter(|&&len| len * 4 >= width * 3).count();
        if even * 4 < lengths.len() * 3 {
            return Vec::new();
        }
        let line_end = first.of(text).find(['\n', '\r']).map_or(first.end, |at| first.start + at);
        let mut hit = Match::at(Span::new(first.start, line_end));
        hit.facts.push((Cow::Borrowed("lines"), Fact::Count(lengths.len())));
        hit.facts.push((Cow::Borrowed("width"), Fact::Count(width)));
        vec![hit]
    }
}
