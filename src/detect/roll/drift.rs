//! Which spellings of names few documents have, with those that many have, and where these stand.

use super::count::SHOWN;
use super::named::{Spellings, spellings};
use crate::document::{Document, HashedMap};
use crate::finding::Elsewhere;
use crate::lexicon::word_hash;
use crate::text::Span;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// So often in one document a spelling is meant.
const MEANT: usize = 3;

/// A spelling of a name that few documents have, and the one that many have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// Lower case.
    pub right: String,
    /// Documents that have it.
    pub documents: u32,
    /// Documents that have the rare spelling; of a run with more names than are remembered, the most that may have it.
    pub own: u32,
    /// Where the right one stands in the first of them.
    #[serde(skip)]
    pub places: Vec<Arc<Elsewhere>>,
}

/// What is to be asked about names: the places of those that are spelled right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Search<R> {
    /// By the hash of the rare spelling, and in its order.
    pub(super) drifts: Vec<(u64, Drift, [Option<R>; SHOWN])>,
}

impl<R> Default for Search<R> {
    fn default() -> Self {
        Self { drifts: Vec::new() }
    }
}

impl<R: Ord + Clone> Search<R> {
    /// The names that each document is to be asked about.
    pub fn asked(&self) -> BTreeMap<R, Vec<String>> {
        let mut asked: BTreeMap<R, Vec<String>> = BTreeMap::new();
        for (_, drift, first) in &self.drifts {
            for rank in first.iter().flatten() {
                let names = asked.entry(rank.clone()).or_default();
                if !names.contains(&drift.right) {
                    names.push(drift.right.clone());
                }
            }
        }
        asked
    }

    /// How many slips there are.
    pub const fn len(&self) -> usize {
        self.drifts.len()
    }

    pub const fn is_empty(&self) -> bool {
        self.drifts.is_empty()
    }

    /// The slips, with what the documents have answered.
    pub fn drifts(&self, places: &Places<R>) -> Drifts {
        let place = |right: &String, rank: &R| places.0.get(&(right.clone(), rank.clone())).map(Arc::clone);
        let drift = |(hash, drift, first): &(u64, Drift, [Option<R>; SHOWN])| {
            let places = first.iter().flatten().filter_map(|rank| place(&drift.right, rank)).collect();
            (*hash, Drift { places, ..drift.clone() })
        };
        Drifts::new(self.drifts.iter().map(drift))
    }
}

/// Where a name stands first in a document.
pub fn place_of(document: &Document, name: &str) -> Option<Arc<Elsewhere>> {
    let (hash, possessive) = (word_hash(name), word_hash(&format!("{name}'s")));
    let word = document
        .words
        .range(0..document.words.len())
        .find(|word| word.shape.is_capitalised() && (word.hash == hash || word.hash == possessive))?;
    Some(Elsewhere::of(document, word.span().start))
}

/// Where names stand in the documents that were asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Places<R>(BTreeMap<(String, R), Arc<Elsewhere>>);

impl<R> Default for Places<R> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<R: Ord + Clone> Places<R> {
    pub fn add(&mut self, rank: &R, names: Vec<(String, Arc<Elsewhere>)>) {
        self.0.extend(names.into_iter().map(|(name, place)| ((name, rank.clone()), place)));
    }

    pub fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &R, &Arc<Elsewhere>)> {
        self.0.iter().map(|((name, rank), place)| (name.as_str(), rank, place))
    }
}

/// The spellings of names that few documents of a run have, by their hashes.
#[derive(Debug, Default)]
pub struct Drifts(HashedMap<Drift>);

impl Drifts {
    pub fn new(drifts: impl IntoIterator<Item = (u64, Drift)>) -> Self {
        Self(drifts.into_iter().collect())
    }

    /// The words of a document that many others spell in another way. Who makes the same mistake three times means it.
    pub fn of<'d>(&'d self, document: &'d Document) -> Vec<(Span, &'d Drift)> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let drift = |spellings: Spellings| spellings.into_iter().flatten().find_map(|(span, hash)| Some((span, self.0.get(&hash)?)));
        let mut found: Vec<(Span, &Drift)> = spellings(document).filter_map(drift).collect();
        let mut often: HashMap<&str, usize> = HashMap::new();
        found.iter().for_each(|(_, drift)| *often.entry(&drift.right).or_default() += 1);
        found.retain(|(_, drift)| often[&*drift.right] < MEANT);
        found
    }
}
