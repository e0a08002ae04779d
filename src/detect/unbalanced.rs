//! Kind `unbalanced`: a bracket or quote that opens and never closes, or closes and never opened.

use super::{Context, Match};
use crate::document::Document;
use crate::finding::Fact;
use crate::text::Span;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;

/// A bracket or double quote without its partner in the same paragraph.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {
    pub pairs: Pairs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Pairs {
    /// `( )`, `[ ]`, `{ }`.
    Brackets,
    /// `“ ”` and `" "`; not single quotes, which are apostrophes.
    Quotes,
}

#[derive(Debug)]
pub struct Unbalanced {
    pub pairs: Pairs,
}

/// A pair may be closed this many paragraphs later: a note, a quote of several paragraphs.
const REACH: usize = 3;

impl Unbalanced {
    pub const PLACEHOLDERS: [&'static str; 2] = ["match", "missing"];

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let document = cx.document;
        let text = &*document.text;
        let mut found = Vec::new();
        for index in 0..document.blocks.len() {
            let span = document.blocks[index].span;
            let lone = match self.pairs {
                Pairs::Brackets => lone_bracket(text, span),
                Pairs::Quotes => lone_quote(text, span),
            };
            let Some((at, c)) = lone else { continue };
            if self.is_continued(document, index, c) {
                continue;
            }
            let span = Span::new(at, at + c.len_utf8());
            let mut hit = Match::at(span);
            hit.facts.push((Cow::Borrowed("match"), Fact::Text(c.into())));
            hit.facts.push((Cow::Borrowed("missing"), Fact::Text(partner(c).into())));
            found.push(hit);
        }
        found
    }

    /// Whether the partner stands in a paragraph near by.
    fn is_continued(&self, document: &Document, index: usize, c: char) -> bool {
        let text = &*document.text;
        let block = |index: usize| document.blocks.get(index).map(|block| block.span.of(text));
        match self.pairs {
            Pairs::Brackets => {
                let near = if closes(c) { index.saturating_sub(REACH)..index } else { index + 1..index + 1 + REACH };
                near.filter_map(block).any(|other| other.contains(partner(c)))
            }
            // A quote over several paragraphs is opened in each and closed in the last.
            Pairs::Quotes => match c {
                '”' => (index.saturating_sub(REACH)..index).filter_map(block).any(|other| other.contains('“')),
                _ => {
                    block(index + 1).is_some_and(|next| next.starts_with(c))
                        || index.checked_sub(1).and_then(block).is_some_and(|other| other.starts_with(c))
                }
            },
        }
    }
}

const fn closes(c: char) -> bool {
    matches!(c, ')' | ']' | '}')
}

const fn partner(c: char) -> char {
    match c {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '{' => '}',
        '}' => '{',
        '“' => '”',
        '”' => '“',
        other => other,
    }
}

fn lone_bracket(text: &str, span: Span) -> Option<(usize, char)> {
    let inner = span.of(text);
    let mut open: Vec<(usize, char)> = Vec::new();
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' if !is_face(inner, at) => open.push((at, char::from(byte))),
            b')' | b']' | b'}' => {
                if open.last().is_some_and(|&(_, c)| c == partner(char::from(byte))) {
                    open.pop();
                } else if !is_face(inner, at) && !is_item_number(inner, at) {
                    return Some((span.start + at, char::from(byte)));
                }
            }
            _ => {}
        }
    }
    open.first().map(|&(at, c)| (span.start + at, c))
}

/// `:-)`, `;(`: no bracket.
fn is_face(text: &str, at: usize) -> bool {
    text[..at].ends_with([':', ';', '=']) || text[..at].ends_with(":-") || text[..at].ends_with(";-")
}

/// `a)`, `1)`, `iv)`: the closing bracket of a list item.
fn is_item_number(text: &str, at: usize) -> bool {
    let before = &text[..at];
    let number = before.rsplit([' ', '\n', '\t', '(']).next().unwrap_or_default();
    (1..=4).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn lone_quote(text: &str, span: Span) -> Option<(usize, char)> {
    let inner = span.of(text);
    let (mut open, mut straight): (Option<usize>, Option<usize>) = (None, None);
    let mut low = false;
    for (at, c) in inner.char_indices() {
        match c {
            // German quotes are closed by what opens English ones.
            '„' => low = true,
            '“' if low => low = false,
            '“' if open.is_none() => open = Some(at),
            '”' if open.is_some() || low => (open, low) = (None, false),
            '”' => return Some((span.start + at, c)),
            '"' if inner[..at].ends_with(|c: char| c.is_ascii_digit()) && straight.is_none() => {}
            '"' => straight = if straight.is_some() { None } else { Some(at) },
            _ => {}
        }
    }
    open.map(|at| (span.start + at, '“')).or_else(|| straight.map(|at| (span.start + at, '"')))
}
