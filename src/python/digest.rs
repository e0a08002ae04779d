//! The steps of a comparison that another engine spreads over many machines: each document's part of the index as a row, what two
//! documents have in common, and what the engine has counted for one document, back into an index.

use super::columns::{list, numbers, texts};
use super::rows::{Names, Strings, Table, column, format, texts_of};
use super::{error, schema};
use crate::corpus::{Digest, Index, Key, Known, Sketch};
use crate::document::Document;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, BinaryArray, Int64Array, ListArray, RecordBatch, StringArray, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_pyarrow::{IntoPyArrow, Table as PyTable};
use arrow_schema::{ArrowError, DataType, Field};
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
    let names =
        Names { text: text_column.into(), id: id_column, url: url_column, title: None, date: None, author: None, path: None, format };
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
    let (mut key_counts, mut keys) = (Vec::new(), Vec::new());
    for digest in digests {
        counts.push(digest.blocks.len());
        for block in &digest.blocks {
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
    let blocks = list(schema::blocks(), vec![hashes, numbers(words), numbers(line), numbers(column)], counts)?;
    let item = Arc::new(Field::new_list_field(DataType::Int64, false));
    let keys = ListArray::try_new(item, OffsetBuffer::from_lengths(key_counts), numbers(keys), None)?;
    let columns =
        vec![texts(path), Arc::new(StringArray::from(site)), blocks, Arc::new(BinaryArray::from_iter_values(sketch)), Arc::new(keys)];
    RecordBatch::try_new(schema::digests(), columns)
}

/// Of rows that name two documents (`path`, `other`) with their sketches (`sketch`, `other_sketch`): those whose texts are versions
/// of one another or one a part of the other.
#[pyfunction]
pub(super) fn like_batch<'py>(table: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let names = ["path", "other", "sketch", "other_sketch"];
    let (py, table) = (table.py(), Table::bare(table)?);
    let batches = py.detach(|| {
        let likes = table.bare_batches().map(|batch| {
            let batch = batch.map_err(|error| error::arrow(&error))?;
            let [path, other, one, two] = names.map(|name| column(&batch, name));
            let (one, two) = (Binary::of(one?, "sketch")?, Binary::of(two?, "other_sketch")?);
            let keep: Vec<bool> = (0..batch.num_rows())
                .map(|row| match (one.get(row).and_then(Sketch::from_bytes), two.get(row).and_then(Sketch::from_bytes)) {
                    (Some(one), Some(two)) => one.is_like(&two).is_some(),
                    _ => false,
                })
                .collect();
            let (path, other) = (texts_of(path?, "path")?, texts_of(other?, "other")?);
            let rows = || keep.iter().enumerate().filter(|(_, keep)| **keep).map(|(row, _)| row);
            let text = |column: &Strings| rows().map(|row| column.get(row).unwrap_or_default().to_string()).collect();
            let sketch = BinaryArray::from_iter_values(rows().map(|row| two.get(row).unwrap_or_default()));
            let columns = vec![texts(text(&path)), texts(text(&other)), Arc::new(sketch) as ArrayRef];
            RecordBatch::try_new(schema::likes(), columns).map_err(|error| error::arrow(&error))
        });
        likes.collect::<PyResult<Vec<RecordBatch>>>()
    })?;
    PyTable::try_new(batches, schema::likes()).map_err(|error| error::arrow(&error))?.into_pyarrow(py)
}

/// A column of bytes, in either width.
struct Binary<'b>(&'b ArrayRef);

impl<'b> Binary<'b> {
    fn of(column: &'b ArrayRef, name: &str) -> PyResult<Self> {
        match column.data_type() {
            DataType::Binary | DataType::LargeBinary => Ok(Self(column)),
            other => Err(error::plain(&format!("the column `{name}` is not binary but {other}"), None)),
        }
    }

    fn get(&self, row: usize) -> Option<&'b [u8]> {
        match self.0.data_type() {
            _ if self.0.is_null(row) => None,
            DataType::Binary => Some(self.0.as_binary::<i32>().value(row)),
            _ => Some(self.0.as_binary::<i64>().value(row)),
        }
    }
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
            return Ok(Index::around(&digest, Vec::new(), None));
        }
        let wrong = || error::plain("counts in another shape than `copydesk.spark` makes", None);
        let key = |path: &str| Key { path: path.to_string(), record: None };
        let blocks = self.0.column_by_name("blocks").and_then(|blocks| blocks.as_list_opt::<i32>()).ok_or_else(wrong)?;
        let mut known = Vec::new();
        if !blocks.is_null(row) {
            let blocks = blocks.value(row);
            let blocks = blocks.as_struct_opt().ok_or_else(wrong)?;
            let field = |name: &str| blocks.column_by_name(name).ok_or_else(wrong);
            let number = |name: &str| -> PyResult<&Int64Array> { field(name)?.as_primitive_opt::<Int64Type>().ok_or_else(wrong) };
            let (hash, first) = (Binary::of(field("hash")?, "hash")?, texts_of(field("first")?, "first")?);
            let (documents, on_site, line, column) = (number("documents")?, number("on_site")?, number("line")?, number("column")?);
            let small = |numbers: &Int64Array, at: usize| u32::try_from(numbers.value(at)).unwrap_or(u32::MAX);
            for at in 0..blocks.len() {
                let hash = hash.get(at).and_then(|hash| <[u8; 16]>::try_from(hash).ok()).ok_or_else(wrong)?;
                known.push(Known {
                    hash: u128::from_be_bytes(hash),
                    documents: small(documents, at),
                    on_site: small(on_site, at),
                    first: key(first.get(at).ok_or_else(wrong)?),
                    line: small(line, at),
                    column: small(column, at),
                });
            }
        }
        let like = self.0.column_by_name("like").and_then(|like| like.as_struct_opt()).ok_or_else(wrong)?;
        if like.is_null(row) {
            return Ok(Index::around(&digest, known, None));
        }
        let other = texts_of(like.column_by_name("other").ok_or_else(wrong)?, "other")?;
        let sketch = Binary::of(like.column_by_name("sketch").ok_or_else(wrong)?, "sketch")?;
        let sketch = sketch.get(row).and_then(Sketch::from_bytes).ok_or_else(wrong)?;
        Ok(Index::around(&digest, known, Some((key(other.get(row).ok_or_else(wrong)?), sketch))))
    }
}
