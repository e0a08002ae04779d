//! Which blocks of a page are its article.
//!
//! After Readability (Arc90, later Mozilla): each paragraph gives a score to the elements around it, commas and length count for
//! it, links against it; the element with the best score holds the article, and neighbours with a good score belong to it. What
//! stands inside it in a zone of its own (share bars, related stories, comments) is left out again.

use super::element::Tag;
use super::{Block, Node};
use crate::document::{BlockKind, Zone};

/// Tells each block its zone, and whether it is part of the article.
pub(super) fn mark(text: &str, nodes: &[Node], blocks: &mut [Block]) {
    let mut sums = Sums::of(nodes, blocks);
    let zones = zones(nodes, &sums);
    for block in blocks.iter_mut() {
        block.place.zone = zones[block.node as usize];
    }
    sums.count_content(nodes, blocks);
    let scores = scores(text, nodes, blocks, &sums);
    let best = scores.iter().enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b)).filter(|&(_, &score)| score > 0.0);
    let Some((best, &top)) = best else {
        // A page of one line, or one without prose: all that is not furniture.
        blocks.iter_mut().for_each(|block| block.place.main = block.place.zone == Zone::Content);
        return;
    };
    let chosen = chosen(nodes, &scores, &sums, best, top);
    for block in blocks.iter_mut() {
        block.place.main = chosen[block.node as usize] && belongs(block) && !in_list_of_links(nodes, block, &sums);
    }
    drop_loose_headings(blocks);
}

/// The zone of each element: that of the nearest one around it that opens one.
///
/// Names lie (`<div class="content social-wrapper">`): an element with most of the page's prose in it is no share bar.
fn zones(nodes: &[Node], sums: &Sums) -> Vec<Zone> {
    let all = sums.prose.first().copied().unwrap_or(0);
    let mut zones = Vec::with_capacity(nodes.len());
    for (at, node) in nodes.iter().enumerate() {
        let around = node.parent.map_or(Zone::Content, |parent| zones[parent as usize]);
        zones.push(match node.zone {
            None => around,
            // A short post may well have more comments than text.
            Some(Zone::Comments) if sums.prose[at] * 10 <= all * 9 => Zone::Comments,
            Some(zone) if sums.prose[at] * 2 <= all || zone == Zone::Content => zone,
            Some(_) => around,
        });
    }
    zones
}

/// Bytes of text, of links and of prose in an element and all below it.
struct Sums {
    text: Vec<usize>,
    linked: Vec<usize>,
    prose: Vec<usize>,
    /// Prose outside every zone of its own.
    content: Vec<usize>,
    /// Elements directly in it that hold text.
    children: Vec<usize>,
}

impl Sums {
    fn of(nodes: &[Node], blocks: &[Block]) -> Self {
        let zeros = || vec![0; nodes.len()];
        let mut sums = Self { text: zeros(), linked: zeros(), prose: zeros(), content: zeros(), children: zeros() };
        for block in blocks {
            sums.text[block.node as usize] += block.place.span.len();
            sums.linked[block.node as usize] += block.linked;
            if is_prose(block) {
                sums.prose[block.node as usize] += block.place.span.len();
            }
        }
        for node in nodes {
            if let Some(parent) = node.parent {
                sums.children[parent as usize] += 1;
            }
        }
        for column in [&mut sums.text, &mut sums.linked, &mut sums.prose] {
            add_up(nodes, column);
        }
        sums
    }

    /// Counts the prose that is in no zone of its own, once the zones are known.
    fn count_content(&mut self, nodes: &[Node], blocks: &[Block]) {
        for block in blocks.iter().filter(|block| block.place.zone == Zone::Content && is_prose(block)) {
            self.content[block.node as usize] += block.place.span.len();
        }
        add_up(nodes, &mut self.content);
    }

    fn link_density(&self, node: usize) -> f64 {
        if self.text[node] == 0 { 0.0 } else { self.linked[node] as f64 / self.text[node] as f64 }
    }
}

/// Adds what each element has to the element around it, which comes before it.
fn add_up(nodes: &[Node], column: &mut [usize]) {
    for at in (0..nodes.len()).rev() {
        if let Some(parent) = nodes[at].parent {
            column[parent as usize] += column[at];
        }
    }
}

/// A paragraph that is not mostly links.
fn is_prose(block: &Block) -> bool {
    /// Shorter text than this (in bytes) says nothing.
    const SHORTEST: usize = 25;
    let len = block.place.span.len();
    matches!(block.place.kind, BlockKind::Paragraph | BlockKind::Quote) && len >= SHORTEST && block.linked * 2 < len
}

fn scores(text: &str, nodes: &[Node], blocks: &[Block], sums: &Sums) -> Vec<f64> {
    /// How many elements up a paragraph counts.
    const LEVELS: usize = 5;
    let mut scores = vec![0.0; nodes.len()];
    let mut touched = vec![false; nodes.len()];
    for block in blocks {
        let span = block.place.span;
        if !is_prose(block) || matches!(block.place.zone, Zone::Navigation | Zone::Footer | Zone::Comments | Zone::Form) {
            continue;
        }
        let commas = span.of(text).chars().filter(|c| matches!(c, ',' | '，' | '、' | '،')).count();
        let score = 1.0 + commas as f64 + (span.len() / 100).min(3) as f64;
        // An element with nothing but this text in it is the paragraph; one with more is what holds it.
        let node = block.node as usize;
        let leaf = sums.children[node] == 0 && sums.text[node] == span.len();
        let mut around = if leaf { nodes[node].parent } else { Some(block.node) };
        for level in 0..LEVELS {
            let Some(at) = around.map(|at| at as usize) else { break };
            let share = match level {
                0 => 1.0,
                1 => 0.5,
                _ => 1.0 / (level as f64 * 3.0),
            };
            if !std::mem::replace(&mut touched[at], true) {
                scores[at] += base(&nodes[at]);
            }
            scores[at] += score * share;
            around = nodes[at].parent;
        }
    }
    for (at, score) in scores.iter_mut().enumerate() {
        *score *= 1.0 - sums.link_density(at);
    }
    scores
}

/// What an element is worth before any text is seen.
fn base(node: &Node) -> f64 {
    let by_tag = match node.tag {
        Tag::Article | Tag::Main => 10,
        Tag::Div => 5,
        Tag::Pre | Tag::Cell | Tag::Quote => 3,
        Tag::Form | Tag::List | Tag::Item | Tag::Block => -3,
        Tag::Heading => -5,
        _ => 0,
    };
    f64::from(by_tag + node.weight)
}

/// The elements that hold the article, and all below them.
fn chosen(nodes: &[Node], scores: &[f64], sums: &Sums, mut best: usize, top: f64) -> Vec<bool> {
    // Where much prose stands beside the best element, the article comes in parts, and the element around holds them all.
    while let Some(parent) = nodes[best].parent.map(|parent| parent as usize) {
        let alone = sums.text[parent] == sums.text[best];
        let page = matches!(nodes[parent].tag, Tag::Html | Tag::Body);
        let parts = sums.content[parent] * 4 > sums.content[best] * 5;
        if !alone && (page || !(parts || scores[parent] > top)) {
            break;
        }
        best = parent;
    }
    let threshold = (top * 0.2).max(10.0);
    let mut chosen = vec![false; nodes.len()];
    for (at, node) in nodes.iter().enumerate() {
        let parent = node.parent.map(|parent| parent as usize);
        let sibling = node.parent.is_some() && node.parent == nodes[best].parent;
        chosen[at] = at == best
            || parent.is_some_and(|parent| chosen[parent])
            || (sibling && (scores[at] >= threshold || (node.tag == Tag::P && sums.text[at] > 80 && sums.link_density(at) < 0.25)));
    }
    chosen
}

/// Whether a block inside the article's element is part of the article.
fn belongs(block: &Block) -> bool {
    let linked = block.linked * 2 > block.place.span.len();
    let short = block.place.span.len() < 200;
    matches!(block.place.zone, Zone::Content | Zone::Header) && !(linked && short)
}

/// Lists and tables that are mostly links lead to other pages.
fn in_list_of_links(nodes: &[Node], block: &Block, sums: &Sums) -> bool {
    const LEVELS: usize = 3;
    let around = std::iter::successors(Some(block.node as usize), |&at| nodes[at].parent.map(|parent| parent as usize));
    around.take(LEVELS).any(|at| matches!(nodes[at].tag, Tag::List | Tag::Item | Tag::Table) && sums.link_density(at) > 0.5)
}

/// A heading with nothing of the article under it heads something else.
fn drop_loose_headings(blocks: &mut [Block]) {
    let mut below = false;
    for block in blocks.iter_mut().rev() {
        if block.place.kind == BlockKind::Heading {
            block.place.main &= below;
            below = false;
        } else {
            below |= block.place.main;
        }
    }
}
