//! What a run did: documents by verdict, and what was removed by which rule on which site.

use super::{Cleaned, Reason, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::AddAssign;

/// Pairs of site and rule told apart; those that come later share the row of [`OTHERS`].
const PAIRS: usize = 100_000;
const OTHERS: &str = "(other sites)";

/// Counts that can be added up in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    pub verdicts: BTreeMap<String, Documents>,
    /// By site and rule.
    pub edits: BTreeMap<String, BTreeMap<String, Edits>>,
    /// By verdict and rule: how many documents.
    pub reasons: BTreeMap<String, BTreeMap<String, u64>>,
}

/// Documents of one verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Documents {
    pub documents: u64,
    /// Of their texts as they were found.
    pub bytes: u64,
    /// Of their texts as they were written.
    pub written: u64,
    /// How many of them were edited.
    pub edited: u64,
}

/// Edits of one rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edits {
    pub edits: u64,
    pub documents: u64,
    /// Bytes taken out and put in.
    pub removed: u64,
    pub inserted: u64,
}

impl AddAssign for Documents {
    fn add_assign(&mut self, other: Self) {
        self.documents += other.documents;
        self.bytes += other.bytes;
        self.written += other.written;
        self.edited += other.edited;
    }
}

impl AddAssign for Edits {
    fn add_assign(&mut self, other: Self) {
        self.edits += other.edits;
        self.documents += other.documents;
        self.removed += other.removed;
        self.inserted += other.inserted;
    }
}

impl Tally {
    /// Counts one document.
    pub fn of(cleaned: &Cleaned) -> Self {
        let mut tally = Self::default();
        let mended = &cleaned.mended;
        let is_rejected = cleaned.verdict == Verdict::Rejected;
        let applied = if is_rejected { &[][..] } else { &mended.applied };
        let bytes = mended.original_len() as u64;
        let written = if is_rejected { bytes } else { mended.last().document.source().len() as u64 };
        let documents = Documents { documents: 1, bytes, written, edited: u64::from(!applied.is_empty()) };
        tally.verdicts.insert(cleaned.verdict.name().into(), documents);
        if !applied.is_empty() {
            let rules = tally.edits.entry(mended.before.document.origin.home()).or_default();
            for edit in applied {
                let edits = rules.entry(edit.rule.to_string()).or_default();
                *edits += Edits { edits: 1, documents: 0, removed: edit.removed.len() as u64, inserted: edit.inserted.len() as u64 };
                edits.documents = 1;
            }
        }
        tally.count_reasons(cleaned.verdict, &cleaned.reasons);
        tally
    }

    /// Counts a document that could not be read and was put aside as it is, of so many bytes.
    pub fn unread(bytes: usize, reason: &Reason) -> Self {
        let mut tally = Self::default();
        let documents = Documents { documents: 1, bytes: bytes as u64, written: bytes as u64, edited: 0 };
        tally.verdicts.insert(Verdict::Rejected.name().into(), documents);
        tally.count_reasons(Verdict::Rejected, std::slice::from_ref(reason));
        tally
    }

    fn count_reasons(&mut self, verdict: Verdict, reasons: &[Reason]) {
        if !reasons.is_empty() {
            let rules = self.reasons.entry(verdict.name().into()).or_default();
            rules.extend(reasons.iter().map(|reason| (reason.rule.clone(), 1)));
        }
    }

    pub fn add(&mut self, other: Self) {
        for (verdict, documents) in other.verdicts {
            *self.verdicts.entry(verdict).or_default() += documents;
        }
        for (verdict, rules) in other.reasons {
            let known = self.reasons.entry(verdict).or_default();
            for (rule, documents) in rules {
                *known.entry(rule).or_default() += documents;
            }
        }
        for (site, rules) in other.edits {
            let is_full = self.edits.len() >= PAIRS && !self.edits.contains_key(&site);
            let known = self.edits.entry(if is_full { OTHERS.into() } else { site }).or_default();
            for (rule, edits) in rules {
                *known.entry(rule).or_default() += edits;
            }
        }
    }

    /// Documents of one verdict.
    pub fn documents(&self, verdict: Verdict) -> Documents {
        self.verdicts.get(verdict.name()).copied().unwrap_or_default()
    }

    /// All documents.
    pub fn total(&self) -> Documents {
        self.verdicts.values().fold(Documents::default(), |mut sum, &documents| {
            sum += documents;
            sum
        })
    }

    /// Edits by rule, the rule that took out most first.
    pub fn rules(&self) -> Vec<(String, Edits)> {
        let mut rules: BTreeMap<&String, Edits> = BTreeMap::new();
        for (rule, &edits) in self.edits.values().flatten() {
            *rules.entry(rule).or_default() += edits;
        }
        let mut rules: Vec<(String, Edits)> = rules.into_iter().map(|(rule, edits)| (rule.clone(), edits)).collect();
        rules.sort_by(|a, b| (b.1.removed, b.1.edits).cmp(&(a.1.removed, a.1.edits)).then_with(|| a.0.cmp(&b.0)));
        rules
    }
}
