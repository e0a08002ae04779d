//! HTML: the visible text as blocks, each with its kind and the zone of the page it stands in, and the way back to the source.
//!
//! The tokenizer is html5gum's. Of the tree that a browser builds, only what parts and names blocks is kept: a stack of open
//! block elements, with the end tags that HTML lets authors leave out. What a browser does not show is left out.

mod element;
mod entity;
mod main_content;
mod meta;

use self::element::{Attributes, Tag};
use self::entity::Piece;
use super::visible::Writer;
use crate::document::{BlockKind, Place, Visible, Zone};
use crate::text::Span;
use html5gum::Tokenizer;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use std::convert::Infallible;

pub(super) use self::meta::declared_encoding;

/// Open elements that are kept apart; what is nested deeper counts as part of the last.
const MAX_DEPTH: usize = 256;

/// Reads a page.
pub(super) fn read(source: &str) -> Visible {
    let mut page = Page::new(source);
    let mut emitter = CallbackEmitter::<_, Infallible, usize>::new(|event: CallbackEvent<'_>, span: html5gum::Span<usize>| {
        page.event(&event, span.start, span.end);
        None
    });
    emitter.naively_switch_states(true);
    let Ok(()) = Tokenizer::new_with_emitter(source, emitter).finish();
    page.finish()
}

/// An element with text in it, for the search for the main content. Those around it come before it.
#[derive(Debug)]
struct Node {
    parent: Option<u32>,
    tag: Tag,
    /// The zone that it opens, as its names say.
    zone: Option<Zone>,
    /// See [`element::class_weight`].
    weight: i32,
}

/// A block of the page.
#[derive(Debug)]
struct Block {
    place: Place,
    /// The innermost block element that it stands in.
    node: u32,
    /// How many of its bytes are in links.
    linked: usize,
}

/// An open element.
struct Open {
    tag: Tag,
    /// The zone that it opens, and the one that its text is in.
    opens: Option<Zone>,
    zone: Zone,
    kind: BlockKind,
    weight: i32,
    /// Set when the first text in it is met.
    node: Option<u32>,
}

struct Page<'s> {
    source: &'s str,
    writer: Writer<'s>,
    stack: Vec<Open>,
    /// Elements opened beyond [`MAX_DEPTH`] and not closed yet.
    deeper: usize,
    /// How many elements stood open when one opened whose text is not shown.
    unseen: Option<usize>,
    links: usize,
    /// Where in the text the open link starts, and the bytes of links in the open block.
    linked: usize,
    nodes: Vec<Node>,
    blocks: Vec<Block>,
    /// Kind and node of the open block.
    current: (BlockKind, u32),
    tag: StartTag,
    meta: meta::Reader,
    /// Where the source has been read to: what lies between it and the next tag is text.
    read: usize,
    /// Where the last text ends: a tag that the file breaks off in is no text.
    text_end: usize,
}

/// A start tag whose attributes are being read.
#[derive(Default)]
struct StartTag {
    name: Vec<u8>,
    /// False in an end tag, whose attributes mean nothing.
    open: bool,
    start: usize,
    attribute: Vec<u8>,
    attributes: Attributes,
}

impl<'s> Page<'s> {
    fn new(source: &'s str) -> Self {
        let mut page = Self {
            source,
            writer: Writer::new(source),
            stack: Vec::new(),
            deeper: 0,
            unseen: None,
            links: 0,
            linked: 0,
            nodes: Vec::new(),
            blocks: Vec::new(),
            current: (BlockKind::Paragraph, 0),
            tag: StartTag::default(),
            meta: meta::Reader::default(),
            read: 0,
            text_end: 0,
        };
        // What stands outside every element stands in the page.
        page.stack.push(Open { tag: Tag::Html, opens: None, zone: Zone::Content, kind: BlockKind::Paragraph, weight: 0, node: None });
        page
    }

    fn event(&mut self, event: &CallbackEvent<'_>, start: usize, end: usize) {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.text_until(start);
                self.tag = StartTag { name: name.to_vec(), open: true, start, ..StartTag::default() };
                self.meta.open(name);
            }
            CallbackEvent::AttributeName { name } if self.tag.open => {
                self.tag.attribute.clear();
                self.tag.attribute.extend_from_slice(name);
                self.tag.attributes.hidden |= *name == b"hidden";
            }
            CallbackEvent::AttributeValue { value } if self.tag.open => self.attribute(value),
            CallbackEvent::CloseStartTag { .. } => {
                self.read = end;
                let tag = std::mem::take(&mut self.tag);
                self.open(Tag::of(&tag.name), &tag.attributes, Span::new(tag.start, end));
            }
            CallbackEvent::EndTag { name } => {
                self.text_until(start);
                self.read = end;
                self.tag.open = false;
                self.close(Tag::of(name), Span::new(start, end));
            }
            CallbackEvent::Comment { .. } | CallbackEvent::Doctype { .. } => {
                self.text_until(start);
                self.read = end;
            }
            CallbackEvent::String { .. } => self.text_end = end,
            _ => {}
        }
    }

    fn attribute(&mut self, value: &[u8]) {
        let value = String::from_utf8_lossy(value);
        let attributes = &mut self.tag.attributes;
        match self.tag.attribute.as_slice() {
            b"class" | b"id" | b"itemprop" => {
                attributes.names.push(' ');
                attributes.names.extend(value.chars().map(|c| if c.is_ascii_whitespace() { ' ' } else { c.to_ascii_lowercase() }));
                attributes.names.push(' ');
            }
            b"role" => attributes.role = value.trim().to_ascii_lowercase(),
            b"aria-hidden" => attributes.hidden |= value.eq_ignore_ascii_case("true"),
            b"style" => {
                let style: String = value.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect();
                attributes.hidden |= style.contains("display:none") || style.contains("visibility:hidden");
            }
            name => self.meta.attribute(name, &value),
        }
    }

    /// The source from the last tag up to `end` is text.
    fn text_until(&mut self, end: usize) {
        let span = Span::new(self.read, end.max(self.read));
        self.read = span.end;
        let in_title = self.stack.last().is_some_and(|open| open.tag == Tag::Title);
        if span.is_empty() || (self.unseen.is_some() && !in_title) {
            return;
        }
        let source = self.source;
        if in_title {
            entity::pieces(source, span, |piece| match piece {
                Piece::Plain(span) => self.meta.title(span.of(source)),
                Piece::Reference(text, _) => self.meta.title(&text),
            });
            return;
        }
        let before = self.writer.text.len();
        let started = self.writer.in_block();
        entity::pieces(source, span, |piece| match piece {
            Piece::Plain(span) => self.writer.copy(span),
            Piece::Reference(text, span) => self.writer.replace(&text, span),
        });
        if !started && self.writer.in_block() {
            let open = self.stack.iter().rposition(|open| open.tag.is_block()).unwrap_or(0);
            let node = self.node(open);
            self.current = (self.stack[open].kind, node);
            self.linked = 0;
        }
        if self.links > 0 {
            self.linked += self.writer.text.len() - before;
        }
    }

    /// The node of an open element, made if need be, with those around it.
    fn node(&mut self, open: usize) -> u32 {
        let known = self.stack[..=open].iter().rposition(|open| open.node.is_some());
        let mut parent = known.and_then(|at| self.stack[at].node);
        for at in known.map_or(0, |at| at + 1)..=open {
            let Open { tag, opens, weight, .. } = self.stack[at];
            if !tag.is_block() && at != open {
                continue;
            }
            self.nodes.push(Node { parent, tag, zone: opens, weight });
            parent = Some(self.nodes.len() as u32 - 1);
            self.stack[at].node = parent;
        }
        parent.unwrap_or(0)
    }

    fn end_block(&mut self) {
        if let Some(span) = self.writer.end_block() {
            let (kind, node) = self.current;
            // A table lays a page out as often as it holds data; a cell that holds prose is a paragraph.
            const PROSE: usize = 140;
            let kind = if kind == BlockKind::TableCell && span.len() > PROSE { BlockKind::Paragraph } else { kind };
            self.blocks.push(Block { place: Place::content(span, kind), node, linked: self.linked.min(span.len()) });
        }
        self.linked = 0;
    }

    fn open(&mut self, tag: Tag, attributes: &Attributes, span: Span) {
        if tag == Tag::Meta {
            self.meta.meta();
        }
        if tag == Tag::Br && self.unseen.is_none() {
            if self.writer.in_block() && self.writer.line_break(span) {
                self.end_block();
            }
            return;
        }
        if tag.is_block() {
            self.close_implied(tag);
            if self.unseen.is_none() {
                self.end_block();
            }
        }
        if tag.is_void() || (matches!(tag, Tag::Html | Tag::Body) && self.stack.iter().any(|open| open.tag == tag)) {
            return;
        }
        let hides = matches!(tag, Tag::Unseen(_) | Tag::Head | Tag::Title)
            || (attributes.hidden && !matches!(tag, Tag::Html | Tag::Body | Tag::Article | Tag::Main));
        if matches!(tag, Tag::Inline(_)) && !hides && self.unseen.is_none() {
            return;
        }
        if tag == Tag::A {
            // A link cannot stand in a link: the first was left open.
            self.remove_link();
            self.links += 1;
        }
        if self.stack.len() >= MAX_DEPTH {
            self.deeper += 1;
            return;
        }
        let around = &self.stack[self.stack.len() - 1];
        let opens = element::zone(tag, attributes, around.zone);
        let (zone, kind) = (opens.unwrap_or(around.zone), tag.kind().unwrap_or(around.kind));
        if tag.is_block() && self.unseen.is_none() {
            self.writer.verbatim = kind == BlockKind::Code;
        }
        if hides && self.unseen.is_none() {
            self.unseen = Some(self.stack.len());
        }
        let weight = if tag.is_block() { element::class_weight(&attributes.names) } else { 0 };
        self.stack.push(Open { tag, opens, zone, kind, weight, node: None });
    }

    fn close(&mut self, tag: Tag, span: Span) {
        if tag == Tag::Br {
            return self.open(tag, &Attributes::default(), span);
        }
        if tag == Tag::A {
            self.remove_link();
            return;
        }
        if tag.is_block() && self.unseen.is_none() {
            self.end_block();
        }
        if self.deeper > 0 && !matches!(tag, Tag::Inline(_)) {
            self.deeper -= 1;
            return;
        }
        // An end tag in a table does not close what stands around it.
        let barrier = |open: Tag| match tag {
            Tag::Body | Tag::Html | Tag::Table => false,
            Tag::Row | Tag::Cell => open == Tag::Table,
            _ => matches!(open, Tag::Cell | Tag::Table | Tag::Caption),
        };
        let found = self.stack.iter().skip(1).rposition(|open| open.tag == tag || barrier(open.tag)).map(|at| at + 1);
        if let Some(at) = found.filter(|&at| self.stack[at].tag == tag) {
            self.pop_to(at);
        }
    }

    /// Closes what stands open from `at` on.
    fn pop_to(&mut self, at: usize) {
        self.links -= self.stack[at..].iter().filter(|open| open.tag == Tag::A).count();
        self.stack.truncate(at);
        if self.unseen.is_some_and(|unseen| unseen >= at) {
            self.unseen = None;
        }
        self.writer.verbatim = self.stack.last().is_some_and(|open| open.kind == BlockKind::Code);
    }

    /// Closes the link that stands open, if one does; what was opened in it stays open.
    fn remove_link(&mut self) {
        if let Some(at) = self.stack.iter().rposition(|open| open.tag == Tag::A) {
            self.links -= 1;
            self.stack.remove(at);
            if let Some(unseen) = &mut self.unseen {
                match (*unseen).cmp(&at) {
                    std::cmp::Ordering::Greater => *unseen -= 1,
                    std::cmp::Ordering::Equal => self.unseen = None,
                    std::cmp::Ordering::Less => {}
                }
            }
        }
    }

    /// Closes what ends without an end tag where `tag` opens: a paragraph before a block, an item before an item.
    fn close_implied(&mut self, tag: Tag) {
        let closes = |open: Tag| match tag {
            Tag::Item => matches!(open, Tag::Item | Tag::P),
            Tag::Row => matches!(open, Tag::Row | Tag::Cell | Tag::P | Tag::Caption),
            Tag::Cell => matches!(open, Tag::Cell | Tag::P | Tag::Caption),
            Tag::Body => matches!(open, Tag::Head | Tag::P),
            Tag::Heading => matches!(open, Tag::Heading | Tag::P),
            _ => matches!(open, Tag::P),
        };
        let stops = |open: Tag| match tag {
            Tag::Item => matches!(open, Tag::List | Tag::Table | Tag::Cell),
            Tag::Row | Tag::Cell => matches!(open, Tag::Table),
            _ => open.is_block(),
        };
        let mut outermost = None;
        for at in (1..self.stack.len()).rev() {
            let open = self.stack[at].tag;
            if closes(open) {
                outermost = Some(at);
            } else if stops(open) {
                break;
            }
        }
        if let Some(at) = outermost {
            if self.unseen.is_none() {
                self.end_block();
            }
            self.pop_to(at);
        }
    }

    fn finish(mut self) -> Visible {
        self.text_until(self.text_end);
        self.end_block();
        main_content::mark(&self.writer.text, &self.nodes, &mut self.blocks);
        let blocks = self.blocks.iter().map(|block| block.place).collect();
        let (text, map) = self.writer.finish();
        Visible { text, map, blocks, meta: self.meta.finish() }
    }
}

#[cfg(test)]
mod tests;
