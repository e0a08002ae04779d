//! The run as witness: paragraphs that stand in several documents of a run, and in which of them they are at home.
//!
//! Two looks at the run come before the check. The first counts paragraphs without splitting a text into words, each known by how
//! its first line begins and how it ends, so that a copy with a few other words is known, too ([`Census`]); the second asks the
//! documents that share one, which are few, how well it fits there ([`Hearing`]). What is kept hangs on the order of the inputs
//! only, not on threads, and is bounded: a census has room for about a million beginnings and ends (8 MB), and what finds no more room is asked about, but not remembered.

use super::roll::Drifts;
use crate::document::{Document, Origin};
use crate::finding::Elsewhere;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// Places for paragraphs in a census, of 8 bytes each.
const PLACES: usize = 1 << 20;

/// So many places are tried for a paragraph before it is left out.
const TRIES: usize = 16;

/// Shorter lines, in bytes, are nobody's: bylines, headings. A dozen words have seventy.
const MIN_LINE: usize = 60;

/// What a detector asks the other documents of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Where a paragraph is at home.
    Home,
    /// How a name is spelled.
    Name,
}

/// Letters and digits of a line, in bytes, that tell it from others: eight words or nine.
const KEY: usize = 48;

/// What a paragraph is known by: how its first line begins, and how it ends; zeros where it is too short to tell it from others.
pub type Keys = [u64; 2];

/// What a paragraph is known by, and what stands around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub keys: Keys,
    /// How many letters and digits it has, in bytes.
    pub letters: usize,
    /// The paragraphs above and below it.
    pub beside: [Keys; 2],
}

impl Place {
    /// Whether the paragraph is the same, with a few other words. One that only ends alike may share no more than a phrase.
    fn is_copy_of(&self, other: &Self) -> bool {
        self.keys[0] == other.keys[0] || self.letters.abs_diff(other.letters) <= FEW_LETTERS
    }

    /// Whether a paragraph beside it stands beside the other one, too.
    fn goes_on_like(&self, other: &Self) -> bool {
        let alike = |(one, there): (&Keys, &Keys)| one.iter().zip(there).any(|(key, there)| *key != 0 && key == there);
        self.beside.iter().zip(&other.beside).any(alike)
    }
}

/// Letters by which a paragraph with another beginning may be longer than the one that it is a copy of.
const FEW_LETTERS: usize = 6;

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

/// Paragraphs beside the one in question that another document may share; with more it is the same story once more, and says nothing
/// about where a paragraph belongs.
const MOST_IN_COMMON: usize = 2;

/// The keys of the paragraphs of a text, each once. Lines inside a paragraph are counted in vain.
pub fn paragraphs(text: &str) -> Vec<u64> {
    let mut keys: Vec<u64> = text.lines().flat_map(keys).filter(|&key| key != 0).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The keys of a paragraph. Punctuation, spaces and case do not count.
pub fn keys(paragraph: &str) -> Keys {
    let line = first_line(paragraph);
    if line.len() < MIN_LINE { Keys::default() } else { [key(line.bytes(), 0), key(line.bytes().rev(), 1)] }
}

/// How many letters and digits the first line of a paragraph has, in bytes.
pub fn letters(paragraph: &str) -> usize {
    first_line(paragraph).bytes().filter(|&byte| LETTERS[usize::from(byte)] != 0).count()
}

fn first_line(paragraph: &str) -> &str {
    paragraph.lines().next().unwrap_or_default().trim()
}

/// Letters and digits in lower case, other bytes that are not ASCII as they are, 0 for the rest.
const LETTERS: [u8; 256] = {
    let mut letters = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        if (byte as u8).is_ascii_alphanumeric() || byte >= 128 {
            letters[byte] = (byte as u8).to_ascii_lowercase();
        }
        byte += 1;
    }
    letters
};

fn key(line: impl Iterator<Item = u8>, end: u8) -> u64 {
    let mut bytes = [end; KEY + 1];
    let letters = line.map(|byte| LETTERS[usize::from(byte)]).filter(|&byte| byte != 0);
    bytes[1..].iter_mut().zip(letters).for_each(|(place, byte)| *place = byte);
    xxh3_64(&bytes)
}

/// Which paragraphs stand in more than one document.
#[derive(Debug)]
pub struct Census {
    /// For each paragraph the high half of its hash and the number of the first document that holds it, counted from 1; 0 is free.
    first: Vec<(u32, u32)>,
    shared: HashSet<u64>,
    holders: HashSet<u32>,
    documents: u32,
}

impl Default for Census {
    fn default() -> Self {
        Self { first: vec![(0, 0); PLACES], shared: HashSet::new(), holders: HashSet::new(), documents: 0 }
    }
}

impl Census {
    /// Counts the next document, in the order of the run.
    pub fn add(&mut self, paragraphs: &[u64]) {
        self.documents += 1;
        let mut met: Vec<(u32, u64)> = paragraphs.iter().filter_map(|&hash| Some((self.first_holder(hash)?, hash))).collect();
        met.sort_unstable();
        // A document that shares more with another one is the same story once more.
        for common in met.chunk_by(|a, b| a.0 == b.0).filter(|common| common.len() <= 2 * (MOST_IN_COMMON + 1)) {
            self.shared.extend(common.iter().map(|(_, hash)| hash));
            self.holders.extend([common[0].0 - 1, self.documents - 1]);
        }
    }

    /// The number of the document that held the paragraph first, if another one did; else this one is remembered for it.
    fn first_holder(&mut self, hash: u64) -> Option<u32> {
        let key = (hash >> 32) as u32;
        for at in 0..TRIES {
            let place = &mut self.first[(hash as usize + at) % PLACES];
            if place.1 == 0 {
                *place = (key, self.documents);
                return None;
            }
            if place.0 == key {
                return (place.1 != self.documents).then_some(place.1);
            }
        }
        None
    }

    /// What is to be heard, if anything: the paragraphs, and the numbers of the documents that hold them.
    pub fn finish(self) -> Option<Hearing> {
        let Self { shared, holders, .. } = self;
        (!shared.is_empty()).then_some(Hearing { shared, holders, homes: HashMap::new() })
    }
}

/// How well the shared paragraphs fit the documents that hold them.
#[derive(Debug)]
pub struct Hearing {
    shared: HashSet<u64>,
    holders: HashSet<u32>,
    homes: HashMap<u64, Home>,
}

/// The document that a paragraph fits best.
#[derive(Clone, Debug)]
struct Home {
    score: f64,
    known_by: Place,
    place: Arc<Elsewhere>,
    /// Keys of its paragraphs, the least of them, in order.
    sketch: Arc<[u64]>,
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
        let mut sketch = paragraphs(&document.text);
        sketch.truncate(SKETCH);
        let sketch: Arc<[u64]> = sketch.into();
        let keys = sightings.iter().flat_map(|sighting| sighting.place.keys.map(|key| (key, sighting)));
        for (key, sighting) in keys.filter(|(key, _)| self.shared.contains(key)) {
            if self.homes.get(&key).is_some_and(|home| home.score <= sighting.score) {
                continue;
            }
            let at = document.position(sighting.start);
            let place = Elsewhere { origin: document.origin.clone(), line: at.line, column: at.column };
            let home = Home { score: sighting.score, known_by: sighting.place, place: Arc::new(place), sketch: Arc::clone(&sketch) };
            self.homes.insert(key, home);
        }
    }

    pub fn finish(self) -> Witness {
        Witness { homes: self.homes, drifts: Drifts::default() }
    }
}

/// Where the paragraphs of a run that stand in several documents are at home, and which names most of them spell in another way.
#[derive(Debug, Default)]
pub struct Witness {
    homes: HashMap<u64, Home>,
    pub drifts: Drifts,
}

impl Witness {
    /// Whether another document of the run than this one is the home of what has this key.
    pub fn is_at_home_elsewhere(&self, key: u64, origin: &Origin) -> bool {
        self.homes.get(&key).is_some_and(|home| home.place.origin != *origin)
    }

    /// Another document that a paragraph fits better than the one of this origin, by at least `margin`. `all` are the keys of
    /// this one, asked where there is such a home: a document that shares several of its paragraphs is another copy of the same story, and no
    /// witness. Of a paragraph that is not `odd` by itself, one that goes on in the same way is none either: a passage that both have (a line-up,
    /// the rules of a comment section) stands in both by right.
    pub fn better_home(
        &self,
        paragraph: Place,
        score: f64,
        margin: f64,
        odd: bool,
        origin: &Origin,
        all: impl Iterator<Item = Keys>,
    ) -> Option<&Arc<Elsewhere>> {
        let homes = paragraph.keys.iter().filter_map(|key| self.homes.get(key)).filter(|home| paragraph.is_copy_of(&home.known_by));
        let home = homes.reduce(|best, other| if other.score < best.score { other } else { best })?;
        if home.score + margin > score || home.place.origin == *origin || (!odd && paragraph.goes_on_like(&home.known_by)) {
            return None;
        }
        let shares = |key: &u64| home.sketch.binary_search(key).is_ok();
        let in_common = all.filter(|other| *other != paragraph.keys && other.iter().any(shares)).count();
        (in_common <= MOST_IN_COMMON).then_some(&home.place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(paragraph: &str) -> Place {
        Place { keys: keys(paragraph), letters: letters(paragraph), ..Place::default() }
    }

    fn document(path: &str, text: &str) -> Document {
        Document::new(Origin { path: path.into(), ..Origin::default() }, text)
    }

    #[test]
    fn a_shared_paragraph_is_at_home_where_it_fits_best() {
        let shared = "This one paragraph of more than twelve words stands in both of the documents of the run.";
        let documents = [document("a", &format!("{shared}\n")), document("b", "Another.\n"), document("c", &format!("Above.\n{shared}\n"))];
        let mut census = Census::default();
        documents.iter().for_each(|document| census.add(&paragraphs(&document.text)));
        let mut hearing = census.finish().unwrap();
        assert_eq!(hearing.concerned(), HashSet::from([0, 2]));
        for (document, score) in documents.iter().zip([2.0, 0.0, -3.0]) {
            let sightings: Vec<Sighting> = document
                .blocks
                .iter()
                .map(|block| Sighting { place: place(block.span.of(&document.text)), score, start: block.span.start })
                .collect();
            hearing.add(document, &sightings);
        }
        let witness = hearing.finish();
        let known = place(shared);
        let home = witness.better_home(known, 2.0, 2.0, false, &documents[0].origin, [known.keys].into_iter()).unwrap();
        assert_eq!((home.origin.path.as_str(), home.line), ("c", 2));
        assert!(witness.better_home(known, 2.0, 6.0, false, &documents[0].origin, std::iter::empty()).is_none());
        assert!(witness.better_home(known, -3.0, 0.0, false, &documents[2].origin, std::iter::empty()).is_none());
    }

    #[test]
    fn a_paragraph_twice_in_one_document_is_not_shared() {
        let twice = document("a", &"A paragraph of more than twelve words that stands twice in one and the same document.\n".repeat(2));
        let mut census = Census::default();
        census.add(&paragraphs(&twice.text));
        assert!(census.finish().is_none());
    }

    #[test]
    fn another_copy_of_the_same_story_is_no_witness() {
        let line =
            |n: usize| format!("Paragraph {n} of the story has more than twelve words so that it is counted by the census, as number {n}.");
        let story = |lines: std::ops::Range<usize>| lines.map(line).collect::<Vec<_>>().join("\n");
        let mut census = Census::default();
        [story(0..5), story(0..5)].iter().for_each(|text| census.add(&paragraphs(text)));
        assert!(census.finish().is_none());
        // Three documents: what the second has of the first, the third has, too.
        let documents = [document("a", &story(0..3)), document("b", &story(0..6)), document("c", &story(0..9))];
        let mut census = Census::default();
        documents.iter().for_each(|document| census.add(&paragraphs(&document.text)));
        let mut hearing = census.finish().unwrap();
        for (document, score) in documents.iter().zip([2.0, -3.0, 1.0]) {
            let sighting = |line: &str| Sighting { place: place(line), score, start: 0 };
            hearing.add(document, &document.text.lines().map(sighting).collect::<Vec<_>>());
        }
        let witness = hearing.finish();
        let all: Vec<Keys> = (0..6).map(|n| keys(&line(n))).collect();
        let first = place(&line(0));
        assert!(witness.better_home(first, 2.0, 2.0, false, &documents[2].origin, all[..3].iter().copied()).is_some());
        assert!(witness.better_home(first, 2.0, 2.0, false, &documents[2].origin, all.iter().copied()).is_none());
    }

    #[test]
    fn what_both_documents_have_by_right_has_no_better_home() {
        let end = "so that non-residents of the island can claim back the quarter of their income that was withheld as a tax last year.";
        let (own, other) =
            (format!("Sources at the ministry said the delay concerned a plan {end}"), format!("The minister will tell today {end}"));
        let next = keys("Comments that are longer than two thousand letters will not be shown, nor any that name somebody's address.");
        let hear = |known: Place| {
            let document = document("home", &other);
            let mut hearing = Hearing { shared: known.keys.into(), holders: HashSet::new(), homes: HashMap::new() };
            hearing.add(&document, &[Sighting { place: known, score: -3.0, start: 0 }]);
            hearing.finish()
        };
        let is_home = |witness: &Witness, paragraph: Place, odd: bool| {
            witness.better_home(paragraph, 0.0, 2.0, odd, &Origin::default(), std::iter::empty()).is_some()
        };
        // Two paragraphs that end alike are not one.
        assert_eq!(keys(&own)[1], keys(&other)[1]);
        assert!(!is_home(&hear(place(&other)), place(&own), true));
        // A passage of several paragraphs counts only where it is odd.
        let passage = Place { beside: [Keys::default(), next], ..place(&own) };
        assert!(is_home(&hear(place(&own)), passage, false));
        assert!(!is_home(&hear(passage), passage, false));
        assert!(is_home(&hear(passage), passage, true));
    }

    #[test]
    fn a_copy_with_other_words_at_one_end_is_known() {
        let line = "The council of Hallby said on Monday that it would raise the wall of the harbour by a metre, and that the work begins in spring.";
        let [begin, end] = keys(line);
        assert_eq!(keys(&line.replace("work begins in spring.", "repairs are to begin in May."))[0], begin);
        assert_eq!(keys(&line.replace("The council", "“The Council”"))[1], end);
        assert_eq!(keys(&line.to_uppercase()), [begin, end]);
        assert_eq!(keys("By Ingrid Solberg"), [0, 0]);
    }

    #[test]
    fn a_census_that_is_full_leaves_paragraphs_out() {
        let mut census = Census::default();
        (1..=TRIES as u64 + 1).for_each(|key| census.add(&[key << 32]));
        // The last one found no place.
        census.add(&[(TRIES as u64 + 1) << 32]);
        assert!(census.shared.is_empty());
        census.add(&[1 << 32]);
        assert_eq!(census.shared.len(), 1);
    }
}
