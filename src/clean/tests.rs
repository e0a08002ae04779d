//! Small corpora of our own through whole runs: stopped anywhere, gone on with, and rebuilt to the byte; Parquet to the value.

use super::columns::tests::{of_texts, shown, table};
use super::*;
use crate::check::Others;
use crate::finding::Severity;
use crate::input::{self, Compression};
use crate::rule::{RuleSet, Settings, load};
use crate::triage::Triage;
use globset::{Glob, GlobSet};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

mod archives;

const STORY: &str = "The council met on Monday to hear why the wall has not been raised, and voted to raise it.";
const DOUBLED: &str = "The council met on Monday to hear why the the wall has not been raised, and voted to “raise” it.";
const DATED: &str = "The council voted on 31 February 2024, the the clerk said, and will meet again in spring.";

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Everything that a file can do to whoever writes it again.
fn corpus(folder: &Path) {
    let line = |id: usize, text: &str| {
        serde_json::json!({"id": format!("r{id}"), "url": "https://www.tide.example/1", "text": text, "more": [1, 2.50]}).to_string()
    };
    let lines = [
        "\u{feff}".to_string() + &line(1, STORY) + "\n\n",
        line(2, DOUBLED) + "\r\n",
        " \n".to_string() + &line(3, "404 Not Found") + "\n",
        "{\"text\": broken\n".into(),
        line(4, DATED) + "\n",
        "{\"text\":\"It\\u2019s the the \\\"end\\\" of it all, \\/ they say\"  , \"id\":5}\n".to_string(),
        "\n\n".into(),
        line(6, DOUBLED),
    ];
    write(folder, "night.jsonl", lines.concat().as_bytes());
    let many: String = (0..40).map(|id| line(id, [STORY, DOUBLED, DATED, "404 Not Found"][id % 4]) + "\n").collect();
    write(folder, "many/one.jsonl.gz", &Compression::Gzip.packed(many.as_bytes()).unwrap());
    write(folder, "many/two.jsonl.zst", &Compression::Zstd.packed(many.as_bytes()).unwrap());
    let rows = [
        "\u{feff}id,text,note\r\n".to_string(),
        format!("1,{STORY},\r\n").replace("Monday to hear", "Monday; to hear").replace(", and", " and"),
        format!("\"2\",\"{DOUBLED}\",\"a\nb\"\r\n"),
        "3,404 Not Found,x\n\n".into(),
        "4\n".into(),
        format!("5,\"{DATED}\",\n"),
        format!("6,{},z", DOUBLED.replace(", and", " and")),
    ];
    write(folder, "rows.csv", rows.concat().as_bytes());
    write(folder, "none.jsonl", b"");
    let mut rows = of_texts((0..40).map(|id| [STORY, DOUBLED, DATED, "404 Not Found", DOUBLED][id % 5]));
    rows[6].0 = None;
    rows[7].0 = Some(None);
    write(folder, "p/rows.parquet", &table(&rows, &[15, 0, 5, 20]));
    write(folder, "p/fine.parquet", &table(&of_texts([STORY; 6]), &[6]));
    write(folder, "p/gone.parquet", &table(&of_texts(["404 Not Found"; 3]), &[3]));
    write(folder, "p/none.parquet", &table(&[], &[]));
    // Lists of lists in small pages, one of them without a value, as pyarrow writes them when it is asked for `data_page_size=1`.
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/small-pages.parquet");
    write(folder, "p/pages.parquet", &fs::read(pages).unwrap());
    for (name, text) in [("a/clean.txt", STORY), ("a/fixed.txt", DOUBLED), ("b/review.md", DATED), ("b/gone.txt", "404 Not Found")] {
        write(folder, name, format!("{text}\n").as_bytes());
    }
    write(folder, "b/page.html", format!("<html><body><p>{DOUBLED}</p></body></html>\n").as_bytes());
    write(folder, "b/packed.txt.gz", &Compression::Gzip.packed(format!("{DOUBLED}\n").as_bytes()).unwrap());
    write(
        folder,
        "b/latin.txt",
        &encoding_rs::WINDOWS_1252.encode("The caf\u{e9} on the the quay was closed on Monday, said the owner.\n").0,
    );
    archives::corpus(folder);
    write(folder, "b/picture.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
}

/// Runs over `corpus` in `folder/in`; `stop` is asked after each document.
fn clean(folder: &Path, output: &str, jobs: usize, stop: &dyn Fn() -> bool) -> Outcome {
    let settings = Settings { select: vec!["doubled-word".into(), "impossible-date".into(), "blocked-page".into()], ..Settings::default() };
    let rules = RuleSet::load(load::built_in(), &settings).unwrap();
    let (policy, triage) = (Policy::new(&rules), Triage::default());
    let globs = GlobSet::new([Glob::new("**/*.parquet").unwrap()]).unwrap();
    let fields = input::Fields { text: "page.text".into(), ..input::Fields::default() };
    let job = Job {
        cleaner: Cleaner { rules: &rules, triage: &triage, others: Others::default(), policy: &policy },
        inputs: vec![folder.join("in")],
        options: input::Options { fields_for: vec![(globs, fields)], ..input::Options::default() },
        folder: folder.join(output),
        settings: "as the test says".into(),
        jobs,
        part: 1_000,
    };
    run(job, &mut |_| {}, stop).unwrap()
}

/// All files below the folder.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.strip_prefix(folder).unwrap().to_path_buf(), fs::read(&path).unwrap());
            }
        }
    }
    files
}

fn unpacked(path: &Path, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let reader = std::io::Cursor::new(bytes.to_vec());
    input::compression_of(&path.to_string_lossy()).reader(reader).unwrap().read_to_end(&mut out).unwrap();
    out
}

#[test]
fn a_corpus_is_sorted_mended_and_rebuilt() {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path();
    corpus(&folder.join("in"));
    let outcome = clean(folder, "out", 1, &|| false);
    assert_eq!(outcome.end, End::Done);
    let [archived, hopeless, closed] = archives::DOCUMENTS;
    // A line of JSONL, a row, two texts that are null; the picture is no text and was met in a folder.
    assert_eq!(outcome.unread.count as u64, 4 + closed, "{:?}", outcome.unread);
    assert_eq!(outcome.skipped.binary, 1 + 2);
    let at = |verdict: Verdict, name: &str| {
        let place = input::place(&folder.join("in").join(name).to_string_lossy());
        fs::read(folder.join("out").join(verdict.name()).join(place))
    };
    let text = |verdict: Verdict, name: &str| String::from_utf8(at(verdict, name).unwrap()).unwrap();
    let night = text(Verdict::Clean, "night.jsonl");
    assert!(!night.contains("the the") && night.contains("\\u2019s the \\\"end\\\" of it all, \\/ they say\"  , \"id\":5}\n"), "{night}");
    assert_eq!(night.matches("\"text\"").count(), 4);
    assert!(text(Verdict::Rejected, "night.jsonl").contains("{\"text\": broken\n"));
    let review = text(Verdict::Review, "night.jsonl");
    assert!(review.contains("31 February 2024, the clerk") && review.matches('\n').count() == 1, "{review}");
    for verdict in Verdict::ALL {
        assert!(text(verdict, "rows.csv").starts_with("\u{feff}id,text,note\r\n"), "{verdict:?}");
    }
    assert!(text(Verdict::Clean, "rows.csv").contains("\"2\",\"The council met on Monday to hear why the wall"));
    assert_eq!(text(Verdict::Clean, "none.jsonl"), "");
    assert!(at(Verdict::Clean, "b/latin.txt").unwrap().starts_with(b"The caf\xe9 on the quay was closed"));
    assert!(at(Verdict::Clean, "b/gone.txt").is_err() && at(Verdict::Rejected, "b/gone.txt").is_ok());
    let total = outcome.tally.total();
    assert_eq!(total.documents, 7 + 80 + 6 + 49 + 6 + 7 + archived);
    assert_eq!(outcome.tally.documents(Verdict::Rejected).documents, 2 + 20 + 2 + 13 + 1 + hopeless);
    let rows = |verdict: Verdict, name: &str| shown(&at(verdict, &format!("p/{name}.parquet")).unwrap());
    let sizes = |groups: &[Vec<String>]| groups.iter().map(Vec::len).collect::<Vec<_>>();
    let clean = rows(Verdict::Clean, "rows");
    assert_eq!((sizes(&clean), clean[0][1].contains("why the wall has not")), (vec![8, 3, 12], true), "{clean:?}");
    assert!(!clean.concat().iter().any(|row| row.contains("the the")));
    assert_eq!(sizes(&rows(Verdict::Review, "rows")), [2, 1, 4]);
    assert_eq!(sizes(&rows(Verdict::Rejected, "rows")), [5, 1, 4]);
    assert!(rows(Verdict::Rejected, "rows")[0][1].contains("page: null") && rows(Verdict::Rejected, "rows")[0][2].contains("{text: null}"));
    assert_eq!(rows(Verdict::Clean, "fine"), shown(&fs::read(folder.join("in/p/fine.parquet")).unwrap()));
    assert!(at(Verdict::Review, "p/fine.parquet").is_err());
    assert!(rows(Verdict::Clean, "gone").is_empty() && sizes(&rows(Verdict::Rejected, "gone")) == [3]);
    assert!(rows(Verdict::Clean, "none").is_empty());
    assert_eq!(rows(Verdict::Clean, "pages"), shown(&fs::read(folder.join("in/p/pages.parquet")).unwrap()));
    let report: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("out/report.json")).unwrap()).unwrap();
    assert_eq!(report["documents"], total.documents);
    assert_eq!(report["rules"][0]["rule"], "doubled-word");
    let rejected = fs::read_to_string(folder.join("out/rejected.jsonl")).unwrap();
    assert_eq!(rejected.lines().count() as u64, 38 + hopeless);
    assert!(rejected.contains("\"rule\":\"unreadable\"") && rejected.contains("\"rule\":\"blocked-page\""));

    let rebuilt = restore(&folder.join("out"), &folder.join("back")).unwrap();
    assert!(rebuilt.failed.is_empty(), "{:?}", rebuilt.failed);
    let back = folder.join("back").join(input::place(&folder.join("in").to_string_lossy()));
    let (old, new) = (tree(&folder.join("in")), tree(&back));
    for (name, bytes) in old.iter().filter(|(name, _)| !name.ends_with("picture.txt")) {
        let found = new.get(name).unwrap_or_else(|| panic!("{} is missing", name.display()));
        if name.extension().is_some_and(|ending| ending == "parquet") {
            // A row group without a row is not written again.
            let rows: Vec<_> = shown(bytes).into_iter().filter(|group| !group.is_empty()).collect();
            assert_eq!(shown(found), rows, "{}", name.display());
        } else {
            assert!(unpacked(name, bytes) == unpacked(name, found), "{} is not as it was", name.display());
        }
    }
    assert_eq!(new.len() + 1, old.len());
}

#[test]
fn a_parquet_file_that_cannot_be_copied_is_named_and_left_out() {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path();
    let mut broken = table(&of_texts([STORY, DOUBLED, DATED].repeat(20)), &[30, 30]);
    // In the middle of the tags of the second group, which nobody reads to judge a text.
    let at = {
        use parquet::file::reader::{FileReader, SerializedFileReader};
        write(folder, "broken", &broken);
        let reader = SerializedFileReader::new(fs::File::open(folder.join("broken")).unwrap()).unwrap();
        let (start, length) = reader.metadata().row_group(1).column(2).byte_range();
        (start + length / 2) as usize
    };
    broken[at - 8..at + 8].iter_mut().for_each(|byte| *byte ^= 0xA5);
    write(folder, "in/a.parquet", &broken);
    write(folder, "in/b.txt", DOUBLED.as_bytes());
    write(folder, "in/c.parquet", b"PAR1 and no more");
    let outcome = clean(folder, "out", 1, &|| false);
    assert_eq!((outcome.end, outcome.unread.count), (End::Done, 2), "{:?}", outcome.unread);
    assert!(outcome.unread.named[0].contains("in/a.parquet: cannot be read: column `tags.list.element`: "), "{:?}", outcome.unread);
    let written = tree(&folder.join("out"));
    let has = |name: &str| written.keys().any(|path| path.ends_with(name));
    assert!(has("b.txt") && !has("a.parquet") && !has("c.parquet"), "{:?}", written.keys());
    // It stands where it stood, and its edits are not looked for.
    let rebuilt = restore(&folder.join("out"), &folder.join("back")).unwrap();
    assert_eq!((rebuilt.files, rebuilt.failed.len()), (1, 0), "{:?}", rebuilt.failed);
}

#[test]
fn a_run_that_is_stopped_anywhere_ends_with_the_same_bytes() {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path();
    corpus(&folder.join("in"));
    clean(folder, "whole", 2, &|| false);
    let whole = tree(&folder.join("whole"));
    for every in [1, 3, 17] {
        let output = format!("every-{every}");
        let mut runs = 0;
        loop {
            // Each run gets a little further than the one before, and each is stopped in the middle of a part.
            let left = Cell::new(every + runs * 5);
            let outcome = clean(folder, &output, 1 + runs % 3, &|| {
                left.set(left.get().saturating_sub(1));
                left.get() == 0
            });
            runs += 1;
            if outcome.end != End::Stopped {
                break;
            }
        }
        assert!(runs > 2, "{runs}");
        let parts = tree(&folder.join(&output));
        assert_eq!(parts.keys().collect::<Vec<_>>(), whole.keys().collect::<Vec<_>>());
        for (name, bytes) in &whole {
            assert!(parts[name] == *bytes, "{} differs after {runs} runs of {every}", name.display());
        }
    }
    assert_eq!(clean(folder, "whole", 1, &|| false).end, End::Before);
}

#[test]
fn what_a_killed_run_has_left_half_written_is_dropped() {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path();
    corpus(&folder.join("in"));
    clean(folder, "whole", 1, &|| false);
    let left = Cell::new(30);
    let stop = || {
        left.set(left.get() - 1);
        left.get() == 0
    };
    assert_eq!(clean(folder, "out", 1, &stop).end, End::Stopped);
    // As if it had been killed in the middle of writing.
    for name in ["ledger.jsonl", "review.jsonl", "journal.jsonl"] {
        let mut bytes = fs::read(folder.join("out").join(name)).unwrap();
        bytes.extend_from_slice(b"{\"path\":\"half");
        fs::write(folder.join("out").join(name), bytes).unwrap();
    }
    for (name, mut bytes) in tree(&folder.join("out/.partial")) {
        bytes.extend_from_slice(b"half a line");
        fs::write(folder.join("out/.partial").join(name), bytes).unwrap();
    }
    // A version of a Parquet file that no row goes into any more.
    let place = input::place(&folder.join("in/p/fine.parquet").to_string_lossy());
    write(&folder.join("out/.partial/review"), &place.to_string_lossy(), b"PAR1");
    assert_eq!(clean(folder, "out", 1, &|| false).end, End::Done);
    assert!(tree(&folder.join("whole")) == tree(&folder.join("out")));
}

#[test]
fn folders_of_others_are_left_alone() {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path();
    corpus(&folder.join("in"));
    write(folder, "out/mine.txt", b"mine");
    let rules = RuleSet::load(load::built_in(), &Settings { select: vec!["doubled-word".into()], ..Settings::default() }).unwrap();
    let mut policy = Policy::new(&rules);
    policy.review = Some(Severity::Info);
    let triage = Triage::default();
    let go = |output: &str, settings: &str| {
        let job = Job {
            cleaner: Cleaner { rules: &rules, triage: &triage, others: Others::default(), policy: &policy },
            inputs: vec![folder.join("in/a")],
            options: input::Options::default(),
            folder: folder.join(output),
            settings: settings.into(),
            jobs: 1,
            part: PART,
        };
        run(job, &mut |_| {}, &|| false)
    };
    assert!(matches!(go("out", "one"), Err(CleanError::NotEmpty(_))));
    assert!(matches!(go("out/mine.txt", "one"), Err(CleanError::NoFolder(_))));
    assert!(go("new", "one").is_ok());
    assert!(matches!(go("new", "two"), Err(CleanError::OtherRun(_))));
    // What was changed since cannot be rebuilt, and is not made up.
    let place = folder.join("new/clean").join(input::place(&folder.join("in/a/fixed.txt").to_string_lossy()));
    fs::write(&place, "something else\n").unwrap();
    let rebuilt = restore(&folder.join("new"), &folder.join("back")).unwrap();
    assert_eq!((rebuilt.files, rebuilt.failed.len()), (1, 1));
}
