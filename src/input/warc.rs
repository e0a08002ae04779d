//! WARC and WET files: the web archive's records of pages (`response`, `resource`) and of their text (`conversion`).
//!
//! After ISO 28500. Compressed files have one gzip member for each record, which the reader below does not see.

use super::archive::{Failure, Holds, Next, Opened, Records, Start};
use super::error::{Cause, InputError};
use super::http::{Header, Places, content, format, response};
use super::kind::Compression;
use super::raw::{self, Body, Content, Raw};
use super::{RawStream, Shared};
use crate::document::{Origin, Record};
use crate::text::Span;
use std::io::{self, BufRead, Read};
use std::sync::Arc;

/// Longest header of a record or of a response in it, in bytes.
const LONGEST_HEADER: usize = 256 << 10;

/// Reads the records of a file in order.
pub(super) fn stream(path: String, reader: Box<dyn BufRead + Send>, shared: Arc<Shared>) -> RawStream {
    let mut pages = Pages::new(path, reader, &shared);
    let mut ended = false;
    Box::new(std::iter::from_fn(move || {
        while !ended {
            match pages.page() {
                Ok(Some((origin, content))) => return Some(Ok(Raw { origin, body: Body::Content(content), shared: Arc::clone(&shared) })),
                Ok(None) => ended = true,
                Err(Fault::Record(cause)) => return Some(Err(InputError::new(&pages.path, Some(pages.number), cause))),
                Err(Fault::File(error)) => {
                    ended = true;
                    return Some(Err(InputError::new(&pages.path, Some(pages.number.max(1)), error)));
                }
            }
        }
        None
    }))
}

/// The records of a file, of which some hold a page or its text.
pub(super) struct Pages {
    path: String,
    reader: Box<dyn BufRead + Send>,
    /// The header last read, with the blank lines before it.
    head: Vec<u8>,
    /// Of the record last read, counted from 1.
    number: usize,
    /// Largest document, in bytes.
    limit: usize,
}

/// A record whose header has been read.
struct Heading {
    /// Bytes of its block.
    length: u64,
    page: Option<(Origin, Holder)>,
}

/// What a page stands in.
enum Holder {
    /// A response of HTTP.
    Response,
    /// Nothing; its media type.
    Block(String),
}

enum Fault {
    /// The next record can be read.
    Record(Cause),
    File(io::Error),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

impl Pages {
    pub fn new(path: String, reader: Box<dyn BufRead + Send>, shared: &Shared) -> Self {
        Self { path, reader, head: Vec::new(), number: 0, limit: shared.options.max_document_bytes }
    }

    /// The next record that is a page; `None` at the end.
    fn page(&mut self) -> Result<Option<(Origin, Content)>, Fault> {
        while let Some(Heading { length, page }) = self.heading()? {
            let fits = self.fits(length);
            let mut bytes = Vec::new();
            let mut block = (&mut self.reader).take(length);
            if page.is_some() && fits {
                block.read_to_end(&mut bytes)?;
            }
            io::copy(&mut block, &mut io::sink())?;
            if block.limit() > 0 {
                return Err(Fault::File(io::ErrorKind::UnexpectedEof.into()));
            }
            let Some((origin, holder)) = page else { continue };
            if !fits {
                return Err(Fault::Record(Cause::TooLarge { what: "document", limit: self.limit }));
            }
            if let Some((content, _)) = holder.open(&bytes, self.limit).map_err(Fault::Record)? {
                return Ok(Some((origin, content)));
            }
        }
        Ok(None)
    }

    const fn fits(&self, length: u64) -> bool {
        // An HTTP header comes on top of the document.
        length <= (self.limit + LONGEST_HEADER) as u64
    }

    /// Reads the next record's header; `None` at the end.
    fn heading(&mut self) -> io::Result<Option<Heading>> {
        let Some(header) = self.header()? else { return Ok(None) };
        self.number += 1;
        let length = header.get("content-length").and_then(|length| length.parse::<u64>().ok());
        let length = length.ok_or_else(|| invalid("a record does not say how long it is"))?;
        let kind = header.get("warc-type").unwrap_or_default().to_ascii_lowercase();
        let media_type = header.get("content-type").unwrap_or_default();
        let holder = match kind.as_str() {
            "response" if media_type.starts_with("application/http") => Some(Holder::Response),
            "resource" | "conversion" if format(media_type).is_some() => Some(Holder::Block(media_type.to_string())),
            _ => None,
        };
        let text = |name: &str| header.get(name).map(|value| value.trim_matches(['<', '>']).to_string());
        let record = Record { line: self.number, id: text("warc-record-id"), field: "body".into() };
        let origin = Origin { path: self.path.clone(), record: Some(record), url: text("warc-target-uri"), ..Origin::default() };
        Ok(Some(Heading { length, page: holder.map(|holder| (origin, holder)) }))
    }

    /// The lines of the next record's header.
    fn header(&mut self) -> io::Result<Option<Header>> {
        self.head.clear();
        // Where it starts, behind the line breaks that end the record before.
        let mut first = 0;
        loop {
            let start = self.head.len();
            let left = LONGEST_HEADER.saturating_sub(start - first) as u64;
            (&mut self.reader).take(left).read_until(b'\n', &mut self.head)?;
            let line = &self.head[start..];
            if line.is_empty() && start == first && first <= LONGEST_HEADER {
                return Ok(None);
            }
            let blank = line.trim_ascii().is_empty();
            if !line.ends_with(b"\n") || first > LONGEST_HEADER {
                return Err(invalid("it is not a WARC file, or is broken here"));
            }
            if blank && start == first {
                first = self.head.len();
            } else if blank {
                return Ok(Some(Header::parse(&self.head[first..])));
            } else if start == first && !line.starts_with(b"WARC/") {
                return Err(invalid("it is not a WARC file, or is broken here"));
            }
        }
    }
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

impl Records for Pages {
    fn next(&mut self) -> Result<Next, Failure> {
        let heading = self.heading();
        let head = std::mem::take(&mut self.head);
        let Heading { length, page } = match heading {
            Ok(Some(heading)) => heading,
            Ok(None) => return Ok(Next::End(head)),
            Err(error) => return Err(Failure { bytes: head, error }),
        };
        let limit = self.limit;
        let holds = match page {
            None => Holds::Other,
            Some(_) if !self.fits(length) => {
                let cause = Cause::TooLarge { what: "document", limit };
                Holds::Unreadable(InputError::new(&self.path, Some(self.number), cause))
            }
            Some((origin, holder)) => Holds::Document(Box::new(move |block, _| {
                let line = origin.record.as_ref().map(|record| record.line);
                let opened = holder.open(block, limit).map_err(|cause| InputError::new(&origin.path, line, cause))?;
                let Some((content, Places { stretches, packed })) = opened else { return Ok(None) };
                let unpacked = packed.then(|| content.bytes.clone());
                Ok(Some(Opened { document: raw::decoded(origin, content)?, places: stretches, unpacked, packing: Compression::None }))
            })),
        };
        Ok(Next::Record(Start { head, length, padding: 0, holds }))
    }

    fn reader(&mut self) -> &mut dyn Read {
        &mut self.reader
    }

    /// Two line breaks, as far as they are there.
    fn close(&mut self) -> io::Result<Vec<u8>> {
        let mut end = Vec::new();
        while end.len() < 4 {
            match self.reader.fill_buf()? {
                [byte @ (b'\r' | b'\n'), ..] => end.push(*byte),
                _ => break,
            }
            self.reader.consume(1);
        }
        Ok(end)
    }

    fn number(&self) -> usize {
        self.number
    }
}

impl Holder {
    /// The page in a block, and where in it it stands. `None` where there is no page, or none that was found.
    fn open(&self, block: &[u8], limit: usize) -> Result<Option<(Content, Places)>, Cause> {
        match self {
            Self::Response => response(block, limit),
            Self::Block(media_type) => {
                let places = Places { stretches: vec![Span::new(0, block.len())], packed: false };
                Ok(content(media_type, block.to_vec()).map(|content| (content, places)))
            }
        }
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
            let _ = read(&[record("response", "application/http", block.as_bytes()), bytes].concat());
        }
    }
}
