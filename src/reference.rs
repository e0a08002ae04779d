//! The part of the documentation that is made from the code: a page for each rule, their index, and the JSON schemas.

pub mod measured;

use crate::config::ConfigFile;
use crate::finding::Level;
use crate::report::safe_name;
use crate::rule::file::RuleFile;
use crate::rule::{Rule, RuleSet};
use measured::Measured;
use serde_json::{Map, Value};
use std::fmt::Write;

/// The JSON schema of a rule file, as text.
pub fn rule_schema() -> String {
    pretty(&schemars::schema_for!(RuleFile).to_value())
}

/// The JSON schema of `copydesk.yaml`, as text.
pub fn config_schema() -> String {
    pretty(&schemars::schema_for!(ConfigFile).to_value())
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

/// The list of all rules, by group, as Markdown.
pub fn index(rules: &RuleSet) -> String {
    let mut out = String::from("# The rules\n\n");
    out.push_str("Each page says why the rule is there, what it leaves alone, and how to set it. `copydesk rules` prints this list,\n");
    out.push_str("`copydesk explain RULE` a page.\n");
    let mut group = "";
    for (slot, rule) in rules.rules.iter().enumerate() {
        if rule.group != group {
            group = &rule.group;
            let _ = write!(out, "\n## {group}\n\n| rule | severity | default | fix | what it finds |\n|---|---|---|---|---|\n");
        }
        let state = rules.level(slot).state();
        let _ =
            writeln!(out, "| [{0}]({0}.md) | {1} | {state} | {2} | {3} |", rule.id, rule.severity, rule.fix.name(), cell(&rule.summary));
    }
    out
}

/// The page of one rule, as Markdown. `level` is what the default profile sets it to.
pub fn page(rule: &Rule, level: Level, measured: &[Measured]) -> String {
    let file = crate::yaml::read::<Value>(&rule.source.text).unwrap_or_default();
    let (kind, parameters) = detector(&file);
    let mut out = format!("# {}\n\n{}\n\n", rule.id, rule.summary);
    out.push_str("| group | severity | default | fix | kind of detector |\n|---|---|---|---|---|\n");
    let _ = writeln!(
        out,
        "| {} | {} | {} | {} | [{kind}](../writing-rules.md#{kind}) |\n",
        rule.group,
        rule.severity,
        level.state(),
        rule.fix.name()
    );
    let _ = writeln!(out, "Message: {}\n", line(&file, "message"));
    if rule.voice.help.is_some() {
        let _ = writeln!(out, "Help: {}\n", line(&file, "help"));
    }
    if let Some(why) = &rule.why {
        let _ = writeln!(out, "## Why\n\n{}\n", why.trim());
    }
    write_parameters(&mut out, kind, &parameters);
    if let Some(scope) = file.get("where") {
        let _ = writeln!(out, "## Where\n\n{}\n", in_words(scope));
    }
    out.push_str("## Examples\n\n");
    for example in &rule.examples.invalid {
        let _ = writeln!(out, "Found, between `[[` and `]]`:\n\n{}", fenced(&example.text.value));
        if let Some(fixed) = &example.fixed {
            let _ = writeln!(out, "After the fix:\n\n{}", fenced(&fixed.value));
        }
    }
    for example in rule.examples.valid.iter().filter(|example| !example.value.trim().is_empty()) {
        let _ = writeln!(out, "Left alone:\n\n{}", fenced(&example.value));
    }
    let _ = writeln!(out, "{}", measured::section(measured));
    let turned = if level.runs() { "off" } else { "on" };
    let _ = writeln!(out, "## Setting it\n\nIn `copydesk.yaml`:\n\n```yaml\nrules:\n  {}: {turned}   # or info, warning, error", rule.id);
    if let Some((name, value)) = parameters.iter().find(|(_, value)| value.is_number() || value.is_boolean()) {
        let _ = writeln!(out, "parameters:\n  {}:\n    {name}: {value}", rule.id);
    }
    let _ = writeln!(out, "```\n\nThe rule itself: `{}`", rule.source.path);
    out
}

/// The kind of detector and the parameters that the file gives it.
fn detector(file: &Value) -> (&str, Map<String, Value>) {
    let detect = file.get("detect").and_then(Value::as_object);
    let (kind, parameters) =
        detect.and_then(|detect| detect.iter().next()).map_or(("", &Value::Null), |(kind, value)| (kind.as_str(), value));
    (kind, parameters.as_object().cloned().unwrap_or_default())
}

fn write_parameters(out: &mut String, kind: &str, given: &Map<String, Value>) {
    let known = parameters_of(kind);
    if known.is_empty() {
        return;
    }
    let _ = writeln!(out, "## Parameters\n\n| parameter | in this rule | what it is |\n|---|---|---|");
    for (name, schema) in known {
        let value = match (given.get(&name), schema.get("default")) {
            (Some(value), _) => short(value),
            (None, Some(default)) if !default.is_null() => format!("{} (the default)", short(default)),
            (None, _) => "–".into(),
        };
        let about = schema.get("description").and_then(Value::as_str).unwrap_or_default();
        let _ = writeln!(out, "| `{name}` | {value} | {} |", cell(&format!("{about} {}", choices(&schema))));
    }
    out.push('\n');
}

/// Name and schema of each parameter of a kind, as the types say.
pub fn parameters_of(kind: &str) -> Vec<(String, Value)> {
    let schema = schemars::schema_for!(RuleFile).to_value();
    let resolve = |value: &Value| match value.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix('#')) {
        Some(pointer) => schema.pointer(pointer).cloned().unwrap_or_default(),
        None => value.clone(),
    };
    let kinds = schema.pointer("/$defs/Kind/oneOf").and_then(Value::as_array);
    let found = kinds.into_iter().flatten().find_map(|variant| variant.get("properties")?.get(kind));
    let properties = found.map(resolve).and_then(|parameters| parameters.get("properties").and_then(Value::as_object).cloned());
    let named = properties.unwrap_or_default().into_iter().map(|(name, parameter)| {
        // What stands beside a reference (the description) goes with what it refers to.
        let mut whole = resolve(&parameter);
        if let (Some(whole), Some(own)) = (whole.as_object_mut(), parameter.as_object()) {
            whole.extend(own.clone());
        }
        (name, whole)
    });
    named.collect()
}

/// `One of …`, where only some words may stand.
fn choices(schema: &Value) -> String {
    let variants = schema.get("oneOf").or_else(|| schema.get("enum")).and_then(Value::as_array);
    let mut words = Vec::new();
    for variant in variants.into_iter().flatten() {
        let several = variant.get("enum").and_then(Value::as_array);
        let named = several.map_or_else(|| vec![variant.get("const").unwrap_or(variant)], |several| several.iter().collect());
        words.extend(named.into_iter().filter_map(Value::as_str).map(|word| format!("`{word}`")));
    }
    if words.is_empty() { String::new() } else { format!("One of {}.", words.join(", ")) }
}

/// Names of all kinds of detectors, with what each looks for.
pub fn kinds() -> Vec<(String, String)> {
    let schema = schemars::schema_for!(RuleFile).to_value();
    let variants = schema.pointer("/$defs/Kind/oneOf").and_then(Value::as_array).cloned().unwrap_or_default();
    let kind = |variant: &Value| {
        let name = variant.get("properties")?.as_object()?.keys().next()?.clone();
        Some((name, variant.get("description").and_then(Value::as_str).unwrap_or_default().to_string()))
    };
    variants.iter().filter_map(kind).collect()
}

/// The text of a key on one line.
fn line(file: &Value, key: &str) -> String {
    let text = file.get(key).and_then(Value::as_str).unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text that may stand in a table cell.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

/// A parameter's value in the space of a table cell.
fn short(value: &Value) -> String {
    /// Longest value in characters that is shown whole.
    const WHOLE: usize = 60;
    let many = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    match value {
        Value::Array(items) if value.to_string().len() > WHOLE => many(items.len(), "entry").replace("entrys", "entries"),
        Value::Object(pairs) if value.to_string().len() > WHOLE => many(pairs.len(), "pair"),
        Value::String(text) if text.chars().count() > WHOLE => "see the file".into(),
        Value::String(text) => code(text),
        other => code(&other.to_string()),
    }
}

/// Inline code in a table cell, whatever is in it.
fn code(text: &str) -> String {
    let fence = if text.contains('`') { "``" } else { "`" };
    format!("{fence}{}{fence}", cell(&safe_name(text)))
}

/// The `where:` of a rule, in a sentence.
fn in_words(scope: &Value) -> String {
    let list = |key: &str| -> Option<String> {
        let items: Vec<String> = scope.get(key)?.as_array()?.iter().filter_map(Value::as_str).map(|item| format!("`{item}`")).collect();
        (!items.is_empty()).then(|| items.join(", "))
    };
    let number = |key: &str| scope.get(key).and_then(Value::as_u64);
    let mut parts = Vec::new();
    parts.extend(list("languages").map(|list| format!("in documents in the language {list}")));
    parts.extend(list("paths").map(|list| format!("in files that match {list}")));
    match (number("first-blocks"), number("last-blocks")) {
        (Some(first), Some(last)) => {
            parts.push(format!("in the first {first} and the last {last} blocks (paragraphs, headings, list items)"))
        }
        (Some(first), None) => parts.push(format!("in the first {first} blocks (paragraphs, headings, list items)")),
        (None, Some(last)) => parts.push(format!("in the last {last} blocks (paragraphs, headings, list items)")),
        (None, None) => {}
    }
    if parts.is_empty() { "As the file says under `where:`.".into() } else { format!("Only {}.", parts.join(", ")) }
}

/// A code block that holds this text: hidden characters spelled out, line by line.
fn fenced(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let lines: Vec<_> = text.split('\n').map(|line| safe_name(line.strip_suffix('\r').unwrap_or(line))).collect();
    format!("{fence}text\n{}\n{fence}\n", lines.join("\n").trim_end_matches('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_detector_is_named_with_its_parameters() {
        let kinds = kinds();
        assert!(kinds.iter().all(|(_, about)| about.len() > 10), "{kinds:?}");
        assert!(kinds.iter().any(|(kind, _)| kind == "pattern"));
        let parameters = parameters_of("pattern");
        let within = parameters.iter().find(|(name, _)| name == "within").unwrap();
        assert_eq!(choices(&within.1), "One of `line`, `block`, `document`.");
        let regex = parameters.iter().find(|(name, _)| name == "regex").unwrap();
        assert!(regex.1["description"].as_str().unwrap().contains("mark"));
    }

    #[test]
    fn examples_cannot_break_out_of_their_block() {
        assert_eq!(fenced("a\n```\n\u{1b}b\n"), "````text\na\n```\n<U+001B>b\n````\n");
    }

    #[test]
    fn values_fit_a_cell() {
        assert_eq!(short(&serde_json::json!("a|b")), "`a\\|b`");
        assert_eq!(short(&serde_json::json!(vec!["a long phrase to look for"; 9])), "9 entries");
        assert_eq!(short(&serde_json::json!(0.1)), "`0.1`");
    }
}
