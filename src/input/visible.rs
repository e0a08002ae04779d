//! Writes what a reader sees of a file with markup: white space folded, blocks apart, each byte with the place it came from.

use crate::document::SourceMap;
use crate::text::Span;

/// Between two blocks.
const SEPARATOR: &str = "\n\n";

/// The visible text as it grows.
pub(super) struct Writer<'s> {
    source: &'s str,
    pub text: String,
    pub map: SourceMap,
    /// Where the open block starts, and the separator before it.
    block: Option<(usize, usize)>,
    /// White space or a line break that counts only if more text follows in the block.
    gap: Option<(&'static str, Span)>,
    /// Where the source has been read to.
    end: usize,
    /// Keep white space as it is, as in `<pre>`.
    pub verbatim: bool,
}

impl<'s> Writer<'s> {
    pub fn new(source: &'s str) -> Self {
        Self { source, text: String::new(), map: SourceMap::default(), block: None, gap: None, end: 0, verbatim: false }
    }

    /// The source at `span` is text.
    pub fn copy(&mut self, span: Span) {
        if self.verbatim {
            return self.put(span);
        }
        let bytes = self.source.as_bytes();
        let mut at = span.start;
        while at < span.end {
            let spaces = bytes[at..span.end].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            if spaces > 0 {
                self.space(Span::new(at, at + spaces));
                at += spaces;
            }
            let word = bytes[at..span.end].iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
            self.put(Span::new(at, at + word));
            at += word;
        }
    }

    /// The source at `span` (an entity, an escape) stands for `text`.
    pub fn replace(&mut self, text: &str, span: Span) {
        if !self.verbatim && text.bytes().all(|byte| byte.is_ascii_whitespace()) {
            return self.space(span);
        }
        self.open();
        self.text.push_str(text);
        self.map.replace(text.len(), span);
        self.end = span.end;
    }

    /// White space: one space, if text follows.
    pub fn space(&mut self, span: Span) {
        match &mut self.gap {
            Some((_, gap)) => gap.end = span.end,
            None => self.gap = Some((" ", span)),
        }
    }

    /// A line break inside a block; true where one was there already, so that there is a blank line.
    pub fn line_break(&mut self, span: Span) -> bool {
        match &mut self.gap {
            Some(("\n", gap)) => {
                gap.end = span.end;
                true
            }
            Some((" ", gap)) => {
                self.gap = Some(("\n", Span::new(gap.start, span.end)));
                false
            }
            _ => {
                self.gap = Some(("\n", span));
                false
            }
        }
    }

    fn put(&mut self, span: Span) {
        if span.is_empty() {
            return;
        }
        self.open();
        self.text.push_str(span.of(self.source));
        self.map.copy(span);
        self.end = span.end;
    }

    /// Writes the gap before the next text of the block, or opens a new block.
    fn open(&mut self) {
        let gap = self.gap.take();
        if self.block.is_none() {
            let before = self.text.len();
            if before > 0 {
                self.text.push_str(SEPARATOR);
                self.map.replace(SEPARATOR.len(), Span::new(self.end, self.end));
            }
            self.block = Some((before, self.text.len()));
        } else if let Some((text, span)) = gap {
            self.text.push_str(text);
            if span.of(self.source) == text {
                self.map.copy(span);
            } else {
                self.map.replace(text.len(), span);
            }
        }
    }

    /// Whether text has been written since the last block ended.
    pub const fn in_block(&self) -> bool {
        self.block.is_some()
    }

    /// Ends the block; where it stands, if there is anything to see in it.
    pub fn end_block(&mut self) -> Option<Span> {
        self.gap = None;
        let (before, start) = self.block.take()?;
        let span = Span::new(start, self.text.len()).trim(&self.text);
        // An editor leaves `<p>&#65279;</p>` behind; nobody sees it.
        if span.of(&self.text).chars().all(|c| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')) {
            self.text.truncate(before);
            self.map.truncate(before);
            return None;
        }
        Some(span)
    }

    /// The text and the way back, with a line break at the end unless the source breaks off right after the last word: where
    /// markup follows, whether the file ends in a line break is no matter of the text.
    pub fn finish(mut self) -> (String, SourceMap) {
        let breaks_off = self.end == self.source.len();
        if !self.text.is_empty() && !breaks_off {
            self.text.push('\n');
            let rest = Span::new(self.end, self.source.len());
            let rest = if rest.of(self.source) == "\n" { rest } else { Span::new(rest.end, rest.end) };
            self.map.replace(1, rest);
        }
        (self.text, self.map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_folded_and_blocks_are_apart() {
        let source = " a \n b<br> c | \u{a0} | d ";
        let mut writer = Writer::new(source);
        writer.copy(Span::new(0, 6));
        assert!(!writer.line_break(Span::new(6, 10)));
        writer.copy(Span::new(10, 13));
        assert_eq!(writer.end_block().map(|span| span.of(&writer.text).to_string()).as_deref(), Some("a b\nc"));
        writer.copy(Span::new(14, 18));
        assert_eq!(writer.end_block(), None);
        writer.copy(Span::new(19, 22));
        let last = writer.end_block().unwrap();
        assert_eq!(writer.text, "a b\nc\n\nd");
        assert_eq!(writer.map.len(), writer.text.len());
        assert_eq!(writer.map.to_source(last).of(source), "d");
        assert_eq!(writer.map.to_source(Span::new(1, 2)).of(source), " \n ");
    }
}
