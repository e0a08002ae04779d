//! A record of an archive with another document in it: what the record says of its length and content is renewed, all else copied.

use super::{tar, warc};
use crate::fix::WriteCause;
use crate::input::{Compression, Piece, Shape};
use crate::ledger::{Holding, Splice};
use crate::text::Span;
use std::borrow::Cow;

/// What stands in the place of a stretch of a record.
pub(super) type Change = (Span, Vec<u8>);

/// The document of a piece.
///
/// # Errors
/// Where it stands in it in a way that is not written.
pub(super) fn document(piece: &Piece) -> Result<Cow<'_, [u8]>, WriteCause> {
    if let Some(unpacked) = &piece.unpacked {
        return Ok(Cow::Borrowed(unpacked));
    }
    let stretches: Vec<&[u8]> = piece.places.iter().map(|place| &piece.content[place.start..place.end]).collect();
    if stretches.is_empty() { Err(WriteCause::Packed) } else { Ok(Cow::Owned(stretches.concat())) }
}

/// The record with `new` as its document, and what makes the old one of it.
///
/// # Errors
/// Where it says what it is in a way that is not written here.
pub(super) fn rewritten(shape: Shape, piece: &Piece, new: &[u8]) -> Result<(Vec<u8>, Holding), WriteCause> {
    let written = match (piece.packing, &piece.unpacked) {
        (Compression::None, _) | (_, None) => Cow::Borrowed(new),
        (packing, Some(_)) => Cow::Owned(packing.packed(new)?),
    };
    let new = written.as_ref();
    let changes = if shape == Shape::Tar { tar::changes(piece, new)? } else { warc::changes(piece, new)? };
    let mut stretches: Vec<(Span, Option<&[u8]>)> = changes.iter().map(|(span, with)| (*span, Some(with.as_slice()))).collect();
    stretches.extend(piece.places.iter().map(|&place| (place, None)));
    stretches.sort_by_key(|(span, _)| (span.start, span.end));
    let old = &piece.content;
    let (mut record, mut holding) = (Vec::with_capacity(old.len() + new.len()), None);
    // `length`: of the record with its changes, and the old document still in it.
    let (mut splices, mut at, mut length) = (Vec::new(), 0, 0);
    for (span, with) in stretches {
        let kept = old.get(at..span.start).ok_or(WriteCause::Changed)?;
        record.extend_from_slice(kept);
        length += kept.len();
        if let Some(with) = with {
            splices.push(Splice::new(length, with.len(), &old[span.start..span.end]));
            record.extend_from_slice(with);
            length += with.len();
        } else {
            if holding.is_none() {
                holding = Some((record.len(), record.len() + new.len()));
                record.extend_from_slice(new);
            }
            if let Some(unpacked) = &piece.unpacked {
                // Whoever packs it again does not come to the same bytes.
                splices.push(Splice::new(length, unpacked.len(), &old[span.start..span.end]));
                length += unpacked.len();
            } else {
                length += span.len();
            }
        }
        at = span.end;
    }
    record.extend_from_slice(&old[at..]);
    let (start, end) = holding.ok_or(WriteCause::Packed)?;
    Ok((record, Holding { start, end, splices }))
}

/// The stretch of the record with the changes that lie in it.
pub(super) fn changed<'c>(record: &[u8], stretch: Span, changes: impl Iterator<Item = &'c Change>) -> Vec<u8> {
    let (mut new, mut at) = (Vec::new(), stretch.start);
    for (span, with) in changes {
        new.extend_from_slice(&record[at..span.start]);
        new.extend_from_slice(with);
        at = span.end;
    }
    new.extend_from_slice(&record[at..stretch.end]);
    new
}
