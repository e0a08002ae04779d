//! The config and the side files: the first byte chooses which, the rest is the file.
#![no_main]

use copydesk::config::Config;
use copydesk::rule::load;
use copydesk::triage::{accept::Accepted, baseline::Baseline};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&choice, rest)) = data.split_first() else { return };
    let folder = tempfile::tempdir().expect("a folder for the file");
    let path = folder.path().join("copydesk.yaml");
    std::fs::write(&path, rest).expect("the file can be written");
    match choice % 3 {
        0 => drop(Config::load(Some(&path), load::profile)),
        1 => drop(Accepted::load(&path)),
        _ => drop(Baseline::load(&path)),
    }
});
