//! Archives through whole runs: what is written is an archive again, holds the mended texts, and is rebuilt to the byte.

use super::*;
use ::tar::{Archive, Builder, EntryType, Header};
use flate2::read::GzDecoder;
use proptest::prelude::*;
use sha1_smol::Sha1;
use std::fmt::Write;

fn header(kind: EntryType, size: usize) -> Header {
    let mut header = Header::new_ustar();
    header.set_entry_type(kind);
    header.set_size(size as u64);
    header.set_mode(0o640);
    header.set_mtime(1_700_000_000);
    header.set_username("desk").unwrap();
    header
}

/// An archive with these files, and some that nobody reads.
pub fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    builder.append_data(&mut header(EntryType::Directory, 0), "articles", &b""[..]).unwrap();
    for (name, bytes) in files {
        if name.starts_with("pax/") {
            builder.append_pax_extensions([("mtime", &b"1700000000.25"[..])]).unwrap();
        }
        builder.append_data(&mut header(EntryType::Regular, bytes.len()), name, *bytes).unwrap();
    }
    builder.append_link(&mut header(EntryType::Symlink, 0), "articles/latest", files.first().map_or("gone", |file| file.0)).unwrap();
    builder.append_data(&mut header(EntryType::Regular, 6), "articles/.hidden", &b"the the"[..6]).unwrap();
    let mut bytes = builder.into_inner().unwrap();
    // As `tar` fills up what it writes.
    bytes.resize(bytes.len().next_multiple_of(10_240), 0);
    bytes
}

/// Names, contents, modes and times of the files in an archive.
fn files(bytes: &[u8]) -> Vec<(String, String)> {
    let mut archive = Archive::new(bytes);
    let file = |entry: std::io::Result<::tar::Entry<'_, &[u8]>>| {
        let mut entry = entry.unwrap();
        let header = entry.header().clone();
        assert_eq!((header.mode().unwrap(), header.mtime().unwrap(), header.username().unwrap()), (0o640, 1_700_000_000, Some("desk")));
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        (String::from_utf8_lossy(&entry.path_bytes()).into_owned(), String::from_utf8_lossy(&content).into_owned())
    };
    archive.entries().unwrap().map(file).collect()
}

fn sha1(bytes: &[u8]) -> String {
    Sha1::from(bytes).digest().to_string()
}

/// A record of a web archive; `body` is where in the block its payload begins.
fn record(kind: &str, media_type: &str, block: &[u8], body: usize) -> Vec<u8> {
    let mut header = format!("WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://tide.example/{}\r\n", block.len());
    write!(header, "WARC-Record-ID: <urn:uuid:{}>\r\nContent-Type: {media_type}\r\n", sha1(block)).unwrap();
    write!(header, "WARC-Block-Digest: sha1:{}\r\nWARC-Payload-Digest: sha1:{}\r\n", sha1(block), sha1(&block[body..])).unwrap();
    write!(header, "X-Digest: md5:0\r\nContent-Length: {}\r\n\r\n", block.len()).unwrap();
    [header.as_bytes(), block, b"\r\n\r\n"].concat()
}

/// A page as it was sent: whole, packed, in chunks, or packed and in chunks.
fn page(text: &str, sent: &str) -> Vec<u8> {
    let mut body = format!("<html><body><p>{text}</p></body></html>").into_bytes();
    let mut fields = String::new();
    if sent.starts_with("packed") {
        body = Compression::Gzip.packed(&body).unwrap();
        fields += "Content-Encoding: gzip\r\n";
    }
    if sent.ends_with("chunked") {
        let (one, two) = body.split_at(body.len() / 2 + 7);
        let sizes = (format!("{:x}\r\n", one.len()), format!("\r\n{:X};x=y\r\n", two.len()));
        body = [sizes.0.as_bytes(), one, sizes.1.as_bytes(), two, b"\r\n0\r\n\r\n"].concat();
        fields += "Transfer-Encoding: chunked\r\n";
    } else {
        write!(fields, "Content-Length:{}\r\n", body.len()).unwrap();
    }
    let head = format!("HTTP/1.1 200 OK\r\n{fields}Content-Type: text/html; charset=utf-8\r\n\r\n");
    record("response", "application/http; msgtype=response", &[head.as_bytes(), &body].concat(), head.len())
}

fn text(text: &str) -> Vec<u8> {
    record("conversion", "text/plain", text.as_bytes(), 0)
}

fn info() -> Vec<u8> {
    record("warcinfo", "application/warc-fields", b"software: the the\r\n", 0)
}

/// A record in JSON for each text.
fn lines(texts: &[&str]) -> String {
    texts.iter().map(|text| serde_json::json!({ "text": text }).to_string() + "\n").collect()
}

/// A corpus of archives for the tests of all formats.
pub fn corpus(folder: &Path) {
    let long = format!("{}/n.txt", "long".repeat(60));
    let gzip = |text: &str| Compression::Gzip.packed(text.as_bytes()).unwrap();
    let mixed = lines(&[STORY, DOUBLED, DATED, "404 Not Found"]);
    let [same, changed, mut cut] = [lines(&[STORY; 2]), mixed.clone(), lines(&[STORY, DOUBLED])].map(|lines| gzip(&lines));
    cut.truncate(cut.len() - 4);
    let rows = format!("id,text\r\n1,\"{DOUBLED}\"\r\n2,\"{DATED}\"\n3,404 Not Found\n\n");
    // So many that parts end among them.
    let more = format!("{DOUBLED}\t3\n").repeat(19);
    let packed_rows = Compression::Zstd.packed(format!("text\tid\n{STORY}\t1\n{more}{DOUBLED}\t2").as_bytes()).unwrap();
    let page = format!("<p>{DOUBLED}</p>\n");
    let packed = Compression::Gzip.packed(DOUBLED.as_bytes()).unwrap();
    let film: Vec<u8> = (0..700_000).map(|at: usize| at as u8).collect();
    let members: [(&str, &[u8]); 18] = [
        ("a/clean.txt", STORY.as_bytes()),
        ("a/fixed.txt", DOUBLED.as_bytes()),
        (&long, DOUBLED.as_bytes()),
        ("pax/page.html", page.as_bytes()),
        ("a/review.md", DATED.as_bytes()),
        ("film.md", &film),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("code.py", &film),
        ("lines.jsonl", &[mixed.as_bytes(), b"{broken\n\n"].concat()),
        ("same.jsonl.gz", &same),
        ("changed.jsonl.gz", &changed),
        ("rows.csv", rows.as_bytes()),
        ("rows.tsv.zst", &packed_rows),
        ("none.csv", b"id,body\n1,x\n"),
        ("cut.jsonl.gz", &cut),
        ("packed.txt.gz", &packed),
        ("gone.txt", b"404 Not Found"),
        ("latin.txt", &encoding_rs::WINDOWS_1252.encode("The caf\u{e9} on the the quay was closed on Monday, said the owner.\n").0),
    ];
    write(folder, "t/night.tar", &archive(&members));
    write(folder, "t/night.tar.zst", &Compression::Zstd.packed(&archive(&members[..5])).unwrap());
    write(folder, "t/night.tgz", &Compression::Gzip.packed(&archive(&members[..5])).unwrap());
    write(folder, "t/none.tar", &archive(&[]));
    let records = [
        info(),
        page_of(STORY),
        page_of(DOUBLED),
        self::page(DOUBLED, "chunked"),
        self::page(DOUBLED, "packed"),
        self::page(DOUBLED, "packed chunked"),
        self::page(STORY, "packed"),
        page_of(DATED),
        record("resource", "image/png", &film, 0),
        page_of("404 Not Found"),
    ];
    write(folder, "w/night.warc", &records.concat());
    let records: Vec<Vec<u8>> =
        [info()].into_iter().chain((0..30).map(|at| text([STORY, DOUBLED, DATED, "404 Not Found"][at % 4]))).collect();
    let pack = |compression: Compression| records.iter().flat_map(|record| compression.packed(record).unwrap()).collect::<Vec<u8>>();
    write(folder, "w/night.warc.wet.gz", &pack(Compression::Gzip));
    write(folder, "w/night.wet.zst", &pack(Compression::Zstd));
    write(folder, "w/none.wet", b"");
}

fn page_of(text: &str) -> Vec<u8> {
    page(text, "whole")
}

/// Documents in the archives above, and those of them that are rejected, are not read.
pub const DOCUMENTS: [u64; 3] = [47 + 5 + 5 + 8 + 30 + 30, 7 + 1 + 7 + 7, 3];

struct Run {
    temp: tempfile::TempDir,
    outcome: Outcome,
}

impl Run {
    /// Cleans these files.
    fn of(files: &[(&str, Vec<u8>)]) -> Self {
        let temp = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            write(&temp.path().join("in"), name, bytes);
        }
        let outcome = clean(temp.path(), "out", 1, &|| false);
        Self { temp, outcome }
    }

    fn version(&self, verdict: Verdict, name: &str) -> Vec<u8> {
        let place = input::place(&self.temp.path().join("in").join(name).to_string_lossy());
        fs::read(self.temp.path().join("out").join(verdict.name()).join(place)).unwrap_or_default()
    }

    /// Whether the originals come back.
    fn prove(&self) {
        let folder = self.temp.path();
        let rebuilt = restore(&folder.join("out"), &folder.join("back")).unwrap();
        assert!(rebuilt.failed.is_empty(), "{:?}", rebuilt.failed);
        let back = tree(&folder.join("back").join(input::place(&folder.join("in").to_string_lossy())));
        for (name, bytes) in tree(&folder.join("in")) {
            assert!(unpacked(&name, &bytes) == unpacked(&name, &back[&name]), "{} is not as it was", name.display());
        }
    }
}

#[test]
fn the_files_of_an_archive_are_dealt_out_with_their_headers() {
    let temp = tempfile::tempdir().unwrap();
    corpus(temp.path());
    let run = Run::of(&[("night.tar", fs::read(temp.path().join("t/night.tar")).unwrap())]);
    let [clean, review, rejected] = Verdict::ALL.map(|verdict| files(&run.version(verdict, "night.tar")));
    let names = |files: &[(String, String)]| files.iter().map(|file| file.0.clone()).collect::<Vec<_>>();
    let long = format!("{}/n.txt", "long".repeat(60));
    let others = ["articles", "a/clean.txt", "a/fixed.txt", &long, "pax/page.html", "film.md", "picture.png", "code.py"];
    let records = ["lines.jsonl", "same.jsonl.gz", "changed.jsonl.gz", "rows.csv", "rows.tsv.zst", "cut.jsonl.gz"];
    assert_eq!(names(&clean), [&others[..], &records, &["packed.txt.gz", "latin.txt", "articles/latest", "articles/.hidden"]].concat());
    assert!(clean[2].1.contains("why the wall has not") && clean[3].1 == clean[2].1 && clean[4].1 == format!("<p>{}</p>\n", clean[2].1));
    assert!(clean[5].1.len() >= 700_000 && clean[7].1 == clean[5].1);
    assert_eq!(names(&review), ["a/review.md", "lines.jsonl", "changed.jsonl.gz", "rows.csv"]);
    assert!(review[0].1.contains("2024, the clerk"));
    assert_eq!(names(&rejected), ["lines.jsonl", "changed.jsonl.gz", "rows.csv", "none.csv", "cut.jsonl.gz", "gone.txt"]);
    let list = |name: &str| fs::read_to_string(run.temp.path().join("out").join(name)).unwrap();
    let (reviewed, unread) = (list("review.jsonl"), list("rejected.jsonl"));
    assert!(reviewed.contains("night.tar/changed.jsonl.gz\",\"record\":{\"line\":3,"), "{reviewed}");
    for said in ["night.tar/lines.jsonl\",\"record\":{\"line\":5,", "no field `text`", "it ends too early"] {
        assert!(unread.contains(said), "{said}: {unread}");
    }
    assert_eq!((run.outcome.unread.count, run.outcome.skipped.binary, run.outcome.skipped.hidden), (3, 2, 1), "{:?}", run.outcome);
    run.prove();
}

#[test]
fn the_files_of_records_of_an_archive_are_dealt_out_by_record() {
    let temp = tempfile::tempdir().unwrap();
    corpus(temp.path());
    let original = fs::read(temp.path().join("t/night.tar")).unwrap();
    let run = Run::of(&[("night.tar", original.clone())]);
    let [clean, review, rejected] = Verdict::ALL.map(|verdict| run.version(verdict, "night.tar"));
    let text = |archive: &[u8], name: &str| String::from_utf8(unpacked(Path::new(name), &member(archive, name))).unwrap();
    let mended = DOUBLED.replace("the the", "the");
    assert_eq!(text(&clean, "lines.jsonl"), lines(&[STORY, &mended]) + "\n");
    assert_eq!(text(&review, "lines.jsonl"), lines(&[&DATED.replace("the the", "the")]));
    assert_eq!(text(&rejected, "lines.jsonl"), lines(&["404 Not Found"]) + "{broken\n");
    assert_eq!(text(&clean, "changed.jsonl.gz"), lines(&[STORY, &mended]));
    assert_eq!(text(&rejected, "changed.jsonl.gz"), lines(&["404 Not Found"]));
    assert_eq!(text(&clean, "rows.csv"), format!("id,text\r\n1,\"{mended}\"\r\n\n"));
    assert_eq!(text(&rejected, "rows.csv"), "id,text\r\n3,404 Not Found\n");
    assert_eq!(text(&clean, "rows.tsv.zst"), format!("text\tid\n{STORY}\t1\n{}{mended}\t2", format!("{mended}\t3\n").repeat(19)));
    assert_eq!(text(&clean, "packed.txt.gz"), mended);
    // What was not changed is not packed again.
    assert!(member(&clean, "same.jsonl.gz") == member(&original, "same.jsonl.gz"));
    assert!(member(&rejected, "none.csv") == member(&original, "none.csv"));
    let kept =
        fs::read(run.temp.path().join("out/packed").join(input::place(&run.temp.path().join("in/night.tar").to_string_lossy()))).unwrap();
    let has = |name: &str| memchr::memmem::find(&kept, &member(&original, name)).is_some();
    assert_eq!(["same.jsonl.gz", "changed.jsonl.gz", "rows.tsv.zst", "cut.jsonl.gz"].map(has), [false, true, true, true]);
}

/// The content of a file in an archive.
fn member(bytes: &[u8], name: &str) -> Vec<u8> {
    let mut archive = Archive::new(bytes);
    let mut entry = archive.entries().unwrap().map(Result::unwrap).find(|entry| *entry.path_bytes() == *name.as_bytes()).unwrap();
    let mut content = Vec::new();
    entry.read_to_end(&mut content).unwrap();
    content
}

#[test]
fn what_is_not_written_of_an_archive_is_named() {
    let mut builder = Builder::new(Vec::new());
    builder.append_pax_extensions([("size", &b"12"[..])]).unwrap();
    builder.append_data(&mut header(EntryType::Regular, 12), "sized.jsonl", &b"{\"text\":\"\"}"[..]).unwrap();
    builder.append_data(&mut header(EntryType::Regular, 4), "a.parquet", &b"PAR1"[..]).unwrap();
    builder.append_data(&mut header(EntryType::Regular, 4), "a.warc.gz", &b"WARC"[..]).unwrap();
    builder.append_data(&mut header(EntryType::Regular, 12), "not size=12.jsonl", &b"{\"text\":\"\"}\n"[..]).unwrap();
    let run = Run::of(&[("night.tar", builder.into_inner().unwrap())]);
    let said = run.outcome.unread.named.join("\n");
    assert!(!said.contains("not size=12"), "{said}");
    for what in [
        "sized.jsonl: is in an archive and cannot be written there: an extended header tells its size",
        "a.parquet: is Parquet, which can be read only from a file that is not packed",
        "a.warc.gz: is in an archive and cannot be written there: it is an archive itself",
    ] {
        assert!(said.contains(what), "{said}");
    }
    run.prove();
}

/// The records of a web archive by the letter of their lengths: header, block.
fn records(mut bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut records = Vec::new();
    while !bytes.is_empty() {
        let end = memchr::memmem::find(bytes, b"\r\n\r\n").unwrap();
        let header = String::from_utf8(bytes[..end].to_vec()).unwrap();
        assert!(header.starts_with("WARC/1.0\r\n"), "{header}");
        let length: usize = header.split_once("\r\nContent-Length: ").unwrap().1.parse().unwrap();
        let (block, rest) = bytes[end + 4..].split_at(length);
        bytes = rest.strip_prefix(b"\r\n\r\n").unwrap();
        let http = memchr::memmem::find(block, b"\r\n\r\n").map_or(0, |end| end + 4);
        for digest in [format!("Block-Digest: sha1:{}", sha1(block)), format!("Payload-Digest: sha1:{}", sha1(&block[http..]))] {
            assert!(header.contains(&digest), "{digest}: {header}");
        }
        records.push((header, block.to_vec()));
    }
    records
}

#[test]
fn the_pages_of_a_web_archive_are_dealt_out_with_lengths_and_digests_renewed() {
    let temp = tempfile::tempdir().unwrap();
    corpus(temp.path());
    let run = Run::of(&[("night.warc", fs::read(temp.path().join("w/night.warc")).unwrap())]);
    let [clean, review, rejected] = Verdict::ALL.map(|verdict| records(&run.version(verdict, "night.warc")));
    assert_eq!((clean.len(), review.len(), rejected.len()), (8, 1, 1));
    let text = |record: &(String, Vec<u8>)| String::from_utf8_lossy(&record.1).into_owned();
    let mended = format!("<html><body><p>{}</p></body></html>", DOUBLED.replace("the the", "the"));
    let head = "Content-Type: text/html; charset=utf-8\r\n\r\n";
    assert_eq!(text(&clean[2]), format!("HTTP/1.1 200 OK\r\nContent-Length:{}\r\n{head}{mended}", mended.len()));
    // What was sent in chunks or packed stands in one piece as it is, where something was mended.
    assert_eq!(text(&clean[3]), format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{head}{mended}", mended.len()));
    assert_eq!((text(&clean[4]), text(&clean[5])), (text(&clean[2]), text(&clean[3])));
    assert!(text(&clean[6]).contains("Content-Encoding: gzip") && text(&review[0]).contains("2024, the clerk"));
    assert!(text(&rejected[0]).contains("404 Not Found"));
    run.prove();
}

#[test]
fn each_record_of_a_packed_web_archive_is_packed_by_itself() {
    let temp = tempfile::tempdir().unwrap();
    corpus(temp.path());
    let bytes = fs::read(temp.path().join("w/night.warc.wet.gz")).unwrap();
    let run = Run::of(&[("night.warc.wet.gz", bytes.clone())]);
    run.prove();
    let back = run.temp.path().join("back").join(input::place(&run.temp.path().join("in/night.warc.wet.gz").to_string_lossy()));
    let versions = Verdict::ALL.map(|verdict| run.version(verdict, "night.warc.wet.gz"));
    let [clean, review, rejected, back, old] =
        [&versions[0], &versions[1], &versions[2], &fs::read(back).unwrap(), &bytes].map(|version| {
            let mut rest = version.as_slice();
            std::iter::from_fn(|| {
                let mut record = Vec::new();
                let mut member = GzDecoder::new(rest);
                (!rest.is_empty()).then(|| member.read_to_end(&mut record).unwrap())?;
                // The decoder takes what it needs.
                rest = &rest[packed_length(rest)..];
                Some(record)
            })
            .collect::<Vec<_>>()
        });
    assert_eq!((clean.len(), review.len(), rejected.len()), (17, 7, 7));
    assert!(clean.iter().chain(&review).chain(&rejected).all(|record| records(record).len() == 1));
    assert!(back == old);
}

/// Bytes of the first member.
fn packed_length(bytes: &[u8]) -> usize {
    let mut decoder = flate2::bufread::GzDecoder::new(bytes);
    std::io::copy(&mut decoder, &mut std::io::sink()).unwrap();
    bytes.len() - decoder.into_inner().len()
}

#[test]
fn what_is_behind_a_break_is_put_aside_as_it_is() {
    let members: [(&str, &[u8]); 3] = [("a.txt", DOUBLED.as_bytes()), ("b.txt", DATED.as_bytes()), ("c.txt", STORY.as_bytes())];
    let mut broken = archive(&members);
    // The header of the second file, behind a folder and the first.
    broken[1_600] ^= 1;
    let cut = archive(&members)[..1_700].to_vec();
    let mut lying = [text(DOUBLED), text(STORY)].concat();
    let at = memchr::memmem::find(&lying, b"Content-Length: ").unwrap() + 16;
    lying[at] += 1;
    let huge = String::from_utf8(text(STORY)).unwrap().replace("Content-Length: ", "Content-Length: 9999999");
    let run = Run::of(&[
        ("broken.tar", broken),
        ("cut.tar", cut),
        ("huge.warc", huge.into_bytes()),
        ("lying.warc", lying),
        ("none.tar", b"hello".to_vec()),
        ("none.warc", b"hello".to_vec()),
    ]);
    run.prove();
    assert_eq!(run.outcome.unread.count, 7, "{:?}", run.outcome.unread);
    let said = run.outcome.unread.named.join("\n");
    assert!(said.contains("broken.tar:1: cannot be read: it is not a tar archive, or is broken here"), "{said}");
    assert!(
        said.contains("cut.tar:1: cannot be read: it ends too early") && said.contains("huge.warc:1: the document is larger"),
        "{said}"
    );
    assert!(said.contains("lying.warc:1: cannot be read: it is not a WARC file, or is broken here"), "{said}");
    assert_eq!(files(&run.version(Verdict::Clean, "broken.tar"))[1].0, "a.txt");
}

/// An archive of some kind, with a file or record for each text.
fn made(kind: usize, texts: &[(usize, String)]) -> Vec<u8> {
    let text_of = |(choice, text): &(usize, String)| match choice {
        0 => STORY.into(),
        1 => format!("{text} {DOUBLED} {text}"),
        2 => format!("{DOUBLED} {DATED}"),
        3 => "404 Not Found".into(),
        _ => text.clone(),
    };
    let texts: Vec<String> = texts.iter().map(text_of).collect();
    if kind == 0 {
        const NAMES: [&str; 9] =
            ["a.txt", "l.jsonl", "pax/é.html", "l.jsonl.gz", "x.bin", "r.csv", "p.txt.zst", "r.tsv.gz", "broken.jsonl"];
        let content = |(at, text): (usize, &String)| {
            let name = NAMES[(at + texts[0].len()) % NAMES.len()];
            let content = match name.split('.').nth(1) {
                Some("jsonl") if !name.starts_with('b') => lines(&[text, DOUBLED, text]),
                Some("csv") => format!("text,id\n\"{}\",1\n{text},2\n", text.replace('"', "\"\"")),
                Some("tsv") => format!("id\ttext\r\n1\t{text}\r\n2\t{DOUBLED}\n"),
                _ => text.clone(),
            };
            (name, input::compression_of(name).packed(content.as_bytes()).unwrap())
        };
        let members: Vec<(&str, Vec<u8>)> = texts.iter().enumerate().map(content).collect();
        archive(&members.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect::<Vec<_>>())
    } else {
        let record = |(at, text): (usize, &String)| match at % 4 {
            0 => self::text(text),
            sent => page(text, ["chunked", "packed", "packed chunked"][sent - 1]),
        };
        texts.iter().enumerate().flat_map(record).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn archives_sound_and_damaged_come_back_to_the_byte_however_often_a_run_is_stopped(
        archives in prop::collection::vec((0usize..2, prop::collection::vec((0usize..5, "[ a-zé\u{e9}<\r\n\0]{0,40}"), 0..12), any::<[u16; 3]>()), 1..8),
        every in 1usize..20,
    ) {
        let files: Vec<(String, Vec<u8>)> = archives.iter().enumerate().map(|(number, (kind, texts, [at, with, damage]))| {
            let mut bytes = made(*kind, texts);
            let at = usize::from(*at) * 7 % (bytes.len() + 1);
            match damage % 4 {
                0 => bytes.truncate(at),
                1 if at < bytes.len() => bytes[at] = *with as u8,
                _ => {}
            }
            let compression = [Compression::None, Compression::Gzip, Compression::Zstd][usize::from(*with) % 3];
            let ending = ["", ".gz", ".zst"][usize::from(*with) % 3];
            (format!("{number}.{}{ending}", ["tar", "warc"][*kind]), compression.packed(&bytes).unwrap())
        }).collect();
        let files: Vec<(&str, Vec<u8>)> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
        let run = Run::of(&files);
        run.prove();
        let left = Cell::new(0);
        let stop = || {
            left.set(left.get() + 1);
            left.get() % every == every - 1
        };
        let mut runs = 0;
        while clean(run.temp.path(), "stopped", 2, &stop).end == End::Stopped && runs < 4 {
            runs += 1;
        }
        clean(run.temp.path(), "stopped", 1, &|| false);
        prop_assert!(tree(&run.temp.path().join("out")) == tree(&run.temp.path().join("stopped")));
    }
}
