//! Words as the judge sees them: which are terms, under which stem, and which are names.

use super::usage;
use super::words::{Words, high};
use crate::document::{self, Document, HashedSet, Shape, Word, hash_folded};
use std::hash::{BuildHasherDefault, Hasher};

/// Words that say nothing about what a text is about: pronouns, auxiliaries, and what every news story says.
pub const STOP: &str = "a about above after again against all also am an and any are as at be because been before being below between both but by can cannot could did do does doing down during each even few for from further get got had has have having he her here hers herself him himself his how i if in into is it its itself just like made make many may me might more most much must my myself new no nor not now of off on once one only or other our ours ourselves out over own said same say says she should so some still such than that the their theirs them themselves then there these they this those through time to too two under until up upon us very was we well were what when where which while who whom why will with without would year years yet you your yours yourself mr mrs ms dr it's don't he's i'm that's isn't doesn't didn't wasn't won't can't we're they're you're i've we've there's what's let's told according last first people day week month";

/// Passes on a key that is a hash already.
#[derive(Clone, Copy, Default)]
pub struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash_folded(bytes);
    }
}

pub type BuildHashed = BuildHasherDefault<Hashed>;

/// The stem of a word, as the high half of its hash, its idf in English at large, and its number in the table, if it stands there; an idf of 0 means
/// that it is no term.
#[inline]
pub fn of(word: Word, text: &str, words: Words) -> (u32, u8, Option<u16>) {
    match words.get(word.hash) {
        Some(entry) => (entry.stem, entry.idf, Some(entry.number)),
        None => {
            let (stem, idf) = unknown(word, text, words);
            (stem, idf, None)
        }
    }
}

/// The terms of a document as they are counted, each once.
pub fn counted(document: &Document) -> Vec<u64> {
    let words = Words::shipped();
    let (mut forms, mut stems) = (HashedSet::default(), HashedSet::default());
    let new = document.words.iter().filter(|word| forms.insert(word.hash)).map(|&word| of(word, &document.text, words));
    let terms = new.filter(|(_, idf, _)| *idf > 0).map(|(stem, idf, _)| usage::counted(stem, idf));
    terms.filter(|&term| stems.insert(usage::place(term))).collect()
}

/// The same of a word that is not in the table.
fn unknown(word: Word, text: &str, words: Words) -> (u32, u8) {
    let raw = word.of(text);
    if raw.len() == 1 {
        return (0, 0);
    }
    // Only what ends in s has another stem than itself.
    if !raw.ends_with(['s', 'S']) {
        return (high(word.hash), words.unknown_idf);
    }
    let hash = hash_folded(stem(&document::fold(raw)).as_bytes());
    (high(hash), words.get(hash).map_or(words.unknown_idf, |entry| entry.idf))
}

/// A folded word without its possessive and plural endings.
pub fn stem(folded: &str) -> String {
    let word = folded.strip_suffix("'s").unwrap_or(folded);
    let longer_than = |n| word.chars().nth(n).is_some();
    if let Some(body) = word.strip_suffix("ies")
        && longer_than(4)
    {
        return format!("{body}y");
    }
    match word.strip_suffix('s') {
        Some(body) if longer_than(3) && !body.ends_with(['s', 'u', 'i']) => body.to_string(),
        _ => word.to_string(),
    }
}

/// Whether a capital letter at byte `at` of a block says nothing, since a sentence or quotation starts there.
fn starts_sentence(block: &str, at: usize) -> bool {
    // Nearly every word stands behind another one and a space.
    if let [.., before, b' '] = block.as_bytes()[..at]
        && (before.is_ascii_alphanumeric() || before == b',')
    {
        return false;
    }
    // Of what stands before, the last six characters are enough.
    let mut before = block[..at].chars().rev().take(6).peekable();
    if before.peek().is_none() {
        return true;
    }
    let mut spaces = 0;
    while before.next_if(|c| c.is_whitespace()).is_some() {
        spaces += 1;
    }
    let Some(last) = before.next() else { return false };
    match last {
        '"' | '“' | '‘' | '(' => true,
        '-' | '–' | '—' | '•' | '.' | '!' | '?' | ':' => spaces > 0,
        '”' | '’' | '\'' | ')' => spaces > 0 && before.next().is_some_and(|c| matches!(c, '.' | '!' | '?' | ':')),
        _ => false,
    }
}

/// Whether a word stands before a surname: `Ms. Okafor`.
pub fn is_title(word: &str) -> bool {
    word.len() <= 4
        && ["mr", "mrs", "ms", "dr", "prof", "sir", "lord", "lady", "gen", "sen", "gov", "rev", "dame"]
            .iter()
            .any(|title| title.eq_ignore_ascii_case(word))
}

/// Whether a capitalised word names somebody or something: no sentence start explains the capital, or all are capitals.
pub fn is_name(word: Word, block: &str, block_start: usize) -> bool {
    if !starts_sentence(block, word.span().start - block_start) {
        return true;
    }
    let word_text = &block[word.span().start - block_start..word.span().end - block_start];
    !word.shape.any(Shape::LOWER) && word_text.chars().nth(1).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_drop_possessives_and_plurals() {
        for (word, expected) in [
            ("wall's", "wall"),
            ("stories", "story"),
            ("ties", "tie"),
            ("gas", "gas"),
            ("harbours", "harbour"),
            ("press", "press"),
            ("crisis", "crisis"),
            ("status", "status"),
        ] {
            assert_eq!(stem(word), expected);
        }
    }

    #[test]
    fn names_are_capitals_that_no_sentence_start_explains() {
        let document = Document::from_text("Tokyo called Moscow. Nobody spoke “Softly,” Komura said. NATO met: Why (Then) — Later");
        let block = &document.text[..];
        let capitals = document.words.iter().filter(|word| word.shape.has(Shape::CAPITAL));
        let names: Vec<&str> = capitals.filter(|word| is_name(**word, block, 0)).map(|word| word.of(&document.text)).collect();
        assert_eq!(names, ["Moscow", "Komura", "NATO"]);
    }
}
