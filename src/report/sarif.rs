//! SARIF 2.1.0, the OASIS format for results of static analysis, written result by result.
//!
//! A place in a record of a JSONL file is the line of the file; where in the text it is stands in the logical location.

use super::place::{Place, record_text};
use super::{Checked, Reporter, RuleInfo};
use crate::document::{Document, Origin};
use crate::finding::{Facts, Fix, Label, Severity, Told};
use crate::fix::source_edits;
use crate::text::Span;
use crate::triage::{Fingerprint, Reported, Summary};
use serde::Serialize;
use std::collections::HashMap;
use std::io::{self, Write};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const HOME: &str = env!("CARGO_PKG_REPOSITORY");
/// The name of the fingerprint; a new way of making it would get a new one.
const FINGERPRINT: &str = "copydesk/v1";

pub(super) struct Sarif {
    driver: Driver,
    index: HashMap<String, usize>,
    first: bool,
    /// Findings are compared with a baseline: what it does not know is new.
    baseline: bool,
}

impl Sarif {
    pub fn new(rules: &[RuleInfo], baseline: bool) -> Self {
        let index = rules.iter().enumerate().map(|(index, rule)| (rule.id.to_string(), index)).collect();
        let driver = Driver {
            name: "copydesk",
            semantic_version: env!("CARGO_PKG_VERSION"),
            information_uri: Some(HOME).filter(|home| !home.is_empty()),
            rules: rules.iter().map(Descriptor::new).collect(),
        };
        Self { driver, index, first: true, baseline }
    }

    fn result(&mut self, result: &ResultObject<'_>, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.first { b"\n" } else { b",\n" })?;
        self.first = false;
        Ok(serde_json::to_writer(out, result)?)
    }
}

impl Reporter for Sarif {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let driver = serde_json::to_string(&self.driver)?;
        write!(
            out,
            r#"{{"$schema":"{SCHEMA}","version":"2.1.0","runs":[{{"tool":{{"driver":{driver}}},"columnKind":"unicodeCodePoints","results":["#
        )
    }

    fn document(&mut self, checked: &Checked, out: &mut dyn Write) -> io::Result<()> {
        let document = &checked.document;
        for reported in &checked.findings {
            let mut result = ResultObject::new(document, reported, &self.index);
            result.baseline_state = self.baseline.then_some("new");
            self.result(&result, out)?;
        }
        for reported in &checked.suppressed {
            let mut result = ResultObject::new(document, reported, &self.index);
            result.suppressions.push(Suppression { kind: "external", status: "accepted" });
            self.result(&result, out)?;
        }
        for reported in &checked.baselined {
            let mut result = ResultObject::new(document, reported, &self.index);
            result.baseline_state = Some("unchanged");
            self.result(&result, out)?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "],\"invocations\":[{{\"executionSuccessful\":{}}}]}}]}}", summary.unread == 0)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    information_uri: Option<&'static str>,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: String,
    short_description: Message,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_description: Option<Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<Message>,
    default_configuration: Configuration,
    properties: Tags,
}

impl Descriptor {
    fn new(rule: &RuleInfo) -> Self {
        let why = Some(rule.why.trim()).filter(|why| !why.is_empty());
        Self {
            id: rule.id.to_string(),
            short_description: Message::new(&rule.summary),
            full_description: why.map(Message::new),
            help: rule.help.as_deref().or(why).map(Message::new),
            default_configuration: Configuration { level: level(rule.severity) },
            properties: Tags { tags: vec![rule.group.clone()] },
        }
    }
}

#[derive(Serialize)]
struct Message {
    text: String,
}

impl Message {
    fn new(text: &str) -> Self {
        Self { text: text.to_string() }
    }
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Tags {
    tags: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultObject<'d> {
    rule_id: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: HashMap<&'static str, Fingerprint>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<FixObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression>,
    properties: Evidence,
}

#[derive(Serialize)]
struct Evidence {
    #[serde(serialize_with = "super::json::as_object")]
    evidence: Facts,
}

#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
    status: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    fully_qualified_name: String,
    kind: &'static str,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FixObject {
    description: Message,
    artifact_changes: Vec<ArtifactChange>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange {
    artifact_location: Artifact,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Message,
}

impl<'d> ResultObject<'d> {
    fn new(document: &Document, reported: &'d Reported, index: &HashMap<String, usize>) -> Self {
        let finding = &reported.finding;
        let Told { message, help, details } = finding.told();
        let text = match help {
            Some(help) => format!("{message} — {help}"),
            None => message,
        };
        let fix = details.fix.as_ref();
        let fixes = fix.filter(|_| document.origin.record.is_none()).map(|fix| FixObject::new(document, fix)).into_iter().collect();
        let also = finding.also().iter().map(|&span| Label::here(span, "also here"));
        let related = details.related.into_iter().chain(also).enumerate();
        Self {
            rule_id: &finding.rule,
            rule_index: index.get(&*finding.rule).copied(),
            level: level(finding.severity),
            message: Message { text },
            locations: vec![Location::here(document, finding.span)],
            related_locations: related.map(|(id, label)| Location::related(document, &label, id + 1)).collect(),
            partial_fingerprints: HashMap::from([(FINGERPRINT, reported.fingerprint)]),
            fixes,
            baseline_state: None,
            suppressions: Vec::new(),
            properties: Evidence { evidence: details.evidence },
        }
    }
}

impl Location {
    fn here(document: &Document, span: Span) -> Self {
        let place = Place::of(document, span);
        let region = match &document.origin.record {
            Some(record) => Region { start_line: record.line, ..Region::default() },
            None => Region::of(place),
        };
        let inside = format!("{}:{}", place.start.line, place.start.column);
        Self::new(&document.origin, region, &inside)
    }

    fn related(document: &Document, label: &Label, id: usize) -> Self {
        let location = match &label.elsewhere {
            None => Self::here(document, label.span),
            Some(place) => {
                let region = match &place.origin.record {
                    Some(record) => Region { start_line: record.line, ..Region::default() },
                    None => Region { start_line: place.line, start_column: Some(place.column), ..Region::default() },
                };
                Self::new(&place.origin, region, &format!("{}:{}", place.line, place.column))
            }
        };
        Self { id: Some(id), message: Some(Message::new(&label.text)), ..location }
    }

    fn new(origin: &Origin, region: Region, inside: &str) -> Self {
        let logical = record_text(origin, inside).map(|name| LogicalLocation { fully_qualified_name: name, kind: "element" });
        Self {
            id: None,
            physical_location: PhysicalLocation { artifact_location: Artifact { uri: uri(&origin.path) }, region },
            logical_locations: logical.into_iter().collect(),
            message: None,
        }
    }
}

impl Region {
    fn of(place: Place) -> Self {
        Self {
            start_line: place.start.line,
            start_column: Some(place.start.column),
            end_line: Some(place.end.line),
            end_column: Some(place.end.column),
        }
    }
}

impl FixObject {
    /// In a record the places are inside a JSON string, which no editor can change by them.
    fn new(document: &Document, fix: &Fix) -> Self {
        let replacements = source_edits(document, fix).into_iter().map(|(span, text)| {
            let place = Place { span, start: document.source_position(span.start), end: document.source_position(span.end) };
            Replacement { deleted_region: Region::of(place), inserted_content: Message { text } }
        });
        let change =
            ArtifactChange { artifact_location: Artifact { uri: uri(&document.origin.path) }, replacements: replacements.collect() };
        let description = if fix.safe { "Certain enough to be applied unseen." } else { "Look before you apply it." };
        Self { description: Message::new(description), artifact_changes: vec![change] }
    }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// A path as a URI reference: relative as it is, absolute with its scheme; what a URI cannot hold is percent-encoded.
fn uri(path: &str) -> String {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_string() };
    let path = path.strip_prefix("./").unwrap_or(&path);
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "" });
    for &byte in path.as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(byte as char),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::{file, record, typo, written};
    use serde_json::{Value, json};

    fn log(documents: &[Checked], baseline: bool) -> Value {
        let rule = RuleInfo {
            id: "real-word-typo".into(),
            group: "spelling".into(),
            severity: Severity::Error,
            summary: "A word that exists, but not here.".into(),
            why: "Spell checkers accept it.".into(),
            help: None,
        };
        serde_json::from_str(&written(Sarif::new(&[rule], baseline), documents)).unwrap()
    }

    #[test]
    fn a_run_without_findings_is_whole() {
        let log = log(&[], false);
        assert_eq!(log["version"], "2.1.0");
        assert_eq!(log["runs"][0]["results"], json!([]));
        assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][0]["defaultConfiguration"]["level"], "error");
        assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], true);
    }

    #[test]
    fn a_result_has_all_that_the_format_asks_for() {
        let log = log(&[typo(file("./news/a b.txt"))], false);
        let result = &log["runs"][0]["results"][0];
        assert_eq!((&result["ruleId"], &result["ruleIndex"], &result["level"]), (&json!("real-word-typo"), &json!(0), &json!("error")));
        assert!(result["message"]["text"].is_string());
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "news/a%20b.txt");
        assert_eq!(place["region"], json!({"startLine": 2, "startColumn": 13, "endLine": 2, "endColumn": 20}));
        assert_eq!(result["relatedLocations"][0]["message"]["text"], "here");
        assert_eq!(result["partialFingerprints"]["copydesk/v1"], "0000000000000000000000000000f00d");
        let change = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
        assert_eq!((&change["deletedRegion"], &change["insertedContent"]["text"]), (&place["region"], &json!("Minister")));
        assert_eq!(result["properties"]["evidence"]["seen"], 3);
        assert_eq!(result["baselineState"], Value::Null);
    }

    #[test]
    fn records_suppressions_and_the_baseline_are_told() {
        let mut checked = typo(record("a.jsonl"));
        checked.suppressed = checked.findings.clone();
        checked.baselined = checked.findings.clone();
        let log = log(&[checked], true);
        let results = log["runs"][0]["results"].as_array().unwrap();
        assert_eq!(results.len(), 3);
        assert_eq!(results[0]["locations"][0]["physicalLocation"]["region"], json!({"startLine": 12}));
        assert_eq!(results[0]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "a.jsonl:12 (a17) text 2:13");
        assert_eq!(results[0]["fixes"], Value::Null);
        assert_eq!(results[1]["suppressions"][0]["status"], "accepted");
        assert_eq!((&results[0]["baselineState"], &results[2]["baselineState"]), (&json!("new"), &json!("unchanged")));
    }

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("/a/Été #1%.txt"), "file:///a/%C3%89t%C3%A9%20%231%25.txt");
    }
}
