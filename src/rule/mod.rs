//! Rules: a detector with an opinion. A rule turns a [`Match`] into a [`Finding`].

mod edit;
pub mod file;
pub mod known;
pub mod load;
mod message;
mod scope;

pub use file::{Examples, FixKind};
pub use load::{Author, RuleSource, Settings};
pub use scope::Scope;

use crate::detect::witness::Question;
use crate::detect::{AcceptedWords, Context, Detector, Gate, MOST_FINDINGS, Match, Measures, Slot};
use crate::document::{Document, Root};
use crate::finding::{Details, Edit, Finding, Fix, Level, RuleId, Severity, Voice};
use crate::lexicon::Lexica;
use crate::text::{Span, thousands};
use crate::yaml::{FileFlaw, Flaw};
use file::RuleFile;
use globset::GlobSet;
use std::sync::Arc;

/// One rule, fit to run.
#[derive(Debug)]
pub struct Rule {
    pub id: RuleId,
    /// The folder that it lies in.
    pub group: String,
    pub summary: String,
    pub why: Option<String>,
    pub severity: Severity,
    pub voice: Arc<Voice>,
    pub fix: FixKind,
    pub scope: Scope,
    pub detector: Detector,
    pub examples: Examples,
    pub source: RuleSource,
}

impl Rule {
    /// Checks everything that can be checked without a document.
    ///
    /// # Errors
    /// Every flaw of the file; only where it cannot be read as a rule at all, the first.
    pub fn new(source: RuleSource) -> Result<Self, Vec<FileFlaw>> {
        let shown = |flaws: Vec<Flaw>| FileFlaw::all("rule", &source.path, &source.text, flaws);
        let known = if source.author == Author::BuiltIn { known::read(&source.text) } else { None };
        let file: RuleFile = known.map_or_else(|| crate::yaml::read(&source.text), Ok).map_err(|flaw| shown(vec![flaw]))?;
        let mut flaws = Vec::new();
        if !is_id(&file.id.value) {
            let flaw = Flaw::new(file.id.at, format!("`{}` is no rule id", file.id.value), "lower-case words joined by hyphens");
            flaws.push(flaw.help("an id names the defect: `forum-header`"));
        }
        let examples = file.tests.value;
        if examples.invalid.is_empty() || examples.valid.is_empty() {
            let missing = if examples.invalid.is_empty() { "invalid" } else { "valid" };
            let at = Span::new(file.tests.at.start, file.tests.at.start);
            let flaw = Flaw::new(at, format!("the rule has no `{missing}` example"), "needs at least one of each");
            flaws.push(flaw.help("a rule shows one text that it finds something in (`invalid`) and one that it leaves alone (`valid`)"));
        }
        let scope = kept(Scope::new(file.scope), &mut flaws);
        let detector = kept(Detector::new(file.detect), &mut flaws);
        let known = detector.as_ref().map(Detector::placeholders);
        let message = known.as_ref().and_then(|known| kept(message::template(&file.message, known), &mut flaws));
        let help = match (&known, &file.help) {
            (Some(known), Some(help)) => kept(message::template(help, known), &mut flaws),
            _ => None,
        };
        match (scope, detector, message) {
            (Some(scope), Some(detector), Some(message)) if flaws.is_empty() => Ok(Self {
                id: file.id.value.into(),
                group: source.group.clone(),
                summary: file.summary,
                why: file.why,
                severity: file.severity,
                voice: Arc::new(Voice { message, help }),
                fix: file.fix,
                scope,
                detector,
                examples,
                source,
            }),
            _ => Err(shown(flaws)),
        }
    }

    /// The examples with their places in the file, for flaws that point at them.
    pub fn examples_with_places(&self) -> Option<Examples> {
        crate::yaml::read::<RuleFile>(&self.source.text).ok().map(|file| file.tests.value)
    }

    /// The finding that this rule makes of what its detector saw.
    fn finding(&self, severity: Severity, seen: Match, document: &Document) -> Finding {
        let fix = self.mend(&seen, document);
        let Match { span, related, facts: evidence, copy_of, .. } = seen;
        Finding::of(self.id.clone(), severity, span, Arc::clone(&self.voice), &Details { related, fix, evidence, copy_of })
    }

    fn mend(&self, seen: &Match, document: &Document) -> Option<Fix> {
        let edit = match self.fix {
            FixKind::None => return None,
            FixKind::Remove | FixKind::RemoveUnsafe => edit::removal(document, seen.span),
            FixKind::Replace | FixKind::ReplaceUnsafe => Edit { span: seen.span, text: seen.replacement.clone()? },
        };
        Some(Fix { edits: vec![edit], safe: self.fix.is_safe() && seen.certain })
    }
}

/// Stands for all findings of a rule from this place on, which are too many to be listed: more than [`MOST_FINDINGS`].
pub fn too_many(rule: RuleId, severity: Severity, at: Span) -> Finding {
    let most = thousands(MOST_FINDINGS as u64);
    let message = format!("`{rule}` is found more often from here on; the first {most} findings are listed");
    Finding::new(rule, severity, at, message).helped("Is this an article at all?")
}

/// The value, or its flaws added to the list.
fn kept<T>(result: Result<T, Vec<Flaw>>, flaws: &mut Vec<Flaw>) -> Option<T> {
    result.map_err(|found| flaws.extend(found)).ok()
}

fn is_id(id: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    id.split('-').all(is_part)
}

/// All the rules of a run, with what each is set to.
#[derive(Debug)]
pub struct RuleSet {
    /// In the order of their groups and ids.
    pub rules: Vec<Rule>,
    levels: Vec<Level>,
    /// What the paths of the globs are named from.
    root: Root,
    by_path: Vec<(GlobSet, Vec<(Slot, Level)>)>,
    accepted: Vec<(Option<GlobSet>, AcceptedWords)>,
    gate: Gate,
    lexica: Lexica,
}

impl RuleSet {
    /// What a rule is set to where no path says otherwise.
    pub fn level(&self, slot: Slot) -> Level {
        self.levels[slot]
    }

    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| *rule.id == *id)
    }

    /// The words that the rules of spelling go by.
    pub const fn lexica(&self) -> &Lexica {
        &self.lexica
    }

    pub fn set_lexica(&mut self, lexica: Lexica) {
        self.lexica = lexica;
    }

    /// Whether a rule that is on for some document asks this of the other documents of the run.
    pub fn asks_the_run(&self, question: Question) -> bool {
        let on = |slot: Slot| {
            self.levels[slot].runs() || self.by_path.iter().any(|(_, levels)| levels.iter().any(|(at, level)| *at == slot && level.runs()))
        };
        self.rules.iter().enumerate().any(|(slot, rule)| rule.detector.asks_the_run() == Some(question) && on(slot))
    }

    pub const fn gate(&self) -> &Gate {
        &self.gate
    }

    /// The words that are right in documents of this path.
    pub fn accepted(&self, path: &str) -> Vec<&AcceptedWords> {
        let special = self.accepted.iter().any(|(paths, _)| paths.is_some());
        let name = if special { self.root.name(path) } else { String::new() };
        let here = |paths: &Option<GlobSet>| paths.as_ref().is_none_or(|paths| paths.is_match(&name));
        self.accepted.iter().filter(|(paths, _)| here(paths)).map(|(_, words)| words).collect()
    }

    /// Whether it means something that this rule found nothing on this path: it ran, or there is no such rule.
    pub fn judge(&self, rule: &str, path: &str) -> bool {
        self.get(rule).is_none() || self.active(path).any(|(_, active, _)| *active.id == *rule)
    }

    /// Whether the same rules run on documents of both paths.
    pub fn treats_alike(&self, one: &str, other: &str) -> bool {
        self.by_path.is_empty() || one == other
    }

    /// The rules that run on documents of this path, with the severity of their findings.
    pub fn active<'r>(&'r self, path: &str) -> impl Iterator<Item = (Slot, &'r Rule, Severity)> {
        let name = if self.by_path.is_empty() { String::new() } else { self.root.name(path) };
        let special: Vec<&[(Slot, Level)]> =
            self.by_path.iter().filter(|(paths, _)| paths.is_match(&name)).map(|(_, levels)| levels.as_slice()).collect();
        self.rules.iter().enumerate().filter_map(move |(slot, rule)| {
            let by_path = special.iter().rev().flat_map(|levels| levels.iter().rev()).find(|(special, _)| *special == slot);
            match by_path.map_or(self.levels[slot], |&(_, level)| level) {
                Level::Off | Level::Asked => None,
                Level::On => Some((slot, rule, rule.severity)),
                Level::At(severity) => Some((slot, rule, severity)),
            }
        })
    }

    /// How near one rule came to firing on each part of the document.
    pub fn measure(&self, slot: Slot, cx: &Context<'_>) -> Measures {
        let rule = &self.rules[slot];
        if !rule.scope.admits(cx.document) || !rule.scope.speaks(cx.document) {
            return Measures::Silent("the rule's `where` leaves this document out".into());
        }
        match rule.detector.measure(slot, cx) {
            Measures::Parts(mut parts) => {
                parts.retain(|part| rule.scope.holds(part.span, cx.document));
                Measures::Parts(parts)
            }
            silent => silent,
        }
    }

    /// Runs one rule, whatever it is set to.
    pub fn run(&self, slot: Slot, severity: Severity, cx: &Context<'_>) -> Vec<Finding> {
        let rule = &self.rules[slot];
        if !rule.scope.admits(cx.document) {
            return Vec::new();
        }
        let is_here = |seen: &Match| cx.owns(seen.span) && rule.scope.holds(seen.span, cx.document);
        let mut seen = rule.detector.detect(slot, cx).filter(is_here).peekable();
        // Asked only now: to tell the language costs more than the search did, and most searches find nothing.
        if seen.peek().is_none() || !rule.scope.speaks(cx.document) {
            return Vec::new();
        }
        let mut findings: Vec<Finding> = seen.by_ref().take(MOST_FINDINGS).map(|seen| rule.finding(severity, seen, cx.document)).collect();
        findings.extend(seen.next().map(|first| too_many(rule.id.clone(), severity, first.span)));
        findings
    }
}
