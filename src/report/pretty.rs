//! Findings as a compiler shows its errors: what, where, why, and what to do, each over an excerpt of the text.

use super::excerpt::{Pointer, Source};
use super::handler::{Look, Notice, Renderer, level};
use super::place;
use super::{Checked, Reporter};
use crate::document::Document;
use crate::finding::{Label, Told, in_words};
use crate::triage::{Reported, Summary};
use owo_colors::Style;
use std::io::{self, Write};

/// Related places that an excerpt shows beside the finding; of more, only the lines are named.
const RELATED: usize = 3;
/// Lines that are named.
const NAMED: usize = 8;

pub(super) struct Pretty {
    look: Look,
    renderer: Renderer,
}

impl Pretty {
    pub fn new(look: Look) -> Self {
        Self { look, renderer: Renderer::new(look) }
    }

    fn finding(&self, document: &Document, name: &str, reported: &Reported) -> Result<String, std::fmt::Error> {
        let finding = &reported.finding;
        let Told { message, help, details } = finding.told();
        let (elsewhere, here): (Vec<&Label>, Vec<&Label>) = details.related.iter().partition(|label| label.elsewhere.is_some());
        let (shown, unshown) = here.split_at(here.len().min(RELATED));
        let pointer = |span, text| Pointer { span: document.to_source(span), text };
        let mut pointers = vec![pointer(finding.span, None)];
        pointers.extend(shown.iter().map(|label| pointer(label.span, Some(label.text.clone()))));
        let also = unshown.iter().map(|label| label.span).chain(finding.also().iter().copied());
        let lines: Vec<usize> = also.map(|span| document.source_lines().line_of(document.to_source(span).start) + 1).collect();
        let notice = Notice {
            severity: level(finding.severity),
            code: Some(finding.rule.to_string()),
            message,
            help,
            elsewhere: elsewhere.iter().take(RELATED).filter_map(|label| other_place(label)).collect(),
            also: also_at(&lines, elsewhere.len().saturating_sub(RELATED)),
        };
        let mut drawn = String::new();
        let source = Source { name, text: document.source(), lines: document.source_lines() };
        self.renderer.draw(notice, Some((source, &pointers)), &mut drawn)?;
        Ok(drawn)
    }
}

impl Reporter for Pretty {
    fn document(&mut self, checked: &Checked, out: &mut dyn Write) -> io::Result<()> {
        let origin = &checked.document.origin;
        let name = place::name(origin);
        if let (Some(encoding), false) = (origin.encoding, checked.findings.is_empty()) {
            writeln!(out, "{}\n", self.renderer.dimmed().style(format_args!("{name} was read as {encoding}")))?;
        }
        for reported in &checked.findings {
            let drawn = self.finding(&checked.document, &name, reported).map_err(io::Error::other)?;
            writeln!(out, "{drawn}")?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        let style = if self.look.color { Style::new().bold() } else { Style::new() };
        writeln!(out, "{}", style.style(summary))
    }
}

/// `also at lines 23, 40 and 51`
fn also_at(lines: &[usize], documents: usize) -> Option<String> {
    let mut lines = lines.to_vec();
    lines.sort_unstable();
    lines.dedup();
    let mut names: Vec<String> = lines.iter().take(NAMED).map(ToString::to_string).collect();
    if lines.len() > NAMED {
        names.push(format!("{} more", lines.len() - NAMED));
    }
    let mut places = Vec::new();
    if !names.is_empty() {
        places.push(format!("at line{} {}", if lines.len() == 1 { "" } else { "s" }, in_words(&names)));
    }
    if documents > 0 {
        places.push(format!("in {}", super::summary::counted(documents, "other document")));
    }
    (!places.is_empty()).then(|| places.join(", "))
}

/// A place in a document that may be gone from memory.
fn other_place(label: &Label) -> Option<Notice> {
    let place = label.elsewhere.as_ref()?;
    let name = place::name(&place.origin);
    let at = match place.origin.record {
        Some(_) => name,
        None => format!("{name}:{}:{}", place.line, place.column),
    };
    Some(Notice {
        severity: miette::Severity::Advice,
        code: None,
        message: format!("{at}: {}", label.text),
        help: None,
        elsewhere: Vec::new(),
        also: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Details, Elsewhere, Finding, Severity};
    use crate::report::fixture::{self, checked, file, look};
    use crate::text::Span;
    use proptest::prelude::*;
    use std::sync::Arc;

    fn finding(span: Span, message: &str) -> Reported {
        fixture::finding("real-word-typo", Severity::Error, span, message)
    }

    fn labelled(finding: Finding, label: Label) -> Finding {
        finding.with(&Details { related: vec![label], ..Details::default() })
    }

    fn render(path: &str, text: &str, findings: Vec<Reported>, look: Look) -> String {
        let mut out = Vec::new();
        Pretty::new(look).document(&checked(file(path), text, findings), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_header_shows_the_place_of_the_finding_itself() {
        let text = "The Foreign Minister spoke.\nAn “—” later, the Foreign Minster left.\n";
        let start = text.find("Minster").unwrap();
        let mut typo = finding(Span::new(start, start + 7), "`Minster` should be `Minister`");
        typo.finding = labelled(typo.finding, Label::here(Span::new(4, 20), "`Foreign Minister` stands here"));
        typo.finding.is_also_at(Span::new(0, 3));
        let drawn = render("a.txt", text, vec![typo], look(80));
        assert!(drawn.contains("[a.txt:2:27]"), "{drawn}");
        assert!(drawn.contains("╰── `Foreign Minister` stands here"), "{drawn}");
        assert!(drawn.ends_with("  help: Look it up.\n  also: at line 1\n\n"), "{drawn}");
    }

    #[test]
    fn other_documents_are_related_diagnostics() {
        let origin = file("b\u{1b}.txt");
        let mut copy = finding(Span::new(0, 3), "stands elsewhere too");
        let elsewhere = Some(Arc::new(Elsewhere { origin, line: 7, column: 2 }));
        copy.finding = labelled(copy.finding, Label { span: Span::new(0, 3), text: "the same".into(), elsewhere });
        let drawn = render("a.txt", "One two.\n", vec![copy], look(80));
        assert!(drawn.contains("☞ b<U+001B>.txt:7:2: the same"), "{drawn}");
    }

    #[test]
    fn ascii_looks_draw_ascii() {
        let text = format!("{}harbor{}\n", "word ".repeat(80), " word".repeat(80));
        let mut typo = finding(Span::new(400, 406), "“harbor” — not … here");
        typo.finding = labelled(typo.finding, Label::here(Span::new(0, 4), "first…"));
        let drawn = render("a.txt", &text, vec![typo], Look { unicode: false, ..look(80) });
        assert!(drawn.is_ascii(), "{drawn}");
    }

    #[test]
    fn colours_follow_the_look() {
        let typo = || vec![finding(Span::new(0, 3), "a typo")];
        assert!(!render("a.txt", "One two.\n", typo(), look(80)).contains('\u{1b}'));
        assert!(render("a.txt", "One two.\n", typo(), Look { color: true, ..look(80) }).contains("\u{1b}[31;1mreal-word-typo"));
    }

    #[test]
    fn many_places_are_named_by_their_lines() {
        assert_eq!(also_at(&[4, 2, 2], 0).as_deref(), Some("at lines 2 and 4"));
        assert_eq!(
            also_at(&(1..=20).collect::<Vec<_>>(), 3).as_deref(),
            Some("at lines 1, 2, 3, 4, 5, 6, 7, 8 and 12 more, in 3 other documents")
        );
        assert_eq!(also_at(&[], 0), None);
    }

    #[test]
    fn a_line_of_a_megabyte_is_drawn_quickly() {
        let text = "naïve words — ".repeat(80_000);
        let places =
            (0..1_000).map(|n| text.floor_char_boundary(n * 1_200)).map(|start| Span::new(start, text.ceil_char_boundary(start + 6)));
        let findings = places.map(|place| finding(place, "a typo")).collect();
        let drawn = render("a.txt", &text, findings, look(100));
        assert_eq!(drawn.matches("real-word-typo").count(), 1_000);
        assert!(drawn.contains(&format!("[a.txt:1:{}]", text[..text.floor_char_boundary(999 * 1_200)].chars().count() + 1)));
    }

    proptest! {
        #[test]
        fn nothing_drives_the_terminal(
            path in any::<String>(), text in any::<String>(), message in any::<String>(), label in any::<String>(),
            from in 0usize..40, len in 0usize..40, width in 40usize..200, color: bool, unicode: bool,
        ) {
            let start = text.floor_char_boundary(from);
            let span = Span::new(start, text.floor_char_boundary(start + len).max(start));
            let mut reported = finding(span, &message);
            reported.finding = labelled(reported.finding.helped(label.clone()), Label::here(Span::new(0, 0), label));
            let mut drawn = render(&path, &text, vec![reported], Look { color, width, unicode });
            if color {
                // Our own colours: `ESC [ numbers m`.
                while let Some(at) = drawn.find("\u{1b}[") {
                    let end = at + drawn[at..].find('m').expect("a colour ends");
                    prop_assert!(drawn[at + 2..end].bytes().all(|byte| byte.is_ascii_digit() || byte == b';'));
                    drawn.replace_range(at..=end, "");
                }
            }
            let moves = |c: char| c.is_control() || matches!(c, '\u{200e}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            let bad = drawn.chars().find(|&c| c != '\n' && moves(c));
            prop_assert_eq!(bad, None);
            let broad = drawn.lines().find(|line| crate::report::visible::columns(line) > width && !line.contains("─[") && !line.contains("-["));
            prop_assert_eq!(broad, None);
        }
    }
}
