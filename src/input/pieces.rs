//! Files piece by piece, for whoever writes them again: the bytes of a file's pieces, one after the other, are the file.

use super::archive::{self, Opener};
use super::csv::likely_delimiter;
use super::error::{Cause, InputError};
use super::kind::{Compression, Container, Kind};
use super::lines::Lines;
use super::raw::{Content, Raw};
use super::rows::Rows;
use super::walk::{self, Source};
use super::{BUFFER, BadGlob, Fields, Options, Shared, encoding, jsonl, parquet, raw, tar, warc};
use crate::document::{Document, Format, Origin};
use crate::text::Span;
use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_128;

/// How a file is made of pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The file is one document.
    Whole,
    /// Each line is a record in JSON.
    Lines,
    /// A table; the byte between two fields.
    Table(u8),
    /// Parquet: each row is a document, and its text is one of many values. The pieces are the texts.
    Columns,
    /// An archive of files.
    Tar,
    /// A web archive; where it is packed, each record is packed by itself.
    Warc,
}

/// How a file of this name is made of pieces.
pub fn shape_of(path: &str) -> Shape {
    match Kind::of(Path::new(path)).container {
        Container::One(_) => Shape::Whole,
        Container::Jsonl => Shape::Lines,
        Container::Table(delimiter) => Shape::Table(delimiter.unwrap_or(b',')),
        Container::Parquet => Shape::Columns,
        Container::Tar => Shape::Tar,
        Container::Warc => Shape::Warc,
    }
}

/// A file that is read in pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PieceFile {
    /// Its place among the inputs, counted from 0.
    pub number: usize,
    /// As the user wrote it.
    pub path: String,
    /// Where it is read from.
    pub source: PathBuf,
    pub shape: Shape,
}

/// The next step through the inputs.
pub struct Part {
    pub file: Arc<PieceFile>,
    /// Of the piece in its file, counted from 0.
    pub number: usize,
    /// Err: the piece is missing, and where the file holds records, all after it are.
    pub piece: Result<Piece, InputError>,
}

/// A stretch of a file.
pub struct Piece {
    /// What stands before the document: a byte order mark, blank lines.
    pub before: Vec<u8>,
    /// The document as it is written: a line, a row, of a row in Parquet the text, a file. Of a file, empty until it is read, and where
    /// it is the text of its document.
    pub content: Vec<u8>,
    /// Of a file that was read: its bytes are those of its document's source, and are not held twice.
    pub is_text: bool,
    /// The line break.
    pub after: Vec<u8>,
    /// In a table: the column of the text. In Parquet groups are taken apart: it is the number of a leaf.
    pub column: usize,
    /// In an archive, of a document that was read: where in the content the record's body stands, and in that the document, stretch by
    /// stretch; nowhere, where it cannot be written.
    pub body: Span,
    pub places: Vec<Span>,
    /// The document's bytes, where it stands there packed, and how it is packed when it is written. Of a file of records in an archive:
    /// how the file is packed.
    pub unpacked: Option<Vec<u8>>,
    pub packing: Compression,
    /// Of a file of records in an archive: how that is made of pieces.
    pub inner: Option<Shape>,
    /// Of one that is packed: what was read of it as it is packed since the piece before.
    pub packed: Vec<u8>,
    /// The next piece is no part of the same record.
    pub ends: bool,
    pub(super) reading: Reading,
}

/// What a piece is to whoever writes the file again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The first line of a table, which every table made of it needs.
    Head,
    /// In an archive, what stands before a file of records, the pieces of which follow.
    Open,
    /// What fills that file up.
    Close,
    /// The last of the pieces of a file of records; it holds no document.
    End,
    /// There is a document in it, or should be.
    Document,
    /// It holds no document, and is copied.
    Copied,
    /// It goes where the piece before it goes.
    More,
}

pub(super) enum Reading {
    /// The first line of a table; in Parquet, of no bytes.
    Head,
    Open,
    Close,
    /// What stands behind the last document.
    End,
    Json {
        origin: Origin,
        fields: Arc<Fields>,
    },
    Row(Box<Raw>),
    File {
        source: Source,
        compression: Compression,
        format: Format,
    },
    Archived(Archived),
    Copied,
    More,
    Broken(InputError),
}

/// A record of an archive with a document in it.
pub(super) struct Archived {
    /// Where its body stands in the content.
    pub body: Span,
    pub opener: Opener,
}

impl Piece {
    pub(super) const fn new(content: Vec<u8>, reading: Reading) -> Self {
        Self {
            before: Vec::new(),
            content,
            is_text: false,
            after: Vec::new(),
            column: 0,
            body: Span::new(0, 0),
            places: Vec::new(),
            unpacked: None,
            packing: Compression::None,
            inner: None,
            packed: Vec::new(),
            ends: true,
            reading,
        }
    }

    /// A piece of a record that goes on in the next.
    pub(super) fn open(content: Vec<u8>, reading: Reading) -> Self {
        Self { ends: false, ..Self::new(content, reading) }
    }

    pub const fn role(&self) -> Role {
        match self.reading {
            Reading::Head => Role::Head,
            Reading::Open => Role::Open,
            Reading::Close => Role::Close,
            Reading::End => Role::End,
            Reading::Copied => Role::Copied,
            Reading::More => Role::More,
            Reading::Json { .. } | Reading::Row(_) | Reading::File { .. } | Reading::Archived(_) | Reading::Broken(_) => Role::Document,
        }
    }

    /// About how many bytes it takes in memory.
    pub fn held(&self) -> usize {
        self.before.len() + self.content.len() + self.after.len() + self.packed.len()
    }

    /// All of its bytes.
    pub fn into_bytes(mut self) -> Vec<u8> {
        let content = std::mem::take(&mut self.content);
        self.around(content)
    }

    /// All of its bytes, with others in the place of the document.
    pub fn around(&self, mut content: Vec<u8>) -> Vec<u8> {
        content.splice(0..0, self.before.iter().copied());
        content.extend(&self.after);
        content
    }

    /// Its document. `None`: there is none in it; of a file met in a folder or an archive, that it turned out not to be text.
    ///
    /// # Errors
    /// Where its document cannot be read.
    pub fn read(&mut self, shared: &Shelf) -> Result<Option<Document>, InputError> {
        let reading = std::mem::replace(&mut self.reading, Reading::End);
        match reading {
            Reading::Head | Reading::Open | Reading::Close | Reading::End | Reading::Copied | Reading::More => {
                self.reading = reading;
                Ok(None)
            }
            Reading::Broken(error) => Err(error),
            Reading::Archived(Archived { body, opener }) => {
                let Some(opened) = opener(&self.content[body.start..body.end], &shared.0)? else { return Ok(None) };
                (self.body, self.unpacked, self.packing) = (body, opened.unpacked, opened.packing);
                self.places = opened.places.into_iter().map(|place| Span::new(body.start + place.start, body.start + place.end)).collect();
                Ok(Some(opened.document.into_document()))
            }
            Reading::Json { origin, fields } => jsonl::text(origin, &self.content, &fields).map(|decoded| Some(decoded.into_document())),
            Reading::Row(row) => row.into_document(),
            Reading::File { source, compression, format } => {
                let origin = Origin { path: source.shown.clone(), ..Origin::default() };
                let bytes = raw::read_file(&source.path, compression, &shared.0.options)
                    .map_err(|cause| InputError::new(&source.shown, None, cause))?;
                self.is_text = encoding::is_plain(&bytes);
                if !self.is_text {
                    self.content.clone_from(&bytes);
                }
                let content = Content { bytes, format, met: !source.named, ..Content::default() };
                Ok(raw::known(origin, content, &shared.0.tally)?.map(raw::Decoded::into_document))
            }
        }
    }
}

/// What all pieces of a run share.
#[derive(Clone)]
pub struct Shelf(Arc<Shared>);

impl Shelf {
    /// What was left out so far; final when all pieces have been read.
    pub fn skipped(&self) -> super::Skipped {
        self.0.skipped()
    }
}

/// The pieces of one file.
type Stream = Box<dyn Iterator<Item = Result<Piece, InputError>> + Send>;

/// All pieces of the inputs, in order.
pub struct Pieces {
    paths: std::vec::IntoIter<PathBuf>,
    sources: Box<dyn Iterator<Item = Result<Source, InputError>> + Send>,
    current: Box<dyn Iterator<Item = Part> + Send>,
    /// Number of the next file.
    next: usize,
    /// The file and the piece to begin with.
    from: (usize, usize),
    /// Where each file would be written, and the file.
    places: HashMap<u128, u128>,
    shared: Arc<Shared>,
}

/// Starts to read `paths` at piece `from.1` of file `from.0`. What stands before it in any case comes first: the head of a table, the
/// opening of a file of records in an archive.
///
/// # Errors
/// Where a pattern of the options is none.
pub fn pieces(paths: Vec<PathBuf>, options: Options, from: (usize, usize)) -> Result<(Pieces, Shelf), BadGlob> {
    let shared = Arc::new(Shared::new(options)?);
    let pieces = Pieces {
        paths: paths.into_iter(),
        sources: Box::new(std::iter::empty()),
        current: Box::new(std::iter::empty()),
        next: 0,
        from,
        places: HashMap::new(),
        shared: Arc::clone(&shared),
    };
    Ok((pieces, Shelf(shared)))
}

/// Where the file is written, below the folder of the output: the path as it was named, without what leads out of the folder.
pub fn place(path: &str) -> PathBuf {
    let normal = |part: &std::path::Component<'_>| matches!(part, std::path::Component::Normal(_));
    Path::new(path).components().filter(normal).collect()
}

impl Iterator for Pieces {
    type Item = Part;

    fn next(&mut self) -> Option<Part> {
        loop {
            if let Some(part) = self.current.next() {
                return Some(part);
            }
            let Some(source) = self.sources.next() else {
                let path = self.paths.next()?;
                self.sources = walk::sources(&path, &self.shared);
                continue;
            };
            self.take(source);
        }
    }
}

impl Pieces {
    fn take(&mut self, source: Result<Source, InputError>) {
        let source = match source {
            Ok(source) => source,
            Err(error) => return self.fail(error),
        };
        let absolute = std::path::absolute(&source.path).unwrap_or_else(|_| source.path.clone());
        let absolute: PathBuf = absolute.components().collect();
        let name = |path: &Path| xxh3_128(path.as_os_str().as_encoded_bytes());
        let (place, file) = (name(&place(&source.shown)), name(&absolute));
        match self.places.insert(place, file) {
            // Named twice: it is read once.
            Some(other) if other == file => return,
            Some(_) => return self.fail(InputError::new(&source.shown, None, Cause::SamePlace)),
            None => {}
        }
        let kind = Kind::of(&source.path);
        let shown = source.shown.clone();
        let number = self.next;
        self.next += 1;
        if number < self.from.0 {
            return;
        }
        let skipped = if number == self.from.0 { self.from.1 } else { 0 };
        let path = source.path.clone();
        let file = |shape| Arc::new(PieceFile { number, path: shown.clone(), source: path.clone(), shape });
        self.current = match kind.container {
            Container::One(format) => {
                let reading = Reading::File { source, compression: kind.compression, format };
                let piece = Piece::new(Vec::new(), reading);
                Box::new(std::iter::once(Part { file: file(Shape::Whole), number: 0, piece: Ok(piece) }).skip(skipped))
            }
            _ => match self.open(&source, kind) {
                Ok((shape, pieces)) => {
                    let file = file(shape);
                    let parts = pieces.enumerate().map(move |(number, piece)| Part { file: Arc::clone(&file), number, piece });
                    Box::new(Resumed { parts, from: skipped, frames: VecDeque::new() })
                }
                Err(cause) => Box::new(std::iter::once(failed(file(Shape::Whole), InputError::new(&shown, None, cause))).skip(skipped)),
            },
        };
    }

    /// An error instead of a file, which has a number, too.
    fn fail(&mut self, error: InputError) {
        let file = PieceFile { number: self.next, path: error.path.clone(), source: PathBuf::new(), shape: Shape::Whole };
        self.next += 1;
        let skipped = if file.number < self.from.0 {
            1
        } else if file.number == self.from.0 {
            self.from.1
        } else {
            0
        };
        self.current = Box::new(std::iter::once(failed(Arc::new(file), error)).skip(skipped));
    }

    fn open(&self, source: &Source, kind: Kind) -> Result<(Shape, Stream), Cause> {
        if kind.container == Container::Parquet && kind.compression != Compression::None {
            return Err(Cause::NeedsFile);
        }
        if kind.container == Container::Parquet {
            return Ok((Shape::Columns, cells(parquet::rows(&source.shown, File::open(&source.path)?, Arc::clone(&self.shared))?)));
        }
        let mut reader = kind.compression.reader(BufReader::with_capacity(BUFFER, self.shared.options.meter.open(&source.path)?))?;
        let (path, shared) = (source.shown.clone(), Arc::clone(&self.shared));
        match kind.container {
            Container::Tar => return Ok((Shape::Tar, Box::new(archive::pieces(path.clone(), tar::Members::new(path, reader, shared))))),
            Container::Warc => return Ok((Shape::Warc, Box::new(archive::pieces(path.clone(), warc::Pages::new(path, reader, &shared))))),
            _ => {}
        }
        let fields = self.shared.fields_for(&path);
        let head = reader.fill_buf()?;
        if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) {
            return Err(Cause::WideRecords);
        }
        if let Container::Table(delimiter) = kind.container {
            let delimiter = delimiter.unwrap_or_else(|| likely_delimiter(head));
            let rows = Rows::open(path, reader, delimiter, fields, shared)?;
            return Ok((Shape::Table(delimiter), Box::new(rows)));
        }
        Ok((Shape::Lines, Box::new(Lines::new(path, reader, &shared))))
    }
}

/// The parts of a file from one on.
struct Resumed<I> {
    parts: I,
    from: usize,
    /// Of those before: the head of the table that goes on, the opening of the file in the archive; and then the first that is wanted.
    frames: VecDeque<Part>,
}

impl<I: Iterator<Item = Part>> Iterator for Resumed<I> {
    type Item = Part;

    fn next(&mut self) -> Option<Part> {
        if let Some(part) = self.frames.pop_front() {
            return Some(part);
        }
        loop {
            let part = self.parts.next()?;
            if part.number >= self.from {
                self.from = 0;
                self.frames.push_back(part);
                return self.frames.pop_front();
            }
            match part.piece.as_ref().map(Piece::role) {
                Ok(Role::Close) => self.frames.clear(),
                Ok(Role::Open | Role::Head) => self.frames.push_back(part),
                _ => {}
            }
        }
    }
}

const fn failed(file: Arc<PieceFile>, error: InputError) -> Part {
    Part { file, number: 0, piece: Err(error) }
}

/// The texts of the rows.
fn cells(rows: parquet::Rows) -> Stream {
    let column = rows.text_column();
    let piece = move |content: Vec<u8>, reading| Ok(Piece { column, ..Piece::new(content, reading) });
    let cell = move |row: Result<parquet::Row, InputError>| {
        let parquet::Row { text, raw } = row?;
        piece(text.data().to_vec(), raw.map_or_else(Reading::Broken, |raw| Reading::Row(Box::new(raw))))
    };
    let (head, end) = (piece(Vec::new(), Reading::Head), piece(Vec::new(), Reading::End));
    let mut failed = false;
    let pieces = std::iter::once(head).chain(rows.map(cell)).chain(std::iter::once(end));
    Box::new(pieces.take_while(move |piece| !std::mem::replace(&mut failed, piece.is_err())))
}
