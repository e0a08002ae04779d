//! The index as a file: little-endian, its parts one after the other, each preceded by its length.

use super::digest::Key;
use super::index::{BlockEntry, Entry, Index};
use super::sketch::Sketch;
use crate::document::Record;
use std::io::{self, Read, Write};
use thiserror::Error;

/// What the file starts with; the number changes with the format.
const MAGIC: &[u8; 16] = b"copydesk index 1";

/// Stands for "no site" and "no record".
const NONE: u32 = u32::MAX;

/// Why a file cannot be read as an index.
#[derive(Debug, Error)]
pub enum FileError {
    #[error("not an index of this version of copydesk")]
    Foreign,
    #[error("the index is damaged: {0}")]
    Damaged(&'static str),
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Index {
    /// # Errors
    /// Where the bytes cannot be written.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(MAGIC)?;
        number(out, self.sites.len())?;
        for site in &self.sites {
            string(out, site)?;
        }
        number(out, self.documents.len())?;
        for entry in &self.documents {
            write_entry(out, entry)?;
        }
        number(out, self.blocks.len())?;
        for block in &self.blocks {
            write_block(out, block)?;
        }
        Ok(())
    }

    /// # Errors
    /// Where the bytes are no index, or not a whole one.
    pub fn read(source: &mut impl Read) -> Result<Self, FileError> {
        read_magic(source)?;
        let index = Self::read_parts(source).map_err(|error| match error {
            FileError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => FileError::Damaged("it ends too early"),
            other => other,
        })?;
        if source.read(&mut [0])? > 0 {
            return Err(FileError::Damaged("it goes on after its end"));
        }
        Ok(index)
    }

    fn read_parts(source: &mut impl Read) -> Result<Self, FileError> {
        let mut index = Self::default();
        for _ in 0..word(source)? {
            index.sites.push(text(source)?);
        }
        check(index.sites.is_sorted(), "sites out of order")?;
        let site_count = index.sites.len() as u32;
        for _ in 0..word(source)? {
            let entry = read_entry(source, site_count)?;
            index.documents.push(entry);
        }
        check(index.documents.is_sorted_by(|a, b| a.key < b.key), "documents out of order")?;
        for _ in 0..word(source)? {
            index.blocks.push(read_block(source, site_count, index.documents.len())?);
        }
        check(index.blocks.is_sorted_by(|a, b| (a.hash, a.site) < (b.hash, b.site)), "blocks out of order")?;
        index.post();
        Ok(index)
    }
}

pub(super) fn write_magic(out: &mut impl Write) -> io::Result<()> {
    out.write_all(MAGIC)
}

pub(super) fn write_entry(out: &mut impl Write, entry: &Entry) -> io::Result<()> {
    string(out, &entry.key.path)?;
    match &entry.key.record {
        None => out.write_all(&NONE.to_le_bytes())?,
        Some(record) => {
            number(out, record.line)?;
            string(out, &record.field)?;
            out.write_all(&[u8::from(record.id.is_some())])?;
            string(out, record.id.as_deref().unwrap_or_default())?;
        }
    }
    out.write_all(&entry.site.unwrap_or(NONE).to_le_bytes())?;
    out.write_all(&[entry.sketch.level])?;
    number(out, entry.sketch.hashes.len())?;
    entry.sketch.hashes.iter().try_for_each(|hash| out.write_all(&hash.to_le_bytes()))
}

pub(super) fn write_block(out: &mut impl Write, block: &BlockEntry) -> io::Result<()> {
    out.write_all(&block.hash.to_le_bytes())?;
    let values = [block.site.unwrap_or(NONE), block.documents, block.first, block.line, block.column, block.words];
    values.into_iter().try_for_each(|value| out.write_all(&value.to_le_bytes()))
}

pub(super) fn read_magic(source: &mut impl Read) -> Result<(), FileError> {
    let mut magic = [0; MAGIC.len()];
    match source.read_exact(&mut magic) {
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(error.into()),
        Ok(()) if &magic == MAGIC => Ok(()),
        _ => Err(FileError::Foreign),
    }
}

fn known_site(site: u32, site_count: u32) -> Result<Option<u32>, FileError> {
    match site {
        NONE => Ok(None),
        site if site < site_count => Ok(Some(site)),
        _ => Err(FileError::Damaged("an unknown site")),
    }
}

pub(super) fn read_entry(source: &mut impl Read, site_count: u32) -> Result<Entry, FileError> {
    let path = text(source)?;
    let record = match word(source)? {
        NONE => None,
        line => {
            let field = text(source)?;
            let has_id = byte(source)? == 1;
            let id = text(source)?;
            Some(Record { line: line as usize, id: has_id.then_some(id), field })
        }
    };
    let site = known_site(word(source)?, site_count)?;
    let mut sketch = Sketch { level: byte(source)?, hashes: Vec::new() };
    for _ in 0..word(source)? {
        sketch.hashes.push(word(source)?);
    }
    check(sketch.is_sound(), "a sketch that no text has")?;
    Ok(Entry { key: Key { path, record }, site, sketch })
}

pub(super) fn read_block(source: &mut impl Read, site_count: u32, documents: usize) -> Result<BlockEntry, FileError> {
    let mut hash = [0; 16];
    source.read_exact(&mut hash)?;
    let (site, count, first) = (known_site(word(source)?, site_count)?, word(source)?, word(source)?);
    let (line, column, words) = (word(source)?, word(source)?, word(source)?);
    check((first as usize) < documents, "a block of no document")?;
    Ok(BlockEntry { hash: u128::from_le_bytes(hash), site, documents: count, first, line, column, words })
}

pub(super) fn check(holds: bool, otherwise: &'static str) -> Result<(), FileError> {
    if holds { Ok(()) } else { Err(FileError::Damaged(otherwise)) }
}

/// A length or line number, which must fit into four bytes.
pub(super) fn number(out: &mut impl Write, value: usize) -> io::Result<()> {
    match u32::try_from(value) {
        Ok(value) if value != NONE => out.write_all(&value.to_le_bytes()),
        _ => Err(io::Error::new(io::ErrorKind::InvalidData, "the index would be too large: make several")),
    }
}

pub(super) fn string(out: &mut impl Write, text: &str) -> io::Result<()> {
    number(out, text.len())?;
    out.write_all(text.as_bytes())
}

fn byte(source: &mut impl Read) -> io::Result<u8> {
    let mut byte = [0];
    source.read_exact(&mut byte)?;
    Ok(byte[0])
}

pub(super) fn word(source: &mut impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    source.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

pub(super) fn text(source: &mut impl Read) -> Result<String, FileError> {
    let length = u64::from(word(source)?);
    // A damaged length does not reserve memory for bytes that never come.
    let mut text = Vec::new();
    source.take(length).read_to_end(&mut text)?;
    check(text.len() as u64 == length, "it ends too early")?;
    String::from_utf8(text).map_err(|_| FileError::Damaged("a name that is no text"))
}
