//! A line of the page is named once: by the rule whose kind is clearest.

use crate::finding::Finding;
use std::collections::BTreeMap;

/// Of findings that overlap, keeps the one that does not yield to others, then the longer one, then the first rule's.
pub(super) fn clearest(mut findings: Vec<(bool, Finding)>) -> impl Iterator<Item = Finding> {
    findings.sort_by_key(|(yields, finding)| (*yields, std::cmp::Reverse(finding.span.len())));
    let mut kept: BTreeMap<usize, Finding> = BTreeMap::new();
    for (_, finding) in findings {
        // Those kept do not overlap, so that only the last one that starts before its end can be in its way.
        let before = kept.range(..finding.span.end.max(finding.span.start + 1)).next_back();
        if before.is_none_or(|(_, other)| other.span.end <= finding.span.start) {
            kept.insert(finding.span.start, finding);
        }
    }
    kept.into_values()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;
    use crate::text::Span;

    fn finding(rule: &str, start: usize, end: usize) -> Finding {
        Finding {
            rule: rule.into(),
            severity: Severity::Warning,
            span: Span::new(start, end),
            message: String::new(),
            help: None,
            related: vec![],
            fix: None,
            evidence: vec![],
            copy_of: None,
            also: vec![],
        }
    }

    #[test]
    fn one_name_for_a_line() {
        let found = vec![
            (false, finding("comments", 50, 90)),
            (true, finding("furniture", 0, 5)),
            (false, finding("navigation", 0, 5)),
            (false, finding("share", 60, 65)),
            (true, finding("furniture", 10, 15)),
        ];
        let kept: Vec<_> = clearest(found).map(|finding| (finding.rule.to_string(), finding.span.start)).collect();
        assert_eq!(kept, [("navigation".into(), 0), ("furniture".into(), 10), ("comments".into(), 50)]);
    }
}
