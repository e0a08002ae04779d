//! Every rule in the binary passes its own examples, and is complete.

use copydesk::detect::Detector;
use copydesk::rule::{RuleSet, Settings, load};
use copydesk::selftest;

fn rules() -> RuleSet {
    RuleSet::load(load::built_in(), &Settings::default()).unwrap_or_else(|flaws| {
        let list: Vec<String> = flaws.iter().map(|flaw| format!("{}: {}", flaw.path, flaw.flaw.message)).collect();
        panic!("the built-in rules do not load:\n{}", list.join("\n"))
    })
}

#[test]
fn every_example_holds() {
    let rules = rules();
    let mut failed = Vec::new();
    let mut count = 0;
    for slot in 0..rules.rules.len() {
        for trial in selftest::trials(&rules, slot) {
            count += 1;
            if let Some(flaw) = trial.flaw {
                failed.push(format!("{} {}: {} {}", trial.rule, trial.name, flaw.flaw.message, flaw.flaw.help.unwrap_or_default()));
            }
        }
    }
    assert!(failed.is_empty(), "{} of {count} examples fail:\n{}", failed.len(), failed.join("\n"));
    assert!(count >= 2 * rules.rules.len());
}

#[test]
fn every_rule_says_why_and_what_to_do() {
    for rule in &rules().rules {
        let id = &rule.id;
        assert!(rule.why.as_ref().is_some_and(|why| why.len() > 60), "{id} has no `why`");
        assert!(rule.voice.help.is_some(), "{id} has no `help`");
        assert!(rule.summary.ends_with('.') && rule.summary.len() < 120, "{id}: a summary is one short sentence");
        assert_eq!(rule.source.path, format!("rules/{}/{id}.yaml", rule.group), "the file is named after the rule");
    }
}

#[test]
fn every_rule_shows_what_it_finds_and_what_it_leaves_alone() {
    let rules = rules();
    for (slot, rule) in rules.rules.iter().enumerate() {
        let names: Vec<String> = selftest::trials(&rules, slot).into_iter().map(|trial| trial.name).collect();
        for kind in ["invalid 1", "valid 1"] {
            assert!(names.iter().any(|name| name == kind), "{} has no example `{kind}`", rule.id);
        }
    }
}

/// Bytes that the compiled expression of a built-in rule may take.
const MAX_BUILT_IN: usize = 330_000;

#[test]
fn every_expression_compiles_and_has_a_literal_for_the_gate() {
    for rule in &rules().rules {
        if let Detector::Pattern(pattern) = &rule.detector {
            // Compiled when first met: a large one would cost more than the whole check of a small file.
            assert_eq!(pattern.compile(MAX_BUILT_IN), Ok(()), "{}: `{{0,400}}` of a class is 400 copies of it, `*` is one", rule.id);
            assert!(pattern.literals().is_some(), "{}: the expression has no fixed text of two bytes or more", rule.id);
        }
        if let Detector::Furniture(furniture) = &rule.detector {
            assert_eq!(furniture.compile(MAX_BUILT_IN), Ok(()), "{}", rule.id);
        }
    }
}
