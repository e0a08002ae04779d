//! Findings that were known before a run, by their fingerprints, and which of them it has met.

use super::Fingerprint;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// One entry of a side file.
pub(super) trait Entry {
    fn fingerprint(&self) -> &str;
    /// Of its document, from the folder of the config.
    fn path(&self) -> &str;
}

#[derive(Debug)]
pub(super) struct Known<E> {
    entries: Vec<E>,
    by_fingerprint: HashMap<String, usize>,
    paths: HashSet<String>,
    met: Vec<AtomicBool>,
    visited: Mutex<HashSet<String>>,
}

impl<E> Default for Known<E> {
    fn default() -> Self {
        Self { entries: Vec::new(), by_fingerprint: HashMap::new(), paths: HashSet::new(), met: Vec::new(), visited: Mutex::default() }
    }
}

impl<E: Entry> Known<E> {
    pub fn new(entries: Vec<E>) -> Self {
        Self {
            by_fingerprint: entries.iter().enumerate().map(|(index, entry)| (entry.fingerprint().to_string(), index)).collect(),
            paths: entries.iter().map(|entry| entry.path().to_string()).collect(),
            met: entries.iter().map(|_| AtomicBool::new(false)).collect(),
            visited: Mutex::default(),
            entries,
        }
    }

    pub fn entries(&self) -> &[E] {
        &self.entries
    }

    /// Notes that a document of this path is being looked at.
    pub fn visit(&self, path: &str) {
        if self.paths.contains(path) {
            self.visited.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_string());
        }
    }

    /// Whether it holds the finding, which then has been met.
    pub fn meets(&self, fingerprint: Fingerprint) -> bool {
        if self.entries.is_empty() {
            return false;
        }
        let Some(&index) = self.by_fingerprint.get(&fingerprint.to_string()) else { return false };
        self.met[index].store(true, Ordering::Relaxed);
        true
    }

    /// What was not met, although its file was looked at or is gone.
    pub fn unmet<'a>(&'a self, is_there: impl Fn(&str) -> bool + 'a) -> impl Iterator<Item = &'a E> {
        let visited = self.visited.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let unmet = self.entries.iter().zip(&self.met).filter(|(_, met)| !met.load(Ordering::Relaxed));
        unmet.map(|(entry, _)| entry).filter(move |entry| visited.contains(entry.path()) || !is_there(entry.path()))
    }
}
