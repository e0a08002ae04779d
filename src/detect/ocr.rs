//! Kind `ocr-confusion`: letters that a scanner takes for others (`govemment`, `wi11`, `tbe`).

use super::unusual::USUAL;
use super::{Context, Match};
use crate::document::{Document, Shape, hash_of};
use crate::finding::Fact;
use crate::lexicon::{Lexicon, word_hash};
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashSet;

/// A word that is none, but becomes a usual one when letters are put back that scanners mix up. English documents only.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {
    /// What is read, and what stands there: `[m, rn]` finds `govemment`.
    pub pairs: Vec<(String, String)>,
    /// More of them, beside those of the rule.
    #[serde(default)]
    pub also_pairs: Vec<(String, String)>,
    /// Words that are right as they are.
    #[serde(default)]
    pub allow: Vec<String>,
}

#[derive(Debug)]
pub struct Ocr {
    pairs: Vec<(String, String)>,
    allow: HashSet<u64>,
}

/// Fewest bytes of the word that is meant.
const SHORTEST: usize = 4;
/// Bytes of a word that is looked at.
const LONGEST: usize = 40;
/// Occurrences in the web from which a word is usual.
const FREQUENT: f64 = 1e6;

impl Ocr {
    pub const PLACEHOLDERS: [&'static str; 4] = ["found", "expected", "read", "meant"];

    pub fn new(params: Params) -> Self {
        let allow = params.allow.iter().map(|word| hash_of(word)).collect();
        let pairs = params.pairs.into_iter().chain(params.also_pairs).filter(|(read, _)| !read.is_empty()).collect();
        Self { pairs, allow }
    }

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let document = cx.document;
        let mut found: Vec<Match> = cx.unusual().iter().filter_map(|&number| self.judge(document, cx.english(), number as usize)).collect();
        if !found.is_empty() && document.language().is_some_and(|language| language.code != "en") {
            found.clear();
        }
        found
    }

    fn judge(&self, document: &Document, lexicon: &Lexicon, at: usize) -> Option<Match> {
        let word = document.words[at];
        let text = &*document.text;
        let read = word.of(text);
        // `10am` and `20ft` are no words, but `wi11` may be one.
        let fewest = if read.starts_with(|first: char| first.is_ascii_digit()) { 3 } else { 2 };
        let letters = || read.bytes().filter(u8::is_ascii_alphabetic).count();
        if !(SHORTEST - 1..=LONGEST).contains(&read.len()) || word.shape.any(Shape::DIGIT) && letters() < fewest {
            return None;
        }
        let mut meant: Option<(String, &(String, String))> = None;
        for pair in self.pairs.iter().filter(|(misread, _)| holds(read, misread)) {
            for right in repaired(read, pair) {
                if !is_usual(&right, lexicon) || meant.as_ref().is_some_and(|(other, _)| *other == right) {
                    continue;
                }
                if meant.is_some() {
                    // Two words may be meant: a person would have to look at the page.
                    return None;
                }
                meant = Some((right, pair));
            }
        }
        let (meant, pair) = meant?;
        if self.allow.contains(&word.hash)
            || !fits(document, lexicon, at, word_hash(&meant))
            || !stands_free(text, word.span().start, word.span().end)
        {
            return None;
        }
        let mut hit = Match::at(word.span());
        let facts = [("found", read), ("expected", &meant), ("read", &pair.0), ("meant", &pair.1)];
        hit.facts = facts.into_iter().map(|(name, fact)| (Cow::Borrowed(name), Fact::Text(fact.to_owned()))).collect();
        hit.replacement = Some(meant);
        Some(hit)
    }
}

/// Whether the word holds these letters: words are so short that to prepare a search takes longer than to look everywhere.
fn holds(word: &str, letters: &str) -> bool {
    let letters = letters.as_bytes();
    word.as_bytes().windows(letters.len()).any(|here| here[0] == letters[0] && here == letters)
}

/// The word with one of the places mended, and with all of them.
fn repaired<'w>(word: &'w str, (read, meant): &'w (String, String)) -> impl Iterator<Item = String> + use<'w> {
    let places = word.match_indices(read.as_str()).count();
    let one = word.match_indices(read.as_str()).map(move |(at, _)| format!("{}{meant}{}", &word[..at], &word[at + read.len()..]));
    one.chain((places > 1).then(|| word.replace(read.as_str(), meant)))
}

fn is_usual(word: &str, lexicon: &Lexicon) -> bool {
    let words = &lexicon.words;
    if word.len() < SHORTEST || !word.bytes().all(|byte| byte.is_ascii_lowercase()) || !words.may_be_candidate(word) {
        return false;
    }
    let entry = words.entry(word);
    entry.tier() <= USUAL && !entry.only_capitalised() && entry.web_count().is_some_and(|count| count >= FREQUENT)
}

/// Whether the word that is meant was met beside one of its neighbours, or stands elsewhere in the document.
fn fits(document: &Document, lexicon: &Lexicon, at: usize, meant: u64) -> bool {
    let words = &*document.words;
    let bytes = document.text.as_bytes();
    let beside = |one: u64, other: u64| {
        let (one, other) = (lexicon.recall(one).id, lexicon.recall(other).id);
        lexicon.pairs.web(one, other) > 0.0 || lexicon.pairs.free(one, other) > 0.0
    };
    let apart = |left: usize| bytes.get(words[left].span().end..words[left + 1].span().start) == Some(b" ");
    (at > 0 && apart(at - 1) && beside(words[at - 1].hash, meant))
        || (at + 1 < words.len() && apart(at) && beside(meant, words[at + 1].hash))
}

/// Nothing joins the word to what stands around it, as in addresses and file names.
fn stands_free(text: &str, start: usize, end: usize) -> bool {
    let joins =
        |byte: Option<&u8>| byte.is_some_and(|byte| matches!(byte, b'@' | b'/' | b'\\' | b'_' | b'#' | b'&' | b'=' | b'-' | b'+' | b'$'));
    let bytes = text.as_bytes();
    let stop = bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric);
    let before = start.checked_sub(1).and_then(|before| bytes.get(before));
    !joins(before) && before != Some(&b'.') && !joins(bytes.get(end)) && !stop
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_is_mended_or_all() {
        let mended = |word: &str, read: &str, meant: &str| repaired(word, &(read.into(), meant.into())).collect::<Vec<_>>();
        assert_eq!(mended("wi11", "1", "l"), ["wil1", "wi1l", "will"]);
        assert_eq!(mended("tbere", "tb", "th"), ["there"]);
        assert!(mended("there", "tb", "th").is_empty());
    }
}
