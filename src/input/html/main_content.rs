//! Which blocks of a page are its article.
//!
//! After Readability (Arc90, later Mozilla): each paragraph gives a score to the elements around it, commas and length count for
//! it, links against it; the element with the best score holds the article, and neighbours with a good score belong to it. What
//! stands inside it in a zone of its own (share bars, related stories, comments) is left out again.

use super::element::Tag;
use super::{Block, Node};
use crate::document::{BlockKind, Zone};

/// One answer for each block.
pub(super) fn find(text: &str, nodes: &[Node], blocks: &[Block]) -> Vec<bool> {
    let sums = Sums::of(nodes, blocks);
    let scores = scores(text, nodes, blocks, &sums);
    let best = scores.iter().enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b)).filter(|&(_, &score)| score > 0.0);
    let Some((best, &top)) = best else {
        // A page of one line, or one without prose: all that is not furniture.
        return blocks.iter().map(|block| block.place.zone == Zone::Content).collect();
    };
    let chosen = chosen(nodes, &scores, &sums, best, top);
    let mut main: Vec<bool> = blocks.iter().map(|block| chosen[block.node as usize] && belongs(block)).collect();
    drop_lists_of_links(nodes, blocks, &sums, &mut main);
    drop_loose_headings(blocks, &mut main);
    main
}

/// Bytes of text and of links in an element and all below it.
struct Sums {
    text: Vec<usize>,
    linked: Vec<usize>,
    /// Elements directly in it that hold text.
    children: Vec<usize>,
}

impl Sums {
    fn of(nodes: &[Node], blocks: &[Block]) -> Self {
        let mut sums = Self { text: vec![0; nodes.len()], linked: vec![0; nodes.len()], children: vec![0; nodes.len()] };
        for block in blocks {
            sums.text[block.node as usize] += block.place.span.len();
            sums.linked[block.node as usize] += block.linked;
        }
        // Children come after their parents.
        for at in (0..nodes.len()).rev() {
            if let Some(parent) = nodes[at].parent {
                sums.text[parent as usize] += sums.text[at];
                sums.linked[parent as usize] += sums.linked[at];
                sums.children[parent as usize] += 1;
            }
        }
        sums
    }

    fn link_density(&self, node: usize) -> f64 {
        if self.text[node] == 0 { 0.0 } else { self.linked[node] as f64 / self.text[node] as f64 }
    }
}

fn scores(text: &str, nodes: &[Node], blocks: &[Block], sums: &Sums) -> Vec<f64> {
    /// Shorter text than this (in bytes) says nothing.
    const SHORTEST: usize = 25;
    /// How many elements up a paragraph counts.
    const LEVELS: usize = 5;
    let mut scores = vec![0.0; nodes.len()];
    let mut touched = vec![false; nodes.len()];
    for block in blocks {
        let span = block.place.span;
        let prose = matches!(block.place.kind, BlockKind::Paragraph | BlockKind::Quote);
        if !prose || span.len() < SHORTEST || matches!(block.place.zone, Zone::Navigation | Zone::Footer | Zone::Comments | Zone::Form) {
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
    // Where the element around it scores better than a third, the article goes on there, in parts.
    while let Some(parent) = nodes[best].parent.map(|parent| parent as usize) {
        let alone = sums.text[parent] == sums.text[best];
        if !alone && (matches!(nodes[parent].tag, Tag::Html | Tag::Body) || scores[parent] <= top) {
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

/// Lists and boxes that are mostly links lead to other pages.
fn drop_lists_of_links(nodes: &[Node], blocks: &[Block], sums: &Sums, main: &mut [bool]) {
    for (block, main) in blocks.iter().zip(main) {
        let mut around = Some(block.node);
        for _ in 0..3 {
            let Some(at) = around.map(|at| at as usize) else { break };
            if matches!(nodes[at].tag, Tag::List | Tag::Item | Tag::Table) && sums.link_density(at) > 0.5 {
                *main = false;
            }
            around = nodes[at].parent;
        }
    }
}

/// A heading with nothing of the article under it heads something else.
fn drop_loose_headings(blocks: &[Block], main: &mut [bool]) {
    let mut below = false;
    for (block, main) in blocks.iter().zip(main).rev() {
        if block.place.kind == BlockKind::Heading {
            *main &= below;
            below = false;
        } else {
            below |= *main;
        }
    }
}
