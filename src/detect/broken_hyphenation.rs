//! Kind `broken-hyphenation`: a word with the hyphen of a line break still inside (`mis- sile`, `gov-ernors`).

use super::{Context, Match};
use crate::document::{Document, Shape, Word, fold, hash_of};
use crate::lexicon::{Entry, Lexicon};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::HashSet;

/// A word that print or PDF broke in two at the end of a line, with the hyphen still inside: before a space or a line break,
/// or in the middle of a word whose parts are none. English documents only.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {
    /// Words behind a hyphen that is meant to hang: `pre- and post-war`.
    #[serde(default)]
    pub suspended: Vec<String>,
    /// First parts that are no words and yet are not broken off: `socio-economic`.
    #[serde(default)]
    pub prefixes: Vec<String>,
}

#[derive(Debug)]
pub struct BrokenHyphenation {
    suspended: HashSet<u64>,
    prefixes: HashSet<u64>,
}

/// Fewest bytes of the whole word; shorter ones are a dash with its space lost (`all- so`).
const SHORTEST: usize = 6;
/// SCOWL's size up to which a word list tells words from fragments; the larger ones hold `ele` and `ment`.
const USUAL: u8 = 70;
/// Occurrences in the web from which a word is usual.
const FREQUENT: f64 = 1e6;
/// How many times more frequent than the two parts side by side the whole word must be, where both parts are words.
const MUCH: f64 = 300.0;

/// Different words broken in doubtful ways from which on they are a habit of the document.
const FEWEST_DOUBTFUL: usize = 2;

/// Bytes that two words which rhyme end with.
const RHYME: usize = 3;

impl BrokenHyphenation {
    pub const PLACEHOLDERS: [&'static str; 3] = ["left", "right", "expected"];

    pub fn new(params: &Params) -> Self {
        let hashes = |words: &[String]| words.iter().map(|word| hash_of(word)).collect();
        Self { suspended: hashes(&params.suspended), prefixes: hashes(&params.prefixes) }
    }

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let document = cx.document;
        let bytes = document.text.as_bytes();
        let mut found = Vec::new();
        // Breaks inside a word, one of whose parts is a word: alone, such a thing is a compound that no list has (`tight-fisted`).
        let mut doubtful = HashSet::new();
        let mut from = 0;
        for at in memchr::memchr_iter(b'-', bytes) {
            let inside = bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
            let broken = bytes.get(at + 1).is_some_and(u8::is_ascii_whitespace);
            if at == 0 || !bytes[at - 1].is_ascii_lowercase() || !(inside || broken) {
                continue;
            }
            from += document.words[from..].partition_point(|word| word.span().end < at);
            if let [left, right, ..] = document.words[from..]
                && left.span().end == at
                && let Some((hit, clear)) = self.judge(document, cx.english(), left, right)
            {
                // In a headline it may be a pun: `Cat-apulting`.
                if !clear && !left.shape.is_capitalised() {
                    doubtful.insert(hit.replacement.clone());
                }
                found.push((hit, clear));
            }
        }
        let systematic = doubtful.len() >= FEWEST_DOUBTFUL;
        let mut found: Vec<Match> = found.into_iter().filter(|(_, clear)| *clear || systematic).map(|(hit, _)| hit).collect();
        if !found.is_empty() && document.language().is_some_and(|language| language.code != "en") {
            found.clear();
        }
        found
    }

    /// A broken word, and whether it is clearly one.
    fn judge(&self, document: &Document, lexicon: &Lexicon, left: Word, right: Word) -> Option<(Match, bool)> {
        let text = &*document.text;
        let gap = text.get(left.span().end + 1..right.span().start)?;
        let lower = |word: Word| word.shape.is_alphabetic() && !word.shape.any(Shape::INNER_CAPITAL | Shape::APOSTROPHE | Shape::NON_ASCII);
        let line_breaks = gap.bytes().filter(|&byte| byte == b'\n').count();
        if !lower(left) || !lower(right) || right.shape.is_capitalised() || line_breaks > 1 || !gap.bytes().all(|b| b.is_ascii_whitespace())
        {
            return None;
        }
        let (before, after) = (text[..left.span().start].chars().next_back(), text[right.span().end..].chars().next());
        // `state-of-the- art`, addresses, numbers with a unit: not two halves of one word.
        let joins = |c: Option<char>| c.is_some_and(|c| matches!(c, '-' | '@' | '/' | '_' | '\\' | '#' | '&' | '=') || c.is_alphanumeric());
        if joins(before) || joins(after) || self.suspended.contains(&right.hash) {
            return None;
        }
        // `hodge-podge`, `willy- nilly`: a rhyme is two halves by right; `atl-atl` says how a word is spoken.
        let tail = |part: Word| &part.of(text).as_bytes()[part.span().len().saturating_sub(RHYME)..];
        let same = left.hash == right.hash;
        if same || (left.span().len() > RHYME && tail(left) == tail(right)) {
            return None;
        }
        // Of two usual words with a hyphen between, no half was broken off; this spares most compounds the look-ups.
        let known = [left, right].map(|part| lexicon.recall(part.hash));
        let parts = known.map(|part| part.entry);
        if gap.is_empty() && parts.iter().all(|part| part.tier() <= USUAL) {
            return None;
        }
        let whole = fold(left.of(text)) + right.of(text);
        let entry = lexicon.words.entry(&whole);
        if !is_usual(whole.len(), entry) {
            return None;
        }
        let fragment = parts.iter().any(|part| part.tier() > USUAL);
        if gap.is_empty() {
            if !self.is_broken(left, parts, right) {
                return None;
            }
        } else if !fragment {
            let beside = lexicon.pairs.web(known[0].id, known[1].id);
            if entry.web_count().unwrap_or(0.0) < MUCH * beside.max(1.0) {
                return None;
            }
        }
        let mut hit = Match::joined(document, left, right);
        hit.certain = fragment;
        Some((hit, !gap.is_empty() || parts.iter().all(|part| part.tier() > USUAL)))
    }

    /// Whether a hyphen inside a word parts no two words: `gov-ernors`, but `e-mail`, `co-operate`, `socio-economic`.
    fn is_broken(&self, left: Word, [first, second]: [Entry; 2], right: Word) -> bool {
        if self.prefixes.contains(&left.hash) || left.span().len() < 2 || right.span().len() < 3 {
            return false;
        }
        second.tier() > USUAL || (first.tier() > USUAL && second.web_count().unwrap_or(0.0) < FREQUENT)
    }
}

fn is_usual(len: usize, word: Entry) -> bool {
    len >= SHORTEST && word.tier() <= USUAL && !word.only_capitalised()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Gate;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<String> {
        let document = Document::from_text(text);
        let gate = Gate::new(&[], |_| true);
        let rule = BrokenHyphenation::new(&Params { suspended: vec!["and".into()], prefixes: vec!["socio".into()] });
        rule.detect(&Context::new(&document, &gate)).into_iter().map(|hit| hit.replacement.unwrap_or_default()).collect()
    }

    #[test]
    fn a_compound_that_no_list_has_is_no_habit() {
        assert!(found("The tight-fisted mayor of the well-known socio-economic forum met the pre- and post-war poets.\n").is_empty());
        assert_eq!(found("The docu-ment is an im-portant one.\n"), ["document", "important"]);
        assert!(found("Cat-apulting kittens\nHow they train for the Beef-alo cup, with an atl-atl, is a secret.\n").is_empty());
    }

    #[test]
    fn other_languages_are_passed_over() {
        let german =
            "Der Rat hat am Montag beschlossen, dass die Mauer, in die seit Jahren nichts inter- national investiert wurde, wird.\n";
        assert!(found(german).is_empty());
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(mis|sile|inter|é|東|A|7|-|- |-\n|\n| ){0,30}") {
            found(&text);
        }
    }
}
