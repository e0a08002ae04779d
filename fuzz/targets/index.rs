//! Files of an index: read, merged in memory and from the files, written and read again.
#![no_main]

use copydesk::corpus::{Digest, Index, merge};
use copydesk::document::{Document, Origin};
use libfuzzer_sys::fuzz_target;
use std::io::Cursor;

const TEXT: &str = "The council voted on Monday to raise the harbour wall.\n\nIt had put off the vote for two years.\n";

fuzz_target!(|data: &[u8]| {
    let Ok(index) = Index::read(&mut &*data) else {
        let _ = merge(vec![data], &mut Cursor::new(Vec::new()));
        return;
    };
    let bytes = |index: &Index| {
        let mut bytes = Vec::new();
        index.write(&mut bytes).expect("memory can be written to");
        bytes
    };
    assert_eq!(bytes(&index), data, "what was read is not what is written");
    let digest = Digest::of(&Document::new(Origin { path: "b.txt".into(), ..Origin::default() }, TEXT));
    index.shared(&digest);
    let other = Index::of([digest]);
    let mut merged = Cursor::new(Vec::new());
    let of_files = merge(vec![data, bytes(&other).as_slice()], &mut merged);
    match Index::merge(vec![index, other]) {
        Ok(index) => {
            of_files.expect("what merges in memory merges from files");
            // Where a file repeats a block or keeps a site that nothing has, the two may differ.
            Index::read(&mut merged.into_inner().as_slice()).expect("what was merged can be read");
            drop(bytes(&index));
        }
        Err(_) => drop(of_files.expect_err("what clashes in memory clashes in files")),
    }
});
