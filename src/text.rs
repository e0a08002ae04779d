//! Places in a text: byte spans, the line and column that a person would count, and how people write counts.

use std::ops::Range;
use std::sync::OnceLock;

/// A count as people read it: `1,234,567`.
pub fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A half-open range of bytes, `start..end`, on character boundaries of the text it belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Length in bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    pub const fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// True where the two share at least one byte.
    pub const fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The smallest span that holds both.
    pub fn join(self, other: Span) -> Span {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }

    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }

    /// The span without the white space at its two ends.
    pub fn trim(self, text: &str) -> Span {
        let inner = self.of(text);
        let start = self.start + (inner.len() - inner.trim_start().len());
        Span::new(start, start + inner.trim().len())
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// A place as an editor shows it: both numbers count from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// Where each line of a text starts. A line ends after `\n`, `\r\n`, a lone `\r`, U+2028 or U+2029.
#[derive(Clone, Debug)]
pub struct LineIndex {
    /// Four bytes each, since a text may be a million short lines.
    starts: Vec<u32>,
    /// Characters before every [`MARK`]th byte; made when a column in a longer line is first asked for.
    marks: OnceLock<Vec<usize>>,
}

/// Bytes that [`LineIndex::position`] counts through at most, however long the line is.
const MARK: usize = 4096;

impl LineIndex {
    /// Of a text of up to 4 GiB, as all documents are.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts: Vec<u32> = vec![0];
        // 0xE2 opens the three bytes of U+2028 and U+2029 (and of much else, looked at below).
        for at in memchr::memchr3_iter(b'\n', b'\r', 0xE2, bytes) {
            match bytes[at] {
                b'\n' => starts.push(at as u32 + 1),
                b'\r' if bytes.get(at + 1) != Some(&b'\n') => starts.push(at as u32 + 1),
                0xE2 if bytes[at + 1] == 0x80 && matches!(bytes[at + 2], 0xA8 | 0xA9) => {
                    starts.push(at as u32 + 3);
                }
                _ => {}
            }
        }
        Self { starts, marks: OnceLock::new() }
    }

    /// Number of lines; the empty text after a final line break counts as one.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line, counted from 0, that holds the byte `at`.
    pub fn line_of(&self, at: usize) -> usize {
        self.starts.partition_point(|&start| start as usize <= at) - 1
    }

    /// The bytes of line `line` (counted from 0), its line break included.
    pub fn full(&self, line: usize, text: &str) -> Span {
        Span::new(self.starts[line] as usize, self.starts.get(line + 1).map_or(text.len(), |&next| next as usize))
    }

    /// The bytes of line `line` (counted from 0), without its line break.
    pub fn span(&self, line: usize, text: &str) -> Span {
        let full = self.full(line, text);
        let body = full.of(text).trim_end_matches(['\n', '\r', '\u{2028}', '\u{2029}']);
        Span::new(full.start, full.start + body.len())
    }

    pub fn position(&self, at: usize, text: &str) -> Position {
        let line = self.line_of(at);
        let start = self.starts[line] as usize;
        let before =
            if at - start <= MARK { text[start..at].chars().count() } else { self.characters(at, text) - self.characters(start, text) };
        Position { line: line + 1, column: before + 1 }
    }

    /// Characters of the whole text before the byte `at`.
    pub fn characters(&self, at: usize, text: &str) -> usize {
        let marks = self.marks.get_or_init(|| {
            let mut count = 0;
            let count_on = |piece| {
                let before = count;
                count += first_bytes(piece);
                before
            };
            text.as_bytes().chunks(MARK).map(count_on).collect()
        });
        let piece = (at / MARK).min(marks.len().saturating_sub(1));
        marks.get(piece).map_or(0, |before| before + first_bytes(&text.as_bytes()[piece * MARK..at]))
    }
}

/// Characters that start in a piece of UTF-8.
fn first_bytes(piece: &[u8]) -> usize {
    piece.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_break_ends_a_line() {
        let text = "a\nb\r\nc\rd\u{2028}e\u{2029}“f”";
        let lines = LineIndex::new(text);
        let found: Vec<&str> = (0..lines.count()).map(|n| lines.span(n, text).of(text)).collect();
        assert_eq!(found, ["a", "b", "c", "d", "e", "“f”"]);
    }

    #[test]
    fn columns_count_characters() {
        let text = "één\nzwei — drei";
        let at = text.find("drei").unwrap();
        assert_eq!(LineIndex::new(text).position(at, text), Position { line: 2, column: 8 });
    }

    #[test]
    fn columns_in_a_long_line_are_those_that_counting_gives() {
        let text = format!("“\n{}", "één — 東京 ".repeat(2_000));
        let lines = LineIndex::new(&text);
        for (column, (at, _)) in text[4..].char_indices().enumerate() {
            assert_eq!(lines.position(at + 4, &text), Position { line: 2, column: column + 1 });
        }
        assert_eq!(lines.position(text.len(), &text).column, text[4..].chars().count() + 1);
    }

    #[test]
    fn trimming_keeps_the_place() {
        let text = "  a b \n";
        assert_eq!(Span::new(0, text.len()).trim(text), Span::new(2, 5));
        assert!(Span::new(0, 2).trim(text).is_empty());
    }
}
