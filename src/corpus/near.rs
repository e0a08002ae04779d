//! Blocks that are nearly the same: a sample of each longer block's word sequences, by which its variants are found and told.
//!
//! A variant shares one of the [`KEYS`] smallest hashes of a block (of two blocks with half of their sequences in common, 98 in 100
//! do, and nearly all whose words differ by a tenth) and is then compared by all the hashes that are kept. The numbers of a block are
//! part of every hash: a form that is filled in with other figures week after week is no copy. Nor is one that is filled in with other
//! names: of two short blocks each of which has a name that the other lacks, none is a variant of the other.

use super::index::Index;
use super::sketch::Sketch;
use crate::document::{Block, Document, Shape, Word, mix};

/// Fewest words of a block that is compared so.
const FEWEST_WORDS: usize = 20;
/// Most hashes of a block: one of up to so many word sequences is kept whole.
const MOST: usize = 48;
/// Fewest hashes that two blocks are compared by.
const FEWEST: usize = 12;
/// Hashes by which a block is looked up.
pub(super) const KEYS: usize = 6;
/// What more blocks than these have in common is a phrase, and finds none of them.
pub(super) const MOST_POSTINGS: usize = 64;
/// The least share of all sequences of two blocks that must stand in both. One word in fifteen changed leaves half of them.
const LEAST_SIMILARITY: f64 = 0.5;

/// Words from which on two blocks may each have names of their own: a form is not so long, and a quotation put in brings its speaker.
const LONG: usize = 60;

/// The sample of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockSketch {
    /// Of the block, as in [`super::BlockDigest`].
    pub hash: u128,
    pub sketch: Sketch,
}

impl BlockSketch {
    /// `None` for a short block, and for a list of names, which differ in one or two from week to week.
    pub fn of(document: &Document, block: &Block, hash: u128) -> Option<Self> {
        if block.word_count() < FEWEST_WORDS {
            return None;
        }
        let words = || document.words.range(block.words());
        let small = words().filter(|word| word.shape.any(Shape::LETTER) && !word.shape.is_capitalised()).count();
        if small * 2 < block.word_count() {
            return None;
        }
        let sketch = Sketch::sampled(words().map(|word| word.hash), numbers(words()), MOST);
        Some(Self { hash, sketch: Sketch { names: names(document, block), ..sketch } })
    }

    pub fn keys(&self) -> &[u32] {
        self.sketch.least(KEYS)
    }
}

impl Sketch {
    /// Whether the two blocks are nearly the same.
    pub fn is_near(&self, other: &Self) -> bool {
        let is_form = self.names & !other.names != 0 && other.names & !self.names != 0;
        !is_form && self.compared(other, FEWEST).is_some_and(|overlap| overlap.similarity >= LEAST_SIMILARITY)
    }
}

/// A hash of the words with a figure in them, in their order.
fn numbers(words: impl Iterator<Item = Word>) -> u64 {
    words.filter(|word| word.shape.any(Shape::DIGIT)).fold(0, |hash, word| mix(hash, word.hash))
}

/// A bit for each word with a capital that is no first word of a sentence, or has another behind it; none of a long block.
fn names(document: &Document, block: &Block) -> u128 {
    let mut names = 0;
    if block.word_count() >= LONG {
        return names;
    }
    for sentence in &document.sentences[block.sentences()] {
        let is_name = |word: &Word| word.shape.is_capitalised();
        let mut words = document.words.range(sentence.words()).peekable();
        let first = words.next().filter(|_| words.peek().is_some_and(is_name));
        for word in first.into_iter().chain(words).filter(is_name) {
            names |= 1 << (mix(0, word.hash) >> (u64::BITS - u128::BITS.ilog2()));
        }
    }
    names
}

impl Index {
    /// Hashes of the blocks that are nearly this one, in order.
    pub(super) fn variants(&self, own: &BlockSketch) -> Vec<u128> {
        let mut found: Vec<u32> = Vec::new();
        for &key in own.keys() {
            let start = self.variants.partition_point(|&posting| posting < (key, 0));
            let same = self.variants[start..].iter().take(MOST_POSTINGS + 1).take_while(|posting| posting.0 == key);
            if same.clone().count() <= MOST_POSTINGS {
                found.extend(same.map(|posting| posting.1));
            }
        }
        found.sort_unstable();
        found.dedup();
        let sketches = found.into_iter().map(|number| &self.sketches[number as usize]);
        sketches.filter(|other| other.hash != own.hash && own.sketch.is_near(&other.sketch)).map(|other| other.hash).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUAY: &str =
        "The quay was built in 1911 for lighter loads, and engineers now say that it would have to be shored up with steel piles.";

    fn sketch(text: &str) -> Option<BlockSketch> {
        let document = Document::from_text(text);
        BlockSketch::of(&document, &document.blocks[0], 0)
    }

    fn near(one: &str, two: &str) -> bool {
        let (one, two) = (sketch(one).unwrap(), sketch(two).unwrap());
        let found = one.keys().iter().any(|key| two.keys().contains(key));
        assert!(found || !one.sketch.is_near(&two.sketch), "is not looked up");
        one.sketch.is_near(&two.sketch)
    }

    #[test]
    fn a_few_words_changed_left_out_or_put_in_are_near() {
        for (from, to) in [("lighter", "lesser"), (" now", ""), ("would have", "will have"), ("The quay", "The old stone quay")] {
            assert!(near(QUAY, &QUAY.replace(from, to)), "{from}");
        }
        assert!(!near(
            QUAY,
            "The wall was raised in 1911 for higher tides, and nobody here would say that it has to be held up with bags of sand."
        ));
    }

    #[test]
    fn other_figures_make_another_block() {
        assert!(!near(QUAY, &QUAY.replace("1911", "1912")));
    }

    #[test]
    fn a_form_filled_in_with_other_names_is_another_block() {
        let form = |firm: &str, bank: &str| {
            format!(
                "{firm} said it will raise money for its quarries through an offering of debentures that will be due next year, led by {bank}."
            )
        };
        let holm = form("Holm Stone Works", "the Harbour Bank of Lund");
        assert!(!near(&holm, &form("Brekke and Sons", "the Harbour Bank of Lund")));
        assert!(!near(&holm, &form("Holm Stone Works", "the Bank of Arnsund")));
        // A name that was only put in, or left out.
        assert!(near(&holm, &form("Holm Stone Works, owned by Anna Berg,", "the Harbour Bank of Lund")));
        assert!(near(&holm, &form("The company", "the Harbour Bank of Lund")));
        // What is so long is no form.
        let long = |speaker: &str| format!("{QUAY} {} said {speaker}.", QUAY.replace("quay", "mole").trim_end_matches('.').repeat(2));
        assert!(near(&long("Anna Berg"), &long("Olav Brekke")));
    }

    #[test]
    fn short_blocks_and_lists_of_names_are_left_out() {
        assert!(sketch("The quay was built in 1911 for lighter loads.").is_none());
        assert!(sketch(&"Anna Berg (Holm), Olav Brekke (Lund), ".repeat(4)).is_none());
    }
}
