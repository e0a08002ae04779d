//! The run as witness: paragraphs that stand in several documents of a run, and in which of them they are at home.
//!
//! Two looks at the run come before the check. The first counts paragraphs by the hash of their words ([`Census`]); the
//! second asks each document that shares one how well it fits there ([`Hearing`]). What is kept hangs on the order of the
//! inputs only, not on threads, and is bounded: a run of more paragraphs than [`MOST`] is heard as far as that.

use crate::document::{Document, Origin};
use crate::finding::Elsewhere;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Paragraphs that a census counts, of 16 bytes each.
pub const MOST: usize = 1 << 20;

/// Shorter blocks, in words, are nobody's: bylines, headings.
const MIN_WORDS: usize = 12;

/// How well a paragraph fits a document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sighting {
    /// [`crate::document::Block::hash`].
    pub hash: u64,
    /// The higher, the worse.
    pub score: f64,
    /// Where it starts, in bytes.
    pub start: usize,
}

/// Documents that are remembered for a paragraph; what stands in more is boilerplate and tells nothing of any of them.
const MOST_HOLDERS: usize = 16;

/// Paragraphs beside the one in question that another document may share; with more it is the same story once more, and says nothing
/// about where a paragraph belongs.
const MOST_IN_COMMON: usize = 2;

/// The hashes of the paragraphs of a document that a census counts.
pub fn paragraphs(document: &Document) -> Vec<u64> {
    document.blocks.iter().filter(|block| block.word_count() >= MIN_WORDS).map(|block| block.hash).collect()
}

/// Which paragraphs stand in more than one document.
#[derive(Debug, Default)]
pub struct Census {
    first: HashMap<u64, u32>,
    shared: HashSet<u64>,
    holders: HashSet<u32>,
    documents: u32,
}

impl Census {
    /// Counts the next document, in the order of the run.
    pub fn add(&mut self, paragraphs: &[u64]) {
        let document = self.documents;
        self.documents += 1;
        for &hash in paragraphs {
            let room = self.first.len() < MOST;
            match self.first.get(&hash) {
                Some(&first) if first != document => {
                    self.shared.insert(hash);
                    self.holders.extend([first, document]);
                }
                None if room => {
                    self.first.insert(hash, document);
                }
                _ => {}
            }
        }
    }

    /// What is to be heard, if anything: the paragraphs, and the numbers of the documents that hold them.
    pub fn finish(self) -> Option<Hearing> {
        let Self { shared, holders, .. } = self;
        (!shared.is_empty()).then_some(Hearing { shared, holders, heard: 0, homes: HashMap::new(), holders_of: HashMap::new() })
    }
}

/// How well the shared paragraphs fit the documents that hold them.
#[derive(Debug)]
pub struct Hearing {
    shared: HashSet<u64>,
    holders: HashSet<u32>,
    /// Documents heard so far: the number of the next one.
    heard: u32,
    homes: HashMap<u64, Home>,
    holders_of: HashMap<u64, Vec<u32>>,
}

/// The document that a paragraph fits best.
#[derive(Clone, Debug)]
struct Home {
    score: f64,
    document: u32,
    place: Arc<Elsewhere>,
}

impl Hearing {
    /// The documents that hold a shared paragraph, by their number in the order of the run, counted from 0.
    pub fn concerned(&self) -> HashSet<u32> {
        self.holders.clone()
    }

    /// The paragraphs that stand in several documents, by their hashes.
    pub const fn shared(&self) -> &HashSet<u64> {
        &self.shared
    }

    /// Hears a document about the shared paragraphs; of documents that a paragraph fits alike the first one counts.
    pub fn add(&mut self, document: &Document, sightings: &[Sighting]) {
        let number = self.heard;
        self.heard += 1;
        for sighting in sightings.iter().filter(|sighting| self.shared.contains(&sighting.hash)) {
            let holders = self.holders_of.entry(sighting.hash).or_default();
            if holders.len() < MOST_HOLDERS {
                holders.push(number);
            }
            if self.homes.get(&sighting.hash).is_some_and(|home| home.score <= sighting.score) {
                continue;
            }
            let at = document.position(sighting.start);
            let place = Elsewhere { origin: document.origin.clone(), line: at.line, column: at.column };
            self.homes.insert(sighting.hash, Home { score: sighting.score, document: number, place: Arc::new(place) });
        }
    }

    pub fn finish(self) -> Witness {
        Witness { homes: self.homes, holders_of: self.holders_of }
    }
}

/// Where the paragraphs of a run that stand in several documents are at home.
#[derive(Debug, Default)]
pub struct Witness {
    homes: HashMap<u64, Home>,
    holders_of: HashMap<u64, Vec<u32>>,
}

impl Witness {
    /// Whether the paragraph stands in several documents of the run.
    pub fn knows(&self, hash: u64) -> bool {
        self.homes.contains_key(&hash)
    }

    /// Another document that a paragraph fits better than the one of this origin, by at least `margin`. `all` are the paragraphs of
    /// this one: a document that shares several of them is another copy of the same story, and no witness.
    pub fn better_home(&self, hash: u64, score: f64, margin: f64, origin: &Origin, all: &[u64]) -> Option<&Arc<Elsewhere>> {
        let home = self.homes.get(&hash)?;
        let shares = |other: &u64| self.holders_of.get(other).is_some_and(|holders| holders.contains(&home.document));
        if all.iter().filter(|&other| *other != hash && shares(other)).count() > MOST_IN_COMMON {
            return None;
        }
        (home.score + margin <= score && home.place.origin != *origin).then_some(&home.place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(path: &str, text: &str) -> Document {
        Document::new(Origin { path: path.into(), ..Origin::default() }, text)
    }

    #[test]
    fn a_shared_paragraph_is_at_home_where_it_fits_best() {
        let shared = "This one paragraph of more than twelve words stands in both of the documents of the run.";
        let documents = [document("a", &format!("{shared}\n")), document("b", "Another.\n"), document("c", &format!("Above.\n{shared}\n"))];
        let mut census = Census::default();
        documents.iter().for_each(|document| census.add(&paragraphs(document)));
        let mut hearing = census.finish().unwrap();
        assert_eq!(hearing.concerned(), HashSet::from([0, 2]));
        for (document, score) in documents.iter().zip([2.0, 0.0, -3.0]) {
            let sightings: Vec<Sighting> = document
                .blocks
                .iter()
                .filter(|block| block.word_count() >= MIN_WORDS)
                .map(|block| Sighting { hash: block.hash, score, start: block.span.start })
                .collect();
            hearing.add(document, &sightings);
        }
        let witness = hearing.finish();
        let hash = documents[0].blocks[0].hash;
        let home = witness.better_home(hash, 2.0, 2.0, &documents[0].origin, &[hash]).unwrap();
        assert_eq!((home.origin.path.as_str(), home.line), ("c", 2));
        assert!(witness.better_home(hash, 2.0, 6.0, &documents[0].origin, &[]).is_none());
        assert!(witness.better_home(hash, -3.0, 0.0, &documents[2].origin, &[]).is_none());
    }

    #[test]
    fn a_paragraph_twice_in_one_document_is_not_shared() {
        let twice = document("a", &"A paragraph of more than twelve words that stands twice in one and the same document.\n".repeat(2));
        let mut census = Census::default();
        census.add(&paragraphs(&twice));
        assert!(census.finish().is_none());
    }

    #[test]
    fn another_copy_of_the_same_story_is_no_witness() {
        let lines: Vec<String> =
            (0..5).map(|n| format!("Paragraph {n} of the story has more than twelve words so that it is counted by the census.")).collect();
        let documents = [document("a", &lines.join("\n")), document("b", &lines.join("\n"))];
        let mut census = Census::default();
        documents.iter().for_each(|document| census.add(&paragraphs(document)));
        let mut hearing = census.finish().unwrap();
        for (document, score) in documents.iter().zip([2.0, -3.0]) {
            let sighting = |hash: u64| Sighting { hash, score, start: 0 };
            hearing.add(document, &paragraphs(document).into_iter().map(sighting).collect::<Vec<_>>());
        }
        let witness = hearing.finish();
        let all = paragraphs(&documents[0]);
        assert!(witness.better_home(all[0], 2.0, 2.0, &documents[0].origin, &all).is_none());
        assert!(witness.better_home(all[0], 2.0, 2.0, &documents[0].origin, &all[..3]).is_some());
    }
}
