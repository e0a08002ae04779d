//! Which of the spellings one edit away from a word may be candidates: four hundred of them, at a multiplication and a look
//! at a bitmap each.
//!
//! The hash of a spelling is a polynomial of its letters, so that the hash of an edited spelling follows from those of the
//! parts before and after the edit.

use super::LexiconError;

/// Words of up to this many letters are edited.
const LONGEST: usize = 48;
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;
/// The bitmap has 2^20 bits, 128 KB: of each candidate two are set.
const BITS: u32 = 20;
const BYTES: usize = 1 << (BITS - 3);

#[derive(Clone, Copy, Debug)]
pub(super) struct Filter<'a>(&'a [u8; BYTES]);

/// The two bits of a spelling.
#[inline]
const fn bits(hash: u64) -> (usize, usize) {
    let mixed = (hash ^ hash >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ((mixed >> (64 - BITS)) as usize, (mixed >> (64 - 2 * BITS)) as usize & ((1 << BITS) - 1))
}

/// The value of a polynomial whose coefficients are the letters.
pub(super) fn hash(word: &[u8]) -> u64 {
    word.iter().fold(0, |hash, &letter| push(hash, letter))
}

#[inline]
const fn push(hash: u64, letter: u8) -> u64 {
    hash.wrapping_mul(BASE).wrapping_add(letter as u64)
}

/// `BASE` to the power of each place.
const POWERS: [u64; LONGEST + 2] = {
    let mut powers = [1u64; LONGEST + 2];
    let mut at = 1;
    while at < powers.len() {
        powers[at] = powers[at - 1].wrapping_mul(BASE);
        at += 1;
    }
    powers
};

impl<'a> Filter<'a> {
    pub fn new(bytes: &'a [u8]) -> Result<Self, LexiconError> {
        bytes.try_into().map(Self).map_err(|_| LexiconError::Damaged)
    }

    pub fn build<'w>(words: impl Iterator<Item = &'w str>) -> Vec<u8> {
        let mut filter = vec![0u8; BYTES];
        for word in words {
            let (one, other) = bits(hash(word.as_bytes()));
            filter[one / 8] |= 1 << (one % 8);
            filter[other / 8] |= 1 << (other % 8);
        }
        filter
    }

    #[inline]
    fn has(&self, hash: u64) -> bool {
        let bit = |bit: usize| self.0[bit / 8] >> (bit % 8);
        let (one, other) = bits(hash);
        // Both are fetched at once: one branch that is nearly always taken the same way.
        bit(one) & bit(other) & 1 == 1
    }

    /// False for a spelling that was not put in; true for all others, and for a few of those.
    pub fn may_contain(&self, word: &str) -> bool {
        self.has(hash(word.as_bytes()))
    }

    /// Gives the spellings one deletion, transposition, replacement or insertion of a letter away that pass the filter; some
    /// come twice. A word longer than any candidate gives none.
    pub fn edits(&self, word: &[u8], give: &mut impl FnMut(&[u8])) {
        let n = word.len();
        if n > LONGEST {
            return;
        }
        let whole = hash(word);
        let mut buffer = Vec::with_capacity(n + 1);
        let mut spell = |before: &[u8], middle: &[u8], after: &[u8]| {
            buffer.clear();
            buffer.extend_from_slice(before);
            buffer.extend_from_slice(middle);
            buffer.extend_from_slice(after);
            give(&buffer);
        };
        // Of the letters before `at`.
        let mut before = 0u64;
        for at in 0..=n {
            // What the letters from `at` on add.
            let after = whole.wrapping_sub(before.wrapping_mul(POWERS[n - at]));
            let inserted = before.wrapping_mul(BASE).wrapping_mul(POWERS[n - at]).wrapping_add(after);
            for letter in b'a'..=b'z' {
                if self.has(inserted.wrapping_add(POWERS[n - at].wrapping_mul(u64::from(letter)))) {
                    spell(&word[..at], &[letter], &word[at..]);
                }
            }
            let Some(&here) = word.get(at) else { break };
            let power = POWERS[n - 1 - at];
            let rest = after.wrapping_sub(power.wrapping_mul(u64::from(here)));
            if self.has(before.wrapping_mul(power).wrapping_add(rest)) {
                spell(&word[..at], &[], &word[at + 1..]);
            }
            if let Some(&next) = word.get(at + 1)
                && next != here
            {
                let low = POWERS[n - 2 - at];
                let swapped = push(push(before, next), here).wrapping_mul(low);
                let rest = rest.wrapping_sub(low.wrapping_mul(u64::from(next)));
                if self.has(swapped.wrapping_add(rest)) {
                    spell(&word[..at], &[next, here], &word[at + 2..]);
                }
            }
            let without = whole.wrapping_sub(power.wrapping_mul(u64::from(here)));
            for letter in b'a'..=b'z' {
                if letter != here && self.has(without.wrapping_add(power.wrapping_mul(u64::from(letter)))) {
                    spell(&word[..at], &[letter], &word[at + 1..]);
                }
            }
            before = push(before, here);
        }
    }
}

/// Every word that is one deletion, transposition, replacement or insertion of a letter away; some come twice.
pub(super) fn all_edits(word: &[u8], give: &mut impl FnMut(&[u8])) {
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
            buffer[at] = letter;
            give(&buffer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_filter_lets_every_edit_through_that_was_put_in() {
        for word in ["minister", "too", "a", ""] {
            let mut edits: BTreeSet<Vec<u8>> = BTreeSet::new();
            all_edits(word.as_bytes(), &mut |edit| _ = edits.insert(edit.to_vec()));
            let text: Vec<&str> = edits.iter().map(|edit| std::str::from_utf8(edit).unwrap()).collect();
            let bytes = Filter::build(text.iter().copied());
            let mut passed = BTreeSet::new();
            Filter::new(&bytes).unwrap().edits(word.as_bytes(), &mut |edit| _ = passed.insert(edit.to_vec()));
            assert_eq!(passed, edits, "{word}");
        }
    }

    #[test]
    fn the_filter_keeps_most_others_out() {
        let bytes = Filter::build(["minister", "ministry"].into_iter());
        let filter = Filter::new(&bytes).unwrap();
        let mut passed = Vec::new();
        filter.edits(b"minster", &mut |edit| passed.push(edit.to_vec()));
        assert_eq!(passed, [b"minister"]);
        filter.edits(&[b'x'; 100], &mut |_| panic!("nothing is so long"));
    }
}
