//! Kind `list-gap`: a numbered list in which a number is left out.

use super::{Context, Match};
use crate::finding::{Fact, Label};
use crate::text::Span;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;

/// A list numbered from 1 that leaves out a number.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Params {
    /// Items that the list must have before its gap can be told from chance.
    pub min_items: usize,
}

impl Default for Params {
    fn default() -> Self {
        Self { min_items: 4 }
    }
}

#[derive(Debug)]
pub struct ListGap {
    pub params: Params,
}

#[derive(Clone, Copy)]
struct Item {
    number: usize,
    /// `1.` and `1)` do not count together.
    mark: u8,
    span: Span,
}

impl ListGap {
    pub const PLACEHOLDERS: [&'static str; 3] = ["found", "missing", "previous"];

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let document = cx.document;
        let text = &*document.text;
        let items: Vec<Item> = document.blocks.iter().filter_map(|block| item(text, block.span)).collect();
        let mut found = Vec::new();
        let mut at = 0;
        while at < items.len() {
            // A list: from 1 on, rising, with one kind of mark.
            let len = if items[at].number == 1 {
                1 + items[at..].windows(2).take_while(|pair| pair[0].number < pair[1].number && pair[0].mark == pair[1].mark).count()
            } else {
                1
            };
            let list = &items[at..at + len];
            at += len;
            let gaps: Vec<&[Item]> = list.windows(2).filter(|pair| pair[1].number != pair[0].number + 1).collect();
            // One number left out in a list of some length is a lost item; many are another way of numbering.
            if let ([pair], true) = (&gaps[..], len >= self.params.min_items)
                && pair[1].number == pair[0].number + 2
            {
                let mut hit = Match::at(pair[1].span);
                hit.related.push(Label::here(pair[0].span, "the item before it"));
                hit.facts.push((Cow::Borrowed("found"), Fact::Count(pair[1].number)));
                hit.facts.push((Cow::Borrowed("missing"), Fact::Count(pair[0].number + 1)));
                hit.facts.push((Cow::Borrowed("previous"), Fact::Count(pair[0].number)));
                found.push(hit);
            }
        }
        found
    }
}

/// The number that a block starts with: `3. ` or `3) `.
fn item(text: &str, block: Span) -> Option<Item> {
    let bytes = block.of(text).as_bytes();
    let digits = bytes.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    if !(1..=3).contains(&digits) || !matches!(bytes.get(digits), Some(b'.' | b')')) || bytes.get(digits + 1) != Some(&b' ') {
        return None;
    }
    let span = Span::new(block.start, block.start + digits + 1);
    Some(Item { number: text[block.start..block.start + digits].parse().ok()?, mark: bytes[digits], span })
}
