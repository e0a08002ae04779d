//! The steps of a comparison that another engine spreads over many machines: each document's part of the index as a row, what two
//! documents have in common, and what the engine has counted for one document, back into an index.

use super::columns::{list, number_lists, numbers, texts};
use super::read::{Binary, field, numbers_of, small, structures, wrong};
use super::rows::{Names, Table, column, format, texts_of};
use super::{error, schema};
use crate::corpus::{BlockSketch, Digest, Index, Key, Known, Sketch};
use crate::document::Document;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BinaryArray, RecordBatch, StringArray, StructArray};
use arrow_pyarrow::{IntoPyArrow, Table as PyTable};
use arrow_schema::{ArrowError, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::PyString;
use std::sync::Arc;

/// One row for each document of a table: its part of the index.
#[pyfunction]
#[pyo3(signature = (table, *, text_column="text", id_column=None, url_column=None, format=None))]
pub(super) fn digest_batch<'py>(
    table: &Bound<'py, PyAny>,
    text_column: &str,
    id_column: Option<String>,
    url_column: Option<String>,
    format: Option<&Bound<'py, PyString>>,
) -> PyResult<Bound<'py, PyAny>> {
    let format = self::format(format, "")?;
    let names = Names { url: url_column, ..Names::plain(text_column, id_column, format) };
    let (py, table) = (table.py(), Table::of(table, &names, &[])?);
    let batches = py.detach(|| {
        let digests = table.batches(&names).map(|batch| {
            let (_, rows) = batch?;
            let documents = (0..rows.len()).filter_map(|row| rows.document(row));
            digests(documents.map(|document| Digest::of(&document))).map_err(|error| error::arrow(&error))
        });
        digests.collect::<PyResult<Vec<RecordBatch>>>()
    })?;
    PyTable::try_new(batches, schema::digests()).map_err(|error| error::arrow(&error))?.into_pyarrow(py)
}

fn digests(digests: impl Iterator<Item = Digest>) -> Result<RecordBatch, ArrowError> {
    let (mut path, mut site, mut sketch) = (Vec::new(), Vec::new(), Vec::new());
    let (mut counts, mut hash, mut words, mut line, mut column) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut forms, mut form_key_counts, mut form_keys) = (Vec::new(), Vec::new(), Vec::new());
    let (mut key_counts, mut keys) = (Vec::new(), Vec::new());
    for digest in digests {
        counts.push(digest.blocks.len());
        for block in &digest.blocks {
            let form = digest.sketches.binary_search_by_key(&block.hash, |form| form.hash).ok().map(|at| &digest.sketches[at]);
            forms.push(form.map(|form| form.sketch.to_bytes()));
            let own = form.map_or(&[][..], BlockSketch::keys);
            form_key_counts.push(own.len());
            form_keys.extend(own.iter().map(|&key| i64::from(key)));
            hash.push(block.hash.to_be_bytes());
            words.push(i64::from(block.words));
            line.push(i64::from(block.line));
            column.push(i64::from(block.column));
        }
        key_counts.push(digest.sketch.look_up().len());
        keys.extend(digest.sketch.look_up().iter().map(|&key| i64::from(key)));
        sketch.push(digest.sketch.to_bytes());
        path.push(digest.key.path);
        site.push(digest.site);
    }
    let hashes: ArrayRef = Arc::new(BinaryArray::from_iter_values(hash));
    let forms: ArrayRef = Arc::new(BinaryArray::from_iter(forms));
    let of_blocks = vec![hashes, numbers(words), numbers(line), numbers(column), forms, number_lists(form_keys, form_key_counts)?];
    let blocks = list(schema::blocks(), of_blocks, counts)?;
    let sketch = Arc::new(BinaryArray::from_iter_values(sketch));
    let columns = vec![texts(path), Arc::new(StringArray::from(site)), blocks, sketch, number_lists(keys, key_counts)?];
    RecordBatch::try_new(schema::digests(), columns)
}

/// Of rows that name two documents (`path`, `other`) with their sketches (`sketch`, `other_sketch`): those whose texts are versions
/// of one another or one a part of the other.
#[pyfunction]
pub(super) fn like_batch<'py>(table: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let alike = |one: &Sketch, two: &Sketch| one.is_like(two).is_some();
    compared(table, schema::likes(), alike, |batch, rows| {
        let text = |name: &str| -> PyResult<ArrayRef> {
            let column = texts_of(column(batch, name)?, name)?;
            Ok(texts(rows.iter().map(|&row| column.get(row).unwrap_or_default().to_string()).collect()))
        };
        Ok(vec![text("path")?, text("other")?])
    })
}

/// Of rows that name two blocks by their hashes (`hash`, `other`) with their sketches (`sketch`, `other_sketch`): those that are nearly
/// the same.
#[pyfunction]
pub(super) fn near_batch<'py>(table: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    compared(table, schema::nears(), Sketch::is_near, |batch, rows| {
        let hash = |name: &str| -> PyResult<ArrayRef> {
            let column = Binary::of(column(batch, name)?, name)?;
            Ok(Arc::new(BinaryArray::from_iter_values(rows.iter().map(|&row| column.get(row).unwrap_or_default()))))
        };
        Ok(vec![hash("hash")?, hash("other")?])
    })
}

/// The rows whose two sketches are alike: what `names` says of them, and the second sketch.
fn compared<'py>(
    table: &Bound<'py, PyAny>,
    schema: SchemaRef,
    alike: impl Fn(&Sketch, &Sketch) -> bool + Sync,
    names: impl Fn(&RecordBatch, &[usize]) -> PyResult<Vec<ArrayRef>> + Sync,
) -> PyResult<Bound<'py, PyAny>> {
    let (py, table) = (table.py(), Table::bare(table)?);
    let batches = py.detach(|| {
        let kept = table.bare_batches().map(|batch| {
            let batch = batch.map_err(|error| error::arrow(&error))?;
            let (one, two) =
                (Binary::of(column(&batch, "sketch")?, "sketch")?, Binary::of(column(&batch, "other_sketch")?, "other_sketch")?);
            let sketch = |column: &Binary<'_>, row: usize| column.get(row).and_then(Sketch::from_bytes);
            let is_kept = |&row: &usize| sketch(&one, row).zip(sketch(&two, row)).is_some_and(|(one, two)| alike(&one, &two));
            let rows: Vec<usize> = (0..batch.num_rows()).filter(is_kept).collect();
            let mut columns = names(&batch, &rows)?;
            columns.push(Arc::new(BinaryArray::from_iter_values(rows.iter().map(|&row| two.get(row).unwrap_or_default()))));
            RecordBatch::try_new(schema.clone(), columns).map_err(|error| error::arrow(&error))
        });
        kept.collect::<PyResult<Vec<RecordBatch>>>()
    })?;
    PyTable::try_new(batches, schema).map_err(|error| error::arrow(&error))?.into_pyarrow(py)
}

/// What was counted for the documents of a batch: a column of structures with `blocks` and `like`.
pub(super) struct Counted<'b>(&'b StructArray);

impl<'b> Counted<'b> {
    pub fn of(batch: &'b RecordBatch, name: &str) -> PyResult<Self> {
        let column = column(batch, name)?;
        column.as_struct_opt().map(Self).ok_or_else(|| error::plain(&format!("the column `{name}` holds no counts"), None))
    }

    /// The index around the document in a row.
    pub fn around(&self, row: usize, document: &Document) -> PyResult<Index> {
        let digest = Digest::of(document);
        if self.0.is_null(row) {
            return Ok(Index::around(&digest, Vec::new(), Vec::new(), None));
        }
        let mut known = Vec::new();
        if let Some(blocks) = structures(self.0, "blocks", row)? {
            let on_site = numbers_of(&blocks, "on_site")?;
            each_counted(&blocks, |at, counted| {
                known.push(Known { on_site: small(on_site, at), ..counted });
                Ok(())
            })?;
        }
        let mut forms = Vec::new();
        if let Some(blocks) = structures(self.0, "forms", row)? {
            let sketch = Binary::of(field(&blocks, "sketch")?, "sketch")?;
            each_counted(&blocks, |at, counted| {
                forms.push((counted, sketch.get(at).and_then(Sketch::from_bytes).ok_or_else(wrong)?));
                Ok(())
            })?;
        }
        let like = self.0.column_by_name("like").and_then(|like| like.as_struct_opt()).ok_or_else(wrong)?;
        if like.is_null(row) {
            return Ok(Index::around(&digest, known, forms, None));
        }
        let other = texts_of(field(like, "other")?, "other")?;
        let sketch = Binary::of(field(like, "sketch")?, "sketch")?;
        let sketch = sketch.get(row).and_then(Sketch::from_bytes).ok_or_else(wrong)?;
        Ok(Index::around(&digest, known, forms, Some((key(other.get(row).ok_or_else(wrong)?), sketch))))
    }
}

/// What was counted for each block of a list.
fn each_counted(blocks: &StructArray, mut take: impl FnMut(usize, Known) -> PyResult<()>) -> PyResult<()> {
    let (hash, first) = (Binary::of(field(blocks, "hash")?, "hash")?, texts_of(field(blocks, "first")?, "first")?);
    let (documents, line, column) = (numbers_of(blocks, "documents")?, numbers_of(blocks, "line")?, numbers_of(blocks, "column")?);
    (0..blocks.len()).try_for_each(|at| {
        let hash = hash.get(at).and_then(|hash| <[u8; 16]>::try_from(hash).ok()).ok_or_else(wrong)?;
        let counted = Known {
            hash: u128::from_be_bytes(hash),
            documents: small(documents, at),
            on_site: 0,
            first: key(first.get(at).ok_or_else(wrong)?),
            line: small(line, at),
            column: small(column, at),
        };
        take(at, counted)
    })
}

fn key(path: &str) -> Key {
    Key { path: path.to_string(), ..Key::default() }
}
