//! A file of records in an archive, piece by piece, for whoever writes the archive again.

use super::csv::likely_delimiter;
use super::error::{Cause, InputError};
use super::kind::{Compression, Container, Kind};
use super::lines::Lines;
use super::pieces::{Piece, Reading, Shape};
use super::rows::Rows;
use super::{BUFFER, Shared};
use std::io::{self, BufRead, BufReader, Read};
use std::sync::{Arc, Mutex, PoisonError};

/// The pieces of a file of records, one of which may fail.
pub(super) trait Remaining: Iterator<Item = Result<Piece, InputError>> + Send {
    /// What was read and is in no piece, and what is behind that.
    fn remaining(&mut self) -> (Vec<u8>, &mut dyn Read);
}

pub(super) struct InnerFile {
    pieces: Box<dyn Remaining>,
    shape: Shape,
    packing: Compression,
    raw: Recorded,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Records,
    /// What no record can be read from.
    Rest,
}

impl InnerFile {
    /// Err: it holds no records, or none that can be read; what was read to see that.
    pub fn open(path: &str, kind: Kind, reader: Box<dyn Read + Send>, shared: &Arc<Shared>) -> Result<Self, (Cause, Vec<u8>)> {
        let raw = Recorded(Arc::new(Mutex::new(Tape { reader, read: Vec::new(), is_kept: true })));
        let opened = records(path, kind, raw.clone(), shared).map_err(|cause| (cause, raw.taken()));
        let (pieces, shape) = opened?;
        let file = Self { pieces, shape, packing: kind.compression, raw, stage: Stage::Records };
        if kind.compression == Compression::None {
            // Its pieces are its bytes.
            file.raw.taken();
            file.raw.locked(|tape| tape.is_kept = false);
        }
        Ok(file)
    }

    /// The piece that comes before those of the file: what stands before it in the archive.
    pub fn opening(&self, head: Vec<u8>) -> Piece {
        self.piece(Piece::new(head, Reading::Open))
    }

    fn piece(&self, piece: Piece) -> Piece {
        Piece { inner: Some(self.shape), packing: self.packing, ..piece }
    }

    const fn is_packed(&self) -> bool {
        !matches!(self.packing, Compression::None)
    }

    /// The next stretch of what no record can be read from.
    fn rest(&mut self) -> io::Result<Vec<u8>> {
        let (left, mut reader): (Vec<u8>, &mut dyn Read) =
            if self.is_packed() { (Vec::new(), &mut self.raw) } else { self.pieces.remaining() };
        if !left.is_empty() {
            return Ok(left);
        }
        let mut bytes = Vec::new();
        match (&mut reader).take(BUFFER as u64).read_to_end(&mut bytes) {
            Err(error) if bytes.is_empty() => Err(error),
            _ => Ok(bytes),
        }
    }

    fn step(&mut self) -> Option<io::Result<Piece>> {
        if self.stage == Stage::Records {
            match self.pieces.next() {
                Some(Ok(Piece { reading: Reading::End, before, content, .. })) => {
                    return Some(Ok(Piece::new([before, content].concat(), Reading::Copied)));
                }
                Some(Ok(piece)) => return Some(Ok(piece)),
                Some(Err(error)) => {
                    self.stage = Stage::Rest;
                    return Some(Ok(Piece::open(Vec::new(), Reading::Broken(error))));
                }
                None => self.stage = Stage::Rest,
            }
        }
        match self.rest() {
            Ok(bytes) if bytes.is_empty() => None,
            // Of a packed file it is among what was recorded.
            Ok(bytes) => Some(Ok(Piece::open(if self.is_packed() { Vec::new() } else { bytes }, Reading::More))),
            Err(error) => Some(Err(error)),
        }
    }
}

impl Iterator for InnerFile {
    type Item = io::Result<Piece>;

    fn next(&mut self) -> Option<Self::Item> {
        let piece = self.step()?;
        Some(piece.map(|piece| Piece { packed: self.raw.taken(), ..self.piece(piece) }))
    }
}

fn records(path: &str, kind: Kind, raw: Recorded, shared: &Arc<Shared>) -> Result<(Box<dyn Remaining>, Shape), Cause> {
    let mut reader = kind.compression.reader(BufReader::with_capacity(BUFFER, raw))?;
    let head = reader.fill_buf()?;
    if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) {
        return Err(Cause::WideRecords);
    }
    let Container::Table(delimiter) = kind.container else {
        return Ok((Box::new(Lines::new(path.to_string(), reader, shared)), Shape::Lines));
    };
    let delimiter = delimiter.unwrap_or_else(|| likely_delimiter(head));
    let rows = Rows::open(path.to_string(), reader, delimiter, shared.fields_for(path), Arc::clone(shared))?;
    Ok((Box::new(rows), Shape::Table(delimiter)))
}

/// The bytes of the file as the archive keeps them, and a record of those that were read.
#[derive(Clone)]
struct Recorded(Arc<Mutex<Tape>>);

struct Tape {
    reader: Box<dyn Read + Send>,
    read: Vec<u8>,
    is_kept: bool,
}

impl Recorded {
    fn locked<T>(&self, work: impl FnOnce(&mut Tape) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What was read since it was last asked for.
    fn taken(&self) -> Vec<u8> {
        self.locked(|tape| std::mem::take(&mut tape.read))
    }
}

impl Read for Recorded {
    /// As much as there is, so that what is read at a time does not depend on the moment: a run that is gone on with reads it again.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.locked(|tape| {
            let mut filled = 0;
            while filled < buffer.len() {
                match tape.reader.read(&mut buffer[filled..]) {
                    Ok(0) => break,
                    Ok(read) => filled += read,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    // It will be told again when what is there has been taken.
                    Err(error) if filled == 0 => return Err(error),
                    Err(_) => break,
                }
            }
            if tape.is_kept {
                tape.read.extend_from_slice(&buffer[..filled]);
            }
            Ok(filled)
        })
    }
}
