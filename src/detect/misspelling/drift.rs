//! Names that recur in a document, found by a spelling that is one edit away.

use super::rests::Rests;
use super::view::View;
use crate::document::fold;
use crate::lexicon::forms::name_ending;
use crate::lexicon::{Edit, word_hash};

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
    rests: Rests,
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
        let rests = Rests::of((0..).zip(names.iter().map(|name| name.word.as_str())));
        Self { names, rests }
    }

    /// Keys of which two names that are an edit apart have at least one in common.
    pub fn rests(word: &str) -> Vec<u64> {
        Rests::of_word(word)
    }

    /// Whether two names differ by one edit at most, not by an ending.
    pub fn are_near(word: &str, name: &str) -> bool {
        Edit::between(word, name).0 != Edit::Far && !name_ending(word, name)
    }

    /// False where [`Names::near`] finds nothing.
    pub fn may_have_near(&self, word: &str) -> bool {
        self.rests.may_have_near(word)
    }

    /// The recurring names that differ from `word` by one edit, but not in the first letter, nor by an ending where
    /// `endings` are not asked for.
    pub fn near(&self, word: &str, endings: bool) -> Vec<&Recurring> {
        let mut near: Vec<&Recurring> = self.rests.near(word).into_iter().map(|number| &self.names[number as usize]).collect();
        near.retain(|name| if endings { Edit::between(word, &name.word).0 != Edit::Far } else { Self::are_near(word, &name.word) });
        near.dedup_by_key(|name| name.hash);
        near
    }
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
