//! The versions of one file of records on their way to the disk, one for each verdict, and what became of its stretches.

use super::copying::{self, CopyError};
use super::journal::{Columns, Run, Segment};
use super::output::{Folder, Growing};
use super::run::CleanError;
use super::{Verdict, columns, tar};
use crate::input::{self, Compression, InputError, PieceFile, Shape};
use std::fs::File;
use std::io::{self, BufReader};
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;

pub(super) struct Versions {
    folder: Folder,
    pub file: Arc<PieceFile>,
    /// The first line of a table, for every version; the column of the text.
    head: Vec<u8>,
    column: usize,
    /// Of a Parquet file the texts that were edited, in the place of the clean version.
    versions: [Option<Growing>; 3],
    runs: Vec<Run>,
    hash: Xxh3,
    /// Where the last piece went.
    pub last: Verdict,
    /// The last piece ended a record that is packed by itself.
    is_cut: bool,
    /// Of a Parquet file, all that is in the journal.
    segments: Vec<Segment>,
    /// It could not be read to its end.
    pub failed: bool,
}

impl Versions {
    /// Opens those that have a length, to go on with them; the clean one is there in any case.
    pub fn open(folder: &Folder, file: &Arc<PieceFile>, lengths: [Option<u64>; 3], segments: Vec<Segment>) -> Result<Self, CleanError> {
        let mut open = Self {
            folder: folder.clone(),
            file: Arc::clone(file),
            head: Vec::new(),
            column: 0,
            versions: [None, None, None],
            runs: Vec::new(),
            hash: Xxh3::new(),
            last: Verdict::Clean,
            is_cut: true,
            segments,
            failed: false,
        };
        for verdict in Verdict::ALL {
            let length = lengths[verdict as usize].or((verdict == Verdict::Clean).then_some(0));
            if let Some(length) = length {
                open.versions[verdict as usize] = Some(open.version(verdict, length)?);
            }
        }
        Ok(open)
    }

    fn version(&self, verdict: Verdict, length: u64) -> Result<Growing, CleanError> {
        let path = &self.file.path;
        let path = if self.file.shape == Shape::Columns { self.folder.texts(path) } else { self.folder.partial(verdict, path) };
        Growing::open(&path, input::compression_of(&self.file.path), length).map_err(CleanError::write(&path))
    }

    fn failure(&self, verdict: Verdict, error: io::Error) -> CleanError {
        CleanError::Write { path: self.folder.partial(verdict, &self.file.path), error }
    }

    /// Takes the first line of a table, and writes it where it is new.
    pub fn begin(&mut self, head: Vec<u8>, column: usize, is_new: bool) -> Result<(), CleanError> {
        self.column = column;
        if is_new && !head.is_empty() {
            self.add(Verdict::Clean, &head, None, true)?;
        }
        self.head = head;
        Ok(())
    }

    /// Adds a piece to the version of its verdict; `edited` is its number, and what is written in its place. `ends`: its record, too.
    pub fn add(&mut self, verdict: Verdict, original: &[u8], edited: Option<(usize, &[u8])>, ends: bool) -> Result<(), CleanError> {
        let (piece, new) = edited.map_or((None, original), |(piece, new)| (Some(piece), new));
        self.last = verdict;
        if self.file.shape == Shape::Columns {
            copying::add_text(&mut self.hash, original);
            self.ran(verdict, 1, piece);
            let texts = self.versions[Verdict::Clean as usize].as_mut().filter(|_| piece.is_some());
            let added = texts.map_or(Ok(()), |texts| texts.add(&columns::added(new)));
            return added.map_err(|error| self.failure(verdict, error));
        }
        let is_first = self.versions[verdict as usize].is_none();
        let mut version = match self.versions[verdict as usize].take() {
            Some(version) => version,
            None => self.version(verdict, 0)?,
        };
        self.hash.update(original);
        self.ran(verdict, new.len() as u64, piece);
        self.is_cut = ends && is_packed_by_record(&self.file.path);
        let head = if is_first { self.head.as_slice() } else { &[] };
        let added = version.add(head).and_then(|()| version.add(new));
        let added = added.and_then(|()| if self.is_cut { version.end_member() } else { Ok(()) });
        self.versions[verdict as usize] = Some(version);
        added.map_err(|error| self.failure(verdict, error))
    }

    fn ran(&mut self, verdict: Verdict, length: u64, piece: Option<usize>) {
        match self.runs.last_mut() {
            Some(Run(last, before, None)) if *last == verdict && piece.is_none() && !self.is_cut => *before += length,
            _ if length == 0 && piece.is_none() => {}
            _ => self.runs.push(Run(verdict, length, piece)),
        }
    }

    /// Puts on the disk what was added; the lengths to go on from, of a file that is not done.
    pub fn commit(&mut self, done: bool) -> Result<[Option<u64>; 3], CleanError> {
        let mut lengths = [None; 3];
        for verdict in Verdict::ALL {
            let Some(version) = &mut self.versions[verdict as usize] else { continue };
            // The clean one has the end of the file that was read.
            let is_open = done && self.file.shape == Shape::Tar && verdict != Verdict::Clean;
            let ended = version.add(if is_open { &tar::END } else { &[] });
            let ended = ended.and_then(|()| if done { version.finish() } else { Ok(()) });
            let committed = ended.and_then(|()| version.commit());
            lengths[verdict as usize] = (!done).then_some(version.length());
            committed.map_err(|error| self.failure(verdict, error))?;
        }
        Ok(lengths)
    }

    /// What has come since the last part; of a Parquet file that is done, its versions are written, or it is said why not.
    pub fn segment(&mut self, done: bool) -> Result<(Segment, Option<InputError>), CleanError> {
        let hash = std::mem::replace(&mut self.hash, Xxh3::new()).digest128();
        let table = if let Shape::Table(delimiter) = self.file.shape { Some((delimiter, self.column)) } else { None };
        let mut segment = Segment {
            path: self.file.path.clone(),
            hash: format!("{hash:032x}"),
            runs: std::mem::take(&mut self.runs),
            head: table.map(|_| self.head.len() as u64),
            table,
            columns: None,
            done,
        };
        if self.file.shape != Shape::Columns {
            return Ok((segment, None));
        }
        self.segments.push(segment.clone());
        match self.split(done) {
            Ok(columns) => segment.columns = columns,
            Err(CopyError::Write(error)) => return Err(self.failure(Verdict::Clean, error)),
            Err(CopyError::Read(cause)) => {
                let error = InputError { path: segment.path.clone(), line: None, cause };
                return Ok((segment, Some(error)));
            }
        }
        Ok((segment, None))
    }

    /// Writes the versions of a Parquet file that is done; `None`: it is not, or cannot be.
    fn split(&self, done: bool) -> Result<Option<Columns>, CopyError> {
        if !done || self.failed {
            return Ok(None);
        }
        let PieceFile { path, source, .. } = &*self.file;
        // What a run that was killed has left may be of other rows.
        self.folder.discard(path).map_err(CopyError::Write)?;
        let texts = BufReader::new(File::open(self.folder.texts(path)).map_err(CopyError::Write)?);
        let written = columns::split(source, self.column, &self.segments, texts, |verdict| self.folder.create(verdict, path));
        if written.is_err() {
            self.folder.discard(path).map_err(CopyError::Write)?;
        }
        written.map(Some)
    }

    /// Puts them into their places.
    pub fn publish(self) -> Result<(), CleanError> {
        let path = &self.file.path;
        let publish = |verdict| self.folder.publish(verdict, path).map_err(CleanError::write(&self.folder.whole(verdict, path)));
        Verdict::ALL.into_iter().try_for_each(publish)
    }
}

/// Web archives are packed record by record, so that a reader can begin at any.
pub(super) fn is_packed_by_record(path: &str) -> bool {
    input::shape_of(path) == Shape::Warc && input::compression_of(path) != Compression::None
}
