//! WARC and WET files: the web archive's records of pages (`response`, `resource`) and of their text (`conversion`).
//!
//! After ISO 28500. Compressed files have one gzip member for each record, which the reader below does not see.

use super::error::{Cause, InputError};
use super::raw::{Body, Content, Raw};
use super::{RawStream, Shared};
use crate::document::{Format, Origin, Record};
use encoding_rs::Encoding;
use std::io::{self, BufRead, Read};
use std::sync::Arc;

/// Longest header of a record or of a response in it, in bytes.
const LONGEST_HEADER: usize = 256 << 10;

/// Reads the records of a file in order.
pub(super) fn stream(path: String, reader: Box<dyn BufRead + Send>, shared: Arc<Shared>) -> RawStream {
    let mut archive = Archive { reader, number: 0, limit: shared.options.max_document_bytes };
    let mut ended = false;
    Box::new(std::iter::from_fn(move || {
        while !ended {
            match archive.record() {
                Ok(Some(Page { url, id, content })) => {
                    let record = Record { line: archive.number, id, field: "body".into() };
                    return Some(Ok(Raw {
                        origin: Origin { path: path.clone(), record: Some(record), url, ..Origin::default() },
                        body: Body::Content(content),
                        shared: Arc::clone(&shared),
                    }));
                }
                Ok(None) => ended = true,
                Err(Failure::Record(cause)) => return Some(Err(InputError::new(&path, Some(archive.number), cause))),
                Err(Failure::File(error)) => {
                    ended = true;
                    return Some(Err(InputError::new(&path, Some(archive.number.max(1)), error)));
                }
            }
        }
        None
    }))
}

/// A record that holds a page or its text.
struct Page {
    url: Option<String>,
    id: Option<String>,
    content: Content,
}

enum Failure {
    /// The next record can be read.
    Record(Cause),
    File(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

struct Archive {
    reader: Box<dyn BufRead + Send>,
    /// Of the record last read, counted from 1.
    number: usize,
    /// Largest document, in bytes.
    limit: usize,
}

impl Archive {
    /// The next record that is a page; `None` at the end.
    fn record(&mut self) -> Result<Option<Page>, Failure> {
        loop {
            let Some(header) = self.header()? else { return Ok(None) };
            self.number += 1;
            let invalid = |what: &str| Failure::File(io::Error::new(io::ErrorKind::InvalidData, what));
            let length = header.get("content-length").and_then(|length| length.parse::<u64>().ok());
            let length = length.ok_or_else(|| invalid("a record does not say how long it is"))?;
            let kind = header.get("warc-type").unwrap_or_default().to_ascii_lowercase();
            let media_type = header.get("content-type").unwrap_or_default();
            let wanted = match kind.as_str() {
                "response" => media_type.starts_with("application/http"),
                "resource" | "conversion" => format(media_type).is_some(),
                _ => false,
            };
            // An HTTP header comes on top of the document.
            let fits = length <= (self.limit + LONGEST_HEADER) as u64;
            let mut bytes = Vec::new();
            let mut block = (&mut self.reader).take(length);
            if wanted && fits {
                block.read_to_end(&mut bytes)?;
            }
            io::copy(&mut block, &mut io::sink())?;
            if block.limit() > 0 {
                return Err(Failure::File(io::ErrorKind::UnexpectedEof.into()));
            }
            if !wanted {
                continue;
            }
            if !fits {
                return Err(Failure::Record(Cause::TooLarge { what: "document", limit: self.limit }));
            }
            let content =
                if kind == "response" { response(bytes, self.limit).map_err(Failure::Record)? } else { content(media_type, bytes) };
            if let Some(content) = content {
                let text = |name: &str| header.get(name).map(|value| value.trim_matches(['<', '>']).to_string());
                return Ok(Some(Page { url: text("warc-target-uri"), id: text("warc-record-id"), content }));
            }
        }
    }

    /// The lines of the next record's header.
    fn header(&mut self) -> io::Result<Option<Header>> {
        let invalid = || io::Error::new(io::ErrorKind::InvalidData, "it is not a WARC file, or is broken here");
        let mut bytes = Vec::new();
        loop {
            let start = bytes.len();
            let left = (LONGEST_HEADER - start) as u64;
            (&mut self.reader).take(left).read_until(b'\n', &mut bytes)?;
            let line = &bytes[start..];
            if line.is_empty() {
                return if start == 0 { Ok(None) } else { Err(invalid()) };
            }
            if !line.ends_with(b"\n") {
                return Err(invalid());
            }
            let blank = line.trim_ascii().is_empty();
            if blank && start == 0 {
                // Two line breaks end the record before.
                bytes.clear();
            } else if blank {
                return Ok(Some(Header::parse(&bytes)));
            } else if start == 0 && !line.starts_with(b"WARC/") {
                return Err(invalid());
            }
        }
    }
}

/// Names and values, as mail, HTTP and WARC write them.
struct Header(Vec<(String, String)>);

impl Header {
    fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let fields = text.lines().filter_map(|line| line.split_once(':'));
        Self(fields.map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_string())).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What a media type is read as, if it is text.
fn format(media_type: &str) -> Option<Format> {
    match media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "text/html" | "application/xhtml+xml" => Some(Format::Html),
        "text/markdown" => Some(Format::Markdown),
        "text/plain" => Some(Format::Text),
        _ => None,
    }
}

fn content(media_type: &str, bytes: Vec<u8>) -> Option<Content> {
    let charset = media_type.to_ascii_lowercase();
    let charset =
        charset.split_once("charset=").map(|(_, label)| label.split(';').next().unwrap_or_default().trim().trim_matches('"').to_string());
    let declared = charset.and_then(|label| Encoding::for_label(label.as_bytes()));
    format(media_type).map(|format| Content { bytes, format, declared, ..Content::default() })
}

/// The page in an HTTP response; `None` where it is no page, or none that was found.
fn response(bytes: Vec<u8>, limit: usize) -> Result<Option<Content>, Cause> {
    let end = |separator: &[u8]| memchr::memmem::find(&bytes, separator).map(|at| (at, at + separator.len()));
    let Some((head, body)) = end(b"\r\n\r\n").or_else(|| end(b"\n\n")) else { return Ok(None) };
    // `HTTP/1.1 200 OK`
    let status = bytes[..head].split(|&byte| byte == b' ').nth(1).unwrap_or_default();
    let header = Header::parse(&bytes[..head]);
    let media_type = header.get("content-type").unwrap_or("text/html");
    if !status.starts_with(b"2") || format(media_type).is_none() {
        return Ok(None);
    }
    let is = |name: &str, value: &str| header.get(name).is_some_and(|found| found.eq_ignore_ascii_case(value));
    let mut body = bytes[body..].to_vec();
    if is("transfer-encoding", "chunked") {
        // Archives that keep the header have often taken the chunks apart already.
        body = unchunk(&body).unwrap_or(body);
    }
    if body.starts_with(&[0x1F, 0x8B]) && (is("content-encoding", "gzip") || is("content-encoding", "x-gzip")) {
        body = super::raw::whole(flate2::read::MultiGzDecoder::new(body.as_slice()), body.len() * 4, limit)?;
    }
    if body.len() > limit {
        return Err(Cause::TooLarge { what: "document", limit });
    }
    Ok(content(media_type, body))
}

/// A body that was sent in chunks, put together; `None` where it is not in chunks.
fn unchunk(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::with_capacity(body.len());
    loop {
        let end = memchr::memchr(b'\n', body)?;
        let size = std::str::from_utf8(&body[..end]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        let rest = &body[end + 1..];
        if size == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(rest.get(..size)?);
        body = rest[size..].trim_ascii_start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Options;
    use proptest::prelude::*;
    use std::io::Write;

    fn record(kind: &str, media_type: &str, block: &[u8]) -> Vec<u8> {
        let mut bytes = format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://example.org/{kind}\r\nWARC-Record-ID: <urn:uuid:1>\r\n\
             Content-Type: {media_type}\r\nContent-Length: {}\r\n\r\n",
            block.len()
        )
        .into_bytes();
        bytes.extend_from_slice(block);
        bytes.extend_from_slice(b"\r\n\r\n");
        bytes
    }

    fn read(bytes: &[u8]) -> Vec<String> {
        let shared = Arc::new(Shared::new(Options { max_document_bytes: 1000, ..Options::default() }).unwrap());
        stream("a.warc".into(), Box::new(io::Cursor::new(bytes.to_vec())), shared)
            .map(|raw| match raw.and_then(Raw::into_document) {
                Ok(document) => {
                    let document = document.unwrap();
                    format!("{} {} {}", document.origin.record.unwrap().line, document.origin.url.unwrap(), document.text)
                }
                Err(error) => error.to_string(),
            })
            .collect()
    }

    #[test]
    fn pages_and_their_text_are_documents() {
        let mut gzipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzipped.write_all(b"<p>packed").unwrap();
        let gzipped =
            [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/html\r\n\r\n", gzipped.finish().unwrap().as_slice()]
                .concat();
        let bytes = [
            record("warcinfo", "application/warc-fields", b"software: x\r\n"),
            record("request", "application/http; msgtype=request", b"GET / HTTP/1.1\r\n\r\n"),
            record(
                "response",
                "application/http; msgtype=response",
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n<p>Br\xfccke",
            ),
            record("response", "application/http", b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>no"),
            record("response", "application/http", b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nno"),
            record(
                "response",
                "application/http",
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<p>A\r\n1;x\r\nB\r\n0\r\n\r\n",
            ),
            record("response", "application/http", &gzipped),
            record("conversion", "text/plain", "Text é".as_bytes()),
            record("conversion", "text/plain", "word ".repeat(60_000).as_bytes()),
            record("resource", "text/html", b"<p>Z"),
        ]
        .concat();
        assert_eq!(
            read(&bytes),
            [
                "3 https://example.org/response Brücke",
                "6 https://example.org/response AB",
                "7 https://example.org/response packed",
                "8 https://example.org/conversion Text é",
                "a.warc:9: the document is larger than 1 MB",
                "10 https://example.org/resource Z",
            ]
        );
    }

    #[test]
    fn a_broken_file_is_an_error_after_what_came_before() {
        let mut bytes = record("conversion", "text/plain", b"A");
        let whole = bytes.len();
        assert_eq!(read(b"hello\r\n")[0], "a.warc:1: cannot be read: it is not a WARC file, or is broken here");
        bytes.extend(record("conversion", "text/plain", b"BBBB"));
        for cut in whole + 1..bytes.len() - 4 {
            assert_eq!(read(&bytes[..cut]).len(), 2, "{cut}");
        }
        assert!(read(b"").is_empty());
    }

    proptest! {
        #[test]
        fn any_bytes_are_records_or_errors(bytes in prop::collection::vec(any::<u8>(), 0..100), block in "[0-9a-f;\r\n ]{0,40}") {
            let _ = unchunk(block.as_bytes());
            let _ = response(bytes.clone(), 50);
            let _ = read(&[record("response", "application/http", block.as_bytes()), bytes].concat());
        }
    }
}
