//! The words of a document as a list; of a long one, made only where somebody asks for the whole of it.

use super::word::{Splitter, Word};
use crate::text::Span;
use std::ops::{Deref, Range};
use std::sync::{Arc, OnceLock};

/// Words from one mark to the next.
const STEP: usize = 32;

/// The words of a document, in order: a slice.
///
/// A word takes 16 bytes, three times what it takes in the text, so those of a long text are not kept: [`Self::len`] and
/// [`Self::range`] do without, and only what asks for the slice makes it.
#[derive(Debug)]
pub struct Words {
    all: OnceLock<Vec<Word>>,
    long: Option<Long>,
}

/// How a part of a long text is split again.
#[derive(Debug)]
struct Long {
    text: Arc<str>,
    count: usize,
    /// Where each [`STEP`]th word starts, and in which block.
    marks: Vec<(u32, u32)>,
    /// Where each block starts and ends.
    blocks: Vec<(u32, u32)>,
}

impl Words {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.long.as_ref().map_or_else(|| self.all().len(), |long| long.count)
    }

    /// Whether they are split again whenever they are asked for.
    pub const fn is_long(&self) -> bool {
        self.long.is_some()
    }

    /// Whether the slice is there, or somebody has asked for it.
    pub fn are_kept(&self) -> bool {
        self.all.get().is_some()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Some of them: of a long text, split as they are asked for.
    pub fn range(&self, range: Range<usize>) -> impl Iterator<Item = Word> + '_ {
        let (kept, split) = match (self.all.get(), &self.long) {
            (None, Some(long)) => (&[][..], Some(long.split(range))),
            _ => (&self.all()[range], None),
        };
        kept.iter().copied().chain(split.into_iter().flatten())
    }

    fn all(&self) -> &Vec<Word> {
        self.all.get_or_init(|| self.long.iter().flat_map(|long| long.split(0..long.count)).collect())
    }
}

impl Deref for Words {
    type Target = [Word];

    fn deref(&self) -> &[Word] {
        self.all()
    }
}

impl<'w> IntoIterator for &'w Words {
    type Item = &'w Word;
    type IntoIter = std::slice::Iter<'w, Word>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Long {
    fn split(&self, range: Range<usize>) -> impl Iterator<Item = Word> + '_ {
        let (start, mut block) = self.marks.get(range.start / STEP).map_or((0, 0), |&(start, block)| (start as usize, block as usize));
        let (mut at, mut splitter) = (start, Splitter::new(&self.text));
        let words = std::iter::from_fn(move || {
            loop {
                let &(start, end) = self.blocks.get(block)?;
                let Some(word) = splitter.next(at.max(start as usize), end as usize) else {
                    block += 1;
                    continue;
                };
                at = word.span().end;
                return Some(word);
            }
        });
        words.skip(range.start % STEP).take(range.len())
    }
}

/// Gathers the words of a text as it is split.
pub(super) struct Gathering {
    kept: Vec<Word>,
    long: Option<Long>,
}

impl Gathering {
    /// For the words of a text, of which none are kept where it is long.
    pub fn of(text: &Arc<str>, is_long: bool) -> Self {
        if is_long {
            let long = Long { text: Arc::clone(text), count: 0, marks: Vec::new(), blocks: Vec::new() };
            return Self { kept: Vec::new(), long: Some(long) };
        }
        // An English word takes nearly six bytes with its space.
        Self { kept: Vec::with_capacity(text.len() * 2 / 11 + 8), long: None }
    }

    /// The words to come are those of this block.
    pub fn open(&mut self, block: Span) {
        if let Some(long) = &mut self.long {
            long.blocks.push((block.start as u32, block.end as u32));
        }
    }

    pub fn add(&mut self, word: Word) {
        let Some(long) = &mut self.long else { return self.kept.push(word) };
        if long.count.is_multiple_of(STEP) {
            long.marks.push((word.span().start as u32, long.blocks.len() as u32 - 1));
        }
        long.count += 1;
    }

    pub fn finish(self) -> Words {
        let all = if self.long.is_some() { OnceLock::new() } else { OnceLock::from(self.kept) };
        Words { all, long: self.long }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Block, BlockKind, Place};
    use super::*;

    fn gathered(text: &str, is_long: bool) -> Words {
        let text: Arc<str> = text.into();
        let mut words = Gathering::of(&text, is_long);
        let mut splitter = Splitter::new(&text);
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let span = Span::new(start, start + line.len()).trim(&text);
            let mut block = Block::at(Place::content(span, BlockKind::Paragraph));
            words.open(span);
            splitter.split(&mut block, |word| words.add(word));
            start += line.len();
        }
        words.finish()
    }

    #[test]
    fn those_of_a_long_text_are_the_same_whether_kept_or_split_again() {
        let line = |at: usize| format!("“It’s line {at},” he said. {}\n", "And so on. ".repeat(at % 40));
        let text: String = (0..200).map(line).chain(["…\n".into(), "東京 end".into()]).collect();
        let (kept, long) = (gathered(&text, false), gathered(&text, true));
        assert_eq!(long.len(), kept.len());
        for range in [0..3, 255..257, 256..900, 1000..1000, kept.len() - 5..kept.len()] {
            assert_eq!(long.range(range.clone()).collect::<Vec<_>>(), kept[range.clone()], "{range:?}");
        }
        assert!(long.all.get().is_none());
        assert_eq!(long[..], kept[..]);
    }
}
