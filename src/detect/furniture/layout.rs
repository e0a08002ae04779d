//! The lines of a document as the guards of `furniture` see them: how long each is, what it is made of, what stands beside it.

use crate::document::{Document, Format, Word, hash_of, mix};
use crate::text::Span;
use std::cell::OnceCell;
use std::collections::HashSet;

/// Words of the longest line that is looked up among the labels.
const SHORT: usize = 8;
/// What parts the labels of a bar, and how many words it has at most.
const BARS: [char; 4] = ['|', '•', '·', '¦'];
const BAR: usize = 24;
/// With this many words and a stop at its end, a line is a paragraph of the story.
const PROSE: usize = 18;
/// So many lines with different labels make a table of facts.
const MIN_ENTRIES: usize = 3;

/// The lines of a document, as the guards see them.
#[derive(Debug)]
pub struct Layout {
    /// Those that are not blank.
    pub(super) lines: Vec<Line>,
    /// The hash of the words of each short line, and its index.
    pub(super) short: Vec<(u64, u32)>,
    /// The hash of what stands between the bars of a line that has some, and its index.
    pub(super) parts: Vec<(u64, u32)>,
    /// Over a fifth of the lines start in lower case: they are parts of paragraphs.
    pub(super) wrapped: bool,
    /// Indices of the paragraphs.
    pub(super) prose: Vec<u32>,
}

/// 32 bytes, since a long document has millions of them.
#[derive(Debug)]
pub struct Line {
    start: u32,
    end: u32,
    pub(super) words: u32,
    /// Ends with a stop.
    pub(super) closed: bool,
    /// Starts in lower case.
    lower: bool,
    /// Made when the first pattern asks for it.
    plain: OnceCell<Box<str>>,
}

impl Line {
    pub(super) const fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }

    /// As patterns see it.
    pub(super) fn plain(&self, document: &Document) -> &str {
        self.plain.get_or_init(|| plain(self.span().of(&document.text)).into())
    }
}

impl Layout {
    pub fn of(document: &Document) -> Self {
        let (text, index) = (&*document.text, document.lines());
        let mut lines = Vec::with_capacity(index.count());
        let (mut short, mut parts) = (Vec::new(), Vec::new());
        // What stands beside the article on its page is no line of it.
        let is_main =
            |span: Span| document.format != Format::Html || document.block_at(span.start).is_none_or(|at| document.blocks[at].main);
        let (mut word, mut fragments, mut prose) = (0, 0, Vec::new());
        for number in 0..index.count() {
            let span = index.span(number, text).trim(text);
            if span.is_empty() {
                continue;
            }
            let first = word;
            while document.words.get(word).is_some_and(|next| next.span().start < span.end) {
                word += 1;
            }
            let words = word - first;
            if !is_main(span) {
                continue;
            }
            if (1..=SHORT).contains(&words) {
                let hash = document.words[first..word].iter().fold(0, |hash, word| mix(hash, word.hash));
                short.push((hash, lines.len() as u32));
            }
            if (2..=BAR).contains(&words) && span.of(text).contains(BARS) {
                parts.extend(parts_of(text, &document.words[first..word]).map(|hash| (hash, lines.len() as u32)));
            }
            let closed = span.of(text).trim_end_matches(['\'', '"', '”', '’', ')', ']']).ends_with(['.', '!', '?', '…']);
            let lower = span.of(text).starts_with(char::is_lowercase);
            fragments += usize::from(words > 3 && lower);
            if words >= PROSE && closed {
                prose.push(lines.len() as u32);
            }
            let (start, end) = (span.start as u32, span.end as u32);
            lines.push(Line { start, end, words: words as u32, closed, lower, plain: OnceCell::new() });
        }
        Self { wrapped: fragments * 5 > lines.len(), lines, short, parts, prose }
    }

    /// The line that holds the byte `at`.
    pub(super) fn line_at(&self, at: usize) -> Option<usize> {
        let index = self.lines.partition_point(|line| line.start as usize <= at).checked_sub(1)?;
        (at < self.lines[index].end as usize).then_some(index)
    }

    pub(super) fn is_prose(&self, index: usize) -> bool {
        self.lines.get(index).is_some_and(|line| line.closed && line.words as usize >= PROSE)
    }

    /// How many paragraphs stand before line `index`.
    pub(super) fn prose_before(&self, index: usize) -> usize {
        self.prose.partition_point(|&at| (at as usize) < index)
    }

    /// The hash of a short line.
    pub(super) fn hash_of(&self, index: usize) -> Option<u64> {
        self.short.binary_search_by_key(&index, |&(_, at)| at as usize).ok().map(|at| self.short[at].0)
    }

    /// A line in the middle of a sentence: one that does not end stands above it, and it and the next start in lower case.
    pub(super) fn runs_through(&self, index: usize) -> bool {
        let above = index.checked_sub(1).map(|above| &self.lines[above]);
        above.is_some_and(|above| !above.closed && above.words > 3)
            && self.lines[index].lower
            && !self.lines[index].closed
            && self.lines.get(index + 1).is_some_and(|below| below.lower && below.words > 3)
    }

    /// In hard-wrapped text, a line that is not a paragraph by itself.
    pub(super) fn is_fragment(&self, index: usize) -> bool {
        let goes_on = |line: &Line| !line.closed && line.words > 6;
        let above = index.checked_sub(1).is_some_and(|above| goes_on(&self.lines[above]));
        let line = &self.lines[index];
        above || line.lower || self.lines.get(index + 1).is_some_and(|below| below.lower || goes_on(line))
    }

    /// A line of a table of facts (`Audio: two channels`): lines with other labels stand beside it.
    pub(super) fn is_entry(&self, text: &str, index: usize) -> bool {
        let label = |line: &Line| label(line.span().of(text));
        if label(&self.lines[index]).is_none() {
            return false;
        }
        let above = self.lines[..index].iter().rev().map_while(label);
        let labels: HashSet<&str> = above.chain(self.lines[index..].iter().map_while(label)).take(2 * MIN_ENTRIES).collect();
        labels.len() >= MIN_ENTRIES
    }

    /// A page of short lines: an index, a table, a form.
    pub(super) fn is_sparse(&self) -> bool {
        self.prose.len() < 3 && self.lines.len() > 8
    }
}

/// The hashes of what stands between bars.
fn parts_of(text: &str, words: &[Word]) -> impl Iterator<Item = u64> {
    let same = |a: &Word, b: &Word| !text[a.span().end..b.span().start].contains(BARS);
    words.chunk_by(same).map(|part| part.iter().fold(0, |hash, word| mix(hash, word.hash)))
}

/// What stands before the colon of a line, if that is a word or two and something follows.
fn label(line: &str) -> Option<&str> {
    let (label, rest) = line.split_once(": ")?;
    (label.len() <= 24 && label.split(' ').count() <= 3 && !rest.trim().is_empty()).then_some(label)
}

/// The line as patterns see it: straight quotes and dashes, single spaces, nothing around it.
fn plain(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            '‘' | '’' | 'ʼ' => out.push('\''),
            '“' | '”' => out.push('"'),
            '–' | '—' => out.push('-'),
            c if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c if c.is_ascii() => out.push(c),
            c => out.extend(c.to_lowercase()),
        }
    }
    // A row of a table is no menu: its bars stay, unless all but one of its cells are empty, as where tables were for layout.
    let cells = || out.split('|').filter(|cell| !cell.trim().is_empty()).count();
    if out.len() > 1 && out.starts_with('|') && out.ends_with('|') && cells() > 1 {
        return out;
    }
    out.trim_start_matches([' ', '|', '•', '·', '*', '▪', '►', '▶', '■', '-']).trim_end_matches([' ', '|']).to_string()
}

/// The hash that a line of these words has, see [`Document::blocks`].
pub(super) fn hash_of_line(line: &str) -> u64 {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’');
    let words = line.split(|c| !is_word(c)).map(|word| word.trim_matches(['\'', '’'])).filter(|word| !word.is_empty());
    words.fold(0, |hash, word| mix(hash, hash_of(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_hashes_as_a_line_of_the_document_does() {
        for line in ["Share this:", "Don’t miss", "E-mail", "» Read more «", "Terms & Conditions", "Who's who 24/7"] {
            let layout = Layout::of(&Document::from_text(line));
            assert_eq!(layout.short[0].0, hash_of_line(line), "{line}");
        }
    }

    #[test]
    fn a_line_is_read_without_what_stands_around_it() {
        assert_eq!(plain("• Don’t\u{a0} miss — “this” | "), "Don't miss - \"this\"");
        assert_eq!(plain("| | E-mail to a friend | |"), "E-mail to a friend");
        assert_eq!(plain("| Wall | 12 m |"), "| Wall | 12 m |");
    }

    #[test]
    fn a_bar_is_read_label_by_label() {
        let layout = Layout::of(&Document::from_text("Print | Single page\nIt stands.\n| Back | |"));
        let hashes = ["Print", "Single page", "Back"].map(hash_of_line);
        assert_eq!(layout.parts, [(hashes[0], 0), (hashes[1], 0)]);
        assert_eq!(layout.short.last(), Some(&(hashes[2], 2)));
    }

    #[test]
    fn a_line_of_a_table_of_facts_is_known_by_its_neighbours() {
        let table = "Hands on\nScreen: 12 inches\nAudio: two speakers\nWeight: 800 g\nIt plays.";
        let layout = Layout::of(&Document::from_text(table));
        assert_eq!([0, 1, 2, 3, 4].map(|index| layout.is_entry(table, index)), [false, true, true, true, false]);
        let links = "Related: The old wall\nRelated: The new wall\nRelated: What it costs";
        assert!(!Layout::of(&Document::from_text(links)).is_entry(links, 1));
    }

    #[test]
    fn the_layout_knows_prose_and_fragments() {
        let prose = "The council voted on Monday to raise the harbour wall by a metre after three hours of debate in town.\n";
        let layout = Layout::of(&Document::from_text(&format!("Share\n\n{prose}Tweet\n{prose}")));
        assert_eq!((layout.lines.len(), layout.prose.len(), layout.wrapped), (4, 2, false));
        let wrapped =
            Layout::of(&Document::from_text("The council voted on Monday\nto raise the wall by a\nmetre after three hours of debate"));
        assert!(wrapped.wrapped);
    }
}
