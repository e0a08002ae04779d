//! What counts of one, two and three words of free text say of a known word and a candidate in its place.

use super::features::{Evidence, Feature, Features, Proposal};
use super::site::Site;
use crate::lexicon::forms::{regular_inflection, spelling_variants};
use crate::lexicon::{COUNTED_WORDS, Entry, Id, Lexicon};

/// How many imagined occurrences the shorter context counts for, beside those seen of the longer (Dirichlet smoothing
/// of a bigram by its word, and of a trigram by its bigram).
const PAIR_PRIOR: f64 = 20.0;
const TRIPLE_PRIOR: f64 = 5.0;
/// Share of capitals that is assumed of a word that was not counted.
const USUAL_CAPITALS: f64 = 0.3;

/// The counts of a word in its place.
struct Fit {
    /// Of the word, with a half for what was not seen.
    word: f64,
    left: f64,
    right: f64,
    /// Left-left, middle, right-right.
    triples: [f64; 3],
}

/// The counts that do not depend on the word.
struct Frame {
    left: f64,
    right: f64,
    left_pair: f64,
    right_pair: f64,
}

impl Fit {
    fn new(site: &Site, lexicon: &Lexicon, id: Id, entry: Entry) -> Self {
        let (left, right) = (site.left.map(|side| side.id), site.right.map(|side| side.id));
        let triple = |words: Option<[Id; 3]>| words.map_or(0.0, |words| lexicon.trigrams.get(words));
        Self {
            word: entry.free_count() + 0.5,
            left: left.map_or(0.0, |left| lexicon.pairs.free(left, id)),
            right: right.map_or(0.0, |right| lexicon.pairs.free(id, right)),
            triples: [
                triple(left.zip(site.second_left).map(|(left, second)| [second, left, id])),
                triple(left.zip(right).map(|(left, right)| [left, id, right])),
                triple(right.zip(site.second_right).map(|(right, second)| [id, right, second])),
            ],
        }
    }

    /// The chance of the word after its left context, up to a factor that is the same for all words.
    fn left_chance(&self, site: &Site, frame: &Frame) -> f64 {
        let alone = self.word / COUNTED_WORDS;
        side_chance(alone, site.left.is_some(), self.left, frame.left, site.second_left.is_some(), self.triples[0], frame.left_pair)
    }

    fn right_chance(&self, site: &Site, frame: &Frame) -> f64 {
        let alone = self.word / COUNTED_WORDS;
        side_chance(alone, site.right.is_some(), self.right, frame.right, site.second_right.is_some(), self.triples[2], frame.right_pair)
    }

    /// How often the word is expected between its two neighbours.
    fn middle_count(&self, site: &Site, frame: &Frame) -> f64 {
        if site.left.is_none() || site.right.is_none() {
            return 1.0;
        }
        let left = self.left + frame.left * self.word / COUNTED_WORDS;
        let right = self.right + frame.right * self.word / COUNTED_WORDS;
        self.triples[1] + left * right / self.word + 1e-6
    }

    fn triple_sum(&self) -> f64 {
        scale(self.triples.iter().sum())
    }

    fn triple_slots(&self) -> f64 {
        self.triples.iter().filter(|&&count| count > 0.0).count() as f64
    }
}

fn side_chance(alone: f64, beside: bool, pair: f64, neighbour: f64, second: bool, triple: f64, context: f64) -> f64 {
    if !beside {
        return alone;
    }
    let by_pair = (pair + PAIR_PRIOR * alone) / (neighbour + PAIR_PRIOR);
    if second { (triple + TRIPLE_PRIOR * by_pair) / (context + TRIPLE_PRIOR) } else { by_pair }
}

/// A count as a feature: its logarithm, 0 to about 3.3.
fn scale(count: f64) -> f64 {
    (1.0 + count.min(1023.0)).log2() / 3.0
}

impl Evidence<'_> {
    /// Adds the features of the language model.
    pub fn measure_language(&self, site: &Site, candidate: Proposal, f: &mut Features) {
        use Feature::*;
        let lexicon = self.lexicon;
        f[RegularInflection] = f64::from(u8::from(regular_inflection(&site.word, candidate.word)));
        f[SpellingVariant] = f64::from(u8::from(spelling_variants(&site.word, candidate.word)));
        let (left, right) = (site.left.map(|side| side.id), site.right.map(|side| side.id));
        let frame = Frame {
            left: site.left.map_or(0.0, |side| side.entry.free_count()),
            right: site.right.map_or(0.0, |side| side.entry.free_count()),
            left_pair: left.zip(site.second_left).map_or(0.0, |(left, second)| lexicon.pairs.free(second, left)),
            right_pair: right.zip(site.second_right).map_or(0.0, |(right, second)| lexicon.pairs.free(right, second)),
        };
        let word = Fit::new(site, lexicon, site.id, site.entry);
        let other = Fit::new(site, lexicon, candidate.id, candidate.entry);
        let odds = |other: f64, word: f64| (other / word).log10().clamp(-5.0, 5.0);
        f[ModelLeft] = odds(other.left_chance(site, &frame), word.left_chance(site, &frame));
        f[ModelMiddle] = odds(other.middle_count(site, &frame), word.middle_count(site, &frame));
        f[ModelRight] = odds(other.right_chance(site, &frame), word.right_chance(site, &frame));
        f[ModelLeast] = f[ModelLeft].min(f[ModelRight]);
        f[CandidateTriples] = other.triple_sum();
        f[WordTriples] = word.triple_sum();
        f[CandidateTripleSlots] = other.triple_slots();
        f[WordTripleSlots] = word.triple_slots();
        f[FreeFrequency] = (other.word / word.word).log10();
        f[InflectionModel] = f[Inflection] * (f[ModelLeft] + f[ModelRight] - f[FreeFrequency]).clamp(-5.0, 5.0);
        f[FreeFrequency] = f[FreeFrequency].clamp(-4.0, 4.0);
        f[CandidatePairLeft] = scale(other.left);
        f[CandidatePairRight] = scale(other.right);
        f[WordPairLeft] = scale(word.left);
        f[WordPairRight] = scale(word.right);
        f[NoSecondLeft] = f64::from(u8::from(site.second_left.is_none()));
        f[NoSecondRight] = f64::from(u8::from(site.second_right.is_none()));
        let capitals = |entry: Entry| entry.capital_share().unwrap_or(USUAL_CAPITALS);
        let (of_candidate, of_word) = (capitals(candidate.entry), capitals(site.entry));
        f[CapitalOdds] = if site.name {
            ((of_candidate + 0.03) / (of_word + 0.03)).log10()
        } else if site.opens {
            0.0
        } else {
            ((1.03 - of_candidate) / (1.03 - of_word)).log10()
        };
        f[ModelAgainst] = (-f[ModelLeft].min(f[ModelRight]).min(f[ModelMiddle])).max(0.0);
    }
}
