//! The verdict on a document: a score for each paragraph, or the reason why it was not judged.

use super::closer::Closer;
use super::features::{self, Measures};
use super::sketch::Sketch;
use super::style::Style;
use super::term::{self, Lexicon, TermId};
use super::{furniture, linear, trees};
use crate::detect::Context;
use crate::document::{Document, Word};
use std::collections::HashSet;

/// A document of fewer paragraphs that can be judged has no "rest" to speak of.
pub const MIN_PARAGRAPHS: usize = 4;

/// Longer documents are judged in stretches of at most this many paragraphs: the cost grows with the square of it.
const STRETCH: usize = 128;

/// What was found out about a document.
pub enum Verdict {
    Judged(Vec<Reading>),
    Silent(Silence),
}

/// Why nothing was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Silence {
    /// Of the paragraphs long enough to be judged there are too few.
    TooShort { paragraphs: usize, needed: usize },
    /// The table knows English only; the language that was found, if one was.
    OtherLanguage(Option<&'static str>),
}

impl std::fmt::Display for Silence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooShort { paragraphs, needed } => {
                write!(f, "{paragraphs} paragraphs of {} words or more, {needed} are needed", features::MIN_WORDS)
            }
            Self::OtherLanguage(Some(code)) => write!(f, "the language is `{code}`, only English is judged"),
            Self::OtherLanguage(None) => f.write_str("the language cannot be told, only English is judged"),
        }
    }
}

/// What was measured of one paragraph.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Index of the block in its document.
    pub block: usize,
    /// The higher, the more it looks like a paragraph of another text.
    pub score: f64,
    /// Collected where the score reaches the threshold.
    pub evidence: Option<Evidence>,
}

/// What a person can check.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// Names and terms that no other paragraph holds, the telling ones first.
    pub absent: Vec<String>,
    /// The block that is most like it.
    pub nearest: Option<usize>,
}

/// Judges the paragraphs of a document; those at or above the threshold with evidence.
pub fn read(cx: &Context<'_>, threshold: f64) -> Verdict {
    match judged_blocks(cx) {
        Ok(blocks) => Verdict::Judged(stretches(&blocks).flat_map(|blocks| judge(cx.document, blocks, threshold)).collect()),
        Err(silence) => Verdict::Silent(silence),
    }
}

/// The blocks that count, where there are enough of them in a language that the table knows.
fn judged_blocks(cx: &Context<'_>) -> Result<Vec<usize>, Silence> {
    let blocks = context(cx);
    let long = |at: &&usize| cx.document.blocks[**at].word_count() >= features::MIN_WORDS;
    let paragraphs = blocks.iter().filter(long).count();
    if paragraphs < MIN_PARAGRAPHS {
        return Err(Silence::TooShort { paragraphs, needed: MIN_PARAGRAPHS });
    }
    match cx.document.language() {
        Some(language) if language.code == "en" => Ok(blocks),
        language => Err(Silence::OtherLanguage(language.map(|language| language.code))),
    }
}

fn stretches(blocks: &[usize]) -> impl Iterator<Item = &[usize]> {
    blocks.chunks(blocks.len().div_ceil(blocks.len().div_ceil(STRETCH)))
}

/// The blocks that count: no exact repeats, nothing that another rule has claimed or that speaks for the page.
pub fn context(cx: &Context<'_>) -> Vec<usize> {
    let document = cx.document;
    let mut seen = HashSet::new();
    let counts = |at: &usize| {
        let block = &document.blocks[*at];
        block.word_count() > 0 && !cx.is_claimed(*at) && !furniture::is_furniture(block.span.of(&document.text)) && seen.insert(block.hash)
    };
    (0..document.blocks.len()).filter(counts).collect()
}

/// A stretch of a document, measured.
struct Measured<'d> {
    lexicon: Lexicon<'d>,
    sketches: Vec<Sketch>,
    measures: Measures,
    /// For each judged paragraph what the trees look at.
    rows: Vec<Vec<f32>>,
}

fn measure<'d>(document: &'d Document, blocks: &[usize]) -> Measured<'d> {
    let mut lexicon = Lexicon::new(document);
    let sketches: Vec<Sketch> = blocks.iter().map(|&block| Sketch::of(document, block, &mut lexicon)).collect();
    let styles: Vec<Style> = sketches.iter().map(|sketch| Style::of(document, sketch, &mut lexicon)).collect();
    let measures = features::measure(&sketches, &lexicon);
    let first_scores: Vec<f64> = measures.rows.iter().map(linear::score).collect();
    let closer = Closer::new(&sketches, &styles, &lexicon, &measures, &first_scores);
    let rows = (0..measures.judged.len()).map(|row| closer.look(row)).collect();
    Measured { lexicon, sketches, measures, rows }
}

fn judge(document: &Document, blocks: &[usize], threshold: f64) -> Vec<Reading> {
    let Measured { mut lexicon, sketches, measures, rows } = measure(document, blocks);
    let reading = |(&at, row): (&usize, &Vec<f32>)| {
        let score = trees::score(row);
        let evidence = (score >= threshold).then(|| Evidence {
            absent: absent(document, &sketches[at], &measures, &mut lexicon),
            nearest: measures.nearest(at).map(|other| sketches[other].block),
        });
        Reading { block: sketches[at].block, score, evidence }
    };
    measures.judged.iter().zip(&rows).map(reading).collect()
}

/// What the trees look at, for each paragraph that would be judged: the rows that they are trained on.
pub fn rows(cx: &Context<'_>) -> Vec<(usize, Vec<f32>)> {
    let Ok(blocks) = judged_blocks(cx) else { return Vec::new() };
    let row = |blocks: &[usize]| {
        let Measured { sketches, measures, rows, .. } = measure(cx.document, blocks);
        measures.judged.iter().map(|&at| sketches[at].block).zip(rows).collect::<Vec<_>>()
    };
    stretches(&blocks).flat_map(row).collect()
}

/// Up to three names, then terms, four in all.
fn absent(document: &Document, sketch: &Sketch, measures: &Measures, lexicon: &mut Lexicon) -> Vec<String> {
    let words = &document.words[document.blocks[sketch.block].words()];
    let mut alone: Vec<(bool, Word, TermId)> = Vec::new();
    for (at, &word) in words.iter().enumerate() {
        let Some(term) = lexicon.look_up(word).0.filter(|&term| measures.stands_alone(term)) else { continue };
        let named = sketch.terms.iter().any(|used| used.term == term && used.name)
            || word.shape.is_capitalised() && at > 0 && term::is_title(words[at - 1].of(&document.text));
        match alone.iter_mut().find(|known| known.2 == term) {
            Some(known) => known.0 |= named,
            None => alone.push((named, word, term)),
        }
    }
    // Names in the order of the text, then the rarest terms.
    alone.sort_by(|a, b| {
        let idf = |item: &(bool, Word, TermId)| if item.0 { 0.0 } else { lexicon.terms[item.2 as usize].idf };
        b.0.cmp(&a.0).then(idf(b).total_cmp(&idf(a)))
    });
    let names = alone.iter().filter(|item| item.0).count();
    let shown = alone.iter().take(names.min(3)).chain(&alone[names..]).take(4);
    shown
        .map(|&(named, word, _)| {
            let word = word.of(&document.text);
            let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
            if named { word.to_string() } else { word.to_lowercase() }
        })
        .collect()
}
