//! Inputs as they lie in a folder: what is read, in which order, and what is refused.

use super::*;
use std::fs;
use std::io::Write;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, bytes) in files {
            folder.write(name, bytes);
        }
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Each document as `name:line text`, each error as its message; paths without the folder's own.
    fn read_with(&self, names: &[&str], options: Options) -> (Vec<String>, Skipped) {
        let paths: Vec<PathBuf> = names.iter().map(|name| self.path(name)).collect();
        let mut inputs = super::read(paths, options).unwrap();
        let mut seen = Vec::new();
        for raw in inputs.by_ref() {
            match raw.and_then(Raw::into_document) {
                Ok(None) => {}
                Ok(Some(document)) => {
                    let line = document.origin.record.map_or(String::new(), |record| format!(":{}", record.line));
                    seen.push(format!("{}{line} {}", document.origin.path, document.text.trim_end()));
                }
                Err(error) => seen.push(error.to_string()),
            }
        }
        let root = format!("{}/", self.0.path().display());
        (seen.into_iter().map(|line| line.replace(&root, "")).collect(), inputs.skipped())
    }

    fn read(&self, names: &[&str]) -> Vec<String> {
        self.read_with(names, Options::default()).0
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn what_a_document_will_take_is_told_before_it_is_read_where_that_is_known() {
    let folder = Folder::new(&[("a.txt", b"Rain fell."), ("b.txt.gz", &gzip(b"Hail came.")), ("c.jsonl", b"{\"text\": \"Snow.\"}\n")]);
    let raws = super::read(["a.txt", "b.txt.gz", "c.jsonl"].map(|name| folder.path(name)), Options::default()).unwrap();
    assert_eq!(raws.map(|raw| raw.unwrap().expected()).collect::<Vec<_>>(), [10, 0, 17]);
}

#[test]
fn a_folder_is_walked_in_order_and_what_is_left_out_is_counted() {
    let folder = Folder::new(&[
        ("b.txt", b"B"),
        ("a/z.md", b"Z"),
        ("a/c.html", b"C"),
        (".hidden.txt", b"no"),
        (".git/x.txt", b"no"),
        ("picture.txt", b"\x89PNG\0\0"),
        ("script.py", b"no"),
        ("drafts/d.txt", b"no"),
        ("a/skip.txt", b"no"),
        ("a/.gitignore", b"skip.txt\n"),
        ("note", b"N"),
    ]);
    let options = Options { ignore: vec!["drafts/".into()], root: folder.path(""), ..Options::default() };
    let (seen, skipped) = folder.read_with(&[""], options);
    assert_eq!(seen, ["a/c.html C", "a/z.md Z", "b.txt B", "note N"]);
    assert_eq!(skipped, Skipped { hidden: 2, binary: 1, not_prose: 1, links: 0, special: 0 });
    assert_eq!(skipped.to_string(), "4 files skipped: 2 hidden, 1 binary, 1 not prose");
}

#[test]
fn arguments_keep_their_order_and_are_read_whatever_they_are_called() {
    let folder = Folder::new(&[("b.txt", b"B"), ("a.py", b"A"), (".c", b"C"), ("d/e.txt", b"E")]);
    assert_eq!(folder.read(&["b.txt", "d", "a.py", ".c"]), ["b.txt B", "d/e.txt E", "a.py A", ".c C"]);
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_read() {
    let folder = Folder::new(&[("a.txt", b"A"), ("p.png", b"\x89PNG\0"), ("z.txt", b"Z")]);
    assert_eq!(
        folder.read(&["gone.txt", "a.txt", "p.png", "z.txt"]),
        ["gone.txt: cannot be read: there is no such file or folder", "a.txt A", "p.png: is not text: it is an image", "z.txt Z"]
    );
}

#[test]
fn a_file_that_vanishes_before_it_is_read_is_an_error() {
    let folder = Folder::new(&[("a.txt", b"A")]);
    let raw = super::read([folder.path("a.txt")], Options::default()).unwrap().next().unwrap().unwrap();
    fs::remove_file(folder.path("a.txt")).unwrap();
    assert!(matches!(raw.into_document(), Err(InputError { cause: Cause::Io(_), .. })));
}

#[cfg(unix)]
#[test]
fn links_pipes_and_devices_are_refused_or_counted() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new(&[("a/a.txt", b"A")]);
    symlink("..", folder.path("a/up")).unwrap();
    symlink("me", folder.path("me")).unwrap();
    symlink("a/a.txt", folder.path("good")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(folder.path("a/pipe")).status();
    let (seen, skipped) = folder.read_with(&[""], Options::default());
    assert_eq!(seen, ["a/a.txt A"]);
    assert_eq!(skipped.links, 3);
    assert_eq!(folder.read(&["good"]), ["good A"]);
    assert_eq!(folder.read(&["me"]), ["me: cannot be read: Too many levels of symbolic links"]);
    if made.is_ok_and(|status| status.success()) {
        assert_eq!(skipped.special, 1);
        assert_eq!(folder.read(&["a/pipe"]), ["a/pipe: is a named pipe, not a file or folder"]);
    }
    let raw = super::read([PathBuf::from("/dev/zero")], Options::default()).unwrap().next().unwrap();
    assert_eq!(raw.err().unwrap().to_string(), "/dev/zero: is a device, not a file or folder");
}

#[test]
fn a_document_over_the_limit_is_refused_packed_or_not() {
    let long = "word ".repeat(1000);
    let folder = Folder::new(&[("a.txt", long.as_bytes()), ("b.txt.gz", &gzip(long.as_bytes())), ("c.txt.gz", &gzip(b"C"))]);
    let options = Options { max_document_bytes: 4999, ..Options::default() };
    let (seen, _) = folder.read_with(&["a.txt", "b.txt.gz", "c.txt.gz"], options);
    assert_eq!(seen, ["a.txt: the document is larger than 1 MB", "b.txt.gz: the document is larger than 1 MB", "c.txt.gz C"]);
    let exact = Options { max_document_bytes: 5000, ..Options::default() };
    assert_eq!(folder.read_with(&["a.txt"], exact).0, [format!("a.txt {}", long.trim_end())]);
}

#[test]
fn records_are_streamed_from_every_packing() {
    let plain = b"{\"text\":\"A\"}\n{\"text\":\"B\"}\n";
    let mut members = gzip(b"{\"text\":\"A\"}\n");
    members.extend(gzip(b"{\"text\":\"B\"}\n"));
    let zst = zstd::encode_all(&plain[..], 1).unwrap();
    for (name, bytes) in [("n.jsonl", &plain[..]), ("n.ndjson", plain), ("n.jsonl.gz", &members), ("n.jsonl.zst", &zst)] {
        let folder = Folder::new(&[(name, bytes)]);
        assert_eq!(folder.read(&[name]), [format!("{name}:1 A"), format!("{name}:2 B")]);
    }
}

#[test]
fn a_broken_archive_yields_what_came_before() {
    let mut bytes = gzip(b"{\"text\":\"A\"}\n");
    bytes.extend(&gzip(b"{\"text\":\"B\"}\n")[..20]);
    let folder = Folder::new(&[("n.jsonl.gz", &bytes), ("z.txt", b"Z")]);
    let seen = folder.read(&["n.jsonl.gz", "z.txt"]);
    assert_eq!(seen[0], "n.jsonl.gz:1 A");
    assert!(seen[1].starts_with("n.jsonl.gz:2: cannot be read"), "{seen:?}");
    assert_eq!(seen[2], "z.txt Z");
}

#[test]
fn a_bad_record_does_not_end_the_file() {
    let folder = Folder::new(&[("n.jsonl", b"{\"text\":\"A\"}\nnonsense\n{\"body\":\"C\"}\n{\"text\":\"D\"}\n")]);
    assert_eq!(
        folder.read(&["n.jsonl"]),
        [
            "n.jsonl:1 A",
            "n.jsonl:2: the record is not JSON: expected ident at byte 2",
            "n.jsonl:3: the record has no field `text`",
            "n.jsonl:4 D"
        ]
    );
}

#[test]
fn fields_may_be_named_for_some_files() {
    let folder = Folder::new(&[("a.jsonl", b"{\"body\":\"A\"}"), ("b.jsonl", b"{\"text\":\"B\"}")]);
    let fields = Fields { text: "body".into(), ..Fields::default() };
    let options = Options { fields_for: vec![(globs("**/a.jsonl"), fields)], ..Options::default() };
    assert_eq!(folder.read_with(&["a.jsonl", "b.jsonl"], options).0, ["a.jsonl:1 A", "b.jsonl:1 B"]);
}

#[test]
fn a_pattern_that_is_none_is_an_error() {
    let options = Options { ignore: vec!["{a".into()], ..Options::default() };
    assert!(super::read([], options).is_err());
}

#[test]
fn records_may_hold_pages() {
    let folder = Folder::new(&[("a.jsonl", b"{\"text\":\"<h1>Wall</h1><p>A &amp; B\",\"title\":\"T\"}")]);
    let options = Options { fields: Fields { format: Format::Html, ..Fields::default() }, ..Options::default() };
    assert_eq!(folder.read_with(&["a.jsonl"], options).0, ["a.jsonl:1 Wall\n\nA & B"]);
}

fn globs(pattern: &str) -> GlobSet {
    globset::GlobSetBuilder::new().add(globset::Glob::new(pattern).unwrap()).build().unwrap()
}

#[test]
fn the_assumed_encoding_is_kept() {
    let folder = Folder::new(&[("a.txt", "Die Br\u{fc}cke".encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>().as_slice())]);
    let mut inputs = super::read([folder.path("a.txt")], Options::default()).unwrap();
    let document = inputs.next().unwrap().unwrap().into_document().unwrap().unwrap();
    assert_eq!((&*document.text, document.origin.encoding), ("Die Brücke", Some("UTF-16BE")));
}

#[test]
fn a_byte_order_mark_shifts_the_places_of_every_format() {
    for (format, source) in [(Format::Text, "\u{feff}Wall"), (Format::Markdown, "\u{feff}# Wall"), (Format::Html, "\u{feff}<p>Wall")] {
        let document = parse(Origin::default(), format, source);
        assert_eq!(&*document.text, "Wall");
        assert_eq!(document.to_source(document.blocks[0].span).of(document.source()), "Wall");
    }
}
