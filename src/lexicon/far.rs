//! Candidates two edits away: a look at the letters of all long words with the same first letter, then a distance by
//! parallel bits.

use super::words::Id;
use super::{LexiconError, table};

/// Lengths of words in the list, in bytes; longer ones are not in it.
pub(super) const LENGTHS: std::ops::Range<usize> = 7..32;
const GROUPS: usize = 26 * (LENGTHS.end - LENGTHS.start);
const ROW: usize = 8;

/// Long, frequent words: grouped by first letter, then by length. Layout: 4 bytes for each group, where it starts in rows,
/// and once more where the last ends; then the rows, of 4 bytes the letters that a word has, and 4 bytes its number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Far<'a> {
    starts: &'a [u8],
    rows: &'a [u8],
}

impl<'a> Far<'a> {
    pub fn new(bytes: &'a [u8]) -> Result<Self, LexiconError> {
        let (starts, rows) = bytes.split_at_checked(4 * (GROUPS + 1)).ok_or(LexiconError::Damaged)?;
        Ok(Self { starts, rows })
    }

    /// Gives the words that two edits may lead to: of like length, with letters that differ by no more.
    #[inline]
    pub fn rows(&self, word: &str, mut give: impl FnMut(Id)) {
        let (Some(first), ours) = (word.bytes().next().filter(u8::is_ascii_lowercase), letters(word)) else { return };
        let from = word.len().saturating_sub(2).max(LENGTHS.start);
        for len in from..(word.len() + 3).min(LENGTHS.end) {
            let group = 4 * group(first, len);
            let (Ok(start), Ok(end)) = (table::number(self.starts, group), table::number(self.starts, group + 4)) else { return };
            let rows = self.rows.get(ROW * start..ROW * end).unwrap_or_default();
            // A replaced letter changes two of the set, a dropped or added one changes one.
            match len.abs_diff(word.len()) {
                0 => like::<4>(rows, ours, &mut give),
                1 => like::<3>(rows, ours, &mut give),
                _ => like::<2>(rows, ours, &mut give),
            }
        }
    }

    pub fn build(mut words: Vec<(&str, u32)>) -> Vec<u8> {
        let group = |word: &str| group(word.as_bytes()[0], word.len());
        words.sort_by_key(|&(word, _)| (group(word), word));
        let starts = (0..=GROUPS).map(|at| words.partition_point(|&(word, _)| group(word) < at) as u32);
        let mut bytes: Vec<u8> = starts.flat_map(u32::to_le_bytes).collect();
        bytes.extend(words.iter().flat_map(|&(word, id)| (u64::from(letters(word)) | u64::from(id) << 32).to_le_bytes()));
        bytes
    }
}

const fn group(first: u8, len: usize) -> usize {
    (first - b'a') as usize * (LENGTHS.end - LENGTHS.start) + len - LENGTHS.start
}

/// Gives the rows whose letters differ from `ours` in no more than `MOST`.
#[inline]
fn like<const MOST: u32>(rows: &[u8], ours: u32, give: &mut impl FnMut(Id)) {
    for row in rows.chunks_exact(ROW) {
        let both = u64::from_le_bytes(row.try_into().unwrap_or_default());
        if at_most::<MOST>(both as u32 ^ ours) {
            give(Id((both >> 32) as u32));
        }
    }
}

/// Whether no more than `MOST` bits are set.
#[inline]
const fn at_most<const MOST: u32>(mut bits: u32) -> bool {
    let mut left = MOST;
    while left > 0 {
        bits &= bits.wrapping_sub(1);
        left -= 1;
    }
    bits == 0
}

/// Which of the letters a to z are in a word.
fn letters(word: &str) -> u32 {
    word.bytes().filter(u8::is_ascii_lowercase).fold(0, |mask, letter| mask | 1 << (letter - b'a'))
}

/// A word that distances are asked of: for each letter, where it stands.
pub(super) struct Pattern {
    places: [u64; 26],
    len: usize,
}

impl Pattern {
    /// Of a lower-case ASCII word of up to 64 letters.
    pub fn new(word: &[u8]) -> Self {
        let mut places = [0; 26];
        for (at, &letter) in word.iter().take(64).enumerate() {
            if letter.is_ascii_lowercase() {
                places[(letter - b'a') as usize] |= 1 << at;
            }
        }
        Self { places, len: word.len().min(64) }
    }

    /// Edits between the two, a transposition being one and no letter edited twice (optimal string alignment), by
    /// H. Hyyrö's bit-parallel algorithm of 2003: a column of the table at a time.
    pub fn distance(&self, other: &[u8]) -> usize {
        let (mut more, mut less, mut same, mut before) = (u64::MAX, 0u64, 0u64, 0u64);
        let mut distance = self.len;
        let last = 1u64 << (self.len.max(1) - 1);
        for &letter in other {
            let here = if letter.is_ascii_lowercase() { self.places[(letter - b'a') as usize] } else { 0 };
            let transposed = (!same & here) << 1 & before;
            same = (((here & more).wrapping_add(more)) ^ more) | here | less | transposed;
            let right_more = less | !(same | more);
            let right_less = same & more;
            distance += usize::from(right_more & last != 0);
            distance -= usize::from(right_less & last != 0);
            let right_more = right_more << 1 | 1;
            more = right_less << 1 | !(same | right_more);
            less = right_more & same;
            before = here;
        }
        distance
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_strsim() {
        let words =
            ["minister", "minster", "mniister", "sinister", "administer", "ministry", "min", "retsinim", "mimister", "government", "a"];
        for word in words {
            let pattern = Pattern::new(word.as_bytes());
            for other in words {
                assert_eq!(pattern.distance(other.as_bytes()), strsim::osa_distance(word, other), "{word}, {other}");
            }
        }
    }

    #[test]
    fn bits_are_counted_up_to_four() {
        for bits in [0u32, 1, 3, 0b1011, 0b1111, 0b11111, u32::MAX] {
            let count = bits.count_ones();
            assert_eq!((at_most::<0>(bits), at_most::<2>(bits), at_most::<4>(bits)), (count == 0, count <= 2, count <= 4));
        }
    }
}
