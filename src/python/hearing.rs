//! The documents of many tables asked about one another, as objects that can be kept, sent and merged.

use super::error;
use super::rows::Rows;
use crate::detect::roll::{Roll, Search};
use crate::detect::stray_paragraph::{Sample, Usage};
use crate::detect::witness::{Home, Shared, Witness};
use crate::document::{Origin, Record};
use crate::finding::Elsewhere;
use crate::hearing::{Answer, Answers, Draw, Questions, Voice};
use crate::lexicon::Lexicon;
use crate::rule::RuleSet;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What a document is called: its path, and its line where it is a record of a file. Their order is that of the documents.
pub(super) type Rank = (String, usize);

fn rank(origin: Origin) -> Rank {
    (origin.path, origin.record.map_or(0, |record| record.line))
}

pub(super) fn origin((path, line): &Rank) -> Origin {
    let record = (*line > 0).then(|| Record { line: *line, id: None, field: String::new() });
    Origin { path: path.clone(), record, ..Origin::default() }
}

type OfRun = Arc<Questions<Rank>>;

/// What the documents of tables hold: the paragraphs and names that other documents may be asked about, and the terms of some.
#[pyclass(frozen, module = "copydesk")]
pub(super) struct Census {
    counted: Counted,
    /// Worked out once for the tables of words that they hang on.
    questions: Mutex<Option<(&'static Lexicon, OfRun)>>,
}

#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counted {
    paragraphs: Vec<(Rank, Vec<u64>)>,
    names: Roll<Rank>,
    sample: Sample,
}

impl Census {
    fn of(counted: Counted) -> Self {
        Self { counted, questions: Mutex::default() }
    }

    /// Of documents that come in any order; of two with one name, the first counts.
    pub fn gathered(voices: Vec<(Rank, Voice)>, sample: Sample) -> Self {
        let (mut paragraphs, mut names) = (BTreeMap::new(), Roll::default());
        for (rank, voice) in voices {
            if let Entry::Vacant(free) = paragraphs.entry(rank) {
                names.add(free.key(), voice.names);
                free.insert(voice.paragraphs);
            }
        }
        Self::of(Counted { paragraphs: paragraphs.into_iter().collect(), names, sample })
    }

    pub fn merged(parts: &[&Self]) -> PyResult<Self> {
        let mut merged = Counted::default();
        for part in parts {
            merged.paragraphs.extend(part.counted.paragraphs.iter().cloned());
            merged.names.merge(part.counted.names.clone());
            merged.sample.merge(part.counted.sample.clone());
        }
        merged.paragraphs.sort_unstable();
        if let Some([(twice, _), _]) = merged.paragraphs.array_windows().find(|[one, two]| one.0 == two.0) {
            let help = "take a census of different documents, each named by an id of its own";
            return Err(error::plain(&format!("more than one census holds `{}`", twice.0), Some(help)));
        }
        Ok(Self::of(merged))
    }

    pub fn questions(&self, rules: &RuleSet) -> OfRun {
        let lexicon = rules.lexica().english();
        let mut known = self.questions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, questions)) = known.as_ref().filter(|(by, _)| std::ptr::eq(*by, lexicon)) {
            return Arc::clone(questions);
        }
        let Counted { paragraphs, names, sample } = &self.counted;
        let Ok(shared) = Shared::among(|take| -> Result<(), Infallible> {
            paragraphs.iter().for_each(|(rank, keys)| take(rank, keys));
            Ok(())
        });
        let questions = Arc::new(Questions::new(shared, names.search(lexicon), sample.usage()));
        *known = Some((lexicon, Arc::clone(&questions)));
        questions
    }
}

#[pymethods]
impl Census {
    /// How many documents were counted.
    fn __len__(&self) -> usize {
        self.counted.paragraphs.len()
    }

    fn __repr__(&self) -> String {
        format!("<Census of {} documents>", self.__len__())
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.counted == other.counted
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        packed(py, &self.counted)
    }

    #[staticmethod]
    fn from_bytes(bytes: &[u8]) -> PyResult<Self> {
        unpacked(bytes, "census").map(Self::of)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        let py = slf.py();
        Ok((py.get_type::<Self>().getattr("from_bytes")?, (slf.get().to_bytes(py)?,)))
    }
}

/// What the documents that were asked have said.
#[pyclass(frozen, module = "copydesk")]
pub(super) struct Hearing {
    questions: OfRun,
    answers: Answers<Rank>,
    witness: OnceLock<Witness>,
}

/// A hearing as it is carried.
#[derive(PartialEq, Serialize, Deserialize)]
struct Carried {
    shared: Shared<Rank>,
    search: Search<Rank>,
    usage: Option<Usage>,
    homes: Vec<(u64, Rank, Vec<u64>)>,
    names: Vec<(String, Rank, usize, usize)>,
}

impl Hearing {
    pub fn new(questions: OfRun, answers: Answers<Rank>) -> Self {
        Self { questions, answers, witness: OnceLock::new() }
    }

    pub fn merged(parts: &[&Self]) -> PyResult<Self> {
        let questions = parts.first().map_or_else(|| Arc::new(Questions::default()), |part| Arc::clone(&part.questions));
        let mut answers = Answers::default();
        for part in parts {
            if !Arc::ptr_eq(&part.questions, &questions) && part.questions != questions {
                let help = "merge the censuses of all documents first, and hear each part about the whole";
                return Err(error::plain("the documents were heard about different censuses", Some(help)));
            }
            answers.merge(part.answers.clone());
        }
        Ok(Self::new(questions, answers))
    }

    fn carried(&self) -> Carried {
        let Answers { homes, names } = &self.answers;
        let mut homes: Vec<_> = homes.iter().map(|(key, rank, home)| (key, rank.clone(), home.pack())).collect();
        homes.sort_unstable();
        let names = names.iter().map(|(name, rank, place)| (name.to_owned(), rank.clone(), place.line, place.column)).collect();
        let Questions { shared, search, usage, .. } = &*self.questions;
        Carried { shared: shared.clone(), search: search.clone(), usage: usage.as_deref().cloned(), homes, names }
    }

    /// What the check goes by.
    pub fn witness(&self) -> &Witness {
        self.witness.get_or_init(|| self.answers.witness(&self.questions))
    }
}

#[pymethods]
impl Hearing {
    fn __repr__(&self) -> String {
        let (paragraphs, names) = (self.answers.homes.iter().count(), self.questions.search.len());
        format!("<Hearing about {paragraphs} paragraphs, {names} spellings of names>")
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.carried() == other.carried()
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        packed(py, &self.carried())
    }

    #[staticmethod]
    fn from_bytes(bytes: &[u8]) -> PyResult<Self> {
        let Carried { shared, search, usage, homes, names } = unpacked(bytes, "hearing")?;
        let mut answers = Answers::default();
        for (key, rank, home) in homes {
            let home = Home::unpack(origin(&rank), &home).ok_or_else(|| damaged("hearing"))?;
            answers.homes.add(&rank, vec![(key, home)]);
        }
        for (name, rank, line, column) in names {
            answers.names.add(&rank, vec![(name, Arc::new(Elsewhere { origin: origin(&rank), line, column }))]);
        }
        Ok(Self::new(Arc::new(Questions::new(shared, search, usage)), answers))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        let py = slf.py();
        Ok((py.get_type::<Self>().getattr("from_bytes")?, (slf.get().to_bytes(py)?,)))
    }
}

/// What is to be counted of a row.
pub(super) fn voice(rows: &Rows, row: usize, rules: &RuleSet, draw: &Draw) -> Option<(Rank, Voice)> {
    let text = rows.visible(row)?;
    draw.hear(&text, rules);
    Some((rank(rows.origin(row)), Voice::of(&text, rules)))
}

/// What a row answers, where it is asked anything.
pub(super) fn answer(rows: &Rows, row: usize, questions: &Questions<Rank>, rules: &RuleSet) -> Option<(Rank, Answer)> {
    let rank = rank(rows.origin(row));
    let document = if questions.concern(&rank) { rows.document(row)? } else { return None };
    Some((rank.clone(), questions.ask(&rank, &document, rules)))
}

pub(super) fn packed<'py>(py: Python<'py>, what: &impl Serialize) -> PyResult<Bound<'py, PyBytes>> {
    let bytes = serde_json::to_vec(what).map_err(|error| error::plain(&error.to_string(), None))?;
    Ok(PyBytes::new(py, &bytes))
}

pub(super) fn unpacked<'b, T: Deserialize<'b>>(bytes: &'b [u8], what: &str) -> PyResult<T> {
    serde_json::from_slice(bytes).map_err(|_| damaged(what))
}

fn damaged(what: &str) -> PyErr {
    error::plain(&format!("these bytes are not a {what}"), Some("give what `to_bytes` gave"))
}
