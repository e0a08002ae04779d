//! How far a run has come: a bar on a terminal once it takes more than a second, nothing else anywhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Runs that are over sooner are not worth a bar.
const PATIENCE: Duration = Duration::from_secs(1);

pub(super) struct Progress {
    bar: Option<ProgressBar>,
    started: Instant,
    documents: u64,
    /// How many bytes there are to read, where that can be told.
    total: Option<u64>,
}

impl Progress {
    /// `wanted` is false where nothing but the report may be shown.
    pub fn new(wanted: bool, paths: &[PathBuf]) -> Self {
        let is_shown = wanted && io::stderr().is_terminal();
        let bar = is_shown.then(|| ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()));
        Self { bar, started: Instant::now(), documents: 0, total: if is_shown { total(paths) } else { None } }
    }

    /// Another document of so many bytes was read.
    pub fn step(&mut self, bytes: usize, findings: usize) {
        let Some(bar) = &self.bar else { return };
        self.documents += 1;
        bar.inc(bytes as u64);
        if bar.is_hidden() && self.started.elapsed() > PATIENCE {
            bar.set_length(self.total.unwrap_or(0));
            let template = match self.total {
                Some(_) => "{bar:24} {msg}, {bytes_per_sec}, {eta} left",
                None => "{spinner} {msg}, {bytes_per_sec}",
            };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar.set_message(self.message(findings));
            // Last, or a bar would be drawn that lacks the rest.
            bar.set_draw_target(ProgressDrawTarget::stderr());
        } else if !bar.is_hidden() {
            bar.set_message(self.message(findings));
        }
    }

    fn message(&self, findings: usize) -> String {
        format!("{} documents, {findings} findings", self.documents)
    }

    /// Whether the bar stands on the terminal.
    pub fn is_shown(&self) -> bool {
        self.bar.as_ref().is_some_and(|bar| !bar.is_hidden())
    }

    /// Writes while the bar is away, so that the two do not mix on one terminal.
    pub fn aside<R>(&self, write: impl FnOnce() -> R) -> R {
        match &self.bar {
            Some(bar) if self.is_shown() => bar.suspend(write),
            _ => write(),
        }
    }

    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Bytes of all the paths, where each is a file as it is: what is in folders or compressed is not known before it is read.
fn total(paths: &[PathBuf]) -> Option<u64> {
    let size = |path: &PathBuf| {
        let is_packed = path.extension().is_some_and(|ending| matches!(ending.to_str(), Some("gz" | "zst" | "zstd" | "tgz" | "parquet")));
        std::fs::metadata(path).ok().filter(|metadata| metadata.is_file() && !is_packed).map(|metadata| metadata.len())
    };
    paths.iter().map(size).sum()
}
