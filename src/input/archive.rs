//! Archives record by record, for whoever writes them again: a record that holds a document in one piece, all others in stretches.

use super::error::{Cause, InputError};
use super::inner::InnerFile;
use super::kind::Compression;
use super::pieces::{Archived, Piece, Reading};
use super::raw::Decoded;
use super::{BUFFER, Shared};
use crate::text::Span;
use std::io::{self, Read};

/// A format of archives.
pub(super) trait Records {
    /// The next record up to its body, or what was read of the bytes behind the last one.
    fn next(&mut self) -> Result<Next, Failure>;

    /// What the next bytes are read from.
    fn reader(&mut self) -> &mut dyn Read;

    /// What closes the record whose body was read.
    fn close(&mut self) -> io::Result<Vec<u8>> {
        Ok(Vec::new())
    }

    /// The number of the record last read, counted from 1.
    fn number(&self) -> usize;
}

pub(super) enum Next {
    Record(Start),
    End(Vec<u8>),
}

/// A record whose head has been read.
pub(super) struct Start {
    /// The bytes of the head.
    pub head: Vec<u8>,
    /// Bytes of the body, and of what fills it up.
    pub length: u64,
    pub padding: u64,
    pub holds: Holds,
}

pub(super) enum Holds {
    /// No document.
    Other,
    Document(Opener),
    /// Records, each of them a document.
    Records(InnerFile),
    /// A document that is not read.
    Unreadable(InputError),
}

/// Makes a document of a record's body. `None`: there is none in it.
pub(super) type Opener = Box<dyn FnOnce(&[u8], &Shared) -> Result<Option<Opened>, InputError> + Send>;

pub(super) struct Opened {
    pub document: Decoded,
    /// Where in the body it stands, stretch by stretch; nowhere, where it cannot be written.
    pub places: Vec<Span>,
    /// Its bytes, where it stands there packed, and how it is packed when it is written.
    pub unpacked: Option<Vec<u8>>,
    pub packing: Compression,
}

/// The head of a record is none, or cannot be read.
pub(super) struct Failure {
    /// What was read of it.
    pub bytes: Vec<u8>,
    pub error: io::Error,
}

/// The pieces of an archive. One that is broken is told where it breaks, and what is behind comes as it is.
pub(super) fn pieces<R: Records>(path: String, records: R) -> Pieces<R> {
    Pieces { path, records, stage: Stage::Head, is_told: false }
}

pub(super) struct Pieces<R> {
    path: String,
    records: R,
    stage: Stage,
    /// That it is broken has been said.
    is_told: bool,
}

enum Stage {
    /// A head comes next.
    Head,
    /// The rest of a record, of so many bytes.
    Body(u64),
    /// The rest of a file of records, and bytes that fill it up.
    Inner(InnerFile, u64),
    /// What no record can be read from.
    Rest,
    Over,
}

impl<R: Records> Pieces<R> {
    fn error(&self, cause: impl Into<Cause>) -> InputError {
        InputError::new(&self.path, Some(self.records.number().max(1)), cause)
    }

    /// Adds the next bytes, at most so many; all of them must be there.
    fn read(&mut self, length: u64, into: &mut Vec<u8>) -> io::Result<()> {
        let read = self.records.reader().take(length).read_to_end(into)? as u64;
        if read < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    /// From here on, nobody can say where the next record starts.
    fn broken(&mut self, content: Vec<u8>, error: io::Error) -> Piece {
        (self.stage, self.is_told) = (Stage::Rest, true);
        Piece::open(content, Reading::Broken(self.error(error)))
    }

    fn head(&mut self) -> Result<Piece, InputError> {
        let start = match self.records.next() {
            Ok(Next::Record(start)) => start,
            Ok(Next::End(bytes)) => {
                self.stage = Stage::Rest;
                return Ok(Piece::open(bytes, Reading::Copied));
            }
            Err(Failure { bytes, error }) => return Ok(self.broken(bytes, error)),
        };
        let Start { head: mut content, length, padding, holds } = start;
        let reading = match holds {
            Holds::Document(opener) => {
                let body = Span::new(content.len(), content.len() + length as usize);
                let read = self.read(length + padding, &mut content);
                return Ok(match read.and_then(|()| self.records.close()) {
                    Ok(mut end) => {
                        content.append(&mut end);
                        Piece::new(content, Reading::Archived(Archived { body, opener }))
                    }
                    Err(error) => self.broken(content, error),
                });
            }
            Holds::Records(file) => {
                let opening = file.opening(content);
                self.stage = Stage::Inner(file, padding);
                return Ok(opening);
            }
            Holds::Other => Reading::Copied,
            Holds::Unreadable(error) => Reading::Broken(error),
        };
        self.body(content, length.saturating_add(padding), reading)
    }

    /// The next stretch of a record of which `left` bytes are left.
    fn body(&mut self, mut content: Vec<u8>, left: u64, reading: Reading) -> Result<Piece, InputError> {
        let length = left.min(BUFFER as u64);
        let read = self.read(length, &mut content);
        if length < left && read.is_ok() {
            self.stage = Stage::Body(left - length);
            return Ok(Piece::open(content, reading));
        }
        match read.and_then(|()| self.records.close()) {
            Ok(mut end) => {
                self.stage = Stage::Head;
                content.append(&mut end);
                Ok(Piece::new(content, reading))
            }
            Err(error) if content.is_empty() => Err(self.error(error)),
            // What there is of it comes first.
            Err(_) => {
                self.stage = Stage::Body(left);
                Ok(Piece::open(content, reading))
            }
        }
    }

    /// What fills a file of records up, all pieces of which have come.
    fn closing(&mut self, padding: u64) -> Piece {
        let mut content = Vec::new();
        let read = self.read(padding, &mut content);
        self.stage = if read.is_ok() { Stage::Head } else { Stage::Body(padding - content.len() as u64) };
        Piece::new(content, Reading::Close)
    }

    fn rest(&mut self) -> Result<Piece, InputError> {
        let mut content = Vec::new();
        let read = self.records.reader().take(BUFFER as u64).read_to_end(&mut content);
        match read {
            Err(error) if content.is_empty() && !self.is_told => Err(self.error(error)),
            _ if content.is_empty() => {
                self.stage = Stage::Over;
                Ok(Piece::new(content, Reading::End))
            }
            _ => Ok(Piece::open(content, Reading::More)),
        }
    }
}

impl<R: Records> Iterator for Pieces<R> {
    type Item = Result<Piece, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        let piece = match &mut self.stage {
            Stage::Head => self.head(),
            &mut Stage::Body(left) => self.body(Vec::new(), left, Reading::More),
            Stage::Inner(file, padding) => match (file.next(), *padding) {
                (Some(piece), _) => piece.map_err(|error| self.error(error)),
                (None, padding) => Ok(self.closing(padding)),
            },
            Stage::Rest => self.rest(),
            Stage::Over => return None,
        };
        if piece.is_err() {
            self.stage = Stage::Over;
        }
        Some(piece)
    }
}
