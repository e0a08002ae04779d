//! Ledgers: read, and restored in a folder of their own.
#![no_main]

use copydesk::{fix, ledger};
use copydesk_fuzz::Scratch;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let scratch = Scratch::new();
    let path = scratch.file("ledger.jsonl", data);
    let article = scratch.file("article.txt", b"The council voted.\n");
    let records = scratch.file("articles.jsonl", b"{\"id\":\"a\",\"text\":\"The council voted.\"}\n{\"text\":\"It rained.\"}\n");
    if let Ok(mut entries) = ledger::read(&path) {
        // Nothing but the files of this folder, whatever the ledger names.
        for entry in &mut entries {
            entry.path = if entry.record.is_some() { &records } else { &article }.to_string_lossy().into_owned();
        }
        drop(fix::restore(&entries));
    }
});
