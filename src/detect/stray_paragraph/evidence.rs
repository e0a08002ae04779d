//! What a person can check: the names and terms of a paragraph that stand nowhere else.

use super::draft::{Draft, TermId};
use super::people;
use crate::document::{Shape, Word};

/// The names that most paragraphs from number `first` on use and none before does, up to four.
pub fn names_behind(draft: &Draft<'_>, first: usize) -> Vec<String> {
    let mut names: Vec<(u32, usize, TermId)> = Vec::new();
    for at in first..draft.paragraphs.len() {
        for used in draft.uses_of(at).iter().filter(|used| used.name && draft.terms[used.term as usize].first as usize >= first) {
            match names.iter_mut().find(|name| name.2 == used.term) {
                Some(name) => name.0 += 1,
                None => names.push((1, names.len(), used.term)),
            }
        }
    }
    names.sort_by_key(|&(count, place, _)| (std::cmp::Reverse(count), place));
    let text = &draft.document.text;
    let spelled = |&(_, _, term): &(u32, usize, TermId)| {
        let words = (first..draft.paragraphs.len()).flat_map(|at| draft.words_of(at));
        words
            .filter(|word| word.shape.has(Shape::CAPITAL))
            .find(|word| draft.known(**word) == Some(term))
            .map(|word| shown(word.of(text)).to_string())
    };
    names.iter().take(4).filter_map(spelled).collect()
}

/// A word without its possessive.
fn shown(word: &str) -> &str {
    word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word)
}

/// Up to three names, then terms, four in all; nothing that is usual in the run.
pub fn absent(draft: &Draft<'_>, paragraph: usize) -> Vec<String> {
    let text = &draft.document.text;
    let words = draft.words_of(paragraph);
    let mut alone: Vec<(bool, Word, TermId)> = Vec::new();
    for (at, &word) in words.iter().enumerate() {
        let tells = |term: &TermId| draft.terms[*term as usize].paragraphs == 1 && !draft.terms[*term as usize].usual;
        let Some(term) = draft.known(word).filter(tells) else { continue };
        let named = people::is_titled(words, at, text) || draft.uses_of(paragraph).iter().any(|used| used.term == term && used.name);
        match alone.iter_mut().find(|known| known.2 == term) {
            Some(known) => known.0 |= named,
            None => alone.push((named, word, term)),
        }
    }
    // Names in the order of the text, then the rarest terms.
    let idf = |item: &(bool, Word, TermId)| if item.0 { 0 } else { draft.terms[item.2 as usize].idf };
    alone.sort_by_key(|item| (!item.0, std::cmp::Reverse(idf(item))));
    let names = alone.iter().filter(|item| item.0).count();
    let chosen = alone.iter().take(names.min(3)).chain(&alone[names..]).take(4);
    chosen
        .map(|&(named, word, _)| {
            let word = shown(word.of(text));
            if named { word.to_string() } else { word.to_lowercase() }
        })
        .collect()
}

/// Who speaks is told by a pronoun (`“I was wondering,” he said`), and no name of its own says whom that means: the paragraph goes on from
/// what stands before it.
pub fn leans(draft: &Draft<'_>, paragraph: usize) -> bool {
    const SPOKEN: [&str; 10] =
        [" he said", " she said", " they said", " it said", " he says", " she says", " he added", " she added", " said he", " said she"];
    let text = draft.span(paragraph).of(&draft.document.text);
    let own_name = || draft.uses_of(paragraph).iter().any(|used| used.name && draft.terms[used.term as usize].paragraphs == 1);
    SPOKEN.iter().any(|spoken| text.contains(spoken)) && !own_name()
}
