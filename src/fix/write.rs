//! Mended documents back into their files: whole files at once, files of records line by line.

use super::replace::Replacement;
use super::{Applied, Mended, bytes, edit, json_string};
use crate::document::{Document, Record};
use crate::input::{self, Keeping};
use crate::ledger::{self, Entry, Ledger, RecordPlace};
use crate::text::Span;
use std::borrow::Cow;
use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

pub use super::replace::WriteCause;

/// A file that was not written, or not all of it.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {cause}")]
pub struct WriteError {
    /// As the user wrote it.
    pub path: String,
    pub cause: WriteCause,
}

/// Writes mended documents, given in the order of the inputs.
pub struct Writer {
    ledger: Option<Ledger>,
    /// The file of records that is being written.
    records: Option<Records>,
    /// A file that is named twice is fixed once.
    done: HashSet<PathBuf>,
    /// Files that could not be written, as the user wrote them.
    failed: HashSet<String>,
    pub files: usize,
    pub fixes: usize,
}

impl Writer {
    pub fn new(ledger: Option<Ledger>) -> Self {
        Self { ledger, records: None, done: HashSet::new(), failed: HashSet::new(), files: 0, fixes: 0 }
    }

    /// Takes the next document; of a file of records, the file is written when the next file comes. False: it stays as it was, since
    /// its file could not be written, as was said before.
    pub fn take(&mut self, mended: &Mended) -> Result<bool, WriteError> {
        let origin = &mended.before.document.origin;
        if self.records.as_ref().is_some_and(|records| records.path != origin.path) {
            self.finish()?;
        }
        if mended.applied.is_empty() {
            return Ok(true);
        }
        let archive = input::archive_of(&origin.path);
        let path = archive.unwrap_or(&origin.path);
        if self.failed.contains(path) {
            return Ok(false);
        }
        let written = match (input::keeping(path), &origin.record) {
            (Keeping::Whole, None) => self.whole(mended),
            (Keeping::Lines, Some(record)) => self.record(mended, record),
            _ => Err(WriteCause::Packed),
        };
        written.map(|()| true).map_err(|cause| {
            // What was written of a file of records so far has been dropped; what is left of it must not be tried alone.
            self.records = None;
            self.failed.insert(path.to_string());
            WriteError { path: path.to_string(), cause }
        })
    }

    /// Writes what is still open.
    pub fn finish(&mut self) -> Result<(), WriteError> {
        let Some(records) = self.records.take() else { return Ok(()) };
        let Records { path, file, fixes, .. } = records;
        let target = file.replacement.target().to_path_buf();
        let sync = self.ledger.as_mut().map_or(Ok(()), Ledger::sync).map_err(WriteCause::Ledger);
        sync.and_then(|()| file.finish()).map_err(|cause| WriteError { path, cause })?;
        self.done.insert(target);
        self.files += 1;
        self.fixes += fixes;
        Ok(())
    }

    fn whole(&mut self, mended: &Mended) -> Result<(), WriteCause> {
        let before = &mended.before.document;
        let path = Path::new(&before.origin.path);
        let (mut replacement, mut file) = Replacement::start(path)?;
        if self.done.contains(replacement.target()) {
            return Ok(());
        }
        let mut old = Vec::new();
        file.read_to_end(&mut old)?;
        let new = edited_file(&old, mended)?;
        if let Some(ledger) = &mut self.ledger {
            let (before_hash, after_hash) = (ledger::hash(&old), ledger::hash(&new));
            for applied in &mended.applied {
                let entry = entry(before, applied, None, &before_hash, &after_hash);
                ledger.add(&entry).map_err(WriteCause::Ledger)?;
            }
            ledger.sync().map_err(WriteCause::Ledger)?;
        }
        replacement.write(&new)?;
        let target = replacement.target().to_path_buf();
        replacement.commit()?;
        self.done.insert(target);
        self.files += 1;
        self.fixes += mended.fixes;
        Ok(())
    }

    fn record(&mut self, mended: &Mended, record: &Record) -> Result<(), WriteCause> {
        let document = &mended.before.document;
        let path = &document.origin.path;
        let mut records = match self.records.take() {
            Some(records) => records,
            None => Records { path: path.clone(), file: LineFile::open(Path::new(path))?, fixes: 0 },
        };
        if self.done.contains(records.file.replacement.target()) {
            return Ok(());
        }
        let mut line = records.file.go_to(record.line)?.ok_or(WriteCause::Changed)?;
        let (new, removed) = edited_record(line.text()?, mended, record)?;
        if let Some(ledger) = &mut self.ledger {
            let (before, after) = (ledger::hash(line.content()), ledger::hash(new.as_bytes()));
            for (applied, json) in mended.applied.iter().zip(removed) {
                ledger.add(&entry(document, applied, Some(json), &before, &after)).map_err(WriteCause::Ledger)?;
            }
        }
        line.set_content(new.as_bytes());
        records.file.write(&line)?;
        records.fixes += mended.fixes;
        self.records = Some(records);
        Ok(())
    }
}

/// An edit as the ledger holds it; `before` and `after` are the hashes of what holds the document.
pub fn entry(document: &Document, applied: &Applied, removed_json: Option<String>, before: &str, after: &str) -> Entry {
    let origin = &document.origin;
    Entry {
        path: origin.path.clone(),
        record: origin.record.as_ref().map(RecordPlace::from),
        rule: applied.rule.to_string(),
        round: applied.round,
        start: applied.span.start,
        end: applied.span.end,
        removed: applied.removed.clone(),
        inserted: applied.inserted.clone(),
        removed_json,
        encoding: origin.encoding.map(str::to_string),
        before: before.to_string(),
        after: after.to_string(),
        piece: None,
        holding: None,
    }
}

/// The bytes of a file of one document, `old`, with the document mended.
///
/// # Errors
/// Where the file is not the document's, or cannot be written back in its encoding.
pub fn edited_file(old: &[u8], mended: &Mended) -> Result<Vec<u8>, WriteCause> {
    let after = &mended.last().document;
    let encoding = after.origin.encoding;
    let before = bytes::decoded(old, encoding).filter(|text| mended.was(text)).ok_or(WriteCause::Changed)?;
    if bytes::encoded(&before, encoding, old).as_deref() != Some(old) {
        return Err(encoding.map_or(WriteCause::Changed, |name| WriteCause::Encoding(name.to_string())));
    }
    drop(before);
    let lacks = || WriteCause::Unmappable(encoding.unwrap_or("UTF-8").to_string());
    bytes::encoded(after.source(), encoding, old).ok_or_else(lacks)
}

/// The record's line with its text mended, and for each edit the JSON that it took out.
///
/// # Errors
/// Where the line does not hold the document.
pub fn edited_record(line: &str, mended: &Mended, record: &Record) -> Result<(String, Vec<String>), WriteCause> {
    let field = input::field_span(line, &record.field).ok_or(WriteCause::Changed)?;
    let mut json = Cow::Borrowed(field.of(line));
    if !serde_json::from_str(&json).is_ok_and(|text: String| mended.was(&text)) {
        return Err(WriteCause::Changed);
    }
    // Where all of the line is ASCII, its writer spelled everything else out.
    let ascii = line.is_ascii();
    let mut removed = Vec::new();
    for round in mended.applied.chunk_by(|a, b| a.round == b.round) {
        let new: Vec<String> = round.iter().map(|applied| json_string::escaped(&applied.inserted, ascii)).collect();
        let edits: Vec<(Span, &str)> = round.iter().zip(&new).map(|(applied, new)| (applied.span, new.as_str())).collect();
        let (edited, taken) = json_string::edited(&json, &edits).ok_or(WriteCause::Changed)?;
        json = Cow::Owned(edited);
        removed.extend(taken);
    }
    Ok((edit::apply(line, std::iter::once((field, &*json))), removed))
}

/// A file of records of which some lines get new content.
struct Records {
    /// As the user wrote it.
    path: String,
    file: LineFile,
    fixes: usize,
}

/// A file copied line by line into its new version.
pub(super) struct LineFile {
    reader: BufReader<File>,
    pub replacement: Replacement,
    /// The line last read, counted from 1.
    line: usize,
}

impl LineFile {
    pub fn open(path: &Path) -> Result<Self, WriteCause> {
        let (replacement, file) = Replacement::start(path)?;
        Ok(Self { reader: BufReader::with_capacity(256 << 10, file), replacement, line: 0 })
    }

    /// Copies all lines before `line` as they are, and hands that one over; `None` where the file has no such line.
    pub fn go_to(&mut self, line: usize) -> Result<Option<Line>, WriteCause> {
        while self.line < line {
            let mut bytes = Vec::new();
            if self.reader.read_until(b'\n', &mut bytes)? == 0 {
                return Ok(None);
            }
            self.line += 1;
            if self.line == line {
                return Ok(Some(Line { bytes, is_first: line == 1 }));
            }
            self.replacement.write(&bytes)?;
        }
        Ok(None)
    }

    pub fn write(&mut self, line: &Line) -> Result<(), WriteCause> {
        Ok(self.replacement.write(&line.bytes)?)
    }

    /// Copies the rest and puts the new version in its place.
    pub fn finish(mut self) -> Result<(), WriteCause> {
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return self.replacement.commit();
            }
            self.replacement.write(buffer)?;
            let len = buffer.len();
            self.reader.consume(len);
        }
    }
}

/// One line with its line break, and before the first of the file with its byte order mark.
pub(super) struct Line {
    bytes: Vec<u8>,
    is_first: bool,
}

impl Line {
    fn span(&self) -> Span {
        let start = if self.is_first && self.bytes.starts_with(&[0xEF, 0xBB, 0xBF]) { 3 } else { 0 };
        Span::new(start, self.bytes.strip_suffix(b"\n").map_or(self.bytes.len(), <[u8]>::len).max(start))
    }

    pub fn content(&self) -> &[u8] {
        &self.bytes[self.span().start..self.span().end]
    }

    pub fn text(&self) -> Result<&str, WriteCause> {
        std::str::from_utf8(self.content()).map_err(|_| WriteCause::Changed)
    }

    pub fn set_content(&mut self, new: &[u8]) {
        let Span { start, end } = self.span();
        self.bytes.splice(start..end, new.iter().copied());
    }
}
