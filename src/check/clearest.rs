//! One fault, one finding: of rules that look for the same kind of thing, the one whose kind says most of it reports it.

use crate::finding::Finding;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Of findings that overlap, keeps the one of the lowest rank, then the longer one, then the first rule's.
pub(super) fn clearest(mut findings: Vec<(u8, Finding)>) -> impl Iterator<Item = Finding> {
    findings.sort_by_key(|(rank, finding)| (*rank, Reverse(finding.span.len())));
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

    fn kept(found: &[(u8, &str, usize, usize)]) -> Vec<(String, usize)> {
        let finding = |rule: &str, start, end| Finding::new(rule, Severity::Warning, Span::new(start, end), "");
        let found = found.iter().map(|&(rank, rule, start, end)| (rank, finding(rule, start, end))).collect();
        clearest(found).map(|finding| (finding.rule.to_string(), finding.span.start)).collect()
    }

    #[test]
    fn one_name_for_a_line() {
        let found =
            [(0, "comments", 50, 90), (1, "furniture", 0, 5), (0, "navigation", 0, 5), (0, "share", 60, 65), (1, "furniture", 10, 15)];
        assert_eq!(kept(&found), [("navigation".into(), 0), ("furniture".into(), 10), ("comments".into(), 50)]);
    }

    #[test]
    fn one_kind_for_a_wrong_word() {
        let found = [
            (3, "misspelling", 10, 15),
            (1, "split-word", 4, 15),
            (3, "misspelling", 20, 25),
            (4, "confused-words", 20, 25),
            (4, "confused-words", 30, 35),
        ];
        assert_eq!(kept(&found), [("split-word".into(), 4), ("misspelling".into(), 20), ("confused-words".into(), 30)]);
    }
}
