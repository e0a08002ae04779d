//! What miette is shown instead of the document: a small virtual text that holds the labelled places and little else.
//!
//! miette never crops a line and never leaves one out, so that a typo in a paragraph of 5,000 characters or a block of
//! 17 lines would fill the screen. Here long lines are cut around what is labelled, the inside of long blocks is left
//! out, hidden characters are spelled out, and every shown character knows the bytes it stands for.

use super::crop::{self, Cutter, Keep};
use super::visible::{clusters, columns};
use crate::text::{LineIndex, Position, Span};
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Columns of a long paragraph that are shown in full, in rows; of a longer one the beginning and the end are shown.
const PARAGRAPH: usize = 360;
/// Columns reserved for a label beside what it points at; a longer one is wrapped.
const LABEL: usize = 28;
/// What miette draws between a label's middle and its text.
const ARM: usize = 4;

/// A text to take an excerpt of.
#[derive(Clone, Copy)]
pub(super) struct Source<'t> {
    pub name: &'t str,
    pub text: &'t str,
    pub lines: &'t LineIndex,
}

/// A place to be pointed at. The first of several is what the excerpt is about.
#[derive(Clone, Debug)]
pub(super) struct Pointer {
    pub span: Span,
    pub text: Option<String>,
}

/// The virtual text, and where the pointers stand in it.
#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    /// Where the first pointer stands in the document.
    pub head: Position,
    /// What stands in the margin before each row: a line number, or the sign of a gap.
    pub margin: Vec<String>,
    /// The number that miette will write before the first row, so that all have as many digits as the true ones.
    pub first: usize,
    /// In the order of the pointers; `None` where there was no room for one.
    pub places: Vec<Option<Span>>,
    /// Columns for text.
    width: usize,
    cells: Vec<Cell>,
}

/// One shown character: bytes of the document and bytes of the virtual text.
#[derive(Clone, Copy, Debug)]
struct Cell {
    source: Span,
    shown: Span,
}

/// One line of the document that is shown.
#[derive(Default)]
struct Line {
    keeps: Vec<Keep>,
    /// The whole of its only pointer is to be read.
    wrap: bool,
}

impl Excerpt {
    pub fn new(source: Source<'_>, pointers: &[Pointer], width: usize, unicode: bool) -> Self {
        let Source { text, lines, .. } = source;
        let mut spans: Vec<Span> = pointers.iter().map(|pointer| shown_part(pointer.span, text, lines)).collect();
        let ranges: Vec<RangeInclusive<usize>> = spans.iter().map(|&span| lines_of(span, lines)).collect();
        // miette draws a bar beside a span of several lines; two bars side by side are one too many to follow.
        let apart = |index: usize| {
            let clashes = |other: &RangeInclusive<usize>| ranges[index].start() <= other.end() && other.start() <= ranges[index].end();
            is_one(&ranges[index]) || !ranges[..index].iter().any(|other| !is_one(other) && clashes(other))
        };
        let shown: Vec<bool> = (0..spans.len()).map(apart).collect();
        let last = ranges.iter().map(RangeInclusive::end).max().map_or(1, |line| line + 1);
        let digits = last.to_string().len();
        let head = spans.first().map_or(Position { line: 1, column: 1 }, |span| lines.position(span.start, text));
        let mut excerpt = Self {
            name: source.name.to_string(),
            text: String::new(),
            head,
            margin: Vec::new(),
            first: 10usize.pow(digits as u32 - 1) - 1,
            places: Vec::new(),
            // ` 12 │ ` before the text, and a column that stays free behind it.
            width: width.saturating_sub(digits + 5).max(8),
            cells: Vec::new(),
        };
        let bars = ranges.iter().zip(&shown).any(|(range, &shown)| shown && !is_one(range));
        let wraps = spans.first().is_some_and(|&span| {
            is_one(&ranges[0])
                && ranges[1..].iter().zip(&shown[1..]).all(|(range, &shown)| !shown || !range.contains(ranges[0].start()))
                && crop::columns_up_to(span.of(text), excerpt.width.saturating_sub(ARM)).is_none()
        });
        if bars || wraps {
            excerpt.width = excerpt.width.saturating_sub(ARM).max(8);
        }
        if wraps {
            spans[0] = spans[0].trim(text);
        }
        let cutter = Cutter { width: excerpt.width, sign: if unicode { "…" } else { "..." } };

        let mut plan: BTreeMap<usize, Line> = BTreeMap::new();
        for (index, (span, range)) in spans.iter().zip(&ranges).enumerate().filter(|&(index, _)| shown[index]) {
            let label = pointers[index].text.as_deref().map_or(0, |label| columns(label).min(LABEL) + ARM);
            for line in [*range.start(), *range.end()] {
                let place = lines.span(line, text);
                let part = Span::new(span.start.clamp(place.start, place.end), span.end.clamp(place.start, place.end));
                let keep = Keep {
                    span: Span::new(part.start - place.start, part.end - place.start),
                    label,
                    open: line < *range.end(),
                    alone: !is_one(range),
                };
                let planned = plan.entry(line).or_default();
                planned.keeps.push(keep);
                planned.wrap |= index == 0 && wraps;
                if is_one(range) {
                    break;
                }
            }
        }
        if let Some(range) = ranges.first().filter(|range| is_one(range) && !wraps) {
            for line in [range.start().wrapping_sub(1), range.start() + 1] {
                let whole = |line| (line < lines.count()).then(|| lines.span(line, text).of(text));
                // A neighbour that has room is context; the beginning of a long one would only be noise.
                if whole(line).is_some_and(|line| !line.trim_start().is_empty() && crop::columns_up_to(line, cutter.width).is_some()) {
                    plan.entry(line).or_default();
                }
            }
        }

        let mut above: Option<usize> = None;
        let blocks = || ranges.iter().zip(&shown).filter(|&(_, &shown)| shown).map(|(range, _)| range);
        for (&line, planned) in &plan {
            if let Some(above) = above.filter(|&above| line > above + 1) {
                let inside = blocks().any(|range| *range.start() <= above && line <= *range.end());
                match line - above - 1 {
                    1 if inside => excerpt.row(source, above + 1, &Line::default(), cutter),
                    left_out if inside => excerpt.gap(&format!("{0} {left_out} more lines {0}", cutter.sign), unicode),
                    _ => excerpt.gap("", unicode),
                }
            }
            excerpt.row(source, line, planned, cutter);
            above = Some(line);
        }
        excerpt.places = spans.iter().zip(&shown).map(|(&span, &shown)| excerpt.place(span).filter(|_| shown)).collect();
        excerpt.part();
        excerpt
    }

    /// Gives up places that overlap an earlier one in the same row: miette would draw them side by side.
    fn part(&mut self) {
        let row = |place: Span| (!place.of(&self.text).contains('\n')).then(|| Span::new(place.start, place.end.max(place.start + 1)));
        let mut taken: Vec<Span> = Vec::new();
        for place in &mut self.places {
            let Some(span) = place.and_then(row) else { continue };
            match taken.iter().any(|other| other.overlaps(span)) {
                true => *place = None,
                false => taken.push(span),
            }
        }
    }

    fn gap(&mut self, says: &str, unicode: bool) {
        self.text.push_str(says);
        self.text.push('\n');
        self.margin.push(if unicode { "⋮" } else { ":" }.into());
    }

    fn row(&mut self, source: Source<'_>, number: usize, planned: &Line, cutter: Cutter) {
        let place = source.lines.span(number, source.text);
        let line = place.of(source.text);
        self.margin.push((number + 1).to_string());
        if planned.wrap {
            self.paragraph(line, place.start, planned.keeps[0], cutter);
        } else {
            let mut keeps = &planned.keeps[..];
            let (text, cells) = (self.text.len(), self.cells.len());
            loop {
                self.pieces(line, place.start, keeps, cutter);
                if keeps.len() < 2 || columns(&self.text[text..]) <= cutter.width {
                    break;
                }
                // Too much for one row: the last of the places is given up.
                self.text.truncate(text);
                self.cells.truncate(cells);
                keeps = &keeps[..keeps.len() - 1];
            }
        }
        self.text.push('\n');
    }

    /// All of a long part of a line, row by row.
    fn paragraph(&mut self, line: &str, base: usize, keep: Keep, cutter: Cutter) {
        let mut end = keep.span.start;
        for (index, row) in cutter.wrap(line, keep.span, (PARAGRAPH / cutter.width).clamp(5, 8)).into_iter().enumerate() {
            if index > 0 {
                self.text.push('\n');
                self.margin.push(String::new());
            }
            if !line[end..row.start].trim_start().is_empty() {
                self.text.push_str(cutter.sign);
                self.text.push('\n');
                self.margin.push(String::new());
            }
            if index == 0 && row.start > 0 {
                self.text.push_str(cutter.sign);
                self.text.push(' ');
            }
            self.show(line, base, row, &[keep]);
            end = row.end;
        }
        if end < line.len() {
            self.text.push(' ');
            self.text.push_str(cutter.sign);
        }
    }

    /// One row of a line, with signs for what is cut away.
    fn pieces(&mut self, line: &str, base: usize, keeps: &[Keep], cutter: Cutter) {
        let mut end = 0;
        for piece in cutter.crop(line, keeps) {
            if piece.start > end {
                self.text.push_str(if end > 0 { " " } else { "" });
                self.text.push_str(cutter.sign);
                self.text.push(' ');
            }
            self.show(line, base, piece, keeps);
            end = piece.end;
        }
        if end < line.len() {
            self.text.push(' ');
            self.text.push_str(cutter.sign);
        }
    }

    /// Appends a piece of a line that starts at byte `base` of the document.
    fn show(&mut self, line: &str, base: usize, piece: Span, keeps: &[Keep]) {
        // A span may begin or end within what is drawn as one character: the cells must end where it does.
        let mut edges: Vec<usize> = keeps.iter().flat_map(|keep| [keep.span.start, keep.span.end]).collect();
        edges.extend([piece.start, piece.end]);
        edges.retain(|edge| (piece.start..=piece.end).contains(edge));
        edges.sort_unstable();
        edges.dedup();
        for edge in edges.windows(2) {
            for cluster in clusters(&line[edge[0]..edge[1]]) {
                let (source, shown) = (base + edge[0] + cluster.start, self.text.len());
                self.text.push_str(&cluster.shown());
                self.cells.push(Cell { source: Span::new(source, source + cluster.text.len()), shown: Span::new(shown, self.text.len()) });
            }
        }
        if piece.is_empty() {
            self.cells.push(Cell {
                source: Span::new(base + piece.start, base + piece.start),
                shown: Span::new(self.text.len(), self.text.len()),
            });
        }
    }

    /// Where a span of the document stands in the virtual text, if both its ends are shown.
    fn place(&self, span: Span) -> Option<Span> {
        let first = self.cells.partition_point(|cell| cell.source.end <= span.start);
        if span.is_empty() {
            // At the end of a line it stands behind the last character.
            let before = first.checked_sub(1).map(|before| self.cells[before]).filter(|before| before.source.end == span.start);
            let after = self.cells.get(first).filter(|after| after.source.start == span.start);
            let at = before.map(|before| before.shown.end).or(after.map(|after| after.shown.start))?;
            return Some(Span::new(at, at));
        }
        let after = self.cells.partition_point(|cell| cell.source.start < span.end);
        let (first, last) = (self.cells.get(first)?, self.cells[..after].last()?);
        (first.source.start == span.start && last.source.end == span.end).then(|| Span::new(first.shown.start, last.shown.end))
    }

    /// A label broken into lines that fit beside the place they speak of.
    pub fn label(&self, place: Span, label: &str) -> String {
        let start = self.text[..place.start].rfind('\n').map_or(0, |end| end + 1);
        let middle = match self.text[place.start..place.end].contains('\n') {
            true => 0,
            false => columns(&self.text[start..place.start]) + columns(place.of(&self.text)) / 2,
        };
        let room = self.width.saturating_sub(middle + ARM).max(12);
        let mut wrapped = String::new();
        let mut used = 0;
        for word in label.split(' ').filter(|word| !word.is_empty()) {
            let fits = used + usize::from(used > 0) + columns(word) <= room;
            if used > 0 {
                wrapped.push(if fits { ' ' } else { '\n' });
                used = if fits { used + 1 } else { 0 };
            }
            for cluster in clusters(word) {
                if used + cluster.columns() > room {
                    wrapped.push('\n');
                    used = 0;
                }
                wrapped.push_str(cluster.text);
                used += cluster.columns();
            }
        }
        wrapped
    }
}

fn is_one(range: &RangeInclusive<usize>) -> bool {
    range.start() == range.end()
}

/// A span that can be shown: inside the text, on character boundaries, without the line breaks at its ends.
fn shown_part(span: Span, text: &str, lines: &LineIndex) -> Span {
    const BREAKS: [char; 4] = ['\n', '\r', '\u{2028}', '\u{2029}'];
    let start = text.floor_char_boundary(span.start);
    let end = text.ceil_char_boundary(span.end.clamp(start, text.len()));
    let body = text[start..end].trim_end_matches(BREAKS);
    let start = start + (body.len() - body.trim_start_matches(BREAKS).len());
    if body.is_empty() {
        // Nothing can be pointed at between the two characters of a line break.
        let at = start.min(lines.span(lines.line_of(start), text).end);
        return Span::new(at, at);
    }
    Span::new(start, text[..end].trim_end_matches(BREAKS).len().max(start))
}

fn lines_of(span: Span, lines: &LineIndex) -> RangeInclusive<usize> {
    let first = lines.line_of(span.start);
    first..=lines.line_of(span.end.saturating_sub(1).max(span.start))
}

impl SourceCode for Excerpt {
    fn read_span<'a>(&'a self, _: &SourceSpan, before: usize, _: usize) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        // miette asks without context only for what the header says: there the true place is told.
        let (line, column) = if before == 0 { (self.head.line - 1, self.head.column - 1) } else { (self.first, 0) };
        let whole = SourceSpan::from((0, self.text.len()));
        let rows = self.margin.len();
        Ok(Box::new(MietteSpanContents::new_named(self.name.clone(), self.text.as_bytes(), whole, line, column, rows)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn excerpt(text: &str, spans: &[Span], width: usize) -> Excerpt {
        let pointers: Vec<Pointer> = spans.iter().map(|&span| Pointer { span, text: Some("a label of some length".into()) }).collect();
        Excerpt::new(Source { name: "a.txt", text, lines: &LineIndex::new(text) }, &pointers, width, true)
    }

    fn at(text: &str, part: &str) -> Span {
        let start = text.find(part).unwrap();
        Span::new(start, start + part.len())
    }

    fn rows(excerpt: &Excerpt) -> Vec<String> {
        excerpt.text.lines().zip(&excerpt.margin).map(|(row, margin)| format!("{margin}|{row}")).collect()
    }

    #[test]
    fn a_long_line_is_cut_around_the_place_between_words() {
        let text = format!("{}the old harbor wall {}", "before it stands ".repeat(300), "after it comes more ".repeat(300));
        let excerpt = excerpt(&text, &[at(&text, "harbor")], 60);
        assert_eq!(rows(&excerpt), ["1|… it stands the old harbor wall after it comes …"]);
        assert_eq!(excerpt.places[0].unwrap().of(&excerpt.text), "harbor");
        assert_eq!(excerpt.head, Position { line: 1, column: 300 * 17 + 9 });
    }

    #[test]
    fn a_short_neighbour_is_context_and_a_long_one_is_not() {
        let text = format!("The harbour\nThe old wal fell.\n{}\n", "long ".repeat(50));
        assert_eq!(rows(&excerpt(&text, &[at(&text, "wal")], 80)), ["1|The harbour", "2|The old wal fell."]);
    }

    #[test]
    fn the_inside_of_a_block_is_left_out() {
        let text = (1..=20).map(|line| format!("line {line}\n")).collect::<String>();
        let block = at(&text, "line 3\n").join(at(&text, "line 19\n"));
        assert_eq!(rows(&excerpt(&text, &[block], 80)), ["3|line 3", "⋮|… 15 more lines …", "19|line 19"]);
        let block = at(&text, "line 3\n").join(at(&text, "line 5\n"));
        assert_eq!(rows(&excerpt(&text, &[block], 80)), ["3|line 3", "4|line 4", "5|line 5"]);
    }

    #[test]
    fn two_far_places_stand_under_one_another() {
        let text = format!("First, the harbour.\n{}Then the harbor.\n", "Nothing here.\n".repeat(40));
        let excerpt = excerpt(&text, &[at(&text, "harbor."), at(&text, "harbour")], 80);
        assert_eq!(rows(&excerpt), ["1|First, the harbour.", "⋮|", "41|Nothing here.", "42|Then the harbor."]);
        assert_eq!(excerpt.places[1].unwrap().of(&excerpt.text), "harbour");
    }

    #[test]
    fn a_long_paragraph_is_read_whole_and_a_very_long_one_in_part() {
        let paragraph = "The wall has kept the old town dry since the flood. ".repeat(4);
        let text = format!("Before.\n{paragraph}\nAfter.\n");
        let shown = rows(&excerpt(&text, &[at(&text, paragraph.trim_end())], 80));
        assert_eq!(shown.len(), 4);
        assert!(shown[0].starts_with("2|The wall") && shown[1].starts_with('|') && shown[3].ends_with("flood. …"), "{shown:?}");
        let text = paragraph.repeat(100);
        let shown = rows(&excerpt(&text, &[Span::new(0, text.trim_end().len())], 80));
        assert_eq!(shown.len(), 5);
        assert_eq!(shown[3], "|…");
    }

    #[test]
    fn an_end_without_line_break_is_pointed_at() {
        for text in ["The end", "The end\n", ""] {
            let excerpt = excerpt(text, &[Span::new(text.len(), text.len())], 80);
            let place = excerpt.places[0].unwrap();
            assert!(place.is_empty() && place.start <= excerpt.text.len());
        }
    }

    #[test]
    fn labels_wrap_beside_their_place() {
        let text = "one two three four five six seven eight nine ten eleven";
        let excerpt = excerpt(text, &[at(text, "ten")], 60);
        assert_eq!(excerpt.label(excerpt.places[0].unwrap(), "the number of fingers that most people have").lines().count(), 2);
    }

    /// Texts as they are scraped at their worst.
    fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            4 => "[a-z]{1,12} ",
            1 => "[ -~]{0,40}",
            1 => "[東京大学]{1,60}",
            1 => "\\PC{1,8}",
            1 => "[\\x00-\\x1f\u{300}\u{200b}\u{200d}\u{202e}\u{2066}\u{ad}\t]{1,5}",
            1 => "[\n\r\u{2028}]{1,3}",
            1 => "x{100,400}",
        ];
        prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
    }

    /// A span of the text, from two numbers in 0..1.
    fn span_in(text: &str, (from, to): (f64, f64)) -> Span {
        let at = |share: f64| text.floor_char_boundary((share * text.len() as f64) as usize);
        Span::new(at(from.min(to)), at(from.max(to)))
    }

    proptest! {
        #[test]
        fn every_excerpt_shows_just_its_places(
            text in hostile(),
            shares in prop::collection::vec((0.0..1.0f64, 0.0..1.0f64), 1..4),
            width in 40usize..200,
        ) {
            let spans: Vec<Span> = shares.iter().map(|&share| span_in(&text, share)).collect();
            let excerpt = excerpt(&text, &spans, width);
            prop_assert_eq!(excerpt.margin.len(), excerpt.text.lines().count());
            for row in excerpt.text.lines() {
                prop_assert!(columns(row) <= excerpt.width, "{} columns, not {}: {row}", columns(row), excerpt.width);
            }
            prop_assert!(excerpt.places[0].is_some());
            for (span, place) in spans.iter().zip(&excerpt.places) {
                let (span, Some(place)) = (shown_part(*span, &text, &LineIndex::new(&text)), place) else { continue };
                let inside: Vec<&Cell> = excerpt.cells.iter().filter(|cell| place.contains(cell.shown) && !cell.shown.is_empty()).collect();
                if !span.is_empty() {
                    let start = inside.first().map(|cell| cell.source.start);
                    prop_assert!(start == Some(span.start) || start == Some(span.trim(&text).start));
                    let end = inside.last().map(|cell| cell.source.end);
                    prop_assert!(end == Some(span.end) || end == Some(span.trim(&text).end));
                }
                prop_assert!(inside.iter().all(|cell| span.contains(cell.source)));
            }
        }
    }
}
