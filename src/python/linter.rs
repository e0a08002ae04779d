//! The linter: one text at a time, or the rows of a table.

use super::columns::{CleanedColumns, FindingColumns};
use super::digest::Counted;
use super::finding::{Cleaned, Finding};
use super::hearing::{self, Census, Hearing};
use super::index::Index;
use super::rows::{Names, Rows, Table, format};
use super::voices::{Heard, Used};
use super::{error, schema};
use crate::check::{self, Others};
use crate::clean::{Cleaner, Policy};
use crate::detect::witness::Witness;
use crate::document::Origin;
use crate::finding::Severity;
use crate::fix::{self, Choice};
use crate::hearing::{Answers, Draw};
use crate::input;
use crate::pipeline;
use crate::rule::RuleSet;
use crate::setup::{Kit, Setup, Wanted};
use crate::triage::{Checked, Triage};
use arrow_array::RecordBatch;
use arrow_pyarrow::{IntoPyArrow, Table as PyTable};
use arrow_schema::{ArrowError, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::PyString;
use std::borrow::Borrow;
use std::ops::{ControlFlow, Range};
use std::path::PathBuf;
use std::sync::Arc;

/// Where the config came from that was given as a mapping.
const GIVEN: &str = "config";

/// A config and its rules, ready to check texts on any thread. It can be pickled: the files that it was made from go with it.
#[pyclass(frozen, module = "copydesk")]
pub(super) struct Linter {
    setup: Setup,
    triage: Triage,
}

/// What is asked of a table beside its columns.
struct Asked {
    names: Names,
    /// Other documents to compare with, or the column that says what of them was counted.
    corpus: Option<Py<Index>>,
    counted: Option<String>,
    /// What the documents have said of one another, or the column that says it.
    hearing: Option<Py<Hearing>>,
    heard: Option<String>,
    /// How they use words, beside such a column.
    usage: Option<Py<Used>>,
    jobs: usize,
}

impl Linter {
    fn of(py: Python<'_>, setup: Result<Setup, crate::setup::SetupError>) -> PyResult<Self> {
        let setup = setup.map_err(|error| error::setup(py, error))?;
        let mut triage = Triage::default();
        triage.unused = setup.unused;
        Ok(Self { setup, triage })
    }

    pub(super) const fn rule_set(&self) -> &RuleSet {
        &self.setup.rules
    }

    fn cleaner<'l>(&'l self, policy: &'l Policy, others: Others<'l>) -> Cleaner<'l> {
        Cleaner { rules: &self.setup.rules, triage: &self.triage, others, policy }
    }

    fn look_over(&self, document: crate::document::Document, others: Others<'_>) -> Checked {
        let findings = check::document_beside(&document, &self.setup.rules, others);
        let path = document.origin.path.clone();
        fix::tenable(self.triage.sort(document, findings, |rule| self.setup.rules.judge(rule, &path)))
    }

    fn policy(&self, fixes: &str, review: Option<&str>, reject: &[String], languages: Vec<String>) -> PyResult<Policy> {
        let mut policy = Policy::new(&self.setup.rules);
        policy.fixes = match fixes {
            "safe" => Choice::Safe,
            "all" => Choice::All,
            other => return Err(error::plain(&format!("there are no fixes `{other}`"), Some("known: `safe`, `all`"))),
        };
        policy.review = match review {
            None => None,
            Some("error") => Some(Severity::Error),
            Some("warning") => Some(Severity::Warning),
            Some("info") => Some(Severity::Info),
            Some(other) => {
                return Err(error::plain(&format!("there is no severity `{other}`"), Some("known: `error`, `warning`, `info`")));
            }
        };
        for name in reject {
            if let Some(hint) = self.setup.rules.unknown(name) {
                return Err(error::plain(&format!("there is no rule or group `{name}`"), Some(&hint)));
            }
            policy.reject(&self.setup.rules, name);
        }
        policy.languages = languages;
        Ok(policy)
    }

    /// What the documents of these batches hold.
    fn counted(
        batches: impl Iterator<Item = PyResult<impl Borrow<(RecordBatch, Rows)>>>,
        jobs: usize,
        rules: &RuleSet,
    ) -> PyResult<Census> {
        let draw = Draw::default();
        let voices = each_row(batches, jobs, |rows, row| hearing::voice(rows, row, rules, &draw))?;
        Ok(Census::gathered(voices, draw.drawn()))
    }

    /// Takes each batch of a table through `work` with the interpreter let go, and hands the results back as a table.
    fn table<'py, C: Default + Send>(
        &self,
        table: &Bound<'py, PyAny>,
        asked: Asked,
        schema: SchemaRef,
        work: impl Fn(&Rows, usize, Others<'_>, &mut C) + Sync,
        finish: impl Fn(C) -> Result<RecordBatch, ArrowError> + Sync,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = table.py();
        let Asked { names, corpus, counted, hearing, heard, usage, jobs } = asked;
        let more: Vec<&str> = counted.iter().chain(&heard).map(String::as_str).collect();
        let batches = Table::of(table, &names, &more)?.batches(&names);
        let others = Others { corpus: corpus.as_ref().map(|corpus| &*corpus.get().0), witness: None };
        let hearing = hearing.as_ref().map(|hearing| hearing.get());
        let usage = usage.as_ref().map(|usage| Arc::clone(&usage.get().0));
        let bare = usage.as_ref().map(|usage| Witness::default().using(Some(Arc::clone(usage))));
        let done = py.detach(|| -> PyResult<Vec<RecordBatch>> {
            let others = Others { witness: hearing.map(Hearing::witness).or(bare.as_ref()), ..others };
            let mut done = Vec::new();
            let one = |batch: &RecordBatch, rows: &Rows, range: Range<usize>| -> PyResult<RecordBatch> {
                let counted = counted.as_deref().map(|name| Counted::of(batch, name)).transpose()?;
                let heard = heard.as_deref().map(|name| Heard::of(batch, name)).transpose()?;
                let mut columns = C::default();
                for row in range {
                    let around = match &counted {
                        Some(counted) => rows.document(row).map(|document| counted.around(row, &document)).transpose()?,
                        None => None,
                    };
                    let witness = heard.as_ref().map(|heard| heard.around(row)).transpose()?.flatten();
                    let witness = witness.map(|witness| witness.using(usage.clone()));
                    let others = Others { corpus: around.as_ref().or(others.corpus), witness: witness.as_ref().or(others.witness) };
                    work(rows, row, others, &mut columns);
                }
                finish(columns).map_err(|error| error::arrow(&error))
            };
            each_slice(batches, jobs, one, |batch| done.push(batch))?;
            Ok(done)
        })?;
        PyTable::try_new(done, schema).map_err(|error| error::arrow(&error))?.into_pyarrow(py)
    }
}

/// What `work` makes of each row, in their order.
fn each_row<T: Send>(
    batches: impl Iterator<Item = PyResult<impl Borrow<(RecordBatch, Rows)>>>,
    jobs: usize,
    work: impl Fn(&Rows, usize) -> Option<T> + Sync,
) -> PyResult<Vec<T>> {
    let mut all = Vec::new();
    let one = |_: &RecordBatch, rows: &Rows, range: Range<usize>| Ok(range.filter_map(|row| work(rows, row)).collect::<Vec<T>>());
    each_slice(batches, jobs, one, |some| all.extend(some))?;
    Ok(all)
}

/// Takes the rows of all batches through `work`, slice by slice and on so many threads, 0 for one on each core; what came of it is taken in
/// their order.
pub(super) fn each_slice<T: Send>(
    batches: impl Iterator<Item = PyResult<impl Borrow<(RecordBatch, Rows)>>>,
    jobs: usize,
    work: impl Fn(&RecordBatch, &Rows, Range<usize>) -> PyResult<T> + Sync,
    mut take: impl FnMut(T),
) -> PyResult<()> {
    let jobs = if jobs == 0 { std::thread::available_parallelism().map_or(1, std::num::NonZero::get) } else { jobs };
    for batch in batches {
        let batch = batch?;
        let (batch, rows) = batch.borrow();
        if jobs == 1 {
            take(work(batch, rows, 0..rows.len())?);
            continue;
        }
        let mut outcome = Ok(());
        pipeline::ordered(
            jobs,
            slices(rows),
            |range| rows.bytes(range),
            |range| work(batch, rows, range),
            |result| match result {
                Ok(some) => {
                    take(some);
                    ControlFlow::Continue(())
                }
                Err(error) => {
                    outcome = Err(error);
                    ControlFlow::Break(())
                }
            },
        );
        outcome?;
    }
    Ok(())
}

/// Rows that are worked on in one go: few enough that all threads have something to do, many enough that results are not crumbs.
fn slices(rows: &Rows) -> impl Iterator<Item = Range<usize>> + Send + use<> {
    const SLICE: usize = 256;
    let len = rows.len();
    (0..len).step_by(SLICE).map(move |start| start..(start + SLICE).min(len))
}

#[pymethods]
impl Linter {
    #[new]
    #[pyo3(signature = (config=None, rules=None, *, select=Vec::new(), ignore=Vec::new()))]
    fn new(
        py: Python<'_>,
        config: Option<Bound<'_, PyAny>>,
        rules: Option<Bound<'_, PyAny>>,
        select: Vec<String>,
        ignore: Vec<String>,
    ) -> PyResult<Self> {
        let rules = match rules {
            None => Vec::new(),
            Some(rules) => match rules.extract::<PathBuf>() {
                Ok(one) => vec![one],
                Err(_) => rules.extract()?,
            },
        };
        let mut wanted = Wanted { rules, select, ignore, ..Wanted::default() };
        match config {
            None => {}
            // JSON is YAML, so that a mapping is read as a file would be.
            Some(mapping) if mapping.hasattr("keys")? => {
                wanted.config = Some(GIVEN.into());
                wanted.text = Some(py.import("json")?.call_method1("dumps", (mapping,))?.extract()?);
            }
            Some(path) => wanted.config = Some(path.extract()?),
        }
        Self::of(py, Setup::open(&wanted))
    }

    /// The ids of the rules that are on.
    #[getter]
    fn rules(&self) -> Vec<String> {
        self.setup.rules.active("").map(|(_, rule, _)| rule.id.to_string()).collect()
    }

    /// Whether a rule that is on asks anything of other documents.
    #[getter]
    fn asks(&self) -> bool {
        crate::hearing::is_wanted(&self.setup.rules)
    }

    /// What is found in a text, in its order.
    #[pyo3(signature = (text, path="", *, url=None, format=None, corpus=None, hearing=None))]
    #[expect(clippy::too_many_arguments, reason = "keyword arguments of Python")]
    fn check(
        &self,
        py: Python<'_>,
        text: &str,
        path: &str,
        url: Option<String>,
        format: Option<&Bound<'_, PyString>>,
        corpus: Option<Py<Index>>,
        hearing: Option<Py<Hearing>>,
    ) -> PyResult<Vec<Finding>> {
        let format = self::format(format, path)?;
        let (corpus, hearing) = (corpus.as_ref().map(|corpus| &*corpus.get().0), hearing.as_ref().map(|hearing| hearing.get()));
        let checked = py.detach(|| {
            let origin = Origin { path: path.into(), url, ..Origin::default() };
            self.look_over(input::parse(origin, format, text), Others { corpus, witness: hearing.map(Hearing::witness) })
        });
        checked.findings.iter().map(|reported| Finding::of(py, &checked.document, reported)).collect()
    }

    /// A text after its fixes, and whether it is clean.
    #[pyo3(signature = (text, path="", *, fixes="safe", review=Some("error"), reject=Vec::new(), languages=Vec::new(), url=None, format=None, corpus=None, hearing=None))]
    #[expect(clippy::too_many_arguments, reason = "keyword arguments of Python")]
    fn clean(
        &self,
        py: Python<'_>,
        text: &str,
        path: &str,
        fixes: &str,
        review: Option<&str>,
        reject: Vec<String>,
        languages: Vec<String>,
        url: Option<String>,
        format: Option<&Bound<'_, PyString>>,
        corpus: Option<Py<Index>>,
        hearing: Option<Py<Hearing>>,
    ) -> PyResult<Cleaned> {
        let format = self::format(format, path)?;
        let policy = self.policy(fixes, review, &reject, languages)?;
        let (corpus, hearing) = (corpus.as_ref().map(|corpus| &*corpus.get().0), hearing.as_ref().map(|hearing| hearing.get()));
        let cleaned = py.detach(|| {
            let origin = Origin { path: path.into(), url, ..Origin::default() };
            let others = Others { corpus, witness: hearing.map(Hearing::witness) };
            self.cleaner(&policy, others).clean(input::parse(origin, format, text))
        });
        Cleaned::of(py, &cleaned)
    }

    /// What is found in the rows of a table, as a table of findings.
    #[pyo3(signature = (table, *, text_column="text", id_column=None, url_column=None, title_column=None, path=None, format=None, corpus=None, counted_column=None, hearing=None, heard_column=None, usage=None, jobs=1))]
    #[expect(clippy::too_many_arguments, reason = "keyword arguments of Python")]
    fn check_batch<'py>(
        &self,
        table: &Bound<'py, PyAny>,
        text_column: &str,
        id_column: Option<String>,
        url_column: Option<String>,
        title_column: Option<String>,
        path: Option<String>,
        format: Option<&Bound<'py, PyString>>,
        corpus: Option<Py<Index>>,
        counted_column: Option<String>,
        hearing: Option<Py<Hearing>>,
        heard_column: Option<String>,
        usage: Option<Py<Used>>,
        jobs: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let format = self::format(format, "")?;
        let names = Names { url: url_column, title: title_column, path, ..Names::plain(text_column, id_column, format) };
        let asked = Asked { names, corpus, counted: counted_column, hearing, heard: heard_column, usage, jobs };
        let work = |rows: &Rows, row: usize, others: Others<'_>, columns: &mut FindingColumns| {
            if let Some(document) = rows.document(row) {
                columns.add(&self.look_over(document, others));
            }
        };
        self.table(table, asked, schema::findings(), work, FindingColumns::finish)
    }

    /// The texts of a table after their fixes, with what was changed and whether each is clean: a row for each row.
    #[pyo3(signature = (table, *, fixes="safe", review=Some("error"), reject=Vec::new(), languages=Vec::new(), text_column="text", id_column=None, url_column=None, title_column=None, path=None, format=None, corpus=None, counted_column=None, hearing=None, heard_column=None, usage=None, jobs=1))]
    #[expect(clippy::too_many_arguments, reason = "keyword arguments of Python")]
    fn clean_batch<'py>(
        &self,
        table: &Bound<'py, PyAny>,
        fixes: &str,
        review: Option<&str>,
        reject: Vec<String>,
        languages: Vec<String>,
        text_column: &str,
        id_column: Option<String>,
        url_column: Option<String>,
        title_column: Option<String>,
        path: Option<String>,
        format: Option<&Bound<'py, PyString>>,
        corpus: Option<Py<Index>>,
        counted_column: Option<String>,
        hearing: Option<Py<Hearing>>,
        heard_column: Option<String>,
        usage: Option<Py<Used>>,
        jobs: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let policy = self.policy(fixes, review, &reject, languages)?;
        let format = self::format(format, "")?;
        let names = Names { url: url_column, title: title_column, path, ..Names::plain(text_column, id_column, format) };
        let asked = Asked { names, corpus, counted: counted_column, hearing, heard: heard_column, usage, jobs };
        let work = |rows: &Rows, row: usize, others: Others<'_>, columns: &mut CleanedColumns| match rows.document(row) {
            Some(document) => columns.add(rows.name(row), &self.cleaner(&policy, others).clean(document)),
            None => columns.add_null(rows.name(row)),
        };
        self.table(table, asked, schema::cleaned(), work, CleanedColumns::finish)
    }

    /// What the documents of a table hold that other documents may be asked about.
    #[pyo3(signature = (table, *, text_column="text", id_column=None, path=None, format=None, jobs=1))]
    fn census(
        &self,
        table: &Bound<'_, PyAny>,
        text_column: &str,
        id_column: Option<String>,
        path: Option<String>,
        format: Option<&Bound<'_, PyString>>,
        jobs: usize,
    ) -> PyResult<Census> {
        let names = Names { path, ..Names::plain(text_column, id_column, self::format(format, "")?) };
        let batches = Table::of(table, &names, &[])?.batches(&names);
        table.py().detach(|| Self::counted(batches, jobs, &self.setup.rules))
    }

    /// Asks the documents of a table about those of a census.
    #[pyo3(signature = (table, census=None, *, text_column="text", id_column=None, url_column=None, title_column=None, path=None, format=None, jobs=1))]
    #[expect(clippy::too_many_arguments, reason = "keyword arguments of Python")]
    fn hear(
        &self,
        table: &Bound<'_, PyAny>,
        census: Option<Py<Census>>,
        text_column: &str,
        id_column: Option<String>,
        url_column: Option<String>,
        title_column: Option<String>,
        path: Option<String>,
        format: Option<&Bound<'_, PyString>>,
        jobs: usize,
    ) -> PyResult<Hearing> {
        let (py, rules) = (table.py(), &self.setup.rules);
        let names = Names { url: url_column, title: title_column, path, ..Names::plain(text_column, id_column, self::format(format, "")?) };
        let batches = Table::of(table, &names, &[])?.batches(&names);
        py.detach(|| {
            let batches = batches.collect::<PyResult<Vec<_>>>()?;
            let batches = || batches.iter().map(Ok);
            let questions = match &census {
                Some(census) => census.get().questions(rules),
                None => Self::counted(batches(), jobs, rules)?.questions(rules),
            };
            let mut answers = Answers::default();
            let heard = each_row(batches(), jobs, |rows, row| hearing::answer(rows, row, &questions, rules))?;
            heard.into_iter().for_each(|(rank, answer)| answers.add(&rank, answer));
            Ok(Hearing::new(questions, answers))
        })
    }

    fn __repr__(&self) -> String {
        format!("<Linter with {} rules>", self.rules().len())
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        let kit = serde_json::to_string(&slf.get().setup.kit).map_err(|error| error::plain(&error.to_string(), None))?;
        Ok((slf.py().get_type::<Self>().getattr("_unpack")?, (kit,)))
    }

    /// The linter from what was pickled.
    #[staticmethod]
    fn _unpack(py: Python<'_>, kit: &str) -> PyResult<Self> {
        let kit: Kit = serde_json::from_str(kit).map_err(|error| error::plain(&error.to_string(), None))?;
        Self::of(py, Setup::unpack(kit))
    }
}
