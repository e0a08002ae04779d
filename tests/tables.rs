//! `copydesk tables build` and the dictionaries of other languages, from the files to the findings.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn copydesk(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_copydesk")).args(args).current_dir(folder).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn counts_of_the_users_own_texts_decide_what_is_usual() {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path();
    // The tables in the binary say that lagers are led by, and the house style says otherwise.
    fs::write(folder.join("a.txt"), "The new works were lead by the brewers of the town in the last ten years.\n").unwrap();
    let line = "All works were lead by hand there and were lead by the book.\n";
    let house: String = (0..40).map(|n| format!("{n}: {line}")).collect();
    fs::write(folder.join("house.txt"), house).unwrap();
    fs::write(folder.join("copydesk.yaml"), "tables: ours\n").unwrap();
    let check = ["check", "a.txt", "--select", "confused-words", "--format", "concise", "--fail-on", "never"];
    let missing = copydesk(folder, &check);
    assert_eq!(missing.status.code(), Some(2), "{}", text(&missing.stderr));
    assert!(text(&missing.stderr).contains("the tables in"), "{}", text(&missing.stderr));

    fs::remove_file(folder.join("copydesk.yaml")).unwrap();
    assert!(text(&copydesk(folder, &check).stdout).contains("`lead` should be `led`"));
    let built = copydesk(folder, &["tables", "build", "--corpus", "house.txt", "-o", "ours"]);
    assert_eq!(built.status.code(), Some(0), "{}", text(&built.stderr));
    assert!(text(&built.stdout).contains("own-trigrams.bin"), "{}", text(&built.stdout));
    fs::write(folder.join("copydesk.yaml"), "tables: ours\n").unwrap();
    assert!(!text(&copydesk(folder, &check).stdout).contains("lead"), "{}", text(&copydesk(folder, &check).stdout));
}

#[test]
fn tables_are_made_of_lists() {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path();
    let lists = folder.join("lists");
    fs::create_dir(&lists).unwrap();
    let web = |count: f64, tier: u32| (4.0 * count.log2()).round() as u32 * 64 + tier;
    let words: String =
        [("harbour", 1e8), ("the", 1e10), ("boat", 1e8)].map(|(word, count)| format!("{word}\t{}\n", web(count, 0))).concat();
    for (name, rows) in [
        ("words", words.as_str()),
        ("unigrams", "harbour\t900\nthe\t1100\n"),
        ("bigrams", "the harbour\t40\nthe boat\t8\n"),
        ("trigrams", ""),
        ("web-bigrams", ""),
        ("typos", "harbuor\tharbour\n"),
    ] {
        fs::write(lists.join(format!("{name}.tsv")), rows).unwrap();
    }
    let built = copydesk(folder, &["tables", "build", "lists", "-o", "ours", "--bigrams-from", "5"]);
    assert_eq!(built.status.code(), Some(0), "{}", text(&built.stderr));
    let lexicon = copydesk::lexicon::Lexicon::open(&folder.join("ours")).unwrap();
    let id = |word: &str| lexicon.words.find_word(word).id;
    assert!(lexicon.pairs.free(id("the"), id("harbour")) > 900.0);
    assert_eq!(lexicon.pairs.free(id("the"), id("boat")), 0.0);

    fs::write(lists.join("words.tsv"), "harbour\tmany\n").unwrap();
    let broken = copydesk(folder, &["tables", "build", "lists", "-o", "ours"]);
    assert_eq!(broken.status.code(), Some(2));
    assert!(text(&broken.stderr).contains("line 1: expected `word<TAB>number`"), "{}", text(&broken.stderr));
}

#[test]
fn another_language_is_read_where_there_is_a_dictionary_of_it() {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path();
    // Old files are in old encodings.
    let stems = "die der das und nicht ist ein eine einen über mit den dem hat im auf zu sich auch nach von für war aus wie alle \
                 rat stadt hafen mauer wurde wieder gebaut sturm winter küste gemeinde beschlossen gestern abend sitzung bürger";
    let dic: String = stems.split_whitespace().map(|stem| format!("{stem}\n")).collect();
    fs::write(folder.join("de.dic"), encode(&format!("60\n{dic}"))).unwrap();
    fs::write(folder.join("de.aff"), encode("SET ISO8859-1\n")).unwrap();
    let article = "Die Gemeinde hat gestern Abend beschlossen, dass die Mauer im Hafen nicht wieder gebaut wird.\n\
                   Der Rat der Stadt ist für die Mauer und die Bürger sind mit dem Rat und auch mit der Gemeinde nach dem Sturm im Winter.\n\
                   Die Mauer im Hafen wurde nach dem Sturm über den Winter nicht weider gebaut, und der Hafen ist zu.\n";
    fs::write(folder.join("artikel.txt"), article).unwrap();
    let check = ["check", "artikel.txt", "--select", "spelling", "--format", "concise", "--fail-on", "never"];
    assert!(!text(&copydesk(folder, &check).stdout).contains("artikel.txt:"));
    fs::write(folder.join("copydesk.yaml"), "dictionaries:\n  de: de.dic\n").unwrap();
    let found = copydesk(folder, &check);
    assert!(text(&found.stdout).contains("`weider` should be `wieder`"), "{}{}", text(&found.stdout), text(&found.stderr));
    assert_eq!(text(&found.stdout).matches("artikel.txt:").count(), 1, "{}", text(&found.stdout));
}

/// Latin-1.
fn encode(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect()
}
