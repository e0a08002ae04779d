//! The words of a document as the typo rules read them: what stands around each, and how often each word and each pair
//! of words occurs in the whole document.

use super::memo::{Lookup, Memo};
use super::suspect::Suspicion;
use crate::document::{Document, HashedMap, HashedSet, Shape, Word, hash_of};
use crate::lexicon::{Id, Known, Lexicon};
use crate::text::Span;
use std::cell::OnceCell;
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

    /// Bytes.
    pub const fn len(&self) -> usize {
        self.len as usize
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
    /// In a line that was not met before.
    const COUNTED: u8 = 64;

    pub const fn any(self, marks: u8) -> bool {
        self.0 & marks != 0
    }

    /// Whether the token makes a pair with the one before it that counts.
    const fn stands_beside(self) -> bool {
        self.0 & (Self::COUNTED | Self::SPACE_BEFORE) == Self::COUNTED | Self::SPACE_BEFORE
    }

    #[inline]
    fn of(shape: Shape) -> u8 {
        let mark = |bit: u8, mark: u8| u8::from(shape.any(bit)) * mark;
        mark(Shape::CAPITAL, Self::CAPITAL)
            | mark(Shape::INNER_CAPITAL, Self::INNER_CAPITAL)
            | mark(Shape::APOSTROPHE, Self::APOSTROPHE)
            | mark(Shape::NON_ASCII, Self::NON_ASCII)
    }
}

/// One spelling, whatever its case, and what the document says of it.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    /// Of the folded spelling.
    pub hash: u64,
    pub known: Known,
    /// What the tables say against it.
    pub suspicion: Suspicion,
    /// The first token of this spelling.
    pub first: u32,
    /// On how many places it stands, lines that are repeated counted once: a body that is there twice would vote
    /// twice for its own typos.
    pub count: u32,
    /// On how many of these with a capital.
    pub capitals: u32,
}

/// In a text of no more tokens, the pairs are walked through when one is asked for: to make a table of all takes longer.
const SHORT_TEXT: usize = 4_000;
/// Different words for which there is room from the start.
const MOST_TERMS: usize = 1 << 12;
/// Words of 64 bits in the filter of pairs: 8 MB.
const MOST_FILTER: usize = 1 << 20;

/// The tokens of a document and their counts.
pub struct View<'d> {
    pub text: &'d str,
    pub tokens: Vec<Token>,
    pub terms: Vec<Term>,
    by_hash: Slots,
    /// The terms that are words of the lexicon, by the numbers they have there.
    by_id: Slots,
    /// The pairs of terms, as far as a few bits can tell them from others.
    pair_filter: Vec<u64>,
    pairs: OnceCell<HashedMap<u32>>,
}

impl<'d> View<'d> {
    pub fn new(document: &'d Document, lexicon: &Lexicon) -> Self {
        let words = document.words.len();
        let mut view = Self {
            text: &document.text,
            tokens: Vec::with_capacity(words),
            // Of the words of a short text up to two thirds are different.
            terms: Vec::with_capacity((words * 2 / 3).min(MOST_TERMS)),
            by_hash: Slots::with_room(words),
            by_id: Slots::with_room(0),
            // Thirty-two bits a pair: one pair in thirty-two that the document lacks seems to be there. A long text repeats its pairs.
            pair_filter: vec![0; (words / 2).clamp(1, MOST_FILTER).next_power_of_two()],
            pairs: OnceCell::new(),
        };
        let mut lines = Lines::new(view.text);
        for word in &document.words {
            let shape = word.shape;
            if shape.is_alphabetic() && !shape.any(Shape::HIDDEN) {
                view.push(word.span(), word.hash, Marks::of(shape), &mut lines);
            } else if shape.any(Shape::LETTER) {
                view.push_parts(word, &mut lines);
            }
        }
        view.look_up(lexicon);
        view
    }

    /// Asks the tables about all terms, one after the other with nothing between: so the look-ups, which wait for memory, overlap.
    fn look_up(&mut self, lexicon: &Lexicon) {
        let (text, tokens) = (self.text, &self.tokens);
        Memo::with(lexicon, |memo| {
            for term in &mut self.terms {
                let token = &tokens[term.first as usize];
                Lookup { known: term.known, suspicion: term.suspicion } =
                    memo.look_up(term.hash, || &text[token.start()..token.end()], lexicon);
            }
        });
        // Candidates are asked for that are nearly never there: the emptier the table, the sooner that is seen.
        self.by_id = Slots::with_room(4 * self.terms.len());
        for number in 0..self.terms.len() as u32 {
            let id = self.terms[number as usize].known.id;
            if id.is_known()
                && let Err(slot) = self.slot_of(id)
            {
                self.by_id.put(slot, number);
                if self.by_id.is_tight(number as usize) {
                    self.by_id.grow(|number| self.terms[number as usize].known.id.number() as usize);
                }
            }
        }
    }

    /// The runs of letters of a word that holds digits.
    fn push_parts(&mut self, word: &Word, lines: &mut Lines) {
        let whole = word.of(self.text);
        let mut from = 0;
        for part in whole.split(|c: char| !c.is_alphabetic() && !matches!(c, '\'' | '’')) {
            let letters = part.trim_matches(['\'', '’']);
            if !letters.is_empty() {
                let start = word.span().start + from + (part.len() - part.trim_start_matches(['\'', '’']).len());
                let capital = if letters.starts_with(char::is_uppercase) { Marks::CAPITAL } else { 0 };
                let span = Span::new(start, start + letters.len());
                self.push(span, hash_of(letters), capital | Marks::PART, lines);
            }
            from += part.len() + whole[from + part.len()..].chars().next().map_or(0, char::len_utf8);
        }
    }

    #[inline]
    fn push(&mut self, span: Span, hash: u64, mut marks: u8, lines: &mut Lines) {
        let (start, len) = (span.start, span.len());
        let counts = lines.is_new(start);
        let term = match self.by_hash.find(hash as usize, |term| self.terms[term as usize].hash == hash) {
            Ok(term) => term,
            Err(slot) => self.add_term(slot, hash),
        };
        if counts {
            marks |= Marks::COUNTED;
            let of = &mut self.terms[term as usize];
            of.count += 1;
            of.capitals += u32::from(marks & Marks::CAPITAL != 0);
        }
        if let Some(before) = self.tokens.last()
            && before.end() + 1 == start
            && self.text.as_bytes()[start - 1] == b' '
        {
            marks |= Marks::SPACE_BEFORE;
            if counts {
                let (word, bit) = self.pair_bit(before.term, term);
                self.pair_filter[word] |= bit;
            }
        }
        self.tokens.push(Token { start: start as u32, len: len as u16, marks: Marks(marks), term });
    }

    fn add_term(&mut self, slot: usize, hash: u64) -> u32 {
        let (number, first) = (self.terms.len() as u32, self.tokens.len() as u32);
        self.terms.push(Term { hash, known: Known::NOTHING, suspicion: Suspicion::default(), first, count: 0, capitals: 0 });
        self.by_hash.put(slot, number);
        if self.by_hash.is_tight(self.terms.len()) {
            self.by_hash.grow(|number| self.terms[number as usize].hash as usize);
        }
        number
    }

    #[inline]
    fn pair_bit(&self, left: u32, right: u32) -> (usize, u64) {
        let mixed = pair(left, right).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        ((mixed >> 32) as usize & (self.pair_filter.len() - 1), 1 << (mixed >> 58))
    }

    pub fn term(&self, token: usize) -> &Term {
        &self.terms[self.tokens[token].term as usize]
    }

    /// The term of a spelling, by its hash.
    pub fn find(&self, hash: u64) -> Option<u32> {
        self.by_hash.find(hash as usize, |term| self.terms[term as usize].hash == hash).ok()
    }

    /// The term of a word of the lexicon, by its number.
    #[inline]
    pub fn find_id(&self, id: Id) -> Option<u32> {
        self.slot_of(id).ok()
    }

    /// The term of a word, or its free slot. The numbers of words are in the order of their hashes, and so well mixed.
    #[inline]
    fn slot_of(&self, id: Id) -> Result<u32, usize> {
        self.by_id.find(id.number() as usize, |term| self.terms[term as usize].known.id == id)
    }

    /// False where the two never stand beside each other; true where they do, and for a few others.
    #[inline]
    pub fn may_have_pair(&self, left: Option<u32>, right: Option<u32>) -> bool {
        let (Some(left), Some(right)) = (left, right) else { return false };
        let (word, bit) = self.pair_bit(left, right);
        self.pair_filter[word] & bit != 0
    }

    /// How often the two stand beside each other, with nothing but a space between; lines that are repeated count once.
    pub fn pair_count(&self, left: Option<u32>, right: Option<u32>) -> u32 {
        let (Some(left), Some(right), true) = (left, right, self.may_have_pair(left, right)) else { return 0 };
        // What is there but once can stand beside one other only.
        let alone = |term: u32| Some(&self.terms[term as usize]).filter(|term| term.count == 1).map(|term| term.first as usize);
        if let Some(right_at) = alone(left).map(|left| left + 1).or_else(|| alone(right)) {
            let pair = self.tokens.get(right_at.wrapping_sub(1)).zip(self.tokens.get(right_at));
            return u32::from(pair.is_some_and(|(one, other)| (one.term, other.term) == (left, right) && other.marks.stands_beside()));
        }
        if self.tokens.len() <= SHORT_TEXT {
            let from = self.terms[left as usize].first.max(self.terms[right as usize].first.saturating_sub(1));
            return self.counted_pairs(from as usize).filter(|&pair| pair == (left, right)).count() as u32;
        }
        self.pairs.get_or_init(|| self.count_pairs()).get(&pair(left, right)).copied().unwrap_or(0)
    }

    fn count_pairs(&self) -> HashedMap<u32> {
        let mut pairs = HashedMap::default();
        self.counted_pairs(0).for_each(|(left, right)| *pairs.entry(pair(left, right)).or_default() += 1);
        pairs
    }

    /// The terms that stand beside each other from a token on, with nothing but a space between; none from lines that are repeated.
    fn counted_pairs(&self, from: usize) -> impl Iterator<Item = (u32, u32)> {
        self.tokens[from..].windows(2).filter(|two| two[1].marks.stands_beside()).map(|two| (two[0].term, two[1].term))
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

    /// Whether the text breaks off behind a token: `the early mor…`.
    pub fn breaks_off(&self, token: usize) -> bool {
        let rest = &self.text[self.tokens[token].end()..];
        rest.starts_with('…') || rest.starts_with("..")
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
            || matches!(after, '@' | '/' | '\\' | '_' | '=' | '(' | '{' | '+' | '~' | '>' | '&' | '0'..='9')
            || (after == '.' && stop())
    }
}

fn pair(left: u32, right: u32) -> u64 {
    u64::from(left) << 32 | u64::from(right)
}

/// Finds the number of a term by a key of it: open addressing. The keys stand in the terms, so that a slot takes four bytes and the
/// slots of a short text stay in the first cache.
struct Slots {
    /// The number and one; 0 where it is free.
    slots: Vec<u32>,
}

impl Slots {
    /// For so many keys, but at first for no more than some thousand: a long text repeats its words.
    fn with_room(keys: usize) -> Self {
        Self { slots: vec![0; keys.clamp(16, 1 << 13).next_power_of_two()] }
    }

    /// The number that `is` the right one of those whose key is mixed to the same bits, or the slot where it would stand.
    #[inline]
    fn find(&self, mixed: usize, is: impl Fn(u32) -> bool) -> Result<u32, usize> {
        let mask = self.slots.len() - 1;
        let mut at = mixed & mask;
        loop {
            match self.slots[at].checked_sub(1) {
                None => return Err(at),
                Some(number) if is(number) => return Ok(number),
                Some(_) => at = (at + 1) & mask,
            }
        }
    }

    #[inline]
    fn put(&mut self, slot: usize, number: u32) {
        self.slots[slot] = number + 1;
    }

    /// Whether so many numbers fill more than three quarters.
    #[inline]
    const fn is_tight(&self, numbers: usize) -> bool {
        numbers * 4 > self.slots.len() * 3
    }

    /// With twice the room; `mixed` gives the keys anew.
    #[cold]
    fn grow(&mut self, mixed: impl Fn(u32) -> usize) {
        let room = self.slots.len() * 2;
        let full = std::mem::replace(&mut self.slots, vec![0; room]);
        for number in full.into_iter().filter_map(|slot| slot.checked_sub(1)) {
            if let Err(slot) = self.find(mixed(number), |_| false) {
                self.put(slot, number);
            }
        }
    }
}

/// Which lines were seen before. Asked for rising places only.
struct Lines<'d> {
    text: &'d str,
    seen: HashedSet,
    end: usize,
    new: bool,
}

impl<'d> Lines<'d> {
    fn new(text: &'d str) -> Self {
        Self { text, seen: HashedSet::default(), end: 0, new: true }
    }

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

    #[test]
    fn every_term_is_found_by_its_spelling_and_by_its_number() {
        let text: String = (0..30_000u64).map(|number| format!("w{} minister ", number.wrapping_mul(7919) % 26_000)).collect();
        let letters = |digit: char| digit.to_digit(10).map_or(digit, |digit| char::from(b'a' + digit as u8));
        let document = Document::from_text(&text.chars().map(letters).collect::<String>());
        let view = view(&document);
        assert!(view.terms.len() > 20_000, "{}", view.terms.len());
        for (number, term) in (0..).zip(&view.terms) {
            assert_eq!(view.find(term.hash), Some(number));
            assert_eq!(view.find_id(term.known.id), term.known.id.is_known().then_some(number));
        }
        assert_eq!((view.find(hash_of("minster")), view.find_id(Lexicon::english().words.find_word("minster").id)), (None, None));
    }
}
