//! The words of the lexicon: what is known of each, and which others are one or two edits away.

use super::{LexiconError, Sections, Table, count, place3, word_hash};
use std::borrow::Cow;

/// What is known of a word, in 32 bits.
///
/// | bits | what |
/// |---|---|
/// | 0–3 | tier: index into `TIERS`, 15 = in no word list |
/// | 4 | only listed with a capital |
/// | 5 | a first or last name of the US census |
/// | 6–13 | how often in the web, `round(4 · log2 count)`; 0 = not counted |
/// | 14–20 | how often in 51 million words of free text, the same way |
/// | 21–24 | share of capitals in mid-sentence there, in fifteenths |
/// | 25–30 | how many candidates are one edit away (63 = at least) |
/// | 31 | rare word that has candidates one edit away |
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry(pub u32);

/// Sizes of SCOWL's word lists: a word in a smaller list is known to more people.
pub const TIERS: [u8; 10] = [10, 20, 35, 40, 50, 55, 60, 70, 80, 95];
const NO_TIER: u8 = 99;

impl Entry {
    pub const NONE: Self = Self(15);

    /// Size of the smallest SCOWL list that holds the word; 99 where none does.
    #[inline]
    pub fn tier(self) -> u8 {
        TIERS.get((self.0 & 15) as usize).copied().unwrap_or(NO_TIER)
    }

    pub const fn only_capitalised(self) -> bool {
        self.0 & 1 << 4 != 0
    }

    pub const fn census(self) -> bool {
        self.0 & 1 << 5 != 0
    }

    /// In a word list or a list of names.
    #[inline]
    pub fn listed(self) -> bool {
        self.0 & 15 != 15 || self.census()
    }

    pub const fn neighbour_count(self) -> usize {
        (self.0 >> 25 & 63) as usize
    }

    pub const fn has_neighbours(self) -> bool {
        self.0 >> 25 != 0
    }

    /// Share of capitals in mid-sentence, 0 to 1; `None` for a word that was not counted.
    pub fn capital_share(self) -> Option<f64> {
        (self.0 >> 14 & 127 != 0).then(|| f64::from(self.0 >> 21 & 15) / 15.0)
    }

    /// Occurrences in 51 million words of free text; 0 where seldom.
    pub fn free_count(self) -> f64 {
        match self.0 >> 14 & 127 {
            0 => 0.0,
            steps => count(steps as u8),
        }
    }

    /// Occurrences in a thousand billion words of the web; what was not counted is put at what is usual for its tier.
    /// `None` for a word that is neither counted nor listed.
    #[inline]
    pub fn web_count(self) -> Option<f64> {
        const USUAL: [f64; 10] = [3e6, 1e6, 3e5, 2e5, 1e5, 5e4, 4e4, 2e4, 5e3, 5e3];
        match (self.0 >> 6 & 255, self.0 & 15) {
            (0, 15) => self.census().then_some(2e4),
            (0, tier) => USUAL.get(tier as usize).copied(),
            (steps, _) => Some(count(steps as u8)),
        }
    }

    /// `log10` of [`Entry::web_count`], where that is known.
    #[inline]
    pub fn web_log(self) -> Option<f32> {
        match self.0 >> 6 & 255 {
            0 => self.web_count().map(|count| (count as f32).log10()),
            steps => Some(super::log10(steps as u8)),
        }
    }

    /// Frequent and well known enough to be suggested.
    pub fn is_candidate(self) -> bool {
        self.web_count().is_some_and(|count| count >= 2e5) && (self.tier() <= 70 || self.census())
    }
}

/// A word worth suggesting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate<'a> {
    pub word: &'a str,
    pub entry: Entry,
}

/// The table of words.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    counted: Table<'a, 7>,
    rare: Table<'a, 1>,
    neighbours: &'a [u8],
    candidates: &'a [u8],
    far: &'a [u8],
    filter: &'a [u8],
}

/// Bytes of one row of the section `far`.
pub(super) const FAR_ROW: usize = 9;
/// The section `filter` has 2^21 bits, of which each candidate sets two: about one other word in a hundred finds both set.
pub(super) const FILTER_BITS: u32 = 21;

/// The bits of a word in the filter.
pub(super) fn filter_bits(hash: u64) -> [usize; 2] {
    let mask = (1 << FILTER_BITS) - 1;
    [hash as usize & mask, (hash >> FILTER_BITS) as usize & mask]
}

impl<'a> Words<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, LexiconError> {
        let [counted, rare, neighbours, candidates, far, filter] = Sections::split(bytes)?;
        if filter.len() != 1 << (FILTER_BITS - 3) {
            return Err(LexiconError::Damaged);
        }
        Ok(Self { counted: Table::new(counted)?, rare: Table::new(rare)?, neighbours, candidates, far, filter })
    }

    /// What is known of the word with this hash; [`Entry::NONE`] for one that was never met.
    #[inline]
    pub fn get(&self, hash: u64) -> Entry {
        if let Some([a, b, c, d, ..]) = self.counted.get(hash) {
            return Entry(u32::from_le_bytes([a, b, c, d]));
        }
        match self.rare.get(hash) {
            Some([bits]) => Entry(u32::from(bits & 63) | u32::from(bits >> 6 & 1) << 31),
            None => Entry::NONE,
        }
    }

    pub fn entry(&self, word: &str) -> Entry {
        self.get(word_hash(word))
    }

    /// True where the word, as a whole or without its `'s` or plural `s`, is in a list. `hash` is that of `word`.
    pub fn knows(&self, word: &str, hash: u64) -> bool {
        if self.get(hash).listed() {
            return true;
        }
        if let Some(stem) = word.strip_suffix("'s").or_else(|| word.strip_suffix("s'")) {
            return self.knows(stem, word_hash(stem));
        }
        if word.contains('\'') {
            return true;
        }
        match word.strip_suffix('s') {
            Some(stem) if word.chars().nth(3).is_some() => {
                let entry = self.entry(stem);
                entry.tier() <= 70 || entry.census()
            }
            _ => false,
        }
    }

    /// The candidates one edit away from a lower-case ASCII word.
    pub fn neighbours(&self, word: &str, hash: u64, found: &mut Vec<Neighbour<'a>>) {
        found.clear();
        if let Some([a, b, c, d, place @ ..]) = self.counted.get(hash) {
            let count = Entry(u32::from_le_bytes([a, b, c, d])).neighbour_count();
            let first = place3(place) * 3;
            if count < 63 {
                let rows = self.neighbours.get(first..first + 3 * count).unwrap_or_default();
                found.extend(rows.chunks_exact(3).filter_map(|row| Some(self.at(place3(row.try_into().ok()?))?.into())));
                return;
            }
        } else if let Some([bits]) = self.rare.get(hash)
            && bits >> 6 & 1 == 0
        {
            return;
        }
        edits(word.as_bytes(), &mut |edit| {
            let hash = crate::document::hash_folded(edit);
            if !self.may_be_candidate(hash) {
                return;
            }
            let entry = self.get(hash);
            if edit.len() > 2
                && entry.is_candidate()
                && let Ok(word) = std::str::from_utf8(edit)
                && !found.iter().any(|one| one.hash == hash)
            {
                found.push(Neighbour { word: Cow::Owned(word.to_owned()), entry, hash });
            }
        });
        found.sort_by(|a, b| a.word.cmp(&b.word));
    }

    /// Frequent candidates of seven letters and more with the same first letter, two edits away from a lower-case ASCII word.
    pub fn far_neighbours(&self, word: &str, found: &mut Vec<Neighbour<'a>>) {
        found.clear();
        let letters = letters(word);
        let first = word.as_bytes()[0];
        for len in word.len().saturating_sub(2).max(7)..=word.len() + 2 {
            let key = [first, len as u8];
            let from = self.far_start(key);
            for row in self.far[from * FAR_ROW..].chunks_exact(FAR_ROW).take_while(|row| row[..2] == key) {
                let mask = u32::from_le_bytes([row[2], row[3], row[4], row[5]]);
                // Each edit changes at most one letter into another.
                if (mask ^ letters).count_ones() <= 4
                    && let Some(candidate) = self.at(place3([row[6], row[7], row[8]]))
                    && strsim::osa_distance(word, candidate.word) == 2
                {
                    found.push(candidate.into());
                }
            }
        }
        found.sort_by(|a, b| a.word.cmp(&b.word));
    }

    /// The first row of `far` at or after the key.
    fn far_start(&self, key: [u8; 2]) -> usize {
        let (mut low, mut high) = (0, self.far.len() / FAR_ROW);
        while low < high {
            let middle = (low + high) / 2;
            if self.far[middle * FAR_ROW..middle * FAR_ROW + 2] < key[..] { low = middle + 1 } else { high = middle }
        }
        low
    }

    #[inline]
    fn may_be_candidate(&self, hash: u64) -> bool {
        filter_bits(hash).into_iter().all(|bit| self.filter[bit / 8] >> (bit % 8) & 1 == 1)
    }

    fn at(&self, place: usize) -> Option<Candidate<'a>> {
        let record = self.candidates.get(place..)?;
        let (entry, rest) = record.split_first_chunk::<4>()?;
        let (&len, rest) = rest.split_first()?;
        Some(Candidate { word: std::str::from_utf8(rest.get(..len as usize)?).ok()?, entry: Entry(u32::from_le_bytes(*entry)) })
    }
}

/// A candidate for a word of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbour<'a> {
    pub word: Cow<'a, str>,
    pub entry: Entry,
    pub hash: u64,
}

impl<'a> From<Candidate<'a>> for Neighbour<'a> {
    fn from(candidate: Candidate<'a>) -> Self {
        Self { word: Cow::Borrowed(candidate.word), entry: candidate.entry, hash: word_hash(candidate.word) }
    }
}

/// Which of the letters a to z are in a word.
pub(super) fn letters(word: &str) -> u32 {
    word.bytes().filter(u8::is_ascii_lowercase).fold(0, |mask, letter| mask | 1 << (letter - b'a'))
}

/// Every word that is one deletion, transposition, replacement or insertion of a letter away; some come twice.
pub(super) fn edits(word: &[u8], give: &mut impl FnMut(&[u8])) {
    let n = word.len();
    let mut buffer = Vec::with_capacity(n + 1);
    for at in 0..=n {
        if at < n {
            buffer.clear();
            buffer.extend_from_slice(&word[..at]);
            buffer.extend_from_slice(&word[at + 1..]);
            give(&buffer);
            buffer.clear();
            buffer.extend_from_slice(word);
            if at + 1 < n && word[at] != word[at + 1] {
                buffer.swap(at, at + 1);
                give(&buffer);
                buffer.swap(at, at + 1);
            }
            for letter in (b'a'..=b'z').filter(|&letter| letter != word[at]) {
                buffer[at] = letter;
                give(&buffer);
            }
        }
        buffer.clear();
        buffer.extend_from_slice(&word[..at]);
        buffer.push(0);
        buffer.extend_from_slice(&word[at..]);
        for letter in b'a'..=b'z' {
            // Doubling the letter before gives the same word as doubling the one after.
            if at == 0 || letter != word[at - 1] {
                buffer[at] = letter;
                give(&buffer);
            }
        }
    }
}
