//! One pass in front of all the rules that need a literal: a rule is looked at only near its own words.
//!
//! A hundred regexes over every line cost a thousand times more.

use super::finder::Finder;
use crate::document::Document;
use std::sync::OnceLock;

/// Number of a detector within its rule set.
pub type Slot = usize;

/// Which literals: those of the rules that are on for some document of the run, or those of the rest, which are looked for
/// only where somebody runs such a rule all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    On,
    Off,
}

/// Knows which literals each part of each slot needs, and finds them all in one pass.
#[derive(Debug)]
pub struct Gate {
    /// The slot that the first of `slots` belongs to.
    from: Slot,
    /// For each slot its side, and the key of its first part.
    slots: Vec<(Side, usize)>,
    sides: [Literals; 2],
}

/// The literals of one side.
#[derive(Debug)]
struct Literals {
    /// In lower case, each with a key that needs it.
    needs: Vec<(String, usize)>,
    keys: usize,
    finder: OnceLock<Finder>,
}

/// Where the literals of each key stand in one document.
#[derive(Debug, Default)]
pub struct Hits {
    /// The starts of literals, at most one for each key and line: those of one key after those of another, in order.
    starts: Vec<u32>,
    /// Where those of each key end.
    ends: Vec<u32>,
}

impl Hits {
    /// A byte in each line that holds a literal of this key, in order.
    pub fn of(&self, key: usize) -> &[u32] {
        let Some(&end) = self.ends.get(key) else { return &[] };
        let start = key.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.starts[start as usize..end as usize]
    }
}

impl Gate {
    /// `literals` holds those of each part of each slot, in the order of the slots; case does not matter (ASCII). `on` tells
    /// which slots will run.
    pub fn new(literals: &[Vec<&[String]>], on: impl Fn(Slot) -> bool) -> Self {
        let mut sides = [Literals::new(), Literals::new()];
        let mut slots = Vec::with_capacity(literals.len());
        for (slot, parts) in literals.iter().enumerate() {
            let side = if on(slot) { Side::On } else { Side::Off };
            let literals = &mut sides[side as usize];
            slots.push((side, literals.keys));
            for part in parts {
                literals.needs.extend(part.iter().map(|literal| (literal.to_ascii_lowercase(), literals.keys)));
                literals.keys += 1;
            }
        }
        Self { from: 0, slots, sides }
    }

    /// For one slot by itself, with the literals of its parts: what all others need is not looked for.
    pub fn alone(slot: Slot, parts: Vec<&[String]>) -> Self {
        Self { from: slot, ..Self::new(&[parts], |_| true) }
    }

    /// The side that this slot is on.
    pub fn side(&self, slot: Slot) -> Side {
        self.slots.get(slot.wrapping_sub(self.from)).map_or(Side::On, |&(side, _)| side)
    }

    /// The key of this slot's first part; the others follow.
    pub fn key(&self, slot: Slot) -> usize {
        self.slots.get(slot.wrapping_sub(self.from)).map_or(usize::MAX >> 1, |&(_, key)| key)
    }

    pub fn scan(&self, document: &Document, side: Side) -> Hits {
        let literals = &self.sides[side as usize];
        let finder = literals.finder.get_or_init(|| Finder::new(literals.needs.iter().map(|(text, _)| text.clone()).collect()));
        // For each key how often it was met, and in which line last: where that starts, and one.
        let mut met = vec![(0u32, 0u32); literals.keys];
        let mut all: Vec<(u32, u32)> = Vec::new();
        let mut line_end = 0;
        let mut line_start = 0;
        finder.find(&document.text, |literal, at| {
            if at >= line_end {
                let line = document.lines().full(document.lines().line_of(at), &document.text);
                (line_start, line_end) = (line.start, line.end);
            }
            let key = literals.needs[literal].1;
            let (count, last) = &mut met[key];
            if *last != line_start as u32 + 1 {
                *last = line_start as u32 + 1;
                *count += 1;
                all.push((key as u32, at as u32));
            }
        });
        let mut next = 0;
        let mut places: Vec<u32> = met.iter().map(|(count, _)| (next, next += count).0).collect();
        let mut starts = vec![0; all.len()];
        for (key, at) in all {
            let place = &mut places[key as usize];
            starts[*place as usize] = at;
            *place += 1;
        }
        // Each place has moved on to its end.
        Hits { starts, ends: places }
    }
}

impl Literals {
    const fn new() -> Self {
        Self { needs: Vec::new(), keys: 0, finder: OnceLock::new() }
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
        assert!(gate.sides[Side::Off as usize].finder.get().is_none());
        assert_eq!(gate.scan(&document, Side::Off).of(gate.key(0)), [0]);
    }

    #[test]
    fn a_slot_can_stand_alone() {
        let literals = [String::from("share")];
        let gate = Gate::alone(7, vec![&literals]);
        let hits = gate.scan(&Document::from_text("Please share"), Side::On);
        assert_eq!((gate.side(7), hits.of(gate.key(7)).len(), hits.of(gate.key(6)).len(), hits.of(gate.key(8)).len()), (Side::On, 1, 0, 0));
    }

    #[test]
    fn no_literals_no_hits() {
        assert!(gate(&[], |_| true).scan(&Document::from_text("a"), Side::On).of(0).is_empty());
    }
}
