//! Indexes of small corpora of our own: the same bytes for any sharding, and what they say of a document.

use super::*;
use crate::document::{Document, Origin, Record};
use proptest::prelude::*;

const STORY: [&str; 5] = [
    "The harbour board met on Monday to hear why the new crane, bought two years ago, has stood idle since the spring.",
    "“It is a fine machine,” the harbour master told the board. “But nobody thought of asking what it would stand on.”",
    "The quay was built in 1911 for lighter loads, and engineers now say that it would have to be shored up with steel piles first.",
    "Members asked who had signed the order. The clerk answered that the papers were lost when the old office was flooded.",
    "A decision on the piles is expected in May, after a survey of the sea bed by divers from the naval school.",
];
const OTHER: &str =
    "A ferry with forty passengers on board ran aground off the northern cape on Sunday night; all of them were brought ashore unharmed.";
const BOX: &str = "The Tide is published by the people of the harbour every Thursday.";

fn document(path: &str, line: usize, url: Option<&str>, text: &str) -> Document {
    let record = (line > 0).then(|| Record { line, id: Some(format!("r{line}")), field: "text".into() });
    Document::new(Origin { path: path.into(), record, url: url.map(Into::into), ..Origin::default() }, text)
}

fn bytes(index: &Index) -> Vec<u8> {
    let mut bytes = Vec::new();
    index.write(&mut bytes).unwrap();
    bytes
}

/// A day's take of a site: each story with the site's box, one of them twice.
fn corpus() -> Vec<Document> {
    let url = |n: usize| format!("https://www.tide.example/{n}");
    let mut documents: Vec<Document> =
        (0..4).map(|n| document("night.jsonl", n + 1, Some(&url(n)), &format!("{}\n{BOX}\n{n} of four reports\n", STORY[n]))).collect();
    documents.push(document("a/story.txt", 0, None, &format!("Crane idle\n{}\n", STORY.join("\n"))));
    documents.push(document("b/story.txt", 0, None, &format!("{}\n{OTHER}\n", STORY.join("\n").replace("Monday", "Tuesday"))));
    documents.push(document("c/ferry.txt", 0, None, &format!("Ferry aground\n{OTHER}\n")));
    documents.push(document("d/ferry.txt", 0, None, &format!("Nobody hurt\n{}\n", OTHER.replace("northern cape", "cape"))));
    documents
}

#[test]
fn a_block_is_traced_to_the_first_document_that_has_it() {
    let documents = corpus();
    let index = Index::of(documents.iter().map(Digest::of));
    let shared = |n: usize| index.shared(&Digest::of(&documents[n]));
    // The ferry story stands in `b` first.
    let ferry = shared(6);
    assert_eq!(ferry.blocks.len(), 1);
    let first = ferry.blocks[0].first.unwrap();
    assert_eq!((first.document.key.path.as_str(), first.line, first.column), ("b/story.txt", 6, 1));
    assert_eq!((ferry.blocks[0].others, ferry.blocks[0].on_site), (1, 0));
    // `b` is the first to have it.
    assert!(shared(5).blocks.iter().any(|sighting| sighting.block == 5 && sighting.first.is_none()));
    // The site's box is on four pages of the site.
    let record = shared(2);
    let of_box = record.blocks.iter().find(|sighting| sighting.block == 1).unwrap();
    assert_eq!((of_box.others, of_box.on_site), (3, 4));
    assert_eq!(of_box.first.unwrap().document.key.record.as_ref().map(|record| record.line), Some(1));
}

#[test]
fn a_version_of_a_document_names_the_first() {
    let documents = corpus();
    let index = Index::of(documents.iter().map(Digest::of));
    let likeness =
        |n: usize| index.shared(&Digest::of(&documents[n])).likeness.map(|found| (found.document.key.path.clone(), found.overlap));
    assert_eq!(likeness(4), None, "the first is no copy");
    let (path, overlap) = likeness(5).unwrap();
    assert!(path == "a/story.txt" && (0.6..1.0).contains(&overlap.similarity), "{overlap:?}");
    assert_eq!(likeness(6).map(|(path, _)| path), Some("b/story.txt".into()), "contained in a longer one");
    // A document that is not in the index, against all of it.
    let tonight = document("tonight.txt", 0, None, &STORY.join("\n\n"));
    assert_eq!(index.shared(&Digest::of(&tonight)).likeness.map(|found| found.document.key.path.as_str()), Some("a/story.txt"));
    let new = document(
        "new.txt",
        0,
        None,
        "Nothing of the kind was ever printed here before, nor will it be again, said the editor, and went home to sleep until noon.",
    );
    assert_eq!(index.shared(&Digest::of(&new)), Shared::default());
}

#[test]
fn of_a_large_index_only_what_matters_is_read() {
    let file = bytes(&Index::of(corpus().iter().map(Digest::of)));
    let read = |text: &str| {
        let digest = Digest::of(&document("new.txt", 0, None, text));
        Index::narrowed(|| Ok(vec![file.as_slice()]), &[digest]).unwrap()
    };
    assert_eq!(read("Nothing of the kind was ever printed here.").len(), 0);
    // Three documents tell the ferry's story, in two forms; neither the others nor their blocks are held.
    let ferry = read(OTHER);
    assert_eq!((ferry.len(), ferry.block_count()), (3, 2));
}

#[test]
fn a_block_with_a_few_words_changed_is_traced_too() {
    let documents = corpus();
    let index = Index::of(documents.iter().map(Digest::of));
    let shared = index.shared(&Digest::of(&documents[7]));
    let found: Vec<_> = shared.blocks.iter().filter(|sighting| sighting.near).collect();
    assert_eq!(found.len(), 1);
    let first = found[0].first.unwrap();
    assert_eq!((first.document.key.path.as_str(), first.line, found[0].others), ("b/story.txt", 6, 2));
    // The first of them all has nothing to answer for.
    let before = index.shared(&Digest::of(&documents[5]));
    assert!(before.blocks.iter().all(|sighting| sighting.block != 5 || sighting.first.is_none()));
}

#[test]
fn the_first_by_date_is_the_earliest() {
    let dated = |path: &str, date: &str| {
        let mut document = document(path, 0, None, &format!("{path}\n{OTHER}\n"));
        document.meta.date = Some(date.into());
        document
    };
    let documents = [dated("a", "2024-03-02"), dated("b", "1 March 2024"), dated("c", "")];
    let digests = documents.map(|document| Digest::ranked(&document, Order::Date));
    let index = Index::ranked(Order::Date, digests.clone());
    let first = |n: usize| index.shared(&digests[n]).blocks[0].first.map(|first| first.document.key.path.clone());
    assert_eq!([first(0), first(1), first(2)], [Some("b".into()), None, Some("b".into())]);
    let written = bytes(&index);
    assert_eq!(Index::read(&mut written.as_slice()).unwrap(), index);
    assert_eq!(Index::merge(vec![index, Index::default()]), Err(Clash::Order));
    let other = bytes(&Index::default());
    let merged = merge(vec![written.as_slice(), other.as_slice()], &mut std::io::Cursor::new(Vec::new()));
    assert!(matches!(merged, Err(MergeError::Clash(Clash::Order))));
}

#[test]
fn a_file_is_read_as_it_was_written() {
    let index = Index::of(corpus().iter().map(Digest::of));
    let written = bytes(&index);
    assert_eq!(Index::read(&mut written.as_slice()).unwrap(), index);
    assert!(matches!(Index::read(&mut &b"something else entirely"[..]), Err(FileError::Foreign)));
    for end in [16, 40, written.len() / 2, written.len() - 1] {
        assert!(matches!(Index::read(&mut &written[..end]), Err(FileError::Damaged(_))), "cut at {end}");
    }
    let mut longer = written.clone();
    longer.push(0);
    assert!(matches!(Index::read(&mut longer.as_slice()), Err(FileError::Damaged(_))));
}

#[test]
fn a_document_is_not_counted_twice() {
    let digests: Vec<Digest> = corpus().iter().map(Digest::of).collect();
    let (one, two) = (Index::of(digests[..4].to_vec()), Index::of(digests[3..].to_vec()));
    let files = [bytes(&one), bytes(&two)];
    let merged = merge(files.iter().map(Vec::as_slice).collect(), &mut std::io::Cursor::new(Vec::new()));
    assert!(matches!(merged, Err(MergeError::Clash(Clash::Document(key))) if key == digests[3].key));
    assert_eq!(Index::merge(vec![one, two]), Err(Clash::Document(digests[3].key.clone())));
}

#[test]
fn documents_of_one_rank_clash_whatever_else_is_said_of_them() {
    // A damaged file may name line 0, where a file that is one document stands.
    let whole = Digest::of(&document("b.txt", 0, None, "The council voted on Monday to raise the harbour wall.\n"));
    let mut line = whole.clone();
    line.key.record = Some(Record { line: 0, id: None, field: "text".into() });
    let (one, two) = (Index::of([whole.clone()]), Index::of([line]));
    let files = [bytes(&one), bytes(&two)];
    let merged = merge(files.iter().map(Vec::as_slice).collect(), &mut std::io::Cursor::new(Vec::new()));
    assert!(matches!(merged, Err(MergeError::Clash(Clash::Document(_)))));
    assert_eq!(Index::merge(vec![one, two]), Err(Clash::Document(whole.key)));
}

proptest! {
    #[test]
    fn any_sharding_gives_the_same_bytes(shards in prop::collection::vec(0..4usize, 8), order in Just((0..8usize).collect::<Vec<_>>()).prop_shuffle(), nested in any::<bool>()) {
        let digests: Vec<Digest> = corpus().iter().map(Digest::of).collect();
        let whole = bytes(&Index::of(digests.clone()));
        let part = |shard: usize| Index::of(order.iter().filter(|&&n| shards[n] == shard).map(|&n| digests[n].clone()));
        let merged = if nested {
            let right = Index::merge(vec![part(2), part(0)]).unwrap();
            Index::merge(vec![part(3), right, part(1)]).unwrap()
        } else {
            Index::merge((0..4).map(part).collect()).unwrap()
        };
        prop_assert_eq!(bytes(&merged), &whole[..]);
        // And from files, without holding them in memory.
        let files: Vec<Vec<u8>> = (0..4).map(|shard| bytes(&part(shard))).collect();
        let mut out = std::io::Cursor::new(Vec::new());
        let size = super::merge(files.iter().map(Vec::as_slice).collect(), &mut out).unwrap();
        prop_assert_eq!(out.into_inner(), whole);
        prop_assert_eq!(size, Size { documents: merged.len(), blocks: merged.block_count() });
        // What is read of them for some documents says the same of these.
        let open = || Ok(files.iter().map(Vec::as_slice).collect());
        let tonight: Vec<Digest> = order[..3].iter().map(|&n| digests[n].clone()).chain([Digest::of(&document("new", 0, None, OTHER))]).collect();
        let narrowed = Index::narrowed(open, &tonight).unwrap();
        for own in &tonight {
            prop_assert_eq!(format!("{:?}", narrowed.shared(own)), format!("{:?}", merged.shared(own)));
        }
    }

    #[test]
    fn damaged_bytes_are_an_error_and_no_panic(at in any::<prop::sample::Index>(), value in any::<u8>()) {
        let mut written = bytes(&Index::of(corpus().iter().map(Digest::of)));
        let at = at.index(written.len());
        written[at] = value;
        let _ = merge(vec![written.as_slice()], &mut std::io::Cursor::new(Vec::new()));
        if let Ok(index) = Index::read(&mut written.as_slice()) {
            prop_assert_eq!(bytes(&index), written);
            let _ = index.shared(&Digest::of(&document("x", 0, Some("https://tide.example"), &STORY.join("\n"))));
        }
    }
}

#[test]
fn a_byte_that_is_wiped_out_is_noticed_or_changes_what_is_read() {
    let whole = bytes(&Index::of(corpus().iter().map(Digest::of)));
    for at in 0..whole.len() {
        let mut written = whole.clone();
        written[at] = 0;
        if let Ok(index) = Index::read(&mut written.as_slice()) {
            assert_eq!(bytes(&index), written, "byte {at}");
        }
    }
}
