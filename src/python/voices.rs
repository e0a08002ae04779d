//! The steps of a hearing that another engine spreads over many machines: what each document holds as a row, names that were counted in
//! parts, which of them are slips of which, what the documents answer, and what that engine has gathered for one document.

use super::columns::{list, number_lists, numbers, text_lists, texts};
use super::hearing::{self, Rank, origin};
use super::linter::{Linter, each_slice};
use super::read::{Binary, field, keys, lists, numbers_of, small, structures, words, wrong};
use super::rows::{Names, Rows, Table, column, format, texts_of};
use super::{error, schema};
use crate::detect::misspelling;
use crate::detect::roll::{self, Count, Drift, Drifts, Roll};
use crate::detect::stray_paragraph::{self, Sample, Usage};
use crate::detect::witness::{self, Home, Witness};
use crate::document::{Format, Origin};
use crate::finding::Elsewhere;
use crate::hearing::{Answer, Voice};
use crate::lexicon::word_hash;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, BinaryArray, Float64Array, Int64Array, RecordBatch, StructArray};
use arrow_pyarrow::{IntoPyArrow, Table as PyTable};
use arrow_schema::{ArrowError, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// What a document holds and asks others about.
struct Spoken {
    path: String,
    voice: Voice,
    /// What its text is drawn by, where a rule asks how usual words are.
    lot: Option<u64>,
    /// Keys of its paragraphs that its text does not have: of a file with markup.
    more: Vec<u64>,
    suspects: Vec<u64>,
}

/// One row for each document of a table: the keys of its paragraphs, its names, and the words that may be slips of names.
#[pyfunction]
#[pyo3(signature = (linter, table, *, text_column="text", id_column=None, format=None))]
pub(super) fn voice_batch<'py>(
    linter: &Linter,
    table: &Bound<'py, PyAny>,
    text_column: &str,
    id_column: Option<String>,
    format: Option<&Bound<'py, PyString>>,
) -> PyResult<Bound<'py, PyAny>> {
    let rules = linter.rule_set();
    rowwise(table, Names::plain(text_column, id_column, self::format(format, "")?), schema::voices(), voices, |_, rows, row| {
        let document = rows.document(row)?;
        let voice = Voice::of(&document.text, rules);
        let blocks = document.blocks.iter().filter(|_| document.format != Format::Text && !voice.paragraphs.is_empty());
        let keys = blocks.flat_map(|block| witness::keys(block.span.of(&document.text)));
        let more: HashSet<u64> = keys.filter(|key| *key != 0 && voice.paragraphs.binary_search(key).is_err()).collect();
        let suspects =
            if rules.asks_the_run(witness::Question::Name) { roll::suspects(&document, rules.lexica().english()) } else { Vec::new() };
        let lot = rules.asks_the_run(witness::Question::Home).then(|| stray_paragraph::lot(&document.text));
        Some(Ok(Spoken { path: document.origin.path, voice, lot, more: more.into_iter().collect(), suspects }))
    })
}

fn voices(spoken: Vec<Spoken>) -> Result<RecordBatch, ArrowError> {
    let (mut path, mut lots, mut keys, mut more, mut suspects) =
        (Vec::new(), Vec::new(), Lists::default(), Lists::default(), Lists::default());
    let (mut counts, mut word, mut beside) = (Vec::new(), Vec::new(), Lists::default());
    for Spoken { path: of, voice, lot, more: unseen, suspects: asked } in spoken {
        path.push(of);
        lots.push(lot.map(u64::cast_signed));
        keys.push(voice.paragraphs);
        more.push(unseen);
        suspects.push(asked);
        counts.push(voice.names.len());
        for named in voice.names {
            word.push(named.word);
            beside.push(named.beside);
        }
    }
    let names = list(schema::names(), vec![texts(word), beside.finish()?], counts)?;
    RecordBatch::try_new(
        schema::voices(),
        vec![texts(path), Arc::new(Int64Array::from(lots)), keys.finish()?, more.finish()?, names, suspects.finish()?],
    )
}

/// Lists of 64-bit keys, as the signed numbers that engines know.
#[derive(Default)]
struct Lists {
    values: Vec<i64>,
    counts: Vec<usize>,
}

impl Lists {
    fn push(&mut self, keys: impl IntoIterator<Item = u64>) {
        let before = self.values.len();
        self.values.extend(keys.into_iter().map(u64::cast_signed));
        self.counts.push(self.values.len() - before);
    }

    fn finish(self) -> Result<ArrayRef, ArrowError> {
        number_lists(self.values, self.counts)
    }
}

/// The terms of documents that were drawn.
#[pyfunction]
#[pyo3(signature = (table, *, text_column="text", id_column=None, format=None))]
pub(super) fn term_batch<'py>(
    table: &Bound<'py, PyAny>,
    text_column: &str,
    id_column: Option<String>,
    format: Option<&Bound<'py, PyString>>,
) -> PyResult<Bound<'py, PyAny>> {
    let finish = |drawn: Vec<(u64, Vec<u64>)>| {
        let (mut lots, mut terms) = (Vec::new(), Lists::default());
        for (lot, of) in drawn {
            lots.push(lot.cast_signed());
            terms.push(of);
        }
        RecordBatch::try_new(schema::terms(), vec![numbers(lots), terms.finish()?])
    };
    rowwise(table, Names::plain(text_column, id_column, self::format(format, "")?), schema::terms(), finish, |_, rows, row| {
        let text = rows.document(row)?.text;
        Some(Ok((stray_paragraph::lot(&text), stray_paragraph::terms(stray_paragraph::opening(&text)))))
    })
}

/// How documents use words: what is carried to where they are checked.
#[pyclass(frozen, module = "copydesk._core", name = "Usage")]
pub(super) struct Used(pub Arc<Usage>);

#[pymethods]
impl Used {
    /// Of rows that `term_batch` gave; `None` of too few documents.
    #[staticmethod]
    fn of(table: &Bound<'_, PyAny>) -> PyResult<Option<Self>> {
        let (py, table) = (table.py(), Table::bare(table)?);
        py.detach(|| {
            let mut sample = Sample::default();
            for batch in table.bare_batches() {
                let batch = batch.map_err(arrow)?;
                let lots = column(&batch, "lot")?.as_primitive_opt::<Int64Type>().ok_or_else(wrong)?;
                for row in 0..batch.num_rows() {
                    sample.add(lots.value(row).cast_unsigned(), keys(lists(&batch, "terms")?, row)?);
                }
            }
            Ok(sample.usage().map(|usage| Self(Arc::new(usage))))
        })
    }

    #[staticmethod]
    fn from_bytes(bytes: &[u8]) -> PyResult<Self> {
        hearing::unpacked(bytes, "usage").map(|usage| Self(Arc::new(usage)))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        let py = slf.py();
        Ok((py.get_type::<Self>().getattr("from_bytes")?, (hearing::packed(py, &*slf.get().0)?,)))
    }
}

/// Counts the names of rows that `voice_batch` gave (`path`, `names`): one row for each.
#[pyfunction]
pub(super) fn roll_voices<'py>(table: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    rolled(table, |batch, roll| {
        let (path, names) = (texts_of(column(batch, "path")?, "path")?, lists(batch, "names")?);
        for row in (0..batch.num_rows()).filter(|&row| !names.is_null(row)) {
            let (rank, names) = ((path.get(row).ok_or_else(wrong)?.to_owned(), 0), names.value(row));
            let names = names.as_struct_opt().ok_or_else(wrong)?;
            let (word, beside) =
                (texts_of(field(names, "word")?, "word")?, field(names, "beside")?.as_list_opt::<i32>().ok_or_else(wrong)?);
            let named = (0..names.len()).map(|at| -> PyResult<roll::Named> {
                Ok(roll::Named { word: word.get(at).ok_or_else(wrong)?.to_owned(), beside: keys(beside, at)? })
            });
            roll.add(&rank, named.collect::<PyResult<_>>()?);
        }
        Ok(())
    })
}

/// Makes of rows that `roll_voices` gave, in several parts, one for each name.
#[pyfunction]
pub(super) fn roll_merge<'py>(table: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    rolled(table, |batch, roll| {
        let (word, count) = (texts_of(column(batch, "word")?, "word")?, Binary::of(column(batch, "count")?, "count")?);
        (0..batch.num_rows()).try_for_each(|row| {
            roll.merge_name(word.get(row).ok_or_else(wrong)?.to_owned(), counted(count.get(row))?);
            Ok(())
        })
    })
}

fn counted(bytes: Option<&[u8]>) -> PyResult<Count<Rank>> {
    bytes.and_then(|bytes| serde_json::from_slice(bytes).ok()).ok_or_else(wrong)
}

fn rolled<'py>(
    table: &Bound<'py, PyAny>,
    add: impl Fn(&RecordBatch, &mut Roll<Rank>) -> PyResult<()> + Sync,
) -> PyResult<Bound<'py, PyAny>> {
    let (py, table) = (table.py(), Table::bare(table)?);
    let batch = py.detach(|| -> PyResult<RecordBatch> {
        let mut roll = Roll::default();
        table.bare_batches().try_for_each(|batch| add(&batch.map_err(|error| error::arrow(&error))?, &mut roll))?;
        let (mut word, mut documents, mut count) = (Vec::new(), Vec::new(), Vec::new());
        for (name, counted) in roll.into_names() {
            word.push(name);
            documents.push(i64::from(counted.documents));
            count.push(serde_json::to_vec(&counted).map_err(|error| error::plain(&error.to_string(), None))?);
        }
        let columns: Vec<ArrayRef> = vec![texts(word), numbers(documents), Arc::new(BinaryArray::from_iter_values(count))];
        RecordBatch::try_new(schema::rolls(), columns).map_err(|error| error::arrow(&error))
    })?;
    PyTable::try_new(vec![batch], schema::rolls()).map_err(|error| error::arrow(&error))?.into_pyarrow(py)
}

/// Of rows of names (`word`, `count`) and of how many documents there are (`total`): those that many have and those that may be slips, with
/// what two names that are an edit apart have in common.
#[pyfunction]
pub(super) fn near_names<'py>(linter: &Linter, table: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let lexicon = linter.rule_set().lexica().english();
    batchwise(table, schema::near_names(), |batch| {
        let (word, count) = (texts_of(column(batch, "word")?, "word")?, Binary::of(column(batch, "count")?, "count")?);
        let total = column(batch, "total")?.as_primitive_opt::<Int64Type>().ok_or_else(wrong)?;
        let (mut kept, mut many, mut few) = (Vec::new(), Lists::default(), Lists::default());
        for row in 0..batch.num_rows() {
            let (name, counted) = (word.get(row).ok_or_else(wrong)?, counted(count.get(row))?);
            let total = u32::try_from(total.value(row)).unwrap_or(u32::MAX);
            let (is_right, is_slip) = (counted.is_established(), counted.may_be_slip(name, total, lexicon));
            if is_right || is_slip {
                let rests = misspelling::Names::rests(name);
                kept.push((name.to_owned(), count.get(row).unwrap_or_default()));
                many.push(rests.iter().copied().filter(|_| is_right));
                few.push(rests.iter().copied().filter(|_| is_slip));
            }
        }
        let (word, count): (Vec<String>, Vec<&[u8]>) = kept.into_iter().unzip();
        Ok(vec![texts(word), Arc::new(BinaryArray::from_iter_values(count)), many.finish().map_err(arrow)?, few.finish().map_err(arrow)?])
    })
}

/// Of rows of two names (`word`, `count`, `right`, `right_count`) those of which the first is a slip of the second.
#[pyfunction]
pub(super) fn slip_batch<'py>(table: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    batchwise(table, schema::slips(), |batch| {
        let (word, count) = (texts_of(column(batch, "word")?, "word")?, Binary::of(column(batch, "count")?, "count")?);
        let (right, right_count) = (texts_of(column(batch, "right")?, "right")?, Binary::of(column(batch, "right_count")?, "right_count")?);
        let (mut hash, mut rights, mut documents, mut own, mut first) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut counts = Vec::new();
        for row in 0..batch.num_rows() {
            let (name, right) = (word.get(row).ok_or_else(wrong)?, right.get(row).ok_or_else(wrong)?);
            let (few, many) = (counted(count.get(row))?, counted(right_count.get(row))?);
            if misspelling::Names::are_near(name, right) && few.is_slip_of(name, &many, right) {
                hash.push(word_hash(name).cast_signed());
                rights.push(right.to_owned());
                documents.push(i64::from(many.documents));
                own.push(i64::from(few.documents));
                counts.push(many.first.iter().flatten().count());
                first.extend(many.first.into_iter().flatten().map(|(path, _)| path));
            }
        }
        let first = text_lists(first, counts).map_err(arrow)?;
        Ok(vec![numbers(hash), texts(rights), numbers(documents), numbers(own), first])
    })
}

/// What documents answer that are asked about paragraphs (`keys`) and names (`names`).
#[pyfunction]
#[pyo3(signature = (linter, table, *, text_column="text", id_column=None, url_column=None, title_column=None, format=None, usage=None))]
#[expect(clippy::too_many_arguments, reason = "keyword arguments of Python")]
pub(super) fn answer_batch<'py>(
    linter: &Linter,
    table: &Bound<'py, PyAny>,
    text_column: &str,
    id_column: Option<String>,
    url_column: Option<String>,
    title_column: Option<String>,
    format: Option<&Bound<'py, PyString>>,
    usage: Option<Py<Used>>,
) -> PyResult<Bound<'py, PyAny>> {
    let usage = usage.as_ref().map(|usage| &*usage.get().0);
    let names = Names { url: url_column, title: title_column, ..Names::plain(text_column, id_column, self::format(format, "")?) };
    rowwise(table, names, schema::answers(), answers, |batch, rows, row| {
        let document = rows.document(row)?;
        let asked = || -> PyResult<(HashSet<u64>, Vec<String>)> {
            Ok((keys(lists(batch, "keys")?, row)?.into_iter().collect(), words(lists(batch, "names")?, row)?))
        };
        Some(asked().map(|(shared, names)| {
            let holds = |key: u64| shared.contains(&key);
            let about: Option<&dyn Fn(u64) -> bool> = if shared.is_empty() { None } else { Some(&holds) };
            (document.origin.path.clone(), Answer::of(&document, about, &names, usage, linter.rule_set()))
        }))
    })
}

fn answers(answers: Vec<(String, Answer)>) -> Result<RecordBatch, ArrowError> {
    let mut path = Vec::new();
    let (mut home_counts, mut key, mut score, mut home) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut name_counts, mut name, mut line, mut column) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (of, Answer { homes, names }) in answers {
        path.push(of);
        home_counts.push(homes.len());
        for (about, fits) in homes {
            key.push(about.cast_signed());
            score.push(fits.score);
            home.push(fits.pack().into_iter().flat_map(u64::to_le_bytes).collect::<Vec<u8>>());
        }
        name_counts.push(names.len());
        for (asked, place) in names {
            name.push(asked);
            line.push(place.line as i64);
            column.push(place.column as i64);
        }
    }
    let (score, home): (ArrayRef, ArrayRef) = (Arc::new(Float64Array::from(score)), Arc::new(BinaryArray::from_iter_values(home)));
    let homes = list(schema::homes(), vec![numbers(key), score, home], home_counts)?;
    let names = list(schema::places(), vec![texts(name), numbers(line), numbers(column)], name_counts)?;
    RecordBatch::try_new(schema::answers(), vec![texts(path), homes, names])
}

/// What was heard for the documents of a batch: a column of structures with `homes` and `drifts`.
pub(super) struct Heard<'b>(&'b StructArray);

impl<'b> Heard<'b> {
    pub fn of(batch: &'b RecordBatch, name: &str) -> PyResult<Self> {
        let column = column(batch, name)?;
        column.as_struct_opt().map(Self).ok_or_else(|| error::plain(&format!("the column `{name}` holds no hearing"), None))
    }

    /// What is known for the document in a row; `None` where that is nothing.
    pub fn around(&self, row: usize) -> PyResult<Option<Witness>> {
        if self.0.is_null(row) {
            return Ok(None);
        }
        let mut homes = Vec::new();
        if let Some(found) = structures(self.0, "homes", row)? {
            let (key, path) = (numbers_of(&found, "key")?, texts_of(field(&found, "path")?, "path")?);
            let packed = Binary::of(field(&found, "home")?, "home")?;
            for at in 0..found.len() {
                let words: Vec<u64> =
                    packed.get(at).ok_or_else(wrong)?.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word)).collect();
                let home = Home::unpack(named(path.get(at).ok_or_else(wrong)?), &words).ok_or_else(wrong)?;
                homes.push((key.value(at).cast_unsigned(), home));
            }
        }
        let mut drifts = Vec::new();
        if let Some(found) = structures(self.0, "drifts", row)? {
            let (hash, right) = (numbers_of(&found, "hash")?, texts_of(field(&found, "right")?, "right")?);
            let (documents, own) = (numbers_of(&found, "documents")?, numbers_of(&found, "own")?);
            for at in 0..found.len() {
                let mut places = BTreeMap::new();
                if let Some(there) = structures(&found, "places", at)? {
                    let (path, line, column) =
                        (texts_of(field(&there, "path")?, "path")?, numbers_of(&there, "line")?, numbers_of(&there, "column")?);
                    for at in 0..there.len() {
                        let path = path.get(at).ok_or_else(wrong)?;
                        let place = Elsewhere { origin: named(path), line: line.value(at) as usize, column: column.value(at) as usize };
                        places.insert(path.to_owned(), Arc::new(place));
                    }
                }
                let drift = Drift {
                    right: right.get(at).ok_or_else(wrong)?.to_owned(),
                    documents: small(documents, at),
                    own: small(own, at),
                    places: places.into_values().collect(),
                };
                drifts.push((hash.value(at).cast_unsigned(), drift));
            }
        }
        Ok(Some(Witness::new(homes, Drifts::new(drifts))))
    }
}

fn named(path: &str) -> Origin {
    origin(&(path.to_owned(), 0))
}

/// Takes the rows of a table one by one, and makes a batch of what came of those of each.
fn rowwise<'py, T: Send>(
    table: &Bound<'py, PyAny>,
    names: Names,
    schema: SchemaRef,
    finish: impl Fn(Vec<T>) -> Result<RecordBatch, ArrowError> + Sync,
    work: impl Fn(&RecordBatch, &Rows, usize) -> Option<PyResult<T>> + Sync,
) -> PyResult<Bound<'py, PyAny>> {
    let py = table.py();
    let batches = Table::of(table, &names, &["keys", "names"])?.batches(&names);
    let done = py.detach(|| -> PyResult<Vec<RecordBatch>> {
        let mut done = Vec::new();
        let one = |batch: &RecordBatch, rows: &Rows, range: std::ops::Range<usize>| {
            let found = range.filter_map(|row| work(batch, rows, row)).collect::<PyResult<Vec<T>>>()?;
            finish(found).map_err(arrow)
        };
        each_slice(batches, 1, one, |batch| done.push(batch))?;
        Ok(done)
    })?;
    PyTable::try_new(done, schema).map_err(arrow)?.into_pyarrow(py)
}

/// Makes a batch of each batch of a table.
fn batchwise<'py>(
    table: &Bound<'py, PyAny>,
    schema: SchemaRef,
    work: impl Fn(&RecordBatch) -> PyResult<Vec<ArrayRef>> + Sync,
) -> PyResult<Bound<'py, PyAny>> {
    let (py, table) = (table.py(), Table::bare(table)?);
    let batches = py.detach(|| {
        let made = table.bare_batches().map(|batch| {
            let columns = work(&batch.map_err(|error| error::arrow(&error))?)?;
            RecordBatch::try_new(schema.clone(), columns).map_err(|error| error::arrow(&error))
        });
        made.collect::<PyResult<Vec<RecordBatch>>>()
    })?;
    PyTable::try_new(batches, schema).map_err(arrow)?.into_pyarrow(py)
}

fn arrow(error: ArrowError) -> PyErr {
    error::arrow(&error)
}
