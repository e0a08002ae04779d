//! Which paragraphs stand in several documents of a run.

use super::MOST_IN_COMMON;
use crate::document::{HashedMap, HashedSet};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The paragraphs that stand in more than one document, and the documents to be heard about them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "R: Ord + Deserialize<'de>"))]
pub struct Shared<R> {
    keys: HashedSet,
    /// In order.
    holders: Vec<R>,
}

impl<R> Default for Shared<R> {
    fn default() -> Self {
        Self { keys: HashedSet::default(), holders: Vec::new() }
    }
}

impl<R: Ord + Clone> Shared<R> {
    /// Of documents by their ranks and the keys of their paragraphs, which `each` hands over, in any order: three times, so that no more
    /// than the keys that are shared need be held, with 8 MB beside.
    ///
    /// # Errors
    /// Those of `each`.
    pub fn among<E>(mut each: impl FnMut(&mut dyn FnMut(&R, &[u64])) -> Result<(), E>) -> Result<Self, E> {
        let mut met = Met::default();
        each(&mut |_, keys| keys.iter().for_each(|&key| met.add(key)))?;
        let mut first: HashedMap<R> = HashedMap::default();
        each(&mut |rank, keys| {
            for &key in keys.iter().filter(|&&key| met.may_be_shared(key)) {
                let first = first.entry(key).or_insert_with(|| rank.clone());
                if rank < first {
                    first.clone_from(rank);
                }
            }
        })?;
        let (mut shared, mut holders) = (HashedSet::default(), BTreeSet::new());
        each(&mut |rank, keys| {
            let before = |&key: &u64| first.get(&key).filter(|&first| first != rank).map(|first| (first, key));
            let mut met: Vec<(&R, u64)> = keys.iter().filter_map(before).collect();
            met.sort_unstable();
            for common in met.chunk_by(|a, b| a.0 == b.0).filter(|common| common.len() <= MOST_SHARED) {
                shared.extend(common.iter().map(|(_, key)| key));
                holders.extend([common[0].0, rank].map(R::clone));
            }
        })?;
        drop(first);
        Ok(Self { keys: shared, holders: holders.into_iter().collect() })
    }

    pub fn holds(&self, key: u64) -> bool {
        self.keys.contains(&key)
    }

    /// Whether the document of this rank is to be heard.
    pub fn concerns(&self, rank: &R) -> bool {
        self.holders.binary_search(rank).is_ok()
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

/// Keys that a document may share with the first that has them; with more it is the same story once more.
pub const MOST_SHARED: usize = 2 * (MOST_IN_COMMON + 1);

/// Which keys were met, and which twice, with two bits for each of 2^25 cells: of 3 million keys that were met once, one in ten is taken
/// for one that was met twice.
struct Met(Vec<u8>);

impl Met {
    const CELLS: u64 = 1 << 25;

    fn cell(key: u64) -> (usize, u32) {
        let cell = key % Self::CELLS;
        ((cell / 4) as usize, (cell % 4) as u32 * 2)
    }

    fn add(&mut self, key: u64) {
        let (byte, bit) = Self::cell(key);
        // Once sets the lower bit, once more the upper.
        self.0[byte] |= (self.0[byte] << 1 & 2 << bit) | 1 << bit;
    }

    fn may_be_shared(&self, key: u64) -> bool {
        let (byte, bit) = Self::cell(key);
        self.0[byte] & 2 << bit != 0
    }
}

impl Default for Met {
    fn default() -> Self {
        Self(vec![0; (Self::CELLS / 4) as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_many_keys_there_are_those_that_are_shared_are_told_from_the_others() {
        // A million documents with a key of their own each, and one of a cell that others have, too.
        let own = |rank: u64| rank.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let shared = Shared::among(|take| -> Result<(), ()> {
            (0..1_000_000).for_each(|rank| take(&rank, &[own(rank), rank * Met::CELLS]));
            take(&1_000_000, &[own(17), 18 * Met::CELLS]);
            Ok(())
        });
        let shared = shared.unwrap();
        assert_eq!(shared.keys, HashedSet::from_iter([own(17), 18 * Met::CELLS]));
        assert_eq!(shared.holders, [17, 18, 1_000_000]);
    }
}
