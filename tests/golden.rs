//! Whole documents and their rendered reports: `tests/golden/<name>.<ending>` is checked by the rules it is about and shown
//! as a terminal would show it. `cargo insta review`, or `INSTA_UPDATE=always cargo test --test golden`, accepts changes.

use copydesk::check;
use copydesk::document::{Document, Origin};
use copydesk::report::{Format, Look};
use copydesk::rule::{RuleSet, Settings, load};
use copydesk::triage::{Summary, Triage};
use std::path::Path;

/// All that is printed about a document, as at `width` columns.
fn report(name: &str, rules: &[&str], format: Format, width: usize, unicode: bool) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    let select = rules.iter().map(ToString::to_string).collect();
    let rules = RuleSet::load(load::built_in(), &Settings { select, ..Settings::default() }).unwrap();
    let document = Document::new(Origin { path: format!("articles/{name}"), ..Origin::default() }, text);
    let findings = check::document(&document, &rules);
    let checked = Triage::default().sort(document, findings, |_| true);
    let mut summary = Summary::default();
    summary.add(&checked);
    let mut out = Vec::new();
    let mut reporter = format.reporter(Look { color: false, width, unicode }, &[], false);
    reporter.begin(&mut out).unwrap();
    reporter.document(&checked, &mut out).unwrap();
    reporter.finish(&summary, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn matches(snapshot: &str, report: &str) {
    let settings = {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("golden");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings
    };
    settings.bind(|| insta::assert_snapshot!(snapshot, report));
}

const FERRY: [&str; 6] = ["repeated-block", "forum-header", "raw-url-line", "doubled-word", "mixed-quotes", "stray-paragraph"];

#[test]
fn a_body_pasted_twice_at_100_columns() {
    matches("ferry-100", &report("ferry.txt", &FERRY, Format::Pretty, 100, true));
}

#[test]
fn a_body_pasted_twice_at_50_columns_in_ascii() {
    matches("ferry-50", &report("ferry.txt", &FERRY, Format::Pretty, 50, false));
}

#[test]
fn a_body_pasted_twice_in_one_line_each() {
    matches("ferry-concise", &report("ferry.txt", &FERRY, Format::Concise, 100, true));
}

#[test]
fn a_body_pasted_twice_for_machines() {
    matches("ferry-json", &report("ferry.txt", &FERRY, Format::Json, 100, true));
}

const HIDDEN: [&str; 5] = ["control-character", "zero-width", "bidi-control", "soft-hyphen", "doubled-word"];

#[test]
fn hidden_and_wide_characters_are_seen_and_keep_their_columns() {
    matches("hidden-80", &report("hidden.txt", &HIDDEN, Format::Pretty, 80, true));
}

#[test]
fn lines_of_many_thousand_characters_are_cut_around_the_place() {
    matches("endless-60", &report("endless.txt", &["doubled-word"], Format::Pretty, 60, true));
}
