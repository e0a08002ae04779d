//! The lines of a file of records, each with its bytes, for whoever writes it again.

use super::error::{Cause, InputError};
use super::inner::Remaining;
use super::pieces::{Piece, Reading};
use super::{Fields, Shared};
use crate::document::{Origin, Record};
use std::io::{self, BufRead, Read};
use std::sync::Arc;

/// Longest line of a file of records that is held, in bytes; one over the limit for documents is handed over unread.
const LONGEST: usize = 1 << 30;

pub(super) struct Lines {
    path: String,
    reader: Box<dyn BufRead + Send>,
    /// The line last read, counted from 1.
    line: usize,
    ended: bool,
    /// What was read of the piece that failed.
    left: Vec<u8>,
    fields: Arc<Fields>,
    /// Largest document, in bytes.
    limit: usize,
}

impl Lines {
    pub fn new(path: String, reader: Box<dyn BufRead + Send>, shared: &Shared) -> Self {
        let fields = shared.fields_for(&path);
        Self { path, reader, line: 0, ended: false, left: Vec::new(), fields, limit: shared.options.max_document_bytes }
    }

    /// Adds the next line.
    fn read(&mut self, bytes: &mut Vec<u8>) -> io::Result<()> {
        let read = self.reader.by_ref().take(LONGEST as u64 + 1).read_until(b'\n', bytes)?;
        if read > LONGEST { Err(io::Error::from(io::ErrorKind::FileTooLarge)) } else { Ok(()) }
    }
}

impl Iterator for Lines {
    type Item = Result<Piece, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let mut before = Vec::new();
        loop {
            let mut content = Vec::new();
            if let Err(error) = self.read(&mut content) {
                self.ended = true;
                self.left = [before, content].concat();
                return Some(Err(InputError::new(&self.path, Some(self.line + 1), error)));
            }
            if content.is_empty() {
                self.ended = true;
                return Some(Ok(Piece { before, ..Piece::new(content, Reading::End) }));
            }
            self.line += 1;
            if self.line == 1 && content.starts_with(b"\xEF\xBB\xBF") {
                before.extend(content.drain(..3));
            }
            if content.trim_ascii().is_empty() {
                before.append(&mut content);
                continue;
            }
            let after = if content.ends_with(b"\n") { content.split_off(content.len() - 1) } else { Vec::new() };
            let reading = if content.len() > self.limit {
                Reading::Broken(InputError::new(&self.path, Some(self.line), Cause::TooLarge { what: "line", limit: self.limit }))
            } else {
                let record = Record { line: self.line, id: None, field: self.fields.text.clone() };
                let origin = Origin { path: self.path.clone(), record: Some(record), ..Origin::default() };
                Reading::Json { origin, fields: Arc::clone(&self.fields) }
            };
            return Some(Ok(Piece { before, after, ..Piece::new(content, reading) }));
        }
    }
}

impl Remaining for Lines {
    fn remaining(&mut self) -> (Vec<u8>, &mut dyn Read) {
        (std::mem::take(&mut self.left), &mut self.reader)
    }
}
