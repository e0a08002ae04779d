//! Files, folders, stdin and records into documents.
//!
//! [`read`] yields one [`Raw`] for each document, in the order of the inputs and cheaply; [`Raw::into_document`] does the work
//! (reading, decoding, splitting) and may run on any thread. Files of records are streamed: memory does not grow with the file.

mod archive;
mod csv;
mod encoding;
mod error;
mod html;
mod http;
mod inner;
mod jsonl;
mod kind;
mod lines;
mod markdown;
mod meter;
mod parquet;
mod pieces;
mod raw;
mod rows;
mod tar;
mod visible;
mod walk;
mod warc;

pub use error::{Cause, InputError, aloud, hush_panics_over_files, survived};
pub use http::response_parts;
pub use jsonl::field_span;
pub use kind::{Compression, Keeping, Packer, archive_of, compression_of, format_of, keeping};
pub use meter::{Meter, size};
pub use parquet::{open_parquet, read_rows, sound};
pub use pieces::{Part, Piece, PieceFile, Pieces, Role, Shape, Shelf, pieces, place, shape_of};
pub use raw::{Raw, parse};
pub use tar::is_sized_elsewhere;

use self::kind::{Container, Kind};
use self::raw::{Body, Content};
use crate::document::{Format, Origin, Root, settled};
use globset::GlobSet;
use ignore::DirEntry;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::collections::HashSet;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::iter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// What to read and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Files to leave out when a folder is walked: patterns as in `.gitignore`, relative to `root`.
    pub ignore: Vec<String>,
    /// The patterns hold for files that are named too.
    pub force_ignore: bool,
    /// Folders and files, as [`settled`] names them, that are left out when a folder above them is walked: where the output of this
    /// very run goes.
    pub except: Vec<PathBuf>,
    /// Read nothing but these files, their links resolved.
    pub only: Option<HashSet<PathBuf>>,
    /// The folder that patterns are relative to.
    pub root: PathBuf,
    /// Where records keep their text and what belongs to it.
    pub fields: Fields,
    /// Other fields for the files whose path matches; the last that fits counts.
    pub fields_for: Vec<(GlobSet, Fields)>,
    /// What stdin is called in reports; its ending says what it is.
    pub stdin_filename: Option<String>,
    /// Largest document, decompressed, and longest line of a JSONL file, in bytes.
    pub max_document_bytes: usize,
    /// Counts what is read.
    pub meter: Meter,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            ignore: Vec::new(),
            force_ignore: false,
            except: Vec::new(),
            only: None,
            root: PathBuf::from("."),
            fields: Fields::default(),
            fields_for: Vec::new(),
            stdin_filename: None,
            max_document_bytes: 64 << 20,
            meter: Meter::default(),
        }
    }
}

/// The names of a record's fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    pub text: String,
    pub id: String,
    pub url: String,
    pub title: String,
    pub date: String,
    pub author: String,
    /// What the text is: plain, or a page or Markdown as it was found.
    pub format: Format,
}

impl Default for Fields {
    fn default() -> Self {
        Self {
            text: "text".into(),
            id: "id".into(),
            url: "url".into(),
            title: "title".into(),
            date: "date".into(),
            author: "author".into(),
            format: Format::Text,
        }
    }
}

/// How many files a walk left out, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Skipped {
    /// Files whose name starts with a dot.
    pub hidden: usize,
    /// Files that are not text.
    pub binary: usize,
    /// Program code, data and the like, by the ending of their name.
    pub not_prose: usize,
    /// Symbolic links.
    pub links: usize,
    /// Pipes, sockets and devices.
    pub special: usize,
}

impl Skipped {
    pub const fn total(self) -> usize {
        self.hidden + self.binary + self.not_prose + self.links + self.special
    }
}

impl fmt::Display for Skipped {
    /// `5 files skipped: 3 hidden, 2 binary`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.total();
        write!(f, "{total} file{} skipped:", if total == 1 { "" } else { "s" })?;
        let parts = [
            (self.hidden, "hidden"),
            (self.binary, "binary"),
            (self.not_prose, "not prose"),
            (self.links, "symbolic links"),
            (self.special, "pipes or devices"),
        ];
        for (at, (count, what)) in parts.into_iter().filter(|&(count, _)| count > 0).enumerate() {
            write!(f, "{} {count} {what}", if at == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

/// A pattern of the options that is not one.
#[derive(Debug, thiserror::Error)]
#[error("`{pattern}` is not a valid glob: {reason}")]
pub struct BadGlob {
    pub pattern: String,
    pub reason: String,
}

type RawStream = Box<dyn Iterator<Item = Result<Raw, InputError>> + Send>;

/// All documents of the inputs, in order.
pub struct Inputs {
    paths: std::vec::IntoIter<PathBuf>,
    files: Box<dyn Iterator<Item = Result<walk::Source, InputError>> + Send>,
    current: RawStream,
    stdin_read: bool,
    shared: Arc<Shared>,
}

/// Starts to read `paths`; `-` is stdin.
pub fn read(paths: impl Into<Vec<PathBuf>>, options: Options) -> Result<Inputs, BadGlob> {
    Ok(Inputs {
        paths: paths.into().into_iter(),
        files: Box::new(iter::empty()),
        current: Box::new(iter::empty()),
        stdin_read: false,
        shared: Arc::new(Shared::new(options)?),
    })
}

impl Inputs {
    /// What was left out so far; final when all documents have been read.
    pub fn skipped(&self) -> Skipped {
        self.shared.skipped()
    }

    fn open_stdin(&mut self) -> RawStream {
        let shown = self.shared.options.stdin_filename.clone().unwrap_or_else(|| "-".into());
        if std::mem::replace(&mut self.stdin_read, true) {
            return one(Err(InputError::new(&shown, None, Cause::StdinTwice)));
        }
        let kind = Kind::of(Path::new(&shown));
        open(kind, BufReader::with_capacity(BUFFER, io::stdin()), shown, Arc::clone(&self.shared))
    }
}

impl Iterator for Inputs {
    type Item = Result<Raw, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(raw) = self.current.next() {
                return Some(raw);
            }
            if let Some(file) = self.files.next() {
                match file {
                    Ok(source) => self.current = open_file(source, &self.shared),
                    Err(error) => return Some(Err(error)),
                }
                continue;
            }
            let path = self.paths.next()?;
            if path == Path::new("-") {
                self.current = self.open_stdin();
            } else {
                self.files = walk::sources(&path, &self.shared);
            }
        }
    }
}

/// Size of the buffer that files are read through, in bytes.
const BUFFER: usize = 256 << 10;

fn open_file(source: walk::Source, shared: &Arc<Shared>) -> RawStream {
    let Kind { container, compression } = Kind::of(&source.path);
    if let Container::One(format) = container {
        // Opened on the thread that checks it, so that a tree of small files is read by all of them.
        let origin = Origin { path: source.shown.clone(), ..Origin::default() };
        return one(Ok(Raw { origin, body: Body::File { source, compression, format }, shared: Arc::clone(shared) }));
    }
    if container == Container::Parquet && compression == Compression::None {
        return match File::open(&source.path) {
            Ok(file) => parquet::stream(source.shown, file, Arc::clone(shared)),
            Err(error) => one(Err(InputError::new(&source.shown, None, error))),
        };
    }
    match shared.options.meter.open(&source.path) {
        Ok(file) => open(Kind { container, compression }, BufReader::with_capacity(BUFFER, file), source.shown, Arc::clone(shared)),
        Err(error) => one(Err(InputError::new(&source.shown, None, error))),
    }
}

/// The documents of what `reader` delivers.
fn open(kind: Kind, reader: impl BufRead + Send + 'static, path: String, shared: Arc<Shared>) -> RawStream {
    let reader = match kind.compression.reader(reader) {
        Ok(reader) => reader,
        Err(error) => return one(Err(InputError::new(&path, None, error))),
    };
    match kind.container {
        Container::Jsonl => jsonl::stream(path, reader, shared),
        Container::Table(delimiter) => csv::stream(path, reader, delimiter, shared),
        Container::Warc => warc::stream(path, reader, shared),
        Container::Parquet => one(Err(InputError::new(&path, None, Cause::NeedsFile))),
        Container::Tar => tar::stream(path, reader, shared),
        Container::One(format) => {
            let bytes = raw::whole(reader, 0, shared.options.max_document_bytes);
            one(bytes.map_err(|cause| InputError::new(&path, None, cause)).map(|bytes| Raw {
                origin: Origin { path, ..Origin::default() },
                body: Body::Content(Content { bytes, format, ..Content::default() }),
                shared,
            }))
        }
    }
}

fn one(raw: Result<Raw, InputError>) -> RawStream {
    Box::new(iter::once(raw))
}

/// The options in the form in which they are used, and what all inputs of a run count together.
struct Shared {
    options: Options,
    root: Root,
    ignore: Gitignore,
    fields: Arc<Fields>,
    fields_for: Vec<(GlobSet, Arc<Fields>)>,
    tally: walk::Tally,
}

impl Shared {
    fn new(options: Options) -> Result<Self, BadGlob> {
        let bad = |pattern: &str, reason: String| BadGlob { pattern: pattern.to_string(), reason };
        let root = Root::new(&options.root);
        let mut ignore = GitignoreBuilder::new(root.path());
        for pattern in &options.ignore {
            ignore.add_line(None, pattern).map_err(|error| bad(pattern, error.to_string()))?;
        }
        let ignore = ignore.build().map_err(|error| bad(&options.ignore.join(", "), error.to_string()))?;
        let fields_for = options.fields_for.iter().map(|(globs, fields)| (globs.clone(), Arc::new(fields.clone()))).collect();
        Ok(Self { root, ignore, fields: Arc::new(options.fields.clone()), fields_for, tally: walk::Tally::default(), options })
    }

    fn skipped(&self) -> Skipped {
        let tally = &self.tally;
        let load = |counter: &std::sync::atomic::AtomicUsize| counter.load(Ordering::Relaxed);
        Skipped {
            hidden: load(&tally.hidden),
            binary: load(&tally.binary),
            not_prose: load(&tally.other),
            links: load(&tally.links),
            special: load(&tally.special),
        }
    }

    fn fields_for(&self, path: &str) -> Arc<Fields> {
        if self.fields_for.is_empty() {
            return Arc::clone(&self.fields);
        }
        let name = self.root.name(path);
        let special = self.fields_for.iter().rev().find(|(glob, _)| glob.is_match(&name));
        Arc::clone(special.map_or(&self.fields, |(_, fields)| fields))
    }

    /// Whether a file may be read as far as the options go that hold for named files too.
    fn wants(&self, path: &Path) -> bool {
        if self.options.force_ignore && !self.ignore.is_empty() {
            let path = settled(path);
            if path.starts_with(self.ignore.path()) && self.ignore.matched_path_or_any_parents(&path, false).is_ignore() {
                return false;
            }
        }
        self.options.only.as_ref().is_none_or(|only| std::fs::canonicalize(path).is_ok_and(|path| only.contains(&path)))
    }

    fn ignores(&self, entry: &DirEntry) -> bool {
        if entry.depth() == 0 || (self.ignore.is_empty() && self.options.except.is_empty()) {
            return false;
        }
        let path = settled(entry.path());
        if self.options.except.contains(&path) {
            return true;
        }
        let is_dir = entry.file_type().is_some_and(|file_type| file_type.is_dir());
        self.ignore.matched(path, is_dir).is_ignore()
    }
}

#[cfg(test)]
mod tests;
