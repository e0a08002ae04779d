//! Indexes in files, merged without being held in memory: all of them are sorted, so that one look at the head of each tells what
//! comes next. In memory are the names of the sites and four bytes for each document.

use super::file::{
    FileError, check, number, read_block, read_entry, read_magic, string, text, word, write_block, write_entry, write_magic,
};
use super::index::{BlockEntry, Clash};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{Read, Seek, SeekFrom, Write};

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
    Write(#[from] std::io::Error),
}

/// How much is in an index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    pub documents: usize,
    pub blocks: usize,
}

/// One of the files, read up to where it is merged.
struct Source<R> {
    reader: R,
    /// Numbers of its sites in the merged index.
    sites: Vec<u32>,
    /// Numbers of its documents in the merged index.
    documents: Vec<u32>,
    /// Documents, later blocks, that are still to be read.
    left: u32,
}

/// Writes the index of all of them: the same bytes as [`super::Index::merge`] gives.
///
/// # Errors
/// Where one of them is no index, two hold the same document, or the result cannot be written.
pub fn merge<R: Read>(readers: Vec<R>, out: &mut (impl Write + Seek)) -> Result<Size, MergeError> {
    let mut names = Vec::new();
    let mut sources = Vec::new();
    for (part, mut reader) in readers.into_iter().enumerate() {
        let fail = |error| MergeError::File { part, error };
        read_magic(&mut reader).map_err(fail)?;
        let mut own = Vec::new();
        for _ in 0..word(&mut reader).map_err(|error| fail(error.into()))? {
            own.push(text(&mut reader).map_err(fail)?);
        }
        check(own.is_sorted(), "sites out of order").map_err(fail)?;
        let left = word(&mut reader).map_err(|error| fail(error.into()))?;
        names.push(own);
        sources.push(Source { reader, sites: Vec::new(), documents: Vec::new(), left });
    }
    let mut sites: Vec<&String> = names.iter().flatten().collect();
    sites.sort_unstable();
    sites.dedup();
    for (source, own) in sources.iter_mut().zip(&names) {
        source.sites = own.iter().map(|site| sites.partition_point(|known| *known < site) as u32).collect();
    }
    write_magic(out)?;
    number(out, sites.len())?;
    for site in sites {
        string(out, site)?;
    }
    let documents = merge_documents(&mut sources, out)?;
    let blocks = merge_blocks(&mut sources, out)?;
    Ok(Size { documents, blocks })
}

fn merge_documents<R: Read>(sources: &mut [Source<R>], out: &mut impl Write) -> Result<usize, MergeError> {
    let total: usize = sources.iter().map(|source| source.left as usize).sum();
    number(out, total)?;
    let mut heads = Vec::new();
    let mut queue = BinaryHeap::new();
    for (part, source) in sources.iter_mut().enumerate() {
        let head = source.document(part)?;
        queue.extend(head.as_ref().map(|entry| Reverse((entry.key.clone(), part))));
        heads.push(head);
    }
    let mut last = None;
    let mut count: u32 = 0;
    while let Some(Reverse((key, part))) = queue.pop() {
        if last.as_ref() == Some(&key) {
            return Err(Clash(key).into());
        }
        if let Some(entry) = heads[part].take() {
            write_entry(out, &entry)?;
        }
        sources[part].documents.push(count);
        count += 1;
        heads[part] = sources[part].document(part)?;
        if let Some(next) = &heads[part] {
            check(next.key > key, "documents out of order").map_err(|error| MergeError::File { part, error })?;
            queue.push(Reverse((next.key.clone(), part)));
        }
        last = Some(key);
    }
    Ok(total)
}

fn merge_blocks<R: Read>(sources: &mut [Source<R>], out: &mut (impl Write + Seek)) -> Result<usize, MergeError> {
    // How many there are is known when all have been written.
    let place = out.stream_position()?;
    number(out, 0)?;
    let rank = |block: &BlockEntry, part: usize| Reverse((block.hash, block.site, block.first, part));
    let mut heads = Vec::new();
    let mut queue = BinaryHeap::new();
    for (part, source) in sources.iter_mut().enumerate() {
        source.left = word(&mut source.reader).map_err(|error| MergeError::File { part, error: error.into() })?;
        let head = source.block(part)?;
        queue.extend(head.map(|block| rank(&block, part)));
        heads.push(head);
    }
    let mut open: Option<BlockEntry> = None;
    let mut count = 0;
    while let Some(Reverse((hash, site, _, part))) = queue.pop() {
        let Some(block) = heads[part].take() else { continue };
        heads[part] = sources[part].block(part)?;
        if let Some(next) = &heads[part] {
            check((next.hash, next.site) > (hash, site), "blocks out of order").map_err(|error| MergeError::File { part, error })?;
            queue.push(rank(next, part));
        }
        match &mut open {
            Some(first) if (first.hash, first.site) == (hash, site) => first.documents = first.documents.saturating_add(block.documents),
            _ => {
                if let Some(done) = open.replace(block) {
                    write_block(out, &done)?;
                    count += 1;
                }
            }
        }
    }
    if let Some(done) = open {
        write_block(out, &done)?;
        count += 1;
    }
    out.seek(SeekFrom::Start(place))?;
    number(out, count)?;
    out.seek(SeekFrom::End(0))?;
    Ok(count)
}

impl<R: Read> Source<R> {
    fn document(&mut self, part: usize) -> Result<Option<super::Entry>, MergeError> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let mut entry = read_entry(&mut self.reader, self.sites.len() as u32).map_err(|error| MergeError::File { part, error })?;
        entry.site = entry.site.map(|site| self.sites[site as usize]);
        Ok(Some(entry))
    }

    fn block(&mut self, part: usize) -> Result<Option<BlockEntry>, MergeError> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let read = read_block(&mut self.reader, self.sites.len() as u32, self.documents.len());
        let mut block = read.map_err(|error| MergeError::File { part, error })?;
        block.site = block.site.map(|site| self.sites[site as usize]);
        block.first = self.documents[block.first as usize];
        Ok(Some(block))
    }
}
