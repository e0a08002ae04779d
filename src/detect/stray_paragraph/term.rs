//! Words as the judge sees them: which are terms, under which stem, which are names, and their pieces in the table.

use super::table::{Piece, Table};
use crate::document::{self, Document, Shape, Word, hash_folded};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Words that say nothing about what a text is about. Pronouns, auxiliaries, and what every news story says.
const STOP: &str = "a about above after again against all also am an and any are as at be because been before being below between both but by can cannot could did do does doing down during each even few for from further get got had has have having he her here hers herself him himself his how i if in into is it its itself just like made make many may me might more most much must my myself new no nor not now of off on once one only or other our ours ourselves out over own said same say says she should so some still such than that the their theirs them themselves then there these they this those through time to too two under until up upon us very was we well were what when where which while who whom why will with without would year years yet you your yours yourself mr mrs ms dr it's don't he's i'm that's isn't doesn't didn't wasn't won't can't we're they're you're i've we've there's what's let's told according last first people day week month";

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

pub type HashedMap<V> = HashMap<u64, V, BuildHasherDefault<Hashed>>;

/// Index of a term in its [`Lexicon`].
pub type TermId = u32;

/// A stem that stands for its inflected forms.
#[derive(Clone, Debug)]
pub struct Term {
    pub idf: f64,
}

/// A word form.
#[derive(Clone, Debug)]
struct Form {
    term: Option<TermId>,
    /// `Lexicon::pieces[first..end]`.
    pieces: (u32, u32),
}

/// The words of one document, each looked up once.
pub struct Lexicon<'d> {
    document: &'d Document,
    table: &'static Table,
    stop: &'static HashedMap<()>,
    forms: HashedMap<u32>,
    list: Vec<Form>,
    stems: HashedMap<TermId>,
    pieces: Vec<Piece>,
    pub terms: Vec<Term>,
}

impl<'d> Lexicon<'d> {
    pub fn new(document: &'d Document) -> Self {
        Self {
            document,
            table: Table::shipped(),
            stop: stop_words(),
            forms: HashedMap::default(),
            list: Vec::new(),
            stems: HashedMap::default(),
            pieces: Vec::new(),
            terms: Vec::new(),
        }
    }

    /// The term of a word, if it is one, and its pieces.
    pub fn look_up(&mut self, word: Word) -> (Option<TermId>, &[Piece]) {
        let index = match self.forms.get(&word.hash) {
            Some(&index) => index,
            None => {
                let form = self.read(word);
                let index = self.list.len() as u32;
                self.list.push(form);
                self.forms.insert(word.hash, index);
                index
            }
        };
        let form = &self.list[index as usize];
        (form.term, &self.pieces[form.pieces.0 as usize..form.pieces.1 as usize])
    }

    fn read(&mut self, word: Word) -> Form {
        let text = word.of(&self.document.text);
        let folded = document::fold(text);
        let first = self.pieces.len() as u32;
        self.table.pieces(&folded, &mut self.pieces);
        let pieces = (first, self.pieces.len() as u32);
        let stem = stem(&folded);
        let known = |text: &str, hash| stop_length(text) && self.stop.contains_key(&hash);
        let hash = hash_folded(stem.as_bytes());
        if stem.chars().nth(1).is_none() || known(&folded, word.hash) || known(&stem, hash) {
            return Form { term: None, pieces };
        }
        let term = match self.stems.get(&hash) {
            Some(&term) => term,
            None => {
                let mut own = Vec::new();
                self.table.pieces(&stem, &mut own);
                let idf = if let [piece] = own[..] { self.table.idf(piece) } else { self.table.max_idf };
                let term = self.terms.len() as TermId;
                self.terms.push(Term { idf });
                self.stems.insert(hash, term);
                term
            }
        };
        Form { term: Some(term), pieces }
    }
}

const fn stop_length(word: &str) -> bool {
    word.len() <= 10
}

fn stop_words() -> &'static HashedMap<()> {
    static WORDS: std::sync::OnceLock<HashedMap<()>> = std::sync::OnceLock::new();
    WORDS.get_or_init(|| STOP.split(' ').map(|word| (hash_folded(word.as_bytes()), ())).collect())
}

pub fn is_stop_word(hash: u64) -> bool {
    stop_words().contains_key(&hash)
}

/// A folded word without its possessive and plural endings.
fn stem(folded: &str) -> String {
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
    ["mr", "mrs", "ms", "dr", "prof", "sir", "lord", "lady", "gen", "sen", "gov", "rev"]
        .iter()
        .any(|title| title.eq_ignore_ascii_case(word))
}

/// Whether a word names somebody or something: a capital that no sentence start explains, or all capitals.
pub fn is_name(word: Word, block: &str, block_start: usize) -> bool {
    if !word.shape.has(Shape::CAPITAL) {
        return false;
    }
    let word_text = &block[word.span().start - block_start..word.span().end - block_start];
    let all_capitals = !word.shape.any(Shape::LOWER) && word_text.chars().nth(1).is_some();
    all_capitals || !starts_sentence(block, word.span().start - block_start)
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
        let names: Vec<&str> = document.words.iter().filter(|word| is_name(**word, block, 0)).map(|word| word.of(&document.text)).collect();
        assert_eq!(names, ["Moscow", "Komura", "NATO"]);
    }

    #[test]
    fn forms_of_a_word_are_one_term() {
        let document = Document::from_text("The harbour and its Harbours, the harbour’s wall");
        let mut lexicon = Lexicon::new(&document);
        let terms: Vec<Option<TermId>> = document.words.iter().map(|word| lexicon.look_up(*word).0).collect();
        assert_eq!(terms, [None, Some(0), None, None, Some(0), None, Some(0), Some(1)]);
    }
}
