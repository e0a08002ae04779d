//! Weights, gates and thresholds: what turns measured values into a verdict. They are data; see `weights/`.

use super::features::{COUNT, Feature, Features, OF_KNOWN_WORDS, Proposal};
use super::site::{SHORTEST, Site};
use crate::detect::trees::Trees;
use crate::lexicon::Entry;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Three ways in which a word can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Regime {
    /// A word that exists, but not here.
    KnownWord,
    /// A word that does not exist.
    UnknownWord,
    /// A name that the document spells another way elsewhere.
    Name,
}

impl Regime {
    pub const fn name(self) -> &'static str {
        match self {
            Self::KnownWord => "known-word",
            Self::UnknownWord => "unknown-word",
            Self::Name => "name",
        }
    }
}

/// The trees for known words; `docs/training/typos` says how they are made.
static TREES: &[u8] = include_bytes!("weights/known-word.bin");

fn trees() -> Trees<32> {
    Trees::read(TREES)
}

/// A known word whose weighted sum is lower is not worth a look at the trees; no slip of the training set comes back from there.
const HOPELESS: f64 = -4.0;

/// How candidates are scored.
#[derive(Clone, Debug)]
pub struct Model {
    weights: [[f64; COUNT]; 3],
    thresholds: [f64; 3],
    /// Counts of free text are used: pairs that the web table lacks, and the language model for known words.
    pub free_counts: bool,
}

#[derive(Deserialize)]
struct File {
    free_counts: bool,
    threshold: BTreeMap<String, f64>,
    weights: BTreeMap<String, BTreeMap<String, f64>>,
}

impl Model {
    /// The first model, fitted on the web's pairs only: kept as the measure for others and as a test of the port.
    pub fn reference() -> &'static Self {
        static MODEL: LazyLock<Model> = LazyLock::new(|| Model::built_in(include_str!("weights/reference.json")));
        &MODEL
    }

    /// What the rules use.
    pub fn standard() -> &'static Self {
        static MODEL: LazyLock<Model> = LazyLock::new(|| Model::built_in(include_str!("weights/standard.json")));
        &MODEL
    }

    fn built_in(json: &str) -> Self {
        Self::from_json(json).expect("the weights in the binary are whole")
    }

    /// Reads `{"free_counts": …, "threshold": {regime: …}, "weights": {regime: {feature: …}}}`; what is left out weighs nothing.
    pub fn from_json(json: &str) -> Result<Self, serde_json::Error> {
        let file: File = serde_json::from_str(json)?;
        let mut model = Self { weights: [[0.0; COUNT]; 3], thresholds: [f64::INFINITY; 3], free_counts: file.free_counts };
        for regime in [Regime::KnownWord, Regime::UnknownWord, Regime::Name] {
            model.thresholds[regime as usize] = file.threshold.get(regime.name()).copied().unwrap_or(f64::INFINITY);
            let weights = file.weights.get(regime.name());
            for (feature, name) in Feature::ALL {
                let weight = weights.and_then(|weights| weights.get(*name)).copied().unwrap_or(0.0);
                model.weights[regime as usize][*feature as usize] = weight;
            }
        }
        Ok(model)
    }

    pub fn threshold(&self, regime: Regime) -> f64 {
        self.thresholds[regime as usize]
    }

    /// What of a score is a list's word alone, which is enough to show a mistake, and not to mend it unseen.
    pub fn from_list(&self, regime: Regime, f: &Features) -> f64 {
        let weights = &self.weights[regime as usize];
        [Feature::WellKnownMistake, Feature::WellKnownCorrection].map(|feature| weights[feature as usize] * f[feature]).iter().sum()
    }

    /// How likely the candidate is meant, as log-odds. For known words boosted trees have the last word, since whether a measure speaks
    /// for a candidate hangs on the others.
    pub fn score(&self, regime: Regime, f: &Features) -> f64 {
        self.score_from(regime, f, f64::NEG_INFINITY).unwrap_or(f64::NEG_INFINITY)
    }

    /// The same, unless it is seen on the way to be lower than `least`.
    pub fn score_from(&self, regime: Regime, f: &Features, least: f64) -> Option<f64> {
        static REACH: LazyLock<Vec<f64>> = LazyLock::new(|| trees().reach());
        let sum: f64 = self.weights[regime as usize].iter().zip(f.0).map(|(weight, value)| weight * value).sum();
        match regime {
            Regime::KnownWord if self.free_counts && sum > HOPELESS => {
                trees().score_from(&f.0.map(|value| value as f32)[..OF_KNOWN_WORDS], &REACH, least)
            }
            // Lists of misspellings hold names too.
            Regime::UnknownWord if f.has(Feature::Name) && f.has(Feature::ListedCorrection) => Some(sum - 2.5),
            _ => Some(sum),
        }
        .filter(|&score| score >= least)
    }

    /// A rank among candidates of one word, set by hand.
    pub fn rank(&self, f: &Features) -> f64 {
        use Feature::*;
        let support = 1.5 * (f[DocumentLeft] + f[DocumentRight]) + 0.4 * f[CandidateInDocument];
        let edit = f[Channel] - f[FirstLetter] - 0.3 * f[Inflection] + 2.0 * f[ListedCorrection] - f[Far];
        f[CandidateFrequency] - 0.5 * f[WordFrequency] + f[LeftGain] + f[RightGain] + support + edit
    }

    /// What a candidate must have, whatever its score.
    pub fn admits(&self, regime: Regime, site: &Site, candidate: &Proposal, f: &Features) -> bool {
        use Feature::*;
        // Who makes the same mistake three times means it.
        if f[WordInDocument] > 1.0 {
            return false;
        }
        let document = f[DocumentLeft] >= 1.0 || f[DocumentRight] >= 1.0;
        match regime {
            Regime::KnownWord if self.free_counts => {
                let seen = f.has(CandidateSeenLeft) || f.has(CandidateSeenRight) || document;
                let name = f.has(CandidateCapitalised) || f.has(SeenBoth) || f.has(CandidateTripleSlots) || (seen && f.has(CapitalOdds));
                // `German` is no slip for `Germany`, but `Prime Minster` beside `Prime Minister` is one.
                let other_name = f.has(Name) && f.has(Inflection) && (site.entry.only_capitalised() || !document);
                let form = f.has(RegularInflection) || other_name;
                // Two names that both exist: only the document can say which is meant, unless one of them is met between these
                // neighbours again and again and the other never was (`Foreign Minster said`: some people are called Minster).
                let settled = f.has(SeenBoth) && f.has(CandidateTripleSlots) && !f.has(WordSeenLeft) && !f.has(WordSeenRight);
                let two_names = f.has(Name) && is_name(site.entry) && is_name(candidate.entry) && !document && !settled;
                let (form_fits, name_fits) = (!form || f.has(DocumentBoth), !f.has(Name) || name);
                form_fits && name_fits && !two_names && !f.has(SpellingVariant)
            }
            Regime::KnownWord => {
                let name = f.has(CandidateCapitalised) || f.has(SeenBoth);
                let (form_fits, name_fits) = (!f.has(Inflection) || f.has(DocumentBoth), !f.has(Name) || name);
                form_fits && name_fits && !f.has(Variant)
            }
            Regime::UnknownWord => {
                let unlikely_name = f.has(NameUnsupported) || (f[Length] < 1.0 && f[DocumentLeft] == 0.0 && f[DocumentRight] == 0.0);
                // What stands with a capital in mid-sentence is no misspelt common word.
                let proper = f.has(CandidateCapitalised) || usually_capitalised(candidate.entry) || document;
                let common = self.free_counts && (f.has(Name) || site.beside_name) && !proper;
                let short = site.word.len() < SHORTEST && !f.has(WellKnownMistake);
                let barred = short || (f.has(NameFromCommon) && unlikely_name) || (f.has(Hyphen) && site.capital) || common;
                !barred
            }
            // Another ending makes another name (`Marxism`, `Marxist`), unless nobody bears it and the document has the
            // same neighbours beside the one it has more often.
            Regime::Name
                if self.free_counts
                    && f.has(Inflection)
                    && (site.known
                        || site.word.ends_with('s') != candidate.word.ends_with('s')
                        || !(f.has(DocumentLeft) || f.has(DocumentRight))) =>
            {
                false
            }
            Regime::Name => f[WordInDocument].exp2() < f[CandidateInDocument].exp2() - 1.0 && (site.entry.tier() > 70 || document),
        }
    }
}

fn is_name(entry: Entry) -> bool {
    entry.census() || entry.only_capitalised()
}

fn usually_capitalised(entry: Entry) -> bool {
    entry.only_capitalised() || entry.capital_share().is_some_and(|share| share >= 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trees_were_trained_on_these_measures() {
        assert_eq!(trees().measures(), OF_KNOWN_WORDS);
    }

    #[test]
    fn a_hopeless_candidate_is_judged_by_the_sum() {
        let mut features = Features([0.0; COUNT]);
        features[Feature::RareCandidate] = 3.0;
        let score = Model::standard().score(Regime::KnownWord, &features);
        assert!(score < HOPELESS, "{score}");
        assert_eq!(score, -2.168 * 3.0);
    }
}
