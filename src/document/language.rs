//! Which language a text is written in.
//!
//! Function words tell a running text of the usual languages within a few hundred words, at the price of one look-up a
//! word; what they cannot tell goes to whatlang's trigrams, which take a hundred times as long.

use super::{Word, Words, hash_folded};
use std::sync::OnceLock;

/// The language a text is written in, as far as it can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language {
    /// ISO 639-1 where there is one (`en`), else ISO 639-3.
    pub code: &'static str,
}

/// Languages by code and name, with their frequent words that carry no topic. A word may stand in several lists; those of English stand in
/// no other, since pages of all languages hold some English.
pub const LANGUAGES: [(&str, &str, &str); 12] = [
    (
        "en",
        "English",
        "a no it's more if just so what can all don't the of and to in is was for that on with as by at from it his her he she they this be are were have has had an not but which who said will would their its or been after we you i there when out up about than into them could other some then these two may only do any my now such like our over",
    ),
    (
        "de",
        "German",
        "der die das und den dem des ein eine einer einen einem ist sind war waren nicht mit von für auf auch sich wird werden wurde dass sie er es im am zum zur bei nach über aus hat haben als wie oder aber noch nur zu um vor bis mehr durch man sein sei",
    ),
    (
        "fr",
        "French",
        "le la les des du de un une et est sont était dans que qui pour par sur avec pas plus ne se ce cette ses son sa il elle ils au aux été ont nous vous mais leur comme d'une en ou ces être deux fait même tout dont aussi",
    ),
    (
        "es",
        "Spanish",
        "el la los las del de un una y es son era en que por para con se su sus al lo como más pero fue ha han este esta entre sobre también desde cuando le ya o sí porque muy sin me hasta hay donde quien todo nos durante todos uno les ni contra otros",
    ),
    (
        "it",
        "Italian",
        "il lo la gli le di del della dei delle dal dalla un una e è sono era che per con non si nel nella al alla anche più come ma ha hanno questo questa sul sulla tra suo da o su ci se loro essere stato quando sua",
    ),
    (
        "pt",
        "Portuguese",
        "o os da dos das de um uma e é são era em na nos nas que por para com não se ao à mais como mas foi seu sua pelo pela também entre sobre ele ou quando muito já eu só até isso ela depois sem mesmo aos seus quem",
    ),
    (
        "nl",
        "Dutch",
        "de het een en van zijn dat op te voor met niet aan er om ook als bij door naar uit maar wordt worden hij zij heeft hebben nog deze dit die dan ze tot zo meer kan werd geen zich haar hun al wel",
    ),
    (
        "sv",
        "Swedish",
        "och att det som en ett är på av för med den till inte har de om var från han hon men vid så också efter kan ska sig eller",
    ),
    ("da", "Danish", "og det som en et er på af med den til ikke har de om var fra han hun men ved så også efter kan skal sig eller blev"),
    (
        "pl",
        "Polish",
        "w na z się nie że jest o jak po za od dla przez są był oraz które który ale jego przy tym już także może będzie co tak czy być było tylko ich ma bardzo jej tego ten gdy",
    ),
    ("ro", "Romanian", "și în de la cu pe un o din care este sunt nu mai pentru prin după dar fost că ca al ale lui sau"),
    ("tr", "Turkish", "ve bir bu için ile da de çok daha olarak olan ne gibi sonra kadar ise en olduğu var değil ama dedi"),
];

/// Words of English that other languages have, too, though not all of them as often: they prove no paragraph to be English.
const SHARED_ENGLISH: &str = "a all an as at be do had has he his i in is it me no of on or over so up us was we will";

/// Beside the bits of the languages: the word is one of [`SHARED_ENGLISH`].
const SHARED: u16 = 1 << 15;

/// Words that are looked at.
const SAMPLE: usize = 400;

/// Words that are enough where twice as much speaks for one language as is asked of all.
const CLEAR_SAMPLE: usize = 100;

/// Share of function words above which a text is running text of that language. English news has four in ten.
const SHARE: f64 = 0.2;

/// Bytes of a text that trigrams are taken from.
const TRIGRAM_SAMPLE: usize = 4_000;

/// Hash of a small word → the languages that have it, as bits in the order of [`LANGUAGES`], and `SHARED`.
#[derive(Debug)]
pub struct SmallWords {
    slots: Vec<(u64, u16)>,
}

/// A power of two, sparse enough that nearly every look-up ends at once.
const SLOTS: usize = 2048;

impl SmallWords {
    /// Those of all languages.
    pub fn get() -> &'static Self {
        static TABLE: OnceLock<SmallWords> = OnceLock::new();
        TABLE.get_or_init(|| {
            let mut table = Self { slots: vec![(0, 0); SLOTS] };
            for (number, (_, _, words)) in LANGUAGES.iter().enumerate() {
                for word in words.split(' ') {
                    let hash = hash_folded(word.as_bytes());
                    let slot = table.slot(hash);
                    table.slots[slot].0 = hash;
                    table.slots[slot].1 |= 1 << number;
                }
            }
            for word in SHARED_ENGLISH.split(' ') {
                let slot = table.slot(hash_folded(word.as_bytes()));
                if table.slots[slot].1 != 0 {
                    table.slots[slot].1 |= SHARED;
                }
            }
            table
        })
    }

    /// The slot of this hash, or the empty one where it would go.
    fn slot(&self, hash: u64) -> usize {
        let mut at = hash as usize % SLOTS;
        while self.slots[at].1 != 0 && self.slots[at].0 != hash {
            at = (at + 1) % SLOTS;
        }
        at
    }

    /// The languages that have this word, as bits.
    pub fn languages(&self, word: &Word) -> u16 {
        self.slots[self.slot(word.hash)].1 & !SHARED
    }

    /// Whether a language has this word, and no other one has it in fact.
    pub fn is_own(&self, word: &Word, language: usize) -> bool {
        self.slots[self.slot(word.hash)].1 & (SHARED | 1 << language) == 1 << language
    }

    /// How many of the words each language has.
    pub fn count(&self, words: impl Iterator<Item = Word>) -> [usize; LANGUAGES.len()] {
        let mut counts = [0; LANGUAGES.len()];
        for word in words {
            let mut languages = self.languages(&word);
            while languages != 0 {
                counts[languages.trailing_zeros() as usize] += 1;
                languages &= languages - 1;
            }
        }
        counts
    }
}

/// The language of a text whose words are known; `None` where it is too short or too mixed to say.
pub(super) fn of_words(words: &Words, text: &str) -> Option<Language> {
    // Of most texts the first words tell as much as all of them.
    for (sample, clear) in [(CLEAR_SAMPLE, 2.0), (SAMPLE, 1.0)] {
        let sample = words.len().min(sample);
        let counts = SmallWords::get().count(words.range(0..sample));
        let best = (0..counts.len()).max_by_key(|&number| counts[number]).unwrap_or(0);
        let second = (0..counts.len()).filter(|&number| number != best).map(|number| counts[number]).max().unwrap_or(0);
        let (count, second) = (counts[best] as f64, second as f64);
        if count >= 8.0 * clear && count >= 2.0 * clear * second && count >= SHARE * sample as f64 {
            return Some(Language { code: LANGUAGES[best].0 });
        }
    }
    let mut end = text.len().min(TRIGRAM_SAMPLE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    of_text(&text[..end])
}

/// The language of a piece of text by its trigrams, where it is long and clear enough to say.
pub fn of_text(text: &str) -> Option<Language> {
    let info = whatlang::detect(text)?;
    info.is_reliable().then_some(Language { code: code_of(info.lang()) })
}

/// The code that [`LANGUAGES`] has for a language, else the one of ISO 639-3.
pub fn code_of(language: whatlang::Lang) -> &'static str {
    match language {
        whatlang::Lang::Eng => "en",
        whatlang::Lang::Deu => "de",
        whatlang::Lang::Fra => "fr",
        whatlang::Lang::Spa => "es",
        whatlang::Lang::Ita => "it",
        whatlang::Lang::Por => "pt",
        whatlang::Lang::Nld => "nl",
        whatlang::Lang::Pol => "pl",
        whatlang::Lang::Swe => "sv",
        whatlang::Lang::Dan => "da",
        whatlang::Lang::Ron => "ro",
        whatlang::Lang::Tur => "tr",
        other => other.code(),
    }
}

#[cfg(test)]
mod tests {
    use crate::document::Document;

    fn code(text: &str) -> Option<&'static str> {
        Document::from_text(text).language().map(|language| language.code)
    }

    #[test]
    fn the_language_is_told_or_left_open() {
        assert_eq!(code("The council voted on Monday to raise the harbour wall by a metre."), Some("en"));
        assert_eq!(code("1234"), None);
        assert_eq!(code(""), None);
    }

    #[test]
    fn function_words_tell_running_text() {
        for (expected, text) in [
            (
                "en",
                "The council said on Monday that it would raise the wall of the harbour by a metre, and that the work is to begin in the spring if there is money for it.",
            ),
            (
                "de",
                "Der Rat der Stadt hat am Montag beschlossen, die Mauer des Hafens um einen Meter zu erhöhen, und die Arbeiten sollen im Frühjahr beginnen, wenn das Geld da ist.",
            ),
            (
                "fr",
                "Le conseil de la ville a décidé lundi de relever le mur du port, et les travaux doivent commencer au printemps pour être finis dans un an, a dit le maire.",
            ),
            (
                "es",
                "El consejo de la ciudad decidió el lunes subir el muro del puerto un metro, y las obras van a empezar en la primavera si hay dinero para ello, como dijo el alcalde.",
            ),
        ] {
            assert_eq!(code(text), Some(expected));
        }
    }
}
