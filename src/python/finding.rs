//! Findings, fixes and cleaned texts as Python sees them: plain values, offsets in characters.

use super::error;
use crate::clean;
use crate::document::Document;
use crate::finding::{Fact, Facts, Told};
use crate::fix::source_edits;
use crate::report::{self, Place};
use crate::text::Span;
use crate::triage::Reported;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

/// A defect at a place of a text: `text[finding.start:finding.end]` is what was found.
#[pyclass(frozen, get_all, module = "copydesk")]
pub(super) struct Finding {
    pub path: String,
    /// The id of the rule.
    pub rule: String,
    /// `error`, `warning` or `info`.
    pub severity: &'static str,
    pub message: String,
    pub help: Option<String>,
    /// In characters, as Python counts them; half-open.
    pub start: usize,
    pub end: usize,
    /// In bytes of the text's UTF-8.
    pub start_byte: usize,
    pub end_byte: usize,
    /// Counted from 1, columns in characters.
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
    pub related: Py<PyList>,
    pub fix: Option<Py<Fix>>,
    /// The measured values behind it, by name.
    pub evidence: Py<PyDict>,
    pub fingerprint: String,
}

/// Another place that a finding speaks of.
#[pyclass(frozen, get_all, module = "copydesk")]
pub(super) struct Related {
    pub path: String,
    pub label: String,
    pub start: usize,
    pub end: usize,
    pub start_byte: usize,
    pub end_byte: usize,
    pub line: usize,
    pub column: usize,
}

/// A change that would mend a finding.
#[pyclass(frozen, get_all, module = "copydesk")]
pub(super) struct Fix {
    /// Certain enough to be applied without a person looking.
    pub safe: bool,
    pub edits: Vec<Py<Edit>>,
}

/// A stretch of a text and what is to stand there, or stands there now.
#[pyclass(frozen, get_all, module = "copydesk")]
pub(super) struct Edit {
    pub start: usize,
    pub end: usize,
    pub start_byte: usize,
    pub end_byte: usize,
    pub text: String,
}

/// A text after its fixes, and what is to become of it.
#[pyclass(frozen, get_all, module = "copydesk")]
pub(super) struct Cleaned {
    pub text: String,
    /// `clean`, `review` or `rejected`; a text that is rejected is as it was.
    pub verdict: &'static str,
    /// Why it is not clean.
    pub reasons: Py<PyList>,
    /// How many findings were mended.
    pub fixes: usize,
    /// What was changed, in order; `copydesk.restore` takes it back.
    pub ledger: Py<PyList>,
}

/// A stretch of a document's source in bytes and in characters.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stretch {
    pub bytes: Span,
    pub characters: Span,
}

impl Stretch {
    pub fn of(document: &Document, bytes: Span) -> Self {
        let (lines, source) = (document.source_lines(), document.source());
        Self { bytes, characters: Span::new(lines.characters(bytes.start, source), lines.characters(bytes.end, source)) }
    }
}

impl Finding {
    pub fn of(py: Python<'_>, document: &Document, reported: &Reported) -> PyResult<Self> {
        let finding = &reported.finding;
        let place = Place::of(document, finding.span);
        let stretch = Stretch::of(document, place.span);
        let Told { message, help, details } = finding.told();
        let related = report::related(document, finding, &details.related).map(|related| {
            let inside = if related.elsewhere { Stretch::default() } else { Stretch::of(document, related.span) };
            let related = Related {
                path: related.origin.path.clone(),
                label: related.label.into(),
                start: inside.characters.start,
                end: inside.characters.end,
                start_byte: inside.bytes.start,
                end_byte: inside.bytes.end,
                line: related.start.line,
                column: related.start.column,
            };
            Py::new(py, related)
        });
        let fix = details.fix.as_ref().map(|fix| {
            let edits = source_edits(document, fix).into_iter().map(|(span, text)| Py::new(py, Edit::of(document, span, text)));
            Py::new(py, Fix { safe: fix.safe, edits: edits.collect::<PyResult<_>>()? })
        });
        Ok(Self {
            path: document.origin.path.clone(),
            rule: finding.rule.to_string(),
            severity: finding.severity.name(),
            message,
            help,
            start: stretch.characters.start,
            end: stretch.characters.end,
            start_byte: stretch.bytes.start,
            end_byte: stretch.bytes.end,
            line: place.start.line,
            column: place.start.column,
            end_line: place.end.line,
            end_column: place.end.column,
            related: PyList::new(py, related.collect::<PyResult<Vec<_>>>()?)?.unbind(),
            fix: fix.transpose()?,
            evidence: evidence(py, &details.evidence)?.unbind(),
            fingerprint: reported.fingerprint.to_string(),
        })
    }
}

impl Edit {
    fn of(document: &Document, span: Span, text: String) -> Self {
        let at = Stretch::of(document, span);
        Self { start: at.characters.start, end: at.characters.end, start_byte: at.bytes.start, end_byte: at.bytes.end, text }
    }
}

#[pymethods]
impl Finding {
    fn __repr__(&self) -> String {
        let Self { rule, start, end, message, .. } = self;
        format!("Finding({rule}, {start}:{end}, {message:?})")
    }

    /// `path:line:column: severity[rule] message`, as `--format concise` prints it.
    fn __str__(&self) -> String {
        let Self { path, line, column, severity, rule, message, .. } = self;
        format!("{path}:{line}:{column}: {severity}[{rule}] {message}")
    }
}

fn evidence<'py>(py: Python<'py>, facts: &Facts) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    for (name, fact) in facts {
        match fact {
            Fact::Text(text) => dict.set_item(&**name, text)?,
            Fact::Count(count) => dict.set_item(&**name, count)?,
            Fact::Number(number) => dict.set_item(&**name, number)?,
            Fact::List(list) => dict.set_item(&**name, list)?,
        }
    }
    Ok(dict)
}

impl Cleaned {
    pub fn of(py: Python<'_>, cleaned: &clean::Cleaned) -> PyResult<Self> {
        let reasons = cleaned.reasons.iter().map(|reason| {
            let entry = PyDict::new(py);
            entry.set_item("rule", &reason.rule)?;
            entry.set_item("message", &reason.message)?;
            entry.set_item("line", reason.line)?;
            entry.set_item("column", reason.column)?;
            Ok(entry)
        });
        let entries = cleaned.entries().into_iter().map(|edit| {
            let entry = PyDict::new(py);
            entry.set_item("rule", edit.rule)?;
            entry.set_item("round", edit.round)?;
            entry.set_item("start_byte", edit.start)?;
            entry.set_item("end_byte", edit.end)?;
            entry.set_item("removed", edit.removed)?;
            entry.set_item("inserted", edit.inserted)?;
            Ok(entry)
        });
        Ok(Self {
            text: cleaned.text().into(),
            verdict: cleaned.verdict.name(),
            reasons: PyList::new(py, reasons.collect::<PyResult<Vec<_>>>()?)?.unbind(),
            fixes: cleaned.fixes(),
            ledger: PyList::new(py, entries.collect::<PyResult<Vec<_>>>()?)?.unbind(),
        })
    }
}

#[pymethods]
impl Cleaned {
    fn __repr__(&self) -> String {
        format!("<Cleaned: {}, {} fixes>", self.verdict, self.fixes)
    }
}

/// The text as it was before the edits of a ledger: `restore(cleaned.text, cleaned.ledger)`.
#[pyfunction]
pub(super) fn restore(text: &str, ledger: Vec<Bound<'_, PyDict>>) -> PyResult<String> {
    let other = || error::plain("the text is not as the ledger left it", Some("restore the text that was cleaned, unchanged"));
    let mut edits = Vec::new();
    for entry in &ledger {
        let field = |name: &str| {
            let missing = || error::plain(&format!("an entry of the ledger has no `{name}`"), None);
            entry.get_item(name)?.ok_or_else(missing)
        };
        let number = |name: &str| field(name)?.extract::<usize>();
        let text = |name: &str| field(name)?.extract::<String>();
        edits.push((number("round")?, number("start_byte")?, number("end_byte")?, text("removed")?, text("inserted")?));
    }
    let mut text = text.to_string();
    for round in edits.chunk_by(|a, b| a.0 == b.0).rev() {
        let (mut before, mut at) = (String::with_capacity(text.len()), 0);
        for (_, start, end, removed, inserted) in round {
            // Of the round's own text, all up to here has been rebuilt already.
            let kept = start.checked_sub(before.len()).ok_or_else(other)?;
            before += text.get(at..at + kept).ok_or_else(other)?;
            at += kept;
            if text.get(at..at + inserted.len()) != Some(inserted) || end - start != removed.len() {
                return Err(other());
            }
            at += inserted.len();
            before += removed;
        }
        before += text.get(at..).ok_or_else(other)?;
        text = before;
    }
    Ok(text)
}
