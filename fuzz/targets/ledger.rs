//! Ledgers: read, and restored in a folder of their own.
#![no_main]

use copydesk::{fix, ledger};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let folder = tempfile::tempdir().expect("a folder for the file");
    let path = folder.path().join("ledger.jsonl");
    std::fs::write(&path, data).expect("the file can be written");
    std::fs::write(folder.path().join("article.txt"), "The council voted.\n").expect("the file can be written");
    if std::env::set_current_dir(folder.path()).is_ok()
        && let Ok(entries) = ledger::read(&path)
    {
        // Nothing but the files of this folder: a name that leads out of it is not followed here.
        let inside: Vec<_> = entries.into_iter().filter(|entry| entry.path == "article.txt").collect();
        drop(fix::restore(&inside));
    }
    let _ = std::env::set_current_dir("/");
});
