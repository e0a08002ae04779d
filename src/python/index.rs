//! An index of many documents, as an object that can be kept, sent and merged.

use super::error;
use super::hearing::{Census, Hearing};
use super::rows::{Names, Table, format};
use crate::corpus::{Digest, Index as Blocks};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use pyo3::{IntoPyObjectExt, PyClass};
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::PathBuf;
use std::sync::Arc;

/// The blocks and sketches of many documents, for the rules that compare documents.
#[pyclass(frozen, module = "copydesk")]
pub(super) struct Index(pub Arc<Blocks>);

#[pymethods]
impl Index {
    /// How many documents it holds.
    fn __len__(&self) -> usize {
        self.0.len()
    }

    /// How many different blocks it holds, those of different sites counted apart.
    #[getter]
    fn blocks(&self) -> usize {
        self.0.block_count()
    }

    fn __repr__(&self) -> String {
        format!("<Index of {} documents, {} blocks>", self.0.len(), self.0.block_count())
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    /// The file that `copydesk index` writes, as bytes.
    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = py.detach(|| {
            let mut bytes = Vec::new();
            self.0.write(&mut bytes).map(|()| bytes)
        })?;
        Ok(PyBytes::new(py, &bytes))
    }

    #[staticmethod]
    fn from_bytes(py: Python<'_>, bytes: &[u8]) -> PyResult<Self> {
        let index = py.detach(|| Blocks::read(&mut &bytes[..]));
        index.map(|index| Self(Arc::new(index))).map_err(|error| error::file(&error))
    }

    /// Reads a file of `copydesk index`.
    #[staticmethod]
    fn read(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let file = File::open(path)?;
        let index = py.detach(|| Blocks::read(&mut BufReader::new(file)));
        index.map(|index| Self(Arc::new(index))).map_err(|error| error::file(&error))
    }

    /// Writes a file for `copydesk check --corpus`.
    fn write(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        py.detach(|| {
            let mut file = BufWriter::new(File::create(path)?);
            self.0.write(&mut file)?;
            file.flush()
        })?;
        Ok(())
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        let py = slf.py();
        Ok((py.get_type::<Self>().getattr("from_bytes")?, (slf.get().to_bytes(py)?,)))
    }
}

/// An index of the documents of a table.
#[pyfunction]
#[pyo3(signature = (table, *, text_column="text", id_column=None, url_column=None, path=None, format=None))]
#[pyo3(name = "index")]
pub(super) fn index(
    table: &Bound<'_, PyAny>,
    text_column: &str,
    id_column: Option<String>,
    url_column: Option<String>,
    path: Option<String>,
    format: Option<&Bound<'_, PyString>>,
) -> PyResult<Index> {
    let format = self::format(format, "")?;
    let names = Names { url: url_column, path, ..Names::plain(text_column, id_column, format) };
    let (py, table) = (table.py(), Table::of(table, &names, &[])?);
    let digests = py.detach(|| -> PyResult<Vec<Digest>> {
        let mut digests = Vec::new();
        for batch in table.batches(&names) {
            let (_, rows) = batch?;
            digests.extend((0..rows.len()).filter_map(|row| rows.document(row)).map(|document| Digest::of(&document)));
        }
        Ok(digests)
    })?;
    Ok(Index(Arc::new(py.detach(|| Blocks::of(digests)))))
}

/// All of them in one: indexes, censuses or hearings. The order makes no difference, nor does it whether some were merged before.
#[pyfunction]
pub(super) fn merge<'py>(py: Python<'py>, parts: Vec<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
    if let Some(parts) = all::<Index>(&parts) {
        let parts: Vec<Arc<Blocks>> = parts.iter().map(|part| Arc::clone(&part.get().0)).collect();
        let merged = py.detach(|| Blocks::merge(parts.iter().map(|part| Blocks::clone(part)).collect()));
        return merged.map(|index| Index(Arc::new(index))).map_err(|error| error::clash(&error))?.into_bound_py_any(py);
    }
    if let Some(parts) = all::<Census>(&parts) {
        let parts: Vec<&Census> = parts.iter().map(Bound::get).collect();
        return py.detach(|| Census::merged(&parts))?.into_bound_py_any(py);
    }
    if let Some(parts) = all::<Hearing>(&parts) {
        let parts: Vec<&Hearing> = parts.iter().map(Bound::get).collect();
        return py.detach(|| Hearing::merged(&parts))?.into_bound_py_any(py);
    }
    Err(PyTypeError::new_err("the parts must be all indexes, all censuses or all hearings"))
}

/// The parts, where all are of one class.
fn all<'py, T: PyClass>(parts: &[Bound<'py, PyAny>]) -> Option<Vec<Bound<'py, T>>> {
    parts.iter().map(|part| part.cast::<T>().ok().cloned()).collect()
}
