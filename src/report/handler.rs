//! miette's graphical renderer, given excerpts in place of documents, so that a diagnostic is readable at any width.

use super::excerpt::{Excerpt, Pointer, Source};
use super::visible::{ascii_signs, one_line, safe_name};
use crate::text::{LineIndex, Span};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity, SourceCode, ThemeCharacters, ThemeStyles};
use owo_colors::Style;
use std::fmt::{self, Write};

/// Characters of a message, a help text or a label that are shown; a word of a megabyte may be quoted in one.
const MESSAGE: usize = 600;
const LABEL: usize = 160;

/// How a report may look, which follows from the stream it is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    pub color: bool,
    /// Columns; what is under 40 is taken for 40, what is over 200 for 200.
    pub width: usize,
    /// False where only ASCII may be drawn. The document's own text is shown as it is.
    pub unicode: bool,
}

/// Renders diagnostics of all rooms in one look.
#[derive(Clone, Debug)]
pub struct Renderer {
    look: Look,
    theme: GraphicalTheme,
}

/// One diagnostic, ready to be drawn.
#[derive(Debug)]
pub(super) struct Notice {
    pub severity: Severity,
    pub code: Option<String>,
    pub message: String,
    pub help: Option<String>,
    /// Places in other documents, whose text is not at hand.
    pub elsewhere: Vec<Notice>,
    /// What is said below all others.
    pub also: Option<String>,
}

impl Renderer {
    pub fn new(look: Look) -> Self {
        let look = Look { width: look.width.clamp(40, 200), ..look };
        let characters = if look.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
        let plain = ThemeStyles::none();
        let styles = if look.color {
            ThemeStyles {
                error: Style::new().red().bold(),
                warning: Style::new().yellow().bold(),
                advice: Style::new().blue().bold(),
                help: Style::new().green(),
                link: Style::new().cyan(),
                ..plain
            }
        } else {
            plain
        };
        Self { look, theme: GraphicalTheme { characters, styles } }
    }

    pub(super) fn dimmed(&self) -> Style {
        if self.look.color { Style::new().dimmed() } else { Style::new() }
    }

    pub(super) fn severity(&self, severity: Severity) -> Style {
        match severity {
            Severity::Error => self.theme.styles.error,
            Severity::Warning => self.theme.styles.warning,
            Severity::Advice => self.theme.styles.advice,
        }
    }

    /// Draws a diagnostic of another room: a fault in a rule file, a config, an argument.
    pub fn render(&self, diagnostic: &dyn Diagnostic, out: &mut dyn Write) -> fmt::Result {
        let mut notice = Notice {
            severity: diagnostic.severity().unwrap_or(Severity::Error),
            code: diagnostic.code().map(|code| code.to_string()),
            message: diagnostic.to_string(),
            help: diagnostic.help().map(|help| help.to_string()),
            elsewhere: Vec::new(),
            also: None,
        };
        let mut cause = (diagnostic as &dyn std::error::Error).source();
        while let Some(error) = cause {
            notice.message.push_str(": ");
            notice.message.push_str(&error.to_string());
            cause = error.source();
        }
        let mut labels: Vec<LabeledSpan> = diagnostic.labels().into_iter().flatten().collect();
        labels.sort_by_key(|label| !label.primary());
        match (diagnostic.source_code(), labels.first()) {
            (Some(source), Some(first)) => {
                let whole = source.read_span(first.inner(), usize::MAX / 4, usize::MAX / 4).map_err(|_| fmt::Error)?;
                let text = String::from_utf8_lossy(whole.data());
                let pointers: Vec<Pointer> = labels
                    .iter()
                    .map(|label| Pointer {
                        span: Span::new(label.offset(), label.offset() + label.len()),
                        text: label.label().map(String::from),
                    })
                    .collect();
                let name = whole.name().unwrap_or_default();
                self.draw(notice, Some((Source { name, text: &text, lines: &LineIndex::new(&text) }, &pointers)), out)?;
            }
            _ => self.draw(notice, None, out)?,
        }
        for related in diagnostic.related().into_iter().flatten() {
            out.write_char('\n')?;
            self.render(related, out)?;
        }
        Ok(())
    }

    /// Draws one diagnostic. The first pointer is the place that it is about.
    pub(super) fn draw(&self, mut notice: Notice, at: Option<(Source<'_>, &[Pointer])>, out: &mut dyn Write) -> fmt::Result {
        self.tidy(&mut notice);
        let severity = notice.severity;
        let excerpt = at.map(|(source, pointers)| {
            let name = safe_name(source.name);
            let source = Source { name: &name, ..source };
            (Excerpt::new(source, pointers, self.look.width, self.look.unicode), pointers)
        });
        let mut theme = self.theme.clone();
        let also = notice.also.take();
        let mut drawing = Drawing { notice, excerpt: None, labels: Vec::new() };
        if let Some((excerpt, pointers)) = excerpt {
            for (index, (pointer, place)) in pointers.iter().zip(&excerpt.places).enumerate() {
                let Some(place) = place else { continue };
                let text = pointer.text.as_deref().map(|text| excerpt.label(*place, &self.own_words(text, LABEL)));
                let new = if index == 0 { LabeledSpan::new_primary_with_span } else { LabeledSpan::new_with_span };
                drawing.labels.push(new(text, place.start..place.end));
            }
            // miette gives out the styles in the order of the places.
            drawing.labels.sort_by_key(LabeledSpan::offset);
            theme.styles.highlights = drawing.labels.iter().map(|label| self.highlight(label.primary(), severity)).collect();
            drawing.excerpt = Some(excerpt);
        }
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(self.look.width)
            .with_context_lines(1)
            .with_links(false)
            .with_show_related_as_nested(true)
            .without_syntax_highlighting();
        let mut raw = String::new();
        handler.render_report(&mut raw, &drawing)?;
        self.finish(&raw, &drawing, out)?;
        if let Some(also) = also {
            writeln!(out, "  {} {also}", self.theme.styles.help.style("also:"))?;
        }
        Ok(())
    }

    /// Puts the true line numbers into the margin, where miette can only count up by one, and closes gaps.
    fn finish(&self, raw: &str, drawing: &Drawing, out: &mut dyn Write) -> fmt::Result {
        let (margin, first) = drawing.excerpt.as_ref().map_or((&[][..], 0), |excerpt| (&excerpt.margin[..], excerpt.first));
        let width = (first + margin.len()).to_string().len();
        let bar = self.theme.characters.vbar;
        let mut rows = margin.iter().enumerate();
        let mut next = rows.next();
        for (number, line) in raw.lines().enumerate() {
            if number == 1 && line.is_empty() && drawing.notice.code.is_some() {
                continue;
            }
            let row = next.and_then(|(index, margin)| Some((line.strip_prefix(&format!(" {:width$} {bar} ", first + index + 1))?, margin)));
            if let Some((rest, margin)) = row {
                let rest = rest.trim_end();
                let space = if rest.is_empty() { "" } else { " " };
                writeln!(out, " {} {bar}{space}{rest}", self.dimmed().style(format_args!("{margin:>width$}")))?;
                next = rows.next();
            } else {
                writeln!(out, "{}", line.trim_end())?;
            }
        }
        Ok(())
    }

    fn highlight(&self, primary: bool, severity: Severity) -> Style {
        match (self.look.color, primary) {
            (false, _) => Style::new(),
            (true, true) => self.severity(severity),
            (true, false) => Style::new().cyan(),
        }
    }

    fn tidy(&self, notice: &mut Notice) {
        notice.message = self.own_words(&notice.message, MESSAGE);
        notice.help = notice.help.take().map(|help| self.own_words(&help, MESSAGE));
        notice.code = notice.code.take().map(|code| one_line(&code, LABEL));
        notice.elsewhere.iter_mut().for_each(|notice| self.tidy(notice));
    }

    fn own_words(&self, text: &str, most: usize) -> String {
        let line = one_line(text, most);
        if self.look.unicode { line } else { ascii_signs(&line) }
    }
}

/// miette's name for a severity.
pub(super) const fn level(severity: crate::finding::Severity) -> Severity {
    match severity {
        crate::finding::Severity::Error => Severity::Error,
        crate::finding::Severity::Warning => Severity::Warning,
        crate::finding::Severity::Info => Severity::Advice,
    }
}

/// What miette is handed.
#[derive(Debug)]
struct Drawing {
    notice: Notice,
    excerpt: Option<Excerpt>,
    labels: Vec<LabeledSpan>,
}

impl fmt::Display for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.notice.message)
    }
}

impl std::error::Error for Drawing {}

impl Diagnostic for Drawing {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.notice.code()
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.notice.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.notice.help()
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.excerpt.as_ref()?;
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        self.notice.related()
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Notice {}

impl Diagnostic for Notice {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.as_ref().map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        (!self.elsewhere.is_empty()).then(|| Box::new(self.elsewhere.iter().map(|notice| notice as &dyn Diagnostic)) as Box<_>)
    }
}
