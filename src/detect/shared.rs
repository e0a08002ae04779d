//! Kinds `repeated-across`, `site-boilerplate` and `near-duplicate-document`: what a document shares with the others of the
//! run, or of an index from earlier runs. Without others, they find nothing.

use super::{Context, Match};
use crate::corpus::{First, Key, Sighting};
use crate::document::Document;
use crate::finding::{Elsewhere, Fact, Label};
use crate::yaml::{Flaw, Placed};
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;
use std::sync::Arc;

/// A run of blocks that another document has, too.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AcrossParams {
    /// Fewest words of a block that counts; shorter ones beside it are taken along.
    pub min_words: usize,
    /// Blocks on this many pages of one site or more are told of as boilerplate, not here.
    pub boilerplate_documents: Option<usize>,
    /// Also blocks of twenty words or more of which other documents have a form with a few words changed.
    #[serde(default)]
    pub near: bool,
}

/// A block that stands on many pages of one site.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BoilerplateParams {
    /// Fewest pages of the site that must have it, this one included; 2 or more.
    pub min_documents: Placed<usize>,
}

/// A document that is another one again, a version of it, or a part.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DuplicateParams {}

/// Blocks of fewer words stand on many pages for no reason; between two repeated ones they do not part them.
const FEW_WORDS: usize = 4;

#[derive(Debug)]
pub struct Across(AcrossParams);

#[derive(Debug)]
pub struct Boilerplate {
    min_documents: usize,
}

#[derive(Debug)]
pub struct Duplicate;

impl Across {
    pub const PLACEHOLDERS: [&'static str; 5] = ["words", "stand", "others", "documents", "first"];

    pub fn new(params: AcrossParams) -> Self {
        Self(params)
    }

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let Some(shared) = cx.shared() else { return Vec::new() };
        // Of a duplicate, every block stands elsewhere; that is told once.
        if shared.likeness.is_some() {
            return Vec::new();
        }
        let document = cx.document;
        let counts = |sighting: &Sighting<'_>| self.0.near || !sighting.near;
        let is_boilerplate = |sighting: &Sighting<'_>| self.0.boilerplate_documents.is_some_and(|most| sighting.on_site >= most);
        let mut found: Vec<Match> = Vec::new();
        let mut sightings = shared.blocks.iter().filter(|sighting| sighting.words >= FEW_WORDS && !is_boilerplate(sighting)).peekable();
        while let Some(sighting) = sightings.next() {
            let Some(first) = sighting.first.filter(|_| counts(sighting)) else { continue };
            let (mut last, mut longest, mut others, mut near) = (sighting.block, sighting.words, sighting.others, sighting.near);
            // The blocks below it that stand in the same document are one finding with it.
            let goes_on = |next: &&Sighting<'_>, last: usize| {
                let there = next.first.filter(|_| counts(next));
                there.is_some_and(|there| there.document.key == first.document.key) && follows(document, last, next.block)
            };
            while let Some(next) = sightings.next_if(|next| goes_on(next, last)) {
                last = next.block;
                longest = longest.max(next.words);
                others = others.max(next.others);
                near |= next.near;
            }
            if longest < self.0.min_words {
                continue;
            }
            let (from, to) = (&document.blocks[sighting.block], &document.blocks[last]);
            let mut hit = Match::at(from.span.join(to.span));
            hit.related.push(label(&first, if near { "stands nearly so here" } else { "stands here, too" }));
            let mut fact = |name: &'static str, fact: Fact| hit.facts.push((Cow::Borrowed(name), fact));
            fact("words", Fact::Count(to.words().end - from.words().start));
            fact("stand", Fact::Text(if near { "stand nearly so" } else { "stand" }.into()));
            fact("others", Fact::Count(others));
            fact("documents", Fact::Text(documents(others)));
            fact("first", Fact::Text(name(&first.document.key)));
            found.push(hit);
        }
        found
    }
}

impl Boilerplate {
    pub const PLACEHOLDERS: [&'static str; 2] = ["pages", "site"];

    pub fn new(params: BoilerplateParams) -> Result<Self, Vec<Flaw>> {
        let min = params.min_documents;
        if min.value < 2 {
            let flaw = Flaw::new(min.at, format!("`min-documents` is {}, less than 2", min.value), "too few documents");
            return Err(vec![flaw.help("a block of one page is no boilerplate")]);
        }
        Ok(Self { min_documents: min.value })
    }

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let Some(shared) = cx.shared() else { return Vec::new() };
        let Some(site) = cx.site() else { return Vec::new() };
        let document = cx.document;
        shared
            .blocks
            .iter()
            .filter(|sighting| sighting.on_site >= self.min_documents)
            .map(|sighting| {
                let mut hit = Match::at(document.blocks[sighting.block].span);
                hit.related.extend(sighting.first.iter().map(|first| label(first, "first here")));
                hit.facts.push((Cow::Borrowed("pages"), Fact::Count(sighting.on_site)));
                hit.facts.push((Cow::Borrowed("site"), Fact::Text(site.to_string())));
                hit
            })
            .collect()
    }
}

impl Duplicate {
    pub const PLACEHOLDERS: [&'static str; 5] = ["relation", "first", "percent", "similarity", "contained"];

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let likeness = cx.shared().and_then(|shared| shared.likeness.as_ref());
        let (Some(likeness), Some(opening)) = (likeness, cx.document.blocks.first()) else { return Vec::new() };
        let overlap = likeness.overlap;
        let relation = match overlap {
            _ if overlap.similarity >= 0.98 => "a copy of",
            _ if overlap.similarity >= 0.5 => "a version of",
            _ if overlap.is_shorter => "a part of",
            _ => "a longer form of",
        };
        let share = if overlap.similarity >= 0.5 { overlap.similarity } else { overlap.contained };
        let mut hit = Match::at(opening.span);
        let top = First { document: likeness.document, line: 1, column: 1 };
        hit.related.push(label(&top, "the first of the two"));
        let mut fact = |name: &'static str, fact: Fact| hit.facts.push((Cow::Borrowed(name), fact));
        fact("relation", Fact::Text(relation.into()));
        fact("first", Fact::Text(name(&likeness.document.key)));
        fact("percent", Fact::Text(format!("{:.0} %", share * 100.0)));
        fact("similarity", Fact::Number(overlap.similarity));
        fact("contained", Fact::Number(overlap.contained));
        vec![hit]
    }
}

/// No block of more than a few words stands between the two.
fn follows(document: &Document, last: usize, next: usize) -> bool {
    document.blocks[last + 1..next].iter().all(|block| block.word_count() < FEW_WORDS)
}

fn documents(count: usize) -> String {
    if count == 1 { "one other document".into() } else { format!("{count} other documents") }
}

fn name(key: &Key) -> String {
    match &key.record {
        Some(record) => format!("{} line {}", key.path, record.line),
        None => key.path.clone(),
    }
}

fn label(first: &First<'_>, text: &str) -> Label {
    let place = Elsewhere { origin: first.document.key.origin(), line: first.line, column: first.column };
    Label::there(Arc::new(place), text)
}
