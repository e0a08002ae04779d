//! Typos of a language that only a dictionary is known of, without counts: its unknown words, and names that drift.
//!
//! A word that the dictionary lacks is a typo where the document has a word one edit away more often; without that, where the
//! slips that fingers are readiest to make lead to a single word of the dictionary. Dictionaries lack so many names and joined words
//! that more would be guessing.

use super::features::Features;
use super::model::{Model, Regime};
use super::pass::{Typo, Verdict};
use super::rests::Rests;
use super::view::{Marks, View};
use crate::document::fold;
use crate::lexicon::hunspell::Dictionary;
use crate::lexicon::word_hash;
use crate::text::Span;
use std::cell::RefCell;
use std::collections::HashMap;

/// Characters of the shortest word that is looked at, of the shortest that only the dictionary speaks for, of the shortest of these that
/// has lost a letter, and of the longest.
const SHORTEST: usize = 5;
const SHORTEST_ALONE: usize = 6;
const SHORTEST_DROPPED: usize = 9;
const LONGEST: usize = 40;

/// A spelling that stands more often is meant.
const MOST_OFTEN: u32 = 2;

/// One unknown word in so many is usual; where there are more, the dictionary does not fit the text.
const USUAL_UNKNOWN: usize = 4;

/// Words on either side, and how many of them unknown make a passage in another language.
const AROUND: usize = 4;
const MOST_UNKNOWN_AROUND: usize = 2;

/// Searches in the dictionary for one document.
const MOST_SEARCHES: usize = 64;

/// How far above the threshold they are put: shown, but for a person to decide.
const ABOVE: f64 = 0.5;

/// The typos of a document in the language of the dictionary.
pub fn typos(view: &View, dictionary: &Dictionary) -> Vec<Typo> {
    let folded: Vec<String> = view.terms.iter().map(|term| fold(view.word(term.first as usize))).collect();
    let is_word = |term: usize| !view.tokens[view.terms[term].first as usize].marks.any(Marks::APOSTROPHE | Marks::PART);
    let knows = |term: usize| {
        let first = view.terms[term].first as usize;
        let key = view.terms[term].hash ^ u64::from(view.tokens[first].marks.any(Marks::CAPITAL));
        remembered(dictionary, key, || dictionary.knows(view.word(first)))
    };
    let known: Vec<bool> = (0..folded.len()).map(|term| !is_word(term) || knows(term)).collect();
    let unknown = known.iter().filter(|known| !**known).count();
    if unknown == 0 || unknown * USUAL_UNKNOWN > known.len() {
        return Vec::new();
    }
    let support = Support::new(view, &folded, &known);
    let mut searches = 0;
    let mut typos = Vec::new();
    for number in 0..view.tokens.len() {
        let token = view.tokens[number];
        let term = token.term as usize;
        if known[term] || view.terms[term].count > MOST_OFTEN || token.marks.any(Marks::INNER_CAPITAL) || view.is_code(number) {
            continue;
        }
        let word = &folded[term];
        let letters = word.chars().count();
        let near = number.saturating_sub(AROUND)..(number + AROUND + 1).min(view.tokens.len());
        let unknown_around = near.filter(|&other| other != number && !known[view.tokens[other].term as usize]).count();
        if !(SHORTEST..=LONGEST).contains(&letters) || unknown_around > MOST_UNKNOWN_AROUND {
            continue;
        }
        let capital = token.marks.any(Marks::CAPITAL);
        // A name in a title of another language is no slip of a word of this one.
        let beside_unknown = [number.wrapping_sub(1), number + 1]
            .iter()
            .any(|&other| view.tokens.get(other).is_some_and(|token| !known[token.term as usize]));
        let right = support.of(word, view, &folded, capital).filter(|&right| !(capital && known[right] && beside_unknown));
        if dictionary.is_two_words(word) {
            continue;
        }
        let (regime, candidates, witness) = if let Some(right) = right {
            let first = view.tokens[view.terms[right].first as usize];
            let regime = if capital { Regime::Name } else { Regime::UnknownWord };
            (regime, vec![folded[right].clone()], Some((right as u32, Span::new(first.start(), first.end()))))
        } else if !capital && letters >= SHORTEST_ALONE && view.terms[term].count == 1 && searches < MOST_SEARCHES {
            searches += 1;
            let mut near = dictionary.near(word);
            near.retain(|right| {
                let dropped = right.chars().count() > letters;
                !right.contains(char::is_uppercase) && !is_ending(word, right) && (!dropped || letters >= SHORTEST_DROPPED)
            });
            (Regime::UnknownWord, near, None)
        } else {
            continue;
        };
        let [candidate] = candidates.as_slice() else { continue };
        let mut right = candidate.chars();
        let suggestion = match right.next() {
            Some(first) if capital => first.to_uppercase().chain(right).collect(),
            _ => candidate.clone(),
        };
        let verdict = Verdict {
            regime,
            token: number,
            span: Span::new(token.start(), token.end()),
            candidate: candidate.clone(),
            candidate_term: witness.map(|(term, _)| term),
            rivals: Vec::new(),
            score: Model::standard().threshold(regime) + ABOVE,
            features: Features::NONE,
        };
        typos.push(Typo { verdict, suggestion, alternatives: Vec::new(), witness: witness.map(|(_, span)| span) });
    }
    typos
}

/// What a dictionary knows, remembered from document to document: the key is the hash of a spelling in its case.
fn remembered(dictionary: &Dictionary, key: u64, ask: impl FnOnce() -> bool) -> bool {
    const MOST: usize = 1 << 17;
    thread_local! {
        static KNOWN: RefCell<(u64, HashMap<u64, bool>)> = RefCell::default();
    }
    KNOWN.with_borrow_mut(|(of, known)| {
        if *of != dictionary.id() || known.len() >= MOST {
            *of = dictionary.id();
            known.clear();
        }
        *known.entry(key).or_insert_with(ask)
    })
}

/// Whether two words differ in nothing but the last two letters: forms of one word.
fn is_ending(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let common = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    common + 2 >= one.len().max(other.len())
}

/// Words that a document has twice and more.
struct Support(Rests);

impl Support {
    fn new(view: &View, folded: &[String], known: &[bool]) -> Self {
        let supports = |number: usize| {
            let (term, known) = (&view.terms[number], known[number]);
            term.count >= 2 && (known || term.capitals >= 2) && (SHORTEST - 1..=LONGEST + 1).contains(&folded[number].chars().count())
        };
        Self(Rests::of((0..).zip(folded).filter(|&(number, _)| supports(number as usize)).map(|(number, word)| (number, word.as_str()))))
    }

    /// The term one edit away that the document has more often.
    fn of(&self, word: &str, view: &View, folded: &[String], capital: bool) -> Option<usize> {
        let own = view.find(word_hash(word)).map_or(0, |term| view.terms[term as usize].count);
        let mut near: Vec<usize> = self.0.near(word).into_iter().map(|term| term as usize).collect();
        near.retain(|&term| {
            let (right, of) = (&folded[term], &view.terms[term]);
            let case_fits = if capital { of.capitals == of.count } else { of.capitals < of.count };
            case_fits
                && of.count > own
                && right.chars().next() == word.chars().next()
                && strsim::osa_distance(word, right) == 1
                && !is_ending(word, right)
        });
        near.into_iter().max_by_key(|&term| view.terms[term].count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::lexicon::Lexicon;

    const AFF: &str = "SET UTF-8\nSFX S Y 1\nSFX S 0 r .\n";
    const DIC: &str =
        "12\nder\nhavet\nund\nwar\nruhig\nstille\nküste\nsturm\nlag\nschöne/S\nalte/S\nam\nging\nnoch\nwieder\nüber\nhinaus\n";

    fn found(text: &str) -> Vec<(String, String, Regime, bool)> {
        let dictionary = Dictionary::new(AFF, DIC).unwrap();
        let document = Document::from_text(text);
        let found = typos(&View::new(&document, Lexicon::english()), &dictionary).into_iter();
        found.map(|typo| (typo.verdict.span.of(text).to_string(), typo.suggestion, typo.verdict.regime, typo.witness.is_some())).collect()
    }

    #[test]
    fn slips_of_a_word_are_found_by_dictionary_and_document() {
        assert_eq!(
            found("der alte sturm war stille und lag am havet noch über der küste und war wieeder ruhig"),
            [("wieeder".into(), "wieder".into(), Regime::UnknownWord, false)]
        );
        assert_eq!(
            found("der küste war ruhig und am küste lag der alte sturm noch hinaus über der käste und ging wieder am havet"),
            [("käste".into(), "küste".into(), Regime::UnknownWord, true)]
        );
    }

    #[test]
    fn names_drift_from_what_the_document_has_more_often() {
        assert_eq!(
            found(
                "der alte Pjotrov lag ruhig und Pjotrov ging am havet hinaus und war stille noch wieder war Pjotrow und Pjortov lag über der küste"
            ),
            [("Pjortov".into(), "Pjotrov".into(), Regime::Name, true)]
        );
    }

    #[test]
    fn what_the_dictionary_does_not_fit_is_left_alone() {
        // An ending; a passage in another language; a word of which the dictionary has no likely form.
        for text in [
            "der alte sturm war schönes und lag am havet noch über der küste und ging wieder",
            "the old storm lay over coasts and wieeder",
            "der alte sturm war stille und lag am havet noch über der küste und ging qwertzig",
            "",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
        found(&"xq'ü ".repeat(20_000));
    }
}
