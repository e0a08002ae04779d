//! The literals that a regex cannot match without, for the gate in front of it.
//!
//! regex-syntax extracts prefixes and suffixes; rules often have their tell-tale word in the middle, so the whole
//! expression is walked here: sets of exact strings grow along a concatenation, and the best set met is kept.

use super::finder::{STEP, commonness};
use regex_syntax::hir::{Class, Hir, HirKind};

/// How many strings a set may hold before it says too little.
const MAX_SET: usize = 400;
/// Longest string kept; a gate needs no more.
const MAX_LEN: usize = 24;

/// Strings in lower case (ASCII) of which every match holds at least one; `None` where there are none of two bytes or more. Of a
/// `line` only what stands in the text as it does in the expression: quotes and dashes may be curly there, other letters capitals.
pub fn required(hir: &Hir, line: bool) -> Option<Vec<String>> {
    let found = Walk { line }.walk(hir);
    better(found.required, found.exact).filter(|set| weakest(set) >= 2).map(without_longer)
}

/// Without those that hold another one: they let nothing else through.
fn without_longer(mut set: Vec<String>) -> Vec<String> {
    set.sort_by_key(String::len);
    let mut kept: Vec<String> = Vec::new();
    for literal in set {
        if !kept.iter().any(|shorter| literal.contains(shorter.as_str())) {
            kept.push(literal);
        }
    }
    kept.sort_unstable();
    kept
}

#[derive(Default)]
struct Found {
    /// All the strings that the expression matches, where they are few.
    exact: Option<Vec<String>>,
    required: Option<Vec<String>>,
}

struct Walk {
    /// What is matched is a line as the kind `furniture` reads it.
    line: bool,
}

impl Walk {
    /// Whether a line of the document may have another character where its expression has this one.
    fn may_change(&self, c: char) -> bool {
        self.line && (matches!(c, '\'' | '"' | '-') || (!c.is_ascii() && (c.is_alphabetic() || c.is_whitespace())))
    }

    fn changes(&self, text: &str) -> bool {
        text.contains(|c| self.may_change(c))
    }

    fn walk(&self, hir: &Hir) -> Found {
        let exact = |set: Vec<String>| Found { exact: Some(set), required: None };
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => exact(vec![String::new()]),
            HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
                Ok(text) if text.len() <= MAX_LEN && !self.changes(text) => exact(vec![text.to_ascii_lowercase()]),
                Ok(text) => {
                    let parts = text.split(|c| self.may_change(c)).filter(|part| !part.is_empty());
                    let sets = parts.map(|part| Some(vec![part[..part.floor_char_boundary(MAX_LEN)].to_ascii_lowercase()]));
                    Found { exact: None, required: sets.reduce(better).flatten() }
                }
                Err(_) => Found::default(),
            },
            HirKind::Class(class) => {
                Found { exact: letters(class).filter(|set| !set.iter().any(|letter| self.changes(letter))), required: None }
            }
            HirKind::Capture(capture) => self.walk(&capture.sub),
            HirKind::Repetition(repetition) => {
                let inner = self.walk(&repetition.sub);
                match (repetition.min, repetition.max) {
                    (1, Some(1)) => inner,
                    (0, Some(1)) => {
                        Found { exact: inner.exact.map(|set| distinct(set.into_iter().chain([String::new()]))), required: None }
                    }
                    (0, _) => Found::default(),
                    _ => Found { exact: None, required: better(inner.required, inner.exact) },
                }
            }
            HirKind::Concat(parts) => self.concat(parts),
            HirKind::Alternation(branches) => {
                let found: Vec<Found> = branches.iter().map(|branch| self.walk(branch)).collect();
                let exact = found.iter().map(|branch| branch.exact.clone()).collect::<Option<Vec<_>>>();
                if let Some(sets) = exact {
                    let set = distinct(sets.into_iter().flatten());
                    return Found { exact: (set.len() <= MAX_SET).then_some(set), required: None };
                }
                let sets: Option<Vec<Vec<String>>> = found.into_iter().map(|branch| better(branch.required, branch.exact)).collect();
                let set = sets.map(|sets| distinct(sets.into_iter().flatten()));
                Found { exact: None, required: set.filter(|set| set.len() <= MAX_SET && weakest(set) > 0) }
            }
        }
    }

    fn concat(&self, parts: &[Hir]) -> Found {
        let mut run = vec![String::new()];
        let mut best: Option<Vec<String>> = None;
        let mut whole = true;
        for part in parts {
            let found = self.walk(part);
            match found.exact {
                // A run of one byte (`</?`) is worth nothing by itself and may grow into many.
                Some(set)
                    if run.len() * set.len() <= if weakest(&run) < 2 { MAX_SET } else { 64 }
                        && longest(&run) + longest(&set) <= MAX_LEN =>
                {
                    run = distinct(run.iter().flat_map(|left| set.iter().map(move |right| format!("{left}{right}"))));
                }
                exact => {
                    whole = false;
                    best = better(better(best, found.required), Some(std::mem::replace(&mut run, vec![String::new()])));
                    // A set too large to be joined to what stands before it may still be a good one by itself.
                    if let Some(set) = exact {
                        run = set;
                    }
                }
            }
        }
        if whole { Found { exact: Some(run), required: best } } else { Found { exact: None, required: better(best, Some(run)) } }
    }
}

/// `19` for `190` to `199`: where any digit may end a literal of three bytes or more, it says next to nothing.
fn without_digits(mut set: Vec<String>) -> Vec<String> {
    let stem =
        |literal: &String| literal.strip_suffix(|c: char| c.is_ascii_digit()).filter(|stem| stem.len() >= 2).map(ToString::to_string);
    loop {
        let mut stems: Vec<String> = set.iter().filter_map(stem).collect();
        stems.sort_unstable();
        let full: Vec<String> = stems.chunk_by(|a, b| a == b).filter(|same| same.len() == 10).map(|same| same[0].clone()).collect();
        if full.is_empty() {
            return set;
        }
        set.retain(|literal| stem(literal).is_none_or(|stem| !full.contains(&stem)));
        set.extend(full);
    }
}

/// The characters of a small class; the Kelvin sign and the long s, which Unicode folds onto `k` and `s`, are left out.
fn letters(class: &Class) -> Option<Vec<String>> {
    // Ten digits, or a few letters in both cases.
    const MOST: usize = 10;
    let mut chars: Vec<char> = match class {
        Class::Unicode(class) => class.iter().flat_map(|range| (range.start()..=range.end()).take(MOST + 1)).take(MOST + 1).collect(),
        Class::Bytes(class) if class.is_ascii() => {
            class.iter().flat_map(|range| (range.start()..=range.end()).take(MOST + 1)).take(MOST + 1).map(char::from).collect()
        }
        Class::Bytes(_) => return None,
    };
    if chars.len() > MOST {
        return None;
    }
    if chars.iter().any(|c| matches!(c, 'k' | 's')) {
        chars.retain(|c| !matches!(c, '\u{212a}' | '\u{17f}'));
    }
    Some(distinct(chars.into_iter().map(|c| c.to_ascii_lowercase().to_string())))
}

fn distinct(strings: impl Iterator<Item = String>) -> Vec<String> {
    let mut set: Vec<String> = strings.collect();
    set.sort_unstable();
    set.dedup();
    set
}

fn weakest(set: &[String]) -> usize {
    set.iter().map(String::len).min().unwrap_or(0)
}

fn longest(set: &[String]) -> usize {
    set.iter().map(String::len).max().unwrap_or(0)
}

/// The set that lets less through: of those without a string of a single byte, the one whose strings are rarer in prose, all together.
fn better(a: Option<Vec<String>>, b: Option<Vec<String>>) -> Option<Vec<String>> {
    let share = |set: &[String]| set.iter().map(|literal| STEP.powi(commonness(literal.as_bytes()))).sum::<f64>();
    let [a, b] = [a, b].map(|set| set.map(without_digits).filter(|set| weakest(set) > 0));
    match (a, b) {
        (Some(a), Some(b)) if (weakest(&a) < 2) != (weakest(&b) < 2) => Some(if weakest(&b) < 2 { a } else { b }),
        (Some(a), Some(b)) => Some(if share(&b) < share(&a) { b } else { a }),
        (a, b) => a.or(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literals(regex: &str) -> Option<Vec<String>> {
        required(&regex_syntax::parse(regex).unwrap(), false)
    }

    fn set(items: &[&str]) -> Option<Vec<String>> {
        Some(items.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn the_best_literal_is_found_wherever_it_stands() {
        assert_eq!(literals(r"^\d+ comments?$"), set(&[" comment"]));
        assert_eq!(literals(r"(?i)\bsign[- ]?up\b.{0,80}\bnewsletters?\b"), set(&["newsletter"]));
        assert_eq!(literals(r"\d\d:\d\d [AP]M$"), set(&[" am", " pm"]));
        assert_eq!(literals(r"</?(a|b)>"), set(&["</a>", "</b>", "<a>", "<b>"]));
        assert_eq!(literals(r"(share|tweet)( this)?"), set(&["share", "tweet"]));
    }

    #[test]
    fn case_is_folded_without_exotic_letters() {
        assert_eq!(literals("(?i)cookies"), set(&["cookies"]));
    }

    #[test]
    fn some_expressions_need_no_literal() {
        assert_eq!(literals(r"\w+"), None);
        assert_eq!(literals(r"(foo)?\d*"), None);
        assert_eq!(literals(r"foo|\d+"), None);
        assert_eq!(literals("x"), None);
    }

    #[test]
    fn every_match_holds_a_required_literal() {
        for (regex, text) in [
            (r"(?i)(page|pages)( ?\|? ?\d{1,2})+", "Pages 1 | 2"),
            (r"(by|door) [A-Z]\w+", "by Anna"),
            (r"(?i)don[’']?t miss:?", "DON’T MISS"),
            (r"ab{2,3}cd", "abbcd"),
        ] {
            let literals = literals(regex).unwrap();
            assert!(regex::Regex::new(regex).unwrap().is_match(text));
            assert!(literals.iter().any(|literal| text.to_ascii_lowercase().contains(literal.as_str())), "{literals:?} in {text}");
        }
    }
}
