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

/// Knows which literals each slot needs, and finds them all in one pass.
#[derive(Debug)]
pub struct Gate {
    literals: Vec<String>,
    /// For each literal, who needs it.
    needed_by: Vec<Vec<Slot>>,
    slots: usize,
    small: OnceLock<Option<AhoCorasick>>,
    large: OnceLock<Option<AhoCorasick>>,
    /// Bytes scanned so far.
    scanned: AtomicUsize,
}

/// Where the literals of each slot stand in one document.
#[derive(Debug, Default)]
pub struct Hits {
    /// For each slot the starts of its literals, at most one for each line, in order.
    lines: Vec<Vec<u32>>,
}

impl Hits {
    /// A byte in each line that holds a literal of this slot, in order.
    pub fn of(&self, slot: Slot) -> &[u32] {
        self.lines.get(slot).map_or(&[], Vec::as_slice)
    }
}

impl Gate {
    /// `literals_by_slot` holds those of each slot, in the order of the slots; case does not matter (ASCII).
    pub fn new(literals_by_slot: &[Vec<String>]) -> Self {
        let mut needs: BTreeMap<String, Vec<Slot>> = BTreeMap::new();
        for (slot, set) in literals_by_slot.iter().enumerate() {
            for literal in set {
                let slots = needs.entry(literal.to_ascii_lowercase()).or_default();
                if slots.last() != Some(&slot) {
                    slots.push(slot);
                }
            }
        }
        let (literals, needed_by) = needs.into_iter().unzip();
        Self {
            literals,
            needed_by,
            slots: literals_by_slot.len(),
            small: OnceLock::new(),
            large: OnceLock::new(),
            scanned: AtomicUsize::new(0),
        }
    }

    fn automaton(&self, kind: AhoCorasickKind) -> Option<AhoCorasick> {
        if self.literals.is_empty() {
            return None;
        }
        let build = |kind| {
            AhoCorasick::builder()
                .kind(kind)
                .match_kind(MatchKind::Standard)
                .ascii_case_insensitive(true)
                .prefilter(false)
                .build(&self.literals)
        };
        // Ten thousand rules of a user may be more than a DFA can hold.
        build(Some(kind)).or_else(|_| build(None)).ok()
    }

    pub fn scan(&self, document: &Document) -> Hits {
        let before = self.scanned.fetch_add(document.text.len(), Ordering::Relaxed);
        let automaton = if before + document.text.len() > MUCH_TEXT {
            self.large.get_or_init(|| self.automaton(AhoCorasickKind::DFA))
        } else {
            self.small.get_or_init(|| self.automaton(AhoCorasickKind::ContiguousNFA))
        };
        let Some(automaton) = automaton else { return Hits::default() };
        let mut hits = Hits { lines: vec![Vec::new(); self.slots] };
        // Matches come in the order of their ends, so that line by line is nearly free.
        let mut line_end = 0;
        let mut line_start = 0;
        for found in automaton.find_overlapping_iter(&*document.text) {
            let at = found.start();
            if at >= line_end || at < line_start {
                let line = document.lines().full(document.lines().line_of(at), &document.text);
                (line_start, line_end) = (line.start, line.end);
            }
            for &slot in &self.needed_by[found.pattern().as_usize()] {
                let seen = &mut hits.lines[slot];
                if seen.last().is_none_or(|&last| (last as usize) < line_start) {
                    seen.push(at as u32);
                }
            }
        }
        hits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_named_once_for_each_slot() {
        let gate = Gate::new(&[vec!["tweet".into(), "share".into()], vec![], vec!["share".into()]]);
        let text = "Share, share and tweet\nNothing here\nTWEET this";
        let hits = gate.scan(&Document::from_text(text));
        assert_eq!(hits.of(0), [0, 36]);
        assert!(hits.of(1).is_empty());
        assert_eq!(hits.of(2), [0]);
    }

    #[test]
    fn both_automata_find_the_same() {
        let gate = Gate::new(&[vec!["tweet".into()], vec!["share".into(), "are this".into()]]);
        let text = "Share this story\nTWEET it\n".repeat(40_000);
        let small = gate.scan(&Document::from_text(&text[..2_600]));
        let large = gate.scan(&Document::from_text(&text));
        for slot in 0..2 {
            assert_eq!(small.of(slot), &large.of(slot)[..100]);
            assert_eq!(large.of(slot).len(), 40_000);
        }
        assert!(gate.small.get().is_some() && gate.large.get().is_some());
    }

    #[test]
    fn no_literals_no_hits() {
        assert!(Gate::new(&[]).scan(&Document::from_text("a")).of(0).is_empty());
    }
}
