//! A static hash table that is read in place: keys are kept as fingerprints of their hashes, values as a few bytes.
//!
//! Layout, all numbers little-endian:
//!
//! | bytes | what |
//! |---|---|
//! | 4 | number of entries |
//! | 4 | `b`: there are 2^b buckets |
//! | 4 × (2^b + 1) | where each bucket starts, counted in entries |
//! | (`F` + `W`) × entries | 8 × `F` bits of the key's hash, then the value in `W` bytes |
//!
//! The top `b` bits of a hash choose the bucket, those below are the fingerprint. A bucket holds four to eight entries
//! on average, so that with a fingerprint of 24 bits a key that is not in the table is taken for one that is in about one
//! of 2.8 million look-ups (6 / 2^24), with 16 bits in one of 11,000. A look-up touches the bucket's start and one or two
//! cache lines of entries.

use super::LexiconError;
use std::collections::BTreeMap;

const HEADER: usize = 8;

/// A table with fingerprints of `F` bytes and values of `W` bytes.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a, const F: usize, const W: usize> {
    starts: &'a [u8],
    entries: &'a [u8],
    shift: u32,
}

impl<'a, const F: usize, const W: usize> Table<'a, F, W> {
    /// Wraps the bytes of a table; fails where they are not one.
    pub fn new(bytes: &'a [u8]) -> Result<Self, LexiconError> {
        let (len, bits) = (number(bytes, 0)?, number(bytes, 4)?);
        if bits > 28 {
            return Err(LexiconError::Damaged);
        }
        let starts_end = HEADER + 4 * ((1 << bits) + 1);
        let starts = bytes.get(HEADER..starts_end).ok_or(LexiconError::Damaged)?;
        let entries = bytes.get(starts_end..starts_end + len * (F + W)).ok_or(LexiconError::Damaged)?;
        Ok(Self { starts, entries, shift: 64 - bits as u32 })
    }

    /// The value of the key with this hash.
    #[inline]
    pub fn get(&self, hash: u64) -> Option<[u8; W]> {
        self.find(hash).map(|(_, value)| value)
    }

    /// The number of the key with this hash, in the order of the table, and its value.
    #[inline]
    pub fn find(&self, hash: u64) -> Option<(usize, [u8; W])> {
        let (bucket, fingerprint) = split::<F>(hash, self.shift);
        let at = 4 * bucket;
        let bounds: [u8; 8] = self.starts.get(at..at + 8)?.try_into().ok()?;
        let bounds = u64::from_le_bytes(bounds);
        let (from, to) = ((bounds as u32) as usize, (bounds >> 32) as usize);
        let entries = self.entries.get(from * (F + W)..to * (F + W))?;
        let nth = entries.chunks_exact(F + W).position(|entry| entry[..F] == fingerprint)?;
        Some((from + nth, self.at(from + nth)?))
    }

    /// The value of a key by its number.
    #[inline]
    pub fn at(&self, number: usize) -> Option<[u8; W]> {
        let at = number * (F + W) + F;
        self.entries.get(at..at + W)?.try_into().ok()
    }

    pub const fn len(&self) -> usize {
        self.entries.len() / (F + W)
    }

    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// Which bucket a hash falls into, and the fingerprint it has there.
#[inline]
fn split<const F: usize>(hash: u64, shift: u32) -> (usize, [u8; F]) {
    let bucket = if shift == 64 { 0 } else { (hash >> shift) as usize };
    let bytes = ((hash >> (shift - 8 * F as u32)) as u32).to_le_bytes();
    (bucket, std::array::from_fn(|at| bytes[at]))
}

/// The bytes of a table that holds `entries` by hash.
pub fn build<const F: usize, const W: usize>(entries: &BTreeMap<u64, [u8; W]>) -> Vec<u8> {
    let bits = (entries.len() / 4).max(1).ilog2();
    let shift = 64 - bits;
    let mut bytes = Vec::with_capacity(HEADER + (4 << bits) + 4 + entries.len() * (F + W));
    bytes.extend((entries.len() as u32).to_le_bytes());
    bytes.extend(bits.to_le_bytes());
    // In the order of their hashes, entries are in the order of their buckets.
    let mut hashes = entries.keys().copied().peekable();
    let mut before = 0u32;
    for bucket in 0..1usize << bits {
        bytes.extend(before.to_le_bytes());
        while hashes.next_if(|&hash| split::<F>(hash, shift).0 == bucket).is_some() {
            before += 1;
        }
    }
    bytes.extend(before.to_le_bytes());
    for (&hash, value) in entries {
        bytes.extend(split::<F>(hash, shift).1);
        bytes.extend(value);
    }
    bytes
}

/// The 32-bit number at byte `at`.
pub(super) fn number(bytes: &[u8], at: usize) -> Result<usize, LexiconError> {
    let four = bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).ok_or(LexiconError::Damaged)?;
    Ok(u32::from_le_bytes(four) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::hash_folded;

    fn hash(n: u32) -> u64 {
        hash_folded(&n.to_le_bytes())
    }

    #[test]
    fn what_was_put_in_is_found_and_nothing_else() {
        for size in [0, 1, 3, 8, 9, 5000] {
            let entries: BTreeMap<u64, [u8; 2]> = (0..size).map(|n: u32| (hash(n), (n as u16).to_le_bytes())).collect();
            let bytes = build::<3, 2>(&entries);
            let table = Table::<3, 2>::new(&bytes).unwrap();
            assert_eq!(table.len(), size as usize);
            for (number, (&hash, &value)) in entries.iter().enumerate() {
                assert_eq!((table.find(hash), table.at(number)), (Some((number, value)), Some(value)));
            }
            assert_eq!((1 << 20..(1 << 20) + 50_000).filter(|&n| table.get(hash(n)).is_some()).count(), 0);
        }
    }

    #[test]
    fn damaged_bytes_are_refused_or_harmless() {
        let entries: BTreeMap<u64, [u8; 1]> = (0..100).map(|n| (hash(n), [1])).collect();
        let mut bytes = build::<3, 1>(&entries);
        assert!(Table::<3, 1>::new(&bytes[..bytes.len() - 1]).is_err());
        assert!(Table::<3, 1>::new(&bytes[..5]).is_err());
        bytes[8..40].fill(0xff);
        let table = Table::<3, 1>::new(&bytes).unwrap();
        assert!((0..1000).filter_map(|n| table.get(hash(n))).count() < 1000);
    }
}
