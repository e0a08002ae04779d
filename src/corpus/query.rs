//! What an index says of one document: which of its blocks others have too, and whether it is another one again.

use super::digest::{BlockDigest, Digest};
use super::index::{BlockEntry, Entry, Index};
use super::sketch::{Overlap, Sketch};
use std::collections::BTreeMap;

/// What a document shares with others.
#[derive(Debug, Default, PartialEq)]
pub struct Shared<'i> {
    /// Blocks that stand in other documents, in the order of the text.
    pub blocks: Vec<Sighting<'i>>,
    /// The first document that this one is another version or a part of.
    pub likeness: Option<Likeness<'i>>,
}

/// A block that stands in other documents.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sighting<'i> {
    /// Which of the document's blocks.
    pub block: usize,
    pub words: usize,
    /// How many other documents have it.
    pub others: usize,
    /// How many documents of the same site have it, this one included; 0 where the site is not known.
    pub on_site: usize,
    /// The first of all documents that have it, where that is not this one.
    pub first: Option<First<'i>>,
    /// What they have is nearly this block, and not the very same.
    pub near: bool,
}

/// Where a block stands first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct First<'i> {
    pub document: &'i Entry,
    /// Counted from 1, the column in characters.
    pub line: usize,
    pub column: usize,
}

/// Another document with much the same text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness<'i> {
    pub document: &'i Entry,
    pub overlap: Overlap,
}

/// From these shares on, two documents are versions of one text, or one a part of the other. On pairs of news texts whose
/// likeness was computed from all their word sequences, nothing that is called a duplicate lies below 0.51 and 0.73.
const MIN_SIMILARITY: f64 = 0.5;
const MIN_CONTAINED: f64 = 0.7;
/// Documents looked at for each key, the first ones, so that a text on every page does not make each look-up a search.
pub(super) const MAX_POSTINGS: usize = 64;

impl Sketch {
    /// What the two have in common, where that is enough to call them versions of one text, or one a part of the other.
    pub fn is_like(&self, other: &Self) -> Option<Overlap> {
        self.overlap(other).filter(|overlap| overlap.similarity >= MIN_SIMILARITY || overlap.contained >= MIN_CONTAINED)
    }
}

impl Index {
    /// What the document shares with the documents of the index. It may be one of them itself: then only documents before it
    /// count as the first.
    pub fn shared(&self, digest: &Digest) -> Shared<'_> {
        let own = self.documents.binary_search_by(|entry| entry.key.cmp(&digest.key)).ok();
        let site = digest.site.as_ref().and_then(|site| self.sites.binary_search(site).ok()).map(|site| site as u32);
        let blocks = digest.blocks.iter().filter_map(|block| {
            let exact = self.exact(block, site, own);
            // What an earlier document has to the word needs no other explanation.
            if exact.is_some_and(|sighting| sighting.first.is_some()) {
                return exact;
            }
            self.near(block, digest, own).map(|near| Sighting { on_site: exact.map_or(0, |exact| exact.on_site), ..near }).or(exact)
        });
        let blocks = blocks.collect();
        Shared { blocks, likeness: self.likeness(digest, own) }
    }

    /// The block as other documents have it to the word.
    fn exact(&self, block: &BlockDigest, site: Option<u32>, own: Option<usize>) -> Option<Sighting<'_>> {
        let entries = self.entries(block.hash);
        let others = held(entries).saturating_sub(usize::from(own.is_some()));
        let first = entries.iter().min_by_key(|entry| entry.first).filter(|_| others > 0)?;
        let on_site = site.map_or(0, |site| {
            let there = entries.iter().find(|entry| entry.site == Some(site));
            held(there) + usize::from(own.is_none())
        });
        let first = (Some(first.first as usize) != own).then(|| self.place(first));
        Some(Sighting { block: block.block as usize, words: block.words as usize, others, on_site, first, near: false })
    }

    /// The block as earlier documents have it with a few words changed. Documents count once for each form of it that they have.
    fn near(&self, block: &BlockDigest, digest: &Digest, own: Option<usize>) -> Option<Sighting<'_>> {
        let sketch = &digest.sketches[digest.sketches.binary_search_by_key(&block.hash, |sketch| sketch.hash).ok()?];
        let before = own.unwrap_or(self.documents.len()) as u32;
        let (mut others, mut first): (usize, Option<&BlockEntry>) = (0, None);
        for hash in self.variants(sketch) {
            let entries = self.entries(hash);
            // The document itself may have both.
            let is_own = own.is_some() && digest.sketches.binary_search_by_key(&hash, |sketch| sketch.hash).is_ok();
            others += held(entries).saturating_sub(usize::from(is_own));
            first = first.into_iter().chain(entries).min_by_key(|entry| entry.first);
        }
        let first = first.filter(|first| first.first < before)?;
        let exact = held(self.entries(block.hash)).saturating_sub(usize::from(own.is_some()));
        let (block, words) = (block.block as usize, block.words as usize);
        Some(Sighting { block, words, others: others + exact, on_site: 0, first: Some(self.place(first)), near: true })
    }

    fn place(&self, entry: &BlockEntry) -> First<'_> {
        First { document: &self.documents[entry.first as usize], line: entry.line as usize, column: entry.column as usize }
    }

    /// The block's entries, one for each site.
    fn entries(&self, hash: u128) -> &[BlockEntry] {
        let start = self.blocks.partition_point(|entry| entry.hash < hash);
        let length = self.blocks[start..].iter().take_while(|entry| entry.hash == hash).count();
        &self.blocks[start..start + length]
    }

    fn likeness(&self, digest: &Digest, own: Option<usize>) -> Option<Likeness<'_>> {
        let before = own.unwrap_or(self.documents.len()) as u32;
        let keys = digest.sketch.keys();
        let mut candidates: BTreeMap<u32, usize> = BTreeMap::new();
        for &key in keys {
            let start = self.postings.partition_point(|&posting| posting < (key, 0));
            let same = |posting: &&(u32, u32)| posting.0 == key && posting.1 < before;
            for &(_, document) in self.postings[start..].iter().take(MAX_POSTINGS).take_while(same) {
                *candidates.entry(document).or_default() += 1;
            }
        }
        // In the order of the documents, so that the first that is like enough is the first there is.
        candidates.into_iter().filter(|&(_, shared)| shared > 1 || keys.len() < 4).find_map(|(document, _)| {
            let document = &self.documents[document as usize];
            digest.sketch.is_like(&document.sketch).map(|overlap| Likeness { document, overlap })
        })
    }
}

/// How many documents the entries speak of.
fn held<'e>(entries: impl IntoIterator<Item = &'e BlockEntry>) -> usize {
    entries.into_iter().map(|entry| entry.documents as usize).sum()
}
