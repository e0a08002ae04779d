//! Ctrl-C: the run ends in order, with what is done so far; a second one ends it at once.

use super::Exit;
use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C is a request. Where the system does not allow that, it stays what it was.
pub(super) fn listen() {
    let _ = ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::Relaxed) {
            std::process::exit(Exit::Failed as i32);
        }
    });
}

/// Whether somebody has asked the run to end.
pub(super) fn is_asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
