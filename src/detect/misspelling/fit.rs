//! A first look at the candidates of a known word, by a few table look-ups: most fit their neighbours worse than the
//! word does, and are not worth more time.

use super::features::{Evidence, WEB_LEAST, WEB_WORDS};
use super::site::Head;
use crate::lexicon::{COUNTED_WORDS, Entry, Neighbour};

/// The word between its neighbours. All numbers are powers of ten.
pub struct Fit<'a> {
    evidence: &'a Evidence<'a>,
    left: Option<(u32, u64, f32)>,
    right: Option<(u32, u64, f32)>,
    word: f32,
    hash: u64,
    /// How well the word itself goes with its neighbours, when that was asked for.
    own: Option<(f32, f32)>,
}

/// By how many powers of ten a candidate must fit better than the word, left and right together.
const LEAST_GAIN: f32 = -1.5;
/// Words rarer than this in the web are suspect even where no table knows the candidate's neighbours.
const RARE: f32 = 6.0;

impl<'a> Fit<'a> {
    pub fn new(evidence: &'a Evidence<'a>, head: &Head) -> Self {
        let side = |term: Option<u32>| {
            term.map(|term| {
                let of = &evidence.view.terms[term as usize];
                (term, of.hash, of.entry.web_log().unwrap_or(UNKNOWN))
            })
        };
        Self {
            evidence,
            left: side(head.left),
            right: side(head.right),
            word: head.entry.web_log().unwrap_or(UNKNOWN_WORD),
            hash: head.hash,
            own: None,
        }
    }

    /// Whether the candidate was ever seen beside the left or the right neighbour.
    pub fn was_seen(&self, candidate: &Neighbour, term: Option<u32>) -> bool {
        self.left.is_some_and(|(_, left, _)| self.evidence.pair(true, left, candidate.hash) > 0.0)
            || self.right.is_some_and(|(_, right, _)| self.evidence.pair(true, candidate.hash, right) > 0.0)
            || self.in_document(term)
    }

    fn in_document(&self, term: Option<u32>) -> bool {
        term.is_some() && {
            let beside = |side: Option<(u32, u64, f32)>| side.map(|(term, ..)| term);
            let (left, right) = self.evidence.in_document(beside(self.left), beside(self.right), term);
            left || right
        }
    }

    /// Whether the candidate has the document on its side, or fits at least about as well as the word.
    pub fn is_worth_a_look(&mut self, candidate: &Neighbour, term: Option<u32>) -> bool {
        if self.in_document(term) {
            return true;
        }
        let left = self.left.and_then(|(_, left, _)| self.pair(left, candidate.hash));
        let right = self.right.and_then(|(_, right, _)| self.pair(candidate.hash, right));
        if left.is_none() && right.is_none() && term.is_none() && self.word > RARE {
            return false;
        }
        let (own_left, own_right) = *self.own.get_or_insert_with(|| {
            let left = self.left.map_or(0.0, |(_, left, log)| bond(pair(self.evidence, left, self.hash), log, self.word));
            let right = self.right.map_or(0.0, |(_, right, log)| bond(pair(self.evidence, self.hash, right), log, self.word));
            (left, right)
        });
        let log = frequency(candidate.entry, term.is_some());
        let left = self.left.map_or(0.0, |(_, _, beside)| (bond(left, beside, log) - own_left).clamp(-4.0, 4.0));
        let right = self.right.map_or(0.0, |(_, _, beside)| (bond(right, beside, log) - own_right).clamp(-4.0, 4.0));
        left + right >= LEAST_GAIN
    }

    fn pair(&self, left: u64, right: u64) -> Option<f32> {
        pair(self.evidence, left, right)
    }
}

/// What is assumed of words that no table knows: beside the word that is looked at, and in its place.
const UNKNOWN: f32 = 4.30;
const UNKNOWN_WORD: f32 = 3.48;

fn frequency(entry: Entry, in_document: bool) -> f32 {
    let log = entry.web_log().unwrap_or(0.0);
    if in_document { log.max(UNKNOWN) } else { log }
}

fn pair(evidence: &Evidence, left: u64, right: u64) -> Option<f32> {
    let free = || evidence.lexicon.bigrams.log([left, right]).map(|log| log + (WEB_WORDS / COUNTED_WORDS).log10() as f32);
    evidence.lexicon.web_bigrams.log([left, right]).or_else(free)
}

/// The share of a word's occurrences that stand beside this neighbour, as seen or by chance.
fn bond(seen: Option<f32>, beside: f32, word: f32) -> f32 {
    let most = (WEB_LEAST * 0.7).log10() as f32;
    // Of nothing seen, three tenths of an occurrence are assumed, and of chance seven tenths.
    seen.unwrap_or_else(|| (beside + word - WEB_WORDS.log10() as f32 - 0.155).clamp(-0.52, most)) - word
}
