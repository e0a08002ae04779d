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
