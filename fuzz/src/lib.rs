//! What the fuzz targets share: the rules, and what must hold of every document and every report.

use copydesk::check;
use copydesk::config::Config;
use copydesk::document::Document;
use copydesk::fix::{self, Choice, MAX_ROUNDS};
use copydesk::report::{Format, Look, RuleInfo};
use copydesk::rule::{RuleSet, Settings, load};
use copydesk::text::Span;
use copydesk::triage::{Checked, Summary, Triage};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tempfile::TempDir;

/// A name for each format, that the first byte of an input chooses from.
pub const NAMES: [&str; 18] = [
    "a.txt",
    "a.md",
    "a.html",
    "a.jsonl",
    "a.csv",
    "a.tsv",
    "a.parquet",
    "a.warc",
    "a.wet",
    "a.tar",
    "a.jsonl.gz",
    "a.jsonl.zst",
    "a.warc.gz",
    "a.txt.gz",
    "a.tgz",
    "a.tar.zst",
    "a.csv.gz",
    "a.html.zst",
];

/// A folder for the files of one run, in memory where the machine has such a place.
pub struct Scratch(TempDir);

impl Scratch {
    #[expect(clippy::new_without_default, reason = "it makes a folder")]
    pub fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        Self(folder.expect("a folder for the files"))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("the file can be written");
        path
    }
}

/// All built-in rules, those that are off by default too.
pub fn rules() -> &'static RuleSet {
    static RULES: OnceLock<RuleSet> = OnceLock::new();
    RULES.get_or_init(|| {
        let config = Config::of_profile("strict", load::profile).unwrap_or_else(|_| panic!("the profile does not load"));
        let settings = Settings { layers: config.layers, ..Settings::default() };
        RuleSet::load(load::built_in(), &settings).unwrap_or_else(|_| panic!("the built-in rules do not load"))
    })
}

pub fn checked(document: Document) -> Checked {
    let findings = check::document(&document, rules());
    for finding in &findings {
        holds(&document, finding.span);
        for label in &finding.details().related {
            if label.elsewhere.is_none() {
                holds(&document, label.span);
            }
        }
        for edit in finding.fix().iter().flat_map(|fix| &fix.edits) {
            holds(&document, edit.span);
        }
    }
    Triage::default().sort(document, findings, |_| true)
}

/// A span lies in its text, between characters, and its place in the source is one, too.
pub fn holds(document: &Document, span: Span) {
    assert!(document.text.get(span.start..span.end).is_some(), "{span:?} is no part of the text");
    let source = document.to_source(span);
    assert!(document.source().get(source.start..source.end).is_some(), "{source:?} is no part of the source");
}

/// Blocks and words are in order and inside the text.
pub fn well_formed(document: &Document) {
    let mut end = 0;
    for block in &document.blocks {
        assert!(block.span.start >= end, "blocks overlap");
        end = block.span.end;
        holds(document, block.span);
    }
    let mut end = 0;
    for word in &document.words {
        assert!(word.span().start >= end, "words overlap");
        end = word.span().end;
        assert!(document.text.get(word.span().start..word.span().end).is_some());
    }
}

/// What is written must not drive a terminal: no control character but the line break and our own colours.
pub fn reported(checked: &Checked) {
    let infos: Vec<RuleInfo> = rules()
        .rules
        .iter()
        .map(|rule| RuleInfo {
            id: rule.id.clone(),
            group: rule.group.clone(),
            severity: rule.severity,
            summary: rule.summary.clone(),
            why: rule.why.clone().unwrap_or_default(),
            help: None,
        })
        .collect();
    for format in Format::ALL {
        let look = Look { color: false, width: 80, unicode: true };
        let mut out = Vec::new();
        let mut reporter = format.reporter(look, &infos, false);
        reporter.begin(&mut out).expect("memory can be written to");
        let mut summary = Summary::default();
        summary.add(checked);
        reporter.document(checked, &mut out).expect("memory can be written to");
        reporter.finish(&summary, &mut out).expect("memory can be written to");
        let text = String::from_utf8(out).expect("a report is UTF-8");
        let bad = text
            .chars()
            .find(|&c| c.is_control() && !matches!(c, '\n' | '\t') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
        assert!(bad.is_none() || format != Format::Pretty && format != Format::Concise, "{bad:?} in a {} report", format.name());
    }
}

/// A fix that ends before its last round leaves nothing behind that it claims to mend: a second one changes nothing.
pub fn mended(checked: Checked) {
    let again = |document: Document| self::checked(document);
    let first = fix::mend(checked, Choice::Safe, again);
    let Some(after) = first.after else { return };
    let text = after.document.source().clone();
    let second = fix::mend(after, Choice::Safe, again);
    // Rules that undo one another's work are barred in one run and tried again in the next; and there are only so many rounds.
    let ended = first.applied.iter().all(|applied| applied.round < MAX_ROUNDS);
    assert!(!ended || !first.barred.is_empty() || *second.last().document.source() == text, "a second fix changes the text again");
}
