//! Which words of a document are worth a look at all: decided once for each spelling, since nearly all words are right.

use super::drift::{Names, SHORTEST_NAME};
use super::fit::Prior;
use super::site::{SHORTEST, TOO_FREQUENT, is_plain};
use super::view::View;
use crate::lexicon::{Known, Lexicon, Near, NearRow};

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

    /// As a number, for a memo.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The suspicion with this number.
    pub const fn of_bits(bits: u8) -> Self {
        Self(bits)
    }

    pub const fn any(self, bits: u8) -> bool {
        self.0 & bits != 0
    }

    /// What the tables alone say against a spelling.
    pub fn of(word: &str, hash: u64, known: Known, lexicon: &Lexicon) -> Self {
        let entry = known.entry;
        let too_frequent = || entry.listed() && entry.web_count().is_some_and(|count| count > TOO_FREQUENT);
        // Of shorter words only what many write wrong can be judged: `teh`.
        let too_short = || word.len() < SHORTEST && !(word.len() + 1 == SHORTEST && entry.tier() > 70 && lexicon.typos.contains(hash));
        if too_short() || !is_plain(word) || too_frequent() {
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
        let prior = Prior::of(entry);
        if !entry.near_is_listed() || lexicon.words.near(known).any(|near| prior.may_win(&near)) {
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
    /// It is one of the recurring names itself.
    pub recurs: bool,
}

/// A candidate one edit away from a known word that may be meant by it.
#[derive(Clone, Copy, Debug)]
pub struct Prospect {
    pub near: Near,
    /// Which term of the document it is.
    pub term: Option<u32>,
}

/// What speaks against each term of a document.
#[derive(Debug, Default)]
pub struct OfTerms {
    /// The suspicion, and where its prospects start and end.
    terms: Vec<(Suspicion, u32, u32)>,
    prospects: Vec<Prospect>,
}

impl OfTerms {
    #[inline]
    pub fn suspicion(&self, term: u32) -> Suspicion {
        self.terms[term as usize].0
    }

    pub fn prospects(&self, term: u32) -> &[Prospect] {
        let (_, from, to) = self.terms[term as usize];
        &self.prospects[from as usize..to as usize]
    }
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
    pub fn of_terms(&self) -> OfTerms {
        let mut prospects = Vec::with_capacity(self.view.terms.len() / 4);
        let of_term = |term: &super::view::Term| {
            if term.count > MEANT || !term.suspicion.any(Suspicion::PLAIN) {
                return (Suspicion::default(), 0, 0);
            }
            let from = prospects.len() as u32;
            let word = self.view.word(term.first as usize);
            let (capital, recurs) = (term.capitals > 0, Names::recurs(term, word));
            let spelling = Spelling { word, known: term.known, suspicion: term.suspicion, count: term.count, capital, recurs };
            let suspicion = self.of(&spelling, &mut prospects);
            (suspicion, from, prospects.len() as u32)
        };
        OfTerms { terms: self.view.terms.iter().map(of_term).collect(), prospects }
    }

    /// The suspicion against a spelling. If it is a known word whose candidates are listed, those that may be meant are added.
    #[inline]
    pub fn of(&self, spelling: &Spelling, prospects: &mut Vec<Prospect>) -> Suspicion {
        let &Spelling { word, known, suspicion, count, capital, recurs } = spelling;
        if count > MEANT || !suspicion.any(Suspicion::PLAIN) {
            return Suspicion::default();
        }
        let mut bits = suspicion.0 & !(Suspicion::PLAIN | Suspicion::NEAR);
        if suspicion.any(Suspicion::NEAR) {
            // Of most words no candidate can, and their rows are not read.
            let may_win = |row: NearRow| suspicion.any(Suspicion::LESS_LIKELY) && Prior::of(known.entry).may_win(&row.near());
            for row in self.lexicon.words.near_rows(known) {
                let term = self.view.find_id(row.id());
                if term.is_some() {
                    bits |= Suspicion::BESIDE_DOCUMENT;
                } else if self.free_counts && !may_win(row) {
                    continue;
                }
                prospects.push(Prospect { near: row.near(), term });
            }
            if !self.free_counts {
                // The first model judged whatever was seen.
                bits |= Suspicion::LESS_LIKELY | Suspicion::BESIDE_DOCUMENT;
            } else if !known.entry.near_is_listed() {
                bits |= Suspicion::BESIDE_DOCUMENT;
            }
        }
        let long_enough = word.len() >= if self.free_counts { SHORTEST_NAME - 1 } else { SHORTEST_NAME };
        if capital && long_enough && self.names.may_have_near(word, recurs) {
            bits |= Suspicion::NAME;
        }
        Suspicion(bits)
    }
}
