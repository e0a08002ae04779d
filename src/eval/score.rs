//! Findings of one document against its labels. The rules of the game:
//!
//! - A finding hits a label that names its rule when the two spans overlap by at least half of the longer one; with
//!   `"match": "touch"` when they share a byte. A label is hit once; further findings on it are not false.
//! - Findings that touch a label with `"match": "ignore"` are not scored.
//! - A label with `"required": false` may be found: neither hit nor miss counts in recall.
//! - What hits nothing is a false finding.

use super::labels::{HitBy, Label};
use crate::text::Span;

/// A finding, as far as its score depends on it.
pub(super) struct Found<'f> {
    pub span: Span,
    pub rule: &'f str,
    pub group: &'f str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Right,
    False,
    Unscored,
}

pub(super) struct Score {
    /// For each label, whether a finding hit it.
    pub hit: Vec<bool>,
    pub verdicts: Vec<Verdict>,
}

pub(super) fn score(labels: &[Label], findings: &[Found<'_>]) -> Score {
    let nearby = Nearby::new(labels);
    let mut hit = vec![false; labels.len()];
    let verdicts = findings.iter().map(|found| {
        let named: Vec<usize> = nearby.touching(found.span).filter(|&at| labels[at].names(found.rule, found.group)).collect();
        if named.iter().any(|&at| labels[at].hit_by == HitBy::Ignore) {
            return Verdict::Unscored;
        }
        let mut verdict = Verdict::False;
        for at in named.into_iter().filter(|&at| labels[at].is_hit_by(found.span)) {
            hit[at] = true;
            verdict = Verdict::Right;
        }
        verdict
    });
    Score { verdicts: verdicts.collect(), hit }
}

/// Labels by place, so that a document with many of them costs no more for each finding.
struct Nearby<'l> {
    labels: &'l [Label],
    /// Numbers of labels, by their start; with each the furthest end up to there.
    by_start: Vec<(usize, usize)>,
}

impl<'l> Nearby<'l> {
    fn new(labels: &'l [Label]) -> Self {
        let mut order: Vec<usize> = (0..labels.len()).collect();
        order.sort_by_key(|&at| labels[at].start);
        let mut furthest = 0;
        let by_start = order.into_iter().map(|at| {
            furthest = furthest.max(labels[at].end);
            (at, furthest)
        });
        Self { by_start: by_start.collect(), labels }
    }

    fn touching(&self, span: Span) -> impl Iterator<Item = usize> {
        let after = self.by_start.partition_point(|&(at, _)| self.labels[at].start < span.end);
        let before = self.by_start[..after].iter().rev().take_while(move |(_, furthest)| *furthest > span.start);
        before.map(|&(at, _)| at).filter(move |&at| self.labels[at].span().overlaps(span))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{False, Right, Unscored};

    fn label(rule: &str, start: usize, end: usize) -> Label {
        Label { rule: rule.into(), start, end, hit_by: HitBy::Half, required: true }
    }

    fn found(rule: &'static str, start: usize, end: usize) -> Found<'static> {
        let group = if rule == "stray-paragraph" { "relevance" } else { "spelling" };
        Found { span: Span::new(start, end), rule, group }
    }

    fn verdicts(labels: &[Label], findings: &[Found<'_>]) -> (Vec<Verdict>, Vec<bool>) {
        let score = score(labels, findings);
        (score.verdicts, score.hit)
    }

    #[test]
    fn half_of_the_longer_one_is_enough() {
        let labels = [label("misspelling", 10, 20)];
        assert_eq!(verdicts(&labels, &[found("misspelling", 15, 20)]), (vec![Right], vec![true]));
        assert_eq!(verdicts(&labels, &[found("misspelling", 16, 20)]), (vec![False], vec![false]));
        assert_eq!(verdicts(&labels, &[found("misspelling", 10, 30)]), (vec![Right], vec![true]));
        assert_eq!(verdicts(&labels, &[found("misspelling", 10, 31)]), (vec![False], vec![false]));
        assert_eq!(verdicts(&labels, &[found("misspelling", 15, 25)]), (vec![Right], vec![true]));
        assert_eq!(verdicts(&labels, &[found("misspelling", 16, 26)]), (vec![False], vec![false]));
    }

    #[test]
    fn a_touch_is_enough_where_it_is_said() {
        let labels = [Label { hit_by: HitBy::Touch, ..label("any", 10, 20) }];
        assert_eq!(verdicts(&labels, &[found("misspelling", 19, 90)]), (vec![Right], vec![true]));
        assert_eq!(verdicts(&labels, &[found("misspelling", 20, 90)]), (vec![False], vec![false]));
    }

    #[test]
    fn a_label_names_a_rule_a_group_or_any() {
        let finding = || [found("misspelling", 0, 5)];
        for (name, verdict) in
            [("misspelling", Right), ("spelling", Right), ("any", Right), ("name-drift", False), ("relevance", False), ("all", False)]
        {
            assert_eq!(verdicts(&[label(name, 0, 5)], &finding()).0, [verdict], "{name}");
        }
    }

    #[test]
    fn further_findings_on_a_label_are_not_false() {
        let findings = [found("misspelling", 0, 5), found("name-drift", 0, 6)];
        assert_eq!(verdicts(&[label("spelling", 0, 5)], &findings), (vec![Right, Right], vec![true]));
    }

    #[test]
    fn one_finding_may_hit_several_labels() {
        let touch = |start, end| Label { hit_by: HitBy::Touch, ..label("any", start, end) };
        assert_eq!(verdicts(&[touch(0, 5), touch(6, 9)], &[found("stray-paragraph", 0, 9)]), (vec![Right], vec![true, true]));
    }

    #[test]
    fn what_touches_an_ignored_span_is_not_scored() {
        let labels = [Label { hit_by: HitBy::Ignore, ..label("any", 10, 20) }, label("misspelling", 0, 10)];
        let findings = [found("misspelling", 19, 30), found("misspelling", 20, 30), found("misspelling", 0, 11)];
        // The last one lies on a label too, but touches what is not looked at.
        assert_eq!(verdicts(&labels, &findings), (vec![Unscored, False, Unscored], vec![false, false]));
    }

    #[test]
    fn an_ignored_span_holds_for_the_rules_it_names() {
        let labels = [Label { hit_by: HitBy::Ignore, ..label("relevance", 10, 20) }];
        assert_eq!(verdicts(&labels, &[found("misspelling", 10, 20), found("stray-paragraph", 10, 20)]).0, [False, Unscored]);
    }

    #[test]
    fn nested_and_far_labels_are_all_met() {
        let mut labels: Vec<Label> = (0..200).map(|n| label("misspelling", n * 10, n * 10 + 5)).collect();
        labels.push(Label { hit_by: HitBy::Touch, ..label("relevance", 0, 2000) });
        let (verdicts, hit) = verdicts(&labels, &[found("misspelling", 1990, 1995), found("stray-paragraph", 1500, 1600)]);
        assert_eq!(verdicts, [Right, Right]);
        assert_eq!(hit.iter().filter(|&&hit| hit).count(), 2);
    }
}
