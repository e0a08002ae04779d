//! The readers of all formats: the first byte chooses the ending, the rest is the file.
#![no_main]

use copydesk::input::{self, Options};
use copydesk_fuzz::{checked, well_formed};
use libfuzzer_sys::fuzz_target;
use std::path::PathBuf;

const ENDINGS: [&str; 14] =
    ["txt", "md", "html", "jsonl", "csv", "tsv", "parquet", "warc", "wet", "tar", "jsonl.gz", "jsonl.zst", "warc.gz", "txt.gz"];

fuzz_target!(|data: &[u8]| {
    let Some((&choice, rest)) = data.split_first() else { return };
    let folder = tempfile::tempdir().expect("a folder for the file");
    let path: PathBuf = folder.path().join(format!("fuzzed.{}", ENDINGS[usize::from(choice) % ENDINGS.len()]));
    std::fs::write(&path, rest).expect("the file can be written");
    let options = Options { max_document_bytes: 1 << 20, ..Options::default() };
    let Ok(inputs) = input::read(vec![path], options) else { return };
    for raw in inputs.take(200) {
        let Ok(raw) = raw else { continue };
        let Ok(Some(document)) = raw.into_document() else { continue };
        well_formed(&document);
        checked(document);
    }
});
