//! `copydesk.yaml`: which rules run, how grave they are, what is left out. A profile is such a file too.

mod file;

pub use file::{ConfigFile, FailOn, FieldNames, FirstBy, LevelName, PathSettings, RecordFormat};

use crate::finding::{Layer, Level};
use crate::yaml::{FileFlaw, Flaw, Mapping, Overlay, Placed};
use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// The names that are looked for, in the working folder and those above it.
pub const NAMES: [&str; 3] = ["copydesk.yaml", "copydesk.yml", ".copydesk.yaml"];

/// The profile that is used where none is named.
pub const DEFAULT_PROFILE: &str = "news";

/// How deep profiles may extend one another.
const MAX_EXTENDS: usize = 8;

/// All that was configured, profiles included.
#[derive(Debug, Default)]
pub struct Config {
    /// The file that was read, if there was one.
    pub path: Option<PathBuf>,
    /// The folder that its paths are relative to.
    pub root: PathBuf,
    /// What each file says of rules, groups and `all`; later ones count more.
    pub layers: Vec<Layer>,
    pub by_path: Vec<(GlobSet, Layer)>,
    pub parameters: BTreeMap<String, Overlay>,
    pub rule_folders: Vec<PathBuf>,
    pub ignore: Vec<String>,
    pub words: Vec<String>,
    pub words_by_path: Vec<(GlobSet, Vec<String>)>,
    /// Language code and the `.dic` file of its dictionary.
    pub dictionaries: BTreeMap<String, PathBuf>,
    pub tables: Option<PathBuf>,
    pub fields: FieldNames,
    /// The last that fits counts for what it says.
    pub fields_by_path: Vec<(GlobSet, FieldNames)>,
    pub max_document_mb: Option<usize>,
    pub first_by: Option<FirstBy>,
    pub fail_on: Option<FailOn>,
    pub baseline: Option<PathBuf>,
    pub accepted: Option<PathBuf>,
    /// Names of rules and groups with their places in the user's file, to be held against the rules there are.
    named: Vec<Placed<String>>,
    text: String,
}

/// Where configs are read from.
pub struct Sources<'s> {
    /// The text of a profile in the binary.
    pub profile: &'s dyn Fn(&str) -> Option<&'static str>,
    /// The text of a file.
    pub file: &'s dyn Fn(&Path) -> io::Result<String>,
}

/// Why a config could not be read.
#[derive(Debug)]
pub enum ConfigError {
    /// The file itself, or one that it names.
    Unreadable {
        path: PathBuf,
        reason: String,
    },
    Invalid(Vec<FileFlaw>),
}

impl Config {
    /// Reads the file named, or the nearest one in the working folder and those above; without any, the default profile.
    /// `profile` gives the text of a profile in the binary.
    pub fn load(explicit: Option<&Path>, profile: impl Fn(&str) -> Option<&'static str>) -> Result<Self, ConfigError> {
        let found = explicit.map(Path::to_path_buf).or_else(Self::nearest);
        Self::read(found, &Sources { profile: &profile, file: &|path| std::fs::read_to_string(path) })
    }

    /// The nearest config in the working folder and those above.
    pub fn nearest() -> Option<PathBuf> {
        let here = std::env::current_dir().ok()?;
        // One that lies here is named as a user would name it, so that reports do not depend on where the folder lies.
        nearest(&here).map(|path| path.strip_prefix(&here).map(Path::to_path_buf).unwrap_or_else(|_| path.clone()))
    }

    /// As `load`, from files that may lie elsewhere than on the disk; without a path, the default profile.
    pub fn read(path: Option<PathBuf>, sources: &Sources<'_>) -> Result<Self, ConfigError> {
        let mut config = Self::default();
        match &path {
            Some(path) => config.extend_file(path, sources, 0)?,
            None => config.extend_profile(DEFAULT_PROFILE, sources, 0)?,
        }
        config.path = path;
        Ok(config)
    }

    /// The config that one profile alone makes.
    pub fn of_profile(name: &str, profile: impl Fn(&str) -> Option<&'static str>) -> Result<Self, ConfigError> {
        let mut config = Self::default();
        config.extend_profile(name, &Sources { profile: &profile, file: &|path| std::fs::read_to_string(path) }, 0)?;
        Ok(config)
    }

    fn extend_profile(&mut self, name: &str, sources: &Sources<'_>, depth: usize) -> Result<(), ConfigError> {
        let unknown = || ConfigError::Unreadable { path: name.into(), reason: "there is no such profile".into() };
        let text = (sources.profile)(name).ok_or_else(unknown)?;
        self.extend(text, &format!("{name} (profile)"), Path::new(""), false, sources, depth)
    }

    fn extend_file(&mut self, path: &Path, sources: &Sources<'_>, depth: usize) -> Result<(), ConfigError> {
        let unreadable = |error: io::Error| ConfigError::Unreadable { path: path.into(), reason: error.to_string() };
        let text = (sources.file)(path).map_err(unreadable)?;
        let root = path.parent().unwrap_or(Path::new("")).to_path_buf();
        self.extend(&text, &path.display().to_string(), &root, true, sources, depth)?;
        self.root = root;
        Ok(())
    }

    /// Lays one file over what is there, after the one that it extends.
    fn extend(
        &mut self,
        text: &str,
        name: &str,
        root: &Path,
        by_user: bool,
        sources: &Sources<'_>,
        depth: usize,
    ) -> Result<(), ConfigError> {
        let invalid = |flaws: Vec<Flaw>| ConfigError::Invalid(FileFlaw::all("config", name, text, flaws));
        let file: ConfigFile = if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
            ConfigFile::default()
        } else {
            crate::yaml::read(text).map_err(|flaw| invalid(vec![flaw]))?
        };
        match &file.extends {
            Some(base) if depth >= MAX_EXTENDS => {
                return Err(invalid(vec![Flaw::new(base.at, "profiles extend one another in a circle", "extends this again")]));
            }
            Some(base) if (sources.profile)(&base.value).is_some() => self.extend_profile(&base.value, sources, depth + 1)?,
            Some(base) if base.value.contains(['/', '.']) => self.extend_file(&root.join(&base.value), sources, depth + 1)?,
            Some(base) => {
                let flaw = Flaw::new(base.at, format!("there is no profile `{}`", base.value), "not a profile");
                return Err(invalid(vec![flaw.help(
                    "the profiles are news, corpus, editorial and strict; a file of your own is named by its path: `./ours.yaml`",
                )]));
            }
            None if by_user => self.extend_profile(DEFAULT_PROFILE, sources, depth + 1)?,
            None => {}
        }
        let mut flaws = Vec::new();
        self.layers.push(layer(&file.rules));
        self.named = file.rules.0.iter().map(|(key, _)| key.clone()).collect();
        for (id, parameters) in file.parameters.0 {
            let overlay = Overlay { values: parameters, path: name.into(), text: text.into(), at: id.at };
            match self.parameters.get_mut(&id.value) {
                Some(below) => {
                    let mut values = std::mem::take(&mut below.values);
                    values.extend(overlay.values);
                    *below = Overlay { values, ..overlay };
                }
                None => drop(self.parameters.insert(id.value.clone(), overlay)),
            }
            self.named.push(id);
        }
        for paths in file.paths {
            let globs = globs(&paths.files, &mut flaws);
            self.by_path.push((globs.clone(), layer(&paths.rules)));
            self.named.extend(paths.rules.0.into_iter().map(|(key, _)| key));
            let mut words = paths.words;
            words.extend(listed(&paths.word_lists, root, sources, &mut flaws));
            if !words.is_empty() {
                self.words_by_path.push((globs.clone(), words));
            }
            if paths.fields != FieldNames::default() {
                self.fields_by_path.push((globs, paths.fields));
            }
        }
        self.rule_folders.extend(file.rule_folders.iter().map(|folder| root.join(&folder.value)));
        for pattern in &file.ignore {
            if let Err(error) = Glob::new(&pattern.value) {
                flaws.push(Flaw::new(pattern.at, format!("bad glob: {}", error.kind()), "this glob"));
            }
            self.ignore.push(pattern.value.clone());
        }
        self.words.extend(file.words);
        self.words.extend(listed(&file.word_lists, root, sources, &mut flaws));
        for (language, path) in file.dictionaries.0 {
            if !(2..=3).contains(&language.value.len()) || !language.value.bytes().all(|byte| byte.is_ascii_lowercase()) {
                let flaw = Flaw::new(language.at, format!("`{}` is no code of a language", language.value), "two or three small letters");
                flaws.push(flaw.help("`de` for German, as in ISO 639"));
            } else if language.value == "en" {
                let flaw = Flaw::new(language.at, "English needs no dictionary", "has tables of its own");
                flaws.push(flaw.help("words of your own go under `words`, and larger tables under `tables`"));
            }
            self.dictionaries.insert(language.value, root.join(path).with_extension("dic"));
        }
        self.tables = file.tables.map(|path| root.join(path)).or(self.tables.take());
        self.fields = file.fields.or(std::mem::take(&mut self.fields));
        self.max_document_mb = file.max_document_mb.or(self.max_document_mb);
        self.first_by = file.first_by.or(self.first_by);
        self.fail_on = file.fail_on.or(self.fail_on);
        self.baseline = file.baseline.map(|path| root.join(path)).or(self.baseline.take());
        self.accepted = file.accepted.map(|path| root.join(path)).or(self.accepted.take());
        self.text = text.to_string();
        if flaws.is_empty() { Ok(()) } else { Err(invalid(flaws)) }
    }

    /// The names in the user's file that `unknown` has something to say about: a rule that there is not.
    pub fn unknown_names(&self, unknown: impl Fn(&str) -> Option<String>) -> Vec<FileFlaw> {
        let Some(path) = &self.path else { return Vec::new() };
        let flaws = self.named.iter().filter_map(|name| {
            let hint = unknown(&name.value)?;
            Some(Flaw::new(name.at, format!("there is no rule or group `{}`", name.value), "not a rule").help(hint))
        });
        FileFlaw::all("config", &path.display().to_string(), &self.text, flaws.collect())
    }
}

fn layer(rules: &Mapping<LevelName>) -> Layer {
    rules.0.iter().map(|(name, level)| (name.value.clone(), Level::from(*level))).collect()
}

/// The words of some files; `#` starts a comment.
fn listed(lists: &[Placed<String>], root: &Path, sources: &Sources<'_>, flaws: &mut Vec<Flaw>) -> Vec<String> {
    let mut words = Vec::new();
    for list in lists {
        match (sources.file)(&root.join(&list.value)) {
            Ok(text) => {
                let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
                words.extend(lines.filter(|word| !word.is_empty()).map(String::from));
            }
            Err(error) => flaws.push(Flaw::new(list.at, format!("the word list cannot be read: {error}"), "this file")),
        }
    }
    words
}

fn globs(patterns: &[Placed<String>], flaws: &mut Vec<Flaw>) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let text = pattern.value.trim_start_matches("./");
        let text = if text.contains('/') { text.to_string() } else { format!("**/{text}") };
        match GlobBuilder::new(&text).literal_separator(true).build() {
            Ok(glob) => drop(set.add(glob)),
            Err(error) => flaws.push(Flaw::new(pattern.at, format!("bad glob: {}", error.kind()), "this glob")),
        }
    }
    set.build().unwrap_or_default()
}

fn nearest(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().flat_map(|folder| NAMES.map(|name| folder.join(name))).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;

    fn profile(name: &str) -> Option<&'static str> {
        match name {
            "news" => Some("rules:\n  apparatus: off\n"),
            "corpus" => Some("extends: news\nrules:\n  style: off\n"),
            "circle" => Some("extends: circle\n"),
            _ => None,
        }
    }

    fn load(text: &str) -> Result<Config, Vec<String>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("copydesk.yaml");
        std::fs::write(&path, text).unwrap();
        Config::load(Some(&path), profile).map_err(|error| match error {
            ConfigError::Invalid(flaws) => {
                flaws.into_iter().map(|flaw| flaw.flaw.message + " " + &flaw.flaw.help.unwrap_or_default()).collect()
            }
            ConfigError::Unreadable { reason, .. } => vec![reason],
        })
    }

    #[test]
    fn profiles_lie_below_the_users_file() {
        let config = load("extends: corpus\nrules:\n  apparatus: warning\n  raw-url-line: error\n").unwrap();
        assert_eq!(config.layers.len(), 3);
        assert_eq!(config.layers[0], [("apparatus".to_string(), Level::Off)]);
        assert_eq!(config.layers[2][1], ("raw-url-line".to_string(), Level::At(Severity::Error)));
    }

    #[test]
    fn an_empty_file_is_the_default_profile() {
        assert_eq!(load("# nothing yet\n").unwrap().layers[0], [("apparatus".to_string(), Level::Off)]);
    }

    #[test]
    fn mistakes_are_named() {
        assert!(load("rule:\n  a: off\n").unwrap_err()[0].contains("did you mean `rules`?"));
        assert!(load("rules:\n  a: of\n").unwrap_err()[0].contains("did you mean `off`?"));
        assert!(load("extends: new\n").unwrap_err()[0].contains("there is no profile"));
        assert!(load("extends: circle\n").unwrap_err()[0].contains("in a circle"));
        assert!(load("ignore: ['a{']\n").unwrap_err()[0].contains("bad glob"));
        assert!(load("word-lists: [none.txt]\n").unwrap_err()[0].contains("cannot be read"));
        assert!(load("paths:\n  - files: [a]\n    word-lists: [none.txt]\n").unwrap_err()[0].contains("cannot be read"));
        assert!(load("dictionaries:\n  German: de.dic\n").unwrap_err()[0].contains("no code of a language"));
        assert!(load("dictionaries:\n  en: en.dic\n").unwrap_err()[0].contains("English needs no dictionary"));
    }

    #[test]
    fn paths_have_levels_of_their_own() {
        let config = load("paths:\n  - files: ['drafts/**', '*.md']\n    rules:\n      all: info\n").unwrap();
        let (globs, layer) = &config.by_path[0];
        assert!(globs.is_match("drafts/a/b.txt") && globs.is_match("x/y.md") && !globs.is_match("a.txt"));
        assert_eq!(layer[0].1, Level::At(Severity::Info));
    }
}
