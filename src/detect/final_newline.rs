//! Kind `final-newline`: the last line of a text file is not ended.

use super::{Context, Match};
use crate::text::Span;
use schemars::JsonSchema;
use serde::Deserialize;

/// The text does not end with a line break.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {}

#[derive(Debug)]
pub struct FinalNewline;

impl FinalNewline {
    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let document = cx.document;
        let text = &*document.text;
        // The field of a record is no file: it needs no line break at its end.
        if document.origin.record.is_some() || text.is_empty() || text.ends_with(['\n', '\r']) {
            return Vec::new();
        }
        let last = text.chars().next_back().map_or(0, char::len_utf8);
        let mut hit = Match::at(Span::new(text.len() - last, text.len()));
        // Behind the last thing to read, a page or Markdown goes on with what is only markup.
        if document.to_source(hit.span).end < document.source().len() {
            return Vec::new();
        }
        // Written so that `replace` adds the line break after the last character.
        hit.replacement = Some(format!("{}{}", &text[text.len() - last..], if text.contains("\r\n") { "\r\n" } else { "\n" }));
        vec![hit]
    }
}
