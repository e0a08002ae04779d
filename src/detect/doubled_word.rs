//! Kind `doubled-word`: a word written twice in a row (`the the`).

use super::{Context, MOST_FINDINGS, Match};
use crate::document::{Document, Shape, Word, fold, hash_of};
use crate::finding::Fact;
use crate::text::Span;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

/// A word written twice in a row, with nothing but white space between. Names, numbers and words set off by punctuation
/// are left alone.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {
    /// Words that nobody doubles on purpose (`the`), however often: the fix is safe.
    #[serde(default)]
    pub never: Vec<String>,
    /// Words that may be doubled (`had had`, `very very`).
    #[serde(default)]
    pub allow: Vec<String>,
    /// More such words, beside those of the rule.
    #[serde(default)]
    pub also_allow: Vec<String>,
    /// The language of the lists (`en`): documents in another one are passed over.
    pub language: Option<String>,
}

#[derive(Debug)]
pub struct DoubledWord {
    never: HashSet<u64>,
    allow: HashSet<u64>,
    language: Option<String>,
}

/// Fewest bytes of a word that is in neither list.
const MIN_LEN: usize = 4;

impl DoubledWord {
    pub const PLACEHOLDERS: [&'static str; 1] = ["word"];

    pub fn new(params: Params) -> Self {
        let hashes = |words: &[String]| words.iter().map(|word| hash_of(word)).collect::<HashSet<u64>>();
        let mut allow = hashes(&params.allow);
        allow.extend(hashes(&params.also_allow));
        let never = hashes(&params.never).difference(&allow).copied().collect();
        Self { never, allow, language: params.language }
    }

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let document = cx.document;
        let words = &*document.words;
        let mut found = Vec::new();
        let mut next = 0;
        while let Some(at) = (next..words.len().saturating_sub(1)).find(|&at| words[at].hash == words[at + 1].hash) {
            let mut end = at + 2;
            while end < words.len() && words[end].hash == words[at].hash {
                end += 1;
            }
            found.extend(self.judge(cx, at..end));
            next = end;
            if found.len() > MOST_FINDINGS {
                break;
            }
        }
        if !found.is_empty() && self.language.as_ref().is_some_and(|ours| document.language().is_some_and(|known| known.code != ours)) {
            found.clear();
        }
        found
    }

    /// Whether this row of the same word is a slip.
    fn judge(&self, cx: &Context<'_>, row: Range<usize>) -> Option<Match> {
        let document = cx.document;
        let text = &*document.text;
        let words = &document.words[row.clone()];
        let (first, last) = (words[0], words[words.len() - 1]);
        if self.allow.contains(&first.hash) || !words.iter().all(|word| word.shape.is_alphabetic()) {
            return None;
        }
        let never = self.never.contains(&first.hash);
        let lower = |word: &Word| !word.shape.any(Shape::CAPITAL | Shape::INNER_CAPITAL);
        let capital = |word: &Word| word.shape.is_capitalised() && !word.shape.has(Shape::INNER_CAPITAL);
        // `The the` and `The The` where a sentence starts; elsewhere a capital makes it part of a name or title, and a
        // single capital is an initial.
        let opens = || {
            let before = text[..first.span().start].trim_end();
            before.ends_with(['"', '“', '„', '«', ':']) || document.sentences.binary_search_by_key(&row.start, |s| s.words().start).is_ok()
        };
        let rest = &words[1..];
        let plain = rest.iter().all(lower) || (rest.iter().all(capital) && first.span().len() > 1);
        let initial = is_odd_initial(document, &row);
        if !(initial || words.iter().all(lower) || never && capital(&first) && plain && opens()) {
            return None;
        }
        // Of other words, three in a row are meant so, and so is a stammer (`But but but`).
        if words.len() > 2 && (!never || capital(&first)) || !never && first.span().len() < MIN_LEN {
            return None;
        }
        let is_gap = |pair: &[Word]| text[pair[0].span().end..pair[1].span().start].chars().all(char::is_whitespace);
        let block = &document.blocks[document.block_at(first.span().start)?];
        if !words.windows(2).all(is_gap) || row.end > block.words().end || !stands_free(text, first.span().join(last.span())) {
            return None;
        }
        let word = first.of(text);
        if words.iter().any(|other| fold(other.of(text)) != fold(word)) {
            return None;
        }
        // `summary` at the end of a comment, and `summary = …` or `summary: …` behind it.
        let (gap, behind) = (&text[first.span().end..last.span().start], text[last.span().end..].trim_start());
        let is_key = || behind.starts_with('=') || (behind.starts_with(':') && gap.contains('\n'));
        // A word that nobody knows is a name, doubled or not: `docker exec ollama ollama`.
        if is_key() || (!never && !initial && cx.unusual().binary_search(&(row.start as u32)).is_ok()) {
            return None;
        }
        let mut hit = Match::at(first.span().join(last.span()));
        hit.facts.push((Cow::Borrowed("word"), Fact::Text(last.of(text).to_string())));
        hit.replacement = Some(word.to_string());
        hit.certain = never && !initial;
        Some(hit)
    }
}

/// Others with one initial, from which on a row of names has that habit.
const SINGLE_INITIALS: usize = 4;

/// Whether this is `A A Moss` in a row of names that have one initial each: `B Keel, A A Moss, H Tarn`.
fn is_odd_initial(document: &Document, row: &Range<usize>) -> bool {
    let words = &*document.words;
    let is_initial = |at: usize| words[at].span().len() == 1 && words[at].shape.is_capitalised();
    let goes_on = |at: usize| document.text.get(words[at].span().end..words[at + 1].span().start) == Some(" ");
    let is_name = |at: usize| words[at].span().len() > 1 && words[at].shape.is_capitalised();
    let listed = document.text[..words[row.start].span().start].trim_end().ends_with([',', ';']);
    if row.len() != 2 || !is_initial(row.start) || !listed {
        return false;
    }
    let Some(block) = document.block_at(words[row.start].span().start).map(|block| document.blocks[block].words()) else { return false };
    let mut named = (block.start..block.end - 1).filter(|&at| is_initial(at) && is_name(at + 1) && goes_on(at));
    let (mut here, mut others) = (false, 0);
    let single = named.all(|at| {
        here |= at + 1 == row.end;
        others += usize::from(at + 1 != row.end);
        at + 1 == row.end || at == block.start || !is_initial(at - 1) || !goes_on(at - 1)
    });
    here && single && others >= SINGLE_INITIALS
}

/// Nothing joins the words to those around them: no hyphen (`pro-sex sex worker`), slash, address or file name.
fn stands_free(text: &str, span: Span) -> bool {
    const JOINS: [char; 12] = ['-', '‐', '‑', '/', '\\', '@', '#', '_', '&', '=', '.', '+'];
    let mut after = text[span.end..].chars();
    let joined_after = match after.next() {
        Some('.') => after.next().is_some_and(char::is_alphanumeric),
        Some(c) => JOINS.contains(&c),
        None => false,
    };
    !joined_after && !text[..span.start].ends_with(JOINS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Gate;
    use proptest::prelude::*;

    fn rule(also_allow: &[&str]) -> DoubledWord {
        let words = |list: &[&str]| list.iter().map(ToString::to_string).collect();
        DoubledWord::new(Params {
            never: words(&["the", "in", "a", "that"]),
            allow: words(&["had", "that", "very"]),
            also_allow: words(also_allow),
            language: Some("en".into()),
        })
    }

    fn found(rule: &DoubledWord, text: &str) -> Vec<(String, bool)> {
        let document = Document::from_text(text);
        let gate = Gate::new(&[], |_| true);
        let cx = Context::new(&document, &gate);
        rule.detect(&cx).into_iter().map(|hit| (hit.span.of(text).to_string(), hit.certain)).collect()
    }

    #[test]
    fn a_slip_is_found() {
        let rule = rule(&[]);
        for (text, expected) in [
            ("He said the the wall will hold.", ("the the", true)),
            ("The the wall will hold.", ("The the", true)),
            ("It held. The The wall will hold.", ("The The", true)),
            ("He said: “In in the end it held.”", ("In in", true)),
            ("He said\u{a0}the  the wall will hold.", ("the  the", true)),
            ("It was the the the wall.", ("the the the", true)),
            ("The chairman chairman of the board spoke.", ("chairman chairman", false)),
            ("The crew: B Keel; R Dunn, A A Moss, H Tarn, S Lund.", ("A A", false)),
        ] {
            assert_eq!(found(&rule, text), [(expected.0.to_string(), expected.1)], "{text}");
        }
    }

    #[test]
    fn what_is_meant_so_is_left_alone() {
        let rule = rule(&["hush"]);
        for text in [
            "He had had a very very good idea that that wall would hold.",
            "Duran Duran and The The played in Walla Walla; Tlali Tlali spoke.",
            "A A Moss and THE THE wall.",
            "The crew: B Keel; R Dunn, A A Moss, J P Tarn, S Lund, T Orr, W Ley.",
            "The crew: B Keel; R Dunn, H Tarn, S Lund; it took plan A A Moss saw.",
            "They won 6 6 and 10 10.",
            "He said the, the wall will hold. “The” the clerk wrote.",
            "He asked what for.\nFor the wall, they said.",
            "The pro-wall wall builders and the wall wall-builders met.",
            "It was a hush hush affair, and they sang, sang sang sang.",
            "He wrote to www.wall wall and @wall wall.",
            "Log In in the menu.",
            "Vitamin A a day.",
            "na na na na",
        ] {
            assert_eq!(found(&rule, text), [], "{text}");
        }
    }

    #[test]
    fn other_languages_are_passed_over() {
        let german =
            "Der Rat hat am Montag beschlossen, dass die Mauer, in in die seit Jahren nichts investiert wurde, erhöht werden soll.";
        assert_eq!(found(&rule(&[]), german), []);
    }

    proptest! {
        #[test]
        fn findings_lie_in_the_text(text in "((the|The|in|wall|Wall|東|é|7)[ \n.\u{a0}-]{1,2}){0,20}") {
            for (hit, _) in found(&rule(&[]), &text) {
                prop_assert!(hit.split_whitespace().count() >= 2);
            }
        }
    }
}
