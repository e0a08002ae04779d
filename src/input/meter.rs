//! How far reading has come, for whoever shows it: bytes off the disk, of as many as there are.

use super::{BadGlob, Options, Shared, walk};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts the bytes that all readers with the same options have taken from the disk; what is packed counts as it is packed. Clones
/// count together.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<AtomicU64>);

impl Meter {
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(super) fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn open(&self, path: &Path) -> io::Result<Metered> {
        Ok(Metered { file: File::open(path)?, meter: self.clone() })
    }
}

/// A file that is counted as it is read.
pub(super) struct Metered {
    file: File,
    meter: Meter,
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.file.read(buffer)?;
        self.meter.add(bytes as u64);
        Ok(bytes)
    }
}

/// Bytes of all files that `paths` stand for, as they lie on the disk: what the meter will show in the end. `None` where stdin is among
/// them. Looks at every file of a folder.
///
/// # Errors
/// Where a pattern of the options is none.
pub fn size(paths: &[PathBuf], options: Options) -> Result<Option<u64>, BadGlob> {
    let shared = Arc::new(Shared::new(options)?);
    let of = |path: &PathBuf| -> u64 {
        let files = walk::sources(path, &shared).flatten();
        files.filter_map(|source| fs::metadata(source.path).ok()).map(|file| file.len()).sum()
    };
    Ok(if paths.iter().any(|path| path.as_os_str() == "-") { None } else { Some(paths.iter().map(of).sum()) })
}
