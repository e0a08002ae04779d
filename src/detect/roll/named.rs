//! The names of one document.

use crate::document::{Document, hash_folded};
use crate::lexicon::{Entry, Lexicon, word_hash};
use crate::text::Span;

/// Letters of the shortest name that is counted, and of the shortest neighbour that tells two people apart.
const SHORTEST: usize = 5;

const SHORTEST_BESIDE: usize = 3;

/// Neighbours that are remembered of a name.
pub(super) const MOST_BESIDE: usize = 24;

/// A name of a document, once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// Lower case.
    pub word: String,
    /// Hashes of the names beside it; the last bit tells the side.
    pub beside: Vec<u64>,
}

/// The names of a text: words of ASCII letters with a capital in mid-sentence, common words aside.
pub fn names(text: &str, lexicon: &Lexicon) -> Vec<Named> {
    let bytes = text.as_bytes();
    let mut named: Vec<Named> = Vec::new();
    let mut from = 0;
    for start in capitals(bytes) {
        let after_space = start > from && start > 1 && bytes[start - 1] == b' ';
        if !after_space || !(bytes[start - 2].is_ascii_alphanumeric() || bytes[start - 2] == b',') {
            continue;
        }
        let Some(word) = capitalised(text, start).filter(|word| word.len() >= SHORTEST) else { continue };
        if !may_be_name(lexicon.recall(lower_hash(word)).entry) {
            continue;
        }
        let end = start + word.len();
        let left_start = bytes[..start - 1].iter().rposition(|byte| !byte.is_ascii_alphabetic()).map_or(0, |before| before + 1);
        let left = capitalised(text, left_start).filter(|left| left_start + left.len() + 1 == start);
        let right = if bytes.get(end) == Some(&b' ') { capitalised(text, end + 1) } else { None };
        let key = |word: &str, side: u64| {
            let hash = lower_hash(word);
            (word.len() >= SHORTEST_BESIDE && may_be_name(lexicon.recall(hash).entry)).then_some(hash << 1 | side)
        };
        let beside = left.and_then(|word| key(word, 0)).into_iter().chain(right.and_then(|word| key(word, 1))).collect();
        named.push(Named { word: word.to_ascii_lowercase(), beside });
        from = end;
    }
    named.sort_unstable();
    named.dedup_by(|next, first| {
        let same = next.word == first.word;
        if same {
            first.beside.extend(next.beside.iter().filter(|key| !first.beside.contains(key)).copied().collect::<Vec<_>>());
            first.beside.truncate(MOST_BESIDE);
        }
        same
    });
    named
}

/// The places of the capitals of ASCII, and of a few signs: eight bytes are seen at once, and most hold none.
fn capitals(bytes: &[u8]) -> impl Iterator<Item = usize> {
    const HIGH: u64 = (u64::MAX / 0xff) << 7;
    let (eights, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let eights = eights.iter().copied().chain([last]);
    eights.enumerate().flat_map(|(number, eight)| {
        let eight = u64::from_le_bytes(eight);
        // From `@` to `_`: of the three highest bits the middle one alone.
        let mut capitals = !eight & (eight << 1) & !(eight << 2) & HIGH;
        std::iter::from_fn(move || {
            let at = 8 * number + capitals.trailing_zeros() as usize / 8;
            (capitals != 0).then(|| {
                capitals &= capitals - 1;
                at
            })
        })
    })
}

/// The hash of a word of ASCII in lower case; nearly all of them are short.
fn lower_hash(word: &str) -> u64 {
    let mut small = [0; 32];
    let Some(small) = small.get_mut(..word.len()) else { return word_hash(&word.to_ascii_lowercase()) };
    small.copy_from_slice(word.as_bytes());
    small.make_ascii_lowercase();
    hash_folded(small)
}

/// The word of letters at this byte: a capital and small ones, with nothing else of a word around.
fn capitalised(text: &str, start: usize) -> Option<&str> {
    let bytes = text.as_bytes();
    if !bytes.get(start).is_some_and(u8::is_ascii_uppercase) {
        return None;
    }
    let small = bytes[start + 1..].iter().take_while(|byte| byte.is_ascii_lowercase()).count();
    let end = start + 1 + small;
    let whole = match bytes.get(end) {
        Some(b'\'') | None => true,
        Some(byte) if byte.is_ascii() => !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'@' | b'-' | b'/')),
        Some(_) => text[end..].starts_with(['’', '”', '—', '–']),
    };
    (small > 0 && whole).then(|| &text[start..end])
}

/// Unknown, or usually written with a capital.
fn may_be_name(entry: Entry) -> bool {
    entry.only_capitalised() || entry.census() || entry.tier() > 70 || entry.capital_share().is_some_and(|share| share >= 0.5)
}

/// Whether the word of this hash may be the slip of a name: what is known is a name of its own, as Horan and Horgan are.
pub(super) fn may_slip(lexicon: &Lexicon, hash: u64) -> bool {
    let entry = lexicon.recall(hash).entry;
    entry.tier() > 80 && !entry.census()
}

/// A word with a capital, and the same without `'s`.
pub(super) type Spellings = [Option<(Span, u64)>; 2];

pub(super) fn spellings(document: &Document) -> impl Iterator<Item = Spellings> {
    document.words.iter().filter(|word| word.shape.is_capitalised()).map(|word| {
        let (span, text) = (word.span(), word.of(&document.text));
        let stem = text.strip_suffix("'s").or_else(|| text.strip_suffix("’s"));
        let stem = stem.map(|stem| (Span::new(span.start, span.start + stem.len()), word_hash(&stem.to_ascii_lowercase())));
        [Some((span, word.hash)), stem]
    })
}

/// The hashes of the words of a document that may be slips of names, each once.
pub fn suspects(document: &Document, lexicon: &Lexicon) -> Vec<u64> {
    // As a name that is counted is written, in either case.
    let is_counted =
        |span: Span| span.of(&document.text).len() >= SHORTEST && span.of(&document.text).bytes().all(|b| b.is_ascii_alphabetic());
    let met = spellings(document).flatten().flatten().filter(|&(span, hash)| is_counted(span) && may_slip(lexicon, hash));
    let mut hashes: Vec<u64> = met.map(|(_, hash)| hash).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::hash_of;

    #[test]
    fn capitals_are_seen_wherever_they_stand() {
        for text in ["", "A", "aB cD", "the Foreign Minister, Ann Itō, left Évian [Z] for ZURICH", "12345678A@`{Q"] {
            let seen: Vec<usize> = capitals(text.as_bytes()).filter(|&at| text.as_bytes()[at].is_ascii_uppercase()).collect();
            let all: Vec<usize> = text.match_indices(|c: char| c.is_ascii_uppercase()).map(|(at, _)| at).collect();
            assert_eq!(seen, all, "{text}");
        }
        assert!(["Kallio", "A", "Llanfairpwllgwyngyllgogerychwyrndrobwll"].iter().all(|word| lower_hash(word) == hash_of(word)));
    }

    #[test]
    fn only_capitals_in_mid_sentence_are_names() {
        let text = "Belozerov came. Then Belozerov’s aide Kallio-Ito wrote to x@Belozerov, to Müllerov and the Government, and KALLIO Aino Kalliola.";
        let words: Vec<String> = names(text, Lexicon::english()).into_iter().map(|name| name.word).collect();
        assert_eq!(words, ["belozerov", "kalliola"]);
        assert!(["", " ", "a A"].iter().all(|text| names(text, Lexicon::english()).is_empty()));
    }

    #[test]
    fn every_word_that_a_hearing_may_find_is_a_suspect() {
        let text = "Belzerov’s aide met Sergei Belzerov, the Queen's Kovalchk, KALLIOLAA and Müllerovs. Abc Kallio-Itoo Later";
        let (lexicon, document) = (Lexicon::english(), Document::from_text(text));
        let suspects = suspects(&document, lexicon);
        let counted = names(text, lexicon).into_iter().map(|name| word_hash(&name.word)).filter(|&hash| may_slip(lexicon, hash));
        let expected: Vec<u64> = ["belzerov", "kovalchk", "kalliolaa"].into_iter().map(word_hash).collect();
        assert!(counted.chain(expected).all(|hash| suspects.contains(&hash)));
        assert!(["queen", "müllerovs", "later", "abc"].iter().all(|word| !suspects.contains(&word_hash(word))));
    }
}
