//! A response of HTTP as web archives keep it: a header, and a body that may have been sent in chunks and packed.

use super::BUFFER;
use super::error::Cause;
use super::raw::{self, Content};
use crate::document::Format;
use crate::text::Span;
use encoding_rs::Encoding;
use std::io::Read;

/// Names and values, as mail, HTTP and WARC write them.
pub(super) struct Header(Vec<(String, String)>);

impl Header {
    pub fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let fields = text.lines().filter_map(|line| line.split_once(':'));
        Self(fields.map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_string())).collect())
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What a media type is read as, if it is text.
pub(super) fn format(media_type: &str) -> Option<Format> {
    match media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "text/html" | "application/xhtml+xml" => Some(Format::Html),
        "text/markdown" => Some(Format::Markdown),
        "text/plain" => Some(Format::Text),
        _ => None,
    }
}

pub(super) fn content(media_type: &str, bytes: Vec<u8>) -> Option<Content> {
    let charset = media_type.to_ascii_lowercase();
    let charset =
        charset.split_once("charset=").map(|(_, label)| label.split(';').next().unwrap_or_default().trim().trim_matches('"').to_string());
    let declared = charset.and_then(|label| Encoding::for_label(label.as_bytes()));
    format(media_type).map(|format| Content { bytes, format, declared, ..Content::default() })
}

/// Where in a block a page stands, stretch by stretch.
pub(super) struct Places {
    pub stretches: Vec<Span>,
    pub packed: bool,
}

/// Where the header of a response ends, and where its body begins.
pub fn response_parts(block: &[u8]) -> Option<(usize, usize)> {
    let end = |separator: &[u8]| memchr::memmem::find(block, separator).map(|at| (at, at + separator.len()));
    end(b"\r\n\r\n").or_else(|| end(b"\n\n"))
}

/// The page in a response, and where in it it stands. `None` where there is no page, or none that was found.
pub(super) fn response(block: &[u8], limit: usize) -> Result<Option<(Content, Places)>, Cause> {
    let Some((head, start)) = response_parts(block) else { return Ok(None) };
    // `HTTP/1.1 200 OK`
    let status = block[..head].split(|&byte| byte == b' ').nth(1).unwrap_or_default();
    let header = Header::parse(&block[..head]);
    let media_type = header.get("content-type").unwrap_or("text/html");
    if !status.starts_with(b"2") || format(media_type).is_none() {
        return Ok(None);
    }
    let is = |name: &str, value: &str| header.get(name).is_some_and(|found| found.eq_ignore_ascii_case(value));
    // Archives that keep the header have often taken the chunks apart already.
    let chunks = if is("transfer-encoding", "chunked") { chunks(block, start) } else { None };
    let mut stretches = chunks.unwrap_or_else(|| vec![Span::new(start, block.len())]);
    let mut body = Vec::new();
    stretches.iter().for_each(|place| body.extend_from_slice(&block[place.start..place.end]));
    let unpacked = unpacked(&body, header.get("content-encoding").unwrap_or_default(), limit)?;
    let packed = unpacked.is_some();
    if let Some(unpacked) = unpacked {
        body = unpacked;
        stretches = vec![stretches[0].join(stretches[stretches.len() - 1])];
    }
    if body.len() > limit {
        return Err(Cause::TooLarge { what: "document", limit });
    }
    Ok(content(media_type, body).map(|content| (content, Places { stretches, packed })))
}

/// A body that was sent packed; `None` where it is not packed: archives that keep the header have often unpacked the body already.
fn unpacked(body: &[u8], coding: &str, limit: usize) -> Result<Option<Vec<u8>>, Cause> {
    // What nothing marks is at least no text.
    let is_text = || std::str::from_utf8(body).is_ok();
    let reader: Box<dyn Read + '_> = match coding.to_ascii_lowercase().as_str() {
        "gzip" | "x-gzip" if body.starts_with(&[0x1F, 0x8B]) => Box::new(flate2::read::MultiGzDecoder::new(body)),
        "zstd" if body.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) => Box::new(zstd::Decoder::with_buffer(body)?),
        // A header of zlib should stand before it, and does not always.
        "deflate" if body.first().is_some_and(|byte| byte & 0x0F == 8) && !is_text() => Box::new(flate2::read::ZlibDecoder::new(body)),
        "deflate" if !is_text() => Box::new(flate2::read::DeflateDecoder::new(body)),
        "br" if !is_text() => Box::new(brotli_decompressor::Decompressor::new(body, BUFFER)),
        _ => return Ok(None),
    };
    raw::whole(reader, body.len() * 4, limit).map(Some).map_err(|cause| match cause {
        Cause::Io(_) => Cause::Broken(format!("it was sent in `{coding}`, and cannot be unpacked")),
        other => other,
    })
}

/// The chunks that a body from `at` on was sent in; `None` where it is not in chunks.
fn chunks(block: &[u8], mut at: usize) -> Option<Vec<Span>> {
    let mut chunks = Vec::new();
    loop {
        let line = &block[at..at + memchr::memchr(b'\n', &block[at..])?];
        let size = std::str::from_utf8(line).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(chunks);
        }
        let start = at + line.len() + 1;
        let end = start.checked_add(size).filter(|&end| end <= block.len())?;
        chunks.push(Span::new(start, end));
        at = block.len() - block[end..].trim_ascii_start().len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PAGE: &str = "<p>The council met on Monday, and the council voted.</p>";

    #[test]
    fn bodies_are_unpacked_as_they_were_packed_and_left_where_they_are_not() {
        let zstd = zstd::encode_all(PAGE.as_bytes(), 3).unwrap();
        let gzip = crate::input::Compression::Gzip.packed(PAGE.as_bytes()).unwrap();
        let raw =
            b"\xb3)\xb0\x0b\xc9HUH\xce/\xcdK\xce\xccQ\xc8M-Q\xc8\xcfS\xf0\xcd\xcfKI\xac\xd4QH\xccKQ(A\x92.\xcb/IM\xd1\xb3\xd1/\xb0\x03\x00";
        let zlib = [b"x\x9c", raw.as_slice(), b".+\x13z"].concat();
        let brotli = [b"\x8b\x1b\x80", PAGE.as_bytes(), b"\x03"].concat();
        for (coding, body) in [("gzip", &gzip[..]), ("zstd", &zstd), ("deflate", raw), ("deflate", &zlib), ("BR", &brotli)] {
            assert_eq!(unpacked(body, coding, 1_000).unwrap().as_deref(), Some(PAGE.as_bytes()), "{coding}");
            assert!(unpacked(PAGE.as_bytes(), coding, 1_000).unwrap().is_none());
        }
        assert!(matches!(unpacked(&gzip, "x-gzip", 9), Err(Cause::TooLarge { .. })));
        assert!(unpacked(b"Br\xfccke", "br", 1_000).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_page_or_none_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..100), block in "[0-9a-f;\r\n ]{0,40}") {
            let _ = chunks(block.as_bytes(), 0);
            let _ = response(&bytes, 50);
            for coding in ["gzip", "zstd", "deflate", "br"] {
                let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n");
                let _ = response(&[head.as_bytes(), &bytes].concat(), 50);
            }
        }
    }
}
