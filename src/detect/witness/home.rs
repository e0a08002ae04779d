//! How well a paragraph fits the documents that hold it.

use super::place::{Place, paragraphs};
use crate::document::{Document, HashedMap, Origin};
use crate::finding::Elsewhere;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// How well a paragraph fits a document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sighting {
    pub place: Place,
    /// The higher, the worse.
    pub score: f64,
    /// Where it starts, in bytes.
    pub start: usize,
}

/// Keys that a document is remembered by: the least of its own, a fair sample of a long one, nearly all of a short one.
const SKETCH: usize = 32;

/// A document that a paragraph fits, and how well.
#[derive(Clone, Debug, PartialEq)]
pub struct Home {
    /// The higher, the worse.
    pub score: f64,
    pub known_by: Place,
    pub place: Arc<Elsewhere>,
    /// Keys of its paragraphs, the least of them, in order.
    pub sketch: Arc<[u64]>,
}

impl Home {
    /// All but the path and line of its document, in as few numbers as it takes: to be carried to another machine.
    pub fn pack(&self) -> Vec<u64> {
        let Place { keys, letters, beside } = self.known_by;
        let place = [letters, self.place.line, self.place.column].map(|number| number as u64);
        let parts: [&[u64]; 6] = [&[self.score.to_bits()], &keys, &beside[0], &beside[1], &place, &self.sketch];
        parts.concat()
    }

    /// What was packed, of the document of this origin; `None` for numbers that were not.
    pub fn unpack(origin: Origin, packed: &[u64]) -> Option<Self> {
        let (&[score, a, b, c, d, e, f, letters, line, column], sketch) = packed.split_first_chunk()?;
        let [letters, line, column] = [letters, line, column].map(|number| number as usize);
        let known_by = Place { keys: [a, b], letters, beside: [[c, d], [e, f]] };
        let place = Arc::new(Elsewhere { origin, line, column });
        Some(Self { score: f64::from_bits(score), known_by, place, sketch: sketch.into() })
    }

    /// What a document says of the paragraphs with these keys: of each how well it fits there, by its best sighting.
    pub fn of(document: &Document, sightings: &[Sighting], shared: &dyn Fn(u64) -> bool) -> Vec<(u64, Self)> {
        let mut sketch = paragraphs(&document.text);
        sketch.truncate(SKETCH);
        let sketch: Arc<[u64]> = sketch.into();
        let mut homes: Vec<(u64, Self)> = Vec::new();
        let keys = sightings.iter().flat_map(|sighting| sighting.place.keys.map(|key| (key, sighting)));
        for (key, sighting) in keys.filter(|&(key, _)| shared(key)) {
            let home = || Self {
                score: sighting.score,
                known_by: sighting.place,
                place: Elsewhere::of(document, sighting.start),
                sketch: Arc::clone(&sketch),
            };
            match homes.iter_mut().find(|(other, _)| *other == key) {
                None => homes.push((key, home())),
                Some((_, best)) if sighting.score < best.score => *best = home(),
                Some(_) => {}
            }
        }
        homes
    }
}

/// How well the shared paragraphs fit the documents that hold them: of each paragraph the best home.
#[derive(Clone, Debug, PartialEq)]
pub struct Homes<R>(HashedMap<(R, Home)>);

impl<R> Default for Homes<R> {
    fn default() -> Self {
        Self(HashedMap::default())
    }
}

impl<R: Ord + Clone> Homes<R> {
    /// Hears a document; of documents that a paragraph fits alike the one of the lowest rank counts.
    pub fn add(&mut self, rank: &R, homes: Vec<(u64, Home)>) {
        homes.into_iter().for_each(|(key, home)| self.take(key, rank.clone(), home));
    }

    fn take(&mut self, key: u64, rank: R, home: Home) {
        match self.0.entry(key) {
            Entry::Vacant(free) => {
                free.insert((rank, home));
            }
            Entry::Occupied(mut best) => {
                let (first, known) = best.get();
                if home.score < known.score || (home.score == known.score && rank < *first) {
                    best.insert((rank, home));
                }
            }
        }
    }

    /// What was heard elsewhere, too.
    pub fn merge(&mut self, other: Self) {
        other.0.into_iter().for_each(|(key, (rank, home))| self.take(key, rank, home));
    }

    pub fn iter(&self) -> impl Iterator<Item = (u64, &R, &Home)> {
        self.0.iter().map(|(&key, (rank, home))| (key, rank, home))
    }
}
