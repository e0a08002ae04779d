//! The static table of word pieces: a vector and a document frequency for each, read in place.
//!
//! Format `STV1`, little endian: magic, `u32` pieces, `u16` dimensions, `u8` bits, `u8` 0, `f32` documents counted, `u32`
//! bytes of vocabulary; the pieces in byte order, joined with line feeds (`##x` continues a word); for each piece an `f16`
//! scale, a `u8` of 16 × idf, and its row of signed 4-bit numbers, the low nibble first. The vector of a text is the plain
//! sum of scale × row: frequency weights and centring are folded into the scales. `table.NOTICE` says what it was made of.

use super::maths;
use std::cmp::Ordering;
use std::sync::OnceLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

static SHIPPED: &[u8] = include_bytes!("table.bin");

pub const DIMS: usize = 64;

/// A vector in the order of the nibbles: first the low ones of a row, which are the even dimensions, then the high ones.
pub type Vector = [f32; DIMS];

/// Index of a piece in the table.
pub type Piece = u16;

const HEADER: usize = 20;
/// Buckets over the first two bytes of a piece, after the `##` of a continuation.
const BUCKETS: usize = 2 * 37 * 37;

pub struct Table {
    vocabulary: &'static [u8],
    /// Where each piece starts in `vocabulary`; one more for the end.
    starts: Vec<u32>,
    /// The pieces that share a first byte pair, as a range of pieces.
    buckets: Vec<(Piece, Piece)>,
    scales: &'static [u8],
    idf: &'static [u8],
    rows: &'static [u8],
    /// The idf of a word that the table does not know as one piece.
    pub max_idf: f64,
}

impl Table {
    /// The table that is part of the binary.
    pub fn shipped() -> &'static Self {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| Self::read(SHIPPED))
    }

    fn read(bytes: &'static [u8]) -> Self {
        let u32_at = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        debug_assert!(bytes.starts_with(b"STV1") && bytes[8] as usize == DIMS && bytes[10] == 4);
        let count = u32_at(4) as usize;
        let documents = f64::from(f32::from_bits(u32_at(12)));
        let (vocabulary, rest) = bytes[HEADER..].split_at(u32_at(16) as usize);
        let (scales, rest) = rest.split_at(2 * count);
        let (idf, rows) = rest.split_at(count);
        let mut starts = Vec::with_capacity(count + 1);
        starts.push(0);
        starts.extend(memchr::memchr_iter(b'\n', vocabulary).map(|at| at as u32 + 1));
        starts.push(vocabulary.len() as u32 + 1);
        let mut table =
            Self { vocabulary, starts, buckets: vec![(0, 0); BUCKETS], scales, idf, rows, max_idf: maths::ln((documents + 1.0) / 0.5) };
        for piece in 0..count {
            let (text, continues) = table.text(piece as Piece);
            let bucket = &mut table.buckets[bucket(text, continues)];
            if bucket.1 == 0 {
                bucket.0 = piece as Piece;
            }
            bucket.1 = piece as Piece + 1;
        }
        table
    }

    /// The letters of a piece, and whether it continues a word.
    fn text(&self, piece: Piece) -> (&'static [u8], bool) {
        let at = piece as usize;
        let full = &self.vocabulary[self.starts[at] as usize..self.starts[at + 1] as usize - 1];
        full.strip_prefix(b"##").map_or((full, false), |rest| (rest, true))
    }

    /// The longest piece that `word` starts with.
    fn longest_prefix(&self, word: &[u8], continues: bool) -> Option<(Piece, usize)> {
        let mut word = word;
        loop {
            let (first, end) = self.buckets[bucket(word, continues)];
            let (mut low, mut high) = (first, end);
            while low < high {
                let middle = low + (high - low) / 2;
                match self.text(middle).0.cmp(word) {
                    Ordering::Greater => high = middle,
                    Ordering::Equal | Ordering::Less => low = middle + 1,
                }
            }
            // A prefix of the word sorts before it: either it is the piece just before, or no longer than what they share.
            let shared = if low > first {
                let text = self.text(low - 1).0;
                let shared = text.iter().zip(word).take_while(|(a, b)| a == b).count();
                if shared == text.len() {
                    return Some((low - 1, shared));
                }
                shared
            } else {
                0
            };
            // The bucket of a single letter holds that letter only.
            word = match word.len() {
                0 | 1 => return None,
                _ => &word[..shared.max(1)],
            };
        }
    }

    /// Appends the pieces of a folded word: for each part between apostrophes the greedy longest match, or nothing where a
    /// part cannot be spelled. Accents are dropped; parts of one letter have no piece.
    pub fn pieces(&self, folded: &str, out: &mut Vec<Piece>) {
        if folded.is_ascii() {
            folded.split('\'').for_each(|part| self.pieces_of_part(part.as_bytes(), out));
        } else {
            let plain: String = folded.nfd().filter(|&c| !is_combining_mark(c)).collect();
            plain.split('\'').for_each(|part| self.pieces_of_part(part.as_bytes(), out));
        }
    }

    fn pieces_of_part(&self, part: &[u8], out: &mut Vec<Piece>) {
        let known = out.len();
        let mut rest = part;
        if part.len() < 2 {
            return;
        }
        while !rest.is_empty() {
            let Some((piece, len)) = self.longest_prefix(rest, rest.len() < part.len()) else {
                out.truncate(known);
                return;
            };
            out.push(piece);
            rest = &rest[len..];
        }
    }

    pub fn idf(&self, piece: Piece) -> f64 {
        f64::from(self.idf[piece as usize]) / 16.0
    }

    /// Adds the vector of a piece.
    pub fn add(&self, piece: Piece, sum: &mut Vector) {
        let at = piece as usize;
        let scale = half(u16::from_le_bytes([self.scales[2 * at], self.scales[2 * at + 1]]));
        let row = &self.rows[at * DIMS / 2..(at + 1) * DIMS / 2];
        let (low, high) = sum.split_at_mut(DIMS / 2);
        for (sum, &byte) in low.iter_mut().zip(row) {
            *sum += signed(byte & 15) * scale;
        }
        for (sum, &byte) in high.iter_mut().zip(row) {
            *sum += signed(byte >> 4) * scale;
        }
    }
}

/// A nibble as a number from −8 to 7, in the way that compilers turn into vector code.
fn signed(nibble: u8) -> f32 {
    f32::from(nibble ^ 8) - 8.0
}

/// The bucket of a piece or word; bytes that no piece holds share one with the digits, where nothing equals them.
fn bucket(text: &[u8], continues: bool) -> usize {
    let place = |byte: Option<&u8>| match byte {
        None => 0,
        Some(&letter @ b'a'..=b'z') => (letter - b'a') as usize + 1,
        Some(&digit @ b'0'..=b'9') => (digit - b'0') as usize + 27,
        Some(_) => 36,
    };
    (usize::from(continues) * 37 + place(text.first())) * 37 + place(text.get(1))
}

/// An IEEE half-precision number as a single-precision one.
fn half(bits: u16) -> f32 {
    let (sign, exponent, fraction) = (u32::from(bits >> 15) << 31, u32::from(bits >> 10 & 31), u32::from(bits & 1023));
    match exponent {
        // Subnormal: a multiple of 2^-24, which a product of two exact numbers gives exactly.
        0 => f32::from_bits(sign | 0x3380_0000) * fraction as f32,
        31 => f32::from_bits(sign | 0x7F80_0000 | fraction << 13),
        _ => f32::from_bits(sign | (exponent + 112) << 23 | fraction << 13),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(word: &str) -> Vec<String> {
        let table = Table::shipped();
        let mut pieces = Vec::new();
        table.pieces(word, &mut pieces);
        pieces
            .iter()
            .map(|&piece| {
                let (text, continues) = table.text(piece);
                format!("{}{}", if continues { "##" } else { "" }, std::str::from_utf8(text).unwrap())
            })
            .collect()
    }

    #[test]
    fn words_are_spelled_by_the_longest_pieces() {
        assert_eq!(spelled("harbour"), ["harbour"]);
        assert_eq!(spelled("lavrov"), ["la", "##vr", "##ov"]);
        assert_eq!(spelled("naïve's"), ["naive"]);
        assert_eq!(spelled("it's"), ["it"]);
        assert!(spelled("東").is_empty());
        assert!(spelled("a").is_empty());
        assert!(spelled("xß").is_empty());
    }

    #[test]
    fn every_piece_spells_itself() {
        let table = Table::shipped();
        for piece in 0..(table.starts.len() - 1) as Piece {
            let (text, continues) = table.text(piece);
            assert_eq!(table.longest_prefix(text, continues), Some((piece, text.len())), "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn halves_are_read_exactly() {
        assert_eq!(half(0x3C00), 1.0);
        assert_eq!(half(0xC000), -2.0);
        assert_eq!(half(0x3555), 0.333_251_95);
        assert_eq!(half(0x0001), 5.960_464_5e-8);
    }
}
