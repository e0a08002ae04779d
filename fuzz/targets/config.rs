//! The config and the side files: the first byte chooses which, the rest is the file.
#![no_main]

use copydesk::setup::{Kit, Setup, SetupError};
use copydesk::triage::{accept::Accepted, baseline::Baseline};
use copydesk_fuzz::Scratch;
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;

fuzz_target!(|data: &[u8]| {
    let Some((&choice, rest)) = data.split_first() else { return };
    let scratch = Scratch::new();
    match choice % 3 {
        0 => {
            let Ok(text) = std::str::from_utf8(rest) else { return };
            // Tables stay in memory, and are named by no seed.
            if text.contains("tables") {
                return;
            }
            let path = scratch.path("copydesk.yaml");
            // From memory: a config may name any file of this machine.
            let kit = Kit { config: Some(path.clone()), files: BTreeMap::from([(path, text.to_string())]), ..Kit::default() };
            if let Err(SetupError::Flaws(flaws)) = Setup::unpack(kit) {
                for flaw in flaws {
                    assert!(flaw.source.inner().get(flaw.flaw.at.start..flaw.flaw.at.end).is_some(), "a flaw lies outside its file");
                }
            }
        }
        1 => drop(Accepted::load(&scratch.file("copydesk.accepted.yaml", rest))),
        _ => drop(Baseline::load(&scratch.file("copydesk.baseline.json", rest))),
    }
});
