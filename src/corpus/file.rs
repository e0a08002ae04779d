//! The index as a file: little-endian, its parts one after the other, each preceded by its length.

use super::digest::{Key, Order};
use super::index::{BlockEntry, Entry, Index};
use super::near::BlockSketch;
use super::sketch::Sketch;
use crate::document::Record;
use std::io::{self, Read, Write};
use thiserror::Error;

/// What the file starts with; the number changes with the format.
const MAGIC: &[u8; 16] = b"copydesk index 3";

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
        write_head(out, self.order, &self.sites)?;
        number(out, self.sketches.len())?;
        for sketch in &self.sketches {
            write_block_sketch(out, sketch)?;
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
        let (order, sites) = read_head(source)?;
        let mut index = Self { order, sites, ..Self::default() };
        for _ in 0..word(source)? {
            index.sketches.push(read_block_sketch(source)?);
        }
        check(index.sketches.is_sorted_by(|a, b| a.hash < b.hash), "sketches out of order")?;
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

/// What the file is, how its documents are ranked, and the names of the sites.
pub(super) fn write_head(out: &mut impl Write, order: Order, sites: &[impl AsRef<str>]) -> io::Result<()> {
    out.write_all(MAGIC)?;
    out.write_all(&[order as u8])?;
    number(out, sites.len())?;
    sites.iter().try_for_each(|site| string(out, site.as_ref()))
}

pub(super) fn write_block_sketch(out: &mut impl Write, block: &BlockSketch) -> io::Result<()> {
    out.write_all(&block.hash.to_le_bytes())?;
    write_sketch(out, &block.sketch)
}

fn write_sketch(out: &mut impl Write, sketch: &Sketch) -> io::Result<()> {
    out.write_all(&sketch.head())?;
    number(out, sketch.hashes.len())?;
    sketch.hashes.iter().try_for_each(|hash| out.write_all(&hash.to_le_bytes()))
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
    out.write_all(&[u8::from(entry.key.date.is_some())])?;
    if let Some(date) = entry.key.date {
        out.write_all(&date.to_le_bytes())?;
    }
    out.write_all(&entry.site.unwrap_or(NONE).to_le_bytes())?;
    write_sketch(out, &entry.sketch)
}

pub(super) fn write_block(out: &mut impl Write, block: &BlockEntry) -> io::Result<()> {
    out.write_all(&block.hash.to_le_bytes())?;
    let values = [block.site.unwrap_or(NONE), block.documents, block.first, block.line, block.column, block.words];
    values.into_iter().try_for_each(|value| out.write_all(&value.to_le_bytes()))
}

pub(super) fn read_head(source: &mut impl Read) -> Result<(Order, Vec<String>), FileError> {
    let mut magic = [0; MAGIC.len()];
    match source.read_exact(&mut magic) {
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => return Err(error.into()),
        Ok(()) if &magic == MAGIC => {}
        _ => return Err(FileError::Foreign),
    }
    let order = match byte(source)? {
        0 => Order::Path,
        1 => Order::Date,
        _ => return Err(FileError::Damaged("an unknown order")),
    };
    let mut sites = Vec::new();
    for _ in 0..word(source)? {
        sites.push(text(source)?);
    }
    check(sites.is_sorted(), "sites out of order")?;
    Ok((order, sites))
}

pub(super) fn read_block_sketch(source: &mut impl Read) -> Result<BlockSketch, FileError> {
    Ok(BlockSketch { hash: read_hash(source)?, sketch: read_sketch(source)? })
}

fn read_sketch(source: &mut impl Read) -> Result<Sketch, FileError> {
    let first = byte(source)?;
    let mut sketch = Sketch::headed(first, || read_hash(source))?;
    for _ in 0..word(source)? {
        sketch.hashes.push(word(source)?);
    }
    // Where no names are, none are announced.
    check(sketch.is_sound() && sketch.head()[0] == first, "a sketch that no text has")?;
    Ok(sketch)
}

fn read_hash(source: &mut impl Read) -> io::Result<u128> {
    let mut hash = [0; 16];
    source.read_exact(&mut hash)?;
    Ok(u128::from_le_bytes(hash))
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
            let has_id = mark(source)?;
            let id = text(source)?;
            check(has_id || id.is_empty(), "an id that is none")?;
            Some(Record { line: line as usize, id: has_id.then_some(id), field })
        }
    };
    let date = if mark(source)? { Some(read_date(source)?) } else { None };
    let site = known_site(word(source)?, site_count)?;
    let sketch = read_sketch(source)?;
    Ok(Entry { key: Key { path, record, date }, site, sketch })
}

pub(super) fn read_block(source: &mut impl Read, site_count: u32, documents: usize) -> Result<BlockEntry, FileError> {
    let hash = read_hash(source)?;
    let (site, count, first) = (known_site(word(source)?, site_count)?, word(source)?, word(source)?);
    let (line, column, words) = (word(source)?, word(source)?, word(source)?);
    check((first as usize) < documents, "a block of no document")?;
    Ok(BlockEntry { hash, site, documents: count, first, line, column, words })
}

pub(super) fn check(holds: bool, otherwise: &'static str) -> Result<(), FileError> {
    if holds { Ok(()) } else { Err(FileError::Damaged(otherwise)) }
}

fn read_date(source: &mut impl Read) -> io::Result<i64> {
    let mut date = [0; 8];
    source.read_exact(&mut date)?;
    Ok(i64::from_le_bytes(date))
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

/// Whether something is there.
fn mark(source: &mut impl Read) -> Result<bool, FileError> {
    let mark = byte(source)?;
    check(mark < 2, "a mark that is none")?;
    Ok(mark == 1)
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
