//! The Python package: the linter over texts and over tables that lie in Arrow memory. Built only with the feature `python`.
//!
//! Nothing is decided here: a table's rows become documents, findings become rows, and each error an exception with the same
//! message and place. The interpreter is let go while rules run.

mod columns;
mod digest;
mod error;
mod finding;
mod hearing;
mod index;
mod linter;
mod read;
mod rows;
mod schema;
mod voices;

use pyo3::prelude::*;

/// The part of the package `copydesk` that is written in Rust.
#[pymodule]
mod _core {
    #[pymodule_export]
    use super::digest::{digest_batch, like_batch, near_batch};
    #[pymodule_export]
    use super::error::{ConfigError, Error, RuleError};
    #[pymodule_export]
    use super::finding::{Cleaned, Edit, Finding, Fix, Related, restore};
    #[pymodule_export]
    use super::hearing::{Census, Hearing};
    #[pymodule_export]
    use super::index::{Index, index, merge};
    #[pymodule_export]
    use super::linter::Linter;
    #[pymodule_export]
    use super::voices::{Used, answer_batch, near_names, roll_merge, roll_voices, slip_batch, term_batch, voice_batch};

    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "a name of Python")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
