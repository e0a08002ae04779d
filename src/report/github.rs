//! Workflow commands of GitHub Actions, which GitHub shows as annotations on the lines of a pull request.
//!
//! <https://docs.github.com/actions/using-workflows/workflow-commands-for-github-actions>

use super::place::{Place, record_text};
use super::{Checked, Reporter};
use crate::finding::Severity;
use std::io::{self, Write};

pub(super) struct Github;

impl Reporter for Github {
    fn document(&mut self, checked: &Checked, out: &mut dyn Write) -> io::Result<()> {
        let origin = &checked.document.origin;
        let path = origin.path.strip_prefix("./").unwrap_or(&origin.path);
        for reported in &checked.findings {
            let finding = &reported.finding;
            let command = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "notice",
            };
            write!(out, "::{command} file={}", property(path))?;
            let Place { start, end, .. } = Place::of(&checked.document, finding.span);
            let inside = record_text(origin, &format!("{}:{}", start.line, start.column));
            match &origin.record {
                Some(record) => write!(out, ",line={}", record.line)?,
                // GitHub refuses columns of a place of several lines.
                None if start.line != end.line => write!(out, ",line={},endLine={}", start.line, end.line)?,
                None => write!(out, ",line={},col={},endColumn={}", start.line, start.column, end.column)?,
            }
            let told = finding.told();
            write!(out, ",title={}::{}", property(&finding.rule), data(&told.message))?;
            for more in told.help.iter().chain(&inside) {
                write!(out, "%0A{}", data(more))?;
            }
            writeln!(out)?;
        }
        Ok(())
    }
}

/// What stands behind `::`, where a line break would end the command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value before `::`, where colons and commas part the values.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::{checked, file, finding, record, typo, written};
    use crate::text::Span;

    #[test]
    fn an_annotation_stands_at_its_place() {
        assert_eq!(
            written(Github, &[typo(file("./a,b.txt")), typo(record("a.jsonl"))]),
            "::error file=a%2Cb.txt,line=2,col=13,endColumn=20,title=real-word-typo::`Minster` should be `Minister`%0ALook it up.\n\
             ::error file=a.jsonl,line=12,title=real-word-typo::`Minster` should be `Minister`%0ALook it up.%0Aa.jsonl:12 (a17) text 2:13\n"
        );
    }

    #[test]
    fn no_text_can_start_a_command_of_its_own() {
        let hostile = finding("x", Severity::Info, Span::new(0, 3), "a\n::set-env name=b::100%\r");
        let out = written(Github, &[checked(file("a.txt"), "a\nb", vec![hostile])]);
        assert_eq!(out, "::notice file=a.txt,line=1,endLine=2,title=x::a%0A::set-env name=b::100%25%0D%0ALook it up.\n");
    }
}
