//! One rule file, as it is written: the mirror of the YAML, and the source of its JSON schema.

use crate::detect::Kind;
use crate::document::{BlockKind, Format};
use crate::finding::Severity;
use crate::yaml::Placed;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A rule of copydesk: what to look for, how to say it, and examples that prove it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RuleFile {
    /// Names the defect, in lower case with hyphens: `forum-header`.
    pub id: Placed<String>,
    /// One sentence: what is wrong where this fires.
    pub summary: String,
    /// Why it matters, and where the line runs. Markdown.
    pub why: Option<String>,
    pub severity: Severity,
    /// What is said of a finding; `{name}` is filled with a fact of the detector.
    pub message: Placed<String>,
    /// What to do about it; may hold placeholders.
    pub help: Option<Placed<String>>,
    /// What to look for: one kind of detector with its parameters.
    pub detect: Kind,
    /// What `--fix` does.
    #[serde(default)]
    pub fix: FixKind,
    /// Which documents, and which parts of them.
    #[serde(default, rename = "where")]
    pub scope: ScopeFile,
    /// Examples; a rule without one is not loaded.
    pub tests: Placed<Examples>,
}

/// How a finding is mended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FixKind {
    /// Only a person can.
    #[default]
    None,
    /// The text found is taken out, with its line where it is all of it.
    Remove,
    /// As `remove`, but a person should look first: only with `--unsafe-fixes`.
    RemoveUnsafe,
    /// The detector's replacement is put in its place.
    Replace,
    /// As `replace`, but a person should look first: only with `--unsafe-fixes`.
    ReplaceUnsafe,
}

impl FixKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Remove => "remove",
            Self::RemoveUnsafe => "remove-unsafe",
            Self::Replace => "replace",
            Self::ReplaceUnsafe => "replace-unsafe",
        }
    }

    pub const fn is_safe(self) -> bool {
        matches!(self, Self::Remove | Self::Replace)
    }
}

/// Which documents a rule looks at, and which parts of them. What is not named is not asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ScopeFile {
    /// Languages of the document (`en`, `de` …). A document whose language cannot be told is left out.
    pub languages: Vec<Placed<String>>,
    /// What kind of file the text was taken from: `text`, `markdown`, `html`.
    pub formats: Vec<Format>,
    /// Globs that the document's path must match, one of them.
    pub paths: Vec<Placed<String>>,
    /// Only in this many blocks from the start.
    pub first_blocks: Option<usize>,
    /// Only in this many blocks from the end. Together with `first-blocks`: in either.
    pub last_blocks: Option<usize>,
    /// Only in blocks of these kinds: `paragraph`, `heading`, `list-item`, `quote`, `caption`, `table-cell`, `code`.
    pub blocks: Vec<BlockKind>,
    /// Only in the main content of a web page, as rules do by themselves; `false`: in all of it. A plain text is all main content.
    pub main: bool,
    /// Only in documents of at most this many words.
    pub max_words: Option<usize>,
    /// Also in texts about program code; `false`: not in those, which show code on purpose.
    pub about_code: bool,
}

impl Default for ScopeFile {
    fn default() -> Self {
        Self {
            languages: Vec::new(),
            formats: Vec::new(),
            paths: Vec::new(),
            first_blocks: None,
            last_blocks: None,
            blocks: Vec::new(),
            // What stands around an article on its page is no fault of the article.
            main: true,
            max_words: None,
            about_code: true,
        }
    }
}

/// Texts that the rule must find something in, and texts in which it must not.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Examples {
    /// Other documents that stand beside each example, earlier pages of the same site: for kinds that compare documents.
    pub beside: Vec<Placed<String>>,
    /// What kind of file the examples are: `text`, `markdown`, `html`.
    pub format: Format,
    pub invalid: Vec<Invalid>,
    pub valid: Vec<Placed<String>>,
}

/// A text with its defects marked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Invalid {
    /// Each finding is marked `[[so]]`: exactly that span must be found, and nothing else.
    pub text: Placed<String>,
    /// The text after the fix, safe or not.
    pub fixed: Option<Placed<String>>,
}
