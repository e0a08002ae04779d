//! Findings that were there before: recorded once, so that later runs report only new ones.

use super::known::{self, Known};
use super::{Reported, excerpt};
use crate::beside;
use crate::document::Document;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};
use std::path::Path;

/// The file's name, where the config gives no other.
pub const NAME: &str = "copydesk.baseline.json";

/// The version of the file's format.
const VERSION: u32 = 1;

/// One recorded finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub fingerprint: String,
    pub rule: String,
    /// From the folder of the config.
    pub path: String,
    /// Of the record that it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// How the text found begins.
    pub text: String,
}

impl Entry {
    pub fn new(document: &Document, key: &str, reported: &Reported) -> Self {
        let record = document.origin.record.as_ref();
        Self {
            fingerprint: reported.fingerprint.to_string(),
            rule: reported.finding.rule.to_string(),
            path: key.to_string(),
            record: record.map(|record| record.id.clone().unwrap_or_else(|| record.line.to_string())),
            text: excerpt(reported.finding.span.of(&document.text)),
        }
    }
}

#[derive(Deserialize)]
struct File {
    version: u32,
    findings: Vec<Entry>,
}

/// A recorded baseline, and what of it has been met in this run.
#[derive(Debug, Default)]
pub struct Baseline {
    pub(super) known: Known<Entry>,
}

impl known::Entry for Entry {
    fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    fn path(&self) -> &str {
        &self.path
    }
}

/// Why a baseline could not be read.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error("is no baseline: {0}")]
    Json(#[from] serde_json::Error),
    #[error("is of version {0}, which this copydesk does not know")]
    Version(u32),
}

impl Baseline {
    /// Reads the file; one that is not there is empty.
    pub fn load(path: &Path) -> Result<Self, BaselineError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error.into()),
        };
        let file: File = serde_json::from_str(&text)?;
        if file.version != VERSION {
            return Err(BaselineError::Version(file.version));
        }
        Ok(Self::new(file.findings))
    }

    pub fn new(entries: Vec<Entry>) -> Self {
        Self { known: Known::new(entries) }
    }

    pub fn entries(&self) -> &[Entry] {
        self.known.entries()
    }
}

/// Writes a baseline, one finding a line and in order, so that a version control system shows what changed.
pub fn write(path: &Path, mut entries: Vec<Entry>) -> io::Result<()> {
    entries.sort_by(|a, b| (&a.path, &a.record, &a.rule, &a.fingerprint).cmp(&(&b.path, &b.record, &b.rule, &b.fingerprint)));
    entries.dedup();
    let mut file = io::BufWriter::new(beside::file(path)?);
    write!(file, "{{\"version\":{VERSION},\"findings\":[")?;
    for (index, entry) in entries.iter().enumerate() {
        file.write_all(if index == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut file, entry)?;
    }
    file.write_all(b"\n]}\n")?;
    file.into_inner().map_err(io::IntoInnerError::into_error)?.persist(path).map_err(|error| error.error)?;
    Ok(())
}
