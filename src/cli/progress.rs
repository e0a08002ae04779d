//! How far a run has come: a bar on a terminal once it takes more than a second, nothing else anywhere.

use crate::input::Meter;
use indicatif::{HumanBytes, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Runs that are over sooner are not worth a bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Between two looks at how far it is.
const TICK: Duration = Duration::from_millis(100);

pub(super) struct Progress {
    /// `None`: nothing is shown.
    shown: Option<(Arc<Shown>, JoinHandle<()>)>,
}

struct Shown {
    bar: ProgressBar,
    meter: Meter,
    /// How many bytes there are to read, once that is known.
    total: OnceLock<Option<u64>>,
    state: Mutex<State>,
}

struct State {
    started: Instant,
    /// `None` while the documents are read for what they tell of one another.
    check: Option<Check>,
    over: bool,
}

/// What the check has done so far.
struct Check {
    started: Instant,
    /// What the meter showed when it began.
    from: u64,
    documents: usize,
    findings: usize,
    /// Of the documents.
    bytes: u64,
}

impl Progress {
    /// `wanted` is false where nothing but the report may be shown; `size` counts the bytes that there are to read, which may take a while.
    pub fn new(wanted: bool, meter: &Meter, size: impl FnOnce() -> Option<u64> + Send + 'static) -> Self {
        if !wanted || !io::stderr().is_terminal() {
            return Self { shown: None };
        }
        let shown = Arc::new(Shown {
            bar: ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()),
            meter: meter.clone(),
            total: OnceLock::new(),
            state: Mutex::new(State { started: Instant::now(), check: None, over: false }),
        });
        let (counting, drawing) = (Arc::clone(&shown), Arc::clone(&shown));
        // Nobody waits for it: without the sum there is a bar without the time left.
        thread::spawn(move || counting.total.set(size()));
        let drawer = thread::spawn(move || {
            while drawing.draw() {
                thread::park_timeout(TICK);
            }
        });
        Self { shown: Some((shown, drawer)) }
    }

    /// The documents are being checked from here on.
    pub fn check(&self) {
        if let Some((shown, _)) = &self.shown {
            let from = shown.meter.bytes();
            shown.state().check = Some(Check { started: Instant::now(), from, documents: 0, findings: 0, bytes: 0 });
        }
    }

    /// Another document of so many bytes was checked; so many findings are there by now.
    pub fn step(&self, bytes: usize, findings: usize) {
        if let Some((shown, _)) = &self.shown
            && let Some(check) = &mut shown.state().check
        {
            check.documents += 1;
            check.findings = findings;
            check.bytes += bytes as u64;
        }
    }

    /// Writes, to the terminal while the bar is away, so that the two do not mix. It is drawn anew then, which is too much for each of
    /// many documents that have nothing to say. `write` is told whether the bar was there; it cannot ask the bar, which is locked meanwhile.
    pub fn aside<R>(&self, to_terminal: bool, write: impl FnOnce(bool) -> R) -> R {
        match &self.shown {
            Some((shown, _)) if to_terminal && !shown.bar.is_hidden() => shown.bar.suspend(|| write(true)),
            _ => write(false),
        }
    }
}

impl Drop for Progress {
    /// Takes the bar away.
    fn drop(&mut self) {
        if let Some((shown, drawer)) = self.shown.take() {
            shown.state().over = true;
            drawer.thread().unpark();
            let _ = drawer.join();
            shown.bar.finish_and_clear();
        }
    }
}

impl Shown {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings the bar up to date; false when all is over.
    fn draw(&self) -> bool {
        let state = self.state();
        if state.over {
            return false;
        }
        if state.started.elapsed() < PATIENCE {
            return true;
        }
        let total = self.total.get().copied().flatten();
        let (template, message) = match &state.check {
            None => ("{spinner} {msg}", format!("first look at the documents, {} read", HumanBytes(self.meter.bytes()))),
            Some(check) => {
                let elapsed = check.started.elapsed();
                let rate = check.bytes as f64 / elapsed.as_secs_f64().max(0.001);
                let mut message = format!("{} documents, {} findings, {}/s", check.documents, check.findings, HumanBytes(rate as u64));
                if let Some(total) = total {
                    let read = (self.meter.bytes() - check.from).min(total);
                    self.bar.set_length(total);
                    self.bar.set_position(read);
                    if read > 0 {
                        let left = elapsed.mul_f64((total - read) as f64 / read as f64);
                        message += &format!(", {:#} left", HumanDuration(left));
                    }
                }
                (if total.is_some() { "{bar:24} {msg}" } else { "{spinner} {msg}" }, message)
            }
        };
        drop(state);
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        self.bar.set_message(message);
        if self.bar.is_hidden() {
            // Last, or a bar would be drawn that lacks the rest.
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.tick();
        true
    }
}
