//! CSV and TSV: one document a row, in the column that is called like the text field.

use super::error::{Cause, InputError};
use super::raw::{Body, Content, Raw};
use super::{Fields, RawStream, Shared, one};
use crate::document::{Meta, Origin, Record};
use csv::{ByteRecord, ReaderBuilder};
use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Reads the rows of a table whose first line names its columns.
pub(super) fn stream(path: String, mut reader: Box<dyn BufRead + Send>, delimiter: Option<u8>, shared: Arc<Shared>) -> RawStream {
    let fail = |cause: Cause| one(Err(InputError::new(&path, Some(1), cause)));
    let delimiter = match reader.fill_buf() {
        Ok(head) if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) => return fail(Cause::WideRecords),
        Ok(head) => delimiter.unwrap_or_else(|| likely_delimiter(head)),
        Err(error) => return fail(error.into()),
    };
    let limit = shared.options.max_document_bytes;
    let budget = Arc::new(AtomicUsize::new(limit));
    let mut rows = ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(Budgeted { reader, left: Arc::clone(&budget) });
    let fields = shared.fields_for(&path);
    let columns = match rows.byte_headers() {
        Ok(names) => Columns::find(names, &fields),
        Err(error) => return fail(row_error(error, limit)),
    };
    let columns = match columns {
        Ok(columns) => columns,
        Err(names) => return fail(Cause::NoText { field: fields.text.clone(), fields: names }),
    };
    // After `\r\n`, the reader counts the line when it reads on: a row's line would be that of the row before.
    let behind = usize::from(rows.position().line() == 1);
    let mut ended = false;
    Box::new(std::iter::from_fn(move || {
        if ended {
            return None;
        }
        budget.store(limit, Ordering::Relaxed);
        let mut row = ByteRecord::new();
        let read = rows.read_byte_record(&mut row);
        let line = row.position().map_or_else(|| rows.position().line(), csv::Position::line) as usize + behind;
        match read {
            Ok(false) => None,
            Ok(true) => Some(columns.raw(&row, &path, line, &fields, &shared)),
            Err(error) => {
                // Where a quote was never closed nobody can say where the next row starts.
                ended = true;
                Some(Err(InputError::new(&path, Some(line), row_error(error, limit))))
            }
        }
    }))
}

/// Where in a row the fields stand.
pub(super) struct Columns {
    pub text: usize,
    id: Option<usize>,
    url: Option<usize>,
    title: Option<usize>,
    date: Option<usize>,
    author: Option<usize>,
}

impl Columns {
    /// Err: the names that there are, if none of them is the text's.
    pub fn find(names: &ByteRecord, fields: &Fields) -> Result<Self, Vec<String>> {
        let names: Vec<String> =
            names.iter().map(|name| String::from_utf8_lossy(name).trim_start_matches('\u{feff}').trim().to_string()).collect();
        let at = |field: &str| names.iter().position(|name| name == field);
        match at(&fields.text) {
            None => Err(names),
            Some(text) => Ok(Self {
                text,
                id: at(&fields.id),
                url: at(&fields.url),
                title: at(&fields.title),
                date: at(&fields.date),
                author: at(&fields.author),
            }),
        }
    }

    pub fn raw(&self, row: &ByteRecord, path: &str, line: usize, fields: &Fields, shared: &Arc<Shared>) -> Result<Raw, InputError> {
        let Some(text) = row.get(self.text) else {
            let cause = Cause::ShortRow { columns: row.len(), field: fields.text.clone() };
            return Err(InputError::new(path, Some(line), cause));
        };
        let label = |column: Option<usize>| {
            let value = String::from_utf8_lossy(row.get(column?)?).trim().to_string();
            Some(value).filter(|value| !value.is_empty())
        };
        let record = Record { line, id: label(self.id), field: fields.text.clone() };
        let meta = Meta { title: label(self.title), date: label(self.date), author: label(self.author) };
        Ok(Raw {
            origin: Origin { path: path.to_string(), record: Some(record), url: label(self.url), ..Origin::default() },
            body: Body::Content(Content { bytes: text.to_vec(), format: fields.format, meta, ..Content::default() }),
            shared: Arc::clone(shared),
        })
    }
}

/// The one of `,`, `;`, tab and `|` that the first line has most of.
pub(super) fn likely_delimiter(head: &[u8]) -> u8 {
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: u8| memchr::memchr_iter(delimiter, line).count();
    [b'\t', b'|', b';', b','].into_iter().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b',')
}

/// Ends where one row takes more than its budget: a quote that is never closed would hold the rest of the file in memory.
pub(super) struct Budgeted {
    pub reader: Box<dyn BufRead + Send>,
    pub left: Arc<AtomicUsize>,
}

impl Read for Budgeted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(io::Error::from(io::ErrorKind::QuotaExceeded));
        }
        let read = self.reader.read(buffer)?;
        self.left.store(left.saturating_sub(read), Ordering::Relaxed);
        Ok(read)
    }
}

pub(super) fn row_error(error: csv::Error, limit: usize) -> Cause {
    match error.into_kind() {
        csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::QuotaExceeded => Cause::TooLarge { what: "row", limit },
        csv::ErrorKind::Io(error) => error.into(),
        other => Cause::Broken(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Options;
    use proptest::prelude::*;

    fn read(bytes: &[u8], limit: usize) -> Vec<String> {
        let shared = Arc::new(Shared::new(Options { max_document_bytes: limit, ..Options::default() }).unwrap());
        let reader = Box::new(io::BufReader::with_capacity(64, io::Cursor::new(bytes.to_vec())));
        stream("a.csv".into(), reader, None, shared)
            .map(|raw| match raw.and_then(Raw::into_document) {
                Ok(document) => {
                    let document = document.unwrap();
                    let record = document.origin.record.unwrap();
                    format!("{} {:?} {:?} {}", record.line, record.id, document.meta.title, document.text)
                }
                Err(error) => error.to_string(),
            })
            .collect()
    }

    #[test]
    fn rows_are_documents_at_their_line() {
        assert_eq!(
            read(b"\xef\xbb\xbfid,title,text\r\n7,T,\"One, \"\"two\"\"\nthree\"\r\n8,,Four\r\n9\r\n", 1 << 20),
            [
                "2 Some(\"7\") Some(\"T\") One, \"two\"\nthree",
                "4 Some(\"8\") None Four",
                "a.csv:5: the row has 1 column, too few for `text`",
            ]
        );
    }

    #[test]
    fn the_first_line_tells_the_delimiter() {
        assert_eq!(read(b"id;text\n1;a, b\n", 1 << 20), ["2 Some(\"1\") None a, b"]);
        assert_eq!(read(b"text\na\n", 1 << 20), ["2 None None a"]);
    }

    #[test]
    fn a_table_without_the_column_is_one_error() {
        assert_eq!(read(b"id,body\n1,a\n2,b\n", 1 << 20), ["a.csv:1: the record has no field `text`"]);
        assert_eq!(read(b"", 1 << 20), ["a.csv:1: the record has no field `text`"]);
    }

    #[test]
    fn an_open_quote_does_not_hold_the_file_in_memory() {
        let mut table = b"text\nfine\n\"open\n".to_vec();
        table.extend("row\n".repeat(100_000).bytes());
        let seen = read(&table, 20_000);
        assert_eq!(seen, ["2 None None fine", "a.csv:3: the row is larger than 1 MB"]);
    }

    #[test]
    fn rows_in_older_encodings_are_decoded() {
        assert_eq!(read(b"text\nDie Br\xfccke wird gesperrt\n", 1 << 20), ["2 None None Die Brücke wird gesperrt"]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_rows_or_errors(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let table = [b"text,id\n", bytes.as_slice()].concat();
            let _ = read(&table, 1 << 20);
        }
    }
}
