//! The readers of all formats: the first byte chooses the name, the rest is the file.
#![no_main]

use copydesk::input::{self, Options};
use copydesk_fuzz::{Scratch, well_formed};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 18] = [
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

fuzz_target!(|data: &[u8]| {
    let Some((&choice, rest)) = data.split_first() else { return };
    let scratch = Scratch::new();
    let path = scratch.file(NAMES[usize::from(choice) % NAMES.len()], rest);
    let options = Options { max_document_bytes: 1 << 20, ..Options::default() };
    let Ok(inputs) = input::read(vec![path], options) else { return };
    for raw in inputs.take(200) {
        let Ok(raw) = raw else { continue };
        let Ok(Some(document)) = raw.into_document() else { continue };
        well_formed(&document);
    }
});
