//! Rules over a document: every finding, in the order of the text, nothing twice.

mod clearest;
mod fold;
mod sections;

use crate::corpus::Index;
use crate::detect::stray_paragraph::Usage;
use crate::detect::witness::{Sighting, Witness};
use crate::detect::{Context, Measures, Rivals, Slot};
use crate::document::Document;
use crate::finding::{Finding, Severity};
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
    documents_beside(&[document], rules, others).pop().unwrap_or_default()
}

/// The same of each of several documents. A rule sees all of them before the next one has its turn: what one rule needs, its code and its
/// tables, stays in the caches of a core that long, and what all of them need does not fit in.
pub fn documents_beside(documents: &[&Document], rules: &RuleSet, others: Others<'_>) -> Vec<Vec<Finding>> {
    let alike = |one: &&Document, other: &&Document| {
        !one.words.is_long() && !other.words.is_long() && rules.treats_alike(&one.origin.path, &other.origin.path)
    };
    let found = documents.chunk_by(alike).flat_map(|alike| match alike {
        [long] if long.words.is_long() => vec![sections::findings(long, rules, others)],
        _ => {
            let contexts = alike.iter().map(|document| context(document, rules, others));
            search(contexts.map(|cx| (cx, Vec::new())).collect(), rules, |_| true)
        }
    });
    let finished = |(document, mut findings): (&&Document, Vec<Finding>)| {
        findings.sort_by(|a, b| (a.span.start, a.span.end, &a.rule).cmp(&(b.span.start, b.span.end, &b.rule)));
        fold::copies(document, findings)
    };
    documents.iter().zip(found).map(finished).collect()
}

fn context<'d>(document: &'d Document, rules: &'d RuleSet, others: Others<'d>) -> Context<'d> {
    let accepted = rules.accepted(&document.origin.path);
    let cx = Context::new(document, rules.gate()).reading(rules.lexica()).accepting(accepted);
    cx.with_witness(others.witness).beside(others.corpus)
}

/// What the rules find that are wanted, in each of some documents that the same rules are on for; those spans of a document are no part
/// of its article.
fn search(documents: Vec<(Context<'_>, Vec<Span>)>, rules: &RuleSet, wanted: impl Fn(&Rule) -> bool) -> Vec<Vec<Finding>> {
    let mut searches = claims(documents, rules, &wanted);
    for (slot, rule, severity) in active(&searches, rules) {
        if rule.detector.runs_last() && wanted(rule) {
            searches.iter_mut().for_each(|search| search.findings.extend(rules.run(slot, severity, &search.cx)));
        }
    }
    searches.into_iter().map(|search| search.findings).collect()
}

/// The rules that are on for the first of some documents, and so for all of them.
fn active<'r>(searches: &[Search<'_>], rules: &'r RuleSet) -> Vec<(Slot, &'r Rule, Severity)> {
    searches.first().map_or_else(Vec::new, |first| rules.active(&first.cx.document.origin.path).collect())
}

/// A document, and what was found in it so far.
struct Search<'d> {
    cx: Context<'d>,
    /// No part of the article.
    claimed: Vec<Span>,
    findings: Vec<Finding>,
    /// Of rules that look for the same kind of thing, with the ranks of their kinds.
    lines: Vec<(u8, Finding)>,
    words: Vec<(u8, Finding)>,
}

/// How near a rule came to firing on each part of the document.
pub fn measures(document: &Document, rules: &RuleSet, slot: Slot) -> Measures {
    let cx = Context::new(document, rules.gate()).reading(rules.lexica());
    let [search] = &claims(vec![(cx, Vec::new())], rules, removes)[..] else { return Measures::Parts(Vec::new()) };
    rules.measure(slot, &search.cx)
}

/// Only such rules lay claim to a part of the text.
fn removes(rule: &Rule) -> bool {
    matches!(rule.fix, FixKind::Remove | FixKind::RemoveUnsafe)
}

/// Runs the rules that wait for no other, as far as they are wanted; what they would remove is claimed, too, so that those that wait
/// can leave it out.
fn claims<'d>(documents: Vec<(Context<'d>, Vec<Span>)>, rules: &RuleSet, wanted: impl Fn(&Rule) -> bool) -> Vec<Search<'d>> {
    let search = |(cx, claimed)| Search { cx, claimed, findings: Vec::new(), lines: Vec::new(), words: Vec::new() };
    let mut searches: Vec<Search<'_>> = documents.into_iter().map(search).collect();
    for (slot, rule, severity) in active(&searches, rules).into_iter().filter(|(_, rule, _)| !rule.detector.runs_last() && wanted(rule)) {
        for Search { cx, claimed, findings, lines, words } in &mut searches {
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
    }
    for Search { cx, claimed, findings, lines, words } in &mut searches {
        findings.extend(clearest::clearest(std::mem::take(lines)));
        findings.extend(clearest::clearest(std::mem::take(words)));
        cx.claim(std::mem::take(claimed).into_iter());
    }
    searches
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Origin;
    use crate::rule::Settings;
    use crate::rule::load;

    #[test]
    fn documents_that_are_looked_at_together_are_judged_each_by_itself() {
        let texts = [
            "The the harbour board met on Monday.\nIt met on Monday, June 31.\n",
            "",
            "Foreign Minster Ito met the Foreign Minister of Norway.\nForeign Minister Ito left.\n",
            "Share this:\nThe ferry was late again, and nobody knew why.\nThe ferry was late again, and nobody knew why.\n",
        ];
        let document = |(path, text): (&str, &str)| Document::new(Origin { path: path.into(), ..Origin::default() }, text);
        let documents: Vec<Document> = ["a", "a", "b", "a"].into_iter().zip(texts).map(document).collect();
        let rules = RuleSet::load(load::built_in(), &Settings::default()).unwrap();
        let together = documents_beside(&documents.iter().collect::<Vec<_>>(), &rules, Others::default());
        let alone: Vec<Vec<Finding>> = documents.iter().map(|one| document_beside(one, &rules, Others::default())).collect();
        assert_eq!(together, alone);
        let has = |at: usize, rule: &str| alone[at].iter().any(|finding| &*finding.rule == rule);
        assert!(has(0, "doubled-word") && has(1, "empty-body") && has(2, "real-word-typo") && has(3, "share-buttons"));
    }
}
