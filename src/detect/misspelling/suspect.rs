//! Which words of a document are worth a look at all: decided once for each spelling, since nearly all words are right.

use super::drift::{Names, SHORTEST_NAME};
use super::fit::may_win;
use super::site::{SHORTEST, TOO_FREQUENT, is_plain};
use super::view::{Marks, View};
use crate::lexicon::{Known, Lexicon};

/// Why a spelling is worth a look, as a set of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Suspicion(u8);

impl Suspicion {
    /// A known word one edit away from another that the document has.
    pub const BESIDE_DOCUMENT: u8 = 1;
    /// A known word one edit away from another that may be likelier between the same neighbours.
    pub const LESS_LIKELY: u8 = 2;
    /// No known word.
    pub const UNKNOWN: u8 = 4;
    /// A rare word that everybody who writes it got wrong; with a capital it may be a name.
    pub const LISTED: u8 = 8;
    /// One edit away from a name that recurs in the document.
    pub const NAME: u8 = 16;

    pub const fn any(self, bits: u8) -> bool {
        self.0 & bits != 0
    }

    pub const fn is_none(self) -> bool {
        self.0 == 0
    }
}

/// A spelling without `'s`, and what the document says of it.
#[derive(Clone, Copy, Debug)]
pub struct Spelling<'a> {
    /// ASCII letters in any case.
    pub word: &'a str,
    pub hash: u64,
    pub known: Known,
    pub count: u32,
    pub capital: bool,
}

/// Looks at spellings.
pub struct Suspects<'a> {
    pub view: &'a View<'a>,
    pub lexicon: &'a Lexicon,
    pub names: &'a Names,
    pub free_counts: bool,
}

/// Who makes the same mistake more often than this means it (the gates of the model say so too).
const MEANT: u32 = 2;

impl Suspects<'_> {
    /// The suspicion against each term of the document. A term that is no plain word has none.
    pub fn of_terms(&self) -> Vec<Suspicion> {
        let of_term = |term: &super::view::Term| {
            let first = self.view.tokens[term.first as usize];
            if term.count > MEANT || first.len() < SHORTEST {
                return Suspicion::default();
            }
            let word = self.view.word(term.first as usize);
            if first.marks.any(Marks::PART | Marks::NON_ASCII | Marks::APOSTROPHE) && !is_plain(word) {
                return Suspicion::default();
            }
            self.of(&Spelling { word, hash: term.hash, known: term.known, count: term.count, capital: term.capitals > 0 })
        };
        self.view.terms.iter().map(of_term).collect()
    }

    /// The suspicion against a spelling of ASCII letters.
    pub fn of(&self, spelling: &Spelling) -> Suspicion {
        let &Spelling { word, hash, known, count, capital } = spelling;
        let entry = known.entry;
        if count > MEANT || word.len() < SHORTEST || entry.web_count().is_some_and(|count| entry.listed() && count > TOO_FREQUENT) {
            return Suspicion::default();
        }
        let mut bits = 0;
        let long_enough = word.len() >= if self.free_counts { SHORTEST_NAME - 1 } else { SHORTEST_NAME };
        if capital && long_enough && self.names.may_have_near(word) {
            bits |= Suspicion::NAME;
        }
        if !entry.listed() && !self.lexicon.words.knows_stem(&word.to_ascii_lowercase()) {
            return Suspicion(bits | Suspicion::UNKNOWN);
        }
        if entry.tier() > 70 && self.lexicon.typos.contains(hash) {
            bits |= Suspicion::LISTED;
        }
        if !entry.near_is_listed() || !self.free_counts {
            // What there is must be searched for; the first model judged whatever was seen.
            return Suspicion(bits | if entry.has_near() { Suspicion::BESIDE_DOCUMENT | Suspicion::LESS_LIKELY } else { 0 });
        }
        for near in self.lexicon.words.near(known) {
            if may_win(&near, entry) {
                bits |= Suspicion::LESS_LIKELY;
            }
            if self.view.find_id(near.id).is_some() {
                bits |= Suspicion::BESIDE_DOCUMENT;
            }
        }
        Suspicion(bits)
    }
}
