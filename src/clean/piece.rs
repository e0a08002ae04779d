//! One piece of a file, cleaned: the bytes to write, the verdict and the edits. Work for any thread.

use super::member::Opening;
use super::tally::Tally;
use super::{Cleaned, Cleaner, Reason, Verdict};
use super::{archive, table};
use crate::fix::{self, WriteCause};
use crate::input::{self, InputError, Part, Piece, PieceFile, Role, Shape, Shelf};
use crate::ledger::{self, Entry, RecordPlace};
use serde::Serialize;
use std::ops::Deref;
use std::sync::Arc;

/// The reason for which a document that cannot be read is put aside, and one that cannot be written is left as it is.
const UNREADABLE: &str = "unreadable";
const UNWRITABLE: &str = "unwritable";

/// A piece on its way to the disk.
pub(super) struct Written {
    pub file: Arc<PieceFile>,
    pub number: usize,
    /// See [`Piece::ends`].
    pub ends: bool,
    /// See [`Piece::packed`].
    pub packed: Vec<u8>,
    pub what: What,
}

pub(super) enum What {
    /// The first line of a table, for every version of it; the column of the text.
    Head(Vec<u8>, usize),
    /// What stands before a file of records in an archive.
    Open(Opening),
    /// What fills it up.
    Close(Vec<u8>),
    /// What stands behind the last document of a file of records.
    End(Vec<u8>),
    Document(Box<Output>),
    /// It holds no document, and goes with the clean ones.
    Copied(Vec<u8>),
    /// It goes where the piece before it went.
    More(Vec<u8>),
    /// A file that turned out to be no text.
    Nothing,
    /// It is missing from the output.
    Failed(InputError),
}

pub(super) struct Output {
    pub verdict: Verdict,
    /// As it was found. Of a file of one document, empty where it is edited: nobody asks for it again.
    pub original: Bytes,
    /// As it is to be written, where that differs.
    pub edited: Option<Bytes>,
    /// Bytes that it had when it was found.
    pub length: usize,
    /// Of a file of one document, the hash of those.
    pub hash: String,
    pub entries: Vec<Entry>,
    /// A line for the list of documents that are not clean.
    pub note: Option<Note>,
    /// The document could not be read.
    pub unread: Option<InputError>,
    pub tally: Tally,
}

/// Bytes that are held, or those of a text that is held anyway.
pub(super) enum Bytes {
    Own(Vec<u8>),
    Text(Arc<str>),
}

impl Bytes {
    fn into_owned(self) -> Vec<u8> {
        match self {
            Self::Own(bytes) => bytes,
            Self::Text(text) => text.as_bytes().to_vec(),
        }
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Own(bytes) => bytes,
            Self::Text(text) => text.as_bytes(),
        }
    }
}

/// The content of a piece after its edits, and the edits.
type Edited = (Bytes, Vec<Entry>);

/// Why a document is not clean, as the lists `review.jsonl` and `rejected.jsonl` say it.
#[derive(Debug, Serialize)]
pub(super) struct Note {
    path: String,
    record: Option<RecordPlace>,
    reasons: Vec<Reason>,
}

pub(super) fn clean(cleaner: &Cleaner<'_>, part: Part, shelf: &Shelf) -> Written {
    let Part { file, number, mut piece } = part;
    let packed = piece.as_mut().map(|piece| std::mem::take(&mut piece.packed)).unwrap_or_default();
    let ends = piece.as_ref().is_ok_and(|piece| piece.ends);
    let what = match piece {
        Err(error) => What::Failed(error),
        Ok(piece) => match piece.role() {
            Role::Head => {
                let column = piece.column;
                What::Head(piece.into_bytes(), column)
            }
            Role::Open => What::Open(Opening { shape: shape(&piece, &file), packing: piece.packing, head: piece.into_bytes() }),
            Role::Close => What::Close(piece.into_bytes()),
            Role::End => What::End(piece.into_bytes()),
            Role::Copied => What::Copied(piece.into_bytes()),
            Role::More => What::More(piece.into_bytes()),
            Role::Document => document(cleaner, piece, &file, number, shelf),
        },
    };
    Written { file, number, ends, packed, what }
}

/// How what the piece belongs to is made of pieces.
fn shape(piece: &Piece, file: &PieceFile) -> Shape {
    piece.inner.unwrap_or(file.shape)
}

fn document(cleaner: &Cleaner<'_>, mut piece: Piece, file: &PieceFile, number: usize, shelf: &Shelf) -> What {
    let is_whole = file.shape == Shape::Whole;
    match cleaned(cleaner, &mut piece, is_whole, shelf) {
        Ok(None) if is_whole => What::Nothing,
        Ok(None) => What::Copied(piece.into_bytes()),
        Ok(Some((cleaned, hash))) => {
            let edited = edited(&cleaned, &piece, shape(&piece, file), number, &hash);
            What::Document(Box::new(output(cleaned, edited, piece, hash)))
        }
        // A record stays with the others, so that nothing is lost; a file stays where it is.
        Err(error) if is_whole => What::Failed(error),
        Err(error) => What::Document(Box::new(unread(error, piece.into_bytes()))),
    }
}

/// With the hash of the file where it is a whole one; `None` where the piece turns out to be no text.
fn cleaned(cleaner: &Cleaner<'_>, piece: &mut Piece, is_whole: bool, shelf: &Shelf) -> Result<Option<(Cleaned, String)>, InputError> {
    let Some(document) = piece.read(shelf)? else { return Ok(None) };
    let content = if piece.is_text { document.source().as_bytes() } else { &piece.content };
    let hash = if is_whole { ledger::hash(content) } else { String::new() };
    let origin = document.origin.clone();
    input::survived(&origin, || Ok(Some((cleaner.clean_and_let_go(document), hash))))
}

fn output(mut cleaned: Cleaned, edited: Result<Option<Edited>, WriteCause>, piece: Piece, hash: String) -> Output {
    let edited = edited.unwrap_or_else(|cause| {
        // It cannot be written back as it should be: it stays as it is, and a person hears of it.
        cleaned.give_up(Reason { rule: UNWRITABLE.into(), message: cause.to_string(), line: 1, column: 1 });
        None
    });
    let origin = &cleaned.mended.before.document.origin;
    let record = origin.record.as_ref().map(RecordPlace::from);
    let note = (cleaned.verdict != Verdict::Clean).then(|| Note { path: origin.path.clone(), record, reasons: cleaned.reasons.clone() });
    let tally = Tally::of(&cleaned);
    let (edited, entries) = edited.map_or((None, Vec::new()), |(content, entries)| (Some(content), entries));
    let (original, edited, length) = if piece.is_text {
        let mended = &cleaned.mended;
        let original = match (&edited, &mended.after) {
            (Some(_), _) => Bytes::Own(Vec::new()),
            (None, None) => Bytes::Text(Arc::clone(mended.before.document.source())),
            (None, Some(_)) => Bytes::Own(mended.original().into_owned().into_bytes()),
        };
        (original, edited, mended.original_len())
    } else {
        let edited = edited.map(|content| Bytes::Own(piece.around(content.into_owned())));
        let original = piece.into_bytes();
        let length = original.len();
        (Bytes::Own(original), edited, length)
    };
    Output { verdict: cleaned.verdict, original, edited, length, hash, entries, note, unread: None, tally }
}

fn unread(error: InputError, original: Vec<u8>) -> Output {
    let reason = Reason { rule: UNREADABLE.into(), message: error.cause.to_string(), line: 1, column: 1 };
    let tally = Tally::unread(original.len(), &reason);
    let record = error.line.map(|line| RecordPlace { line, id: None, field: String::new() });
    let note = Some(Note { path: error.path.clone(), record, reasons: vec![reason] });
    let (length, original) = (original.len(), Bytes::Own(original));
    let hash = String::new();
    Output { verdict: Verdict::Rejected, original, edited: None, length, hash, entries: Vec::new(), note, unread: Some(error), tally }
}

/// The content of the piece with the document mended, and the edits; `None` where there are none.
fn edited(cleaned: &Cleaned, piece: &Piece, shape: Shape, number: usize, hash: &str) -> Result<Option<Edited>, WriteCause> {
    let mended = &cleaned.mended;
    let document = &mended.before.document;
    if cleaned.verdict == Verdict::Rejected || mended.applied.is_empty() {
        return Ok(None);
    }
    if piece.is_text {
        let new = Arc::clone(mended.last().document.source());
        let after = ledger::hash(new.as_bytes());
        let entry = |applied| Entry { piece: Some(number), ..fix::entry(document, applied, None, hash, &after) };
        return Ok(Some((Bytes::Text(new), mended.applied.iter().map(entry).collect())));
    }
    let content = piece.content.as_slice();
    let mut holding = None;
    let (new, removed) = match (shape, &document.origin.record) {
        (Shape::Lines, Some(record)) => {
            let line = std::str::from_utf8(content).map_err(|_| WriteCause::Changed)?;
            let (new, removed) = fix::edited_record(line, mended, record)?;
            (new.into_bytes(), removed.into_iter().map(Some).collect())
        }
        (Shape::Table(delimiter), _) => {
            let field = table::field(content, delimiter, piece.column).ok_or(WriteCause::Changed)?;
            let written = &content[field.start..field.end];
            let (old, quoted) = (table::decoded(written), written.starts_with(b"\""));
            if table::encoded(&old, delimiter, quoted) != written {
                return Err(WriteCause::Encoding("quoted in an uncommon way".into()));
            }
            let new = table::encoded(&fix::edited_file(&old, mended)?, delimiter, quoted);
            (table::replaced(content, field, &new), vec![None; mended.applied.len()])
        }
        (Shape::Tar | Shape::Warc, _) => {
            let (new, held) = archive::rewritten(shape, piece, &fix::edited_file(&archive::document(piece)?, mended)?)?;
            holding = Some(held);
            (new, vec![None; mended.applied.len()])
        }
        _ => (fix::edited_file(content, mended)?, vec![None; mended.applied.len()]),
    };
    let (before, after) = (ledger::hash(content), ledger::hash(&new));
    let entry =
        |(applied, json)| Entry { piece: Some(number), holding: holding.take(), ..fix::entry(document, applied, json, &before, &after) };
    let entries = mended.applied.iter().zip(removed).map(entry).collect();
    Ok(Some((Bytes::Own(new), entries)))
}
