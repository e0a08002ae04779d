//! Makes the tables from tab-separated lists (plain or gzipped): what `copydesk tables build` does.
//!
//! | file | row |
//! |---|---|
//! | `words.tsv` | word, then bits: 0–3 SCOWL tier (15 = none), 4 only capitalised, 5 census name, 6… `round(4 · log2 web count)` |
//! | `unigrams.tsv` | word, then `round(4 · log2 count)` · 16 + share of capitals in mid-sentence in fifteenths |
//! | `bigrams.tsv`, `trigrams.tsv`, `web-bigrams.tsv` | words with spaces between them, then `round(4 · log2 count)` |
//! | `typos.tsv` | misspelling, then its corrections with commas between them |

use super::words::{FILTER_BITS, edits, filter_bits, letters};
use super::{Entry, LexiconError, Sections, run_hash, table, word_hash};
use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
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
    /// every table in, that is 12 MB.
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

/// Writes `words.bin`, `bigrams.bin`, `trigrams.bin`, `web-bigrams.bin` and `typos.bin`; gives the size of each in bytes.
pub fn build(sources: &Sources, out: &Path) -> Result<Vec<(&'static str, usize)>, LexiconError> {
    let files = [
        ("words.bin", words(sources)?),
        ("bigrams.bin", runs(&sources.bigrams, sources.bigrams_from)?),
        ("trigrams.bin", runs(&sources.trigrams, sources.trigrams_from)?),
        ("web-bigrams.bin", runs(&sources.web_bigrams, 0.0)?),
        ("typos.bin", typos(&sources.typos)?),
    ];
    for (name, bytes) in &files {
        let path = out.join(name);
        fs::write(&path, bytes).map_err(|error| file_error(&path, error))?;
    }
    Ok(files.iter().map(|(name, bytes)| (*name, bytes.len())).collect())
}

fn words(sources: &Sources) -> Result<Vec<u8>, LexiconError> {
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

    let candidates: BTreeMap<&str, Entry> = entries
        .iter()
        .map(|(word, &bits)| (word.as_str(), Entry(bits)))
        .filter(|(word, entry)| word.len() > 2 && word.bytes().all(|b| b.is_ascii_lowercase()) && entry.is_candidate())
        .collect();
    let (mut records, mut places) = (Vec::new(), HashMap::new());
    let mut far: Vec<(u8, u8, u32, usize)> = Vec::new();
    let mut filter = vec![0u8; 1 << (FILTER_BITS - 3)];
    for (word, entry) in &candidates {
        for bit in filter_bits(word_hash(word)) {
            filter[bit / 8] |= 1 << (bit % 8);
        }
        if word.len() >= 7 && entry.web_count().is_some_and(|count| count >= 1e6) {
            far.push((word.as_bytes()[0], word.len() as u8, letters(word), records.len()));
        }
        places.insert(word.as_bytes(), records.len());
        records.extend(entry.0.to_le_bytes());
        records.push(word.len() as u8);
        records.extend(word.bytes());
    }
    far.sort_unstable();

    let (mut counted, mut rare, mut neighbours) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for (word, &bits) in &entries {
        let near = near(word, &places);
        if bits >> 6 == 0 {
            rare.insert(word_hash(word), [(bits as u8) | u8::from(!near.is_empty()) << 6]);
            continue;
        }
        let [a, b, c, d] = (bits | (near.len().min(63) as u32) << 25).to_le_bytes();
        let [x, y, z] = three(neighbours.len() / 3);
        counted.insert(word_hash(word), [a, b, c, d, x, y, z]);
        neighbours.extend(near.into_iter().flat_map(three));
    }
    let far = far.into_iter().flat_map(|(first, len, letters, place)| {
        let ([a, b, c, d], [x, y, z]) = (letters.to_le_bytes(), three(place));
        [first, len, a, b, c, d, x, y, z]
    });
    Ok(Sections::join(&[table::build(&counted), table::build(&rare), neighbours, records, far.collect(), filter]))
}

/// The places of the candidates one edit away, in the order of the alphabet.
fn near(word: &str, places: &HashMap<&[u8], usize>) -> Vec<usize> {
    let mut near = Vec::new();
    if word.bytes().all(|b| b.is_ascii_lowercase()) && word.len() < 64 {
        edits(word.as_bytes(), &mut |edit| near.extend(places.get(edit)));
        near.sort_unstable();
        near.dedup();
    }
    near
}

fn runs(path: &Path, from: f64) -> Result<Vec<u8>, LexiconError> {
    let least = if from <= 1.0 { 0 } else { (4.0 * from.log2()).round() as u8 };
    let mut entries = BTreeMap::new();
    for_rows(path, "words<TAB>number", |words, steps| {
        let steps: u8 = steps.parse().ok()?;
        if steps >= least {
            let words: Vec<u64> = words.split(' ').map(word_hash).collect();
            entries.insert(run_hash(&words), [steps]);
        }
        Some(())
    })?;
    Ok(table::build(&entries))
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
    Ok(Sections::join(&[table::build(&entries), corrections]))
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
