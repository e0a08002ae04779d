//! Kind `repeated-headline`: the headline again as the first line of the body.

use super::{Context, Match};
use crate::document::{Document, Word};
use crate::finding::{Fact, Label};
use crate::text::Span;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;
use std::ops::Range;

/// The headline again as one of the first lines of the body, with or without the name of the site.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {}

#[derive(Debug)]
pub struct RepeatedHeadline;

/// Fewest and most words of a headline: a word or two may be a label, and a long line is a paragraph.
const WORDS: std::ops::RangeInclusive<usize> = 3..=25;
/// How many blocks may stand before the headline, and from there to its repeat: dates, bylines, breadcrumbs.
const BEFORE: usize = 2;
const WITHIN: usize = 5;
/// From so many words on a line with a stop is a paragraph: behind it the same words are a heading. A summary is shorter.
const PARAGRAPH: usize = 40;
/// A label (`Courtesy: Tide News`) has at most two words before its colon, and so many in all.
const LABELLED: usize = 6;

impl RepeatedHeadline {
    pub const PLACEHOLDERS: [&'static str; 1] = ["first_line"];

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let document = cx.document;
        let lines = first_lines(document);
        for (at, headline) in lines.iter().enumerate().take(BEFORE + 1) {
            let again = |line: &&Line| {
                let same = |words: &Range<usize>| same_words(document, words.clone(), line.words.clone());
                same(&headline.words) || headline.without_site.as_ref().is_some_and(same)
            };
            let later = &lines[at + 1..lines.len().min(at + 1 + WITHIN)];
            let is_first = document.block_at(headline.span.start).is_some_and(|block| !cx.is_claimed(block));
            let above = |line: &&Line| !later.iter().any(|other| other.span.start < line.span.start && is_paragraph(document, other));
            let repeats: Vec<&Line> =
                later.iter().filter(again).filter(above).filter(|_| is_first && is_headline(document, headline)).collect();
            if repeats.is_empty() {
                continue;
            }
            // What is a repeat for other reasons is told of there.
            let is_known = |line: &&Line| cx.repeats().iter().any(|repeat| repeat.copy.overlaps(line.span));
            let hit = |line: &Line| {
                let mut hit = Match::at(line.span);
                hit.certain = line.span.of(&document.text) == headline.span.of(&document.text);
                hit.copy_of = Some(headline.span);
                hit.related.push(Label::here(headline.span, "the headline"));
                hit.facts.push((Cow::Borrowed("first_line"), Fact::Count(document.line(headline.span.start))));
                hit
            };
            return repeats.into_iter().filter(|line| !is_known(line)).map(hit).collect();
        }
        Vec::new()
    }
}

struct Line {
    span: Span,
    words: Range<usize>,
    /// The words before ` | Site name`, where there is such a thing.
    without_site: Option<Range<usize>>,
}

/// The first lines that hold words.
fn first_lines(document: &Document) -> Vec<Line> {
    let text = &*document.text;
    let mut lines: Vec<Line> = Vec::new();
    let mut start = 0;
    while start < document.words.len() && lines.len() <= BEFORE + WITHIN {
        let place = document.lines().span(document.lines().line_of(document.words[start].span().start), text);
        let length = document.words[start..].iter().take_while(|word| word.span().start < place.end).count();
        let words = start..start + length;
        let site = document.words[words.clone()].windows(2).rposition(|pair| {
            let gap = &text[pair[0].span().end..pair[1].span().start];
            gap.contains(['|', '»']) || [" - ", " – ", " — ", " :: "].contains(&gap)
        });
        let without_site = site.map(|last| start..start + last + 1).filter(|words| words.len() > *WORDS.start());
        lines.push(Line { span: place.trim(text), words, without_site });
        start += length;
    }
    lines
}

fn is_headline(document: &Document, line: &Line) -> bool {
    let text = line.span.of(&document.text);
    let letters = document.words[line.words.clone()].iter().filter(|word| word.shape.is_alphabetic()).count();
    let is_label = text.split_once(": ").is_some_and(|(label, _)| label.split(' ').count() <= 2) && line.words.len() <= LABELLED;
    let opens = !text.starts_with(char::is_lowercase);
    WORDS.contains(&line.words.len()) && letters >= *WORDS.start() && opens && !is_label && !text.ends_with(['.', ':', ',', ';', '…'])
}

fn is_paragraph(document: &Document, line: &Line) -> bool {
    line.words.len() >= PARAGRAPH && line.span.of(&document.text).ends_with(['.', '!', '?', '"', '”'])
}

fn same_words(document: &Document, a: Range<usize>, b: Range<usize>) -> bool {
    let text = &*document.text;
    let same = |(a, b): (&Word, &Word)| a.hash == b.hash && a.of(text).to_lowercase() == b.of(text).to_lowercase();
    a.len() == b.len() && document.words[a].iter().zip(&document.words[b]).all(same)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Gate;

    fn found(text: &str) -> Vec<(usize, bool)> {
        let document = Document::from_text(text);
        let gate = Gate::new(&[], |_| true);
        let cx = Context::new(&document, &gate);
        RepeatedHeadline.detect(&cx).into_iter().map(|hit| (document.line(hit.span.start), hit.certain)).collect()
    }

    #[test]
    fn the_headline_above_the_body_is_found() {
        let body = "The council voted on Monday.\nThen all went home.\n";
        assert_eq!(found(&format!("Harbour wall raised\nHarbour wall raised\n{body}")), [(2, true)]);
        assert_eq!(found(&format!("Harbour wall raised\n\nBy Ada Quill\n\n12 May\n\nHARBOUR WALL RAISED\n\n{body}")), [(7, false)]);
        assert_eq!(found(&format!("News\nHarbour wall to be raised - The Tide\nHarbour wall to be raised\n{body}")), [(3, false)]);
        assert_eq!(found(&format!("Harbour wall raised\nHarbour wall raised\nHarbour wall raised\n{body}")), [(2, true), (3, true)]);
        // Two lines of one block.
        assert_eq!(found(&format!("Harbour wall raised\n\nHarbour wall raised\n{body}\nMore of it.\n\nAnd more.\n")), [(3, true)]);
    }

    #[test]
    fn what_is_no_headline_is_left_alone() {
        assert_eq!(found("No comment\nNo comment\nThe council voted on Monday.\n"), []);
        assert_eq!(found("I will not.\nI will not.\nThe council voted on Monday.\n"), []);
        assert_eq!(found("10 12 14\n10 12 14\nThe council voted on Monday.\n"), []);
        assert_eq!(found("Harbour wall raised\n1\n2\n3\n4\n5\nHarbour wall raised\n"), []);
        assert_eq!(found(""), []);
    }
}
