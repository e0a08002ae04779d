//! A file replaced as a whole: written beside it and put in its place in one step, or not at all.

use crate::beside;
use std::fs::{self, File, Metadata};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteCause {
    #[error("cannot be written: {0}")]
    Io(#[from] io::Error),
    #[error("is read-only")]
    ReadOnly,
    #[error("was changed by someone else meanwhile; nothing was written")]
    Changed,
    #[error("is {0} and cannot be written back to the byte")]
    Encoding(String),
    #[error("cannot hold a fix in its encoding, {0}")]
    Unmappable(String),
    #[error("is not written in place: it is compressed, an archive or a table")]
    Packed,
    #[error("the ledger cannot be written: {0}")]
    Ledger(io::Error),
    #[error("is not as the ledger left it")]
    NotAsLeft,
    #[error("the ledger does not fit the file")]
    Misfit,
}

impl WriteCause {
    /// What to do about it.
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::Io(_) => "The file is as it was. Is the disk full, or the folder not writable?",
            Self::ReadOnly => "Make it writable (`chmod u+w FILE`) and run the command again.",
            Self::Changed => "Run the command again.",
            Self::Encoding(_) | Self::Unmappable(_) => "Convert it to UTF-8 first: `iconv -f ENCODING -t UTF-8 FILE`.",
            Self::Packed => "Write it again into a folder with `copydesk clean FILE -o DIR`; `--diff` shows what would be changed.",
            Self::Ledger(_) => "Nothing was changed without being recorded. Name another place with `--ledger`.",
            Self::NotAsLeft => "It was changed after the fix; only what nobody has touched since can be restored.",
            Self::Misfit => "Was the ledger edited, or is it of another file?",
        }
    }
}

/// A new version of a file, not yet in its place.
pub(super) struct Replacement {
    target: PathBuf,
    stamp: Stamp,
    temp: BufWriter<NamedTempFile>,
}

/// What changes when somebody else writes to a file.
#[derive(Debug, PartialEq, Eq)]
struct Stamp {
    len: u64,
    modified: Option<std::time::SystemTime>,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self { len: metadata.len(), modified: metadata.modified().ok() }
    }
}

impl Replacement {
    /// Opens the file behind `path` (behind a link: the file that it leads to), and a new version of it beside it.
    pub fn start(path: &Path) -> Result<(Self, File), WriteCause> {
        let target = fs::canonicalize(path)?;
        let file = File::open(&target)?;
        let metadata = file.metadata()?;
        if metadata.permissions().readonly() {
            return Err(WriteCause::ReadOnly);
        }
        let temp = beside::file(&target)?;
        temp.as_file().set_permissions(metadata.permissions())?;
        Ok((Self { target, stamp: Stamp::of(&metadata), temp: BufWriter::new(temp) }, file))
    }

    /// The file that is replaced, its links resolved.
    pub fn target(&self) -> &Path {
        &self.target
    }

    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.temp.write_all(bytes)
    }

    /// Puts the new version in its place, unless the file has changed since it was opened.
    pub fn commit(self) -> Result<(), WriteCause> {
        let temp = self.temp.into_inner().map_err(io::IntoInnerError::into_error)?;
        temp.as_file().sync_data()?;
        if Stamp::of(&fs::metadata(&self.target)?) != self.stamp {
            return Err(WriteCause::Changed);
        }
        temp.persist(&self.target).map_err(|error| error.error)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_new_version_is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "one").unwrap();
        let (mut dropped, _) = Replacement::start(&path).unwrap();
        dropped.write(b"two").unwrap();
        drop(dropped);
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        let (mut late, _) = Replacement::start(&path).unwrap();
        late.write(b"two").unwrap();
        fs::write(&path, "somebody else's").unwrap();
        assert!(matches!(late.commit(), Err(WriteCause::Changed)));
        assert_eq!(fs::read_to_string(&path).unwrap(), "somebody else's");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn mode_and_links_stay() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a.txt"), folder.path().join("link.txt"));
        fs::write(&path, "one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let (mut new, _) = Replacement::start(&link).unwrap();
        new.write(b"two").unwrap();
        new.commit().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o440)).unwrap();
        assert!(matches!(Replacement::start(&path), Err(WriteCause::ReadOnly)));
    }
}
