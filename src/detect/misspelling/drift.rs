//! Names that recur in a document, found by a spelling that is one edit away.

use super::view::View;
use crate::document::{fold, inverse};
use crate::lexicon::forms::name_ending;
use crate::lexicon::{Edit, word_hash};

/// A name that the document has more than once with a capital.
#[derive(Clone, Debug)]
pub struct Recurring {
    pub word: String,
    pub hash: u64,
    pub term: Option<u32>,
}

/// Finds recurring names by what is left of them when one letter is dropped: two spellings that are one edit apart
/// have that in common, so that no two names need to be compared to find the pairs.
pub struct Names {
    names: Vec<Recurring>,
    /// Hash of a name with one letter or none dropped, and which name.
    rests: Vec<(u64, u32)>,
    /// A bit for each rest, by its hash.
    filter: Vec<u64>,
}

/// Shorter names are an edit away from too many others.
pub const SHORTEST_NAME: usize = 5;

impl Names {
    /// The recurring names of a document.
    pub fn new(view: &View) -> Self {
        let mut names = Vec::new();
        for term in view.terms.iter().filter(|term| term.capitals >= 2) {
            let mut word = fold(view.word(term.first as usize));
            if word.len() < SHORTEST_NAME || !word.is_ascii() {
                continue;
            }
            if word.ends_with("'s") {
                word.truncate(word.len() - 2);
            }
            let hash = word_hash(&word);
            names.push(Recurring { term: view.find(hash), word, hash });
        }
        Self::of(names)
    }

    /// Names in lower-case ASCII.
    pub fn of(names: Vec<Recurring>) -> Self {
        let mut rests = Vec::with_capacity(names.len() * 9);
        for (number, name) in names.iter().enumerate() {
            for_rests(&name.word, |hash| rests.push((hash, number as u32)));
        }
        rests.sort_unstable();
        let mut filter = vec![0; (rests.len() / 4).next_power_of_two()];
        for &(hash, _) in &rests {
            let (word, bit) = filter_bit(hash, filter.len());
            filter[word] |= bit;
        }
        Self { names, rests, filter }
    }

    /// False where [`Names::near`] finds nothing.
    pub fn may_have_near(&self, word: &str) -> bool {
        let mut may = false;
        if !self.names.is_empty() {
            for_rests(word, |hash| {
                let (word, bit) = filter_bit(hash, self.filter.len());
                may |= self.filter[word] & bit != 0;
            });
        }
        may
    }

    /// The recurring names that differ from `word` by one edit, but not in the first letter, nor by an ending where
    /// `endings` are not asked for.
    pub fn near(&self, word: &str, endings: bool) -> Vec<&Recurring> {
        let mut numbers = Vec::new();
        for_rests(word, |hash| {
            let from = self.rests.partition_point(|&(other, _)| other < hash);
            numbers.extend(self.rests[from..].iter().take_while(|&&(other, _)| other == hash).map(|&(_, number)| number));
        });
        numbers.sort_unstable();
        numbers.dedup();
        let mut near: Vec<&Recurring> = numbers.into_iter().map(|number| &self.names[number as usize]).collect();
        near.retain(|name| Edit::between(word, &name.word).0 != Edit::Far && (endings || !name_ending(word, &name.word)));
        near.dedup_by_key(|name| name.hash);
        near
    }
}

/// Gives the hashes of a word, whatever its case, and of the word without each letter after the first. The hash is a
/// polynomial of the letters, so that those without a letter follow from the parts before and after it.
fn for_rests(word: &str, mut give: impl FnMut(u64)) {
    const BASE: u64 = 0x9E37_79B9_7F4A_7C15;
    const INVERSE: u64 = inverse(BASE);
    let letter = |letter: &u8| u64::from(letter.to_ascii_lowercase());
    let push = |hash: u64, byte: &u8| hash.wrapping_mul(BASE).wrapping_add(letter(byte));
    let whole = word.as_bytes().iter().fold(0, push);
    give(whole);
    let (mut after, mut power) = (0u64, 1u64);
    // What the letters before the one that is dropped add, times the power of those after it.
    let mut before = whole;
    for byte in word.as_bytes().iter().skip(1).rev() {
        let here = power.wrapping_mul(letter(byte));
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
    use crate::document::Document;
    use crate::lexicon::Lexicon;

    #[test]
    fn recurring_names_are_found_by_one_edit() {
        let document = Document::from_text("Lavrov met Gates.\nThen Lavrov met Horgan's aide, and Horgan's aide left.\nGates spoke.\n");
        let view = View::new(&document, Lexicon::english());
        let names = Names::new(&view);
        let near = |word: &str| names.near(word, false).iter().map(|name| name.word.clone()).collect::<Vec<_>>();
        for drifted in ["lavarov", "lavov", "larvov", "lavrow"] {
            assert_eq!(near(drifted), ["lavrov"], "{drifted}");
        }
        assert_eq!(near("horgen"), ["horgan"]);
        // Another first letter, an ending, two edits, the name itself.
        assert_eq!(names.near("lavrova", true).len(), 1);
        assert!(["bavrov", "lavrova", "lavorvv", "lavrov", "gate"].iter().all(|word| near(word).is_empty()));
    }
}
