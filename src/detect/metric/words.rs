//! The words of a text with hashes of any sequence of them, so that repeated sequences are found without being put together.

use super::tokens;
use crate::text::Span;
use std::ops::Range;

/// The words of a text, and hashes by which sequences of them are compared.
pub(super) struct Words {
    pub spans: Vec<Span>,
    /// Of the words put together with nothing between them: characters, bytes, and the hash, before each word.
    chars: Vec<usize>,
    bytes: Vec<usize>,
    joined: Vec<u64>,
    /// The hash of the words with a space after each.
    spaced: Vec<u64>,
    /// Powers of the base by number of bytes.
    powers: Vec<u64>,
}

/// Hashes of stretches by their polynomial modulo a prime of 61 bits (Karp and Rabin 1987): the hash of any stretch follows from
/// those of two prefixes.
const PRIME: u64 = (1 << 61) - 1;
const BASE: u64 = 0x09E3_779B_97F4_A7C1;

fn times(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    let folded = (product & u128::from(PRIME)) as u64 + (product >> 61) as u64;
    if folded >= PRIME { folded - PRIME } else { folded }
}

fn extended(hash: u64, byte: u8) -> u64 {
    let next = times(hash, BASE) + u64::from(byte) + 1;
    if next >= PRIME { next - PRIME } else { next }
}

impl Words {
    pub fn of(text: &str) -> Self {
        let spans = tokens::words(text);
        let [mut chars, mut lengths] = [(); 2].map(|()| Vec::with_capacity(spans.len() + 1));
        let [mut joined, mut spaced] = [(); 2].map(|()| Vec::with_capacity(spans.len() + 1));
        chars.push(0);
        lengths.push(0);
        joined.push(0);
        spaced.push(0);
        let (mut count, mut hash, mut hash_spaced, mut bytes) = (0, 0, 0, 0);
        for span in &spans {
            let word = span.of(text);
            count += if word.is_ascii() { word.len() } else { word.chars().count() };
            bytes += word.len();
            for byte in word.bytes() {
                hash = extended(hash, byte);
                hash_spaced = extended(hash_spaced, byte);
            }
            hash_spaced = extended(hash_spaced, b' ');
            chars.push(count);
            lengths.push(bytes);
            joined.push(hash);
            spaced.push(hash_spaced);
        }
        let mut powers = Vec::with_capacity(bytes + spans.len() + 1);
        powers.push(1);
        for at in 0..bytes + spans.len() {
            powers.push(times(powers[at], BASE));
        }
        Self { spans, chars, bytes: lengths, joined, spaced, powers }
    }

    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Characters of the words in a row.
    pub fn characters(&self, words: Range<usize>) -> usize {
        self.chars[words.end] - self.chars[words.start]
    }

    pub fn hash(&self, words: Range<usize>, spaced: bool) -> u64 {
        let length = self.bytes[words.end] - self.bytes[words.start] + if spaced { words.len() } else { 0 };
        let hashes = if spaced { &self.spaced } else { &self.joined };
        let before = times(hashes[words.start], self.powers[length]);
        let hash = hashes[words.end] + PRIME - before;
        if hash >= PRIME { hash - PRIME } else { hash }
    }

    pub fn span(&self, words: Range<usize>) -> Span {
        self.spans[words.start].join(self.spans[words.end - 1])
    }
}
