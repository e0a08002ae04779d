//! One walk over the words of a document, from the first to the last, that finds every repeat once.
//!
//! Each shingle is looked up; where it has stood before, the two places are grown into a run, the run is fitted to
//! blocks and sentences, and judged. What was found is passed over, so that no word is read more than a few times.

use super::align::{Penalty, Run, Seed};
use super::judge::{Form, Judge};
use super::keys::{Keys, ShortKeys};
use super::shingle::{FirstSeen, SHINGLE};
use crate::document::Document;
use crate::text::Span;

/// A stretch of text that has stood before.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeat {
    pub form: Form,
    /// Which words.
    pub run: Run,
    /// Bytes of the copy, with the punctuation that belongs to it.
    pub copy: Span,
    /// Bytes of the first place.
    pub first: Span,
    /// The two places hold the same characters, and the copy is made of whole sentences.
    pub certain: bool,
}

/// Runs up to this many words may be looked at again from another shingle when they turn out to be no repeat.
const SHORT: usize = 64;

/// Of a long document, each so many-th shingle is noted, and all are looked up: of a run of twelve equal words one at least is noted.
const LONG_STEP: usize = 4;

/// Every repeat of the document, in the order of the copies, which do not overlap.
pub fn repeats(document: &Document) -> Vec<Repeat> {
    if document.words.is_long() {
        search(document, &ShortKeys::of(&document.words), LONG_STEP)
    } else {
        search(document, &*document.words, 1)
    }
}

fn search<K: Keys + ?Sized>(document: &Document, words: &K, step: usize) -> Vec<Repeat> {
    let mut found: Vec<Repeat> = Vec::new();
    if words.len() < 2 * SHINGLE {
        return found;
    }
    let mut judge = Judge::new(document);
    let mut seen = FirstSeen::new(words, step);
    // Copies start at `floor` or later. While one text comes again and again, in whole or in part, `lap` is its first place: from
    // `found[again]` on, each copy follows on the one before, and all are of the same beginning.
    let (mut at, mut floor, mut lap, mut again) = (0, 0, 0..0, 0);
    while at + SHINGLE <= words.len() {
        let first = match seen.look_up(at) {
            // Where few words come again and again, every shingle has stood before, and none of it is a repeat.
            Some(first) if first + SHINGLE <= at && judge.is_varied(words, at) => first,
            _ => {
                at += 1;
                continue;
            }
        };
        let same_lap = lap.contains(&first) && at - floor <= first - lap.start + SHINGLE;
        let ceiling = if same_lap { lap.end } else { words.len() };
        let seed = Seed { first, copy: at, words: SHINGLE, floor, ceiling };
        // How far the seed goes, each time with less allowed.
        let mut end = 0;
        let repeat = [Some(Penalty::Lenient), Some(Penalty::Strict), None].into_iter().find_map(|penalty| {
            let run = Run::grown(words, seed, penalty);
            if penalty.is_none() || run.copy.len() > SHORT {
                end = end.max(run.copy.end);
            }
            let run = judge.fit(run, floor)?;
            let lap_end = first_lap(&run, &found);
            judge.repeat(if lap_end < run.first.end { run.part(run.copy.start, run.copy_at(lap_end)) } else { run })
        });
        if let Some(repeat) = repeat {
            floor = repeat.run.copy.end;
            at = floor.max(at + 1);
            let follows = |last: &Repeat| last.run.copy.end == repeat.run.copy.start && last.run.first.start == repeat.run.first.start;
            lap = repeat.run.first.clone();
            if found.last().is_some_and(follows) {
                lap.end = lap.end.max(found[again].run.copy.start);
            } else {
                again = found.len();
            }
            found.push(repeat);
        } else {
            // The last shingles of the stretch may go on elsewhere.
            at = (at + 1).max((end + 1).saturating_sub(SHINGLE));
            floor = floor.max(at.saturating_sub(SHORT));
        }
    }
    found
}

/// Where the original ends if it is one text several times over, which was found before; else the end of the run's.
fn first_lap(run: &Run, found: &[Repeat]) -> usize {
    let laps = &found[found.partition_point(|repeat| repeat.run.copy.start <= run.first.start)..];
    let mut reached = None;
    for Repeat { run: lap, .. } in laps {
        let follows = reached.is_none_or(|end| end == lap.copy.start);
        if !follows || lap.first.start != run.first.start || lap.copy.start >= run.first.end {
            break;
        }
        reached = Some(lap.copy.end);
    }
    if reached.is_some_and(|end| end >= run.first.end) { laps[0].run.copy.start } else { run.first.end }
}
