//! YAML with its places: values that remember where they stand in their file, and flaws shown at that place.
//!
//! Rule files and the config are read through here. A flaw is never a bare string: it has the bytes it speaks of.

use crate::text::Span;
use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_yaml::{Error, Location, Spanned};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// Deepest nesting and most nodes of a file; far above what a person writes, far below what hurts.
const MAX_DEPTH: usize = 32;
const MAX_NODES: usize = 100_000;
const MAX_ALIASES: usize = 64;

/// A value with its place in the YAML file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placed<T> {
    pub value: T,
    pub at: Span,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Placed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<T>::deserialize(deserializer)?;
        Ok(Self { value: spanned.value, at: bytes(spanned.referenced).unwrap_or_default() })
    }
}

impl<T: JsonSchema> JsonSchema for Placed<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }
}

/// A mapping in the order of the file, each key with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapping<V>(pub Vec<(Placed<String>, V)>);

impl<V> Default for Mapping<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Mapping<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<V>(std::marker::PhantomData<V>);
        impl<'de, V: Deserialize<'de>> serde::de::Visitor<'de> for Entries<V> {
            type Value = Mapping<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Mapping(entries))
            }
        }
        deserializer.deserialize_map(Entries(std::marker::PhantomData))
    }
}

impl<V: JsonSchema> JsonSchema for Mapping<V> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Mapping_of_{}", V::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<std::collections::BTreeMap<String, V>>()
    }
}

/// Something wrong at a place of a YAML file.
#[derive(Clone, Debug, PartialEq)]
pub struct Flaw {
    pub at: Span,
    pub message: String,
    /// What to write under the place.
    pub label: String,
    pub help: Option<String>,
}

impl Flaw {
    pub fn new(at: Span, message: impl Into<String>, label: impl Into<String>) -> Self {
        Self { at, message: message.into(), label: label.into(), help: None }
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// One flaw of one file, ready to be shown.
#[derive(Clone, Debug)]
pub struct FileFlaw {
    pub path: String,
    pub source: Arc<NamedSource<Arc<str>>>,
    pub flaw: Flaw,
    /// `rule` or `config`: the first half of the diagnostic's code.
    pub what: &'static str,
}

impl FileFlaw {
    pub fn new(what: &'static str, path: &str, text: &str, flaw: Flaw) -> Self {
        Self { path: path.into(), source: Arc::new(NamedSource::new(path, Arc::<str>::from(text))), flaw, what }
    }

    pub fn all(what: &'static str, path: &str, text: &str, flaws: Vec<Flaw>) -> Vec<Self> {
        let source = Arc::new(NamedSource::new(path, Arc::<str>::from(text)));
        flaws.into_iter().map(|flaw| Self { path: path.into(), source: Arc::clone(&source), flaw, what }).collect()
    }
}

impl fmt::Display for FileFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.flaw.message)
    }
}

impl std::error::Error for FileFlaw {}

impl Diagnostic for FileFlaw {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(format!("{}::invalid", self.what)))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.flaw.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&*self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let at = (self.flaw.at.start, self.flaw.at.len());
        Some(Box::new(std::iter::once(LabeledSpan::new_primary_with_span(Some(self.flaw.label.clone()), at))))
    }
}

/// Values to lay over those of another file, and where they were written.
#[derive(Clone, Debug)]
pub struct Overlay {
    pub values: serde_json::Map<String, serde_json::Value>,
    /// The file that they stand in, its text, and the place in it.
    pub path: String,
    pub text: Arc<str>,
    pub at: Span,
}

/// Reads one YAML file into `T`, or says at which bytes it cannot be read.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Flaw> {
    let options = serde_yaml::options! {
        budget: serde_yaml::budget! {
            max_depth: MAX_DEPTH,
            max_nodes: MAX_NODES,
            max_aliases: MAX_ALIASES,
            max_anchors: MAX_ALIASES,
        },
        strict_booleans: true,
    };
    serde_yaml::from_str_with_options(text, options).map_err(|error| explain(error.without_snippet(), text))
}

fn explain(error: &Error, text: &str) -> Flaw {
    let at = error.location().map(|location| place(location, text)).unwrap_or_default();
    match error {
        Error::SerdeUnknownField { field, expected, .. } => {
            Flaw::new(at, format!("unknown key `{field}`"), "not a key here").help(did_you_mean(field, expected, "keys"))
        }
        Error::SerdeUnknownVariant { variant, expected, .. } => {
            Flaw::new(at, format!("unknown value `{variant}`"), "not one of the known names").help(did_you_mean(variant, expected, "names"))
        }
        Error::SerdeMissingField { field, .. } => {
            Flaw::new(first_line(at, text), format!("the key `{field}` is missing"), format!("needs `{field}`"))
        }
        Error::DuplicateMappingKey { key, .. } => {
            let key = key.as_deref().unwrap_or("?");
            Flaw::new(at, format!("the key `{key}` is given twice"), "given before")
        }
        Error::SerdeInvalidType { unexpected, expected, .. } | Error::SerdeInvalidValue { unexpected, expected, .. } => {
            Flaw::new(at, format!("expected {expected}, found {unexpected}"), format!("should be {expected}"))
        }
        Error::InvalidScalar { ty, .. } => {
            let wanted = match *ty {
                "bool" => "true or false",
                "f32" | "f64" => "a number",
                _ => "a whole number, 0 or more",
            };
            Flaw::new(at, format!("expected {wanted}, found `{}`", at.of(text)), format!("should be {wanted}"))
        }
        Error::MultipleDocuments { .. } => {
            Flaw::new(at, "more than one YAML document in the file", "a second document starts here").help("write one file for each rule")
        }
        error if is_too_much(error) => {
            Flaw::new(at, "the file is nested too deep, or too large, to be written by a person", "given up here")
                .help(format!("at most {MAX_DEPTH} levels, {MAX_NODES} values and {MAX_ALIASES} aliases are read"))
        }
        other => {
            let message = other.to_string();
            let message = message.split(" at line ").next().unwrap_or_default().trim_end_matches([',', ' ']);
            Flaw::new(at, format!("not valid YAML: {message}"), "here")
                .help("a value that starts with a backtick, brace or bracket, or holds `: ` or ` #`, needs quotes: '…'")
        }
    }
}

/// Whether a limit was met; deep inside a value this comes as a message.
fn is_too_much(error: &Error) -> bool {
    let said = |message: String| message.starts_with("budget breached") || message.starts_with("recursion limit");
    matches!(error, Error::Budget { .. }) || said(error.to_string())
}

/// A hint for a name that is not in the list: the nearest one, else the whole list.
pub fn did_you_mean<S: AsRef<str>>(name: &str, known: &[S], what: &str) -> String {
    match nearest(name, known.iter().map(AsRef::as_ref)) {
        Some(best) => format!("did you mean `{best}`?"),
        None => {
            let list: Vec<String> = known.iter().map(|name| format!("`{}`", name.as_ref())).collect();
            format!("known {what}: {}", list.join(", "))
        }
    }
}

/// The known name most like `name`, if one is like it at all.
pub fn nearest<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    // Slips of the finger, a letter in three at most, or a name that was not written out: `nothing` is not `encoding`.
    let name = name.to_lowercase();
    let slips = name.chars().count().div_ceil(3);
    known
        .map(|candidate| (candidate.to_lowercase(), candidate))
        .filter(|(lower, _)| strsim::osa_distance(&name, lower) <= slips || (name.len() > 2 && lower.starts_with(&name)))
        .map(|(lower, candidate)| (strsim::jaro_winkler(&name, &lower), candidate))
        .filter(|&(likeness, _)| likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

fn bytes(location: Location) -> Option<Span> {
    let span = location.span();
    let start = usize::try_from(span.byte_offset()?).ok()?;
    Some(Span::new(start, start + usize::try_from(span.byte_len()?).ok()?))
}

/// The bytes of a location, inside the text and on character boundaries; syntax errors carry line and column only.
fn place(location: Location, text: &str) -> Span {
    let (start, len) = match bytes(location) {
        Some(span) => (span.start, span.len()),
        None => {
            let line = usize::try_from(location.line()).unwrap_or(1).saturating_sub(1);
            let column = usize::try_from(location.column()).unwrap_or(1).saturating_sub(1);
            let line_start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
            let in_line = text[line_start..].char_indices().nth(column).map_or(text.len() - line_start, |(at, _)| at);
            (line_start + in_line, 0)
        }
    };
    let boundary = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    Span::new(boundary(start), boundary(start + len))
}

fn first_line(at: Span, text: &str) -> Span {
    let inner = at.of(text);
    Span::new(at.start, at.start + inner.find('\n').unwrap_or(inner.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "kebab-case")]
    #[allow(dead_code)]
    struct Sample {
        id: Placed<String>,
        min_words: Option<Placed<usize>>,
    }

    fn flaw(text: &str) -> (String, String, Option<String>) {
        let flaw = read::<Sample>(text).unwrap_err();
        (flaw.message, flaw.at.of(text).to_string(), flaw.help)
    }

    #[test]
    fn values_know_their_bytes() {
        let text = "# café\nid: é-rule\nmin-words: 12\n";
        let sample: Sample = read(text).unwrap();
        assert_eq!(sample.id.at.of(text), "é-rule");
        assert_eq!(sample.min_words.unwrap().at.of(text), "12");
    }

    #[test]
    fn an_unknown_key_is_shown_with_the_nearest_one() {
        let (message, at, help) = flaw("id: a\nmin-word: 3\n");
        assert_eq!((message.as_str(), at.as_str()), ("unknown key `min-word`", "min-word"));
        assert_eq!(help.as_deref(), Some("did you mean `min-words`?"));
        let known = || ["encoding", "stray-paragraph", "mixed-quotes"].into_iter();
        assert_eq!(nearest("nothing", known()), None);
        assert_eq!(nearest("stray", known()), Some("stray-paragraph"));
        assert_eq!(nearest("mixde-quote", known()), Some("mixed-quotes"));
    }

    #[test]
    fn wrong_types_missing_keys_and_double_keys_are_told_apart() {
        assert_eq!(flaw("id: a\nmin-words: many\n").0, "expected a whole number, 0 or more, found `many`");
        assert_eq!(flaw("min-words: 3\n").0, "the key `id` is missing");
        assert_eq!(flaw("id: a\nid: b\n").0, "the key `id` is given twice");
        assert!(flaw("id: 'a\n").0.starts_with("not valid YAML"));
    }

    #[test]
    fn bombs_are_refused_by_their_count() {
        let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for level in 1..9 {
            let items = vec![format!("*a{}", level - 1); 10].join(",");
            bomb += &format!("a{level}: &a{level} [{items}]\n");
        }
        // What is refused by a count costs no more than that count, whatever it would grow to.
        for bomb in [bomb, "[".repeat(100_000), "- x\n".repeat(1_000_000)] {
            assert!(read::<Sample>(&bomb).is_err());
            let flaw = read::<serde_json::Value>(&bomb).unwrap_err();
            assert!(flaw.message.contains("too large, to be written by a person"), "{}", flaw.message);
        }
    }
}
