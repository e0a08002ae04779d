//! Paths into files: folders are walked in a fixed order, and what cannot be an article is left out and counted.

use super::Shared;
use super::error::{Cause, InputError};
use super::kind::is_prose;
use ignore::{DirEntry, WalkBuilder};
use std::fs::{self, FileType};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    pub path: PathBuf,
    /// As reports name it.
    pub shown: String,
    /// The user named it, so that leaving it out silently would be wrong.
    pub named: bool,
}

/// How many files were left out, by reason.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub hidden: AtomicUsize,
    pub binary: AtomicUsize,
    pub other: AtomicUsize,
    pub links: AtomicUsize,
    pub special: AtomicUsize,
}

pub(super) fn count(counter: &AtomicUsize) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// The files that one path stands for, in order.
pub(super) fn sources(path: &Path, shared: &Arc<Shared>) -> Box<dyn Iterator<Item = Result<Source, InputError>> + Send> {
    let shown = path.to_string_lossy().into_owned();
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Box::new(folder(path, Arc::clone(shared))),
        Ok(_) if !shared.wants(path) => Box::new(std::iter::empty()),
        Ok(metadata) => Box::new(std::iter::once(match special(metadata.file_type()) {
            None => Ok(Source { path: path.to_path_buf(), shown, named: true }),
            Some(what) => Err(InputError::new(&shown, None, Cause::Special(what))),
        })),
        Err(error) => Box::new(std::iter::once(Err(InputError::new(&shown, None, error)))),
    }
}

/// The files of a folder: what its ignore files name and what is hidden is left out; links are not followed, so that none can lead
/// out of the folder or round in a circle.
fn folder(root: &Path, shared: Arc<Shared>) -> impl Iterator<Item = Result<Source, InputError>> + Send + use<> {
    let here = root == Path::new(".");
    let mut builder = WalkBuilder::new(root);
    // Hidden files are told apart below, where they can be counted.
    builder.require_git(false).hidden(false).sort_by_file_name(Ord::cmp);
    let filter = Arc::clone(&shared);
    builder.filter_entry(move |entry| !is_hidden(entry, &filter.tally) && !filter.ignores(entry));
    let root = root.to_string_lossy().into_owned();
    builder.build().filter_map(move |entry| {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => return Some(Err(walk_error(&root, &error))),
        };
        let file_type = entry.file_type()?;
        let tally = &shared.tally;
        if file_type.is_dir() {
            return None;
        } else if file_type.is_symlink() {
            count(&tally.links);
            return None;
        } else if special(file_type).is_some() {
            count(&tally.special);
            return None;
        } else if !is_prose(entry.path()) {
            count(&tally.other);
            return None;
        }
        if !shared.wants(entry.path()) {
            return None;
        }
        let path = match entry.path().strip_prefix(".") {
            Ok(short) if here => short.to_path_buf(),
            _ => entry.into_path(),
        };
        Some(Ok(Source { shown: path.to_string_lossy().into_owned(), path, named: false }))
    })
}

/// Hidden files are counted; hidden folders (`.git`) are nobody's articles.
fn is_hidden(entry: &DirEntry, tally: &Tally) -> bool {
    let hidden = entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".");
    if hidden && entry.file_type().is_some_and(|file_type| file_type.is_file()) {
        count(&tally.hidden);
    }
    hidden
}

/// What a path is that is neither file, folder nor link: reading it could block for ever, or never end.
#[cfg(unix)]
fn special(file_type: FileType) -> Option<&'static str> {
    use std::os::unix::fs::FileTypeExt;
    match file_type {
        kind if kind.is_fifo() => Some("named pipe"),
        kind if kind.is_socket() => Some("socket"),
        kind if kind.is_char_device() || kind.is_block_device() => Some("device"),
        _ => None,
    }
}

#[cfg(not(unix))]
fn special(_: FileType) -> Option<&'static str> {
    None
}

fn walk_error(root: &str, error: &ignore::Error) -> InputError {
    match error {
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => walk_error(root, err),
        ignore::Error::WithPath { path, err } => walk_error(&path.to_string_lossy(), err),
        ignore::Error::Io(error) => InputError::new(root, None, std::io::Error::from(error.kind())),
        other => InputError::new(root, None, Cause::Broken(other.to_string())),
    }
}
