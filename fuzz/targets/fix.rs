//! Files fixed on the disk and restored from the ledger: the first byte chooses the name, the rest is the file.
#![no_main]

use copydesk::fix::{self, Choice, Writer};
use copydesk::input::{self, Options};
use copydesk::ledger::{self, Ledger};
use copydesk_fuzz::{Scratch, checked};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 4] = ["a.txt", "a.jsonl", "a.md", "a.html"];

fuzz_target!(|data: &[u8]| {
    let Some((&choice, rest)) = data.split_first() else { return };
    let scratch = Scratch::new();
    let path = scratch.file(NAMES[usize::from(choice) % NAMES.len()], rest);
    let list = scratch.path("ledger.jsonl");
    let mut writer = Writer::new(Ledger::open(&list).ok());
    let Ok(inputs) = input::read(vec![path.clone()], Options::default()) else { return };
    for raw in inputs.take(50) {
        let Ok(Some(document)) = raw.and_then(|raw| raw.into_document()) else { continue };
        let mended = fix::mend(checked(document), Choice::All, checked);
        let _ = writer.take(&mended);
    }
    let _ = writer.finish();
    let entries = ledger::read(&list).expect("a ledger that was written can be read");
    let outcome = fix::restore(&entries);
    assert!(outcome.errors.is_empty(), "{:?}", outcome.errors);
    assert!(std::fs::read(&path).is_ok_and(|bytes| bytes == rest), "the original is not rebuilt");
});
