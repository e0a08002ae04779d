//! By what the words of two places are told to be the same before they are read: hashes, long or short.

use crate::document::{Word, Words};

/// The words of a document, by number.
pub trait Keys {
    fn len(&self) -> usize;

    /// Equal where the folded words are; hardly ever where they are not.
    fn key(&self, at: usize) -> u64;

    /// Whether the `count` words from `a` on have the keys of those from `b` on.
    fn same(&self, a: usize, b: usize, count: usize) -> bool;
}

impl Keys for [Word] {
    fn len(&self) -> usize {
        self.len()
    }

    #[inline]
    fn key(&self, at: usize) -> u64 {
        self[at].hash
    }

    #[inline]
    fn same(&self, a: usize, b: usize, count: usize) -> bool {
        self[a..a + count].iter().zip(&self[b..b + count]).all(|(a, b)| a.hash == b.hash)
    }
}

/// Those of a long document: four bytes a word, where the list of words takes sixteen. That a word is taken for another one happens once
/// in four billion comparisons; the run that it stands in is then not reported, since runs are read again letter by letter.
pub struct ShortKeys(Vec<u32>);

impl ShortKeys {
    pub fn of(words: &Words) -> Self {
        let mut keys = Vec::with_capacity(words.len());
        keys.extend(words.range(0..words.len()).map(|word| word.hash as u32));
        Self(keys)
    }
}

impl Keys for ShortKeys {
    fn len(&self) -> usize {
        self.0.len()
    }

    #[inline]
    fn key(&self, at: usize) -> u64 {
        // Spread over all bits, since sums of keys are hashes in their turn.
        u64::from(self.0[at]).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    #[inline]
    fn same(&self, a: usize, b: usize, count: usize) -> bool {
        self.0[a..a + count] == self.0[b..b + count]
    }
}
