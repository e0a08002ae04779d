//! Words as the judge sees them: which are terms, under which stem, which are names, and their pieces in the table.

use super::table::{Piece, Table};
use crate::document::{self, Document, Shape, Word, hash_folded};
use std::cell::RefCell;
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

/// A word form, as the table knows it: the same in every document.
#[derive(Clone, Copy)]
struct Form {
    /// [`Word::hash`] of the form.
    word: u64,
    /// Of its stem; 0 where it is no term.
    stem: u64,
    idf: f64,
    pieces: [Piece; MAX_PIECES],
    count: u8,
}

/// A word of more pieces is no word, and is heard only as far as this.
const MAX_PIECES: usize = 12;

impl Form {
    const fn unread(word: u64) -> Self {
        Self { word, stem: 0, idf: 0.0, pieces: [0; MAX_PIECES], count: 0 }
    }

    fn read(word: Word, text: &str) -> Self {
        let table = Table::shipped();
        let folded = document::fold(word.of(text));
        let mut list = Vec::with_capacity(MAX_PIECES);
        table.pieces(&folded, &mut list);
        let mut form = Self::unread(word.hash);
        for (place, &piece) in form.pieces.iter_mut().zip(&list) {
            *place = piece;
            form.count += 1;
        }
        let stem = stem(&folded);
        let hash = hash_folded(stem.as_bytes());
        if stem.chars().nth(1).is_some() && !is_stop_word(word.hash) && !is_stop_word(hash) {
            if stem != folded {
                list.clear();
                table.pieces(&stem, &mut list);
            }
            form.stem = hash;
            form.idf = if let [piece] = list[..] { table.idf(piece) } else { table.max_idf };
        }
        form
    }
}

/// Most words of a text stood in the texts before it. Each thread remembers some thousands of them (0.9 MB), by the low bits of
/// their hash; what is remembered is a function of the word alone, so that no result hangs on it.
const REMEMBERED: usize = 1 << 14;

thread_local! {
    static FORMS: RefCell<Vec<Form>> = const { RefCell::new(Vec::new()) };
}

fn form(word: Word, text: &str) -> Form {
    FORMS.with_borrow_mut(|forms| {
        if forms.is_empty() {
            // No word hashes to the complement of its place.
            forms.extend((0..REMEMBERED).map(|at| Form::unread(!(at as u64))));
        }
        let place = &mut forms[word.hash as usize % REMEMBERED];
        if place.word != word.hash {
            *place = Form::read(word, text);
        }
        *place
    })
}

/// A word form in one document.
#[derive(Clone, Copy)]
struct Known {
    term: Option<TermId>,
    /// `Lexicon::pieces[first..end]`.
    pieces: (u32, u32),
}

/// The words of one document, each looked up once.
pub struct Lexicon<'d> {
    document: &'d Document,
    forms: HashedMap<Known>,
    stems: HashedMap<TermId>,
    pieces: Vec<Piece>,
    pub terms: Vec<Term>,
}

impl<'d> Lexicon<'d> {
    pub fn new(document: &'d Document) -> Self {
        Self { document, forms: HashedMap::default(), stems: HashedMap::default(), pieces: Vec::new(), terms: Vec::new() }
    }

    /// The term of a word, if it is one, and its pieces.
    pub fn look_up(&mut self, word: Word) -> (Option<TermId>, &[Piece]) {
        let known = match self.forms.get(&word.hash) {
            Some(&known) => known,
            None => {
                let known = self.add(&form(word, &self.document.text));
                self.forms.insert(word.hash, known);
                known
            }
        };
        (known.term, &self.pieces[known.pieces.0 as usize..known.pieces.1 as usize])
    }

    fn add(&mut self, form: &Form) -> Known {
        let first = self.pieces.len() as u32;
        self.pieces.extend(&form.pieces[..form.count as usize]);
        let pieces = (first, self.pieces.len() as u32);
        if form.stem == 0 {
            return Known { term: None, pieces };
        }
        let next = self.terms.len() as TermId;
        let term = *self.stems.entry(form.stem).or_insert(next);
        if term == next {
            self.terms.push(Term { idf: form.idf });
        }
        Known { term: Some(term), pieces }
    }
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
