//! The run as witness: paragraphs that stand in several documents of a run, and in which of them they are at home.
//!
//! Two looks at the run come before the check. The first counts paragraphs without splitting a text into words, each known by how
//! its first line begins and how it ends, so that a copy with a few other words is known, too ([`Shared`]); the second asks the
//! documents that share one, which are few, how well it fits there ([`Homes`]). What comes of it is a function of the documents and
//! their ranks: neither threads nor the order in which they are counted and heard change it, nor in how many parts that is done.

use super::roll::Drifts;
use super::stray_paragraph::Usage;
use crate::document::{Document, HashedMap, HashedSet, Origin};
use crate::finding::Elsewhere;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

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

/// The paragraphs that stand in more than one document, and the documents to be heard about them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "R: Ord + Deserialize<'de>"))]
pub struct Shared<R> {
    keys: HashedSet,
    /// In order.
    holders: Vec<R>,
}

impl<R> Default for Shared<R> {
    fn default() -> Self {
        Self { keys: HashedSet::default(), holders: Vec::new() }
    }
}

impl<R: Ord + Clone> Shared<R> {
    /// Of documents by their ranks and the keys of their paragraphs, which `each` hands over, in any order: three times, so that no more
    /// than the keys that are shared need be held, with 8 MB beside.
    ///
    /// # Errors
    /// Those of `each`.
    pub fn among<E>(mut each: impl FnMut(&mut dyn FnMut(&R, &[u64])) -> Result<(), E>) -> Result<Self, E> {
        let mut met = Met::default();
        each(&mut |_, keys| keys.iter().for_each(|&key| met.add(key)))?;
        let mut first: HashedMap<R> = HashedMap::default();
        each(&mut |rank, keys| {
            for &key in keys.iter().filter(|&&key| met.may_be_shared(key)) {
                let first = first.entry(key).or_insert_with(|| rank.clone());
                if rank < first {
                    first.clone_from(rank);
                }
            }
        })?;
        let (mut shared, mut holders) = (HashedSet::default(), BTreeSet::new());
        each(&mut |rank, keys| {
            let before = |&key: &u64| first.get(&key).filter(|&first| first != rank).map(|first| (first, key));
            let mut met: Vec<(&R, u64)> = keys.iter().filter_map(before).collect();
            met.sort_unstable();
            for common in met.chunk_by(|a, b| a.0 == b.0).filter(|common| common.len() <= MOST_SHARED) {
                shared.extend(common.iter().map(|(_, key)| key));
                holders.extend([common[0].0, rank].map(R::clone));
            }
        })?;
        drop(first);
        Ok(Self { keys: shared, holders: holders.into_iter().collect() })
    }

    pub fn holds(&self, key: u64) -> bool {
        self.keys.contains(&key)
    }

    /// Whether the document of this rank is to be heard.
    pub fn concerns(&self, rank: &R) -> bool {
        self.holders.binary_search(rank).is_ok()
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

/// Keys that a document may share with the first that has them; with more it is the same story once more.
pub const MOST_SHARED: usize = 2 * (MOST_IN_COMMON + 1);

/// Which keys were met, and which twice, with two bits for each of 2^25 cells: of 3 million keys that were met once, one in ten is taken
/// for one that was met twice.
struct Met(Vec<u8>);

impl Met {
    const CELLS: u64 = 1 << 25;

    fn cell(key: u64) -> (usize, u32) {
        let cell = key % Self::CELLS;
        ((cell / 4) as usize, (cell % 4) as u32 * 2)
    }

    fn add(&mut self, key: u64) {
        let (byte, bit) = Self::cell(key);
        // Once sets the lower bit, once more the upper.
        self.0[byte] |= (self.0[byte] << 1 & 2 << bit) | 1 << bit;
    }

    fn may_be_shared(&self, key: u64) -> bool {
        let (byte, bit) = Self::cell(key);
        self.0[byte] & 2 << bit != 0
    }
}

impl Default for Met {
    fn default() -> Self {
        Self(vec![0; (Self::CELLS / 4) as usize])
    }
}

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

/// Where the paragraphs of a run that stand in several documents are at home, which names most of them spell in another way, and how
/// usual its words are.
#[derive(Debug, Default)]
pub struct Witness {
    homes: HashedMap<Home>,
    pub drifts: Drifts,
    usage: Option<Arc<Usage>>,
}

impl Witness {
    pub fn new(homes: impl IntoIterator<Item = (u64, Home)>, drifts: Drifts) -> Self {
        Self { homes: homes.into_iter().collect(), drifts, usage: None }
    }

    /// With how usual words are in the run.
    pub fn using(self, usage: Option<Arc<Usage>>) -> Self {
        Self { usage, ..self }
    }

    pub fn usage(&self) -> Option<&Usage> {
        self.usage.as_deref()
    }

    /// Whether another document of the run than this one is the home of what has this key.
    pub fn is_at_home_elsewhere(&self, key: u64, origin: &Origin) -> bool {
        self.homes.get(&key).is_some_and(|home| !home.place.origin.is_same(origin))
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
        if home.score + margin > score || home.place.origin.is_same(origin) || (!odd && paragraph.goes_on_like(&home.known_by)) {
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

    fn shared(texts: &[&str]) -> Shared<usize> {
        let keys: Vec<Vec<u64>> = texts.iter().map(|text| paragraphs(text)).collect();
        let in_order = Shared::among(|take| -> Result<(), ()> {
            keys.iter().enumerate().for_each(|(rank, keys)| take(&rank, keys));
            Ok(())
        });
        let backwards = Shared::among(|take| -> Result<(), ()> {
            keys.iter().enumerate().rev().for_each(|(rank, keys)| take(&rank, keys));
            Ok(())
        });
        assert_eq!(in_order, backwards);
        in_order.unwrap()
    }

    /// What comes of it when each document is heard about what is shared, all its paragraphs with one score.
    fn witness(shared: &Shared<usize>, documents: &[Document], scores: &[f64]) -> Witness {
        let heard = |rank: usize| {
            let (document, score) = (&documents[rank], scores[rank]);
            let sighting =
                |block: &crate::document::Block| Sighting { place: place(block.span.of(&document.text)), score, start: block.span.start };
            let sightings: Vec<Sighting> = document.blocks.iter().map(sighting).collect();
            let mut homes = Homes::default();
            homes.add(&rank, Home::of(document, &sightings, &|key| shared.holds(key)));
            homes
        };
        let merged = |ranks: &mut dyn Iterator<Item = usize>| {
            ranks.map(heard).reduce(|mut homes, more| {
                homes.merge(more);
                homes
            })
        };
        let homes = merged(&mut (0..documents.len())).unwrap();
        assert_eq!(merged(&mut (0..documents.len()).rev()).as_ref(), Some(&homes));
        Witness::new(homes.iter().map(|(key, _, home)| (key, home.clone())), Drifts::default())
    }

    #[test]
    fn a_shared_paragraph_is_at_home_where_it_fits_best() {
        let text = "This one paragraph of more than twelve words stands in both of the documents of the run.";
        let documents = [document("a", &format!("{text}\n")), document("b", "Another.\n"), document("c", &format!("Above.\n{text}\n"))];
        let shared = shared(&[&documents[0].text, &documents[1].text, &documents[2].text]);
        assert_eq!([0, 1, 2].map(|rank| shared.concerns(&rank)), [true, false, true]);
        let known = place(text);
        let witness = witness(&shared, &documents, &[2.0, 0.0, -3.0]);
        let home = witness.better_home(known, 2.0, 2.0, false, &documents[0].origin, [known.keys].into_iter()).unwrap();
        assert_eq!((home.origin.path.as_str(), home.line), ("c", 2));
        assert!(witness.better_home(known, 2.0, 6.0, false, &documents[0].origin, std::iter::empty()).is_none());
        assert!(witness.better_home(known, -3.0, 0.0, false, &documents[2].origin, std::iter::empty()).is_none());
    }

    #[test]
    fn of_documents_that_a_paragraph_fits_alike_the_first_is_its_home() {
        let text = "This one paragraph of more than twelve words stands in all of the documents of the run.\n";
        let documents = ["a", "b", "c"].map(|path| document(path, text));
        let witness = witness(&shared(&[text; 3]), &documents, &[-1.0, -1.0, 0.0]);
        let elsewhere = |document: &Document| witness.is_at_home_elsewhere(keys(text)[0], &document.origin);
        assert_eq!(documents.each_ref().map(elsewhere), [false, true, true]);
    }

    #[test]
    fn a_paragraph_twice_in_one_document_is_not_shared() {
        let twice = "A paragraph of more than twelve words that stands twice in one and the same document.\n".repeat(2);
        assert!(shared(&[&twice]).is_empty());
    }

    #[test]
    fn another_copy_of_the_same_story_is_no_witness() {
        let line =
            |n: usize| format!("Paragraph {n} of the story has more than twelve words so that it is counted by the census, as number {n}.");
        let story = |lines: std::ops::Range<usize>| lines.map(line).collect::<Vec<_>>().join("\n");
        assert!(shared(&[&story(0..5), &story(0..5)]).is_empty());
        // Three documents: what the second has of the first, the third has, too.
        let documents = [document("a", &story(0..3)), document("b", &story(0..6)), document("c", &story(0..9))];
        let shared = shared(&[&documents[0].text, &documents[1].text, &documents[2].text]);
        let witness = witness(&shared, &documents, &[2.0, -3.0, 1.0]);
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
            let sighting = Sighting { place: known, score: -3.0, start: 0 };
            Witness::new(Home::of(&document("home", &other), &[sighting], &|_| true), Drifts::default())
        };
        let home = &Home::of(&document("home", &other), &[Sighting { place: place(&other), score: -0.1, start: 0 }], &|_| true)[0].1;
        assert_eq!(Home::unpack(home.place.origin.clone(), &home.pack()).as_ref(), Some(home));
        assert!(Home::unpack(Origin::default(), &[0; 9]).is_none());
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
    fn however_many_keys_there_are_those_that_are_shared_are_told_from_the_others() {
        // A million documents with a key of their own each, and one of a cell that others have, too.
        let own = |rank: u64| rank.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let shared = Shared::among(|take| -> Result<(), ()> {
            (0..1_000_000).for_each(|rank| take(&rank, &[own(rank), rank * Met::CELLS]));
            take(&1_000_000, &[own(17), 18 * Met::CELLS]);
            Ok(())
        });
        let shared = shared.unwrap();
        assert_eq!(shared.keys, HashedSet::from_iter([own(17), 18 * Met::CELLS]));
        assert_eq!(shared.holders, [17, 18, 1_000_000]);
    }
}
