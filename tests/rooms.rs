//! Who may know whom: each room (a file or folder of `src`) imports only the rooms below it.
//!
//! The table in docs/architecture.md is this list; the two are held together by a test.

use regex::Regex;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Room → the rooms that it may import.
const MAY_IMPORT: [(&str, &[&str]); 26] = [
    ("text", &[]),
    ("yaml", &["text"]),
    ("pipeline", &[]),
    ("beside", &[]),
    ("document", &["text"]),
    ("input", &["document", "text"]),
    ("lexicon", &["document", "text"]),
    ("finding", &["document", "text"]),
    ("detect", &["corpus", "document", "text", "lexicon", "finding", "yaml"]),
    ("rule", &["detect", "document", "text", "lexicon", "finding", "yaml"]),
    ("check", &["rule", "detect", "corpus", "document", "text", "finding"]),
    ("triage", &["beside", "finding", "document", "text", "input", "yaml"]),
    ("ledger", &["document", "text"]),
    ("fix", &["beside", "finding", "document", "text", "input", "triage", "ledger"]),
    ("hearing", &["check", "detect", "document", "finding", "rule"]),
    ("clean", &["beside", "check", "corpus", "document", "finding", "fix", "input", "ledger", "pipeline", "rule", "text", "triage"]),
    ("report", &["finding", "document", "text", "triage", "fix"]),
    ("selftest", &["rule", "check", "detect", "corpus", "document", "text", "finding", "fix", "input", "yaml"]),
    ("config", &["finding", "yaml"]),
    ("setup", &["document", "config", "rule", "selftest", "lexicon", "finding", "yaml"]),
    ("reference", &["rule", "config", "finding", "report", "yaml"]),
    ("eval", &["rule", "check", "document", "text", "finding", "input", "report", "pipeline"]),
    ("corpus", &["document", "text"]),
    ("lsp", &["finding", "document", "text", "input", "triage", "fix"]),
    (
        "python",
        &[
            "check", "clean", "corpus", "detect", "document", "finding", "fix", "hearing", "input", "lexicon", "pipeline", "report",
            "rule", "setup", "text", "triage", "yaml",
        ],
    ),
    (
        "cli",
        &[
            "text",
            "yaml",
            "pipeline",
            "beside",
            "document",
            "input",
            "lexicon",
            "finding",
            "detect",
            "rule",
            "check",
            "clean",
            "triage",
            "ledger",
            "lsp",
            "fix",
            "report",
            "selftest",
            "setup",
            "config",
            "reference",
            "eval",
            "corpus",
            "hearing",
        ],
    ),
];

/// What only some rooms may name: the words, the rooms, and why.
const ONLY_IN: [(&str, &[&str], &str); 4] = [
    (r"\bclap(_complete|_mangen)?::", &["cli"], "the command line"),
    (r"\b(print|eprint|println|eprintln|dbg)!\s*[(\[{]", &["cli"], "printing"),
    (r"\bprocess::(exit|abort)\b", &["cli"], "the end of the process"),
    (r"\bserde_yaml::", &["yaml"], "YAML with its places"),
];

fn allowed() -> BTreeMap<&'static str, &'static [&'static str]> {
    BTreeMap::from(MAY_IMPORT)
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every source file with its room; `lib.rs` and `main.rs` belong to none.
fn files() -> Vec<(String, PathBuf)> {
    let (mut files, mut folders) = (Vec::new(), vec![src()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let inside = path.strip_prefix(src()).unwrap();
                let room = inside.components().next().unwrap().as_os_str().to_string_lossy().trim_end_matches(".rs").to_string();
                if room != "lib" && room != "main" {
                    files.push((room, path));
                }
            }
        }
    }
    files.sort();
    files
}

/// The code without its comments, so that a link in a doc comment is no import.
fn code(text: &str) -> String {
    text.lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line }).collect::<Vec<_>>().join("\n")
}

/// The rooms that a file names: `crate::room`, `crate::{room::x, room}`.
fn imports(code: &str) -> Vec<String> {
    let name = |path: &str| path.trim_start().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect::<String>();
    let mut rooms = Vec::new();
    for (at, path) in code.match_indices("crate::") {
        let rest = &code[at + path.len()..];
        match rest.strip_prefix('{') {
            None => rooms.push(name(rest)),
            Some(list) => rooms.extend(items(list).into_iter().map(name)),
        }
    }
    rooms.retain(|room| !room.is_empty());
    rooms
}

/// The parts of a list in braces, up to the brace that closes it; what is in braces of its own is not split.
fn items(list: &str) -> Vec<&str> {
    let (mut items, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                items.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        if c == '}' && depth == 0 && start == at + 1 {
            break;
        }
    }
    items
}

#[test]
fn rooms_import_only_what_lies_below_them() {
    let allowed = allowed();
    let mut wrong = Vec::new();
    for (room, path) in files() {
        let code = code(&fs::read_to_string(&path).unwrap());
        let Some(may) = allowed.get(room.as_str()) else {
            wrong.push(format!("{}: the room `{room}` is not in the table", path.display()));
            continue;
        };
        for other in imports(&code).into_iter().filter(|other| *other != room && !may.contains(&other.as_str())) {
            wrong.push(format!("{}: `{room}` must not know `{other}`", path.display()));
        }
        let is_root = path.parent() == Some(&src()) || path.file_name().is_some_and(|name| name == "mod.rs");
        if is_root && path.parent().is_some_and(|folder| folder == src() || folder.parent() == Some(&src())) {
            for line in code.lines().filter(|line| line.starts_with("use super::")) {
                wrong.push(format!("{}: write `crate::` to name another room: {line}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn some_things_have_one_place() {
    let mut wrong = Vec::new();
    for (words, rooms, what) in ONLY_IN {
        let words = Regex::new(words).unwrap();
        for (room, path) in files().into_iter().filter(|(room, _)| !rooms.contains(&room.as_str())) {
            let code = code(&fs::read_to_string(&path).unwrap());
            // What a test prints is seen by nobody but its author.
            let code = code.split("#[cfg(test)]").next().unwrap_or_default();
            if let Some(found) = words.find(code).filter(|_| path.file_name().is_none_or(|name| name != "tests.rs")) {
                wrong.push(format!("{}: {what} is no business of `{room}`: {}", path.display(), found.as_str()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_has_no_circle() {
    // Rooms are listed from the bottom up, but for those that stand beside one another.
    let allowed = allowed();
    let mut done: Vec<&str> = Vec::new();
    while done.len() < allowed.len() {
        let next: Vec<&str> = allowed
            .iter()
            .filter(|(room, may)| !done.contains(room) && may.iter().all(|room| done.contains(room)))
            .map(|(room, _)| *room)
            .collect();
        assert!(
            !next.is_empty(),
            "these rooms know one another in a circle or name one that is not listed: {:?}",
            allowed.keys().filter(|room| !done.contains(room)).collect::<Vec<_>>()
        );
        done.extend(next);
    }
}

#[test]
fn the_architecture_page_has_the_same_table() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/architecture.md")).unwrap();
    let shown: BTreeMap<String, Vec<String>> = page
        .lines()
        .skip_while(|line| !line.starts_with("| room | may import |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let mut cells = line.split('|').skip(1).map(str::trim);
            let room = cells.next().unwrap().trim_matches('`').to_string();
            let mut may: Vec<String> = cells.next().unwrap().split(", ").filter(|name| *name != "–").map(str::to_string).collect();
            may.sort();
            (room, may)
        })
        .collect();
    let listed: BTreeMap<String, Vec<String>> = MAY_IMPORT
        .iter()
        .map(|(room, may)| {
            let mut may: Vec<String> = if *room == "cli" { vec!["all".into()] } else { may.iter().map(ToString::to_string).collect() };
            may.sort();
            (room.to_string(), may)
        })
        .collect();
    assert_eq!(shown, listed);
}

#[test]
fn every_way_to_import_is_seen() {
    let seen = |text: &str| imports(&code(text));
    assert_eq!(seen("use crate::rule::RuleSet;\nfn f(x: crate::yaml::Flaw) {}"), ["rule", "yaml"]);
    assert_eq!(seen("use crate::{document::{Document, Block}, finding, rule::RuleSet};"), ["document", "finding", "rule"]);
    assert_eq!(seen("use crate::{\n    check,\n    text::Span,\n};"), ["check", "text"]);
    assert!(seen("/// See [`crate::cli::main`].\n// crate::cli").is_empty());
}
