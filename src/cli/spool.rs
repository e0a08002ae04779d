//! The paragraphs of a run by their keys, document by document: in memory as long as they are few, else on the disk.

use std::io::{self, BufReader, BufWriter, ErrorKind, Read, Seek, SeekFrom, Write};
use tempfile::{SpooledTempFile, spooled_tempfile};

/// Bytes that are held in memory: the keys of some fifty thousand articles.
const HELD: usize = 4 << 20;

/// Keys by the numbers of the documents, eight bytes each.
pub(super) struct Spool(BufWriter<SpooledTempFile>);

impl Spool {
    pub fn new() -> Self {
        Self(BufWriter::new(spooled_tempfile(HELD)))
    }

    pub fn add(&mut self, number: u32, keys: &[u64]) -> io::Result<()> {
        let head = u64::from(number) << 32 | keys.len() as u64;
        std::iter::once(&head).chain(keys).try_for_each(|word| self.0.write_all(&word.to_le_bytes()))
    }

    /// Hands over the keys of each document, as they came.
    pub fn each(&mut self, take: &mut dyn FnMut(&u32, &[u64])) -> io::Result<()> {
        self.0.flush()?;
        let file = self.0.get_mut();
        file.seek(SeekFrom::Start(0))?;
        let mut file = BufReader::with_capacity(1 << 16, file);
        let mut keys = Vec::new();
        loop {
            let head = match word(&mut file) {
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(()),
                head => head?,
            };
            keys.clear();
            for _ in 0..head & u64::from(u32::MAX) {
                keys.push(word(&mut file)?);
            }
            take(&((head >> 32) as u32), &keys);
        }
    }
}

fn word(file: &mut impl Read) -> io::Result<u64> {
    let mut bytes = [0; 8];
    file.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_comes_out_as_often_as_it_is_asked_for() {
        let mut spool = Spool::new();
        let long: Vec<u64> = (0..HELD as u64 / 8).collect();
        let documents: [(u32, &[u64]); 4] = [(0, &[7, u64::MAX]), (1, &[]), (5, &long), (u32::MAX, &[1])];
        documents.iter().for_each(|(number, keys)| spool.add(*number, keys).unwrap());
        for _ in 0..3 {
            let mut met = Vec::new();
            spool.each(&mut |number, keys| met.push((*number, keys.to_vec()))).unwrap();
            assert!(met.iter().map(|(number, keys)| (*number, &keys[..])).eq(documents));
        }
    }
}
