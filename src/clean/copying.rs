//! Columns of Parquet files copied from several files to several, and the texts changed on the way. What is copied is what the format
//! itself keeps, so that every other value stays as it was, whatever it means.

use crate::input::{self, Cause};
use parquet::basic::{Encoding, Type};
use parquet::column::reader::{ColumnReader, get_typed_column_reader};
use parquet::data_type::{
    AsBytes, BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArrayType, FloatType, Int32Type, Int64Type, Int96Type,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{ColumnDescriptor, ColumnPath};
use std::fs::File;
use std::io;
use std::iter::Peekable;
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;

/// Rows held at a time, of one column.
const BATCH: usize = 64;

pub(super) type Reader = SerializedFileReader<File>;
type Writer = SerializedFileWriter<File>;

/// Why a file could not be copied.
#[derive(Debug, thiserror::Error)]
pub(super) enum CopyError {
    #[error(transparent)]
    Read(#[from] Cause),
    #[error("cannot be written: {0}")]
    Write(io::Error),
}

/// The file is not the one that the segments tell of.
pub(super) const CHANGED: CopyError = CopyError::Read(Cause::Changed);

impl CopyError {
    fn in_column(self, name: &ColumnPath) -> Self {
        match self {
            Self::Read(Cause::Broken(reason)) => Self::Read(Cause::Broken(format!("column `{}`: {reason}", name.string()))),
            other => other,
        }
    }
}

/// What fails on the side of the reader; for that of the writer see [`writing`].
impl From<ParquetError> for CopyError {
    fn from(error: ParquetError) -> Self {
        Self::Read(error.into())
    }
}

fn writing(error: ParquetError) -> CopyError {
    match error {
        ParquetError::External(inner) => CopyError::Write(inner.downcast().map_or_else(io::Error::other, |error| *error)),
        error => error.into(),
    }
}

/// Adds a text to the hash of its segment.
pub(super) fn add_text(hash: &mut Xxh3, text: &[u8]) {
    hash.update(&(text.len() as u64).to_le_bytes());
    hash.update(text);
}

/// The row groups with a row in them, and how many those are. The others are not written again.
pub(super) fn filled(reader: &Reader) -> impl Iterator<Item = (usize, usize)> {
    let rows = reader.metadata().row_groups().iter().map(|group| usize::try_from(group.num_rows()).unwrap_or(0));
    rows.enumerate().filter(|&(_, rows)| rows > 0)
}

/// A new file like the one that is read.
pub(super) fn writer(like: &Reader, target: File) -> Result<Writer, CopyError> {
    let schema = like.metadata().file_metadata().schema_descr().root_schema_ptr();
    SerializedFileWriter::new(target, schema, Arc::new(properties(like.metadata()))).map_err(writing)
}

/// Packed as the first row group is: the level of a compression is not told, and is the usual one.
fn properties(like: &ParquetMetaData) -> WriterProperties {
    let mut properties = WriterProperties::builder().set_key_value_metadata(like.file_metadata().key_value_metadata().cloned());
    let Some(group) = like.row_groups().first() else { return properties.build() };
    properties = properties.set_sorting_columns(group.sorting_columns().cloned());
    for column in group.columns() {
        let path = column.column_path().clone();
        let statistics = match (column.statistics(), column.column_index_offset()) {
            (None, _) => EnabledStatistics::None,
            (_, None) => EnabledStatistics::Chunk,
            _ => EnabledStatistics::Page,
        };
        properties = properties
            .set_column_compression(path.clone(), column.compression())
            .set_column_dictionary_enabled(path.clone(), column.dictionary_page_offset().is_some())
            .set_column_statistics_enabled(path.clone(), statistics)
            .set_column_bloom_filter_enabled(path.clone(), column.bloom_filter_offset().is_some());
        let special =
            [Encoding::DELTA_BINARY_PACKED, Encoding::DELTA_LENGTH_BYTE_ARRAY, Encoding::DELTA_BYTE_ARRAY, Encoding::BYTE_STREAM_SPLIT];
        if let Some(encoding) = column.encodings().find(|encoding| special.contains(encoding)) {
            properties = properties.set_column_encoding(path, encoding);
        }
    }
    properties.build()
}

pub(super) fn close(writer: Writer) -> Result<(), CopyError> {
    writer.into_inner().map_err(writing)?.sync_data().map_err(CopyError::Write)
}

/// Rows one after the other on their way from one of the files that are read to one of those that are written.
#[derive(Clone, Copy)]
pub(super) struct Route {
    from: usize,
    to: usize,
    rows: usize,
}

impl Route {
    pub const fn new(from: usize, to: usize, rows: u64) -> Self {
        Self { from, to, rows: rows as usize }
    }
}

/// The routes of the next `rows` rows, taken off those that are left.
fn cut(left: &mut Peekable<impl Iterator<Item = Route>>, mut rows: usize) -> Result<Vec<Route>, CopyError> {
    let mut cut: Vec<Route> = Vec::new();
    while rows > 0 {
        let route = left.peek_mut().ok_or(CHANGED)?;
        let taken = Route { rows: route.rows.min(rows), ..*route };
        match cut.last_mut() {
            Some(last) if (last.from, last.to) == (taken.from, taken.to) => last.rows += taken.rows,
            _ => cut.push(taken),
        }
        rows -= taken.rows;
        route.rows -= taken.rows;
        if route.rows == 0 {
            left.next();
        }
    }
    Ok(cut)
}

/// What is to be in the place of a text.
pub(super) type Change<'c> = &'c mut dyn FnMut(&[u8]) -> Result<Option<Vec<u8>>, CopyError>;

/// Copies all rows, group by group: `groups` says how many there are in each. The `text`-th column goes through `change`, a text that
/// is null as an empty one. The hash is that of all other values, in the order of the groups, and of what is null in them.
pub(super) fn copy(
    from: &[Option<Reader>],
    to: &mut [Option<Writer>],
    groups: &[usize],
    routes: impl Iterator<Item = Route>,
    text: usize,
    change: Change<'_>,
) -> Result<String, CopyError> {
    let Some(schema) = from.iter().flatten().map(|reader| reader.metadata().file_metadata().schema_descr()).next() else {
        return Err(CHANGED);
    };
    let mut routes = routes.peekable();
    let mut sources: Vec<_> = from.iter().map(|reader| reader.as_ref().map(filled)).collect();
    let mut hash = Xxh3::new();
    for &rows in groups {
        let routes = cut(&mut routes, rows)?;
        let mut readers = Vec::new();
        for (at, reader) in from.iter().enumerate() {
            let rows: usize = routes.iter().filter(|route| route.from == at).map(|route| route.rows).sum();
            readers.push(match (reader, &mut sources[at]) {
                (Some(reader), Some(groups)) if rows > 0 => {
                    let (group, _) = groups.next().filter(|group| group.1 == rows).ok_or(CHANGED)?;
                    Some(reader.get_row_group(group)?)
                }
                _ => None,
            });
        }
        let mut writers: Vec<Option<SerializedRowGroupWriter<'_, File>>> = Vec::new();
        for (at, writer) in to.iter_mut().enumerate() {
            let writer = writer.as_mut().filter(|_| routes.iter().any(|route| route.to == at));
            writers.push(writer.map(|writer| writer.next_row_group().map_err(writing)).transpose()?);
        }
        for (number, column) in schema.columns().iter().enumerate() {
            let readers = readers.iter().map(|group| group.as_ref().map(|group| group.get_column_reader(number)).transpose());
            let writers = writers.iter_mut().map(|group| match group {
                Some(group) => group.next_column().map_err(writing),
                None => Ok(None),
            });
            let name = column.path();
            let column = Column {
                column,
                routes: &routes,
                readers: readers.collect::<Result<_, _>>()?,
                writers: writers.collect::<Result<_, _>>()?,
                hashes: [Xxh3::new(), Xxh3::new(), Xxh3::new()],
            };
            let hashes = if number == text { column.copy_texts(change) } else { column.copy_any() };
            let hashes = hashes.map_err(|error| error.in_column(name))?;
            hashes.iter().for_each(|part| hash.update(&part.digest128().to_le_bytes()));
        }
        writers.into_iter().flatten().try_for_each(|group| group.close().map(drop).map_err(writing))?;
    }
    Ok(format!("{:032x}", hash.digest128()))
}

/// One column of a row group, on its way.
struct Column<'c> {
    column: &'c ColumnDescriptor,
    routes: &'c [Route],
    readers: Vec<Option<ColumnReader>>,
    writers: Vec<Option<SerializedColumnWriter<'c>>>,
    /// Of the values and the two kinds of levels, as bytes: what is read at a time does not matter to them.
    hashes: [Xxh3; 3],
}

impl Column<'_> {
    fn copy_texts(mut self, change: Change<'_>) -> Result<[Xxh3; 3], CopyError> {
        let top = self.column.max_def_level();
        self.copy::<ByteArrayType>(|rows, levels, values, _| {
            let mut values = values.iter_mut();
            for row in 0..rows {
                let value: Option<&mut ByteArray> = if levels.get(row).is_none_or(|&level| level == top) { values.next() } else { None };
                let changed = change(value.as_ref().map_or(&[], |value| value.data()))?;
                match (value, changed) {
                    (Some(value), Some(new)) => *value = new.into(),
                    (Some(value), None) => *value = of_its_own(value),
                    (None, None) => {}
                    (None, Some(_)) => return Err(CHANGED),
                }
            }
            Ok(())
        })?;
        Ok(self.hashes)
    }

    fn copy_any(mut self) -> Result<[Xxh3; 3], CopyError> {
        match self.column.physical_type() {
            Type::BOOLEAN => self.copy::<BoolType>(hashed::<BoolType>),
            Type::INT32 => self.copy::<Int32Type>(hashed::<Int32Type>),
            Type::INT64 => self.copy::<Int64Type>(hashed::<Int64Type>),
            Type::INT96 => self.copy::<Int96Type>(hashed::<Int96Type>),
            Type::FLOAT => self.copy::<FloatType>(hashed::<FloatType>),
            Type::DOUBLE => self.copy::<DoubleType>(hashed::<DoubleType>),
            Type::BYTE_ARRAY => self.copy::<ByteArrayType>(|rows, levels, values, hash| {
                values.iter_mut().for_each(|value| *value = of_its_own(value));
                hashed::<ByteArrayType>(rows, levels, values, hash)
            }),
            Type::FIXED_LEN_BYTE_ARRAY => self.copy::<FixedLenByteArrayType>(|rows, levels, values, hash| {
                values.iter_mut().for_each(|value| *value = of_its_own(value).into());
                hashed::<FixedLenByteArrayType>(rows, levels, values, hash)
            }),
        }?;
        Ok(self.hashes)
    }

    /// `each` is shown what is read: the rows, their definition levels (none where no value can be null) and the values.
    fn copy<T: DataType>(
        &mut self,
        mut each: impl FnMut(usize, &[i16], &mut [T::T], &mut Xxh3) -> Result<(), CopyError>,
    ) -> Result<(), CopyError> {
        let Self { column, routes, readers, writers, hashes } = self;
        let mut readers: Vec<_> = readers.drain(..).map(|reader| reader.map(get_typed_column_reader::<T>)).collect();
        let mut batches: Vec<Batch<T>> = writers.iter().map(|_| Batch::default()).collect();
        for route in *routes {
            let (Some(reader), Some(writer)) = (&mut readers[route.from], &mut writers[route.to]) else { return Err(CHANGED) };
            let batch = &mut batches[route.to];
            let mut left = route.rows;
            while left > 0 {
                let wanted = left.min(BATCH - batch.rows);
                let (values, definitions, repetitions) = (batch.values.len(), batch.definitions.len(), batch.repetitions.len());
                let rows = input::read_rows(reader, wanted, &mut batch.definitions, &mut batch.repetitions, &mut batch.values)?;
                if rows != wanted {
                    return Err(Cause::Broken("it ends before its row group".into()).into());
                }
                each(rows, &batch.definitions[definitions..], &mut batch.values[values..], &mut hashes[0])?;
                batch.definitions[definitions..].iter().for_each(|level| hashes[1].update(&level.to_le_bytes()));
                batch.repetitions[repetitions..].iter().for_each(|level| hashes[2].update(&level.to_le_bytes()));
                batch.rows += rows;
                left -= rows;
                if batch.rows == BATCH {
                    batch.write(column, writer)?;
                }
            }
        }
        for (writer, mut batch) in writers.drain(..).zip(batches) {
            if let Some(mut writer) = writer {
                batch.write(column, &mut writer)?;
                writer.close().map_err(writing)?;
            }
        }
        Ok(())
    }
}

/// The value without the page that it was read from: a writer may hold values for long (in its dictionary), and would hold their pages.
fn of_its_own(value: &ByteArray) -> ByteArray {
    value.data().to_vec().into()
}

fn hashed<T: DataType>(_: usize, _: &[i16], values: &mut [T::T], hash: &mut Xxh3) -> Result<(), CopyError> {
    values.iter().for_each(|value| add_text(hash, value.as_bytes()));
    Ok(())
}

/// Rows that wait to be written.
struct Batch<T: DataType> {
    rows: usize,
    values: Vec<T::T>,
    definitions: Vec<i16>,
    repetitions: Vec<i16>,
}

impl<T: DataType> Default for Batch<T> {
    fn default() -> Self {
        Self { rows: 0, values: Vec::new(), definitions: Vec::new(), repetitions: Vec::new() }
    }
}

impl<T: DataType> Batch<T> {
    fn write(&mut self, column: &ColumnDescriptor, writer: &mut SerializedColumnWriter<'_>) -> Result<(), CopyError> {
        let definitions = (column.max_def_level() > 0).then_some(self.definitions.as_slice());
        let repetitions = (column.max_rep_level() > 0).then_some(self.repetitions.as_slice());
        writer.typed::<T>().write_batch(&self.values, definitions, repetitions).map_err(writing)?;
        self.rows = 0;
        self.values.clear();
        self.definitions.clear();
        self.repetitions.clear();
        Ok(())
    }
}
