//! A corpus written again: each document mended as far as rules can mend it, and sorted by what is left to do.
//!
//! [`Cleaner`] judges one document, on any thread and with nothing written.

mod verdict;

pub use verdict::{Cleaned, Cleaner, Policy, Reason, Verdict};
