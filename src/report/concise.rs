//! `path:line:column: severity[rule] message`: one line for each finding, as compilers print them and editors read them.

use super::handler::{Look, Renderer, level};
use super::place::{Place, name};
use super::visible::{ascii_signs, one_line};
use super::{Checked, Reporter};
use std::io::{self, Write};

/// Characters of a message that are shown.
const MESSAGE: usize = 400;

pub(super) struct Concise {
    look: Look,
    renderer: Renderer,
}

impl Concise {
    pub fn new(look: Look) -> Self {
        Self { look, renderer: Renderer::new(look) }
    }
}

impl Reporter for Concise {
    fn document(&mut self, checked: &Checked, out: &mut dyn Write) -> io::Result<()> {
        let origin = &checked.document.origin;
        let name = name(origin);
        for reported in &checked.findings {
            let finding = &reported.finding;
            // A line of a file of records is a whole document: that is as near as an editor gets.
            match origin.record {
                Some(_) => write!(out, "{name}: ")?,
                None => {
                    let at = Place::of(&checked.document, finding.span).start;
                    write!(out, "{name}:{}:{}: ", at.line, at.column)?;
                }
            }
            let style = self.renderer.severity(level(finding.severity));
            let message = one_line(&finding.message, MESSAGE);
            let message = if self.look.unicode { message } else { ascii_signs(&message) };
            writeln!(out, "{} {message}", style.style(format_args!("{}[{}]", finding.severity, finding.rule)))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Origin, Record};
    use crate::finding::{Finding, Severity};
    use crate::text::Span;
    use crate::triage::Reported;

    fn line(origin: Origin) -> String {
        let finding = Finding {
            rule: "doubled-word".into(),
            severity: Severity::Warning,
            span: Span::new(9, 16),
            message: "`the\nthe`".into(),
            help: None,
            related: Vec::new(),
            fix: None,
            evidence: Vec::new(),
            copy_of: None,
            also: Vec::new(),
        };
        let document = Document::new(origin, "É first\nthe the\n");
        let findings = vec![Reported { finding, fingerprint: String::new() }];
        let checked = Checked { document, findings, suppressed: Vec::new(), baselined: Vec::new() };
        let mut out = Vec::new();
        Concise::new(Look { color: false, width: 80, unicode: true }).document(&checked, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn files_have_line_and_column_and_records_their_line() {
        let origin = Origin { path: "a.txt".into(), ..Origin::default() };
        assert_eq!(line(origin.clone()), "a.txt:2:1: warning[doubled-word] `the the`\n");
        let record = Record { line: 12, id: Some("a17".into()), field: "text".into() };
        let origin = Origin { path: "a.jsonl".into(), record: Some(record), ..origin };
        assert_eq!(line(origin), "a.jsonl:12 (a17): warning[doubled-word] `the the`\n");
    }
}
