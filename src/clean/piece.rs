//! One piece of a file, cleaned: the bytes to write, the verdict and the edits. Work for any thread.

use super::table;
use super::tally::Tally;
use super::{Cleaned, Cleaner, Reason, Verdict};
use crate::fix::{self, WriteCause};
use crate::input::{self, InputError, Part, Piece, PieceFile, Shape, Shelf};
use crate::ledger::{self, Entry, RecordPlace};
use serde::Serialize;
use std::sync::Arc;

/// The reason for which a document that cannot be read is put aside, and one that cannot be written is left as it is.
const UNREADABLE: &str = "unreadable";
const UNWRITABLE: &str = "unwritable";

/// A piece on its way to the disk.
pub(super) struct Written {
    pub file: Arc<PieceFile>,
    pub number: usize,
    pub what: What,
}

pub(super) enum What {
    /// The first line of a table, for every version of it; the column of the text.
    Head(Vec<u8>, usize),
    /// What stands behind the last document of a file of records.
    End(Vec<u8>),
    Document(Box<Output>),
    /// A file that turned out to be no text.
    Nothing,
    /// It is missing from the output.
    Failed(InputError),
}

pub(super) struct Output {
    pub verdict: Verdict,
    /// As it was found.
    pub original: Vec<u8>,
    /// As it is to be written, where that differs.
    pub edited: Option<Vec<u8>>,
    pub entries: Vec<Entry>,
    /// A line for the list of documents that are not clean.
    pub note: Option<Note>,
    /// The document could not be read.
    pub unread: Option<InputError>,
    pub tally: Tally,
}

/// The content of a piece after its edits, and the edits.
type Edited = (Vec<u8>, Vec<Entry>);

/// Why a document is not clean, as the lists `review.jsonl` and `rejected.jsonl` say it.
#[derive(Debug, Serialize)]
pub(super) struct Note {
    path: String,
    record: Option<RecordPlace>,
    reasons: Vec<Reason>,
}

pub(super) fn clean(cleaner: &Cleaner<'_>, part: Part, shelf: &Shelf) -> Written {
    let Part { file, number, piece } = part;
    let what = match piece {
        Err(error) => What::Failed(error),
        Ok(piece) if piece.is_head() => What::Head(piece.bytes(), piece.column),
        Ok(piece) if piece.is_end() => What::End(piece.bytes()),
        Ok(mut piece) => match cleaned(cleaner, &mut piece, shelf) {
            Ok(None) => What::Nothing,
            Ok(Some(cleaned)) => {
                let edited = edited(&cleaned, &piece.content, file.shape, piece.column, number);
                let output = output(cleaned, edited, piece.bytes(), |content| [piece.before.as_slice(), content, &piece.after].concat());
                What::Document(Box::new(output))
            }
            // A record stays with the others, so that nothing is lost; a file stays where it is.
            Err(error) if file.shape == Shape::Whole => What::Failed(error),
            Err(error) => What::Document(Box::new(unread(error, piece.bytes()))),
        },
    };
    Written { file, number, what }
}

/// `None` where the piece turns out to be no text.
fn cleaned(cleaner: &Cleaner<'_>, piece: &mut Piece, shelf: &Shelf) -> Result<Option<Cleaned>, InputError> {
    let Some(document) = piece.read(shelf)? else { return Ok(None) };
    let origin = document.origin.clone();
    input::survived(&origin, || Ok(Some(cleaner.clean(document))))
}

fn output(mut cleaned: Cleaned, edited: Result<Option<Edited>, WriteCause>, original: Vec<u8>, whole: impl Fn(&[u8]) -> Vec<u8>) -> Output {
    let edited = edited.unwrap_or_else(|cause| {
        // It cannot be written back as it should be: it stays as it is, and a person hears of it.
        cleaned.give_up(Reason { rule: UNWRITABLE.into(), message: cause.to_string(), line: 1, column: 1 });
        None
    });
    let origin = &cleaned.mended.before.document.origin;
    let record = origin.record.as_ref().map(RecordPlace::from);
    let note = (cleaned.verdict != Verdict::Clean).then(|| Note { path: origin.path.clone(), record, reasons: cleaned.reasons.clone() });
    let tally = Tally::of(&cleaned);
    let (edited, entries) = edited.map_or((None, Vec::new()), |(content, entries)| (Some(whole(&content)), entries));
    Output { verdict: cleaned.verdict, original, edited, entries, note, unread: None, tally }
}

fn unread(error: InputError, original: Vec<u8>) -> Output {
    let reason = Reason { rule: UNREADABLE.into(), message: error.cause.to_string(), line: 1, column: 1 };
    let tally = Tally::unread(original.len(), &reason);
    let record = error.line.map(|line| RecordPlace { line, id: None, field: String::new() });
    let note = Some(Note { path: error.path.clone(), record, reasons: vec![reason] });
    Output { verdict: Verdict::Rejected, original, edited: None, entries: Vec::new(), note, unread: Some(error), tally }
}

/// The content of the piece with the document mended, and the edits; `None` where there are none.
fn edited(cleaned: &Cleaned, content: &[u8], shape: Shape, column: usize, number: usize) -> Result<Option<Edited>, WriteCause> {
    let mended = &cleaned.mended;
    let document = &mended.before.document;
    if cleaned.verdict == Verdict::Rejected || mended.applied.is_empty() {
        return Ok(None);
    }
    let (new, removed) = match (shape, &document.origin.record) {
        (Shape::Lines, Some(record)) => {
            let line = std::str::from_utf8(content).map_err(|_| WriteCause::Changed)?;
            let (new, removed) = fix::edited_record(line, mended, record)?;
            (new.into_bytes(), removed.into_iter().map(Some).collect())
        }
        (Shape::Table(delimiter), _) => {
            let field = table::field(content, delimiter, column).ok_or(WriteCause::Changed)?;
            let written = &content[field.start..field.end];
            let (old, quoted) = (table::decoded(written), written.starts_with(b"\""));
            if table::encoded(&old, delimiter, quoted) != written {
                return Err(WriteCause::Encoding("quoted in an uncommon way".into()));
            }
            let new = table::encoded(&fix::edited_file(&old, mended)?, delimiter, quoted);
            (table::replaced(content, field, &new), vec![None; mended.applied.len()])
        }
        _ => (fix::edited_file(content, mended)?, vec![None; mended.applied.len()]),
    };
    let (before, after) = (ledger::hash(content), ledger::hash(&new));
    let entry = |(applied, json)| Entry { piece: Some(number), ..fix::entry(document, applied, json, &before, &after) };
    let entries = mended.applied.iter().zip(removed).map(entry).collect();
    Ok(Some((new, entries)))
}
