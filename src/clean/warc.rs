//! A page of a web archive with another text: its lengths and digests are renewed, and what was sent in chunks or packed stands in one
//! piece as it is. A digest of another kind than SHA-1 is left out.

use super::archive::{Change, changed};
use crate::fix::WriteCause;
use crate::input::{self, Piece};
use crate::text::Span;
use sha1_smol::Sha1;

/// What changes beside the document.
pub(super) fn changes(piece: &Piece, new: &[u8]) -> Result<Vec<Change>, WriteCause> {
    let (record, block, places) = (&piece.content, piece.body, &piece.places);
    let header = Span::new(0, block.start);
    if fields(record, header, "warc-segment-number").next().is_some() {
        return Err(WriteCause::Encoding("one part of several".into()));
    }
    let http = if *places == [block] { Span::new(block.start, block.start) } else { response_header(record, block)? };
    let inner = response_changes(piece, http, new.len());
    let response = changed(record, http, inner.iter().filter(|(span, _)| span.end <= http.end));
    let length = (response.len() + new.len()).to_string();
    let mut changes = Vec::new();
    for (name, parts) in [("warc-block-digest", [response.as_slice(), new]), ("warc-payload-digest", [b"", new])] {
        for Field { line, value } in fields(record, header, name) {
            changes.push(match digest(&record[value.start..value.end], parts) {
                Some(digest) => (value, digest.into_bytes()),
                None => (line, Vec::new()),
            });
        }
    }
    changes.extend(fields(record, header, "content-length").map(|field| (field.value, length.clone().into_bytes())));
    changes.extend(inner);
    Ok(changes)
}

/// The header of a response, with the blank line.
fn response_header(record: &[u8], block: Span) -> Result<Span, WriteCause> {
    let (_, body) = input::response_parts(&record[block.start..block.end]).ok_or(WriteCause::Changed)?;
    Ok(Span::new(block.start, block.start + body))
}

/// What changes in a block, in the order of its bytes.
fn response_changes(piece: &Piece, http: Span, length: usize) -> Vec<Change> {
    let Piece { content: record, body: block, places, unpacked, .. } = piece;
    let mut changes: Vec<Change> =
        fields(record, http, "content-length").map(|field| (field.value, length.to_string().into_bytes())).collect();
    // What stands around the chunks that a document was sent in.
    let ends = places.iter().map(|place| place.end);
    let starts = places.iter().map(|place| place.start);
    let around = std::iter::once(http.end).chain(ends).zip(starts.chain(std::iter::once(block.end)));
    let around: Vec<Change> = around.filter(|(end, start)| end < start).map(|(end, start)| (Span::new(end, start), Vec::new())).collect();
    if !around.is_empty() {
        let is_told = !changes.is_empty();
        changes.extend(fields(record, http, "transfer-encoding").enumerate().map(|(number, field)| {
            let told = is_told || number > 0;
            (field.line, if told { Vec::new() } else { format!("Content-Length: {length}\r\n").into_bytes() })
        }));
    }
    if unpacked.is_some() {
        changes.extend(fields(record, http, "content-encoding").map(|field| (field.line, Vec::new())));
    }
    changes.sort_by_key(|change| change.0.start);
    changes.extend(around);
    changes
}

struct Field {
    /// With its line break, and the lines that go on with it.
    line: Span,
    value: Span,
}

/// The fields of that name (in small letters) in a header.
fn fields(record: &[u8], header: Span, name: &'static str) -> impl Iterator<Item = Field> {
    let mut at = header.start;
    let next = move || {
        let start = at;
        let rest = record[start..header.end].split_inclusive(|&byte| byte == b'\n');
        let mut lines = rest.enumerate().take_while(|(number, line)| *number == 0 || line.starts_with(b" ") || line.starts_with(b"\t"));
        at += lines.by_ref().map(|(_, line)| line.len()).sum::<usize>();
        (at > start).then_some(Span::new(start, at))
    };
    std::iter::from_fn(next).filter_map(move |line| {
        let bytes = &record[line.start..line.end];
        let colon = memchr::memchr(b':', bytes)?;
        let value = bytes[colon + 1..].trim_ascii_end();
        let start = line.start + colon + 1 + (value.len() - value.trim_ascii_start().len());
        let is_it = bytes[..colon].trim_ascii().eq_ignore_ascii_case(name.as_bytes());
        is_it.then(|| Field { line, value: Span::new(start, start + value.trim_ascii().len()) })
    })
}

/// The digest of the parts, spelled as the old one is; `None` where that is not SHA-1.
fn digest(old: &[u8], parts: [&[u8]; 2]) -> Option<String> {
    let (label, value) = std::str::from_utf8(old).ok()?.split_once(':')?;
    if !label.eq_ignore_ascii_case("sha1") {
        return None;
    }
    let mut sum = Sha1::new();
    parts.iter().for_each(|part| sum.update(part));
    let sum = sum.digest();
    match value.len() {
        32 => Some(format!("{label}:{}", base32(&sum.bytes()))),
        40 => Some(format!("{label}:{sum}")),
        _ => None,
    }
}

/// After RFC 4648, five bits a letter; the twenty bytes need nothing to fill them up.
fn base32(bytes: &[u8; 20]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let letters = bytes.chunks_exact(5).flat_map(|five| {
        let bits = five.iter().fold(0u64, |bits, &byte| bits << 8 | u64::from(byte));
        (0..8).rev().map(move |at| char::from(LETTERS[(bits >> (5 * at)) as usize & 31]))
    });
    letters.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_spelled_as_they_were() {
        let parts: [&[u8]; 2] = [b"a", b"bc"];
        assert_eq!(digest(b"sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", parts).unwrap(), "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5");
        assert_eq!(
            digest(b"SHA1:da39a3ee5e6b4b0d3255bfef95601890afd80709", parts).unwrap(),
            "SHA1:a9993e364706816aba3e25717850c26c9cd0d89d"
        );
        assert_eq!(digest(b"sha256:ba7816bf", parts), None);
        assert_eq!(digest(b"md5", parts), None);
    }

    #[test]
    fn fields_are_found_with_the_lines_that_go_on_with_them() {
        let header = b"WARC/1.0\r\nX: 1\r\nContent-Length :  12 \r\nY: a\r\n b: 2\r\nE:\r\n\r\n";
        let of = |name| -> Vec<_> {
            let text = |span: Span| std::str::from_utf8(&header[span.start..span.end]).unwrap();
            fields(header, Span::new(0, header.len()), name).map(|field| (text(field.line), text(field.value))).collect()
        };
        assert_eq!(of("content-length"), [("Content-Length :  12 \r\n", "12")]);
        assert_eq!(of("y"), [("Y: a\r\n b: 2\r\n", "a\r\n b: 2")]);
        assert_eq!(of("e"), [("E:\r\n", "")]);
        assert!(of("b").is_empty() && of("z").is_empty());
    }
}
