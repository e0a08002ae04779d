//! What a person can check: the names and terms of a paragraph that stand nowhere else.

use super::draft::{Draft, TermId};
use super::people;
use crate::document::Word;

/// Up to three names, then terms, four in all.
pub fn absent(draft: &Draft<'_>, paragraph: usize) -> Vec<String> {
    let text = &draft.document.text;
    let words = &draft.document.words[draft.document.blocks[draft.paragraphs[paragraph].block].words()];
    let mut alone: Vec<(bool, Word, TermId)> = Vec::new();
    for (at, &word) in words.iter().enumerate() {
        let stands_alone = |term: &TermId| draft.terms[*term as usize].paragraphs == 1;
        let Some(term) = draft.known(word).filter(stands_alone) else { continue };
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
    let shown = alone.iter().take(names.min(3)).chain(&alone[names..]).take(4);
    shown
        .map(|&(named, word, _)| {
            let word = word.of(text);
            let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
            if named { word.to_string() } else { word.to_lowercase() }
        })
        .collect()
}
