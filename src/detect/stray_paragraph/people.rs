//! Whom and what a paragraph takes for known: people named in full, alone, or behind a title, and things that `the` points at.

use super::draft::{Draft, TermId};
use super::term::{self, BuildHashed};
use crate::document::{Shape, Word, hash_folded};
use std::collections::HashMap;
use std::sync::OnceLock;

const LINKS: &str = "but and however he she it they this that these those his her their its also meanwhile instead so yet then still";

const SPEECH: &str = "said says told added tells adds asked replied warned insisted argued explained noted stressed claimed admitted wrote";

/// A paragraph of more names is a list; the first ones say enough.
const MAX_NAMES: usize = 64;

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

/// Whom and what one paragraph speaks of.
#[derive(Default)]
pub struct People {
    pub names: Vec<NameUse>,
    /// Terms behind `the`, in lower case.
    pub definite: Vec<TermId>,
    /// The first word ties the paragraph to the one before.
    pub opens_with_link: bool,
}

impl People {
    pub fn of(draft: &Draft<'_>, paragraph: usize) -> Self {
        let text = &draft.document.text;
        let words = draft.words_of(paragraph);
        let classes = classes();
        let class = |at: usize| words.get(at).and_then(|word| classes.get(&word.hash)).copied();
        let speech = |at: usize| class(at) == Some(Class::Speech);
        let capital = |at: usize| words.get(at).is_some_and(|word| word.shape.has(Shape::CAPITAL));
        // Capitalised words stand in one name when nothing but a space, or the stop of an initial, parts them.
        let joined = |at: usize| {
            let gap = words.get(at + 1).map(|next| &text[words[at].span().end..next.span().start]);
            matches!(gap, Some(" " | ". " | "." | "-" | " \""))
        };
        let is_title = |at: usize| term::is_title(words[at].of(text));
        let the = hash_folded(b"the");
        let mut people = Self { opens_with_link: class(0) == Some(Class::Link), ..Self::default() };
        for (at, &word) in words.iter().enumerate() {
            let Some(term) = draft.known(word) else { continue };
            if !word.shape.has(Shape::CAPITAL) {
                if at > 0 && words[at - 1].hash == the && word.shape.is_alphabetic() {
                    people.definite.push(term);
                }
                continue;
            }
            // Of a name of several words the last one counts.
            if capital(at + 1) && joined(at) && draft.known(words[at + 1]).is_some() {
                continue;
            }
            let titled = at > 0 && is_title(at - 1);
            let full = at > 0 && capital(at - 1) && joined(at - 1) && !titled && draft.known(words[at - 1]).is_some();
            let speaks = speech(at + 1) || at > 0 && speech(at - 1) || titled && at > 1 && speech(at - 2);
            // What is capitalised for standing first in its sentence is a name only where something else says so.
            let named = || draft.uses_of(paragraph).iter().any(|used| used.term == term && used.name);
            if !full && !titled && !speaks && !named() {
                continue;
            }
            let seen = NameUse { term, full, bare: !full, titled, speaks };
            match people.names.iter().position(|name| name.term == term) {
                Some(known) => people.names[known].merge(seen),
                None if people.names.len() < MAX_NAMES => people.names.push(seen),
                None => {}
            }
        }
        people
    }
}

impl NameUse {
    fn merge(&mut self, other: Self) {
        self.full |= other.full;
        self.bare |= other.bare;
        self.titled |= other.titled;
        self.speaks |= other.speaks;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// A verb of speech.
    Speech,
    /// A word that ties its paragraph to the one before, when it opens it.
    Link,
}

type Classes = HashMap<u64, Class, BuildHashed>;

/// The classes that words belong to, by [`Word::hash`].
fn classes() -> &'static Classes {
    static CLASSES: OnceLock<Classes> = OnceLock::new();
    CLASSES.get_or_init(|| {
        let of = |words: &'static str, class: Class| words.split(' ').map(move |word| (hash_folded(word.as_bytes()), class));
        of(SPEECH, Class::Speech).chain(of(LINKS, Class::Link)).collect()
    })
}

/// Whether a word is capitalised behind a title, for the evidence.
pub fn is_titled(words: &[Word], at: usize, text: &str) -> bool {
    words[at].shape.is_capitalised() && at > 0 && term::is_title(words[at - 1].of(text))
}
