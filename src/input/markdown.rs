//! Markdown: the prose as blocks, and the way back to the source.
//!
//! Code, addresses and raw HTML are left alone. Inside a sentence U+FFFC stands for them, so that the words around do not meet
//! (`the `x` the` is no doubled word). Front matter is read as metadata.

use super::visible::Writer;
use crate::document::{BlockKind, Meta, Place, Visible};
use crate::text::Span;
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

/// Stands in the text for what is no text: inline code, an address.
const OBJECT: &str = "\u{fffc}";

/// Reads a file.
pub(super) fn read(source: &str) -> Visible {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
    let mut page =
        Page { writer: Writer::new(source), blocks: Vec::new(), kinds: vec![BlockKind::Paragraph], left_alone: 0, meta: Meta::default() };
    let mut in_metadata = false;
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        let span = Span::from(range);
        match event {
            Event::Start(Tag::MetadataBlock(_)) => in_metadata = true,
            Event::End(TagEnd::MetadataBlock(_)) => in_metadata = false,
            Event::Text(text) if in_metadata => page.meta = metadata(&text),
            Event::Start(tag) => page.start(&tag, span),
            Event::End(tag) => page.end(tag),
            _ if page.left_alone > 0 => {}
            Event::Text(text) if span.of(source) == &*text => page.writer.copy(span),
            Event::Text(text) => page.writer.replace(&text, span),
            Event::Code(_) | Event::InlineMath(_) => page.writer.replace(OBJECT, span),
            Event::SoftBreak => page.writer.space(span),
            Event::HardBreak => {
                page.writer.line_break(span);
            }
            Event::Rule => page.end_block(),
            Event::Html(_) | Event::InlineHtml(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }
    page.end_block();
    let (text, map) = page.writer.finish();
    Visible { text, map, blocks: page.blocks, meta: page.meta }
}

struct Page<'s> {
    writer: Writer<'s>,
    blocks: Vec<Place>,
    /// Of the open elements that say what a block is.
    kinds: Vec<BlockKind>,
    /// How many elements stand open from the one on whose text is no prose.
    left_alone: usize,
    meta: Meta,
}

/// What an element says of the blocks in it.
fn kind(tag: &Tag) -> Option<BlockKind> {
    match tag {
        Tag::Heading { .. } => Some(BlockKind::Heading),
        Tag::BlockQuote(_) => Some(BlockKind::Quote),
        Tag::Item => Some(BlockKind::ListItem),
        Tag::TableCell => Some(BlockKind::TableCell),
        _ => None,
    }
}

impl Page<'_> {
    fn start(&mut self, tag: &Tag, span: Span) {
        match tag {
            _ if self.left_alone > 0 => self.left_alone += 1,
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {}
            Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. } => {
                self.writer.replace(OBJECT, span);
                self.left_alone = 1;
            }
            Tag::Link { .. } => {}
            Tag::Image { .. } => self.left_alone = 1,
            Tag::CodeBlock(_) | Tag::HtmlBlock => {
                self.end_block();
                self.left_alone = 1;
            }
            block => {
                self.end_block();
                self.kinds.extend(kind(block));
            }
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            _ if self.left_alone > 0 => self.left_alone -= 1,
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Superscript | TagEnd::Subscript | TagEnd::Link => {}
            TagEnd::Heading(_) | TagEnd::BlockQuote(_) | TagEnd::Item | TagEnd::TableCell => {
                self.end_block();
                self.kinds.pop();
            }
            _ => self.end_block(),
        }
    }

    fn end_block(&mut self) {
        if let Some(span) = self.writer.end_block() {
            self.blocks.push(Place::content(span, self.kinds[self.kinds.len() - 1]));
        }
    }
}

/// The title, date and author of front matter: its lines `title: …` (YAML) or `title = …` (TOML).
fn metadata(front: &str) -> Meta {
    let mut meta = Meta::default();
    for line in front.lines() {
        let Some((name, value)) = line.split_once([':', '=']) else { continue };
        let value = value.trim();
        let quoted = ['"', '\''].iter().find_map(|&quote| value.strip_prefix(quote)?.strip_suffix(quote));
        let value = quoted.unwrap_or(value);
        let slot = match name.trim_end() {
            "title" => &mut meta.title,
            "date" => &mut meta.date,
            "author" => &mut meta.author,
            _ => continue,
        };
        // A list, an object, a text on the lines below: more than a name.
        if !value.is_empty() && !value.starts_with(['[', '{', '|', '>']) {
            *slot = Some(value.to_string());
        }
    }
    meta
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Format, Origin};
    use proptest::prelude::*;

    fn document(markdown: &str) -> Document {
        Document::with_source(Origin::default(), Format::Markdown, markdown.into(), read(markdown))
    }

    fn blocks(markdown: &str) -> Vec<String> {
        let document = document(markdown);
        document.blocks.iter().map(|block| format!("{}: {}", block.kind.name(), block.span.of(&document.text))).collect()
    }

    #[test]
    fn prose_is_read_and_the_rest_left_alone() {
        let markdown = "---\ntitle: 'Wall: a story'\ndate: 2026-03-01\ntags: [a]\n---\n# The *wall*\n\nThe mayor\nspoke of [the wall](https://example.org/teh).\nRun `teh` now.\n\n\
            - one\n- two\n  - three\n\n> Never,\n> he said.\n\n```\nteh code\n```\n\n    teh code\n\n<div>teh html</div>\n\n\
            | a | b |\n|---|---|\n| c | d |\n\n![teh](teh.png) See <https://example.org> and caf&eacute; \\*.  \nEnd.[^1]\n\n[^1]: A note.\n";
        assert_eq!(
            blocks(markdown),
            [
                "heading: The wall",
                "paragraph: The mayor spoke of the wall. Run \u{fffc} now.",
                "list-item: one",
                "list-item: two",
                "list-item: three",
                "quote: Never, he said.",
                "table-cell: a",
                "table-cell: b",
                "table-cell: c",
                "table-cell: d",
                "paragraph: See \u{fffc} and café *.\nEnd.",
                "paragraph: A note.",
            ]
        );
        let meta = document(markdown).meta;
        assert_eq!((meta.title.as_deref(), meta.date.as_deref(), meta.author), (Some("Wall: a story"), Some("2026-03-01"), None));
    }

    #[test]
    fn a_link_around_an_image_does_not_let_code_through() {
        assert_eq!(blocks("[![teh](a.png)](b) [c](d) ![e [f](g) teh](h) i"), ["paragraph: c i"]);
    }

    #[test]
    fn places_are_those_of_the_file() {
        let markdown = "> The **Mins**ter\n> said.\n";
        let document = document(markdown);
        assert_eq!(&*document.text, "The Minster said.\n");
        assert_eq!(document.to_source(Span::new(17, 18)), Span::new(25, 26));
        assert_eq!(&*self::tests::document("Said.").text, "Said.");
        let span = Span::new(4, 11);
        assert_eq!(document.to_source(span).of(markdown), "Mins**ter");
        assert_eq!(document.source_parts(span).iter().map(|part| part.of(markdown)).collect::<Vec<_>>(), ["Mins", "ter"]);
    }

    #[test]
    fn deep_nesting_costs_no_more_than_its_length() {
        for part in [">", "[", "*a ", "- ", "![", "`a", "<a", "a\n> ", "|a", "[a](", "_a*"] {
            let _ = blocks(&part.repeat(20_000));
        }
    }

    proptest! {
        #[test]
        fn any_file_is_read(markdown in "([a-zé ]|\n|[*_`#>|\\[\\]()!-]|&amp;|<b>|    |---\n|\\\\){0,80}") {
            let document = document(&markdown);
            for word in &document.words {
                let source = document.to_source(word.span());
                prop_assert!(markdown.is_char_boundary(source.start) && markdown.is_char_boundary(source.end));
                let whole: String = document.source_parts(word.span()).iter().map(|part| part.of(&markdown)).collect();
                prop_assert_eq!(whole, word.of(&document.text));
            }
        }
    }
}
