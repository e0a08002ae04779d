//! What was found: plain data, with no opinion about how it is shown.

mod packed;
mod voice;

pub use voice::{Part, Template, Voice};

use self::packed::Packed;
use crate::document::{Document, Origin};
use crate::text::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// The id of a rule, which names the defect: `stray-paragraph`.
pub type RuleId = Arc<str>;

/// The rule of acceptances that accept nothing: the only one that looks at no text, and so has no file of its own.
pub const UNUSED_ACCEPTANCE: &str = "unused-acceptance";

/// How grave a finding is. The order is the order of gravity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// True, but in nobody's way.
    Info,
    /// Worth a look before the article goes out.
    Warning,
    /// Wrong.
    Error,
}

impl Severity {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// One measured value behind a finding: fills the message's placeholders and the report's `evidence`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Fact {
    Text(String),
    Count(usize),
    Number(f64),
    List(Vec<String>),
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Count(count) => count.fmt(f),
            Self::Number(number) => write!(f, "{number:.2}"),
            Self::List(items) => f.write_str(&in_words(items)),
        }
    }
}

/// `a, b and c`.
pub fn in_words(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// The facts of a match, by name.
pub type Facts = Vec<(Cow<'static, str>, Fact)>;

/// Another place that a finding speaks of.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub span: Span,
    /// What is there, in a few words: `Foreign Minister stands here`.
    pub text: String,
    /// Set where the place lies in another document.
    pub elsewhere: Option<Arc<Elsewhere>>,
}

/// A place in another document of the run, which may be gone from memory when it is named.
#[derive(Clone, Debug, PartialEq)]
pub struct Elsewhere {
    pub origin: Origin,
    /// Line of that document's text, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
}

impl Elsewhere {
    /// The place of a byte of a document's text.
    pub fn of(document: &Document, byte: usize) -> Arc<Self> {
        let at = document.position(byte);
        Arc::new(Self { origin: document.origin.clone(), line: at.line, column: at.column })
    }
}

impl Label {
    pub fn here(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into(), elsewhere: None }
    }

    /// In another document, of which only line and column are known.
    pub fn there(place: Arc<Elsewhere>, text: impl Into<String>) -> Self {
        Self { span: Span::default(), text: text.into(), elsewhere: Some(place) }
    }
}

/// A change that would mend a finding. The edits are in order and do not overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    pub edits: Vec<Edit>,
    /// Certain enough to be applied without a person looking.
    pub safe: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub span: Span,
    pub text: String,
}

/// A defect at a place of a document. Offsets are bytes of the document's text.
///
/// Its details are packed, and its texts are written only when somebody asks for them: a document may have a hundred thousand.
#[derive(Clone, PartialEq)]
pub struct Finding {
    pub rule: RuleId,
    pub severity: Severity,
    pub span: Span,
    voice: Arc<Voice>,
    packed: Packed,
    /// What few findings have.
    more: Option<Box<More>>,
}

/// What is known of a finding beside its rule and its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Details {
    pub related: Vec<Label>,
    pub fix: Option<Fix>,
    /// The measured values behind it.
    pub evidence: Facts,
    /// Where it is a copy: the place that it repeats.
    pub copy_of: Option<Span>,
}

/// A finding as it is reported.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub message: String,
    pub help: Option<String>,
    pub details: Details,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct More {
    also: Vec<Span>,
    elsewhere: Vec<Arc<Elsewhere>>,
}

impl Finding {
    /// A finding that says nothing but what and where.
    pub fn new(rule: impl Into<RuleId>, severity: Severity, span: Span, message: impl Into<String>) -> Self {
        Self::of(rule.into(), severity, span, Arc::new(Voice { message: Template::plain(message), help: None }), &Details::default())
    }

    /// What a rule says of what it found.
    pub fn of(rule: RuleId, severity: Severity, span: Span, voice: Arc<Voice>, details: &Details) -> Self {
        Self { rule, severity, span, voice, packed: Packed::default(), more: None }.with(details)
    }

    /// With what to do about it.
    #[must_use]
    pub fn helped(mut self, help: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.voice).help = Some(Template::plain(help));
        self
    }

    /// With these details in place of its own.
    #[must_use]
    pub fn with(mut self, details: &Details) -> Self {
        let mut elsewhere = Vec::new();
        self.packed = Packed::new(details, self.span.start, &mut elsewhere);
        if self.more.is_some() || !elsewhere.is_empty() {
            self.more.get_or_insert_default().elsewhere = elsewhere;
        }
        self
    }

    /// Takes its fix away.
    pub fn unfix(&mut self) {
        if self.packed.has_fix().is_some() {
            *self = self.clone().with(&Details { fix: None, ..self.details() });
        }
    }

    /// The same in a text that has `by` bytes more before it.
    #[must_use]
    pub fn shifted(mut self, by: usize) -> Self {
        let also = self.more.iter_mut().flat_map(|more| &mut more.also);
        for span in std::iter::once(&mut self.span).chain(also) {
            *span = Span::new(span.start + by, span.end + by);
        }
        self
    }

    /// All that is to be said of it.
    pub fn told(&self) -> Told {
        let details = self.details();
        let Voice { message, help } = &*self.voice;
        Told { message: message.fill(&details.evidence), help: help.as_ref().map(|help| help.fill(&details.evidence)), details }
    }

    pub fn details(&self) -> Details {
        self.packed.details(self.span.start, self.more.as_ref().map_or(&[], |more| &more.elsewhere))
    }

    pub fn message(&self) -> String {
        self.voice.message.fill(&self.details().evidence)
    }

    pub fn fix(&self) -> Option<Fix> {
        self.packed.fix(self.span.start)
    }

    /// Whether there is a fix, and whether that is safe.
    pub fn has_fix(&self) -> Option<bool> {
        self.packed.has_fix()
    }

    /// Where it is a copy: the place that it repeats.
    pub fn copy_of(&self) -> Option<Span> {
        self.packed.copy_of(self.span.start)
    }

    /// The same defect inside copies that are reported as repeats: folded into this finding, not reported again.
    pub fn also(&self) -> &[Span] {
        self.more.as_ref().map_or(&[], |more| &more.also)
    }

    pub fn is_also_at(&mut self, span: Span) {
        self.more.get_or_insert_default().also.push(span);
    }
}

impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, severity, span, .. } = self;
        let mut shown = f.debug_struct("Finding");
        shown.field("rule", rule).field("severity", severity).field("span", span);
        shown.field("told", &self.told()).field("also", &self.also()).finish()
    }
}

/// Levels by rule id, group or `all`; a rule counts more than its group, and that more than `all`.
pub type Layer = Vec<(String, Level)>;

/// Whether a rule runs, and how grave its findings are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Off,
    /// Off, but on where the rule or its group is selected: what it finds is expected, and some want to see it.
    Asked,
    /// With the severity that the rule states.
    On,
    At(Severity),
}

impl Level {
    pub const fn runs(self) -> bool {
        matches!(self, Self::On | Self::At(_))
    }

    /// As lists and pages of rules say it.
    pub const fn state(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Asked => "asked",
            Self::On | Self::At(_) => "on",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_a_sentence_does() {
        let list = |items: &[&str]| in_words(&items.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(list(&["Castro"]), "Castro");
        assert_eq!(list(&["Castro", "Peters", "succession"]), "Castro, Peters and succession");
    }

    #[test]
    fn severities_are_in_the_order_of_gravity() {
        assert!(Severity::Error > Severity::Warning && Severity::Warning > Severity::Info);
    }
}
