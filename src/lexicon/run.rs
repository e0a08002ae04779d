//! How often runs of two and three words were met, by the numbers of the words; before the pairs stands a filter that
//! knows most of those that were never met.

use super::table::Table;
use super::{Id, LexiconError, count, log10};

/// Of a run of words: of its numbers, 20 bits each, multiplied into a number of twice the length and folded, so that
/// both halves are mixed well.
#[inline]
pub(super) fn run_hash(words: &[Id]) -> u64 {
    let key = words.iter().fold(1, |key: u64, word| key << 20 | u64::from(word.0));
    let product = u128::from(key ^ 0x2D35_8DCC_AA6C_78A5) * 0x8BB8_4B93_962E_ACC9;
    (product >> 64) as u64 ^ product as u64
}

/// Counts of runs of `N` words.
#[derive(Clone, Copy, Debug)]
pub struct Counts<const N: usize> {
    table: Table<'static, 2, 1>,
    /// Of the user's own texts; the larger count is taken.
    own: Option<Table<'static, 2, 1>>,
}

impl<const N: usize> Counts<N> {
    pub(super) fn new(bytes: &'static [u8], own: Option<&'static [u8]>) -> Result<Self, LexiconError> {
        Ok(Self { table: Table::new(bytes)?, own: own.map(Table::new).transpose()? })
    }

    #[inline]
    fn steps(&self, words: [Id; N]) -> Option<u8> {
        if !words.iter().all(|word| word.is_known()) {
            return None;
        }
        let hash = run_hash(&words);
        let steps = self.table.get(hash).map(|[steps]| steps);
        match &self.own {
            None => steps,
            Some(own) => own.get(hash).map(|[steps]| steps).max(steps),
        }
    }

    /// The count, or 0 for a run that was met too seldom to be in the table.
    #[inline]
    pub fn get(&self, words: [Id; N]) -> f64 {
        self.steps(words).map_or(0.0, count)
    }

    #[inline]
    pub fn contains(&self, words: [Id; N]) -> bool {
        self.steps(words).is_some()
    }
}

/// Pairs of words that were met in the web or in free text.
#[derive(Clone, Copy, Debug)]
pub struct Pairs {
    filter: &'static [u8],
    web: Counts<2>,
    free: Counts<2>,
}

/// The filter has 2^16 words of 64 bits, half a megabyte in all, so that it stays in the cache of a core. Each pair sets
/// three bits of one word; of pairs that were never met about one in twenty is let through.
const FILTER_WORDS: u32 = 16;

/// Which word of the filter, and which bits of it.
#[inline]
fn filter_bits(hash: u64) -> (usize, u64) {
    let bits = 1 << (hash >> FILTER_WORDS & 63) | 1 << (hash >> (FILTER_WORDS + 6) & 63) | 1 << (hash >> (FILTER_WORDS + 12) & 63);
    ((hash & ((1 << FILTER_WORDS) - 1)) as usize, bits)
}

/// The filter over all runs with these hashes.
pub(super) fn build_filter(hashes: impl Iterator<Item = u64>) -> Vec<u8> {
    let mut words = vec![0u64; 1 << FILTER_WORDS];
    hashes.for_each(|hash| {
        let (word, bits) = filter_bits(hash);
        words[word] |= bits;
    });
    words.into_iter().flat_map(u64::to_le_bytes).collect()
}

/// Runs of three words. What was met three times in a row was met as pairs, so that the filter of these tells most that were not.
#[derive(Clone, Copy, Debug)]
pub struct Triples {
    pairs: Pairs,
    counts: Counts<3>,
}

impl Triples {
    pub(super) const fn new(pairs: Pairs, counts: Counts<3>) -> Self {
        Self { pairs, counts }
    }

    #[inline]
    fn may_contain(&self, [left, middle, right]: [Id; 3]) -> bool {
        self.pairs.may_contain(left, middle) && self.pairs.may_contain(middle, right)
    }

    /// The count, or 0 for a run that was met too seldom to be in the table.
    pub fn get(&self, words: [Id; 3]) -> f64 {
        if self.may_contain(words) { self.counts.get(words) } else { 0.0 }
    }

    pub fn contains(&self, words: [Id; 3]) -> bool {
        self.may_contain(words) && self.counts.contains(words)
    }
}

impl Pairs {
    pub(super) fn new(filter: &'static [u8], web: Counts<2>, free: Counts<2>) -> Result<Self, LexiconError> {
        if filter.len() != 8 << FILTER_WORDS {
            return Err(LexiconError::Damaged);
        }
        Ok(Self { filter, web, free })
    }

    /// False for a pair that was never met; true for others, and for one in twenty of those.
    #[inline]
    pub fn may_contain(&self, left: Id, right: Id) -> bool {
        left.is_known() && right.is_known() && {
            let (word, bits) = filter_bits(run_hash(&[left, right]));
            let there = self.filter.get(8 * word..8 * word + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes);
            there & bits == bits
        }
    }

    /// How often the pair stands in a thousand billion words of the web; 0 for one that is rare.
    pub fn web(&self, left: Id, right: Id) -> f64 {
        if self.may_contain(left, right) { self.web.get([left, right]) } else { 0.0 }
    }

    /// How often it stands in 51 million words of free text.
    pub fn free(&self, left: Id, right: Id) -> f64 {
        if self.may_contain(left, right) { self.free.get([left, right]) } else { 0.0 }
    }

    /// `log10` of [`Pairs::web`] and of [`Pairs::free`], where they are not 0.
    pub fn logs(&self, left: Id, right: Id) -> (Option<f32>, Option<f32>) {
        if !self.may_contain(left, right) {
            return (None, None);
        }
        match self.web.steps([left, right]) {
            Some(steps) => (Some(log10(steps)), None),
            None => (None, self.free.steps([left, right]).map(log10)),
        }
    }
}
