//! Kind `confused-words`: words that are taken for one another (`their`, `there`), told apart by what they stand between.
//!
//! Both words are known to every dictionary, so that the word alone is never evidence. A set is decided by its context (as
//! with Golding and Roth, 1999), here by the counts of two and three words that the lexicon holds.

use super::sieve::Sieve;
use super::{Context, Match};
use crate::document::{Document, Word, fold};
use crate::finding::Fact;
use crate::lexicon::{COUNTED_WORDS, Id, Known, Lexicon, word_hash};
use crate::yaml::Flaw;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;

/// Words that are taken for one another; which of them is meant is decided by the words around. English documents only.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {
    /// Words of which one is written for another: `[their, there]`.
    #[serde(default)]
    pub sets: Vec<Vec<String>>,
    /// More of them, beside those of the rule.
    #[serde(default)]
    pub also_sets: Vec<Vec<String>>,
    /// How much likelier the other word must be in this place, as a natural logarithm of the odds.
    #[serde(default = "usual_odds")]
    pub min_odds: f64,
}

const fn usual_odds() -> f64 {
    6.5
}

#[derive(Debug)]
pub struct Confusion {
    others: Sieve<Vec<(String, u64)>>,
    min_odds: f64,
}

/// What is put for a run of two or three words that was met too seldom to be in the tables, which start at 6 and 8: about
/// what half of the limit is.
const UNSEEN_PAIR: f64 = 2.5;
const UNSEEN_TRIPLE: f64 = 3.5;
/// Words in the web text behind the second table of pairs.
const WEB_WORDS: f64 = 1.0e12;
/// Pairs so many times as frequent as those of the written word leave it no place.
const OUTWEIGHED: f64 = 1000.0;
/// So much higher must the odds be where no run of three words speaks for the other word, or the written one stands in a usual
/// place itself.
const WEAK: f64 = 1.5;
/// Odds so far above the threshold make a certain fix.
const CERTAIN: f64 = 4.0;

impl Confusion {
    pub const PLACEHOLDERS: [&'static str; 4] = ["found", "expected", "context", "odds"];

    pub fn new(params: Params) -> Result<Self, Vec<Flaw>> {
        let mut others: Sieve<Vec<(String, u64)>> = Sieve::default();
        for set in params.sets.iter().chain(&params.also_sets) {
            if let Some(word) =
                set.iter().find(|word| word.is_empty() || !word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’')))
            {
                let flaw = Flaw::new(Default::default(), format!("`{word}` is not one word of letters"), "in this rule");
                return Err(vec![flaw.help("a set names single words: `[their, there]`")]);
            }
            for word in set {
                let known = others.entry(word);
                for other in set.iter().map(|other| fold(other)).filter(|other| *other != fold(word)) {
                    if !known.iter().any(|(listed, _)| *listed == other) {
                        let hash = word_hash(&other);
                        known.push((other, hash));
                    }
                }
            }
        }
        Ok(Self { others, min_odds: params.min_odds })
    }

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let document = cx.document;
        let mut found = Vec::new();
        for block in &document.blocks {
            for at in block.words() {
                if let Some(others) = self.others.get(&document.words[at]) {
                    found.extend(self.judge(cx, at, others));
                }
            }
        }
        if !found.is_empty() && document.language().is_some_and(|language| language.code != "en") {
            found.clear();
        }
        found
    }

    fn judge(&self, cx: &Context<'_>, at: usize, others: &[(String, u64)]) -> Option<Match> {
        let document = cx.document;
        let place = Place::of(cx, at)?;
        let word = document.words[at];
        let lexicon = cx.english();
        let known = lexicon.recall(word.hash);
        let others = others.iter().map(|(other, hash)| (lexicon.recall(*hash), other)).filter(|(other, _)| place.may_have_met(other.id));
        let mut others = others.peekable();
        // What was met here before is meant, however rare.
        if others.peek().is_none() || place.knows(known.id) {
            return None;
        }
        let own = place.fit(known);
        let fits = others.map(|(known, other)| (place.fit(known), other)).filter(|(fit, _)| place.was_met(fit));
        let (odds, fit, other) = fits.map(|(fit, other)| (fit.odds(&own), fit, other)).max_by(|a, b| a.0.total_cmp(&b.0))?;
        let weak = fit.triples == [0.0; 3] || place.was_met_beside(&own, &fit);
        if odds < self.min_odds + if weak { WEAK } else { 0.0 } {
            return None;
        }
        let text = &*document.text;
        let found = word.of(text);
        let mut letters = other.chars();
        let meant: String = match letters.next() {
            Some(first) if word.shape.is_capitalised() => first.to_uppercase().chain(letters).collect(),
            _ => other.clone(),
        };
        let mut hit = Match::at(word.span());
        let context = place.context(document, at, &meant);
        let facts = [("found", found.to_owned()), ("expected", meant.clone()), ("context", context)];
        hit.facts = facts.into_iter().map(|(name, fact)| (Cow::Borrowed(name), Fact::Text(fact))).collect();
        hit.facts.push((Cow::Borrowed("odds"), Fact::Number(odds)));
        hit.replacement = Some(meant);
        hit.certain = odds > self.min_odds + CERTAIN;
        Some(hit)
    }
}

/// The words around a place, as far as nothing but a space parts them, from left to right.
struct Place {
    lexicon: &'static Lexicon,
    left: [Option<Known>; 2],
    right: [Option<Known>; 2],
}

/// How often a word was met between its neighbours; 0 where seldom.
struct Fit {
    alone: f64,
    /// Beside the left and the right neighbour.
    pairs: [f64; 2],
    /// Behind two words, before two words, between two.
    triples: [f64; 3],
    /// How often the triples are to be expected, going by their pairs.
    expected: [f64; 3],
}

impl Fit {
    /// How much likelier this word is than the other, as the natural logarithm of the odds: what each side says of it, without
    /// counting twice how frequent the two are.
    fn odds(&self, other: &Self) -> f64 {
        let frequency = (self.alone / other.alone).ln();
        let triple = |at: usize| ratio(self.triples[at], other.triples[at], UNSEEN_TRIPLE);
        // That `it's time has` was never met says much, since `it's time` and `time has` are frequent.
        let absent = |at: usize| absence(self.expected[at]) - absence(other.expected[at]);
        let side = |at: usize| {
            let pair = ratio(self.pairs[at], other.pairs[at], UNSEEN_PAIR);
            match (triple(at), pair) {
                (Some(triple), Some(pair)) if triple * pair > 0.0 && pair.abs() > triple.abs() => pair,
                (Some(triple), _) => triple,
                (None, pair) => pair.unwrap_or(frequency) + absent(at),
            }
        };
        side(0) + side(1) - frequency + triple(2).unwrap_or_else(|| absent(2))
    }
}

/// How likely it is that a run was not met which is to be expected so often, as a natural logarithm.
fn absence(expected: f64) -> f64 {
    (UNSEEN_TRIPLE / expected.max(UNSEEN_TRIPLE)).ln()
}

/// `None` where neither was met.
fn ratio(one: f64, other: f64, unseen: f64) -> Option<f64> {
    (one > 0.0 || other > 0.0).then(|| (one.max(unseen) / other.max(unseen)).ln())
}

impl Place {
    fn of(cx: &Context<'_>, at: usize) -> Option<Self> {
        let (document, lexicon) = (cx.document, cx.english());
        let words = &*document.words;
        let bytes = document.text.as_bytes();
        let beside = |left: usize| {
            let (one, other): (&Word, &Word) = (words.get(left)?, words.get(left + 1)?);
            (bytes.get(one.span().end..other.span().start) == Some(b" ")).then_some(())
        };
        // What ends a sentence stands in another way than what goes on: the counts do not tell the two apart.
        beside(at)?;
        let before = words[at].span().start.checked_sub(1).map(|before| bytes[before]);
        let opens = || document.sentences.binary_search_by_key(&at, |sentence| sentence.words().start).is_ok();
        // Part of a compound or an address; or a name, unless a sentence opens here.
        if before.is_some_and(|byte| !matches!(byte, b' ' | b'\n' | b'"' | b'(' | 0x80..)) || (words[at].shape.is_capitalised() && !opens())
        {
            return None;
        }
        let known = |at: usize| lexicon.recall(words[at].hash);
        let first = at.checked_sub(1).and_then(|left| beside(left).map(|()| known(left)));
        let second = first.and(at.checked_sub(2)).and_then(|left| beside(left).map(|()| known(left)));
        let fourth = beside(at + 1).map(|()| known(at + 2));
        (first.is_some() || fourth.is_some()).then_some(Self { lexicon, left: [second, first], right: [Some(known(at + 1)), fourth] })
    }

    /// Whether the word was met beside each of its neighbours: `in principle` alone does not tell what `in principal which` means.
    fn was_met(&self, fit: &Fit) -> bool {
        let beside = [self.left[1], self.right[0]];
        fit.triples[2] > 0.0 || beside.iter().zip(fit.pairs).all(|(beside, pair)| beside.is_none() || pair > 0.0)
    }

    /// False for a word of which [`Self::was_met`] says that it was not; a look at a filter.
    fn may_have_met(&self, word: Id) -> bool {
        let ([_, first], [third, _]) = (self.left, self.right);
        let pairs = &self.lexicon.pairs;
        first.is_none_or(|first| pairs.may_contain(first.id, word)) && third.is_none_or(|third| pairs.may_contain(word, third.id))
    }

    /// Whether the written word was met beside each of its neighbours, and not too seldom for that.
    fn was_met_beside(&self, own: &Fit, other: &Fit) -> bool {
        let beside = [self.left[1], self.right[0]];
        (0..2).all(|side| beside[side].is_none() || own.pairs[side] * OUTWEIGHED > other.pairs[side].max(1.0))
    }

    /// Whether a run of three words with this one was met.
    fn knows(&self, word: Id) -> bool {
        let trigrams = &self.lexicon.trigrams;
        // The one that is in the table most often comes first.
        self.runs(Some(word)).into_iter().rev().any(|run| matches!(run, [Some(a), Some(b), Some(c)] if trigrams.contains([a, b, c])))
    }

    /// The word behind two others, before two, and between two.
    fn runs(&self, word: Option<Id>) -> [[Option<Id>; 3]; 3] {
        let [second, first, third, fourth] = self.ids();
        [[second, first, word], [word, third, fourth], [first, word, third]]
    }

    fn ids(&self) -> [Option<Id>; 4] {
        let ([second, first], [third, fourth]) = (self.left, self.right);
        [second, first, third, fourth].map(|word| word.map(|word| word.id))
    }

    fn fit(&self, word: Known) -> Fit {
        let lexicon = self.lexicon;
        let of_web = COUNTED_WORDS / WEB_WORDS;
        let pair =
            |a: Option<Id>, b: Option<Id>| a.zip(b).map_or(0.0, |(a, b)| lexicon.pairs.free(a, b).max(lexicon.pairs.web(a, b) * of_web));
        let triple = |words: [Option<Id>; 3]| match words {
            [Some(a), Some(b), Some(c)] => lexicon.trigrams.get([a, b, c]),
            _ => 0.0,
        };
        let [second, first, third, fourth] = self.ids();
        let here = Some(word.id);
        let count = |word: Option<Known>| word.map_or(0.0, |word| word.entry.free_count());
        let alone = word.entry.free_count().max(word.entry.web_count().unwrap_or(0.0) * of_web).max(1.0);
        let pairs = [pair(first, here), pair(here, third)];
        let expected = |pair: f64, next: f64, middle: f64| if middle > 0.0 { pair * next / middle } else { 0.0 };
        Fit {
            alone,
            pairs,
            triples: self.runs(here).map(triple),
            expected: [
                expected(pairs[0], pair(second, first), count(self.left[1])),
                expected(pairs[1], pair(third, fourth), count(self.right[0])),
                expected(pairs[0], pairs[1], alone),
            ],
        }
    }

    /// What is usual here: the word that is meant with its neighbours.
    fn context(&self, document: &Document, at: usize, meant: &str) -> String {
        let text = &*document.text;
        let mut parts = Vec::new();
        if self.left[1].is_some() {
            parts.push(document.words[at - 1].of(text));
        }
        parts.push(meant);
        if self.right[0].is_some() {
            parts.push(document.words[at + 1].of(text));
        }
        parts.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Gate;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<(String, String)> {
        let document = Document::from_text(text);
        let gate = Gate::new(&[], |_| true);
        let sets = vec![vec!["their".into(), "there".into()], vec!["then".into(), "than".into()], vec!["its".into(), "it's".into()]];
        let rule = Confusion::new(Params { sets, also_sets: vec![], min_odds: usual_odds() }).unwrap();
        let hits = rule.detect(&Context::new(&document, &gate));
        hits.into_iter().map(|hit| (hit.span.of(text).to_owned(), hit.replacement.unwrap_or_default())).collect()
    }

    #[test]
    fn the_words_around_decide() {
        let expected = |found: &str, right: &str| vec![(found.to_owned(), right.to_owned())];
        assert_eq!(found("It cost less then four years of rent.\n"), expected("then", "than"));
        assert_eq!(found("Their is no doubt about it.\n"), expected("Their", "There"));
        assert!(found("There is no doubt that their town paid more than it had then.\n").is_empty());
    }

    #[test]
    fn names_compounds_and_the_ends_of_sentences_are_left_alone() {
        assert!(found("He read less Then half an hour. She liked the less-then half. They went over their.\n").is_empty());
    }

    #[test]
    fn the_filter_lets_through_what_was_met() {
        let text = "It cost less than four years of rent, and there is no doubt that the council would have to pay for it.\n";
        let document = Document::from_text(text);
        let gate = Gate::new(&[], |_| true);
        let cx = Context::new(&document, &gate);
        let places: Vec<Place> = (0..document.words.len()).filter_map(|at| Place::of(&cx, at)).collect();
        let words = ["then", "than", "their", "there", "is", "the", "council", "to", "have", "minster"]
            .map(|word| Lexicon::english().words.find_word(word));
        let met = |place: &&Place, word: &&Known| place.was_met(&place.fit(**word));
        assert!(
            places.iter().flat_map(|place| words.iter().filter(move |word| met(&place, word)).map(move |word| (place, word))).count() > 10
        );
        assert!(places.iter().all(|place| words.iter().all(|word| !met(&place, &word) || place.may_have_met(word.id))));
    }

    #[test]
    fn a_set_of_more_than_words_is_refused() {
        assert!(
            Confusion::new(Params { sets: vec![vec!["a lot".into(), "alot".into()]], also_sets: vec![], min_odds: usual_odds() }).is_err()
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(their|there|Then|than|its|it’s|no|é|東|7| |\n|-){0,40}") {
            found(&text);
        }
    }
}
