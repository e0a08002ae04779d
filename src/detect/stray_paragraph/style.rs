//! How a paragraph is written: its punctuation, persons and tenses, and how it brings in the people it names.

use super::sketch::Sketch;
use super::term::{self, HashedMap, Lexicon, TermId};
use crate::document::{Document, Shape, hash_folded};
use std::sync::OnceLock;

/// What is counted in a paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Words,
    Sentences,
    /// Bytes of the words.
    Letters,
    CurlyQuote,
    StraightQuote,
    CurlyApostrophe,
    StraightApostrophe,
    LongDash,
    /// A hyphen behind a space or another hyphen.
    Hyphens,
    /// Words with a digit.
    Numbers,
    Capitals,
    AllCapitals,
    /// Words that say nothing about the subject.
    Stop,
    First,
    Second,
    He,
    She,
    It,
    They,
    /// Words in -ed.
    Past,
    Said,
    Says,
    WasHad,
    IsHas,
    Will,
    British,
    American,
    Title,
    Percent,
    Dollar,
    Pound,
}

/// How many kinds of marks there are.
pub const MARKS: usize = Mark::Pound as usize + 1;
pub type Marks = [f64; MARKS];
pub const MARK_NAMES: [&str; MARKS] = [
    "words",
    "sentences",
    "letters",
    "curly-quotes",
    "straight-quotes",
    "curly-apostrophes",
    "straight-apostrophes",
    "long-dashes",
    "hyphens",
    "numbers",
    "capitals",
    "all-capitals",
    "stop",
    "first",
    "second",
    "he",
    "she",
    "it",
    "they",
    "past",
    "said",
    "says",
    "was-had",
    "is-has",
    "will",
    "british",
    "american",
    "titles",
    "percent",
    "dollar",
    "pound",
];

const CLASSES: &[(Mark, &str)] = &[
    (Mark::First, "i my me mine myself we our us ours ourselves i'm i've i'd i'll we're we've we'll"),
    (Mark::Second, "you your yours yourself you're you've you'll"),
    (Mark::He, "he his him himself he's"),
    (Mark::She, "she her hers herself she's"),
    (Mark::It, "it its itself it's"),
    (Mark::They, "they their them theirs themselves they're"),
    (Mark::Said, "said told added"),
    (Mark::Says, "says adds tells explains"),
    (Mark::WasHad, "was were had did wasn't didn't"),
    (Mark::IsHas, "is are has have do does isn't don't"),
    (Mark::Will, "will would can could may might should must"),
    (
        Mark::British,
        "labour favour behaviour colour honour neighbour harbour centre theatre defence offence licence programme programmes organisation organisations realise realised recognise recognised organised criticised travelling cancelled labelled metre metres tonne tonnes whilst towards",
    ),
    (
        Mark::American,
        "labor favor behavior color honor neighbor harbor center theater defense offense license program programs organization organizations realize realized recognize recognized organized criticized traveling canceled labeled meter meters gotten toward",
    ),
    (Mark::Title, "mr mrs ms dr sir lord lady dame"),
    (Mark::Percent, "percent pct cent"),
];

const LINKS: &str = "but and however he she it they this that these those his her their its also meanwhile instead so yet then still";

const SPEECH: &str = "said says told added tells adds asked replied warned insisted argued explained noted stressed claimed admitted wrote";

/// What a word is counted as.
#[derive(Clone, Copy, Debug, Default)]
struct Class {
    mark: Option<Mark>,
    /// A verb of speech.
    speech: bool,
    /// A word that ties its paragraph to the one before, when it opens it.
    link: bool,
}

/// The classes that words belong to, by the hash of their folded form.
fn classes() -> &'static HashedMap<Class> {
    static CLASS: OnceLock<HashedMap<Class>> = OnceLock::new();
    CLASS.get_or_init(|| {
        let mut map: HashedMap<Class> = HashedMap::default();
        let hash = |word: &str| hash_folded(word.as_bytes());
        for (mark, words) in CLASSES {
            words.split(' ').for_each(|word| map.entry(hash(word)).or_default().mark = Some(*mark));
        }
        SPEECH.split(' ').for_each(|word| map.entry(hash(word)).or_default().speech = true);
        LINKS.split(' ').for_each(|word| map.entry(hash(word)).or_default().link = true);
        map
    })
}

/// How a name stands in a paragraph.
#[derive(Clone, Copy, Debug, Default)]
pub struct NameUse {
    pub term: TermId,
    /// Last of two or more capitalised words: `Sergey Lavrov`.
    pub full: bool,
    /// Alone.
    pub bare: bool,
    /// Behind a title: `Mr. Peters`.
    pub titled: bool,
    /// Beside a verb of speech.
    pub speaks: bool,
}

/// The style of one paragraph.
pub struct Style {
    pub marks: Marks,
    pub names: Vec<NameUse>,
    /// Terms behind `the`, in lower case.
    pub definite: Vec<TermId>,
    pub opens_with_link: bool,
}

impl Style {
    pub fn of(document: &Document, sketch: &Sketch, lexicon: &mut Lexicon) -> Self {
        let block = &document.blocks[sketch.block];
        let words = &document.words[block.words()];
        let mut marks = [0.0; MARKS];
        marks[Mark::Words as usize] = words.len() as f64;
        marks[Mark::Sentences as usize] = block.sentences().len() as f64;
        punctuation(block.span.of(&document.text).as_bytes(), &mut marks);
        let classes = classes();
        let class = |at: usize| words.get(at).and_then(|word| classes.get(&word.hash)).copied().unwrap_or_default();
        let capital = |at: usize| words.get(at).is_some_and(|word| word.shape.has(Shape::CAPITAL));
        // Capitalised words stand in one name when nothing but a space, or the stop of an initial, parts them.
        let joined = |at: usize| {
            let gap = words.get(at + 1).map(|next| &document.text[words[at].span().end..next.span().start]);
            matches!(gap, Some(" " | ". " | "." | "-" | " \""))
        };
        let the = hash_folded(b"the");
        let (mut names, mut definite): (Vec<NameUse>, Vec<TermId>) = (Vec::new(), Vec::new());
        let mut own = class(0);
        let opens_with_link = own.link;
        let mut previous = Class::default();
        for (at, &word) in words.iter().enumerate() {
            let next = class(at + 1);
            let before = std::mem::replace(&mut previous, std::mem::replace(&mut own, next));
            let here = previous;
            let raw = word.of(&document.text);
            marks[Mark::Letters as usize] += raw.len() as f64;
            if let Some(mark) = here.mark {
                marks[mark as usize] += 1.0;
            }
            let (term, _) = lexicon.look_up(word);
            if term.is_none() && term::is_stop_word(word.hash) {
                marks[Mark::Stop as usize] += 1.0;
            }
            if word.shape.has(Shape::DIGIT) {
                marks[Mark::Numbers as usize] += 1.0;
            }
            if raw.len() > 4 && raw.ends_with("ed") {
                marks[Mark::Past as usize] += 1.0;
            }
            let Some(term) = term else { continue };
            if !word.shape.has(Shape::CAPITAL) {
                if at > 0 && words[at - 1].hash == the && word.shape.is_alphabetic() {
                    definite.push(term);
                }
                continue;
            }
            marks[Mark::Capitals as usize] += 1.0;
            if !word.shape.any(Shape::LOWER) && raw.len() > 1 {
                marks[Mark::AllCapitals as usize] += 1.0;
            }
            // Of a name of several words the last one counts.
            if capital(at + 1) && joined(at) && next.mark.is_none() {
                continue;
            }
            let titled = before.mark == Some(Mark::Title);
            let full = at > 0 && capital(at - 1) && joined(at - 1) && !titled && !term::is_stop_word(words[at - 1].hash);
            let speaks = next.speech || before.speech || titled && at > 1 && class(at - 2).speech;
            // What is capitalised for standing first in its sentence is a name only where something else says so.
            if !full && !titled && !speaks && !sketch.terms.iter().any(|used| used.term == term && used.name) {
                continue;
            }
            let seen = NameUse { term, full, bare: !full, titled, speaks };
            match names.iter().position(|name| name.term == term) {
                Some(at) => names[at].merge(seen),
                // A paragraph of names only is a list; the first few say enough.
                None if names.len() < MAX_NAMES => names.push(seen),
                None => {}
            }
        }
        Self { marks, names, definite, opens_with_link }
    }
}

const MAX_NAMES: usize = 64;

impl NameUse {
    fn merge(&mut self, other: Self) {
        self.full |= other.full;
        self.bare |= other.bare;
        self.titled |= other.titled;
        self.speaks |= other.speaks;
    }
}

fn punctuation(bytes: &[u8], marks: &mut Marks) {
    for (at, &byte) in bytes.iter().enumerate() {
        let before = || at.checked_sub(1).map(|before| bytes[before]);
        let mark = match byte {
            b'a'..=b'z' | b' ' => continue,
            b'"' => Mark::StraightQuote,
            b'\'' => Mark::StraightApostrophe,
            b'%' => Mark::Percent,
            b'$' => Mark::Dollar,
            b'-' if matches!(before(), None | Some(b' ' | b'-')) => Mark::Hyphens,
            // U+00A3, and U+2013 to U+201D.
            0xA3 if before() == Some(0xC2) => Mark::Pound,
            0x93 | 0x94 if bytes[..at].ends_with(b"\xE2\x80") => Mark::LongDash,
            0x98 | 0x99 if bytes[..at].ends_with(b"\xE2\x80") => Mark::CurlyApostrophe,
            0x9C | 0x9D if bytes[..at].ends_with(b"\xE2\x80") => Mark::CurlyQuote,
            _ => continue,
        };
        marks[mark as usize] += 1.0;
    }
}
