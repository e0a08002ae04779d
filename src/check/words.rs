//! One fault, one finding: of the rules that name wrong words several may see the same one.

use crate::finding::Finding;

/// Of findings that overlap, the one whose kind says most of the fault (the lowest rank). Each comes with its rank.
pub(super) fn clearest(mut named: Vec<(u8, Finding)>) -> Vec<Finding> {
    named.sort_by_key(|(rank, finding)| (finding.span.start, finding.span.end, *rank));
    let mut kept: Vec<(u8, Finding)> = Vec::with_capacity(named.len());
    for (rank, finding) in named {
        match kept.last() {
            Some((other, last)) if last.span.overlaps(finding.span) && last.rule != finding.rule => {
                if rank < *other {
                    kept.pop();
                    kept.push((rank, finding));
                }
            }
            _ => kept.push((rank, finding)),
        }
    }
    kept.into_iter().map(|(_, finding)| finding).collect()
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
    fn the_kind_that_says_most_of_a_fault_reports_it() {
        let named = vec![
            (3, finding("misspelling", 10, 15)),
            (1, finding("split-word", 4, 15)),
            (3, finding("misspelling", 20, 25)),
            (4, finding("confused-words", 20, 25)),
            (4, finding("confused-words", 30, 35)),
        ];
        let kept: Vec<(String, usize)> = clearest(named).iter().map(|finding| (finding.rule.to_string(), finding.span.start)).collect();
        let expected = [("split-word", 4), ("misspelling", 20), ("confused-words", 30)];
        assert_eq!(kept, expected.map(|(rule, start)| (rule.to_owned(), start)));
    }
}
