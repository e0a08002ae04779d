//! The verdict on a document: a score for each paragraph and for runs of them, or the reason why it was not judged.

use super::closer::{self, Closer, Own, Suspect};
use super::draft::Draft;
use super::seam::{self, Second};
use super::sieve::{self, Look, MIN_WORDS};
use super::usage::Usage;
use super::{Trained, evidence, furniture, lexical, term};
use crate::detect::Context;
use crate::document::{Block, Document};
use std::cell::OnceCell;
use std::collections::HashSet;

/// A document of fewer paragraphs that can be judged has no "rest" to speak of.
pub const MIN_PARAGRAPHS: usize = 4;

/// Longer documents are judged in stretches of at most this many paragraphs, so that memory does not grow with them.
const STRETCH: usize = 128;

/// First scores below this are never asked whether they speak for the page.
const PLAIN: f64 = -2.5;

/// Paragraphs of a run have at least this first score each: they share their terms with one another, so that none looks very odd.
const IN_RUN: f64 = -4.0;

/// A run has at most this part of the terms in common with what is outside that a paragraph usually has with the others.
const RUN_SHARE: f64 = 0.8;

/// How many paragraphs are read as one, at most.
const RUN: usize = 3;

/// By how much odder a paragraph must be that stands amid the others in a text where other rules have found lines of its page. Those of
/// other stories stand above an article or below it; in its midst such a text turns from one thing to the next by itself.
const AMID_A_PAGE: f64 = 2.0;

/// The same for one that leaves it to what stands before it who speaks (`“I was wondering,” he said`) and brings no name of its own.
const LEANING: f64 = 2.0;

/// The last one in so many judged paragraphs stand at the end.
const END: usize = 5;

/// What counts as odd.
#[derive(Clone, Copy, Debug)]
pub struct Bar {
    /// The lowest score that is reported.
    pub threshold: f64,
    /// By how much odder a paragraph must be that stands amid the others.
    pub amid: f64,
    /// The lowest score that evidence is collected for, since another document may fit better.
    pub heard: f64,
    /// First scores below this clear a paragraph.
    pub cleared: f64,
    /// The lowest score that is reported where only words are known.
    pub lexical: Option<f64>,
}

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
            Self::OtherLanguage(Some(code)) if lexical::knows(code) => {
                write!(f, "the language is `{code}`, which is judged only with `other-languages: lexical`, by its words alone")
            }
            Self::OtherLanguage(Some(code)) => write!(f, "the language is `{code}`, only English is judged"),
            Self::OtherLanguage(None) => f.write_str("the language cannot be told, only English is judged"),
        }
    }
}

/// What was measured of one paragraph, or of several read as one.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Index of the block in its document; of several that are read as one, of the first.
    pub block: usize,
    /// Index of the last block.
    pub last: usize,
    /// The higher, the more it looks like a paragraph of another text.
    pub score: f64,
    /// The score from which on it is odd.
    pub threshold: f64,
    /// The first look found nothing odd about it: it is not reported, whatever its score.
    pub cleared: bool,
    /// Collected where the score is high enough.
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
    /// Those that the first look does not clear, and those with these keys, if there are any.
    Suspects(Option<&'a dyn Fn(u64) -> bool>),
    /// Those with these keys.
    Only(&'a dyn Fn(u64) -> bool),
    All,
}

/// A document as it is judged: drafted and looked at once, however many rules ask.
pub struct Story<'d> {
    part: Part<'d>,
    /// Other rules have claimed blocks.
    claimed: bool,
    /// How usual terms are in the run.
    usage: Option<&'d Usage>,
    /// Where a second story most likely begins: its first block, the last one, what gives it away, and the score.
    pub second: Option<Second>,
}

enum Part<'d> {
    /// What stands before the second story, if there is one.
    Whole(Box<Stretch<'d>>),
    /// Too long to be held: drafted stretch by stretch when it is asked.
    Long(Vec<usize>),
    /// In a language of which only the small words are known.
    Foreign(Vec<usize>, &'static str),
    /// Too little stands before the second story.
    Nothing,
}

/// Blocks that are judged by one another.
struct Stretch<'d> {
    draft: Draft<'d>,
    look: Look,
    /// Rows that speak for the page and not for the article: they are about something else by nature, so they are neither judged
    /// nor a measure for others. Only what looks odd is asked whether it does.
    furniture: Vec<bool>,
    /// Other rules have found lines of the page in the document.
    paged: bool,
}

impl<'d> Story<'d> {
    pub fn of(cx: &Context<'d>) -> Result<Self, Silence> {
        let mut story = Self::undivided(cx)?;
        let Part::Whole(whole) = &mut story.part else { return Ok(story) };
        story.second = seam::likeliest(&whole.draft, &whole.look);
        if let Some(second) = story.second.as_ref().filter(|second| second.is_certain()) {
            let blocks = whole.draft.paragraphs.iter().map(|paragraph| paragraph.block);
            let before: Vec<usize> = blocks.filter(|&block| block < second.block).collect();
            let rest = enough(cx, &before).map(|()| Part::Whole(Box::new(Stretch::of(cx.document, &before, story.claimed, story.usage))));
            story.part = rest.unwrap_or(Part::Nothing);
        }
        Ok(story)
    }

    /// The same where no second story is looked for.
    pub fn undivided(cx: &Context<'d>) -> Result<Self, Silence> {
        let blocks = context(cx);
        enough(cx, &blocks)?;
        let (claimed, usage) = (blocks.len() < cx.document.blocks.len(), cx.usage());
        let part = match cx.document.language() {
            Some(language) if language.code == "en" && (blocks.len() > STRETCH || cx.document.words.is_long()) => Part::Long(blocks),
            Some(language) if language.code == "en" => Part::Whole(Box::new(Stretch::of(cx.document, &blocks, claimed, usage))),
            Some(language) if lexical::knows(language.code) => Part::Foreign(blocks, language.code),
            language => return Err(Silence::OtherLanguage(language.map(|language| language.code))),
        };
        Ok(Self { part, claimed, usage, second: None })
    }

    /// Scores paragraphs; those that may be reported with evidence.
    pub fn read(&self, document: &'d Document, bar: Bar, asked: Asked<'_>) -> Verdict {
        let readings = match &self.part {
            Part::Whole(stretch) => stretch.read(bar, asked),
            Part::Long(blocks) => {
                let count = blocks.len().div_ceil(blocks.len().div_ceil(STRETCH));
                let stretches = blocks.chunks(count).map(|blocks| Stretch::of(document, blocks, self.claimed, self.usage));
                stretches.flat_map(|stretch| stretch.read(bar, asked)).collect()
            }
            Part::Foreign(blocks, code) => match bar.lexical {
                Some(threshold) => lexical::read(document, blocks, code, threshold),
                None => return Verdict::Silent(Silence::OtherLanguage(Some(code))),
            },
            Part::Nothing => Vec::new(),
        };
        Verdict::Judged(readings)
    }
}

/// The blocks that count: no exact repeats, nothing that another rule has claimed.
fn context(cx: &Context<'_>) -> Vec<usize> {
    let blocks = &cx.document.blocks;
    let mut seen = HashSet::with_capacity_and_hasher(blocks.len(), term::BuildHashed::default());
    let counts = |at: &usize| blocks[*at].word_count() > 0 && !cx.is_claimed(*at) && seen.insert(blocks[*at].hash);
    (0..blocks.len()).filter(counts).collect()
}

fn enough(cx: &Context<'_>, blocks: &[usize]) -> Result<(), Silence> {
    let paragraphs = long(blocks.iter().map(|&at| &cx.document.blocks[at]));
    if paragraphs < MIN_PARAGRAPHS { Err(Silence::TooShort { paragraphs, needed: MIN_PARAGRAPHS }) } else { Ok(()) }
}

/// How many of some blocks are long enough to be judged.
fn long<'b>(blocks: impl Iterator<Item = &'b Block>) -> usize {
    blocks.filter(|block| block.word_count() >= MIN_WORDS).count()
}

/// What a document brings to the sample of a run, by the opening of its text: its terms, where it can be judged by the table of words.
pub fn terms(opening: &str) -> Vec<u64> {
    let document = Document::from_text(opening);
    let judged = long(document.blocks.iter()) >= MIN_PARAGRAPHS && document.language().is_some_and(|language| language.code == "en");
    if judged { term::counted(&document) } else { Vec::new() }
}

impl<'d> Stretch<'d> {
    /// `claimed`: other rules have claimed blocks of the document.
    fn of(document: &'d Document, blocks: &[usize], claimed: bool, usage: Option<&'d Usage>) -> Self {
        let draft = Draft::of(document, blocks, usage);
        let mut look = sieve::look(&draft);
        let mut furniture = vec![false; look.judged.len()];
        for (row, score) in look.scores.iter_mut().enumerate() {
            if *score >= PLAIN && furniture::is_furniture(draft.span(look.judged[row]).of(&document.text)) {
                furniture[row] = true;
                *score = PLAIN;
            }
        }
        Self { draft, look, furniture, paged: claimed }
    }

    fn read(&self, bar: Bar, asked: Asked<'_>) -> Vec<Reading> {
        let keys = |row: usize| super::keys(self.draft.document, self.draft.paragraphs[self.look.judged[row]].block);
        let wanted = |&row: &usize| {
            !self.furniture[row]
                && match asked {
                    Asked::Suspects(besides) => {
                        self.look.scores[row] >= bar.cleared || besides.is_some_and(|besides| keys(row).into_iter().any(besides))
                    }
                    Asked::Only(these) => keys(row).into_iter().any(these),
                    Asked::All => true,
                }
        };
        let rows: Vec<usize> = (0..self.look.judged.len()).filter(wanted).collect();
        let own = OnceCell::new();
        let own = || own.get_or_init(|| Own::of(&self.draft));
        // Of suspects only those matter that may be reported.
        let least = if matches!(asked, Asked::Suspects(_)) { bar.heard } else { f64::NEG_INFINITY };
        let mut readings = if rows.is_empty() { Vec::new() } else { self.score(&self.draft, &self.look, own().clone(), &rows, bar, least) };
        if !matches!(asked, Asked::Only(_)) {
            self.runs(bar, own, &mut readings);
        }
        readings
    }

    /// Paragraphs of one donor vouch for each other: where several in a row, read as one, are odder than any of them and odd enough,
    /// they take the place of the single ones.
    fn runs<'o>(&self, bar: Bar, own: impl Fn() -> &'o Own, readings: &mut Vec<Reading>) {
        let judged = &self.look.judged;
        let mut found: Vec<Reading> = Vec::new();
        for length in 2..=RUN {
            for first in 0..(judged.len() + 1).saturating_sub(length) {
                let rows = first..first + length;
                let (start, end) = (judged[first], judged[rows.end - 1] + 1);
                let block = |at: usize| self.draft.paragraphs[at].block;
                let joined = end - start == length && block(end - 1) - block(start) == length - 1;
                let odd = rows.clone().all(|row| self.look.scores[row] >= IN_RUN && !self.furniture[row]);
                if !joined || !odd || judged.len() < MIN_PARAGRAPHS + length - 1 {
                    continue;
                }
                if self.draft.shared_outside(start..end) > RUN_SHARE * self.look.median_overlap {
                    continue;
                }
                let draft = self.draft.merged(start..end);
                let Some(look) = sieve::look_if(&draft, first, bar.cleared) else { continue };
                let inside = |reading: &&Reading| (block(start)..=block(end - 1)).contains(&reading.block);
                let alone: Vec<&Reading> = readings.iter().filter(inside).collect();
                // What is odd enough by itself takes no neighbour along that is not.
                let odd_alone = alone.iter().filter(|reading| reading.score >= reading.threshold).count();
                if odd_alone > 0 && odd_alone < length {
                    continue;
                }
                let own = own().merged(&draft, start..end);
                let run = self.score(&draft, &look, own, &[first], Bar { heard: bar.threshold, ..bar }, bar.threshold);
                let odder = |run: &Reading| run.score >= run.threshold && alone.iter().all(|reading| run.score > reading.score);
                found.extend(run.into_iter().filter(odder));
            }
        }
        found.sort_by(|a, b| b.score.total_cmp(&a.score));
        for run in found {
            let meets = |other: &Reading| other.block <= run.last && run.block <= other.last;
            if !readings.iter().any(|other| other.block < other.last && meets(other)) {
                readings.retain(|other| !meets(other));
                readings.push(run);
            }
        }
        readings.sort_by_key(|reading| reading.block);
    }

    fn amid(&self, bar: Bar) -> f64 {
        if self.paged { bar.amid.max(AMID_A_PAGE) } else { bar.amid }
    }

    /// The verdict on some rows of this draft, or of one with some of its paragraphs merged; a score that is lower than `least` is not
    /// told from others that are.
    fn score(&self, draft: &Draft<'_>, look: &Look, own: Own, rows: &[usize], bar: Bar, least: f64) -> Vec<Reading> {
        let closer = Closer::new(draft, look, own);
        let suspects: Vec<Suspect> = rows.iter().map(|&row| closer.look(row)).collect();
        let measures = suspects.iter().map(|suspect| &suspect.measures[..]);
        let scores = closer::trees().scores_from(measures, closer::reach(), least);
        let reading = |((&row, suspect), score): ((&usize, Suspect), f64)| {
            let at = look.judged[row];
            let evidence = (score >= bar.heard).then(|| Evidence {
                absent: evidence::absent(draft, at),
                nearest: suspect.nearest.map(|other| draft.paragraphs[other].block),
            });
            let paragraph = &draft.paragraphs[at];
            let leans = score >= bar.heard && evidence::leans(draft, at);
            let amid = row > 0 && (look.judged.len() - 1 - row) * END > look.judged.len();
            Reading {
                block: paragraph.block,
                last: paragraph.last,
                score,
                threshold: bar.threshold + if amid { self.amid(bar) } else { 0.0 } + if leans { LEANING } else { 0.0 },
                cleared: look.scores[row] < bar.cleared,
                evidence,
            }
        };
        rows.iter().zip(suspects).zip(scores).map(reading).collect()
    }
}

/// What a model is trained on: blocks with their measures.
pub fn rows(cx: &Context<'_>, what: Trained) -> Vec<(usize, Vec<f32>)> {
    let blocks = context(cx);
    if enough(cx, &blocks).is_err() || blocks.len() > STRETCH {
        return Vec::new();
    }
    if matches!(what, Trained::Lexical) {
        return lexical::training_rows(cx.document, &blocks);
    }
    let Stretch { draft, look, furniture, .. } = Stretch::of(cx.document, &blocks, false, cx.usage());
    let block = |at: usize| draft.paragraphs[at].block;
    match what {
        Trained::Seams => seam::seams(&draft, &look).iter().map(|seam| (block(seam.paragraph), seam.measures.to_vec())).collect(),
        _ => {
            let closer = Closer::new(&draft, &look, Own::of(&draft));
            let judged = (0..look.judged.len()).filter(|&row| !furniture[row]);
            judged.map(|row| (block(look.judged[row]), closer.look(row).measures)).collect()
        }
    }
}
