//! Long runs, killed or stopped in the middle: `copydesk clean` goes on, `copydesk check` says how far it came; and indexes larger
//! than the memory they may take.
#![cfg(unix)]

use parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

fn start(folder: &Path, input: &str, output: &str) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
    command.args(["clean", input, "-o", output, "--select", "doubled-word,impossible-date", "--part-kb", "20", "--jobs", "2"]);
    command.current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut files, mut folders) = (BTreeMap::new(), vec![folder.to_path_buf()]);
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

/// A text with something to mend, every seventh with something for a person.
fn report(n: usize) -> String {
    let date = if n % 7 == 3 { "31 February 2024" } else { "Monday" };
    format!("Report {n} of the council.\nThe council met on {date} to hear why the the wall has not been raised.\n").repeat(4)
}

/// Cleans the input in one run and in several, each killed but for the last, and restores what these have made into `back`.
fn kill(folder: &Path, input: &str) {
    assert!(start(folder, input, "whole").wait().unwrap().success());
    let mut kills = 0;
    let parts = |output: &str| fs::read_to_string(folder.join(output).join("journal.jsonl")).map_or(0, |journal| journal.lines().count());
    loop {
        let before = parts("killed");
        let mut child = start(folder, input, "killed");
        let patience = Instant::now() + Duration::from_secs(120);
        let ended = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break Some(status);
            }
            // A few parts further than last time, then the axe falls.
            if kills < 3 && parts("killed") > before + 3 || Instant::now() > patience {
                child.kill().unwrap();
                child.wait().unwrap();
                break None;
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        match ended {
            None => kills += 1,
            Some(status) => {
                assert!(status.success());
                break;
            }
        }
    }
    assert!(kills > 0, "the run was over before it could be killed");
    let (whole, killed) = (tree(&folder.join("whole")), tree(&folder.join("killed")));
    assert_eq!(whole.keys().collect::<Vec<_>>(), killed.keys().collect::<Vec<_>>());
    for (name, bytes) in &whole {
        assert!(killed[name] == *bytes, "{} differs", name.display());
    }
    let restored =
        Command::new(env!("CARGO_BIN_EXE_copydesk")).args(["restore", "killed", "-o", "back"]).current_dir(folder).output().unwrap();
    assert!(restored.status.success(), "{restored:?}");
}

#[test]
fn a_run_that_is_killed_and_gone_on_with_writes_the_same_bytes() {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path();
    let line = |n: usize| serde_json::json!({ "id": n, "text": report(n) }).to_string() + "\n";
    let corpus: String = (0..6_000).map(line).collect();
    fs::write(folder.join("night.jsonl"), &corpus).unwrap();
    kill(folder, "night.jsonl");
    assert!(fs::read_to_string(folder.join("back/night.jsonl")).unwrap() == corpus, "the original is not as it was");
}

/// The rows of a Parquet file, group by group.
fn rows(path: &Path) -> Vec<Vec<String>> {
    let reader = SerializedFileReader::new(fs::File::open(path).unwrap()).unwrap();
    let rows = |group| reader.get_row_group(group).unwrap().get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect();
    (0..reader.num_row_groups()).map(rows).collect()
}

#[test]
fn a_run_over_parquet_that_is_killed_writes_the_same_bytes() {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path();
    let schema = "message articles { required int64 id; optional binary text (UTF8); repeated int32 seen; }";
    let file = fs::File::create(folder.join("night.parquet")).unwrap();
    let mut writer = SerializedFileWriter::new(file, Arc::new(parse_message_type(schema).unwrap()), Arc::default()).unwrap();
    for group in 0..4 {
        let ids = group * 1_500..(group + 1) * 1_500;
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<Int64Type>().write_batch(&ids.clone().collect::<Vec<i64>>(), None, None).unwrap();
        column.close().unwrap();
        let texts: Vec<ByteArray> = ids.clone().map(|id| report(id as usize).into_bytes().into()).collect();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<ByteArrayType>().write_batch(&texts, Some(&[1; 1_500]), None).unwrap();
        column.close().unwrap();
        // Seen once and again.
        let seen: Vec<i32> = ids.flat_map(|id| [id as i32, -1]).collect();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<Int32Type>().write_batch(&seen, Some(&[1; 3_000]), Some(&[0, 1].repeat(1_500))).unwrap();
        column.close().unwrap();
        group.close().unwrap();
    }
    writer.close().unwrap();
    kill(folder, "night.parquet");
    let [clean, review] = ["clean", "review"].map(|verdict| rows(&folder.join("killed").join(verdict).join("night.parquet")));
    assert_eq!((clean.concat().len(), review.concat().len(), clean.len(), review.len()), (5_143, 857, 4, 4));
    assert!(!clean.concat().iter().chain(&review.concat()).any(|row| row.contains("the the")));
    assert!(rows(&folder.join("back/night.parquet")) == rows(&folder.join("night.parquet")), "the original is not as it was");
}

#[test]
fn a_run_over_archives_that_is_killed_writes_the_same_bytes() {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path();
    let mut builder = tar::Builder::new(Vec::new());
    let mut pages = Vec::new();
    for n in 0..2_000 {
        let text = report(n);
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, format!("day/{n}.txt"), text.as_bytes()).unwrap();
        if n % 500 == 0 {
            // Records enough that a part ends among them, many times over, and a few of which the same part has many.
            for (name, count) in [("lines.jsonl", 300), ("few.jsonl", 3), ("lines.jsonl.gz", 300), ("rows.csv", 300), ("rows.csv.gz", 300)]
            {
                let row = |k: usize| match name {
                    "rows.csv" | "rows.csv.gz" => format!("{k},\"{}\"\n", report(k)),
                    _ => serde_json::json!({ "id": k, "text": report(k) }).to_string() + "\n",
                };
                let mut content = if name.starts_with("rows") { "id,text\n".to_string() } else { String::new() }.into_bytes();
                content.extend((n..n + count).flat_map(|k| row(k).into_bytes()));
                if name.ends_with(".gz") {
                    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                    packer.write_all(&content).unwrap();
                    content = packer.finish().unwrap();
                }
                header.set_size(content.len() as u64);
                builder.append_data(&mut header, format!("{n}/{name}"), content.as_slice()).unwrap();
            }
        }
        let (kind, text) = if n % 5 == 0 { ("metadata", "fetched: yes") } else { ("conversion", text.as_str()) };
        let page = format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{n}>\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{text}\r\n\r\n",
            text.len()
        );
        let mut member = flate2::write::GzEncoder::new(&mut pages, flate2::Compression::default());
        member.write_all(page.as_bytes()).unwrap();
        member.finish().unwrap();
    }
    let archive = builder.into_inner().unwrap();
    fs::create_dir(folder.join("night")).unwrap();
    fs::write(folder.join("night/day.tar"), &archive).unwrap();
    fs::write(folder.join("night/pages.wet.gz"), &pages).unwrap();
    kill(folder, "night");
    assert!(fs::read(folder.join("back/night/day.tar")).unwrap() == archive, "the archive is not as it was");
    let unpacked = |bytes: &[u8]| {
        let mut text = String::new();
        flate2::read::MultiGzDecoder::new(bytes).read_to_string(&mut text).unwrap();
        text
    };
    assert!(unpacked(&fs::read(folder.join("back/night/pages.wet.gz")).unwrap()) == unpacked(&pages), "the pages are not as they were");
    // What was written reads as what it was made of, and has nothing left to mend.
    let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
    command.args(["check", "killed/clean", "--select", "doubled-word,impossible-date", "--one-by-one"]).current_dir(folder);
    let checked = command.output().unwrap();
    let (said, heard) = (String::from_utf8_lossy(&checked.stdout), String::from_utf8_lossy(&checked.stderr));
    assert!(checked.status.success() && format!("{said}{heard}").contains("no findings in 7,207 records"), "{said}{heard}");
}

#[test]
fn a_check_that_is_stopped_reports_what_it_has_seen() {
    let temp = tempfile::tempdir().unwrap();
    let line = |n: usize| {
        serde_json::json!({ "id": n, "text": "The council met to hear why the the wall has not been raised.\n".repeat(20) }).to_string()
            + "\n"
    };
    fs::write(temp.path().join("night.jsonl"), (0..40_000).map(line).collect::<String>()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
    command.args(["check", "night.jsonl", "--select", "doubled-word", "--format", "json", "--output", "found.jsonl"]);
    let child = command.current_dir(temp.path()).stderr(Stdio::piped()).spawn().unwrap();
    let patience = Instant::now() + Duration::from_secs(120);
    while fs::metadata(temp.path().join("found.jsonl")).map_or(0, |found| found.len()) == 0 && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(1));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("stopped after") && said.contains("behind night.jsonl:"), "{said}");
    // Every line of the report is whole.
    let found = fs::read_to_string(temp.path().join("found.jsonl")).unwrap();
    assert!(found.ends_with('\n') && found.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
}

#[test]
fn an_index_is_the_same_whatever_memory_it_may_take() {
    let temp = tempfile::tempdir().unwrap();
    let line = |n: usize| {
        let text: String = (0..6).map(|k| format!("Report {k} of day {} says that the wall of {n} was not raised.\n", n % 500)).collect();
        serde_json::json!({ "id": n, "url": format!("https://site{}.example/{n}", n % 7), "text": text }).to_string() + "\n"
    };
    for (name, from) in [("one.jsonl", 0), ("two.jsonl", 3_000)] {
        fs::write(temp.path().join(name), (from..from + 3_000).map(line).collect::<String>()).unwrap();
    }
    let index = |arguments: &[&str]| {
        let status = Command::new(env!("CARGO_BIN_EXE_copydesk"))
            .arg("index")
            .args(arguments)
            .current_dir(temp.path())
            .stderr(Stdio::null())
            .status();
        assert!(status.unwrap().success(), "{arguments:?}");
        fs::read(temp.path().join(arguments[arguments.len() - 1])).unwrap()
    };
    let whole = index(&["one.jsonl", "two.jsonl", "-o", "whole"]);
    assert!(whole.len() > 2 << 20, "{} bytes would fit into the memory below", whole.len());
    assert!(index(&["one.jsonl", "two.jsonl", "one.jsonl", "--memory", "1", "-o", "spilled"]) == whole);
    index(&["two.jsonl", "-o", "second"]);
    index(&["one.jsonl", "-o", "first"]);
    assert!(index(&["--merge", "second", "first", "-o", "merged"]) == whole);
    assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 7, "what was on the disk in between is gone");
}

/// `script` (util-linux) gives the run a terminal; where there is none, nothing can be tried.
#[cfg(target_os = "linux")]
#[test]
fn findings_are_listed_past_the_bar_on_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.jsonl"), "{\"text\":\"The council saw the the wall.\"}\n").unwrap();
    // The second record comes when the bar is there.
    let line = format!(
        "(cat a.jsonl; sleep 2; cat a.jsonl) | '{}' check - --stdin-filename a.jsonl --format concise",
        env!("CARGO_BIN_EXE_copydesk")
    );
    let out = fs::File::create(folder.path().join("out")).unwrap();
    let mut command = Command::new("script");
    command.args(["-qec", &line, "/dev/null"]).current_dir(folder.path()).stdin(Stdio::null()).stdout(out);
    let Ok(mut child) = command.spawn() else { return };
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > Duration::from_secs(60) {
            child.kill().unwrap();
            panic!("the run hangs");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let shown = fs::read_to_string(folder.path().join("out")).unwrap();
    assert!(shown.contains("documents, "), "no bar: {shown:?}");
    assert_eq!(shown.matches("is written twice").count(), 2, "{shown:?}");
}
