//! The rows of a table, each with its bytes, for whoever writes it again.

use super::csv::{Budgeted, Columns, row_error};
use super::error::{Cause, InputError};
use super::inner::Remaining;
use super::pieces::{Piece, Reading};
use super::{Fields, Shared};
use csv::{ByteRecord, ReaderBuilder};
use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The rows of one table.
pub(super) struct Rows {
    path: String,
    rows: csv::Reader<Tape>,
    columns: Columns,
    fields: Arc<Fields>,
    shared: Arc<Shared>,
    budget: Arc<AtomicUsize>,
    /// See `csv::stream`.
    behind: usize,
    /// Read, but where it ends is not known yet: between `\r` and `\n` the reader stops.
    pending: Option<Reading>,
    /// What comes after the pending piece.
    failed: Option<InputError>,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Rows,
    /// All rows have been read.
    End,
    Over,
}

impl Rows {
    pub fn open(
        path: String,
        reader: Box<dyn BufRead + Send>,
        delimiter: u8,
        fields: Arc<Fields>,
        shared: Arc<Shared>,
    ) -> Result<Self, Cause> {
        let limit = shared.options.max_document_bytes;
        let budget = Arc::new(AtomicUsize::new(limit));
        let tape = Tape { reader: Budgeted { reader, left: Arc::clone(&budget) }, bytes: Vec::new(), start: 0 };
        let mut rows = ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(tape);
        let names = rows.byte_headers().map_err(|error| row_error(error, limit))?;
        let columns = Columns::find(names, &fields).map_err(|names| Cause::NoText { field: fields.text.clone(), fields: names })?;
        let behind = usize::from(rows.position().line() == 1);
        Ok(Self { path, rows, columns, fields, shared, budget, behind, pending: Some(Reading::Head), failed: None, stage: Stage::Rows })
    }

    /// Reads the next row; only then it is known where the one before it ends.
    fn step(&mut self) -> Option<Piece> {
        let start = self.rows.position().byte();
        let limit = self.shared.options.max_document_bytes;
        self.budget.store(limit, Ordering::Relaxed);
        let mut row = ByteRecord::new();
        let read = self.rows.read_byte_record(&mut row);
        let line = row.position().map_or_else(|| self.rows.position().line(), csv::Position::line) as usize + self.behind;
        let next = match read {
            Ok(false) => None,
            Ok(true) => Some(match self.columns.raw(&row, &self.path, line, &self.fields, &self.shared) {
                Ok(raw) => Reading::Row(Box::new(raw)),
                Err(error) => Reading::Broken(error),
            }),
            Err(error) => {
                self.failed = Some(InputError::new(&self.path, Some(line), row_error(error, limit)));
                None
            }
        };
        if next.is_none() {
            self.stage = Stage::End;
        }
        let content = self.rows.get_mut().cut(start);
        let reading = std::mem::replace(&mut self.pending, next)?;
        Some(piece(content, self.columns.text, reading))
    }
}

/// A row without the line breaks around it.
fn piece(mut content: Vec<u8>, column: usize, reading: Reading) -> Piece {
    let is_break = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let end = content.iter().rposition(|byte| !is_break(byte)).map_or(0, |last| last + 1);
    let after = content.split_off(end);
    let start = content.iter().position(|byte| !is_break(byte)).unwrap_or(0);
    let start = if content[start..].starts_with(b"\xEF\xBB\xBF") { start + 3 } else { start };
    let row = content.split_off(start);
    Piece { before: content, after, column, ..Piece::new(row, reading) }
}

impl Iterator for Rows {
    type Item = Result<Piece, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.stage == Stage::Rows {
            if let Some(piece) = self.step() {
                return Some(Ok(piece));
            }
        }
        if let Some(error) = self.failed.take() {
            self.stage = Stage::Over;
            return Some(Err(error));
        }
        if std::mem::replace(&mut self.stage, Stage::Over) == Stage::Over {
            return None;
        }
        let content = self.rows.get_mut().rest();
        Some(Ok(Piece::new(content, Reading::End)))
    }
}

impl Remaining for Rows {
    fn remaining(&mut self) -> (Vec<u8>, &mut dyn Read) {
        let tape = self.rows.get_mut();
        (tape.rest(), &mut tape.reader.reader)
    }
}

/// Keeps what it has read until it is cut off.
struct Tape {
    reader: Budgeted,
    bytes: Vec<u8>,
    /// Where in the file the bytes begin.
    start: u64,
}

impl Tape {
    /// The bytes before `to`; a `\n` that belongs to the `\r` before it goes with it.
    fn cut(&mut self, to: u64) -> Vec<u8> {
        let mut length = (to.saturating_sub(self.start) as usize).min(self.bytes.len());
        if length > 0 && self.bytes[length - 1] == b'\r' && self.bytes.get(length) == Some(&b'\n') {
            length += 1;
        }
        let rest = self.bytes.split_off(length);
        self.start += length as u64;
        std::mem::replace(&mut self.bytes, rest)
    }

    fn rest(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }
}

impl Read for Tape {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.bytes.extend_from_slice(&buffer[..read]);
        Ok(read)
    }
}
