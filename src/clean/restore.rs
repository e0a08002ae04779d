//! The originals of a corpus that was written again: its versions put together in their old order, and their edits taken back.

use super::columns;
use super::copying::{CHANGED, CopyError};
use super::desk::{JOURNAL, LEDGER};
use super::journal::{self, Columns, JournalError, Run, Segment};
use super::output::{Folder, create_parent};
use super::versions::is_packed_by_record;
use super::{Verdict, table};
use crate::beside;
use crate::fix;
use crate::input::{self, Packer, Shape};
use crate::ledger::{self, Entry};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::iter::Peekable;
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::Xxh3;

/// What became of the files of a run.
#[derive(Debug, Default)]
pub struct Rebuilt {
    /// Files that are as they were, to the byte; packed ones, what is in them.
    pub files: usize,
    /// Files that are not, and why.
    pub failed: Vec<(String, RebuildError)>,
}

/// Why a file could not be rebuilt.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    #[error("cannot be read or written: {0}")]
    Io(#[from] io::Error),
    #[error("is not as the run left it")]
    NotAsLeft,
    #[error("the run was stopped before its end")]
    Unfinished,
}

impl From<CopyError> for RebuildError {
    fn from(error: CopyError) -> Self {
        match error {
            CopyError::Read(_) => Self::NotAsLeft,
            CopyError::Write(error) => Self::Io(error),
        }
    }
}

/// Whether the folder is that of a run.
pub fn is_run(folder: &Path) -> bool {
    folder.join(JOURNAL).is_file()
}

/// Rebuilds the inputs of the run in `folder` below the folder `into`.
///
/// # Errors
/// Where the journal or the ledger cannot be read.
pub fn restore(folder: &Path, into: &Path) -> Result<Rebuilt, JournalError> {
    let entries = BufReader::new(File::open(folder.join(LEDGER))?).lines();
    let entries: Box<dyn Iterator<Item = io::Result<Entry>>> =
        Box::new(entries.map(|line| line.and_then(|line| serde_json::from_str(&line).map_err(io::Error::from))));
    let mut rebuilder = Rebuilder {
        folder: Folder::new(folder),
        into: into.to_path_buf(),
        entries: entries.peekable(),
        open: None,
        rows: Vec::new(),
        given_up: BTreeSet::new(),
        rebuilt: Rebuilt::default(),
    };
    journal::read(&folder.join(JOURNAL), |part| part.segments.into_iter().for_each(|segment| rebuilder.take(segment)))?;
    let unfinished = rebuilder.open.take().map(|open| open.path).or(rebuilder.rows.pop().map(|segment| segment.path));
    rebuilder.rebuilt.failed.extend(unfinished.map(|path| (path, RebuildError::Unfinished)));
    Ok(rebuilder.rebuilt)
}

/// Bytes that are copied at a time.
const STRETCH: u64 = 256 << 10;

struct Rebuilder {
    folder: Folder,
    into: PathBuf,
    entries: Peekable<Box<dyn Iterator<Item = io::Result<Entry>>>>,
    open: Option<Open>,
    /// What became of the rows of the Parquet file at hand.
    rows: Vec<Segment>,
    /// Files with an error.
    given_up: BTreeSet<String>,
    rebuilt: Rebuilt,
}

/// A file that is being put together.
struct Open {
    path: String,
    versions: [Option<Box<dyn BufRead + Send>>; 3],
    out: Packer<tempfile::NamedTempFile>,
}

impl Rebuilder {
    fn take(&mut self, segment: Segment) {
        let Segment { path, done, .. } = &segment;
        if self.given_up.contains(path) {
            return;
        }
        let (path, done) = (path.clone(), *done);
        let outcome = if input::shape_of(&path) == Shape::Columns {
            let columns = segment.columns.clone();
            self.rows.push(segment);
            match columns {
                // It stands where it stood, and the ledger's entries were in vain.
                None if done => {
                    self.rows.clear();
                    self.given_up.insert(path);
                    return;
                }
                None => Ok(()),
                Some(columns) => self.put_together(&path, &columns),
            }
        } else {
            self.rebuild(&segment)
        };
        match outcome {
            Ok(()) => self.rebuilt.files += usize::from(done),
            Err(error) => {
                self.open = None;
                self.given_up.insert(path.clone());
                self.rebuilt.failed.push((path, error));
            }
        }
    }

    /// Rebuilds a Parquet file, all of whose rows have come.
    fn put_together(&mut self, path: &str, columns: &Columns) -> Result<(), RebuildError> {
        let segments = std::mem::take(&mut self.rows);
        let target = self.into.join(input::place(path));
        create_parent(&target)?;
        let out = beside::file(&target)?;
        let version = |verdict| match File::open(self.folder.whole(verdict, path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            version => version.map(Some),
        };
        let versions = [version(Verdict::Clean)?, version(Verdict::Review)?, version(Verdict::Rejected)?];
        columns::merge(versions, columns, &segments, out.reopen()?, |segment, piece, text| {
            let edits = self.edits(path, piece).map_err(CopyError::Write)?;
            undone(text, &edits, segment).ok_or(CHANGED)
        })?;
        out.persist(target).map_err(|error| error.error)?;
        Ok(())
    }

    fn rebuild(&mut self, segment: &Segment) -> Result<(), RebuildError> {
        let target = self.into.join(input::place(&segment.path));
        let mut open = match self.open.take() {
            Some(open) if open.path == segment.path => open,
            _ => {
                create_parent(&target)?;
                let out = beside::file(&target)?;
                Open { path: segment.path.clone(), versions: [None, None, None], out: input::compression_of(&segment.path).packer(out) }
            }
        };
        let mut hash = Xxh3::new();
        for &Run(verdict, length, piece) in &segment.runs {
            if open.versions[verdict as usize].is_none() {
                open.versions[verdict as usize] = Some(self.version(verdict, segment)?);
            }
            let Some(version) = &mut open.versions[verdict as usize] else { return Err(RebuildError::NotAsLeft) };
            let mut add = |bytes: &[u8]| {
                hash.update(bytes);
                open.out.add(bytes)
            };
            if let Some(piece) = piece {
                let bytes = next(version, length)?;
                let edits = self.edits(&segment.path, piece)?;
                add(&undone(&bytes, &edits, segment).ok_or(RebuildError::NotAsLeft)?)?;
            } else {
                let mut left = length;
                while left > 0 {
                    let bytes = next(version, left.min(STRETCH))?;
                    add(&bytes)?;
                    left -= bytes.len() as u64;
                }
            }
            if is_packed_by_record(&segment.path) {
                open.out.end()?;
            }
        }
        if segment.done && open.out.is_empty() {
            // What is packed is one member at least.
            open.out.add(b"")?;
        }
        open.out.end()?;
        if format!("{:032x}", hash.digest128()) != segment.hash {
            return Err(RebuildError::NotAsLeft);
        }
        if segment.done {
            open.out.into_out().persist(target).map_err(|error| error.error)?;
        } else {
            self.open = Some(open);
        }
        Ok(())
    }

    /// Opens a version of the file behind its head, which only the clean one has of its own.
    fn version(&self, verdict: Verdict, segment: &Segment) -> io::Result<Box<dyn BufRead + Send>> {
        let whole = self.folder.whole(verdict, &segment.path);
        let path = if whole.exists() { whole } else { self.folder.partial(verdict, &segment.path) };
        let mut reader = input::compression_of(&segment.path).reader(BufReader::new(File::open(path)?))?;
        if verdict != Verdict::Clean {
            io::copy(&mut reader.by_ref().take(segment.head.unwrap_or(0)), &mut io::sink())?;
        }
        Ok(reader)
    }

    /// The edits of one piece, which come in the order of the pieces.
    fn edits(&mut self, path: &str, piece: usize) -> io::Result<Vec<Entry>> {
        let given_up = &self.given_up;
        while self.entries.next_if(|entry| entry.as_ref().is_ok_and(|entry| given_up.contains(&entry.path))).is_some() {}
        let is_ours = |entry: &io::Result<Entry>| entry.as_ref().map_or(true, |entry| entry.path == path && entry.piece == Some(piece));
        let mut edits = Vec::new();
        while let Some(entry) = self.entries.next_if(is_ours) {
            edits.push(entry?);
        }
        Ok(edits)
    }
}

/// The next bytes of a version, all of which must be there.
fn next(version: &mut impl Read, length: u64) -> Result<Vec<u8>, RebuildError> {
    let mut bytes = Vec::new();
    version.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(RebuildError::NotAsLeft) }
}

/// The piece as it was; `None` where the edits do not fit it.
fn undone(bytes: &[u8], edits: &[Entry], segment: &Segment) -> Option<Vec<u8>> {
    let first = edits.first()?;
    let is_original = |content: &Vec<u8>| ledger::hash(content) == first.before;
    match input::shape_of(&segment.path) {
        Shape::Whole | Shape::Columns => return fix::undone_file(bytes, edits).filter(is_original),
        Shape::Tar | Shape::Warc => {
            let holding = first.holding.as_ref()?;
            let document = fix::undone_file(bytes.get(holding.start..holding.end)?, edits)?;
            return holding.undone(bytes, &document).filter(is_original);
        }
        Shape::Lines | Shape::Table(_) => {}
    }
    let content = content(bytes, segment.table.is_some());
    let (before, after) = (&bytes[..content.0], &bytes[content.1..]);
    let content = &bytes[content.0..content.1];
    if ledger::hash(content) != first.after {
        return None;
    }
    let original = match segment.table {
        None => fix::undone_record(content, edits).filter(is_original)?,
        Some((delimiter, column)) => {
            let field = table::field(content, delimiter, column)?;
            let text = fix::undone_file(&table::decoded(&content[field.start..field.end]), edits)?;
            // An edit may have made quotes necessary.
            let with = |quoted| table::replaced(content, field, &table::encoded(&text, delimiter, quoted));
            [with(true), with(false)].into_iter().find(is_original)?
        }
    };
    Some([before, &original, after].concat())
}

/// Where in a piece its record stands: without blank lines and byte order mark before it, and the line break after it.
fn content(bytes: &[u8], is_row: bool) -> (usize, usize) {
    let is_break = |byte: &u8| *byte == b'\n' || (is_row && *byte == b'\r');
    let mut end = bytes.len();
    if is_row {
        end = bytes.iter().rposition(|byte| !is_break(byte)).map_or(0, |last| last + 1);
    } else if bytes.ends_with(b"\n") {
        end -= 1;
    }
    // A row may hold line breaks of its own, a line of JSON none.
    let start = if is_row {
        bytes[..end].iter().position(|byte| !is_break(byte)).unwrap_or(0)
    } else {
        bytes[..end].iter().rposition(is_break).map_or(0, |last| last + 1)
    };
    (if bytes[start..end].starts_with(b"\xEF\xBB\xBF") { start + 3 } else { start }, end)
}
