//! A whole corpus, part by part: what a part has changed is written, then noted in the journal, and only then is it done.
//!
//! Parts end at places that only the inputs decide, so that a run that was stopped and gone on with writes the same bytes as
//! one that was not.

use super::columns;
use super::copying::{self, CopyError};
use super::journal::{self, Columns, Head, Journal, JournalError, Lengths, Part, Run, Segment};
use super::output::{Folder, Growing};
use super::piece::{self, Output, What, Written};
use super::tally::Tally;
use super::{Cleaner, Verdict, report};
use crate::input::{self, BadGlob, Compression, InputError, PieceFile, Shape, Skipped};
use crate::ledger;
use crate::pipeline;
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;

/// The usual length of a part.
pub const PART: usize = 8 << 20;
/// Files after which a part ends.
const FILES: usize = 1_000;
/// Inputs that could not be read, by name in the report; beyond, they are counted.
const NAMED: usize = 100;

pub(super) const JOURNAL: &str = "journal.jsonl";
pub(super) const LEDGER: &str = "ledger.jsonl";

/// What to clean, and where to.
pub struct Job<'a> {
    pub cleaner: Cleaner<'a>,
    pub inputs: Vec<PathBuf>,
    pub options: input::Options,
    /// Where the result goes.
    pub folder: PathBuf,
    /// What the result depends on, beside the inputs: a run goes on only with the same.
    pub settings: String,
    pub jobs: usize,
    /// Bytes of input after which a part ends: at most this much work is lost with a run that is killed.
    pub part: usize,
}

/// What happens on the way.
pub enum Step<'e> {
    /// Another document of so many bytes is through.
    Document(usize),
    Unread(&'e InputError),
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Done,
    /// It was told to stop, and can be gone on with.
    Stopped,
    /// It had been done before; nothing was written.
    Before,
}

#[derive(Debug)]
pub struct Outcome {
    pub end: End,
    /// Of all that is done, by this run and those that it goes on from.
    pub tally: Tally,
    pub unread: Unread,
    pub skipped: Skipped,
}

/// Inputs and records that could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    pub count: usize,
    /// The first of them.
    pub named: Vec<String>,
}

/// Why a corpus was not cleaned.
#[derive(Debug, thiserror::Error)]
pub enum CleanError {
    #[error("`{0}` is not empty, and holds no run to go on with")]
    NotEmpty(PathBuf),
    #[error("`{0}` is a file, not a folder")]
    NoFolder(PathBuf),
    #[error("`{0}` holds a run with other rules, options or inputs")]
    OtherRun(PathBuf),
    #[error("another run is at work in `{0}`")]
    Busy(PathBuf),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Glob(#[from] BadGlob),
    #[error("`{path}` cannot be written: {error}")]
    Write { path: PathBuf, error: io::Error },
}

impl CleanError {
    /// What to do about it, where there is something to do.
    pub const fn advice(&self) -> Option<&'static str> {
        match self {
            Self::NotEmpty(_) | Self::NoFolder(_) => Some("Name a folder that is empty or is not there yet."),
            Self::OtherRun(_) => Some("Run the command that it was begun with, or name another folder."),
            Self::Busy(_) => Some("Wait for it to end, or name another folder."),
            Self::Journal(JournalError::Damaged { .. }) => Some("Begin again in another folder."),
            Self::Journal(JournalError::Io(_)) | Self::Glob(_) => None,
            Self::Write { .. } => Some("Is the disk full? Run the command again to go on."),
        }
    }

    fn write(path: &Path) -> impl Fn(io::Error) -> Self {
        move |error| Self::Write { path: path.to_path_buf(), error }
    }
}

/// Cleans all inputs, or goes on where an earlier run in the folder was stopped. `stop` is asked after each document.
///
/// # Errors
/// Where the folder is not one to work in, or something cannot be written. What is in the journal stays done.
pub fn run(job: Job<'_>, step: &mut dyn FnMut(Step<'_>), stop: &dyn Fn() -> bool) -> Result<Outcome, CleanError> {
    let folder = Folder::new(&job.folder);
    if folder.path().is_file() {
        return Err(CleanError::NoFolder(folder.path().to_path_buf()));
    }
    fs::create_dir_all(folder.path()).map_err(CleanError::write(folder.path()))?;
    let (mut desk, from) = match Desk::open(folder.clone(), &job.settings, job.part)? {
        Opened::Done(tally, unread) => return Ok(Outcome { end: End::Before, tally, unread, skipped: Skipped::default() }),
        Opened::Open(desk, from) => (*desk, from),
    };
    let (pieces, shelf) = input::pieces(job.inputs, job.options, from)?;
    let weight = |part: &input::Part| part.piece.as_ref().map_or(0, input::Piece::held);
    let mut failed = None;
    let mut stopped = false;
    pipeline::ordered(
        job.jobs,
        pieces,
        weight,
        |part| piece::clean(&job.cleaner, part, &shelf),
        |written| {
            let taken = desk.take(written, step);
            stopped = taken.is_ok() && stop();
            failed = taken.err();
            if failed.is_some() || stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        },
    );
    if let Some(error) = failed {
        return Err(error);
    }
    let end = if stopped { End::Stopped } else { End::Done };
    if !stopped {
        desk.finish(step)?;
    }
    Ok(Outcome { end, tally: desk.tally, unread: desk.unread, skipped: shelf.skipped() })
}

/// Where the results of all threads are put down, in order.
struct Desk {
    folder: Folder,
    journal: Journal,
    ledger: Growing,
    /// Of documents that are not clean, with the reasons.
    review: Growing,
    rejected: Growing,
    open: Option<Open>,
    /// Lengths at which the versions of the first file are gone on with; of a Parquet file, what became of its rows before.
    resumed: ([Option<u64>; 3], Vec<Segment>),
    /// The first piece that is not done yet.
    from: (usize, usize),
    part: Part,
    /// Bytes of input in the part, and after how many it ends.
    weight: usize,
    most: usize,
    tally: Tally,
    unread: Unread,
}

/// A file of records on its way.
struct Open {
    file: Arc<PieceFile>,
    head: Vec<u8>,
    column: usize,
    /// Of a Parquet file the texts that were edited, in the place of the clean version.
    versions: [Option<Growing>; 3],
    runs: Vec<Run>,
    hash: Xxh3,
    /// Of a Parquet file, all that is in the journal.
    segments: Vec<Segment>,
    /// It could not be read to its end.
    failed: bool,
}

enum Opened {
    Done(Tally, Unread),
    Open(Box<Desk>, (usize, usize)),
}

impl Desk {
    fn open(folder: Folder, settings: &str, most: usize) -> Result<Opened, CleanError> {
        let path = folder.join(JOURNAL);
        let (mut tally, mut unread, mut last, mut segments) = (Tally::default(), Unread::default(), Part::default(), Vec::new());
        let is_there = path.exists();
        if !is_there && fs::read_dir(folder.path()).map_err(CleanError::write(folder.path()))?.next().is_some() {
            return Err(CleanError::NotEmpty(folder.path().to_path_buf()));
        }
        let past = if is_there {
            journal::read(&path, |part| {
                tally.add(part.tally.clone());
                unread.add(&part.unread);
                for segment in part.segments.iter().filter(|segment| input::shape_of(&segment.path) == Some(Shape::Columns)) {
                    segments.push(segment.clone());
                    if segment.done {
                        segments.clear();
                    }
                }
                last = part;
            })?
        } else {
            None
        };
        let head = Head::new(settings);
        let journal = match &past {
            Some(past) if past.head != head => return Err(CleanError::OtherRun(folder.path().to_path_buf())),
            Some(_) if folder.join(report::JSON).exists() => return Ok(Opened::Done(tally, unread)),
            Some(past) => Journal::resume(&path, past),
            None => Journal::create(&path, &head),
        };
        let journal = journal.map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => CleanError::Busy(folder.path().to_path_buf()),
            _ => CleanError::write(&path)(error),
        })?;
        // The last part may have been noted, and its file not yet put in its place.
        let done = last.segments.iter().filter(|segment| segment.done && input::shape_of(&segment.path) != Some(Shape::Whole));
        for (segment, verdict) in done.flat_map(|segment| Verdict::ALL.map(|verdict| (segment, verdict))) {
            folder.publish(verdict, &segment.path).map_err(CleanError::write(&folder.whole(verdict, &segment.path)))?;
        }
        let Lengths { ledger, review, rejected, open } = last.lengths;
        let grow = |name: &str, length: u64| {
            let path = folder.join(name);
            Growing::open(&path, Compression::None, length).map_err(CleanError::write(&path))
        };
        let desk = Self {
            ledger: grow(LEDGER, ledger)?,
            review: grow("review.jsonl", review)?,
            rejected: grow("rejected.jsonl", rejected)?,
            journal,
            open: None,
            resumed: (open, segments),
            from: last.next,
            part: Part { next: last.next, ..Part::default() },
            weight: 0,
            most,
            tally,
            unread,
            folder,
        };
        Ok(Opened::Open(Box::new(desk), last.next))
    }

    fn take(&mut self, written: Written, step: &mut dyn FnMut(Step<'_>)) -> Result<(), CleanError> {
        let Written { file, number, what } = written;
        if self.open.as_ref().is_some_and(|open| open.file.number != file.number) {
            self.close(step)?;
        }
        let behind = (file.number + 1, 0);
        match what {
            What::Nothing => self.part.next = behind,
            What::Failed(error) => {
                step(Step::Unread(&error));
                self.part.unread.push(error.to_string());
                self.part.next = behind;
                if let Some(open) = &mut self.open {
                    open.failed = true;
                }
                self.close(step)?;
            }
            What::Head(head, column) => {
                let is_new = (file.number, number) >= self.from;
                let open = self.opened(&file)?;
                open.column = column;
                if is_new && !head.is_empty() {
                    open.hash.update(&head);
                    open.runs.push(Run(Verdict::Clean, head.len() as u64, None));
                    if let Some(clean) = &mut open.versions[Verdict::Clean as usize] {
                        clean.add(&head);
                    }
                }
                open.head = head;
                if is_new {
                    self.part.next = (file.number, number + 1);
                }
            }
            What::End(rest) => {
                let folder = self.folder.clone();
                let open = self.opened(&file)?;
                if !rest.is_empty() {
                    open.add(&folder, Verdict::Clean, &rest, &rest, None)?;
                }
                self.part.next = behind;
                self.close(step)?;
            }
            What::Document(output) => {
                step(Step::Document(output.original.len()));
                if let Some(error) = &output.unread {
                    step(Step::Unread(error));
                    self.part.unread.push(error.to_string());
                }
                self.weight += output.original.len();
                self.document(&file, number, *output)?;
                self.part.next = if file.shape == Shape::Whole { behind } else { (file.number, number + 1) };
                if self.weight >= self.most || self.part.segments.len() >= FILES {
                    self.commit(false, step)?;
                }
            }
        }
        Ok(())
    }

    fn document(&mut self, file: &Arc<PieceFile>, number: usize, output: Output) -> Result<(), CleanError> {
        let Output { verdict, original, edited, entries, note, tally, .. } = output;
        let new = edited.as_deref().unwrap_or(&original);
        let piece = edited.is_some().then_some(number);
        if file.shape == Shape::Whole {
            let path = &file.path;
            self.folder.write(verdict, path, new).map_err(CleanError::write(&self.folder.whole(verdict, path)))?;
            let runs = vec![Run(verdict, new.len() as u64, piece)];
            let hash = ledger::hash(&original);
            self.part.segments.push(Segment { path: path.clone(), hash, runs, head: None, table: None, columns: None, done: true });
        } else {
            let folder = self.folder.clone();
            self.opened(file)?.add(&folder, verdict, &original, new, piece)?;
        }
        for entry in &entries {
            add_line(&mut self.ledger, entry).map_err(CleanError::write(&self.folder.join(LEDGER)))?;
        }
        if let Some(note) = &note {
            let list = if verdict == Verdict::Rejected { &mut self.rejected } else { &mut self.review };
            add_line(list, note).map_err(CleanError::write(self.folder.path()))?;
        }
        self.part.tally.add(tally);
        Ok(())
    }

    /// The file of records, opened if it is not.
    fn opened(&mut self, file: &Arc<PieceFile>) -> Result<&mut Open, CleanError> {
        let open = if let Some(open) = self.open.take() {
            open
        } else {
            let mut open = Open {
                file: Arc::clone(file),
                head: Vec::new(),
                column: 0,
                versions: [None, None, None],
                runs: Vec::new(),
                hash: Xxh3::new(),
                segments: Vec::new(),
                failed: false,
            };
            let lengths;
            (lengths, open.segments) = std::mem::take(&mut self.resumed);
            for verdict in Verdict::ALL {
                let length = lengths[verdict as usize].or((verdict == Verdict::Clean).then_some(0));
                if let Some(length) = length {
                    open.versions[verdict as usize] = Some(open.version(&self.folder, verdict, length)?);
                }
            }
            open
        };
        Ok(self.open.insert(open))
    }

    /// The file of records has come to its end.
    fn close(&mut self, step: &mut dyn FnMut(Step<'_>)) -> Result<(), CleanError> {
        if self.open.is_some() { self.commit(true, step) } else { Ok(()) }
    }

    /// Writes the part for good.
    fn commit(&mut self, done: bool, step: &mut dyn FnMut(Step<'_>)) -> Result<(), CleanError> {
        let mut part = std::mem::take(&mut self.part);
        self.part.next = part.next;
        self.weight = 0;
        let mut lengths = Lengths::default();
        if let Some(open) = &mut self.open {
            for verdict in Verdict::ALL {
                if let Some(version) = &mut open.versions[verdict as usize] {
                    version.commit().map_err(CleanError::write(&self.folder.partial(verdict, &open.file.path)))?;
                    lengths.open[verdict as usize] = (!done).then_some(version.length());
                }
            }
            let mut segment = open.segment(done);
            if open.file.shape == Shape::Columns {
                open.segments.push(segment.clone());
                match open.split(&self.folder, done) {
                    Ok(columns) => segment.columns = columns,
                    Err(CopyError::Write(error)) => {
                        return Err(CleanError::write(&self.folder.partial(Verdict::Clean, &segment.path))(error));
                    }
                    Err(CopyError::Read(cause)) => {
                        let error = InputError { path: segment.path.clone(), line: None, cause };
                        step(Step::Unread(&error));
                        part.unread.push(error.to_string());
                    }
                }
            }
            part.segments.push(segment);
        }
        for (growing, name) in [(&mut self.ledger, LEDGER), (&mut self.review, "review.jsonl"), (&mut self.rejected, "rejected.jsonl")] {
            growing.commit().map_err(CleanError::write(&self.folder.join(name)))?;
        }
        (lengths.ledger, lengths.review, lengths.rejected) = (self.ledger.length(), self.review.length(), self.rejected.length());
        part.lengths = lengths;
        self.journal.add(&part).map_err(CleanError::write(&self.folder.join(JOURNAL)))?;
        self.unread.add(&part.unread);
        self.tally.add(part.tally);
        if let Some(open) = self.open.take_if(|_| done) {
            for verdict in Verdict::ALL {
                self.folder.publish(verdict, &open.file.path).map_err(CleanError::write(&self.folder.whole(verdict, &open.file.path)))?;
            }
        }
        Ok(())
    }

    /// All inputs are through.
    fn finish(&mut self, step: &mut dyn FnMut(Step<'_>)) -> Result<(), CleanError> {
        self.close(step)?;
        if !self.part.segments.is_empty() || !self.part.unread.is_empty() {
            self.commit(false, step)?;
        }
        self.folder.tidy().map_err(CleanError::write(self.folder.path()))?;
        report::write(&self.folder, &self.tally, &self.unread).map_err(CleanError::write(&self.folder.join(report::JSON)))
    }
}

impl Open {
    /// Adds a piece to the version of its verdict.
    fn add(&mut self, folder: &Folder, verdict: Verdict, original: &[u8], new: &[u8], piece: Option<usize>) -> Result<(), CleanError> {
        let slot = verdict as usize;
        if self.file.shape == Shape::Columns {
            if let (Some(texts), Some(_)) = (&mut self.versions[Verdict::Clean as usize], piece) {
                texts.add(&columns::added(new));
            }
            copying::add_text(&mut self.hash, original);
            self.ran(verdict, 1, piece);
            return Ok(());
        }
        if self.versions[slot].is_none() {
            let mut version = self.version(folder, verdict, 0)?;
            version.add(&self.head);
            self.versions[slot] = Some(version);
        }
        if let Some(version) = &mut self.versions[slot] {
            version.add(new);
        }
        self.hash.update(original);
        self.ran(verdict, new.len() as u64, piece);
        Ok(())
    }

    fn ran(&mut self, verdict: Verdict, length: u64, piece: Option<usize>) {
        match self.runs.last_mut() {
            Some(Run(last, before, None)) if *last == verdict && piece.is_none() => *before += length,
            _ if length == 0 && piece.is_none() => {}
            _ => self.runs.push(Run(verdict, length, piece)),
        }
    }

    /// Writes the versions of a Parquet file that is done; `None`: it is not, or cannot be.
    fn split(&self, folder: &Folder, done: bool) -> Result<Option<Columns>, CopyError> {
        if !done || self.failed {
            return Ok(None);
        }
        let PieceFile { path, source, .. } = &*self.file;
        // What a run that was killed has left may be of other rows.
        folder.discard(path).map_err(CopyError::Write)?;
        let texts = BufReader::new(File::open(folder.texts(path)).map_err(CopyError::Write)?);
        let written = columns::split(source, self.column, &self.segments, texts, |verdict| folder.create(verdict, path));
        if written.is_err() {
            folder.discard(path).map_err(CopyError::Write)?;
        }
        written.map(Some)
    }

    fn version(&self, folder: &Folder, verdict: Verdict, length: u64) -> Result<Growing, CleanError> {
        let path = &self.file.path;
        let path = if self.file.shape == Shape::Columns { folder.texts(path) } else { folder.partial(verdict, path) };
        Growing::open(&path, input::compression_of(&self.file.path), length).map_err(CleanError::write(&path))
    }

    /// What has come since the last part.
    fn segment(&mut self, done: bool) -> Segment {
        let hash = std::mem::replace(&mut self.hash, Xxh3::new()).digest128();
        let table = if let Shape::Table(delimiter) = self.file.shape { Some((delimiter, self.column)) } else { None };
        Segment {
            path: self.file.path.clone(),
            hash: format!("{hash:032x}"),
            runs: std::mem::take(&mut self.runs),
            head: table.map(|_| self.head.len() as u64),
            table,
            columns: None,
            done,
        }
    }
}

fn add_line(growing: &mut Growing, value: &impl serde::Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    growing.add(&line);
    Ok(())
}

impl Unread {
    fn add(&mut self, said: &[String]) {
        self.count += said.len();
        self.named.extend(said.iter().take(NAMED.saturating_sub(self.named.len())).cloned());
    }
}
