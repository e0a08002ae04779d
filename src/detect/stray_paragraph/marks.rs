//! How a paragraph is written: its punctuation and the kinds of its words.

use super::draft::Draft;

/// What is counted in a paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Words,
    Sentences,
    Bytes,
    /// Words that say nothing about the subject.
    Stops,
    /// Words with a digit.
    Numbers,
    Capitals,
    CurlyQuote,
    StraightQuote,
    CurlyApostrophe,
    StraightApostrophe,
    LongDash,
}

/// How many kinds of marks there are.
pub const MARKS: usize = Mark::LongDash as usize + 1;
pub const MARK_NAMES: [&str; MARKS] = [
    "words",
    "sentences",
    "bytes",
    "stops",
    "numbers",
    "capitals",
    "curly-quotes",
    "straight-quotes",
    "curly-apostrophes",
    "straight-apostrophes",
    "long-dashes",
];

pub type Marks = [u32; MARKS];

/// The marks of a paragraph.
pub fn of(draft: &Draft<'_>, paragraph: usize) -> Marks {
    let at = &draft.paragraphs[paragraph];
    let span = draft.span(paragraph);
    let mut marks = [0; MARKS];
    marks[Mark::Words as usize] = at.words as u32;
    marks[Mark::Sentences as usize] = draft.document.blocks[at.block..=at.last].iter().map(|block| block.sentences().len() as u32).sum();
    marks[Mark::Bytes as usize] = span.len() as u32;
    marks[Mark::Stops as usize] = at.stops;
    marks[Mark::Numbers as usize] = at.numbers;
    marks[Mark::Capitals as usize] = at.capitals;
    let bytes = span.of(&draft.document.text).as_bytes();
    for place in memchr::memchr3_iter(b'"', b'\'', 0xE2, bytes) {
        let mark = match &bytes[place..] {
            [b'"', ..] => Mark::StraightQuote,
            [b'\'', ..] => Mark::StraightApostrophe,
            // U+2013 to U+201D.
            [0xE2, 0x80, 0x93 | 0x94, ..] => Mark::LongDash,
            [0xE2, 0x80, 0x98 | 0x99, ..] => Mark::CurlyApostrophe,
            [0xE2, 0x80, 0x9C | 0x9D, ..] => Mark::CurlyQuote,
            _ => continue,
        };
        marks[mark as usize] += 1;
    }
    marks
}
