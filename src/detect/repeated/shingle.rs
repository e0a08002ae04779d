//! Where each run of a few words stands first: the candidates for a repeat, found by hashing.

use super::keys::Keys;
use crate::document::inverse;

/// Words in a shingle. Of twenty words of which two were changed, at least six in a row are left.
pub const SHINGLE: usize = 6;

/// Slots looked at before an entry is given up, so that no text, however made, turns the look-up into a search.
const MAX_PROBES: usize = 32;

/// A hash table of word positions; a slot holds a position plus one, or 0. The shingles themselves stay in the document.
pub struct FirstSeen<'w, K: ?Sized> {
    words: &'w K,
    slots: Vec<u32>,
    /// Shingles at the numbers with none of these bits are noted.
    mask: usize,
    /// The word after the shingle that was hashed last, and its sum.
    next: usize,
    sum: u64,
}

impl<'w, K: Keys + ?Sized> FirstSeen<'w, K> {
    /// Notes each `step`th shingle, where `step` is a power of two. One of a run of `SHINGLE + step - 1` words is among them, wherever the run stands first.
    pub fn new(words: &'w K, step: usize) -> Self {
        let noted = words.len() / step;
        // One slot in four stays free, and a few for the shortest documents.
        Self { words, slots: vec![0; noted + noted / 3 + 8], mask: step - 1, next: usize::MAX, sum: 0 }
    }

    /// Where the shingle at word `at` stood first, if that was noted; notes it where it has not been met.
    pub fn look_up(&mut self, at: usize) -> Option<usize> {
        let mut slot = ((u128::from(self.hash(at)) * self.slots.len() as u128) >> 64) as usize;
        for _ in 0..MAX_PROBES {
            match self.slots[slot] {
                0 => {
                    if at & self.mask == 0 {
                        self.slots[slot] = at as u32 + 1;
                    }
                    return None;
                }
                seen => {
                    let seen = seen as usize - 1;
                    if self.words.same(seen, at, SHINGLE) {
                        return Some(seen);
                    }
                }
            }
            slot = if slot + 1 < self.slots.len() { slot + 1 } else { 0 };
        }
        None
    }

    /// Of the shingle at word `at`: a polynomial of the hashes of its words, so that the next one follows from it (Karp and Rabin, 1987).
    #[inline]
    fn hash(&mut self, at: usize) -> u64 {
        let entering = self.words.key(at + SHINGLE - 1).wrapping_mul(POWERS[SHINGLE - 1]);
        self.sum = if self.next == at {
            self.sum.wrapping_sub(self.words.key(at - 1)).wrapping_mul(INVERSE).wrapping_add(entering)
        } else {
            (at..).zip(POWERS).fold(0, |sum, (word, power)| sum.wrapping_add(self.words.key(word).wrapping_mul(power)))
        };
        self.next = at + 1;
        self.sum ^ (self.sum >> 32)
    }
}

const BASE: u64 = 0x9E37_79B1_85EB_CA87;
const POWERS: [u64; SHINGLE] = {
    let mut powers = [1u64; SHINGLE];
    let mut at = 1;
    while at < SHINGLE {
        powers[at] = powers[at - 1].wrapping_mul(BASE);
        at += 1;
    }
    powers
};
const INVERSE: u64 = inverse(BASE);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    #[test]
    fn a_shingle_is_found_where_it_stood_first() {
        let document =
            Document::from_text("one two three four five six seven one two three four five six eight one two three four five six");
        let mut seen = FirstSeen::new(&*document.words, 1);
        let found: Vec<Option<usize>> = (0..=document.words.len() - SHINGLE).map(|at| seen.look_up(at)).collect();
        assert_eq!(found[7], Some(0));
        assert_eq!(found[14], Some(0));
        assert_eq!(found.iter().flatten().count(), 2);
    }

    #[test]
    fn the_hash_of_a_shingle_does_not_depend_on_the_one_before() {
        let document = Document::from_text("one two three four five six seven eight nine");
        let (mut in_a_row, mut alone) = (FirstSeen::new(&*document.words, 1), FirstSeen::new(&*document.words, 1));
        let hashes: Vec<u64> = (0..=3).map(|at| in_a_row.hash(at)).collect();
        assert_eq!(hashes, [0, 1, 2, 3].map(|at| (alone.hash(3 - at), alone.hash(at)).1));
        assert_eq!(BASE.wrapping_mul(INVERSE), 1);
    }
}
