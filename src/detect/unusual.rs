//! Words that no list of usual words holds, found in one cheap pass: what the kinds about damaged words look at.

use super::misspelling::View;
use crate::document::{Document, Shape, Word};
use crate::lexicon::{Entry, Lexicon};

/// SCOWL's size up to which a list tells words from fragments; the larger ones hold `ele` and `ment`.
pub(super) const USUAL: u8 = 70;

/// Words of two letters that stand alone, units and abbreviations included; there is a list for every two letters somewhere.
const SHORT: &str = "ad ah al am an as at aw ax be by ca cc cd ce cf ch cm co cv da db de di dj do dr dt du ed eg eh el em en er et eu ex fa \
    fc ff fm fr ft fx ga gb go ha he hi hm ho hp hq hr hz id ie if ii in ip iq is it iv ix jr kb kg km kw la lb le lo lp lt ma mb me mg \
    mi ml mm mo mp mr ms mt mu mw my na nb ne ni no np nt ny of oh ok on op or os ow ox oz pa pc ph pi pl pm po pp pr ps qi ra rd rh ro rt \
    sa se sh si so sq st ta tb ti to tv uh uk um un uk up us va ve vi vs we wi xi xx ya ye yo";

/// Which words of the document (by number) are in lower case and unusual, or hold digits or capitals behind their first letter.
pub fn find(document: &Document, view: &View) -> Vec<u32> {
    let mut found = Vec::new();
    let mut tokens = view.tokens.iter();
    for (number, word) in document.words.iter().enumerate() {
        let known = || tokens.find(|token| token.start() == word.span().start).map(|token| view.terms[token.term as usize].known.entry);
        if is_unusual(document, word, known) {
            found.push(number as u32);
        }
    }
    found
}

/// Whether a single word is: costs less than to look at all of them.
pub fn is_one(document: &Document, word: &Word, lexicon: &Lexicon) -> bool {
    is_unusual(document, word, || Some(lexicon.recall(word.hash).entry))
}

/// `known` says what is known of a word of three letters or more.
#[inline]
fn is_unusual(document: &Document, word: &Word, known: impl FnOnce() -> Option<Entry>) -> bool {
    if !word.shape.has(Shape::LOWER) || word.shape.any(Shape::CAPITAL | Shape::NON_ASCII | Shape::APOSTROPHE | Shape::HIDDEN) {
        return false;
    }
    word.shape.any(Shape::DIGIT | Shape::INNER_CAPITAL)
        || match document.text.as_bytes()[word.span().start..word.span().end] {
            [letter] => !matches!(letter, b'a' | b'i' | b'o'),
            [first, second] => !is_short_word(first, second),
            _ => known().is_some_and(|entry| entry.tier() > USUAL),
        }
}

/// Whether two small letters are one of [`SHORT`].
const fn is_short_word(first: u8, second: u8) -> bool {
    /// For each first letter a bit for each second.
    static ROWS: [u32; 26] = {
        let (mut rows, letters, mut at) = ([0; 26], SHORT.as_bytes(), 0);
        while at + 1 < letters.len() {
            rows[(letters[at] - b'a') as usize] |= 1 << (letters[at + 1] - b'a');
            at += 3;
        }
        rows
    };
    ROWS[(first - b'a') as usize] >> (second - b'a') & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_are_unusual_and_words_are_not() {
        let document =
            Document::from_text("We saw the gover nment of Khmelnytskyi at 9 pm, but th at 10th wal1 of re stone is as it was.\n");
        let view = View::new(&document, Lexicon::english());
        let found: Vec<&str> = find(&document, &view).iter().map(|&number| document.words[number as usize].of(&document.text)).collect();
        assert_eq!(found, ["gover", "nment", "th", "10th", "wal1", "re"]);
        let alone = document.words.iter().filter(|word| is_one(&document, word, Lexicon::english()));
        assert!(alone.map(|word| word.of(&document.text)).eq(found));
    }
}
