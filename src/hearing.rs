//! What the documents of a run tell of one another before they are checked, in steps that can be spread over threads and machines.
//!
//! 1. Each document says what it holds: its [`Voice`]. Of all of them are told the paragraphs that several hold ([`Shared`]) and how
//!    often names are spelled in which way ([`roll::Roll`]).
//! 2. From these follow the [`Questions`]. Each document that they concern gives an [`Answer`]; the [`Answers`] are merged.
//! 3. Questions and answers are the [`Witness`] that the check goes by.
//!
//! Documents are told apart by their ranks: numbers in the order of a run, or what they are called. The same documents with the same
//! ranks make the same witness, however the work was divided.

use crate::check;
use crate::detect::roll::{self, Named, Places, Search};
use crate::detect::witness::{self, Home, Homes, Question, Shared, Witness};
use crate::document::Document;
use crate::finding::Elsewhere;
use crate::rule::RuleSet;
use std::collections::BTreeMap;
use std::sync::Arc;

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

/// Whether a rule that is on asks anything of other documents.
pub fn is_wanted(rules: &RuleSet) -> bool {
    [Question::Home, Question::Name].into_iter().any(|question| rules.asks_the_run(question))
}

/// What is to be asked, and of which documents.
#[derive(Clone, Debug, PartialEq)]
pub struct Questions<R> {
    pub shared: Shared<R>,
    pub search: Search<R>,
    /// By the documents that are asked.
    names: BTreeMap<R, Vec<String>>,
}

impl<R: Ord + Clone> Default for Questions<R> {
    fn default() -> Self {
        Self::new(Shared::default(), Search::default())
    }
}

impl<R: Ord + Clone> Questions<R> {
    pub fn new(shared: Shared<R>, search: Search<R>) -> Self {
        let names = search.asked();
        Self { shared, search, names }
    }

    pub fn is_empty(&self) -> bool {
        self.shared.is_empty() && self.search.is_empty()
    }

    /// Whether the document of this rank is asked anything.
    pub fn concern(&self, rank: &R) -> bool {
        self.shared.concerns(rank) || self.names.contains_key(rank)
    }

    /// Asks the document of this rank.
    pub fn ask(&self, rank: &R, document: &Document, rules: &RuleSet) -> Answer {
        let holds = |key: u64| self.shared.holds(key);
        let shared: Option<&dyn Fn(u64) -> bool> = if self.shared.concerns(rank) { Some(&holds) } else { None };
        Answer::of(document, shared, self.names.get(rank).map_or(&[], Vec::as_slice), rules)
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
    /// Of a document that is asked about the paragraphs with these keys, and about these names.
    pub fn of(document: &Document, shared: Option<&dyn Fn(u64) -> bool>, names: &[String], rules: &RuleSet) -> Self {
        let homes = shared.map(|shared| Home::of(document, &check::sightings(document, rules, shared), shared));
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
        Witness::new(homes, questions.search.drifts(&self.names))
    }
}
