//! One automaton in front of all the rules that need a literal: a rule is looked at only near its own words.
//!
//! A hundred regexes over every line cost a thousand times more than one pass of a forced-DFA Aho-Corasick automaton.
//! To build that DFA takes as long as to scan some megabytes, so that it is built only once much text has been seen;
//! until then its NFA does the work, which is ready at once and a few times slower. Both find the same.

use crate::document::Document;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes of text after which the DFA is worth its price.
const MUCH_TEXT: usize = 512 << 10;

/// Number of a detector within its rule set.
pub type Slot = usize;

/// Which automaton: the one of the rules that are on for some document of the run, or the one of the rest, which is built
/// only where somebody runs such a rule all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    On,
    Off,
}

/// Knows which literals each part of each slot needs, and finds them all in one pass.
#[derive(Debug)]
pub struct Gate {
    /// For each slot its side, and the key of its first part.
    slots: Vec<(Side, usize)>,
    sides: [Literals; 2],
    /// Bytes scanned so far.
    scanned: AtomicUsize,
}

/// The literals of one side.
#[derive(Debug, Default)]
struct Literals {
    /// In lower case.
    texts: Vec<String>,
    /// For each literal, the keys that need it.
    needed_by: Vec<Vec<usize>>,
    keys: usize,
    small: OnceLock<Option<AhoCorasick>>,
    large: OnceLock<Option<AhoCorasick>>,
}

/// Where the literals of each key stand in one document.
#[derive(Debug, Default)]
pub struct Hits {
    /// For each key the starts of its literals, at most one for each line, in order.
    lines: Vec<Vec<u32>>,
}

impl Hits {
    /// A byte in each line that holds a literal of this key, in order.
    pub fn of(&self, key: usize) -> &[u32] {
        self.lines.get(key).map_or(&[], Vec::as_slice)
    }
}

impl Gate {
    /// `literals` holds those of each part of each slot, in the order of the slots; case does not matter (ASCII). `on` tells
    /// which slots will run.
    pub fn new(literals: &[Vec<&[String]>], on: impl Fn(Slot) -> bool) -> Self {
        let mut keys = [0, 0];
        let mut needs: [BTreeMap<String, Vec<usize>>; 2] = Default::default();
        let mut slots = Vec::with_capacity(literals.len());
        for (slot, parts) in literals.iter().enumerate() {
            let side = if on(slot) { Side::On } else { Side::Off };
            let (key, needs) = (&mut keys[side as usize], &mut needs[side as usize]);
            slots.push((side, *key));
            for part in parts {
                for literal in *part {
                    let keys = needs.entry(literal.to_ascii_lowercase()).or_default();
                    if keys.last() != Some(key) {
                        keys.push(*key);
                    }
                }
                *key += 1;
            }
        }
        let [on, off] = needs;
        Self { slots, sides: [Literals::new(on, keys[0]), Literals::new(off, keys[1])], scanned: AtomicUsize::new(0) }
    }

    /// The side that this slot is on.
    pub fn side(&self, slot: Slot) -> Side {
        self.slots.get(slot).map_or(Side::On, |&(side, _)| side)
    }

    /// The key of this slot's first part; the others follow.
    pub fn key(&self, slot: Slot) -> usize {
        self.slots.get(slot).map_or(usize::MAX >> 1, |&(_, key)| key)
    }

    pub fn scan(&self, document: &Document, side: Side) -> Hits {
        let before = self.scanned.fetch_add(document.text.len(), Ordering::Relaxed);
        let literals = &self.sides[side as usize];
        let automaton = if before + document.text.len() > MUCH_TEXT {
            literals.large.get_or_init(|| literals.automaton(AhoCorasickKind::DFA))
        } else {
            literals.small.get_or_init(|| literals.automaton(AhoCorasickKind::ContiguousNFA))
        };
        let Some(automaton) = automaton else { return Hits::default() };
        let mut hits = Hits { lines: vec![Vec::new(); literals.keys] };
        // Matches come in the order of their ends, so that line by line is nearly free.
        let mut line_end = 0;
        let mut line_start = 0;
        for found in automaton.find_overlapping_iter(&*document.text) {
            let at = found.start();
            if at >= line_end || at < line_start {
                let line = document.lines().full(document.lines().line_of(at), &document.text);
                (line_start, line_end) = (line.start, line.end);
            }
            for &key in &literals.needed_by[found.pattern().as_usize()] {
                let seen = &mut hits.lines[key];
                if seen.last().is_none_or(|&last| (last as usize) < line_start) {
                    seen.push(at as u32);
                }
            }
        }
        hits
    }
}

impl Literals {
    fn new(needs: BTreeMap<String, Vec<usize>>, keys: usize) -> Self {
        let (texts, needed_by) = needs.into_iter().unzip();
        Self { texts, needed_by, keys, ..Self::default() }
    }

    fn automaton(&self, kind: AhoCorasickKind) -> Option<AhoCorasick> {
        if self.texts.is_empty() {
            return None;
        }
        let build = |kind| {
            AhoCorasick::builder()
                .kind(kind)
                .match_kind(MatchKind::Standard)
                .ascii_case_insensitive(true)
                .prefilter(false)
                .build(&self.texts)
        };
        // Ten thousand rules of a user may be more than a DFA can hold.
        build(Some(kind)).or_else(|_| build(None)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(literals: &[&[&[&str]]], on: impl Fn(Slot) -> bool) -> Gate {
        let owned: Vec<Vec<Vec<String>>> =
            literals.iter().map(|parts| parts.iter().map(|part| part.iter().map(ToString::to_string).collect()).collect()).collect();
        let shown: Vec<Vec<&[String]>> = owned.iter().map(|parts| parts.iter().map(Vec::as_slice).collect()).collect();
        Gate::new(&shown, on)
    }

    #[test]
    fn each_line_is_named_once_for_each_part_of_a_slot() {
        let gate = gate(&[&[&["tweet", "share"], &["nothing"]], &[], &[&["share"]]], |_| true);
        let text = "Share, share and tweet\nNothing here\nTWEET this";
        let hits = gate.scan(&Document::from_text(text), Side::On);
        assert_eq!(hits.of(gate.key(0)), [0, 36]);
        assert_eq!(hits.of(gate.key(0) + 1), [23]);
        assert_eq!(hits.of(gate.key(2)), [0]);
        assert!(hits.of(gate.key(3)).is_empty(), "an unknown slot needs nothing");
    }

    #[test]
    fn what_is_off_is_looked_for_by_itself() {
        let gate = gate(&[&[&["tweet"]], &[&["share"]]], |slot| slot == 1);
        assert_eq!((gate.side(0), gate.side(1)), (Side::Off, Side::On));
        let document = Document::from_text("tweet, share");
        assert_eq!(gate.scan(&document, Side::On).of(gate.key(1)), [7]);
        assert!(gate.sides[Side::Off as usize].small.get().is_none());
        assert_eq!(gate.scan(&document, Side::Off).of(gate.key(0)), [0]);
    }

    #[test]
    fn both_automata_find_the_same() {
        let gate = gate(&[&[&["tweet"]], &[&["share", "are this"]]], |_| true);
        let text = "Share this story\nTWEET it\n".repeat(40_000);
        let small = gate.scan(&Document::from_text(&text[..2_600]), Side::On);
        let large = gate.scan(&Document::from_text(&text), Side::On);
        for slot in 0..2 {
            assert_eq!(small.of(slot), &large.of(slot)[..100]);
            assert_eq!(large.of(slot).len(), 40_000);
        }
        assert!(gate.sides[0].small.get().is_some() && gate.sides[0].large.get().is_some());
    }

    #[test]
    fn no_literals_no_hits() {
        assert!(gate(&[], |_| true).scan(&Document::from_text("a"), Side::On).of(0).is_empty());
    }
}
