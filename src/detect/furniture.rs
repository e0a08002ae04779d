//! Kind `furniture`: lines that belong to the page and not to the article, told by their wording.
//!
//! A line is looked at as a reader would: white space, curly quotes and the bullets and bars around it do not count. The
//! guards are those without which such phrases are right two times in three only: fragments of hard-wrapped text,
//! subheads between paragraphs, and pages that are all short lines.

use super::expression::{Outline, Search, Syntax};
use super::pattern::MAX_SIZE;
use super::{Context, Match, Slot};
use crate::document::{Document, Format, HashedSet, Word, hash_of, mix};
use crate::finding::Fact;
use crate::text::Span;
use crate::yaml::{Flaw, Placed};
use regex_automata::meta::Regex;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashSet;
use std::sync::OnceLock;

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
    takes: Takes,
    pub yields: bool,
    /// For each pattern, what the gate must see before it is tried.
    literals: Vec<Vec<String>>,
}

/// An expression that is compiled when its literal is first met.
#[derive(Debug)]
struct Compiled {
    source: String,
    /// Matches whole lines.
    whole: bool,
    max_words: usize,
    times: usize,
    header: bool,
    regex: OnceLock<Option<Regex>>,
}

/// Words of the longest line that is looked up among `lines`.
pub(super) const SHORT: usize = 8;
/// What parts the labels of a bar, and how many words it has at most.
const BARS: [char; 4] = ['|', '•', '·', '¦'];
const BAR: usize = 24;
/// With this many words and a stop at its end, a line is a paragraph of the story.
const PROSE: usize = 18;
/// Paragraphs that may follow the line that opens the comments.
const PROSE_IN_REST: usize = 3;
/// Longest list of other stories.
const MAX_LIST: usize = 12;
/// Words of a caption.
const CAPTION: std::ops::RangeInclusive<u32> = 4..=45;
/// Words of a headline.
const HEADLINE: std::ops::RangeInclusive<u32> = 5..=18;
/// So many lines with different labels make a table of facts.
const MIN_ENTRIES: usize = 3;
/// So many heads of posts make a thread, and no post in it has more lines.
const MIN_POSTS: usize = 3;
const MAX_POST: usize = 12;

impl Compiled {
    fn new(source: &Placed<String>, anchors: (&str, &str), max_words: usize) -> Result<(Self, Option<Vec<String>>), Flaw> {
        let anchored = format!("{}{}{}", anchors.0, source.value, anchors.1);
        match Outline::of(&anchored, Syntax::Line) {
            Ok(outline) => {
                let compiled =
                    Self { source: anchored, whole: anchors.1 == ")$", max_words, times: 1, header: false, regex: OnceLock::new() };
                Ok((compiled, outline.literals))
            }
            Err(error) => Err(Flaw::new(source.at, "bad regex", "this expression")
                .help(format!("{error}; expressions of this kind are ASCII: write other characters as (?:a|b), not in [ ]"))),
        }
    }

    fn build(&self, limit: usize) -> Result<Regex, String> {
        Syntax::Line.compile(&self.source, limit, Search::Once)
    }

    fn fits(&self, document: &Document, line: &Line) -> bool {
        line.words as usize <= self.max_words && self.is_match(line.plain(document))
    }

    fn is_match(&self, line: &str) -> bool {
        // Held to compile by the tests (built-in rules) or when its rule was loaded.
        self.regex.get_or_init(|| self.build(MAX_SIZE).ok()).as_ref().is_some_and(|regex| regex.is_match(line.as_bytes()))
    }
}

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
                Ok((compiled, Some(required))) => {
                    patterns.push(Compiled { times: pattern.times, header: pattern.header, ..compiled });
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
        let (mut found, mut done) = (Vec::new(), 0);
        for &index in &indices {
            if index < done {
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

/// The lines of a document, as the guards see them.
#[derive(Debug)]
pub struct Layout {
    /// Those that are not blank.
    lines: Vec<Line>,
    /// The hash of the words of each short line, and its index.
    short: Vec<(u64, u32)>,
    /// The hash of what stands between the bars of a line that has some, and its index.
    parts: Vec<(u64, u32)>,
    /// Over a fifth of the lines start in lower case: they are parts of paragraphs.
    wrapped: bool,
    /// Indices of the paragraphs.
    prose: Vec<u32>,
}

/// 32 bytes, since a long document has millions of them.
#[derive(Debug)]
struct Line {
    start: u32,
    end: u32,
    words: u32,
    /// Ends with a stop.
    closed: bool,
    /// Starts in lower case.
    lower: bool,
    /// Made when the first pattern asks for it.
    plain: OnceCell<Box<str>>,
}

impl Line {
    const fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }

    /// As patterns see it.
    fn plain(&self, document: &Document) -> &str {
        self.plain.get_or_init(|| plain(self.span().of(&document.text)).into())
    }
}

impl Layout {
    pub fn of(document: &Document) -> Self {
        let (text, index) = (&*document.text, document.lines());
        let mut lines = Vec::with_capacity(index.count());
        let (mut short, mut parts) = (Vec::new(), Vec::new());
        // What stands beside the article on its page is no line of it.
        let is_main =
            |span: Span| document.format != Format::Html || document.block_at(span.start).is_none_or(|at| document.blocks[at].main);
        let (mut word, mut fragments, mut prose) = (0, 0, Vec::new());
        for number in 0..index.count() {
            let span = index.span(number, text).trim(text);
            if span.is_empty() {
                continue;
            }
            let first = word;
            while document.words.get(word).is_some_and(|next| next.span().start < span.end) {
                word += 1;
            }
            let words = word - first;
            if !is_main(span) {
                continue;
            }
            if (1..=SHORT).contains(&words) {
                let hash = document.words[first..word].iter().fold(0, |hash, word| mix(hash, word.hash));
                short.push((hash, lines.len() as u32));
            }
            if (2..=BAR).contains(&words) && span.of(text).contains(BARS) {
                parts.extend(parts_of(text, &document.words[first..word]).map(|hash| (hash, lines.len() as u32)));
            }
            let closed = span.of(text).trim_end_matches(['\'', '"', '”', '’', ')', ']']).ends_with(['.', '!', '?', '…']);
            let lower = span.of(text).starts_with(char::is_lowercase);
            fragments += usize::from(words > 3 && lower);
            if words >= PROSE && closed {
                prose.push(lines.len() as u32);
            }
            let (start, end) = (span.start as u32, span.end as u32);
            lines.push(Line { start, end, words: words as u32, closed, lower, plain: OnceCell::new() });
        }
        Self { wrapped: fragments * 5 > lines.len(), lines, short, parts, prose }
    }

    /// The line that holds the byte `at`.
    fn line_at(&self, at: usize) -> Option<usize> {
        let index = self.lines.partition_point(|line| line.start as usize <= at).checked_sub(1)?;
        (at < self.lines[index].end as usize).then_some(index)
    }

    fn is_prose(&self, index: usize) -> bool {
        self.lines.get(index).is_some_and(|line| line.closed && line.words as usize >= PROSE)
    }

    /// How many paragraphs stand before line `index`.
    fn prose_before(&self, index: usize) -> usize {
        self.prose.partition_point(|&at| (at as usize) < index)
    }

    /// The hash of a short line.
    fn hash_of(&self, index: usize) -> Option<u64> {
        self.short.binary_search_by_key(&index, |&(_, at)| at as usize).ok().map(|at| self.short[at].0)
    }

    /// A line in the middle of a sentence: one that does not end stands above it, and it and the next start in lower case.
    fn runs_through(&self, index: usize) -> bool {
        let above = index.checked_sub(1).map(|above| &self.lines[above]);
        above.is_some_and(|above| !above.closed && above.words > 3)
            && self.lines[index].lower
            && !self.lines[index].closed
            && self.lines.get(index + 1).is_some_and(|below| below.lower && below.words > 3)
    }

    /// In hard-wrapped text, a line that is not a paragraph by itself.
    fn is_fragment(&self, index: usize) -> bool {
        let goes_on = |line: &Line| !line.closed && line.words > 6;
        let above = index.checked_sub(1).is_some_and(|above| goes_on(&self.lines[above]));
        let line = &self.lines[index];
        above || line.lower || self.lines.get(index + 1).is_some_and(|below| below.lower || goes_on(line))
    }

    /// A line of a table of facts (`Audio: two channels`): lines with other labels stand beside it.
    fn is_entry(&self, text: &str, index: usize) -> bool {
        let label = |line: &Line| label(line.span().of(text));
        if label(&self.lines[index]).is_none() {
            return false;
        }
        let above = self.lines[..index].iter().rev().map_while(label);
        let labels: HashSet<&str> = above.chain(self.lines[index..].iter().map_while(label)).take(2 * MIN_ENTRIES).collect();
        labels.len() >= MIN_ENTRIES
    }

    /// A page of short lines: an index, a table, a form.
    fn is_sparse(&self) -> bool {
        self.prose.len() < 3 && self.lines.len() > 8
    }
}

/// The hashes of what stands between bars.
fn parts_of(text: &str, words: &[Word]) -> impl Iterator<Item = u64> {
    let same = |a: &Word, b: &Word| !text[a.span().end..b.span().start].contains(BARS);
    words.chunk_by(same).map(|part| part.iter().fold(0, |hash, word| mix(hash, word.hash)))
}

/// What stands before the colon of a line, if that is a word or two and something follows.
fn label(line: &str) -> Option<&str> {
    let (label, rest) = line.split_once(": ")?;
    (label.len() <= 24 && label.split(' ').count() <= 3 && !rest.trim().is_empty()).then_some(label)
}

/// The line as patterns see it: straight quotes and dashes, single spaces, nothing around it.
fn plain(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            '‘' | '’' | 'ʼ' => out.push('\''),
            '“' | '”' => out.push('"'),
            '–' | '—' => out.push('-'),
            c if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c if c.is_ascii() => out.push(c),
            c => out.extend(c.to_lowercase()),
        }
    }
    // A row of a table is no menu: its bars stay, unless all but one of its cells are empty, as where tables were for layout.
    let cells = || out.split('|').filter(|cell| !cell.trim().is_empty()).count();
    if out.len() > 1 && out.starts_with('|') && out.ends_with('|') && cells() > 1 {
        return out;
    }
    out.trim_start_matches([' ', '|', '•', '·', '*', '▪', '►', '▶', '■', '-']).trim_end_matches([' ', '|']).to_string()
}

/// The hash that a line of these words has, see [`Document::blocks`].
fn hash_of_line(line: &str) -> u64 {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’');
    let words = line.split(|c| !is_word(c)).map(|word| word.trim_matches(['\'', '’'])).filter(|word| !word.is_empty());
    words.fold(0, |hash, word| mix(hash, hash_of(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_hashes_as_a_line_of_the_document_does() {
        for line in ["Share this:", "Don’t miss", "E-mail", "» Read more «", "Terms & Conditions", "Who's who 24/7"] {
            let layout = Layout::of(&Document::from_text(line));
            assert_eq!(layout.short[0].0, hash_of_line(line), "{line}");
        }
    }

    #[test]
    fn a_line_is_read_without_what_stands_around_it() {
        assert_eq!(plain("• Don’t\u{a0} miss — “this” | "), "Don't miss - \"this\"");
        assert_eq!(plain("| | E-mail to a friend | |"), "E-mail to a friend");
        assert_eq!(plain("| Wall | 12 m |"), "| Wall | 12 m |");
    }

    #[test]
    fn a_bar_is_read_label_by_label() {
        let layout = Layout::of(&Document::from_text("Print | Single page\nIt stands.\n| Back | |"));
        let hashes = ["Print", "Single page", "Back"].map(hash_of_line);
        assert_eq!(layout.parts, [(hashes[0], 0), (hashes[1], 0)]);
        assert_eq!(layout.short.last(), Some(&(hashes[2], 2)));
    }

    #[test]
    fn a_line_of_a_table_of_facts_is_known_by_its_neighbours() {
        let table = "Hands on\nScreen: 12 inches\nAudio: two speakers\nWeight: 800 g\nIt plays.";
        let layout = Layout::of(&Document::from_text(table));
        assert_eq!([0, 1, 2, 3, 4].map(|index| layout.is_entry(table, index)), [false, true, true, true, false]);
        let links = "Related: The old wall\nRelated: The new wall\nRelated: What it costs";
        assert!(!Layout::of(&Document::from_text(links)).is_entry(links, 1));
    }

    #[test]
    fn the_layout_knows_prose_and_fragments() {
        let prose = "The council voted on Monday to raise the harbour wall by a metre after three hours of debate in town.\n";
        let layout = Layout::of(&Document::from_text(&format!("Share\n\n{prose}Tweet\n{prose}")));
        assert_eq!((layout.lines.len(), layout.prose.len(), layout.wrapped), (4, 2, false));
        let wrapped =
            Layout::of(&Document::from_text("The council voted on Monday\nto raise the wall by a\nmetre after three hours of debate"));
        assert!(wrapped.wrapped);
    }
}
