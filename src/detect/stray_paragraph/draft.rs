//! A stretch of a document as terms in paragraphs: which stand where, how often, and whether as names.

use super::usage::Usage;
use super::words::{Words, high};
use super::{lexical, term};
use crate::document::{Block, Document, Shape, Word};
use crate::text::Span;
use std::ops::Range;
use std::rc::Rc;

/// Index of a term in its [`Draft`].
pub type TermId = u32;

/// Stands for no term and no place.
const NONE: u32 = u32::MAX;

/// A stem that stands for its inflected forms.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    /// In sixteenths, in English at large or weighed with the run.
    pub idf: u8,
    /// Many documents of the run have it.
    pub usual: bool,
    /// Its number in the table of words, if it or the form that was met first stands there.
    pub entry: Option<u16>,
    /// How many paragraphs hold it.
    pub paragraphs: u32,
    /// The first of them.
    pub first: u32,
    /// The last place in [`Draft::uses`] where it stands.
    last: u32,
}

/// How a paragraph uses a term.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    pub term: TermId,
    pub paragraph: u32,
    /// Where in [`Draft::uses`] the term stands before.
    previous: u32,
    /// How often.
    pub count: u16,
    /// As a name, at least once.
    pub name: bool,
}

/// A paragraph, by its uses of terms and by the kinds of its words.
#[derive(Clone, Debug)]
pub struct Paragraph {
    /// Index of the block in its document; of several that are read as one, of the first.
    pub block: usize,
    /// Index of the last block.
    pub last: usize,
    /// Words of any kind.
    pub words: usize,
    /// Words that are no terms.
    pub stops: u32,
    /// Words with a digit.
    pub numbers: u32,
    pub capitals: u32,
    uses: (u32, u32),
}

/// The terms of some blocks of a document.
pub struct Draft<'d> {
    pub document: &'d Document,
    /// Any but English: words are told by their length and first letters.
    language: Option<&'static str>,
    usage: Option<&'d Usage>,
    pub words: Words,
    /// Shared with the drafts that are the same but for paragraphs read as one: they meet no other forms.
    forms: Rc<Forms>,
    pub terms: Vec<Term>,
    /// Paragraph by paragraph, in the order in which terms are met.
    pub uses: Vec<Use>,
    pub paragraphs: Vec<Paragraph>,
}

impl<'d> Draft<'d> {
    /// `usage`: how usual terms are in the run, where that is known.
    pub fn of(document: &'d Document, blocks: &[usize], usage: Option<&'d Usage>) -> Self {
        let mut draft = Self { usage, ..Self::empty(document, blocks) };
        blocks.iter().for_each(|&block| draft.add(block));
        draft
    }

    /// In a language other than English, of which the small words are known.
    pub fn lexical(document: &'d Document, blocks: &[usize], code: &'static str) -> Self {
        let mut draft = Self::empty(document, blocks);
        draft.language = Some(code);
        blocks.iter().for_each(|&block| draft.add(block));
        draft
    }

    /// The same with some neighbouring paragraphs read as one.
    pub fn merged(&self, run: Range<usize>) -> Self {
        let shift = run.len() - 1;
        let renumber = |at: usize| if at < run.start { at } else { run.start.max(at.saturating_sub(shift)) };
        let unused = |term: &Term| Term { paragraphs: 0, first: NONE, last: NONE, ..*term };
        let mut draft = Self {
            terms: self.terms.iter().map(unused).collect(),
            uses: Vec::with_capacity(self.uses.len()),
            paragraphs: Vec::with_capacity(self.paragraphs.len() - shift),
            forms: Rc::clone(&self.forms),
            ..*self
        };
        for (at, paragraph) in self.paragraphs.iter().enumerate() {
            let number = renumber(at);
            if number == draft.paragraphs.len() {
                let uses = (draft.uses.len() as u32, 0);
                draft.paragraphs.push(Paragraph { words: 0, stops: 0, numbers: 0, capitals: 0, uses, ..*paragraph });
            }
            for used in self.uses_of(at) {
                draft.note(used.term, number as u32, used.count, used.name);
            }
            let whole = &mut draft.paragraphs[number];
            whole.last = paragraph.last;
            whole.words += paragraph.words;
            whole.stops += paragraph.stops;
            whole.numbers += paragraph.numbers;
            whole.capitals += paragraph.capitals;
            whole.uses.1 = draft.uses.len() as u32;
        }
        draft
    }

    fn empty(document: &'d Document, blocks: &[usize]) -> Self {
        let count: usize = blocks.iter().map(|&block| document.blocks[block].word_count()).sum();
        Self {
            document,
            language: None,
            usage: None,
            words: Words::shipped(),
            forms: Rc::new(Forms::new(count.min(2_000))),
            terms: Vec::with_capacity(count / 2),
            uses: Vec::with_capacity(count / 2 + 8),
            paragraphs: Vec::with_capacity(blocks.len()),
        }
    }

    fn add(&mut self, block: usize) {
        let Block { span, .. } = self.document.blocks[block];
        let text = span.of(&self.document.text);
        let words = self.document.blocks[block].words();
        let word_count = words.len();
        let number = self.paragraphs.len() as u32;
        let first = self.uses.len() as u32;
        let (mut stops, mut numbers, mut capitals) = (0, 0, 0);
        for &word in &self.document.words[words] {
            numbers += u32::from(word.shape.has(Shape::DIGIT));
            let Some(id) = self.term(word) else {
                stops += 1;
                continue;
            };
            let capital = word.shape.has(Shape::CAPITAL);
            capitals += u32::from(capital);
            self.note(id, number, 1, capital && term::is_name(word, text, span.start));
        }
        let uses = (first, self.uses.len() as u32);
        self.paragraphs.push(Paragraph { block, last: block, words: word_count, stops, numbers, capitals, uses });
    }

    /// The last paragraph uses the term `count` times more.
    fn note(&mut self, id: TermId, paragraph: u32, count: u16, name: bool) {
        let term = &mut self.terms[id as usize];
        match self.uses.get_mut(term.last as usize) {
            Some(used) if used.paragraph == paragraph => {
                used.count = used.count.saturating_add(count);
                used.name |= name;
            }
            _ => {
                if term.paragraphs == 0 {
                    term.first = paragraph;
                }
                term.paragraphs += 1;
                let previous = std::mem::replace(&mut term.last, self.uses.len() as u32);
                self.uses.push(Use { term: id, paragraph, previous, count, name });
            }
        }
    }

    /// The term of a word, if it is one.
    fn term(&mut self, word: Word) -> Option<TermId> {
        let key = high(word.hash);
        let id = match self.forms.get(key) {
            Some(id) => id,
            None => {
                let id = self.meet(word);
                Rc::make_mut(&mut self.forms).insert(key, id);
                id
            }
        };
        (id != NONE).then_some(id)
    }

    /// The term of a form that this document has not used so far.
    fn meet(&mut self, word: Word) -> TermId {
        let (stem, at_large, entry) = match self.language {
            None => term::of(word, &self.document.text, self.words),
            Some(language) => {
                let (stem, idf) = lexical::term(word, &self.document.text, language);
                (stem, idf, None)
            }
        };
        if at_large == 0 {
            return NONE;
        }
        if stem != high(word.hash)
            && let Some(id) = self.forms.get(stem)
        {
            if id != NONE && self.terms[id as usize].entry.is_none() {
                self.terms[id as usize].entry = entry;
            }
            return id;
        }
        let (idf, usual) = self.usage.map_or((at_large, false), |usage| usage.weigh(stem, at_large));
        let id = self.terms.len() as TermId;
        self.terms.push(Term { idf, usual, entry, paragraphs: 0, first: NONE, last: NONE });
        if stem != high(word.hash) {
            Rc::make_mut(&mut self.forms).insert(stem, id);
        }
        id
    }

    /// The term of a word of the document, if it is one and stands in one of the blocks.
    pub fn known(&self, word: Word) -> Option<TermId> {
        self.forms.get(high(word.hash)).filter(|&id| id != NONE)
    }

    /// Where a paragraph stands.
    pub fn span(&self, paragraph: usize) -> Span {
        let Paragraph { block, last, .. } = self.paragraphs[paragraph];
        self.document.blocks[block].span.join(self.document.blocks[last].span)
    }

    /// The words of a paragraph.
    pub fn words_of(&self, paragraph: usize) -> &'d [Word] {
        let Paragraph { block, last, .. } = self.paragraphs[paragraph];
        &self.document.words[self.document.blocks[block].words().start..self.document.blocks[last].words().end]
    }

    /// Of the idf of some neighbouring paragraphs, the share that stands outside of them, too.
    pub fn shared_outside(&self, paragraphs: Range<usize>) -> f64 {
        let mut terms: Vec<TermId> = paragraphs.flat_map(|at| self.uses_of(at)).map(|used| used.term).collect();
        terms.sort_unstable();
        let (mut mass, mut shared) = (0u32, 0u32);
        for inside in terms.chunk_by(|a, b| a == b) {
            let term = &self.terms[inside[0] as usize];
            mass += u32::from(term.idf);
            shared += if term.paragraphs as usize > inside.len() { u32::from(term.idf) } else { 0 };
        }
        f64::from(shared) / f64::from(mass).max(1.0)
    }

    /// How a paragraph uses its terms.
    pub fn uses_of(&self, paragraph: usize) -> &[Use] {
        let (start, end) = self.paragraphs[paragraph].uses;
        &self.uses[start as usize..end as usize]
    }

    /// Where in [`Draft::uses`] those of a paragraph begin.
    pub fn first_use(&self, paragraph: usize) -> usize {
        self.paragraphs[paragraph].uses.0 as usize
    }

    /// All uses of a term with their places in [`Draft::uses`], the last paragraph first.
    pub fn places(&self, term: TermId) -> impl Iterator<Item = (usize, &Use)> {
        let at = |place: u32| self.uses.get(place as usize).map(|used| (place as usize, used));
        std::iter::successors(at(self.terms[term as usize].last), move |(_, used)| at(used.previous))
    }
}

/// Which term each form of a document is, by the high half of its hash: open addressing in a power of two of slots.
#[derive(Clone)]
struct Forms {
    slots: Vec<Slot>,
    len: usize,
}

#[derive(Clone, Copy)]
struct Slot {
    key: u32,
    /// The number of the term and 2; 1 for a form that is no term; 0 in a free slot.
    term: u32,
}

impl Forms {
    fn new(words: usize) -> Self {
        Self { slots: vec![Slot { key: 0, term: 0 }; (words + 16).next_power_of_two()], len: 0 }
    }

    fn place(&self, key: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = key as usize & mask;
        while self.slots[at].term != 0 && self.slots[at].key != key {
            at = (at + 1) & mask;
        }
        at
    }

    fn get(&self, key: u32) -> Option<TermId> {
        let slot = self.slots[self.place(key)];
        (slot.term != 0).then(|| slot.term.wrapping_sub(2))
    }

    fn insert(&mut self, key: u32, term: TermId) {
        if 4 * self.len >= 3 * self.slots.len() {
            let larger = vec![Slot { key: 0, term: 0 }; 2 * self.slots.len()];
            for slot in std::mem::replace(&mut self.slots, larger).into_iter().filter(|slot| slot.term != 0) {
                let at = self.place(slot.key);
                self.slots[at] = slot;
            }
        }
        let at = self.place(key);
        self.len += usize::from(self.slots[at].term == 0);
        self.slots[at] = Slot { key, term: term.wrapping_add(2) };
    }
}
