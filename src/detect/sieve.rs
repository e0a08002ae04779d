//! A small set of words that is asked for every word of a text: a bitmap that fits the fastest cache stands in front of the map.

use crate::document::{HashedMap, Word, hash_of};

/// Bits of the map, 8 KB of memory; each word sets two of them, so that a thousand words leave about one other in a thousand through.
const BITS: usize = 1 << 16;

/// What is known of some words, by the hashes of their folded forms.
#[derive(Debug)]
pub struct Sieve<T> {
    seen: Box<[u64; BITS / 64]>,
    known: HashedMap<T>,
}

impl<T> Default for Sieve<T> {
    fn default() -> Self {
        Self { seen: Box::new([0; BITS / 64]), known: HashedMap::default() }
    }
}

impl<T: Default> Sieve<T> {
    /// The place of a word, made where it is new.
    pub fn entry(&mut self, word: &str) -> &mut T {
        let hash = hash_of(word);
        for (at, bit) in bits(hash) {
            self.seen[at] |= bit;
        }
        self.known.entry(hash).or_default()
    }
}

impl<T> Sieve<T> {
    #[inline]
    pub fn get(&self, word: &Word) -> Option<&T> {
        if bits(word.hash).iter().any(|&(at, bit)| self.seen[at] & bit == 0) {
            return None;
        }
        self.known.get(&word.hash)
    }
}

/// Which bits a word sets: the number of the cell, and the bit in it.
#[inline]
const fn bits(hash: u64) -> [(usize, u64); 2] {
    let (one, other) = (hash as usize % BITS, (hash >> 32) as usize % BITS);
    [(one / 64, 1 << (one % 64)), (other / 64, 1 << (other % 64))]
}
