//! A file in a tar archive with another content: its size, the sum of its header, and what fills its last block up.

use super::archive::Change;
use crate::fix::WriteCause;
use crate::input::{self, Piece};
use crate::ledger::Splice;
use crate::text::Span;
use tar::Header;

/// Bytes of a header, and of every other block.
const BLOCK: usize = 512;
/// Where in a header the fields stand that change.
const SIZE: Span = Span::new(124, 136);
const SUM: Span = Span::new(148, 156);

/// What ends an archive.
pub(super) const END: [u8; 2 * BLOCK] = [0; 2 * BLOCK];

/// What changes beside the document.
pub(super) fn changes(piece: &Piece, new: &[u8]) -> Result<Vec<Change>, WriteCause> {
    let (record, body) = (&piece.content, piece.body);
    let start = body.start.checked_sub(BLOCK).ok_or(WriteCause::Changed)?;
    let (extensions, block) = record[..body.start].split_at(start);
    if input::is_sized_elsewhere(extensions) {
        return Err(WriteCause::Encoding("sized by an extended header".into()));
    }
    let [size, sum] = sized(block, new.len() as u64).map(|(field, bytes)| (Span::new(start + field.start, start + field.end), bytes));
    Ok(vec![size, sum, (Span::new(body.end, record.len()), vec![0; padding(new.len() as u64)])])
}

/// The fields of the header of something of that size.
fn sized(block: &[u8], size: u64) -> [Change; 2] {
    let mut header = Header::from_byte_slice(block).clone();
    header.set_size(size);
    header.set_cksum();
    [SIZE, SUM].map(|field| (field, header.as_bytes()[field.start..field.end].to_vec()))
}

/// Bytes that fill its last block up.
pub(super) const fn padding(size: u64) -> usize {
    let over = size as usize % BLOCK;
    (BLOCK - over) % BLOCK
}

/// What stands before a member, for one of that size.
pub(super) fn resized(head: &[u8], size: u64) -> Vec<u8> {
    let mut new = head.to_vec();
    if let Some(start) = head.len().checked_sub(BLOCK) {
        for (field, bytes) in sized(&head[start..], size) {
            new[start + field.start..start + field.end].copy_from_slice(&bytes);
        }
    }
    new
}

/// What makes it again of what was resized.
pub(super) fn original(head: &[u8]) -> Vec<Splice> {
    let start = head.len().saturating_sub(BLOCK);
    let field = |field: Span| Splice::new(start + field.start, field.len(), &head[start + field.start..start + field.end]);
    vec![field(SIZE), field(SUM)]
}
