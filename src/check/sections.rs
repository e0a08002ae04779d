//! A long document: rules that must see all of it do; the others see one section after the other, so that what they hold does not grow
//! with the document.

use super::{Others, context, removes, search};
use crate::detect::MOST_FINDINGS;
use crate::document::{Document, Section};
use crate::finding::{Finding, RuleId};
use crate::rule::{RuleSet, too_many};
use crate::text::Span;
use std::collections::HashMap;

/// All findings, in no order.
pub(super) fn findings(document: &Document, rules: &RuleSet, others: Others<'_>) -> Vec<Finding> {
    let whole = vec![(context(document, rules, others), Vec::new())];
    let whole = search(whole, rules, |rule| rule.detector.reads_whole()).concat();
    let takes = |finding: &&Finding| rules.get(&finding.rule).is_some_and(removes);
    let taken: Vec<Span> = whole.iter().filter(takes).map(|finding| finding.span).collect();
    let mut list = List { findings: whole, ..List::default() };
    list.findings.shrink_to_fit();
    for Section { document, start, core } in document.sections() {
        let claimed = taken.iter().filter_map(|span| inside(*span, start, document.text.len())).collect();
        let section = vec![(context(&document, rules, others).within(core), claimed)];
        let found = search(section, rules, |rule| !rule.detector.reads_whole());
        list.add(found.into_iter().flatten().map(|finding| finding.shifted(start)).collect(), start + core.end);
    }
    list.findings
}

/// The part of a span of the whole that lies in the `len` bytes from `start` on, counted from there.
fn inside(span: Span, start: usize, len: usize) -> Option<Span> {
    let part = Span::new(span.start.saturating_sub(start), span.end.saturating_sub(start).min(len));
    (part.start < part.end).then_some(part)
}

/// The findings of all sections so far.
#[derive(Default)]
struct List {
    findings: Vec<Finding>,
    /// How many each rule has.
    counts: HashMap<RuleId, usize>,
    /// How far those reach that end behind the seam: the next section sees their ends again.
    reached: HashMap<RuleId, usize>,
}

impl List {
    /// Adds those of the next section, which ends at `seam`.
    fn add(&mut self, found: Vec<Finding>, seam: usize) {
        let before = std::mem::take(&mut self.reached);
        // To double the list of a long document would take as much as the document.
        self.findings.reserve_exact(found.len());
        for finding in found.into_iter().filter(|finding| before.get(&finding.rule).is_none_or(|&end| end <= finding.span.start)) {
            if finding.span.end > seam {
                let reached = self.reached.entry(finding.rule.clone()).or_default();
                *reached = finding.span.end.max(*reached);
            }
            let count = self.counts.entry(finding.rule.clone()).or_default();
            *count += 1;
            if *count <= MOST_FINDINGS {
                self.findings.push(finding);
            } else if *count == MOST_FINDINGS + 1 {
                self.findings.push(too_many(finding.rule, finding.severity, finding.span));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;
    use crate::rule::{Settings, load};

    /// Over the limit for long documents: paragraphs that have nothing in common but for those that are `odd`.
    fn long(odd: impl Fn(usize) -> Option<String>) -> Document {
        let own = |at: usize| (0..20).map(|word| format!("p{at}w{word}")).collect::<Vec<_>>().join(" ");
        let text: String = (0..30_000).map(|at| odd(at).unwrap_or_else(|| own(at)) + ".\n\n").collect();
        let document = Document::from_text(&text);
        assert!(document.words.is_long());
        document
    }

    fn rules(ids: &[&str]) -> RuleSet {
        let settings = Settings { select: ids.iter().map(ToString::to_string).collect(), ..Settings::default() };
        RuleSet::load(load::built_in(), &settings).unwrap()
    }

    fn found(document: &Document, ids: &[&str]) -> Vec<Finding> {
        crate::check::document(document, &rules(ids))
    }

    #[test]
    fn what_stands_anywhere_in_a_long_document_is_found_once_at_its_place() {
        let document = long(|at| (at % 7 == 0).then(|| format!("The {at} ships left the the harbour on day {at}")));
        let findings = found(&document, &["doubled-word"]);
        assert_eq!(findings.len(), 30_000usize.div_ceil(7));
        assert!(findings.iter().all(|finding| finding.fix().iter().flat_map(|fix| &fix.edits).all(|edit| edit.span == finding.span)));
        assert!(findings.iter().all(|finding| finding.span.of(&document.text) == "the the"));
        assert!(findings.is_sorted_by_key(|finding| finding.span.start));
    }

    #[test]
    fn a_copy_is_found_however_far_it_stands_from_the_first() {
        let story = "The board met on Monday to hear why the the new crane had stood idle since the spring, and who signed for it";
        let document = long(|at| [10, 29_990].contains(&at).then(|| story.to_owned()));
        let findings = found(&document, &["repeated-block", "doubled-word"]);
        assert!(!document.words.are_kept(), "a rule has asked for all words at once");
        let [doubled, repeated] = &findings[..] else { panic!("{findings:?}") };
        assert_eq!((&*doubled.rule, doubled.also().len()), ("doubled-word", 1), "the fault in the copy is named by the first");
        assert_eq!((document.line(repeated.span.start), document.line(repeated.copy_of().unwrap().start)), (59_981, 21));
        assert!(repeated.message().contains("line 21"), "{}", repeated.message());
    }

    #[test]
    fn no_rule_that_is_on_by_default_asks_for_all_words_of_a_long_document() {
        let said = "He said the crane had stood idle since the spring, that nobody had signed for it and that the board would meet again";
        let odd = |at: usize| match at {
            // Whole, within another paragraph, and with a word changed.
            10 | 20_000 => Some(said.to_owned()),
            15 | 25_000 => Some(format!("On day {at} the board met. {said}. It was the {at} time")),
            29_000 => Some(said.replace("spring", "autumn")),
            _ => None,
        };
        let document = long(odd);
        let findings = crate::check::document(&document, &RuleSet::built_in());
        assert!(findings.iter().any(|finding| finding.copy_of().is_some()));
        assert!(!document.words.are_kept());
    }

    #[test]
    fn what_is_weighed_over_a_text_is_weighed_over_all_of_a_long_one() {
        // Each sort in a part of its own, far from the other; together they are British and straight.
        let odd = |at: usize| match at {
            0..600 => Some(format!("The harbour of colour \"{at}\" was the favourite of labour in the theatre of honour")),
            29_900..29_930 => Some(format!("The harbor of color “{at}” was the favorite of labor in the theater of honor")),
            _ => None,
        };
        let document = long(odd);
        let findings = found(&document, &["mixed-quotes", "mixed-variant"]);
        let of = |rule: &str| findings.iter().filter(|finding| *finding.rule == *rule).collect::<Vec<_>>();
        assert_eq!(of("mixed-quotes").len(), 1);
        let american = document.text.find("harbor of").unwrap();
        assert!(
            !of("mixed-variant").is_empty() && of("mixed-variant").iter().all(|finding| finding.span.start >= american),
            "{findings:?}"
        );
        assert!(!document.words.are_kept());
    }

    #[test]
    fn the_end_of_the_text_is_that_of_its_last_section() {
        let text = long(|_| None).text.trim_end().to_owned();
        assert_eq!(found(&Document::from_text(&text), &["missing-final-newline", "truncated", "empty-body"]).len(), 1);
    }

    fn finding(start: usize, end: usize) -> Finding {
        Finding::new("odd", Severity::Info, Span::new(start, end), "odd")
    }

    #[test]
    fn what_reaches_over_a_seam_is_one_finding() {
        let mut list = List::default();
        list.add(vec![finding(0, 5), finding(90, 120), finding(95, 105)], 100);
        list.add(vec![finding(110, 120), finding(120, 130)], 200);
        assert_eq!(list.findings, [finding(0, 5), finding(90, 120), finding(95, 105), finding(120, 130)]);
    }

    #[test]
    fn too_many_findings_are_summarised_over_all_sections() {
        let mut list = List::default();
        for _ in 0..3 {
            list.add((0..MOST_FINDINGS / 2 + 1).map(|at| finding(at, at)).collect(), usize::MAX);
        }
        assert_eq!(list.findings.len(), MOST_FINDINGS + 1);
        let message = list.findings[MOST_FINDINGS].message();
        assert!(message.contains("more often"), "{message}");
    }
}
