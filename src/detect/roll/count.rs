//! In how many documents of a run each name stands.

use super::drift::{Drift, Search};
use super::named::{MOST_BESIDE, Named, may_slip};
use crate::detect::misspelling::{Names, Recurring};
use crate::lexicon::forms::{inflection, spelling_variants};
use crate::lexicon::{Lexicon, word_hash};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Names that a bounded roll counts at a time, of 100 to 500 bytes each.
const MOST_NAMES: usize = 1 << 17;

/// In fewer documents a spelling is not established.
const ESTABLISHED: u32 = 5;

/// So many documents must have the one spelling for each that has the other.
pub const RATIO: u32 = 5;

/// Documents that are named as witnesses.
pub(super) const SHOWN: usize = 3;

/// How often the names of a run stand in its documents, each of which has a rank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roll<R> {
    names: HashMap<String, Count<R>>,
    documents: u32,
    /// In so many documents a name that is not remembered may have stood.
    forgotten: u32,
    /// So many names are remembered.
    most: usize,
}

/// How often one name does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count<R> {
    pub documents: u32,
    /// In so many more it may have stood before it was remembered.
    missed: u32,
    /// The documents of the lowest ranks that have it, in order.
    pub first: [Option<R>; SHOWN],
    /// What was met beside it, with the first document and the place there, in their order: the first that were met.
    pub beside: Vec<((R, u8), u64)>,
}

impl<R> Default for Count<R> {
    fn default() -> Self {
        Self { documents: 0, missed: 0, first: [const { None }; SHOWN], beside: Vec::new() }
    }
}

impl<R: Ord + Clone> Count<R> {
    fn add(&mut self, rank: &R, beside: &[u64]) {
        self.documents += 1;
        self.among_first(rank);
        (0..).zip(beside).for_each(|(at, &key)| self.meets((rank.clone(), at), key));
    }

    pub fn merge(&mut self, other: Self) {
        self.documents += other.documents;
        self.missed += other.missed;
        other.first.iter().flatten().for_each(|rank| self.among_first(rank));
        other.beside.into_iter().for_each(|(seat, key)| self.meets(seat, key));
    }

    fn among_first(&mut self, rank: &R) {
        let at = self.first.iter().position(|first| first.as_ref().is_none_or(|first| rank < first));
        if let Some(at) = at {
            self.first[at..].rotate_right(1);
            self.first[at] = Some(rank.clone());
        }
    }

    fn meets(&mut self, seat: (R, u8), key: u64) {
        match self.beside.iter().position(|(_, known)| *known == key) {
            Some(at) if self.beside[at].0 <= seat => return,
            Some(at) => drop(self.beside.remove(at)),
            None => {}
        }
        let at = self.beside.partition_point(|(other, _)| *other < seat);
        if at < MOST_BESIDE {
            self.beside.insert(at, (seat, key));
            self.beside.truncate(MOST_BESIDE);
        }
    }

    /// The most documents that may have it.
    const fn own(&self) -> u32 {
        self.documents + self.missed
    }

    /// So many documents have it that others may be slips of it.
    pub const fn is_established(&self) -> bool {
        self.documents >= ESTABLISHED
    }

    /// Whether this name, of a run of so many documents, is rare enough to be a slip.
    pub fn may_be_slip(&self, word: &str, documents: u32, lexicon: &Lexicon) -> bool {
        self.own().saturating_mul(RATIO) <= documents && may_slip(lexicon, word_hash(word))
    }

    /// Whether this name is a slip of one that many have, which is an edit away.
    pub fn is_slip_of(&self, word: &str, right: &Self, right_word: &str) -> bool {
        right.documents >= self.own().saturating_mul(RATIO)
            && self.beside.iter().any(|(_, key)| right.beside.iter().any(|(_, other)| key == other))
            && !inflection(word, right_word)
            && !spelling_variants(word, right_word)
    }
}

impl<R> Default for Roll<R> {
    fn default() -> Self {
        Self { names: HashMap::new(), documents: 0, forgotten: 0, most: usize::MAX }
    }
}

impl<R: Ord + Clone> Roll<R> {
    /// One that remembers some hundred thousand names and no more, whatever it is given.
    pub fn bounded() -> Self {
        Self { most: MOST_NAMES, ..Self::default() }
    }

    /// Counts a document.
    pub fn add(&mut self, rank: &R, names: Vec<Named>) {
        for Named { word, beside } in names {
            self.count(word).add(rank, &beside);
        }
        self.documents += 1;
        if self.names.len() > self.most {
            self.forget();
        }
    }

    /// Takes over what was counted in other documents.
    pub fn merge(&mut self, other: Self) {
        other.names.into_iter().for_each(|(word, count)| self.merge_name(word, count));
        self.documents += other.documents;
    }

    /// Takes over what was counted of one name.
    pub fn merge_name(&mut self, word: String, count: Count<R>) {
        self.count(word).merge(count);
    }

    fn count(&mut self, word: String) -> &mut Count<R> {
        let missed = self.forgotten;
        self.names.entry(word).or_insert_with(|| Count { missed, ..Count::default() })
    }

    pub fn into_names(self) -> impl Iterator<Item = (String, Count<R>)> {
        self.names.into_iter()
    }

    /// Makes room for half of the names, so that it need not be done for each document.
    fn forget(&mut self) {
        let mut least = 0;
        while self.names.len() > self.most / 2 {
            least += 1;
            self.names.retain(|_, count| count.documents > least);
        }
        self.forgotten += least;
    }

    /// The slips, with the documents to be asked about the right spelling.
    pub fn search(&self, lexicon: &Lexicon) -> Search<R> {
        let established = self.names.iter().filter(|(_, count)| count.is_established());
        let mut established: Vec<&String> = established.map(|(name, _)| name).collect();
        established.sort_unstable();
        let recurring = established.iter().map(|name| Recurring { hash: word_hash(name), word: (*name).clone(), term: None });
        let near = Names::of(recurring.collect());
        let mut search = Search { drifts: Vec::new() };
        for (word, count) in &self.names {
            if !count.may_be_slip(word, self.documents, lexicon) || !near.may_have_near(word, false) {
                continue;
            }
            let right = near.near(word, false).into_iter().filter_map(|right| {
                let of = self.names.get(&right.word)?;
                count.is_slip_of(word, of, &right.word).then_some((of, &right.word))
            });
            if let Some((of, right)) = right.max_by_key(|(of, right)| (of.documents, *right)) {
                let drift = Drift { right: right.clone(), documents: of.documents, own: count.own(), places: Vec::new() };
                search.drifts.push((word_hash(word), drift, of.first.clone()));
            }
        }
        search.drifts.sort_unstable_by_key(|(hash, ..)| *hash);
        search
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roll_that_is_full_forgets_the_rarest_and_knows_what_it_may_have_lost() {
        let mut roll = Roll::bounded();
        let named = |word: String| Named { word, beside: Vec::new() };
        (0..3).for_each(|number| roll.add(&number, vec![named("belozerov".into())]));
        // More names than there is room for stand in two documents each.
        for number in 3..5 {
            roll.add(&number, (0..MOST_NAMES).map(|number| named(format!("name{number}"))).collect());
        }
        assert_eq!(roll.names.keys().collect::<Vec<_>>(), ["belozerov"]);
        roll.add(&5, vec![named("belzerov".into())]);
        let count = &roll.names["belzerov"];
        assert_eq!((count.documents, count.missed), (1, roll.forgotten));
        assert!(roll.forgotten >= 2 && roll.names["belozerov"].missed == 0);
    }

    #[test]
    fn a_name_remembers_what_it_was_met_beside_first_however_it_was_counted() {
        let document = |number: u64| vec![Named { word: "belozerov".into(), beside: vec![number, 7, 100 - number] }];
        let whole = |numbers: &mut dyn Iterator<Item = u64>| {
            let mut roll = Roll::default();
            numbers.for_each(|number| roll.add(&number, document(number)));
            roll
        };
        let expected = whole(&mut (0..40));
        assert_eq!(whole(&mut (0..40).rev()), expected);
        for parts in [2, 3, 7] {
            let mut merged = Roll::default();
            (0..parts).rev().for_each(|part| merged.merge(whole(&mut (0..40).filter(|number| number % parts == part))));
            assert_eq!(merged, expected, "{parts} parts");
        }
        let count = &expected.names["belozerov"];
        assert_eq!((count.documents, count.first), (40, [Some(0), Some(1), Some(2)]));
        assert_eq!(count.beside.iter().map(|(_, key)| *key).take(6).collect::<Vec<_>>(), [0, 7, 100, 1, 99, 2]);
        assert_eq!(count.beside.len(), MOST_BESIDE);
    }
}
