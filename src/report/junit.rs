//! JUnit XML: each document is a test suite, each finding a failed test, as CI servers show them.
//!
//! Written by hand, since a run of a million documents has to be written as it goes; the format has no official schema,
//! and this is the part of it that Jenkins, GitLab and the others all read.

use super::markup::escaped;
use super::place::{Place, name};
use super::visible::one_line;
use super::{Checked, Reporter};
use crate::triage::Summary;
use std::io::{self, Write};

const MESSAGE: usize = 2_000;

pub(super) struct Junit;

impl Reporter for Junit {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"copydesk\">")
    }

    fn document(&mut self, checked: &Checked, out: &mut dyn Write) -> io::Result<()> {
        let name = escaped(&name(&checked.document.origin));
        let failures = checked.findings.len();
        writeln!(out, r#"  <testsuite name="{name}" tests="{}" failures="{failures}" errors="0">"#, failures.max(1))?;
        for reported in &checked.findings {
            let finding = &reported.finding;
            let told = finding.told();
            let at = Place::of(&checked.document, finding.span).start;
            let message = escaped(&one_line(&told.message, MESSAGE));
            writeln!(out, r#"    <testcase classname="{name}" name="{} at {}:{}">"#, escaped(&finding.rule), at.line, at.column)?;
            writeln!(out, r#"      <failure type="{}" message="{message}">{name}:{}:{}: {message}"#, finding.severity, at.line, at.column)?;
            if let Some(help) = &told.help {
                writeln!(out, "help: {}", escaped(&one_line(help, MESSAGE)))?;
            }
            writeln!(out, "</failure>\n    </testcase>")?;
        }
        if failures == 0 {
            writeln!(out, r#"    <testcase classname="{name}" name="no findings"/>"#)?;
        }
        writeln!(out, "  </testsuite>")
    }

    fn finish(&mut self, _: &Summary, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "</testsuites>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;
    use crate::report::fixture::{checked, file, finding, typo, written};
    use crate::text::Span;

    #[test]
    fn findings_fail_and_clean_documents_pass() {
        assert_eq!(
            written(Junit, &[typo(file("a.txt")), checked(file("b.txt"), "Fine.\n", Vec::new())]),
            r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="copydesk">
  <testsuite name="a.txt" tests="1" failures="1" errors="0">
    <testcase classname="a.txt" name="real-word-typo at 2:13">
      <failure type="error" message="`Minster` should be `Minister`">a.txt:2:13: `Minster` should be `Minister`
help: Look it up.
</failure>
    </testcase>
  </testsuite>
  <testsuite name="b.txt" tests="1" failures="0" errors="0">
    <testcase classname="b.txt" name="no findings"/>
  </testsuite>
</testsuites>
"#
        );
    }

    #[test]
    fn hostile_text_stays_inside_its_element() {
        let hostile = finding("x", Severity::Error, Span::new(0, 1), "\"/></failure>]]>&\u{0}\u{fffe}\u{b}");
        let out = written(Junit, &[checked(file("<a>.txt"), "a", vec![hostile])]);
        assert!(out.contains("&quot;/&gt;&lt;/failure&gt;]]&gt;&amp;&lt;U+0000&gt;&lt;U+FFFE&gt;"), "{out}");
        assert!(out.contains("name=\"&lt;a&gt;.txt\""), "{out}");
    }
}
