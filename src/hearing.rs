//! What the documents of a run tell of one another before they are checked, in steps that can be spread over threads and machines.
//!
//! 1. Each document says what it holds: its [`Voice`]. Of all of them are told the paragraphs that several hold ([`Shared`]) and how
//!    often names are spelled in which way ([`roll::Roll`]). Some are drawn, and tell how usual words are ([`Draw`]).
//! 2. From these follow the [`Questions`]. Each document that they concern gives an [`Answer`]; the [`Answers`] are merged.
//! 3. Questions and answers are the [`Witness`] that the check goes by.
//!
//! Documents are told apart by their ranks: numbers in the order of a run, or what they are called. The same documents with the same
//! ranks make the same witness, however the work was divided.

use crate::check;
use crate::detect::roll::{self, Named, Places, Search};
use crate::detect::stray_paragraph::{self, Lots, Sample, Usage};
use crate::detect::witness::{self, Home, Homes, Question, Shared, Witness};
use crate::document::Document;
use crate::finding::Elsewhere;
use crate::rule::RuleSet;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What one document brings to the census, as far as rules that are on ask for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Voice {
    /// The keys of its paragraphs, each once.
    pub paragraphs: Vec<u64>,
    pub names: Vec<Named>,
}

impl Voice {
    /// Of a document's text.
    pub fn of(text: &str, rules: &RuleSet) -> Self {
        Self {
            paragraphs: if rules.asks_the_run(Question::Home) { witness::paragraphs(text) } else { Vec::new() },
            names: if rules.asks_the_run(Question::Name) { roll::names(text, rules.lexica().english()) } else { Vec::new() },
        }
    }
}

/// A sample that is drawn by many threads at once: the openings of some documents.
#[derive(Debug, Default)]
pub struct Draw(Mutex<Lots<Box<str>>>);

impl Draw {
    /// Looks at a document's text, where its lot is drawn and a rule that is on asks for it.
    pub fn hear(&self, text: &str, rules: &RuleSet) {
        if rules.asks_the_run(Question::Home) {
            let lot = stray_paragraph::lot(text);
            let mut lots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if lots.want(lot) {
                lots.add(lot, stray_paragraph::opening(text).into());
            }
        }
    }

    /// The terms of those that were drawn.
    pub fn drawn(self) -> Sample {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner).map(|opening| stray_paragraph::terms(&opening))
    }
}

/// Whether a rule that is on asks anything of other documents.
pub fn is_wanted(rules: &RuleSet) -> bool {
    [Question::Home, Question::Name].into_iter().any(|question| rules.asks_the_run(question))
}

/// What is to be asked, and of which documents.
#[derive(Clone, Debug, PartialEq)]
pub struct Questions<R> {
    pub shared: Shared<R>,
    pub search: Search<R>,
    pub usage: Option<Arc<Usage>>,
    /// By the documents that are asked.
    names: BTreeMap<R, Vec<String>>,
}

impl<R: Ord + Clone> Default for Questions<R> {
    fn default() -> Self {
        Self::new(Shared::default(), Search::default(), None)
    }
}

impl<R: Ord + Clone> Questions<R> {
    pub fn new(shared: Shared<R>, search: Search<R>, usage: Option<Usage>) -> Self {
        let names = search.asked();
        Self { shared, search, usage: usage.map(Arc::new), names }
    }

    pub fn is_empty(&self) -> bool {
        self.shared.is_empty() && self.search.is_empty() && self.usage.is_none()
    }

    /// Whether the document of this rank is asked anything.
    pub fn concern(&self, rank: &R) -> bool {
        self.shared.concerns(rank) || self.names.contains_key(rank)
    }

    /// Asks the document of this rank.
    pub fn ask(&self, rank: &R, document: &Document, rules: &RuleSet) -> Answer {
        let holds = |key: u64| self.shared.holds(key);
        let shared: Option<&dyn Fn(u64) -> bool> = if self.shared.concerns(rank) { Some(&holds) } else { None };
        Answer::of(document, shared, self.names.get(rank).map_or(&[], Vec::as_slice), self.usage.as_deref(), rules)
    }
}

/// What one document answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The paragraphs that were asked about, and how well they fit.
    pub homes: Vec<(u64, Home)>,
    /// The names, and where they stand first.
    pub names: Vec<(String, Arc<Elsewhere>)>,
}

impl Answer {
    /// Of a document that is asked about the paragraphs with these keys, and about these names, in a run that uses words so.
    pub fn of(document: &Document, shared: Option<&dyn Fn(u64) -> bool>, names: &[String], usage: Option<&Usage>, rules: &RuleSet) -> Self {
        let homes = shared.map(|shared| Home::of(document, &check::sightings(document, rules, usage, shared), shared));
        let place = |name: &String| Some((name.clone(), roll::place_of(document, name)?));
        Self { homes: homes.unwrap_or_default(), names: names.iter().filter_map(place).collect() }
    }
}

/// What the documents of a run, or of a part of one, have answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers<R> {
    pub homes: Homes<R>,
    pub names: Places<R>,
}

impl<R> Default for Answers<R> {
    fn default() -> Self {
        Self { homes: Homes::default(), names: Places::default() }
    }
}

impl<R: Ord + Clone> Answers<R> {
    pub fn add(&mut self, rank: &R, answer: Answer) {
        self.homes.add(rank, answer.homes);
        self.names.add(rank, answer.names);
    }

    pub fn merge(&mut self, other: Self) {
        self.homes.merge(other.homes);
        self.names.merge(other.names);
    }

    /// What the check goes by.
    pub fn witness(&self, questions: &Questions<R>) -> Witness {
        let homes = self.homes.iter().map(|(key, _, home)| (key, home.clone()));
        Witness::new(homes, questions.search.drifts(&self.names)).using(questions.usage.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleSet;

    /// A story of its own for each number, with words that no other has.
    fn story(number: usize) -> String {
        let own = |at: usize| format!("w{number}x{at}");
        let line = |at: usize| {
            let [a, b, c, d, e, f] = [0, 1, 2, 3, 4, 5].map(|word| own(10 * at + word));
            format!("The ferry from {a} to {b} was late again, and {c} said that the {d} of the {e} would have to wait for {f}.\n")
        };
        (0..5).map(line).collect()
    }

    fn drawn(numbers: impl Iterator<Item = usize>) -> Sample {
        let (draw, rules) = (Draw::default(), RuleSet::built_in());
        numbers.for_each(|number| draw.hear(&story(number), &rules));
        draw.drawn()
    }

    #[test]
    fn a_run_uses_words_as_its_documents_do_in_whatever_order_and_parts_they_are_heard() {
        let whole = drawn(0..700);
        let usage = whole.usage().unwrap();
        assert_eq!(usage.documents(), 512);
        let ferry = stray_paragraph::terms(&story(7)).into_iter().map(|term| usage.weigh((term >> 8) as u32, term as u8));
        assert_eq!(ferry.filter(|(_, usual)| *usual).count(), 3, "ferry, late, wait");
        assert_eq!(drawn((0..700).rev()), whole);
        let mut parts = drawn((0..700).filter(|number| number % 3 == 0));
        parts.merge(drawn((0..700).filter(|number| number % 3 != 0)));
        assert_eq!(parts, whole);
        assert!(drawn(0..99).usage().is_none());
    }
}
