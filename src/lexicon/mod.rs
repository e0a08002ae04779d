//! Words, names, counts of word pairs and triples, and known misspellings of English: tables in the binary that are read
//! in place, with nothing to parse or insert at start.
//!
//! `words.bin` holds five sections (see `Sections`):
//!
//! | section | what |
//! |---|---|
//! | counted | [`Table`] of words that were counted in text: [`Entry`] in 4 bytes, then 3 bytes: its first neighbour |
//! | rare | [`Table`] of words known from word lists only: 1 byte (tier, capitalised, census name, has neighbours) |
//! | neighbours | for each counted word the candidates one edit away: 3 bytes each, a place in `candidates` |
//! | candidates | words worth suggesting: 4 bytes [`Entry`], 1 byte length, the word |
//! | far | longer, frequent candidates for the search at two edits: first letter, length, 4 bytes of letters, 3 bytes place |
//! | filter | a bitmap over the hashes of the candidates: which edits of a word are worth a look-up |
//!
//! `bigrams.bin`, `trigrams.bin` and `web-bigrams.bin` are tables of one byte: `round(4 · log2 count)`. `typos.bin` holds
//! known misspellings with their corrections. `NOTICES` says where all of them come from; [`build`] makes them.

pub mod build;
mod table;
mod words;

pub use table::Table;
pub use words::{Candidate, Entry, Neighbour, Words};

use crate::document::hash_folded;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// Why a table could not be used.
#[derive(Debug, thiserror::Error)]
pub enum LexiconError {
    #[error("this is not a table that this version of copydesk can read")]
    Damaged,
    #[error("{path}: {error}")]
    File { path: String, error: std::io::Error },
    #[error("{path}, line {line}: expected `{expected}`")]
    Row { path: String, line: usize, expected: &'static str },
}

/// All that is known about the words of a language.
#[derive(Clone, Debug)]
pub struct Lexicon {
    pub words: Words<'static>,
    /// Counted in 51 million words of free text.
    pub bigrams: Counts<2>,
    pub trigrams: Counts<3>,
    /// Counted in the web at large, cut by 64.
    pub web_bigrams: Counts<2>,
    pub typos: Typos<'static>,
}

/// How many words the counts of [`Lexicon::bigrams`] were made from.
pub const COUNTED_WORDS: f64 = 50_853_776.0;

impl Lexicon {
    /// The tables in the binary.
    pub fn english() -> &'static Self {
        static ENGLISH: LazyLock<Lexicon> = LazyLock::new(|| {
            Lexicon::new(
                include_bytes!("words.bin"),
                include_bytes!("bigrams.bin"),
                include_bytes!("trigrams.bin"),
                include_bytes!("web-bigrams.bin"),
                include_bytes!("typos.bin"),
            )
            .expect("the tables in the binary are whole")
        });
        &ENGLISH
    }

    /// The tables of a folder, as `copydesk tables build` writes them. They stay in memory until the end of the run.
    pub fn open(folder: &Path) -> Result<Self, LexiconError> {
        let read = |name: &str| {
            let path = folder.join(name);
            let bytes = fs::read(&path).map_err(|error| LexiconError::File { path: path.display().to_string(), error })?;
            Ok::<&'static [u8], LexiconError>(Box::leak(bytes.into_boxed_slice()))
        };
        Self::new(read("words.bin")?, read("bigrams.bin")?, read("trigrams.bin")?, read("web-bigrams.bin")?, read("typos.bin")?)
    }

    fn new(
        words: &'static [u8],
        bigrams: &'static [u8],
        trigrams: &'static [u8],
        web: &'static [u8],
        typos: &'static [u8],
    ) -> Result<Self, LexiconError> {
        Ok(Self {
            words: Words::new(words)?,
            bigrams: Counts(Table::new(bigrams)?),
            trigrams: Counts(Table::new(trigrams)?),
            web_bigrams: Counts(Table::new(web)?),
            typos: Typos::new(typos)?,
        })
    }
}

/// How often runs of `N` words were met, by the hashes of the words.
#[derive(Clone, Copy, Debug)]
pub struct Counts<const N: usize>(Table<'static, 1>);

impl<const N: usize> Counts<N> {
    /// The count, or 0 for a run that was met too seldom to be in the table.
    #[inline]
    pub fn get(&self, words: [u64; N]) -> f64 {
        self.0.get(run_hash(&words)).map_or(0.0, |[steps]| count(steps))
    }

    /// `log10` of the count; `None` where [`Counts::get`] is 0.
    #[inline]
    pub fn log(&self, words: [u64; N]) -> Option<f32> {
        self.0.get(run_hash(&words)).map(|[steps]| log10(steps))
    }

    #[inline]
    pub fn contains(&self, words: [u64; N]) -> bool {
        self.0.get(run_hash(&words)).is_some()
    }
}

/// The hash of a run of words. Only its upper half is read, where a product mixes best.
#[inline]
pub fn run_hash(words: &[u64]) -> u64 {
    words.iter().fold(0, |hash: u64, &word| (hash.rotate_left(29) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// What is stored as `round(4 · log2 count)` is the count again, to within 9 %.
#[inline]
pub fn count(steps: u8) -> f64 {
    static COUNTS: LazyLock<[f64; 256]> = LazyLock::new(|| std::array::from_fn(|steps| (steps as f64 / 4.0).exp2()));
    COUNTS[steps as usize]
}

/// `log10` of [`count`].
#[inline]
fn log10(steps: u8) -> f32 {
    f32::from(steps) * (std::f32::consts::LOG10_2 / 4.0)
}

/// A file of several parts: their number, the length of each, then the parts (all numbers in 4 bytes).
struct Sections;

impl Sections {
    fn split<const N: usize>(bytes: &[u8]) -> Result<[&[u8]; N], LexiconError> {
        if table::number(bytes, 0)? != N {
            return Err(LexiconError::Damaged);
        }
        let mut parts = [&bytes[..0]; N];
        let mut start = 4 + 4 * N;
        for (at, part) in parts.iter_mut().enumerate() {
            let end = start + table::number(bytes, 4 + 4 * at)?;
            *part = bytes.get(start..end).ok_or(LexiconError::Damaged)?;
            start = end;
        }
        Ok(parts)
    }

    fn join(parts: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = (parts.len() as u32).to_le_bytes().to_vec();
        bytes.extend(parts.iter().flat_map(|part| (part.len() as u32).to_le_bytes()));
        bytes.extend(parts.iter().flatten());
        bytes
    }
}

/// Misspellings that were seen often enough to be listed, with their corrections.
#[derive(Clone, Copy, Debug)]
pub struct Typos<'a> {
    table: Table<'a, 3>,
    corrections: &'a [u8],
}

impl<'a> Typos<'a> {
    fn new(bytes: &'a [u8]) -> Result<Self, LexiconError> {
        let [table, corrections] = Sections::split(bytes)?;
        Ok(Self { table: Table::new(table)?, corrections })
    }

    #[inline]
    pub fn contains(&self, word: u64) -> bool {
        self.table.get(word).is_some()
    }

    /// What the misspelling with this hash may stand for, the likeliest first.
    pub fn corrections(&self, word: u64) -> impl Iterator<Item = &'a str> {
        let row = self.table.get(word).and_then(|place| {
            let rest = self.corrections.get(place3(place)..)?;
            std::str::from_utf8(&rest[..rest.iter().position(|&byte| byte == b'\n')?]).ok()
        });
        row.into_iter().flat_map(|row| row.split(','))
    }
}

fn place3([a, b, c]: [u8; 3]) -> usize {
    u32::from_le_bytes([a, b, c, 0]) as usize
}

/// The hash under which a folded word stands in the tables: that of [`crate::document::Word::hash`].
#[inline]
pub fn word_hash(word: &str) -> u64 {
    hash_folded(word.as_bytes())
}
