//! The readers of all formats: the first byte chooses the name, the rest is the file.
#![no_main]

use copydesk::input::{self, Options};
use copydesk_fuzz::{NAMES, Scratch, well_formed};
use libfuzzer_sys::fuzz_target;
use std::sync::Once;

static HUSH: Once = Once::new();

fuzz_target!(|data: &[u8]| {
    HUSH.call_once(input::hush_panics_over_files);
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
