//! Boosted trees, read in place: the models of the first look and of the verdict.
//!
//! All trees of a model have the same depth `d`, so that a walk through one has no branch to guess. Format `STT2`, little
//! endian: magic, `u16` trees, `u8` depth, `u8` measures; then for each tree 2^d `u8` measures, 2^d `f32` thresholds and 2^d
//! `f32` leaves. Node 1 is the root (place 0 is not used); a value at or under the threshold of node n leads to node 2n, any
//! other to 2n + 1, and node 2^d + l is leaf l. The leaves are added in the order of the trees, in double precision, so that
//! the score is the same to the bit everywhere. `docs/training/stray` holds the code that made the files.

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

    /// For each row of measures the log-odds that such a paragraph is a stray, at the rate of strays in training.
    pub fn scores<'m>(self, rows: impl Iterator<Item = &'m [f32]>) -> Vec<f64> {
        let mut measures: Measures = [0.0; 256];
        rows.map(|row| {
            debug_assert_eq!(row.len(), self.measures, "the model was trained on other measures");
            measures[..row.len()].copy_from_slice(row);
            self.bytes.chunks_exact(9 * P).filter_map(|tree| leaf::<P>(&measures, tree)).map(f64::from).sum()
        })
        .collect()
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
    fn every_tree_of_the_shipped_models_ends_in_a_leaf() {
        for value in [-8.0, 0.0, 0.5, 3.0, 1e9] {
            let row = vec![value; 256];
            let (sieve, closer) = (super::super::sieve::trees(), super::super::closer::trees());
            let scores =
                [sieve.scores(std::iter::once(&row[..sieve.measures]))[0], closer.scores(std::iter::once(&row[..closer.measures]))[0]];
            assert!(scores.iter().all(|score| score.abs() < 100.0 && *score != 0.0), "{scores:?}");
        }
    }
}
