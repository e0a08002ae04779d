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
            let message = one_line(&finding.message(), MESSAGE);
            let message = if self.look.unicode { message } else { ascii_signs(&message) };
            writeln!(out, "{} {message}", style.style(format_args!("{}[{}]", finding.severity, finding.rule)))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::{checked, file, finding, look, record, typo, written};
    use crate::text::Span;

    #[test]
    fn files_have_line_and_column_and_records_their_line() {
        assert_eq!(
            written(Concise::new(look(80)), &[typo(file("a.txt")), typo(record("a.jsonl"))]),
            "a.txt:2:13: error[real-word-typo] `Minster` should be `Minister`\n\
             a.jsonl:12 (a17): error[real-word-typo] `Minster` should be `Minister`\n"
        );
    }

    #[test]
    fn each_finding_keeps_to_its_line() {
        let doubled = finding("doubled-word", crate::finding::Severity::Warning, Span::new(0, 7), "`the\nthe\u{1b}`");
        let document = checked(file("a\nb.txt"), "the\nthe\n", vec![doubled]);
        assert_eq!(written(Concise::new(look(80)), &[document]), "a<U+000A>b.txt:1:1: warning[doubled-word] `the the<U+001B>`\n");
    }
}
