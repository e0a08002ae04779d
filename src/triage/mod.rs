//! What became of the findings of a document: reported, suppressed or baselined. Three buckets, never a flag to filter by later.

mod fingerprint;

use crate::document::Document;
use crate::finding::{Finding, Severity};
use std::ops::AddAssign;

/// A finding as it leaves the check.
#[derive(Clone, Debug, PartialEq)]
pub struct Reported {
    pub finding: Finding,
    /// The same from run to run and when lines move: made of rule, origin, the normalised text found and its occurrence number.
    pub fingerprint: String,
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

/// Gives each finding its fingerprint.
pub fn sort(document: Document, findings: Vec<Finding>) -> Checked {
    let fingerprints = fingerprint::fingerprints(&document, &findings);
    let findings = findings.into_iter().zip(fingerprints).map(|(finding, fingerprint)| Reported { finding, fingerprint }).collect();
    Checked { document, findings, suppressed: Vec::new(), baselined: Vec::new() }
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
