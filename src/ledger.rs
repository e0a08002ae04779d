//! The ledger of what was changed: one JSON object a line for each edit, enough to rebuild every original to the byte.

use crate::document::Record;
use crate::text::Span;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use xxhash_rust::xxh3::xxh3_128;

/// Zero bytes in a row that a splice may stand for: those that fill a block of a tar archive up.
const MOST_ZEROS: usize = 512;

/// One edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub path: String,
    pub record: Option<RecordPlace>,
    pub rule: String,
    /// Counted from 1. The edits of a round were made at once, those of the next in the text that they left.
    pub round: usize,
    /// Bytes of the text that the round began with: of the file in UTF-8, or of the record's field.
    pub start: usize,
    pub end: usize,
    pub removed: String,
    pub inserted: String,
    /// In a record: what was taken out, as it was written in JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_json: Option<String>,
    /// Of the file, where it is not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// XXH3 (128 bits) of the file, or of the record's line, before the first edit and after the last one.
    pub before: String,
    pub after: String,
    /// In a corpus that was written again: which piece of its file, counted from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub piece: Option<usize>,
    /// In an archive that was written again, with the first edit of a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holding: Option<Holding>,
}

/// How a record of an archive holds its document, and what makes the record that it was of it when the document is as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// Bytes of the record as it was written.
    pub start: usize,
    pub end: usize,
    /// What else was changed, in the record with the old document in it, in order.
    pub splices: Vec<Splice>,
}

/// At a byte of the record, so many bytes give way to others: to the characters U+0000 to U+00FF, a byte each, and so many zero bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Splice(usize, usize, String, usize);

impl Splice {
    pub fn new(at: usize, length: usize, bytes: &[u8]) -> Self {
        let kept = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1).max(bytes.len().saturating_sub(MOST_ZEROS));
        Self(at, length, bytes[..kept].iter().map(|&byte| char::from(byte)).collect(), bytes.len() - kept)
    }
}

impl Holding {
    /// The record as it was, with `old` as its document; `None` where it is another record.
    pub fn undone(&self, record: &[u8], old: &[u8]) -> Option<Vec<u8>> {
        let record = [record.get(..self.start)?, old, record.get(self.end..)?].concat();
        let (mut original, mut at) = (Vec::with_capacity(record.len()), 0);
        for Splice(start, length, bytes, zeros) in &self.splices {
            original.extend_from_slice(record.get(at..*start)?);
            for character in bytes.chars() {
                original.push(u8::try_from(character).ok()?);
            }
            // Never more than a record of the reader's could hold.
            original.resize(original.len().checked_add(*zeros).filter(|_| *zeros <= MOST_ZEROS)?, 0);
            at = start.checked_add(*length)?;
        }
        original.extend_from_slice(record.get(at..)?);
        Some(original)
    }
}

/// The record that an edit was made in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordPlace {
    /// Counted from 1.
    pub line: usize,
    pub id: Option<String>,
    pub field: String,
}

impl From<&Record> for RecordPlace {
    fn from(record: &Record) -> Self {
        Self { line: record.line, id: record.id.clone(), field: record.field.clone() }
    }
}

impl Entry {
    pub const fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// The hash of a file or a line, as entries hold it.
pub fn hash(bytes: &[u8]) -> String {
    format!("{:032x}", xxh3_128(bytes))
}

/// A ledger that is being written. What is in the file already stays, so that several runs can share one.
#[derive(Debug)]
pub struct Ledger {
    file: BufWriter<File>,
}

impl Ledger {
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { file: BufWriter::new(OpenOptions::new().create(true).append(true).open(path)?) })
    }

    pub fn add(&mut self, entry: &Entry) -> io::Result<()> {
        serde_json::to_writer(&mut self.file, entry)?;
        self.file.write_all(b"\n")
    }

    /// Makes sure that what was added is on the disk: only then may a file be changed.
    pub fn sync(&mut self) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().sync_data()
    }
}

/// A line of a ledger that is none.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error("the ledger cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error("line {line} of the ledger is not an edit: {reason}")]
    Line { line: usize, reason: String },
}

/// The edits of a ledger, in the order in which they were made.
pub fn read(path: &Path) -> Result<Vec<Entry>, LedgerError> {
    let mut entries = Vec::new();
    for (index, line) in BufReader::new(File::open(path)?).lines().enumerate() {
        let line = line?;
        if !line.trim().is_empty() {
            let entry = serde_json::from_str(&line);
            entries.push(entry.map_err(|error| LedgerError::Line { line: index + 1, reason: error.to_string() })?);
        }
    }
    Ok(entries)
}
