//! What the published filters measure, each as datatrove computes it, and where in the text it comes from.

use super::c4::C4;
use super::tokens::is_space;
use super::words::Words;
use crate::document::{HashedMap, HashedSet};
use crate::text::Span;
use schemars::JsonSchema;
use serde::Deserialize;
use std::cell::OnceCell;
use std::collections::HashMap;

/// A named measure of a document. Gopher: Rae et al. 2021, “Scaling Language Models”, section A1.1; C4: Raffel et al. 2020,
/// “Exploring the Limits of Transfer Learning”, section 2.2; FineWeb: Penedo et al. 2024, “The FineWeb Datasets”, section 3.6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Words with a character that is no punctuation. (Gopher)
    Words,
    /// Their mean length in characters. (Gopher)
    WordLength,
    /// Signs `#` for each word. (Gopher)
    Hashes,
    /// Ellipses for each word. (Gopher)
    Ellipses,
    /// Share of the lines that start with a bullet or a hyphen. (Gopher)
    BulletLines,
    /// Share of the lines that end with an ellipsis. (Gopher)
    EllipsisLines,
    /// Share of the words with a letter in them. (Gopher)
    AlphabeticWords,
    /// How many of the words `the be to of and that have with` occur. (Gopher)
    StopWords,
    /// Share of the paragraphs that stood before. (Gopher)
    DuplicateParagraphs,
    /// Share of the characters that are in such paragraphs. (Gopher)
    DuplicateParagraphCharacters,
    /// Share of the lines that stood before. (Gopher)
    DuplicateLines,
    /// Share of the characters that are in such lines. (Gopher)
    DuplicateLineCharacters,
    /// Share of the characters that are in the most frequent pair of words. (Gopher)
    #[serde(rename = "top-2-gram-characters")]
    Top2,
    /// Of three words. (Gopher)
    #[serde(rename = "top-3-gram-characters")]
    Top3,
    /// Of four words. (Gopher)
    #[serde(rename = "top-4-gram-characters")]
    Top4,
    /// Share of the characters that are in sequences of five words that stood before. (Gopher)
    #[serde(rename = "duplicate-5-gram-characters")]
    Duplicate5,
    /// Of six words. (Gopher)
    #[serde(rename = "duplicate-6-gram-characters")]
    Duplicate6,
    /// Of seven words. (Gopher)
    #[serde(rename = "duplicate-7-gram-characters")]
    Duplicate7,
    /// Of eight words. (Gopher)
    #[serde(rename = "duplicate-8-gram-characters")]
    Duplicate8,
    /// Of nine words. (Gopher)
    #[serde(rename = "duplicate-9-gram-characters")]
    Duplicate9,
    /// Of ten words. (Gopher)
    #[serde(rename = "duplicate-10-gram-characters")]
    Duplicate10,
    /// Sentences in lines that C4 keeps: three words or more, an end mark, no talk of cookies or scripts. (C4)
    KeptSentences,
    /// Lines with `lorem ipsum` in them. (C4)
    LoremIpsum,
    /// Lines with a curly bracket in them. (C4)
    CurlyBrackets,
    /// Share of the lines that end with an end mark. (FineWeb)
    TerminalLines,
    /// Share of the lines of 30 characters or fewer. (FineWeb)
    ShortLines,
    /// Share of the characters that are in lines that stood before, blank ones left out. (FineWeb)
    RepeatedLineCharacters,
    /// Line breaks for each word. (FineWeb)
    LineBreaks,
}

impl Measure {
    /// How the message calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Words => "the number of words",
            Self::WordLength => "the mean length of words",
            Self::Hashes => "the number of hash signs for each word",
            Self::Ellipses => "the number of ellipses for each word",
            Self::BulletLines => "the share of lines that start with a bullet",
            Self::EllipsisLines => "the share of lines that end with an ellipsis",
            Self::AlphabeticWords => "the share of words with a letter in them",
            Self::StopWords => "the number of different stop words",
            Self::DuplicateParagraphs => "the share of paragraphs that stood before",
            Self::DuplicateParagraphCharacters => "the share of characters in paragraphs that stood before",
            Self::DuplicateLines => "the share of lines that stood before",
            Self::DuplicateLineCharacters => "the share of characters in lines that stood before",
            Self::Top2 => "the share of characters in the most frequent 2-gram",
            Self::Top3 => "the share of characters in the most frequent 3-gram",
            Self::Top4 => "the share of characters in the most frequent 4-gram",
            Self::Duplicate5 => "the share of characters in 5-grams that stood before",
            Self::Duplicate6 => "the share of characters in 6-grams that stood before",
            Self::Duplicate7 => "the share of characters in 7-grams that stood before",
            Self::Duplicate8 => "the share of characters in 8-grams that stood before",
            Self::Duplicate9 => "the share of characters in 9-grams that stood before",
            Self::Duplicate10 => "the share of characters in 10-grams that stood before",
            Self::KeptSentences => "the number of sentences in lines worth keeping",
            Self::LoremIpsum => "the number of lines with `lorem ipsum`",
            Self::CurlyBrackets => "the number of lines with a curly bracket",
            Self::TerminalLines => "the share of lines that end with an end mark",
            Self::ShortLines => "the share of lines of 30 characters or fewer",
            Self::RepeatedLineCharacters => "the share of characters in lines that stood before",
            Self::LineBreaks => "the number of line breaks for each word",
        }
    }
}

/// What was measured: the value, and the places that make it up, as far as there are some.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Reading {
    pub value: f64,
    pub places: Vec<Span>,
}

impl Reading {
    fn share(places: Vec<Span>, of: usize) -> Option<Self> {
        let value = places.len() as f64 / of as f64;
        (of > 0).then_some(Self { value, places })
    }
}

const STOP_WORDS: [&str; 8] = ["the", "be", "to", "of", "and", "that", "have", "with"];
/// What datatrove calls punctuation, beside control characters and end marks.
const SIGNS: &str = "!/—”:％１〈&(、━\\【#%「」，】；+^]~“《„';’{|∶´[=-`*．（–？！：$～«〉,><》)?）。…@_.\"}►»";
/// What ends a sentence, in any script.
const TERMINAL: &str = "!.?։؝؞؟۔܀܁܂߹࠷࠹࠽࠾।॥၊။።፧፨᙮᜵᜶។៕៖៙៚᠃᠉᥄᥅᪨᪩᪪᪫᭚᭛᭞᭟᭽᭾᰻᰼᱾᱿‼‽⁇⁈⁉⸮⸼⹓⹔。꓿꘎꘏꛳꛷꡶꡷꣎꣏꤯꧈꧉꩝꩞꩟꫰꫱꯫﹒﹖﹗！．？｡𐩖𐩗𐽕𐽖𐽗𐽘𐽙𐾆𐾇𐾈𐾉𑁇𑁈𑂾𑂿𑃀𑃁𑅁𑅂𑅃𑇅𑇆𑇍𑇞𑇟𑈸𑈹𑈻𑈼𑊩𑑋𑑌𑗂𑗃𑗉𑗊𑗋𑗌𑗍𑗎𑗏𑗐𑗑𑗒𑗓𑗔𑗕𑗖𑗗𑙁𑙂𑜼𑜽𑜾𑥄𑥆𑩂𑩃𑪛𑪜𑱁𑱂𑻷𑻸\u{11f43}\u{11f44}𖩮𖩯𖫵𖬷𖬸𖭄𖺘𛲟𝪈";
/// Characters of a line that FineWeb calls short.
const SHORT_LINE: usize = 30;

/// A text with its words, split once for all measures of all rules.
pub struct Text<'t> {
    pub(super) text: &'t str,
    /// Characters of the whole text.
    chars: usize,
    words: OnceCell<Words>,
    /// How many of the words have a character that is no punctuation, and the characters in them.
    real: OnceCell<(usize, usize)>,
    lines: OnceCell<Vec<Span>>,
    c4: OnceCell<C4>,
}

impl<'t> Text<'t> {
    pub fn new(text: &'t str) -> Self {
        Self {
            text,
            chars: text.chars().count(),
            words: OnceCell::new(),
            real: OnceCell::new(),
            lines: OnceCell::new(),
            c4: OnceCell::new(),
        }
    }

    /// The words of a line: no word goes over its end.
    pub(super) fn words_within(&self, line: Span) -> &[Span] {
        let spans = &self.words().spans;
        &spans[spans.partition_point(|word| word.start < line.start)..spans.partition_point(|word| word.start < line.end)]
    }

    fn words(&self) -> &Words {
        self.words.get_or_init(|| Words::of(self.text))
    }

    /// The value of a measure; nothing where the text has too little for it to mean anything.
    pub(super) fn read(&self, measure: Measure) -> Option<Reading> {
        match measure {
            Measure::Words => Some(Reading { value: self.real_words().0 as f64, places: Vec::new() }),
            Measure::WordLength => {
                let (words, chars) = self.real_words();
                (words > 0).then(|| Reading { value: chars as f64 / words as f64, places: Vec::new() })
            }
            Measure::Hashes => self.for_each_word(self.text.match_indices('#')),
            Measure::Ellipses => {
                let mut places: Vec<(usize, &str)> = self.text.match_indices("...").chain(self.text.match_indices('…')).collect();
                places.sort_unstable();
                self.for_each_word(places.into_iter())
            }
            Measure::BulletLines => {
                let starts = |line: &Span| line.of(self.text).trim_start_matches(is_space).starts_with(['•', '-']);
                let all = self.lines();
                Reading::share(all.iter().copied().filter(starts).collect(), all.len())
            }
            Measure::EllipsisLines => {
                let all = self.lines();
                let ends = |line: &Span| {
                    let line = line.of(self.text).trim_end_matches(is_space);
                    line.ends_with("...") || line.ends_with('…')
                };
                Reading::share(all.iter().copied().filter(ends).collect(), all.len())
            }
            Measure::AlphabeticWords => {
                let words = &self.words().spans;
                let without: Vec<Span> = words.iter().copied().filter(|word| !word.of(self.text).contains(char::is_alphabetic)).collect();
                let value = (words.len() - without.len()) as f64 / words.len() as f64;
                (!words.is_empty()).then_some(Reading { value, places: without })
            }
            Measure::StopWords => {
                let mut met = [false; STOP_WORDS.len()];
                for word in self.words().spans.iter().filter(|word| (2..=4).contains(&word.len())) {
                    if let Some(stop) = STOP_WORDS.iter().position(|stop| *stop == word.of(self.text)) {
                        met[stop] = true;
                    }
                }
                Some(Reading { value: met.iter().filter(|met| **met).count() as f64, places: Vec::new() })
            }
            Measure::DuplicateParagraphs => Some(self.repeated(&self.paragraphs(), |repeats, all, _| repeats as f64 / all as f64)),
            Measure::DuplicateParagraphCharacters => self.share_of_characters(&self.paragraphs()),
            Measure::DuplicateLines => Some(self.repeated(&self.solid_lines(), |repeats, all, _| repeats as f64 / all as f64)),
            Measure::DuplicateLineCharacters => self.share_of_characters(&self.solid_lines()),
            Measure::Top2 => self.top(2),
            Measure::Top3 => self.top(3),
            Measure::Top4 => self.top(4),
            Measure::Duplicate5 => self.duplicates(5),
            Measure::Duplicate6 => self.duplicates(6),
            Measure::Duplicate7 => self.duplicates(7),
            Measure::Duplicate8 => self.duplicates(8),
            Measure::Duplicate9 => self.duplicates(9),
            Measure::Duplicate10 => self.duplicates(10),
            Measure::KeptSentences => Some(self.c4().kept.clone()),
            Measure::LoremIpsum => Some(self.c4().lorem.clone()),
            Measure::CurlyBrackets => Some(self.c4().brackets.clone()),
            Measure::TerminalLines => {
                let all = self.full_lines();
                let ends = |line: &&Span| line.of(self.text).ends_with(is_terminal);
                let value = if all.is_empty() { 0.0 } else { all.iter().filter(ends).count() as f64 / all.len() as f64 };
                Some(Reading { value, places: all.into_iter().filter(|line| !ends(&line)).collect() })
            }
            Measure::ShortLines => {
                let all = self.full_lines();
                let short = |line: &Span| line.of(self.text).chars().count() <= SHORT_LINE;
                Reading::share(all.iter().copied().filter(short).collect(), all.len())
            }
            Measure::RepeatedLineCharacters => {
                let all = self.chars - self.text.matches('\n').count();
                (all > 0).then(|| self.repeated(&self.full_lines(), |_, _, chars| chars as f64 / all as f64))
            }
            Measure::LineBreaks => {
                let (breaks, words) = (self.text.matches('\n').count(), self.words().len());
                (words > 0).then(|| Reading { value: breaks as f64 / words as f64, places: Vec::new() })
            }
        }
    }

    /// How many words have a character that is no punctuation, and the characters of those.
    fn real_words(&self) -> (usize, usize) {
        let is_sign = |c: char| !c.is_ascii_alphanumeric() && (c.is_control() || SIGNS.contains(c) || TERMINAL.contains(c));
        *self.real.get_or_init(|| {
            let words = self.words();
            let real = (0..words.len()).filter(|&at| !words.spans[at].of(self.text).chars().all(is_sign));
            real.fold((0, 0), |(count, chars), at| (count + 1, chars + words.characters(at..at + 1)))
        })
    }

    fn for_each_word<'s>(&self, places: impl Iterator<Item = (usize, &'s str)>) -> Option<Reading> {
        let places: Vec<Span> = places.map(|(at, found)| Span::new(at, at + found.len())).collect();
        let words = self.words().len();
        (words > 0).then(|| Reading { value: places.len() as f64 / words as f64, places })
    }

    pub(super) fn lines(&self) -> &[Span] {
        self.lines.get_or_init(|| self.split_lines())
    }

    /// Lines as Python splits them.
    fn split_lines(&self) -> Vec<Span> {
        let is_break = |c: char| matches!(c, '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}');
        let mut lines = Vec::new();
        let mut start = 0;
        let mut breaks = self.text.char_indices().filter(|&(_, c)| is_break(c)).peekable();
        while let Some((at, c)) = breaks.next() {
            lines.push(Span::new(start, at));
            start = at + c.len_utf8();
            if c == '\r' && breaks.next_if(|&(next, c)| next == start && c == '\n').is_some() {
                start += 1;
            }
        }
        if start < self.text.len() {
            lines.push(Span::new(start, self.text.len()));
        }
        lines
    }

    /// What stands between runs of line breaks, at the ends of the text also nothing.
    fn solid_lines(&self) -> Vec<Span> {
        self.between(Span::new(0, self.text.len()), 1)
    }

    /// What stands between runs of two line breaks or more.
    fn paragraphs(&self) -> Vec<Span> {
        let start = self.text.len() - self.text.trim_start_matches(is_space).len();
        let end = self.text.trim_end_matches(is_space).len().max(start);
        self.between(Span::new(start, end), 2)
    }

    fn between(&self, whole: Span, breaks: usize) -> Vec<Span> {
        let bytes = self.text.as_bytes();
        let (mut parts, mut start, mut at) = (Vec::new(), whole.start, whole.start);
        while let Some(next) = memchr::memchr(b'\n', &bytes[at..whole.end]) {
            at += next;
            let run = bytes[at..whole.end].iter().take_while(|&&byte| byte == b'\n').count();
            if run >= breaks {
                parts.push(Span::new(start, at));
                start = at + run;
            }
            at += run;
        }
        parts.push(Span::new(start, whole.end));
        parts
    }

    /// Lines that are not blank.
    fn full_lines(&self) -> Vec<Span> {
        let mut at = 0;
        let lines = self.text.split('\n').map(|line| {
            at += line.len() + 1;
            Span::new(at - line.len() - 1, at - 1)
        });
        lines.filter(|line| line.of(self.text).contains(|c| !is_space(c))).collect()
    }

    /// Parts that stood before; the value follows from their number, that of all, and the characters in them.
    fn repeated(&self, parts: &[Span], value: impl Fn(usize, usize, usize) -> f64) -> Reading {
        let mut seen: HashMap<&str, ()> = HashMap::with_capacity(parts.len());
        let again: Vec<Span> = parts.iter().copied().filter(|part| seen.insert(part.of(self.text), ()).is_some()).collect();
        let chars = again.iter().map(|part| part.of(self.text).chars().count()).sum();
        let value = value(again.len(), parts.len(), chars);
        Reading { value, places: again.into_iter().filter(|part| !part.is_empty()).collect() }
    }

    fn share_of_characters(&self, parts: &[Span]) -> Option<Reading> {
        (self.chars > 0).then(|| self.repeated(parts, |_, _, chars| chars as f64 / self.chars as f64))
    }

    /// The most frequent sequence of `n` words; of several, the first.
    fn top(&self, n: usize) -> Option<Reading> {
        let words = self.words();
        if words.len() < n {
            return None;
        }
        let mut counts: HashedMap<(usize, usize)> = HashedMap::with_capacity_and_hasher(words.len(), Default::default());
        for first in 0..=words.len() - n {
            counts.entry(words.hash(first..first + n, true)).or_insert((0, first)).0 += 1;
        }
        let (hash, (count, first)) = counts.into_iter().max_by_key(|&(_, (count, first))| (count, std::cmp::Reverse(first)))?;
        let length = words.characters(first..first + n) + n - 1;
        let is_here = |first: &usize| words.hash(*first..first + n, true) == hash;
        let places = (0..=words.len() - n).filter(is_here).map(|first| words.span(first..first + n)).collect();
        Some(Reading { value: (length * count) as f64 / self.chars as f64, places })
    }

    /// Sequences of `n` words that stood before, one behind the other.
    fn duplicates(&self, n: usize) -> Option<Reading> {
        let words = self.words();
        let mut seen = HashedSet::with_capacity_and_hasher(words.len(), Default::default());
        let (mut places, mut chars, mut at): (Vec<Span>, usize, usize) = (Vec::new(), 0, 0);
        while at + n <= words.len() {
            if seen.insert(words.hash(at..at + n, false)) {
                at += 1;
                continue;
            }
            chars += words.characters(at..at + n);
            let span = words.span(at..at + n);
            // One behind the other they are one place.
            match places.last_mut() {
                Some(last) if at > 0 && last.end == words.spans[at - 1].end => last.end = span.end,
                _ => places.push(span),
            }
            at += n;
        }
        (self.chars > 0).then(|| Reading { value: chars as f64 / self.chars as f64, places })
    }

    fn c4(&self) -> &C4 {
        self.c4.get_or_init(|| C4::of(self))
    }
}

pub(super) fn is_terminal(c: char) -> bool {
    if c.is_ascii() { matches!(c, '!' | '.' | '?') } else { TERMINAL.contains(c) }
}

/// Unicode's categories P, as far as they occur in running text.
pub(super) fn is_punctuation(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_punctuation() && !"$+<=>^`|~".contains(c);
    }
    "¡§«¶·»¿".contains(c)
        || matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}')
        || TERMINAL.contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, measure: Measure) -> (f64, Vec<&str>) {
        let reading = Text::new(text).read(measure).unwrap();
        (reading.value, reading.places.into_iter().map(|span| span.of(text)).collect())
    }

    #[test]
    fn repeats_are_counted_and_placed() {
        let text = "One line.\nTwo lines.\n\nOne line.\nThree.";
        assert_eq!(read(text, Measure::DuplicateLines), (0.25, vec!["One line."]));
        assert_eq!(read(text, Measure::DuplicateLineCharacters).0, 9.0 / 38.0);
        assert_eq!(read("a b\n\na b\n\n\nc", Measure::DuplicateParagraphs), (1.0 / 3.0, vec!["a b"]));
        assert_eq!(read("x y z x y w x y", Measure::Top2), (9.0 / 15.0, vec!["x y", "x y", "x y"]));
        // Words put together without a space between them: `ab c` and `a bc` are one.
        assert_eq!(read("a b c d e - ab c d e f", Measure::Duplicate5).0, 0.0);
        assert_eq!(read("a b c d e x a b c d e", Measure::Duplicate5), (5.0 / 21.0, vec!["a b c d e"]));
    }

    #[test]
    fn lines_are_pythons() {
        let text = "• one\r\n- two\x0bthree...\u{2028}four…\n";
        assert_eq!(read(text, Measure::BulletLines), (0.5, vec!["• one", "- two"]));
        assert_eq!(read(text, Measure::EllipsisLines), (0.5, vec!["three...", "four…"]));
    }

    #[test]
    fn any_text_can_be_measured() {
        for text in ["", " ", "\n\n", "é", "...", "a"] {
            let text = Text::new(text);
            for measure in [Measure::Words, Measure::Top2, Measure::Duplicate10, Measure::KeptSentences, Measure::TerminalLines] {
                let _ = text.read(measure);
            }
        }
    }
}
