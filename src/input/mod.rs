//! Files, folders, stdin and records into documents.
//!
//! [`read`] yields one [`Raw`] for each document, in the order of the inputs and cheaply; [`Raw::into_document`] does the work
//! (reading, decoding, splitting) and may run on any thread. Files of records are streamed: memory does not grow with the file.

mod encoding;
mod error;
mod html;
mod markdown;
mod records;
mod visible;
mod walk;

pub use error::{Cause, InputError};

use crate::document::{Document, Format, Origin};
use globset::GlobMatcher;
use ignore::DirEntry;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::iter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// What to read and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Files to leave out when a folder is walked: patterns as in `.gitignore`, relative to `root`.
    pub ignore: Vec<String>,
    /// The folder that patterns are relative to.
    pub root: PathBuf,
    /// Where records keep their text and what belongs to it.
    pub fields: Fields,
    /// Other fields for the files that a glob names; the last that fits counts.
    pub fields_for: Vec<(String, Fields)>,
    /// What stdin is called in reports; its ending says what it is.
    pub stdin_filename: Option<String>,
    /// Largest document, decompressed, and longest line of a JSONL file, in bytes.
    pub max_document_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            ignore: Vec::new(),
            root: PathBuf::from("."),
            fields: Fields::default(),
            fields_for: Vec::new(),
            stdin_filename: None,
            max_document_bytes: 64 << 20,
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
        let tally = &self.shared.tally;
        let load = |counter: &std::sync::atomic::AtomicUsize| counter.load(Ordering::Relaxed);
        Skipped {
            hidden: load(&tally.hidden),
            binary: load(&tally.binary),
            not_prose: load(&tally.other),
            links: load(&tally.links),
            special: load(&tally.special),
        }
    }

    fn open_stdin(&mut self) -> RawStream {
        let shown = self.shared.options.stdin_filename.clone().unwrap_or_else(|| "-".into());
        if std::mem::replace(&mut self.stdin_read, true) {
            return Box::new(iter::once(Err(InputError::new(&shown, None, Cause::StdinTwice))));
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
    let kind = Kind::of(&source.path);
    if let Container::One(_) = kind.container {
        // Opened on the thread that checks it, so that a tree of small files is read by all of them.
        let origin = Origin { path: source.shown.clone(), ..Origin::default() };
        return Box::new(iter::once(Ok(Raw { origin, body: Body::File { source, kind }, shared: Arc::clone(shared) })));
    }
    match File::open(&source.path) {
        Ok(file) => open(kind, BufReader::with_capacity(BUFFER, file), source.shown, Arc::clone(shared)),
        Err(error) => Box::new(iter::once(Err(InputError::new(&source.shown, None, error)))),
    }
}

/// The documents of what `reader` delivers.
fn open(kind: Kind, reader: impl BufRead + Send + 'static, path: String, shared: Arc<Shared>) -> RawStream {
    let reader = match kind.compression.reader(reader) {
        Ok(reader) => reader,
        Err(error) => return Box::new(iter::once(Err(InputError::new(&path, None, error)))),
    };
    match kind.container {
        Container::Jsonl => records::stream(path, reader, shared),
        Container::One(format) => {
            let bytes = whole(reader, 0, shared.options.max_document_bytes);
            let raw = bytes.map_err(|cause| InputError::new(&path, None, cause)).map(|bytes| Raw {
                origin: Origin { path, ..Origin::default() },
                body: Body::Bytes { bytes, format },
                shared,
            });
            Box::new(iter::once(raw))
        }
    }
}

/// All that `reader` delivers, as long as it is within the limit; `expected` is about how much that is, in bytes.
fn whole(reader: impl Read, expected: usize, limit: usize) -> Result<Vec<u8>, Cause> {
    let mut bytes = Vec::with_capacity(expected.min(limit) + 1);
    reader.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > limit { Err(Cause::TooLarge { what: "document", limit }) } else { Ok(bytes) }
}

/// One document, not yet read or decoded.
pub struct Raw {
    pub origin: Origin,
    body: Body,
    shared: Arc<Shared>,
}

enum Body {
    File { source: walk::Source, kind: Kind },
    Bytes { bytes: Vec<u8>, format: Format },
    Json { json: Vec<u8>, fields: Arc<Fields> },
}

impl Raw {
    /// Bytes held in memory for it: nothing for a file that is still to be read.
    pub fn held(&self) -> usize {
        match &self.body {
            Body::File { .. } => 0,
            Body::Bytes { bytes, .. } => bytes.len(),
            Body::Json { json, .. } => json.len(),
        }
    }

    /// The whole record as JSON, where it is one.
    pub fn json(&self) -> Option<&[u8]> {
        match &self.body {
            Body::Json { json, .. } => Some(json),
            Body::File { .. } | Body::Bytes { .. } => None,
        }
    }

    /// Reads, decodes and splits it. `None`: a file met in a folder that turned out not to be text, which is counted.
    pub fn into_document(self) -> Result<Option<Document>, InputError> {
        let Self { origin, body, shared } = self;
        let limit = shared.options.max_document_bytes;
        match body {
            Body::Json { json, fields } => records::document(origin, &json, &fields).map(Some),
            Body::Bytes { bytes, format } => decoded(origin, bytes, format).map(Some),
            Body::File { source, kind } => {
                let read = read_file(&source.path, kind.compression, limit);
                let Container::One(format) = kind.container else { unreachable!("files of records are streamed") };
                let read = read.map_err(|cause| InputError::new(&origin.path, None, cause));
                match read.and_then(|bytes| decoded(origin, bytes, format)) {
                    Err(InputError { cause: Cause::Binary(_), .. }) if !source.named => {
                        walk::count(&shared.tally.binary);
                        Ok(None)
                    }
                    outcome => outcome.map(Some),
                }
            }
        }
    }
}

fn read_file(path: &Path, compression: Compression, limit: usize) -> Result<Vec<u8>, Cause> {
    let file = File::open(path)?;
    let size = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    match compression {
        Compression::None if size > limit => Err(Cause::TooLarge { what: "document", limit }),
        Compression::None => whole(file, size, limit),
        _ => whole(compression.reader(BufReader::with_capacity(BUFFER, file))?, size, limit),
    }
}

fn decoded(mut origin: Origin, bytes: Vec<u8>, format: Format) -> Result<Document, InputError> {
    let declared = if format == Format::Html { html::declared_encoding(&bytes) } else { None };
    let decoded = encoding::decode(bytes, declared).map_err(|cause| InputError::new(&origin.path, None, cause))?;
    origin.encoding = decoded.encoding;
    origin.damaged = decoded.damaged;
    Ok(parse(origin, format, decoded.text))
}

/// A text that is already in memory: what an editor holds, or what a fix made.
pub fn parse(origin: Origin, format: Format, text: impl Into<Arc<str>>) -> Document {
    let source: Arc<str> = text.into();
    let marked = source.strip_prefix('\u{feff}').unwrap_or(&source);
    let mut visible = match format {
        Format::Text => return Document::new(origin, source),
        Format::Markdown => markdown::read(marked),
        Format::Html => html::read(marked),
    };
    visible.map.shift(source.len() - marked.len());
    Document::with_source(origin, format, source, visible)
}

/// What a file is, by the ending of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Kind {
    container: Container,
    compression: Compression,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Container {
    /// The file is one document.
    One(Format),
    Jsonl,
}

impl Kind {
    fn of(path: &Path) -> Self {
        let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        let (name, compression) = match name.rsplit_once('.') {
            Some((name, "gz")) => (name, Compression::Gzip),
            Some((name, "zst" | "zstd")) => (name, Compression::Zstd),
            _ => (name.as_str(), Compression::None),
        };
        let container = match name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("jsonl" | "ndjson") => Container::Jsonl,
            _ => Container::One(format_of(name)),
        };
        Self { container, compression }
    }
}

/// The format of a file, by the ending of its name.
pub fn format_of(name: &str) -> Format {
    match name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).as_deref() {
        Some("md" | "markdown" | "mdown" | "mkd") => Format::Markdown,
        Some("html" | "htm" | "xhtml") => Format::Html,
        _ => Format::Text,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compression {
    None,
    Gzip,
    Zstd,
}

impl Compression {
    fn reader(self, reader: impl BufRead + Send + 'static) -> io::Result<Box<dyn BufRead + Send>> {
        // A zstd frame may ask for a window of gigabytes; this is what `zstd -d` allows.
        const WINDOW_LOG: u32 = 27;
        Ok(match self {
            Self::None => Box::new(reader),
            Self::Gzip => Box::new(BufReader::with_capacity(BUFFER, flate2::bufread::MultiGzDecoder::new(reader))),
            Self::Zstd => {
                let mut decoder = zstd::Decoder::with_buffer(reader)?;
                decoder.window_log_max(WINDOW_LOG)?;
                Box::new(BufReader::with_capacity(BUFFER, decoder))
            }
        })
    }
}

/// The options in the form in which they are used, and what all inputs of a run count together.
struct Shared {
    options: Options,
    ignore: Gitignore,
    fields: Arc<Fields>,
    fields_for: Vec<(GlobMatcher, Arc<Fields>)>,
    tally: walk::Tally,
}

impl Shared {
    fn new(options: Options) -> Result<Self, BadGlob> {
        let bad = |pattern: &str, reason: String| BadGlob { pattern: pattern.to_string(), reason };
        let root = std::path::absolute(&options.root).unwrap_or_else(|_| options.root.clone());
        let mut ignore = GitignoreBuilder::new(root);
        for pattern in &options.ignore {
            ignore.add_line(None, pattern).map_err(|error| bad(pattern, error.to_string()))?;
        }
        let ignore = ignore.build().map_err(|error| bad(&options.ignore.join(", "), error.to_string()))?;
        let fields_for = options.fields_for.iter().map(|(pattern, fields)| {
            let glob = globset::Glob::new(pattern).map_err(|error| bad(pattern, error.kind().to_string()))?;
            Ok((glob.compile_matcher(), Arc::new(fields.clone())))
        });
        Ok(Self {
            ignore,
            fields: Arc::new(options.fields.clone()),
            fields_for: fields_for.collect::<Result<_, BadGlob>>()?,
            tally: walk::Tally::default(),
            options,
        })
    }

    fn fields_for(&self, path: &str) -> Arc<Fields> {
        let special = self.fields_for.iter().rev().find(|(glob, _)| glob.is_match(path));
        Arc::clone(special.map_or(&self.fields, |(_, fields)| fields))
    }

    fn ignores(&self, entry: &DirEntry) -> bool {
        if entry.depth() == 0 || self.ignore.is_empty() {
            return false;
        }
        let is_dir = entry.file_type().is_some_and(|file_type| file_type.is_dir());
        std::path::absolute(entry.path()).is_ok_and(|path| self.ignore.matched(path, is_dir).is_ignore())
    }

    /// Whether a file of a folder may be an article: program code, configuration and data are read only when named.
    fn is_prose(&self, path: &Path) -> bool {
        const OTHER: [&str; 58] = [
            "bash",
            "bat",
            "bib",
            "c",
            "cc",
            "cfg",
            "cmake",
            "conf",
            "cpp",
            "cs",
            "css",
            "diff",
            "env",
            "go",
            "h",
            "hpp",
            "ini",
            "ipynb",
            "java",
            "js",
            "json",
            "jsx",
            "kt",
            "less",
            "lock",
            "log",
            "lua",
            "mjs",
            "patch",
            "php",
            "pl",
            "properties",
            "proto",
            "ps1",
            "py",
            "r",
            "rb",
            "rs",
            "rss",
            "sass",
            "scala",
            "scss",
            "sh",
            "sql",
            "srt",
            "svg",
            "swift",
            "tex",
            "toml",
            "ts",
            "tsx",
            "vtt",
            "vue",
            "xml",
            "xsl",
            "yaml",
            "yml",
            "zsh",
        ];
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        ending.is_none_or(|ending| OTHER.binary_search(&ending.as_str()).is_err())
    }
}

#[cfg(test)]
mod tests;
