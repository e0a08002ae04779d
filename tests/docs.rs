//! The commands in the documentation are run, and print what the page says. `UPDATE=1 cargo test` writes the output anew.
//!
//! In a block marked `console`, each line after `$ ` is a command, `? 1` below it the exit code where it is not 0, and the rest what
//! it prints; a line `...` stands for any lines. A block after `<!-- file: NAME -->` is first written to that file.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages with commands: the README and those of `docs/`, but for the generated ones.
fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("README.md")];
    let docs = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    pages.extend(docs.filter(|path| path.extension().is_some_and(|ending| ending == "md")));
    pages.sort();
    pages
}

/// One command of a block.
struct Case {
    command: String,
    code: i32,
    output: Vec<String>,
}

fn cases(block: &[&str]) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in block {
        if let Some(command) = line.strip_prefix("$ ") {
            cases.push(Case { command: command.to_string(), code: 0, output: Vec::new() });
        } else if let Some(case) = cases.last_mut() {
            match line.strip_prefix("? ").and_then(|code| code.parse().ok()) {
                Some(code) if case.output.is_empty() => case.code = code,
                _ => case.output.push(line.trim_end().to_string()),
            }
        }
    }
    for case in &mut cases {
        while case.output.last().is_some_and(String::is_empty) {
            case.output.pop();
        }
    }
    cases
}

fn run(command: &str, folder: &Path) -> (i32, Vec<String>) {
    let bin = Path::new(env!("CARGO_BIN_EXE_copydesk")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("exec 2>&1; {command}")]).current_dir(folder);
    for name in ["COLUMNS", "CLICOLOR_FORCE", "FORCE_COLOR", "LC_ALL", "LC_CTYPE"] {
        shell.env_remove(name);
    }
    let output = shell.env("PATH", path).env("NO_COLOR", "1").env("LANG", "C.UTF-8").stdin(std::process::Stdio::null()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines: Vec<String> = text.lines().map(|line| line.trim_end().to_string()).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    (output.status.code().unwrap_or(-1), lines)
}

/// Whether the lines are those expected, where `...` stands for any number of lines.
fn fits(expected: &[String], found: &[String]) -> bool {
    match expected.split_first() {
        None => found.is_empty(),
        Some((first, rest)) if first == "..." => (0..=found.len()).any(|skipped| fits(rest, &found[skipped..])),
        Some((first, rest)) => found.first() == Some(first) && fits(rest, &found[1..]),
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

/// Runs the blocks of one page; gives the page as it should be, and what was wrong with it.
fn check(page: &Path) -> (String, Vec<String>) {
    let text = fs::read_to_string(page).unwrap();
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("docs/examples"), &folder.path().join("docs/examples"));
    let (mut out, mut wrong) = (Vec::new(), Vec::new());
    let mut lines = text.lines().peekable();
    let mut file: Option<String> = None;
    while let Some(line) = lines.next() {
        out.push(line.to_string());
        if let Some(name) = line.strip_prefix("<!-- file: ").and_then(|rest| rest.strip_suffix(" -->")) {
            file = Some(name.to_string());
        }
        let Some(info) = line.strip_prefix("```") else { continue };
        let mut block = Vec::new();
        while let Some(line) = lines.next_if(|line| *line != "```") {
            block.push(line);
        }
        if let Some(name) = file.take() {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, block.join("\n") + "\n").unwrap();
        }
        if info != "console" {
            out.extend(block.iter().map(ToString::to_string));
        } else {
            for case in cases(&block) {
                let (code, found) = run(&case.command, folder.path());
                let fits = fits(&case.output, &found);
                if code != case.code || !fits {
                    wrong.push(format!("{}: `{}` gives {code}:\n{}", page.display(), case.command, found.join("\n")));
                }
                out.push(format!("$ {}", case.command));
                out.extend((code != 0).then(|| format!("? {code}")));
                out.extend(if fits { case.output } else { found });
            }
        }
        out.extend(lines.next().map(str::to_string));
    }
    (out.join("\n") + "\n", wrong)
}

#[test]
fn commands_print_what_the_pages_say() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for page in pages() {
        let (text, flaws) = check(&page);
        count += text.matches("\n$ copydesk").count();
        if !flaws.is_empty() && std::env::var_os("UPDATE").is_some() {
            fs::write(&page, text).unwrap();
        } else {
            wrong.extend(flaws);
        }
    }
    assert!(wrong.is_empty(), "`UPDATE=1 cargo test` writes these anew:\n{}", wrong.join("\n\n"));
    assert!(count > 3, "only {count} commands were found in the pages");
}

#[test]
fn every_command_and_format_is_listed() {
    let page = fs::read_to_string(root().join("docs/cli.md")).unwrap();
    let (code, help) = run("copydesk --help", root());
    assert_eq!(code, 0);
    let commands = help.iter().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let mut names: Vec<String> = commands
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .map(|name| format!("`copydesk {name}"))
        .collect();
    names.retain(|name| name != "`copydesk help");
    assert!(names.len() > 5, "{help:?}");
    names.extend(copydesk::report::Format::ALL.map(|format| format!("| `{}` |", format.name())));
    let missing: Vec<String> = names.into_iter().filter(|name| !page.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "docs/cli.md does not list {missing:?}");
}

#[test]
fn links_between_the_pages_lead_somewhere() {
    let mut pages = pages();
    pages.extend(fs::read_dir(root().join("docs/rules")).unwrap().map(|entry| entry.unwrap().path()));
    let link = regex::Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let mut broken = Vec::new();
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        let prose: String = text.split("```").step_by(2).collect();
        for found in link.captures_iter(&prose) {
            let (path, anchor) = found[1].split_once('#').unwrap_or((&found[1], ""));
            if path.contains("://") {
                continue;
            }
            let target = if path.is_empty() { page.clone() } else { page.parent().unwrap().join(path) };
            let is_there = target.exists() && (anchor.is_empty() || anchors(&target).iter().any(|known| known == anchor));
            if !is_there {
                broken.push(format!("{}: {}", page.display(), &found[1]));
            }
        }
    }
    assert!(broken.is_empty(), "links that lead nowhere:\n{}", broken.join("\n"));
}

/// What the headings of a page are called in links: lower case, hyphens for spaces, nothing else.
fn anchors(page: &Path) -> Vec<String> {
    let text = fs::read_to_string(page).unwrap_or_default();
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let slug = |c: char| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
        _ => None,
    };
    headings.map(|line| line.trim_start_matches('#').trim().to_lowercase().chars().filter_map(slug).collect()).collect()
}

/// What others read, and copydesk itself never does, is at least YAML and JSON: files for services, and the blocks to be copied from
/// the pages.
#[test]
fn what_services_read_can_be_read() {
    let mut read = Vec::new();
    let mut flaws = Vec::new();
    let mut look = |name: String, info: &str, text: &str| {
        let flaw = match info {
            "yaml" => serde_yaml::from_str::<serde::de::IgnoredAny>(text).err().map(|error| error.to_string()),
            // One value, or one a line.
            "json" => {
                let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
                values.find_map(Result::err).map(|error| error.to_string())
            }
            _ => return,
        };
        flaws.extend(flaw.map(|flaw| format!("{name}: {flaw}")));
        read.push(name);
    };
    for name in ["action.yml", ".pre-commit-hooks.yaml"] {
        look(name.to_string(), "yaml", &fs::read_to_string(root().join(name)).unwrap());
    }
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for (number, block) in text.split("\n```").enumerate().filter(|(number, _)| number % 2 == 1) {
            let (info, block) = block.split_once('\n').unwrap_or((block, ""));
            look(format!("{}, block {}", page.display(), number / 2 + 1), info, block);
        }
    }
    assert!(flaws.is_empty(), "cannot be read:\n{}", flaws.join("\n"));
    assert!(read.len() > 10, "only {read:?} were found");
}
