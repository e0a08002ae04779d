//! Where a rule applies: the `where:` of its file, checked.

use super::file::ScopeFile;
use crate::document::{BlockKind, Document, Format};
use crate::text::Span;
use crate::yaml::Flaw;
use globset::{Glob, GlobSet, GlobSetBuilder};

/// Which documents, and which parts of them.
#[derive(Debug)]
pub struct Scope {
    languages: Vec<String>,
    formats: Vec<Format>,
    paths: Option<GlobSet>,
    first_blocks: Option<usize>,
    last_blocks: Option<usize>,
    blocks: Vec<BlockKind>,
    main: bool,
    max_words: Option<usize>,
    about_code: bool,
}

impl Scope {
    pub fn new(file: ScopeFile) -> Result<Self, Vec<Flaw>> {
        let mut flaws = Vec::new();
        let mut globs = GlobSetBuilder::new();
        for pattern in &file.paths {
            match Glob::new(&pattern.value) {
                Ok(glob) => drop(globs.add(glob)),
                Err(error) => flaws.push(Flaw::new(pattern.at, format!("bad glob: {}", error.kind()), "this glob")),
            }
        }
        for language in &file.languages {
            if !(2..=3).contains(&language.value.len()) || !language.value.bytes().all(|byte| byte.is_ascii_lowercase()) {
                flaws.push(Flaw::new(language.at, format!("`{}` is no language code", language.value), "write `en`, `de`, `fr` …"));
            }
        }
        let paths = if file.paths.is_empty() { None } else { globs.build().ok() };
        let languages = file.languages.into_iter().map(|language| language.value).collect();
        if flaws.is_empty() {
            Ok(Self {
                languages,
                formats: file.formats,
                paths,
                first_blocks: file.first_blocks,
                last_blocks: file.last_blocks,
                blocks: file.blocks,
                main: file.main,
                max_words: file.max_words,
                about_code: file.about_code,
            })
        } else {
            Err(flaws)
        }
    }

    /// Whether the rule looks at this document at all. What costs something is asked last, by [`Self::speaks`].
    pub fn admits(&self, document: &Document) -> bool {
        (self.formats.is_empty() || self.formats.contains(&document.format))
            && self.max_words.is_none_or(|most| document.words.len() <= most)
            && self.paths.as_ref().is_none_or(|paths| paths.is_match(&document.origin.path))
    }

    /// Whether the document is in one of the rule's languages, and on a matter that it is for. To tell these costs more than most detectors do.
    pub fn speaks(&self, document: &Document) -> bool {
        let speaks = self.languages.is_empty()
            || document.language().is_some_and(|language| self.languages.iter().any(|code| code == language.code));
        speaks && (self.about_code || !document.is_technical())
    }

    /// Whether a finding at this place counts.
    pub fn holds(&self, span: Span, document: &Document) -> bool {
        let anywhere = self.first_blocks.is_none() && self.last_blocks.is_none();
        // Only a page has more than its article; and what a plain text lacks at its end stands in no block.
        let main = self.main && document.format == Format::Html;
        if anywhere && self.blocks.is_empty() && !main {
            return true;
        }
        let Some(index) = document.block_at(span.start) else { return false };
        let block = &document.blocks[index];
        if (main && !block.main) || !(self.blocks.is_empty() || self.blocks.contains(&block.kind)) {
            return false;
        }
        anywhere
            || self.first_blocks.is_some_and(|first| index < first)
            || self.last_blocks.is_some_and(|last| index + last >= document.blocks.len())
    }
}
