//! One document as the index sees it: where it came from, a hash for each block, a sketch of the whole.

use super::near::BlockSketch;
use super::sketch::Sketch;
use crate::document::{Block, Document, Origin, Record, fold, site};
use crate::text::Span;
use std::cmp::Ordering;
use xxhash_rust::xxh3::xxh3_128;

/// Which of several documents with the same text counts as the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The smallest path (by bytes), then the smallest line in a file of records.
    #[default]
    Path,
    /// The earliest date that the records, front matter or pages give; then the smallest path. Those without a date come last.
    Date,
}

/// What a document is called, and its rank: of documents that share a text, the one with the smallest key counts as the first. Two of
/// the same rank are one document.
#[derive(Clone, Debug, Default)]
pub struct Key {
    pub path: String,
    pub record: Option<Record>,
    /// In seconds, where documents are ranked by date.
    pub date: Option<i64>,
}

impl Key {
    /// The key of a document where documents are ranked by this order.
    pub fn of(document: &Document, order: Order) -> Self {
        let Origin { path, record, .. } = &document.origin;
        let date = if order == Order::Date { document.meta.moment() } else { None };
        Self { path: path.clone(), record: record.clone(), date }
    }

    /// As findings name the place.
    pub fn origin(&self) -> Origin {
        Origin { path: self.path.clone(), record: self.record.clone(), ..Origin::default() }
    }

    /// The file and its line.
    pub(super) fn place(&self) -> (&str, usize) {
        (&self.path, self.record.as_ref().map_or(0, |record| record.line))
    }

    fn rank(&self) -> (bool, Option<i64>, (&str, usize)) {
        (self.date.is_none(), self.date, self.place())
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.rank() == other.rank()
    }
}

impl Eq for Key {}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// One document, ready for the index.
#[derive(Clone, Debug, PartialEq)]
pub struct Digest {
    pub key: Key,
    /// The host that the document was scraped from, without `www.`.
    pub site: Option<String>,
    /// In the order of the text; of blocks with the same words, the first.
    pub blocks: Vec<BlockDigest>,
    /// Of the longer ones of them, in the order of their hashes.
    pub sketches: Vec<BlockSketch>,
    pub sketch: Sketch,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockDigest {
    /// Of the folded words: case, spacing and punctuation make no difference. With 128 bits, no two texts are ever met that
    /// share one by chance.
    pub hash: u128,
    /// Which of the document's blocks.
    pub block: u32,
    pub words: u32,
    /// Counted from 1, the column in characters.
    pub line: u32,
    pub column: u32,
}

impl Digest {
    /// About how many bytes it takes in memory, and again in an index.
    pub fn held(&self) -> usize {
        let key = self.key.path.len() + self.key.record.as_ref().map_or(0, |record| 64 + record.field.len());
        let sketches: usize = self.sketches.iter().map(|sketch| size_of::<BlockSketch>() + 64 + sketch.sketch.held()).sum();
        160 + key + self.blocks.len() * (size_of::<BlockDigest>() + 48) + sketches * 2 + self.sketch.held() * 3
    }

    /// Of a document that is ranked by its path.
    pub fn of(document: &Document) -> Self {
        Self::ranked(document, Order::Path)
    }

    pub fn ranked(document: &Document, order: Order) -> Self {
        let mut folded = Vec::new();
        let mut blocks: Vec<BlockDigest> = Vec::new();
        for (index, block) in document.blocks.iter().enumerate().filter(|(_, block)| block.word_count() > 0) {
            let place = document.position(block.span.start);
            blocks.push(BlockDigest {
                hash: hash(document, block, &mut folded),
                block: index as u32,
                words: block.word_count() as u32,
                line: place.line as u32,
                column: place.column as u32,
            });
        }
        first_of_each(&mut blocks);
        let mut sketches: Vec<BlockSketch> =
            blocks.iter().filter_map(|block| BlockSketch::of(document, &document.blocks[block.block as usize], block.hash)).collect();
        sketches.sort_unstable_by_key(|sketch| sketch.hash);
        let site = document.origin.url.as_deref().and_then(site);
        Self { key: Key::of(document, order), site, blocks, sketches, sketch: Sketch::of(&document.words) }
    }
}

/// Keeps the first of the blocks with the same hash, in their order.
fn first_of_each(blocks: &mut Vec<BlockDigest>) {
    blocks.sort_unstable_by_key(|block| (block.hash, block.block));
    blocks.dedup_by_key(|block| block.hash);
    blocks.sort_unstable_by_key(|block| block.block);
}

fn hash(document: &Document, block: &Block, folded: &mut Vec<u8>) -> u128 {
    folded.clear();
    for word in document.words.range(block.words()) {
        let Span { start, end } = word.span();
        let bytes = &document.text.as_bytes()[start..end];
        if bytes.is_ascii() {
            folded.extend(bytes.iter().map(u8::to_ascii_lowercase));
        } else {
            folded.extend_from_slice(fold(word.of(&document.text)).as_bytes());
        }
        folded.push(b' ');
    }
    xxh3_128(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_known_by_their_words() {
        let digest = |text: &str| Digest::of(&Document::from_text(text));
        let one = digest("Headline\nThe council voted on Monday.\nThe “council” VOTED on monday!\nThe council voted on Tuesday.\n");
        assert_eq!(one.blocks.iter().map(|block| (block.block, block.line)).collect::<Vec<_>>(), [(0, 1), (1, 2), (3, 4)]);
        assert_eq!(digest("It’s a fine day\n").blocks[0].hash, digest("IT'S a fine DAY.\n").blocks[0].hash);
        // No two words run into one.
        assert_ne!(digest("a bc d e\n").blocks[0].hash, digest("ab c d e\n").blocks[0].hash);
    }

    #[test]
    fn documents_are_ranked_by_path_and_line() {
        let key = |path: &str, line: usize| Key {
            path: path.into(),
            record: (line > 0).then(|| Record { line, id: None, field: "text".into() }),
            date: None,
        };
        let mut keys = [key("b", 0), key("a", 10), key("a", 9)];
        keys.sort();
        assert_eq!(keys, [key("a", 9), key("a", 10), key("b", 0)]);
        let dated = |path: &str, date| Key { date: Some(date), ..key(path, 0) };
        let mut keys = [key("a", 0), dated("b", 7), dated("c", -7), dated("a", 7)];
        keys.sort();
        assert_eq!(keys, [dated("c", -7), dated("a", 7), dated("b", 7), key("a", 0)]);
    }
}
