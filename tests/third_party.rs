//! THIRD_PARTY.md names every crate in the binary and every table, and all licences are permissive. `UPDATE=1 cargo test` writes
//! the list of crates anew; the notices of tables are written by hand.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The marks around a list of crates.
fn marks(list: &str) -> [String; 2] {
    ["start", "end"].map(|mark| format!("<!-- {list}: {mark} -->\n"))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn third_party() -> String {
    fs::read_to_string(root().join("THIRD_PARTY.md")).unwrap()
}

/// The packages that the binary is built from: name, version, licence, home. With `more` features, those of the Python package.
fn packages(more: &[&str]) -> BTreeSet<[String; 4]> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", "x86_64-unknown-linux-gnu"])
        .args(more)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let nodes: BTreeMap<String, Value> = list(&metadata["resolve"]["nodes"]).into_iter().map(|node| (text(&node["id"]), node)).collect();
    let root = text(&metadata["resolve"]["root"]);
    let (mut seen, mut open) = (BTreeSet::from([root.clone()]), vec![root.clone()]);
    while let Some(id) = open.pop() {
        for dependency in list(&nodes[&id]["deps"]) {
            // Neither what tests need nor what build scripts need ends up in the binary.
            let is_in_binary = list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
            let next = text(&dependency["pkg"]);
            if is_in_binary && seen.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    let packages = list(&metadata["packages"]).into_iter().filter(|package| {
        let id = text(&package["id"]);
        id != root && seen.contains(&id)
    });
    packages
        .map(|package| [text(&package["name"]), text(&package["version"]), text(&package["license"]), text(&package["repository"])])
        .collect()
}

/// Holds a list of the page against what it should be, or writes it anew.
fn hold(list: &str, packages: &BTreeSet<[String; 4]>) {
    let mut table = format!("{} crates.\n\n| crate | version | licence |\n|---|---|---|\n", packages.len());
    for [name, version, licence, home] in packages {
        let name = if home.is_empty() { name.clone() } else { format!("[{name}]({home})") };
        table += &format!("| {name} | {version} | {licence} |\n");
    }
    let [start, end] = marks(list);
    let page = third_party();
    let (before, rest) = page.split_once(&start).unwrap();
    let (found, after) = rest.split_once(&end).unwrap();
    if found != table && std::env::var_os("UPDATE").is_some() {
        fs::write(root().join("THIRD_PARTY.md"), format!("{before}{start}{table}{end}{after}")).unwrap();
    } else {
        assert_eq!(found, table, "THIRD_PARTY.md is not current; `UPDATE=1 cargo test` writes it anew");
    }
}

#[test]
fn every_crate_in_the_binary_and_in_the_package_is_listed() {
    let binary = packages(&[]);
    hold("crates", &binary);
    hold("more crates", &packages(&["--features", "python"]).difference(&binary).cloned().collect());
}

#[test]
fn every_licence_is_one_that_we_allow() {
    let deny = fs::read_to_string(root().join("deny.toml")).unwrap();
    let (_, list) = deny.split_once("allow = [").unwrap();
    let allowed: Vec<&str> = list.split(']').next().unwrap().split('"').skip(1).step_by(2).collect();
    assert!(allowed.contains(&"MIT"));
    for [name, _, licence, _] in packages(&["--features", "python"]) {
        // `A/B` is the old way to write `A OR B`; of `A OR B` one must be allowed, of `A AND B` both.
        let expression = licence.replace('/', " OR ").replace(['(', ')'], "");
        let all_of = |part: &str| part.split(" AND ").all(|one| one.split(" OR ").any(|licence| allowed.contains(&licence.trim())));
        assert!(all_of(&expression), "{name}: `{licence}` is not allowed by deny.toml");
    }
}

#[test]
fn every_table_is_named_with_its_notice() {
    let page = third_party();
    let mut folders = vec![root().join("src")];
    let mut tables: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| !["rs", "css", "js", "yaml", "yml"].map(std::ffi::OsStr::new).contains(&ending))
            {
                tables.push(path);
            }
        }
    }
    let missing: Vec<String> = tables
        .iter()
        .map(|path| path.strip_prefix(root()).unwrap().display().to_string())
        .filter(|path| !page.contains(&format!("`{path}`")))
        .collect();
    assert!(missing.is_empty(), "THIRD_PARTY.md does not say where these come from: {}", missing.join(", "));
}

/// What `cargo deny check bans sources` says, for those who have no cargo-deny: of everything that is locked, tests and build scripts too.
#[test]
fn every_crate_comes_from_the_registry_and_none_is_banned() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let deny = fs::read_to_string(root().join("deny.toml")).unwrap();
    let banned: Vec<&str> = deny.split("crate = \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(banned.contains(&"openssl-sys"));
    let mut sources = BTreeSet::new();
    for package in lock.split("[[package]]\n").skip(1) {
        let field = |name: &str| package.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = \"")?.strip_suffix('"'));
        let name = field("name").unwrap();
        assert!(!banned.contains(&name), "{name} is banned by deny.toml");
        match field("source") {
            Some(source) => {
                assert!(field("checksum").is_some(), "{name} has no checksum");
                sources.insert(source);
            }
            None => assert_eq!(name, "copydesk", "{name} comes from no registry"),
        }
    }
    assert!(sources.len() == 1 && sources.iter().all(|source| source.starts_with("registry+https://")), "{sources:?}");
}
