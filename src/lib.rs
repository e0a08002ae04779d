//! copydesk: a content-integrity linter for scraped articles.
//!
//! One way in, one direction:
//!
//! ```text
//! input ─▶ document ─┐
//!                    ├─ check ─▶ findings ─▶ triage ─▶ report
//! rule files ─▶ rule ┘
//! ```
//!
//! As a library, a text and the built-in rules are enough:
//!
//! ```
//! use copydesk::{Document, RuleSet, check};
//!
//! let rules = RuleSet::built_in();
//! let document = Document::from_text("The council voted on Monday to close the the old harbour.\n");
//! let findings = check(&document, &rules);
//! assert_eq!(&*findings[0].rule, "doubled-word");
//! assert_eq!(findings[0].span.of(&document.text), "the the");
//! ```

mod beside;
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
pub mod hearing;
pub mod input;
pub mod ledger;
pub mod lexicon;
pub mod lsp;
pub mod pipeline;
#[cfg(feature = "python")]
mod python;
pub mod reference;
pub mod report;
pub mod rule;
pub mod selftest;
pub mod setup;
pub mod text;
pub mod triage;
pub mod yaml;

pub use document::Document;
pub use finding::{Finding, Severity};
pub use rule::RuleSet;
pub use text::Span;

/// Everything that the rules which are on find in the document, in the order of its text.
///
/// Spans are half-open byte ranges of [`Document::text`]. A document stands alone here: what only other documents could tell is
/// found by [`check::document_beside`].
///
/// ```
/// use copydesk::document::Origin;
/// use copydesk::{Document, RuleSet, Severity, check};
///
/// let origin = Origin { path: "harbour.txt".into(), ..Origin::default() };
/// let document = Document::new(origin, "The harbour closed on Monday.\nRead more: https://tide.example/harbour\n");
/// let grave = check(&document, &RuleSet::built_in()).into_iter().filter(|finding| finding.severity >= Severity::Warning);
/// for finding in grave {
///     let place = document.position(finding.span.start);
///     println!("{}:{}: {}", place.line, place.column, finding.message());
/// }
/// ```
pub fn check(document: &Document, rules: &RuleSet) -> Vec<Finding> {
    check::document(document, rules)
}
