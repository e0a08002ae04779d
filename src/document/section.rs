//! A long document in sections, each of which is checked as a document of its own.

use super::{Block, Document, Meta, Place};
use crate::text::Span;

/// Most bytes of a section without its margins.
const CORE: usize = 512 << 10;
/// Bytes on each side that are looked at for what stands around, and belong to the sections before and behind.
const MARGIN: usize = 16 << 10;
/// A section ends where a block does, or a sentence, or a word, if it does within so many bytes.
const NEAR: usize = MARGIN / 2;

/// A part of a document with some text around it.
#[derive(Debug)]
pub struct Section {
    /// Lines are counted as in the whole document, bytes from the start of the section.
    pub document: Document,
    /// Where it starts in the whole.
    pub start: usize,
    /// What is its own, in bytes of the section; the sections' own parts are the whole text, each part once.
    pub core: Span,
}

impl Document {
    /// The document in sections of about equal length. Only the first knows the metadata, none the source.
    pub fn sections(&self) -> impl Iterator<Item = Section> + '_ {
        let count = self.text.len().div_ceil(CORE).max(1);
        let seam = move |number: usize| if number == count { self.text.len() } else { self.cut(self.text.len() / count * number) };
        (0..count).map(move |number| self.section(Span::new(seam(number), seam(number + 1))))
    }

    fn section(&self, core: Span) -> Section {
        let start = self.cut(core.start.saturating_sub(MARGIN));
        let end = if core.end + MARGIN < self.text.len() { self.cut(core.end + MARGIN) } else { self.text.len() };
        let text = &self.text[start..end];
        let first = self.blocks.partition_point(|block| block.span.end <= start);
        let blocks = self.blocks[first..].iter().take_while(|block| block.span.start < end);
        let places = blocks.filter_map(|&Block { span, kind, zone, main, .. }| {
            let span = Span::new(span.start.max(start) - start, span.end.min(end) - start).trim(text);
            (!span.is_empty()).then_some(Place { span, kind, zone, main })
        });
        let mut document = Self::build(self.origin.clone(), text.into(), Some(places.collect()), None);
        document.format = self.format;
        document.lines_before = self.lines_before + self.lines.line_of(start);
        document.meta = if start == 0 { self.meta.clone() } else { Meta::default() };
        Section { document, start, core: Span::new(core.start - start, core.end - start) }
    }

    /// The last place up to `at` where the text can be cut.
    fn cut(&self, at: usize) -> usize {
        let last = |starts: usize, start: &dyn Fn(usize) -> usize| starts.checked_sub(1).map_or(0, start);
        let block = last(self.blocks.partition_point(|block| block.span.start <= at), &|index| self.blocks[index].span.start);
        let sentences = self.sentences.partition_point(|sentence| sentence.start as usize <= at);
        let sentence = last(sentences, &|index| self.sentences[index].start as usize);
        let at = self.text.floor_char_boundary(at);
        let near = self.text.floor_char_boundary(at.saturating_sub(NEAR));
        let word = near + self.text[near..at].trim_end_matches(|c: char| !c.is_whitespace()).len();
        [block, sentence, word].into_iter().find(|place| place + NEAR > at).unwrap_or(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{LONG, Origin};

    fn long(paragraph: impl Fn(usize) -> String) -> Document {
        let mut text = String::new();
        for number in 0.. {
            if text.len() > LONG {
                break;
            }
            text += &paragraph(number);
        }
        Document::new(Origin::default(), text)
    }

    #[test]
    fn each_byte_and_word_is_in_the_core_of_one_section() {
        let prose = |number: usize| format!("The ferry {number} was late — again. It left at nine.\n\n");
        let one_line = |number: usize| format!("word{number} ");
        let no_spaces = |number: usize| format!("é{number}x");
        for document in [long(prose), long(one_line), long(no_spaces)] {
            let (mut at, mut words) = (0, 0);
            for Section { document: part, start, core } in document.sections() {
                assert_eq!(start + core.start, at);
                assert_eq!(part.text[..], document.text[start..start + part.text.len()]);
                assert_eq!(part.line(core.start), document.line(at));
                at = start + core.end;
                words += part.words.iter().filter(|word| (core.start..core.end).contains(&word.span().start)).count();
                assert!(core.len() <= CORE + NEAR && part.text.len() <= core.len() + 3 * MARGIN);
            }
            assert_eq!(at, document.text.len());
            assert!(words.abs_diff(document.words.len()) <= 4, "{words} and {}", document.words.len());
        }
    }

    #[test]
    fn prose_is_cut_between_its_blocks() {
        let document = long(|number| format!("The ferry {number} was late again. It left at nine.\n"));
        for Section { start, core, .. } in document.sections() {
            assert_eq!(document.blocks[document.block_at(start + core.start).unwrap()].span.start, start + core.start);
        }
    }
}
