//! GitLab's Code Quality report: a JSON array, shown in merge requests.
//!
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use super::place::{Place, record_text};
use super::{Checked, Reporter};
use crate::finding::Severity;
use crate::triage::{Fingerprint, Summary};
use serde::Serialize;
use std::io::{self, Write};

pub(super) struct Gitlab {
    first: bool,
}

impl Gitlab {
    pub const fn new() -> Self {
        Self { first: true }
    }
}

impl Reporter for Gitlab {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"[")
    }

    fn document(&mut self, checked: &Checked, out: &mut dyn Write) -> io::Result<()> {
        let origin = &checked.document.origin;
        for reported in &checked.findings {
            let finding = &reported.finding;
            let place = Place::of(&checked.document, finding.span);
            let inside = record_text(origin, &format!("{}:{}", place.start.line, place.start.column));
            let (begin, end) = origin.record.as_ref().map_or((place.start.line, place.end.line), |record| (record.line, record.line));
            let violation = Violation {
                description: inside.map_or_else(|| finding.message(), |inside| format!("{} ({inside})", finding.message())),
                check_name: &finding.rule,
                fingerprint: reported.fingerprint,
                severity: match finding.severity {
                    Severity::Error => "major",
                    Severity::Warning => "minor",
                    Severity::Info => "info",
                },
                location: Location { path: origin.path.strip_prefix("./").unwrap_or(&origin.path), lines: Lines { begin, end } },
            };
            out.write_all(if self.first { b"\n" } else { b",\n" })?;
            self.first = false;
            serde_json::to_writer(&mut *out, &violation)?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"\n]\n")
    }
}

/// GitLab's word for it.
#[derive(Serialize)]
struct Violation<'d> {
    description: String,
    check_name: &'d str,
    fingerprint: Fingerprint,
    severity: &'static str,
    location: Location<'d>,
}

#[derive(Serialize)]
struct Location<'d> {
    path: &'d str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::{file, record, typo, written};
    use serde_json::{Value, json};

    #[test]
    fn the_report_is_one_array() {
        let report: Value = serde_json::from_str(&written(Gitlab::new(), &[typo(file("./a.txt")), typo(record("a.jsonl"))])).unwrap();
        assert_eq!(
            report[0],
            json!({
                "description": "`Minster` should be `Minister`", "check_name": "real-word-typo", "fingerprint": "0000000000000000000000000000f00d",
                "severity": "major", "location": {"path": "a.txt", "lines": {"begin": 2, "end": 2}}
            })
        );
        assert_eq!(report[1]["location"]["lines"]["begin"], 12);
        assert_eq!(serde_json::from_str::<Value>(&written(Gitlab::new(), &[])).unwrap(), json!([]));
    }
}
