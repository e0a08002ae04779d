//! The originals of what was fixed, rebuilt from a ledger.

use super::replace::Replacement;
use super::write::{LineFile, WriteCause, WriteError};
use super::{bytes, edit, json_string};
use crate::input;
use crate::ledger::{self, Entry};
use crate::text::Span;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// What became of the files of a ledger.
#[derive(Debug, Default)]
pub struct Restored {
    /// Files and records that are as they were.
    pub restored: usize,
    /// Those that were so already.
    pub unchanged: usize,
    pub errors: Vec<WriteError>,
}

/// The edits of one run in one document, in their order.
type Session<'e> = &'e [Entry];

/// Takes back the edits, the last first. A file (or record) that was changed since is left alone and reported.
pub fn restore(entries: &[Entry]) -> Restored {
    let line_of = |entry: &Entry| entry.record.as_ref().map(|record| record.line);
    let key = |entry: &Entry| (entry.path.clone(), line_of(entry), entry.before.clone(), entry.after.clone());
    let mut files: BTreeMap<&str, BTreeMap<Option<usize>, Vec<Session<'_>>>> = BTreeMap::new();
    for session in entries.chunk_by(|a, b| key(a) == key(b)) {
        files.entry(&session[0].path).or_default().entry(line_of(&session[0])).or_default().push(session);
    }
    let mut outcome = Restored::default();
    for (path, documents) in files {
        let result = match documents.first_key_value() {
            Some((None, sessions)) => whole(path, sessions, &mut outcome),
            _ => records(path, &documents, &mut outcome),
        };
        outcome.errors.extend(result.err().map(|cause| WriteError { path: path.to_string(), cause }));
    }
    outcome
}

fn whole(path: &str, sessions: &[Session<'_>], outcome: &mut Restored) -> Result<(), WriteCause> {
    let (mut replacement, mut file) = Replacement::start(Path::new(path))?;
    let mut now = Vec::new();
    file.read_to_end(&mut now)?;
    let original = undone(now.clone(), sessions, undone_file)?;
    if original == now {
        outcome.unchanged += 1;
        return Ok(());
    }
    replacement.write(&original)?;
    replacement.commit()?;
    outcome.restored += 1;
    Ok(())
}

fn records(path: &str, documents: &BTreeMap<Option<usize>, Vec<Session<'_>>>, outcome: &mut Restored) -> Result<(), WriteCause> {
    let mut file = LineFile::open(Path::new(path))?;
    let (mut restored, mut unchanged) = (0, 0);
    for (&number, sessions) in documents {
        let mut line = file.go_to(number.unwrap_or_default())?.ok_or(WriteCause::NotAsLeft)?;
        match undone(line.content().to_vec(), sessions, undone_record) {
            Ok(original) if original == line.content() => unchanged += 1,
            Ok(original) => {
                line.set_content(&original);
                restored += 1;
            }
            Err(cause) => outcome.errors.push(WriteError { path: format!("{path}:{}", number.unwrap_or_default()), cause }),
        }
        file.write(&line)?;
    }
    if restored > 0 {
        file.finish()?;
    }
    outcome.restored += restored;
    outcome.unchanged += unchanged;
    Ok(())
}

/// Takes the sessions back, the last first, each proved by its hashes.
fn undone(now: Vec<u8>, sessions: &[Session<'_>], undo: impl Fn(&[u8], Session<'_>) -> Option<Vec<u8>>) -> Result<Vec<u8>, WriteCause> {
    let mut bytes = now;
    for session in sessions.iter().rev() {
        let hash = ledger::hash(&bytes);
        if hash == session[0].after {
            bytes = undo(&bytes, session).filter(|bytes| ledger::hash(bytes) == session[0].before).ok_or(WriteCause::Misfit)?;
        } else if hash != session[0].before {
            // A run that failed to write has left its edits in the ledger: then the file is as it was before.
            return Err(WriteCause::NotAsLeft);
        }
    }
    Ok(bytes)
}

/// A file (or another text that stands alone) as it was before the edits of one run; `None` where they do not fit it.
pub fn undone_file(bytes: &[u8], session: &[Entry]) -> Option<Vec<u8>> {
    let encoding = session.first()?.encoding.as_deref();
    let mut text = bytes::decoded(bytes, encoding)?;
    for round in session.chunk_by(|a, b| a.round == b.round).rev() {
        let edits: Vec<(Span, &str)> = places(round).zip(round.iter().map(|entry| entry.removed.as_str())).collect();
        text = checked_apply(&text, &edits)?;
    }
    bytes::encoded(&text, encoding, bytes)
}

/// A record's line as it was before the edits of one run; `None` where they do not fit it.
pub fn undone_record(line: &[u8], session: &[Entry]) -> Option<Vec<u8>> {
    let line = std::str::from_utf8(line).ok()?;
    let field = input::field_span(line, &session.first()?.record.as_ref()?.field)?;
    let mut json = field.of(line).to_string();
    for round in session.chunk_by(|a, b| a.round == b.round).rev() {
        let removed: Option<Vec<&str>> = round.iter().map(|entry| entry.removed_json.as_deref()).collect();
        let edits: Vec<(Span, &str)> = places(round).zip(removed?).collect();
        json = json_string::edited(&json, &edits)?.0;
    }
    checked_apply(line, &[(field, &json)]).map(String::into_bytes)
}

/// Where the texts that a round put in stand after it.
fn places(round: &[Entry]) -> impl Iterator<Item = Span> {
    edit::places(round.iter().map(|entry| (entry.span(), entry.inserted.len())))
}

/// As `apply`, for edits that may not fit: a ledger can be of another file.
fn checked_apply(text: &str, edits: &[(Span, &str)]) -> Option<String> {
    let mut at = 0;
    for (span, _) in edits {
        if span.start < at || text.get(span.start..span.end).is_none() {
            return None;
        }
        at = span.end;
    }
    Some(edit::apply(text, edits.iter().copied()))
}
