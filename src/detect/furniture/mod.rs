//! Kind `furniture`: lines that belong to the page and not to the article, told by their wording.
//!
//! A line is looked at as a reader would: white space, curly quotes and the bullets and bars around it do not count. The
//! guards are those without which such phrases are right two times in three only: fragments of hard-wrapped text,
//! subheads between paragraphs, and pages that are all short lines.

mod compiled;
mod layout;
mod menu;

pub use layout::Layout;

use super::citation::is_title;
use super::expression::Syntax;
use super::{Context, Match, Slot};
use crate::document::{Document, HashedSet};
use crate::finding::Fact;
use crate::text::Span;
use crate::yaml::{Flaw, Placed};
use compiled::Compiled;
use layout::{Line, hash_of_line};
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::RangeInclusive;

/// Lines of the page, told by their wording.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {
    /// Lines that are nothing but one of these, apart from case and punctuation.
    #[serde(default)]
    pub lines: Vec<Placed<String>>,
    /// Expressions that a line must match, each by itself.
    #[serde(default)]
    pub patterns: Vec<LinePattern>,
    /// A line that matches this is left alone.
    pub unless: Option<Placed<String>>,
    /// A line of one or two words between two paragraphs is a subhead, and left alone, as is a line of a table of facts
    /// (`Audio: two channels` above `Weight: 800 g`).
    #[serde(default)]
    pub spare_subheads: bool,
    /// Lines that are found among short lines without a stop (`Home`, `Our harbour`, `Careers`, `Contact`) are one menu, with what
    /// stands between them.
    #[serde(default)]
    pub menus: bool,
    /// More `lines`, known in a menu only, beside one of the others (`Who we are`, `Donate`, `Log in`). With `menus`.
    #[serde(default)]
    pub menu_lines: Vec<Placed<String>>,
    /// What goes with a line that is found.
    #[serde(default)]
    pub takes: Takes,
    /// Those of `lines` that lead to the rest of another story, and take its headline, if one stands above them.
    #[serde(default)]
    pub under_headlines: Vec<Placed<String>>,
    /// More `lines`, those that stand above what goes with them (a list of other stories, a caption): where some are given, here or by
    /// `header`, no other line takes what is below it.
    #[serde(default)]
    pub headers: Vec<Placed<String>>,
    /// Another rule that claims the same line is clearer, and is reported in place of this one.
    #[serde(default)]
    pub yields: bool,
}

/// One expression: ASCII, case ignored, in the syntax of Rust's `regex` crate. Curly quotes and dashes of the text are read as straight ones.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LinePattern {
    /// Must match the whole line.
    pub line: Option<Placed<String>>,
    /// Must match at the start of the line.
    pub start: Option<Placed<String>>,
    /// May match anywhere in the line.
    pub any: Option<Placed<String>>,
    /// Longest line that is looked at, in words.
    #[serde(default = "most_words")]
    pub max_words: usize,
    /// Counts only where so many lines of the document match: one date is a date line, three are the heads of comments.
    #[serde(default = "once")]
    pub times: usize,
    /// The lines that it matches are `headers`, too.
    #[serde(default)]
    pub header: bool,
}

const fn once() -> usize {
    1
}

/// A longer line is a paragraph, whatever it begins with.
const fn most_words() -> usize {
    40
}

/// What a finding takes in besides its line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Takes {
    #[default]
    Nothing,
    /// All that follows: where the line stands in the second half and few paragraphs come after it, or where the heads of posts
    /// (see `times`) stand all the way down. Comments.
    Rest,
    /// The list of short lines without a stop under it: headlines of other stories. With a colon above a paragraph, a line introduces
    /// that paragraph, and is left alone.
    ListBelow,
    /// A single word on the line above it: the name of who posted it.
    NameAbove,
    /// The line under it, unless that is a long paragraph: what a picture shows.
    CaptionBelow,
}

#[derive(Debug)]
pub struct Furniture {
    /// Hashes of the words of `lines`, as blocks have them.
    lines: HashedSet,
    under_headlines: HashedSet,
    /// Those of `lines` that take along what is below them; where neither these nor patterns do, every label does.
    headers: HashedSet,
    patterns: Vec<Compiled>,
    unless: Option<Compiled>,
    spare_subheads: bool,
    menus: bool,
    menu_lines: HashedSet,
    takes: Takes,
    pub yields: bool,
    /// For each pattern, what the gate must see before it is tried.
    literals: Vec<Vec<String>>,
}

/// Paragraphs that may follow the line that opens the comments.
const PROSE_IN_REST: usize = 3;
/// Longest list of other stories.
const MAX_LIST: usize = 12;
/// Words of a caption.
const CAPTION: std::ops::RangeInclusive<u32> = 4..=45;
/// Words of a headline.
const HEADLINE: std::ops::RangeInclusive<u32> = 5..=18;
/// So many heads of posts make a thread, and no post in it has more lines.
const MIN_POSTS: usize = 3;
const MAX_POST: usize = 12;

impl Furniture {
    pub const PLACEHOLDERS: [&'static str; 2] = ["match", "lines"];

    pub fn new(params: Params) -> Result<Self, Vec<Flaw>> {
        let (mut flaws, mut patterns, mut literals) = (Vec::new(), Vec::new(), Vec::new());
        let under_headlines: HashedSet = params.under_headlines.iter().map(|line| hash_of_line(&line.value)).collect();
        let headers: HashedSet = params.headers.iter().map(|line| hash_of_line(&line.value)).collect();
        let lines = params.lines.iter().map(|line| hash_of_line(&line.value));
        let lines = lines.chain(under_headlines.iter().chain(&headers).copied()).collect();
        for pattern in &params.patterns {
            let (source, anchors) = match (&pattern.line, &pattern.start, &pattern.any) {
                (Some(line), None, None) => (line, ("^(?:", ")$")),
                (None, Some(start), None) => (start, ("^(?:", ")")),
                (None, None, Some(any)) => (any, ("", "")),
                _ => {
                    flaws.push(Flaw::new(Span::default(), "a pattern has one of `line`, `start` and `any`", "in this rule"));
                    continue;
                }
            };
            match Compiled::new(source, anchors, pattern.max_words) {
                Ok((mut compiled, Some(required))) => {
                    (compiled.times, compiled.header) = (pattern.times, pattern.header);
                    patterns.push(compiled);
                    literals.push(required);
                }
                Ok((_, None)) => {
                    let flaw =
                        Flaw::new(source.at, "the expression has no fixed text of two bytes or more", "needs a word that must stand there");
                    flaws.push(flaw.help("without one, every line of every document would have to be tried"));
                }
                Err(flaw) => flaws.push(flaw),
            }
        }
        let unless = match params.unless.as_ref().map(|unless| Compiled::new(unless, ("", ""), usize::MAX)) {
            Some(Err(flaw)) => {
                flaws.push(flaw);
                None
            }
            Some(Ok((compiled, _))) => Some(compiled),
            None => None,
        };
        if !flaws.is_empty() {
            return Err(flaws);
        }
        Ok(Self {
            lines,
            under_headlines,
            headers,
            patterns,
            unless,
            spare_subheads: params.spare_subheads,
            menus: params.menus,
            menu_lines: params.menu_lines.iter().map(|line| hash_of_line(&line.value)).collect(),
            takes: params.takes,
            yields: params.yields,
            literals,
        })
    }

    /// Compiles every expression now, so that one that takes more than `limit` bytes is refused when its rule is loaded.
    pub fn compile(&self, limit: usize) -> Result<(), String> {
        self.patterns.iter().chain(&self.unless).try_for_each(|pattern| pattern.build(limit).map(drop))
    }

    /// For each expression, what the gate must see before it is tried.
    pub fn literals(&self) -> impl Iterator<Item = &[String]> {
        self.literals.iter().map(Vec::as_slice)
    }

    /// Its expressions, as they are read.
    pub fn expressions(&self) -> impl Iterator<Item = (&str, Syntax)> {
        self.patterns.iter().chain(&self.unless).map(|pattern| (pattern.source.as_str(), Syntax::Line))
    }

    pub fn detect(&self, slot: Slot, cx: &Context<'_>) -> Vec<Match> {
        let layout = cx.layout();
        let (mut indices, mut heads, mut marks): (Vec<usize>, HashSet<usize>, Vec<usize>) = Default::default();
        let any_heads = self.headers.is_empty() && !self.patterns.iter().any(|pattern| pattern.header);
        for (part, pattern) in self.patterns.iter().enumerate() {
            let lines = cx.hits_of_part(slot, part).iter().filter_map(|&at| layout.line_at(at as usize));
            let worded = lines.filter(|&index| pattern.fits(cx.document, &layout.lines[index]));
            if pattern.times == 1 {
                let before = indices.len();
                indices.extend(worded);
                if pattern.header || (any_heads && pattern.whole) {
                    heads.extend(&indices[before..]);
                }
                continue;
            }
            let before = marks.len();
            marks.extend(worded);
            if marks.len() - before < pattern.times {
                marks.truncate(before);
            }
        }
        marks.sort_unstable();
        indices.extend(&marks);
        for &(hash, index) in layout.short.iter().filter(|(hash, _)| self.lines.contains(hash)) {
            let index = index as usize;
            if is_label(&layout.lines[index], &cx.document.text) {
                indices.push(index);
                if any_heads || self.headers.contains(&hash) {
                    heads.insert(index);
                }
            }
        }
        // `Print | E-mail | Single page`: a bar of labels.
        for bar in layout.parts.chunk_by(|a, b| a.1 == b.1) {
            let known = bar.iter().filter(|(hash, _)| self.lines.contains(hash)).count();
            if known >= 2 && known * 2 >= bar.len() {
                indices.push(bar[0].1 as usize);
            }
        }
        indices.retain(|&index| self.stands(cx.document, layout, index));
        indices.sort_unstable();
        indices.dedup();
        let menus = if self.menus { self.menus(cx.document, layout, &indices, &heads) } else { Vec::new() };
        let (mut found, mut done, mut menus) = (Vec::new(), 0, menus.into_iter().peekable());
        for &index in &indices {
            if index < done {
                continue;
            }
            while menus.next_if(|menu| *menu.end() < index).is_some() {}
            if let Some(menu) = menus.next_if(|menu| menu.contains(&index)) {
                let first = done.max(*menu.start());
                done = menu.end() + 1;
                found.push(menu::hit(layout, &cx.document.text, first..done));
                continue;
            }
            let heads = heads.contains(&index) && (self.takes != Takes::CaptionBelow || indices.binary_search(&(index + 1)).is_err());
            let (first, last) = self.taken(cx.document, layout, index, heads, &marks);
            let first = first.max(done);
            done = last + 1;
            let span = layout.lines[first].span().join(layout.lines[last].span());
            let mut hit = Match::at(span);
            hit.certain = first == last;
            hit.facts.push((Cow::Borrowed("match"), Fact::Text(layout.lines[index].span().of(&cx.document.text).to_string())));
            hit.facts.push((Cow::Borrowed("lines"), Fact::Count(last + 1 - first)));
            found.push(hit);
        }
        found
    }

    /// The menus that the lines `known` are parts of. What stands above a caption is no label.
    fn menus(&self, document: &Document, layout: &Layout, known: &[usize], heads: &HashSet<usize>) -> Vec<RangeInclusive<usize>> {
        let known = known.iter().filter(|line| self.takes == Takes::Nothing || !heads.contains(line));
        let known = known.map(|&line| menu::Label { line, alone: true });
        let others = layout.short.iter().filter(|(hash, _)| self.menu_lines.contains(hash)).map(|&(_, line)| line as usize);
        let others = others.filter(|&line| is_label(&layout.lines[line], &document.text));
        let mut labels: Vec<_> = known.chain(others.map(|line| menu::Label { line, alone: false })).collect();
        labels.sort_unstable_by_key(|label| (label.line, !label.alone));
        labels.dedup_by_key(|label| label.line);
        menu::all(layout, &labels)
    }

    /// Whether the guards let this line through.
    fn stands(&self, document: &Document, layout: &Layout, index: usize) -> bool {
        let line = &layout.lines[index];
        if layout.runs_through(index) || (layout.wrapped && (line.words > 6 || line.closed) && layout.is_fragment(index)) {
            return false;
        }
        let text = line.span().of(&document.text);
        let between = index > 0 && layout.is_prose(index - 1) && layout.is_prose(index + 1);
        if self.spare_subheads && line.words <= 2 && between && !text.ends_with([':', '…']) && !text.ends_with("...") {
            return false;
        }
        if self.spare_subheads && layout.is_entry(&document.text, index) {
            return false;
        }
        // `More from the treasurer:` above a paragraph introduces it.
        if self.takes == Takes::ListBelow && text.ends_with(':') && layout.is_prose(index + 1) {
            return false;
        }
        // `Learn more` above the titles of works belongs to the article.
        if self.takes == Takes::ListBelow && layout.lines.get(index + 1).is_some_and(|below| is_title(below.span().of(&document.text))) {
            return false;
        }
        self.unless.as_ref().is_none_or(|unless| !unless.is_match(line.plain(document)))
    }

    /// The first and the last of the lines that go with line `index`. `heads`: it may take along what is below it; `marks` are the
    /// lines that count only together.
    fn taken(&self, document: &Document, layout: &Layout, index: usize, heads: bool, marks: &[usize]) -> (usize, usize) {
        let count = layout.lines.len();
        if layout.wrapped {
            return (index, index);
        }
        let above = index.checked_sub(1).map(|above| &layout.lines[above]);
        if self.takes == Takes::NameAbove && above.is_some_and(|above| is_name(above.span().of(&document.text))) {
            return (index - 1, index);
        }
        if self.takes == Takes::Rest && opens_thread(layout, index, marks) {
            return (index, count - 1);
        }
        if layout.is_sparse() {
            return (index, index);
        }
        let header = &layout.lines[index];
        match self.takes {
            Takes::Nothing | Takes::NameAbove => (index, index),
            Takes::Rest => {
                let after = layout.prose.len() - layout.prose_before(index);
                (index, if index * 2 > count && after <= PROSE_IN_REST { count - 1 } else { index })
            }
            Takes::CaptionBelow => {
                let captioned = heads && layout.lines.get(index + 1).is_some_and(|below| CAPTION.contains(&below.words));
                (index, index + usize::from(captioned))
            }
            Takes::ListBelow => {
                let is_item = |line: &Line| !line.closed && (2..=14).contains(&line.words);
                let list = layout.lines[index + 1..].iter().take(MAX_LIST + 1).take_while(|line| is_item(line)).count();
                // One short line under a header may be anything.
                if heads && header.words <= 9 && !header.closed && (2..=MAX_LIST).contains(&list) {
                    return (index, index + list);
                }
                let is_headline = |line: &Line| !line.closed && HEADLINE.contains(&line.words);
                let leads_on = || layout.hash_of(index).is_some_and(|hash| self.under_headlines.contains(&hash));
                if above.is_some_and(is_headline) && leads_on() { (index - 1, index) } else { (index, index) }
            }
        }
    }
}

/// A line of known words is a label, unless it is code (`name = "";`) or asks for them (`Comments?`).
fn is_label(line: &Line, text: &str) -> bool {
    let text = line.span().of(text);
    let asks = line.words == 1 && text.ends_with('?');
    !asks && !text.contains(['=', ';', '{', '}'])
}

/// Whether posts stand from line `index` on all the way down, under a paragraph of the article.
fn opens_thread(layout: &Layout, index: usize, marks: &[usize]) -> bool {
    let count = layout.lines.len();
    let below = &marks[marks.partition_point(|&mark| mark < index)..];
    let last = below.last().copied().unwrap_or(0);
    layout.prose_before(index) > 0
        && below.len() >= MIN_POSTS
        && (last - index) * 2 >= count - index
        && below.windows(2).all(|pair| pair[1] - pair[0] <= MAX_POST)
}

/// A name as people have in forums: one word, no stop.
fn is_name(line: &str) -> bool {
    line.chars().count() >= 2 && !line.contains(|c: char| c.is_whitespace() || matches!(c, '.' | '!' | '?' | '"' | '“' | '”'))
}
