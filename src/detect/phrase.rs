//! Kinds `phrases` and `swap`: lists of literal phrases, and wrong forms with the right ones.
//!
//! A phrase is compared word by word with the words of the document, so that line breaks, double spaces, curly
//! apostrophes and (unless told otherwise) capitals make no difference, and never matches inside a longer word.

use super::{Context, MOST_FINDINGS, Match, Slot};
use crate::document::{Block, Document, HashedMap};
use crate::finding::Fact;
use crate::text::Span;
use crate::yaml::{Flaw, Mapping, Placed};
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashMap;

/// Phrases that should not stand in the text.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PhrasesParams {
    /// The phrases; any one of them is a finding.
    pub any: Vec<Placed<String>>,
    /// Capitals count.
    #[serde(default)]
    pub match_case: bool,
    /// Only where the phrase is the whole line, apart from punctuation around it.
    #[serde(default)]
    pub whole_line: bool,
}

/// Wrong forms and what should stand there instead.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SwapParams {
    /// `wrong: right`; the right form takes over the capitals of what is found.
    pub pairs: Mapping<String>,
    /// Capitals count, and the right form is used as it is written.
    #[serde(default)]
    pub match_case: bool,
}

#[derive(Debug)]
pub struct Phrases {
    phrases: Vec<Phrase>,
    /// By the hash of the first word, longest phrase first.
    by_first: HashedMap<Vec<usize>>,
    match_case: bool,
    whole_line: bool,
    literals: Vec<String>,
}

#[derive(Debug)]
struct Phrase {
    text: String,
    words: Vec<u64>,
    /// What stands before, between and after the words; white space is folded to one space.
    gaps: Vec<String>,
    right: Option<String>,
}

impl Phrases {
    pub fn new(params: PhrasesParams) -> Result<Self, Vec<Flaw>> {
        Self::build(params.any.into_iter().map(|phrase| (phrase, None)), params.match_case, params.whole_line)
    }

    pub fn swap(params: SwapParams) -> Result<Self, Vec<Flaw>> {
        Self::build(params.pairs.0.into_iter().map(|(wrong, right)| (wrong, Some(right))), params.match_case, false)
    }

    fn build(
        phrases: impl Iterator<Item = (Placed<String>, Option<String>)>,
        match_case: bool,
        whole_line: bool,
    ) -> Result<Self, Vec<Flaw>> {
        let (mut list, mut flaws, mut literals) = (Vec::new(), Vec::new(), Vec::new());
        let mut by_first: HashedMap<Vec<usize>> = HashedMap::default();
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (placed, right) in phrases {
            let document = Document::from_text(&placed.value.split_whitespace().collect::<Vec<_>>().join(" "));
            let Some(first) = document.words.first() else {
                flaws.push(Flaw::new(placed.at, "a phrase needs a letter or a digit", "nothing to look for"));
                continue;
            };
            if seen.insert(placed.value.clone(), list.len()).is_some() {
                flaws.push(Flaw::new(placed.at, format!("`{}` is listed twice", placed.value), "listed before"));
                continue;
            }
            by_first.entry(first.hash).or_default().push(list.len());
            let longest = document.text.split([' ', '\'', '’']).max_by_key(|part| part.len()).unwrap_or_default();
            literals.push(longest.to_string());
            list.push(Phrase {
                words: document.words.iter().map(|word| word.hash).collect(),
                gaps: gaps(&document),
                text: placed.value,
                right,
            });
        }
        if list.is_empty() && flaws.is_empty() {
            flaws.push(Flaw::new(Span::default(), "the list of phrases is empty", "nothing to look for"));
        }
        for found in by_first.values_mut() {
            found.sort_by_key(|&index| std::cmp::Reverse(list[index].words.len()));
        }
        if flaws.is_empty() { Ok(Self { phrases: list, by_first, match_case, whole_line, literals }) } else { Err(flaws) }
    }

    pub fn literals(&self) -> &[String] {
        &self.literals
    }

    pub fn placeholders(&self) -> Vec<&str> {
        if self.phrases.iter().any(|phrase| phrase.right.is_some()) { vec!["found", "expected"] } else { vec!["found"] }
    }

    pub fn detect(&self, slot: Slot, cx: &Context<'_>) -> Vec<Match> {
        let document = cx.document;
        let mut blocks: Vec<usize> = cx.hits(slot).iter().filter_map(|&at| document.block_at(at as usize)).collect();
        blocks.dedup();
        let mut found = Vec::new();
        for block in blocks.into_iter().map(|index| &document.blocks[index]) {
            let mut at = block.words().start;
            while at < block.words().end && found.len() <= MOST_FINDINGS {
                match self.at(document, block, at) {
                    Some((phrase, span)) => {
                        found.push(self.hit(document, phrase, span));
                        at += phrase.words.len();
                    }
                    None => at += 1,
                }
            }
        }
        found
    }

    /// The longest phrase that starts with word `first`.
    fn at(&self, document: &Document, block: &Block, first: usize) -> Option<(&Phrase, Span)> {
        let candidates = self.by_first.get(&document.words[first].hash)?;
        candidates.iter().map(|&index| &self.phrases[index]).find_map(|phrase| {
            let words = document.words.get(first..first + phrase.words.len())?;
            if first + words.len() > block.words().end || words.iter().zip(&phrase.words).any(|(word, &hash)| word.hash != hash) {
                return None;
            }
            let text = &*document.text;
            let inner = words.windows(2).zip(&phrase.gaps[1..]);
            if inner.into_iter().any(|(pair, gap)| folded(&text[pair[0].span().end..pair[1].span().start]) != *gap) {
                return None;
            }
            let (before, after) = (&phrase.gaps[0], &phrase.gaps[words.len()]);
            let (start, end) = (words[0].span().start, words[words.len() - 1].span().end);
            if !folded(&text[block.span.start..start]).ends_with(before.as_str()) || !text[end..block.span.end].starts_with(after.as_str())
            {
                return None;
            }
            let span = Span::new(start - before.len(), end + after.len());
            if self.match_case && folded(span.of(text)).replace('’', "'") != phrase.text.replace('’', "'") {
                return None;
            }
            if self.whole_line {
                let line = document.lines().span(document.lines().line_of(start), text).of(text);
                let plain = |part: &str| !part.contains(char::is_alphanumeric);
                let (at, line_start) = (span.of(text), document.lines().full(document.lines().line_of(start), text).start);
                if span.end > line_start + line.len()
                    || !plain(&text[line_start..span.start])
                    || !plain(&text[span.end..line_start + line.len()])
                    || at.is_empty()
                {
                    return None;
                }
            }
            Some((phrase, span))
        })
    }

    fn hit(&self, document: &Document, phrase: &Phrase, span: Span) -> Match {
        let found = span.of(&document.text);
        let mut hit = Match::at(span);
        hit.facts.push((Cow::Borrowed("found"), Fact::Text(found.to_string())));
        if let Some(right) = &phrase.right {
            let right = if self.match_case { right.clone() } else { with_case_of(found, right) };
            hit.facts.push((Cow::Borrowed("expected"), Fact::Text(right.clone())));
            hit.replacement = Some(right);
        }
        hit
    }
}

/// `right` in the capitals of `found`, word by word where both have as many: `MINSTER` → `MINISTER`, `Prime Minster` → `Prime Minister`.
pub fn with_case_of(found: &str, right: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (found.split_whitespace().collect(), right.split(' ').collect());
    if old.len() == new.len() && new.len() > 1 {
        return old.iter().zip(new).map(|(old, new)| with_case_of(old, new)).collect::<Vec<_>>().join(" ");
    }
    let letters = || found.chars().filter(|c| c.is_alphabetic());
    if letters().count() > 1 && letters().all(char::is_uppercase) {
        return right.to_uppercase();
    }
    match (letters().next(), right.chars().next()) {
        (Some(first), Some(initial)) if first.is_uppercase() => initial.to_uppercase().chain(right.chars().skip(1)).collect(),
        _ => right.to_string(),
    }
}

/// What stands before the first word, between the words, and after the last one.
fn gaps(document: &Document) -> Vec<String> {
    let mut gaps = Vec::with_capacity(document.words.len() + 1);
    let mut end = 0;
    for word in &document.words {
        gaps.push(folded(&document.text[end..word.span().start]));
        end = word.span().end;
    }
    gaps.push(folded(&document.text[end..]));
    gaps
}

/// White space folded to single spaces.
fn folded(gap: &str) -> String {
    let mut out = String::with_capacity(gap.len());
    for c in gap.chars() {
        let c = if c.is_whitespace() { ' ' } else { c };
        if c != ' ' || !out.ends_with(' ') {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Gate;

    fn placed(value: &str) -> Placed<String> {
        Placed { value: value.into(), at: Span::default() }
    }

    fn found(phrases: &Phrases, text: &str) -> Vec<(String, Option<String>)> {
        let document = Document::from_text(text);
        let gate = Gate::new(&[vec![phrases.literals()]], |_| true);
        let cx = Context::new(&document, &gate);
        phrases.detect(0, &cx).into_iter().map(|hit| (hit.span.of(&document.text).to_string(), hit.replacement)).collect()
    }

    fn swap(pairs: &[(&str, &str)]) -> Phrases {
        let pairs = Mapping(pairs.iter().map(|(wrong, right)| (placed(wrong), right.to_string())).collect());
        Phrases::swap(SwapParams { pairs, match_case: false }).unwrap()
    }

    #[test]
    fn the_right_form_keeps_the_capitals() {
        let rule = swap(&[("foreign minster", "foreign minister")]);
        let text = "The foreign minster, the Foreign  Minster and the FOREIGN MINSTER met the foreign minsters.";
        assert_eq!(
            found(&rule, text),
            [
                ("foreign minster".to_string(), Some("foreign minister".to_string())),
                ("Foreign  Minster".to_string(), Some("Foreign Minister".to_string())),
                ("FOREIGN MINSTER".to_string(), Some("FOREIGN MINISTER".to_string())),
            ]
        );
    }

    #[test]
    fn phrases_hold_their_punctuation() {
        let rule =
            Phrases::new(PhrasesParams { any: vec![placed("don't miss:"), placed("e-mail this")], match_case: false, whole_line: false })
                .unwrap();
        assert_eq!(
            found(&rule, "DON’T  MISS: the fair. Don't miss it. E-mail this, email this."),
            [("DON’T  MISS:".to_string(), None), ("E-mail this".to_string(), None)]
        );
    }

    #[test]
    fn a_whole_line_is_asked_for() {
        let rule = Phrases::new(PhrasesParams { any: vec![placed("share this")], match_case: false, whole_line: true }).unwrap();
        assert_eq!(found(&rule, "They share this view.\n» Share this «\n").len(), 1);
    }

    #[test]
    fn an_empty_or_double_phrase_is_refused() {
        let params = PhrasesParams { any: vec![placed("…"), placed("a"), placed("a")], match_case: false, whole_line: false };
        assert_eq!(Phrases::new(params).unwrap_err().len(), 2);
    }
}
