//! A small sample of a text's word sequences, from which the share that two texts have in common is told.
//!
//! The sample holds the hashes below a threshold, which is halved until at most [`MOST`] are left: "scaled" MinHash (Broder
//! 1997, "On the resemblance and containment of documents"; Irber et al. 2022, "Lightweight compositional analysis of
//! metagenomes with FracMinHash"). Unlike a fixed number of smallest hashes, samples of texts of unequal length can be
//! compared. A text of up to [`MOST`] word sequences is kept whole, and its likeness to others of that size is exact; beyond,
//! the standard error is about 0.03.

use crate::document::{Words, mix};

/// Words in a sequence.
const SEQUENCE: usize = 5;
/// Most hashes in a sample.
const MOST: usize = 256;
/// Fewest hashes that two samples are compared by.
const FEWEST: usize = 16;
/// Stands beside the level where it is written and names follow it.
const NAMED: u8 = 128;
/// Texts are looked up by the hashes below this level: one in eight.
const LOOK_UP_LEVEL: u8 = 3;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sketch {
    /// How often the threshold was halved.
    pub(super) level: u8,
    /// Sorted, without doubles.
    pub(super) hashes: Vec<u32>,
    /// Of a short block: a bit for each name in it.
    pub(super) names: u128,
}

/// What two texts have in common, as shares of their word sequences.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overlap {
    /// Of those in either text (the Jaccard index).
    pub similarity: f64,
    /// Of those in the shorter text.
    pub contained: f64,
    /// The first of the two is the shorter one.
    pub is_shorter: bool,
}

impl Sketch {
    pub fn of(words: &Words) -> Self {
        Self::sampled(words.range(0..words.len()).map(|word| word.hash), 0, MOST)
    }

    /// At most so many of the hashes of the sequences of words, each mixed with the seed.
    pub(super) fn sampled(words: impl Iterator<Item = u64>, seed: u64, most: usize) -> Self {
        let (mut sketch, mut sequence) = (Self::default(), [0; SEQUENCE]);
        for (at, word) in words.enumerate() {
            sequence.rotate_left(1);
            sequence[SEQUENCE - 1] = word;
            let hash = hash(&sequence, seed);
            if at + 1 >= SEQUENCE && hash <= threshold(sketch.level) {
                sketch.hashes.push(hash);
                if sketch.hashes.len() >= most * 4 {
                    sketch.settle(most);
                }
            }
        }
        sketch.settle(most);
        sketch
    }

    /// Halves the threshold while there are too many. What a part of the text calls for, the whole text does too.
    fn settle(&mut self, most: usize) {
        self.hashes.sort_unstable();
        self.hashes.dedup();
        while self.hashes.len() > most {
            self.level += 1;
            self.hashes.truncate(below(&self.hashes, self.level));
        }
        self.hashes.shrink_to_fit();
    }

    /// What the two texts share; nothing where too little of them is known.
    pub fn overlap(&self, other: &Self) -> Option<Overlap> {
        self.compared(other, FEWEST)
    }

    /// As [`Self::overlap`], by so many hashes or more.
    pub(super) fn compared(&self, other: &Self, fewest: usize) -> Option<Overlap> {
        let level = self.level.max(other.level);
        let (ours, theirs) = (&self.hashes[..below(&self.hashes, level)], &other.hashes[..below(&other.hashes, level)]);
        let shorter = ours.len().min(theirs.len());
        if shorter < fewest {
            return None;
        }
        let (mut common, mut at) = (0, 0);
        for hash in ours {
            at += theirs[at..].partition_point(|other| other < hash);
            common += usize::from(theirs.get(at) == Some(hash));
        }
        let either = ours.len() + theirs.len() - common;
        Some(Overlap {
            similarity: common as f64 / either as f64,
            contained: common as f64 / shorter as f64,
            is_shorter: ours.len() < theirs.len(),
        })
    }

    /// Bytes of its hashes.
    pub(super) fn held(&self) -> usize {
        self.hashes.len() * size_of::<u32>()
    }

    /// The smallest hashes, at most so many.
    pub(super) fn least(&self, most: usize) -> &[u32] {
        &self.hashes[..self.hashes.len().min(most)]
    }

    /// The hashes by which a text is looked up.
    pub(super) fn keys(&self) -> &[u32] {
        &self.hashes[..below(&self.hashes, LOOK_UP_LEVEL)]
    }

    /// What stands before the hashes where it is written: the level, and the names where there are any.
    pub(super) fn head(&self) -> Vec<u8> {
        if self.names == 0 {
            return vec![self.level];
        }
        std::iter::once(self.level | NAMED).chain(self.names.to_le_bytes()).collect()
    }

    /// One with that first byte, and without hashes; `names` reads those where they follow.
    pub(super) fn headed<E>(first: u8, names: impl FnOnce() -> Result<u128, E>) -> Result<Self, E> {
        let names = if first & NAMED == 0 { 0 } else { names()? };
        Ok(Self { level: first & !NAMED, hashes: Vec::new(), names })
    }

    /// Could have been made of a text.
    pub(super) fn is_sound(&self) -> bool {
        self.level < 32
            && self.hashes.len() <= MOST
            && self.hashes.windows(2).all(|pair| pair[0] < pair[1])
            && self.hashes.last().is_none_or(|&last| last <= threshold(self.level))
    }
}

fn threshold(level: u8) -> u32 {
    u32::MAX.checked_shr(level.into()).unwrap_or(0)
}

/// How many of the sorted hashes are within the threshold of a level.
fn below(hashes: &[u32], level: u8) -> usize {
    hashes.partition_point(|&hash| hash <= threshold(level))
}

fn hash(sequence: &[u64; SEQUENCE], seed: u64) -> u32 {
    let mixed = sequence.iter().fold(seed, |hash, &word| mix(hash, word));
    // The low bits of a product know little of the high bits of its factors.
    ((mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    /// A text of `count` different words, the first of which is number `from`.
    fn text(from: usize, count: usize) -> Document {
        Document::from_text(&(from..from + count).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" "))
    }

    fn overlap(a: &Document, b: &Document) -> Option<Overlap> {
        Sketch::of(&a.words).overlap(&Sketch::of(&b.words))
    }

    #[test]
    fn short_texts_are_compared_exactly() {
        // 100 and 100 sequences, of which 50 are the same.
        let found = overlap(&text(0, 104), &text(50, 104)).unwrap();
        assert!((found.similarity - 50.0 / 150.0).abs() < 1e-9 && (found.contained - 0.5).abs() < 1e-9, "{found:?}");
        assert_eq!(overlap(&text(0, 104), &text(0, 104)), Some(Overlap { similarity: 1.0, contained: 1.0, is_shorter: false }));
        assert_eq!(overlap(&text(0, 10), &text(0, 10)), None);
    }

    #[test]
    fn long_texts_are_compared_by_samples() {
        for (from, expected) in [(0, 1.0), (5_000, 0.6), (10_000, 1.0 / 3.0), (20_000, 0.0)] {
            let found = overlap(&text(0, 20_000), &text(from, 20_000)).unwrap();
            assert!((found.similarity - expected).abs() < 0.12, "{from}: {found:?}");
        }
        // A part of a long text.
        let found = overlap(&text(0, 20_000), &text(1_000, 4_000)).unwrap();
        assert!(found.contained > 0.95 && found.similarity < 0.4, "{found:?}");
    }

    #[test]
    fn a_sketch_is_small_and_sound() {
        for count in [0, 4, 5, 300, 5_000, 50_000] {
            let sketch = Sketch::of(&text(0, count).words);
            assert!(sketch.is_sound() && sketch.hashes.len() <= MOST);
            assert!(count < 1_000 || sketch.hashes.len() > MOST / 3, "{count}: {}", sketch.hashes.len());
        }
    }
}
