//! What has been written for good: one line for each part of the work. A run that was killed goes on behind the last whole
//! line, and the originals are rebuilt by what the lines say.

use super::Verdict;
use super::member::Waiting;
use super::tally::Tally;
use crate::ledger::Splice;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::Path;

/// Changes with the format.
const FORMAT: u32 = 2;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    pub format: u32,
    pub version: String,
    /// What the result depends on, beside the inputs; a run goes on only with the same.
    pub settings: String,
}

impl Head {
    pub fn new(settings: &str) -> Self {
        Self { format: FORMAT, version: env!("CARGO_PKG_VERSION").into(), settings: settings.into() }
    }
}

/// A part of the work: documents one after the other, and what became of them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Part {
    /// Where the next part begins: the number of the file, and of the piece in it.
    pub next: (usize, usize),
    pub segments: Vec<Segment>,
    /// Bytes of the files that all parts add to.
    pub lengths: Lengths,
    pub tally: Tally,
    /// Inputs that could not be read, as they were reported.
    pub unread: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Lengths {
    pub ledger: u64,
    pub review: u64,
    pub rejected: u64,
    /// Of a file of records that is not done.
    #[serde(flatten)]
    pub open: Growth,
}

/// How far the versions of a file of records have come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Growth {
    /// Bytes of each, in the order of the verdicts; `None`: not begun.
    pub open: [Option<u64>; 3],
    /// Of the packed files of records in the archive, as they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packed: Option<u64>,
    /// The file of records in the archive that is not whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<Waiting>,
}

/// A stretch of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Segment {
    /// As the user wrote it.
    pub path: String,
    /// XXH3 (128 bits) of the stretch as it was.
    pub hash: String,
    pub runs: Vec<Run>,
    /// Of an archive: what happens between the runs, each with how many of them come before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<(usize, Event)>,
    /// In a table: bytes of its first line, which every version begins with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<u64>,
    /// In a table: the byte between two fields, and the column of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<(u8, usize)>,
    /// Of a Parquet file, where it ends; `None` there: nothing of it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<Columns>,
    /// The file ends here.
    pub done: bool,
}

impl Segment {
    /// Of a file, an empty stretch.
    pub fn new(path: &str) -> Self {
        Self {
            path: path.to_string(),
            hash: String::new(),
            runs: Vec::new(),
            events: Vec::new(),
            head: None,
            table: None,
            columns: None,
            done: false,
        }
    }
}

/// What a Parquet file is put together from, beside its rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Columns {
    /// The number of the text's column.
    pub text: usize,
    /// Rows of each row group.
    pub groups: Vec<usize>,
    /// XXH3 (128 bits) of all values but the texts.
    pub hash: String,
}

/// Bytes one after the other in one version of the file; of a Parquet file, rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Run(
    pub Verdict,
    /// As written there.
    pub u64,
    /// Set where they are one piece that was edited: its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub Option<usize>,
);

/// A file of records in an archive begins or ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Event {
    /// It begins: bytes of what stands before it in each version with a record of it, and what makes the old head of the new one.
    Open(u64, Vec<Splice>),
    /// Each table made of it begins with so many bytes; the byte between two fields, and the column of the text.
    Table(u64, u8, usize),
    /// It ends: what filled it up.
    Close(Splice),
    /// One ends that was packed: how many bytes of it, with its head and what filled it up, are kept, and how many stand in each
    /// version. Edits of pieces before that number are no longer asked for.
    Packed { kept: u64, versions: [Option<u64>; 3], before: usize },
}

/// A journal that is being written.
pub(super) struct Journal {
    file: File,
}

/// What a journal says so far.
pub(super) struct Past {
    pub head: Head,
    /// Bytes of its whole lines.
    length: u64,
}

/// Why a journal cannot be gone on with.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error("the journal cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error("line {line} of the journal is damaged: {reason}")]
    Damaged { line: usize, reason: String },
}

impl Journal {
    pub fn create(path: &Path, head: &Head) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        let mut journal = Self::locked(file)?;
        journal.file.set_len(0)?;
        journal.add(head)?;
        Ok(journal)
    }

    /// Goes on behind what was read.
    pub fn resume(path: &Path, past: &Past) -> io::Result<Self> {
        let mut journal = Self::locked(OpenOptions::new().write(true).open(path)?)?;
        journal.file.set_len(past.length)?;
        journal.file.seek(SeekFrom::End(0))?;
        Ok(journal)
    }

    /// Two runs must not write to one folder: an error of the kind `WouldBlock` where another is at it.
    fn locked(file: File) -> io::Result<Self> {
        file.try_lock()?;
        Ok(Self { file })
    }

    /// Adds a line; it is on the disk when this returns.
    pub fn add(&mut self, line: &impl Serialize) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        self.file.write_all(&bytes)?;
        self.file.sync_data()
    }
}

/// Reads the whole lines of a journal, and hands each part to `each`; `None` where not even the first line is whole.
pub(super) fn read(path: &Path, mut each: impl FnMut(Part)) -> Result<Option<Past>, JournalError> {
    let mut reader = BufReader::new(File::open(path)?);
    let (mut head, mut length) = (None, 0);
    for number in 1.. {
        let mut line = Vec::new();
        if reader.read_until(b'\n', &mut line)? == 0 || !line.ends_with(b"\n") {
            break;
        }
        let damaged = |error: serde_json::Error| JournalError::Damaged { line: number, reason: error.to_string() };
        if head.is_none() {
            head = Some(serde_json::from_slice::<Head>(&line).map_err(damaged)?);
        } else {
            each(serde_json::from_slice::<Part>(&line).map_err(damaged)?);
        }
        length += line.len() as u64;
    }
    Ok(head.map(|head| Past { head, length }))
}
