//! What paragraphs are about, as vectors: the sums of the vectors of their terms, in whole numbers.

use super::draft::Draft;
use super::maths::{median, z_scores};
use super::words::{DIMS, Sum};

/// Length that vectors are brought to.
const UNIT: f32 = 2048.0;

/// Terms that a vector is made of; a longer paragraph has said by then what it is about.
const HEARD: u16 = 128;

pub type Vector = [i16; DIMS];

/// The vectors of a stretch of a document.
pub struct Vectors {
    units: Vec<Vector>,
    /// How heavy each paragraph weighs among the rest.
    weights: Vec<f32>,
    /// Sum of the vectors by their weights.
    sum: [f32; DIMS],
    /// For each judged paragraph how far its mean cosine to the others lies from theirs.
    pub z_mean: Vec<f64>,
    pub median_rest: f64,
}

/// How near a paragraph lies to the others.
pub struct Near {
    /// Cosine to each paragraph.
    pub cosines: Vec<f32>,
    /// To all the others together, longer ones weighing more.
    pub rest: f64,
    /// The three nearest; −1 where there are fewer.
    pub top: [f32; 3],
}

impl Vectors {
    /// `units` are the vectors of the paragraphs by themselves.
    pub fn of(draft: &Draft<'_>, units: Vec<Vector>, judged: &[usize]) -> Self {
        let count = units.len();
        let weights: Vec<f32> = draft.paragraphs.iter().map(|paragraph| (paragraph.words.min(100) as f32).sqrt()).collect();
        let (mut sum, mut plain) = ([0f32; DIMS], [0i32; DIMS]);
        for (unit, weight) in units.iter().zip(&weights) {
            for at in 0..DIMS {
                sum[at] += f32::from(unit[at]) * weight;
                plain[at] += i32::from(unit[at]);
            }
        }
        let others = (count as f64 - 1.0).max(1.0);
        let mean = |&at: &usize| {
            let unit = &units[at];
            let with_rest: i64 = (0..DIMS).map(|dim| i64::from(unit[dim]) * i64::from(plain[dim] - i32::from(unit[dim]))).sum();
            with_rest as f64 / f64::from(UNIT * UNIT) / others
        };
        let z_mean = z_scores(&judged.iter().map(mean).collect::<Vec<f64>>(), 0.05);
        let mut vectors = Self { units, weights, sum, z_mean, median_rest: 0.0 };
        vectors.median_rest = median(judged.iter().map(|&at| vectors.rest(at)).collect());
        vectors
    }

    /// Cosine to all the others together.
    fn rest(&self, at: usize) -> f64 {
        let (unit, weight) = (&self.units[at], self.weights[at]);
        let (mut with, mut square) = ([0f32; 8], [0f32; 8]);
        for start in (0..DIMS).step_by(8) {
            for lane in 0..8 {
                let own = f32::from(unit[start + lane]);
                let rest = self.sum[start + lane] - own * weight;
                with[lane] += own * rest;
                square[lane] += rest * rest;
            }
        }
        let total = |lanes: [f32; 8]| f64::from(lanes.iter().sum::<f32>());
        total(with) / f64::from(UNIT) / (total(square).sqrt() + 1e-9)
    }

    /// Cosine of two paragraphs.
    pub fn cosine(&self, one: usize, other: usize) -> f32 {
        let (one, other) = (&self.units[one], &self.units[other]);
        let dot: i32 = one.iter().zip(other).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum();
        dot as f32 / (UNIT * UNIT)
    }

    pub fn near(&self, at: usize) -> Near {
        let cosines: Vec<f32> = (0..self.units.len()).map(|other| self.cosine(at, other)).collect();
        let mut top = [-1f32; 3];
        for (other, &near) in cosines.iter().enumerate() {
            if other == at || near <= top[2] {
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
        Near { cosines, rest: self.rest(at), top }
    }
}

/// The vector of a paragraph at length [`UNIT`], or all zeros where none of its terms has one.
pub fn unit(draft: &Draft<'_>, paragraph: usize) -> Vector {
    let mut sum: Sum = [0; DIMS];
    let mut heard = 0;
    for used in draft.uses_of(paragraph) {
        let Some(entry) = draft.terms[used.term as usize].entry else { continue };
        let count = used.count.min(4);
        heard += count;
        if heard > HEARD {
            break;
        }
        draft.words.add(entry, count as i16, &mut sum);
    }
    let square: i64 = sum.iter().map(|&x| i64::from(x) * i64::from(x)).sum();
    let factor = UNIT / ((square as f32).sqrt() + 1e-3);
    sum.map(|x| (f32::from(x) * factor) as i16)
}
