//! Kind `foreign-paragraph`: a paragraph in another language than the document.
//!
//! A sentence without the small words of its language is rare. Only such a paragraph is looked at further: the small
//! words of other languages are counted, and where no table has them, whatlang is asked.

use super::{Context, Match};
use crate::document::{Block, Document, LANGUAGES, SmallWords, Word};
use crate::finding::Fact;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashSet;

/// A paragraph in another language than most of the document.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Params {
    /// Words that the paragraph must have: the language of a shorter one is a guess.
    pub min_words: usize,
}

impl Default for Params {
    fn default() -> Self {
        Self { min_words: 8 }
    }
}

#[derive(Debug)]
pub struct ForeignParagraph {
    pub params: Params,
}

/// Shares in percent, of the words of a paragraph. English prose has above 30; a list of names hardly any in any language.
const OWN_SHARE: usize = 10;
const FOREIGN_SHARE: usize = 16;
/// Different small words that a paragraph in another language must have.
const DIFFERENT: usize = 3;
/// Words from which the language of the document is told.
const SAMPLE: usize = 600;

impl ForeignParagraph {
    pub const PLACEHOLDERS: [&'static str; 2] = ["language", "usual"];

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let document = cx.document;
        if document.blocks.len() < 3 {
            return Vec::new();
        }
        let table = SmallWords::get();
        let usual = usual_language(document, table);
        let mut asked: Option<Option<&'static str>> = None;
        let mut found = Vec::new();
        for block in document.blocks.iter().filter(|block| block.word_count() >= self.params.min_words) {
            let words = &document.words[block.words()];
            if usual.is_some_and(|usual| speaks(words, usual, table))
                || !is_prose(words)
                || !block.span.of(&document.text).contains(char::is_whitespace)
            {
                continue;
            }
            let code = match usual {
                Some(usual) => LANGUAGES[usual].0,
                // No table has the language of the document: whatlang knows more of them.
                None => match *asked.get_or_insert_with(|| document.language().map(|language| language.code)) {
                    // Latin is the language of placeholders, and half of it looks like something else.
                    Some("lat") => return found,
                    Some(code) => code,
                    None => return found,
                },
            };
            let Some((language, other)) = language_of(document, block, usual, table).filter(|&(other, _)| other != code) else { continue };
            let mut hit = Match::at(block.span);
            hit.facts.push((Cow::Borrowed("language"), Fact::Text(other.into())));
            hit.facts.push((Cow::Borrowed("usual"), Fact::Text(usual.map_or(code, |usual| LANGUAGES[usual].1).into())));
            hit.facts.push((Cow::Borrowed("code"), Fact::Text(language.into())));
            found.push(hit);
        }
        found
    }
}

/// The language whose small words the document has most of, if there are enough of them.
fn usual_language(document: &Document, table: &SmallWords) -> Option<usize> {
    // Words from all over the text, so that a foreign first paragraph does not decide.
    let step = (document.words.len() / SAMPLE).max(1);
    let sample = document.words.iter().step_by(step);
    let total = sample.len();
    let counts = table.count(sample);
    let best = (0..counts.len()).max_by_key(|&language| counts[language])?;
    (counts[best] * 100 >= total * FOREIGN_SHARE).then_some(best)
}

/// Whether the paragraph has its share of the small words of this language; most do after a dozen words.
fn speaks(words: &[Word], language: usize, table: &SmallWords) -> bool {
    let enough = (words.len() * OWN_SHARE).div_ceil(100).max(1);
    let mut small = words.iter().filter(|word| table.languages(word) & (1 << language) != 0);
    small.nth(enough - 1).is_some()
}

/// Whether it has several different small words of this language: one of them may be a unit, a name, or a part of an address.
fn has_different(words: &[Word], language: usize, table: &SmallWords) -> bool {
    let small = words.iter().filter(|word| table.languages(word) & (1 << language) != 0);
    small.map(|word| word.hash).collect::<HashSet<u64>>().len() >= DIFFERENT
}

/// Names and figures are of no language.
fn is_prose(words: &[Word]) -> bool {
    let lower = words.iter().filter(|word| word.shape.is_alphabetic() && !word.shape.is_capitalised()).count();
    lower * 2 >= words.len()
}

/// Code and name of the language of a paragraph without the document's small words.
fn language_of(document: &Document, block: &Block, usual: Option<usize>, table: &SmallWords) -> Option<(&'static str, &'static str)> {
    let words = &document.words[block.words()];
    let counts = table.count(words.iter());
    let own = usual.map_or(0, |usual| counts[usual]);
    let best = (0..counts.len()).filter(|&language| Some(language) != usual).max_by_key(|&language| counts[language])?;
    if counts[best] * 100 >= words.len() * FOREIGN_SHARE && counts[best] >= 2 * own.max(1) && has_different(words, best, table) {
        let (code, name, _) = LANGUAGES[best];
        return Some((code, name));
    }
    // Trigrams of a few hundred characters decide as well as those of a whole page.
    let mut end = block.span.end.min(block.span.start + 600);
    while !document.text.is_char_boundary(end) {
        end -= 1;
    }
    // Of a Latin text the verdict below asks for this; to ask first spares most of the calls.
    if document.text[block.span.start..end].is_ascii() && (own > 0 || words.len() < 12) {
        return None;
    }
    let info = whatlang::detect(&document.text[block.span.start..end])?;
    let latin = info.script() == whatlang::Script::Latin;
    let sure = if latin { info.is_reliable() && own == 0 && words.len() >= 12 } else { true };
    let code = crate::document::language_of(&document.text[block.span.start..end]).map_or(info.lang().code(), |language| language.code);
    (sure && !(latin && LANGUAGES.iter().any(|(known, ..)| *known == code))).then(|| (code, info.lang().eng_name()))
}
