//! One expression of the kind `furniture`, compiled when a line is first tried.

use super::layout::Line;
use crate::detect::expression::{LineTest, Outline, Syntax};
use crate::detect::pattern::MAX_SIZE;
use crate::document::Document;
use crate::yaml::{Flaw, Placed};
use std::sync::OnceLock;

/// An expression that is compiled when its literal is first met.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) source: String,
    /// Matches whole lines.
    pub(super) whole: bool,
    pub(super) max_words: usize,
    pub(super) times: usize,
    pub(super) header: bool,
    test: OnceLock<Option<LineTest>>,
}

impl Compiled {
    pub(super) fn new(source: &Placed<String>, anchors: (&str, &str), max_words: usize) -> Result<(Self, Option<Vec<String>>), Flaw> {
        let anchored = format!("{}{}{}", anchors.0, source.value, anchors.1);
        match Outline::of(&anchored, Syntax::Line) {
            Ok(outline) => {
                let compiled =
                    Self { source: anchored, whole: anchors.1 == ")$", max_words, times: 1, header: false, test: OnceLock::new() };
                Ok((compiled, outline.literals))
            }
            Err(error) => Err(Flaw::new(source.at, "bad regex", "this expression")
                .help(format!("{error}; expressions of this kind are ASCII: write other characters as (?:a|b), not in [ ]"))),
        }
    }

    pub(super) fn build(&self, limit: usize) -> Result<LineTest, String> {
        LineTest::new(&self.source, limit)
    }

    pub(super) fn fits(&self, document: &Document, line: &Line) -> bool {
        line.words as usize <= self.max_words && self.is_match(line.plain(document))
    }

    pub(super) fn is_match(&self, line: &str) -> bool {
        // Held to compile by the tests (built-in rules) or when its rule was loaded.
        self.test.get_or_init(|| self.build(MAX_SIZE).ok()).as_ref().is_some_and(|test| test.is_match(line.as_bytes()))
    }
}
