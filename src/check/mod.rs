//! Rules over a document: every finding, in the order of the text, nothing twice.

mod clearest;
mod fold;
mod sections;

use crate::corpus::Index;
use crate::detect::stray_paragraph::Usage;
use crate::detect::witness::{Sighting, Witness};
use crate::detect::{Context, Measures, Rivals, Slot};
use crate::document::Document;
use crate::finding::Finding;
use crate::rule::{FixKind, Rule, RuleSet};
use crate::text::Span;

/// All findings of the rules that are on for this document, sorted by their start.
pub fn document(document: &Document, rules: &RuleSet) -> Vec<Finding> {
    document_beside(document, rules, Others::default())
}

/// What is known of other documents when one is checked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Others<'o> {
    /// What they share with one another.
    pub corpus: Option<&'o Index>,
    /// What they have said when they were asked.
    pub witness: Option<&'o Witness>,
}

/// The same where other documents are known.
pub fn document_beside(document: &Document, rules: &RuleSet, others: Others<'_>) -> Vec<Finding> {
    let mut findings = if document.words.is_long() {
        sections::findings(document, rules, others)
    } else {
        search(&context(document, rules, others), rules, Vec::new(), |_| true)
    };
    findings.sort_by(|a, b| (a.span.start, a.span.end, &a.rule).cmp(&(b.span.start, b.span.end, &b.rule)));
    fold::copies(document, findings)
}

fn context<'d>(document: &'d Document, rules: &'d RuleSet, others: Others<'d>) -> Context<'d> {
    let accepted = rules.accepted(&document.origin.path);
    let cx = Context::new(document, rules.gate()).reading(rules.lexica()).accepting(accepted);
    cx.with_witness(others.witness).beside(others.corpus)
}

/// What the rules find that are wanted; `claimed` is no part of the article.
fn search(cx: &Context<'_>, rules: &RuleSet, claimed: Vec<Span>, wanted: impl Fn(&Rule) -> bool) -> Vec<Finding> {
    let mut findings = claims(cx, rules, claimed, &wanted);
    for (slot, _, severity) in rules.active(&cx.document.origin.path).filter(|(_, rule, _)| rule.detector.runs_last() && wanted(rule)) {
        findings.extend(rules.run(slot, severity, cx));
    }
    findings
}

/// How near a rule came to firing on each part of the document.
pub fn measures(document: &Document, rules: &RuleSet, slot: Slot) -> Measures {
    let cx = Context::new(document, rules.gate()).reading(rules.lexica());
    claims(&cx, rules, Vec::new(), removes);
    rules.measure(slot, &cx)
}

/// Only such rules lay claim to a part of the text.
fn removes(rule: &Rule) -> bool {
    matches!(rule.fix, FixKind::Remove | FixKind::RemoveUnsafe)
}

/// Runs the rules that wait for no other, as far as they are wanted; what they would remove is claimed, too, so that those that wait
/// can leave it out.
fn claims(cx: &Context<'_>, rules: &RuleSet, mut claimed: Vec<Span>, wanted: impl Fn(&Rule) -> bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (mut lines, mut words) = (Vec::new(), Vec::new());
    for (slot, rule, severity) in rules.active(&cx.document.origin.path).filter(|(_, rule, _)| !rule.detector.runs_last() && wanted(rule)) {
        let found = rules.run(slot, severity, cx);
        if removes(rule) {
            claimed.extend(found.iter().map(|finding| finding.span));
        }
        match rule.detector.rivals() {
            Some((Rivals::Lines, rank)) => lines.extend(found.into_iter().map(|finding| (rank, finding))),
            Some((Rivals::Words, rank)) => words.extend(found.into_iter().map(|finding| (rank, finding))),
            None => findings.extend(found),
        }
    }
    findings.extend(clearest::clearest(lines));
    findings.extend(clearest::clearest(words));
    cx.claim(claimed.into_iter());
    findings
}

/// How well the paragraphs with these keys fit this document, where a rule that is on asks the other documents of the run. What other
/// rules would remove is not known here: to ask them all would cost as much as the check itself, and changes little. A long document is
/// not asked: it is no article.
pub fn sightings(document: &Document, rules: &RuleSet, usage: Option<&Usage>, shared: &dyn Fn(u64) -> bool) -> Vec<Sighting> {
    if document.words.is_long() {
        return Vec::new();
    }
    let cx = Context::new(document, rules.gate()).reading(rules.lexica()).using(usage);
    rules.active(&document.origin.path).find_map(|(_, rule, _)| rule.detector.sightings(&cx, shared)).unwrap_or_default()
}
