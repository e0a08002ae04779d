//! Errors as exceptions: the message that the command line prints, with the places that it points to.

use crate::corpus::{Clash, FileError};
use crate::setup::SetupError;
use crate::text::LineIndex;
use crate::yaml::FileFlaw;
use arrow_schema::ArrowError;
use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

create_exception!(copydesk, Error, PyValueError, "copydesk could not do its work.");
create_exception!(copydesk, ConfigError, Error, "Mistakes in the config; `flaws` lists them with their places.");
create_exception!(copydesk, RuleError, Error, "Mistakes in rule files or their examples; `flaws` lists them with their places.");

/// What is wrong with an argument or a table, and what to do about it.
pub(super) fn plain(message: &str, help: Option<&str>) -> PyErr {
    Error::new_err(help.map_or_else(|| message.to_string(), |help| format!("{message}\n  help: {help}")))
}

pub(super) fn arrow(error: &ArrowError) -> PyErr {
    plain(&error.to_string(), None)
}

pub(super) fn clash(clash: &Clash) -> PyErr {
    plain(&clash.to_string(), Some("make indexes of different documents, each named by the same id in all runs"))
}

pub(super) fn file(error: &FileError) -> PyErr {
    plain(&error.to_string(), Some("make the index again"))
}

pub(super) fn setup(py: Python<'_>, error: SetupError) -> PyErr {
    match error {
        SetupError::Plain { message, help } => plain(&message, help.as_deref()),
        SetupError::Flaws(flaws) => flawed(py, &flaws),
    }
}

/// One exception for all flaws: `path:line:column: message` for each, and the same as data in `flaws`.
fn flawed(py: Python<'_>, flaws: &[FileFlaw]) -> PyErr {
    let mut text = Vec::new();
    let list = PyList::empty(py);
    let listed = flaws.iter().try_for_each(|flaw| {
        let source = flaw.source.inner();
        let (at, lines) = (flaw.flaw.at, LineIndex::new(source));
        let place = lines.position(at.start, source);
        text.push(format!("{}:{}:{}: {}", flaw.path, place.line, place.column, flaw.flaw.message));
        text.extend(flaw.flaw.help.iter().map(|help| format!("  help: {help}")));
        let entry = PyDict::new(py);
        entry.set_item("path", &flaw.path)?;
        entry.set_item("line", place.line)?;
        entry.set_item("column", place.column)?;
        entry.set_item("start", lines.characters(at.start, source))?;
        entry.set_item("end", lines.characters(at.end, source))?;
        entry.set_item("message", &flaw.flaw.message)?;
        entry.set_item("help", &flaw.flaw.help)?;
        list.append(entry)
    });
    let text = text.join("\n");
    let error = if flaws.iter().any(|flaw| flaw.what != "config") { RuleError::new_err(text) } else { ConfigError::new_err(text) };
    match listed.and_then(|()| error.value(py).setattr("flaws", list)) {
        Ok(()) => error,
        Err(other) => other,
    }
}
