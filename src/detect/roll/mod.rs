//! The names of a run: which stand in many documents, and which in one or two, a letter off (`Lavrov`, `Lavarov`).
//!
//! The first look at a run counts for each name the documents that have it, and remembers the names that stand beside it
//! ([`Roll`]). What is rare and one edit from a name that is frequent is a slip where both have a neighbour in common, as
//! `Sergei Lavarov` and `Sergei Lavrov` have; without one it may well be another person. The second look asks the first documents
//! that have the frequent spelling where it stands ([`Search`]). Rolls of parts of a run can be merged, in any order and grouping. One that
//! is bounded forgets the rarest names where a run has more of them than are remembered, and what a name may have lost by it counts
//! against its being rare (lossy counting, Manku and Motwani 2002).
mod count;
mod drift;
mod named;

pub use count::{Count, RATIO, Roll};
pub use drift::{Drift, Drifts, Places, Search, place_of};
pub use named::{Named, names, suspects};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Origin};
    use crate::finding::Elsewhere;
    use crate::lexicon::Lexicon;
    use std::sync::Arc;

    fn document(path: &str, text: &str) -> Document {
        Document::new(Origin { path: path.into(), ..Origin::default() }, text)
    }

    /// What drifts in the last of the texts: word, right spelling, how many documents have that, where.
    fn drifting(texts: &[String]) -> Vec<(String, String, u32, Vec<String>)> {
        let documents: Vec<Document> = texts.iter().enumerate().map(|(n, text)| document(&format!("{n}"), text)).collect();
        // Counted in two parts, the later one first.
        let (mut roll, mut later) = (Roll::default(), Roll::default());
        for (number, text) in texts.iter().enumerate().rev() {
            if number % 2 == 0 { &mut roll } else { &mut later }.add(&number, names(text, Lexicon::english()));
        }
        roll.merge(later);
        let search = roll.search(Lexicon::english());
        let mut places = Places::default();
        for (number, names) in search.asked() {
            let found = names.into_iter().filter_map(|name| Some((name.clone(), place_of(&documents[number], &name)?)));
            places.add(&number, found.collect());
        }
        let drifts = search.drifts(&places);
        let last = &documents[documents.len() - 1];
        let place = |place: &Arc<Elsewhere>| format!("{}:{}:{}", place.origin.path, place.line, place.column);
        let found = drifts.of(last).into_iter().map(|(span, drift)| {
            (span.of(&last.text).to_string(), drift.right.clone(), drift.documents, drift.places.iter().map(place).collect())
        });
        found.collect()
    }

    fn run(often: &str, once: &str) -> Vec<String> {
        let mut texts = vec![format!("The talks went on.\nIn Oslo minister {often} spoke."); 6];
        texts.push(format!("Later {once} left, and {once}'s plane with him."));
        texts
    }

    #[test]
    fn a_spelling_that_one_document_has_drifts_from_what_many_have() {
        let found = drifting(&run("Sergei Belozerov", "Sergei Belzerov"));
        let places = vec!["0:2:25".to_string(), "1:2:25".into(), "2:2:25".into()];
        let expected = ("Belzerov".to_string(), "belozerov".to_string(), 6, places);
        assert_eq!(found, [expected.clone(), expected]);
    }

    #[test]
    fn other_people_and_established_names_are_left_alone() {
        // Another first name; none; both known; an ending; both established.
        for (often, once) in [
            ("Sergei Belozerov", "Andrei Belzerov"),
            ("Belozerov", "Belzerov"),
            ("Doyle Horan", "Doyle Horgan"),
            ("Sergei Belozerov", "Sergei Belozerova"),
        ] {
            assert!(drifting(&run(often, once)).is_empty(), "{often}, {once}");
        }
        assert!(drifting(&run("Sergei Belozerov", "Sergei Belzerov with Sergei Belzerov")).is_empty());
        let mut texts = run("Sergei Belozerov", "Sergei Belzerov");
        let last = texts.len() - 1;
        texts.splice(0..0, vec![texts[last].clone(); 4]);
        assert!(drifting(&texts).is_empty());
    }
}
