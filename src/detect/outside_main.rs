//! Kind `outside-main`: the parts of a web page that are not its article.

use super::{Context, Match};
use crate::document::Zone;
use crate::finding::Fact;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;

/// Blocks of a page outside its main content, as tags, names and links tell it. A plain text has none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Params {}

#[derive(Debug)]
pub struct OutsideMain;

impl OutsideMain {
    pub const PLACEHOLDERS: [&'static str; 3] = ["zone", "words", "match"];

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let document = cx.document;
        let outside = document.blocks.iter().filter(|block| !block.main);
        outside
            .map(|block| {
                let mut hit = Match::at(block.span);
                hit.facts.push((Cow::Borrowed("zone"), Fact::Text(in_words(block.zone).into())));
                hit.facts.push((Cow::Borrowed("words"), Fact::Count(block.word_count())));
                hit.facts.push((Cow::Borrowed("match"), Fact::Text(block.span.of(&document.text).to_string())));
                hit
            })
            .collect()
    }
}

/// What a part of the page is to a reader.
const fn in_words(zone: Zone) -> &'static str {
    match zone {
        Zone::Content => "text beside the article",
        Zone::Navigation => "navigation",
        Zone::Header => "the head of the page",
        Zone::Footer => "the foot of the page",
        Zone::Aside => "a side column",
        Zone::Figure => "a picture's caption",
        Zone::Comments => "comments",
        Zone::Share => "share buttons",
        Zone::Related => "other stories",
        Zone::Advert => "an advertisement",
        Zone::Form => "a form",
        Zone::Byline => "a byline, date or tags",
    }
}
