//! Where the results of all threads are put down, in order: versions of files, ledger, lists, and then the journal.

use super::Verdict;
use super::journal::{self, Growth, Head, Journal, Lengths, Part, Run, Segment};
use super::output::{Folder, Growing, VERSIONS};
use super::piece::{Output, What, Written};
use super::report;
use super::run::{CleanError, Step, Unread};
use super::tally::Tally;
use super::versions::Versions;
use crate::input::{self, Compression, PieceFile, Shape};
use std::fs;
use std::io;
use std::sync::Arc;

/// Files after which a part ends.
const FILES: usize = 1_000;

pub(super) const JOURNAL: &str = "journal.jsonl";
pub(super) const LEDGER: &str = "ledger.jsonl";

pub(super) struct Desk {
    folder: Folder,
    journal: Journal,
    ledger: Growing,
    /// Of documents that are not clean, with the reasons.
    review: Growing,
    rejected: Growing,
    open: Option<Versions>,
    /// Lengths at which the versions of the first file are gone on with; of a Parquet file, what became of its rows before.
    resumed: (Growth, Vec<Segment>),
    /// The first piece that is not done yet.
    from: (usize, usize),
    part: Part,
    /// Bytes of input in the part, and after how many it ends.
    weight: usize,
    most: usize,
    pub tally: Tally,
    pub unread: Unread,
}

pub(super) enum Opened {
    Done(Tally, Unread),
    Open(Box<Desk>, (usize, usize)),
}

impl Desk {
    pub fn open(folder: Folder, settings: &str, most: usize) -> Result<Opened, CleanError> {
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
                for segment in part.segments.iter().filter(|segment| input::shape_of(&segment.path) == Shape::Columns) {
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
        let done = last.segments.iter().filter(|segment| segment.done && input::shape_of(&segment.path) != Shape::Whole);
        for (segment, version) in done.flat_map(|segment| VERSIONS.map(|version| (segment, version))) {
            folder.publish(version, &segment.path).map_err(CleanError::write(&folder.whole(version, &segment.path)))?;
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

    pub fn take(&mut self, written: Written, step: &mut dyn FnMut(Step<'_>)) -> Result<(), CleanError> {
        let Written { file, number, ends, packed, what } = written;
        if self.open.as_ref().is_some_and(|open| open.file.number != file.number) {
            self.close(step)?;
        }
        let (next, behind) = ((file.number, number + 1), (file.number + 1, 0));
        // The first line of a table comes in any case, and what was read for it has been kept.
        if !packed.is_empty() && (file.number, number) >= self.from {
            self.opened(&file)?.keep(&packed)?;
        }
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
                self.opened(&file)?.begin(head, column, is_new)?;
                if is_new {
                    self.part.next = next;
                }
            }
            What::Open(opening) => {
                let is_new = (file.number, number) >= self.from;
                self.opened(&file)?.enter(opening, is_new)?;
                if is_new {
                    self.part.next = next;
                }
            }
            What::Close(padding) => {
                if self.opened(&file)?.leave(&padding, number)? {
                    // What waited is no longer there to go on from.
                    self.weight = self.most;
                }
                self.part.next = next;
            }
            What::End(rest) => {
                self.copy(&file, &rest, ends, Some(Verdict::Clean))?;
                self.part.next = behind;
                self.close(step)?;
            }
            What::Copied(bytes) => {
                self.copy(&file, &bytes, ends, Some(Verdict::Clean))?;
                self.part.next = next;
            }
            What::More(bytes) => {
                self.copy(&file, &bytes, ends, None)?;
                self.part.next = next;
            }
            What::Document(output) => {
                step(Step::Document(output.length));
                if let Some(error) = &output.unread {
                    step(Step::Unread(error));
                    self.part.unread.push(error.to_string());
                }
                self.weight += output.length;
                self.document(&file, number, ends, *output)?;
                self.part.next = if file.shape == Shape::Whole { behind } else { next };
            }
        }
        if ends && (self.weight >= self.most || self.part.segments.len() >= FILES) { self.commit(false, step) } else { Ok(()) }
    }

    /// Takes what holds no document; without a verdict, to where the piece before it went.
    fn copy(&mut self, file: &Arc<PieceFile>, bytes: &[u8], ends: bool, verdict: Option<Verdict>) -> Result<(), CleanError> {
        self.weight += bytes.len();
        let open = self.opened(file)?;
        if bytes.is_empty() { Ok(()) } else { open.add(verdict.unwrap_or(open.last), bytes, None, ends) }
    }

    fn document(&mut self, file: &Arc<PieceFile>, number: usize, ends: bool, output: Output) -> Result<(), CleanError> {
        let Output { verdict, original, edited, hash, entries, note, tally, .. } = output;
        if file.shape == Shape::Whole {
            let (path, new) = (&file.path, edited.as_ref().unwrap_or(&original));
            self.folder.write(verdict, path, new).map_err(CleanError::write(&self.folder.whole(verdict.name(), path)))?;
            let runs = vec![Run(verdict, new.len() as u64, edited.is_some().then_some(number))];
            self.part.segments.push(Segment { hash, runs, done: true, ..Segment::new(path) });
        } else {
            self.opened(file)?.add(verdict, &original, edited.as_deref().map(|new| (number, new)), ends)?;
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

    /// The versions of the file of records, opened if they are not.
    fn opened(&mut self, file: &Arc<PieceFile>) -> Result<&mut Versions, CleanError> {
        let open = match self.open.take() {
            Some(open) => open,
            None => {
                let (lengths, segments) = std::mem::take(&mut self.resumed);
                Versions::open(&self.folder, file, lengths, segments)?
            }
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
            lengths.open = open.commit(done)?;
            let (segment, unread) = open.segment(done)?;
            if let Some(error) = unread {
                step(Step::Unread(&error));
                part.unread.push(error.to_string());
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
        self.open.take_if(|_| done).map_or(Ok(()), |open| open.publish())
    }

    /// All inputs are through.
    pub fn finish(&mut self, step: &mut dyn FnMut(Step<'_>)) -> Result<(), CleanError> {
        self.close(step)?;
        if !self.part.segments.is_empty() || !self.part.unread.is_empty() {
            self.commit(false, step)?;
        }
        self.folder.tidy().map_err(CleanError::write(self.folder.path()))?;
        report::write(&self.folder, &self.tally, &self.unread).map_err(CleanError::write(&self.folder.join(report::JSON)))
    }
}

fn add_line(growing: &mut Growing, value: &impl serde::Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    growing.add(&line)
}
