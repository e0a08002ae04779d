//! Rules over a document: every finding, in the order of the text, nothing twice.

mod fold;

use crate::detect::Context;
use crate::document::Document;
use crate::finding::Finding;
use crate::rule::{FixKind, RuleSet};

/// All findings of the rules that are on for this document, sorted by their start.
pub fn document(document: &Document, rules: &RuleSet) -> Vec<Finding> {
    let cx = Context::new(document, rules.gate());
    let active: Vec<_> = rules.active(&document.origin.path).collect();
    let (last, first): (Vec<_>, Vec<_>) = active.into_iter().partition(|(_, rule, _)| rule.detector.runs_last());
    let mut findings = Vec::new();
    let mut claimed = Vec::new();
    for (slot, rule, severity) in first {
        let found = rules.run(slot, severity, &cx);
        if matches!(rule.fix, FixKind::Remove | FixKind::RemoveUnsafe) {
            claimed.extend(found.iter().map(|finding| finding.span));
        }
        findings.extend(found);
    }
    cx.claim(claimed.into_iter());
    for (slot, _, severity) in last {
        findings.extend(rules.run(slot, severity, &cx));
    }
    findings.sort_by(|a, b| (a.span.start, a.span.end, &a.rule).cmp(&(b.span.start, b.span.end, &b.rule)));
    fold::copies(document, findings)
}
