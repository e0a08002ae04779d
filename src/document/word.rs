//! Words and sentences: one pass over a block, read by every detector.

use super::{Block, Sentence};
use crate::text::Span;
use xxhash_rust::xxh3::xxh3_64;

/// A run of letters and digits, with apostrophes inside it; a CJK character is a word of its own.
///
/// 16 bytes, since a long document has millions of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// Of the folded form (see [`fold`]): equal for `Minister`, `MINISTER` and `minister`.
    pub hash: u64,
    start: u32,
    len: u16,
    pub shape: Shape,
}

impl Word {
    pub const fn span(&self) -> Span {
        Span::new(self.start as usize, self.start as usize + self.len as usize)
    }

    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        self.span().of(text)
    }
}

/// What a word is made of, as a set of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape(u8);

impl Shape {
    pub const LETTER: u8 = 1;
    pub const DIGIT: u8 = 2;
    pub const LOWER: u8 = 4;
    /// The first character is a capital.
    pub const CAPITAL: u8 = 8;
    /// A character after the first is a capital.
    pub const INNER_CAPITAL: u8 = 16;
    pub const APOSTROPHE: u8 = 32;
    pub const NON_ASCII: u8 = 64;
    /// Characters nobody sees (soft hyphen, zero-width space …) stand inside; they are not hashed.
    pub const HIDDEN: u8 = 128;

    pub const fn has(self, bits: u8) -> bool {
        self.0 & bits == bits
    }

    pub const fn any(self, bits: u8) -> bool {
        self.0 & bits != 0
    }

    /// Letters and inner apostrophes only.
    pub const fn is_alphabetic(self) -> bool {
        self.0 & (Self::LETTER | Self::DIGIT) == Self::LETTER
    }

    pub const fn is_capitalised(self) -> bool {
        self.has(Self::CAPITAL)
    }
}

/// Beside the bits of a shape: an apostrophe, or not ASCII.
const UNUSUAL: u8 = 128;

/// What each byte adds to the shape of a word that it begins; 0 for one that ends it.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' => Shape::LETTER | Shape::LOWER,
            b'A'..=b'Z' => Shape::LETTER | Shape::CAPITAL,
            b'0'..=b'9' => Shape::DIGIT,
            b'\'' | 0x80.. => UNUSUAL,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

/// Longest word in bytes; what is longer is cut into several (nobody's word, but base64 is met).
const MAX_WORD: usize = u16::MAX as usize;

/// The hash that [`Word::hash`] carries, for a word that is already folded.
pub fn hash_folded(folded: &[u8]) -> u64 {
    xxh3_64(folded)
}

/// The same for a word as it is written.
pub fn hash_of(word: &str) -> u64 {
    // Most words that rules name are folded already.
    if word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        hash_folded(word.as_bytes())
    } else {
        hash_folded(fold(word).as_bytes())
    }
}

/// The form under which words are the same: lower case, `’` as `'`, hidden characters left out.
pub fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(word.len());
    for c in word.chars() {
        match c {
            '’' => folded.push('\''),
            c if is_hidden(c) => {}
            c => folded.extend(c.to_lowercase()),
        }
    }
    folded
}

const fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Scripts written without spaces: each character counts as a word.
const fn stands_alone(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}')
}

/// Splits blocks into words and sentences.
pub(super) struct Splitter<'t> {
    text: &'t str,
    pub sentences: Vec<Sentence>,
    /// Words so far.
    count: usize,
    folded: Vec<u8>,
}

impl<'t> Splitter<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, sentences: Vec::new(), count: 0, folded: Vec::new() }
    }

    /// The next word that begins in `at..end`; `at` is not inside a word. Inlined, since it is most of what [`Self::split`] does.
    #[inline(always)]
    pub fn next(&mut self, mut at: usize, end: usize) -> Option<Word> {
        let bytes = self.text.as_bytes();
        while at < end {
            let byte = bytes[at];
            let starts = if byte < 0x80 {
                CLASSES[byte as usize] & (Shape::LETTER | Shape::DIGIT) != 0
            } else {
                self.text[at..end].chars().next().is_some_and(is_word_char)
            };
            if starts {
                let bytes = &bytes[at..end];
                return bytes.first_chunk().and_then(|eight| short_word(*eight, at)).or_else(|| Some(self.long_word(at, end)));
            }
            at += char_len(byte);
        }
        None
    }

    /// Fills in the words, sentences and hash of a block that so far has only its place, and hands each word on.
    pub fn split(&mut self, block: &mut Block, mut take: impl FnMut(Word)) {
        let (first_word, first_sentence) = (self.count, self.sentences.len());
        let (mut at, end) = (block.span.start, block.span.end);
        let (mut sentence_word, mut sentence_start) = (first_word, block.span.start);
        let mut hash = 0u64;
        // Behind all that is to come: no sentence ends before the first word.
        let mut previous = Span::new(usize::MAX - 1, usize::MAX - 1);
        while let Some(word) = self.next(at, end) {
            // Most words have a mere space between them.
            if word.start as usize > previous.end + 1
                && let Some(break_at) = self.sentence_break(previous, word.start as usize)
            {
                self.end_sentence(Span::new(sentence_start, break_at.0), sentence_word);
                (sentence_word, sentence_start) = (self.count, break_at.1);
            }
            hash = mix(hash, word.hash);
            previous = word.span();
            at = previous.end;
            self.count += 1;
            take(word);
        }
        if self.count > sentence_word {
            self.end_sentence(Span::new(sentence_start, block.span.end), sentence_word);
        }
        block.words = (first_word as u32, self.count as u32);
        block.sentences = (first_sentence as u32, self.sentences.len() as u32);
        block.hash = hash;
    }

    fn end_sentence(&mut self, span: Span, first_word: usize) {
        self.sentences.push(Sentence { start: span.start as u32, end: span.end as u32, words: (first_word as u32, self.count as u32) });
    }

    /// The word that starts at byte `start`, where it is none of the short ones.
    fn long_word(&mut self, start: usize, end: usize) -> Word {
        let bytes = &self.text.as_bytes()[start..end.min(start + MAX_WORD)];
        let (mut len, mut shape) = (0, 0);
        // ASCII letters and digits, hashed in place where already lower case.
        while let Some(&byte) = bytes.get(len) {
            let mut class = CLASSES[byte as usize];
            if class == 0 {
                break;
            }
            if class & UNUSUAL != 0 {
                let follows = || bytes.get(len + 1).is_some_and(|&next| next.is_ascii_alphanumeric());
                if byte >= 0x80 || len == 0 || !follows() {
                    return self.slow_word(start, end);
                }
                class = Shape::APOSTROPHE;
            }
            // Behind the first letter, a capital is one inside the word.
            shape |= if len == 0 { class } else { class + (class & Shape::CAPITAL) };
            len += 1;
        }
        let raw = &bytes[..len];
        let hash = if shape & (Shape::CAPITAL | Shape::INNER_CAPITAL) == 0 {
            hash_folded(raw)
        } else {
            self.folded.clear();
            self.folded.extend(raw.iter().map(u8::to_ascii_lowercase));
            hash_folded(&self.folded)
        };
        Word { hash, start: start as u32, len: raw.len() as u16, shape: Shape(shape) }
    }

    fn slow_word(&mut self, start: usize, end: usize) -> Word {
        let text = &self.text[start..end];
        self.folded.clear();
        let (mut len, mut shape) = (0, 0u8);
        let mut buffer = [0; 4];
        for (at, c) in text.char_indices() {
            if at + c.len_utf8() > MAX_WORD || (stands_alone(c) && at > 0) {
                break;
            }
            let follows = || text[at + c.len_utf8()..].chars().next().is_some_and(|next| is_word_char(next) && !stands_alone(next));
            if matches!(c, '\'' | '’') {
                if at == 0 || !follows() {
                    break;
                }
                shape |= Shape::APOSTROPHE;
                self.folded.push(b'\'');
            } else if is_hidden(c) {
                if at == 0 || !follows() {
                    break;
                }
                shape |= Shape::HIDDEN | Shape::NON_ASCII;
            } else if is_word_char(c) {
                if !c.is_ascii() {
                    shape |= Shape::NON_ASCII;
                }
                if c.is_numeric() {
                    shape |= Shape::DIGIT;
                } else {
                    shape |= Shape::LETTER;
                }
                if c.is_uppercase() {
                    shape |= if at == 0 { Shape::CAPITAL } else { Shape::INNER_CAPITAL };
                } else if c.is_lowercase() {
                    shape |= Shape::LOWER;
                }
                for lower in c.to_lowercase() {
                    self.folded.extend_from_slice(lower.encode_utf8(&mut buffer).as_bytes());
                }
            } else {
                break;
            }
            len = at + c.len_utf8();
            if stands_alone(c) {
                break;
            }
        }
        Word { hash: hash_folded(&self.folded), start: start as u32, len: len as u16, shape: Shape(shape) }
    }

    /// Whether a sentence ends between `previous` and the word at `next`; then where it ends, and where the next starts.
    fn sentence_break(&self, previous: Span, next: usize) -> Option<(usize, usize)> {
        let from = previous.end;
        let gap = &self.text[from..next];
        if gap.len() < 2 {
            return None;
        }
        let stop = gap.find(['.', '!', '?', '…', '。', '！', '？'])?;
        let after = &gap[stop..];
        let rest = after.trim_start_matches(|c: char| {
            matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '"' | '\'' | '”' | '’' | '»' | ')' | ']')
        });
        let opens = rest.trim_start();
        let wide = after.starts_with(['。', '！', '？']);
        if (rest.is_empty() || opens.len() == rest.len()) && !wide {
            return None;
        }
        let first = self.text[next..].chars().next()?;
        if first.is_lowercase() && opens.is_empty() {
            return None;
        }
        if after.starts_with('.') && !after.starts_with("..") && is_abbreviation(previous.of(self.text)) {
            return None;
        }
        Some((next - rest.len(), next - opens.len()))
    }
}

/// The word of up to seven ASCII letters that begins these bytes, if one does: most are of that kind, and looked at all at once.
#[inline]
fn short_word(eight: [u8; 8], start: usize) -> Option<Word> {
    const ONES: u64 = u64::MAX / 0xff;
    const HIGH: u64 = ONES << 7;
    let bytes = u64::from_le_bytes(eight);
    let lower = bytes | ONES << 5;
    // The highest bit of each byte: set from `a` on, and from behind `z` on; and that of bytes outside ASCII.
    let (from_a, behind_z) = ((lower & !HIGH) + ONES * (0x80 - 0x61), (lower & !HIGH) + ONES * (0x80 - 0x7b));
    let letters = from_a & !behind_z & !bytes & HIGH;
    let len = ((letters ^ HIGH).trailing_zeros() / 8) as usize;
    if len == 0 || len == 8 || CLASSES[eight[len] as usize] != 0 {
        return None;
    }
    let word = (1 << (8 * len)) - 1;
    let capitals = !bytes & word & ONES << 5;
    let small = bytes & word & ONES << 5;
    let shape = Shape::LETTER
        | if small == 0 { 0 } else { Shape::LOWER }
        | if capitals & 0xff == 0 { 0 } else { Shape::CAPITAL }
        | if capitals >> 8 == 0 { 0 } else { Shape::INNER_CAPITAL };
    Some(Word { hash: hash_folded(&lower.to_le_bytes()[..len]), start: start as u32, len: len as u16, shape: Shape(shape) })
}

/// Combines word hashes into a hash that knows their order.
pub fn mix(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(5) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

const fn char_len(first: u8) -> usize {
    match first {
        0..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    }
}

/// Words after which a full stop does not end the sentence; single letters are initials.
fn is_abbreviation(word: &str) -> bool {
    const TITLES: [&str; 46] = [
        "mr", "mrs", "ms", "dr", "prof", "gen", "col", "sgt", "lt", "capt", "cmdr", "sen", "rep", "gov", "rev", "hon", "st", "jr", "sr",
        "inc", "corp", "co", "ltd", "vs", "no", "nos", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
        "fig", "vol", "pp", "ed", "al", "cf", "approx", "mt",
    ];
    word.chars().nth(1).is_none() || (word.len() <= 6 && TITLES.iter().any(|title| title.eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests {
    use super::super::Document;
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let document = Document::from_text(text);
        document.words.iter().map(|word| word.of(&document.text).to_string()).collect()
    }

    fn sentences(text: &str) -> Vec<String> {
        let document = Document::from_text(text);
        document.sentences.iter().map(|sentence| sentence.span().of(&document.text).to_string()).collect()
    }

    #[test]
    fn words_hold_their_apostrophes_and_nothing_else() {
        assert_eq!(words("Japan's 'long' B2B plan—it’s 50,000 (naïve)."), ["Japan's", "long", "B2B", "plan", "it’s", "50", "000", "naïve"]);
    }

    #[test]
    fn case_apostrophes_and_hidden_characters_do_not_change_the_hash() {
        let document = Document::from_text("It’s IT'S mis\u{ad}sile Missile ÉTÉ été");
        let hashes: Vec<u64> = document.words.iter().map(|word| word.hash).collect();
        assert_eq!(hashes[0], hashes[1]);
        assert_eq!(hashes[2], hashes[3]);
        assert_eq!(hashes[4], hashes[5]);
        for word in &document.words {
            assert_eq!(word.hash, hash_of(word.of(&document.text)));
        }
    }

    #[test]
    fn short_words_are_read_as_long_ones() {
        let texts = ["the wall", "The WALL2", "tHe wall", "it's on @[`{", "a\u{e9} so it", "ab|cdefgh", "abcdefg hi", "abcdefgh i"];
        for text in texts {
            let bytes = text.as_bytes();
            let Some(short) = bytes.first_chunk().and_then(|eight| short_word(*eight, 0)) else { continue };
            let mut splitter = Splitter::new(text);
            assert_eq!(short, splitter.slow_word(0, text.len()), "{text}");
        }
        assert!(["the wall", "tHe wall", "abcdefg hi"].iter().all(|text| short_word(*text.as_bytes().first_chunk().unwrap(), 0).is_some()));
        let others = ["The2WALL", "it's on ", "a\u{e9} so it", "abcdefgh"];
        assert!(others.iter().all(|text| short_word(*text.as_bytes().first_chunk().unwrap(), 0).is_none()));
    }

    #[test]
    fn cjk_characters_are_words() {
        assert_eq!(words("東京 is 大"), ["東", "京", "is", "大"]);
    }

    #[test]
    fn sentences_end_where_a_reader_stops() {
        assert_eq!(
            sentences("Mr. Lee met Gen. Ito in the U.S. capital. “It went well,” he said. Did it? Yes... and no."),
            ["Mr. Lee met Gen. Ito in the U.S. capital.", "“It went well,” he said.", "Did it?", "Yes... and no."]
        );
    }

    #[test]
    fn a_word_longer_than_the_limit_is_cut() {
        let document = Document::from_text(&"x".repeat(MAX_WORD * 2 + 3));
        assert_eq!(document.words.iter().map(|word| word.span().len()).collect::<Vec<_>>(), [MAX_WORD, MAX_WORD, 3]);
    }
}
