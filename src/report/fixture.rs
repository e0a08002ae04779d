//! Documents and findings for the tests of the reporters.

use super::{Checked, Look, Reporter};
use crate::document::{Document, Origin, Record};
use crate::finding::{Details, Edit, Fact, Finding, Fix, Label, Severity};
use crate::text::Span;
use crate::triage::{Fingerprint, Reported, Summary};

pub fn look(width: usize) -> Look {
    Look { color: false, width, unicode: true }
}

pub fn finding(rule: &str, severity: Severity, span: Span, message: &str) -> Reported {
    Reported { finding: Finding::new(rule, severity, span, message).helped("Look it up."), fingerprint: Fingerprint::from(0xf00d) }
}

pub fn file(path: &str) -> Origin {
    Origin { path: path.into(), ..Origin::default() }
}

pub fn record(path: &str) -> Origin {
    Origin { record: Some(Record { line: 12, id: Some("a17".into()), field: "text".into() }), ..file(path) }
}

pub fn checked(origin: Origin, text: &str, findings: Vec<Reported>) -> Checked {
    Checked { document: Document::new(origin, text), findings, suppressed: Vec::new(), baselined: Vec::new() }
}

/// A typo in line 2, column 13, with a related place, a fix and evidence.
pub fn typo(origin: Origin) -> Checked {
    let text = "Één town.\nThe Foreign Minster left.\n";
    let start = text.find("Minster").unwrap();
    let span = Span::new(start, start + 7);
    let mut typo = finding("real-word-typo", Severity::Error, span, "`Minster` should be `Minister`");
    typo.finding = typo.finding.with(&Details {
        related: vec![Label::here(Span::new(0, 5), "here")],
        fix: Some(Fix { edits: vec![Edit { span, text: "Minister".into() }], safe: true }),
        evidence: vec![("ratio".into(), Fact::Number(0.5)), ("seen".into(), Fact::Count(3))],
        copy_of: None,
    });
    checked(origin, text, vec![typo])
}

/// All that a reporter writes of some documents.
pub fn written(mut reporter: impl Reporter, documents: &[Checked]) -> String {
    let mut out = Vec::new();
    let mut summary = Summary::default();
    reporter.begin(&mut out).unwrap();
    for checked in documents {
        summary.add(checked);
        reporter.document(checked, &mut out).unwrap();
    }
    reporter.finish(&summary, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}
