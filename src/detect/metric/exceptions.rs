//! What is split in its own way: spaCy's exceptions for English.
//!
//! `exceptions.tsv` is made of them: the text, its words, and where exceptions hold inside a longer stretch too, the words without them.

use crate::document::HashedMap;
use std::sync::OnceLock;
use xxhash_rust::xxh3::xxh3_64;

const EXCEPTIONS: &str = include_str!("exceptions.tsv");

/// An exception, by its text.
pub(super) struct Exception {
    /// Lengths in bytes of its words.
    pub(super) words: Vec<usize>,
    /// Lengths in bytes of the words that it would have if it were none, where it holds inside a longer stretch, too.
    pub(super) inside: Vec<usize>,
}

/// The exceptions by the hash of their text.
struct Exceptions {
    rows: HashedMap<(&'static str, Exception)>,
    /// For each byte that one begins with, the lengths there are.
    lengths: [u32; 256],
}

impl Exceptions {
    fn table() -> &'static Self {
        static TABLE: OnceLock<Exceptions> = OnceLock::new();
        TABLE.get_or_init(|| {
            let mut table = Self { rows: HashedMap::default(), lengths: [0; 256] };
            let lengths = |words: Option<&str>| words.unwrap_or_default().split(' ').map(str::len).filter(|&length| length > 0).collect();
            for mut row in EXCEPTIONS.lines().map(|row| row.split('\t')) {
                let text = row.next().unwrap_or_default();
                if let Some(&first) = text.as_bytes().first() {
                    table.lengths[usize::from(first)] |= length_bit(text.len());
                }
                let exception = Exception { words: lengths(row.next()), inside: lengths(row.next()) };
                table.rows.insert(xxh3_64(text.as_bytes()), (text, exception));
            }
            table
        })
    }
}

/// Lengths from 31 share a bit.
fn length_bit(length: usize) -> u32 {
    1 << length.min(31)
}

pub(super) fn exception(string: &str) -> Option<&'static Exception> {
    let table = Exceptions::table();
    let first = *string.as_bytes().first()?;
    if table.lengths[usize::from(first)] & length_bit(string.len()) == 0 {
        return None;
    }
    table.rows.get(&xxh3_64(string.as_bytes())).filter(|(text, _)| *text == string).map(|(_, exception)| exception)
}

#[cfg(test)]
pub(super) fn texts() -> impl Iterator<Item = &'static str> {
    Exceptions::table().rows.values().map(|(text, _)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_an_exception_are_all_of_it() {
        let rows = &Exceptions::table().rows;
        assert!(rows.len() > 1_300 && rows.values().all(|(text, exception)| exception.words.iter().sum::<usize>() == text.len()));
    }
}
