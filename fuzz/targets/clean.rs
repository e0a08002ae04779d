//! Files of every format written again and rebuilt: the first byte chooses the name, the rest is the file.
#![no_main]

use copydesk::check::Others;
use copydesk::clean::{self, Cleaner, End, Job, Policy};
use copydesk::input::{self, Compression, Options, Shape};
use copydesk::triage::Triage;
use copydesk_fuzz::{NAMES, Scratch, rules};
use libfuzzer_sys::fuzz_target;
use std::fs;

fuzz_target!(|data: &[u8]| {
    let Some((&choice, rest)) = data.split_first() else { return };
    let name = NAMES[usize::from(choice) % NAMES.len()];
    // What is packed is packed again to other bytes.
    if input::compression_of(name) != Compression::None || input::shape_of(name) == Shape::Columns {
        return;
    }
    let scratch = Scratch::new();
    let path = scratch.file(name, rest);
    let (policy, triage) = (Policy::new(rules()), Triage::default());
    let (folder, back) = (scratch.path("out"), scratch.path("back"));
    let job = Job {
        cleaner: Cleaner { rules: rules(), triage: &triage, others: Others::default(), policy: &policy },
        inputs: vec![path.clone()],
        options: Options { max_document_bytes: 1 << 20, ..Options::default() },
        folder: folder.clone(),
        settings: String::new(),
        jobs: 1,
        part: 1_000,
    };
    let outcome = clean::run(job, &mut |_| {}, &|| false).expect("the folder can be written to");
    assert!(outcome.end == End::Done);
    let rebuilt = clean::restore(&folder, &back).expect("journal and ledger can be read");
    assert!(rebuilt.failed.is_empty(), "{:?}", rebuilt.failed);
    let found = fs::read(back.join(input::place(&path.to_string_lossy()))).unwrap_or_default();
    // A file that cannot be read to its end is missing, or there as far as it could be read; an archive is there in any case.
    let is_whole = outcome.unread.count == 0 || matches!(input::shape_of(name), Shape::Tar | Shape::Warc);
    assert!(if is_whole { found == rest } else { rest.starts_with(&found) }, "the original is not rebuilt");
});
