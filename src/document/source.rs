//! The way back from the text that is checked to the file it was taken from.
//!
//! What a reader sees of an HTML page is not what lies on disk: tags are gone, `&eacute;` is one letter, white space is
//! folded. A [`SourceMap`] remembers for each stretch of the text which stretch of the file it came from.

use crate::text::Span;
use std::sync::Arc;

/// The file behind a document whose text is only part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    pub text: Arc<str>,
    pub map: SourceMap,
}

/// From bytes of the text to bytes of the source; the two run in the same order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceMap {
    /// In order, and gapless in the text; a piece ends where the next starts.
    pieces: Vec<Piece>,
    /// Length of the text in bytes.
    len: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    text: usize,
    source: Span,
    /// The same bytes on both sides; else the piece is one unit (`&amp;` for `&`), which nothing points into.
    verbatim: bool,
}

impl SourceMap {
    /// The next bytes of the text are those of the source at `source`.
    pub fn copy(&mut self, source: Span) {
        if source.is_empty() {
            return;
        }
        match self.pieces.last_mut() {
            Some(last) if last.verbatim && last.source.end == source.start => last.source.end = source.end,
            _ => self.pieces.push(Piece { text: self.len, source, verbatim: true }),
        }
        self.len += source.len();
    }

    /// The next `len` bytes of the text stand for all of `source`, which may be empty: then they stand in no file.
    pub fn replace(&mut self, len: usize, source: Span) {
        if len == 0 {
            return;
        }
        self.pieces.push(Piece { text: self.len, source, verbatim: false });
        self.len += len;
    }

    /// Forgets all that stands for the text from `len` on; `len` must not lie inside a unit.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.len {
            return;
        }
        self.pieces.truncate(self.pieces.partition_point(|piece| piece.text < len));
        if let Some(last) = self.pieces.last_mut().filter(|last| last.verbatim) {
            last.source.end = last.source.end.min(last.source.start + (len - last.text));
        }
        self.len = len;
    }

    /// The source turns out to start `by` bytes earlier.
    pub fn shift(&mut self, by: usize) {
        for piece in &mut self.pieces {
            piece.source = Span::new(piece.source.start + by, piece.source.end + by);
        }
    }

    /// Length of the text in bytes.
    pub const fn len(&self) -> usize {
        self.len
    }

    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn piece_at(&self, at: usize) -> Option<usize> {
        self.pieces.partition_point(|piece| piece.text <= at).checked_sub(1)
    }

    /// The smallest stretch of the source that holds all of `span`, tags in between included.
    pub fn to_source(&self, span: Span) -> Span {
        let start = match self.piece_at(span.start) {
            Some(piece) if span.start < self.len => self.pieces[piece].from(span.start),
            Some(last) => self.pieces[last].source.end,
            None => return Span::default(),
        };
        let end = match span.end.checked_sub(1).filter(|_| !span.is_empty()).and_then(|last| self.piece_at(last)) {
            Some(piece) => self.pieces[piece].to(span.end),
            None => start,
        };
        // An empty place inside a unit, or a unit that stands in no file, cannot run backwards.
        Span::new(start, end.max(start))
    }

    /// The stretches of the source that `span` was made of, in order: what lies between them is markup.
    pub fn parts(&self, span: Span) -> Vec<Span> {
        let mut parts: Vec<Span> = Vec::new();
        if span.is_empty() {
            parts.push(self.to_source(span));
            return parts;
        }
        let first = self.piece_at(span.start).unwrap_or(0);
        for piece in self.pieces[first.min(self.pieces.len())..].iter().take_while(|piece| piece.text < span.end) {
            let part = if piece.verbatim { Span::new(piece.from(span.start.max(piece.text)), piece.to(span.end)) } else { piece.source };
            match parts.last_mut() {
                _ if part.is_empty() => {}
                Some(last) if last.end == part.start => last.end = part.end,
                _ => parts.push(part),
            }
        }
        parts
    }
}

impl Piece {
    /// Where in the source a span starts that starts at `at`, in this piece.
    fn from(&self, at: usize) -> usize {
        if self.verbatim { (self.source.start + (at - self.text)).min(self.source.end) } else { self.source.start }
    }

    /// Where in the source a span ends that ends at `end`, with its last byte in this piece.
    fn to(&self, end: usize) -> usize {
        if self.verbatim { (self.source.start + (end - self.text)).min(self.source.end) } else { self.source.end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `<p>A &amp; <b>B</b></p>` read as `A & B`.
    fn page() -> (&'static str, &'static str, SourceMap) {
        let mut map = SourceMap::default();
        map.copy(Span::new(3, 5));
        map.replace(1, Span::new(5, 10));
        map.copy(Span::new(10, 11));
        map.copy(Span::new(14, 15));
        ("<p>A &amp; <b>B</b></p>", "A & B", map)
    }

    #[test]
    fn a_span_finds_its_source() {
        let (source, text, map) = page();
        assert_eq!(map.len(), text.len());
        let of = |start, end| map.to_source(Span::new(start, end)).of(source);
        assert_eq!(of(0, 1), "A");
        assert_eq!(of(2, 3), "&amp;");
        assert_eq!(of(0, 5), "A &amp; <b>B");
        assert_eq!(of(4, 5), "B");
        assert_eq!(map.to_source(Span::new(5, 5)), Span::new(15, 15));
    }

    #[test]
    fn an_edit_leaves_the_markup_alone() {
        let (source, _, map) = page();
        let parts: Vec<&str> = map.parts(Span::new(0, 5)).iter().map(|part| part.of(source)).collect();
        assert_eq!(parts, ["A &amp; ", "B"]);
    }

    #[test]
    fn what_is_cut_off_is_forgotten() {
        let (source, _, mut map) = page();
        map.truncate(3);
        assert_eq!(map.to_source(Span::new(0, 3)).of(source), "A &amp;");
        map.truncate(1);
        map.copy(Span::new(14, 15));
        assert_eq!(map.to_source(Span::new(1, 2)).of(source), "B");
        assert_eq!(map.len(), 2);
    }

    proptest! {
        /// Whatever was copied is found again, byte for byte, and spans never cross.
        #[test]
        fn copied_bytes_are_found_again(steps in prop::collection::vec((0usize..5, 0usize..6, any::<bool>()), 1..40)) {
            let mut map = SourceMap::default();
            let (mut at, mut expected) = (0, Vec::new());
            for (skip, len, copied) in steps {
                at += skip;
                let from = Span::new(at, at + len);
                at += len;
                if copied {
                    map.copy(from);
                    expected.extend((from.start..from.end).map(|byte| Span::new(byte, byte + 1)));
                } else if len > 0 {
                    map.replace(1, from);
                    expected.push(from);
                }
            }
            prop_assert_eq!(map.len(), expected.len());
            for (byte, &source) in expected.iter().enumerate() {
                prop_assert_eq!(map.to_source(Span::new(byte, byte + 1)), source);
            }
            for start in 0..expected.len() {
                for end in start + 1..=expected.len() {
                    let whole = map.to_source(Span::new(start, end));
                    prop_assert_eq!(whole, expected[start].join(expected[end - 1]));
                    let parts = map.parts(Span::new(start, end));
                    prop_assert!(parts.windows(2).all(|pair| pair[0].end < pair[1].start));
                    prop_assert_eq!(parts.iter().map(|part| part.len()).sum::<usize>(),
                        expected[start..end].iter().map(|part| part.len()).sum::<usize>());
                }
            }
        }
    }
}
