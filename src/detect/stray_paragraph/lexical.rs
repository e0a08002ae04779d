//! Paragraphs in other languages, by their words alone: no table says how rare a word is or what it is near to, so that its length
//! stands for its rarity and its first letters for its stem.
//!
//! The trees were trained on English texts read in this way, so that nothing in them hangs on a language.

use super::draft::Draft;
use super::evidence;
use super::judge::{Evidence, Reading};
use super::sieve;
use super::words::high;
use crate::detect::trees::Trees;
use crate::document::{self, Document, LANGUAGES, SmallWords, Word, hash_folded};

static TREES: &[u8] = include_bytes!("lexical.bin");

/// Letters of a word that stand for its stem.
const STEM: usize = 6;

pub fn trees() -> Trees<8> {
    Trees::read(TREES)
}

/// The number of a language among those whose small words are known.
fn number(code: &str) -> Option<usize> {
    LANGUAGES.iter().position(|(known, ..)| *known == code)
}

/// Whether the small words of the language are known.
pub fn knows(code: &str) -> bool {
    number(code).is_some()
}

/// The stem of a word as the high half of its hash, and how rare a word of this length is, in sixteenths; 0 where it says nothing.
pub fn term(word: Word, text: &str, code: &str) -> (u32, u8) {
    let letters = word.of(text).chars().count();
    let idf = match letters {
        0..=2 => 0,
        3 => 40,
        4..=5 => 64,
        6..=8 => 88,
        _ => 112,
    };
    let is_small = |language: usize| SmallWords::get().languages(&word) >> language & 1 == 1;
    if idf == 0 || number(code).is_some_and(is_small) {
        return (0, 0);
    }
    if letters <= STEM {
        return (high(word.hash), idf);
    }
    let stem: String = document::fold(word.of(text)).chars().take(STEM).collect();
    (high(hash_folded(stem.as_bytes())), idf)
}

/// Scores the paragraphs of these blocks.
pub fn read(document: &Document, blocks: &[usize], code: &'static str, threshold: f64) -> Vec<Reading> {
    let draft = Draft::lexical(document, blocks, code);
    let rows = rows(&draft);
    let scores = trees().scores(rows.iter().map(|(_, row)| &row[..]));
    let reading = |(&(at, _), score): (&(usize, sieve::Row), f64)| {
        let absent = || Evidence { absent: evidence::absent(&draft, at), nearest: None };
        let block = draft.paragraphs[at].block;
        Reading { block, last: block, score, threshold, cleared: false, evidence: (score >= threshold).then(absent) }
    };
    rows.iter().zip(scores).map(reading).collect()
}

/// What the trees are trained on: English, read as if only its small words were known.
pub fn training_rows(document: &Document, blocks: &[usize]) -> Vec<(usize, Vec<f32>)> {
    let draft = Draft::lexical(document, blocks, "en");
    rows(&draft).into_iter().map(|(at, row)| (draft.paragraphs[at].block, row.to_vec())).collect()
}

/// What the trees look at: the measures of the first look but those of names, since some languages write every noun like one.
fn rows(draft: &Draft<'_>) -> Vec<(usize, sieve::Row)> {
    let look = sieve::measure(draft);
    let without_names = |mut row: sieve::Row| {
        row[2] = 0.0;
        row[3] = 0.0;
        row
    };
    look.judged.into_iter().zip(look.rows.into_iter().map(without_names)).collect()
}
