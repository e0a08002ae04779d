//! The verdict on a document: a score for each paragraph, or the reason why it was not judged.

use super::closer::{self, Closer, Suspect};
use super::draft::Draft;
use super::sieve::{self, Look, MIN_WORDS};
use super::{evidence, furniture, term};
use crate::detect::Context;
use std::collections::HashSet;

/// A document of fewer paragraphs that can be judged has no "rest" to speak of.
pub const MIN_PARAGRAPHS: usize = 4;

/// Longer documents are judged in stretches of at most this many paragraphs, so that memory does not grow with them.
const STRETCH: usize = 128;

/// First scores below this clear a paragraph. Of the strays that the verdict finds at the strict threshold one in a hundred is lost.
const CLEARED: f64 = -1.25;

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
                write!(f, "{paragraphs} paragraphs of {MIN_WORDS} words or more, {needed} are needed")
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
    /// The first look found nothing odd about it: it is not reported, whatever its score.
    pub cleared: bool,
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

/// Which paragraphs are scored.
#[derive(Clone, Copy)]
pub enum Asked<'a> {
    /// Those that the first look does not clear, and those with these hashes.
    Suspects(&'a dyn Fn(u64) -> bool),
    /// Those with these hashes.
    Only(&'a dyn Fn(u64) -> bool),
    All,
}

/// Scores paragraphs of a document; those at or above the threshold with evidence.
pub fn read(cx: &Context<'_>, threshold: f64, asked: Asked<'_>) -> Verdict {
    match judged_blocks(cx) {
        Ok(blocks) => Verdict::Judged(stretches(&blocks).flat_map(|blocks| judge(cx, blocks, threshold, asked)).collect()),
        Err(silence) => Verdict::Silent(silence),
    }
}

/// The blocks that count, where there are enough of them in a language that the table knows.
fn judged_blocks(cx: &Context<'_>) -> Result<Vec<usize>, Silence> {
    let blocks = context(cx);
    let long = |at: &&usize| cx.document.blocks[**at].word_count() >= MIN_WORDS;
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

/// The blocks that count: no exact repeats, nothing that another rule has claimed.
fn context(cx: &Context<'_>) -> Vec<usize> {
    let blocks = &cx.document.blocks;
    let mut seen = HashSet::with_capacity_and_hasher(blocks.len(), term::BuildHashed::default());
    let counts = |at: &usize| blocks[*at].word_count() > 0 && !cx.is_claimed(*at) && seen.insert(blocks[*at].hash);
    (0..blocks.len()).filter(counts).collect()
}

/// The first look at a stretch, and the rows of it that speak for the page and not for the article: they are about something else by
/// nature, so they are neither judged nor a measure for others. Only what looks odd is asked whether it does.
fn first_look<'d>(cx: &Context<'d>, blocks: &[usize]) -> (Draft<'d>, Look, Vec<bool>) {
    let document = cx.document;
    let draft = Draft::of(document, blocks);
    let mut look = sieve::look(&draft);
    let mut furniture = vec![false; look.judged.len()];
    for (row, score) in look.scores.iter_mut().enumerate() {
        let block = &document.blocks[draft.paragraphs[look.judged[row]].block];
        if *score >= CLEARED && furniture::is_furniture(block.span.of(&document.text)) {
            furniture[row] = true;
            *score = CLEARED;
        }
    }
    (draft, look, furniture)
}

fn judge(cx: &Context<'_>, blocks: &[usize], threshold: f64, asked: Asked<'_>) -> Vec<Reading> {
    let (draft, look, furniture) = first_look(cx, blocks);
    let wanted = |row: &usize| {
        let hash = || super::hash(cx.document, draft.paragraphs[look.judged[*row]].block);
        !furniture[*row]
            && match asked {
                Asked::Suspects(besides) => look.scores[*row] >= CLEARED || besides(hash()),
                Asked::Only(these) => these(hash()),
                Asked::All => true,
            }
    };
    let rows: Vec<usize> = (0..look.judged.len()).filter(wanted).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let closer = Closer::new(&draft, &look);
    let suspects: Vec<Suspect> = rows.iter().map(|&row| closer.look(row)).collect();
    let scores = closer::trees().scores(suspects.iter().map(|suspect| &suspect.measures[..]));
    let reading = |((row, suspect), score): ((usize, Suspect), f64)| {
        let at = look.judged[row];
        let evidence = (score >= threshold).then(|| Evidence {
            absent: evidence::absent(&draft, at),
            nearest: suspect.nearest.map(|other| draft.paragraphs[other].block),
        });
        Reading { block: draft.paragraphs[at].block, score, cleared: look.scores[row] < CLEARED, evidence }
    };
    rows.into_iter().zip(suspects).zip(scores).map(reading).collect()
}

/// What the trees look at, for each paragraph that would be judged: the rows that they are trained on.
pub fn rows(cx: &Context<'_>) -> Vec<(usize, Vec<f32>)> {
    let Ok(blocks) = judged_blocks(cx) else { return Vec::new() };
    let rows = |blocks: &[usize]| {
        let (draft, look, furniture) = first_look(cx, blocks);
        let closer = Closer::new(&draft, &look);
        let row = |row: usize| (draft.paragraphs[look.judged[row]].block, closer.look(row).measures);
        (0..look.judged.len()).filter(|&at| !furniture[at]).map(row).collect::<Vec<_>>()
    };
    stretches(&blocks).flat_map(rows).collect()
}
