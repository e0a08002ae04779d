use super::*;
use crate::input;
use crate::rule::{Author, RuleSource, Settings};
use serde_json::{Value, json};

/// Two rules: `xx` is found by `spelling/double-x`, `yy` (a warning) by `residue/double-y`.
fn rules() -> RuleSet {
    let rule = |id: &str, group: &str, severity: &str, letter: &str| {
        RuleSource {
        path: format!("{id}.yaml"),
        group: group.into(),
        text: format!(
            "id: {id}\nsummary: s\nseverity: {severity}\nmessage: 'found `{{match}}`'\ndetect:\n  pattern:\n    regex: '{letter}+'\ntests:\n  invalid:\n    - text: '[[{letter}]]'\n  valid: ['b']\n"
        )
        .into(),
        author: Author::User,
    }
    };
    let sources = vec![rule("double-x", "spelling", "error", "xx"), rule("double-y", "residue", "warning", "yy")];
    RuleSet::load(sources, &Settings::default()).unwrap()
}

fn evaluate(documents: &[Value], show: Option<Show>) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("labelled.jsonl");
    std::fs::write(&path, documents.iter().map(|document| format!("{document}\n")).collect::<String>()).unwrap();
    run(input::read(vec![path], input::Options::default()).unwrap(), &rules(), Others::default(), show, 2)
}

#[test]
fn labels_and_findings_are_summed_each_for_itself() {
    let outcome = evaluate(
        &[
            // Hit twice, and one label of a rule that finds nothing there.
            json!({"text": "one xx two", "kind": "easy", "findings": [
                {"rule": "spelling", "start": 4, "end": 6}, {"rule": "double-x", "start": 4, "end": 6}, {"rule": "double-y", "start": 0, "end": 3}]}),
            json!({"text": "xx yy three four", "kind": "hard", "findings": [{"rule": "any", "start": 3, "end": 5}]}),
            json!({"text": "clean", "findings": []}),
        ],
        None,
    );
    assert!(outcome.errors.is_empty() && outcome.unknown.is_empty());
    let tally = serde_json::to_value(&outcome.tally).unwrap();
    assert_eq!(
        tally["labels"]["spelling"],
        json!({"documents": 1, "words": 3, "labels": 1, "hits": 1, "misses": 0, "recall": 1.0, "f1": 2.0 / 3.0})
    );
    assert_eq!(
        tally["labels"]["double-y"],
        json!({"documents": 1, "words": 3, "labels": 1, "hits": 0, "misses": 1, "recall": 0.0, "f1": 0.0})
    );
    assert_eq!(tally["all_labels"], json!({"documents": 3, "words": 8, "labels": 4, "hits": 3, "misses": 1, "recall": 0.75}));
    assert_eq!(
        tally["rules"]["double-x"],
        json!({"documents": 3, "words": 8, "findings": 2, "hits": 1, "false": 1, "precision": 0.5, "false_per_10k_words": 1250.0, "f1": 2.0 / 3.0})
    );
    assert_eq!(tally["all_rules"]["findings"], 3);
    assert_eq!(tally["severities"]["warning"]["false"], 0);
    assert_eq!(tally["severities"]["error"]["false"], 1);
    assert_eq!((&tally["kinds"]["easy"]["recall"], &tally["kinds"]["hard"]["false"]), (&json!(2.0 / 3.0), &json!(1)));
    assert_eq!(outcome.tally.f1, Some(2.0 * 0.75 * (2.0 / 3.0) / (0.75 + 2.0 / 3.0)));
}

#[test]
fn only_the_rules_that_a_document_names_are_scored_on_it() {
    let outcome = evaluate(&[json!({"text": "xx yy", "rules": ["residue"], "findings": []})], None);
    assert_eq!(outcome.tally.all_rules.wrong, 1);
    assert_eq!(outcome.tally.rules.keys().collect::<Vec<_>>(), ["double-y"]);
}

#[test]
fn what_is_not_required_enters_precision_only() {
    let label = json!({"rule": "any", "start": 0, "end": 2, "required": false});
    let outcome = evaluate(&[json!({"text": "xx b", "findings": [label]}), json!({"text": "b b", "findings": [label]})], None);
    assert_eq!((outcome.tally.all_labels.labels, outcome.tally.all_labels.recall), (0, None));
    assert_eq!((outcome.tally.all_rules.hits, outcome.tally.all_rules.wrong), (1, 0));
}

#[test]
fn ignored_findings_enter_nothing() {
    let label = json!({"rule": "any", "start": 1, "end": 4, "match": "ignore"});
    let outcome = evaluate(&[json!({"text": "xx b", "findings": [label]})], None);
    assert_eq!((outcome.tally.all_rules.findings, outcome.tally.all_labels.labels), (0, 0));
}

#[test]
fn offsets_are_those_of_the_record() {
    let outcome = evaluate(&[json!({"text": "\u{feff}één xx", "findings": [{"rule": "double-x", "start": 9, "end": 11}]})], None);
    assert_eq!((outcome.tally.all_rules.hits, outcome.tally.all_labels.hits), (1, 1));
}

#[test]
fn single_results_are_shown_with_their_place() {
    let document = json!({"id": "a1", "text": "one xx two yy", "findings": [{"rule": "spelling", "start": 7, "end": 10}, {"rule": "residue", "start": 11, "end": 13}]});
    let wrong = evaluate(std::slice::from_ref(&document), Some(Show::False)).excerpts;
    assert_eq!(wrong.len(), 1);
    assert_eq!((wrong[0].before.as_str(), wrong[0].text.as_str(), wrong[0].after.as_str()), ("one ", "xx", " two yy"));
    assert_eq!((wrong[0].line, wrong[0].id.as_deref(), wrong[0].message.as_deref()), (1, Some("a1"), Some("found `xx`")));
    let missed = evaluate(&[document], Some(Show::Misses)).excerpts;
    assert_eq!(missed.iter().map(|miss| (miss.rule.as_str(), miss.text.as_str())).collect::<Vec<_>>(), [("spelling", "two")]);
}

#[test]
fn a_document_that_cannot_be_scored_is_said_and_the_rest_goes_on() {
    let outcome = evaluate(
        &[
            json!({"text": "xx"}),
            json!({"text": "xx", "findings": [{"rule": "any", "start": 0, "end": 3}]}),
            json!({"body": "xx", "findings": []}),
            json!({"text": "xx", "findings": [{"rule": "doubel-x", "start": 0, "end": 2}]}),
        ],
        None,
    );
    let errors: Vec<String> = outcome.errors.iter().map(ToString::to_string).collect();
    assert!(errors[0].contains(":1: the labels cannot be used: missing field `findings`"), "{}", errors[0]);
    assert!(errors[1].contains(":2: the labels cannot be used: the label of `any` at 0..3"), "{}", errors[1]);
    assert!(errors[2].contains(":3: the record has no field `text`"), "{}", errors[2]);
    assert_eq!((outcome.unknown.as_slice(), outcome.tally.all_rules.wrong), (&["doubel-x".to_string()][..], 1));
}

#[test]
fn a_file_that_holds_no_records_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    std::fs::write(&path, "xx\n").unwrap();
    let outcome = run(input::read(vec![path], input::Options::default()).unwrap(), &rules(), Others::default(), None, 1);
    assert!(matches!(outcome.errors[..], [EvalError::NoRecords { .. }]));
}
