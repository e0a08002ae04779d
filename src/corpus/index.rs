//! Many documents together: for each block, which document has it first and how many have it.

use super::digest::{Digest, Key, Order};
use super::near::BlockSketch;
use super::sketch::Sketch;
use std::fmt;

/// The blocks and sketches of many documents. Memory: about 40 bytes for each different block of a site, 200 more for each of twenty
/// words or more, and up to 3 KB for each document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Index {
    /// What ranks the documents.
    pub(super) order: Order,
    /// In the order of their keys; a document's number is its place here.
    pub(super) documents: Vec<Entry>,
    /// In order.
    pub(super) sites: Vec<String>,
    /// In the order of their hashes, then of sites.
    pub(super) blocks: Vec<BlockEntry>,
    /// Of the longer blocks, whatever their site, in the order of their hashes.
    pub(super) sketches: Vec<BlockSketch>,
    /// Which sketch of a block has which of its keys, in order. Made of `sketches`.
    pub(super) variants: Vec<(u32, u32)>,
    /// Which documents have which key of a sketch, in order. Made of `documents`, and not written to the file.
    pub(super) postings: Vec<(u32, u32)>,
}

/// A document of the index.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub key: Key,
    /// Place in the list of sites.
    pub(super) site: Option<u32>,
    pub(super) sketch: Sketch,
}

/// A block as the documents of one site have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BlockEntry {
    pub hash: u128,
    pub site: Option<u32>,
    /// How many documents of the site have it.
    pub documents: u32,
    /// Number of the first of them, and where it stands there.
    pub first: u32,
    pub line: u32,
    pub column: u32,
    pub words: u32,
}

/// Why indexes cannot be joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clash {
    /// Two hold the same document, which would be counted twice.
    Document(Key),
    /// One ranks its documents by date, another by path.
    Order,
}

impl fmt::Display for Clash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document(key) => {
                write!(f, "more than one of the indexes holds `{}`", key.path)?;
                key.record.as_ref().map_or(Ok(()), |record| write!(f, " line {}", record.line))
            }
            Self::Order => write!(f, "one of the indexes ranks documents by date, another by path"),
        }
    }
}

impl std::error::Error for Clash {}

impl Index {
    /// The index of these documents, in whatever order they come, ranked by their paths; of documents with the same key, the first is
    /// taken.
    pub fn of(digests: impl IntoIterator<Item = Digest>) -> Self {
        Self::ranked(Order::Path, digests)
    }

    /// As [`Self::of`], of digests that were made for this order.
    pub fn ranked(order: Order, digests: impl IntoIterator<Item = Digest>) -> Self {
        let mut digests: Vec<Digest> = digests.into_iter().collect();
        digests.sort_by(|a, b| a.key.cmp(&b.key));
        digests.dedup_by(|later, earlier| later.key == earlier.key);
        let mut sites: Vec<String> = digests.iter().filter_map(|digest| digest.site.clone()).collect();
        sites.sort_unstable();
        sites.dedup();
        let mut index = Self { order, sites, ..Self::default() };
        for (number, digest) in digests.into_iter().enumerate() {
            let site = digest.site.as_ref().and_then(|site| index.sites.binary_search(site).ok()).map(|site| site as u32);
            index.blocks.extend(digest.blocks.iter().map(|block| BlockEntry {
                hash: block.hash,
                site,
                documents: 1,
                first: number as u32,
                line: block.line,
                column: block.column,
                words: block.words,
            }));
            index.sketches.extend(digest.sketches);
            index.documents.push(Entry { key: digest.key, site, sketch: digest.sketch });
        }
        index.settle();
        index
    }

    /// All of them in one. The order makes no difference, nor does it whether some were merged before.
    ///
    /// # Errors
    /// Where two of them hold the same document, or rank documents differently.
    pub fn merge(parts: Vec<Self>) -> Result<Self, Clash> {
        let mut merged = Self { order: parts.first().map_or(Order::Path, |part| part.order), ..Self::default() };
        if parts.iter().any(|part| part.order != merged.order) {
            return Err(Clash::Order);
        }
        for part in &parts {
            merged.sites.extend(part.sites.iter().cloned());
        }
        merged.sites.sort_unstable();
        merged.sites.dedup();
        // Each document with its part and its number there.
        let mut documents: Vec<(Entry, usize, u32)> = Vec::new();
        let mut blocks = Vec::with_capacity(parts.len());
        for (part, index) in parts.into_iter().enumerate() {
            let sites: Vec<u32> = index.sites.iter().map(|site| merged.sites.partition_point(|known| known < site) as u32).collect();
            let site = |old: Option<u32>| old.map(|old| sites[old as usize]);
            merged.sketches.extend(index.sketches);
            documents.extend(index.documents.into_iter().enumerate().map(|(number, entry)| {
                let entry = Entry { site: site(entry.site), ..entry };
                (entry, part, number as u32)
            }));
            let moved: Vec<BlockEntry> = index.blocks.into_iter().map(|block| BlockEntry { site: site(block.site), ..block }).collect();
            blocks.push(moved);
        }
        documents.sort_by(|a, b| a.0.key.cmp(&b.0.key));
        if let Some(pair) = documents.windows(2).find(|pair| pair[0].0.key == pair[1].0.key) {
            return Err(Clash::Document(pair[0].0.key.clone()));
        }
        let mut numbers: Vec<Vec<u32>> = blocks.iter().map(|_| Vec::new()).collect();
        for (new, (_, part, old)) in documents.iter().enumerate() {
            // Documents of a part come in the order they had there.
            debug_assert_eq!(numbers[*part].len(), *old as usize);
            numbers[*part].push(new as u32);
        }
        merged.documents = documents.into_iter().map(|(entry, ..)| entry).collect();
        for (part, blocks) in blocks.into_iter().enumerate() {
            merged.blocks.extend(blocks.into_iter().map(|block| BlockEntry { first: numbers[part][block.first as usize], ..block }));
        }
        merged.settle();
        Ok(merged)
    }

    /// Sorts the blocks, joins those that are the same, and makes the postings.
    pub(super) fn settle(&mut self) {
        self.blocks.sort_unstable_by_key(|block| (block.hash, block.site, block.first));
        self.blocks.dedup_by(|later, earlier| {
            let same = (later.hash, later.site) == (earlier.hash, earlier.site);
            if same {
                earlier.documents = earlier.documents.saturating_add(later.documents);
            }
            same
        });
        self.sketches.sort_unstable_by_key(|sketch| sketch.hash);
        self.sketches.dedup_by_key(|sketch| sketch.hash);
        self.post();
    }

    pub(super) fn post(&mut self) {
        let keys = |(number, entry): (usize, &Entry)| entry.sketch.keys().iter().map(move |&key| (key, number as u32)).collect::<Vec<_>>();
        self.postings = self.documents.iter().enumerate().flat_map(keys).collect();
        self.postings.sort_unstable();
        let keys = |(number, sketch): (usize, &BlockSketch)| sketch.keys().iter().map(move |&key| (key, number as u32)).collect::<Vec<_>>();
        self.variants = self.sketches.iter().enumerate().flat_map(keys).collect();
        self.variants.sort_unstable();
    }

    /// What ranks its documents; a digest that is held against it must be made for the same.
    pub const fn order(&self) -> Order {
        self.order
    }

    pub fn holds(&self, key: &Key) -> bool {
        self.documents.binary_search_by(|entry| entry.key.cmp(key)).is_ok()
    }

    /// How many documents it holds.
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// How many different blocks it holds, those of different sites counted apart.
    pub fn block_count(&self) -> usize {
        self.blocks.len()
    }
}
