//! Tar archives: each member is read as the file that its name says it is, one after the other, unpacked nowhere.

use super::error::{Cause, InputError};
use super::kind::{Container, Kind, is_prose};
use super::raw::Raw;
use super::{BUFFER, RawStream, Shared, open, walk};
use crate::document::Record;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tar::{EntryType, Header, PaxExtensions};

/// Size of a header, and what members are padded to, in bytes.
const BLOCK: u64 = 512;
/// Longest name of a member, in bytes.
const LONGEST_NAME: u64 = 64 << 10;

/// Reads the members of an archive in order.
pub(super) fn stream(path: String, reader: Box<dyn BufRead + Send>, shared: Arc<Shared>) -> RawStream {
    Box::new(Archive {
        path,
        tape: Arc::new(Mutex::new(Tape { reader, left: 0, padding: 0 })),
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
    left: u64,
    padding: u64,
}

impl Tape {
    /// Passes over what is left of the member.
    fn skip(&mut self) -> io::Result<()> {
        let rest = self.left + self.padding;
        let passed = io::copy(&mut (&mut self.reader).take(rest), &mut io::sink())?;
        (self.left, self.padding) = (0, 0);
        if passed < rest { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    /// The next header, and what the next `left` bytes are; `None` at the end.
    fn header(&mut self) -> io::Result<Option<Header>> {
        self.skip()?;
        let mut header = Header::new_old();
        let mut filled = 0;
        while filled < BLOCK as usize {
            match self.reader.read(&mut header.as_mut_bytes()[filled..])? {
                0 if filled == 0 => return Ok(None),
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => filled += read,
            }
        }
        if header.as_bytes().iter().all(|&byte| byte == 0) {
            return Ok(None);
        }
        let sum: u32 =
            header.as_bytes().iter().enumerate().map(|(at, &byte)| if (148..156).contains(&at) { 32 } else { u32::from(byte) }).sum();
        if header.cksum()? != sum {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it is not a tar archive, or is broken here"));
        }
        self.left = header.entry_size()?;
        self.padding = (BLOCK - self.left % BLOCK) % BLOCK;
        Ok(Some(header))
    }

    /// All of a short member, which says something of the next.
    fn note(&mut self) -> io::Result<Vec<u8>> {
        if self.left > LONGEST_NAME {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the name of a member is too long"));
        }
        let mut note = Vec::new();
        (&mut self.reader).take(self.left).read_to_end(&mut note)?;
        self.left -= note.len() as u64;
        Ok(note)
    }
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
        let mut name = None;
        loop {
            let mut tape = self.tape.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(header) = tape.header()? else { return Ok(false) };
            match header.entry_type() {
                EntryType::GNULongName => {
                    let note = tape.note()?;
                    let end = note.iter().position(|&byte| byte == 0).unwrap_or(note.len());
                    name = Some(String::from_utf8_lossy(&note[..end]).into_owned());
                    continue;
                }
                EntryType::XHeader => {
                    let note = tape.note()?;
                    let path = PaxExtensions::new(&note).flatten().find(|extension| extension.key_bytes() == b"path");
                    name = path.map(|path| String::from_utf8_lossy(path.value_bytes()).into_owned()).or(name);
                    continue;
                }
                EntryType::Regular | EntryType::Continuous => {}
                _ => {
                    name = None;
                    continue;
                }
            }
            self.name = name.take().unwrap_or_else(|| String::from_utf8_lossy(&header.path_bytes()).into_owned());
            self.number += 1;
            let kind = Kind::of(Path::new(&self.name));
            let file_name = self.name.rsplit('/').next().unwrap_or_default();
            let tally = &self.shared.tally;
            if self.name.split('/').any(|part| part.starts_with('.') && part.len() > 1 && part != "..") {
                walk::count(&tally.hidden);
            } else if kind.container == Container::Tar {
                // An archive in an archive in an archive ends nowhere.
                walk::count(&tally.binary);
            } else if !is_prose(Path::new(file_name)) {
                walk::count(&tally.other);
            } else {
                drop(tape);
                let reader = BufReader::with_capacity(BUFFER, Member(Arc::clone(&self.tape)));
                self.packed = !matches!(kind.container, Container::One(_));
                let path = if self.packed { format!("{}/{}", self.path, self.name) } else { self.path.clone() };
                self.member = open(kind, reader, path, Arc::clone(&self.shared));
                return Ok(true);
            }
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
            .map(|raw| match raw.and_then(Raw::into_document) {
                Ok(document) => {
                    let document = document.unwrap();
                    let record = document.origin.record.unwrap();
                    format!("{} {} {:?} {}", document.origin.path, record.line, record.id, document.text.trim_end())
                }
                Err(error) => error.to_string(),
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
                "a.tar:8: is not text: it is an image".into(),
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
