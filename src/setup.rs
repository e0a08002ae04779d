//! What every run starts from: the config and the rules, compiled and proved. The files behind them can be carried to another
//! machine and opened there again.

use crate::config::{Config, ConfigError, Sources};
use crate::document::Root;
use crate::finding::{Layer, Level, Severity, UNUSED_ACCEPTANCE};
use crate::lexicon::hunspell::{self, Dictionary, HunspellError};
use crate::lexicon::{Lexica, Lexicon};
use crate::rule::{Author, RuleSet, RuleSource, Settings, load};
use crate::selftest;
use crate::yaml::FileFlaw;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What to open, and which of its rules to run.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The config; without it, the default profile.
    pub config: Option<PathBuf>,
    /// The config's text, where it lies in no file; files that it names are relative to the folder of its path.
    pub text: Option<String>,
    /// Folders or files with rules of the user's own, beside those that the config names.
    pub rules: Vec<PathBuf>,
    /// Only these rules and groups; empty: those that the config leaves on.
    pub select: Vec<String>,
    /// Not these.
    pub ignore: Vec<String>,
    /// On in any case, whatever the config says: what a command cannot do its work without.
    pub needed: Vec<String>,
}

/// The texts of all the files that a setup was opened from.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Kit {
    pub config: Option<PathBuf>,
    /// The config, those that it extends, and its word lists.
    pub files: BTreeMap<PathBuf, String>,
    /// The user's own rules: path, group and text.
    pub rules: Vec<(String, String, String)>,
    pub select: Vec<String>,
    pub ignore: Vec<String>,
    pub needed: Vec<String>,
}

/// A config and its rules, fit to run.
#[derive(Debug)]
pub struct Setup {
    pub config: Config,
    pub rules: RuleSet,
    /// How grave an acceptance is that accepts nothing; `None`: it is not reported.
    pub unused: Option<Severity>,
    pub kit: Kit,
}

/// Why there is nothing to run.
#[derive(Debug)]
pub enum SetupError {
    /// Flaws in rule files, the config or examples, each with its place.
    Flaws(Vec<FileFlaw>),
    /// Anything else: what, and what to do about it.
    Plain { message: String, help: Option<String> },
}

impl SetupError {
    fn with_help(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Plain { message: message.into(), help: Some(help.into()) }
    }
}

impl From<ConfigError> for SetupError {
    fn from(error: ConfigError) -> Self {
        match error {
            ConfigError::Invalid(flaws) => Self::Flaws(flaws),
            ConfigError::Unreadable { path, reason } => {
                let message = format!("the config `{}` cannot be read: {reason}", path.display());
                Self::with_help(message, "is the name right? `copydesk init` writes one; without any, the profile `news` holds")
            }
        }
    }
}

impl Setup {
    /// Reads the config and compiles the rules; rules of the user's own must pass their examples.
    ///
    /// # Errors
    /// Every flaw of the config, or of all rule files at once.
    pub fn open(wanted: &Wanted) -> Result<Self, SetupError> {
        Self::unproved(wanted)?.proved()
    }

    /// As `open`, for a command that runs the examples itself.
    ///
    /// # Errors
    /// Every flaw of the config, or of all rule files at once.
    pub fn unproved(wanted: &Wanted) -> Result<Self, SetupError> {
        let read = RefCell::new(BTreeMap::new());
        let config = config(wanted.config.clone(), &|path| {
            let given = wanted.text.as_ref().filter(|_| wanted.config.as_deref() == Some(path));
            let text = given.map_or_else(|| std::fs::read_to_string(path), |text| Ok(text.clone()))?;
            read.borrow_mut().insert(path.to_path_buf(), text.clone());
            Ok(text)
        })?;
        let rules = gather(config.rule_folders.iter().chain(&wanted.rules))?;
        for path in config.dictionaries.values() {
            let (affixes, stems) = dictionary_files(path)?;
            read.borrow_mut().extend([(path.with_extension("aff"), affixes), (path.clone(), stems)]);
        }
        let (select, ignore, needed) = (wanted.select.clone(), wanted.ignore.clone(), wanted.needed.clone());
        Self::compile(config, Kit { config: wanted.config.clone(), files: read.into_inner(), rules, select, ignore, needed })
    }

    /// Opens what was carried here; nothing is read from the disk.
    ///
    /// # Errors
    /// As `open`.
    pub fn unpack(kit: Kit) -> Result<Self, SetupError> {
        let missing = || io::Error::from(io::ErrorKind::NotFound);
        let config = config(kit.config.clone(), &|path| kit.files.get(path).cloned().ok_or_else(missing))?;
        Self::compile(config, kit)?.proved()
    }

    fn compile(config: Config, kit: Kit) -> Result<Self, SetupError> {
        let mut sources = load::built_in();
        sources.extend(kit.rules.iter().map(|(path, group, text)| RuleSource {
            path: path.clone(),
            group: group.clone(),
            text: text.as_str().into(),
            author: Author::User,
        }));
        let by_path = config.words_by_path.iter().map(|(paths, words)| (Some(paths.clone()), words.clone()));
        let needed = kit.needed.iter().map(|name| (name.clone(), Level::On)).collect();
        // Without a selection all is selected, and naming rules here would leave the others out.
        let selected = if kit.select.is_empty() { Vec::new() } else { [kit.select.as_slice(), &kit.needed].concat() };
        let settings = Settings {
            words: std::iter::once((None, config.words.clone())).chain(by_path).collect(),
            layers: config.layers.iter().cloned().chain([needed]).collect(),
            root: Root::new(&config.root),
            by_path: config.by_path.clone(),
            select: selected,
            ignore: kit.ignore.clone(),
            parameters: config.parameters.clone(),
        };
        let mut rules = RuleSet::load(sources, &settings).map_err(SetupError::Flaws)?;
        rules.set_lexica(lexica(&config, &kit.files)?);
        let unknown = config.unknown_names(|name| rules.unknown(name));
        if !unknown.is_empty() {
            return Err(SetupError::Flaws(unknown));
        }
        for name in kit.select.iter().chain(&kit.ignore).chain(&kit.needed) {
            if let Some(hint) = rules.unknown(name) {
                return Err(SetupError::with_help(format!("there is no rule or group `{name}`"), hint));
            }
        }
        let unused = unused_level(&config.layers, &kit);
        Ok(Self { config, rules, unused, kit })
    }

    fn proved(self) -> Result<Self, SetupError> {
        let users = self.rules.rules.iter().enumerate().filter(|(_, rule)| rule.source.author == Author::User);
        let failed: Vec<_> = users.flat_map(|(slot, _)| selftest::trials(&self.rules, slot)).filter_map(|trial| trial.flaw).collect();
        if failed.is_empty() { Ok(self) } else { Err(SetupError::Flaws(failed)) }
    }
}

/// Bytes of the largest file of a dictionary; the largest that are published have a sixth of that.
const MOST_DICTIONARY: u64 = 128 << 20;

/// The texts of the two files of a dictionary.
fn dictionary_files(stems: &Path) -> Result<(String, String), SetupError> {
    let bytes = |path: &Path| {
        let unreadable = |reason: &dyn std::fmt::Display| {
            let message = format!("`{}`, of a dictionary, cannot be read: {reason}", path.display());
            SetupError::with_help(message, "a dictionary of Hunspell is a .dic file with an .aff file of the same name beside it")
        };
        let size = std::fs::metadata(path).map_err(|error| unreadable(&error))?.len();
        if size > MOST_DICTIONARY {
            return Err(unreadable(&"it is larger than 128 MB"));
        }
        std::fs::read(path).map_err(|error| unreadable(&error))
    };
    hunspell::decode(&bytes(&stems.with_extension("aff"))?, &bytes(stems)?).map_err(|error| damaged(stems, &error))
}

fn damaged(stems: &Path, error: &HunspellError) -> SetupError {
    let message = format!("the dictionary `{}` cannot be used: {error}", stems.display());
    SetupError::with_help(message, "the .dic file and the .aff file beside it must be those of one Hunspell dictionary")
}

/// The tables and dictionaries that the config names. Tables are opened where they lie, dictionaries come with the other files.
fn lexica(config: &Config, files: &BTreeMap<PathBuf, String>) -> Result<Lexica, SetupError> {
    let mut lexica = Lexica::default();
    for (language, stems) in &config.dictionaries {
        let text = |path: &Path| files.get(path).map(String::as_str).unwrap_or_default();
        let dictionary = Dictionary::new(text(&stems.with_extension("aff")), text(stems)).map_err(|error| damaged(stems, &error))?;
        lexica.dictionaries.insert(language.clone(), Arc::new(dictionary));
    }
    if let Some(folder) = &config.tables {
        let tables = Lexicon::open(folder).map_err(|error| {
            let message = format!("the tables in `{}` cannot be used: {error}", folder.display());
            SetupError::with_help(message, "`copydesk tables build` writes such a folder")
        })?;
        lexica.tables = Some(tables);
    }
    Ok(lexica)
}

/// The texts of the rule files in some folders.
fn gather<'p>(folders: impl Iterator<Item = &'p PathBuf>) -> Result<Vec<(String, String, String)>, SetupError> {
    let mut rules = Vec::new();
    for folder in folders {
        let found = load::folder(folder).map_err(|message| {
            SetupError::with_help(message, "`--rules` and `rule-folders` name a folder with rule files, or one such file")
        })?;
        if found.is_empty() {
            let message = format!("there are no rules in `{}`", folder.display());
            return Err(SetupError::with_help(message, "rule files end in .yaml or .yml"));
        }
        rules.extend(found.into_iter().map(|source| (source.path, source.group, source.text.to_string())));
    }
    Ok(rules)
}

impl RuleSet {
    /// The built-in rules as the default profile sets them.
    ///
    /// # Panics
    /// Never: that the built-in rules compile is tested.
    pub fn built_in() -> Self {
        match Setup::unpack(Kit::default()) {
            Ok(setup) => setup.rules,
            Err(error) => unreachable!("the built-in rules compile: {error:?}"),
        }
    }
}

fn config(path: Option<PathBuf>, file: &dyn Fn(&Path) -> io::Result<String>) -> Result<Config, ConfigError> {
    Config::read(path, &Sources { profile: &load::profile, file })
}

/// The level of acceptances that accept nothing, as the config and the choice of rules say.
fn unused_level(layers: &[Layer], kit: &Kit) -> Option<Severity> {
    let named = |names: &[String]| names.iter().any(|name| name == UNUSED_ACCEPTANCE || name == "all");
    if named(&kit.ignore) || !(kit.select.is_empty() || named(&kit.select)) {
        return None;
    }
    let of = |layer: &Layer, wanted: &str| layer.iter().find(|(name, _)| name == wanted).map(|&(_, level)| level);
    let level = layers.iter().rev().find_map(|layer| of(layer, UNUSED_ACCEPTANCE).or_else(|| of(layer, "all")));
    match level {
        Some(Level::Off) if kit.select.is_empty() => None,
        Some(Level::At(severity)) => Some(severity),
        _ => Some(Severity::Warning),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kit_makes_the_same_setup_where_its_files_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("copydesk.yaml");
        std::fs::write(&path, "extends: ./base.yaml\nword-lists: [names.txt]\nrule-folders: [ours]\nrules:\n  spelling: off\n").unwrap();
        std::fs::write(folder.path().join("base.yaml"), "rules:\n  desk: info\n").unwrap();
        std::fs::write(folder.path().join("names.txt"), "Torvik\n").unwrap();
        std::fs::create_dir(folder.path().join("ours")).unwrap();
        let rule = "id: desk\nsummary: s\nseverity: error\nmessage: m\ndetect:\n  phrases:\n    any: [copy desk]\n\
                    tests:\n  invalid: [{text: '[[copy desk]]'}]\n  valid: [desk]\n";
        std::fs::write(folder.path().join("ours/desk.yaml"), rule).unwrap();
        let here = Setup::open(&Wanted { config: Some(path), ..Wanted::default() }).unwrap();
        let kit = serde_json::from_str(&serde_json::to_string(&here.kit).unwrap()).unwrap();
        drop(folder);
        let there = Setup::unpack(kit).unwrap();
        assert_eq!(there.config.words, ["Torvik"]);
        let levels = |setup: &Setup| (0..setup.rules.rules.len()).map(|slot| setup.rules.level(slot)).collect::<Vec<_>>();
        assert_eq!(levels(&here), levels(&there));
        assert_eq!(there.rules.get("desk").map(|rule| rule.group.as_str()), Some("custom"));
    }

    #[test]
    fn a_rule_that_fails_its_examples_does_not_run() {
        let folder = tempfile::tempdir().unwrap();
        let rule = "id: desk\nsummary: s\nseverity: error\nmessage: m\ndetect:\n  phrases:\n    any: [copy desk]\n\
                    tests:\n  invalid: [{text: '[[news desk]]'}]\n  valid: [desk]\n";
        std::fs::write(folder.path().join("desk.yaml"), rule).unwrap();
        let wanted = Wanted { rules: vec![folder.path().into()], ..Wanted::default() };
        assert!(matches!(Setup::open(&wanted), Err(SetupError::Flaws(flaws)) if flaws.len() == 1));
        assert!(Setup::unproved(&wanted).is_ok());
    }
}
