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
    files.insert("SUMMARY.md".to_string(), contents(&rules));
    let measured = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/measured.tsv")).unwrap();
    let mut measured = reference::measured::read(&measured).unwrap_or_else(|line| panic!("docs/measured.tsv: `{line}`"));
    for (slot, rule) in rules.rules.iter().enumerate() {
        files.insert(
            format!("rules/{}.md", rule.id),
            reference::page(rule, rules.level(slot), &measured.remove(&*rule.id).unwrap_or_default()),
        );
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

/// The pages in the order in which they are best read; those that are not named here follow.
const ORDER: [&str; 17] = [
    "quickstart.md",
    "cli.md",
    "configuration.md",
    "input.md",
    "html.md",
    "detectors.md",
    "repeats.md",
    "writing-rules.md",
    "ci.md",
    "editors.md",
    "corpora.md",
    "accuracy.md",
    "accuracy-residue.md",
    "accuracy-strays.md",
    "performance.md",
    "architecture.md",
    "CONTRIBUTING.md",
];

/// The table of contents that mdBook reads: every page by its heading, then the rules by their groups.
fn contents(rules: &RuleSet) -> String {
    let heading = |name: &str| {
        let text = std::fs::read_to_string(docs().join(name)).ok()?;
        text.lines().find_map(|line| line.strip_prefix("# ")).map(str::to_string)
    };
    let mut pages: Vec<String> = std::fs::read_dir(docs())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".md") && name != "SUMMARY.md")
        .collect();
    pages.sort_by_key(|name| (ORDER.iter().position(|known| known == name).unwrap_or(ORDER.len()), name.clone()));
    let mut out = String::from("# Contents\n\n");
    for name in &pages {
        // A page that goes deeper into another one stands under it: `accuracy-strays.md`.
        let under = pages.iter().any(|other| name.starts_with(&format!("{}-", other.trim_end_matches(".md"))));
        out += &format!("{}- [{}]({name})\n", if under { "  " } else { "" }, heading(name).unwrap_or_else(|| name.clone()));
    }
    out += "- [The rules](rules/README.md)\n";
    for rule in &rules.rules {
        out += &format!("  - [{0}](rules/{0}.md)\n", rule.id);
    }
    out
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
