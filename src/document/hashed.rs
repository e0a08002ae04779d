//! Maps by keys that are hashes already, such as [`super::Word::hash`]: these need no second, slower hash.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// A cheap hash for 64-bit keys, hashes or small numbers.
#[derive(Default)]
pub struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("only 64-bit keys are hashed")
    }

    fn write_u64(&mut self, key: u64) {
        // A product mixes its upper half best, and the map reads the lower too.
        let product = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = product ^ product >> 32;
    }
}

pub type HashedMap<T> = HashMap<u64, T, BuildHasherDefault<Hashed>>;
pub type HashedSet = HashSet<u64, BuildHasherDefault<Hashed>>;

/// What an odd number must be multiplied by to give 1, in 64 bits: takes the last step of a polynomial of hashes back.
pub const fn inverse(odd: u64) -> u64 {
    // Newton's iteration; each step doubles the bits that are right.
    let (mut inverse, mut step) = (odd, 0);
    while step < 6 {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(inverse)));
        step += 1;
    }
    inverse
}
