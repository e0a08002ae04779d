//! Kind `split-word`: a space inside a word (`gover nment`, `the re`).

use super::reading::log_count;
use super::unusual::USUAL;
use super::{Context, Match};
use crate::document::{Document, Shape, Word, fold, hash_of};
use crate::finding::Fact;
use crate::lexicon::{Lexicon, word_hash};
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// Two fragments side by side that make one usual word. English documents only.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {
    /// First parts that are written apart by right, or want a hyphen: `non stop`.
    #[serde(default)]
    pub prefixes: Vec<String>,
    /// How much likelier the whole word must be between its neighbours than the two, as a natural logarithm of the odds.
    #[serde(default = "usual_odds")]
    pub min_odds: f64,
}

const fn usual_odds() -> f64 {
    9.0
}

#[derive(Debug)]
pub struct SplitWord {
    prefixes: HashSet<u64>,
    min_odds: f64,
}

/// Fewest bytes of the whole word.
const SHORTEST: usize = 4;
/// What stands in a document more often is a word of its own.
const MOST: u32 = 2;
/// Occurrences in the web from which a word is usual.
const FREQUENT: f64 = 1e6;
/// Occurrences from which on a word is among the few hundred that make up most of a text (`there`).
const EVERYWHERE: f64 = 3e8;
/// Odds so far above the threshold make a certain fix.
const CERTAIN: f64 = 5.0;

impl SplitWord {
    pub const PLACEHOLDERS: [&'static str; 4] = ["left", "right", "expected", "odds"];

    pub fn new(params: &Params) -> Self {
        let prefixes = params.prefixes.iter().map(|word| hash_of(word)).collect();
        Self { prefixes, min_odds: params.min_odds }
    }

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let document = cx.document;
        let unusual = cx.unusual();
        let mut found: Vec<Match> = Vec::new();
        let mut counts = HashMap::new();
        let mut end = 0;
        for &number in unusual {
            let at = number as usize;
            for left in [at.wrapping_sub(1), at] {
                let Some([first, second]) = document.words.get(left..).and_then(|words| words.first_chunk::<2>()).copied() else {
                    continue;
                };
                if first.span().start < end || !is_pair(document, first, second) {
                    continue;
                }
                if let Some(hit) = self.judge(document, cx.english(), left, first, second) {
                    if counts.is_empty() {
                        unusual.iter().for_each(|&one| *counts.entry(document.words[one as usize].hash).or_insert(0) += 1);
                    }
                    if counts.get(&document.words[at].hash).is_some_and(|&count| count <= MOST) {
                        end = hit.span.end;
                        found.push(hit);
                    }
                }
            }
        }
        if !found.is_empty() && document.language().is_some_and(|language| language.code != "en") {
            found.clear();
        }
        found
    }

    fn judge(&self, document: &Document, lexicon: &Lexicon, at: usize, left: Word, right: Word) -> Option<Match> {
        let text = &*document.text;
        let whole = fold(left.of(text)) + right.of(text);
        if whole.len() < SHORTEST || !lexicon.words.may_be_candidate(&whole) {
            return None;
        }
        let hash = word_hash(&whole);
        let entry = lexicon.words.find(hash).entry;
        let count = entry.web_count().unwrap_or(0.0);
        if entry.tier() > USUAL || entry.only_capitalised() || count < FREQUENT {
            return None;
        }
        // `we re` lost an apostrophe.
        if lexicon.words.entry(&format!("{}'{}", fold(left.of(text)), right.of(text))).listed() {
            return None;
        }
        let usual = |word: Word| word.span().len() > 2 && lexicon.recall(word.hash).entry.tier() <= USUAL;
        if self.prefixes.contains(&left.hash) && usual(right) {
            return None;
        }
        let (before, after) = beside(document, at);
        let reading = |inner: &[u64]| log_count(lexicon, &before.iter().chain(inner).chain(&after).copied().collect::<Vec<_>>());
        let odds = reading(&[hash]) - reading(&[left.hash, right.hash]);
        // A word of its own is there by right: what stands beside it may be a slip or a name (`wait by te wall`).
        let certain = odds > self.min_odds + CERTAIN;
        let stands_alone = |word: Word| word.span().len() > 1 && lexicon.recall(word.hash).entry.tier() <= USUAL;
        if odds < self.min_odds || (!certain && count < EVERYWHERE && (stands_alone(left) || stands_alone(right))) {
            return None;
        }
        let mut hit = Match::joined(document, left, right);
        hit.facts.push((Cow::Borrowed("odds"), Fact::Number(odds)));
        hit.certain = certain;
        Some(hit)
    }
}

/// The words before and after a pair, where nothing but a space parts them from it.
fn beside(document: &Document, at: usize) -> (Option<u64>, Option<u64>) {
    let words = &*document.words;
    let text = document.text.as_bytes();
    let apart = |left: usize| text.get(words[left].span().end..words[left + 1].span().start) == Some(b" ");
    let before = at.checked_sub(1).filter(|&before| apart(before)).map(|before| words[before].hash);
    (before, (at + 2 < words.len() && apart(at + 1)).then(|| words[at + 2].hash))
}

/// Two words of letters with one space between and nothing joined to them; the first may open a sentence.
fn is_pair(document: &Document, left: Word, right: Word) -> bool {
    let text = document.text.as_bytes();
    let plain = |word: Word| {
        let odd = Shape::DIGIT | Shape::INNER_CAPITAL | Shape::APOSTROPHE | Shape::NON_ASCII | Shape::HIDDEN;
        !word.shape.any(odd) && word.shape.has(Shape::LETTER)
    };
    let (start, end) = (left.span().start, right.span().end);
    let free = |byte: Option<&u8>| {
        byte.is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'(' | b')' | b',' | b'.' | b';' | b':' | b'!' | b'?'))
    };
    let opens = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'(');
    text.get(left.span().end..right.span().start) == Some(b" ")
        && plain(left)
        && plain(right)
        && !right.shape.any(Shape::CAPITAL)
        && start.checked_sub(1).is_none_or(|before| opens(&text[before]))
        && free(text.get(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Gate;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<String> {
        let document = Document::from_text(text);
        let gate = Gate::new(&[], |_| true);
        let rule = SplitWord::new(&Params { prefixes: vec!["re".into()], min_odds: usual_odds() });
        rule.detect(&Context::new(&document, &gate)).into_iter().map(|hit| hit.span.of(text).to_owned()).collect()
    }

    #[test]
    fn what_a_document_writes_often_is_a_word_of_its_own() {
        assert_eq!(found("The gover nment fell.\n"), ["gover nment"]);
        assert!(found("The gover nment fell. A gover nment rose. No gover nment stood.\n").is_empty());
    }

    #[test]
    fn nothing_is_joined_across_lines_or_marks() {
        assert!(found("The gover\nnment fell. The gover-nment, the gover, nment and the /gover nment fell.\n").is_empty());
    }

    proptest! {
        #[test]
        fn findings_do_not_overlap(text in "(go|ver|nment|the|re|s|aid|é|東|A|7| |\n|-){0,40}") {
            for hit in found(&text) {
                prop_assert!(hit.contains(' '));
            }
        }
    }
}
