//! Kind `foreign-paragraph`: a paragraph in another language than the document.
//!
//! A sentence without the small words of its language is rare. Only such a paragraph is looked at further: the small
//! words of other languages are counted, and where no table has them, whatlang is asked. A short paragraph has few of them; of one
//! in an English document it is known, too, how many of its words are no English.

use super::citation::is_entry;
use super::unusual::USUAL;
use super::{Context, Match};
use crate::document::{Block, Document, LANGUAGES, Shape, SmallWords, Word, code_of};
use crate::finding::Fact;
use crate::lexicon::Lexicon;
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
/// Of the words that could be English, as many must be none where few small words tell the language.
const STRANGE_SHARE: usize = 60;
/// More signs than these, in percent of the characters, and it is no sentence in any language.
const SIGNS: usize = 4;
/// Which of [`LANGUAGES`] English is.
const ENGLISH: usize = 0;
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
            let text = block.span.of(&document.text);
            // One run of ASCII is an address or data; what is written without spaces is not ASCII.
            let unbroken = || text.is_ascii() && !text.contains(char::is_whitespace);
            if usual.is_some_and(|usual| speaks(words, usual, table)) || !is_prose(words) || unbroken() || is_entry(words, &document.text) {
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
            let strange = code == LANGUAGES[ENGLISH].0 && is_no_english(words, &document.text, cx.english());
            // Trigrams take sister languages for one another (Russian, Bulgarian).
            let is_sister =
                |other: &str| usual.is_none() && !LANGUAGES.iter().any(|known| known.0 == other) && is_one_script(text, &document.text);
            let Some((language, other)) =
                language_of(document, block, usual, strange, table).filter(|&(other, _)| other != code && !is_sister(other))
            else {
                continue;
            };
            let mut hit = Match::at(block.span);
            hit.facts.push((Cow::Borrowed("language"), Fact::Text(other.into())));
            hit.facts.push((Cow::Borrowed("usual"), Fact::Text(usual.map_or(code, |usual| LANGUAGES[usual].1).into())));
            hit.facts.push((Cow::Borrowed("code"), Fact::Text(language.into())));
            found.push(hit);
        }
        found
    }
}

/// Whether both texts begin in one script, as far as Unicode's blocks of 256 tell.
fn is_one_script(a: &str, b: &str) -> bool {
    let script = |text: &str| text.chars().find(|c| c.is_alphabetic()).map(|c| u32::from(c) >> 8);
    script(a) == script(b)
}

/// The language whose small words the document has most of, if there are enough of them.
fn usual_language(document: &Document, table: &SmallWords) -> Option<usize> {
    // Words from all over the text, so that a foreign first paragraph does not decide.
    let step = (document.words.len() / SAMPLE).max(1);
    let sample = document.words.iter().copied().step_by(step);
    let total = sample.len();
    let counts = table.count(sample);
    let best = (0..counts.len()).max_by_key(|&language| counts[language])?;
    (counts[best] * 100 >= total * FOREIGN_SHARE).then_some(best)
}

/// Whether the paragraph has its share of the small words of this language; most do after a dozen words.
fn speaks(words: &[Word], language: usize, table: &SmallWords) -> bool {
    let enough = (words.len() * OWN_SHARE).div_ceil(100).max(1);
    words.iter().filter(|word| table.is_own(word, language)).nth(enough - 1).is_some()
}

/// Whether most of the words are in no list of usual English words. Names say nothing, nor do words of two letters, of which each is a
/// word somewhere, nor parts of addresses and of code.
fn is_no_english(words: &[Word], text: &str, lexicon: &Lexicon) -> bool {
    let is_lower =
        |word: &&Word| word.shape.is_alphabetic() && !word.shape.any(Shape::CAPITAL | Shape::INNER_CAPITAL) && word.span().len() > 2;
    let stands_free = |word: &&Word| {
        let span = word.span();
        text[..span.start].ends_with(|before: char| before.is_whitespace() || matches!(before, '“' | '«' | '„' | '¿' | '¡'))
            && !text[span.end..].starts_with(['(', '[', '/', '@', '_', '=', '-', ':'])
    };
    let (mut all, mut strange, mut different) = (0, 0, HashSet::new());
    for word in words.iter().filter(is_lower).filter(stands_free) {
        all += 1;
        if lexicon.recall(word.hash).entry.tier() > USUAL {
            strange += 1;
            different.insert(word.hash);
        }
    }
    different.len() > DIFFERENT && strange * 100 >= all * STRANGE_SHARE && !is_technical(words, text)
}

/// Whether there are more signs than a sentence has: a command, program code, a table.
fn is_technical(words: &[Word], text: &str) -> bool {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    let usual = |c: char| {
        c.is_alphanumeric() || c.is_whitespace() || matches!(c, '.' | ',' | '!' | '?' | '\'' | '’' | '“' | '”' | '«' | '»' | '–' | '…')
    };
    let (mut all, mut signs) = (0, 0);
    for c in text[first.span().start..last.span().end].chars() {
        all += 1;
        signs += usize::from(!usual(c));
    }
    signs * 100 > all * SIGNS
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

/// Code and name of the language of a paragraph without the document's small words; of a `strange` one most words are known not to be those
/// of the document's language.
fn language_of(
    document: &Document,
    block: &Block,
    usual: Option<usize>,
    strange: bool,
    table: &SmallWords,
) -> Option<(&'static str, &'static str)> {
    let words = &document.words[block.words()];
    let counts = table.count(words.iter().copied());
    let own = usual.map_or(0, |usual| words.iter().filter(|word| table.is_own(word, usual)).count());
    let best = (0..counts.len()).filter(|&language| Some(language) != usual).max_by_key(|&language| counts[language])?;
    let many = counts[best] * 100 >= words.len() * FOREIGN_SHARE && counts[best] >= 2 * own.max(1) && has_different(words, best, table);
    let (code, name, _) = LANGUAGES[best];
    if many {
        return Some((code, name));
    }
    // Trigrams of a few hundred characters decide as well as those of a whole page.
    let mut end = block.span.end.min(block.span.start + 600);
    while !document.text.is_char_boundary(end) {
        end -= 1;
    }
    let sample = &document.text[block.span.start..end];
    // Of a Latin text the verdict below asks for this; to ask first spares most of the calls.
    let long = own == 0 && words.len() >= 12;
    let other_letters = || sample.chars().any(|c| !c.is_ascii() && c.is_alphabetic());
    if !strange && !long && !other_letters() {
        return None;
    }
    let others = if strange { vec![whatlang::Lang::Eng] } else { Vec::new() };
    let info = whatlang::Detector::with_denylist(others).detect(sample).filter(|info| !strange || info.lang() != whatlang::Lang::Lat)?;
    if strange && counts[best] > own.max(1) {
        return Some((code, name));
    }
    let language = (code_of(info.lang()), info.lang().eng_name());
    let foreign = info.script() != whatlang::Script::Latin || strange;
    let named = LANGUAGES.iter().any(|(known, ..)| *known == language.0);
    (foreign || (info.is_reliable() && long && !named)).then_some(language)
}
