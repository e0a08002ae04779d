//! The words of a document as the typo rules read them: what stands around each, and how often each word and each pair
//! of words occurs in the whole document.

use crate::document::{Document, Shape, Word, fold, hash_folded};
use crate::lexicon::{Entry, Lexicon};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use xxhash_rust::xxh3::xxh3_64;

/// A run of letters, with apostrophes inside it.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub start: u32,
    len: u16,
    pub marks: Marks,
    /// Which of [`View::terms`] it is.
    pub term: u32,
}

impl Token {
    pub const fn start(&self) -> usize {
        self.start as usize
    }

    pub const fn end(&self) -> usize {
        self.start as usize + self.len as usize
    }
}

/// What is seen of a token at a glance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks(u8);

impl Marks {
    /// The first letter is a capital.
    pub const CAPITAL: u8 = 1;
    pub const INNER_CAPITAL: u8 = 2;
    pub const APOSTROPHE: u8 = 4;
    pub const NON_ASCII: u8 = 8;
    /// Nothing but one space parts it from the token before.
    pub const SPACE_BEFORE: u8 = 16;
    /// Part of a word that holds digits or hidden characters too.
    pub const PART: u8 = 32;

    pub const fn any(self, marks: u8) -> bool {
        self.0 & marks != 0
    }
}

/// One spelling, whatever its case, and what the document says of it.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    /// Of the folded spelling.
    pub hash: u64,
    pub entry: Entry,
    /// The first token of this spelling.
    pub first: u32,
    /// On how many places it stands, lines that are repeated counted once: a body that is there twice would vote
    /// twice for its own typos.
    pub count: u32,
    /// On how many of these with a capital.
    pub capitals: u32,
}

/// A cheap hash for keys that are hashes or small numbers already.
#[derive(Default)]
pub struct Through(u64);

impl Hasher for Through {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("only 64-bit keys are hashed")
    }

    fn write_u64(&mut self, key: u64) {
        // A product mixes its upper half best, and the map reads the lower too.
        let product = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = product ^ product >> 32;
    }
}

pub type HashedMap<T> = HashMap<u64, T, BuildHasherDefault<Through>>;

/// The tokens of a document and their counts.
pub struct View<'d> {
    pub text: &'d str,
    pub tokens: Vec<Token>,
    pub terms: Vec<Term>,
    numbers: HashedMap<u32>,
    pairs: HashedMap<u32>,
}

impl<'d> View<'d> {
    pub fn new(document: &'d Document, lexicon: &Lexicon) -> Self {
        let mut view = Self {
            text: &document.text,
            tokens: Vec::with_capacity(document.words.len()),
            terms: Vec::new(),
            numbers: HashedMap::default(),
            pairs: HashedMap::default(),
        };
        let mut lines = Lines { text: view.text, seen: HashSet::default(), end: 0, new: true };
        for word in &document.words {
            let shape = word.shape;
            if shape.is_alphabetic() && !shape.any(Shape::HIDDEN) {
                let mut marks = 0;
                for (bit, mark) in [
                    (Shape::CAPITAL, Marks::CAPITAL),
                    (Shape::INNER_CAPITAL, Marks::INNER_CAPITAL),
                    (Shape::APOSTROPHE, Marks::APOSTROPHE),
                    (Shape::NON_ASCII, Marks::NON_ASCII),
                ] {
                    marks |= if shape.any(bit) { mark } else { 0 };
                }
                view.push(word.span().start, word.span().len(), word.hash, marks, &mut lines, lexicon);
            } else if shape.any(Shape::LETTER) {
                view.push_parts(word, &mut lines, lexicon);
            }
        }
        view
    }

    /// The runs of letters of a word that holds digits.
    fn push_parts(&mut self, word: &Word, lines: &mut Lines, lexicon: &Lexicon) {
        let whole = word.of(self.text);
        let mut from = 0;
        for part in whole.split(|c: char| !c.is_alphabetic() && !matches!(c, '\'' | '’')) {
            let letters = part.trim_matches(['\'', '’']);
            if !letters.is_empty() {
                let start = word.span().start + from + (part.len() - part.trim_start_matches(['\'', '’']).len());
                let capital = if letters.starts_with(char::is_uppercase) { Marks::CAPITAL } else { 0 };
                self.push(start, letters.len(), hash_folded(fold(letters).as_bytes()), capital | Marks::PART, lines, lexicon);
            }
            from += part.len() + whole[from + part.len()..].chars().next().map_or(0, char::len_utf8);
        }
    }

    fn push(&mut self, start: usize, len: usize, hash: u64, mut marks: u8, lines: &mut Lines, lexicon: &Lexicon) {
        let counts = lines.is_new(start);
        let number = self.tokens.len() as u32;
        let before = self.tokens.last().copied();
        if before.is_some_and(|token| token.end() + 1 == start && self.text.as_bytes()[start - 1] == b' ') {
            marks |= Marks::SPACE_BEFORE;
        }
        let terms = &mut self.terms;
        let term = *self.numbers.entry(hash).or_insert_with(|| {
            terms.push(Term { hash, entry: lexicon.words.get(hash), first: number, count: 0, capitals: 0 });
            terms.len() as u32 - 1
        });
        if counts {
            let of = &mut self.terms[term as usize];
            of.count += 1;
            of.capitals += u32::from(marks & Marks::CAPITAL != 0);
            if let Some(before) = before
                && marks & Marks::SPACE_BEFORE != 0
            {
                *self.pairs.entry(pair(before.term, term)).or_default() += 1;
            }
        }
        self.tokens.push(Token { start: start as u32, len: len as u16, marks: Marks(marks), term });
    }

    pub fn term(&self, token: usize) -> &Term {
        &self.terms[self.tokens[token].term as usize]
    }

    /// The term of a spelling, by its hash.
    pub fn find(&self, hash: u64) -> Option<u32> {
        self.numbers.get(&hash).copied()
    }

    /// How often the two stand beside each other.
    pub fn pair_count(&self, left: Option<u32>, right: Option<u32>) -> u32 {
        match (left, right) {
            (Some(left), Some(right)) => self.pairs.get(&pair(left, right)).copied().unwrap_or(0),
            _ => 0,
        }
    }

    pub fn word(&self, token: usize) -> &'d str {
        &self.text[self.tokens[token].start()..self.tokens[token].end()]
    }

    /// What parts a token from the one before; a line break before the first.
    pub fn gap_before(&self, token: usize) -> &'d str {
        match token {
            0 => "\n",
            _ => self.text.get(self.tokens[token - 1].end()..self.tokens[token].start()).unwrap_or("\n"),
        }
    }

    pub fn space_before(&self, token: usize) -> bool {
        self.tokens.get(token).is_some_and(|token| token.marks.any(Marks::SPACE_BEFORE))
    }

    /// The characters on either side; a space at the ends of the text.
    pub fn around(&self, token: usize) -> (char, char) {
        let token = self.tokens[token];
        let before = self.text[..token.start()].chars().next_back().unwrap_or(' ');
        (before, self.text[token.end()..].chars().next().unwrap_or(' '))
    }

    /// Whether a token opens a sentence, a line or a quotation, so that its capital says nothing.
    pub fn opens(&self, token: usize) -> bool {
        if token == 0 {
            return true;
        }
        if self.space_before(token) {
            return false;
        }
        let gap = self.gap_before(token);
        gap.contains(['\n', '.', '!', '?', ':', ';', '"', '“', '”', '‘', '(', '•', '|', '*']) || gap.contains(" '")
    }

    /// Whether a token is part of something that is no prose: an address, a number with a unit, a tag.
    pub fn is_code(&self, token: usize) -> bool {
        let (before, after) = self.around(token);
        let stop = || self.text[self.tokens[token].end()..].chars().nth(1).is_some_and(char::is_alphanumeric);
        matches!(before, '[' | ']' | '@' | '#' | '/' | '\\' | '_' | '.' | '=' | '&' | '$' | '%' | '+' | '~' | '<' | '0'..='9')
            || matches!(after, '@' | '/' | '\\' | '_' | '=' | '(' | '+' | '~' | '>' | '&' | '0'..='9')
            || (after == '.' && stop())
    }
}

fn pair(left: u32, right: u32) -> u64 {
    u64::from(left) << 32 | u64::from(right)
}

/// Which lines were seen before. Asked for rising places only.
struct Lines<'d> {
    text: &'d str,
    seen: HashSet<u64, BuildHasherDefault<Through>>,
    end: usize,
    new: bool,
}

impl Lines<'_> {
    /// Whether the line at byte `at` is met for the first time.
    fn is_new(&mut self, at: usize) -> bool {
        if at >= self.end {
            let bytes = self.text.as_bytes();
            let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |newline| newline + 1);
            let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |newline| at + newline);
            self.new = self.seen.insert(xxh3_64(&bytes[start..end]));
            self.end = end;
        }
        self.new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view<'d>(document: &'d Document) -> View<'d> {
        View::new(document, Lexicon::english())
    }

    #[test]
    fn repeated_lines_are_counted_once() {
        let document = Document::from_text("Foreign Minister Ito spoke.\nA minister left.\nForeign Minister Ito spoke.\n");
        let view = view(&document);
        let minister = view.term(1);
        assert_eq!((minister.count, minister.capitals), (2, 1));
        assert_eq!(view.pair_count(Some(view.tokens[0].term), Some(view.tokens[1].term)), 1);
        assert_eq!(view.tokens.len(), 11);
    }

    #[test]
    fn words_with_digits_give_their_letters() {
        let document = Document::from_text("In the 1990s a B2B deal");
        let view = view(&document);
        let words: Vec<&str> = (0..view.tokens.len()).map(|token| view.word(token)).collect();
        assert_eq!(words, ["In", "the", "s", "a", "B", "B", "deal"]);
        assert!(view.is_code(2) && view.is_code(4) && !view.is_code(6));
    }

    #[test]
    fn capitals_say_nothing_where_a_sentence_opens() {
        let document = Document::from_text("Rain fell. Then Ito said: “Hail came,” and left");
        let view = view(&document);
        let opening: Vec<&str> = (0..view.tokens.len()).filter(|&token| view.opens(token)).map(|token| view.word(token)).collect();
        assert_eq!(opening, ["Rain", "Then", "Hail", "and"]);
    }
}
