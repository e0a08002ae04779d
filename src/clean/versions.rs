//! The versions of one file of records on their way to the disk, one for each verdict, and what became of its stretches.

use super::copying::{self, CopyError};
use super::journal::{Columns, Event, Growth, Run, Segment};
use super::member::{Member, Opening, PACKED, Waiting};
use super::output::{Folder, Growing, VERSIONS};
use super::run::CleanError;
use super::{Verdict, columns, tar};
use crate::input::{self, Compression, InputError, PieceFile, Shape};
use crate::ledger::Splice;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;

/// Bytes that are copied at a time.
const STRETCH: usize = 256 << 10;

pub(super) struct Versions {
    folder: Folder,
    pub file: Arc<PieceFile>,
    /// The first line of a table, for every version; the column of the text.
    head: Vec<u8>,
    column: usize,
    /// Of a Parquet file the texts that were edited, in the place of the clean version.
    versions: [Option<Growing>; 3],
    /// Of an archive: the packed files of records that are not as they were.
    packed: Option<Growing>,
    /// The file of records in the archive that is not whole; how far it had come in an earlier run.
    member: Option<Member>,
    waiting: Option<Waiting>,
    runs: Vec<Run>,
    events: Vec<(usize, Event)>,
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
    pub fn open(folder: &Folder, file: &Arc<PieceFile>, from: Growth, segments: Vec<Segment>) -> Result<Self, CleanError> {
        let mut open = Self {
            folder: folder.clone(),
            file: Arc::clone(file),
            head: Vec::new(),
            column: 0,
            versions: [None, None, None],
            packed: None,
            member: None,
            waiting: from.member,
            runs: Vec::new(),
            events: Vec::new(),
            hash: Xxh3::new(),
            last: Verdict::Clean,
            is_cut: true,
            segments,
            failed: false,
        };
        for verdict in Verdict::ALL {
            let length = from.open[verdict as usize].or((verdict == Verdict::Clean).then_some(0));
            if let Some(length) = length {
                open.versions[verdict as usize] = Some(open.version(verdict, length)?);
            }
        }
        if let Some(length) = from.packed {
            open.packed = Some(open.keeper(length)?);
        }
        Ok(open)
    }

    fn version(&self, verdict: Verdict, length: u64) -> Result<Growing, CleanError> {
        let path = &self.file.path;
        let path = if self.file.shape == Shape::Columns { self.folder.texts(path) } else { self.folder.partial(verdict.name(), path) };
        Growing::open(&path, input::compression_of(&self.file.path), length).map_err(CleanError::write(&path))
    }

    fn keeper(&self, length: u64) -> Result<Growing, CleanError> {
        let path = self.folder.partial(PACKED, &self.file.path);
        Growing::open(&path, Compression::None, length).map_err(CleanError::write(&path))
    }

    fn failure(&self, verdict: Verdict, error: io::Error) -> CleanError {
        CleanError::Write { path: self.folder.partial(verdict.name(), &self.file.path), error }
    }

    /// Takes the first line of a table, and writes it where it is new.
    pub fn begin(&mut self, head: Vec<u8>, column: usize, is_new: bool) -> Result<(), CleanError> {
        self.column = column;
        if let (true, Some(Member { opening: Opening { shape: Shape::Table(delimiter), packing: Compression::None, .. }, .. })) =
            (is_new, &self.member)
        {
            self.events.push((self.runs.len(), Event::Table(head.len() as u64, *delimiter, column)));
        }
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
        let versions = self.member.as_mut().map_or(&mut self.versions, |member| &mut member.versions);
        let version = versions[verdict as usize].take();
        let is_first = version.is_none();
        let mut version = match (version, &self.member) {
            (Some(version), _) => version,
            (None, Some(member)) => member.version(verdict, 0).map_err(|error| self.failure(verdict, error))?,
            (None, None) => self.version(verdict, 0)?,
        };
        match &mut self.member {
            // It counts as a whole, when it is one.
            Some(member) if member.packed.is_some() => member.is_changed |= verdict != Verdict::Clean || piece.is_some(),
            _ => {
                self.hash.update(original);
                self.ran(verdict, new.len() as u64, piece);
            }
        }
        self.is_cut = ends && is_packed_by_record(&self.file.path);
        let head = if is_first { self.head.as_slice() } else { &[] };
        let added = version.add(head).and_then(|()| version.add(new));
        let added = added.and_then(|()| if self.is_cut { version.end_member() } else { Ok(()) });
        let versions = self.member.as_mut().map_or(&mut self.versions, |member| &mut member.versions);
        versions[verdict as usize] = Some(version);
        added.map_err(|error| self.failure(verdict, error))
    }

    fn ran(&mut self, verdict: Verdict, length: u64, piece: Option<usize>) {
        let is_cut = self.is_cut || self.events.last().is_some_and(|(runs, _)| *runs == self.runs.len());
        match self.runs.last_mut() {
            Some(Run(last, before, None)) if *last == verdict && piece.is_none() && !is_cut => *before += length,
            _ if length == 0 && piece.is_none() => {}
            _ => self.runs.push(Run(verdict, length, piece)),
        }
    }

    /// A file of records in the archive begins.
    pub fn enter(&mut self, opening: Opening, is_new: bool) -> Result<(), CleanError> {
        self.head.clear();
        let waiting = if is_new { None } else { self.waiting.take() };
        if is_new && opening.packing == Compression::None {
            self.hash.update(&opening.head);
            self.events.push((self.runs.len(), Event::Open(opening.head.len() as u64, tar::original(&opening.head))));
        }
        let member = Member::open(&self.folder, &self.file.path, opening, waiting);
        self.member = Some(member.map_err(|error| self.failure(Verdict::Clean, error))?);
        Ok(())
    }

    /// Takes what was read of it as it is packed.
    pub fn keep(&mut self, bytes: &[u8]) -> Result<(), CleanError> {
        let packed = self.member.as_mut().and_then(|member| member.packed.as_mut());
        packed.map_or(Ok(()), |packed| packed.add(bytes)).map_err(|error| self.failure(Verdict::Clean, error))
    }

    /// It ends, and goes into the versions with a record of it; `number` is that of the piece. Whether a part ended in it.
    pub fn leave(&mut self, padding: &[u8], number: usize) -> Result<bool, CleanError> {
        let Some(member) = self.member.take() else { return Ok(false) };
        let has_waited = member.has_waited;
        self.head.clear();
        self.put(member, padding, number)?;
        Ok(has_waited)
    }

    fn put(&mut self, member: Member, padding: &[u8], number: usize) -> Result<(), CleanError> {
        let Member { opening: Opening { head, .. }, versions, packed, is_changed, .. } = member;
        let kept = packed.map(|packed| self.as_it_was(packed, is_changed, &head, padding)).transpose()?;
        if let (Some(kept), false) = (kept, is_changed) {
            self.ran(Verdict::Clean, kept, None);
            return Ok(());
        }
        let mut written = [None; 3];
        for (verdict, content) in Verdict::ALL.into_iter().zip(versions) {
            let Some(content) = content else { continue };
            let mut version = match self.versions[verdict as usize].take() {
                Some(version) => version,
                None => self.version(verdict, 0)?,
            };
            let added = content.into_reader().and_then(|(length, content)| {
                let fill = tar::padding(length);
                version.add(&tar::resized(&head, length))?;
                each_stretch(content, |bytes| version.add(bytes))?;
                version.add(&tar::END[..fill])?;
                Ok((head.len() + fill) as u64 + length)
            });
            self.versions[verdict as usize] = Some(version);
            written[verdict as usize] = Some(added.map_err(|error| self.failure(verdict, error))?);
        }
        let event = if let Some(kept) = kept {
            Event::Packed { kept, versions: written, before: number }
        } else {
            self.hash.update(padding);
            Event::Close(Splice::new(0, 0, padding))
        };
        self.events.push((self.runs.len(), event));
        Ok(())
    }

    /// Adds a packed member as it was to the clean version, or where it was changed to those that are kept; its bytes.
    fn as_it_was(&mut self, packed: Growing, is_changed: bool, head: &[u8], padding: &[u8]) -> Result<u64, CleanError> {
        let slot = if is_changed { self.packed.take() } else { self.versions[Verdict::Clean as usize].take() };
        let mut target = match slot {
            Some(target) => target,
            None if is_changed => self.keeper(0)?,
            None => self.version(Verdict::Clean, 0)?,
        };
        let hash = &mut self.hash;
        let mut add = |bytes: &[u8]| {
            hash.update(bytes);
            target.add(bytes)
        };
        let added = packed.into_reader().and_then(|(length, packed)| {
            add(head)?;
            each_stretch(packed, &mut add)?;
            add(padding)?;
            Ok((head.len() + padding.len()) as u64 + length)
        });
        let slot = if is_changed { &mut self.packed } else { &mut self.versions[Verdict::Clean as usize] };
        *slot = Some(target);
        added.map_err(|error| self.failure(Verdict::Clean, error))
    }

    /// Puts on the disk what was added; how far it is, of a file that is not done.
    pub fn commit(&mut self, done: bool) -> Result<Growth, CleanError> {
        if done {
            // Of an archive that is cut off, the last file of records was not closed.
            self.leave(&[], usize::MAX)?;
        }
        let mut growth = Growth::default();
        for verdict in Verdict::ALL {
            let Some(version) = &mut self.versions[verdict as usize] else { continue };
            // The clean one has the end of the file that was read.
            let is_open = done && self.file.shape == Shape::Tar && verdict != Verdict::Clean;
            let ended = version.add(if is_open { &tar::END } else { &[] });
            let ended = ended.and_then(|()| if done { version.finish() } else { Ok(()) });
            let committed = ended.and_then(|()| version.commit());
            growth.open[verdict as usize] = (!done).then_some(version.length());
            committed.map_err(|error| self.failure(verdict, error))?;
        }
        if let Some(packed) = &mut self.packed {
            packed.commit().map_err(CleanError::write(&self.folder.partial(PACKED, &self.file.path)))?;
            growth.packed = (!done).then_some(packed.length());
        }
        let waiting = self.member.as_mut().map(Member::commit).transpose();
        growth.member = waiting.map_err(|error| self.failure(Verdict::Clean, error))?;
        Ok(growth)
    }

    /// What has come since the last part; of a Parquet file that is done, its versions are written, or it is said why not.
    pub fn segment(&mut self, done: bool) -> Result<(Segment, Option<InputError>), CleanError> {
        let hash = std::mem::replace(&mut self.hash, Xxh3::new()).digest128();
        let table = if let Shape::Table(delimiter) = self.file.shape { Some((delimiter, self.column)) } else { None };
        let mut segment = Segment {
            hash: format!("{hash:032x}"),
            runs: std::mem::take(&mut self.runs),
            events: std::mem::take(&mut self.events),
            head: table.map(|_| self.head.len() as u64),
            table,
            done,
            ..Segment::new(&self.file.path)
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
        let publish = |version| self.folder.publish(version, path).map_err(CleanError::write(&self.folder.whole(version, path)));
        VERSIONS.into_iter().try_for_each(publish)
    }
}

/// Hands over all that the file holds, stretch by stretch.
fn each_stretch(mut file: File, mut each: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut stretch = vec![0; STRETCH];
    loop {
        match file.read(&mut stretch)? {
            0 => return Ok(()),
            read => each(&stretch[..read])?,
        }
    }
}

/// Web archives are packed record by record, so that a reader can begin at any.
pub(super) fn is_packed_by_record(path: &str) -> bool {
    input::shape_of(path) == Shape::Warc && input::compression_of(path) != Compression::None
}
