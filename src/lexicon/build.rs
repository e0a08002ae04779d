//! Makes the tables from tab-separated lists (plain or gzipped): what `copydesk tables build` does.
//!
//! | file | row |
//! |---|---|
//! | `words.tsv` | word, then bits: 0–3 SCOWL tier (15 = none), 4 only capitalised, 5 census name, 6… `round(4 · log2 web count)` |
//! | `unigrams.tsv` | word, then `round(4 · log2 count)` · 16 + share of capitals in mid-sentence in fifteenths |
//! | `bigrams.tsv`, `trigrams.tsv`, `web-bigrams.tsv` | words with spaces between them, then `round(4 · log2 count)` |
//! | `typos.tsv` | misspelling, then its corrections with commas between them |

use super::far::{Far, LENGTHS};
use super::filter::{Filter, all_edits};
use super::run::{build_filter, run_hash};
use super::words::{MOST_WORDS, RARE_NEAR, SEARCHED, near_row};
use super::{Entry, Id, LexiconError, Sections, Sizes, table, word_hash, write_tables};
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// Where the lists lie, and from which count on runs of words are kept.
#[derive(Clone, Debug)]
pub struct Sources {
    pub words: PathBuf,
    pub unigrams: PathBuf,
    pub bigrams: PathBuf,
    pub trigrams: PathBuf,
    pub web_bigrams: PathBuf,
    pub typos: PathBuf,
    pub bigrams_from: f64,
    pub trigrams_from: f64,
}

impl Sources {
    /// The lists of one folder under their usual names, gzipped or not. Pairs are kept from 6 on, triples from 8: with
    /// every table in, that is 10.5 MB.
    pub fn of_folder(folder: &Path) -> Self {
        let list = |name: &str| {
            let gzipped = folder.join(format!("{name}.tsv.gz"));
            if gzipped.exists() { gzipped } else { folder.join(format!("{name}.tsv")) }
        };
        Self {
            words: list("words"),
            unigrams: list("unigrams"),
            bigrams: list("bigrams"),
            trigrams: list("trigrams"),
            web_bigrams: list("web-bigrams"),
            typos: list("typos"),
            bigrams_from: 6.0,
            trigrams_from: 8.0,
        }
    }
}

/// Writes `words.bin`, `pairs.bin`, `bigrams.bin`, `trigrams.bin`, `web-bigrams.bin` and `typos.bin`; gives the size of each
/// in bytes.
pub fn build(sources: &Sources, out: &Path) -> Result<Sizes, LexiconError> {
    let (words, ids) = words(sources)?;
    let free = runs(&sources.bigrams, sources.bigrams_from, &ids)?;
    let web = runs(&sources.web_bigrams, 0.0, &ids)?;
    let files = [
        ("words.bin", words),
        ("pairs.bin", build_filter(free.keys().chain(web.keys()).copied())),
        ("bigrams.bin", table::build::<2, 1>(&free)),
        ("trigrams.bin", table::build::<2, 1>(&runs(&sources.trigrams, sources.trigrams_from, &ids)?)),
        ("web-bigrams.bin", table::build::<2, 1>(&web)),
        ("typos.bin", typos(&sources.typos)?),
    ];
    write_tables(out, &files)
}

/// The number of each word that has one.
type Ids = HashMap<String, u32>;

fn words(sources: &Sources) -> Result<(Vec<u8>, Ids), LexiconError> {
    let mut entries: BTreeMap<String, u32> = BTreeMap::new();
    for_rows(&sources.words, "word<TAB>number", |word, value| {
        let value: u32 = value.parse().ok()?;
        entries.insert(word.to_owned(), value & 63 | (value >> 6).min(255) << 6);
        Some(())
    })?;
    for_rows(&sources.unigrams, "word<TAB>number", |word, value| {
        let value: u32 = value.parse().ok()?;
        *entries.entry(word.to_owned()).or_insert(15) |= (value >> 4).clamp(1, 127) << 14 | (value & 15) << 21;
        Some(())
    })?;
    let suggestable = |word: &str, bits: u32| {
        (3..=usize::from(u8::MAX)).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase()) && Entry(bits).is_candidate()
    };
    let mut hashes: Vec<(u64, &str)> = entries
        .iter()
        .filter(|(word, bits)| **bits >> 6 != 0 || suggestable(word, **bits))
        .map(|(word, _)| (word_hash(word), word.as_str()))
        .collect();
    if hashes.len() > MOST_WORDS {
        return Err(LexiconError::TooManyWords(hashes.len()));
    }
    // The table is in the order of the hashes.
    hashes.sort_unstable();
    let ids: Ids = hashes.iter().enumerate().map(|(id, (_, word))| ((*word).to_owned(), id as u32)).collect();

    let candidates: HashMap<&[u8], (&str, u32)> = entries
        .iter()
        .filter(|(word, bits)| suggestable(word, **bits))
        .map(|(word, &bits)| (word.as_bytes(), (word.as_str(), bits)))
        .collect();
    let (mut counted, mut rare, mut records) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    let mut by_frequency: Vec<(&String, u32)> = entries.iter().map(|(word, &bits)| (word, bits)).collect();
    by_frequency.sort_by_key(|&(_, bits)| std::cmp::Reverse((bits >> 6 & 255, bits >> 14 & 127)));
    for (word, bits) in by_frequency {
        let near = near(word, &candidates);
        if !ids.contains_key(word) {
            rare.insert(word_hash(word), [bits as u8 | if near.is_empty() { 0 } else { RARE_NEAR }]);
            continue;
        }
        let count = (near.len() as u32).min(SEARCHED);
        let [a, b, c, d] = (bits | count << 25 | u32::from(suggestable(word, bits)) << 31).to_le_bytes();
        let [x, y, z] = three(records.len());
        counted.insert(word_hash(word), [a, b, c, d, x, y, z]);
        if suggestable(word, bits) {
            records.push(word.len() as u8);
            records.extend(word.bytes());
        }
        if count < SEARCHED {
            records.extend(near.iter().flat_map(|(near, bits)| {
                let web = Entry(*bits).web_count().map_or(0, |count| (4.0 * count.log2()).round() as u32);
                near_row(ids[*near], word, near, web)
            }));
        }
    }
    let is_far = |word: &str, bits: u32| LENGTHS.contains(&word.len()) && Entry(bits).web_count().is_some_and(|count| count >= 1e6);
    let far = candidates.values().filter(|(word, bits)| is_far(word, *bits)).map(|(word, _)| (*word, ids[*word])).collect();
    let filter = Filter::build(candidates.values().map(|(word, _)| *word));
    Ok((Sections::join(&[table::build::<3, 7>(&counted), table::build::<3, 1>(&rare), records, Far::build(far), filter]), ids))
}

/// The candidates one edit away, in the order of the alphabet.
fn near<'w>(word: &str, candidates: &HashMap<&[u8], (&'w str, u32)>) -> Vec<(&'w str, u32)> {
    let mut near = Vec::new();
    if word.bytes().all(|b| b.is_ascii_lowercase()) && word.len() < 64 {
        all_edits(word.as_bytes(), &mut |edit| near.extend(candidates.get(edit).copied()));
        near.sort_unstable();
        near.dedup();
    }
    near
}

/// The runs of a list by their hashes. A run with a word that has no number is left out.
fn runs(path: &Path, from: f64, ids: &Ids) -> Result<BTreeMap<u64, [u8; 1]>, LexiconError> {
    let least = if from <= 1.0 { 0 } else { (4.0 * from.log2()).round() as u8 };
    let mut entries = BTreeMap::new();
    for_rows(path, "words<TAB>number", |words, steps| {
        let steps: u8 = steps.parse().ok()?;
        let words: Option<Vec<Id>> = words.split(' ').map(|word| ids.get(word).copied().map(Id)).collect();
        if let Some(words) = words.filter(|_| steps >= least) {
            entries.insert(run_hash(&words), [steps]);
        }
        Some(())
    })?;
    Ok(entries)
}

fn typos(path: &Path) -> Result<Vec<u8>, LexiconError> {
    let (mut entries, mut places, mut corrections) = (BTreeMap::new(), HashMap::new(), Vec::new());
    for_rows(path, "misspelling<TAB>correction,correction", |typo, right| {
        let place = *places.entry(right.to_owned()).or_insert_with(|| {
            let place = corrections.len();
            corrections.extend(right.bytes());
            corrections.push(b'\n');
            place
        });
        entries.insert(word_hash(typo), three(place));
        Some(())
    })?;
    Ok(Sections::join(&[table::build::<3, 3>(&entries), corrections]))
}

fn three(place: usize) -> [u8; 3] {
    let [a, b, c, _] = (place as u32).to_le_bytes();
    [a, b, c]
}

/// Gives each row of a list as key and value; a row for which `take` gives `None` is an error that names its line.
fn for_rows(path: &Path, expected: &'static str, mut take: impl FnMut(&str, &str) -> Option<()>) -> Result<(), LexiconError> {
    let file = File::open(path).map_err(|error| file_error(path, error))?;
    let plain: Box<dyn Read> = if path.extension().is_some_and(|extension| extension == "gz") {
        Box::new(flate2::read::MultiGzDecoder::new(file))
    } else {
        Box::new(file)
    };
    for (at, line) in BufReader::new(plain).lines().enumerate() {
        let line = line.map_err(|error| file_error(path, error))?;
        line.split_once('\t').and_then(|(key, value)| take(key, value)).ok_or_else(|| LexiconError::Row {
            path: path.display().to_string(),
            line: at + 1,
            expected,
        })?;
    }
    Ok(())
}

fn file_error(path: &Path, error: std::io::Error) -> LexiconError {
    LexiconError::File { path: path.display().to_string(), error }
}
