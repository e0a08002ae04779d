//! One document as the index sees it: where it came from, a hash for each block, a sketch of the whole.

use super::sketch::Sketch;
use crate::document::{Block, Document, Origin, Record, fold};
use crate::text::Span;
use std::cmp::Ordering;
use xxhash_rust::xxh3::xxh3_128;

/// What a document is called, and its rank: of documents that share a text, the one with the smallest key counts as the
/// first. The order is that of paths (by bytes), then of lines in a file of records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key {
    pub path: String,
    pub record: Option<Record>,
}

impl Key {
    pub fn of(origin: &Origin) -> Self {
        Self { path: origin.path.clone(), record: origin.record.clone() }
    }

    /// As findings name the place.
    pub fn origin(&self) -> Origin {
        Origin { path: self.path.clone(), record: self.record.clone(), ..Origin::default() }
    }

    fn rank(&self) -> (&str, usize) {
        (&self.path, self.record.as_ref().map_or(0, |record| record.line))
    }
}

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
        160 + key + self.blocks.len() * (size_of::<BlockDigest>() + 48) + self.sketch.held() * 3
    }

    pub fn of(document: &Document) -> Self {
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
        let site = document.origin.url.as_deref().and_then(site);
        Self { key: Key::of(&document.origin), site, blocks, sketch: Sketch::of(&document.words) }
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
    for word in &document.words[block.words()] {
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

/// The host of an address, in lower case and without `www.`.
pub fn site(url: &str) -> Option<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?.split(':').next()?;
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    (host.contains('.') && !host.contains(char::is_whitespace)).then(|| host.to_string())
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
    fn the_site_is_the_host() {
        for (url, expected) in [
            ("https://www.Tide.example/a/b?c", Some("tide.example")),
            ("http://user@news.tide.example:8080", Some("news.tide.example")),
            ("tide.example/story", Some("tide.example")),
            ("story", None),
            ("", None),
        ] {
            assert_eq!(site(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn documents_are_ranked_by_path_and_line() {
        let key = |path: &str, line: usize| Key {
            path: path.into(),
            record: (line > 0).then(|| Record { line, id: None, field: "text".into() }),
        };
        let mut keys = [key("b", 0), key("a", 10), key("a", 9)];
        keys.sort();
        assert_eq!(keys, [key("a", 9), key("a", 10), key("b", 0)]);
    }
}
