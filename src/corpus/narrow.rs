//! What a large index says of some documents, read from its files without holding it in memory: they are read twice, first for the
//! blocks that the documents have and what is nearly like them, then for the documents that these stand in first.

use super::digest::{Digest, Order};
use super::index::{BlockEntry, Entry, Index};
use super::merge::{MergeError, Sink, pour};
use super::near::{BlockSketch, MOST_POSTINGS};
use super::query::MAX_POSTINGS;
use std::collections::{HashMap, HashSet};
use std::io::{self, Read};

impl Index {
    /// The part of the merged index of these files that concerns the documents: it says of them what the whole index says.
    ///
    /// `open` opens all files from their beginning. Held are what the documents have in common with the index, and four bytes for each
    /// document of it.
    ///
    /// # Errors
    /// Where a file is no index, or two hold the same document.
    pub fn narrowed<R: Read>(open: impl Fn() -> io::Result<Vec<R>>, digests: &[Digest]) -> Result<Self, MergeError> {
        let mut blocks = Blocks::of(digests);
        pour(open()?, &mut blocks)?;
        let mut documents = Documents::of(digests, &blocks.found);
        pour(open()?, &mut documents)?;
        let Blocks { order, sites, mut found, sketches, .. } = blocks;
        for block in &mut found {
            block.first = documents.numbers[&block.first];
        }
        let mut index = Self { order, sites, documents: documents.kept, blocks: found, sketches, ..Self::default() };
        index.settle();
        Ok(index)
    }
}

/// How often each of the keys that are asked for has been met.
struct Asked(HashMap<u32, usize>);

impl Asked {
    fn of<'k>(keys: impl Iterator<Item = &'k u32>) -> Self {
        Self(keys.map(|&key| (key, 0)).collect())
    }

    /// Whether one of the keys is asked for and has not been met more often than that.
    fn take(&mut self, keys: &[u32], most: usize) -> bool {
        let mut wanted = false;
        for key in keys {
            if let Some(met) = self.0.get_mut(key) {
                *met += 1;
                wanted |= *met <= most;
            }
        }
        wanted
    }
}

/// The first look: the blocks.
struct Blocks {
    hashes: HashSet<u128>,
    keys: Asked,
    order: Order,
    sites: Vec<String>,
    sketches: Vec<BlockSketch>,
    found: Vec<BlockEntry>,
}

impl Blocks {
    fn of(digests: &[Digest]) -> Self {
        let hashes = digests.iter().flat_map(|digest| &digest.blocks).map(|block| block.hash).collect();
        let keys = Asked::of(digests.iter().flat_map(|digest| &digest.sketches).flat_map(BlockSketch::keys));
        Self { hashes, keys, order: Order::Path, sites: Vec::new(), sketches: Vec::new(), found: Vec::new() }
    }
}

impl Sink for Blocks {
    fn begin(&mut self, order: Order, sites: &[&String]) -> io::Result<()> {
        self.order = order;
        self.sites = sites.iter().map(|site| (*site).clone()).collect();
        Ok(())
    }

    fn sketch(&mut self, sketch: BlockSketch) -> io::Result<()> {
        // One more than are looked at shows that the key is too frequent.
        if self.keys.take(sketch.keys(), MOST_POSTINGS + 1) {
            self.hashes.insert(sketch.hash);
            self.sketches.push(sketch);
        }
        Ok(())
    }

    fn documents(&mut self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn document(&mut self, _: Entry) -> io::Result<()> {
        Ok(())
    }

    fn blocks(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn block(&mut self, block: BlockEntry) -> io::Result<()> {
        if self.hashes.contains(&block.hash) {
            self.found.push(block);
        }
        Ok(())
    }
}

/// The second look: the documents.
struct Documents<'d> {
    /// Places of the documents themselves, which the index may hold.
    own: HashSet<(&'d str, usize)>,
    keys: Asked,
    /// Numbers of the documents that blocks stand in first, in the whole index and here.
    numbers: HashMap<u32, u32>,
    next: u32,
    kept: Vec<Entry>,
}

impl<'d> Documents<'d> {
    fn of(digests: &'d [Digest], found: &[BlockEntry]) -> Self {
        let own = digests.iter().map(|digest| digest.key.place()).collect();
        let keys = Asked::of(digests.iter().flat_map(|digest| digest.sketch.keys()));
        Self { own, keys, numbers: found.iter().map(|block| (block.first, 0)).collect(), next: 0, kept: Vec::new() }
    }
}

impl Sink for Documents<'_> {
    fn begin(&mut self, _: Order, _: &[&String]) -> io::Result<()> {
        Ok(())
    }

    fn sketch(&mut self, _: BlockSketch) -> io::Result<()> {
        Ok(())
    }

    fn documents(&mut self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn document(&mut self, entry: Entry) -> io::Result<()> {
        // Each key is counted, whatever else keeps the document.
        let alike = self.keys.take(entry.sketch.keys(), MAX_POSTINGS);
        let place = self.kept.len() as u32;
        let first = self.numbers.get_mut(&self.next).map(|number| *number = place).is_some();
        if alike || first || self.own.contains(&entry.key.place()) {
            self.kept.push(entry);
        }
        self.next += 1;
        Ok(())
    }

    fn blocks(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn block(&mut self, _: BlockEntry) -> io::Result<()> {
        Ok(())
    }
}
