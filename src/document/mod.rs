//! One text to check: where it came from, its blocks, sentences and words.
//!
//! Everything here is computed once, when the document is made; no detector splits the text again.

mod block;
mod hashed;
mod language;
mod moment;
mod root;
mod section;
mod site;
mod source;
mod technical;
mod word;
mod words;

pub use hashed::{HashedMap, HashedSet, inverse};
pub use language::{LANGUAGES, Language, SmallWords, code_of};
pub use moment::{date_of_day, number_of_day};
pub use root::{Root, settled};
pub use section::Section;
pub use site::site;
pub use source::SourceMap;
pub use technical::is_code;
pub use word::{Shape, Word, fold, hash_folded, hash_of, mix};
pub use words::Words;

use self::source::Source;
use crate::text::{LineIndex, Position, Span};
use schemars::JsonSchema;
use serde::Deserialize;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// Where a document was read from, as findings name it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// As the user wrote it; `-` or the name given for stdin.
    pub path: String,
    /// Set where the document is one record of a larger file.
    pub record: Option<Record>,
    /// Where the article was scraped from, if the record says so.
    pub url: Option<String>,
    /// Name of the encoding that was assumed, where it was not UTF-8.
    pub encoding: Option<&'static str>,
    /// Bytes of the file made no sense in its encoding and stand as U+FFFD. Such a file is never written to.
    pub damaged: bool,
}

impl Origin {
    /// Whether it is the same document: the same line of the same file.
    pub fn is_same(&self, other: &Self) -> bool {
        let line = |origin: &Self| origin.record.as_ref().map(|record| record.line);
        self.path == other.path && line(self) == line(other)
    }
}

/// What kind of file the text was taken from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    #[default]
    Text,
    Markdown,
    Html,
}

/// What the file says about its article, beside the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    pub title: Option<String>,
    /// As it is written there.
    pub date: Option<String>,
    pub author: Option<String>,
}

impl Meta {
    /// What this one does not say, `other` says.
    pub fn or(self, other: Self) -> Self {
        Self { title: self.title.or(other.title), date: self.date.or(other.date), author: self.author.or(other.author) }
    }
}

/// The place of a document inside a file of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Line of the file, counted from 1.
    pub line: usize,
    pub id: Option<String>,
    /// The field that holds the text.
    pub field: String,
}

/// Bytes of a text beyond which its words are not kept, and it is checked in sections: more than any article and most books have.
pub const LONG: usize = 2 << 20;

/// Most bytes of a text: its structure counts them in four bytes.
pub const MOST_BYTES: usize = u32::MAX as usize;

/// A text with its structure. All offsets are bytes of `text`.
#[derive(Debug)]
pub struct Document {
    pub origin: Origin,
    pub format: Format,
    pub meta: Meta,
    /// What a reader sees: the file itself, or what markup leaves of it.
    pub text: Arc<str>,
    pub blocks: Vec<Block>,
    pub sentences: Vec<Sentence>,
    pub words: Words,
    lines: LineIndex,
    /// Of a stretch of a long text: lines of the text before it.
    lines_before: usize,
    source: Option<Source>,
    source_lines: OnceLock<LineIndex>,
    language: OnceLock<Option<Language>>,
    technical: OnceLock<bool>,
}

/// What a reader sees of a file with markup.
#[derive(Debug, Default)]
pub struct Visible {
    pub text: String,
    pub map: SourceMap,
    /// In order, trimmed and not empty.
    pub blocks: Vec<Place>,
    pub meta: Meta,
}

/// Where a block stands and what its file says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub span: Span,
    pub kind: BlockKind,
    pub zone: Zone,
    /// Part of the article itself, as far as the page's structure tells.
    pub main: bool,
}

impl Place {
    /// A block of a file that holds nothing but its article.
    pub const fn content(span: Span, kind: BlockKind) -> Self {
        Self { span, kind, zone: Zone::Content, main: true }
    }
}

/// A paragraph, heading, list item …
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub span: Span,
    pub kind: BlockKind,
    pub zone: Zone,
    /// Part of the article itself; in a plain text, every block is.
    pub main: bool,
    /// Of the words in their order: equal for blocks that differ only in case, spacing and punctuation.
    pub hash: u64,
    words: (u32, u32),
    sentences: (u32, u32),
}

impl Block {
    /// So far without words.
    const fn at(Place { span, kind, zone, main }: Place) -> Self {
        Self { span, kind, zone, main, hash: 0, words: (0, 0), sentences: (0, 0) }
    }

    /// Which of [`Document::words`] are in it.
    pub const fn words(&self) -> Range<usize> {
        self.words.0 as usize..self.words.1 as usize
    }

    /// Which of [`Document::sentences`] are in it.
    pub const fn sentences(&self) -> Range<usize> {
        self.sentences.0 as usize..self.sentences.1 as usize
    }

    pub const fn word_count(&self) -> usize {
        (self.words.1 - self.words.0) as usize
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BlockKind {
    Paragraph,
    Heading,
    ListItem,
    Quote,
    /// Of a picture or a table.
    Caption,
    TableCell,
    /// Program code and other text whose spacing counts.
    Code,
}

impl BlockKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Paragraph => "paragraph",
            Self::Heading => "heading",
            Self::ListItem => "list-item",
            Self::Quote => "quote",
            Self::Caption => "caption",
            Self::TableCell => "table-cell",
            Self::Code => "code",
        }
    }
}

/// The part of a page that a block stands in, as tags and class names call it. A plain text is all content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Zone {
    #[default]
    Content,
    Navigation,
    Header,
    Footer,
    /// Side columns and boxes.
    Aside,
    /// Captions and credits of pictures.
    Figure,
    Comments,
    /// Buttons for sharing, following, printing.
    Share,
    /// Other stories.
    Related,
    Advert,
    /// Sign-up boxes, log-in and search forms, cookie notices.
    Form,
    /// Author boxes, date lines, tags.
    Byline,
}

impl Zone {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::Navigation => "navigation",
            Self::Header => "header",
            Self::Footer => "footer",
            Self::Aside => "aside",
            Self::Figure => "figure",
            Self::Comments => "comments",
            Self::Share => "share",
            Self::Related => "related",
            Self::Advert => "advert",
            Self::Form => "form",
            Self::Byline => "byline",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence {
    start: u32,
    end: u32,
    words: (u32, u32),
}

impl Sentence {
    pub const fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }

    /// Which of [`Document::words`] are in it.
    pub const fn words(&self) -> Range<usize> {
        self.words.0 as usize..self.words.1 as usize
    }
}

impl Document {
    /// A plain text. A byte order mark at its start belongs to the file, not to the text.
    pub fn new(origin: Origin, text: impl Into<Arc<str>>) -> Self {
        let text: Arc<str> = text.into();
        if let Some(visible) = text.strip_prefix('\u{feff}') {
            let mut map = SourceMap::default();
            map.copy(Span::new(text.len() - visible.len(), text.len()));
            return Self::build(origin, visible.into(), None, Some(Source { text, map }));
        }
        Self::build(origin, text, None, None)
    }

    /// The visible text of a file with markup, its blocks (in order, trimmed, not empty), and where each byte came from.
    pub fn with_source(origin: Origin, format: Format, source: Arc<str>, visible: Visible) -> Self {
        let Visible { text, map, blocks, meta } = visible;
        debug_assert_eq!(map.len(), text.len());
        let document = Self::build(origin, text.into(), Some(blocks), Some(Source { text: source, map }));
        Self { format, meta, ..document }
    }

    fn build(origin: Origin, text: Arc<str>, places: Option<Vec<Place>>, source: Option<Source>) -> Self {
        let lines = LineIndex::new(&text);
        let (mut words, mut splitter) = (words::Gathering::of(&text, text.len() > LONG), word::Splitter::new(&text));
        let mut blocks = Vec::with_capacity(places.as_ref().map_or_else(|| lines.count(), Vec::len));
        let split = if places.is_none() { Some(block::split(&text, &lines)) } else { None };
        for place in places.into_iter().flatten().chain(split.into_iter().flatten()) {
            let mut block = Block::at(place);
            words.open(block.span);
            splitter.split(&mut block, |word| words.add(word));
            blocks.push(block);
        }
        blocks.shrink_to_fit();
        let (words, sentences) = (words.finish(), splitter.sentences);
        Self {
            origin,
            format: Format::default(),
            meta: Meta::default(),
            text,
            blocks,
            sentences,
            words,
            lines,
            lines_before: 0,
            source,
            source_lines: OnceLock::new(),
            language: OnceLock::new(),
            technical: OnceLock::new(),
        }
    }

    /// A text from nowhere, for tests and examples.
    pub fn from_text(text: &str) -> Self {
        Self::new(Origin::default(), text)
    }

    /// The file as it lies on disk (decoded to UTF-8): what reports show and fixes change. For a plain text, the text.
    pub fn source(&self) -> &Arc<str> {
        self.source.as_ref().map_or(&self.text, |source| &source.text)
    }

    /// The smallest stretch of the source that holds all of `span`, a stretch of the text.
    pub fn to_source(&self, span: Span) -> Span {
        self.source.as_ref().map_or(span, |source| source.map.to_source(span))
    }

    /// The stretches of the source that `span` was made of. To take it out, take out these and leave the markup between.
    pub fn source_parts(&self, span: Span) -> Vec<Span> {
        self.source.as_ref().map_or_else(|| vec![span], |source| source.map.parts(span))
    }

    /// The lines of the source.
    pub fn source_lines(&self) -> &LineIndex {
        match &self.source {
            Some(source) => self.source_lines.get_or_init(|| LineIndex::new(&source.text)),
            None => &self.lines,
        }
    }

    /// Line and column in the source of the byte `at` of the source.
    pub fn source_position(&self, at: usize) -> Position {
        self.source_lines().position(at, self.source())
    }

    /// The lines of the text.
    pub fn lines(&self) -> &LineIndex {
        &self.lines
    }

    pub fn position(&self, at: usize) -> Position {
        self.lines.position(at, &self.text)
    }

    /// The line, counted from 1, on which the byte `at` stands; of a stretch, counted in the whole text.
    pub fn line(&self, at: usize) -> usize {
        self.lines_before + self.lines.line_of(at) + 1
    }

    /// Index of the block that holds the byte `at`, if one does.
    pub fn block_at(&self, at: usize) -> Option<usize> {
        let after = self.blocks.partition_point(|block| block.span.start <= at);
        after.checked_sub(1).filter(|&index| at < self.blocks[index].span.end)
    }

    /// The language of the whole text; `None` where it is too short or too mixed to say.
    pub fn language(&self) -> Option<Language> {
        *self.language.get_or_init(|| language::of_words(&self.words, &self.text))
    }

    /// Whether the text is about program code, so that code stands in it on purpose; by its words in English.
    pub fn is_technical(&self) -> bool {
        *self.technical.get_or_init(|| technical::is_technical(&self.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_hash_their_words_and_nothing_else() {
        let document = Document::from_text("“No comment,” he said.\nNo comment, he SAID\nHe said: no comment\n");
        let hashes: Vec<u64> = document.blocks.iter().map(|block| block.hash).collect();
        assert_eq!(hashes[0], hashes[1]);
        assert_ne!(hashes[0], hashes[2]);
    }

    #[test]
    fn a_byte_finds_its_block() {
        let document = Document::from_text("One two.\n\nThree four.\n");
        assert_eq!(document.block_at(2), Some(0));
        assert_eq!(document.block_at(9), None);
        assert_eq!(document.block_at(12), Some(1));
    }

    #[test]
    fn a_byte_order_mark_counts_in_the_file_only() {
        let document = Document::from_text("\u{feff}One two.\n");
        assert_eq!(&*document.text, "One two.\n");
        let word = document.words[0].span();
        assert_eq!((word, document.to_source(word)), (Span::new(0, 3), Span::new(3, 6)));
        assert_eq!(document.source_parts(word), [Span::new(3, 6)]);
        assert_eq!(document.source_position(3), Position { line: 1, column: 2 });
    }
}
