use super::*;
use crate::document::{Format, Origin, Record};
use crate::finding::{Details, Edit, Finding, Fix, Severity};
use crate::input;
use crate::ledger::{self, Ledger};
use crate::triage::Triage;
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};

/// Finds each of the words, and puts the other in its place.
fn swaps(document: Document, swaps: &[(&str, &str)]) -> Checked {
    let mut findings = Vec::new();
    for &(wrong, right) in swaps {
        for (at, found) in document.text.match_indices(wrong) {
            findings.push(finding(wrong, Span::new(at, at + found.len()), right));
        }
    }
    findings.sort_by_key(|finding: &Finding| finding.span);
    Triage::default().sort(document, findings, |_| true)
}

fn finding(rule: &str, span: Span, text: &str) -> Finding {
    let fix = Some(Fix { edits: vec![Edit { span, text: text.into() }], safe: true });
    Finding::new(rule, Severity::Error, span, "").with(&Details { fix, ..Details::default() })
}

/// The same as a copy of what stands there.
fn copy_of(first: Span, finding: Finding) -> Finding {
    let details = Details { copy_of: Some(first), ..finding.details() };
    finding.with(&details)
}

fn mended(document: Document, words: &[(&str, &str)]) -> Mended {
    let check = |document| swaps(document, words);
    mend(check(document), Choice::Safe, check)
}

fn text(text: &str, words: &[(&str, &str)]) -> (String, Vec<RuleId>) {
    let mended = mended(Document::from_text(text), words);
    (mended.last().document.source().to_string(), mended.barred)
}

#[test]
fn rounds_go_on_until_nothing_is_left() {
    assert_eq!(text("aabb ab", &[("ab", "")]).0, " ");
    assert_eq!(text("one two", &[("one", "two"), ("two", "three")]).0, "three three");
}

#[test]
fn edits_that_overlap_are_made_one_after_the_other() {
    // `ana` stands in `banana` twice; once the first is gone, the second is too.
    assert_eq!(text("banana", &[("ana", "")]).0, "bna");
}

#[test]
fn emphasis_goes_with_its_last_word_and_stays_with_the_others() {
    let fixed = |source: &str, words: &[(&str, &str)]| {
        let mended = mended(input::parse(Origin::default(), Format::Markdown, source), words);
        (mended.last().document.source().to_string(), mended.barred)
    };
    let the = [("the the", "the")];
    assert_eq!(fixed("Raise **the** *the* wall.", &the).0, "Raise **the** wall.");
    assert_eq!(fixed("Raise *the* **_the_** the wall.", &[("the the the", "the")]).0, "Raise *the* wall.");
    assert_eq!(fixed("Raise *the the* wall.", &the).0, "Raise *the* wall.");
    // Without its first word, `* wall*` would be no emphasis but two stars.
    let (text, barred) = fixed("Raise the *the wall* now.", &[("the the", "the")]);
    assert_eq!((text.as_str(), barred), ("Raise the *the wall* now.", vec!["the the".into()]));
}

/// The Markdown after taking the words out, and whether all of them could be.
fn without(source: &str, word: &str) -> (String, bool) {
    let mended = mended(input::parse(Origin::default(), Format::Markdown, source), &[(word, "")]);
    (mended.last().document.source().to_string(), mended.barred.is_empty())
}

#[test]
fn links_escapes_and_list_items_go_with_what_they_stood_around() {
    for (source, word, left) in [
        ("See [Share](https://news.example/a_(b) \"x\") now.\n", "Share", "See  now.\n"),
        ("See [**Share**][1] now.\n\n[1]: https://news.example\n", "Share", "See  now.\n\n[1]: https://news.example\n"),
        ("See [Share *this*](https://news.example) now.\n", "Share this", "See  now.\n"),
        ("See [the Share](https://news.example) now.\n", "Share", "See [the ](https://news.example) now.\n"),
        ("| Back \\| Print \\| |\n\nIt rained.\n", "| Back | Print | |", "\n\nIt rained.\n"),
        ("All \\*Share.\n", "*Share", "All .\n"),
        ("Ends\n+ Share\n+ Walls\n", "Share", "Ends\n+ Walls\n"),
        ("> - Share\n> - Walls\n", "Share", "> - Walls\n"),
        ("It rained.\n- Share\n\nIt poured.\n", "Share", "It rained.\n\nIt poured.\n"),
        ("## Share\nIt rained.\n", "Share", "\nIt rained.\n"),
        ("1. Walls\n2. Share\n", "Share", "1. Walls\n"),
    ] {
        assert_eq!(without(source, word), (left.to_string(), true), "{source:?}");
    }
    // Brackets that are text, and a backslash that is.
    assert_eq!(without("An [old] wall.\n", "old").0, "An [] wall.\n");
    assert_eq!(without("A wall\\\\. Yes.\n", ". Yes").0, "A wall\\\\.\n");
}

#[test]
fn what_taking_out_brings_out_is_taken_out_too() {
    // Each line is found only once it is the first.
    let check = |document: Document| {
        let first = document.text.find('\n').filter(|_| document.text.starts_with("Share"));
        let findings = first.map(|end| finding("share", Span::new(0, end + 1), "")).into_iter().collect();
        Triage::default().sort(document, findings, |_| true)
    };
    let mended = mend(check(Document::from_text("Share.\nShare it.\nShare all.\nEnd.\n")), Choice::Safe, check);
    assert_eq!((&**mended.last().document.source(), mended.barred.len()), ("End.\n", 0));
}

#[test]
fn a_fix_that_does_not_mend_is_taken_back() {
    let (fixed, barred) = text("stop and go", &[("stop", "stop!"), ("go", "went")]);
    assert_eq!((fixed.as_str(), barred), ("stop and went", vec!["stop".into()]));
    let mended = mended(Document::from_text("stop"), &[("stop", "stop!")]);
    assert!(mended.last().findings.iter().all(|reported| reported.finding.has_fix().is_none()), "claimed in vain");
    let (fixed, barred) = text("left", &[("left", "right"), ("right", "left")]);
    assert_eq!(fixed, "right");
    assert_eq!(barred, ["right".into()]);
}

#[test]
fn no_report_claims_a_fix_after_which_markdown_reads_otherwise() {
    // `mend` takes the first one back, too.
    for (source, claimed) in [("Raise the *the wall* now.", false), ("Raise *the the* wall.", true)] {
        let document = input::parse(Origin::default(), Format::Markdown, source);
        let checked = tenable(swaps(document, &[("the the", "the"), ("now", "soon")]));
        let of = |rule: &str| {
            checked.findings.iter().find(|reported| *reported.finding.rule == *rule).map(|found| found.finding.has_fix().is_some())
        };
        assert_eq!(of("the the"), Some(claimed), "{source}");
        assert_ne!(of("now"), Some(false), "{source}");
    }
}

#[test]
fn a_fix_is_not_blamed_for_what_another_brings_out() {
    // With `á` gone, the second face stands before a blank; the fix of the first is right all the same.
    let words = [("á", ""), ("😀 ", "x")];
    let document = input::parse(Origin::default(), crate::document::Format::Markdown, "😀\n😀á ab\n");
    let mended = mended(document, &words);
    assert_eq!((&**mended.last().document.source(), mended.barred.len()), ("xxab\n", 0));
}

#[test]
fn a_text_that_was_not_kept_is_no_way_back() {
    // To take out the first line seems to mend nothing while its copy is there; to take out the copy leaves the same text.
    let check = |document: Document| {
        let mut findings = Vec::new();
        if document.text.starts_with("Share.\n") {
            findings.push(finding("stray", Span::new(0, 7), ""));
        }
        if document.text.starts_with("Share.\nShare.\n") {
            findings.push(copy_of(Span::new(0, 6), finding("repeat", Span::new(7, 14), "")));
        }
        Triage::default().sort(document, findings, |_| true)
    };
    let mended = mend(check(Document::from_text("Share.\nShare.\nEnd.\n")), Choice::Safe, check);
    assert_eq!((&**mended.last().document.source(), mended.fixes, mended.barred.len()), ("End.\n", 2, 0));
}

#[test]
fn of_two_copies_one_stays() {
    let document = Document::from_text("Share this.\nShare this.\n");
    let check = |document: Document| {
        let mut findings = Vec::new();
        if document.text.matches("Share").count() == 2 {
            findings.push(finding("residue", Span::new(0, 12), ""));
            findings.push(copy_of(Span::new(0, 11), finding("repeat", Span::new(12, 24), "")));
        }
        Triage::default().sort(document, findings, |_| true)
    };
    let mended = mend(check(document), Choice::Safe, check);
    assert_eq!(&**mended.last().document.source(), "Share this.\n");
    assert_eq!(mended.fixes, 1);
}

#[test]
fn unsafe_fixes_and_damaged_files_are_left_alone() {
    let check = |document: Document| {
        let mut checked = swaps(document, &[("bad", "good")]);
        for finding in checked.findings.iter_mut().map(|found| &mut found.finding) {
            let fix = finding.fix().map(|fix| Fix { safe: false, ..fix });
            *finding = finding.clone().with(&Details { fix, ..Details::default() });
        }
        checked
    };
    assert!(mend(check(Document::from_text("bad")), Choice::Safe, check).after.is_none());
    assert_eq!(mend(check(Document::from_text("bad")), Choice::All, check).fixes, 1);
    let damaged = Document::new(Origin { damaged: true, ..Origin::default() }, "bad");
    assert!(mend(check(damaged), Choice::All, check).after.is_none());
}

#[test]
fn markup_stays_where_it_was() {
    let page = "<p>The Foreign <b>Min</b>ster &amp; wife</p>";
    let document = input::parse(Origin::default(), crate::document::Format::Html, page);
    let mended = mended(document, &[("Minster & wife", "Minister & <wife>")]);
    assert_eq!(&**mended.last().document.source(), "<p>The Foreign <b>Minister &amp; &lt;wife></b></p>");
}

/// Writes `bytes` to a file, mends it, and gives it back with its ledger, still in its folder.
fn on_disk(name: &str, bytes: &[u8], words: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    fix_file(&path, &folder.path().join("ledger"), words).unwrap();
    let after = fs::read(&path).unwrap();
    (folder, path, after)
}

fn fix_file(path: &Path, ledger: &Path, words: &[(&str, &str)]) -> Result<(), WriteError> {
    let mut writer = Writer::new(Some(Ledger::open(ledger).unwrap()));
    for raw in input::read(vec![path.to_path_buf()], input::Options::default()).unwrap() {
        if let Ok(Some(document)) = raw.and_then(input::Raw::into_document) {
            writer.take(&mended(document, words))?;
        }
    }
    writer.finish()
}

fn restored(folder: &Path) -> Restored {
    restore(&ledger::read(&folder.join("ledger")).unwrap())
}

#[test]
fn files_come_back_to_the_byte() {
    let words = [("Minster", "Minister"), ("café", "Café")];
    let latin =
        encoding_rs::WINDOWS_1252.encode("The Minster sat in the café “Höß” all Monday long, über drei Stunden.\r\n").0.into_owned();
    let wide: Vec<u8> = "\u{feff}The Minster at the café.\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in ["\u{feff}The Minster.\r\nThe café\r\n".as_bytes(), &latin, &wide] {
        let (folder, path, after) = on_disk("a.txt", bytes, &words);
        assert_ne!(after, bytes);
        let outcome = restored(folder.path());
        assert!(outcome.errors.is_empty(), "{:?}", outcome.errors);
        assert_eq!(outcome.restored, 1);
        assert_eq!(fs::read(&path).unwrap(), bytes);
        assert_eq!(restored(folder.path()).unchanged, 1);
    }
    let (_folder, _, after) = on_disk("a.txt", &latin, &words);
    assert_eq!(
        after,
        encoding_rs::WINDOWS_1252.encode("The Minister sat in the Café “Höß” all Monday long, über drei Stunden.\r\n").0.as_ref()
    );
}

#[test]
fn of_a_record_only_the_edited_piece_changes() {
    let lines = "\u{feff}{\"text\" : \"The \\u004dinster \\/ caf\\u00e9\", \"x\":[1.0,  2]}\r\n\n{\"id\":7,\"text\":\"ok\"}\nnot json\n{\"text\":\"Minster é\"}";
    let (folder, path, after) = on_disk("n.jsonl", lines.as_bytes(), &[("Minster", "“Minister”")]);
    let expected = lines.replace("\\u004dinster", "\\u201cMinister\\u201d").replace("\"Minster é", "\"“Minister” é");
    assert_eq!(String::from_utf8(after).unwrap(), expected);
    let entries = ledger::read(&folder.path().join("ledger")).unwrap();
    assert_eq!(entries[0].record.as_ref().unwrap().line, 1);
    assert_eq!((entries[0].removed.as_str(), entries[0].removed_json.as_deref()), ("Minster", Some("\\u004dinster")));
    let outcome = restored(folder.path());
    assert_eq!((outcome.restored, outcome.errors.len()), (2, 0));
    assert_eq!(fs::read_to_string(&path).unwrap(), lines);
}

#[test]
fn several_runs_share_a_ledger() {
    for name in ["a.txt", "a.jsonl"] {
        let original = if name == "a.txt" { "one two" } else { "{\"text\":\"one two\"}\n{\"text\":\"three\"}\n" };
        let (folder, path, _) = on_disk(name, original.as_bytes(), &[("one", "1")]);
        fix_file(&path, &folder.path().join("ledger"), &[("two", "2"), ("three", "3")]).unwrap();
        assert!(!fs::read_to_string(&path).unwrap().contains("two"));
        assert!(restored(folder.path()).errors.is_empty());
        assert_eq!(fs::read_to_string(&path).unwrap(), original);
    }
}

#[test]
fn what_was_changed_since_is_not_restored() {
    let (folder, path, _) = on_disk("a.txt", b"one", &[("one", "two")]);
    fs::write(&path, "two and more").unwrap();
    assert!(matches!(restored(folder.path()).errors[0].cause, WriteCause::NotAsLeft));
    assert_eq!(fs::read_to_string(&path).unwrap(), "two and more");
}

#[test]
fn nothing_is_written_over_a_change() {
    let folder = tempfile::tempdir().unwrap();
    for (name, old, new) in [("a.txt", "one", "one and more"), ("a.jsonl", "{\"text\":\"one\"}", "{\"text\":\"one and more\"}")] {
        let path = folder.path().join(name);
        fs::write(&path, old).unwrap();
        let raw = input::read(vec![path.clone()], input::Options::default()).unwrap().next().unwrap();
        let mended = mended(raw.unwrap().into_document().unwrap().unwrap(), &[("one", "two")]);
        fs::write(&path, new).unwrap();
        let mut writer = Writer::new(None);
        let failed = writer.take(&mended).and_then(|_| writer.finish()).unwrap_err();
        assert!(matches!(failed.cause, WriteCause::Changed));
        assert_eq!(fs::read_to_string(&path).unwrap(), new);
    }
}

#[test]
fn what_is_packed_is_refused() {
    let record = Record { line: 1, id: None, field: "text".into() };
    for origin in [
        Origin { path: "a.jsonl.gz".into(), record: Some(record.clone()), ..Origin::default() },
        Origin { path: "a.csv".into(), record: Some(record), ..Origin::default() },
        Origin { path: "a.txt.zst".into(), ..Origin::default() },
    ] {
        let mended = mended(Document::new(origin, "one"), &[("one", "two")]);
        assert!(matches!(Writer::new(None).take(&mended).unwrap_err().cause, WriteCause::Packed));
    }
}

#[test]
fn what_comes_after_a_record_that_cannot_be_written_is_not_mended() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl");
    let lines = "{\"text\":\"one\"}\n{\"text\":\"one\"}\n{\"text\":\"one\"}\n";
    fs::write(&path, lines).unwrap();
    let raws = input::read(vec![path.clone()], input::Options::default()).unwrap();
    let mended: Vec<Mended> = raws.map(|raw| mended(raw.unwrap().into_document().unwrap().unwrap(), &[("one", "two")])).collect();
    // The second was changed meanwhile.
    let changed = lines.replacen("\n{\"text\":\"one\"}", "\n{\"text\":\"won\"}", 1);
    fs::write(&path, &changed).unwrap();
    let mut writer = Writer::new(None);
    assert!(writer.take(&mended[0]).unwrap());
    assert!(matches!(writer.take(&mended[1]).unwrap_err().cause, WriteCause::Changed));
    assert!(!writer.take(&mended[2]).unwrap());
    writer.finish().unwrap();
    assert_eq!((writer.files, writer.fixes), (0, 0));
    assert_eq!(fs::read_to_string(&path).unwrap(), changed);
}

#[test]
fn an_archive_is_not_written_in_place() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("a.tar").to_string_lossy().into_owned();
    fs::write(&archive, "not looked at").unwrap();
    let mut writer = Writer::new(None);
    let record = |path: String, line| Origin { path, record: Some(Record { line, id: None, field: "text".into() }), ..Origin::default() };
    let inner = |line| mended(Document::new(record(format!("{archive}/day/b.jsonl"), line), "one"), &[("one", "two")]);
    let failed = writer.take(&inner(1)).unwrap_err();
    assert!(matches!(failed.cause, WriteCause::Packed) && failed.path == archive, "{failed}");
    // It is said once.
    assert!(!writer.take(&inner(2)).unwrap());
    assert!(!writer.take(&mended(Document::new(record(archive.clone(), 3), "one"), &[("one", "two")])).unwrap());
}

#[test]
fn an_encoding_that_lacks_a_letter_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    let latin = encoding_rs::WINDOWS_1252
        .encode("Die Brücke über die Ems wird für drei Jahre gesperrt, sagte Bürgermeister Jürgen Höß.")
        .0
        .into_owned();
    fs::write(&path, &latin).unwrap();
    let failed = fix_file(&path, &folder.path().join("ledger"), &[("Ems", "東京")]).unwrap_err();
    assert!(matches!(failed.cause, WriteCause::Unmappable(_)));
    assert_eq!(fs::read(&path).unwrap(), latin);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the text and the edits, the original comes back, and a second run finds nothing to fix.
    #[test]
    fn fix_and_restore_is_nothing(pieces in prop::collection::vec("[aábß \"\\\\\n\r\u{1}“😀]{0,5}", 0..12), ascii: bool, crlf: bool) {
        let text = pieces.join("ab");
        let words = [("ab", "“b"), ("á", ""), ("bb", "ß"), ("😀 ", "\n\"")];
        let json = format!("{{\"a\": 1.50, \"text\":\"{}\",\"b\":null}}{}", json_string::escaped(&text, ascii), if crlf { "\r\n" } else { "\n" });
        for (name, bytes) in [("a.txt", &text), ("a.jsonl", &json), ("a.md", &text)] {
            let (folder, path, after) = on_disk(name, bytes.as_bytes(), &words);
            let (_second, _, again) = on_disk(name, &after, &words);
            prop_assert_eq!(String::from_utf8_lossy(&again), String::from_utf8_lossy(&after));
            prop_assert!(!folder.path().join("ledger").exists() || restored(folder.path()).errors.is_empty());
            prop_assert_eq!(String::from_utf8(fs::read(&path).unwrap()).unwrap(), bytes.as_str());
        }
    }
}

/// A long text with a fault here and there; `odd` is one that its fix does not mend.
fn long(odd: &str) -> String {
    let line = |at: usize| match at {
        7 => format!("Line {at} has a bad end{odd}.\n"),
        _ if at.is_multiple_of(5_000) => format!("Line {at} is bad and lengthy.\n"),
        _ => format!("Line {at} says nothing of the kind, and says it at some length.\n"),
    };
    (0..40_000).map(line).collect()
}

#[test]
fn what_was_let_go_of_a_long_text_comes_back_to_the_byte() {
    // What the first round puts there, the second mends.
    let words = [("bad", "worse"), ("worse and", "better and"), ("odd", "odder")];
    for odd in ["", " odd"] {
        let text = long(odd);
        let check = |document| swaps(document, &words);
        let held = mend(check(Document::from_text(&text)), Choice::Safe, check);
        let mut mended = mend_and_let_go(check(Document::from_text(&text)), Choice::Safe, check);
        assert!(held.applied.last().unwrap().round > 1 && mended.before.document.text.is_empty());
        assert_eq!(mended.last().document.text, held.last().document.text, "{odd}");
        assert_eq!((&mended.applied, mended.fixes, &mended.barred), (&held.applied, held.fixes, &held.barred));
        assert_eq!((&*mended.original(), mended.original_len()), (&*text, text.len()));
        assert!(mended.was(&text) && !mended.was(&text[1..]) && held.was(&text));
        assert_eq!(edited_file(text.as_bytes(), &mended).unwrap(), mended.last().document.text.as_bytes());
        mended.take_back();
        assert_eq!((&*mended.last().document.text, mended.fixes), (&*text, 0));
    }
}
