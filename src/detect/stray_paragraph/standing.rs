//! Where a paragraph's first score stands among those of the others: one stray stands out, a mixed bag has no rest.

/// The first scores of the judged paragraphs, and what all of them have in common.
pub struct Standing<'d> {
    scores: &'d [f64],
    /// The three highest, with their places.
    top: [(usize, f64); 3],
    sum: f64,
    squares: f64,
    high: usize,
}

/// Stands for the score of a paragraph that is not there.
const NONE: f64 = -8.0;

impl<'d> Standing<'d> {
    pub fn new(scores: &'d [f64]) -> Self {
        let mut top = [(usize::MAX, NONE); 3];
        for (at, &score) in scores.iter().enumerate() {
            if top[2].0 == usize::MAX || score > top[2].1 {
                top[2] = (at, score);
                top.sort_by(|a, b| (a.0 == usize::MAX).cmp(&(b.0 == usize::MAX)).then(b.1.total_cmp(&a.1)));
            }
        }
        let sum = scores.iter().sum();
        let squares = scores.iter().map(|score| score * score).sum();
        Self { scores, top, sum, squares, high: scores.iter().filter(|&&score| score > 0.0).count() }
    }

    /// The score; the two highest of the others, their mean and deviation; its lead over them; the scores before and behind;
    /// how many others are high.
    pub fn of(&self, row: usize) -> [f64; 9] {
        let score = self.scores[row];
        let mut others = self.top.iter().filter(|(at, _)| *at != row).map(|(_, score)| *score);
        let (first, second) = (others.next().unwrap_or(NONE), others.next().unwrap_or(NONE));
        let count = (self.scores.len() as f64 - 1.0).max(1.0);
        let mean = (self.sum - score) / count;
        let deviation = ((self.squares - score * score) / count - mean * mean).max(0.0).sqrt();
        let before = row.checked_sub(1).map_or(NONE, |before| self.scores[before]);
        let behind = self.scores.get(row + 1).copied().unwrap_or(NONE);
        let high = self.high - usize::from(score > 0.0);
        [score, first, second, mean, deviation, score - first, before, behind, high as f64]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_seen_among_the_others() {
        let scores = [-3.0, 2.0, -1.0, 0.5];
        let standing = Standing::new(&scores);
        let of = standing.of(1);
        assert_eq!(&of[..4], [2.0, 0.5, -1.0, (-3.0 - 1.0 + 0.5) / 3.0]);
        assert_eq!(&of[5..], [1.5, -3.0, -1.0, 1.0]);
        assert_eq!(Standing::new(&[1.0]).of(0)[1], NONE);
    }
}
