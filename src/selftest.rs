//! Runs the examples that rules carry: what must fire, what must stay quiet, and the text after the fix.

use crate::corpus::{Digest, Index};
use crate::detect::{Context, Gate};
use crate::document::{Document, Format, Origin};
use crate::finding::{Edit, Finding};
use crate::input;
use crate::rule::{Examples, RuleSet};
use crate::text::Span;
use crate::yaml::{FileFlaw, Flaw, Placed};

/// One example of a rule, and how it went.
#[derive(Debug)]
pub struct Trial {
    pub rule: String,
    /// `invalid 1`, `valid 2` …, counted from 1.
    pub name: String,
    /// What went wrong, with its place in the rule file.
    pub flaw: Option<FileFlaw>,
}

/// Runs all examples of one rule.
pub fn trials(rules: &RuleSet, slot: usize) -> Vec<Trial> {
    let rule = &rules.rules[slot];
    let bench = Bench { rules, slot, gate: Gate::alone(slot, rule.detector.literals()) };
    let trials = bench.trials(&rule.examples);
    // Only what went wrong must be shown where it stands, for which the file is read again.
    let failed = trials.iter().any(|trial| trial.flaw.is_some());
    failed.then(|| rule.examples_with_places()).flatten().map_or(trials, |placed| bench.trials(&placed))
}

/// Where one rule is tried by itself.
struct Bench<'r> {
    rules: &'r RuleSet,
    slot: usize,
    gate: Gate,
}

impl Bench<'_> {
    fn trials(&self, examples: &Examples) -> Vec<Trial> {
        let rule = &self.rules.rules[self.slot];
        let trial = |name: String, flaw: Option<Flaw>| Trial {
            rule: rule.id.to_string(),
            name,
            flaw: flaw.map(|flaw| FileFlaw::new("example", &rule.source.path, &rule.source.text, flaw)),
        };
        let format = examples.format;
        let beside = beside(&examples.beside, format);
        let mut trials = Vec::new();
        for (number, example) in examples.invalid.iter().enumerate() {
            let flaw = self.invalid(beside.as_ref(), &example.text, example.fixed.as_ref());
            trials.push(trial(format!("invalid {}", number + 1), flaw));
        }
        for (number, example) in examples.valid.iter().enumerate() {
            let document = page(0, &example.value, format);
            let findings = self.run(beside.as_ref(), &document);
            let flaw = findings.first().map(|finding| {
                let found = finding.span.of(&document.text);
                Flaw::new(
                    example.at,
                    format!("`{}` finds `{}` in a text that it must leave alone", rule.id, short(found)),
                    "this valid example",
                )
            });
            trials.push(trial(format!("valid {}", number + 1), flaw));
        }
        trials
    }

    fn invalid(&self, beside: Option<&Index>, example: &Placed<String>, fixed: Option<&Placed<String>>) -> Option<Flaw> {
        let (rules, slot) = (self.rules, self.slot);
        let id = &rules.rules[slot].id;
        let Some((text, marks)) = unmark(&example.value) else {
            return Some(Flaw::new(example.at, "the marks `[[` and `]]` of this example do not pair", "this example"));
        };
        if marks.is_empty() {
            let flaw = Flaw::new(example.at, "an invalid example must mark what is wrong", "nothing is marked here");
            return Some(flaw.help("put `[[` and `]]` around exactly what must be found"));
        }
        let document = page(0, &text, rules.rules[slot].examples.format);
        let findings = self.run(beside, &document);
        let found: Vec<Span> = findings.iter().map(|finding| document.to_source(finding.span)).collect();
        if let Some(&missed) = marks.iter().find(|mark| !found.contains(mark)) {
            let instead = match found.iter().find(|span| span.overlaps(missed)) {
                Some(&span) => format!("`{id}` finds `{}` instead of `{}`", short(span.of(&text)), short(missed.of(&text))),
                None => format!("`{id}` does not find `{}`", short(missed.of(&text))),
            };
            return Some(Flaw::new(example.at, instead, "this invalid example"));
        }
        if let Some(&noise) = found.iter().find(|span| !marks.contains(span)) {
            let message = format!("`{id}` finds `{}`, which is not marked", short(noise.of(&text)));
            return Some(Flaw::new(example.at, message, "this invalid example"));
        }
        let fixed = fixed?;
        let result = apply(&text, &findings);
        (result != fixed.value).then(|| {
            let flaw = Flaw::new(fixed.at, format!("the fix of `{id}` gives another text"), "expected this");
            flaw.help(format!("the fix gives:\n{result}"))
        })
    }

    fn run(&self, beside: Option<&Index>, document: &Document) -> Vec<Finding> {
        let cx = Context::new(document, &self.gate).beside(beside);
        let mut findings = self.rules.run(self.slot, self.rules.rules[self.slot].severity, &cx);
        findings.sort_by_key(|finding| finding.span);
        findings
    }
}

/// The documents that stand beside the examples, if there are any.
fn beside(texts: &[Placed<String>], format: Format) -> Option<Index> {
    let digests = texts.iter().enumerate().map(|(number, text)| Digest::of(&page(number + 1, &text.value, format)));
    (!texts.is_empty()).then(|| Index::of(digests))
}

/// Page 0 is the example.
fn page(number: usize, text: &str, format: Format) -> Document {
    let path = if number == 0 { String::new() } else { format!("page-{number}.txt") };
    input::parse(Origin { path, url: Some(format!("https://tide.example/{number}")), ..Origin::default() }, format, text)
}

/// The text after the fixes of all findings, those that overlap an earlier one left out.
fn apply(text: &str, findings: &[Finding]) -> String {
    let mut edits: Vec<Edit> = findings.iter().filter_map(Finding::fix).flat_map(|fix| fix.edits).collect();
    edits.sort_by_key(|edit| edit.span);
    let (mut out, mut at) = (String::new(), 0);
    for edit in edits {
        if edit.span.start >= at {
            out.push_str(&text[at..edit.span.start]);
            out.push_str(&edit.text);
            at = edit.span.end;
        }
    }
    out + &text[at..]
}

/// The text without its marks, and the spans that they held; `None` where they do not pair.
fn unmark(marked: &str) -> Option<(String, Vec<Span>)> {
    let (mut text, mut marks, mut rest) = (String::new(), Vec::new(), marked);
    while let Some(at) = rest.find("[[") {
        let mut end = at + rest[at..].find("]]")?;
        // `[[[b]]]` marks `[b]`.
        while rest[end + 2..].starts_with(']') {
            end += 1;
        }
        let inner = &rest[at + 2..end];
        text.push_str(&rest[..at]);
        marks.push(Span::new(text.len(), text.len() + inner.len()));
        text.push_str(inner);
        rest = &rest[end + 2..];
    }
    if rest.contains("]]") {
        return None;
    }
    text.push_str(rest);
    Some((text, marks))
}

fn short(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{Author, RuleSource, Settings};

    fn flaws(tests: &str) -> Vec<String> {
        let text = format!(
            "id: office-typo\nsummary: s\nseverity: error\nmessage: '`{{found}}`'\nfix: replace\ndetect:\n  swap:\n    pairs:\n      foreign minster: foreign minister\ntests:\n{tests}"
        );
        let source = RuleSource { path: "r.yaml".into(), group: "custom".into(), text: text.into(), author: Author::User };
        let rules = RuleSet::load(vec![source], &Settings::default()).unwrap();
        trials(&rules, 0).into_iter().filter_map(|trial| trial.flaw).map(|flaw| flaw.flaw.message).collect()
    }

    #[test]
    fn good_examples_pass() {
        let tests = "  invalid:\n    - text: 'The [[foreign minster]] spoke.'\n      fixed: 'The foreign minister spoke.'\n  valid:\n    - 'York Minster'\n";
        assert!(flaws(tests).is_empty());
    }

    #[test]
    fn every_way_to_fail_is_named() {
        let case = |invalid: &str, valid: &str| flaws(&format!("  invalid:\n    - {invalid}\n  valid:\n    - {valid}\n"));
        assert!(case("text: 'The [[council]] spoke.'", "'York'")[0].contains("does not find"));
        assert!(case("text: '[[The foreign minster]] spoke.'", "'York'")[0].contains("instead of"));
        assert!(case("text: '[[foreign minster]], foreign minster'", "'York'")[0].contains("not marked"));
        assert!(case("text: 'foreign minster'", "'York'")[0].contains("must mark"));
        assert!(case("text: '[[foreign minster'", "'York'")[0].contains("do not pair"));
        assert!(case("text: '[[foreign minster]]'\n      fixed: 'x'", "'York'")[0].contains("another text"));
        assert!(case("text: '[[foreign minster]]'", "'The foreign minster'")[0].contains("must leave alone"));
    }
}
