//! The rows of a table as documents. The table stays where it is; each text is copied once, into its document.

use super::error;
use crate::document::{Document, Format, Meta, Origin, Record};
use crate::input;
use arrow_array::cast::AsArray;
use arrow_array::ffi_stream::RecordBatchStreamReader;
use arrow_array::types::{Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, RecordBatch, RecordBatchReader};
use arrow_pyarrow::FromPyArrow;
use arrow_schema::{ArrowError, DataType, Schema};
use pyo3::prelude::*;
use pyo3::types::PyString;
use std::borrow::Cow;
use std::fmt::Display;

/// Which columns hold what; `None`: the usual name, where the table has it.
#[derive(Clone, Debug)]
pub(super) struct Names {
    pub text: String,
    pub id: Option<String>,
    pub url: Option<String>,
    pub title: Option<String>,
    pub date: Option<String>,
    pub author: Option<String>,
    /// The file that the rows are records of; without it, each row is a document that is called by its id.
    pub path: Option<String>,
    pub format: Format,
}

/// A table that came from Python, batch by batch.
pub(super) struct Table(Box<dyn RecordBatchReader + Send>);

/// One batch, with the columns that are read.
pub(super) struct Rows {
    text: Strings,
    id: Option<Ids>,
    url: Option<Strings>,
    title: Option<Strings>,
    date: Option<Strings>,
    author: Option<Strings>,
    /// Rows of the batches before this one.
    before: usize,
    names: Names,
}

impl Table {
    /// Takes over any object that speaks Arrow: of pyarrow, Polars, DuckDB, pandas …; of pyarrow's tables only the columns that are
    /// read, so that the others may be of any type.
    pub fn of(table: &Bound<'_, PyAny>, names: &Names, more: &[&str]) -> PyResult<Self> {
        let is_arrow = |name| Ok::<bool, PyErr>(table.hasattr("schema")? && table.hasattr(name)?);
        let narrow = if is_arrow("column_names")? || is_arrow("columns")? { Self::narrowed(table, names, more)? } else { None };
        let table = narrow.as_ref().unwrap_or(table);
        if table.hasattr("__arrow_c_stream__")? {
            return Ok(Self(Box::new(RecordBatchStreamReader::from_pyarrow_bound(table)?)));
        }
        if table.hasattr("__arrow_c_array__")? {
            let batch = RecordBatch::from_pyarrow_bound(table)?;
            let schema = batch.schema();
            return Ok(Self(Box::new(arrow_array::RecordBatchIterator::new([Ok(batch)], schema))));
        }
        let kind = table.get_type().name()?;
        Err(error::plain(
            &format!("a {kind} is no table"),
            Some("give a pyarrow Table or RecordBatch, or anything that exports one: a frame of Polars or pandas, a relation of DuckDB"),
        ))
    }

    fn narrowed<'py>(table: &Bound<'py, PyAny>, names: &Names, more: &[&str]) -> PyResult<Option<Bound<'py, PyAny>>> {
        let module: String = table.get_type().getattr("__module__")?.extract()?;
        if !module.starts_with("pyarrow") || !table.hasattr("select")? {
            return Ok(None);
        }
        let present: Vec<String> = table.getattr("schema")?.getattr("names")?.extract()?;
        let is_read = |name: &str| names.all().any(|read| read == name) || more.contains(&name);
        let mut read: Vec<&String> = present.iter().filter(|name| is_read(name)).collect();
        read.dedup();
        // What is missing is told of later, with the columns that there are.
        if !read.contains(&&names.text) {
            return Ok(None);
        }
        table.call_method1("select", (read,)).map(Some)
    }

    /// As `of`, with all its columns.
    pub fn bare(table: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self(Box::new(RecordBatchStreamReader::from_pyarrow_bound(table)?)))
    }

    pub fn bare_batches(self) -> impl Iterator<Item = Result<RecordBatch, ArrowError>> {
        self.0
    }

    /// All batches, each checked to be sound; rows are numbered through.
    pub fn batches(self, names: &Names) -> impl Iterator<Item = PyResult<(RecordBatch, Rows)>> {
        let mut before = 0;
        let names = names.clone();
        self.0.map(move |batch| {
            let batch = batch.map_err(|error| error::arrow(&error))?;
            let rows = Rows::of(&batch, before, &names)?;
            before += batch.num_rows();
            Ok((batch, rows))
        })
    }
}

impl Names {
    /// Texts and ids, and the usual names for the rest.
    pub fn plain(text: &str, id: Option<String>, format: Format) -> Self {
        Self { text: text.into(), id, url: None, title: None, date: None, author: None, path: None, format }
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        let optional = [(&self.id, "id"), (&self.url, "url"), (&self.title, "title"), (&self.date, "date"), (&self.author, "author")];
        std::iter::once(self.text.as_str()).chain(optional.map(|(name, usual)| name.as_deref().unwrap_or(usual)))
    }
}

impl Rows {
    fn of(batch: &RecordBatch, before: usize, names: &Names) -> PyResult<Self> {
        let text = Strings::of(column(batch, &names.text)?).ok_or_else(|| not_text(batch, &names.text))?;
        let id = match (&names.id, batch.column_by_name(names.id.as_deref().unwrap_or("id"))) {
            (Some(name), None) => return Err(missing(&batch.schema(), name)),
            (Some(name), Some(column)) => Some(Ids::of(column).ok_or_else(|| not_text(batch, name))?),
            (None, column) => column.and_then(Ids::of),
        };
        let beside = |name: &Option<String>, usual: &str| match (name, batch.column_by_name(name.as_deref().unwrap_or(usual))) {
            (Some(name), None) => Err(missing(&batch.schema(), name)),
            (Some(name), Some(column)) => Strings::of(column).ok_or_else(|| not_text(batch, name)).map(Some),
            (None, column) => Ok(column.and_then(Strings::of)),
        };
        Ok(Self {
            text,
            id,
            url: beside(&names.url, "url")?,
            title: beside(&names.title, "title")?,
            date: beside(&names.date, "date")?,
            author: beside(&names.author, "author")?,
            before,
            names: names.clone(),
        })
    }

    pub fn len(&self) -> usize {
        self.text.0.len()
    }

    /// Bytes of the texts of some rows.
    pub fn bytes(&self, rows: &std::ops::Range<usize>) -> usize {
        rows.clone().filter_map(|row| self.text.get(row)).map(str::len).sum()
    }

    /// The name of a row: its id, or its number, counted from 1 and written so that the order of names is that of rows.
    pub fn name(&self, row: usize) -> String {
        self.id.as_ref().and_then(|ids| ids.get(row)).unwrap_or_else(|| format!("row {:09}", self.before + row + 1))
    }

    /// Where the document in a row comes from.
    pub fn origin(&self, row: usize) -> Origin {
        let mut origin = Origin { url: text_of(self.url.as_ref(), row), ..Origin::default() };
        match &self.names.path {
            None => origin.path = self.name(row),
            Some(path) => {
                let id = self.id.as_ref().and_then(|ids| ids.get(row));
                origin.path.clone_from(path);
                origin.record = Some(Record { line: self.before + row + 1, id, field: self.names.text.clone() });
            }
        }
        origin
    }

    /// What a reader sees of the text in a row, not yet split into blocks and words; `None` where it is null.
    pub fn visible(&self, row: usize) -> Option<Cow<'_, str>> {
        match self.names.format {
            Format::Text => self.text.get(row).map(Cow::Borrowed),
            Format::Markdown | Format::Html => self.document(row).map(|document| Cow::Owned(document.text.to_string())),
        }
    }

    /// The document in a row; `None` where its text is null.
    pub fn document(&self, row: usize) -> Option<Document> {
        let mut document = input::parse(self.origin(row), self.names.format, self.text.get(row)?);
        let [title, date, author] = [&self.title, &self.date, &self.author].map(|column| text_of(column.as_ref(), row));
        let meta = Meta { title, date, author };
        document.meta = meta.or(std::mem::take(&mut document.meta));
        Some(document)
    }
}

fn text_of(column: Option<&Strings>, row: usize) -> Option<String> {
    column.and_then(|column| column.get(row)).map(String::from)
}

/// A column of text, whatever its layout.
pub(super) struct Strings(ArrayRef);

impl Strings {
    pub fn of(column: &ArrayRef) -> Option<Self> {
        let is_text = matches!(column.data_type(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
        // What other libraries export is not taken on trust: a `str` must be UTF-8.
        (is_text && column.to_data().validate_full().is_ok()).then(|| Self(ArrayRef::clone(column)))
    }

    pub fn get(&self, row: usize) -> Option<&str> {
        if self.0.is_null(row) {
            return None;
        }
        match self.0.data_type() {
            DataType::Utf8 => Some(self.0.as_string::<i32>().value(row)),
            DataType::LargeUtf8 => Some(self.0.as_string::<i64>().value(row)),
            DataType::Utf8View => Some(self.0.as_string_view().value(row)),
            _ => None,
        }
    }
}

/// A column of ids: text, or whole numbers.
enum Ids {
    Text(Strings),
    Number(ArrayRef),
}

impl Ids {
    fn of(column: &ArrayRef) -> Option<Self> {
        let number = column.data_type().is_integer().then(|| Self::Number(ArrayRef::clone(column)));
        number.or_else(|| Strings::of(column).map(Self::Text))
    }

    fn get(&self, row: usize) -> Option<String> {
        match self {
            Self::Text(strings) => strings.get(row).map(String::from),
            Self::Number(numbers) if numbers.is_null(row) => None,
            Self::Number(numbers) => match numbers.data_type() {
                DataType::Int8 => Some(number::<Int8Type>(numbers, row)),
                DataType::Int16 => Some(number::<Int16Type>(numbers, row)),
                DataType::Int32 => Some(number::<Int32Type>(numbers, row)),
                DataType::Int64 => Some(number::<Int64Type>(numbers, row)),
                DataType::UInt8 => Some(number::<UInt8Type>(numbers, row)),
                DataType::UInt16 => Some(number::<UInt16Type>(numbers, row)),
                DataType::UInt32 => Some(number::<UInt32Type>(numbers, row)),
                DataType::UInt64 => Some(number::<UInt64Type>(numbers, row)),
                _ => None,
            },
        }
    }
}

fn number<T: ArrowPrimitiveType<Native: Display>>(numbers: &ArrayRef, row: usize) -> String {
    numbers.as_primitive::<T>().value(row).to_string()
}

pub(super) fn column<'b>(batch: &'b RecordBatch, name: &str) -> PyResult<&'b ArrayRef> {
    batch.column_by_name(name).ok_or_else(|| missing(&batch.schema(), name))
}

/// A column of text, or an error that names it.
pub(super) fn texts_of(column: &ArrayRef, name: &str) -> PyResult<Strings> {
    let kind = column.data_type();
    Strings::of(column).ok_or_else(|| error::plain(&format!("the column `{name}` is not text (UTF-8) but {kind}"), None))
}

fn missing(schema: &Schema, name: &str) -> PyErr {
    let present: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    error::plain(&format!("the table has no column `{name}`"), Some(&crate::yaml::did_you_mean(name, &present, "columns")))
}

fn not_text(batch: &RecordBatch, name: &str) -> PyErr {
    let kind = batch.column_by_name(name).map(|column| column.data_type().to_string()).unwrap_or_default();
    error::plain(&format!("the column `{name}` is not text (UTF-8) but {kind}"), Some("cast it to strings first"))
}

/// A name for what the text is: `text`, `markdown` or `html`.
pub(super) fn format(name: Option<&Bound<'_, PyString>>, path: &str) -> PyResult<Format> {
    let Some(name) = name else { return Ok(input::format_of(path)) };
    match name.to_str()? {
        "text" => Ok(Format::Text),
        "markdown" => Ok(Format::Markdown),
        "html" => Ok(Format::Html),
        other => Err(error::plain(&format!("there is no format `{other}`"), Some("known formats: `text`, `markdown`, `html`"))),
    }
}
