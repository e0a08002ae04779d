//! Which words of a document are worth a look at all: decided once for each spelling, since nearly all words are right.

use super::drift::{Names, SHORTEST_NAME};
use super::fit::may_win;
use super::site::{SHORTEST, TOO_FREQUENT, is_plain};
use super::view::View;
use crate::lexicon::{Known, Lexicon};

/// Why a spelling is worth a look, as a set of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Suspicion(u8);

impl Suspicion {
    /// A known word one edit away from another that may be likelier between the same neighbours.
    pub const LESS_LIKELY: u8 = 1;
    /// A known word one edit away from another that the document has.
    pub const BESIDE_DOCUMENT: u8 = 2;
    /// No known word.
    pub const UNKNOWN: u8 = 4;
    /// A rare word that everybody who writes it got wrong; with a capital it may be a name.
    pub const LISTED: u8 = 8;
    /// One edit away from a name that recurs in the document.
    pub const NAME: u8 = 16;
    /// A known word with candidates one edit away.
    const NEAR: u8 = 32;
    /// A word of ASCII letters, neither short nor very frequent; no other can be judged.
    const PLAIN: u8 = 64;

    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    pub const fn any(self, bits: u8) -> bool {
        self.0 & bits != 0
    }

    /// What the tables alone say against a spelling.
    pub fn of(word: &str, hash: u64, known: Known, lexicon: &Lexicon) -> Self {
        let entry = known.entry;
        let too_frequent = || entry.listed() && entry.web_count().is_some_and(|count| count > TOO_FREQUENT);
        if word.len() < SHORTEST || !is_plain(word) || too_frequent() {
            return Self(0);
        }
        if !entry.listed() && !lexicon.words.knows_stem(&word.to_ascii_lowercase()) {
            return Self(Self::PLAIN | Self::UNKNOWN);
        }
        let mut bits = Self::PLAIN;
        if entry.tier() > 70 && lexicon.typos.contains(hash) {
            bits |= Self::LISTED;
        }
        if entry.has_near() {
            bits |= Self::NEAR;
        }
        if !entry.near_is_listed() || lexicon.words.near(known).any(|near| may_win(&near, entry)) {
            bits |= Self::LESS_LIKELY;
        }
        Self(bits)
    }
}

/// A spelling without `'s`, and what the document says of it.
#[derive(Clone, Copy, Debug)]
pub struct Spelling<'a> {
    /// In any case.
    pub word: &'a str,
    pub known: Known,
    /// What the tables say.
    pub suspicion: Suspicion,
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
    /// The suspicion against each term of the document.
    pub fn of_terms(&self) -> Vec<Suspicion> {
        let of_term = |term: &super::view::Term| {
            if term.count > MEANT || !term.suspicion.any(Suspicion::PLAIN) {
                return Suspicion::default();
            }
            let word = self.view.word(term.first as usize);
            self.of(&Spelling { word, known: term.known, suspicion: term.suspicion, count: term.count, capital: term.capitals > 0 })
        };
        self.view.terms.iter().map(of_term).collect()
    }

    /// The suspicion against a spelling.
    pub fn of(&self, spelling: &Spelling) -> Suspicion {
        let &Spelling { word, known, suspicion, count, capital } = spelling;
        if count > MEANT || !suspicion.any(Suspicion::PLAIN) {
            return Suspicion::default();
        }
        let mut bits = suspicion.0 & !(Suspicion::PLAIN | Suspicion::NEAR);
        if suspicion.any(Suspicion::NEAR) {
            if !self.free_counts {
                // The first model judged whatever was seen.
                bits |= Suspicion::LESS_LIKELY | Suspicion::BESIDE_DOCUMENT;
            } else if !known.entry.near_is_listed() || self.lexicon.words.near(known).any(|near| self.view.find_id(near.id).is_some()) {
                bits |= Suspicion::BESIDE_DOCUMENT;
            }
        }
        let long_enough = word.len() >= if self.free_counts { SHORTEST_NAME - 1 } else { SHORTEST_NAME };
        if capital && long_enough && self.names.may_have_near(word) {
            bits |= Suspicion::NAME;
        }
        Suspicion(bits)
    }
}
