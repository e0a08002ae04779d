//! Kind `run-together`: two sentences or two words that lost the space between them (`end.Next`, `saidTuesday`).

use super::unusual::USUAL;
use super::{Context, MOST_FINDINGS, Match};
use crate::document::{Document, Shape, Word, fold};
use crate::finding::Fact;
use crate::lexicon::Lexicon;
use crate::text::Span;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashSet;

/// A full stop with no space after it between two words, or a frequent small word with a capital inside.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {
    /// Words that may stand behind a full stop without a space: `com`, `net`, `js` …
    #[serde(default)]
    pub endings: Vec<String>,
    /// Small words that nothing is ever joined to: `saidTuesday`, `theBritish`, `the wall,which`.
    #[serde(default)]
    pub words: Vec<String>,
    /// Words that sentences begin with: behind a word or a year they are grown to it, `councilThe`, `2016The`.
    #[serde(default)]
    pub openers: Vec<String>,
}

#[derive(Debug)]
pub struct RunTogether {
    endings: HashSet<String>,
    words: HashSet<String>,
    openers: HashSet<String>,
}

/// Fewest letters of a word that an opener is grown to: `playThe` is a name more often than not.
const GROWN_TO: usize = 5;

/// In a line of so few words what has a capital inside is a name: `globalThis`.
const ALONE: usize = 3;

/// What stands around a stop in program code and hardly ever in a sentence; one of them is enough.
const CODE: [&str; 11] = ["()", " = ", "==", "&&", "||", "//", "{", "}", "](", "([", " *"];
/// Bytes on either side that are looked at.
const AROUND: usize = 32;

/// Whether program code stands around this place, where a stop between two words is an operator.
fn is_code(document: &Document, span: Span) -> bool {
    let line = document.lines().span(document.lines().line_of(span.start), &document.text);
    let text = document.text.as_bytes();
    let around = &text[line.start.max(span.start.saturating_sub(AROUND))..line.end.min(span.end + AROUND)];
    CODE.iter().any(|sign| memchr::memmem::find(around, sign.as_bytes()).is_some())
        || matches!(text[..line.end].last(), Some(b'{' | b'(' | b'}'))
}

impl RunTogether {
    pub const PLACEHOLDERS: [&'static str; 2] = ["left", "right"];

    pub fn new(params: Params) -> Self {
        let folded = |words: Vec<String>| words.iter().map(|word| fold(word)).collect();
        Self { endings: folded(params.endings), words: folded(params.words), openers: folded(params.openers) }
    }

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let document = cx.document;
        let bytes = document.text.as_bytes();
        let mut found: Vec<Match> = Vec::new();
        for block in &document.blocks {
            let words = &document.words[block.words()];
            for (at, &word) in words.iter().enumerate() {
                // Nearly every word.
                if bytes.get(word.span().end) == Some(&b' ') && !word.shape.any(Shape::INNER_CAPITAL) {
                    continue;
                }
                if found.len() > MOST_FINDINGS {
                    return found;
                }
                let next = words.get(at + 1).copied();
                let sentences = next.and_then(|next| self.joined_sentences(document, word, next, at == 0));
                let clauses = || next.and_then(|next| self.joined_clauses(document, word, next));
                let joined = sentences.or_else(clauses).or_else(|| self.joined_words(document, word, words.len() > ALONE, cx.english()));
                found.extend(joined.filter(|hit| !is_code(document, hit.span)));
            }
        }
        found
    }

    /// `end.Next`: a stop right between a lower-case word and a capitalised one, or between a year and a word that opens sentences.
    fn joined_sentences(&self, document: &Document, left: Word, right: Word, first: bool) -> Option<Match> {
        let text = &*document.text;
        let stop = &text[left.span().end..right.span().start];
        // The end of a quotation may stand there too: `he said.”Next`.
        let marks = stop.strip_prefix(['.', '!', '?'])?;
        if !marks.is_empty() && !matches!(marks, "”" | "\"" | "’" | "”“") || !is_sentence_start(right) {
            return None;
        }
        let (left_text, right_text) = (left.of(text), right.of(text));
        // `1.The` numbers a paragraph.
        let year = left.span().len() == 4 && !left.shape.any(Shape::LETTER) && !first && self.openers.contains(&fold(right_text));
        if !is_sentence_end(left) && !year {
            return None;
        }
        // `St.Louis`, `Mr.Smith`, `No.One`: a short capitalised word before a stop is an abbreviation.
        let shortest = if left.shape.is_capitalised() { 4 } else { 2 };
        if left_text.chars().count() < shortest || right_text.chars().count() < 2 && !matches!(right_text, "A" | "I") {
            return None;
        }
        let (before, after) = (text[..left.span().start].chars().next_back(), text[right.span().end..].chars().next());
        let glue = |c: Option<char>| {
            c.is_some_and(|c| matches!(c, '.' | '@' | '/' | ':' | '_' | '\\' | '-' | '#' | '=' | '(') || c.is_alphanumeric())
        };
        let goes_on = after == Some('.') && text[right.span().end + 1..].starts_with(char::is_alphanumeric);
        if glue(before) || goes_on || matches!(after, Some('@' | '/' | ':' | '_' | '(' | ')' | '=')) {
            return None;
        }
        // `context.Context`, `uk.Best-Price`, `Yahoo!Autos`
        let (left_folded, right_folded) = (fold(left_text), fold(right_text));
        let address = left_folded == "www" || left_text.len() <= 3 && self.endings.contains(&left_folded);
        let brand = left.shape.is_capitalised() && stop.starts_with('!');
        if address || brand || left_folded == right_folded || self.endings.contains(&right_folded) {
            return None;
        }
        Some(joined(left.span().join(right.span()), &text[left.span().start..right.span().start], right_text, left_text))
    }

    /// `the wall,which`: a comma or semicolon with a small word right behind it, in running text.
    fn joined_clauses(&self, document: &Document, left: Word, right: Word) -> Option<Match> {
        let text = &*document.text;
        let (from, to) = (left.span(), right.span());
        if !matches!(&text[from.end..to.start], "," | ";")
            || !is_sentence_end(left)
            || right.shape.any(Shape::CAPITAL | Shape::INNER_CAPITAL)
        {
            return None;
        }
        // Between others like it (`the,and,of`) it is a list.
        let free = from.len() > 2 && text[..from.start].ends_with(' ') && text[to.end..].starts_with(' ');
        (free && self.words.contains(&fold(right.of(text))))
            .then(|| joined(from.join(to), &text[from.start..to.start], right.of(text), left.of(text)))
    }

    /// `saidTuesday`: a small word with a capitalised one grown to its end; `councilThe`, `2016The`: the first word of a sentence grown to
    /// the last of the one before.
    fn joined_words(&self, document: &Document, word: Word, in_prose: bool, lexicon: &Lexicon) -> Option<Match> {
        // `TheTide` is a name.
        if word.shape.is_capitalised() || !word.shape.has(Shape::INNER_CAPITAL | Shape::LOWER) || word.shape.has(Shape::HIDDEN) {
            return None;
        }
        // `TheTide.com`
        let mut after = document.text[word.span().end..].chars();
        if after.next() == Some('.') && after.next().is_some_and(char::is_alphanumeric) {
            return None;
        }
        let text = word.of(&document.text);
        let (at, _) = text.char_indices().skip(1).find(|(_, c)| c.is_uppercase())?;
        let (left, right) = text.split_at(at);
        let regular = right.chars().count() >= 3 && right.chars().skip(1).all(|c| c.is_lowercase() || matches!(c, '\'' | '’'));
        let grown = || {
            let year = left.len() == 4 && left.bytes().all(|byte| byte.is_ascii_digit());
            let usual = || left.len() >= GROWN_TO && lexicon.words.entry(left).tier() <= USUAL;
            in_prose && (year || usual()) && self.openers.contains(&fold(right))
        };
        (regular && (self.words.contains(&fold(left)) || grown())).then(|| joined(word.span(), left, right, left))
    }
}

fn joined(span: Span, kept: &str, right: &str, left: &str) -> Match {
    let mut hit = Match::at(span);
    hit.replacement = Some(format!("{kept} {right}"));
    hit.facts.push((Cow::Borrowed("left"), Fact::Text(left.to_string())));
    hit.facts.push((Cow::Borrowed("right"), Fact::Text(right.to_string())));
    hit
}

/// All in lower case, but perhaps for its first letter.
fn is_sentence_end(word: Word) -> bool {
    word.shape.is_alphabetic() && word.shape.has(Shape::LOWER) && !word.shape.any(Shape::INNER_CAPITAL)
}

fn is_sentence_start(word: Word) -> bool {
    word.shape.is_alphabetic() && word.shape.is_capitalised() && !word.shape.any(Shape::INNER_CAPITAL)
}
