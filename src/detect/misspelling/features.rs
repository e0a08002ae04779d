//! What is measured of a word and a candidate for it. The weights of a [`super::model::Model`] make a score of it.

use super::site::{Beside, SHORTEST, Site};
use super::view::{Marks, View};
use crate::lexicon::forms::{inflection, may_be_variants, variant_key};
use crate::lexicon::{COUNTED_WORDS, Edit, Entry, Id, Lexicon};
use std::ops::{Index, IndexMut};

macro_rules! features {
    ($($(#[$doc:meta])* $name:ident)*) => {
        /// One measured value of a candidate.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(usize)]
        pub enum Feature { $($(#[$doc])* $name,)* }

        impl Feature {
            /// All features, in the order of [`Features`].
            pub const ALL: &'static [(Feature, &'static str)] = &[$((Feature::$name, stringify!($name)),)*];
        }
    };
}

features! {
    Bias
    /// Powers of ten above a million in the web.
    CandidateFrequency
    /// Powers of ten above a hundred thousand in the web.
    WordFrequency
    /// By how many powers of ten the candidate fits the word on the left better.
    LeftGain
    RightGain
    /// The candidate was seen beside its left neighbour.
    CandidateSeenLeft
    CandidateSeenRight
    WordSeenLeft
    WordSeenRight
    /// The document itself has the candidate after the same word.
    DocumentLeft
    DocumentRight
    DocumentBoth
    /// How often the candidate occurs in the document, `log2(1 + n)`.
    CandidateInDocument
    /// How often the word does, `log2 n`.
    WordInDocument
    /// How ready fingers are to make this edit.
    Channel
    /// The edit is at the first letter.
    FirstLetter
    LastLetter
    Inflection
    Variant
    Length
    /// A capital in mid-sentence.
    Name
    SentenceStart
    Hyphen
    Quoted
    /// A list of misspellings has this correction.
    ListedCorrection
    /// It has the word, with another correction.
    ListedOther
    /// More than one edit.
    Far
    SeenBoth
    Tier
    Census
    /// A name beside another name.
    BesideName
    BesideFunctionWord
    /// The word is made of two words, or of a word and an affix.
    Compound
    /// A name, and the candidate is none.
    NameFromCommon
    /// A name whose candidate was never seen beside the neighbours.
    NameUnsupported
    CandidateCapitalised
    /// Unknown words around: another language?
    UnknownNearby
    FourLetters
    NameNotInDocument
    InflectionInDocument
    RareCandidate
    SeenBothAnywhere
    // From here on: counts of one, two and three words of free text, for known words.
    /// By how many powers of ten the two words on the left foretell the candidate better than the word.
    ModelLeft
    ModelMiddle
    ModelRight
    ModelLeast
    CandidateTriples
    WordTriples
    CandidateTripleSlots
    WordTripleSlots
    InflectionModel
    CandidatePairLeft
    CandidatePairRight
    WordPairLeft
    WordPairRight
    NoSecondLeft
    NoSecondRight
    /// How much better the candidate fits the case of the word.
    CapitalOdds
    ModelAgainst
    FreeFrequency
    /// Forms of one word beyond doubt.
    RegularInflection
    /// The British and the American spelling of one word.
    SpellingVariant
    /// A list of misspellings has the word, and nothing else explains it: it is no name, no part of a compound, not cut off, not quoted,
    /// and the words around are English.
    WellKnownMistake
    /// And it has this correction.
    WellKnownCorrection
}

pub const COUNT: usize = Feature::ALL.len();

/// The first so many are what the trees for known words were trained on; the others are of unknown words only.
pub const OF_KNOWN_WORDS: usize = Feature::WellKnownMistake as usize;

/// The measured values of one candidate.
#[derive(Clone, Debug)]
pub struct Features(pub [f64; COUNT]);

impl Index<Feature> for Features {
    type Output = f64;

    fn index(&self, feature: Feature) -> &f64 {
        &self.0[feature as usize]
    }
}

impl IndexMut<Feature> for Features {
    fn index_mut(&mut self, feature: Feature) -> &mut f64 {
        &mut self.0[feature as usize]
    }
}

impl Features {
    /// Nothing was measured.
    pub const NONE: Self = Self([0.0; COUNT]);

    pub fn has(&self, feature: Feature) -> bool {
        self[feature] > 0.0
    }
}

/// Words in the web text behind [`Lexicon::web_bigrams`], and the least count of a pair in it: what is rarer is put at
/// what chance would give.
pub const WEB_WORDS: f64 = 1.0e12;
pub const WEB_LEAST: f64 = 1.0e5;

/// A candidate for the word of a site.
#[derive(Clone, Copy, Debug)]
pub struct Proposal<'a> {
    pub word: &'a str,
    pub id: Id,
    pub entry: Entry,
    /// Which term of the document it is.
    pub term: Option<u32>,
}

/// What the features are read from.
pub struct Evidence<'a> {
    pub lexicon: &'a Lexicon,
    pub view: &'a View<'a>,
    /// For known words, pairs that the web table lacks are looked up in the table of free text.
    pub free_counts: bool,
}

fn number(condition: bool) -> f64 {
    f64::from(u8::from(condition))
}

impl Evidence<'_> {
    /// How often a pair was seen in the web; beside a known word, also what free text makes of it.
    pub fn pair(&self, known: bool, left: Id, right: Id) -> f64 {
        let pairs = &self.lexicon.pairs;
        let web = pairs.web(left, right);
        if web > 0.0 || !(known && self.free_counts) { web } else { pairs.free(left, right) * (WEB_WORDS / COUNTED_WORDS) }
    }

    fn expected(&self, seen: f64, left: Entry, right: Entry) -> f64 {
        if seen > 0.0 {
            return seen;
        }
        let chance = left.web_count().unwrap_or(2e4) * right.web_count().unwrap_or(2e4) / WEB_WORDS;
        (WEB_LEAST * 0.7).min(0.3 + chance * 0.7)
    }

    /// Everything but the features of the language model.
    pub fn measure(&self, site: &Site, candidate: Proposal) -> Features {
        use Feature::*;
        let mut f = Features([0.0; COUNT]);
        let view = self.view;
        let in_document = candidate.term.map(|term| view.terms[term as usize]);
        let candidate_count = in_document.map_or(0, |term| term.count);
        let candidate_capitals = in_document.map_or(0, |term| term.capitals);
        let frequency = candidate.entry.web_count().unwrap_or(0.0).max(if candidate_count > 0 { 2e4 } else { 1.0 });
        let word_frequency = site.entry.web_count().unwrap_or(3e3);
        let (edit, at) = Edit::between(&site.word, candidate.word);

        f[Bias] = 1.0;
        f[CandidateFrequency] = frequency.log10() - 6.0;
        f[WordFrequency] = word_frequency.log10() - 5.0;
        let (mut seen_left, mut seen_right) = (0.0, 0.0);
        let gain = |seen_candidate: f64, seen_word: f64, beside: &Beside| {
            let candidate = self.expected(seen_candidate, beside.entry, candidate.entry).log10() - frequency.log10();
            let word = self.expected(seen_word, beside.entry, site.entry).log10() - word_frequency.log10();
            (candidate - word).clamp(-4.0, 4.0)
        };
        if let Some(left) = &site.left {
            seen_left = self.pair(site.known, left.id, candidate.id);
            f[WordSeenLeft] = number(site.left_seen > 0.0);
            f[LeftGain] = gain(seen_left, site.left_seen, left);
        }
        if let Some(right) = &site.right {
            seen_right = self.pair(site.known, candidate.id, right.id);
            f[WordSeenRight] = number(site.right_seen > 0.0);
            f[RightGain] = gain(seen_right, site.right_seen, right);
        }
        f[CandidateSeenLeft] = number(seen_left > 0.0);
        f[CandidateSeenRight] = number(seen_right > 0.0);

        let (left_term, right_term) = (site.left.map(|side| side.term), site.right.map(|side| side.term));
        let (document_left, document_right) = self.in_document(left_term, right_term, candidate.term);
        // The document says nothing where it has the word itself there as often.
        let support = |there: bool, pair: (Option<u32>, Option<u32>), beside: &Option<Beside>| {
            let weight = if beside.as_ref().is_some_and(|beside| beside.len > 3) { 1.0 } else { 0.3 };
            if there && view.pair_count(pair.0, pair.1) <= 1 { weight } else { 0.0 }
        };
        f[DocumentLeft] = support(document_left, (left_term, site.term), &site.left);
        f[DocumentRight] = support(document_right, (site.term, right_term), &site.right);
        f[DocumentBoth] = f[DocumentLeft] * f[DocumentRight];
        f[CandidateInDocument] = f64::from(1 + candidate_count.min(15)).log2();
        f[WordInDocument] = f64::from(site.count.clamp(1, 15)).log2();
        f[Channel] = edit.readiness();
        f[FirstLetter] = number(at == 0);
        f[LastLetter] = number(at + 1 >= site.word.len().min(candidate.word.len()));
        f[Inflection] = number(inflection(&site.word, candidate.word));
        f[Variant] = number(may_be_variants(&site.word, candidate.word) && variant_key(&site.word) == variant_key(candidate.word));
        f[Length] = site.word.len().min(10) as f64 - 6.0;
        f[Name] = number(site.name);
        f[SentenceStart] = number(site.opens);
        f[Hyphen] = number(site.hyphen);
        f[Quoted] = number(site.quoted);
        if self.lexicon.typos.contains(site.hash) {
            let listed = self.lexicon.typos.corrections(site.hash).any(|right| right == candidate.word);
            f[ListedCorrection] = number(listed);
            f[ListedOther] = number(!listed);
            // `womens` is meant as `women's`.
            let plural = |right: &str| site.word.strip_suffix('s') == Some(right) && !right.ends_with('s');
            let plural = self.lexicon.typos.corrections(site.hash).any(plural);
            let alone = !site.capital && !site.hyphen && !site.quoted && !site.cut_off && site.unknown_nearby == 0;
            // Of two letters that changed places in a word of three, only one word is made.
            let plain = site.word.len() >= SHORTEST || edit == Edit::Transposed;
            // What a large dictionary has is somebody's word.
            let unknown = site.entry.tier() > 80;
            f[WellKnownMistake] = number(alone && plain && unknown && !plural);
            f[WellKnownCorrection] = f[WellKnownMistake] * f[ListedCorrection];
        }
        f[Far] = number(edit == Edit::Far);
        f[SeenBoth] = number(seen_left > 0.0 && seen_right > 0.0);
        f[Tier] = if site.known { (f64::from(site.entry.tier().min(80)) - 50.0) / 20.0 } else { 0.0 };
        f[Census] = number(site.entry.census());
        f[BesideName] = number(site.name && site.beside_name);
        let function_word = |beside: &Option<Beside>| beside.as_ref().is_some_and(|beside| beside.function_word);
        f[BesideFunctionWord] = number(
            (function_word(&site.left) && (seen_left > 0.0 || site.left_seen > 0.0))
                || (function_word(&site.right) && (seen_right > 0.0 || site.right_seen > 0.0)),
        );
        f[Compound] = number(site.compound);
        let candidate_name = candidate.entry.only_capitalised() || candidate.entry.census() || candidate_capitals > 0;
        let seen = seen_left > 0.0 || seen_right > 0.0;
        let supported = document_left || document_right;
        f[NameFromCommon] = number(site.name && !candidate_name);
        f[NameUnsupported] = number(site.name && !(seen || supported));
        f[CandidateCapitalised] = f64::from(1 + candidate_capitals.min(7)).log2() * f[Name];
        f[UnknownNearby] = site.unknown_nearby.min(4) as f64;
        f[FourLetters] = number(site.word.len() == 4);
        f[NameNotInDocument] = number(site.name && !supported && f[SeenBoth] == 0.0);
        f[InflectionInDocument] = f[Inflection] * number(f[DocumentBoth] > 0.0);
        f[RareCandidate] = (7.5 - frequency.log10()).max(0.0);
        f[SeenBothAnywhere] = number((seen_left > 0.0 || document_left) && (seen_right > 0.0 || document_right));
        f
    }

    /// Whether the document has the candidate beside the terms on the left and on the right.
    pub fn in_document(&self, left: Option<u32>, right: Option<u32>, candidate: Option<u32>) -> (bool, bool) {
        (self.view.pair_count(left, candidate) > 0, self.view.pair_count(candidate, right) > 0)
    }
}

/// A word that is made of two common ones, or of one and an affix (`airstrike`, `unfriend`): no typo, most likely.
pub fn is_compound(word: &str, lexicon: &Lexicon) -> bool {
    const PREFIXES: [&str; 27] = [
        "un", "re", "pre", "non", "anti", "over", "out", "sub", "super", "co", "mid", "pro", "multi", "micro", "mega", "cyber", "post",
        "inter", "semi", "tele", "bio", "eco", "neo", "mis", "under", "auto", "self",
    ];
    const SUFFIXES: [&str; 21] = [
        "er", "ers", "ness", "less", "like", "ish", "able", "ist", "ists", "ism", "ly", "ing", "wise", "gate", "ship", "s", "ed", "ity",
        "ization", "isation", "y",
    ];
    let tier = |part: &str| lexicon.words.entry(part).tier();
    (3..word.len().saturating_sub(2)).any(|at| tier(&word[..at]) <= 50 && tier(&word[at..]) <= 50)
        || PREFIXES.iter().any(|prefix| word.strip_prefix(prefix).is_some_and(|stem| stem.len() > 2 && tier(stem) <= 60))
        || SUFFIXES.iter().any(|suffix| {
            word.strip_suffix(suffix).is_some_and(|stem| stem.len() > 3 && (tier(stem) <= 60 || tier(&format!("{stem}e")) <= 60))
        })
}

/// Whether a capital in mid-sentence stands beside another.
pub fn beside_capital(view: &View, token: usize) -> bool {
    let capital = |token: usize| view.tokens[token].marks.any(Marks::CAPITAL);
    (token > 0 && capital(token - 1) && matches!(view.gap_before(token), " " | ". "))
        || (view.space_before(token + 1) && capital(token + 1))
}
