//! A whole corpus, part by part: what a part has changed is written, then noted in the journal, and only then is it done.
//!
//! Parts end at places that only the inputs decide, so that a run that was stopped and gone on with writes the same bytes as
//! one that was not.

use super::Cleaner;
use super::desk::{Desk, Opened};
use super::journal::JournalError;
use super::output::Folder;
use super::piece;
use super::tally::Tally;
use crate::input::{self, BadGlob, InputError, Skipped};
use crate::pipeline;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// The usual length of a part.
pub const PART: usize = 8 << 20;
/// Inputs that could not be read, by name in the report; beyond, they are counted.
const NAMED: usize = 100;

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

    pub(super) fn write(path: &Path) -> impl Fn(io::Error) -> Self {
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

impl Unread {
    pub(super) fn add(&mut self, said: &[String]) {
        self.count += said.len();
        self.named.extend(said.iter().take(NAMED.saturating_sub(self.named.len())).cloned());
    }
}
