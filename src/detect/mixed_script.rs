//! Kind `mixed-scripts`: a word written in letters of two alphabets that look alike (`pаypal` with a Cyrillic `а`).

use super::{Context, Match};
use crate::document::Shape;
use crate::finding::Fact;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;

/// Latin letters together with Cyrillic or Greek ones in one word.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {}

#[derive(Debug)]
pub struct MixedScripts;

/// Cyrillic and Greek letters and the Latin ones they pass for.
const ALIKE: &[(&str, &str)] =
    &[("асԁеһіјӏорԛѕтихуԝАВЕЅІЈКМНОРԚСТХУԜ", "acdehijlopqstuxywABESIJKMHOPQCTXYW"), ("οανικρυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oavikpuxABEZHIKMNOPTYX")];

impl MixedScripts {
    pub const PLACEHOLDERS: [&'static str; 3] = ["found", "expected", "script"];

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let text = &*cx.document.text;
        let mut found = Vec::new();
        for word in cx.document.words.iter().filter(|word| word.shape.has(Shape::NON_ASCII | Shape::LETTER)) {
            let written = word.of(text);
            let latin = written.chars().filter(|&c| is_latin(c)).count();
            let Some(script) = other_script(written).filter(|_| latin > 0) else { continue };
            // `µm`, `αβ-test`, a brand in two alphabets: at least two Latin letters, and the others must pass for Latin.
            let expected: Option<String> =
                written.chars().map(|c| if is_latin(c) || !c.is_alphabetic() { Some(c) } else { latin_for(c) }).collect();
            let Some(expected) = expected.filter(|_| latin >= 2) else { continue };
            let mut hit = Match::at(word.span());
            hit.facts.push((Cow::Borrowed("found"), Fact::Text(written.to_string())));
            hit.facts.push((Cow::Borrowed("expected"), Fact::Text(expected.clone())));
            hit.facts.push((Cow::Borrowed("script"), Fact::Text(script.into())));
            hit.replacement = Some(expected);
            found.push(hit);
        }
        found
    }
}

const fn is_latin(c: char) -> bool {
    matches!(c, 'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

fn other_script(word: &str) -> Option<&'static str> {
    word.chars().find_map(|c| match c {
        '\u{400}'..='\u{52f}' => Some("Cyrillic"),
        '\u{370}'..='\u{3ff}' => Some("Greek"),
        _ => None,
    })
}

fn latin_for(c: char) -> Option<char> {
    ALIKE.iter().find_map(|(other, latin)| other.chars().zip(latin.chars()).find(|&(known, _)| known == c).map(|(_, latin)| latin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_rows_of_the_table_pair() {
        for (other, latin) in ALIKE {
            assert_eq!(other.chars().count(), latin.chars().count());
            assert!(other.chars().all(|c| other_script(&c.to_string()).is_some()), "{other}");
            assert!(latin.is_ascii());
        }
        assert_eq!(latin_for('а'), Some('a'));
        assert_eq!(latin_for('Х'), Some('X'));
        assert_eq!(latin_for('ж'), None);
    }
}
