//! JSONL: one JSON object a line, read line by line; only the fields that are needed are kept.

use super::error::{Cause, InputError};
use super::raw::{Body, Decoded, Raw};
use super::{Fields, RawStream, Shared};
use crate::document::{Meta, Origin, Record};
use crate::text::Span;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead};
use std::sync::Arc;

/// Reads the lines of a JSONL file; blank ones are passed over.
pub(super) fn stream(path: String, reader: impl BufRead + Send + 'static, shared: Arc<Shared>) -> RawStream {
    let fields = shared.fields_for(&path);
    let mut lines = Lines { reader, line: 0, limit: shared.options.max_document_bytes, ended: false };
    Box::new(std::iter::from_fn(move || {
        let found = lines.next_line()?;
        let line = lines.line;
        Some(match found {
            Ok(json) => Ok(Raw {
                origin: Origin {
                    path: path.clone(),
                    record: Some(Record { line, id: None, field: fields.text.clone() }),
                    ..Origin::default()
                },
                body: Body::Json { json, fields: Arc::clone(&fields) },
                shared: Arc::clone(&shared),
            }),
            Err(cause) => Err(InputError::new(&path, Some(line.max(1)), cause)),
        })
    }))
}

/// Lines of bounded length.
struct Lines<R> {
    reader: R,
    /// The line last read, counted from 1.
    line: usize,
    /// In bytes.
    limit: usize,
    ended: bool,
}

impl<R: BufRead> Lines<R> {
    /// The next line that is not blank; a line over the limit is passed over and is an error.
    fn next_line(&mut self) -> Option<Result<Vec<u8>, Cause>> {
        while !self.ended {
            let mut bytes = Vec::new();
            let fits = match self.read(&mut bytes) {
                Ok(fits) => fits,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error.into()));
                }
            };
            if self.line == 1 {
                if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
                    self.ended = true;
                    return Some(Err(Cause::WideRecords));
                }
                if bytes.starts_with(&[0xEF, 0xBB, 0xBF]) {
                    bytes.drain(..3);
                }
            }
            if !fits {
                return Some(Err(Cause::TooLarge { what: "line", limit: self.limit }));
            }
            if !bytes.trim_ascii().is_empty() {
                return Some(Ok(bytes));
            }
        }
        None
    }

    /// Appends the rest of the line without its line break; false where it is longer than the limit.
    fn read(&mut self, line: &mut Vec<u8>) -> io::Result<bool> {
        let mut fits = true;
        let mut started = false;
        loop {
            let buffer = match self.reader.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.line += 1;
                    return Err(error);
                }
            };
            if buffer.is_empty() {
                self.ended = true;
                self.line += usize::from(started);
                return Ok(fits);
            }
            started = true;
            let end = memchr::memchr(b'\n', buffer);
            let part = &buffer[..end.unwrap_or(buffer.len())];
            fits = fits && line.len() + part.len() <= self.limit;
            if fits {
                line.extend_from_slice(part);
            } else {
                *line = Vec::new();
            }
            let used = part.len() + usize::from(end.is_some());
            self.reader.consume(used);
            if end.is_some() {
                self.line += 1;
                return Ok(fits);
            }
        }
    }
}

/// Parses one line into the text of its document and what else the record says of it.
pub(super) fn text(mut origin: Origin, json: &[u8], fields: &Fields) -> Result<Decoded, InputError> {
    let json = lossy(json);
    origin.damaged = matches!(json, Cow::Owned(_));
    let line = origin.record.as_ref().map(|record| record.line);
    let fail = |cause| InputError::new(&origin.path, line, cause);
    let found = Found::parse(&json, fields).map_err(|error| fail(Cause::NotJson(json_error(&error))))?;
    let raw = found.text.ok_or_else(|| fail(Cause::NoText { field: fields.text.clone(), fields: keys(&json) }))?;
    let kind = kind(raw);
    if kind != "text" {
        return Err(fail(Cause::NotText { field: fields.text.clone(), found: kind }));
    }
    let (text, damaged) = string(raw).map_err(|error| fail(Cause::NotJson(json_error(&error))))?;
    origin.damaged |= damaged;
    if let Some(record) = &mut origin.record {
        record.id = label(found.id);
    }
    origin.url = label(found.url);
    let meta = Meta { title: label(found.title), date: label(found.date), author: label(found.author) };
    Ok(Decoded { origin, format: fields.format, text, meta })
}

/// The fields of a record that are read, each still as JSON; everything else is passed over.
#[derive(Default)]
struct Found<'j> {
    text: Option<&'j RawValue>,
    id: Option<&'j RawValue>,
    url: Option<&'j RawValue>,
    title: Option<&'j RawValue>,
    date: Option<&'j RawValue>,
    author: Option<&'j RawValue>,
}

impl<'j> Found<'j> {
    fn parse(json: &'j str, fields: &Fields) -> serde_json::Result<Self> {
        let mut found = Self::default();
        each_field(json, |key, value| {
            // One field may serve two ends (`url` as the id).
            for (name, slot) in [
                (&fields.text, &mut found.text),
                (&fields.id, &mut found.id),
                (&fields.url, &mut found.url),
                (&fields.title, &mut found.title),
                (&fields.date, &mut found.date),
                (&fields.author, &mut found.author),
            ] {
                if *name == key {
                    *slot = Some(value);
                }
            }
        })?;
        Ok(found)
    }
}

/// Where in the record `json` the value of a field stands, as it is written; of two with one name, the one that counts.
pub fn field_span(json: &str, field: &str) -> Option<Span> {
    let mut found = None;
    each_field(json, |key, value| {
        if key == field {
            let start = value.get().as_ptr().addr() - json.as_ptr().addr();
            found = Some(Span::new(start, start + value.get().len()));
        }
    })
    .ok()?;
    found
}

/// The names of the fields that the record does have.
fn keys(json: &str) -> Vec<String> {
    let mut keys = Vec::new();
    // What is no JSON object has been reported as such.
    let _ = each_field(json, |key, _| keys.push(key.to_string()));
    keys
}

/// Visits the fields of a JSON object, which must be all there is.
fn each_field<'j>(json: &'j str, visit: impl FnMut(&str, &'j RawValue)) -> serde_json::Result<()> {
    struct Each<F>(F);

    impl<'j, F: FnMut(&str, &'j RawValue)> Visitor<'j> for Each<F> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("a JSON object")
        }

        fn visit_map<A: MapAccess<'j>>(mut self, mut map: A) -> Result<(), A::Error> {
            while let Some(Key(key)) = map.next_key()? {
                self.0(&key, map.next_value()?);
            }
            Ok(())
        }
    }

    let mut parser = serde_json::Deserializer::from_str(json);
    parser.deserialize_map(Each(visit))?;
    parser.end()
}

/// A key, borrowed where it has no escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Key<'j>(#[serde(borrow)] Cow<'j, str>);

/// The string that a JSON value is, and whether a part of it was no text: a lone surrogate (`\ud800`) becomes U+FFFD, and the
/// record is not lost.
fn string(value: &RawValue) -> serde_json::Result<(Arc<str>, bool)> {
    struct Text;

    impl Visitor<'_> for Text {
        type Value = (Arc<str>, bool);

        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
            let text = lossy(bytes);
            Ok((Arc::from(&*text), matches!(text, Cow::Owned(_))))
        }
    }

    // As bytes, serde_json hands a string over without minding its surrogates.
    serde_json::Deserializer::from_str(value.get()).deserialize_bytes(Text)
}

/// Bytes as text, what is no UTF-8 as U+FFFD. To check all at once is many times faster than to look for the faults.
fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// What an id, address or date says, where it says anything.
fn label(value: Option<&RawValue>) -> Option<String> {
    let value = value?;
    match kind(value) {
        "text" => string(value).ok().map(|(text, _)| text.to_string()),
        "a number" => Some(value.get().to_string()),
        _ => None,
    }
}

fn kind(value: &RawValue) -> &'static str {
    match value.get().as_bytes().first() {
        Some(b'"') => "text",
        Some(b'[') => "a list",
        Some(b'{') => "an object",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        _ => "a number",
    }
}

/// `expected value at line 1 column 3` without the line, which is the record's.
fn json_error(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rsplit_once(" at line ") {
        Some((what, _)) => format!("{what} at byte {}", error.column()),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::input::Options;
    use proptest::prelude::*;

    fn read(json: &[u8]) -> Result<Document, InputError> {
        let origin =
            Origin { path: "night.jsonl".into(), record: Some(Record { line: 3, id: None, field: "text".into() }), ..Origin::default() };
        text(origin, json, &Fields::default()).map(Decoded::into_document)
    }

    fn error(json: &str) -> String {
        read(json.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn only_the_named_fields_are_read() {
        let json = r#"{"id":17,"x":{"text":"no"},"text":"A\n\u201cb\u201d","url":"https://ex\u0061mple.org","title":"T","author":null,"date":["?"]}"#;
        let document = read(json.as_bytes()).unwrap();
        assert_eq!(&*document.text, "A\n“b”");
        assert_eq!(document.origin.record.unwrap().id.as_deref(), Some("17"));
        assert_eq!(document.origin.url.as_deref(), Some("https://example.org"));
        assert_eq!(document.meta, Meta { title: Some("T".into()), date: None, author: None });
    }

    #[test]
    fn a_field_is_found_where_it_stands() {
        let json = r#" {"x":{"text":1}, "t\u0065xt" : "a" ,"text":"b"} "#;
        assert_eq!(field_span(json, "text").unwrap().of(json), "\"b\"");
        assert_eq!(field_span(json, "id"), None);
        assert_eq!(field_span("[1]", "id"), None);
    }

    #[test]
    fn what_is_wrong_with_a_record_is_said() {
        assert_eq!(error("not json"), "night.jsonl:3: the record is not JSON: expected ident at byte 2");
        assert_eq!(error(r#"["a"]"#), "night.jsonl:3: the record is not JSON: invalid type: sequence, expected a JSON object at byte 0");
        assert_eq!(error(r#"{"text":"a"} {}"#), "night.jsonl:3: the record is not JSON: trailing characters at byte 14");
        assert_eq!(error(r#"{"text":"a"#), "night.jsonl:3: the record is not JSON: EOF while parsing a string at byte 10");
        assert_eq!(error(r#"{"body":"a"}"#), "night.jsonl:3: the record has no field `text`");
        assert_eq!(error(r#"{"text":null}"#), "night.jsonl:3: the field `text` is not text but null");
        assert_eq!(error(r#"{"text":["a"]}"#), "night.jsonl:3: the field `text` is not text but a list");
    }

    #[test]
    fn deep_json_beside_the_text_does_no_harm() {
        let deep = format!(r#"{{"x":{}{},"text":"a"}}"#, "[".repeat(200_000), "]".repeat(200_000));
        assert_eq!(&*read(deep.as_bytes()).unwrap().text, "a");
        let unclosed = format!(r#"{{"text":"a","x":{}"#, r#"{"y":"#.repeat(200_000));
        assert!(read(unclosed.as_bytes()).is_err());
    }

    #[test]
    fn broken_text_is_kept_and_marked() {
        for json in [&br#"{"text":"a\ud800b"}"#[..], b"{\"text\":\"a\xffb\"}"] {
            let document = read(json).unwrap();
            assert!(document.origin.damaged);
            assert!(document.text.starts_with("a\u{fffd}") && document.text.ends_with("\u{fffd}b"));
        }
        assert!(!read(br#"{"text":"\ud83d\ude00"}"#).unwrap().origin.damaged);
    }

    fn lines(bytes: &[u8], limit: usize) -> Vec<String> {
        let options = Options { max_document_bytes: limit, ..Options::default() };
        let shared = Arc::new(Shared::new(options).unwrap());
        // A small buffer, so that lines span several.
        let reader = std::io::BufReader::with_capacity(4, std::io::Cursor::new(bytes.to_vec()));
        stream("a.jsonl".into(), reader, shared)
            .map(|raw| match raw {
                Ok(Raw { origin, body: Body::Json { json, .. }, .. }) => {
                    format!("{} {}", origin.record.unwrap().line, String::from_utf8(json).unwrap())
                }
                Ok(_) => "?".into(),
                Err(error) => error.to_string(),
            })
            .collect()
    }

    #[test]
    fn lines_are_counted_and_blank_ones_passed_over() {
        assert_eq!(lines(b"\xef\xbb\xbf{1}\r\n\n  \n{22222222}\n{3}", 100), ["1 {1}\r", "4 {22222222}", "5 {3}"]);
        assert_eq!(lines(b"", 100), [""; 0]);
    }

    #[test]
    fn a_line_over_the_limit_is_passed_over() {
        assert_eq!(lines(b"{1}\n{23456789}\n{3}\n", 8), ["1 {1}", "a.jsonl:2: the line is larger than 1 MB", "3 {3}"]);
    }

    #[test]
    fn wide_records_are_refused_at_once() {
        assert_eq!(lines(b"\xff\xfe{\0}\0\n\0", 100), ["a.jsonl:1: is in UTF-16, which records cannot be read from"]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_record_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
        }

        #[test]
        fn any_text_comes_back(text in "\\PC{0,60}", id in any::<u64>()) {
            let json = serde_json::json!({"id": id, "text": text}).to_string();
            let document = read(json.as_bytes()).unwrap();
            prop_assert_eq!(&**document.source(), text);
        }
    }
}
