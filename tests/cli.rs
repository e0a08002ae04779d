//! What each command does, as a user sees it: `tests/cmd/*.md`, each in a copy of the folder of its name (`.in`), which must end as
//! the folder `.out`. `TRYCMD=overwrite cargo test --test cli` writes the output anew.

#[test]
fn commands_do_what_their_pages_say() {
    trycmd::TestCases::new().env("NO_COLOR", "1").env("LANG", "C.UTF-8").case("tests/cmd/*.md");
}

/// Runs a program in a folder, and gives its exit code and what it printed.
fn run(folder: &std::path::Path, program: &str, arguments: &[&str]) -> (i32, String) {
    let mut command = std::process::Command::new(program);
    for (name, value) in [("GIT_CONFIG_GLOBAL", "/dev/null"), ("NO_COLOR", "1")] {
        command.env(name, value);
    }
    for name in ["GIT_AUTHOR", "GIT_COMMITTER"] {
        command.env(format!("{name}_NAME"), "A").env(format!("{name}_EMAIL"), "a@example.org");
    }
    let output = command.args(arguments).current_dir(folder).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code().unwrap_or(-1), printed)
}

#[test]
fn only_what_a_branch_changed_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let git = |arguments: &[&str]| {
        let (code, said) = run(root, "git", arguments);
        assert_eq!(code, 0, "{arguments:?}: {said}");
    };
    let write = |name: &str, text: &str| {
        std::fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
        std::fs::write(root.join(name), text).unwrap();
    };
    git(&["init", "-q", "-b", "main"]);
    for name in ["old.txt", "sub/edited.txt", "gone.txt"] {
        write(name, "The council raised the the wall.\n");
    }
    git(&["add", "."]);
    git(&["commit", "-qm", "one"]);
    git(&["checkout", "-qb", "branch"]);
    write("sub/edited.txt", "The mayor raised the the wall.\n");
    git(&["rm", "-q", "gone.txt"]);
    git(&["commit", "-qam", "two"]);
    write("sub/new.txt", "The board raised the the wall.\n");
    write("code.rs", "fn main() {}\n");
    let check = |folder: &std::path::Path, arguments: &[&str]| {
        let mut all = vec!["check", "--select", "doubled-word", "--format", "concise", "--quiet"];
        all.extend(arguments);
        run(folder, env!("CARGO_BIN_EXE_copydesk"), &all)
    };
    let paths = |printed: String| printed.lines().map(|line| line.split(':').next().unwrap().to_string()).collect::<Vec<_>>();
    assert_eq!(paths(check(root, &["--changed-since", "main"]).1), ["sub/edited.txt", "sub/new.txt"]);
    assert_eq!(paths(check(&root.join("sub"), &["--changed-since", "main", "."]).1), ["edited.txt", "new.txt"]);
    assert_eq!(paths(check(root, &["--changed-since", "main", "sub/new.txt", "old.txt"]).1), ["sub/new.txt"]);
    let (code, said) = check(root, &["--changed-since", "no-such-branch"]);
    assert!(code == 2 && said.contains("name a revision"), "{code} {said}");
    // A hook names every file; what the config leaves out is left out all the same.
    write("copydesk.yaml", "ignore: [sub/]\n");
    assert_eq!(paths(check(root, &["sub/new.txt", "old.txt"]).1), ["sub/new.txt", "old.txt"]);
    assert_eq!(paths(check(root, &["--force-ignore", "sub/new.txt", "old.txt"]).1), ["old.txt"]);
}

#[test]
fn too_many_findings_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("many.txt"), "the the wall\n".repeat(100_250)).unwrap();
    let arguments = ["check", "--select", "doubled-word", "--format", "concise", "many.txt"];
    let (_, said) = run(folder.path(), env!("CARGO_BIN_EXE_copydesk"), &arguments);
    let lines: Vec<&str> = said.lines().filter(|line| line.starts_with("many.txt")).collect();
    assert_eq!(lines.len(), 100_001);
    let last =
        "many.txt:100001:1: warning[doubled-word] `doubled-word` is found more often from here on; the first 100,000 findings are listed";
    assert_eq!(lines.last(), Some(&last));
}

#[test]
fn what_a_config_says_of_paths_does_not_depend_on_where_one_stands() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let config = "ignore: [drafts/old, /sub]\npaths:\n  - files: [\"drafts/**\"]\n    rules: {doubled-word: off}\n";
    for (name, text) in [("copydesk.yaml", config), ("drafts/old/a.txt", ""), ("drafts/b.txt", ""), ("sub/c.txt", ""), ("d.txt", "")] {
        std::fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
        std::fs::write(root.join(name), if text.is_empty() { "The council raised the the wall.\n" } else { text }).unwrap();
    }
    let found = |from: &str, arguments: &[&str]| {
        let mut all = vec!["check", "--select", "doubled-word", "--format", "concise", "--quiet"];
        all.extend(arguments);
        let (_, printed) = run(&root.join(from), env!("CARGO_BIN_EXE_copydesk"), &all);
        printed.lines().map(|line| line.split(':').next().unwrap().to_string()).collect::<Vec<_>>()
    };
    for arguments in [&[][..], &["--config", "copydesk.yaml"], &["--config", "drafts/../copydesk.yaml"]] {
        assert_eq!(found("", arguments), ["d.txt"], "{arguments:?}");
    }
    for arguments in [&[][..], &["--config", "../copydesk.yaml"], &["--config", "../copydesk.yaml", ".."]] {
        let expected: &[&str] = if arguments.contains(&"..") { &["../d.txt"] } else { &[] };
        assert_eq!(found("drafts", arguments), expected, "{arguments:?}");
    }
}

#[test]
fn what_a_run_writes_it_does_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    std::fs::write(root.join("a.txt"), "The council raised the the wall.\n").unwrap();
    let check = |arguments: &[&str]| run(root, env!("CARGO_BIN_EXE_copydesk"), &[&["check", "--fail-on", "never"], arguments].concat());
    for name in ["report.html", "report.txt"] {
        std::fs::write(root.join(name), "The old the the report.\n").unwrap();
        let (code, said) = check(&["--format", "html", "--output", name, "--select", "doubled-word"]);
        assert!(code == 0 && said.contains("1 finding (1 warning) in 1 of"), "{code} {said}");
        std::fs::remove_file(root.join(name)).unwrap();
    }
    let (code, said) = check(&["a.txt", "--output", "./a.txt"]);
    assert!(code == 2 && said.contains("`a.txt` would be read and written over"), "{code} {said}");
    assert!(std::fs::read_to_string(root.join("a.txt")).unwrap().contains("the the"));
    let (code, said) = check(&["--fix", "--ledger", "edits.jsonl", "--select", "doubled-word"]);
    assert!(code == 0 && said.contains("in 0 of 1 file") || said.contains("no findings in 1 file"), "{code} {said}");
}
