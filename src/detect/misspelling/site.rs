//! A word of the text that may be a typo, with everything about its place that does not depend on the candidate.

use super::features::{Evidence, beside_capital, is_compound};
use super::view::{Marks, View};
use crate::lexicon::{Entry, Id, Known, Lexicon, word_hash};

/// A word beside the one that is looked at, with nothing but a space between.
#[derive(Clone, Copy, Debug)]
pub struct Beside {
    pub term: u32,
    pub id: Id,
    pub entry: Entry,
    /// Characters.
    pub len: usize,
    pub function_word: bool,
}

#[derive(Clone, Debug)]
pub struct Site {
    pub token: usize,
    /// Lower case, without a possessive `'s`.
    pub word: String,
    pub hash: u64,
    pub id: Id,
    pub entry: Entry,
    pub known: bool,
    pub possessive: bool,
    /// Which term of the document it is.
    pub term: Option<u32>,
    /// How often the document has it, repeated lines counted once.
    pub count: u32,
    pub left: Option<Beside>,
    pub right: Option<Beside>,
    /// The word before [`Site::left`], and the one after [`Site::right`].
    pub second_left: Option<Id>,
    pub second_right: Option<Id>,
    /// How often the word was seen beside its neighbours elsewhere.
    pub left_seen: f64,
    pub right_seen: f64,
    /// A capital in mid-sentence.
    pub name: bool,
    pub beside_name: bool,
    pub capital: bool,
    pub opens: bool,
    pub hyphen: bool,
    pub quoted: bool,
    /// Letters are left out before or behind it: `‘allo`, `the early mor…`.
    pub cut_off: bool,
    pub compound: bool,
    /// Unknown lower-case words within eight words.
    pub unknown_nearby: usize,
}

/// As many unknown words within eight words on either side mean another language, or no prose.
const FOREIGN: usize = 5;
/// Words more frequent than this in the web (`the`, `from`, `that`) are not taken for typos.
pub const TOO_FREQUENT: f64 = 1.5e9;
/// Shorter words are a letter away from too many others.
pub const SHORTEST: usize = 4;
/// Bytes; nobody's word is longer, but base64 is met.
const LONGEST: usize = 40;

/// Whether a spelling is of ASCII letters only, and no longer than words are.
pub fn is_plain(word: &str) -> bool {
    word.len() <= LONGEST && word.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// A token that can be judged at all, and what is known of its word.
#[derive(Clone, Debug)]
pub struct Head {
    pub token: usize,
    /// Of the word in lower case, without a possessive `'s`.
    pub hash: u64,
    pub known: Known,
    pub possessive: bool,
    pub capital: bool,
    /// Capitals stand inside: it can only be a name that drifts (`McCaall`).
    pub name_only: bool,
    /// Which term of the document it is; a word that occurs only with `'s` is none.
    pub term: Option<u32>,
    pub count: u32,
    pub left: Option<u32>,
    pub right: Option<u32>,
}

impl Head {
    /// Of a token whose spelling is a suspect, or that has an apostrophe.
    pub fn new(view: &View, lexicon: &Lexicon, token: usize) -> Option<Self> {
        let marks = view.tokens[token].marks;
        if marks.any(Marks::PART) {
            return None;
        }
        // The apostrophe of typographers is not ASCII, but the word before it may be.
        let possessive = marks.any(Marks::APOSTROPHE);
        // Most words are of small letters, and their spelling is known to be plain.
        let name_only =
            if marks.any(Marks::APOSTROPHE | Marks::INNER_CAPITAL | Marks::NON_ASCII) { Self::is_name_only(view, token)? } else { false };
        let (hash, term, known) = if possessive {
            let hash = word_hash(&Self::letters(view, token).to_ascii_lowercase());
            let term = view.find(hash);
            (hash, term, term.map_or_else(|| lexicon.words.find(hash), |term| view.terms[term as usize].known))
        } else {
            let term = view.term(token);
            (term.hash, Some(view.tokens[token].term), term.known)
        };
        let count = term.map_or(0, |term| view.terms[term as usize].count);
        let capital = marks.any(Marks::CAPITAL);
        let left = (token > 0 && view.space_before(token)).then(|| view.tokens[token - 1].term);
        let right = (!possessive && view.space_before(token + 1)).then(|| view.tokens[token + 1].term);
        Some(Self { token, hash, known, possessive, capital, name_only, term, count, left, right })
    }

    /// Whether the capitals inside a token say that it can only be a name; `None` where it cannot be judged.
    fn is_name_only(view: &View, token: usize) -> Option<bool> {
        let marks = view.tokens[token].marks;
        let word = Self::letters(view, token);
        let contracted = marks.any(Marks::APOSTROPHE) && word.len() == view.word(token).len();
        if contracted || word.len() < SHORTEST || !is_plain(word) {
            return None;
        }
        if !marks.any(Marks::INNER_CAPITAL) {
            return Some(false);
        }
        // `NATO`, `GroupM`.
        if !word.bytes().any(|byte| byte.is_ascii_lowercase()) || word.ends_with(|last: char| last.is_ascii_uppercase()) {
            return None;
        }
        // `BBlair`: the finger that pressed the letter twice held shift down.
        let letters = word.as_bytes();
        Some(!(letters[0] == letters[1] && letters[1..].iter().filter(|byte| byte.is_ascii_uppercase()).count() == 1))
    }

    /// The letters of a token as they stand there, without a possessive `'s`.
    pub fn letters<'d>(view: &View<'d>, token: usize) -> &'d str {
        let word = view.word(token);
        word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word)
    }

    /// The word in lower case.
    pub fn word(&self, view: &View) -> String {
        Self::letters(view, self.token).to_ascii_lowercase()
    }

    /// The words before the left and after the right neighbour.
    pub fn seconds(&self, view: &View) -> (Option<Id>, Option<Id>) {
        let token = self.token;
        (
            (self.left.is_some() && token > 1 && view.space_before(token - 1)).then(|| view.term(token - 2).known.id),
            (self.right.is_some() && view.space_before(token + 2)).then(|| view.term(token + 2).known.id),
        )
    }
}

impl Site {
    /// Fills in what the features need; `None` where nothing is to be said about the word.
    pub fn new(view: &View, lexicon: &Lexicon, head: &Head, known: bool) -> Option<Self> {
        let token = head.token;
        if view.is_code(token) {
            return None;
        }
        let unknown_nearby = unknown_nearby(view, lexicon, token);
        if unknown_nearby >= FOREIGN {
            return None;
        }
        let left = head.left.map(|_| beside(view, token - 1));
        let right = head.right.map(|_| beside(view, token + 1));
        let opens = view.opens(token);
        let (before, after) = view.around(token);
        let (second_left, second_right) = head.seconds(view);
        let word = head.word(view);
        // `keepin' on`: written as it is spoken.
        if !known && word.ends_with("in") && matches!(after, '\'' | '’') {
            return None;
        }
        Some(Self {
            token,
            hash: head.hash,
            id: head.known.id,
            entry: head.known.entry,
            known,
            possessive: head.possessive,
            count: head.count,
            second_left,
            second_right,
            left_seen: 0.0,
            right_seen: 0.0,
            term: head.term,
            left,
            right,
            name: head.capital && !opens,
            beside_name: head.capital && beside_capital(view, token),
            capital: head.capital,
            opens,
            hyphen: matches!(before, '-' | '–' | '‑' | '\'' | '’') || matches!(after, '-' | '‑'),
            quoted: matches!(before, '"' | '“' | '‘') && matches!(after, '"' | '”' | '’' | ','),
            cut_off: view.breaks_off(token) || (before == '‘' && after != '’'),
            compound: false,
            unknown_nearby,
            word,
        })
    }

    /// Looks up how often the word was seen beside its neighbours, and whether it is made of others. Left out of [`Site::new`],
    /// since most sites have no candidate that would need it.
    pub fn look_up(&mut self, evidence: &Evidence) {
        self.left_seen = self.left.map_or(0.0, |left| evidence.pair(self.known, left.id, self.id));
        self.right_seen = self.right.map_or(0.0, |right| evidence.pair(self.known, self.id, right.id));
        self.compound = !self.known && is_compound(&self.word, evidence.lexicon);
    }
}

fn beside(view: &View, token: usize) -> Beside {
    const FUNCTION_WORDS: [&str; 50] = [
        "the", "of", "and", "to", "in", "a", "is", "that", "for", "it", "as", "was", "with", "be", "by", "on", "not", "he", "i", "this",
        "are", "or", "his", "from", "at", "which", "but", "have", "an", "had", "they", "you", "were", "their", "one", "all", "we", "can",
        "her", "has", "there", "been", "if", "more", "when", "will", "would", "who", "so", "no",
    ];
    let word = view.word(token);
    let function_word = word.len() <= 5 && FUNCTION_WORDS.iter().any(|one| one.eq_ignore_ascii_case(word));
    let term = view.term(token);
    let len = if word.is_ascii() { word.len() } else { word.chars().count() };
    Beside { term: view.tokens[token].term, id: term.known.id, entry: term.known.entry, len, function_word }
}

/// How many of the eight words on either side, other than the word itself, are lower-case and unknown.
fn unknown_nearby(view: &View, lexicon: &Lexicon, token: usize) -> usize {
    let from = token.saturating_sub(8);
    let to = (token + 9).min(view.tokens.len());
    let same = |other: usize| view.tokens[other].term == view.tokens[token].term;
    (from..to).filter(|&other| !same(other) && is_unknown(view, lexicon, other)).count()
}

fn is_unknown(view: &View, lexicon: &Lexicon, token: usize) -> bool {
    if view.tokens[token].marks.any(Marks::CAPITAL) {
        return false;
    }
    let entry = view.term(token).known.entry;
    let tier = entry.tier();
    if tier <= 60 {
        return false;
    }
    let word = view.word(token);
    let len = word.chars().count();
    // Words of two and three letters are in some list nearly always: there the large lists prove nothing.
    (len < SHORTEST && len > 1)
        || (len > 1 && tier > 70 && !view.is_code(token) && !entry.listed() && !lexicon.words.knows_stem(&crate::document::fold(word)))
}
