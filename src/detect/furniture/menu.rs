//! Menus: lines that are known to lead through a site, among short lines that stand between them.

use super::layout::{Layout, Line};
use crate::detect::Match;
use crate::finding::Fact;
use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};

/// So many known labels make a menu, and so large a share of its lines they must be: a list of short lines in which a word like `Travel`
/// stands now and then is none.
const MIN_LABELS: usize = 3;
const SHARE: usize = 3;
/// More labels are the next menu: no document, however it is made, is walked through for each of its lines.
const MOST_LABELS: usize = 100;
/// Lines from one to the next, and words of each.
const GAP: usize = 8;
const ITEM: RangeInclusive<u32> = 1..=4;

/// A line that is a label of menus.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Label {
    pub line: usize,
    /// Known by itself; others are labels only where one of these stands in the menu.
    pub alone: bool,
}

/// The menus that these labels, in the order of their lines, are parts of: the first and the last line of each.
pub(super) fn all(layout: &Layout, labels: &[Label]) -> Vec<RangeInclusive<usize>> {
    let (mut menus, mut at) = (Vec::new(), 0);
    while at < labels.len() && !layout.wrapped {
        let count = reach(layout, &labels[at..]);
        if count > 0 {
            menus.push(labels[at].line..=labels[at + count - 1].line);
        }
        at += count.max(1);
    }
    menus
}

/// How many of the labels are the menu that begins with the first of them; none, where it begins no menu.
fn reach(layout: &Layout, labels: &[Label]) -> usize {
    let is_item = |line: &Line| !line.closed && ITEM.contains(&line.words);
    let goes_on = |pair: &[Label]| pair[1].line - pair[0].line <= GAP && layout.lines[pair[0].line..=pair[1].line].iter().all(is_item);
    let most = 1 + labels.windows(2).take(MOST_LABELS - 1).take_while(|pair| goes_on(pair)).count();
    let Some(first_alone) = labels[..most].iter().position(|label| label.alone) else { return 0 };
    let dense = |&count: &usize| labels[count - 1].line + 1 - labels[0].line <= count * SHARE;
    (MIN_LABELS.max(first_alone + 1)..=most).rev().find(dense).unwrap_or(0)
}

/// What is said of the menu that these lines are.
pub(super) fn hit(layout: &Layout, text: &str, lines: Range<usize>) -> Match {
    let lines = &layout.lines[lines];
    let mut hit = Match::at(lines[0].span().join(lines[lines.len() - 1].span()));
    hit.certain = true;
    let labels: Vec<&str> = lines.iter().map(|line| line.span().of(text).trim_end_matches(['/', '|', ' '])).collect();
    hit.facts.push((Cow::Borrowed("match"), Fact::Text(labels.join(" / "))));
    hit.facts.push((Cow::Borrowed("lines"), Fact::Count(labels.len())));
    hit
}
