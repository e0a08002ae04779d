//! copydesk: a content-integrity linter for scraped articles.
//!
//! One way in, one direction:
//!
//! ```text
//! input ─▶ document ─┐
//!                    ├─ check ─▶ findings ─▶ triage ─▶ report
//! rule files ─▶ rule ┘
//! ```

pub mod check;
pub mod clean;
pub mod cli;
pub mod config;
pub mod corpus;
pub mod detect;
pub mod document;
pub mod eval;
pub mod finding;
pub mod fix;
pub mod input;
pub mod ledger;
pub mod lexicon;
pub mod lsp;
pub mod pipeline;
pub mod reference;
pub mod report;
pub mod rule;
pub mod selftest;
pub mod text;
pub mod triage;
pub mod yaml;
