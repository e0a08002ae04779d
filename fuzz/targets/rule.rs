//! Rule files of users: read, compiled, and run over a short text.
#![no_main]

use copydesk::check;
use copydesk::document::Document;
use copydesk::rule::{Author, RuleSet, RuleSource, Settings};
use libfuzzer_sys::fuzz_target;

const TEXT: &str = "Share this story\n\nThe council voted on Monday, March 3, 2014, to raise the the harbour wall.\n\nShare this story\n";

fuzz_target!(|text: &str| {
    let source = RuleSource { path: "rules/fuzzed.yaml".into(), group: "custom".into(), text: text.into(), author: Author::User };
    match RuleSet::load(vec![source], &Settings::default()) {
        Ok(rules) => drop(check::document(&Document::from_text(TEXT), &rules)),
        Err(flaws) => {
            for flaw in flaws {
                assert!(text.get(flaw.flaw.at.start..flaw.flaw.at.end).is_some(), "a flaw lies outside its file");
            }
        }
    }
});
