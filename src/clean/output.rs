//! The files that a run writes: below a folder for each verdict, out of sight until they are whole.

use super::Verdict;
use super::member::PACKED;
use crate::input::{self, Compression, Packer};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Where files stand while they are written.
const PARTIAL: &str = ".partial";

/// The folders of what becomes of a file: a version for each verdict, and of an archive the packed files of records in it, as they were.
pub(super) const VERSIONS: [&str; 4] = [Verdict::Clean.name(), Verdict::Review.name(), Verdict::Rejected.name(), PACKED];

/// The folder of a run.
#[derive(Clone, Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub fn new(path: &Path) -> Self {
        Self(path.to_path_buf())
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Where a version of an input file (see [`VERSIONS`]) stands when it is whole.
    pub fn whole(&self, version: &str, path: &str) -> PathBuf {
        self.0.join(version).join(input::place(path))
    }

    /// Where it stands before.
    pub fn partial(&self, version: &str, path: &str) -> PathBuf {
        self.0.join(PARTIAL).join(version).join(input::place(path))
    }

    /// Where what goes into it from a file of records in an archive stands until that is whole.
    pub fn waiting(&self, version: &str, path: &str) -> PathBuf {
        self.0.join(PARTIAL).join("waiting").join(version).join(input::place(path))
    }

    /// Where the edited texts of a Parquet file stand until it can be written.
    pub fn texts(&self, path: &str) -> PathBuf {
        self.0.join(PARTIAL).join("texts").join(input::place(path))
    }

    /// A version of a file that is written in one go, to be published.
    pub fn create(&self, verdict: Verdict, path: &str) -> io::Result<File> {
        let partial = self.partial(verdict.name(), path);
        create_parent(&partial)?;
        File::create(partial)
    }

    /// Takes back what was created.
    pub fn discard(&self, path: &str) -> io::Result<()> {
        Verdict::ALL.into_iter().try_for_each(|verdict| gone(fs::remove_file(self.partial(verdict.name(), path))))
    }

    /// Writes a file of one document, whole or not at all.
    pub fn write(&self, verdict: Verdict, path: &str, bytes: &[u8]) -> io::Result<()> {
        let partial = self.partial(verdict.name(), path);
        create_parent(&partial)?;
        let mut packer = input::compression_of(path).packer(BufWriter::new(File::create(&partial)?));
        packer.add(bytes)?;
        packer.end()?;
        packer.into_out().flush()?;
        self.publish(verdict.name(), path)
    }

    /// Puts a file that is whole into its place, if there is one; it may be there already.
    pub fn publish(&self, version: &str, path: &str) -> io::Result<()> {
        let (partial, whole) = (self.partial(version, path), self.whole(version, path));
        if !partial.try_exists()? {
            return Ok(());
        }
        create_parent(&whole)?;
        fs::rename(partial, whole)
    }

    /// Removes what was only needed on the way.
    pub fn tidy(&self) -> io::Result<()> {
        gone(fs::remove_dir_all(self.0.join(PARTIAL)))
    }
}

/// It is as well where there was nothing to remove.
fn gone(removed: io::Result<()>) -> io::Result<()> {
    removed.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

pub(super) fn create_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)
}

/// A file that grows part by part. What was added counts only when it is committed.
pub(super) struct Growing {
    packer: Packer<BufWriter<File>>,
    length: u64,
}

impl Growing {
    /// Opens it at the length that is committed, and drops what was written beyond.
    pub fn open(path: &Path, compression: Compression, length: u64) -> io::Result<Self> {
        create_parent(path)?;
        let mut file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path)?;
        if file.metadata()?.len() < length {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it is shorter than it was"));
        }
        file.set_len(length)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Self { packer: compression.packer(BufWriter::new(file)), length })
    }

    pub fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() { Ok(()) } else { self.packer.add(bytes) }
    }

    /// What is added next is packed by itself.
    pub fn end_member(&mut self) -> io::Result<()> {
        self.packer.end()
    }

    /// Nothing more comes: what is packed is one member at least, even if there is nothing in it.
    pub fn finish(&mut self) -> io::Result<()> {
        if self.length == 0 && self.packer.is_empty() { self.packer.add(b"") } else { Ok(()) }
    }

    /// All that was added, and how many bytes of the file it takes.
    pub fn into_reader(mut self) -> io::Result<(u64, File)> {
        self.finish()?;
        self.packer.end()?;
        let mut file = self.packer.into_out().into_inner()?;
        let length = file.stream_position()?;
        file.rewind()?;
        Ok((length, file))
    }

    /// What is committed, in bytes of the file.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// What was added is on the disk when this returns. A packed file gets a member of its own for each part, so that its bytes do
    /// not depend on where a run was stopped.
    pub fn commit(&mut self) -> io::Result<()> {
        self.packer.end()?;
        let out = self.packer.out();
        out.flush()?;
        let length = out.get_mut().stream_position()?;
        if length > self.length {
            out.get_ref().sync_data()?;
            self.length = length;
        }
        Ok(())
    }
}
