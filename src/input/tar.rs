//! Tar archives: each member is read as the file that its name says it is, one after the other, unpacked nowhere.

use super::archive::{Failure, Holds, Next, Opened, Opener, Records, Start};
use super::error::{Cause, InputError};
use super::inner::InnerFile;
use super::kind::{Compression, Container, Kind, is_prose};
use super::raw::{self, Body, Content, Raw};
use super::{BUFFER, RawStream, Shared, open, walk};
use crate::document::{Format, Origin, Record};
use crate::text::Span;
use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tar::{EntryType, Header, PaxExtensions};
use xxhash_rust::xxh3::xxh3_128;

/// Size of a header, and what members are padded to, in bytes.
const BLOCK: u64 = 512;
/// Longest name of a member, and most that may stand before its data, in bytes.
const LONGEST_NAME: u64 = 64 << 10;
const LONGEST_HEAD: usize = 1 << 20;

/// Reads the members of an archive in order.
pub(super) fn stream(path: String, reader: Box<dyn BufRead + Send>, shared: Arc<Shared>) -> RawStream {
    Box::new(Archive {
        path,
        tape: Arc::new(Mutex::new(Tape::new(reader))),
        member: Box::new(std::iter::empty()),
        name: String::new(),
        number: 0,
        packed: false,
        ended: false,
        shared,
    })
}

/// The archive's bytes, up to the end of the member that is being read.
struct Tape {
    reader: Box<dyn BufRead + Send>,
    /// All that stands before the member's data: its header, and what other headers say of it.
    head: Vec<u8>,
    /// Bytes of its data, and of what fills its last block up.
    left: u64,
    padding: u64,
    /// Of the files so far.
    number: usize,
    /// How many files of records had a name so far, by its hash.
    named: HashMap<u128, usize>,
}

enum Entry {
    File(String),
    /// A folder, a link, a device, a note on the archive.
    Other,
}

impl Tape {
    fn new(reader: Box<dyn BufRead + Send>) -> Self {
        Self { reader, head: Vec::new(), left: 0, padding: 0, number: 0, named: HashMap::new() }
    }

    /// Passes over what is left of the member.
    fn skip(&mut self) -> io::Result<()> {
        let rest = self.left.saturating_add(self.padding);
        let passed = io::copy(&mut (&mut self.reader).take(rest), &mut io::sink())?;
        (self.left, self.padding) = (0, 0);
        if passed < rest { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    /// Adds the next bytes to the head; all of them must be there.
    fn read(&mut self, length: u64) -> io::Result<()> {
        if self.head.len() > LONGEST_HEAD {
            return Err(broken("a member has too many headers"));
        }
        let read = (&mut self.reader).take(length).read_to_end(&mut self.head)? as u64;
        if read < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    /// The next member; `None` at the end, of which the head holds the first block then.
    fn entry(&mut self) -> io::Result<Option<Entry>> {
        self.skip()?;
        self.head.clear();
        let (mut name, mut size) = (None, None);
        loop {
            let start = self.head.len();
            if start == 0 && self.reader.fill_buf()?.is_empty() {
                return Ok(None);
            }
            self.read(BLOCK)?;
            let block = &self.head[start..];
            if start == 0 && block.iter().all(|&byte| byte == 0) {
                return Ok(None);
            }
            let header = Header::from_byte_slice(block);
            let sum: u32 = block.iter().enumerate().map(|(at, &byte)| if (148..156).contains(&at) { 32 } else { u32::from(byte) }).sum();
            if header.cksum()? != sum {
                return Err(broken("it is not a tar archive, or is broken here"));
            }
            let (kind, is_long, short) = (header.entry_type(), block[482] == 1, header.path_bytes().into_owned());
            self.size(header.entry_size()?);
            match kind {
                EntryType::GNULongName => {
                    let note = self.note()?;
                    let end = note.iter().position(|&byte| byte == 0).unwrap_or(note.len());
                    name = Some(String::from_utf8_lossy(&note[..end]).into_owned());
                }
                EntryType::GNULongLink => drop(self.note()?),
                EntryType::XHeader => {
                    for extension in PaxExtensions::new(&self.note()?).flatten() {
                        let value = String::from_utf8_lossy(extension.value_bytes());
                        match extension.key_bytes() {
                            b"path" => name = Some(value.into_owned()),
                            b"size" => size = value.parse().ok(),
                            _ => {}
                        }
                    }
                }
                _ => {
                    if let Some(size) = size {
                        self.size(size);
                    }
                    // What did not fit into the header of a file with holes.
                    let mut goes_on = kind == EntryType::GNUSparse && is_long;
                    while goes_on {
                        self.read(BLOCK)?;
                        goes_on = self.head[self.head.len() - 8] == 1;
                    }
                    if !matches!(kind, EntryType::Regular | EntryType::Continuous) {
                        return Ok(Some(Entry::Other));
                    }
                    self.number += 1;
                    return Ok(Some(Entry::File(name.unwrap_or_else(|| String::from_utf8_lossy(&short).into_owned()))));
                }
            }
        }
    }

    /// What reports call a file of records in the archive: by its name below that of the archive, and where others had that name before
    /// it (as when files were added anew), by how many it is, too: each record has a place of its own.
    fn place(&mut self, archive: &str, name: &str) -> String {
        let times = self.named.entry(xxh3_128(name.as_bytes())).or_default();
        *times += 1;
        if *times == 1 { format!("{archive}/{name}") } else { format!("{archive}/#{times}/{name}") }
    }

    const fn size(&mut self, size: u64) {
        self.left = size;
        self.padding = (BLOCK - size % BLOCK) % BLOCK;
    }

    /// The data of a short member, which says something of the next.
    fn note(&mut self) -> io::Result<Vec<u8>> {
        if self.left > LONGEST_NAME {
            return Err(broken("the name of a member is too long"));
        }
        let (start, end) = (self.head.len(), self.head.len() + self.left as usize);
        self.read(self.left + self.padding)?;
        (self.left, self.padding) = (0, 0);
        Ok(self.head[start..end].to_vec())
    }
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// What a member is, where it may be an article; others are counted.
fn article(name: &str, shared: &Shared) -> Option<Kind> {
    let kind = Kind::of(Path::new(name));
    let file_name = name.rsplit('/').next().unwrap_or_default();
    if name.split('/').any(|part| part.starts_with('.') && part.len() > 1 && part != "..") {
        walk::count(&shared.tally.hidden);
    } else if kind.container == Container::Tar {
        // An archive in an archive in an archive ends nowhere.
        walk::count(&shared.tally.binary);
    } else if !is_prose(Path::new(file_name)) {
        walk::count(&shared.tally.other);
    } else {
        return Some(kind);
    }
    None
}

/// Reads one member.
struct Member(Arc<Mutex<Tape>>);

/// Reads on, wherever members begin and end.
struct Straight(Arc<Mutex<Tape>>);

impl Read for Straight {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        locked(&self.0).reader.read(buffer)
    }
}

fn locked(tape: &Mutex<Tape>) -> MutexGuard<'_, Tape> {
    tape.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Read for Member {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut tape = locked(&self.0);
        let left = tape.left;
        let read = (&mut tape.reader).take(left).read(buffer)?;
        tape.left -= read as u64;
        if read == 0 && left > 0 && !buffer.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(read) }
    }
}

struct Archive {
    path: String,
    tape: Arc<Mutex<Tape>>,
    member: RawStream,
    /// Of the member, and its place among the files, counted from 1.
    name: String,
    number: usize,
    /// The member is a file of records itself.
    packed: bool,
    ended: bool,
    shared: Arc<Shared>,
}

impl Archive {
    /// Opens the next member that may be an article; false at the end.
    fn advance(&mut self) -> io::Result<bool> {
        loop {
            let mut tape = locked(&self.tape);
            let Some(entry) = tape.entry()? else { return Ok(false) };
            let Entry::File(name) = entry else { continue };
            (self.name, self.number) = (name, tape.number);
            drop(tape);
            let Some(kind) = article(&self.name, &self.shared) else { continue };
            let reader = BufReader::with_capacity(BUFFER, Member(Arc::clone(&self.tape)));
            self.packed = !matches!(kind.container, Container::One(_));
            let path = if self.packed { locked(&self.tape).place(&self.path, &self.name) } else { self.path.clone() };
            self.member = open(kind, reader, path, Arc::clone(&self.shared));
            return Ok(true);
        }
    }
}

impl Iterator for Archive {
    type Item = Result<Raw, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.member.next() {
                None => {}
                Some(raw) if self.packed => return Some(raw),
                Some(Ok(mut raw)) => {
                    raw.origin.record = Some(Record { line: self.number, id: Some(self.name.clone()), field: "file".into() });
                    if let Body::Content(content) = &mut raw.body {
                        content.met = true;
                    }
                    return Some(Ok(raw));
                }
                Some(Err(error)) => {
                    return Some(Err(InputError { path: format!("{}/{}", self.path, self.name), ..error }));
                }
            }
            if self.ended {
                return None;
            }
            match self.advance() {
                Ok(true) => {}
                Ok(false) => self.ended = true,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(InputError::new(&self.path, None, Cause::Io(error))));
                }
            }
        }
    }
}

/// Whether other headers than that of the member tell its size: those before it, which are not written anew.
pub fn is_sized_elsewhere(extensions: &[u8]) -> bool {
    let tells = |key: &[u8]| memchr::memmem::find_iter(extensions, key).any(|at| opens_record(&extensions[..at]));
    tells(b" size=") || tells(b" GNU.sparse.")
}

/// What ends here is the length that a record of an extended header opens with, and no part of a name.
fn opens_record(before: &[u8]) -> bool {
    let rest = before.iter().rposition(|byte| !byte.is_ascii_digit());
    rest.is_some_and(|last| last + 1 < before.len() && matches!(before[last], b'\n' | 0))
}

/// The members for whoever writes them again.
pub(super) struct Members {
    path: String,
    tape: Arc<Mutex<Tape>>,
    straight: Straight,
    number: usize,
    shared: Arc<Shared>,
}

impl Members {
    pub fn new(path: String, reader: Box<dyn BufRead + Send>, shared: Arc<Shared>) -> Self {
        let tape = Arc::new(Mutex::new(Tape::new(reader)));
        Self { path, straight: Straight(Arc::clone(&tape)), tape, number: 0, shared }
    }

    fn file(&self, name: String, mut start: Start) -> Start {
        let Some(kind) = article(&name, &self.shared) else { return start };
        let limit = self.shared.options.max_document_bytes;
        let path = match kind.container {
            Container::One(_) => format!("{}/{name}", self.path),
            _ => locked(&self.tape).place(&self.path, &name),
        };
        let unreadable = |cause| Holds::Unreadable(InputError::new(&path, None, cause));
        start.holds = match kind.container {
            Container::One(_) if start.length > limit as u64 => unreadable(Cause::TooLarge { what: "document", limit }),
            Container::One(format) => {
                let record = Record { line: self.number, id: Some(name), field: "file".into() };
                let origin = Origin { path: self.path.clone(), record: Some(record), ..Origin::default() };
                Holds::Document(opener(origin, format, kind.compression))
            }
            Container::Parquet => unreadable(Cause::NeedsFile),
            Container::Warc | Container::Tar => unreadable(Cause::NotWritten("it is an archive itself")),
            Container::Jsonl | Container::Table(_) if is_sized_elsewhere(&start.head) => {
                unreadable(Cause::NotWritten("an extended header tells its size"))
            }
            Container::Jsonl | Container::Table(_) => {
                locked(&self.tape).left = start.length;
                let inner = InnerFile::open(&path, kind, Box::new(Member(Arc::clone(&self.tape))), &self.shared);
                // What was not read to open it.
                start.length = locked(&self.tape).left;
                match inner {
                    Ok(file) => Holds::Records(file),
                    Err((cause, mut read)) => {
                        start.head.append(&mut read);
                        locked(&self.tape).left = 0;
                        unreadable(cause)
                    }
                }
            }
        };
        start
    }
}

impl Records for Members {
    fn next(&mut self) -> Result<Next, Failure> {
        let mut tape = locked(&self.tape);
        let entry = tape.entry();
        let head = std::mem::take(&mut tape.head);
        let (length, padding) = (std::mem::take(&mut tape.left), std::mem::take(&mut tape.padding));
        self.number = tape.number;
        drop(tape);
        let start = |head| Start { head, length, padding, holds: Holds::Other };
        Ok(match entry {
            Ok(Some(Entry::File(name))) => Next::Record(self.file(name, start(head))),
            Ok(Some(Entry::Other)) => Next::Record(start(head)),
            Ok(None) => Next::End(head),
            Err(error) => return Err(Failure { bytes: head, error }),
        })
    }

    fn reader(&mut self) -> &mut dyn Read {
        &mut self.straight
    }

    fn number(&self) -> usize {
        self.number
    }
}

fn opener(origin: Origin, format: Format, packing: Compression) -> Opener {
    Box::new(move |bytes, shared| {
        let unpacked = if packing == Compression::None {
            Ok(bytes.to_vec())
        } else {
            let reader = packing.reader(Cursor::new(bytes.to_vec())).map_err(Cause::from);
            reader.and_then(|reader| raw::whole(reader, 0, shared.options.max_document_bytes))
        };
        let line = origin.record.as_ref().map(|record| record.line);
        let text = unpacked.map_err(|cause| InputError::new(&origin.path, line, cause))?;
        let unpacked = (packing != Compression::None).then(|| text.clone());
        let content = Content { bytes: text, format, met: true, ..Content::default() };
        let places = vec![Span::new(0, bytes.len())];
        Ok(raw::known(origin, content, &shared.tally)?.map(|document| Opened { document, places, unpacked, packing }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Options;

    fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, bytes) in members {
            let mut header = Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            builder.append_data(&mut header, name, *bytes).unwrap();
        }
        builder.into_inner().unwrap()
    }

    fn read(bytes: &[u8]) -> Vec<String> {
        let shared = Arc::new(Shared::new(Options { max_document_bytes: 1000, ..Options::default() }).unwrap());
        stream("a.tar".into(), Box::new(io::Cursor::new(bytes.to_vec())), shared)
            .filter_map(|raw| match raw.and_then(Raw::into_document) {
                Ok(document) => {
                    let document = document?;
                    let record = document.origin.record.unwrap();
                    Some(format!("{} {} {:?} {}", document.origin.path, record.line, record.id, document.text.trim_end()))
                }
                Err(error) => Some(error.to_string()),
            })
            .collect()
    }

    #[test]
    fn members_are_read_as_the_files_they_are() {
        let long = format!("{}/n.txt", "long".repeat(60));
        let big = b"word ".repeat(300);
        let bytes = archive(&[
            ("a.html", b"<p>A</p>"),
            ("b.jsonl", b"{\"text\":\"B\",\"id\":1}\n{\"text\":\"C\"}\n"),
            (".hidden", b"no"),
            ("x.py", b"no"),
            ("y.tar", b"no"),
            (&long, b"L"),
            ("big.txt", &big),
            ("p.png", b"\x89PNG"),
            ("b.jsonl", b"{\"text\":\"D\"}"),
            ("z.txt", b"Z"),
        ]);
        assert_eq!(
            read(&bytes),
            [
                "a.tar 1 Some(\"a.html\") A".to_string(),
                "a.tar/b.jsonl 1 Some(\"1\") B".into(),
                "a.tar/b.jsonl 2 None C".into(),
                format!("a.tar 6 Some({long:?}) L"),
                "a.tar/big.txt: the document is larger than 1 MB".into(),
                "a.tar/#2/b.jsonl 1 None D".into(),
                "a.tar 10 Some(\"z.txt\") Z".into(),
            ]
        );
    }

    #[test]
    fn a_broken_archive_is_an_error_after_what_came_before() {
        let bytes = archive(&[("a.txt", b"A"), ("b.txt", b"B")]);
        let mut broken = bytes.clone();
        broken[1024..1100].fill(b'x');
        assert_eq!(read(&broken)[0], "a.tar 1 Some(\"a.txt\") A");
        assert!(read(&broken)[1].starts_with("a.tar: cannot be read"), "{:?}", read(&broken));
        assert!(read(&bytes[..1300])[1].starts_with("a.tar: cannot be read"));
        assert_eq!(read(b""), [""; 0]);
        for cut in (0..bytes.len()).step_by(37) {
            let _ = read(&bytes[..cut]);
        }
    }
}
