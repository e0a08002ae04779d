//! Counts of pairs and triples of words in texts of the user's own, to be laid beside those in the binary.
//!
//! Counts are scaled to the size of the texts that those in the binary were made from, so that the two can be compared: a text of
//! ten million words counts five times. Memory is bounded by forgetting from time to time what was met once (lossy counting).

use super::run::{build_filter, run_hash};
use super::{COUNTED_WORDS, FREE_FILES, Id, Lexicon, LexiconError, OWN_FILES, Sizes, table, write_tables};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// Runs of one length that are counted at a time, of 16 bytes and some.
const MOST_RUNS: usize = 8 << 20;

/// Fewer times met, a run says nothing.
const LEAST: u32 = 3;

/// The most that one occurrence counts, in a small corpus.
const MOST_SCALE: f64 = 10.0;

/// Counts of a corpus.
#[derive(Debug, Default)]
pub struct Corpus {
    words: u64,
    pairs: HashMap<u64, u32>,
    triples: HashMap<u64, u32>,
}

/// The runs of one text: words with nothing but a space between them, by their numbers.
#[derive(Debug, Default)]
pub struct Runs {
    words: u64,
    pairs: Vec<u64>,
    triples: Vec<u64>,
}

impl Runs {
    /// `parts`: stretches of words that stand side by side.
    pub fn of<'p>(parts: impl Iterator<Item = &'p [u64]>) -> Self {
        let lexicon = Lexicon::english();
        let mut runs = Self::default();
        for part in parts {
            let ids: Vec<Id> = part.iter().map(|&hash| lexicon.words.find(hash).id).collect();
            runs.words += ids.len() as u64;
            let known = |ids: &&[Id]| ids.iter().all(|id| id.is_known());
            runs.pairs.extend(ids.windows(2).filter(known).map(run_hash));
            runs.triples.extend(ids.windows(3).filter(known).map(run_hash));
        }
        runs
    }
}

impl Corpus {
    pub fn add(&mut self, runs: Runs) {
        self.words += runs.words;
        for (counts, hashes) in [(&mut self.pairs, runs.pairs), (&mut self.triples, runs.triples)] {
            hashes.into_iter().for_each(|hash| *counts.entry(hash).or_default() += 1);
            if counts.len() > MOST_RUNS {
                counts.retain(|_, count| *count > 1);
            }
        }
    }

    /// Words that were counted.
    pub const fn words(&self) -> u64 {
        self.words
    }

    /// Writes the tables of a folder that [`Lexicon::open`] reads: those in the binary, and beside them these. Gives the size of each
    /// in bytes.
    pub fn write(&self, out: &Path) -> Result<Sizes, LexiconError> {
        let scale = (COUNTED_WORDS / self.words.max(1) as f64).min(MOST_SCALE);
        let steps = |counts: &HashMap<u64, u32>| -> BTreeMap<u64, [u8; 1]> {
            let often = counts.iter().filter(|(_, count)| **count >= LEAST).map(|(&hash, &count)| (hash, f64::from(count) * scale));
            often.filter(|(_, count)| *count >= 1.0).map(|(hash, count)| (hash, [(4.0 * count.log2()).round() as u8])).collect()
        };
        let (pairs, triples) = (steps(&self.pairs), steps(&self.triples));
        let mut filter = build_filter(pairs.keys().copied());
        let mut written = Vec::new();
        for (name, bytes) in FREE_FILES {
            let bytes = if name == "pairs.bin" {
                filter.iter_mut().zip(bytes).for_each(|(own, bits)| *own |= bits);
                &filter
            } else {
                bytes
            };
            written.push((name, bytes.to_vec()));
        }
        written.push((OWN_FILES[0], table::build::<2, 1>(&pairs)));
        written.push((OWN_FILES[1], table::build::<2, 1>(&triples)));
        write_tables(out, &written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::word_hash;
    use std::fs;

    #[test]
    fn what_a_corpus_has_often_is_known_from_its_tables() {
        let hashes: Vec<u64> = "turbid ledger unwinds".split(' ').map(word_hash).collect();
        let id = |lexicon: &Lexicon, at: usize| lexicon.words.find(hashes[at]).id;
        let english = Lexicon::english();
        assert_eq!(english.trigrams.get([id(english, 0), id(english, 1), id(english, 2)]), 0.0);
        let mut corpus = Corpus::default();
        (0..4).for_each(|_| corpus.add(Runs::of([hashes.as_slice()].into_iter())));
        // Met twice only.
        let rare: Vec<u64> = "unwinds turbid".split(' ').map(word_hash).collect();
        (0..2).for_each(|_| corpus.add(Runs::of([rare.as_slice()].into_iter())));
        assert_eq!(corpus.words(), 16);
        let folder = tempfile::tempdir().unwrap();
        corpus.write(folder.path()).unwrap();
        let own = Lexicon::open(folder.path()).unwrap();
        assert!(std::ptr::eq(own, Lexicon::open(folder.path()).unwrap()), "opened again, they are in memory twice");
        let triple = own.trigrams.get([id(own, 0), id(own, 1), id(own, 2)]);
        let pair = own.pairs.free(id(own, 0), id(own, 1));
        // Four times ten, to within the steps that counts are kept in.
        assert!((36.0..45.0).contains(&triple) && (36.0..45.0).contains(&pair), "{triple}, {pair}");
        assert_eq!(own.pairs.free(id(own, 2), id(own, 0)), 0.0);
        // What the tables in the binary have is there as before.
        let the = |lexicon: &Lexicon| lexicon.pairs.free(lexicon.words.find_word("of").id, lexicon.words.find_word("the").id);
        assert_eq!(the(english), the(own));
        fs::write(folder.path().join("own-bigrams.bin"), "x").unwrap();
        assert!(matches!(Lexicon::open(folder.path()), Err(LexiconError::Damaged)));
    }
}
