//! Indexes in files, merged without being held in memory: all of them are sorted, so that one look at the head of each tells what
//! comes next. In memory are the names of the sites and four bytes for each document.

use super::digest::{Key, Order};
use super::file::{self, FileError, check, word};
use super::index::{BlockEntry, Clash, Entry};
use super::near::BlockSketch;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// Why files were not merged.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    #[error("{error}")]
    File {
        /// Which of the files, counted from 0.
        part: usize,
        error: FileError,
    },
    #[error(transparent)]
    Clash(#[from] Clash),
    #[error("cannot be written: {0}")]
    Write(#[from] io::Error),
}

/// How much is in an index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    pub documents: usize,
    pub blocks: usize,
}

/// What takes the merged index, part by part and each part in order. Numbers of sites and documents are those of the merged index.
pub(super) trait Sink {
    fn begin(&mut self, order: Order, sites: &[&String]) -> io::Result<()>;
    fn sketch(&mut self, sketch: BlockSketch) -> io::Result<()>;
    /// Behind the last sketch.
    fn documents(&mut self, count: usize) -> io::Result<()>;
    fn document(&mut self, entry: Entry) -> io::Result<()>;
    /// Behind the last document.
    fn blocks(&mut self) -> io::Result<()>;
    fn block(&mut self, block: BlockEntry) -> io::Result<()>;
}

/// Writes the index of all of them: the same bytes as [`super::Index::merge`] gives.
///
/// # Errors
/// Where one of them is no index, two hold the same document, or the result cannot be written.
pub fn merge<R: Read>(readers: Vec<R>, out: &mut (impl Write + Seek)) -> Result<Size, MergeError> {
    let mut writer = Writer { out, size: Size::default(), count: 0, place: 0 };
    pour(readers, &mut writer)?;
    writer.settle()?;
    Ok(Size { blocks: writer.count, ..writer.size })
}

/// Writes the file of an index. How many sketches and blocks there are is known when all have been written.
struct Writer<'w, W> {
    out: &'w mut W,
    size: Size,
    /// What has been written of the part, and where its number belongs.
    count: usize,
    place: u64,
}

impl<W: Write + Seek> Writer<'_, W> {
    fn leave_place(&mut self) -> io::Result<()> {
        self.count = 0;
        self.place = self.out.stream_position()?;
        file::number(self.out, 0)
    }

    fn settle(&mut self) -> io::Result<()> {
        self.out.seek(SeekFrom::Start(self.place))?;
        file::number(self.out, self.count)?;
        self.out.seek(SeekFrom::End(0)).map(|_| ())
    }
}

impl<W: Write + Seek> Sink for Writer<'_, W> {
    fn begin(&mut self, order: Order, sites: &[&String]) -> io::Result<()> {
        file::write_head(self.out, order, sites)?;
        self.leave_place()
    }

    fn sketch(&mut self, sketch: BlockSketch) -> io::Result<()> {
        self.count += 1;
        file::write_block_sketch(self.out, &sketch)
    }

    fn documents(&mut self, count: usize) -> io::Result<()> {
        self.settle()?;
        self.size.documents = count;
        file::number(self.out, count)
    }

    fn document(&mut self, entry: Entry) -> io::Result<()> {
        file::write_entry(self.out, &entry)
    }

    fn blocks(&mut self) -> io::Result<()> {
        self.leave_place()
    }

    fn block(&mut self, block: BlockEntry) -> io::Result<()> {
        self.count += 1;
        file::write_block(self.out, &block)
    }
}

/// One of the files, read up to where it is merged.
struct Source<R> {
    part: usize,
    reader: R,
    /// Numbers of its sites in the merged index.
    sites: Vec<u32>,
    /// Numbers of its documents in the merged index.
    documents: Vec<u32>,
    /// Sketches, then documents, then blocks, that are still to be read.
    left: u32,
}

/// Hands the merged index on.
pub(super) fn pour<R: Read>(readers: Vec<R>, sink: &mut impl Sink) -> Result<(), MergeError> {
    let (mut names, mut orders) = (Vec::new(), Vec::new());
    let mut sources = Vec::new();
    for (part, mut reader) in readers.into_iter().enumerate() {
        let (order, own) = file::read_head(&mut reader).map_err(|error| MergeError::File { part, error })?;
        names.push(own);
        orders.push(order);
        sources.push(Source { part, reader, sites: Vec::new(), documents: Vec::new(), left: 0 });
    }
    let order = orders.first().copied().unwrap_or_default();
    if orders.iter().any(|other| *other != order) {
        return Err(Clash::Order.into());
    }
    let mut sites: Vec<&String> = names.iter().flatten().collect();
    sites.sort_unstable();
    sites.dedup();
    for (source, own) in sources.iter_mut().zip(&names) {
        source.sites = own.iter().map(|site| sites.partition_point(|known| *known < site) as u32).collect();
    }
    sink.begin(order, &sites)?;
    drop(sites);
    count(&mut sources)?;
    let mut last = None;
    in_order(
        &mut sources,
        Source::sketch,
        |sketch| sketch.hash,
        "sketches out of order",
        |_, sketch| {
            // Several indexes hold the same block.
            if last.replace(sketch.hash) == Some(sketch.hash) { Ok(()) } else { Ok(sink.sketch(sketch)?) }
        },
    )?;
    pour_documents(&mut sources, sink)?;
    sink.blocks()?;
    count(&mut sources)?;
    let mut open: Option<BlockEntry> = None;
    let rank = |block: &BlockEntry| (block.hash, block.site);
    in_order(&mut sources, Source::block, rank, "blocks out of order", |_, block| {
        match &mut open {
            Some(first) if rank(first) == rank(&block) => {
                let documents = first.documents.saturating_add(block.documents);
                *first = BlockEntry { documents, ..if block.first < first.first { block } else { *first } };
            }
            _ => {
                if let Some(done) = open.replace(block) {
                    sink.block(done)?;
                }
            }
        }
        Ok(())
    })?;
    open.map_or(Ok(()), |done| Ok(sink.block(done)?))
}

fn pour_documents<R: Read>(sources: &mut [Source<R>], sink: &mut impl Sink) -> Result<(), MergeError> {
    sink.documents(count(sources)?)?;
    let mut numbers: Vec<Vec<u32>> = sources.iter().map(|_| Vec::new()).collect();
    let mut last: Option<Key> = None;
    let mut count = 0;
    in_order(
        sources,
        Source::document,
        |entry| entry.key.clone(),
        "documents out of order",
        |part, entry| {
            if last.as_ref() == Some(&entry.key) {
                return Err(Clash::Document(entry.key).into());
            }
            numbers[part].push(count);
            count += 1;
            last = Some(entry.key.clone());
            Ok(sink.document(entry)?)
        },
    )?;
    for (source, numbers) in sources.iter_mut().zip(numbers) {
        source.documents = numbers;
    }
    Ok(())
}

/// Reads one part of all sources, and hands on what is in it in order.
fn in_order<R: Read, T, K: Ord>(
    sources: &mut [Source<R>],
    mut next: impl FnMut(&mut Source<R>) -> Result<Option<T>, FileError>,
    rank: impl Fn(&T) -> K,
    disorder: &'static str,
    mut take: impl FnMut(usize, T) -> Result<(), MergeError>,
) -> Result<(), MergeError> {
    let mut heads = Vec::new();
    let mut queue = BinaryHeap::new();
    for source in &mut *sources {
        let head = next(source).map_err(|error| MergeError::File { part: source.part, error })?;
        queue.extend(head.as_ref().map(|head| Reverse((rank(head), source.part))));
        heads.push(head);
    }
    while let Some(Reverse((_, part))) = queue.pop() {
        let Some(head) = heads[part].take() else { continue };
        let fail = |error| MergeError::File { part, error };
        heads[part] = next(&mut sources[part]).map_err(fail)?;
        if let Some(next) = &heads[part] {
            check(rank(next) > rank(&head), disorder).map_err(fail)?;
            queue.push(Reverse((rank(next), part)));
        }
        take(part, head)?;
    }
    Ok(())
}

/// Reads how much there is of the next part.
fn count<R: Read>(sources: &mut [Source<R>]) -> Result<usize, MergeError> {
    for source in &mut *sources {
        source.left = word(&mut source.reader).map_err(|error| MergeError::File { part: source.part, error: error.into() })?;
    }
    Ok(sources.iter().map(|source| source.left as usize).sum())
}

impl<R: Read> Source<R> {
    /// Counts one down; false where none was left.
    const fn step(&mut self) -> bool {
        let is_more = self.left > 0;
        self.left = self.left.saturating_sub(1);
        is_more
    }

    fn sketch(&mut self) -> Result<Option<BlockSketch>, FileError> {
        self.step().then(|| file::read_block_sketch(&mut self.reader)).transpose()
    }

    fn document(&mut self) -> Result<Option<Entry>, FileError> {
        if !self.step() {
            return Ok(None);
        }
        let mut entry = file::read_entry(&mut self.reader, self.sites.len() as u32)?;
        entry.site = entry.site.map(|site| self.sites[site as usize]);
        Ok(Some(entry))
    }

    fn block(&mut self) -> Result<Option<BlockEntry>, FileError> {
        if !self.step() {
            return Ok(None);
        }
        let mut block = file::read_block(&mut self.reader, self.sites.len() as u32, self.documents.len())?;
        block.site = block.site.map(|site| self.sites[site as usize]);
        block.first = self.documents[block.first as usize];
        Ok(Some(block))
    }
}
