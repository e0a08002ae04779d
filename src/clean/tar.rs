//! A file in a tar archive with another content: its size, the sum of its header, and what fills its last block up.

use super::archive::Change;
use crate::fix::WriteCause;
use crate::input::Piece;
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
    if [&b" size="[..], b" GNU.sparse."].iter().any(|key| memchr::memmem::find(extensions, key).is_some()) {
        return Err(WriteCause::Encoding("sized by an extended header".into()));
    }
    let mut header = Header::from_byte_slice(block).clone();
    header.set_size(new.len() as u64);
    header.set_cksum();
    let field = |field: Span| (Span::new(start + field.start, start + field.end), header.as_bytes()[field.start..field.end].to_vec());
    let padding = (BLOCK - new.len() % BLOCK) % BLOCK;
    Ok(vec![field(SIZE), field(SUM), (Span::new(body.end, record.len()), vec![0; padding])])
}
