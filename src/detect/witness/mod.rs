//! The run as witness: paragraphs that stand in several documents of a run, and in which of them they are at home.
//!
//! Two looks at the run come before the check. The first counts paragraphs without splitting a text into words, each known by how
//! its first line begins and how it ends, so that a copy with a few other words is known, too ([`Shared`]); the second asks the
//! documents that share one, which are few, how well it fits there ([`Homes`]). What comes of it is a function of the documents and
//! their ranks: neither threads nor the order in which they are counted and heard change it, nor in how many parts that is done.
mod home;
mod place;
mod shared;

pub use home::{Home, Homes, Sighting};
pub use place::{Keys, Place, keys, letters, paragraphs};
pub use shared::Shared;

use super::roll::Drifts;
use super::stray_paragraph::Usage;
use crate::document::{HashedMap, Origin};
use crate::finding::Elsewhere;
use std::sync::Arc;

/// What a detector asks the other documents of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Where a paragraph is at home.
    Home,
    /// How a name is spelled.
    Name,
}

/// Paragraphs beside the one in question that another document may share; with more it is the same story once more, and says nothing
/// about where a paragraph belongs.
const MOST_IN_COMMON: usize = 2;

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
        let homes = paragraph.keys.iter().filter_map(|key| self.homes.get(key)).filter(|home| paragraph.is_copy_of(&home.known_by, odd));
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
    use crate::document::Document;

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
}
