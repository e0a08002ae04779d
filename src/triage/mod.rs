//! What became of the findings of a document: reported, suppressed or baselined. Three buckets, never a flag to filter by later.

pub mod accept;
pub mod baseline;
mod comment;
mod fingerprint;
mod known;

use self::accept::Accepted;
use self::baseline::Baseline;
pub use self::fingerprint::Fingerprint;
use crate::document::{Document, Root};
use crate::finding::{Edit, Finding, Severity, UNUSED_ACCEPTANCE};
use crate::text::Span;
use std::ops::AddAssign;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// A finding as it leaves the check.
#[derive(Clone, Debug, PartialEq)]
pub struct Reported {
    pub finding: Finding,
    /// The same from run to run and when lines move: made of rule, origin, the normalised text found and its occurrence number.
    pub fingerprint: Fingerprint,
}

/// A document with its findings, each list in the order of their starts.
#[derive(Debug)]
pub struct Checked {
    pub document: Document,
    pub findings: Vec<Reported>,
    /// Accepted by a person, in a comment or a side file.
    pub suppressed: Vec<Reported>,
    /// Recorded earlier by `copydesk baseline`.
    pub baselined: Vec<Reported>,
}

/// What is known of findings before a run.
#[derive(Debug, Default)]
pub struct Triage {
    /// What paths are named from.
    root: Root,
    /// The path that was named last, and its name: the records of a file come one after the other.
    named: Mutex<(String, String)>,
    pub accepted: Accepted,
    pub baseline: Baseline,
    /// How grave an acceptance is that accepts nothing; `None`: it is not reported.
    pub unused: Option<Severity>,
}

impl Triage {
    /// Nothing is known yet; `root` is the folder that paths are named from.
    pub fn new(root: &Path) -> Self {
        Self { root: Root::new(root), ..Self::default() }
    }

    /// What a document's path is called in the side files.
    pub fn key(&self, path: &str) -> String {
        let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        if named.0 != path {
            *named = (path.to_owned(), self.root.name(path));
        }
        named.1.clone()
    }

    /// Whether a file of the side files is still there.
    fn is_there(&self, key: &str) -> bool {
        self.root.path().join(key).exists()
    }

    /// Sorts the findings of one document. `judged` tells whether a rule ran on it, or is none: only then does it mean
    /// something that there is no finding.
    pub fn sort(&self, document: Document, findings: Vec<Finding>, judged: impl Fn(&str) -> bool) -> Checked {
        let key = self.key(&document.origin.path);
        self.accepted.known.visit(&key);
        self.baseline.known.visit(&key);
        let comments = comment::comments(&document);
        let mut used = vec![false; comments.len()];
        let fingerprints = fingerprint::fingerprints(&document, &key, &findings);
        let mut checked = Checked { document, findings: Vec::new(), suppressed: Vec::new(), baselined: Vec::new() };
        for (finding, fingerprint) in findings.into_iter().zip(fingerprints) {
            let at = checked.document.to_source(finding.span);
            let mut by_comment = false;
            for (index, _) in comments.iter().enumerate().filter(|(_, comment)| comment.accepts(&finding.rule, at)) {
                used[index] = true;
                by_comment = true;
            }
            let by_file = self.accepted.known.meets(fingerprint);
            let known = self.baseline.known.meets(fingerprint);
            let bucket = match () {
                () if by_comment || by_file => &mut checked.suppressed,
                () if known => &mut checked.baselined,
                () => &mut checked.findings,
            };
            bucket.push(Reported { finding, fingerprint });
        }
        keep_accepted(&mut checked);
        if let Some(severity) = self.unused {
            let unused = comments.iter().zip(&used).filter(|(comment, used)| !**used && judged(&comment.rule));
            let unused: Vec<Finding> = unused
                .map(|(comment, _)| {
                    unused_acceptance(severity, comment.at, format!("this comment accepts nothing: there is no `{}` here", comment.rule))
                })
                .collect();
            if !unused.is_empty() {
                let fingerprints = fingerprint::fingerprints(&checked.document, &key, &unused);
                checked
                    .findings
                    .extend(unused.into_iter().zip(fingerprints).map(|(finding, fingerprint)| Reported { finding, fingerprint }));
                checked.findings.sort_by_key(|reported| reported.finding.span);
            }
        }
        checked
    }

    /// The side file, with what in it accepted nothing in this run; `None` where all is in use.
    pub fn unused(&self, judged: impl Fn(&str, &str) -> bool) -> Option<Checked> {
        let severity = self.unused?;
        let stale: Vec<Finding> = self
            .accepted
            .known
            .unmet(|key| self.is_there(key))
            .filter(|entry| judged(&entry.rule, &entry.path))
            .map(|entry| {
                let message = format!("this accepts nothing: there is no such `{}` in `{}`", entry.rule, entry.path);
                unused_acceptance(severity, entry.fingerprint.at, message)
            })
            .collect();
        if stale.is_empty() {
            return None;
        }
        let document = self.accepted.document();
        let fingerprints = fingerprint::fingerprints(&document, &self.key(&document.origin.path), &stale);
        let findings = stale.into_iter().zip(fingerprints).map(|(finding, fingerprint)| Reported { finding, fingerprint }).collect();
        Some(Checked { document, findings, suppressed: Vec::new(), baselined: Vec::new() })
    }

    /// What the baseline knows and this run did not find again.
    pub fn gone(&self, judged: impl Fn(&str, &str) -> bool) -> Vec<&baseline::Entry> {
        self.baseline.known.unmet(|key| self.is_there(key)).filter(|entry| judged(&entry.rule, &entry.path)).collect()
    }
}

/// What a person has let stand stays as it is: a fix inside it would change the text that the acceptance knows it by, and the next run
/// would mend what was accepted.
fn keep_accepted(checked: &mut Checked) {
    let kept: Vec<Span> = checked
        .suppressed
        .iter()
        .map(|reported| &reported.finding)
        .filter(|finding| finding.has_fix().is_some())
        .map(|finding| finding.span)
        .collect();
    if kept.is_empty() {
        return;
    }
    let changes =
        |edit: &Edit| kept.iter().any(|kept| kept.overlaps(edit.span) && !(edit.span.start <= kept.start && kept.end <= edit.span.end));
    for finding in checked.findings.iter_mut().chain(&mut checked.baselined).map(|reported| &mut reported.finding) {
        if finding.fix().is_some_and(|fix| fix.edits.iter().any(changes)) {
            finding.unfix();
        }
    }
}

fn unused_acceptance(severity: Severity, span: Span, message: String) -> Finding {
    Finding::new(UNUSED_ACCEPTANCE, severity, span, message).helped("Delete it; the text has been mended or has changed.")
}

/// The first characters of a text, on one line and without control characters, for people who read a side file.
fn excerpt(text: &str) -> String {
    const LENGTH: usize = 80;
    let mut words = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
        if words.len() > LENGTH * 4 {
            break;
        }
    }
    match words.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words,
    }
}

/// The tally of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub documents: usize,
    /// How many of the documents are records of a larger file.
    pub records: usize,
    /// How many of the documents have findings.
    pub with_findings: usize,
    pub errors: usize,
    pub warnings: usize,
    pub infos: usize,
    pub suppressed: usize,
    pub baselined: usize,
    /// Findings that a fix has mended, or would mend.
    pub fixed: usize,
    /// Inputs that could not be read.
    pub unread: usize,
}

impl Summary {
    pub fn add(&mut self, checked: &Checked) {
        self.documents += 1;
        self.records += usize::from(checked.document.origin.record.is_some());
        self.with_findings += usize::from(!checked.findings.is_empty());
        self.suppressed += checked.suppressed.len();
        self.baselined += checked.baselined.len();
        for reported in &checked.findings {
            match reported.finding.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Info => self.infos += 1,
            }
        }
    }

    /// Counts the findings of the side file, which is no document of the run.
    pub fn add_unused(&mut self, checked: &Checked) {
        let before = *self;
        self.add(checked);
        self.documents = before.documents;
        self.with_findings = before.with_findings;
    }

    pub const fn findings(&self) -> usize {
        self.errors + self.warnings + self.infos
    }

    /// Findings at least as grave as `severity`.
    pub const fn at_least(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.errors + self.warnings,
            Severity::Info => self.findings(),
        }
    }
}

impl AddAssign for Summary {
    fn add_assign(&mut self, other: Self) {
        self.documents += other.documents;
        self.records += other.records;
        self.with_findings += other.with_findings;
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.infos += other.infos;
        self.suppressed += other.suppressed;
        self.baselined += other.baselined;
        self.fixed += other.fixed;
        self.unread += other.unread;
    }
}

#[cfg(test)]
mod tests;
