//! What is measured of a paragraph within its document: how much of it stands elsewhere, and how near it lies to the rest.

use super::maths::{dot, ln, median, z_scores};
use super::sketch::Sketch;
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
    lexical: Lexical,
    dense: Dense,
}

impl Measures {
    /// Whether no second paragraph holds the term.
    pub fn stands_alone(&self, term: TermId) -> bool {
        self.lexical.paragraphs[term as usize] == 1
    }

    /// The paragraph whose vector is nearest.
    pub fn nearest(&self, sketches: &[Sketch], at: usize) -> Option<usize> {
        let near = |other: usize| dot(&self.dense.units[at], &self.dense.units[other]);
        (0..sketches.len()).filter(|&other| other != at).max_by(|&a, &b| near(a).total_cmp(&near(b)))
    }
}

/// Measures the paragraphs of a document against one another.
pub fn measure(sketches: &[Sketch], lexicon: &Lexicon) -> Measures {
    let judged: Vec<usize> = (0..sketches.len()).filter(|&at| sketches[at].words >= MIN_WORDS).collect();
    let lexical = Lexical::of(sketches, lexicon);
    let dense = Dense::of(sketches);
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

/// Overlap of terms and names. "Shared" is what at least two paragraphs hold.
struct Lexical {
    /// Share of its idf that is shared.
    overlap: Vec<f64>,
    shared_mass: Vec<f64>,
    unshared_names: Vec<f64>,
    shared_names: Vec<f64>,
    /// tf-idf cosine to all the others together.
    rest: Vec<f64>,
    /// tf-idf cosine to the nearest other.
    best: Vec<f64>,
    /// For each term how many paragraphs hold it.
    paragraphs: Vec<u32>,
}

impl Lexical {
    fn of(sketches: &[Sketch], lexicon: &Lexicon) -> Self {
        let count = sketches.len();
        let idf = |term: u32| lexicon.terms[term as usize].idf;
        let weights: Vec<Vec<f64>> = sketches
            .iter()
            .map(|sketch| sketch.terms.iter().map(|used| (1.0 + ln(f64::from(used.count))) * idf(used.term)).collect())
            .collect();
        let norms: Vec<f64> = weights.iter().map(|row| row.iter().map(|w| w * w).sum::<f64>().sqrt() + 1e-9).collect();
        // Where each term stands, as (paragraph, weight).
        let mut places: Vec<Vec<(u32, f64)>> = vec![Vec::new(); lexicon.terms.len()];
        for (at, (sketch, row)) in sketches.iter().zip(&weights).enumerate() {
            for (used, &weight) in sketch.terms.iter().zip(row) {
                places[used.term as usize].push((at as u32, weight));
            }
        }
        let sums: Vec<f64> = places.iter().map(|places| places.iter().map(|&(_, weight)| weight).sum()).collect();
        let all_squares: f64 = sums.iter().map(|sum| sum * sum).sum();
        let mut lexical = Self {
            overlap: Vec::with_capacity(count),
            shared_mass: Vec::with_capacity(count),
            unshared_names: Vec::with_capacity(count),
            shared_names: Vec::with_capacity(count),
            rest: Vec::with_capacity(count),
            best: Vec::with_capacity(count),
            paragraphs: places.iter().map(|places| places.len() as u32).collect(),
        };
        let mut products = vec![0.0; count];
        for (at, (sketch, row)) in sketches.iter().zip(&weights).enumerate() {
            let (mut shared_mass, mut mass, mut unshared_names, mut shared_names) = (0.0, 0.0, 0.0, 0.0);
            let (mut with_rest, mut squares) = (0.0, 0.0);
            products.iter_mut().for_each(|product| *product = 0.0);
            for (used, &weight) in sketch.terms.iter().zip(row) {
                let places = &places[used.term as usize];
                let shared = places.len() > 1;
                mass += idf(used.term);
                if shared {
                    shared_mass += idf(used.term);
                    for &(other, other_weight) in places {
                        products[other as usize] += weight * other_weight;
                    }
                }
                match (used.name, shared) {
                    (true, true) => shared_names += 1.0,
                    (true, false) => unshared_names += 1.0,
                    _ => {}
                }
                let rest = sums[used.term as usize] - weight;
                with_rest += weight * rest;
                // Of the squared length of the rest, what differs from the squared length of the whole.
                squares += sums[used.term as usize] * sums[used.term as usize] - rest * rest;
            }
            let rest_norm = (all_squares - squares).max(0.0).sqrt() + 1e-9;
            let nearest =
                (0..count).filter(|&other| other != at).map(|other| products[other] / (norms[at] * norms[other])).fold(-1.0, f64::max);
            lexical.overlap.push(shared_mass / (mass + 1e-6));
            lexical.shared_mass.push(shared_mass);
            lexical.unshared_names.push(unshared_names);
            lexical.shared_names.push(shared_names);
            lexical.rest.push(with_rest / norms[at] / rest_norm);
            lexical.best.push(nearest);
        }
        lexical
    }
}

/// Nearness of the vectors, as cosines.
struct Dense {
    /// To all the others together, longer ones weighing more.
    rest: Vec<f64>,
    best: Vec<f64>,
    /// Mean of the three nearest.
    best_three: Vec<f64>,
    /// The nearer of the paragraphs before and behind.
    neighbour: Vec<f64>,
    mean: Vec<f64>,
    units: Vec<Vector>,
}

impl Dense {
    fn of(sketches: &[Sketch]) -> Self {
        let count = sketches.len();
        let units: Vec<Vector> = sketches.iter().map(|sketch| sketch.vector.map(|x| x / (sketch.norm + 1e-9))).collect();
        let weights: Vec<f32> = sketches.iter().map(|sketch| (sketch.words.min(100) as f32).sqrt()).collect();
        let mut sum = [0f32; DIMS];
        for (unit, weight) in units.iter().zip(&weights) {
            add(&mut sum, unit, *weight);
        }
        let mut dense = Self {
            rest: Vec::with_capacity(count),
            best: Vec::with_capacity(count),
            best_three: Vec::with_capacity(count),
            neighbour: Vec::with_capacity(count),
            mean: Vec::with_capacity(count),
            units: Vec::new(),
        };
        for at in 0..count {
            let mut rest = sum;
            add(&mut rest, &units[at], -weights[at]);
            let rest_norm = dot(&rest, &rest).sqrt() + 1e-9;
            let (mut top, mut total, mut neighbour) = ([-1f32; 3], 0f32, -1f32);
            for other in 0..count {
                if other == at {
                    continue;
                }
                let near = dot(&units[at], &units[other]);
                total += near;
                if other + 1 == at || at + 1 == other {
                    neighbour = neighbour.max(near);
                }
                if near > top[2] {
                    top[2] = near;
                    if near > top[1] {
                        top.swap(1, 2);
                    }
                    if near > top[0] {
                        top.swap(0, 1);
                    }
                }
            }
            let others = count.saturating_sub(1);
            let three = others.clamp(1, 3);
            dense.rest.push(f64::from(dot(&units[at], &rest) / rest_norm));
            dense.best.push(f64::from(top[0]));
            dense.best_three.push(f64::from(top[..three].iter().sum::<f32>() / three as f32));
            dense.neighbour.push(f64::from(neighbour));
            dense.mean.push(f64::from(total / others.max(1) as f32));
        }
        dense.units = units;
        dense
    }
}

fn add(sum: &mut Vector, unit: &Vector, weight: f32) {
    for (sum, unit) in sum.iter_mut().zip(unit) {
        *sum += unit * weight;
    }
}
