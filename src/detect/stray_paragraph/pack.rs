//! Makes the table of words out of a table of word pieces; no part of a check.
//!
//! Format of the pieces, `STV1`, little endian: magic, `u32` pieces, `u16` dimensions, `u8` bits, `u8` 0, `f32` documents
//! counted, `u32` bytes of vocabulary; the pieces in byte order, joined with line feeds (`##x` continues a word); for each piece
//! an `f16` scale, a `u8` of 16 × idf, and its row of signed 4-bit numbers, the low nibble first.

use super::term::{STOP, stem};
use super::words::{DIMS, SLOTS, high};
use crate::document::hash_folded;
use std::collections::{BTreeMap, HashMap};

/// By which scales are multiplied to become whole numbers; the largest is 0.062, and 31 is the most that a sum has room for.
const SCALE: f32 = 500.0;

struct Row<'b> {
    scale: u8,
    idf: u8,
    nibbles: &'b [u8],
}

/// The table of the whole words of a table of pieces.
pub fn pack(bytes: &[u8]) -> Option<Vec<u8>> {
    let u32_at = |at: usize| bytes.get(at..at + 4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]));
    if !bytes.starts_with(b"STV1") || usize::from(bytes[8]) != DIMS || bytes[10] != 4 {
        return None;
    }
    let count = u32_at(4)? as usize;
    let documents = f32::from_bits(u32_at(12)?);
    let (vocabulary, rest) = bytes.get(20..)?.split_at_checked(u32_at(16)? as usize)?;
    let (scales, rest) = rest.split_at_checked(2 * count)?;
    let (idf, rows) = rest.split_at_checked(count)?;
    let mut words: BTreeMap<&str, Row<'_>> = BTreeMap::new();
    for (at, piece) in std::str::from_utf8(vocabulary).ok()?.split('\n').enumerate() {
        if !piece.starts_with("##") && piece.len() > 1 {
            let scale = (half(u16::from_le_bytes([scales[2 * at], scales[2 * at + 1]])) * SCALE).round().clamp(1.0, 31.0) as u8;
            words.insert(piece, Row { scale, idf: idf[at].max(1), nibbles: rows.get(at * DIMS / 2..(at + 1) * DIMS / 2)? });
        }
    }
    for word in STOP.split(' ') {
        words.insert(word, Row { scale: 0, idf: 0, nibbles: &[0x88; DIMS / 2] });
    }
    let unknown_idf = (((documents + 1.0) / 0.5).ln() * 16.0).round() as u8;
    let mut entries: Vec<(u8, u64, &str)> = words.iter().map(|(word, row)| (row.idf, hash_folded(word.as_bytes()), *word)).collect();
    entries.sort_unstable();
    let mut slots = vec![0u16; SLOTS];
    for (number, (_, hash, _)) in (1u16..).zip(&entries) {
        let mut slot = *hash as usize % SLOTS;
        while slots[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        slots[slot] = number;
    }
    let stems: HashMap<&str, String> = words.keys().map(|word| (*word, stem(word))).collect();
    let mut out = b"STW2".to_vec();
    out.extend((entries.len() as u32).to_le_bytes());
    out.extend([unknown_idf, 0, 0, 0]);
    slots.iter().for_each(|slot| out.extend(slot.to_le_bytes()));
    for (_, hash, word) in &entries {
        let (row, stem) = (&words[word], &stems[word]);
        let idf = if row.idf == 0 { 0 } else { words.get(stem.as_str()).map_or(unknown_idf, |stem| stem.idf) };
        out.extend(high(*hash).to_le_bytes());
        out.extend(high(hash_folded(stem.as_bytes())).to_le_bytes());
        out.extend([idf, row.scale]);
    }
    // Nibbles of 0 to 15 for −8 to 7.
    entries.iter().for_each(|(_, _, word)| out.extend(words[word].nibbles.iter().map(|byte| byte ^ 0x88)));
    Some(out)
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
