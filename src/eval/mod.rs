//! Measures rules against documents whose faults are labelled: what of them was found, and what was found wrongly.

mod labels;
mod score;
mod table;
mod tally;

pub use tally::{Kind, Precision, Recall, Tally};

use crate::check::{self, Others};
use crate::document::Document;
use crate::finding::{Finding, Severity};
use crate::input::{self, InputError, Inputs, Raw};
use crate::pipeline;
use crate::rule::RuleSet;
use crate::text::Span;
use labels::Labelled;
use score::{Found, Score, Verdict, score};
use serde::Serialize;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Which single results are wanted beside the sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// Labels that nothing hit.
    Misses,
    /// Findings that hit no label.
    False,
}

/// What a run of `eval` found out.
#[derive(Debug, Default)]
pub struct Outcome {
    pub tally: Tally,
    /// In the order of the documents, then of the text.
    pub excerpts: Vec<Excerpt>,
    /// Documents that could not be scored.
    pub errors: Vec<EvalError>,
    /// Names in labels that are neither a rule, a group nor `any`, in order.
    pub unknown: Vec<String>,
}

/// A missed label or a false finding, with a little of the text around it.
#[derive(Clone, Debug, Serialize)]
pub struct Excerpt {
    pub path: String,
    /// Line of the record in its file.
    pub line: usize,
    pub id: Option<String>,
    /// The rule that fired, or what the label names.
    pub rule: String,
    /// In bytes of the text.
    pub start: usize,
    pub end: usize,
    /// What the finding says; `None` for a missed label.
    pub message: Option<String>,
    pub before: String,
    pub text: String,
    pub after: String,
}

/// A document that could not be scored.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum EvalError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Input(#[from] InputError),
    #[error("{path}: is no file of labelled records")]
    #[diagnostic(help(
        "a labelled file ends in `.jsonl`, `.jsonl.gz` or `.jsonl.zst` and holds one object a line: `{{\"text\": …, \"findings\": […]}}`"
    ))]
    NoRecords { path: String },
    #[error("{path}:{line}: the labels cannot be used: {reason}")]
    #[diagnostic(help(
        "each line has its `findings`, `[{{\"rule\": …, \"start\": …, \"end\": …}}]`, bytes of its text; of a document without faults, `[]`"
    ))]
    Labels { path: String, line: usize, reason: String },
}

/// Checks all documents with `rules`, on so many threads, and scores what they find.
pub fn run(inputs: Inputs, rules: &RuleSet, others: Others<'_>, show: Option<Show>, jobs: usize) -> Outcome {
    let by_id = rules.rules.iter().enumerate().map(|(slot, rule)| (&*rule.id, slot)).collect();
    let scorer = Scorer { rules, others, by_id, show };
    let mut outcome = Outcome { tally: Tally::new(rules), ..Outcome::default() };
    let weight = |raw: &Result<Raw, InputError>| raw.as_ref().map_or(0, Raw::held);
    let work = |raw: Result<Raw, InputError>| scorer.document(raw?);
    pipeline::ordered(jobs, inputs, weight, work, |scored| {
        match scored {
            Ok(Some(scored)) => {
                outcome.tally.add(&scored);
                outcome.excerpts.extend(scored.excerpts);
            }
            Ok(None) => {}
            Err(error) => outcome.errors.push(error),
        }
        ControlFlow::Continue(())
    });
    outcome.tally.finish(rules);
    outcome.unknown = outcome.tally.labels.keys().filter(|key| *key != "any" && rules.unknown(key).is_some()).cloned().collect();
    outcome
}

struct Scorer<'r> {
    rules: &'r RuleSet,
    others: Others<'r>,
    by_id: HashMap<&'r str, usize>,
    show: Option<Show>,
}

/// One document's part of the sums.
struct Scored {
    words: usize,
    kind: Option<String>,
    /// For each label that counts: what it names, and whether it was hit.
    labels: Vec<(String, bool)>,
    /// For each scored finding: the rule's number, its severity, and whether it was right.
    findings: Vec<(usize, Severity, bool)>,
    /// Numbers of the rules that were on and scored.
    rules: Vec<usize>,
    excerpts: Vec<Excerpt>,
}

impl Scorer<'_> {
    fn document(&self, raw: Raw) -> Result<Option<Scored>, EvalError> {
        let path = raw.origin.path.clone();
        let Some(json) = raw.json().map(<[u8]>::to_vec) else { return Err(EvalError::NoRecords { path }) };
        let Some(document) = raw.into_document()? else { return Ok(None) };
        let line = document.origin.record.as_ref().map_or(0, |record| record.line);
        let labelled = Labelled::parse(&json, document.source()).map_err(|reason| EvalError::Labels { path, line, reason })?;
        let document = match labelled.format {
            Some(format) => input::parse(document.origin.clone(), format, Arc::clone(document.source())),
            None => document,
        };
        Ok(Some(self.scored(&document, labelled)))
    }

    fn scored(&self, document: &Document, labelled: Labelled) -> Scored {
        let group = |id: &str| self.by_id.get(id).map_or("", |&slot| self.rules.rules[slot].group.as_str());
        let mut findings = check::document_beside(document, self.rules, self.others);
        findings.retain(|finding| labelled.scores(&finding.rule, group(&finding.rule)));
        let found: Vec<Found<'_>> = findings
            .iter()
            .map(|finding| Found { span: document.to_source(finding.span), rule: &finding.rule, group: group(&finding.rule) })
            .collect();
        let Score { hit, verdicts } = score(&labelled.findings, &found);
        let is_scored = |(_, rule, _): &(usize, &crate::rule::Rule, Severity)| labelled.scores(&rule.id, &rule.group);
        Scored {
            words: document.words.len(),
            labels: labelled
                .findings
                .iter()
                .zip(&hit)
                .filter(|(label, _)| label.counts())
                .map(|(label, &hit)| (label.rule.clone(), hit))
                .collect(),
            findings: findings
                .iter()
                .zip(&verdicts)
                .filter(|(_, verdict)| **verdict != Verdict::Unscored)
                .filter_map(|(finding, verdict)| Some((*self.by_id.get(&*finding.rule)?, finding.severity, *verdict == Verdict::Right)))
                .collect(),
            rules: self.rules.active(&document.origin.path).filter(is_scored).map(|(slot, ..)| slot).collect(),
            excerpts: self.excerpts(document, &labelled, &hit, &findings, &verdicts),
            kind: labelled.kind,
        }
    }

    fn excerpts(&self, document: &Document, labelled: &Labelled, hit: &[bool], findings: &[Finding], verdicts: &[Verdict]) -> Vec<Excerpt> {
        match self.show {
            None => Vec::new(),
            Some(Show::Misses) => {
                let missed = labelled.findings.iter().zip(hit).filter(|(label, hit)| label.counts() && !**hit);
                missed.map(|(label, _)| excerpt(document, &label.rule, label.span(), None)).collect()
            }
            Some(Show::False) => {
                let wrong = findings.iter().zip(verdicts).filter(|(_, verdict)| **verdict == Verdict::False);
                wrong
                    .map(|(finding, _)| excerpt(document, &finding.rule, document.to_source(finding.span), Some(&finding.message())))
                    .collect()
            }
        }
    }
}

/// Characters of the text that an excerpt shows before and after its place, and of the place itself at each end.
const CONTEXT: usize = 50;

fn excerpt(document: &Document, rule: &str, span: Span, message: Option<&str>) -> Excerpt {
    let text = &**document.source();
    let inner = span.of(text);
    let tail = text[..span.start].char_indices().rev().nth(CONTEXT - 1).map_or(0, |(at, _)| at);
    let head = text[span.end..].char_indices().nth(CONTEXT).map_or(text.len(), |(at, _)| span.end + at);
    let (first, last) = (inner.char_indices().nth(CONTEXT), inner.char_indices().rev().nth(CONTEXT - 1));
    let shown = match (first, last) {
        (Some((first, _)), Some((last, _))) if first + 1 < last => format!("{} … {}", &inner[..first], &inner[last..]),
        _ => inner.to_string(),
    };
    let record = document.origin.record.as_ref();
    Excerpt {
        path: document.origin.path.clone(),
        line: record.map_or(0, |record| record.line),
        id: record.and_then(|record| record.id.clone()),
        rule: rule.to_string(),
        start: span.start,
        end: span.end,
        message: message.map(str::to_string),
        before: text[tail..span.start].to_string(),
        text: shown,
        after: text[span.end..head].to_string(),
    }
}

#[cfg(test)]
mod tests;
