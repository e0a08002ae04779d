//! The names of a run: which stand in many documents, and which in one or two, a letter off (`Lavrov`, `Lavarov`).
//!
//! The first look at a run counts for each name the documents that have it, and remembers the names that stand beside it
//! ([`Roll`]). What is rare and one edit from a name that is frequent is a slip where both have a neighbour in common, as
//! `Sergei Lavarov` and `Sergei Lavrov` have; without one it may well be another person. The second look asks the first documents
//! that have the frequent spelling where it stands ([`Search`]). Where a run has more names than are remembered, the rarest are forgotten,
//! and what a name may have lost by it counts against its being rare (lossy counting, Manku and Motwani 2002).

use super::misspelling::{Names, Recurring};
use crate::document::Document;
use crate::finding::Elsewhere;
use crate::lexicon::forms::{inflection, spelling_variants};
use crate::lexicon::{Entry, Lexicon, word_hash};
use crate::text::Span;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Names that are counted at a time, of 100 to 300 bytes each.
const MOST_NAMES: usize = 1 << 17;

/// Neighbours that are remembered of a name.
const MOST_BESIDE: usize = 24;

/// In fewer documents a spelling is not established.
const ESTABLISHED: u32 = 5;

/// So many documents must have the one spelling for each that has the other.
pub const RATIO: u32 = 5;

/// So often in one document a spelling is meant.
const MEANT: usize = 3;

/// Documents that are named as witnesses.
const SHOWN: usize = 3;

/// Letters of the shortest name that is counted, and of the shortest neighbour that tells two people apart.
const SHORTEST: usize = 5;
const SHORTEST_BESIDE: usize = 3;

/// A name of a document, once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// Lower case.
    word: String,
    /// Hashes of the names beside it; the last bit tells the side.
    beside: Vec<u64>,
}

/// The names of a text: words of ASCII letters with a capital in mid-sentence, common words aside.
pub fn names(text: &str, lexicon: &Lexicon) -> Vec<Named> {
    let bytes = text.as_bytes();
    let mut named: Vec<Named> = Vec::new();
    let mut at = 0;
    while let Some(space) = memchr::memchr(b' ', &bytes[at..]) {
        let start = at + space + 1;
        at = start;
        if start < 2 || !(bytes[start - 2].is_ascii_alphanumeric() || bytes[start - 2] == b',') {
            continue;
        }
        let Some(word) = capitalised(text, start).filter(|word| word.len() >= SHORTEST) else { continue };
        let folded = word.to_ascii_lowercase();
        if !may_be_name(lexicon.recall(word_hash(&folded)).entry) {
            continue;
        }
        let end = start + word.len();
        let left_start = bytes[..start - 1].iter().rposition(|byte| !byte.is_ascii_alphabetic()).map_or(0, |before| before + 1);
        let left = capitalised(text, left_start).filter(|left| left_start + left.len() + 1 == start);
        let right = if bytes.get(end) == Some(&b' ') { capitalised(text, end + 1) } else { None };
        let key = |word: &str, side: u64| {
            let hash = word_hash(&word.to_ascii_lowercase());
            (word.len() >= SHORTEST_BESIDE && may_be_name(lexicon.recall(hash).entry)).then_some(hash << 1 | side)
        };
        let beside = left.and_then(|word| key(word, 0)).into_iter().chain(right.and_then(|word| key(word, 1))).collect();
        named.push(Named { word: folded, beside });
        at = end;
    }
    named.sort_unstable();
    named.dedup_by(|next, first| {
        let same = next.word == first.word;
        if same {
            first.beside.extend(next.beside.iter().filter(|key| !first.beside.contains(key)).copied().collect::<Vec<_>>());
            first.beside.truncate(MOST_BESIDE);
        }
        same
    });
    named
}

/// The word of letters at this byte: a capital and small ones, with nothing else of a word around.
fn capitalised(text: &str, start: usize) -> Option<&str> {
    let bytes = text.as_bytes();
    if !bytes.get(start).is_some_and(u8::is_ascii_uppercase) {
        return None;
    }
    let small = bytes[start + 1..].iter().take_while(|byte| byte.is_ascii_lowercase()).count();
    let end = start + 1 + small;
    let whole = match bytes.get(end) {
        Some(b'\'') | None => true,
        Some(byte) if byte.is_ascii() => !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'@' | b'-' | b'/')),
        Some(_) => text[end..].starts_with(['’', '”', '—', '–']),
    };
    (small > 0 && whole).then(|| &text[start..end])
}

/// Unknown, or usually written with a capital.
fn may_be_name(entry: Entry) -> bool {
    entry.only_capitalised() || entry.census() || entry.tier() > 70 || entry.capital_share().is_some_and(|share| share >= 0.5)
}

/// How often the names of a run stand in its documents.
#[derive(Debug, Default)]
pub struct Roll {
    names: HashMap<String, Count>,
    documents: u32,
    /// In so many documents a name that is not remembered may have stood.
    forgotten: u32,
}

#[derive(Debug, Default)]
struct Count {
    documents: u32,
    /// In so many more it may have stood before it was remembered.
    missed: u32,
    first: [u32; SHOWN],
    beside: Vec<u64>,
}

impl Roll {
    /// Counts the next document, in the order of the run.
    pub fn add(&mut self, names: Vec<Named>) {
        for Named { word, beside } in names {
            let missed = self.forgotten;
            let count = self.names.entry(word).or_insert_with(|| Count { missed, ..Count::default() });
            if let Some(place) = count.first.get_mut(count.documents as usize) {
                *place = self.documents;
            }
            count.documents += 1;
            let room = MOST_BESIDE - count.beside.len();
            let new: Vec<u64> = beside.into_iter().filter(|key| !count.beside.contains(key)).take(room).collect();
            count.beside.extend(new);
        }
        self.documents += 1;
        if self.names.len() > MOST_NAMES {
            self.forget();
        }
    }

    /// Makes room for half of the names, so that it need not be done for each document.
    fn forget(&mut self) {
        let mut least = 0;
        while self.names.len() > MOST_NAMES / 2 {
            least += 1;
            self.names.retain(|_, count| count.documents > least);
        }
        self.forgotten += least;
    }

    /// The slips, with the documents to be asked about the right spelling; `None` where there is nothing to ask.
    pub fn finish(self, lexicon: &Lexicon) -> Option<Search> {
        let established = self.names.iter().filter(|(_, count)| count.documents >= ESTABLISHED);
        let mut established: Vec<&String> = established.map(|(name, _)| name).collect();
        established.sort_unstable();
        let recurring = established.iter().map(|name| Recurring { hash: word_hash(name), word: (*name).clone(), term: None });
        let near = Names::of(recurring.collect());
        let mut drifts = HashMap::new();
        for (word, count) in &self.names {
            let own = count.documents + count.missed;
            if own.saturating_mul(RATIO) > self.documents {
                continue;
            }
            let entry = lexicon.recall(word_hash(word)).entry;
            // What is known is a name of its own: Horan, Horgan.
            if entry.tier() <= 80 || entry.census() || !near.may_have_near(word) {
                continue;
            }
            let fits =
                |right: &Count| right.documents >= own.saturating_mul(RATIO) && count.beside.iter().any(|key| right.beside.contains(key));
            let right = near.near(word, false).into_iter().filter(|right| {
                self.names.get(&right.word).is_some_and(fits) && !inflection(word, &right.word) && !spelling_variants(word, &right.word)
            });
            if let Some(right) = right.max_by_key(|right| (self.names[&right.word].documents, &right.word)) {
                let of = &self.names[&right.word];
                let drift = Drift { right: right.word.clone(), documents: of.documents, own, places: Vec::new() };
                drifts.insert(word_hash(word), (drift, of.first));
            }
        }
        (!drifts.is_empty()).then_some(Search { drifts })
    }
}

/// A spelling of a name that few documents have, and the one that many have.
#[derive(Clone, Debug)]
pub struct Drift {
    /// Lower case.
    pub right: String,
    /// Documents that have it.
    pub documents: u32,
    /// Documents that have the rare spelling; of a run with more names than are remembered, the most that may have it.
    pub own: u32,
    /// Where the right one stands in the first of them.
    pub places: Vec<Arc<Elsewhere>>,
}

/// Looks for the places of the names that are spelled right.
#[derive(Debug)]
pub struct Search {
    drifts: HashMap<u64, (Drift, [u32; SHOWN])>,
}

impl Search {
    /// The documents that are to be asked, by their number in the order of the run, counted from 0.
    pub fn concerned(&self) -> HashSet<u32> {
        self.drifts.values().flat_map(|(_, first)| *first).collect()
    }

    /// Asks a document.
    pub fn add(&mut self, number: u32, document: &Document) {
        for (drift, first) in self.drifts.values_mut().filter(|(_, first)| first.contains(&number)) {
            let right = word_hash(&drift.right);
            let possessive = word_hash(&format!("{}'s", drift.right));
            let place = document.words.iter().find(|word| word.shape.is_capitalised() && (word.hash == right || word.hash == possessive));
            if let Some(word) = place.filter(|_| drift.places.len() < first.len()) {
                let at = document.position(word.span().start);
                let place = Elsewhere { origin: document.origin.clone(), line: at.line, column: at.column };
                drift.places.push(Arc::new(place));
            }
        }
    }

    pub fn finish(self) -> Drifts {
        Drifts(self.drifts.into_iter().map(|(hash, (drift, _))| (hash, drift)).collect())
    }
}

/// The spellings of names that few documents of a run have, by their hashes.
#[derive(Debug, Default)]
pub struct Drifts(HashMap<u64, Drift>);

impl Drifts {
    /// The words of a document that many others spell in another way. Who makes the same mistake three times means it.
    pub fn of<'d>(&'d self, document: &'d Document) -> Vec<(Span, &'d Drift)> {
        let words = if self.0.is_empty() { &[] } else { document.words.as_slice() };
        let met = words.iter().filter(|word| word.shape.is_capitalised()).filter_map(|word| {
            let span = word.span();
            if let Some(drift) = self.0.get(&word.hash) {
                return Some((span, drift));
            }
            let stem = word.of(&document.text).strip_suffix("'s").or_else(|| word.of(&document.text).strip_suffix("’s"))?;
            let drift = self.0.get(&word_hash(&stem.to_ascii_lowercase()))?;
            Some((Span::new(span.start, span.start + stem.len()), drift))
        });
        let mut found: Vec<(Span, &Drift)> = met.collect();
        let mut often: HashMap<&str, usize> = HashMap::new();
        found.iter().for_each(|(_, drift)| *often.entry(&drift.right).or_default() += 1);
        found.retain(|(_, drift)| often[&*drift.right] < MEANT);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Origin;

    fn document(path: &str, text: &str) -> Document {
        Document::new(Origin { path: path.into(), ..Origin::default() }, text)
    }

    /// What drifts in the last of the texts: word, right spelling, how many documents have that, where.
    fn drifting(texts: &[String]) -> Vec<(String, String, u32, Vec<String>)> {
        let documents: Vec<Document> = texts.iter().enumerate().map(|(n, text)| document(&format!("{n}"), text)).collect();
        let mut roll = Roll::default();
        texts.iter().for_each(|text| roll.add(names(text, Lexicon::english())));
        let Some(mut search) = roll.finish(Lexicon::english()) else { return Vec::new() };
        let concerned = search.concerned();
        for (number, document) in (0..).zip(&documents).filter(|(number, _)| concerned.contains(number)) {
            search.add(number, document);
        }
        let drifts = search.finish();
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

    #[test]
    fn only_capitals_in_mid_sentence_are_names() {
        let text = "Belozerov came. Then Belozerov’s aide Kallio-Ito wrote to x@Belozerov, to Müllerov and the Government, and KALLIO Aino Kalliola.";
        let words: Vec<String> = names(text, Lexicon::english()).into_iter().map(|name| name.word).collect();
        assert_eq!(words, ["belozerov", "kalliola"]);
        assert!(["", " ", "a A"].iter().all(|text| names(text, Lexicon::english()).is_empty()));
    }

    #[test]
    fn a_roll_that_is_full_forgets_the_rarest_and_knows_what_it_may_have_lost() {
        let mut roll = Roll::default();
        let named = |word: String| Named { word, beside: Vec::new() };
        (0..3).for_each(|_| roll.add(vec![named("belozerov".into())]));
        // More names than there is room for stand in two documents each.
        for _ in 0..2 {
            roll.add((0..MOST_NAMES).map(|number| named(format!("name{number}"))).collect());
        }
        assert_eq!(roll.names.keys().collect::<Vec<_>>(), ["belozerov"]);
        roll.add(vec![named("belzerov".into())]);
        let count = &roll.names["belzerov"];
        assert_eq!((count.documents, count.missed), (1, roll.forgotten));
        assert!(roll.forgotten >= 2 && roll.names["belozerov"].missed == 0);
    }
}
