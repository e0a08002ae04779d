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

/// Trees that are walked abreast; the models have a multiple of as many.
const ABREAST: usize = 10;

/// Sums in another order differ by less.
const ROUNDING: f64 = 1e-6;

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

    /// The same of a model that does not fit into the first cache: some trees at a time are walked for all rows. `reach` is [`Self::reach`];
    /// minus infinity stands for a score that is seen on the way to be lower than `least`.
    pub fn scores_from<'m>(self, rows: impl Iterator<Item = &'m [f32]>, reach: &[f64], least: f64) -> Vec<f64> {
        let mut rows: Vec<(Measures, f64)> = rows.map(|row| (self.padded(row), 0.0)).collect();
        for (number, block) in self.bytes.chunks(ABREAST * 9 * P).enumerate() {
            let rest = rest(reach, number);
            for (measures, score) in rows.iter_mut().filter(|(_, score)| *score > f64::NEG_INFINITY) {
                *score = walk::<P>(measures, block, *score);
                if *score + rest < least {
                    *score = f64::NEG_INFINITY;
                }
            }
        }
        rows.into_iter().map(|(_, score)| score).collect()
    }

    /// The score of a single row, unless it is seen on the way to be lower than `least`.
    pub fn score_from(self, row: &[f32], reach: &[f64], least: f64) -> Option<f64> {
        let (measures, mut score) = (self.padded(row), 0.0);
        for (number, block) in self.bytes.chunks(ABREAST * 9 * P).enumerate() {
            score = walk::<P>(&measures, block, score);
            if score + rest(reach, number) < least {
                return None;
            }
        }
        Some(score)
    }

    /// The score of a single row.
    pub fn score(self, row: &[f32]) -> f64 {
        walk::<P>(&self.padded(row), self.bytes, 0.0)
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

    /// How many measures it was trained on.
    #[cfg(test)]
    pub const fn measures(self) -> usize {
        self.measures
    }
}

/// By how much the trees behind a block of those that are walked abreast can raise a score.
fn rest(reach: &[f64], block: usize) -> f64 {
    let walked = &reach[..((block + 1) * ABREAST).min(reach.len())];
    walked.last().map_or(f64::INFINITY, |rest| rest + ROUNDING)
}

/// Adds the leaves that the measures lead to in some trees to a score.
fn walk<const P: usize>(measures: &Measures, trees: &[u8], mut score: f64) -> f64 {
    let abreast = trees.chunks_exact(ABREAST * 9 * P);
    let rest = abreast.remainder();
    for trees in abreast {
        score = add::<P, ABREAST>(measures, trees, score);
    }
    rest.chunks_exact(9 * P).fold(score, |score, tree| add::<P, 1>(measures, tree, score))
}

/// The same of `N` trees. A step waits for the one before it, and meanwhile the other trees take theirs.
#[inline(always)]
fn add<const P: usize, const N: usize>(measures: &Measures, bytes: &[u8], mut score: f64) -> f64 {
    let mut trees = [(&[0; P], &[[0; 4]; P], &[[0; 4]; P]); N];
    for (tree, bytes) in trees.iter_mut().zip(bytes.chunks_exact(9 * P)) {
        let (which, numbers) = bytes.split_first_chunk::<P>().expect("as long as a tree");
        let (thresholds, leaves) = numbers.as_chunks::<4>().0.split_first_chunk::<P>().expect("as long as a tree");
        *tree = (which, thresholds, leaves.try_into().expect("as long as a tree"));
    }
    let mut nodes = [1; N];
    for _ in 0..P.trailing_zeros() {
        for (node, (which, thresholds, _)) in nodes.iter_mut().zip(&trees) {
            // The remainder changes nothing, and tells the compiler that no place is outside.
            let place = *node % P;
            *node = 2 * *node + usize::from(measures[usize::from(which[place])] > f32::from_le_bytes(thresholds[place]));
        }
    }
    for (node, (.., leaves)) in nodes.iter().zip(&trees) {
        score += f64::from(f32::from_le_bytes(leaves[node % P]));
    }
    score
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
        let at = |value: f32| walk::<2>(&std::array::from_fn(|measure| if measure == 1 { value } else { 9.0 }), &tree, 0.5);
        assert_eq!([at(1.5), at(1.6)], [2.5, 3.5]);
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
        assert_eq!(trees.scores_from(rows.iter().map(|row| &row[..]), &reach, 12.0), [f64::NEG_INFINITY, 12.0, 22.0]);
        let best = |order: &[usize]| trees.best(order.iter().map(|&row| &rows[row][..]), &reach);
        assert_eq!(
            [best(&[0, 1, 2]), best(&[2, 1, 2, 0]), best(&[1, 0]), best(&[])],
            [Some((2, 22.0)), Some((0, 22.0)), Some((0, 12.0)), None]
        );
    }
}
