//! From fixes to edits of the source: which of them can be applied together, and the text that they leave.

use super::{Applied, Choice, markdown};
use crate::document::{Document, Format, Meta, Origin};
use crate::finding::{Edit, Finding, Fix, RuleId};
use crate::input;
use crate::text::Span;
use crate::triage::Checked;
use std::collections::BTreeMap;

/// The edits of a fix as changes of the source: what to take out, and what to put there. Markup between stays, but for
/// signs of Markdown that would be left around nothing: they would be read as text.
pub fn source_edits(document: &Document, fix: &Fix) -> Vec<(Span, String)> {
    let mut edits = Vec::new();
    for edit in &fix.edits {
        let text = match document.format {
            Format::Html => edit.text.replace('&', "&amp;").replace('<', "&lt;"),
            Format::Text | Format::Markdown => edit.text.clone(),
        };
        let mut parts = document.source_parts(edit.span);
        if document.format == Format::Markdown {
            markdown::take_escapes(document, edit, &mut parts);
        }
        let mut texts = std::iter::once(text).chain(std::iter::repeat_with(String::new));
        edits.extend(parts.into_iter().zip(&mut texts));
    }
    if document.format == Format::Markdown {
        markdown::close_gaps(document.source(), &mut edits);
    }
    edits
}

/// A fix that is to be applied, as edits of the source.
#[derive(Debug)]
pub(super) struct Planned {
    pub rule: RuleId,
    /// Of the source, in order.
    pub edits: Vec<Edit>,
    /// Of the text, as the rule has them.
    of_text: Vec<Edit>,
}

/// The findings that have a fix which may be applied.
pub(super) fn fixable(checked: &Checked, choice: Choice) -> impl Iterator<Item = &Finding> {
    let may = move |safe: bool| safe || choice == Choice::All;
    checked.findings.iter().map(|reported| &reported.finding).filter(move |finding| finding.has_fix().is_some_and(may))
}

/// The fixes of the wanted rules that can be applied at once, in the order of the source: of those that overlap, the first.
pub(super) fn plan(checked: &Checked, choice: Choice, wanted: impl Fn(&RuleId) -> bool) -> Vec<Planned> {
    let document = &checked.document;
    let source = document.source();
    let mut candidates: Vec<(Planned, Option<Span>)> = Vec::new();
    for finding in fixable(checked, choice).filter(|finding| wanted(&finding.rule)) {
        let Some(fix) = finding.fix() else { continue };
        let edits = source_edits(document, &fix).into_iter();
        let mut edits: Vec<Edit> = edits.filter(|(span, text)| span.of(source) != text).map(|(span, text)| Edit { span, text }).collect();
        edits.sort_by_key(|edit| edit.span);
        if !edits.is_empty() {
            let original = finding.copy_of().map(|span| document.to_source(span));
            candidates.push((Planned { rule: finding.rule.clone(), edits, of_text: fix.edits }, original));
        }
    }
    candidates.sort_by_key(|(planned, _)| planned.edits[0].span);
    let mut taken = Taken::default();
    let mut plan = Vec::new();
    for (planned, original) in candidates {
        // Of two copies one must stay: where something happens to the first, the second waits for the next round.
        let is_last_copy = original.is_some_and(|original| !taken.is_free(original));
        if !is_last_copy && planned.edits.iter().all(|edit| taken.is_free(edit.span)) {
            planned.edits.iter().for_each(|edit| taken.take(edit.span));
            plan.push(planned);
        }
    }
    // A fix of several edits may reach over the next one.
    plan.sort_by_key(|planned| planned.edits[0].span);
    plan
}

/// Stretches of the source that are spoken for, by their starts.
#[derive(Default)]
struct Taken(BTreeMap<usize, usize>);

impl Taken {
    fn is_free(&self, span: Span) -> bool {
        // Two texts put in at one place have no order of their own.
        let same_point = self.0.get(&span.start).is_some_and(|&end| end == span.start || span.is_empty());
        let before = self.0.range(..=span.start).next_back().is_some_and(|(_, &end)| end > span.start);
        let inside = self.0.range(span.start..span.end).next().is_some();
        !same_point && !before && !inside
    }

    fn take(&mut self, span: Span) {
        self.0.insert(span.start, span.end);
    }
}

/// The source after fixes that can be applied at once.
pub(super) fn edited(source: &str, plan: &[Planned]) -> String {
    apply(source, plan.iter().flat_map(|fix| &fix.edits).map(|edit| (edit.span, edit.text.as_str())))
}

/// All of a document but its text.
pub(super) struct Bare {
    origin: Origin,
    format: Format,
    meta: Meta,
}

impl Bare {
    pub fn of(document: &Document) -> Self {
        Self { origin: document.origin.clone(), format: document.format, meta: document.meta.clone() }
    }

    /// The document with this source.
    pub fn with(&self, source: String) -> Document {
        let mut document = input::parse(self.origin.clone(), self.format, source);
        // Part of it may have come from beside the text: the fields of a record.
        document.meta.clone_from(&self.meta);
        document
    }
}

/// Where each edit, given in order with the bytes that it puts in, has left its mark in the text after them.
pub(super) fn places(edits: impl IntoIterator<Item = (Span, usize)>) -> impl Iterator<Item = Span> {
    let (mut put, mut gone) = (0, 0);
    edits.into_iter().map(move |(span, inserted)| {
        // The edits may be those of another file.
        let start = (span.start + put).saturating_sub(gone);
        put += inserted;
        gone += span.end.saturating_sub(span.start);
        Span::new(start, start + inserted)
    })
}

/// The source before the changes of a round.
pub(super) fn undone(source: &str, round: &[Applied]) -> String {
    let places = places(round.iter().map(|applied| (applied.span, applied.inserted.len())));
    apply(source, places.zip(round.iter().map(|applied| applied.removed.as_str())))
}

/// The text after edits that do not overlap.
pub(super) fn apply<'e>(source: &str, edits: impl Iterator<Item = (Span, &'e str)>) -> String {
    let mut edits: Vec<(Span, &str)> = edits.collect();
    edits.sort_by_key(|&(span, _)| span);
    let (mut text, mut at) = (String::with_capacity(source.len()), 0);
    for (span, inserted) in edits {
        text.push_str(&source[at..span.start]);
        text.push_str(inserted);
        at = span.end;
    }
    text.push_str(&source[at..]);
    text
}

/// Whether a reader of the mended document sees what the fixes say, white space aside. In Markdown, what is left beside an edit may be
/// read otherwise than before: signs as text, or text as signs.
pub(super) fn says(before: &Document, after: &Document, plan: &[Planned]) -> bool {
    if before.format != Format::Markdown {
        return true;
    }
    let mut edits: Vec<&Edit> = plan.iter().flat_map(|fix| &fix.of_text).collect();
    edits.sort_by_key(|edit| edit.span);
    if edits.windows(2).any(|pair| pair[0].span.end > pair[1].span.start) {
        return true;
    }
    let expected = apply(&before.text, edits.into_iter().map(|edit| (edit.span, edit.text.as_str())));
    let seen = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    seen(&expected) == seen(&after.text)
}

/// Where the edits have left their mark in the text after them, in order.
pub(super) fn places_after(plan: &[Planned]) -> Vec<(Span, &RuleId)> {
    let mut edits: Vec<(&Edit, &RuleId)> = plan.iter().flat_map(|fix| fix.edits.iter().map(move |edit| (edit, &fix.rule))).collect();
    edits.sort_by_key(|(edit, _)| edit.span);
    places(edits.iter().map(|(edit, _)| (edit.span, edit.text.len()))).zip(edits.iter().map(|(_, rule)| *rule)).collect()
}
