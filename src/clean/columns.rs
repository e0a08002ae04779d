//! Parquet files written again: the rows of one dealt out to a file for each verdict, and put together again.

use super::Verdict;
use super::copying::{self, CHANGED, CopyError, Reader, Route};
use super::journal::{Columns, Run, Segment};
use crate::input::{self, Cause};
use parquet::file::reader::FileReader;
use std::fs::File;
use std::io::{self, Read};
use std::iter;
use std::path::Path;
use xxhash_rust::xxh3::Xxh3;

/// Deals the rows of `source` out to a file for each verdict; the clean one is there in any case. `texts` yields those that were
/// edited, as [`added`] wrote them.
pub(super) fn split(
    source: &Path,
    text: usize,
    segments: &[Segment],
    mut texts: impl Read,
    target: impl Fn(Verdict) -> io::Result<File>,
) -> Result<Columns, CopyError> {
    let reader = input::open_parquet(File::open(source).map_err(Cause::from)?)?;
    let groups: Vec<usize> = copying::filled(&reader).map(|(_, rows)| rows).collect();
    if groups.iter().sum::<usize>() != rows(segments).count() {
        return Err(CHANGED);
    }
    let mut versions = [None, None, None];
    for verdict in Verdict::ALL {
        if verdict == Verdict::Clean || segments.iter().flat_map(|segment| &segment.runs).any(|run| run.0 == verdict) {
            versions[verdict as usize] = Some(copying::writer(&reader, target(verdict).map_err(CopyError::Write)?)?);
        }
    }
    let (mut rows, mut proof) = (rows(segments), Proof::new(segments));
    let mut change = |text: &[u8]| {
        let (segment, piece) = rows.next().ok_or(CHANGED)?;
        proof.add(segment, text)?;
        piece.map(|_| next(&mut texts).map_err(CopyError::Write)).transpose()
    };
    let routes = segments.iter().flat_map(|segment| &segment.runs).map(|&Run(verdict, rows, _)| Route::new(0, verdict as usize, rows));
    let hash =
        input::sound(|| copying::copy(&[Some(reader)], &mut versions, &groups, routes, text, &mut |text| input::aloud(|| change(text))))?;
    proof.end()?;
    versions.into_iter().flatten().try_for_each(copying::close)?;
    Ok(Columns { text, groups, hash })
}

/// Puts the versions of a file together again; `original` makes of the text of a piece what it was.
pub(super) fn merge(
    versions: [Option<File>; 3],
    columns: &Columns,
    segments: &[Segment],
    target: File,
    mut original: impl FnMut(&Segment, usize, &[u8]) -> Result<Vec<u8>, CopyError>,
) -> Result<(), CopyError> {
    let versions = versions.map(|version| version.map(input::open_parquet).transpose());
    let versions: Vec<Option<Reader>> = versions.into_iter().collect::<Result<_, Cause>>()?;
    // A version without rows does not say how its columns were packed.
    let there = || versions.iter().flatten();
    let like = there().find(|version| version.num_row_groups() > 0).or_else(|| there().next()).ok_or(CHANGED)?;
    let schema = |version: &Reader| version.metadata().file_metadata().schema().clone();
    if there().any(|version| schema(version) != schema(like)) {
        return Err(CHANGED);
    }
    let mut written = [Some(copying::writer(like, target)?)];
    let (mut rows, mut proof) = (rows(segments), Proof::new(segments));
    let mut change = |text: &[u8]| {
        let (segment, piece) = rows.next().ok_or(CHANGED)?;
        let old = piece.map(|piece| original(&segments[segment], piece, text)).transpose()?;
        proof.add(segment, old.as_deref().unwrap_or(text))?;
        Ok(old)
    };
    let routes = segments.iter().flat_map(|segment| &segment.runs).map(|&Run(verdict, rows, _)| Route::new(verdict as usize, 0, rows));
    if input::sound(|| {
        copying::copy(&versions, &mut written, &columns.groups, routes, columns.text, &mut |text| input::aloud(|| change(text)))
    })? != columns.hash
    {
        return Err(CHANGED);
    }
    proof.end()?;
    written.into_iter().flatten().try_for_each(copying::close)
}

/// A text that was edited, as [`split`] reads it.
pub(super) fn added(text: &[u8]) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes()[..], text].concat()
}

fn next(texts: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 8];
    texts.read_exact(&mut length)?;
    let mut text = Vec::new();
    texts.take(u64::from_le_bytes(length)).read_to_end(&mut text)?;
    Ok(text)
}

/// The segment of each row, and the number of its piece where that was edited.
fn rows(segments: &[Segment]) -> impl Iterator<Item = (usize, Option<usize>)> {
    let of = |&Run(_, rows, piece): &Run| iter::repeat_n(piece, rows as usize);
    segments.iter().enumerate().flat_map(move |(number, segment)| segment.runs.iter().flat_map(of).map(move |piece| (number, piece)))
}

/// Holds the texts against the hashes of their segments.
struct Proof<'s> {
    segments: &'s [Segment],
    at: usize,
    hash: Xxh3,
}

impl<'s> Proof<'s> {
    fn new(segments: &'s [Segment]) -> Self {
        Self { segments, at: 0, hash: Xxh3::new() }
    }

    fn add(&mut self, segment: usize, text: &[u8]) -> Result<(), CopyError> {
        while self.at < segment {
            self.end()?;
        }
        copying::add_text(&mut self.hash, text);
        Ok(())
    }

    /// A segment is over.
    fn end(&mut self) -> Result<(), CopyError> {
        let hash = std::mem::replace(&mut self.hash, Xxh3::new()).digest128();
        let is_proved = self.segments.get(self.at).is_none_or(|segment| segment.hash == format!("{hash:032x}"));
        self.at += 1;
        if is_proved { Ok(()) } else { Err(CHANGED) }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::copying::add_text;
    use super::*;
    use parquet::basic::{Compression, Encoding, ZstdLevel};
    use parquet::data_type::{
        BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArrayType, FloatType, Int32Type, Int64Type, Int96, Int96Type,
    };
    use parquet::file::metadata::KeyValue;
    use parquet::file::properties::{EnabledStatistics, WriterProperties};
    use parquet::file::reader::SerializedFileReader;
    use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
    use parquet::schema::parser::parse_message_type;
    use parquet::schema::types::ColumnPath;
    use proptest::prelude::*;
    use std::io::Write;
    use std::sync::Arc;

    /// A text, null or in a group that is null; tags, some of them null.
    pub type Line = (Option<Option<String>>, Option<Vec<Option<String>>>);

    /// Lines with these texts.
    pub fn of_texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Vec<Line> {
        let tags = |number: usize| (0..number % 4).map(|tag| (tag != 1).then(|| format!("tag {tag}"))).collect();
        texts
            .into_iter()
            .enumerate()
            .map(|(number, text)| (Some(Some(text.to_string())), (number % 5 != 0).then(|| tags(number))))
            .collect()
    }

    /// A file with row groups of so many rows, with a column of every kind; the texts are in `page.text`.
    pub fn table(lines: &[Line], groups: &[usize]) -> Vec<u8> {
        let schema = "message m {
            required int64 id;
            optional group page { optional binary text (UTF8); }
            optional group tags (LIST) { repeated group list { optional binary element (UTF8); } }
            optional double score; required boolean ok; required int96 old; required float f;
            required fixed_len_byte_array(3) hash; optional int32 day (DATE);
        }";
        let path = |path: &str| ColumnPath::new(path.split('.').map(str::to_string).collect());
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_column_compression(path("tags.list.element"), Compression::SNAPPY)
            .set_column_dictionary_enabled("id".into(), false)
            .set_column_encoding("id".into(), Encoding::DELTA_BINARY_PACKED)
            .set_column_statistics_enabled(path("page.text"), EnabledStatistics::None)
            .set_key_value_metadata(Some(vec![KeyValue::new("crawl".into(), "2026-11".to_string())]));
        let schema = Arc::new(parse_message_type(schema).unwrap());
        let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties.build())).unwrap();
        let mut from = 0;
        for &rows in groups {
            let (ids, lines) = (from..from + rows, &lines[from..from + rows]);
            from += rows;
            let mut group = writer.next_row_group().unwrap();
            let bytes = |text: &String| ByteArray::from(text.clone().into_bytes());
            put::<Int64Type>(&mut group, ids.clone().map(|id| id as i64).collect(), &[], &[]);
            let texts = lines.iter().flat_map(|line| line.0.iter().flatten().map(bytes)).collect();
            let levels = |text: &Option<Option<String>>| text.as_ref().map_or(0, |text| 1 + i16::from(text.is_some()));
            put::<ByteArrayType>(&mut group, texts, &lines.iter().map(|line| levels(&line.0)).collect::<Vec<_>>(), &[]);
            let tags = lines.iter().flat_map(|line| line.1.iter().flatten().flatten().map(bytes)).collect();
            let levels = lines.iter().flat_map(|line| match line.1.as_deref() {
                None => vec![(0, 0)],
                Some([]) => vec![(1, 0)],
                Some(tags) => tags.iter().enumerate().map(|(at, tag)| (2 + i16::from(tag.is_some()), i16::from(at > 0))).collect(),
            });
            let (definitions, repetitions): (Vec<i16>, Vec<i16>) = levels.unzip();
            put::<ByteArrayType>(&mut group, tags, &definitions, &repetitions);
            let known: Vec<i16> = ids.clone().map(|id| i16::from(id % 3 > 0)).collect();
            put::<DoubleType>(
                &mut group,
                ids.clone().filter(|id| id % 3 > 0).map(|id| if id % 3 == 1 { f64::NAN } else { -0.5 }).collect(),
                &known,
                &[],
            );
            put::<BoolType>(&mut group, ids.clone().map(|id| id % 2 == 0).collect(), &[], &[]);
            put::<Int96Type>(&mut group, ids.clone().map(|id| Int96::from(vec![id as u32, 7, 2_460_000])).collect(), &[], &[]);
            put::<FloatType>(&mut group, ids.clone().map(|id| id as f32 / 4.0).collect(), &[], &[]);
            put::<FixedLenByteArrayType>(&mut group, ids.clone().map(|id| vec![id as u8; 3].into()).collect(), &[], &[]);
            put::<Int32Type>(&mut group, ids.filter(|id| id % 3 > 0).map(|id| id as i32).collect(), &known, &[]);
            group.close().unwrap();
        }
        writer.into_inner().unwrap()
    }

    fn put<T: DataType>(group: &mut SerializedRowGroupWriter<'_, Vec<u8>>, values: Vec<T::T>, definitions: &[i16], repetitions: &[i16]) {
        let mut column = group.next_column().unwrap().unwrap();
        let [definitions, repetitions] = [definitions, repetitions].map(|levels| (!levels.is_empty()).then_some(levels));
        column.typed::<T>().write_batch(&values, definitions, repetitions).unwrap();
        column.close().unwrap();
    }

    fn file(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    /// The rows as text, every value in them, in groups.
    pub fn shown(bytes: &[u8]) -> Vec<Vec<String>> {
        let reader = SerializedFileReader::new(file(bytes)).unwrap();
        let rows = |group| reader.get_row_group(group).unwrap().get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect();
        (0..reader.num_row_groups()).map(rows).collect()
    }

    const TEXT: usize = 1;

    fn text_of(line: &Line) -> &str {
        line.0.iter().flatten().next().map_or("", String::as_str)
    }

    /// What a run would have noted of lines with these verdicts, those that are true edited; every third stretch ends.
    fn noted(lines: &[Line], fates: &[(Verdict, bool)]) -> Vec<Segment> {
        let mut segments = Vec::new();
        for (number, stretch) in lines.chunks(7).enumerate() {
            let (mut hash, mut runs) = (Xxh3::new(), Vec::new());
            for (at, line) in stretch.iter().enumerate() {
                let row = number * 7 + at;
                let (verdict, edited) = fates[row];
                add_text(&mut hash, text_of(line).as_bytes());
                match runs.last_mut() {
                    Some(Run(last, rows, None)) if *last == verdict && !edited => *rows += 1,
                    _ => runs.push(Run(verdict, 1, edited.then_some(row))),
                }
            }
            let hash = format!("{:032x}", hash.digest128());
            segments.push(Segment { hash, runs, ..Segment::new("a.parquet") });
        }
        segments
    }

    fn edited(text: &str) -> String {
        if text.len().is_multiple_of(3) { String::new() } else { text.to_uppercase() + "!" }
    }

    type Versions = [Option<Vec<u8>>; 3];

    /// The versions of a table, and what restores it.
    fn dealt(table: &[u8], segments: &[Segment], texts: &[u8]) -> Result<(Versions, Columns), CopyError> {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("source");
        std::fs::write(&source, table).unwrap();
        let place = |verdict: Verdict| folder.path().join(verdict.name());
        let columns = split(&source, TEXT, segments, texts, |verdict| File::create(place(verdict)))?;
        Ok((Verdict::ALL.map(|verdict| std::fs::read(place(verdict)).ok()), columns))
    }

    fn put_together(
        versions: &Versions,
        columns: &Columns,
        segments: &[Segment],
        original: impl FnMut(&Segment, usize, &[u8]) -> Result<Vec<u8>, CopyError>,
    ) -> Result<Vec<u8>, CopyError> {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("target");
        merge(
            versions.each_ref().map(|version| version.as_deref().map(file)),
            columns,
            segments,
            File::create(&target).unwrap(),
            original,
        )?;
        Ok(std::fs::read(target).unwrap())
    }

    fn line() -> impl Strategy<Value = Line> {
        let text = prop::option::weighted(0.9, prop::option::weighted(0.9, "[a-zé\n]{0,12}"));
        (text, prop::option::of(prop::collection::vec(prop::option::of("[a-z]{0,3}"), 0..5)))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn rows_are_dealt_out_and_put_together_with_every_other_value_as_it_was(
            rows in prop::collection::vec((line(), 0usize..3, any::<bool>()), 0..200),
            cuts in prop::collection::vec(0usize..200, 0..5),
        ) {
            let lines: Vec<Line> = rows.iter().map(|row| row.0.clone()).collect();
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (lines.len() + 1)).chain([0, lines.len()]).collect();
            cuts.sort_unstable();
            let groups: Vec<usize> = cuts.windows(2).map(|pair| pair[1] - pair[0]).collect();
            let is_text = |line: &Line| matches!(line.0, Some(Some(_)));
            let fates: Vec<(Verdict, bool)> = rows.iter().map(|(line, verdict, edited)| {
                let verdict = Verdict::ALL[*verdict];
                (verdict, *edited && is_text(line) && verdict != Verdict::Rejected)
            }).collect();
            let old = table(&lines, &groups);
            let segments = noted(&lines, &fates);
            let texts: Vec<u8> =
                (0..lines.len()).filter(|&row| fates[row].1).flat_map(|row| added(edited(text_of(&lines[row])).as_bytes())).collect();
            let (versions, columns) = dealt(&old, &segments, &texts).unwrap();
            // The table as it should be, made the plain way.
            let mended: Vec<Line> = lines.iter().zip(&fates).map(|(line, fate)| match line {
                (Some(Some(text)), tags) if fate.1 => (Some(Some(edited(text))), tags.clone()),
                _ => line.clone(),
            }).collect();
            let wanted = shown(&table(&mended, &groups)).concat();
            for verdict in Verdict::ALL {
                let wanted: Vec<&String> = wanted.iter().zip(&fates).filter(|(_, fate)| fate.0 == verdict).map(|(row, _)| row).collect();
                let found = versions[verdict as usize].as_deref().map(shown).unwrap_or_default();
                prop_assert!(found.iter().all(|group| !group.is_empty()) && found.len() <= groups.len());
                prop_assert_eq!(found.iter().flatten().collect::<Vec<_>>(), wanted);
            }
            let back = put_together(&versions, &columns, &segments, |_, row, now| {
                assert_eq!(now, edited(text_of(&lines[row])).as_bytes());
                Ok(text_of(&lines[row]).as_bytes().to_vec())
            }).unwrap();
            let full = |table: &[u8]| shown(table).into_iter().filter(|group| !group.is_empty()).collect::<Vec<_>>();
            prop_assert_eq!(full(&back), full(&old));
        }
    }

    fn ten() -> (Vec<Line>, Vec<u8>, Vec<Segment>) {
        let lines = of_texts(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]);
        let fates: Vec<(Verdict, bool)> = (0..10).map(|row| (Verdict::ALL[row % 2], false)).collect();
        (lines.clone(), table(&lines, &[4, 6]), noted(&lines, &fates))
    }

    #[test]
    fn a_version_is_packed_as_the_file_was() {
        let (_, table, segments) = ten();
        let (versions, _) = dealt(&table, &segments, b"").unwrap();
        assert!(versions[2].is_none(), "no row was rejected");
        for version in versions.iter().flatten().chain([&table]) {
            let reader = SerializedFileReader::new(file(version)).unwrap();
            let meta = reader.metadata();
            assert_eq!(meta.file_metadata().key_value_metadata().unwrap()[0].value.as_deref(), Some("2026-11"));
            let [id, text, tags, ..] = meta.row_group(1).columns() else { panic!("columns are missing") };
            assert!(matches!((text.compression(), tags.compression()), (Compression::ZSTD(_), Compression::SNAPPY)));
            assert!(id.dictionary_page_offset().is_none() && id.encodings().any(|encoding| encoding == Encoding::DELTA_BINARY_PACKED));
            assert!(text.dictionary_page_offset().is_some() && text.statistics().is_none() && id.statistics().is_some());
        }
    }

    #[test]
    fn what_was_changed_since_is_neither_dealt_out_nor_put_together() {
        let (lines, old, segments) = ten();
        let (versions, columns) = dealt(&old, &segments, b"").unwrap();
        let as_is = |_: &Segment, _: usize, text: &[u8]| Ok(text.to_vec());
        assert_eq!(shown(&put_together(&versions, &columns, &segments, as_is).unwrap()), shown(&old));
        assert!(matches!(dealt(&table(&lines[..9], &[4, 5]), &segments, b""), Err(CopyError::Read(Cause::Changed))));
        assert!(dealt(&old[..old.len() - 9], &segments, b"").is_err());
        let (mut text, mut tags) = (lines.clone(), lines);
        text[5].0 = Some(Some("sixth".into()));
        tags[5].1 = Some(vec![None]);
        assert!(matches!(dealt(&table(&text, &[4, 6]), &segments, b""), Err(CopyError::Read(Cause::Changed))));
        for lines in [text, tags] {
            let fates: Vec<(Verdict, bool)> = (0..10).map(|row| (Verdict::ALL[row % 2], false)).collect();
            let (changed, _) = dealt(&table(&lines, &[4, 6]), &noted(&lines, &fates), b"").unwrap();
            assert!(matches!(put_together(&changed, &columns, &segments, as_is), Err(CopyError::Read(Cause::Changed))));
        }
        assert!(matches!(
            put_together(&[versions[0].clone(), None, None], &columns, &segments, as_is),
            Err(CopyError::Read(Cause::Changed))
        ));
    }
}
