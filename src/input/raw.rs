//! One document that is still to be read, decoded and split: work for any thread.

use super::error::{Cause, InputError};
use super::kind::Compression;
use super::walk::Source;
use super::{BUFFER, Fields, Options, Shared, encoding, html, jsonl, markdown, walk};
use crate::document::{Document, Format, Meta, Origin};
use encoding_rs::Encoding;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::Arc;

/// All that `reader` delivers, as long as it is within the limit; `expected` is about how much that is, in bytes.
pub(super) fn whole(reader: impl Read, expected: usize, limit: usize) -> Result<Vec<u8>, Cause> {
    let mut bytes = Vec::with_capacity(expected.min(limit) + 1);
    reader.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > limit { Err(Cause::TooLarge { what: "document", limit }) } else { Ok(bytes) }
}

/// One document, not yet read or decoded.
pub struct Raw {
    pub origin: Origin,
    pub(super) body: Body,
    pub(super) shared: Arc<Shared>,
}

pub(super) enum Body {
    File { source: Source, compression: Compression, format: Format },
    Content(Content),
    Json { json: Vec<u8>, fields: Arc<Fields> },
}

/// A document's bytes, and what is known of them from what they were packed in.
#[derive(Default)]
pub(super) struct Content {
    pub bytes: Vec<u8>,
    pub format: Format,
    pub declared: Option<&'static Encoding>,
    pub meta: Meta,
    /// It was met in a folder or an archive, and not named: that it is no text is no error.
    pub met: bool,
}

impl Raw {
    /// Bytes held in memory for it: nothing for a file that is still to be read.
    pub fn held(&self) -> usize {
        match &self.body {
            Body::File { .. } => 0,
            Body::Content(content) => content.bytes.len(),
            Body::Json { json, .. } => json.len(),
        }
    }

    /// Bytes that are to be read for it; 0 where that is not known before, of what is compressed.
    pub fn expected(&self) -> usize {
        match &self.body {
            Body::File { source, compression: Compression::None, .. } => {
                source.path.metadata().ok().and_then(|file| usize::try_from(file.len()).ok()).unwrap_or(0)
            }
            Body::File { .. } | Body::Content(_) | Body::Json { .. } => self.held(),
        }
    }

    /// The whole record as JSON, where it is one.
    pub fn json(&self) -> Option<&[u8]> {
        match &self.body {
            Body::Json { json, .. } => Some(json),
            Body::File { .. } | Body::Content(_) => None,
        }
    }

    /// Reads, decodes and splits it. `None`: a file met in a folder that turned out not to be text, which is counted.
    pub fn into_document(self) -> Result<Option<Document>, InputError> {
        Ok(self.decode()?.map(Decoded::into_document))
    }

    /// The text alone, not yet split into blocks and words; of a file with markup what a reader sees.
    pub fn into_text(self) -> Result<Option<Arc<str>>, InputError> {
        Ok(self.decode()?.map(|decoded| match decoded.format {
            Format::Text => decoded.text,
            Format::Markdown | Format::Html => decoded.into_document().text,
        }))
    }

    fn decode(self) -> Result<Option<Decoded>, InputError> {
        let Self { origin, body, shared } = self;
        match body {
            Body::Json { json, fields } => jsonl::text(origin, &json, &fields).map(Some),
            Body::Content(content) => known(origin, content, &shared.tally),
            Body::File { source, compression, format } => {
                let read = read_file(&source.path, compression, &shared.options);
                let read = read.map_err(|cause| InputError::new(&origin.path, None, cause));
                read.and_then(|bytes| known(origin, Content { bytes, format, met: !source.named, ..Content::default() }, &shared.tally))
            }
        }
    }
}

/// A document in UTF-8, not yet split into blocks and words.
pub(super) struct Decoded {
    pub origin: Origin,
    pub format: Format,
    pub text: Arc<str>,
    pub meta: Meta,
}

impl Decoded {
    pub fn into_document(self) -> Document {
        let mut document = parse(self.origin, self.format, self.text);
        // What the record says of its article counts for more than what the article's page says of itself.
        document.meta = self.meta.or(document.meta);
        document
    }
}

pub(super) fn read_file(path: &Path, compression: Compression, options: &Options) -> Result<Vec<u8>, Cause> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    options.meter.add(length);
    let (size, limit) = (usize::try_from(length).unwrap_or(usize::MAX), options.max_document_bytes);
    match compression {
        Compression::None if size > limit => Err(Cause::TooLarge { what: "document", limit }),
        Compression::None => whole(file, size, limit),
        _ => whole(compression.reader(BufReader::with_capacity(BUFFER, file))?, size, limit),
    }
}

/// The document in these bytes; `None` where they were met and are no text, which is counted.
pub(super) fn known(origin: Origin, content: Content, tally: &walk::Tally) -> Result<Option<Decoded>, InputError> {
    let met = content.met;
    match decoded(origin, content) {
        Err(InputError { cause: Cause::Binary(_), .. }) if met => {
            walk::count(&tally.binary);
            Ok(None)
        }
        outcome => outcome.map(Some),
    }
}

pub(super) fn decoded(mut origin: Origin, content: Content) -> Result<Decoded, InputError> {
    let Content { bytes, format, declared, meta, met: _ } = content;
    let by_page = || if format == Format::Html { html::declared_encoding(&bytes) } else { None };
    let declared = declared.or_else(by_page);
    let line = origin.record.as_ref().map(|record| record.line);
    let decoded = encoding::decode(bytes, declared).map_err(|cause| InputError::new(&origin.path, line, cause))?;
    origin.encoding = decoded.encoding;
    origin.damaged = decoded.damaged;
    Ok(Decoded { origin, format, text: decoded.text.into(), meta })
}

/// A text that is already in memory: what an editor holds, or what a fix made.
pub fn parse(origin: Origin, format: Format, text: impl Into<Arc<str>>) -> Document {
    let source: Arc<str> = text.into();
    let marked = source.strip_prefix('\u{feff}').unwrap_or(&source);
    let mut visible = match format {
        Format::Text => return Document::new(origin, source),
        Format::Markdown => markdown::read(marked),
        Format::Html => html::read(marked),
    };
    visible.map.shift(source.len() - marked.len());
    Document::with_source(origin, format, source, visible)
}
