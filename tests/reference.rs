//! The generated documentation is current. `UPDATE=1 cargo test` writes it anew.

use copydesk::config::{Config, DEFAULT_PROFILE};
use copydesk::detect::expression;
use copydesk::reference;
use copydesk::rule::{RuleSet, Settings, known, load};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Every generated file under `docs/`, with what it should hold.
fn generated() -> BTreeMap<String, String> {
    let config = Config::of_profile(DEFAULT_PROFILE, load::profile).unwrap_or_default();
    let settings = Settings { layers: config.layers, ..Settings::default() };
    let Ok(rules) = RuleSet::load(load::built_in(), &settings) else { panic!("the built-in rules do not load") };
    let mut files = BTreeMap::from([
        ("rule.schema.json".to_string(), reference::rule_schema()),
        ("config.schema.json".to_string(), reference::config_schema()),
        ("rules/README.md".to_string(), reference::index(&rules)),
    ]);
    for (slot, rule) in rules.rules.iter().enumerate() {
        files.insert(format!("rules/{}.md", rule.id), reference::page(rule, rules.level(slot)));
    }
    files
}

/// The tables that are made of the built-in rules.
#[test]
fn what_is_known_of_the_built_in_rules_is_current() {
    let Ok(rules) = RuleSet::load(load::built_in(), &Settings::default()) else { panic!("the built-in rules do not load") };
    let expressions = expression::table(rules.rules.iter().flat_map(|rule| rule.detector.expressions()));
    for (name, expected) in [("src/detect/expressions.tsv", expressions), ("src/rule/built_in.tsv", known::table(&load::built_in()))] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, expected).unwrap();
            continue;
        }
        let found = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
        assert!(found == expected, "{name} is not current; `UPDATE=1 cargo test` writes it anew");
    }
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

#[test]
fn generated_pages_and_schemas_are_current() {
    let update = std::env::var_os("UPDATE").is_some();
    let files = generated();
    let mut stale = Vec::new();
    for (name, expected) in &files {
        let path = docs().join(name);
        if std::fs::read_to_string(&path).is_ok_and(|found| found.replace("\r\n", "\n") == *expected) {
            continue;
        }
        if update {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, expected).unwrap();
        } else {
            stale.push(name.clone());
        }
    }
    for entry in std::fs::read_dir(docs().join("rules")).into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = format!("rules/{}", path.file_name().unwrap().to_string_lossy());
        if !files.contains_key(&name) {
            if update {
                std::fs::remove_file(&path).unwrap();
            } else {
                stale.push(format!("{name} (of a rule that is gone)"));
            }
        }
    }
    assert!(stale.is_empty(), "not current; `UPDATE=1 cargo test` writes them anew:\n{}", stale.join("\n"));
}

#[test]
fn every_kind_of_detector_is_documented_with_its_parameters() {
    let guide = std::fs::read_to_string(docs().join("writing-rules.md")).unwrap();
    let mut missing = Vec::new();
    for (kind, _) in reference::kinds() {
        let Some((_, after)) = guide.split_once(&format!("\n### {kind}\n")) else {
            missing.push(kind);
            continue;
        };
        let section = after.split("\n### ").next().unwrap_or_default().split("\n## ").next().unwrap_or_default();
        let parameters = reference::parameters_of(&kind).into_iter().map(|(name, _)| name);
        missing.extend(parameters.filter(|name| !section.contains(&format!("`{name}`"))).map(|name| format!("{kind}: {name}")));
    }
    assert!(missing.is_empty(), "docs/writing-rules.md does not speak of:\n{}", missing.join("\n"));
}
