//! Findings that a person has looked at and left as they are: the side file `copydesk.accepted.yaml`, keyed by fingerprint.

use super::known::{self, Known};
use super::{Reported, excerpt};
use crate::document::{Document, Origin, date_of_day};
use crate::yaml::{FileFlaw, Placed};
use serde::Deserialize;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// The side file's name, where the config gives no other.
pub const NAME: &str = "copydesk.accepted.yaml";

const HEAD: &str = "\
# Findings that a person has looked at and left as they are. `copydesk accept FILE RULE` adds to this list;
# copydesk reports what accepts nothing any more (unused-acceptance). Edit the reasons as you like.
";

/// One accepted finding.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub fingerprint: Placed<String>,
    pub rule: String,
    /// From the folder of the config.
    pub path: String,
    /// How the text found begins.
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub why: String,
    /// The day on which it was accepted.
    #[serde(default)]
    pub date: String,
}

/// The side file, and what of it has been met in this run.
#[derive(Debug, Default)]
pub struct Accepted {
    path: String,
    source: String,
    pub(super) known: Known<Entry>,
}

impl known::Entry for Entry {
    fn fingerprint(&self) -> &str {
        &self.fingerprint.value
    }

    fn path(&self) -> &str {
        &self.path
    }
}

/// Why the side file could not be read.
#[derive(Debug)]
pub enum AcceptedError {
    Io(io::Error),
    Invalid(Box<FileFlaw>),
}

impl Accepted {
    /// Reads the side file; one that is not there is empty.
    pub fn load(path: &Path) -> Result<Self, AcceptedError> {
        let source = match fs::read_to_string(path) {
            Ok(source) => source,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(AcceptedError::Io(error)),
        };
        let path = path.display().to_string();
        let is_blank = source.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
        let entries: Vec<Entry> = if is_blank {
            Vec::new()
        } else {
            crate::yaml::read(&source).map_err(|flaw| AcceptedError::Invalid(Box::new(FileFlaw::new("accepted", &path, &source, flaw))))?
        };
        Ok(Self { known: Known::new(entries), source, path })
    }

    /// The side file as a document, to point at its entries.
    pub(super) fn document(&self) -> Document {
        Document::new(Origin { path: self.path.clone(), ..Origin::default() }, self.source.as_str())
    }
}

/// Adds findings of the document called `key` to the side file; those that are in it already are passed over.
pub fn add(path: &Path, document: &Document, key: &str, findings: &[&Reported], why: &str, date: &str) -> io::Result<()> {
    let is_new = !path.exists();
    let mut text = String::from(if is_new { HEAD } else { "" });
    for Reported { finding, fingerprint } in findings {
        text += &format!(
            "- fingerprint: {fingerprint}\n  rule: {}\n  path: {}\n  text: {}\n  why: {}\n  date: {date}\n",
            finding.rule,
            quoted(key),
            quoted(&excerpt(finding.span.of(&document.text))),
            quoted(&excerpt(why)),
        );
    }
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    // A file whose last line is not ended would swallow the first new one.
    if !is_new && fs::read(path)?.last().is_some_and(|&last| last != b'\n') {
        file.write_all(b"\n")?;
    }
    file.write_all(text.as_bytes())
}

/// A string as YAML reads it: JSON is YAML.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Today's date in UTC, `2026-11-24`.
pub fn today() -> String {
    let days = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / 86_400);
    date_of_day(days as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_can_be_quoted() {
        for text in ["a: b #c", "“x” \\ \"y\"", "- no", "", "😀\u{7f}"] {
            let read: Vec<String> = crate::yaml::read(&format!("- {}\n", quoted(&excerpt(text)))).unwrap();
            assert_eq!(read, [excerpt(text)]);
        }
    }
}
