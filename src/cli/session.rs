//! What every command starts from: the config and the rules of the run.

use super::RuleArgs;
use super::error::Error;
use crate::check::Others;
use crate::config::{Config, FieldNames, FirstBy, RecordFormat};
use crate::corpus::{Index, Order};
use crate::detect::witness::Witness;
use crate::document::{Format, MOST_BYTES};
use crate::finding::{Level, Severity, UNUSED_ACCEPTANCE};
use crate::input;
use crate::report::RuleInfo;
use crate::rule::RuleSet;
use crate::setup::Setup;
use crate::triage::Triage;
use crate::triage::accept::{self, Accepted, AcceptedError};
use crate::triage::baseline::{self, Baseline};
use std::path::PathBuf;

pub(super) struct Session {
    pub config: Config,
    pub rules: RuleSet,
    /// Other documents to compare with, where that is asked for.
    pub corpus: Option<Index>,
    /// What the documents of the run have said of one another, once they have been heard.
    pub witness: Option<Witness>,
    /// How grave an acceptance is that accepts nothing.
    unused: Option<Severity>,
}

impl Session {
    /// Reads the config and compiles the rules; rules of the user's own must pass their examples.
    pub fn open(args: &RuleArgs) -> Result<Self, Error> {
        Ok(Self::of(Setup::open(&args.wanted())?))
    }

    /// As `open`, for a command that runs the examples itself.
    pub fn unproved(args: &RuleArgs) -> Result<Self, Error> {
        Ok(Self::of(Setup::unproved(&args.wanted())?))
    }

    fn of(setup: Setup) -> Self {
        let Setup { config, rules, unused, .. } = setup;
        Self { config, rules, unused, corpus: None, witness: None }
    }

    /// What is known of other documents than the one that is checked.
    pub const fn others(&self) -> Others<'_> {
        Others { corpus: self.corpus.as_ref(), witness: self.witness.as_ref() }
    }

    /// Which of several documents that share a text is the first.
    pub fn order(&self) -> Order {
        match self.config.first_by {
            Some(FirstBy::Date) => Order::Date,
            Some(FirstBy::Path) | None => Order::Path,
        }
    }

    /// The folder that side files lie in and name paths from: that of the config, or this one.
    pub fn root(&self) -> PathBuf {
        let root = &self.config.root;
        if root.as_os_str().is_empty() { PathBuf::from(".") } else { root.clone() }
    }

    pub fn accepted_path(&self) -> PathBuf {
        self.config.accepted.clone().unwrap_or_else(|| self.beside(accept::NAME))
    }

    pub fn baseline_path(&self) -> PathBuf {
        self.config.baseline.clone().unwrap_or_else(|| self.beside(baseline::NAME))
    }

    fn beside(&self, name: &str) -> PathBuf {
        self.config.root.join(name)
    }

    /// What is accepted and, if wanted, what the baseline knows.
    pub fn triage(&self, with_baseline: bool) -> Result<Triage, Error> {
        let mut triage = Triage::new(&self.root());
        triage.accepted = Accepted::load(&self.accepted_path()).map_err(|error| match error {
            AcceptedError::Invalid(flaw) => Error::Flaws(vec![*flaw]),
            AcceptedError::Io(error) => Error::plain(format!("`{}` cannot be read: {error}", self.accepted_path().display())),
        })?;
        if with_baseline {
            let path = self.baseline_path();
            triage.baseline = Baseline::load(&path).map_err(|error| super::baseline::baseline_error(&path, &error))?;
        }
        triage.unused = self.unused;
        Ok(triage)
    }

    /// How inputs are read, as the config says.
    pub fn input_options(&self) -> input::Options {
        let mut options =
            input::Options { ignore: self.config.ignore.clone(), root: self.config.root.clone(), ..input::Options::default() };
        if let Some(mb) = self.config.max_document_mb {
            options.max_document_bytes = mb.saturating_mul(1 << 20).min(MOST_BYTES);
        }
        options.fields = fields(&self.config.fields);
        let by_path = self.config.fields_by_path.iter();
        options.fields_for = by_path.map(|(globs, names)| (globs.clone(), fields(&names.clone().or(self.config.fields.clone())))).collect();
        options
    }

    /// What reports say of the rules.
    pub fn rule_infos(&self) -> Vec<RuleInfo> {
        let info = |rule: &crate::rule::Rule| RuleInfo {
            id: rule.id.clone(),
            group: rule.group.clone(),
            severity: rule.severity,
            summary: rule.summary.clone(),
            why: rule.why.clone().unwrap_or_default(),
            help: None,
        };
        self.rules.rules.iter().map(info).chain([self.unused_acceptance()]).collect()
    }

    /// The rule that looks at what is accepted, not at a text, and so stands in no file.
    pub fn unused_acceptance(&self) -> RuleInfo {
        RuleInfo {
            id: UNUSED_ACCEPTANCE.into(),
            group: "acceptance".into(),
            severity: self.unused.unwrap_or(Severity::Warning),
            summary: "A comment or an entry of the side file accepts a finding that is not there.".into(),
            why: "What nobody needs any more would hide the next finding at its place.".into(),
            help: Some("Delete the comment or the entry; the text has been mended or has changed.".into()),
        }
    }

    /// Whether that rule runs, as the config and the arguments say.
    pub fn unused_level(&self) -> Level {
        self.unused.map_or(Level::Off, Level::At)
    }
}

/// The names of a record's fields, with the usual ones where the config is silent.
fn fields(names: &FieldNames) -> input::Fields {
    let usual = input::Fields::default();
    input::Fields {
        text: names.text.clone().unwrap_or(usual.text),
        id: names.id.clone().unwrap_or(usual.id),
        url: names.url.clone().unwrap_or(usual.url),
        title: names.title.clone().unwrap_or(usual.title),
        date: names.date.clone().unwrap_or(usual.date),
        author: names.author.clone().unwrap_or(usual.author),
        format: match names.format {
            Some(RecordFormat::Html) => Format::Html,
            Some(RecordFormat::Markdown) => Format::Markdown,
            Some(RecordFormat::Text) | None => Format::Text,
        },
    }
}
