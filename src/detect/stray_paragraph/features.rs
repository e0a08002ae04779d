//! What is measured of a paragraph within its document: how much of it stands elsewhere, and how near it lies to the rest.

use super::maths::{dot, ln, median, z_scores};
use super::sketch::{Sketch, Use};
use super::table::{DIMS, Vector};
use super::term::{Lexicon, TermId};

/// Shorter paragraphs, in words, are context only: they carry too little to be judged by.
pub const MIN_WORDS: usize = 12;

/// Added to a standard deviation, so that a document of even paragraphs does not make a small step look large.
const FLOOR: f64 = 0.03;

/// How many measures the linear model weighs.
pub const COUNT: usize = 16;
pub type Features = [f64; COUNT];

/// What was measured of a document.
pub struct Measures {
    /// Which of the sketches are long enough to be judged.
    pub judged: Vec<usize>,
    /// For each of them its features.
    pub rows: Vec<Features>,
    pub lexical: Lexical,
    pub dense: Dense,
}

impl Measures {
    /// Whether no second paragraph holds the term.
    pub fn stands_alone(&self, term: TermId) -> bool {
        self.lexical.paragraphs[term as usize] == 1
    }

    /// The paragraph whose vector is nearest.
    pub fn nearest(&self, at: usize) -> Option<usize> {
        let row = self.dense.cosine.row(at);
        (0..row.len()).filter(|&other| other != at).max_by(|&a, &b| row[a].total_cmp(&row[b]))
    }
}

/// Measures the paragraphs of a document against one another.
pub fn measure(sketches: &[Sketch], lexicon: &Lexicon) -> Measures {
    let judged: Vec<usize> = (0..sketches.len()).filter(|&at| sketches[at].words >= MIN_WORDS).collect();
    let lexical = Lexical::of(sketches, lexicon);
    let dense = Dense::of(sketches, &units(sketches));
    let column = |values: &dyn Fn(usize) -> f64| judged.iter().map(|&at| values(at)).collect::<Vec<f64>>();
    let z_overlap = z_scores(&column(&|at| lexical.overlap[at]), FLOOR);
    let z_rest = z_scores(&column(&|at| lexical.rest[at]), FLOOR);
    let z_mean = z_scores(&column(&|at| dense.mean[at]), 0.05);
    let document_rest = median(column(&|at| dense.rest[at]));
    let paragraphs = ln(judged.len().max(1) as f64);
    let rows = judged
        .iter()
        .enumerate()
        .map(|(row, &at)| {
            [
                lexical.overlap[at],
                ln(1.0 + lexical.shared_mass[at]),
                ln(1.0 + lexical.unshared_names[at]),
                ln(1.0 + lexical.shared_names[at]),
                lexical.rest[at],
                lexical.best[at],
                z_overlap[row],
                z_rest[row],
                dense.rest[at],
                dense.best[at],
                dense.best_three[at],
                dense.neighbour[at],
                z_mean[row],
                document_rest,
                paragraphs,
                ln(sketches[at].words.min(150) as f64),
            ]
        })
        .collect();
    Measures { judged, rows, lexical, dense }
}

/// A square of values, one for each pair of paragraphs.
pub struct Pairs<T> {
    values: Vec<T>,
    count: usize,
}

impl<T: Copy + Default> Pairs<T> {
    fn new(count: usize) -> Self {
        Self { values: vec![T::default(); count * count], count }
    }

    pub fn row(&self, at: usize) -> &[T] {
        &self.values[at * self.count..(at + 1) * self.count]
    }

    fn row_mut(&mut self, at: usize) -> &mut [T] {
        &mut self.values[at * self.count..(at + 1) * self.count]
    }
}

/// Overlap of terms and names. "Shared" is what at least two paragraphs hold.
pub struct Lexical {
    /// Share of its idf that is shared.
    pub overlap: Vec<f64>,
    shared_mass: Vec<f64>,
    unshared_names: Vec<f64>,
    shared_names: Vec<f64>,
    /// tf-idf cosine to all the others together.
    pub rest: Vec<f64>,
    /// tf-idf cosine to the nearest other.
    best: Vec<f64>,
    /// For each term how many paragraphs hold it.
    pub paragraphs: Vec<u32>,
    /// tf-idf cosine of each pair.
    pub cosine: Pairs<f64>,
}

/// A term in a paragraph, with its tf-idf weight.
#[derive(Clone, Copy, Default)]
struct Place {
    paragraph: u32,
    weight: f64,
}

impl Lexical {
    fn of(sketches: &[Sketch], lexicon: &Lexicon) -> Self {
        let count = sketches.len();
        let idf = |term: TermId| lexicon.terms[term as usize].idf;
        let weight = |used: &Use| if used.count == 1 { idf(used.term) } else { (1.0 + ln(f64::from(used.count))) * idf(used.term) };
        let mut paragraphs = vec![0u32; lexicon.terms.len()];
        sketches.iter().flat_map(|sketch| &sketch.terms).for_each(|used| paragraphs[used.term as usize] += 1);
        // Where each term stands, all terms in one list: those of term `t` are `places[ends[t] - paragraphs[t]..ends[t]]`.
        let mut ends: Vec<usize> = Vec::with_capacity(paragraphs.len());
        let mut total = 0;
        for &paragraphs in &paragraphs {
            ends.push(total);
            total += paragraphs as usize;
        }
        let mut places = vec![Place::default(); total];
        let mut sums = vec![0.0; paragraphs.len()];
        let mut norms = Vec::with_capacity(count);
        for (at, sketch) in sketches.iter().enumerate() {
            let mut square = 0.0;
            for used in &sketch.terms {
                let (term, weight) = (used.term as usize, weight(used));
                places[ends[term]] = Place { paragraph: at as u32, weight };
                ends[term] += 1;
                sums[term] += weight;
                square += weight * weight;
            }
            norms.push(f64::sqrt(square) + 1e-9);
        }
        let all_squares: f64 = sums.iter().map(|sum| sum * sum).sum();
        let mut lexical = Self {
            overlap: Vec::with_capacity(count),
            shared_mass: Vec::with_capacity(count),
            unshared_names: Vec::with_capacity(count),
            shared_names: Vec::with_capacity(count),
            rest: Vec::with_capacity(count),
            best: Vec::with_capacity(count),
            paragraphs,
            cosine: Pairs::new(count),
        };
        for (at, sketch) in sketches.iter().enumerate() {
            let (mut shared_mass, mut mass, mut unshared_names, mut shared_names) = (0.0, 0.0, 0.0, 0.0);
            let (mut with_rest, mut squares) = (0.0, 0.0);
            let cosines = lexical.cosine.row_mut(at);
            for used in &sketch.terms {
                let (term, weight) = (used.term as usize, weight(used));
                let held = lexical.paragraphs[term] as usize;
                let shared = held > 1;
                mass += idf(used.term);
                if shared {
                    shared_mass += idf(used.term);
                    for place in &places[ends[term] - held..ends[term]] {
                        cosines[place.paragraph as usize] += weight * place.weight;
                    }
                }
                match (used.name, shared) {
                    (true, true) => shared_names += 1.0,
                    (true, false) => unshared_names += 1.0,
                    _ => {}
                }
                let rest = sums[term] - weight;
                with_rest += weight * rest;
                // Of the squared length of the rest, what differs from the squared length of the whole.
                squares += sums[term] * sums[term] - rest * rest;
            }
            let rest_norm = (all_squares - squares).max(0.0).sqrt() + 1e-9;
            let mut best = -1.0;
            for (other, cosine) in cosines.iter_mut().enumerate() {
                *cosine /= norms[at] * norms[other];
                if other != at && *cosine > best {
                    best = *cosine;
                }
            }
            lexical.overlap.push(shared_mass / (mass + 1e-6));
            lexical.shared_mass.push(shared_mass);
            lexical.unshared_names.push(unshared_names);
            lexical.shared_names.push(shared_names);
            lexical.rest.push(with_rest / norms[at] / rest_norm);
            lexical.best.push(best);
        }
        lexical
    }
}

/// Nearness of the vectors, as cosines.
pub struct Dense {
    /// To all the others together, longer ones weighing more.
    pub rest: Vec<f64>,
    best: Vec<f64>,
    /// Mean of the three nearest.
    best_three: Vec<f64>,
    /// The nearer of the paragraphs before and behind.
    neighbour: Vec<f64>,
    mean: Vec<f64>,
    /// Of each pair.
    pub cosine: Pairs<f32>,
}

impl Dense {
    pub fn of(sketches: &[Sketch], units: &[Vector]) -> Self {
        let count = sketches.len();
        let weights: Vec<f32> = sketches.iter().map(|sketch| (sketch.words.min(100) as f32).sqrt()).collect();
        let mut sum = [0f32; DIMS];
        for (unit, weight) in units.iter().zip(&weights) {
            add(&mut sum, unit, *weight);
        }
        let mut cosine = Pairs::new(count);
        for at in 0..count {
            for other in 0..at {
                let near = dot(&units[at], &units[other]);
                cosine.row_mut(at)[other] = near;
                cosine.row_mut(other)[at] = near;
            }
        }
        let mut dense = Self {
            rest: Vec::with_capacity(count),
            best: Vec::with_capacity(count),
            best_three: Vec::with_capacity(count),
            neighbour: Vec::with_capacity(count),
            mean: Vec::with_capacity(count),
            cosine,
        };
        for at in 0..count {
            let mut rest = sum;
            add(&mut rest, &units[at], -weights[at]);
            let rest_norm = dot(&rest, &rest).sqrt() + 1e-9;
            let row = dense.cosine.row(at);
            let top = top_three(row, at);
            let total: f32 = row.iter().sum();
            let before = at.checked_sub(1).map_or(-1.0, |before| row[before]);
            let behind = row.get(at + 1).copied().unwrap_or(-1.0);
            let others = count.saturating_sub(1);
            let three = others.clamp(1, 3);
            dense.rest.push(f64::from(dot(&units[at], &rest) / rest_norm));
            dense.best.push(f64::from(top[0]));
            dense.best_three.push(f64::from(top[..three].iter().sum::<f32>() / three as f32));
            dense.neighbour.push(f64::from(f32::max(before, behind)));
            dense.mean.push(f64::from(total / others.max(1) as f32));
        }
        dense
    }
}

/// The three highest of the values, that at `leave_out` left out; −1 where there are fewer.
pub fn top_three(row: &[f32], leave_out: usize) -> [f32; 3] {
    let mut top = [-1f32; 3];
    for (other, &near) in row.iter().enumerate() {
        if other == leave_out || near <= top[2] {
            continue;
        }
        top[2] = near;
        if near > top[1] {
            top.swap(1, 2);
        }
        if near > top[0] {
            top.swap(0, 1);
        }
    }
    top
}

/// The vectors at length one.
pub fn units(sketches: &[Sketch]) -> Vec<Vector> {
    sketches.iter().map(|sketch| sketch.vector.map(|x| x / (sketch.norm + 1e-9))).collect()
}

/// The vectors at length one, with the leading dimensions held back: they say how something is told more than what it is
/// about. The factors come from a diagonal metric fitted to tell a paragraph's own article from the most similar other.
pub fn whitened_units(sketches: &[Sketch]) -> Vec<Vector> {
    sketches
        .iter()
        .map(|sketch| {
            let mut vector = sketch.vector;
            for (even, odd) in (0..DIMS / 2).map(|at| (at, at + DIMS / 2)) {
                let factor = match even {
                    0..2 => 0.375,
                    2 => 0.66,
                    3..6 => 0.85,
                    _ => 1.0,
                };
                vector[even] *= factor;
                vector[odd] *= factor;
            }
            let norm = dot(&vector, &vector).sqrt() + 1e-9;
            vector.map(|x| x / norm)
        })
        .collect()
}

fn add(sum: &mut Vector, unit: &Vector, weight: f32) {
    for (sum, unit) in sum.iter_mut().zip(unit) {
        *sum += unit * weight;
    }
}
