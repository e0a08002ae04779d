//! What can go wrong with one input. It never ends the run: it is reported, and the next input is read.

use crate::document::Origin;
use miette::Diagnostic;
use std::cell::Cell;
use std::fmt::Display;
use std::io;
use std::panic::{self, AssertUnwindSafe, catch_unwind};

/// An input, or one record of it, that could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{}: {cause}", place(.path, *.line))]
pub struct InputError {
    /// As the user wrote it.
    pub path: String,
    /// Line of the file, counted from 1, where one record is at fault and not the whole file.
    pub line: Option<usize>,
    pub cause: Cause,
}

fn place(path: &str, line: Option<usize>) -> String {
    line.map_or_else(|| path.to_string(), |line| format!("{path}:{line}"))
}

/// Why an input could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    #[error("cannot be read: {}", reason(.0))]
    Io(#[from] io::Error),
    #[error("cannot be read: {0}")]
    Broken(String),
    /// Sound, and in a form of its format that is not read.
    #[error("cannot be read: {0}")]
    NotRead(String),
    #[error("is a {0}, not a file or folder")]
    Special(&'static str),
    #[error("is Parquet, which can be read only from a file that is not packed")]
    NeedsFile,
    #[error("stdin can be read only once")]
    StdinTwice,
    #[error("is not text: {0}")]
    Binary(&'static str),
    #[error("the {what} is larger than {} MB", .limit.div_ceil(1 << 20))]
    TooLarge { what: &'static str, limit: usize },
    #[error("the record is not JSON: {0}")]
    NotJson(String),
    #[error("the record has no field `{field}`")]
    NoText { field: String, fields: Vec<String> },
    #[error("the field `{field}` is not text but {found}")]
    NotText { field: String, found: &'static str },
    #[error("the row has {columns} column{}, too few for `{field}`", if *.columns == 1 { "" } else { "s" })]
    ShortRow { columns: usize, field: String },
    #[error("is in UTF-16, which records cannot be read from")]
    WideRecords,
    #[error("is in an archive and cannot be written there: {0}")]
    NotWritten(&'static str),
    #[error("was changed while it was read")]
    Changed,
    #[error("would be written to the same place as another input")]
    SamePlace,
    #[error("copydesk itself failed over it")]
    Ours,
}

/// Does the work, and makes this error of a panic.
///
/// # Errors
/// Those of the work, and the one of the panic.
pub(super) fn guarded<T, E>(work: impl FnOnce() -> Result<T, E>, panicked: impl FnOnce() -> E) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(panicked()))
}

thread_local! {
    /// Code of others is at work on a file.
    static HUSHED: Cell<bool> = const { Cell::new(false) };
}

/// As [`guarded`], for code of others that is given a file: it is at fault where that panics, and the error says enough.
///
/// # Errors
/// Those of the work, and the one of the panic.
pub(super) fn hushed<T, E>(work: impl FnOnce() -> Result<T, E>, panicked: impl FnOnce() -> E) -> Result<T, E> {
    let before = HUSHED.replace(true);
    let result = guarded(work, panicked);
    HUSHED.set(before);
    result
}

/// Our own work in the midst of that of others: its panics are printed.
pub fn aloud<T>(work: impl FnOnce() -> T) -> T {
    let before = HUSHED.replace(false);
    let result = work();
    HUSHED.set(before);
    result
}

/// Prints no panic that is told as the error of a file (those of the Parquet library over broken ones), and all others as before.
pub fn hush_panics_over_files() {
    let told = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !HUSHED.get() {
            told(panic);
        }
    }));
}

/// Does the work on a document. A mistake of ours that ends in a panic is told as an error of this document; the run goes on.
///
/// # Errors
/// Those of the work, and [`Cause::Ours`] where it panics.
pub fn survived<T>(origin: &Origin, work: impl FnOnce() -> Result<T, InputError>) -> Result<T, InputError> {
    let line = origin.record.as_ref().map(|record| record.line);
    guarded(work, || InputError::new(&origin.path, line, Cause::Ours))
}

/// In our own words where the system's would name an error number.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::UnexpectedEof => "it ends too early (cut off while it was copied?)".into(),
        _ => {
            let text = error.to_string();
            let end = text.find(" (os error").unwrap_or(text.len());
            text[..end].to_string()
        }
    }
}

impl InputError {
    pub(super) fn new(path: &str, line: Option<usize>, cause: impl Into<Cause>) -> Self {
        Self { path: path.to_string(), line, cause: cause.into() }
    }

    /// What to do about it, where there is something to do.
    pub fn advice(&self) -> Option<String> {
        let advice = match &self.cause {
            Cause::Io(error) => match error.kind() {
                io::ErrorKind::NotFound => "Is the name right? It is looked for from the folder that copydesk is run in.".into(),
                io::ErrorKind::PermissionDenied => "Make it readable (`chmod u+r FILE`), or leave it out.".into(),
                io::ErrorKind::UnexpectedEof => "Fetch or unpack it again.".into(),
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => "Is the file complete, and is its name's ending right?".into(),
                _ => return None,
            },
            Cause::Broken(_) => "Fetch or unpack it again, or leave it out.".into(),
            Cause::NotRead(_) => "Write it again where it was made, packed another way, as in zstd; or leave it out.".into(),
            Cause::Special(_) => "To check what it delivers, pipe it in: `copydesk check - < FILE`.".into(),
            Cause::NeedsFile => "Unpack it, or save it as a file, first.".into(),
            Cause::StdinTwice => "Name `-` once.".into(),
            Cause::Binary(_) => "copydesk reads text, Markdown, HTML and files of records; leave the file out, or convert it first.".into(),
            Cause::TooLarge { what: "line", .. } => "Is it one record a line? Else raise `max-document-mb` in the configuration.".into(),
            Cause::TooLarge { what: "row", .. } => "Is a quote opened in it and never closed?".into(),
            Cause::TooLarge { .. } => "Split it, or raise `max-document-mb` in the configuration.".into(),
            Cause::NotJson(_) => "A JSONL file holds one complete JSON object on each line.".into(),
            Cause::NoText { fields, .. } if fields.is_empty() => "The object is empty.".into(),
            Cause::NoText { fields, .. } => {
                format!("It has {}; say which one holds the text with `--text-field`.", quoted(fields))
            }
            Cause::NotText { found: "null", .. } => {
                "There is nothing in it to check; is the text in another field (`--text-field`)?".into()
            }
            Cause::NotText { .. } => "Say which field holds the text with `--text-field`.".into(),
            Cause::ShortRow { .. } => "Each row has the columns that the first line names; is a quote or a delimiter missing?".into(),
            Cause::NotWritten(_) => "Take it out of the archive, and clean it by itself.".into(),
            Cause::Changed => "Run it again, into another folder, when nothing writes to it any more.".into(),
            Cause::SamePlace => "Clean it in a run of its own, into another folder.".into(),
            Cause::Ours => {
                "That is a mistake in copydesk: please report it, with this document if you may. All others were looked at.".into()
            }
            Cause::WideRecords => "Convert it to UTF-8: `iconv -f UTF-16 -t UTF-8 FILE`.".into(),
        };
        Some(advice)
    }
}

fn quoted(fields: &[String]) -> String {
    const SHOWN: usize = 8;
    let mut list: Vec<String> = fields.iter().take(SHOWN).map(|field| format!("`{field}`")).collect();
    if fields.len() > SHOWN {
        list.push(format!("{} more", fields.len() - SHOWN));
    }
    list.join(", ")
}

impl Diagnostic for InputError {
    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        self.advice().map(|advice| Box::new(advice) as Box<dyn Display>)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Record;

    #[test]
    fn an_error_says_where_what_and_what_to_do() {
        let error =
            InputError::new("night.jsonl", Some(12), Cause::NoText { field: "text".into(), fields: vec!["body".into(), "title".into()] });
        assert_eq!(error.to_string(), "night.jsonl:12: the record has no field `text`");
        assert_eq!(error.advice().as_deref(), Some("It has `body`, `title`; say which one holds the text with `--text-field`."));
        let error = InputError::new("gone.txt", None, io::Error::from(io::ErrorKind::NotFound));
        assert_eq!(error.to_string(), "gone.txt: cannot be read: there is no such file or folder");
    }

    #[test]
    fn a_mistake_of_ours_ends_one_document() {
        let record = Record { line: 12, id: None, field: "text".into() };
        let origin = Origin { path: "night.jsonl".into(), record: Some(record), ..Origin::default() };
        assert_eq!(survived(&origin, || Ok(3)).unwrap(), 3);
        let error = survived(&origin, || -> Result<(), InputError> { unreachable!("a test that fails over a document") }).unwrap_err();
        assert_eq!(error.to_string(), "night.jsonl:12: copydesk itself failed over it");
    }
}
