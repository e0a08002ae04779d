//! Findings and cleaned texts as the columns of a table.

use super::finding::Stretch;
use super::schema;
use crate::clean::{Cleaned, Verdict};
use crate::finding::{Facts, Told};
use crate::fix::source_edits;
use crate::report::{self, Place};
use crate::triage::Checked;
use arrow_array::{ArrayRef, BooleanArray, Int64Array, LargeStringArray, ListArray, RecordBatch, StringArray, StructArray};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, DataType, Field, Fields};
use serde_json::{Map, Value};
use std::sync::Arc;

/// The findings of many documents, column by column.
#[derive(Default)]
pub(super) struct FindingColumns {
    path: Texts,
    record: Records,
    rule: Texts,
    severity: Texts,
    message: Texts,
    help: Vec<Option<String>>,
    place: Places,
    line: Vec<i64>,
    column: Vec<i64>,
    end_line: Vec<i64>,
    end_column: Vec<i64>,
    related: Relateds,
    fix: Fixes,
    evidence: Texts,
    fingerprint: Texts,
}

type Texts = Vec<String>;

#[derive(Default)]
struct Records {
    is_one: Vec<bool>,
    line: Vec<i64>,
    id: Vec<Option<String>>,
    field: Texts,
}

#[derive(Default)]
struct Places {
    start: Vec<i64>,
    end: Vec<i64>,
    start_byte: Vec<i64>,
    end_byte: Vec<i64>,
}

#[derive(Default)]
struct Relateds {
    lengths: Vec<usize>,
    path: Texts,
    label: Texts,
    place: Places,
    line: Vec<i64>,
    column: Vec<i64>,
}

#[derive(Default)]
struct Fixes {
    is_one: Vec<bool>,
    safe: Vec<bool>,
    lengths: Vec<usize>,
    place: Places,
    text: Texts,
}

impl FindingColumns {
    pub fn add(&mut self, checked: &Checked) {
        let document = &checked.document;
        for reported in &checked.findings {
            let finding = &reported.finding;
            let at = Place::of(document, finding.span);
            self.path.push(document.origin.path.clone());
            self.record.add(document.origin.record.as_ref());
            self.rule.push(finding.rule.to_string());
            self.severity.push(finding.severity.name().into());
            let Told { message, help, details } = finding.told();
            self.message.push(message);
            self.help.push(help);
            self.place.add(Stretch::of(document, at.span));
            self.line.push(at.start.line as i64);
            self.column.push(at.start.column as i64);
            self.end_line.push(at.end.line as i64);
            self.end_column.push(at.end.column as i64);
            let before = self.related.path.len();
            for place in report::related(document, finding, &details.related) {
                self.related.path.push(place.origin.path.clone());
                self.related.label.push(place.label.into());
                self.related.place.add(if place.elsewhere { Stretch::default() } else { Stretch::of(document, place.span) });
                self.related.line.push(place.start.line as i64);
                self.related.column.push(place.start.column as i64);
            }
            self.related.lengths.push(self.related.path.len() - before);
            let edits = details.fix.as_ref().map(|fix| source_edits(document, fix)).unwrap_or_default();
            self.fix.is_one.push(details.fix.is_some());
            self.fix.safe.push(finding.has_fix() == Some(true));
            self.fix.lengths.push(edits.len());
            for (span, text) in edits {
                self.fix.place.add(Stretch::of(document, span));
                self.fix.text.push(text);
            }
            self.evidence.push(object(&details.evidence));
            self.fingerprint.push(reported.fingerprint.to_string());
        }
    }

    pub fn finish(self) -> Result<RecordBatch, ArrowError> {
        let Self { path, record, rule, severity, message, help, place, line, column, end_line, end_column, .. } = self;
        let mut columns: Vec<ArrayRef> = vec![texts(path), record.finish()?, texts(rule), texts(severity), texts(message)];
        columns.push(Arc::new(StringArray::from(help)));
        columns.extend(place.finish());
        columns.extend([line, column, end_line, end_column].map(numbers));
        columns.extend([self.related.finish()?, self.fix.finish()?, texts(self.evidence), texts(self.fingerprint)]);
        RecordBatch::try_new(schema::findings(), columns)
    }
}

impl Records {
    fn add(&mut self, record: Option<&crate::document::Record>) {
        self.is_one.push(record.is_some());
        self.line.push(record.map_or(0, |record| record.line as i64));
        self.id.push(record.and_then(|record| record.id.clone()));
        self.field.push(record.map(|record| record.field.clone()).unwrap_or_default());
    }

    fn finish(self) -> Result<ArrayRef, ArrowError> {
        let columns = vec![numbers(self.line), Arc::new(StringArray::from(self.id)) as ArrayRef, texts(self.field)];
        optional(schema::record(), columns, self.is_one)
    }
}

impl Places {
    fn add(&mut self, at: Stretch) {
        self.start.push(at.characters.start as i64);
        self.end.push(at.characters.end as i64);
        self.start_byte.push(at.bytes.start as i64);
        self.end_byte.push(at.bytes.end as i64);
    }

    fn finish(self) -> [ArrayRef; 4] {
        [self.start, self.end, self.start_byte, self.end_byte].map(numbers)
    }
}

impl Relateds {
    fn finish(self) -> Result<ArrayRef, ArrowError> {
        let mut columns = vec![texts(self.path), texts(self.label)];
        columns.extend(self.place.finish());
        columns.extend([self.line, self.column].map(numbers));
        list(schema::related(), columns, self.lengths)
    }
}

impl Fixes {
    fn finish(self) -> Result<ArrayRef, ArrowError> {
        let mut columns = self.place.finish().to_vec();
        columns.push(texts(self.text));
        let edits = list(schema::edit(), columns, self.lengths)?;
        optional(schema::fix(), vec![Arc::new(BooleanArray::from(self.safe)), edits], self.is_one)
    }
}

/// Cleaned texts, column by column.
#[derive(Default)]
pub(super) struct CleanedColumns {
    path: Texts,
    text: Vec<Option<String>>,
    verdict: Texts,
    reasons: Reasons,
    fixes: Vec<i64>,
    ledger: Ledger,
}

#[derive(Default)]
struct Reasons {
    lengths: Vec<usize>,
    rule: Texts,
    message: Texts,
    line: Vec<i64>,
    column: Vec<i64>,
}

#[derive(Default)]
struct Ledger {
    lengths: Vec<usize>,
    rule: Texts,
    round: Vec<i64>,
    start: Vec<i64>,
    end: Vec<i64>,
    removed: Texts,
    inserted: Texts,
}

impl CleanedColumns {
    pub fn add(&mut self, path: String, cleaned: &Cleaned) {
        self.path.push(path);
        self.text.push(Some(cleaned.text().into()));
        self.verdict.push(cleaned.verdict.name().into());
        self.fixes.push(cleaned.fixes() as i64);
        self.reasons.lengths.push(cleaned.reasons.len());
        for reason in &cleaned.reasons {
            self.reasons.rule.push(reason.rule.clone());
            self.reasons.message.push(reason.message.clone());
            self.reasons.line.push(reason.line as i64);
            self.reasons.column.push(reason.column as i64);
        }
        let entries = cleaned.entries();
        self.ledger.lengths.push(entries.len());
        for edit in entries {
            self.ledger.rule.push(edit.rule);
            self.ledger.round.push(edit.round as i64);
            self.ledger.start.push(edit.start as i64);
            self.ledger.end.push(edit.end as i64);
            self.ledger.removed.push(edit.removed);
            self.ledger.inserted.push(edit.inserted);
        }
    }

    /// A row without a text stays one.
    pub fn add_null(&mut self, path: String) {
        self.path.push(path);
        self.text.push(None);
        self.verdict.push(Verdict::Rejected.name().into());
        self.fixes.push(0);
        self.reasons.lengths.push(0);
        self.ledger.lengths.push(0);
    }

    pub fn finish(self) -> Result<RecordBatch, ArrowError> {
        let Reasons { lengths, rule, message, line, column } = self.reasons;
        let reasons = list(schema::reasons(), vec![texts(rule), texts(message), numbers(line), numbers(column)], lengths)?;
        let Ledger { lengths, rule, round, start, end, removed, inserted } = self.ledger;
        let [round, start, end] = [round, start, end].map(numbers);
        let ledger = list(schema::ledger(), vec![texts(rule), round, start, end, texts(removed), texts(inserted)], lengths)?;
        let text = Arc::new(LargeStringArray::from(self.text));
        RecordBatch::try_new(schema::cleaned(), vec![texts(self.path), text, texts(self.verdict), reasons, numbers(self.fixes), ledger])
    }
}

/// Evidence as one JSON object, since its values differ from rule to rule.
fn object(facts: &Facts) -> String {
    let value = |fact| serde_json::to_value(fact).unwrap_or(Value::Null);
    Value::Object(facts.iter().map(|(name, fact)| (name.to_string(), value(fact))).collect::<Map<_, _>>()).to_string()
}

pub(super) fn texts(values: Vec<String>) -> ArrayRef {
    Arc::new(StringArray::from(values))
}

pub(super) fn numbers(values: Vec<i64>) -> ArrayRef {
    Arc::new(Int64Array::from(values))
}

pub(super) fn list(fields: Fields, columns: Vec<ArrayRef>, lengths: Vec<usize>) -> Result<ArrayRef, ArrowError> {
    let values = StructArray::try_new(fields.clone(), columns, None)?;
    Ok(Arc::new(ListArray::try_new(schema::item(fields), OffsetBuffer::from_lengths(lengths), Arc::new(values), None)?))
}

pub(super) fn number_lists(values: Vec<i64>, counts: Vec<usize>) -> Result<ArrayRef, ArrowError> {
    let item = Arc::new(Field::new_list_field(DataType::Int64, false));
    Ok(Arc::new(ListArray::try_new(item, OffsetBuffer::from_lengths(counts), numbers(values), None)?))
}

pub(super) fn text_lists(values: Vec<String>, counts: Vec<usize>) -> Result<ArrayRef, ArrowError> {
    let item = Arc::new(Field::new_list_field(DataType::Utf8, false));
    Ok(Arc::new(ListArray::try_new(item, OffsetBuffer::from_lengths(counts), texts(values), None)?))
}

fn optional(fields: Fields, columns: Vec<ArrayRef>, is_one: Vec<bool>) -> Result<ArrayRef, ArrowError> {
    Ok(Arc::new(StructArray::try_new(fields, columns, Some(NullBuffer::from(is_one)))?))
}
