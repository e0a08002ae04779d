//! Words, names, counts of word pairs and triples, and known misspellings of English: tables in the binary that are read
//! in place, with nothing to parse or insert at start.
//!
//! `words.bin` holds five sections (see `Sections`):
//!
//! | section | what |
//! |---|---|
//! | counted | [`Table`] of words that were counted in text or are worth suggesting: [`Entry`] in 4 bytes, then 3 bytes: where its record is. The number of a word in this table is its [`Id`] |
//! | rare | [`Table`] of words known from word lists only: 1 byte (tier, capitalised, census name, has candidates one edit away) |
//! | records | for the frequent words first: of a word worth suggesting its length in 1 byte and its letters; then, for each candidate one edit away, 4 bytes: its number, the edit, whether it is another form of the word, how often it is met in the web |
//! | far | longer, frequent candidates for the search at two edits |
//! | filter | a bitmap over the spellings of the candidates: which edits of a word are worth a look-up |
//!
//! `bigrams.bin`, `trigrams.bin` and `web-bigrams.bin` are tables of one byte, `round(4 · log2 count)`, by the numbers of the
//! words; `pairs.bin` is a filter over the two tables of pairs. `typos.bin` holds known misspellings with their corrections.
//! `NOTICES` says where all of them come from; [`build`] makes them.

pub mod build;
pub mod count;
mod edit;
mod far;
mod filter;
pub mod forms;
pub mod hunspell;
mod recent;
mod run;
mod table;
mod words;

pub use edit::Edit;
pub use recent::Recent;
use recent::recall;
pub use run::{Counts, Pairs, Triples};
pub use table::Table;
pub use words::{Candidate, Entry, Id, Known, Near, NearRow, Words};

use crate::document::hash_folded;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::SystemTime;

/// Why a table could not be used.
#[derive(Debug, thiserror::Error)]
pub enum LexiconError {
    #[error("this is not a table that this version of copydesk can read")]
    Damaged,
    #[error("{path}: {error}")]
    File { path: String, error: std::io::Error },
    #[error("there are {0} words, more than a table can hold")]
    TooManyWords(usize),
    #[error("{path}, line {line}: expected `{expected}`")]
    Row { path: String, line: usize, expected: &'static str },
}

/// All that is known about the words of a language.
#[derive(Clone, Debug)]
pub struct Lexicon {
    pub words: Words<'static>,
    pub pairs: Pairs,
    /// Counted in 51 million words of free text.
    pub trigrams: Triples,
    pub typos: Typos<'static>,
}

/// What the rules of spelling go by: the tables of English, and dictionaries of other languages.
#[derive(Clone, Debug, Default)]
pub struct Lexica {
    /// Instead of the tables in the binary.
    pub tables: Option<&'static Lexicon>,
    /// By the code of their language (`de`).
    pub dictionaries: BTreeMap<String, Arc<hunspell::Dictionary>>,
}

impl Lexica {
    pub fn english(&self) -> &'static Lexicon {
        self.tables.unwrap_or_else(Lexicon::english)
    }

    pub fn dictionary(&self, language: &str) -> Option<&hunspell::Dictionary> {
        self.dictionaries.get(language).map(Arc::as_ref)
    }
}

/// How many words the counts of free text were made from.
pub const COUNTED_WORDS: f64 = 50_853_776.0;

/// The tables in the binary, under the names that they have in a folder.
const FREE_FILES: [(&str, &[u8]); 6] = [
    ("words.bin", include_bytes!("words.bin")),
    ("pairs.bin", include_bytes!("pairs.bin")),
    ("web-bigrams.bin", include_bytes!("web-bigrams.bin")),
    ("bigrams.bin", include_bytes!("bigrams.bin")),
    ("trigrams.bin", include_bytes!("trigrams.bin")),
    ("typos.bin", include_bytes!("typos.bin")),
];

/// Counts of the user's own texts, pairs and triples; a folder may have them.
const OWN_FILES: [&str; 2] = ["own-bigrams.bin", "own-trigrams.bin"];

impl Lexicon {
    /// The tables in the binary.
    pub fn english() -> &'static Self {
        static ENGLISH: LazyLock<Lexicon> = LazyLock::new(|| {
            let [words, pairs, web, free, trigrams, typos] = FREE_FILES.map(|(_, bytes)| bytes);
            Lexicon::new(words, pairs, web, free, trigrams, typos, [None, None]).expect("the tables in the binary are whole")
        });
        &ENGLISH
    }

    /// What is known of the word with this hash, remembered where the tables are those in the binary.
    #[inline]
    pub fn recall(&self, hash: u64) -> Known {
        if std::ptr::eq(self, Self::english()) { recall(hash) } else { self.words.find(hash) }
    }

    /// The tables of a folder, as `copydesk tables build` writes them. They stay in memory until the end of the process; whoever opens
    /// them again while their files are the same gets those that are there.
    pub fn open(folder: &Path) -> Result<&'static Self, LexiconError> {
        type Stamp = Vec<Option<(u64, SystemTime)>>;
        static OPENED: Mutex<BTreeMap<PathBuf, (Stamp, &'static Lexicon)>> = Mutex::new(BTreeMap::new());
        let stamp = |name: &str| fs::metadata(folder.join(name)).and_then(|file| Ok((file.len(), file.modified()?))).ok();
        let names = FREE_FILES.into_iter().map(|(name, _)| name).chain(OWN_FILES);
        let stamps: Stamp = names.map(stamp).collect();
        let path = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
        let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, lexicon)) = opened.get(&path).filter(|(known, _)| *known == stamps) {
            return Ok(lexicon);
        }
        let lexicon: &'static Self = Box::leak(Box::new(Self::read(folder)?));
        opened.insert(path, (stamps, lexicon));
        Ok(lexicon)
    }

    fn read(folder: &Path) -> Result<Self, LexiconError> {
        let read = |name: &str| {
            let path = folder.join(name);
            let bytes = fs::read(&path).map_err(|error| LexiconError::File { path: path.display().to_string(), error })?;
            Ok::<&'static [u8], LexiconError>(Box::leak(bytes.into_boxed_slice()))
        };
        let [words, pairs, web, free, trigrams, typos] = FREE_FILES.map(|(name, _)| read(name));
        let own = OWN_FILES.map(|name| folder.join(name).exists().then(|| read(name)).transpose());
        let [own_pairs, own_trigrams] = own;
        Self::new(words?, pairs?, web?, free?, trigrams?, typos?, [own_pairs?, own_trigrams?])
    }

    fn new(
        words: &'static [u8],
        pairs: &'static [u8],
        web: &'static [u8],
        free: &'static [u8],
        trigrams: &'static [u8],
        typos: &'static [u8],
        [own_pairs, own_trigrams]: [Option<&'static [u8]>; 2],
    ) -> Result<Self, LexiconError> {
        let pairs = Pairs::new(pairs, Counts::new(web, None)?, Counts::new(free, own_pairs)?)?;
        let trigrams = Triples::new(pairs, Counts::new(trigrams, own_trigrams)?);
        Ok(Self { words: Words::new(words)?, pairs, trigrams, typos: Typos::new(typos)? })
    }
}

/// The names and sizes in bytes of the tables of a folder.
pub type Sizes = Vec<(&'static str, usize)>;

/// Writes tables into a folder, which is made where it is not there.
fn write_tables(folder: &Path, files: &[(&'static str, Vec<u8>)]) -> Result<Sizes, LexiconError> {
    let failed = |path: &Path, error| LexiconError::File { path: path.display().to_string(), error };
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::write(&path, bytes).map_err(|error| failed(&path, error))?;
    }
    Ok(files.iter().map(|(name, bytes)| (*name, bytes.len())).collect())
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
    table: Table<'a, 3, 3>,
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
