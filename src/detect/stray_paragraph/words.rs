//! What is known of words before any document is read: how rare each is, its stem, and a vector of what it is about.
//!
//! Format `STW2`, little endian, read in place: magic, `u32` words, `u8` idf of a word that is not in the table, three zero
//! bytes; 2^16 slots of `u16`, the number of a word counted from 1 or 0 for none, open addressing from the low 16 bits of
//! [`crate::document::Word::hash`] on; for each word 10 bytes: `u32` high half of its hash, `u32` high half of the hash of its
//! stem, `u8` idf of the stem (0: the word says nothing about a subject), `u8` scale; for each word 32 bytes of 64 numbers from
//! −8 to 7, each as 4 bits plus 8, the low nibbles first. The vector of a word is scale × row; all idf are in sixteenths of a
//! natural logarithm. Frequent words come first, so that those that are met stand together in the processor's cache.
//! `docs/training/stray` says how the file is made, `words.NOTICE` of what.

static SHIPPED: &[u8] = include_bytes!("words.bin");

pub const DIMS: usize = 64;
const ROW: usize = DIMS / 2;
const HEADER: usize = 12;
const ENTRY: usize = 10;
pub const SLOTS: usize = 1 << 16;

/// A sum of word vectors. A word adds at most 8 × 31 to a component, so that 128 words fit.
pub type Sum = [i16; DIMS];

/// The table in the binary.
#[derive(Clone, Copy)]
pub struct Words {
    slots: &'static [u8],
    entries: &'static [u8],
    rows: &'static [u8],
    /// Of a word that is not in the table, in sixteenths.
    pub unknown_idf: u8,
}

/// What stands in the table for a word.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub number: u16,
    /// High half of the hash of its stem.
    pub stem: u32,
    /// Of its stem, in sixteenths; 0 where it says nothing about a subject.
    pub idf: u8,
}

impl Words {
    /// Divides the bytes of the binary into their fields; nothing is copied.
    pub fn shipped() -> Self {
        let count = u32_at(SHIPPED, 4) as usize;
        let (slots, rest) = SHIPPED[HEADER..].split_at(2 * SLOTS);
        let (entries, rows) = rest.split_at(ENTRY * count);
        Self { slots, entries, rows, unknown_idf: SHIPPED[8] }
    }

    /// The entry of the word with this hash. One unknown word in 100,000 is taken for a known one: 48 bits are compared.
    pub fn get(&self, hash: u64) -> Option<Entry> {
        let key = high(hash);
        let mut slot = hash as usize % SLOTS;
        loop {
            let number = u16::from_le_bytes([self.slots[2 * slot], self.slots[2 * slot + 1]]).checked_sub(1)?;
            let entry = &self.entries[usize::from(number) * ENTRY..][..ENTRY];
            if u32_at(entry, 0) == key {
                return Some(Entry { number, stem: u32_at(entry, 4), idf: entry[8] });
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    /// Adds the vector of a word `count` times, which is at most 4.
    pub fn add(&self, number: u16, count: i16, sum: &mut Sum) {
        let at = usize::from(number);
        let scale = i16::from(self.entries[at * ENTRY + 9]) * count;
        let (low, high) = sum.split_at_mut(ROW);
        for ((low, high), &byte) in low.iter_mut().zip(high).zip(&self.rows[at * ROW..(at + 1) * ROW]) {
            let byte = i16::from(byte);
            *low = low.wrapping_add(((byte & 15) - 8) * scale);
            *high = high.wrapping_add(((byte >> 4) - 8) * scale);
        }
    }
}

/// The half of a hash that terms are told apart by.
pub const fn high(hash: u64) -> u32 {
    (hash >> 32) as u32
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
