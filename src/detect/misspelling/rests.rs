//! Words one edit apart, found without comparing all pairs: two of them have in common what is left when one letter is dropped
//! (Mor and Fraenkel, “A hash code method for detecting and correcting spelling errors”, 1982).

use crate::document::inverse;

/// Words by what is left of them without one letter, for look-ups by words that are an edit away. The first letter is never dropped.
pub struct Rests {
    /// Hash of a word with one letter or none dropped, and which word.
    rests: Vec<(u64, u32)>,
    /// A bit for each rest, by its hash.
    filter: Vec<u64>,
}

impl Rests {
    /// The words with the numbers that they are asked back by.
    pub fn of<'w>(words: impl Iterator<Item = (u32, &'w str)>) -> Self {
        let mut rests = Vec::new();
        for (number, word) in words {
            for_rests(word, |hash| rests.push((hash, number)));
        }
        rests.sort_unstable();
        let mut filter = vec![0; (rests.len() / 4).next_power_of_two()];
        for &(hash, _) in &rests {
            let (word, bit) = filter_bit(hash, filter.len());
            filter[word] |= bit;
        }
        Self { rests, filter }
    }

    /// Hashes of the word and of the word without each letter after the first, each once.
    pub fn of_word(word: &str) -> Vec<u64> {
        let mut rests = Vec::with_capacity(word.len());
        for_rests(word, |hash| rests.push(hash));
        rests.sort_unstable();
        rests.dedup();
        rests
    }

    /// False where [`Self::near`] finds nothing.
    pub fn may_have_near(&self, word: &str) -> bool {
        let mut may = false;
        if !self.rests.is_empty() {
            for_rests(word, |hash| {
                let (word, bit) = filter_bit(hash, self.filter.len());
                may |= self.filter[word] & bit != 0;
            });
        }
        may
    }

    /// The numbers of all words one edit away from this one, whatever its case (of ASCII), of some two edits away, and of the word itself.
    pub fn near(&self, word: &str) -> Vec<u32> {
        let mut numbers = Vec::new();
        for_rests(word, |hash| {
            let from = self.rests.partition_point(|&(other, _)| other < hash);
            numbers.extend(self.rests[from..].iter().take_while(|&&(other, _)| other == hash).map(|&(_, number)| number));
        });
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

/// Gives the hashes of a word and of the word without each letter after the first. The hash is a polynomial of the letters, so that
/// those without a letter follow from the parts before and after it.
fn for_rests(word: &str, mut give: impl FnMut(u64)) {
    const BASE: u64 = 0x9E37_79B9_7F4A_7C15;
    const INVERSE: u64 = inverse(BASE);
    let of = |letter: char| u64::from(u32::from(letter.to_ascii_lowercase()));
    let whole = word.chars().fold(0u64, |hash, letter| hash.wrapping_mul(BASE).wrapping_add(of(letter)));
    give(whole);
    let (mut after, mut power) = (0u64, 1u64);
    // What the letters before the one that is dropped add, times the power of those after it.
    let mut before = whole;
    let first = word.chars().next().map_or(0, char::len_utf8);
    for letter in word[first..].chars().rev() {
        let here = power.wrapping_mul(of(letter));
        before = before.wrapping_sub(here);
        give(before.wrapping_mul(INVERSE).wrapping_add(after));
        after = after.wrapping_add(here);
        power = power.wrapping_mul(BASE);
    }
}

/// Which word of a filter, and which bit of it, a hash stands for.
fn filter_bit(hash: u64, words: usize) -> (usize, u64) {
    let mixed = (hash ^ hash >> 32).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    ((mixed >> 32) as usize & (words - 1), 1 << (mixed >> 58))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_single_edit_is_found() {
        let words = ["küste", "lavrov", "minister"];
        let rests = Rests::of((0..).zip(words));
        for (near, number) in [("kuste", 0), ("kste", 0), ("küßte", 0), ("küset", 0), ("Lavarov", 1), ("minster", 2), ("ministre", 2)] {
            assert_eq!(rests.near(near), [number], "{near}");
            assert!(rests.may_have_near(near), "{near}");
        }
        for far in ["lavrova", "x", "", "bavrov"] {
            assert!(rests.near(far).iter().all(|&number| number == 1), "{far}");
        }
        assert!(!Rests::of(std::iter::empty()).may_have_near("lavrov"));
    }

    proptest! {
        #[test]
        fn a_word_without_a_letter_has_the_hash_of_what_is_left(word in "\\PC{2,12}", at in 1usize..12) {
            let letters: Vec<char> = word.chars().collect();
            let at = at.min(letters.len() - 1);
            let rest: String = letters.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, letter)| letter).collect();
            let (mut first, mut all) = (None, Vec::new());
            for_rests(&rest, |hash| first = first.or(Some(hash)));
            for_rests(&word, |hash| all.push(hash));
            prop_assert!(all.contains(&first.unwrap()));
        }
    }
}
