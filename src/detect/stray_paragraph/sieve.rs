//! The first look at every paragraph: which terms it shares with the rest. It clears nine in ten and more, cheaply, so that only
//! the others need be looked at closely.

use super::draft::Draft;
use super::maths::{ln, median, z_scores};
use crate::detect::trees::Trees;

/// Shorter paragraphs, in words, are context only: they carry too little to be judged by.
pub const MIN_WORDS: usize = 12;

/// Added to a standard deviation, so that a document of even paragraphs does not make a small step look large.
const FLOOR: f64 = 0.03;

/// How many measures the first look takes.
pub const COUNT: usize = 14;
pub type Row = [f32; COUNT];

pub const NAMES: [&str; COUNT] = [
    "overlap",
    "shared-mass",
    "unshared-names",
    "shared-names",
    "tfidf-rest",
    "z-overlap",
    "z-tfidf-rest",
    "document-paragraphs",
    "words",
    "terms",
    "mass",
    "mean-idf",
    "position",
    "from-end",
];

static TREES: &[u8] = include_bytes!("sieve.bin");

/// What the first look saw.
pub struct Look {
    /// Which paragraphs are long enough to be judged.
    pub judged: Vec<usize>,
    /// For each of these what was measured.
    pub rows: Vec<Row>,
    /// The higher, the odder, for each judged paragraph.
    pub scores: Vec<f64>,
    /// tf-idf weight of each use, and the length of each paragraph by these weights.
    pub weights: Vec<f32>,
    pub norms: Vec<f64>,
    pub median_overlap: f64,
}

pub fn trees() -> Trees<8> {
    Trees::read(TREES)
}

/// tf-idf weight of a term that stands `count` times in a paragraph.
fn weight(count: u16, idf: u8) -> f32 {
    /// 1 + ln count.
    const OF_COUNT: [f32; 9] = [0.0, 1.0, 1.693_147_2, 2.098_612_3, 2.386_294_4, 2.609_438, 2.791_759_5, 2.945_910_1, 3.079_441_5];
    OF_COUNT[usize::from(count).min(8)] * f32::from(idf) / 16.0
}

/// Measures every paragraph that is long enough, and scores it.
pub fn look(draft: &Draft<'_>) -> Look {
    let mut look = measure(draft);
    look.scores = trees().scores(look.rows.iter().map(|row| &row[..]));
    look
}

/// The same if the paragraph in this row is not cleared: its score reaches `bar`.
pub fn look_if(draft: &Draft<'_>, row: usize, bar: f64) -> Option<Look> {
    let mut look = measure(draft);
    let score = trees().score(&look.rows[row]);
    (score >= bar).then(|| {
        look.scores = trees().scores(look.rows.iter().map(|row| &row[..]));
        look
    })
}

/// Measures every paragraph that is long enough; the scores are left empty.
pub fn measure(draft: &Draft<'_>) -> Look {
    let weights: Vec<f32> = draft.uses.iter().map(|used| weight(used.count, draft.terms[used.term as usize].idf)).collect();
    let mut sums = vec![0f32; draft.terms.len()];
    for (used, weight) in draft.uses.iter().zip(&weights) {
        sums[used.term as usize] += weight;
    }
    let all_squares: f64 = sums.iter().map(|&sum| f64::from(sum * sum)).sum();
    let judged: Vec<usize> = (0..draft.paragraphs.len()).filter(|&at| draft.paragraphs[at].words >= MIN_WORDS).collect();
    let log_paragraphs = ln(judged.len().max(1) as f64) as f32;
    let mut rows: Vec<Row> = Vec::with_capacity(judged.len());
    let mut norms = Vec::with_capacity(draft.paragraphs.len());
    let (mut overlap, mut rest) = (Vec::with_capacity(judged.len()), Vec::with_capacity(judged.len()));
    let mut weighed = weights.iter();
    for at in 0..draft.paragraphs.len() {
        let uses = draft.uses_of(at);
        let (mut mass, mut shared_mass, mut names, mut shared_names) = (0u32, 0u32, 0u32, 0u32);
        let (mut square, mut with_rest, mut squares) = (0f32, 0f32, 0f32);
        for (used, &weight) in uses.iter().zip(&mut weighed) {
            let term = &draft.terms[used.term as usize];
            let (idf, shared) = (u32::from(term.idf), u32::from(term.paragraphs > 1));
            mass += idf;
            shared_mass += idf * shared;
            names += u32::from(used.name);
            shared_names += u32::from(used.name) * shared;
            let (sum, others) = (sums[used.term as usize], sums[used.term as usize] - weight);
            square += weight * weight;
            with_rest += weight * others;
            // Of the squared length of the rest, what differs from the squared length of the whole.
            squares += sum * sum - others * others;
        }
        let norm = f64::from(square).sqrt() + 1e-9;
        norms.push(norm);
        let paragraph = &draft.paragraphs[at];
        if paragraph.words < MIN_WORDS {
            continue;
        }
        let rest_norm = (all_squares - f64::from(squares)).max(0.0).sqrt() + 1e-9;
        let of_rest = f64::from(with_rest) / norm / rest_norm;
        let share = f64::from(shared_mass) / (f64::from(mass) + 1e-6);
        overlap.push(share);
        rest.push(of_rest);
        rows.push([
            share as f32,
            shared_mass as f32 / 16.0,
            (names - shared_names) as f32,
            shared_names as f32,
            of_rest as f32,
            0.0,
            0.0,
            log_paragraphs,
            paragraph.words as f32,
            uses.len() as f32,
            mass as f32 / 16.0,
            mass as f32 / 16.0 / uses.len().max(1) as f32,
            at as f32,
            (draft.paragraphs.len() - 1 - at) as f32,
        ]);
    }
    for (row, (z_overlap, z_rest)) in rows.iter_mut().zip(z_scores(&overlap, FLOOR).into_iter().zip(z_scores(&rest, FLOOR))) {
        row[5] = z_overlap as f32;
        row[6] = z_rest as f32;
    }
    Look { judged, rows, scores: Vec::new(), weights, norms, median_overlap: median(overlap) }
}
