//! From YAML files to a set of rules, or to every flaw at once.

use super::{Rule, RuleSet};
use crate::detect::pattern::MAX_SIZE;
use crate::detect::{AcceptedWords, Detector, Gate, Slot};
use crate::document::Root;
use crate::finding::{Layer, Level, UNUSED_ACCEPTANCE};
use crate::lexicon::Lexica;
use crate::text::Span;
use crate::yaml::{FileFlaw, Flaw, Overlay};
use globset::GlobSet;
use include_dir::{Dir, include_dir};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// The folder beside the groups that holds no rules.
const PROFILES: &str = "profiles";

/// Who wrote a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    BuiltIn,
    User,
}

/// The text of one rule file.
#[derive(Clone, Debug)]
pub struct RuleSource {
    pub path: String,
    /// The folder that the file lies in.
    pub group: String,
    pub text: Arc<str>,
    pub author: Author,
}

/// What the config and the command line say about rules.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Laid over one another: later ones count more.
    pub layers: Vec<Layer>,
    /// What paths are named from.
    pub root: Root,
    /// As `layers`, for documents whose path matches.
    pub by_path: Vec<(GlobSet, Layer)>,
    /// Only these rules and groups run, whatever the layers say; empty: those that the layers leave on.
    pub select: Vec<String>,
    /// These do not.
    pub ignore: Vec<String>,
    /// Words that are right: everywhere, or in documents whose path matches.
    pub words: Vec<(Option<GlobSet>, Vec<String>)>,
    /// Rule id → parameter → value, laid over those of the rule's file.
    pub parameters: BTreeMap<String, Overlay>,
}

/// The rules in the binary, in the order of their paths.
pub fn built_in() -> Vec<RuleSource> {
    let mut sources = Vec::new();
    for folder in BUILT_IN.dirs().filter(|folder| folder.path() != Path::new(PROFILES)) {
        for file in folder.files() {
            sources.push(RuleSource {
                path: format!("rules/{}", file.path().to_string_lossy().replace('\\', "/")),
                group: folder.path().to_string_lossy().into_owned(),
                text: file.contents_utf8().unwrap_or_default().into(),
                author: Author::BuiltIn,
            });
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

/// The text of a profile in the binary: `news` …
pub fn profile(name: &str) -> Option<&'static str> {
    BUILT_IN.get_file(format!("{PROFILES}/{name}.yaml")).and_then(|file| file.contents_utf8())
}

/// The names of the profiles in the binary.
pub fn profiles() -> Vec<String> {
    let files = BUILT_IN.get_dir(PROFILES).into_iter().flat_map(Dir::files);
    files.filter_map(|file| file.path().file_stem()).map(|stem| stem.to_string_lossy().into_owned()).collect()
}

/// The rule files of a user's folder and of the folders in it, or the one file named.
///
/// # Errors
/// A message that names the file or folder that could not be read.
pub fn folder(path: &Path) -> Result<Vec<RuleSource>, String> {
    let mut sources = Vec::new();
    let group = |file: &Path| match file.parent().and_then(Path::file_name) {
        Some(name) if file != path && file.parent() != Some(path) => name.to_string_lossy().into_owned(),
        _ => "custom".into(),
    };
    if !path.exists() {
        return Err(format!("cannot read rules from `{}`: there is no such file or folder", path.display()));
    }
    for entry in ignore::WalkBuilder::new(path).sort_by_file_path(Path::cmp).max_depth(Some(2)).build() {
        let entry = entry.map_err(|error| format!("cannot read rules from `{}`: {error}", path.display()))?;
        let file = entry.path();
        let is_yaml = file.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
        if !entry.file_type().is_some_and(|kind| kind.is_file()) || (!is_yaml && file != path) {
            continue;
        }
        let text = std::fs::read_to_string(file).map_err(|error| format!("cannot read the rule file `{}`: {error}", file.display()))?;
        sources.push(RuleSource { path: file.display().to_string(), group: group(file), text: text.into(), author: Author::User });
    }
    Ok(sources)
}

impl RuleSet {
    /// Compiles all the rules. A user's rule takes the place of a built-in one with its id.
    ///
    /// # Errors
    /// Every flaw of every file, so that all can be mended in one go; nothing is checked with half a rule set.
    pub fn load(sources: Vec<RuleSource>, settings: &Settings) -> Result<Self, Vec<FileFlaw>> {
        let mut flaws = Vec::new();
        let mut rules: BTreeMap<String, Rule> = BTreeMap::new();
        for source in sources {
            match compile(source, settings) {
                Ok(rule) => match rules.get(&*rule.id) {
                    Some(other) if other.source.author == rule.source.author => {
                        flaws.push(at_id(&rule, format!("the id `{}` is taken by `{}`", rule.id, other.source.path)));
                    }
                    Some(other) if other.source.author == Author::User => {}
                    _ => drop(rules.insert(rule.id.to_string(), rule)),
                },
                Err(found) => flaws.extend(found),
            }
        }
        if !flaws.is_empty() {
            return Err(flaws);
        }
        let mut rules: Vec<Rule> = rules.into_values().collect();
        rules.sort_by(|a, b| (&a.group, &a.id).cmp(&(&b.group, &b.id)));
        let mut levels = vec![Level::On; rules.len()];
        let mut by_name = vec![false; rules.len()];
        for layer in &settings.layers {
            for (slot, level) in levels_of(&rules, layer) {
                levels[slot] = level;
                by_name[slot] = names_it(layer.iter().map(|(name, _)| name), &rules[slot]);
            }
        }
        let listed = |names: &[String], rule: &Rule| names.iter().any(|name| specificity(rule, name).is_some());
        let shut = |rule: &Rule| listed(&settings.ignore, rule) || !(settings.select.is_empty() || listed(&settings.select, rule));
        let mut by_path: Vec<(GlobSet, Vec<(Slot, Level)>)> =
            settings.by_path.iter().map(|(paths, layer)| (paths.clone(), levels_of(&rules, layer))).collect();
        for (slot, rule) in rules.iter().enumerate() {
            if shut(rule) {
                levels[slot] = Level::Off;
                by_path.iter_mut().for_each(|(_, levels)| levels.retain(|(special, _)| *special != slot));
            } else if !settings.select.is_empty() && !levels[slot].runs() {
                // A rule that a profile turned off by its own name is not good enough to run with its whole group.
                if levels[slot] == Level::Asked || !by_name[slot] || names_it(settings.select.iter(), rule) {
                    levels[slot] = Level::On;
                }
            }
        }
        let words = settings.words.iter().filter(|(_, words)| !words.is_empty());
        let accepted = words.map(|(paths, words)| (paths.clone(), AcceptedWords::new(words))).collect();
        let on = |slot: Slot| {
            let here = by_path.iter().flat_map(|(_, levels)| levels);
            levels[slot] != Level::Off || here.clone().any(|&(at, level)| at == slot && level != Level::Off)
        };
        let literals: Vec<Vec<&[String]>> = rules.iter().map(|rule| rule.detector.literals()).collect();
        let gate = Gate::new(&literals, on);
        Ok(Self { root: settings.root.clone(), accepted, gate, rules, levels, by_path, lexica: Lexica::default() })
    }

    /// A hint for a name that is neither a rule, nor a group, nor `all`; `None` where it is one of them.
    pub fn unknown(&self, name: &str) -> Option<String> {
        let known = || self.rules.iter().flat_map(|rule| [&*rule.id, rule.group.as_str()]).chain(["all", UNUSED_ACCEPTANCE]);
        if known().any(|known| known == name) {
            return None;
        }
        let nearest = crate::yaml::nearest(name, known());
        Some(nearest.map_or("`copydesk rules` lists them".into(), |best| format!("did you mean `{best}`?")))
    }
}

fn compile(source: RuleSource, settings: &Settings) -> Result<Rule, Vec<FileFlaw>> {
    let rule = Rule::new(source)?;
    // A built-in expression is compiled when it is first met; that all of them can be is tested.
    let compiled = match (rule.source.author, &rule.detector) {
        (Author::User, Detector::Pattern(pattern)) => pattern.compile(MAX_SIZE),
        (Author::User, Detector::Furniture(furniture)) => furniture.compile(MAX_SIZE),
        _ => Ok(()),
    };
    compiled.map_err(|error| vec![at_id(&rule, format!("the expression is too large: {error}"))])?;
    match settings.parameters.get(&*rule.id) {
        Some(parameters) => with_parameters(&rule, parameters),
        None => Ok(rule),
    }
}

fn names_it<'n>(mut names: impl Iterator<Item = &'n String>, rule: &Rule) -> bool {
    names.any(|name| **name == *rule.id)
}

/// How closely a name fits a rule: 0 for `all`, 1 for its group, 2 for itself.
fn specificity(rule: &Rule, name: &str) -> Option<u8> {
    if *rule.id == *name {
        Some(2)
    } else if rule.group == name {
        Some(1)
    } else {
        (name == "all").then_some(0)
    }
}

fn levels_of(rules: &[Rule], layer: &Layer) -> Vec<(Slot, Level)> {
    let level = |rule: &Rule| {
        let named = layer.iter().filter_map(|(name, level)| Some((specificity(rule, name)?, *level)));
        named.max_by_key(|&(specificity, _)| specificity).map(|(_, level)| level)
    };
    rules.iter().enumerate().filter_map(|(slot, rule)| Some((slot, level(rule)?))).collect()
}

fn at_id(rule: &Rule, message: String) -> FileFlaw {
    let text = &*rule.source.text;
    let at = text.find(&*rule.id).map_or(Span::default(), |at| Span::new(at, at + rule.id.len()));
    FileFlaw::new("rule", &rule.source.path, text, Flaw::new(at, message, "this rule"))
}

/// The rule with some of its detector's parameters changed: the file is read again, as JSON (which is YAML), with the new values.
fn with_parameters(rule: &Rule, parameters: &Overlay) -> Result<Rule, Vec<FileFlaw>> {
    let text = &*rule.source.text;
    let fail = |message: String, help: Option<String>| {
        let flaw = Flaw { help, ..Flaw::new(parameters.at, message, format!("parameters of `{}`", rule.id)) };
        vec![FileFlaw::new("config", &parameters.path, &parameters.text, flaw)]
    };
    let mut file: Value = crate::yaml::read(text).map_err(|flaw| fail(flaw.message, flaw.help))?;
    let kind = file.get_mut("detect").and_then(Value::as_object_mut).and_then(|detect| detect.values_mut().next());
    match kind {
        Some(Value::Object(known)) => known.extend(parameters.values.clone()),
        Some(other) => *other = Value::Object(parameters.values.clone()),
        None => return Err(fail("the rule has no detector".into(), None)),
    }
    let changed = RuleSource { text: file.to_string().into(), ..rule.source.clone() };
    match Rule::new(changed) {
        Ok(changed) => Ok(Rule { source: rule.source.clone(), ..changed }),
        Err(mut flaws) => {
            let first = flaws.swap_remove(0).flaw;
            Err(fail(first.message, first.help))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;

    fn source(group: &str, id: &str, author: Author) -> RuleSource {
        let text = format!(
            "id: {id}\nsummary: s\nseverity: error\nmessage: m\ndetect:\n  phrases:\n    any: [council]\ntests:\n  invalid: [{{text: '[[council]]'}}]\n  valid: [mayor]\n"
        );
        RuleSource { path: format!("{group}/{id}.yaml"), group: group.into(), text: text.into(), author }
    }

    fn set(settings: &Settings) -> Vec<(String, Level)> {
        let sources = vec![source("a", "one", Author::BuiltIn), source("a", "two", Author::BuiltIn), source("b", "three", Author::BuiltIn)];
        let rules = RuleSet::load(sources, settings).unwrap();
        rules.rules.iter().enumerate().map(|(slot, rule)| (rule.id.to_string(), rules.level(slot))).collect()
    }

    fn levels(settings: &Settings) -> Vec<Level> {
        set(settings).into_iter().map(|(_, level)| level).collect()
    }

    #[test]
    fn a_rule_counts_more_than_its_group_and_later_layers_more_than_earlier_ones() {
        let name = |name: &str, level| (name.to_string(), level);
        let first = vec![name("two", Level::At(Severity::Info)), name("a", Level::Off), name("all", Level::At(Severity::Error))];
        let mut settings = Settings { layers: vec![first], ..Settings::default() };
        assert_eq!(levels(&settings), [Level::Off, Level::At(Severity::Info), Level::At(Severity::Error)]);
        settings.layers.push(vec![name("all", Level::On)]);
        assert_eq!(levels(&settings), [Level::On; 3]);
    }

    #[test]
    fn selected_rules_run_and_keep_their_severity() {
        let layer = vec![("one".to_string(), Level::Off), ("two".to_string(), Level::At(Severity::Info))];
        let settings = Settings { layers: vec![layer], select: vec!["a".into()], ..Settings::default() };
        assert_eq!(levels(&settings), [Level::Off, Level::At(Severity::Info), Level::Off], "off by its own name, and not selected by it");
        let settings = Settings { select: vec!["a".into(), "one".into()], ..settings };
        assert_eq!(levels(&settings), [Level::On, Level::At(Severity::Info), Level::Off]);
        let by_group = Settings { layers: vec![vec![("a".to_string(), Level::Off)]], select: vec!["a".into()], ..Settings::default() };
        assert_eq!(levels(&by_group), [Level::On, Level::On, Level::Off]);
        let settings = Settings { ignore: vec!["two".into()], ..settings };
        assert_eq!(levels(&settings), [Level::On, Level::Off, Level::Off]);
    }

    #[test]
    fn a_users_rule_takes_the_place_of_a_built_in_one() {
        let rules =
            RuleSet::load(vec![source("a", "one", Author::BuiltIn), source("custom", "one", Author::User)], &Settings::default()).unwrap();
        assert_eq!(rules.rules.len(), 1);
        assert_eq!(rules.rules[0].group, "custom");
    }

    #[test]
    fn all_bad_files_are_named_at_once() {
        let bad = RuleSource { text: "id: 1\n".into(), ..source("a", "x", Author::User) };
        let twice = source("c", "one", Author::User);
        let flaws = RuleSet::load(vec![bad, source("b", "one", Author::User), twice], &Settings::default()).unwrap_err();
        assert_eq!(flaws.len(), 2);
        assert!(flaws[1].flaw.message.contains("taken by `b/one.yaml`"));
    }

    #[test]
    fn parameters_of_the_config_replace_those_of_the_file() {
        let with = |values: &str| {
            let text = format!("parameters:\n  one: {values}\n");
            let at = Span::new(14, 17);
            let overlay = Overlay { values: serde_json::from_str(values).unwrap(), path: "copydesk.yaml".into(), text: text.into(), at };
            Settings { parameters: BTreeMap::from([("one".to_string(), overlay)]), ..Settings::default() }
        };
        let settings = with(r#"{"any": ["mayor"]}"#);
        let rules = RuleSet::load(vec![source("a", "one", Author::BuiltIn)], &settings).unwrap();
        assert_eq!(rules.rules[0].detector.literals(), [["mayor"]]);
        let settings = with(r#"{"anny": ["mayor"]}"#);
        let flaws = RuleSet::load(vec![source("a", "one", Author::BuiltIn)], &settings).unwrap_err();
        assert_eq!(flaws[0].flaw.help.as_deref(), Some("did you mean `any`?"));
        assert_eq!((flaws[0].path.as_str(), flaws[0].flaw.at), ("copydesk.yaml", Span::new(14, 17)));
    }
}
