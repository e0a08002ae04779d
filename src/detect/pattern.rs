//! Kind `pattern`: a regular expression.

use super::expression::{self, Outline, Search, Syntax};
use super::{Context, MOST_FINDINGS, Match, Slot};
use crate::finding::Fact;
use crate::text::Span;
use crate::yaml::{Flaw, Placed};
use regex_automata::meta::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Compiled size in bytes beyond which a rule's expression is refused.
pub const MAX_SIZE: usize = 10 << 20;

/// A regular expression, in the syntax of Rust's `regex` crate (linear time, no look-around).
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {
    /// The expression. A group named `mark` narrows the finding to that part; other named groups are placeholders of the message.
    pub regex: Placed<String>,
    /// What the expression sees at a time; `^` and `$` are its two ends.
    #[serde(default)]
    pub within: Within,
    /// Letters match in either case.
    #[serde(default)]
    pub ignore_case: bool,
    /// Where this expression matches in the same line (block, document), nothing is found there.
    pub unless: Option<Placed<String>>,
    /// Where the last line above that is not blank matches this, nothing is found: it leads on to what stands here, and to all
    /// of the same kind that follows in a row.
    pub unless_above: Option<Placed<String>>,
    /// What should stand there instead; `$name` and `${name}` stand for groups.
    pub replacement: Option<String>,
}

/// The piece of text that is looked at by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Within {
    /// One line, without its line break and outer white space.
    #[default]
    Line,
    /// One paragraph, heading or list item.
    Block,
    /// The whole text.
    Document,
}

#[derive(Debug)]
pub struct Pattern {
    expression: Lazy,
    unless: Option<Lazy>,
    unless_above: Option<Lazy>,
    within: Within,
    replacement: Option<String>,
    names: Vec<String>,
    literals: Option<Vec<String>>,
}

/// A checked expression that is compiled when it is first needed: most rules never are. One that is tried on single lines is compiled
/// for a short run at first, and once more when the run turns out to be long.
#[derive(Debug)]
struct Lazy {
    source: String,
    ignore_case: bool,
    /// Only tried where the gate has found a literal, in a line or a block.
    gated: bool,
    /// Bytes that it was tried on.
    tried: AtomicUsize,
    quick: OnceLock<Option<Regex>>,
    lasting: OnceLock<Option<Regex>>,
}

/// Bytes of text from which on the literals that stand before a match pay for themselves.
const LONG: usize = 16 << 10;

impl Lazy {
    fn new(source: &str, ignore_case: bool) -> Self {
        let (quick, lasting) = (OnceLock::new(), OnceLock::new());
        Self { source: source.to_owned(), ignore_case, gated: false, tried: AtomicUsize::new(0), quick, lasting }
    }

    fn build(&self, limit: usize, search: Search) -> Result<Regex, String> {
        expression::compile(&self.source, self.ignore_case, limit, search)
    }

    /// To be tried on so many bytes of text.
    fn get(&self, bytes: usize) -> Option<&Regex> {
        // Compiled in full when the rule was loaded from a user's file; a built-in is held to the same by the tests.
        let build = |search| self.build(MAX_SIZE, search).ok();
        let little = || self.tried.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes) <= LONG;
        if self.gated && self.lasting.get().is_none() && little() {
            self.quick.get_or_init(|| build(Search::Once)).as_ref()
        } else {
            self.lasting.get_or_init(|| build(Search::Text)).as_ref()
        }
    }

    fn is_match(&self, text: &str) -> bool {
        self.get(text.len()).is_some_and(|regex| regex.is_match(text))
    }
}

impl Pattern {
    pub fn new(params: Params) -> Result<Self, Vec<Flaw>> {
        let mut flaws = Vec::new();
        let mut read = |source: &Placed<String>| checked(source, params.ignore_case).map_err(|flaw| flaws.push(flaw)).ok();
        let (expression, unless) = (read(&params.regex), params.unless.as_ref().and_then(&mut read));
        let unless_above = params.unless_above.as_ref().and_then(&mut read);
        let Some((expression, outline)) = expression.filter(|_| flaws.is_empty()) else { return Err(flaws) };
        let gated = outline.literals.is_some() && params.within != Within::Document;
        let lazy = |(lazy, _)| Lazy { gated, ..lazy };
        Ok(Self {
            names: outline.groups.into_iter().filter(|name| name != "mark").collect(),
            literals: outline.literals,
            expression: Lazy { gated, ..expression },
            unless: unless.map(lazy),
            unless_above: unless_above.map(lazy),
            within: params.within,
            replacement: params.replacement,
        })
    }

    /// Its expressions, as they are read.
    pub fn expressions(&self) -> impl Iterator<Item = (&str, Syntax)> {
        let all = std::iter::once(&self.expression).chain(&self.unless).chain(&self.unless_above);
        all.map(|lazy| (lazy.source.as_str(), Syntax::Text { ignore_case: lazy.ignore_case }))
    }

    /// What the gate must see before the expression is tried; `None` where it has no fixed text.
    pub fn literals(&self) -> Option<&[String]> {
        self.literals.as_deref()
    }

    /// Compiles the expression now, so that one that takes more than `limit` bytes is refused when its rule is loaded.
    pub fn compile(&self, limit: usize) -> Result<(), String> {
        for lazy in std::iter::once(&self.expression).chain(&self.unless).chain(&self.unless_above) {
            drop(lazy.lasting.set(Some(lazy.build(limit, Search::Text)?)));
        }
        Ok(())
    }

    pub fn placeholders(&self) -> Vec<&str> {
        std::iter::once("match").chain(self.names.iter().map(String::as_str)).collect()
    }

    pub fn detect(&self, slot: Slot, cx: &Context<'_>) -> Vec<Match> {
        let units = self.units(slot, cx);
        if units.is_empty() {
            return Vec::new();
        }
        let Some(regex) = self.expression.get(units.iter().map(|unit| unit.len()).sum()) else { return Vec::new() };
        let mut found = Vec::new();
        let mut last: Option<(Span, bool)> = None;
        for unit in units {
            if found.len() > MOST_FINDINGS {
                break;
            }
            let text = unit.of(&cx.document.text);
            if !regex.is_match(text) || self.unless.as_ref().is_some_and(|unless| unless.is_match(text)) {
                continue;
            }
            if let Some(unless) = &self.unless_above {
                // What stands in a row is judged as its first: a line that leads on to a list leads on to all of it.
                let led_to = match last {
                    Some((above, led_to)) if cx.document.text[above.end..unit.start].trim().is_empty() => led_to,
                    _ => unless.is_match(line_above(&cx.document.text, unit.start)),
                };
                last = Some((unit, led_to));
                if led_to {
                    continue;
                }
            }
            for captures in regex.captures_iter(text).take(MOST_FINDINGS + 1) {
                let Some(whole) = captures.get_group(0).filter(|whole| !whole.is_empty()) else { continue };
                let mark = captures.get_group_by_name("mark").filter(|mark| !mark.is_empty()).unwrap_or(whole);
                let mut hit = Match::at(Span::new(unit.start + mark.start, unit.start + mark.end));
                hit.facts.push((Cow::Borrowed("match"), Fact::Text(text[mark].to_string())));
                for name in &self.names {
                    let value = captures.get_group_by_name(name).map_or("", |group| &text[group]);
                    hit.facts.push((Cow::Owned(name.clone()), Fact::Text(value.to_string())));
                }
                hit.replacement = self.replacement.as_ref().map(|template| captures.interpolate_string(text, template));
                found.push(hit);
            }
        }
        found
    }

    /// The pieces of text that may hold a match, in order.
    fn units(&self, slot: Slot, cx: &Context<'_>) -> Vec<Span> {
        let document = cx.document;
        let (text, lines) = (&*document.text, document.lines());
        let gated = self.literals.is_some();
        let mut units: Vec<Span> = match (self.within, gated) {
            (Within::Document, true) if cx.hits(slot).is_empty() => Vec::new(),
            (Within::Document, _) => vec![Span::new(0, text.len())],
            (Within::Line, true) => cx.hit_lines(slot).map(|line| line.trim(text)).collect(),
            (Within::Line, false) => (0..lines.count()).map(|line| lines.span(line, text).trim(text)).collect(),
            (Within::Block, true) => {
                cx.hits(slot).iter().filter_map(|&at| document.block_at(at as usize)).map(|index| document.blocks[index].span).collect()
            }
            (Within::Block, false) => document.blocks.iter().map(|block| block.span).collect(),
        };
        units.dedup();
        units
    }
}

/// The last line above the byte `at` that is not blank.
fn line_above(text: &str, at: usize) -> &str {
    text[..at].trim_end().rsplit(['\n', '\r']).next().unwrap_or_default().trim_start()
}

fn checked(source: &Placed<String>, ignore_case: bool) -> Result<(Lazy, Outline), Flaw> {
    match Outline::of(&source.value, Syntax::Text { ignore_case }) {
        Ok(outline) => Ok((Lazy::new(&source.value, ignore_case), outline)),
        Err(error) => {
            let (kind, at) = match &*error {
                regex_syntax::Error::Parse(error) => (error.kind().to_string(), Some(error.span().start.offset)),
                regex_syntax::Error::Translate(error) => (error.kind().to_string(), Some(error.span().start.offset)),
                _ => (error.to_string(), None),
            };
            let near = at.and_then(|at| source.value.get(at..)).map(|rest| rest.chars().take(12).collect::<String>());
            let label = near.filter(|near| !near.is_empty()).map_or("this expression".into(), |near| format!("{kind}, at `{near}`"));
            Err(Flaw::new(source.at, format!("bad regex: {kind}"), label)
                .help("the syntax is that of Rust's regex crate: no look-around, no back-references; quote the expression with '…'"))
        }
    }
}
