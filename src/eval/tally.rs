//! The sums of a run, and the ratios that follow from them.

use super::Scored;
use super::labels::names;
use crate::finding::Severity;
use crate::rule::RuleSet;
use serde::Serialize;
use std::collections::BTreeMap;

/// All that was counted. In JSON, the keys of a map are its names, and `all` is the sum.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Tally {
    /// What the labels name (a rule, a group, `any`) → how many of them were hit.
    pub labels: BTreeMap<String, Recall>,
    /// Over all labels.
    pub all_labels: Recall,
    /// Rule id → how many of its findings were right. Every rule that was on and scored is here.
    pub rules: BTreeMap<String, Precision>,
    /// Over all rules.
    pub all_rules: Precision,
    /// The same findings by their severity.
    pub severities: BTreeMap<&'static str, Precision>,
    /// Documents by their `kind`, where they have one.
    pub kinds: BTreeMap<String, Kind>,
    /// Over all labels and rules.
    pub f1: Option<f64>,
    #[serde(skip)]
    slots: Vec<Precision>,
}

/// How many labels were hit.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Recall {
    /// Those that have such a label.
    pub documents: usize,
    /// In these documents.
    pub words: usize,
    pub labels: usize,
    pub hits: usize,
    pub misses: usize,
    pub recall: Option<f64>,
    /// Of this recall and the precision of the rules that the label names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub f1: Option<f64>,
}

/// How many findings were right.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Precision {
    /// Those on which the rule was on and scored.
    pub documents: usize,
    /// In these documents.
    pub words: usize,
    pub findings: usize,
    /// Findings that hit a label; several may hit the same one.
    pub hits: usize,
    #[serde(rename = "false")]
    pub wrong: usize,
    pub precision: Option<f64>,
    pub false_per_10k_words: Option<f64>,
    /// Of this precision and the recall of the labels that name the rule by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub f1: Option<f64>,
}

/// One `kind` of documents: what was found in them, and what was found wrongly.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Kind {
    #[serde(flatten)]
    pub recall: Recall,
    #[serde(rename = "false")]
    pub wrong: usize,
    pub false_per_10k_words: Option<f64>,
}

impl Tally {
    pub(super) fn new(rules: &RuleSet) -> Self {
        let severities = [Severity::Error, Severity::Warning, Severity::Info];
        Self {
            slots: vec![Precision::default(); rules.rules.len()],
            severities: severities.into_iter().map(|severity| (severity.name(), Precision::default())).collect(),
            ..Self::default()
        }
    }

    pub(super) fn add(&mut self, scored: &Scored) {
        let words = scored.words;
        let mut keys: Vec<&str> = scored.labels.iter().map(|(key, _)| key.as_str()).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            self.labels.entry(key.to_string()).or_default().document(words);
        }
        for (key, hit) in &scored.labels {
            if let Some(recall) = self.labels.get_mut(key) {
                recall.label(*hit);
            }
            self.all_labels.label(*hit);
        }
        self.all_labels.document(words);
        if let Some(kind) = &scored.kind {
            let kind = self.kinds.entry(kind.clone()).or_default();
            kind.recall.document(words);
            scored.labels.iter().for_each(|(_, hit)| kind.recall.label(*hit));
            kind.wrong += scored.findings.iter().filter(|(.., right)| !right).count();
        }
        scored.rules.iter().for_each(|&slot| self.slots[slot].document(words));
        self.all_rules.document(words);
        self.severities.values_mut().for_each(|sum| sum.document(words));
        for &(slot, severity, right) in &scored.findings {
            self.slots[slot].finding(right);
            self.all_rules.finding(right);
            if let Some(sum) = self.severities.get_mut(severity.name()) {
                sum.finding(right);
            }
        }
    }

    /// Works out the ratios, once all documents are in.
    pub(super) fn finish(&mut self, rules: &RuleSet) {
        let slots = std::mem::take(&mut self.slots);
        for (key, recall) in &mut self.labels {
            recall.finish();
            let mut sum = Precision::default();
            for (precision, _) in slots.iter().zip(&rules.rules).filter(|(_, rule)| names(key, &rule.id, &rule.group)) {
                sum.findings += precision.findings;
                sum.hits += precision.hits;
            }
            sum.finish();
            recall.f1 = f1(recall.recall, sum.precision);
        }
        for (mut precision, rule) in slots.into_iter().zip(&rules.rules).filter(|(precision, _)| precision.documents > 0) {
            precision.finish();
            precision.f1 = self.labels.get(&*rule.id).and_then(|recall| f1(recall.recall, precision.precision));
            self.rules.insert(rule.id.to_string(), precision);
        }
        self.all_labels.finish();
        self.all_rules.finish();
        self.severities.values_mut().for_each(Precision::finish);
        for kind in self.kinds.values_mut() {
            kind.recall.finish();
            kind.false_per_10k_words = ratio(kind.wrong * 10_000, kind.recall.words);
        }
        self.f1 = f1(self.all_labels.recall, self.all_rules.precision);
    }
}

impl Recall {
    fn document(&mut self, words: usize) {
        self.documents += 1;
        self.words += words;
    }

    fn label(&mut self, hit: bool) {
        self.labels += 1;
        self.hits += usize::from(hit);
    }

    fn finish(&mut self) {
        self.misses = self.labels - self.hits;
        self.recall = ratio(self.hits, self.labels);
    }
}

impl Precision {
    fn document(&mut self, words: usize) {
        self.documents += 1;
        self.words += words;
    }

    fn finding(&mut self, right: bool) {
        self.findings += 1;
        self.hits += usize::from(right);
    }

    fn finish(&mut self) {
        self.wrong = self.findings - self.hits;
        self.precision = ratio(self.hits, self.findings);
        self.false_per_10k_words = ratio(self.wrong * 10_000, self.words);
    }
}

fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The harmonic mean; `None` where one of the two does not stand.
fn f1(recall: Option<f64>, precision: Option<f64>) -> Option<f64> {
    let (recall, precision) = (recall?, precision?);
    Some(if recall + precision > 0.0 { 2.0 * recall * precision / (recall + precision) } else { 0.0 })
}
