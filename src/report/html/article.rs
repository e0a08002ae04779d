//! One article as a person reads it, with its findings marked in place and the notes beside them.

use super::compare;
use crate::document::Document;
use crate::finding::{Fact, Label, Severity, Told, in_words};
use crate::report::markup::{article, escaped};
use crate::report::place;
use crate::report::summary::counted;
use crate::text::Span;
use crate::triage::{Checked, Reported};
use std::fmt::Write;

/// Bytes of text of which every line is shown; of longer articles only those near a finding.
const WHOLE: usize = 60_000;
/// Lines around a finding that are shown of a longer article.
const NEAR: usize = 3;
/// Bytes of a stretch of text without a mark that are shown; of a longer one its beginning and its end.
const STRETCH: usize = 6_000;

/// The article's lines with marks and notes. `first` is the number of its first finding in the report.
pub(super) fn render(checked: &Checked, first: usize) -> String {
    let page = Page { document: &checked.document, findings: &checked.findings, first };
    let mut markup = String::new();
    // Writing to a string cannot fail.
    let _ = page.lines(&mut markup);
    markup
}

struct Page<'d> {
    document: &'d Document,
    findings: &'d [Reported],
    first: usize,
}

impl Page<'_> {
    fn lines(&self, out: &mut String) -> std::fmt::Result {
        let (text, lines) = (&*self.document.text, self.document.lines());
        let mut left_out = 0;
        let mut notes = 0;
        // Findings that have begun and not ended: few, but a long one stays open over many lines.
        let mut open: Vec<usize> = Vec::new();
        for (number, near) in self.lines_near_findings().into_iter().enumerate() {
            let line = lines.span(number, text);
            open.retain(|&finding| self.span(finding).end > line.start);
            let start = notes;
            let end = lines.full(number, text).end;
            while notes < self.findings.len() && (self.span(notes).start < end || number + 1 == lines.count()) {
                open.push(notes);
                notes += 1;
            }
            if text.len() > WHOLE && !near {
                left_out += 1;
                continue;
            }
            gap(&mut left_out, out)?;
            if line.trim(text).is_empty() && start == notes {
                continue;
            }
            self.line(number, line, &open, out)?;
            if start < notes {
                out.push_str("<div class=\"notes\">");
                for finding in start..notes {
                    self.note(finding, out)?;
                }
                out.push_str("</div>");
            }
            out.push_str("</div>\n");
        }
        gap(&mut left_out, out)
    }

    fn span(&self, finding: usize) -> Span {
        self.findings[finding].finding.span
    }

    fn lines_near_findings(&self) -> Vec<bool> {
        let lines = self.document.lines();
        let mut near = vec![false; lines.count()];
        for reported in self.findings {
            let span = reported.finding.span;
            let places = [span.start, span.end.saturating_sub(1).max(span.start)];
            let [first, last] = places.map(|at| lines.line_of(at.min(self.document.text.len())));
            for line in [first, last] {
                near[line.saturating_sub(NEAR)..(line + NEAR + 1).min(lines.count())].fill(true);
            }
        }
        near
    }

    /// Opens the division of a line and writes its text; the notes follow.
    fn line(&self, number: usize, line: Span, open: &[usize], out: &mut String) -> std::fmt::Result {
        let text = &*self.document.text;
        let body = line.trim(text);
        let whole = |&&finding: &&usize| !body.is_empty() && self.span(finding).contains(body);
        let around = open.iter().filter(whole).map(|&finding| self.findings[finding].finding.severity).max();
        let marked = around.map_or(String::new(), |severity| {
            let numbers: Vec<String> = open.iter().filter(whole).map(|finding| (self.first + finding).to_string()).collect();
            format!(" in {severity}\" data-in=\"{}", numbers.join(" "))
        });
        let anchor = open
            .iter()
            .find(|finding| self.span(**finding).start >= line.start)
            .map_or(String::new(), |finding| format!(" href=\"#f{}\"", self.first + finding));
        write!(out, "<div class=\"line{marked}\"><a class=\"number\"{anchor}>{}</a><p dir=\"auto\">", number + 1)?;
        let inline: Vec<usize> = open.iter().copied().filter(|finding| !whole(&finding)).collect();
        let mut edges: Vec<usize> = vec![line.start, line.end];
        edges.extend(inline.iter().flat_map(|&finding| [self.span(finding).start, self.span(finding).end]));
        edges.retain(|edge| (line.start..=line.end).contains(edge) && text.is_char_boundary(*edge));
        edges.sort_unstable();
        edges.dedup();
        for edge in edges.windows(2) {
            let piece = Span::new(edge[0], edge[1]);
            let over = || inline.iter().copied().filter(|&finding| self.span(finding).contains(piece));
            // Of several, the shortest is what a click is about, and the gravest gives the colour.
            match over().min_by_key(|&finding| self.span(finding).len()) {
                None => stretch(piece.of(text), out),
                Some(finding) => {
                    let severity = over().map(|finding| self.findings[finding].finding.severity).max().unwrap_or(Severity::Info);
                    let number = self.first + finding;
                    write!(out, "<mark class=\"{severity}\"><a href=\"#f{number}\" data-f=\"{number}\">")?;
                    stretch(piece.of(text), out);
                    out.push_str("</a></mark>");
                }
            }
        }
        for &finding in inline.iter().filter(|&&finding| self.span(finding).is_empty() && self.span(finding).start >= line.start) {
            let (severity, number) = (self.findings[finding].finding.severity, self.first + finding);
            write!(out, "<mark class=\"{severity} point\"><a href=\"#f{number}\" data-f=\"{number}\">▲</a></mark>")?;
        }
        out.push_str("</p>");
        Ok(())
    }

    fn note(&self, index: usize, out: &mut String) -> std::fmt::Result {
        let (document, reported) = (self.document, &self.findings[index]);
        let finding = &reported.finding;
        let Told { message, help, details } = finding.told();
        let (severity, rule, number) = (finding.severity, escaped(&finding.rule), self.first + index);
        write!(
            out,
            "<details class=\"note {severity}\" id=\"f{number}\" data-rule=\"{rule}\" data-severity=\"{severity}\"><summary>\
             <span class=\"rule\">{rule}</span> <span class=\"unseen\">{severity}:</span> {}</summary>",
            code(&message)
        )?;
        if let Some(help) = &help {
            write!(out, "<p>{}</p>", code(help))?;
        }
        if let Some(fix) = &details.fix {
            let removed = fix.edits.iter().all(|edit| edit.text.is_empty());
            let texts: Vec<String> = fix.edits.iter().map(|edit| format!("<code>{}</code>", escaped(&edit.text))).collect();
            let what = if removed { "remove it".to_string() } else { format!("put {} there", in_words(&texts)) };
            write!(out, "<p class=\"fix\">{}: {what}</p>", if fix.safe { "Safe fix" } else { "Fix, after a look" })?;
        }
        for label in &details.related {
            write!(out, "<p class=\"related\">{}</p>", self.related(label))?;
        }
        if !finding.also().is_empty() {
            let lines: Vec<String> = finding.also().iter().take(12).map(|span| document.line(span.start).to_string()).collect();
            write!(out, "<p class=\"related\">Also at {} {}</p>", if lines.len() == 1 { "line" } else { "lines" }, in_words(&lines))?;
        }
        if let Some(first) = details.copy_of {
            compare::render(document, first, finding.span, out)?;
        }
        if !details.evidence.is_empty() {
            out.push_str("<dl>");
            for (name, fact) in &details.evidence {
                write!(out, "<dt>{}</dt><dd>{}</dd>", escaped(name), escaped(&shown(fact)))?;
            }
            out.push_str("</dl>");
        }
        let at = document.source_position(document.to_source(finding.span).start);
        write!(out, "<p class=\"place\">{}:{}:{}</p></details>", escaped(&place::name(&document.origin)), at.line, at.column)
    }

    fn related(&self, label: &Label) -> String {
        let what = code(&label.text);
        match &label.elsewhere {
            None => format!("Line {}: {what}", self.document.line(label.span.start)),
            Some(place) => format!("{}:{}: {what}", escaped(&place::name(&place.origin)), place.line),
        }
    }
}

fn shown(fact: &Fact) -> String {
    match fact {
        Fact::Number(number) => format!("{number:.3}"),
        other => other.to_string().chars().take(300).collect(),
    }
}

fn gap(left_out: &mut usize, out: &mut String) -> std::fmt::Result {
    match std::mem::take(left_out) {
        0 => Ok(()),
        lines => writeln!(out, "<p class=\"gap\">{} without findings</p>", counted(lines, "line")),
    }
}

/// A stretch of text; a very long one loses its middle.
fn stretch(text: &str, out: &mut String) {
    if text.len() <= STRETCH {
        return article(text, out);
    }
    article(&text[..text.floor_char_boundary(STRETCH / 3)], out);
    out.push_str(" <span class=\"hidden\">…</span> ");
    article(&text[text.ceil_char_boundary(text.len() - STRETCH / 3)..], out);
}

/// A message with what stands in backticks set as code.
fn code(message: &str) -> String {
    let message: String = if message.len() > 2_000 { crate::report::visible::one_line(message, 2_000) } else { message.to_string() };
    let mut markup = String::with_capacity(message.len() + 32);
    let mut pieces = message.split('`');
    markup.push_str(&escaped(pieces.next().unwrap_or_default()));
    while let Some(quoted) = pieces.next() {
        match pieces.next() {
            Some(after) => {
                let _ = write!(markup, "<code>{}</code>{}", escaped(quoted), escaped(after));
            }
            None => {
                let _ = write!(markup, "`{}", escaped(quoted));
            }
        }
    }
    markup
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::{checked, file, finding, typo};

    #[test]
    fn findings_are_marked_in_place_with_their_notes() {
        let markup = render(&typo(file("a.txt")), 7);
        assert!(markup.contains("Foreign <mark class=\"error\"><a href=\"#f7\" data-f=\"7\">Minster</a></mark> left."), "{markup}");
        assert!(markup.contains("id=\"f7\" data-rule=\"real-word-typo\""), "{markup}");
        assert!(markup.contains("<code>Minster</code> should be <code>Minister</code>"), "{markup}");
        assert!(markup.contains("Line 1: here"), "{markup}");
    }

    #[test]
    fn what_covers_a_line_marks_the_line() {
        let stray = finding("stray-paragraph", Severity::Warning, Span::new(5, 14), "stray");
        let markup = render(&checked(file("a.txt"), "One.\nTwo three\nFour.\n", vec![stray]), 0);
        assert!(markup.contains("<div class=\"line in warning\" data-in=\"0\"><a class=\"number\" href=\"#f0\">2</a>"), "{markup}");
        assert!(!markup.contains("<mark"), "{markup}");
    }

    #[test]
    fn overlapping_findings_nest() {
        let outer = finding("outer", Severity::Info, Span::new(0, 9), "outer");
        let inner = finding("inner", Severity::Error, Span::new(4, 7), "inner");
        let markup = render(&checked(file("a.txt"), "One two three.\n", vec![outer, inner]), 0);
        assert!(
            markup.contains(">One </a></mark><mark class=\"error\"><a href=\"#f1\" data-f=\"1\">two</a></mark><mark class=\"info\">"),
            "{markup}"
        );
    }

    #[test]
    fn hostile_text_stays_text() {
        let hostile = finding("x\"><script>", Severity::Error, Span::new(0, 8), "`<script>` & more");
        let markup = render(&checked(file("<b>.txt"), "<script>alert(1)</script>\u{202e}", vec![hostile]), 0);
        assert!(!markup.contains("<script") && !markup.contains("<b>") && !markup.contains('\u{202e}'), "{markup}");
    }

    #[test]
    fn long_articles_show_what_is_near_their_findings() {
        let text = "A line without any fault in it at all.\n".repeat(4_000);
        let at = text.len() / 2;
        let markup = render(&checked(file("a.txt"), &text, vec![finding("x", Severity::Info, Span::new(at, at + 4), "x")]), 0);
        assert!(markup.len() < 4_000 && markup.matches("without findings").count() == 2, "{markup}");
        let text = "word ".repeat(200_000);
        let markup = render(&checked(file("a.txt"), &text, vec![finding("x", Severity::Info, Span::new(0, 4), "x")]), 0);
        assert!(markup.len() < 10_000);
    }

    #[test]
    fn an_end_without_line_break_has_a_point() {
        let markup = render(&checked(file("a.txt"), "The end", vec![finding("x", Severity::Info, Span::new(7, 7), "x")]), 0);
        assert!(markup.contains("The end<mark class=\"info point\">"), "{markup}");
        let markup = render(&checked(file("a.txt"), "", vec![finding("x", Severity::Info, Span::new(0, 0), "x")]), 0);
        assert!(markup.contains("id=\"f0\""), "{markup}");
    }
}
