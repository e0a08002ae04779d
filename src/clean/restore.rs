//! The originals of a corpus that was written again: its versions put together in their old order, and their edits taken back.

use super::columns;
use super::copying::{CHANGED, CopyError};
use super::desk::{JOURNAL, LEDGER};
use super::journal::{self, Columns, Event, JournalError, Run, Segment};
use super::member::PACKED;
use super::output::{Folder, create_parent};
use super::versions::is_packed_by_record;
use super::{Verdict, table, tar};
use crate::beside;
use crate::fix;
use crate::input::{self, Compression, Packer, Shape};
use crate::ledger::{self, Entry, Holding};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
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
    /// The packed files of records in the archive, as they were.
    packed: Option<BufReader<File>>,
    /// The file of records in the archive that is being put together.
    member: Option<Member>,
    out: Packer<tempfile::NamedTempFile>,
}

/// A file of records in an archive that is not packed.
struct Member {
    /// Bytes of what stands before it.
    head: u64,
    /// Bytes of the first line of a table, and see [`Segment::table`].
    first: u64,
    table: Option<(u8, usize)>,
    /// Bytes of each version that were read.
    read: [Option<u64>; 3],
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
        let version = |verdict: Verdict| match File::open(self.folder.whole(verdict.name(), path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            version => version.map(Some),
        };
        let versions = [version(Verdict::Clean)?, version(Verdict::Review)?, version(Verdict::Rejected)?];
        columns::merge(versions, columns, &segments, out.reopen()?, |segment, piece, text| {
            let edits = self.edits(path, piece).map_err(CopyError::Write)?;
            undone(text, &edits, Shape::Columns, segment.table).ok_or(CHANGED)
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
                let out = input::compression_of(&segment.path).packer(out);
                Open { path: segment.path.clone(), versions: [None, None, None], packed: None, member: None, out }
            }
        };
        let mut hash = Xxh3::new();
        let mut events = segment.events.iter().peekable();
        for (number, &Run(verdict, length, piece)) in segment.runs.iter().enumerate() {
            while let Some((_, event)) = events.next_if(|event| event.0 == number) {
                self.pass(event, &mut open, segment, &mut hash)?;
            }
            let version = self.enter(verdict, &mut open.versions, open.member.as_mut(), segment)?;
            let (shape, table) = match &mut open.member {
                None => (input::shape_of(&segment.path), segment.table),
                Some(member) => {
                    let read = &mut member.read[verdict as usize];
                    *read = read.map(|read| read + length);
                    (Shape::Lines, member.table)
                }
            };
            let mut add = |bytes: &[u8]| {
                hash.update(bytes);
                open.out.add(bytes)
            };
            if let Some(piece) = piece {
                let bytes = next(version, length)?;
                let edits = self.edits(&segment.path, piece)?;
                add(&undone(&bytes, &edits, shape, table).ok_or(RebuildError::NotAsLeft)?)?;
            } else {
                each_stretch(version, length, add)?;
            }
            if is_packed_by_record(&segment.path) {
                open.out.end()?;
            }
        }
        for (_, event) in events {
            self.pass(event, &mut open, segment, &mut hash)?;
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

    /// The version at what comes next: where the member begins in it, behind what stands before the records there.
    fn enter<'v>(
        &self,
        verdict: Verdict,
        versions: &'v mut [Option<Box<dyn BufRead + Send>>; 3],
        member: Option<&mut Member>,
        segment: &Segment,
    ) -> Result<&'v mut Box<dyn BufRead + Send>, RebuildError> {
        let version = &mut versions[verdict as usize];
        if version.is_none() {
            *version = Some(self.version(verdict, segment)?);
        }
        let version = version.as_mut().ok_or(RebuildError::NotAsLeft)?;
        if let Some(Member { head, first, read, .. }) = member
            && read[verdict as usize].is_none()
        {
            read[verdict as usize] = Some(*first);
            pass_over(version, *head + *first)?;
        }
        Ok(version)
    }

    /// A file of records in the archive begins or ends.
    fn pass(&mut self, event: &Event, open: &mut Open, segment: &Segment, hash: &mut Xxh3) -> Result<(), RebuildError> {
        let mut add = |out: &mut Packer<tempfile::NamedTempFile>, bytes: &[u8]| {
            hash.update(bytes);
            out.add(bytes)
        };
        match event {
            Event::Open(head, splices) => {
                let new = next(self.enter(Verdict::Clean, &mut open.versions, None, segment)?, *head)?;
                let old = Holding { start: 0, end: 0, splices: splices.clone() }.undone(&new, b"").ok_or(RebuildError::NotAsLeft)?;
                add(&mut open.out, &old)?;
                open.member = Some(Member { head: *head, first: 0, table: None, read: [Some(0), None, None] });
            }
            Event::Table(first, delimiter, column) => {
                let member = open.member.as_mut().ok_or(RebuildError::NotAsLeft)?;
                (member.first, member.table) = (*first, Some((*delimiter, *column)));
            }
            Event::Close(padding) => {
                let member = open.member.take().ok_or(RebuildError::NotAsLeft)?;
                for (read, version) in member.read.iter().zip(&mut open.versions) {
                    if let (Some(read), Some(version)) = (read, version) {
                        pass_over(version, tar::padding(*read) as u64)?;
                    }
                }
                let padding = Holding { start: 0, end: 0, splices: vec![padding.clone()] }.undone(b"", b"");
                add(&mut open.out, &padding.ok_or(RebuildError::NotAsLeft)?)?;
            }
            Event::Packed { kept, versions, before } => {
                for (verdict, length) in Verdict::ALL.into_iter().zip(versions) {
                    if let Some(length) = length {
                        pass_over(self.enter(verdict, &mut open.versions, None, segment)?, *length)?;
                    }
                }
                if open.packed.is_none() {
                    open.packed = Some(BufReader::new(self.file(PACKED, &segment.path)?));
                }
                let packed = open.packed.as_mut().ok_or(RebuildError::NotAsLeft)?;
                each_stretch(packed, *kept, |bytes| add(&mut open.out, bytes))?;
                self.edits(&segment.path, *before)?;
            }
        }
        Ok(())
    }

    fn file(&self, version: &str, path: &str) -> io::Result<File> {
        let whole = self.folder.whole(version, path);
        File::open(if whole.exists() { whole } else { self.folder.partial(version, path) })
    }

    /// Opens a version of the file behind its head, which only the clean one has of its own.
    fn version(&self, verdict: Verdict, segment: &Segment) -> io::Result<Box<dyn BufRead + Send>> {
        let file = self.file(verdict.name(), &segment.path)?;
        let mut reader = input::compression_of(&segment.path).reader(BufReader::new(file))?;
        if verdict != Verdict::Clean {
            io::copy(&mut reader.by_ref().take(segment.head.unwrap_or(0)), &mut io::sink())?;
        }
        Ok(reader)
    }

    /// The edits of one piece, which come in the order of the pieces; those of pieces before it are not asked for any more.
    fn edits(&mut self, path: &str, piece: usize) -> io::Result<Vec<Entry>> {
        let given_up = &self.given_up;
        let is_given_up =
            |entry: &Entry| Path::new(&entry.path).ancestors().any(|path| path.to_str().is_some_and(|path| given_up.contains(path)));
        while self.entries.next_if(|entry| entry.as_ref().is_ok_and(&is_given_up)).is_some() {}
        // Those of a file of records in an archive name it below the archive.
        let is_of = |entry: &Entry| entry.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        while self.entries.next_if(|entry| entry.as_ref().is_ok_and(|entry| is_of(entry) && entry.piece < Some(piece))).is_some() {}
        let is_ours = |entry: &io::Result<Entry>| entry.as_ref().map_or(true, |entry| is_of(entry) && entry.piece == Some(piece));
        let mut edits = Vec::new();
        while let Some(entry) = self.entries.next_if(is_ours) {
            edits.push(entry?);
        }
        Ok(edits)
    }
}

/// Hands over the next bytes of a version, all of which must be there.
fn each_stretch(version: &mut impl Read, length: u64, mut each: impl FnMut(&[u8]) -> io::Result<()>) -> Result<(), RebuildError> {
    let mut left = length;
    while left > 0 {
        let bytes = next(version, left.min(STRETCH))?;
        each(&bytes)?;
        left -= bytes.len() as u64;
    }
    Ok(())
}

fn pass_over(version: &mut impl Read, length: u64) -> Result<(), RebuildError> {
    each_stretch(version, length, |_| Ok(()))
}

/// The next bytes of a version, all of which must be there.
fn next(version: &mut impl Read, length: u64) -> Result<Vec<u8>, RebuildError> {
    let mut bytes = Vec::new();
    version.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(RebuildError::NotAsLeft) }
}

/// The piece as it was; `None` where the edits do not fit it.
fn undone(bytes: &[u8], edits: &[Entry], shape: Shape, table: Option<(u8, usize)>) -> Option<Vec<u8>> {
    let first = edits.first()?;
    let is_original = |content: &Vec<u8>| ledger::hash(content) == first.before;
    match shape {
        Shape::Whole | Shape::Columns => return fix::undone_file(bytes, edits).filter(is_original),
        Shape::Tar | Shape::Warc => {
            let holding = first.holding.as_ref()?;
            let document = fix::undone_file(&unpacked(bytes.get(holding.start..holding.end)?, shape, first)?, edits)?;
            return holding.undone(bytes, &document).filter(is_original);
        }
        Shape::Lines | Shape::Table(_) => {}
    }
    let content = content(bytes, table.is_some());
    let (before, after) = (&bytes[..content.0], &bytes[content.1..]);
    let content = &bytes[content.0..content.1];
    if ledger::hash(content) != first.after {
        return None;
    }
    let original = match table {
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

/// The document of a record of an archive as it is written there: packed, where the name of the member says so.
fn unpacked<'b>(document: &'b [u8], shape: Shape, entry: &Entry) -> Option<Cow<'b, [u8]>> {
    let name = entry.record.as_ref().and_then(|record| record.id.as_deref()).filter(|_| shape == Shape::Tar);
    let packing = name.map_or(Compression::None, input::compression_of);
    if packing == Compression::None {
        return Some(Cow::Borrowed(document));
    }
    let mut text = Vec::new();
    packing.reader(Cursor::new(document.to_vec())).and_then(|mut reader| reader.read_to_end(&mut text)).ok()?;
    Some(Cow::Owned(text))
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
