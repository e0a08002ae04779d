//! Kind `foreign-paragraph`: a paragraph in another language than the document.
//!
//! A sentence without the small words of its language is rare. Only such a paragraph is looked at further: the small
//! words of other languages are counted, and where no table has them, whatlang is asked.

use super::{Context, Match};
use crate::document::{Block, Document, Word, hash_folded};
use crate::finding::Fact;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;
use std::sync::LazyLock;

/// A paragraph in another language than most of the document.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Params {
    /// Words that the paragraph must have: the language of a shorter one is a guess.
    pub min_words: usize,
}

impl Default for Params {
    fn default() -> Self {
        Self { min_words: 8 }
    }
}

#[derive(Debug)]
pub struct ForeignParagraph {
    pub params: Params,
}

/// Languages by code, name, and their commonest small words; those shared with English are left out of the others.
const LANGUAGES: [(&str, &str, &str); 12] = [
    (
        "en",
        "English",
        "a no it's more if just so what can all don't the of and to in is was for that on with as by at from it his her he she they this be are were have has had an not but which who said will would their its or been after we you i",
    ),
    (
        "de",
        "German",
        "der die das und den dem des ein eine einer einen einem ist sind war waren nicht mit von für auf auch sich wird werden wurde dass sie er es im am zum zur bei nach über aus hat haben als wie oder aber noch nur",
    ),
    (
        "fr",
        "French",
        "le la les des du de un une et est sont était dans que qui pour par sur avec pas plus ne se ce cette ses son sa il elle ils au aux été ont nous vous mais leur comme d'une",
    ),
    (
        "es",
        "Spanish",
        "el la los las del de un una y es son era en que por para con no se su sus al lo como más pero fue ha han este esta entre sobre también desde cuando",
    ),
    (
        "it",
        "Italian",
        "il lo la gli le di del della dei delle dal dalla un una e è sono era che per con non si nel nella al alla anche più come ma ha hanno questo questa sul sulla tra suo",
    ),
    (
        "pt",
        "Portuguese",
        "o a os as do da dos das de um uma e é são era em no na nos nas que por para com não se ao à mais como mas foi seu sua pelo pela também entre sobre",
    ),
    (
        "nl",
        "Dutch",
        "de het een en van is zijn was in dat op te voor met niet aan er om ook als bij door naar uit maar over wordt worden hij zij heeft hebben nog deze dit",
    ),
    (
        "sv",
        "Swedish",
        "och att det som en ett är på av för med den till inte har de om var från han hon men vid så också efter kan ska sig eller",
    ),
    (
        "da",
        "Danish",
        "og at det som en et er på af for med den til ikke har de om var fra han hun men ved så også efter kan skal sig eller blev",
    ),
    (
        "pl",
        "Polish",
        "i w na z się do nie że to jest o jak po za od dla przez są był oraz które który ale jego przy tym już także może będzie",
    ),
    ("ro", "Romanian", "și în de la cu pe un o din care este sunt a nu mai pentru prin după dar fost că ca al ale lui sau"),
    ("tr", "Turkish", "ve bir bu için ile da de çok daha olarak olan ne gibi sonra kadar ise en olduğu var değil ama her dedi"),
];

/// Shares in percent, of the words of a paragraph. English prose has above 30; a list of names hardly any in any language.
const OWN_SHARE: usize = 10;
const FOREIGN_SHARE: usize = 16;
/// Words from which the language of the document is told.
const SAMPLE: usize = 600;

/// Hash of a small word → the languages that have it, as bits.
struct Table {
    slots: Vec<(u64, u16)>,
}

/// A power of two, sparse enough that nearly every look-up ends at once.
const SLOTS: usize = 2048;

static SMALL_WORDS: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { slots: vec![(0, 0); SLOTS] };
    for (language, (_, _, words)) in LANGUAGES.iter().enumerate() {
        for word in words.split(' ') {
            let hash = hash_folded(word.as_bytes());
            let slot = table.slot(hash);
            table.slots[slot].0 = hash;
            table.slots[slot].1 |= 1 << language;
        }
    }
    table
});

impl Table {
    /// The slot of this hash, or the empty one where it would go.
    fn slot(&self, hash: u64) -> usize {
        let mut at = hash as usize % SLOTS;
        while self.slots[at].1 != 0 && self.slots[at].0 != hash {
            at = (at + 1) % SLOTS;
        }
        at
    }

    fn languages(&self, word: &Word) -> u16 {
        self.slots[self.slot(word.hash)].1
    }
}

impl ForeignParagraph {
    pub const PLACEHOLDERS: [&'static str; 2] = ["language", "usual"];

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let document = cx.document;
        if document.blocks.len() < 3 {
            return Vec::new();
        }
        let table = &*SMALL_WORDS;
        let usual = usual_language(document, table);
        let mut asked: Option<Option<&'static str>> = None;
        let mut found = Vec::new();
        for block in document.blocks.iter().filter(|block| block.word_count() >= self.params.min_words) {
            let words = &document.words[block.words()];
            if usual.is_some_and(|usual| speaks(words, usual, table))
                || !is_prose(words)
                || !block.span.of(&document.text).contains(char::is_whitespace)
            {
                continue;
            }
            let code = match usual {
                Some(usual) => LANGUAGES[usual].0,
                // No table has the language of the document: whatlang knows more of them.
                None => match *asked.get_or_insert_with(|| document.language().map(|language| language.code)) {
                    Some(code) => code,
                    None => return found,
                },
            };
            let Some((language, other)) = language_of(document, block, usual, table).filter(|&(other, _)| other != code) else { continue };
            let mut hit = Match::at(block.span);
            hit.facts.push((Cow::Borrowed("language"), Fact::Text(other.into())));
            hit.facts.push((Cow::Borrowed("usual"), Fact::Text(usual.map_or(code, |usual| LANGUAGES[usual].1).into())));
            hit.facts.push((Cow::Borrowed("code"), Fact::Text(language.into())));
            found.push(hit);
        }
        found
    }
}

/// The language whose small words the document has most of, if there are enough of them.
fn usual_language(document: &Document, table: &Table) -> Option<usize> {
    let mut counts = [0usize; LANGUAGES.len()];
    // Words from all over the text, so that a foreign first paragraph does not decide.
    let step = (document.words.len() / SAMPLE).max(1);
    let sample = document.words.iter().step_by(step);
    let total = sample.len();
    sample.for_each(|word| count(&mut counts, table.languages(word)));
    let best = (0..counts.len()).max_by_key(|&language| counts[language])?;
    (counts[best] * 100 >= total * FOREIGN_SHARE).then_some(best)
}

fn count(counts: &mut [usize], mut languages: u16) {
    while languages != 0 {
        counts[languages.trailing_zeros() as usize] += 1;
        languages &= languages - 1;
    }
}

/// Whether the paragraph has its share of the small words of this language; most do after a dozen words.
fn speaks(words: &[Word], language: usize, table: &Table) -> bool {
    let enough = (words.len() * OWN_SHARE).div_ceil(100).max(1);
    let mut small = words.iter().filter(|word| table.languages(word) & (1 << language) != 0);
    small.nth(enough - 1).is_some()
}

/// Names and figures are of no language.
fn is_prose(words: &[Word]) -> bool {
    let lower = words.iter().filter(|word| word.shape.is_alphabetic() && !word.shape.is_capitalised()).count();
    lower * 2 >= words.len()
}

/// Code and name of the language of a paragraph without the document's small words.
fn language_of(document: &Document, block: &Block, usual: Option<usize>, table: &Table) -> Option<(&'static str, &'static str)> {
    let words = &document.words[block.words()];
    let mut counts = [0usize; LANGUAGES.len()];
    words.iter().for_each(|word| count(&mut counts, table.languages(word)));
    let own = usual.map_or(0, |usual| counts[usual]);
    let best = (0..counts.len()).filter(|&language| Some(language) != usual).max_by_key(|&language| counts[language])?;
    if counts[best] * 100 >= words.len() * FOREIGN_SHARE && counts[best] >= 2 * own.max(1) {
        let (code, name, _) = LANGUAGES[best];
        return Some((code, name));
    }
    // Trigrams of a few hundred characters decide as well as those of a whole page.
    let mut end = block.span.end.min(block.span.start + 600);
    while !document.text.is_char_boundary(end) {
        end -= 1;
    }
    // Of a Latin text the verdict below asks for this; to ask first spares most of the calls.
    if document.text[block.span.start..end].is_ascii() && (own > 0 || words.len() < 12) {
        return None;
    }
    let info = whatlang::detect(&document.text[block.span.start..end])?;
    let latin = info.script() == whatlang::Script::Latin;
    let sure = if latin { info.is_reliable() && own == 0 && words.len() >= 12 } else { true };
    let code = crate::document::language_of(&document.text[block.span.start..end]).map_or(info.lang().code(), |language| language.code);
    (sure && !(latin && LANGUAGES.iter().any(|(known, ..)| *known == code))).then(|| (code, info.lang().eng_name()))
}
