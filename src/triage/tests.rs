use super::*;
use crate::document::{Format, Origin};
use crate::finding::Details;
use crate::input;

const RULE: &str = "share-line";

/// A document in which every `Share` is a finding.
fn findings(document: &Document) -> Vec<Finding> {
    let at = |(at, found): (usize, &str)| Finding::new(RULE, Severity::Error, Span::new(at, at + found.len()), "");
    document.text.match_indices("Share").map(at).collect()
}

fn origin(path: &str) -> Origin {
    Origin { path: path.into(), ..Origin::default() }
}

fn sorted(triage: &Triage, document: Document) -> Checked {
    let findings = findings(&document);
    triage.sort(document, findings, |_| true)
}

fn lists(checked: &Checked) -> [usize; 3] {
    [checked.findings.len(), checked.suppressed.len(), checked.baselined.len()]
}

#[test]
fn a_comment_accepts_in_the_block_after_it() {
    let triage = Triage { unused: Some(Severity::Warning), ..Triage::default() };
    let markdown = "<!-- copydesk-ignore share-line: the point of the story -->\nShare this.\n\nShare that.\n";
    let checked = sorted(&triage, input::parse(origin("a.md"), Format::Markdown, markdown));
    assert_eq!(lists(&checked), [1, 1, 0]);
    let html = "<p>Share one <!-- copydesk-ignore other, share-line: why --> Share two</p><p>Share</p>";
    let checked = sorted(&triage, input::parse(origin("a.html"), Format::Html, html));
    let found: Vec<&str> = checked.findings.iter().map(|reported| &*reported.finding.rule).collect();
    assert_eq!((found, checked.suppressed.len()), (vec![UNUSED_ACCEPTANCE, RULE], 2));
    assert_eq!(lists(&sorted(&triage, Document::new(origin("a.txt"), markdown))), [2, 0, 0]);
}

#[test]
fn a_comment_behind_the_last_word_of_a_block_accepts_in_that_block() {
    let triage = Triage { unused: Some(Severity::Warning), ..Triage::default() };
    for (name, format, text) in [
        ("a.md", Format::Markdown, "*Share this.* <!-- copydesk-ignore share-line: why -->\n\nShare that.\n"),
        ("a.html", Format::Html, "<p>Share this.\n<!-- copydesk-ignore share-line: why --></p><p>Share that.</p>"),
    ] {
        let checked = sorted(&triage, input::parse(origin(name), format, text));
        assert_eq!(lists(&checked), [1, 1, 0], "{name}");
        assert!(checked.findings[0].finding.span.start > 5, "{name}: the second one is left");
    }
    // Behind everything there is nothing to accept, and that is told.
    let checked =
        sorted(&triage, input::parse(origin("a.md"), Format::Markdown, "Share this.\n\n<!-- copydesk-ignore share-line: why -->\n"));
    let found: Vec<&str> = checked.findings.iter().map(|reported| &*reported.finding.rule).collect();
    assert_eq!(found, [UNUSED_ACCEPTANCE, RULE]);
}

#[test]
fn there_is_no_fix_inside_what_was_accepted() {
    let text = "Share this this wall. <!-- copydesk-ignore share-line: why -->\n";
    let document =
        input::parse(origin("a.md"), Format::Markdown, format!("<!-- copydesk-ignore share-line: why -->\n{text}\nThis this.\n"));
    let fix = |span: Span| Some(crate::finding::Fix { edits: vec![Edit { span, text: String::new() }], safe: true });
    let at = |part: &str| document.text.find(part).map(|start| Span::new(start, start + part.len())).unwrap();
    let of = |rule: &str, span: Span| Finding::new(rule, Severity::Error, span, "").with(&Details { fix: fix(span), ..Details::default() });
    let line = at("Share this this wall.");
    let findings = vec![of(RULE, line), of("doubled", at(" this")), of("line", line), of("doubled", at("This this"))];
    let checked = Triage::default().sort(document, findings, |_| true);
    let fixable: Vec<bool> = checked.findings.iter().map(|reported| reported.finding.has_fix().is_some()).collect();
    // What takes all of it away takes the acceptance, too.
    assert_eq!((fixable, checked.suppressed.len()), (vec![false, true, true], 1));
}

#[test]
fn a_comment_that_is_shown_is_none() {
    let triage = Triage { unused: Some(Severity::Warning), ..Triage::default() };
    let markdown = "```\n<!-- copydesk-ignore share-line: why -->\n```\n\nShare, `<!-- copydesk-ignore share-line -->`.\n";
    assert_eq!(lists(&sorted(&triage, input::parse(origin("a.md"), Format::Markdown, markdown))), [1, 0, 0]);
}

#[test]
fn what_accepts_nothing_is_reported_where_its_rule_ran() {
    let triage = Triage { unused: Some(Severity::Warning), ..Triage::default() };
    let page = || input::parse(origin("a.md"), Format::Markdown, "<!-- copydesk-ignore share-line: why -->\nNothing here.\n");
    assert_eq!(&*triage.sort(page(), Vec::new(), |_| true).findings[0].finding.rule, UNUSED_ACCEPTANCE);
    assert!(triage.sort(page(), Vec::new(), |_| false).findings.is_empty());
}

#[test]
fn the_side_file_accepts_by_fingerprint() {
    let folder = tempfile::tempdir().unwrap();
    let (side, article) = (folder.path().join(accept::NAME), folder.path().join("a.txt"));
    std::fs::write(&article, "x").unwrap();
    let path = article.to_string_lossy().into_owned();
    let document = || Document::new(origin(&path), "One.\nShare this.\nShare \"that\".\n");
    let triage = Triage::new(folder.path());
    let checked = sorted(&triage, document());
    accept::add(&side, &checked.document, &triage.key(&path), &[&checked.findings[1]], "a: \"b\" #c", "2026-11-24").unwrap();
    assert!(std::fs::read_to_string(&side).unwrap().contains("  path: \"a.txt\"\n"));
    let load = || Triage { accepted: Accepted::load(&side).unwrap(), unused: Some(Severity::Warning), ..Triage::new(folder.path()) };
    let triage = load();
    assert_eq!(lists(&sorted(&triage, document())), [1, 1, 0]);
    assert!(triage.unused(|_, _| true).is_none());
    // Lines may move.
    assert_eq!(lists(&sorted(&triage, Document::new(origin(&path), "Share\n\n\nmore\nShare\n"))), [1, 1, 0]);
    // Not looked at: nothing can be said. Looked at and not found: reported at its place in the side file. Gone: too.
    let triage = load();
    assert!(triage.unused(|_, _| true).is_none());
    sorted(&triage, Document::new(origin(&path), "Share\n"));
    let unused = triage.unused(|_, _| true).unwrap();
    assert_eq!(unused.findings[0].finding.span.of(&unused.document.text), checked.findings[1].fingerprint.to_string());
    assert!(triage.unused(|rule, _| rule != RULE).is_none());
    std::fs::remove_file(&article).unwrap();
    assert!(load().unused(|_, _| true).is_some());
}

#[test]
fn a_broken_side_file_is_shown_at_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let side = folder.path().join(accept::NAME);
    std::fs::write(&side, "- fingerprint: a\n  rule: b\n  pth: c\n").unwrap();
    let Err(accept::AcceptedError::Invalid(flaw)) = Accepted::load(&side) else { panic!("it is not valid") };
    assert!(flaw.flaw.message.contains("unknown key `pth`"), "{flaw}");
}

#[test]
fn a_baseline_leaves_only_new_findings_and_names_what_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(baseline::NAME);
    let path = folder.path().join("a.txt").to_string_lossy().into_owned();
    std::fs::write(&path, "x").unwrap();
    let triage = Triage::new(folder.path());
    let old = sorted(&triage, Document::new(origin(&path), "Share\nShare\n"));
    let entries = old.findings.iter().map(|reported| baseline::Entry::new(&old.document, "a.txt", reported)).collect();
    baseline::write(&file, entries).unwrap();
    let load = || Triage { baseline: Baseline::load(&file).unwrap(), ..Triage::new(folder.path()) };
    let triage = load();
    assert_eq!(lists(&sorted(&triage, Document::new(origin(&path), "Moved.\n\nShare\nShare and Share\n"))), [1, 0, 2]);
    assert!(triage.gone(|_, _| true).is_empty());
    let triage = load();
    assert!(triage.gone(|_, _| true).is_empty(), "nothing was looked at yet");
    sorted(&triage, Document::new(origin(&path), "Share\n"));
    assert_eq!(triage.gone(|_, _| true).len(), 1);
    std::fs::write(&file, "{\"version\":9,\"findings\":[]}").unwrap();
    assert!(Baseline::load(&file).unwrap_err().to_string().contains("version 9"));
}

#[test]
fn paths_are_named_from_the_root() {
    let here = std::env::current_dir().unwrap();
    let triage = Triage::new(Path::new("."));
    for path in ["a/b.txt", "./a/b.txt", "a/./b.txt"] {
        assert_eq!(triage.key(path), "a/b.txt");
    }
    assert_eq!(triage.key(&here.join("a/b.txt").to_string_lossy()), "a/b.txt");
    assert_eq!(Triage::new(&here.join("a")).key("a/b.txt"), "b.txt");
    assert_eq!(Triage::new(&here.join("c")).key("a/b.txt"), "a/b.txt");
}
