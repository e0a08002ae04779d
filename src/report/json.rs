//! One JSON object a line for each finding, in the shape that scripts rely on.

use super::place::{Place, related};
use super::{Checked, Reporter};
use crate::document::{Document, Origin, Record};
use crate::finding::{Facts, Fix, Severity, Told};
use crate::fix::source_edits;
use crate::triage::{Fingerprint, Reported};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::io::{self, Write};

pub(super) struct Json;

impl Reporter for Json {
    fn document(&mut self, checked: &Checked, out: &mut dyn Write) -> io::Result<()> {
        for reported in &checked.findings {
            serde_json::to_writer(&mut *out, &Line::new(&checked.document, reported, &reported.finding.told()))?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct Line<'d> {
    path: &'d str,
    record: Option<RecordPlace<'d>>,
    rule: &'d str,
    severity: Severity,
    message: &'d str,
    help: Option<&'d str>,
    start: usize,
    end: usize,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    related: Vec<Related<'d>>,
    fix: Option<FixLine>,
    #[serde(serialize_with = "as_object")]
    evidence: &'d Facts,
    fingerprint: Fingerprint,
}

#[derive(Serialize)]
struct RecordPlace<'d> {
    line: usize,
    id: Option<&'d str>,
    field: &'d str,
}

#[derive(Serialize)]
struct Related<'d> {
    path: &'d str,
    record: Option<RecordPlace<'d>>,
    start: usize,
    end: usize,
    line: usize,
    column: usize,
    label: &'d str,
}

#[derive(Serialize)]
struct FixLine {
    safe: bool,
    edits: Vec<EditLine>,
}

#[derive(Serialize)]
struct EditLine {
    start: usize,
    end: usize,
    text: String,
}

impl<'d> Line<'d> {
    fn new(document: &'d Document, reported: &'d Reported, told: &'d Told) -> Self {
        let finding = &reported.finding;
        let Told { message, help, details } = told;
        let at = Place::of(document, finding.span);
        let related = related(document, finding, &details.related).map(|place| Related {
            path: &place.origin.path,
            record: record(place.origin),
            start: place.span.start,
            end: place.span.end,
            line: place.start.line,
            column: place.start.column,
            label: place.label,
        });
        Self {
            path: &document.origin.path,
            record: record(&document.origin),
            rule: &finding.rule,
            severity: finding.severity,
            message,
            help: help.as_deref(),
            start: at.span.start,
            end: at.span.end,
            line: at.start.line,
            column: at.start.column,
            end_line: at.end.line,
            end_column: at.end.column,
            related: related.collect(),
            fix: details.fix.as_ref().map(|fix| fix_line(document, fix)),
            evidence: &details.evidence,
            fingerprint: reported.fingerprint,
        }
    }
}

fn record(origin: &Origin) -> Option<RecordPlace<'_>> {
    let Record { line, id, field } = origin.record.as_ref()?;
    Some(RecordPlace { line: *line, id: id.as_deref(), field })
}

fn fix_line(document: &Document, fix: &Fix) -> FixLine {
    let edits = source_edits(document, fix).into_iter().map(|(span, text)| EditLine { start: span.start, end: span.end, text });
    FixLine { safe: fix.safe, edits: edits.collect() }
}

pub(super) fn as_object<S: Serializer>(facts: &Facts, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(facts.len()))?;
    for (name, fact) in facts {
        map.serialize_entry(name, fact)?;
    }
    map.end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::{file, record, typo, written};

    #[test]
    fn a_finding_is_one_line_in_the_agreed_shape() {
        assert_eq!(
            written(Json, &[typo(record("news.jsonl"))]),
            concat!(
                r#"{"path":"news.jsonl","record":{"line":12,"id":"a17","field":"text"},"rule":"real-word-typo","severity":"error","#,
                r#""message":"`Minster` should be `Minister`","help":"Look it up.","start":24,"end":31,"line":2,"column":13,"#,
                r#""end_line":2,"end_column":20,"related":[{"path":"news.jsonl","record":{"line":12,"id":"a17","field":"text"},"#,
                r#""start":0,"end":5,"line":1,"column":1,"label":"here"}],"fix":{"safe":true,"edits":[{"start":24,"end":31,"#,
                r#""text":"Minister"}]},"evidence":{"ratio":0.5,"seen":3},"fingerprint":"0000000000000000000000000000f00d"}"#,
                "\n"
            )
        );
    }

    #[test]
    fn offsets_are_those_of_the_file_on_disk() {
        let mut checked = typo(file("a.txt"));
        checked.document = Document::new(file("a.txt"), "\u{feff}Één town.\nThe Foreign Minster left.\n");
        let line: serde_json::Value = serde_json::from_str(&written(Json, &[checked])).unwrap();
        assert_eq!((&line["start"], &line["record"], &line["fix"]["edits"][0]["end"]), (&27.into(), &serde_json::Value::Null, &34.into()));
    }
}
