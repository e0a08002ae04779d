//! Boosted trees, read in place: the models of the kinds that learned what to look for.
//!
//! All trees of a model have the same depth `d`, so that a walk through one has no branch to guess. Format `STT2`, little
//! endian: magic, `u16` trees, `u8` depth, `u8` measures; then for each tree 2^d `u8` measures, 2^d `f32` thresholds and 2^d
//! `f32` leaves. Node 1 is the root (place 0 is not used); a value at or under the threshold of node n leads to node 2n, any
//! other to 2n + 1, and node 2^d + l is leaf l. The leaves are added in the order of the trees, in double precision, so that
//! the score is the same to the bit everywhere. `docs/training` holds the code that makes the files.

const HEADER: usize = 8;

/// A model in its bytes, of trees with `P` places: 2 to the power of their depth.
#[derive(Clone, Copy)]
pub struct Trees<const P: usize> {
    measures: usize,
    bytes: &'static [u8],
}

/// As many as a byte can name, so that no look-up can fail.
type Measures = [f32; 256];

impl<const P: usize> Trees<P> {
    pub fn read(bytes: &'static [u8]) -> Self {
        debug_assert!(bytes.starts_with(b"STT2") && 1 << bytes[6] == P);
        Self { measures: usize::from(bytes[7]), bytes: &bytes[HEADER..] }
    }

    /// For each row of measures the log-odds that it is what the model was trained to find, at the rate of such in training.
    pub fn scores<'m>(self, rows: impl Iterator<Item = &'m [f32]>) -> Vec<f64> {
        rows.map(|row| self.score(row)).collect()
    }

    /// The same for a single row.
    pub fn score(self, row: &[f32]) -> f64 {
        self.leaves(&self.padded(row)).sum()
    }

    /// The first of the rows with the highest score, and that score. `reach` is [`Self::reach`]: the trees of a row are walked as long as it
    /// may still come out above those before it.
    pub fn best<'m>(self, rows: impl Iterator<Item = &'m [f32]>, reach: &[f64]) -> Option<(usize, f64)> {
        let mut best: Option<(usize, f64)> = None;
        for (number, row) in rows.enumerate() {
            let least = best.map_or(f64::NEG_INFINITY, |(_, score)| score);
            if let Some(score) = self.score_from(row, reach, least).filter(|&score| score > least) {
                best = Some((number, score));
            }
        }
        best
    }

    /// The score of a row, unless it is seen on the way that it is lower than `least`.
    pub fn score_from(self, row: &[f32], reach: &[f64], least: f64) -> Option<f64> {
        // Sums in another order differ by less.
        const ROUNDING: f64 = 1e-6;
        let mut score = 0.0;
        let measures = self.padded(row);
        let mut walked = self.leaves(&measures).zip(reach).map(|(leaf, rest)| {
            score += leaf;
            score + rest + ROUNDING
        });
        walked.all(|most| most >= least).then_some(score)
    }

    /// By how much the trees behind each one can raise a score.
    pub fn reach(self) -> Vec<f64> {
        let most =
            |tree: &[u8]| tree[5 * P..].as_chunks::<4>().0.iter().map(|leaf| f64::from(f32::from_le_bytes(*leaf))).fold(f64::MIN, f64::max);
        let mut rest = 0.0;
        let mut reach: Vec<f64> = self.bytes.chunks_exact(9 * P).rev().map(|tree| (rest, rest += most(tree)).0).collect();
        reach.reverse();
        reach
    }

    fn padded(self, row: &[f32]) -> Measures {
        debug_assert_eq!(row.len(), self.measures, "the model was trained on other measures");
        let mut measures: Measures = [0.0; 256];
        measures[..row.len()].copy_from_slice(row);
        measures
    }

    fn leaves(self, measures: &Measures) -> impl Iterator<Item = f64> {
        self.bytes.chunks_exact(9 * P).filter_map(|tree| leaf::<P>(measures, tree)).map(f64::from)
    }

    /// How many measures it was trained on.
    #[cfg(test)]
    pub const fn measures(self) -> usize {
        self.measures
    }
}

/// The leaf that the measures lead to; nothing only where the tree is cut short.
fn leaf<const P: usize>(measures: &Measures, tree: &[u8]) -> Option<f32> {
    let (which, numbers) = tree.split_first_chunk::<P>()?;
    let (thresholds, leaves) = numbers.as_chunks::<4>().0.split_first_chunk::<P>()?;
    let leaves: &[[u8; 4]; P] = leaves.try_into().ok()?;
    let mut node = 1;
    for _ in 0..P.trailing_zeros() {
        // The remainder changes nothing, and tells the compiler that no place is outside.
        let place = node % P;
        node = 2 * node + usize::from(measures[usize::from(which[place])] > f32::from_le_bytes(thresholds[place]));
    }
    Some(f32::from_le_bytes(leaves[node % P]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_at_the_threshold_goes_to_the_first_child() {
        let mut tree = vec![1u8, 1];
        for number in [0f32, 1.5, 2.0, 3.0] {
            tree.extend(number.to_le_bytes());
        }
        let at = |value: f32| leaf::<2>(&std::array::from_fn(|measure| if measure == 1 { value } else { 9.0 }), &tree);
        assert_eq!([at(1.5), at(1.6)], [Some(2.0), Some(3.0)]);
    }

    #[test]
    fn the_leaves_of_all_trees_are_added() {
        let mut bytes = b"STT2\x02\0\x01\x01".to_vec();
        for [threshold, low, high] in [[0.0f32, 1.0, 2.0], [5.0, 10.0, 20.0]] {
            bytes.extend([0, 0]);
            [9.0, threshold, low, high].iter().for_each(|number| bytes.extend(number.to_le_bytes()));
        }
        let rows = [[-1.0], [1.0], [6.0]];
        let trees = Trees::<2>::read(bytes.leak());
        assert_eq!(trees.scores(rows.iter().map(|row| &row[..])), [11.0, 12.0, 22.0]);
        let reach = trees.reach();
        assert_eq!(reach, [20.0, 0.0]);
        assert_eq!([20.0, 21.5, 22.5].map(|least| trees.score_from(&[6.0], &reach, least)), [Some(22.0), Some(22.0), None]);
        let best = |order: &[usize]| trees.best(order.iter().map(|&row| &rows[row][..]), &reach);
        assert_eq!(
            [best(&[0, 1, 2]), best(&[2, 1, 2, 0]), best(&[1, 0]), best(&[])],
            [Some((2, 22.0)), Some((0, 22.0)), Some((0, 12.0)), None]
        );
    }
}
