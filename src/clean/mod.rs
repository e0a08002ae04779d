//! A corpus written again: each document mended as far as rules can mend it, and sorted by what is left to do.
//!
//! [`Cleaner`] judges one document, on any thread and with nothing written. [`run`] writes a corpus again in its own formats:
//! a version of each file for each [`Verdict`], a ledger of all edits, and a journal by which a run that was killed goes on and
//! by which [`restore`] rebuilds the originals.

mod archive;
mod columns;
mod copying;
mod desk;
mod journal;
mod member;
mod output;
mod piece;
mod report;
mod restore;
mod run;
mod table;
mod tally;
mod tar;
#[cfg(test)]
mod tests;
mod verdict;
mod versions;
mod warc;

pub use journal::JournalError;
pub use report::text as report_text;
pub use restore::{RebuildError, Rebuilt, is_run, restore};
pub use run::{CleanError, End, Job, Outcome, PART, Step, Unread, run};
pub use tally::{Documents, Edits, Tally};
pub use verdict::{Cleaned, Cleaner, Policy, Reason, Verdict};
