//! Parquet: one document a row, read a few rows at a time; of the columns, only those that are needed.

use super::error::{Cause, InputError, hushed};
use super::raw::{Body, Content, Raw};
use super::{Fields, RawStream, Shared, one};
use crate::document::{Meta, Origin, Record};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{FileReader, SerializedFileReader};
use std::collections::VecDeque;
use std::fs::File;
use std::sync::Arc;

/// How many rows are held at a time.
const BATCH: usize = 16;

/// Reads the rows of a file in order. The format needs a file: what is where stands at its end.
pub(super) fn stream(path: String, file: File, shared: Arc<Shared>) -> RawStream {
    match rows(&path, file, shared) {
        Ok(rows) => Box::new(rows.map(|row| row.and_then(|row| row.raw))),
        Err(cause) => one(Err(InputError::new(&path, None, cause))),
    }
}

/// The same with the texts as the file keeps them.
pub(super) fn rows(path: &str, file: File, shared: Arc<Shared>) -> std::result::Result<Rows, Cause> {
    let fields = shared.fields_for(path);
    let reader = open_parquet(file)?;
    let columns = Columns::find(&reader, &fields)?;
    let path = path.to_string();
    Ok(Rows { path, reader, columns, fields, group: 0, open: None, row: 0, ready: VecDeque::new(), ended: false, shared })
}

/// Opens a Parquet file.
///
/// # Errors
/// Where it is none, or its footer is broken.
pub fn open_parquet(file: File) -> std::result::Result<SerializedFileReader<File>, Cause> {
    let reader = sound(|| SerializedFileReader::new(file).map_err(Cause::from))?;
    if is_sound(&reader) { Ok(reader) } else { Err(Cause::Broken("its footer names places that cannot be".into())) }
}

/// Whether the places that the footer names can be: the library takes that for granted.
fn is_sound(reader: &SerializedFileReader<File>) -> bool {
    reader.metadata().row_groups().iter().all(|group| {
        group.num_rows() >= 0
            && group.columns().iter().all(|column| {
                let start = column.dictionary_page_offset().unwrap_or(0).min(column.data_page_offset());
                start >= 0 && column.compressed_size() >= 0 && column.num_values() >= 0
            })
    })
}

/// Calls into the library, which may panic over a broken file: that is the file's fault, and ends nothing but the file.
///
/// # Errors
/// Where the call fails or panics.
pub fn sound<T, E: From<Cause>>(call: impl FnOnce() -> std::result::Result<T, E>) -> std::result::Result<T, E> {
    hushed(call, || Cause::Broken("the library for Parquet failed over it".into()).into())
}

impl From<ParquetError> for Cause {
    fn from(error: ParquetError) -> Self {
        match error {
            ParquetError::NYI(reason) => Self::NotRead(reason),
            error => Self::Broken(error.to_string()),
        }
    }
}

/// Which leaf columns hold the fields: `text`, or `page.text` inside a group.
struct Columns {
    text: usize,
    id: Option<usize>,
    url: Option<usize>,
    title: Option<usize>,
    date: Option<usize>,
    author: Option<usize>,
}

impl Columns {
    fn find(reader: &SerializedFileReader<File>, fields: &Fields) -> std::result::Result<Self, Cause> {
        let schema = reader.metadata().file_metadata().schema_descr();
        let at = |field: &str| schema.columns().iter().position(|column| column.path().string() == field && column.max_rep_level() == 0);
        let Some(text) = at(&fields.text) else {
            let names = schema.columns().iter().map(|column| column.path().string()).collect();
            return Err(Cause::NoText { field: fields.text.clone(), fields: names });
        };
        if schema.column(text).physical_type() != parquet::basic::Type::BYTE_ARRAY {
            return Err(Cause::NotText { field: fields.text.clone(), found: "a number" });
        }
        Ok(Self {
            text,
            id: at(&fields.id),
            url: at(&fields.url),
            title: at(&fields.title),
            date: at(&fields.date),
            author: at(&fields.author),
        })
    }
}

/// A row of the table.
pub(super) struct Row {
    /// As the file keeps it; empty where it is null.
    pub text: ByteArray,
    /// Err: there is no document in it, and the row after it can be read.
    pub raw: std::result::Result<Raw, InputError>,
}

/// Err: no more rows can be read.
pub(super) struct Rows {
    path: String,
    reader: SerializedFileReader<File>,
    columns: Columns,
    fields: Arc<Fields>,
    /// The row group to open next.
    group: usize,
    open: Option<Group>,
    /// Rows read so far.
    row: usize,
    ready: VecDeque<Row>,
    ended: bool,
    shared: Arc<Shared>,
}

/// The columns of an open row group.
struct Group {
    left: usize,
    text: Column,
    id: Column,
    url: Column,
    title: Column,
    date: Column,
    author: Column,
}

/// One column of a row group, and the level at which its values are defined.
enum Column {
    Bytes(Box<ColumnReaderImpl<ByteArrayType>>, i16),
    Long(Box<ColumnReaderImpl<Int64Type>>, i16),
    Int(Box<ColumnReaderImpl<Int32Type>>, i16),
    Absent,
}

impl Column {
    /// The next `count` values; what is neither text nor a whole number is taken as absent.
    fn read(&mut self, count: usize) -> Result<Vec<Option<ByteArray>>> {
        match self {
            Self::Bytes(reader, level) => values(reader, *level, count, |value| value),
            Self::Long(reader, level) => values(reader, *level, count, |value| value.to_string().into_bytes().into()),
            Self::Int(reader, level) => values(reader, *level, count, |value| value.to_string().into_bytes().into()),
            Self::Absent => Ok(vec![None; count]),
        }
    }
}

fn values<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    level: i16,
    count: usize,
    show: impl Fn(T::T) -> ByteArray,
) -> Result<Vec<Option<ByteArray>>> {
    let (mut levels, mut found) = (Vec::new(), Vec::new());
    if read_rows(reader, count, &mut levels, &mut Vec::new(), &mut found)? < count {
        return Err(ParquetError::EOF("a column ends before its row group".into()));
    }
    let mut found = found.into_iter().map(show);
    Ok(if level == 0 {
        found.map(Some).collect()
    } else {
        levels.iter().map(|&at| if at == level { found.next() } else { None }).collect()
    })
}

/// Reads the next `count` rows of a column, or all that are left: how many that are.
///
/// # Errors
/// Where the column is broken.
pub fn read_rows<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    count: usize,
    definitions: &mut Vec<i16>,
    repetitions: &mut Vec<i16>,
    values: &mut Vec<T::T>,
) -> Result<usize> {
    // At a page without a value, as some writers leave at the end, the library stops. It can be asked to go on; but if nothing comes,
    // it has not counted the last row of a nested column, for it does not know that the row is over.
    const EMPTY_PAGES: usize = 16;
    let before = repetitions.len();
    let (mut rows, mut empty) = (0, 0);
    while rows < count && empty < EMPTY_PAGES {
        let (more, _, levels) = reader.read_records(count - rows, Some(definitions), Some(repetitions), values)?;
        rows += more;
        empty += usize::from(levels == 0);
    }
    let begun = repetitions[before..].iter().filter(|&&level| level == 0).count();
    Ok(rows.max(begun))
}

impl Rows {
    /// Which of the columns holds the text, groups taken apart.
    pub const fn text_column(&self) -> usize {
        self.columns.text
    }

    fn open_group(&self) -> Result<Group> {
        let group = self.reader.get_row_group(self.group)?;
        self.shared.options.meter.add(u64::try_from(group.metadata().compressed_size()).unwrap_or(0));
        let schema = self.reader.metadata().file_metadata().schema_descr();
        let column = |at: Option<usize>| -> Result<Column> {
            let Some(at) = at else { return Ok(Column::Absent) };
            let level = schema.column(at).max_def_level();
            Ok(match group.get_column_reader(at)? {
                ColumnReader::ByteArrayColumnReader(reader) => Column::Bytes(Box::new(reader), level),
                ColumnReader::Int64ColumnReader(reader) => Column::Long(Box::new(reader), level),
                ColumnReader::Int32ColumnReader(reader) => Column::Int(Box::new(reader), level),
                _ => Column::Absent,
            })
        };
        Ok(Group {
            left: usize::try_from(group.metadata().num_rows()).unwrap_or(0),
            text: column(Some(self.columns.text))?,
            id: column(self.columns.id)?,
            url: column(self.columns.url)?,
            title: column(self.columns.title)?,
            date: column(self.columns.date)?,
            author: column(self.columns.author)?,
        })
    }

    /// Reads the next rows; false at the end.
    fn fill(&mut self) -> Result<bool> {
        if self.open.as_ref().is_none_or(|group| group.left == 0) {
            if self.group >= self.reader.num_row_groups() {
                return Ok(false);
            }
            self.open = Some(self.open_group()?);
            self.group += 1;
        }
        let Some(group) = &mut self.open else { return Ok(false) };
        let count = group.left.min(BATCH);
        group.left -= count;
        let label = |value: Option<ByteArray>| value.map(|value| String::from_utf8_lossy(value.data()).into_owned());
        let texts = group.text.read(count)?;
        let others = [&mut group.id, &mut group.url, &mut group.title, &mut group.date, &mut group.author].map(|column| column.read(count));
        let [ids, urls, titles, dates, authors] = others;
        let others = ids?.into_iter().zip(urls?).zip(titles?).zip(dates?).zip(authors?);
        for (text, ((((id, url), title), date), author)) in texts.into_iter().zip(others) {
            self.row += 1;
            let limit = self.shared.options.max_document_bytes;
            let cause = match &text {
                None => Some(Cause::NotText { field: self.fields.text.clone(), found: "null" }),
                Some(text) if text.len() > limit => Some(Cause::TooLarge { what: "document", limit }),
                Some(_) => None,
            };
            let text = text.unwrap_or_else(|| Vec::new().into());
            let raw = match cause {
                None => {
                    let record = Record { line: self.row, id: label(id), field: self.fields.text.clone() };
                    let meta = Meta { title: label(title), date: label(date), author: label(author) };
                    Ok(Raw {
                        origin: Origin { path: self.path.clone(), record: Some(record), url: label(url), ..Origin::default() },
                        body: Body::Content(Content {
                            bytes: text.data().to_vec(),
                            format: self.fields.format,
                            meta,
                            ..Content::default()
                        }),
                        shared: Arc::clone(&self.shared),
                    })
                }
                Some(cause) => Err(InputError::new(&self.path, Some(self.row), cause)),
            };
            self.ready.push_back(Row { text, raw });
        }
        Ok(true)
    }
}

impl Iterator for Rows {
    type Item = std::result::Result<Row, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.ready.is_empty() && !self.ended {
            // After a panic nothing of the reader is used again.
            match sound(|| self.fill().map_err(Cause::from)) {
                Ok(more) => self.ended = !more,
                Err(cause) => {
                    self.ended = true;
                    return Some(Err(InputError::new(&self.path, Some(self.row + 1), cause)));
                }
            }
        }
        self.ready.pop_front().map(Ok)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Options;
    use parquet::basic::{Compression, ZstdLevel};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;
    use proptest::prelude::*;

    /// A file of two row groups with the texts `0` to `39`, the third of them null.
    fn table(compression: Compression) -> Vec<u8> {
        let schema = "message m { required int64 id; optional binary text (UTF8); optional group page { optional binary url (UTF8); } }";
        let schema = Arc::new(parse_message_type(schema).unwrap());
        let properties = Arc::new(WriterProperties::builder().set_compression(compression).build());
        let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
        for half in [0..20, 20..40i64] {
            let mut group = writer.next_row_group().unwrap();
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<Int64Type>().write_batch(&half.clone().collect::<Vec<_>>(), None, None).unwrap();
            column.close().unwrap();
            let texts: Vec<ByteArray> = half.clone().filter(|&id| id != 2).map(|id| id.to_string().into_bytes().into()).collect();
            let levels: Vec<i16> = half.clone().map(|id| i16::from(id != 2)).collect();
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(&texts, Some(&levels), None).unwrap();
            column.close().unwrap();
            let urls: Vec<ByteArray> = half.map(|id| format!("https://example.org/{id}").into_bytes().into()).collect();
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(&urls, Some(&[2; 20]), None).unwrap();
            column.close().unwrap();
            group.close().unwrap();
        }
        writer.into_inner().unwrap()
    }

    fn read(bytes: &[u8], text: &str) -> Vec<String> {
        let mut file = tempfile::tempfile().unwrap();
        std::io::Write::write_all(&mut file, bytes).unwrap();
        let fields = Fields { text: text.into(), url: "page.url".into(), ..Fields::default() };
        let shared = Arc::new(Shared::new(Options { fields, ..Options::default() }).unwrap());
        stream("a.parquet".into(), file, shared)
            .map(|raw| match raw.and_then(Raw::into_document) {
                Ok(document) => {
                    let document = document.unwrap();
                    let record = document.origin.record.unwrap();
                    format!(
                        "{} {} {} {}",
                        record.line,
                        record.id.unwrap_or_default(),
                        document.origin.url.unwrap_or_default(),
                        document.text
                    )
                }
                Err(error) => error.to_string(),
            })
            .collect()
    }

    #[test]
    fn rows_are_documents_in_every_packing() {
        let zstd = Compression::ZSTD(ZstdLevel::default());
        let (gzip, brotli) = (Compression::GZIP(Default::default()), Compression::BROTLI(Default::default()));
        for compression in [Compression::UNCOMPRESSED, Compression::SNAPPY, gzip, brotli, zstd, Compression::LZ4, Compression::LZ4_RAW] {
            let seen = read(&table(compression), "text");
            assert_eq!(seen.len(), 40);
            assert_eq!(seen[1], "2 1 https://example.org/1 1");
            assert_eq!(seen[2], "a.parquet:3: the field `text` is not text but null");
            assert_eq!(seen[3], "4 3 https://example.org/3 3");
            assert_eq!(seen[39], "40 39 https://example.org/39 39");
        }
    }

    #[test]
    fn a_column_in_a_packing_that_nobody_reads_says_what_to_do() {
        // As of a column in LZO, which no library writes.
        let error = InputError::new("a.parquet", None, ParquetError::NYI("The codec type LZO is not supported yet".into()));
        assert_eq!(error.to_string(), "a.parquet: cannot be read: The codec type LZO is not supported yet");
        assert!(error.advice().unwrap().contains("zstd"));
    }

    #[test]
    fn a_table_without_the_column_is_one_error() {
        let table = table(Compression::UNCOMPRESSED);
        assert_eq!(read(&table, "body"), ["a.parquet: the record has no field `body`"]);
        assert_eq!(read(&table, "id"), ["a.parquet: the field `id` is not text but a number"]);
        assert_eq!(read(&table, "page.url").len(), 40);
        assert_eq!(read(b"PAR1 no", "text").len(), 1);
    }

    proptest! {
        #[test]
        fn broken_files_are_errors(at in 0usize..2000, byte in any::<u8>(), cut in 0usize..2000) {
            let mut bytes = table(Compression::SNAPPY);
            let at = at % bytes.len();
            bytes[at] = byte;
            let _ = read(&bytes, "text");
            let _ = read(&bytes[..cut % bytes.len()], "text");
        }
    }
}
