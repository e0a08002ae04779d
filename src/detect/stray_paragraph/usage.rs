//! How usual the words of a run are, by a sample of its documents: in a corpus on one subject its words are no evidence.
//!
//! The documents with the least hashes of their texts are the sample ([`Sample`]): the same ones in whatever order and in how many parts
//! they are counted, and of copies one. Of documents that are nearly the same (a page by several extractors, a story taken over) the first
//! counts: what only they have in common is not usual. How many documents have a term ([`Usage`]) is weighed together with how rare the
//! table of words says that it is in English at large.

use super::maths::ln;
use super::words::Words;
use crate::document::HashedMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use xxhash_rust::xxh3::xxh3_64;

/// Documents of a sample. More of them change no verdict on average.
const MOST: usize = 1 << 9;

/// Bytes of a document that are looked at, the first ones: so many have a thousand terms, which are 8 KB again.
const OPENING: usize = 8 << 10;

/// Of fewer documents nothing is concluded.
const FEWEST: usize = 100;

/// Two documents of which the one has more than this part, in tenths, of the other's terms are nearly the same.
const NEARLY: usize = 4;

/// Documents that are compared for each term they have, the first ones.
const COMPARED: usize = 8;

/// So many documents of English at large the table of words speaks for.
const AT_LARGE: f64 = 1_000.0;

/// A term that one in so many documents has is usual.
const USUAL: u32 = 20;

/// e^(−1/16): the step from one idf to the next.
const STEP: f64 = 0.939_413_062_813_475_8;

/// A term as it is counted: its stem above its idf in English at large.
pub fn counted(stem: u32, idf: u8) -> u64 {
    u64::from(stem) << 8 | u64::from(idf)
}

/// What a text is drawn by, in 63 bits, so that engines without unsigned numbers have the same order.
pub fn lot(text: &str) -> u64 {
    xxh3_64(visible(text).as_bytes()) >> 1
}

/// What is looked at of a text, up to a space.
pub fn opening(text: &str) -> &str {
    let text = visible(text);
    if text.len() <= OPENING {
        return text;
    }
    let mut end = OPENING;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].rsplit_once(char::is_whitespace).map_or("", |(opening, _)| opening)
}

fn visible(text: &str) -> &str {
    text.trim_start_matches('\u{feff}')
}

/// What some documents of a run hold, by the lots of their texts, the least ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lots<T>(BTreeMap<u64, T>);

impl<T> Default for Lots<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> Lots<T> {
    /// Whether a text is to be looked at.
    pub fn want(&self, lot: u64) -> bool {
        !self.0.contains_key(&lot) && (self.0.len() < MOST || self.0.last_key_value().is_some_and(|(last, _)| lot < *last))
    }

    pub fn add(&mut self, lot: u64, held: T) {
        if self.want(lot) {
            self.0.insert(lot, held);
            if self.0.len() > MOST {
                self.0.pop_last();
            }
        }
    }

    /// Takes over what was drawn elsewhere.
    pub fn merge(&mut self, other: Self) {
        other.0.into_iter().for_each(|(lot, held)| self.add(lot, held));
    }

    pub fn map<U>(self, make: impl Fn(T) -> U) -> Lots<U> {
        Lots(self.0.into_iter().map(|(lot, held)| (lot, make(held))).collect())
    }
}

/// The terms of documents, each once. One that cannot be judged has none and says nothing, but keeps its place.
pub type Sample = Lots<Vec<u64>>;

impl Sample {
    /// How usual the terms are; `None` of too few documents.
    pub fn usage(&self) -> Option<Usage> {
        let mut met: HashedMap<Met> = HashedMap::default();
        let mut sizes: Vec<usize> = Vec::new();
        for terms in self.0.values().filter(|terms| !terms.is_empty()) {
            let mut common = vec![0_usize; sizes.len()];
            terms
                .iter()
                .filter_map(|term| met.get(&place(*term)))
                .flat_map(Met::first)
                .for_each(|&number| common[usize::from(number)] += 1);
            if common.iter().zip(&sizes).any(|(common, &size)| common * 10 > NEARLY * size.min(terms.len())) {
                continue;
            }
            for &term in terms {
                met.entry(place(term)).or_insert(Met { term, documents: 0, first: [0; COMPARED] }).add(sizes.len() as u16);
            }
            sizes.push(terms.len());
        }
        if sizes.len() < FEWEST {
            return None;
        }
        // What one document has alone may be the very one that is judged.
        let mut terms: Vec<(u64, u32)> = met.into_values().map(|met| (met.term, met.documents)).filter(|met| met.1 > 1).collect();
        terms.sort_unstable();
        Some(Counts { documents: sizes.len() as u32, terms }.into())
    }
}

/// The documents that have a term.
struct Met {
    term: u64,
    documents: u32,
    first: [u16; COMPARED],
}

impl Met {
    fn add(&mut self, number: u16) {
        if let Some(free) = self.first.get_mut(self.documents as usize) {
            *free = number;
        }
        self.documents += 1;
    }

    fn first(&self) -> &[u16] {
        &self.first[..COMPARED.min(self.documents as usize)]
    }
}

/// The place of a term in a map that takes keys for hashes, and looks at both ends of them.
pub const fn place(term: u64) -> u64 {
    let stem = term >> 8;
    stem << 32 | stem
}

/// How usual terms are in a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Counts", into = "Counts")]
pub struct Usage {
    counts: Counts,
    /// What is known of the terms that several documents of the sample have, by their stems: open addressing, at most half full.
    slots: Vec<Slot>,
    /// What the idf in English at large comes to where no two documents of the sample have the term.
    unmet: [u8; 256],
}

/// A term that several documents have; in a free slot the idf is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Slot {
    stem: u32,
    idf: u8,
    usual: bool,
}

/// What was counted, in the order of the terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Counts {
    documents: u32,
    terms: Vec<(u64, u32)>,
}

impl From<Counts> for Usage {
    fn from(counts: Counts) -> Self {
        let documents = counts.documents.max(1);
        let most = Words::shipped().unknown_idf;
        let mut share = [1.0; 256];
        (1..256).for_each(|idf| share[idf] = share[idf - 1] * STEP);
        // The document in question is one of those that have the term.
        let idf = |at_large: u8, others: u32| {
            let share = (AT_LARGE * share[usize::from(at_large)] + f64::from(others)) / (AT_LARGE + f64::from(documents - 1));
            (-16.0 * ln(share)).round().clamp(1.0, f64::from(most)) as u8
        };
        let mut unmet = [0; 256];
        (0..=u8::MAX).for_each(|at_large| unmet[usize::from(at_large)] = idf(at_large, 0));
        let mut usage = Self { slots: vec![Slot::default(); (2 * counts.terms.len() + 1).next_power_of_two()], unmet, counts };
        for &(term, having) in &usage.counts.terms {
            let stem = (term >> 8) as u32;
            let slot = slot(&usage.slots, stem);
            usage.slots[slot] =
                Slot { stem, idf: idf(term as u8, having.saturating_sub(1)), usual: having.saturating_mul(USUAL) >= documents };
        }
        usage
    }
}

impl From<Usage> for Counts {
    fn from(usage: Usage) -> Self {
        usage.counts
    }
}

/// Where a stem stands, or would.
fn slot(slots: &[Slot], stem: u32) -> usize {
    let mask = slots.len() - 1;
    let mut at = stem as usize & mask;
    while slots[at].idf != 0 && slots[at].stem != stem {
        at = (at + 1) & mask;
    }
    at
}

impl Usage {
    /// How many documents of the run were asked.
    pub const fn documents(&self) -> u32 {
        self.counts.documents
    }

    /// The idf of a term, in sixteenths, and whether it is usual in the run.
    #[inline]
    pub fn weigh(&self, stem: u32, at_large: u8) -> (u8, bool) {
        match self.slots[slot(&self.slots, stem)] {
            Slot { idf: 0, .. } => (self.unmet[usize::from(at_large)], false),
            Slot { idf, usual, .. } => (idf, usual),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The terms of a document: all have term 1, one in ten has term 2, and each has some of its own.
    fn terms(number: u64) -> Vec<u64> {
        let own = |at: u32| counted(10 * (100 + number as u32) + at, 125);
        let all = [counted(1, 125)].into_iter().chain((0..7).map(own));
        all.chain(number.is_multiple_of(10).then(|| counted(2, 40))).collect()
    }

    fn sample(numbers: impl Iterator<Item = u64>) -> Sample {
        let mut sample = Sample::default();
        numbers.for_each(|number| sample.add(lot(&number.to_string()), terms(number)));
        sample
    }

    #[test]
    fn what_is_usual_in_the_run_is_no_evidence_and_what_nobody_else_has_is_more() {
        let usage = sample(0..500).usage().unwrap();
        assert_eq!(usage.documents(), 500);
        // −16 ln((1000 e^(−125/16) + 499) / 1499) is 17.6.
        assert_eq!(usage.weigh(1, 125), (18, true));
        // −16 ln((1000 e^(−40/16) + 49) / 1499) is 39.0: about as usual here as at large.
        assert_eq!(usage.weigh(2, 40), (39, true));
        // −16 ln(1000 e^(−60/16) / 1499) is 66.5.
        assert_eq!(usage.weigh(1_073, 60), (66, false));
        assert_eq!(usage.weigh(1_073, 125), (125, false));
        assert!(sample(0..99).usage().is_none() && sample(0..100).usage().is_some());
    }

    #[test]
    fn of_a_long_text_the_opening_is_looked_at_up_to_a_space() {
        assert_eq!(opening("\u{feff}Short."), "Short.");
        let long = "wörter ".repeat(OPENING);
        assert_eq!((opening(&long).len() + 1) % "wörter ".len(), 0);
        assert!((OPENING - 16..=OPENING).contains(&opening(&long).len()) && opening(&"ö".repeat(OPENING)).is_empty());
        assert_eq!(lot("\u{feff}Short."), lot("Short."));
    }

    #[test]
    fn a_sample_is_the_same_in_whatever_order_and_parts_it_is_drawn() {
        let whole = sample(0..5_000);
        assert_eq!(whole.0.len(), MOST);
        assert_eq!(sample((0..5_000).rev().chain(0..5_000)), whole);
        for parts in [2, 3, 7] {
            let mut merged = Sample::default();
            (0..parts).rev().for_each(|part| merged.merge(sample((0..5_000).filter(|number| number % parts == part))));
            assert_eq!(merged, whole, "{parts} parts");
        }
        let carried = serde_json::to_string(&whole.usage()).unwrap();
        assert_eq!(serde_json::from_str::<Option<Usage>>(&carried).unwrap(), whole.usage());
    }

    #[test]
    fn documents_that_are_nearly_the_same_count_once() {
        let mut copied = sample(0..200);
        for copy in 1..50 {
            // A page with more around the story, and one with less of it.
            let more = terms(7).into_iter().chain((0..5).map(|at| counted(90_000 + 10 * copy + at, 125)));
            copied.add(lot(&format!("more {copy}")), more.collect());
            copied.add(lot(&format!("less {copy}")), terms(7).into_iter().skip(copy as usize % 3).collect());
        }
        let (usage, plain) = (copied.usage().unwrap(), sample(0..200).usage().unwrap());
        assert_eq!((usage.documents(), usage.weigh(1_073, 125)), (200, plain.weigh(1_073, 125)));
    }

    #[test]
    fn documents_without_terms_keep_their_places_and_do_not_count() {
        let mut mixed = sample(0..200);
        (200..400u64).for_each(|number| mixed.add(lot(&number.to_string()), Vec::new()));
        assert_eq!((mixed.0.len(), mixed.usage()), (400, sample(0..200).usage()));
    }
}
