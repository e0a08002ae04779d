//! Tar archives: each member is read as the file that its name says it is, one after the other, unpacked nowhere.

use super::archive::{Failure, Holds, Next, Opened, Opener, Records, Start};
use super::error::{Cause, InputError};
use super::kind::{Compression, Container, Kind, is_prose};
use super::raw::{self, Body, Content, Raw};
use super::{BUFFER, RawStream, Shared, open, walk};
use crate::document::{Format, Origin, Record};
use crate::text::Span;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tar::{EntryType, Header, PaxExtensions};

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
}

enum Entry {
    File(String),
    /// A folder, a link, a device, a note on the archive.
    Other,
}

impl Tape {
    fn new(reader: Box<dyn BufRead + Send>) -> Self {
        Self { reader, head: Vec::new(), left: 0, padding: 0, number: 0 }
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

impl Read for Member {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut tape = self.0.lock().unwrap_or_else(PoisonError::into_inner);
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
            let mut tape = self.tape.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(entry) = tape.entry()? else { return Ok(false) };
            let Entry::File(name) = entry else { continue };
            (self.name, self.number) = (name, tape.number);
            drop(tape);
            let Some(kind) = article(&self.name, &self.shared) else { continue };
            let reader = BufReader::with_capacity(BUFFER, Member(Arc::clone(&self.tape)));
            self.packed = !matches!(kind.container, Container::One(_));
            let path = if self.packed { format!("{}/{}", self.path, self.name) } else { self.path.clone() };
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

/// The members for whoever writes them again; a file of records is no document, and is not read.
pub(super) struct Members {
    path: String,
    tape: Tape,
    shared: Arc<Shared>,
}

impl Members {
    pub fn new(path: String, reader: Box<dyn BufRead + Send>, shared: Arc<Shared>) -> Self {
        Self { path, tape: Tape::new(reader), shared }
    }

    fn holds(&self, name: String, length: u64) -> Holds {
        let Some(kind) = article(&name, &self.shared) else { return Holds::Other };
        let limit = self.shared.options.max_document_bytes;
        let unreadable = |cause| Holds::Unreadable(InputError::new(&format!("{}/{name}", self.path), None, cause));
        match kind.container {
            Container::One(_) if length > limit as u64 => unreadable(Cause::TooLarge { what: "document", limit }),
            Container::One(format) => {
                let record = Record { line: self.tape.number, id: Some(name), field: "file".into() };
                let origin = Origin { path: self.path.clone(), record: Some(record), ..Origin::default() };
                Holds::Document(opener(origin, format, kind.compression))
            }
            _ => unreadable(Cause::NotWritten),
        }
    }
}

impl Records for Members {
    fn next(&mut self) -> Result<Next, Failure> {
        let entry = self.tape.entry();
        let head = std::mem::take(&mut self.tape.head);
        let (length, padding) = (std::mem::take(&mut self.tape.left), std::mem::take(&mut self.tape.padding));
        let holds = match entry {
            Ok(Some(Entry::File(name))) => self.holds(name, length),
            Ok(Some(Entry::Other)) => Holds::Other,
            Ok(None) => return Ok(Next::End(head)),
            Err(error) => return Err(Failure { bytes: head, error }),
        };
        Ok(Next::Record(Start { head, length, padding, holds }))
    }

    fn reader(&mut self) -> &mut dyn BufRead {
        &mut self.tape.reader
    }

    fn number(&self) -> usize {
        self.tape.number
    }
}

fn opener(origin: Origin, format: Format, compression: Compression) -> Opener {
    Box::new(move |bytes, shared| {
        let unpacked = if compression == Compression::None {
            Ok(bytes.to_vec())
        } else {
            let reader = compression.reader(Cursor::new(bytes.to_vec())).map_err(Cause::from);
            reader.and_then(|reader| raw::whole(reader, 0, shared.options.max_document_bytes))
        };
        let line = origin.record.as_ref().map(|record| record.line);
        let content = unpacked.map_err(|cause| InputError::new(&origin.path, line, cause))?;
        let places = if compression == Compression::None { vec![Span::new(0, content.len())] } else { Vec::new() };
        let content = Content { bytes: content, format, met: true, ..Content::default() };
        Ok(raw::known(origin, content, &shared.tally)?.map(|document| Opened { document, places, unpacked: None }))
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
                "a.tar 9 Some(\"z.txt\") Z".into(),
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
