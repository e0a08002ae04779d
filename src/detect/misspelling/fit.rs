//! A first look at the candidates of a known word, by a few table look-ups: most fit their neighbours worse than the
//! word does, and are not worth more time.
//!
//! What is guessed here is about the score of the model, in powers of ten of odds; its weights were fitted to that score,
//! on the same injected errors and news as those of the model. The least guess keeps all of what scored above the threshold
//! there, and 98 in 100 of what lies two below it.

use super::features::{Evidence, WEB_LEAST, WEB_WORDS};
use super::site::Head;
use crate::lexicon::{COUNTED_WORDS, Edit, Entry, Id, Near};

/// The word between its neighbours. All numbers are powers of ten.
pub struct Fit<'a> {
    evidence: &'a Evidence<'a>,
    head: &'a Head,
    left: Option<Side>,
    right: Option<Side>,
    word: f32,
    /// What the counts say of the word itself, when that was asked for.
    own: Option<Own>,
}

/// A neighbour.
#[derive(Clone, Copy)]
struct Side {
    term: u32,
    id: Id,
    log: f32,
}

#[derive(Clone, Copy)]
struct Own {
    /// The word was met between its neighbours: nothing but the document speaks against it.
    settled: bool,
    /// How many of its pairs were met.
    pairs: u8,
    left: f32,
    right: f32,
}

/// Words rarer than this in the web are suspect even where no table knows the candidate's neighbours.
const RARE: f32 = 6.0;

/// What is guessed before a candidate's neighbours are asked.
const BIAS: f32 = -2.99;
const FREQUENCY: f32 = 1.5;
const READINESS: f32 = 8.46;
const IN_DOCUMENT: f32 = 1.29;
/// What each pair that was met adds, and each power of ten by which a candidate fits better.
const CANDIDATE_PAIR: f32 = 1.46;
const WORD_PAIR: f32 = -1.49;
const GAIN: f32 = 1.07;
/// The neighbours add no more than this to what is reported, or nearly never.
const MOST: f32 = 3.8;
/// Candidates that are guessed lower are not worth a look.
const LEAST: f32 = -2.7;

/// The guess before the neighbours are asked: how much more frequent a candidate is, and how ready fingers are to make the
/// edit.
#[inline]
fn prior(near: &Near, word: f32) -> f32 {
    BIAS + FREQUENCY * (near.log - word) + READINESS * readiness(near.edit)
}

#[inline]
fn readiness(edit: Edit) -> f32 {
    edit.readiness() as f32
}

/// What is guessed of the candidates of a word by themselves.
#[derive(Clone, Copy, Debug)]
pub struct Prior {
    /// How often the word is met in the web, as a power of ten.
    word: f32,
}

impl Prior {
    pub fn of(word: Entry) -> Self {
        Self { word: log_of_word(word) }
    }

    /// Whether any neighbours can make the candidate likelier than the word, if the document does not have it.
    #[inline]
    pub fn may_win(self, near: &Near) -> bool {
        !near.form && prior(near, self.word) + MOST >= LEAST
    }
}

#[inline]
fn log_of_word(entry: Entry) -> f32 {
    entry.web_log().unwrap_or(UNKNOWN_WORD)
}

impl<'a> Fit<'a> {
    pub fn new(evidence: &'a Evidence<'a>, head: &'a Head) -> Self {
        let side = |term: Option<u32>| {
            term.map(|term| {
                let known = evidence.view.terms[term as usize].known;
                Side { term, id: known.id, log: known.entry.web_log().unwrap_or(UNKNOWN) }
            })
        };
        Self { evidence, head, left: side(head.left), right: side(head.right), word: log_of_word(head.known.entry), own: None }
    }

    /// Whether the candidate was ever seen beside the left or the right neighbour.
    pub fn was_seen(&self, candidate: Id, term: Option<u32>) -> bool {
        self.left.is_some_and(|left| self.evidence.pair(true, left.id, candidate) > 0.0)
            || self.right.is_some_and(|right| self.evidence.pair(true, candidate, right.id) > 0.0)
            || self.evidence.in_document(self.left.map(|side| side.term), self.right.map(|side| side.term), term) != (false, false)
    }

    /// Whether the document may have the candidate beside the left and the right neighbour.
    fn in_document(&self, term: Option<u32>) -> (bool, bool) {
        let view = self.evidence.view;
        (
            term.is_some() && view.may_have_pair(self.left.map(|side| side.term), term),
            term.is_some() && view.may_have_pair(term, self.right.map(|side| side.term)),
        )
    }

    /// Whether the candidate has the document on its side, as far as can be told at a glance, or may be likelier than the word.
    pub fn is_worth_a_look(&mut self, near: &Near, term: Option<u32>) -> bool {
        let (left, right) = self.in_document(term);
        // Of two forms of one word, each may stand nearly anywhere.
        if near.form {
            return left && right;
        }
        if left || right {
            return true;
        }
        let mut guess = prior(near, self.word);
        if let Some(term) = term {
            guess += IN_DOCUMENT * (1.0 + self.evidence.view.terms[term as usize].count as f32).log2();
        }
        if guess + MOST < LEAST {
            return false;
        }
        let pairs = &self.evidence.lexicon.pairs;
        let met = self.left.is_some_and(|left| pairs.may_contain(left.id, near.id))
            || self.right.is_some_and(|right| pairs.may_contain(near.id, right.id));
        if !met && term.is_none() && self.word > RARE {
            return false;
        }
        let own = self.own();
        if own.settled {
            return false;
        }
        let left = self.left.and_then(|left| self.pair(left.id, near.id));
        let right = self.right.and_then(|right| self.pair(near.id, right.id));
        if left.is_none() && right.is_none() && term.is_none() && self.word > RARE {
            return false;
        }
        let log = if term.is_some() { near.log.max(UNKNOWN) } else { near.log };
        let gain =
            |seen: Option<f32>, side: Option<Side>, own: f32| side.map_or(0.0, |side| (bond(seen, side.log, log) - own).clamp(-4.0, 4.0));
        let seen = f32::from(u8::from(left.is_some()) + u8::from(right.is_some()));
        guess += WORD_PAIR * f32::from(own.pairs) + CANDIDATE_PAIR * seen;
        guess + GAIN * (gain(left, self.left, own.left) + gain(right, self.right, own.right)) >= LEAST
    }

    fn own(&mut self) -> Own {
        if let Some(own) = self.own {
            return own;
        }
        let id = self.head.known.id;
        let left = self.left.and_then(|left| self.pair(left.id, id));
        let right = self.right.and_then(|right| self.pair(id, right.id));
        let bond = |seen: Option<f32>, side: Option<Side>| side.map_or(0.0, |side| bond(seen, side.log, self.word));
        let own = Own {
            settled: match (left, right) {
                (Some(_), Some(_)) => true,
                // What was met three times in a row was met as pairs.
                (Some(_), None) => self.follows_pair(),
                (None, Some(_)) => self.precedes_pair(),
                (None, None) => false,
            },
            pairs: u8::from(left.is_some()) + u8::from(right.is_some()),
            left: bond(left, self.left),
            right: bond(right, self.right),
        };
        self.own = Some(own);
        own
    }

    /// Whether the word was met after the two words before it.
    fn follows_pair(&self) -> bool {
        let (second, _) = self.head.seconds(self.evidence.view);
        let left = self.left.zip(second);
        left.is_some_and(|(left, second)| self.evidence.lexicon.trigrams.contains([second, left.id, self.head.known.id]))
    }

    /// Whether the word was met before the two words after it.
    fn precedes_pair(&self) -> bool {
        let (_, second) = self.head.seconds(self.evidence.view);
        let right = self.right.zip(second);
        right.is_some_and(|(right, second)| self.evidence.lexicon.trigrams.contains([self.head.known.id, right.id, second]))
    }

    /// How often a pair is met in the web, or what free text makes of it.
    fn pair(&self, left: Id, right: Id) -> Option<f32> {
        let (web, free) = self.evidence.lexicon.pairs.logs(left, right);
        web.or_else(|| free.map(|log| log + (WEB_WORDS / COUNTED_WORDS).log10() as f32))
    }
}

/// What is assumed of words that no table knows: beside the word that is looked at, and in its place.
const UNKNOWN: f32 = 4.30;
const UNKNOWN_WORD: f32 = 3.48;

/// The share of a word's occurrences that stand beside this neighbour, as seen or by chance.
fn bond(seen: Option<f32>, beside: f32, word: f32) -> f32 {
    let most = (WEB_LEAST * 0.7).log10() as f32;
    // Of nothing seen, three tenths of an occurrence are assumed, and of chance seven tenths.
    seen.unwrap_or_else(|| (beside + word - WEB_WORDS.log10() as f32 - 0.155).clamp(-0.52, most)) - word
}
