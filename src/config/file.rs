//! The mirror of a config file as it is written; its comments are the reference, by way of the JSON schema.

use crate::finding::{Level, Severity};
use crate::yaml::{Mapping, Placed};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

/// A config file as it is written.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ConfigFile {
    /// The profile to start from: `news` (the default), `corpus`, `editorial`, `strict`, or the path of a file like this one.
    pub extends: Option<Placed<String>>,
    /// Rule id, group or `all`: `off`, `on`, or a severity. A rule counts more than its group, and that more than `all`.
    pub rules: Mapping<LevelName>,
    /// Rule id: parameters of its detector that replace those in the rule's file.
    pub parameters: Mapping<Map<String, Value>>,
    /// Folders with rules of your own, or single files.
    pub rule_folders: Vec<Placed<String>>,
    /// Files to leave out when a folder is walked; patterns as in `.gitignore`.
    pub ignore: Vec<Placed<String>>,
    /// Words that are right, in all their inflections.
    pub words: Vec<String>,
    /// Files of such words, one a line; `#` starts a comment.
    pub word_lists: Vec<Placed<String>>,
    /// Language code: path of a dictionary of Hunspell, its `.dic` file with the `.aff` file beside it. Typos are looked for in that
    /// language then.
    pub dictionaries: Mapping<String>,
    /// A folder that `copydesk tables build` wrote: the tables of English to use instead of those in the binary.
    pub tables: Option<String>,
    /// Other levels for some documents; where several fit, the last one counts.
    pub paths: Vec<PathSettings>,
    /// Names of the fields of a record.
    pub fields: FieldNames,
    /// Largest document, and longest line of a file of records, in MB; 64 unless said otherwise, 4,095 at most.
    pub max_document_mb: Option<usize>,
    /// Which of several documents that share a text counts as the first, and has no finding.
    pub first_by: Option<FirstBy>,
    /// The gravest findings that do not fail a run are one step below this.
    pub fail_on: Option<FailOn>,
    /// The file that `copydesk baseline` writes.
    pub baseline: Option<String>,
    /// The file that `copydesk accept` writes.
    pub accepted: Option<String>,
}

/// Levels for the documents that match.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct PathSettings {
    /// Globs, one of which the path must match; one without `/` matches the file's name in any folder.
    pub files: Vec<Placed<String>>,
    pub rules: Mapping<LevelName>,
    /// Words that are right in these documents.
    pub words: Vec<String>,
    /// Files of such words, one a line; `#` starts a comment.
    pub word_lists: Vec<Placed<String>>,
    /// Names of the fields of their records.
    pub fields: FieldNames,
}

/// Where a record keeps its text and what belongs to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct FieldNames {
    /// `text` unless said otherwise, and so on.
    pub text: Option<String>,
    pub id: Option<String>,
    pub url: Option<String>,
    pub title: Option<String>,
    pub date: Option<String>,
    pub author: Option<String>,
    /// What the text is; plain text unless said otherwise.
    pub format: Option<RecordFormat>,
}

/// What the text of a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RecordFormat {
    Text,
    Markdown,
    Html,
}

impl FieldNames {
    /// What this one does not say, `other` says.
    pub fn or(self, other: Self) -> Self {
        Self {
            text: self.text.or(other.text),
            id: self.id.or(other.id),
            url: self.url.or(other.url),
            title: self.title.or(other.title),
            date: self.date.or(other.date),
            author: self.author.or(other.author),
            format: self.format.or(other.format),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LevelName {
    Off,
    /// Only where the rule or its group is selected (`--select`).
    Asked,
    On,
    Info,
    Warning,
    Error,
}

impl From<LevelName> for Level {
    fn from(name: LevelName) -> Self {
        match name {
            LevelName::Off => Self::Off,
            LevelName::Asked => Self::Asked,
            LevelName::On => Self::On,
            LevelName::Info => Self::At(Severity::Info),
            LevelName::Warning => Self::At(Severity::Warning),
            LevelName::Error => Self::At(Severity::Error),
        }
    }
}

/// What makes a document the first of those that share a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FirstBy {
    /// The smallest path, then the smallest line in a file of records. This is the default.
    Path,
    /// The earliest date that its record, front matter or page gives, then the smallest path; documents without a date come last.
    Date,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}
