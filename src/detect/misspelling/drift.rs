//! Names that recur in a document, found by a spelling that is one edit away.

use super::rests::Rests;
use super::view::{Term, View};
use crate::document::fold;
use crate::lexicon::forms::name_ending;
use crate::lexicon::{Edit, word_hash};
use std::cell::OnceCell;

/// A name that the document has more than once with a capital.
#[derive(Clone, Debug)]
pub struct Recurring {
    pub word: String,
    pub hash: u64,
    pub term: Option<u32>,
}

/// The recurring names of a document, or of a run.
pub struct Names {
    names: Vec<Recurring>,
    ends: Ends,
    /// Made when a name is searched for: in most documents none has a like.
    rests: OnceCell<Rests>,
}

/// Shorter names are an edit away from too many others.
pub const SHORTEST_NAME: usize = 5;

impl Names {
    /// The recurring names of a document.
    pub fn new(view: &View) -> Self {
        let mut names = Vec::new();
        for term in &view.terms {
            let word = view.word(term.first as usize);
            if !Self::recurs(term, word) {
                continue;
            }
            let mut word = fold(word);
            if word.ends_with("'s") {
                word.truncate(word.len() - 2);
            }
            let hash = word_hash(&word);
            names.push(Recurring { term: view.find(hash), word, hash });
        }
        Self::of(names)
    }

    /// Whether a term, which is first written as this word, is a recurring name.
    #[inline]
    pub fn recurs(term: &Term, word: &str) -> bool {
        term.capitals >= 2 && word.len() >= SHORTEST_NAME && word.is_ascii()
    }

    /// Names in lower-case ASCII.
    pub fn of(names: Vec<Recurring>) -> Self {
        let mut ends = Ends { firsts: [0; ENDS], lasts: [0; ENDS] };
        names.iter().for_each(|name| ends.add(name.word.as_bytes()));
        Self { names, ends, rests: OnceCell::new() }
    }

    fn rests_of_all(&self) -> &Rests {
        self.rests.get_or_init(|| Rests::of((0..).zip(self.names.iter().map(|name| name.word.as_str()))))
    }

    /// Keys of which two names that are an edit apart have at least one in common.
    pub fn rests(word: &str) -> Vec<u64> {
        Rests::of_word(word)
    }

    /// Whether two names differ by one edit at most, not by an ending.
    pub fn are_near(word: &str, name: &str) -> bool {
        Edit::between(word, name).0 != Edit::Far && !name_ending(word, name)
    }

    /// False where [`Names::near`] finds nothing. The word, of four letters or more, is itself one of the names where it `recurs`.
    pub fn may_have_near(&self, word: &str, recurs: bool) -> bool {
        self.ends.may_have_near(word.as_bytes(), recurs) && self.rests_of_all().may_have_near(word)
    }

    /// The recurring names that differ from `word` by one edit, but not in the first letter, nor by an ending where
    /// `endings` are not asked for.
    pub fn near(&self, word: &str, endings: bool) -> Vec<&Recurring> {
        let mut near: Vec<&Recurring> = self.rests_of_all().near(word).into_iter().map(|number| &self.names[number as usize]).collect();
        near.retain(|name| if endings { Edit::between(word, &name.word).0 != Edit::Far } else { Self::are_near(word, &name.word) });
        near.dedup_by_key(|name| name.hash);
        near
    }
}

/// How many names have the same first two letters, and how many the same first and last one. One edit behind the first letter leaves
/// the second or the last as it is.
struct Ends {
    firsts: [u8; ENDS],
    lasts: [u8; ENDS],
}

/// Two letters of five bits each.
const ENDS: usize = 1 << 10;

impl Ends {
    fn add(&mut self, name: &[u8]) {
        if let Some([firsts, lasts]) = ends(name) {
            self.firsts[firsts] = self.firsts[firsts].saturating_add(1);
            self.lasts[lasts] = self.lasts[lasts].saturating_add(1);
        }
    }

    fn may_have_near(&self, word: &[u8], recurs: bool) -> bool {
        let own = u8::from(recurs);
        ends(word).is_some_and(|[firsts, lasts]| self.firsts[firsts] > own || self.lasts[lasts] > own)
    }
}

fn ends(word: &[u8]) -> Option<[usize; 2]> {
    let [first, second, .., last] = *word else { return None };
    let two = |other: u8| usize::from(first & 31) << 5 | usize::from(other & 31);
    Some([two(second), two(last)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::lexicon::Lexicon;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

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

    proptest! {
        #[test]
        fn a_name_that_has_a_like_is_searched_for(names in proptest::collection::vec("[a-c]{3,7}", 1..4), word in "[a-c]{4,7}") {
            let recurring = |name: &String| Recurring { word: name.clone(), hash: word_hash(name), term: None };
            let recurs = names.contains(&word);
            let names = Names::of(names.iter().collect::<BTreeSet<_>>().into_iter().map(recurring).collect());
            prop_assert!(names.near(&word, true).is_empty() || names.may_have_near(&word, recurs), "{word}");
        }
    }
}
