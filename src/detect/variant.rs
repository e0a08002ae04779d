//! Kind `mixed-variant`: two ways of spelling in one document (`colour` and `center`).

use super::sieve::Sieve;
use super::{Context, Match};
use crate::document::{Document, Shape, Word, fold};
use crate::finding::{Fact, Label};
use crate::yaml::Flaw;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Two ways of spelling in one document, such as British and American; told at the words of the rarer one. Words with a
/// capital are left alone: `Labor Day` and `the Labour Party` are names.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {
    /// What the two are called: `[American, British]`.
    pub names: (String, String),
    /// A word in the one and in the other: `[color, colour]`; its inflections are known.
    pub pairs: Vec<(String, String)>,
    /// More of them, beside those of the rule.
    #[serde(default)]
    pub also_pairs: Vec<(String, String)>,
    /// Different words of the frequenter one that the document must have.
    #[serde(default = "usual_words")]
    pub min_words: usize,
}

const fn usual_words() -> usize {
    2
}

#[derive(Debug)]
pub struct MixedVariant {
    names: [String; 2],
    pairs: Vec<(String, String)>,
    /// Which of the two a word belongs to, and how the other has it; made when a document is first looked at, since most runs leave
    /// the rule off.
    words: OnceLock<Sieve<(usize, String)>>,
    min_words: usize,
}

impl MixedVariant {
    pub const PLACEHOLDERS: [&'static str; 6] = ["found", "expected", "found_variant", "expected_variant", "rare", "frequent"];

    pub fn new(params: Params) -> Result<Self, Vec<Flaw>> {
        let mut pairs = params.pairs;
        pairs.extend(params.also_pairs);
        if let Some((one, other)) = pairs.iter().find(|(one, other)| one.is_empty() || other.is_empty() || fold(one) == fold(other)) {
            let flaw = Flaw::new(Default::default(), format!("`[{one}, {other}]` are not two spellings of a word"), "in this rule");
            return Err(vec![flaw]);
        }
        let names = [params.names.0, params.names.1];
        Ok(Self { names, pairs, words: OnceLock::new(), min_words: params.min_words.max(1) })
    }

    fn words(&self) -> &Sieve<(usize, String)> {
        self.words.get_or_init(|| {
            let mut words: Sieve<(usize, String)> = Sieve::default();
            for (one, other) in &self.pairs {
                for (one, other) in inflected(&fold(one)).into_iter().zip(inflected(&fold(other))) {
                    *words.entry(&one) = (0, other.clone());
                    *words.entry(&other) = (1, one);
                }
            }
            words
        })
    }

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let (document, words) = (cx.document, self.words());
        let mut places: [Vec<usize>; 2] = [Vec::new(), Vec::new()];
        let word = |at: usize| document.words.range(at..at + 1).next();
        for (at, word) in document.words.range(0..document.words.len()).enumerate() {
            if let Some(&(side, _)) = words.get(&word)
                && !word.shape.any(Shape::CAPITAL | Shape::INNER_CAPITAL)
            {
                places[side].push(at);
            }
        }
        let [one, other] = &places;
        let (rare, frequent) = if one.len() < other.len() { (0, 1) } else { (1, 0) };
        let mut different: BTreeMap<u64, Word> = BTreeMap::new();
        for word in places[frequent].iter().filter_map(|&at| word(at)) {
            different.entry(word.hash).or_insert(word);
        }
        // As many of the one as of the other: nobody can say which is meant.
        if one.len() == other.len() || places[rare].is_empty() || different.len() < self.min_words {
            return Vec::new();
        }
        let counts = [places[rare].len(), places[frequent].len()];
        let Some(witness) = word(places[frequent][0]) else { return Vec::new() };
        places[rare].iter().filter_map(|&at| Some(self.seen(document, word(at)?, rare, counts, witness))).collect()
    }

    fn seen(&self, document: &Document, word: Word, side: usize, counts: [usize; 2], witness: Word) -> Match {
        let text = &*document.text;
        let expected = self.words().get(&word).map_or_else(String::new, |(_, other)| other.clone());
        let other = witness.span();
        let mut hit = Match::at(word.span());
        hit.related.push(Label::here(other, format!("`{}` here", other.of(text))));
        let facts = [
            ("found", Fact::Text(word.of(text).to_owned())),
            ("expected", Fact::Text(expected.clone())),
            ("found_variant", Fact::Text(self.names[side].clone())),
            ("expected_variant", Fact::Text(self.names[1 - side].clone())),
            ("rare", Fact::Count(counts[0])),
            ("frequent", Fact::Count(counts[1])),
        ];
        hit.facts = facts.into_iter().map(|(name, fact)| (Cow::Borrowed(name), fact)).collect();
        hit.replacement = Some(expected);
        hit
    }
}

/// A word with the endings of its inflections, always in the same order.
fn inflected(word: &str) -> Vec<String> {
    let stem = word.strip_suffix('e');
    let mut forms = vec![word.to_owned(), format!("{word}s"), format!("{word}'s")];
    for ending in ["ed", "er", "ers", "ing", "able", "ation", "ations"] {
        forms.push(format!("{}{ending}", stem.unwrap_or(word)));
    }
    forms.extend(["ful", "less", "ite", "ites"].map(|ending| format!("{word}{ending}")));
    forms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Gate;

    fn found(text: &str) -> Vec<String> {
        let document = Document::from_text(text);
        let gate = Gate::new(&[], |_| true);
        let pairs = [("color", "colour"), ("center", "centre"), ("analyze", "analyse")];
        let pairs = pairs.map(|(one, other)| (one.to_owned(), other.to_owned())).to_vec();
        let rule =
            MixedVariant::new(Params { names: ("American".into(), "British".into()), pairs, also_pairs: vec![], min_words: 2 }).unwrap();
        rule.detect(&Context::new(&document, &gate)).into_iter().map(|hit| hit.replacement.unwrap_or_default()).collect()
    }

    #[test]
    fn the_rarer_spelling_is_told_and_inflections_are_known() {
        assert_eq!(found("The colours of the centre were analysed by analyzers.\n"), ["analysers"]);
        assert!(found("The colour of the center.\n").is_empty());
        assert!(found("The colour, the colour and the center.\n").is_empty());
        assert!(found("The colours of the centre at the Center for Color.\n").is_empty());
    }
}
