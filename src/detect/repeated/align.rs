//! From a few words that stand in two places to the longest stretch that the two places share.
//!
//! The stretch grows word by word in both directions, steps over words that were changed, put in or left out, and is
//! cut back to where it was at its best: the drop-off extension of sequence search (Altschul et al. 1990, "Basic local
//! alignment search tool"), with a gap search over a window of a few words instead of a matrix.

use super::keys::Keys;
use std::ops::Range;

/// Two stretches of [`crate::document::Document::words`] with the same words but for the changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The later one.
    pub copy: Range<usize>,
    /// The earlier one; it ends before the copy starts.
    pub first: Range<usize>,
    /// In the order of the text.
    pub changes: Vec<Change>,
}

/// Words of the copy that stand in the place of other words of the original; one side may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub copy: Range<usize>,
    pub first: Range<usize>,
}

impl Change {
    /// Words changed, put in or left out.
    pub fn words(&self) -> usize {
        self.copy.len().max(self.first.len())
    }
}

/// What a changed word costs where an equal word counts one. At 9, a stretch with a tenth of its words changed is worth
/// nothing, and one that is worth something has fewer changed; but where two changes stand close together it ends too
/// early. At 5 it goes on to the end, and may have too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Penalty {
    Lenient = 5,
    Strict = 9,
}

/// How many changed words in a row a stretch may end with before the search is given up.
const PATIENCE: i64 = 7;
/// How many words may be changed in one place.
const WINDOW: usize = 6;

/// Words that stand in two places, and how far a run may grow from them.
#[derive(Clone, Copy, Debug)]
pub struct Seed {
    pub first: usize,
    pub copy: usize,
    /// How many words are the same.
    pub words: usize,
    /// The copy does not reach before this word.
    pub floor: usize,
    /// The original does not reach beyond this word, nor into the copy.
    pub ceiling: usize,
}

impl Run {
    /// Grows a seed as far as it goes; without a penalty, without any change.
    pub fn grown<K: Keys + ?Sized>(words: &K, seed: Seed, penalty: Option<Penalty>) -> Self {
        let Seed { first, copy, .. } = seed;
        let (after_copy, after_first) = (copy + seed.words, first + seed.words);
        let room = copy.saturating_sub(seed.floor.max(after_first));
        let back = walk((room, first), |x, y| words.key(copy - 1 - x) == words.key(first - 1 - y), penalty);
        let (copy_start, first_start) = (copy - back.copy, first - back.first);
        let rest = (words.len() - after_copy, copy_start.min(seed.ceiling).saturating_sub(after_first));
        let on = walk(rest, |x, y| words.key(after_copy + x) == words.key(after_first + y), penalty);
        let mut changes: Vec<Change> = back
            .gaps
            .iter()
            .rev()
            .map(|(x, y)| Change { copy: copy - x.end..copy - x.start, first: first - y.end..first - y.start })
            .collect();
        changes.extend(
            on.gaps
                .into_iter()
                .map(|(x, y)| Change { copy: after_copy + x.start..after_copy + x.end, first: after_first + y.start..after_first + y.end }),
        );
        Self { copy: copy_start..after_copy + on.copy, first: first_start..after_first + on.first, changes }
    }

    /// Words changed, put in or left out.
    pub fn changed(&self) -> usize {
        self.changes.iter().map(Change::words).sum()
    }

    /// The word of the original that answers to word `at` of the copy; inside a change, its end.
    pub fn first_at(&self, at: usize) -> usize {
        let mut from = (self.copy.start, self.first.start);
        for change in self.changes.iter().take_while(|change| change.copy.start <= at) {
            if at < change.copy.end {
                return change.first.end;
            }
            from = (change.copy.end, change.first.end);
        }
        from.1 + (at - from.0)
    }

    /// The word of the copy that answers to word `at` of the original; inside a change, its end.
    pub fn copy_at(&self, at: usize) -> usize {
        let mut from = (self.copy.start, self.first.start);
        for change in self.changes.iter().take_while(|change| change.first.start <= at) {
            if at < change.first.end {
                return change.copy.end;
            }
            from = (change.copy.end, change.first.end);
        }
        from.0 + (at - from.1)
    }

    /// The part of the run from word `start` to word `end` of the copy, without a change that one of them would cut.
    pub fn part(&self, mut start: usize, mut end: usize) -> Self {
        let around = |at: usize| self.changes.iter().find(|change| change.copy.start < at && at < change.copy.end);
        start = around(start).map_or(start, |change| change.copy.end);
        end = around(end).map_or(end, |change| change.copy.start).max(start);
        let first = self.first_at(start)..self.first_at(end);
        let inside = |change: &&Change| {
            change.copy.start >= start && change.copy.end <= end && change.first.start >= first.start && change.first.end <= first.end
        };
        let changes = self.changes.iter().filter(inside).cloned().collect();
        Self { copy: start..end, first, changes }
    }
}

/// How far a walk came on the two sides, and the gaps it stepped over.
struct Walk {
    copy: usize,
    first: usize,
    gaps: Vec<(Range<usize>, Range<usize>)>,
}

fn walk(limits: (usize, usize), same: impl Fn(usize, usize) -> bool, penalty: Option<Penalty>) -> Walk {
    let (mut x, mut y, mut worth) = (0, 0, 0i64);
    let mut gaps = Vec::new();
    let (mut best, mut best_worth) = ((0, 0, 0), 0);
    loop {
        while x < limits.0 && y < limits.1 && same(x, y) {
            (x, y, worth) = (x + 1, y + 1, worth + 1);
        }
        if worth > best_worth {
            (best, best_worth) = ((x, y, gaps.len()), worth);
        }
        let Some(penalty) = penalty else { break };
        let Some((dx, dy)) = resume((x, y), limits, &same) else { break };
        worth -= penalty as i64 * dx.max(dy) as i64;
        if best_worth - worth > penalty as i64 * PATIENCE {
            break;
        }
        gaps.push((x..x + dx, y..y + dy));
        (x, y) = (x + dx, y + dy);
    }
    gaps.truncate(best.2);
    Walk { copy: best.0, first: best.1, gaps }
}

/// The smallest step after which the words agree again: two in a row after a small step, three after a larger one.
fn resume((x, y): (usize, usize), limits: (usize, usize), same: &impl Fn(usize, usize) -> bool) -> Option<(usize, usize)> {
    for size in 1..=WINDOW {
        let needed = if size <= 2 { 2 } else { 3 };
        let agrees = |dx: usize, dy: usize| {
            x + dx + needed <= limits.0 && y + dy + needed <= limits.1 && (0..needed).all(|n| same(x + dx + n, y + dy + n))
        };
        for other in (0..=size).rev() {
            if agrees(size, other) {
                return Some((size, other));
            }
            if other < size && agrees(other, size) {
                return Some((other, size));
            }
        }
    }
    None
}

/// The fewest words to change, put in or leave out to make `ours` of `theirs` (Wagner and Fischer 1974), as ranges of the
/// two. Takes time in the product of the lengths: for a few words.
pub fn differences(ours: &[u64], theirs: &[u64]) -> Vec<(Range<usize>, Range<usize>)> {
    let width = theirs.len() + 1;
    let mut cost = vec![0; (ours.len() + 1) * width];
    for x in 0..=ours.len() {
        for y in 0..=theirs.len() {
            cost[x * width + y] = if x == 0 || y == 0 {
                x + y
            } else {
                let swap = cost[(x - 1) * width + y - 1] + usize::from(ours[x - 1] != theirs[y - 1]);
                swap.min(cost[(x - 1) * width + y] + 1).min(cost[x * width + y - 1] + 1)
            };
        }
    }
    let (mut x, mut y) = (ours.len(), theirs.len());
    let mut found: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    while (x, y) != (0, 0) {
        let here = cost[x * width + y];
        let from = if x > 0 && y > 0 && ours[x - 1] == theirs[y - 1] && cost[(x - 1) * width + y - 1] == here {
            (x, y) = (x - 1, y - 1);
            continue;
        } else if x > 0 && y > 0 && cost[(x - 1) * width + y - 1] + 1 == here {
            (x - 1, y - 1)
        } else if x > 0 && cost[(x - 1) * width + y] + 1 == here {
            (x - 1, y)
        } else {
            (x, y - 1)
        };
        match found.last_mut() {
            // Words changed next to one another are one change, if that makes them no more.
            Some(last) if (last.0.start, last.1.start) == (x, y) && balanced(last, (x - from.0, y - from.1)) => {
                (last.0.start, last.1.start) = from;
            }
            _ => found.push((from.0..x, from.1..y)),
        }
        (x, y) = from;
    }
    found.reverse();
    found
}

/// The step goes the same way as the change so far: a word put in beside one left out would be counted once.
fn balanced(change: &(Range<usize>, Range<usize>), step: (usize, usize)) -> bool {
    (change.0.len() + step.0).max(change.1.len() + step.1) == change.0.len().max(change.1.len()) + step.0.max(step.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    const STORY: &str = "The harbour board met on Monday to hear why the new crane had stood idle since the spring and who had signed";

    /// The run of the two lines, grown from the words `seed`.
    fn run(copy: &str, seed: &str) -> (Document, Run) {
        let document = Document::from_text(&format!("{STORY}\n{copy}\n"));
        let count = seed.split(' ').count();
        let at = |text: &str| text.split(seed).next().unwrap().split_whitespace().count();
        let (first, later) = (at(STORY), document.blocks[1].words().start + at(copy));
        let run =
            Run::grown(&*document.words, Seed { first, copy: later, words: count, floor: 0, ceiling: usize::MAX }, Some(Penalty::Lenient));
        (document, run)
    }

    fn words(document: &Document, range: &Range<usize>) -> String {
        document.words[range.clone()].iter().map(|word| word.of(&document.text)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn equal_lines_are_one_run() {
        let (document, run) = run(STORY, "new crane");
        assert_eq!(run.copy, document.blocks[1].words());
        assert_eq!(run.first, document.blocks[0].words());
        assert!(run.changes.is_empty());
    }

    #[test]
    fn words_changed_put_in_and_left_out_are_stepped_over() {
        let copy = "The harbour board met on Monday to hear why the old crane had stood idle also since the spring and who had signed";
        let (document, run) = run(copy, "harbour board met on");
        let told: Vec<(String, String)> =
            run.changes.iter().map(|change| (words(&document, &change.first), words(&document, &change.copy))).collect();
        assert_eq!(told, [("new".to_owned(), "old".to_owned()), (String::new(), "also".to_owned())]);
        assert_eq!(run.changed(), 2);
    }

    #[test]
    fn places_answer_to_each_other_across_a_change() {
        let copy = "The harbour board met on Monday to hear just why the new crane had stood idle since the spring and who had signed";
        let (_, run) = run(copy, "why the new crane had");
        assert_eq!(run.first_at(run.copy.start + 5), run.first.start + 5);
        assert_eq!(run.first_at(run.copy.start + 11), run.first.start + 10);
        assert_eq!(run.copy_at(run.first.start + 10), run.copy.start + 11);
        assert_eq!(run.part(run.copy.start + 9, run.copy.end).first, run.first.start + 8..run.first.end);
    }

    #[test]
    fn differences_are_the_fewest_there_are() {
        let told = |ours: &[u64], theirs: &[u64]| differences(ours, theirs);
        assert_eq!(told(&[1, 2, 3], &[1, 2, 3]), []);
        assert_eq!(told(&[1, 9, 3, 8, 4], &[1, 2, 3, 4]), [(1..2, 1..2), (3..4, 3..3)]);
        assert_eq!(told(&[], &[1, 2]), [(0..0, 0..2)]);
        assert_eq!(told(&[5, 6], &[]), [(0..2, 0..0)]);
    }

    #[test]
    fn the_original_does_not_reach_into_the_copy() {
        let document = Document::from_text(&"so it goes ".repeat(20));
        let run = Run::grown(&*document.words, Seed { first: 0, copy: 6, words: 6, floor: 0, ceiling: usize::MAX }, Some(Penalty::Lenient));
        assert_eq!((run.first, run.copy), (0..6, 6..12));
    }
}
