//! Where each run of a few words stands first: the candidates for a repeat, found by hashing.

use crate::document::Word;

/// Words in a shingle. Of twenty words of which two were changed, at least six in a row are left.
pub const SHINGLE: usize = 6;

/// Slots looked at before an entry is given up, so that no text, however made, turns the look-up into a search.
const MAX_PROBES: usize = 32;

/// A hash table of word positions; a slot holds a position plus one, or 0. The shingles themselves stay in the document.
pub struct FirstSeen<'w> {
    words: &'w [Word],
    slots: Vec<u32>,
}

impl<'w> FirstSeen<'w> {
    pub fn new(words: &'w [Word]) -> Self {
        // One slot in four stays free, and a few for the shortest documents.
        Self { words, slots: vec![0; words.len() + words.len() / 3 + 8] }
    }

    /// Where the shingle at word `at` stood first; notes it where it has not been met.
    pub fn look_up(&mut self, at: usize) -> Option<usize> {
        let shingle = &self.words[at..at + SHINGLE];
        let mut slot = ((u128::from(hash(shingle)) * self.slots.len() as u128) >> 64) as usize;
        for _ in 0..MAX_PROBES {
            match self.slots[slot] {
                0 => {
                    self.slots[slot] = at as u32 + 1;
                    return None;
                }
                seen => {
                    let seen = seen as usize - 1;
                    if self.words[seen..seen + SHINGLE].iter().zip(shingle).all(|(a, b)| a.hash == b.hash) {
                        return Some(seen);
                    }
                }
            }
            slot = (slot + 1) % self.slots.len();
        }
        None
    }
}

/// A sum of products, so that the multiplications do not wait for one another.
fn hash(shingle: &[Word]) -> u64 {
    const ODD: [u64; SHINGLE] = [
        0x9E37_79B1_85EB_CA87,
        0xC2B2_AE3D_27D4_EB4F,
        0x1656_67B1_9E37_79F9,
        0x85EB_CA77_C2B2_AE63,
        0x27D4_EB2F_1656_67C5,
        0xFF51_AFD7_ED55_8CCD,
    ];
    let sum = shingle.iter().zip(ODD).fold(0u64, |sum, (word, odd)| sum.wrapping_add(word.hash.wrapping_mul(odd)));
    sum ^ (sum >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    #[test]
    fn a_shingle_is_found_where_it_stood_first() {
        let document =
            Document::from_text("one two three four five six seven one two three four five six eight one two three four five six");
        let mut seen = FirstSeen::new(&document.words);
        let found: Vec<Option<usize>> = (0..=document.words.len() - SHINGLE).map(|at| seen.look_up(at)).collect();
        assert_eq!(found[7], Some(0));
        assert_eq!(found[14], Some(0));
        assert_eq!(found.iter().flatten().count(), 2);
    }
}
