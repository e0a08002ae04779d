//! Which language a text is written in.
//!
//! Function words tell a running text of the usual languages within a few hundred words, at the price of one look-up a
//! word; what they cannot tell goes to whatlang's trigrams, which take a hundred times as long.

use super::{HashedMap, Word, hash_folded};
use std::sync::OnceLock;

/// The language a text is written in, as far as it can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language {
    /// ISO 639-1 where there is one (`en`), else ISO 639-3.
    pub code: &'static str,
}

/// Frequent words of each language that carry no topic. A word may stand in several lists.
const FUNCTION_WORDS: [(&str, &str); 8] = [
    (
        "en",
        "the of and to in that is was for it with as his on be at by this had not are but from or have an they which you were her she all would there their been has when who will more if out said its up about than into them could other some then these two may only do any my now such like our over after",
    ),
    (
        "de",
        "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei",
    ),
    (
        "fr",
        "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont la avec ils mais on aux comme son nous cette ou été leur elle ces être deux ont fait même tout sa ses dont aussi",
    ),
    (
        "es",
        "de la que el en y a los del se las por un para con no una su al lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante todos uno les ni contra otros fue era",
    ),
    (
        "it",
        "di e il la che in un a per è una sono del con non le si da come al dei lo nel alla più ma gli i della anche ha o delle su questo ci se dal loro suo essere tra dalla era stato hanno quando sua",
    ),
    (
        "pt",
        "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à seu sua ou quando muito nos já eu também só pelo pela até isso ela entre depois sem mesmo aos seus quem nas foi são",
    ),
    (
        "nl",
        "de van een het en in is dat op te zijn met voor niet aan er die als ook door maar om bij dan uit nog naar heeft hij wordt ze tot over zo meer was worden of hebben kan deze werd geen dit zich haar hun al wel",
    ),
    (
        "pl",
        "w i na z się nie do to że jest o jak po co ale od za przez tym tak czy dla są być był oraz jego było które już tylko może ich ma bardzo także jej przy tego ten gdy",
    ),
];

/// Words that are looked at.
const SAMPLE: usize = 400;

/// Share of function words above which a text is running text of that language. English news has four in ten.
const SHARE: f64 = 0.2;

/// Bytes of a text that trigrams are taken from.
const TRIGRAM_SAMPLE: usize = 4_000;

fn lists() -> &'static HashedMap<u8> {
    static LISTS: OnceLock<HashedMap<u8>> = OnceLock::new();
    LISTS.get_or_init(|| {
        let mut lists = HashedMap::default();
        for (number, (_, words)) in FUNCTION_WORDS.iter().enumerate() {
            for word in words.split(' ') {
                *lists.entry(hash_folded(word.as_bytes())).or_default() |= 1 << number;
            }
        }
        lists
    })
}

/// The language of a text whose words are known; `None` where it is too short or too mixed to say.
pub(super) fn of_words(words: &[Word], text: &str) -> Option<Language> {
    let sample = &words[..words.len().min(SAMPLE)];
    let mut counts = [0u32; FUNCTION_WORDS.len()];
    let lists = lists();
    for word in sample {
        if let Some(languages) = lists.get(&word.hash) {
            for (number, count) in counts.iter_mut().enumerate() {
                *count += u32::from(languages >> number & 1);
            }
        }
    }
    let best = (0..counts.len()).max_by_key(|&number| counts[number]).unwrap_or(0);
    let second = (0..counts.len()).filter(|&number| number != best).map(|number| counts[number]).max().unwrap_or(0);
    if counts[best] >= 8 && counts[best] >= second * 2 && f64::from(counts[best]) >= SHARE * sample.len() as f64 {
        return Some(Language { code: FUNCTION_WORDS[best].0 });
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
    let code = match info.lang() {
        whatlang::Lang::Eng => "en",
        whatlang::Lang::Deu => "de",
        whatlang::Lang::Fra => "fr",
        whatlang::Lang::Spa => "es",
        whatlang::Lang::Ita => "it",
        whatlang::Lang::Por => "pt",
        whatlang::Lang::Nld => "nl",
        whatlang::Lang::Pol => "pl",
        other => other.code(),
    };
    info.is_reliable().then_some(Language { code })
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
