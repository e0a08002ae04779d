//! With a small language of our own.

use super::*;
use proptest::prelude::*;

const AFF: &str = "\
SET UTF-8
TRY aeinorst
NEEDAFFIX N
FORBIDDENWORD !
KEEPCASE K
COMPOUNDMIN 3
COMPOUNDBEGIN b
COMPOUNDMIDDLE m
COMPOUNDEND e
ONLYINCOMPOUND o
CIRCUMFIX X
# Many of a thing; a thing that somebody has.
SFX S Y 2
SFX S y ies [^aeiou]y
SFX S 0 s [^y]
SFX P Y 1
SFX P 0 ful/S .
PFX U Y 1
PFX U 0 un .
PFX G Y 1
PFX G 0 ge/X .
SFX T Y 1
SFX T en t/X en
SFX n Y 1
SFX n 0 n/N .
";

const DIC: &str = "\
12
harbour/SP
berry/S
lock/SU
Tarn/K
nurk/N
nurk/S
wron/!
wron
mach en po:verb
machen/GT
tür/be
griff/bme
lein/oe
zeit\tpo:noun
";

fn dictionary() -> Dictionary {
    Dictionary::new(AFF, DIC).unwrap()
}

#[test]
fn endings_and_beginnings_are_taken_off() {
    let dictionary = dictionary();
    for word in
        ["harbour", "harbours", "Harbours", "HARBOURS", "harbourful", "harbourfuls", "berries", "unlock", "unlocks", "zeit", "mach en"]
    {
        assert!(dictionary.knows(word), "{word}");
    }
    for word in ["harbourss", "berrys", "unberry", "harboursful", "unharbour", "nothing", ""] {
        assert!(!dictionary.knows(word), "{word}");
    }
}

#[test]
fn special_flags_are_obeyed() {
    let dictionary = dictionary();
    // A homonym without the flag stands alone; a forbidden word does not, whatever its homonym.
    assert!(dictionary.knows("nurk") && dictionary.knows("nurks") && !dictionary.knows("wron"));
    assert!(dictionary.knows("Tarn") && !dictionary.knows("TARN"));
    assert!(dictionary.knows("gemacht") && !dictionary.knows("gemachen") && !dictionary.knows("macht"));
}

#[test]
fn words_are_joined_by_their_flags() {
    let dictionary = dictionary();
    for word in ["türgriff", "Türgriff", "türgrifflein", "griffgriffgriff"] {
        assert!(dictionary.knows(word), "{word}");
    }
    for word in ["lein", "leintür", "türharbour", "grifft"] {
        assert!(!dictionary.knows(word), "{word}");
    }
}

#[test]
fn two_words_in_one_are_told_whatever_their_flags() {
    let dictionary = dictionary();
    assert!(dictionary.is_two_words("harbourlock") && dictionary.is_two_words("tarnharbour") && dictionary.is_two_words("zeitnurk"));
    assert!(["harbour", "harbourx", "ab", "", "üü", "zeiharbour"].iter().all(|word| !dictionary.is_two_words(word)));
}

#[test]
fn flags_come_in_every_notation() {
    for (aff, dic) in [
        ("FLAG long\nSFX Aa Y 1\nSFX Aa 0 s .\n", "1\nharbour/BbAa\n"),
        ("FLAG num\nSFX 65001 Y 1\nSFX 65001 0 s .\n", "1\nharbour/1,65001\n"),
        ("AF 2\nAF xy\nAF S\nSFX S Y 1\nSFX S 0 s .\n", "1\nharbour/2\n"),
        ("FLAG UTF-8\nSET UTF-8\nSFX é Y 1\nSFX é 0 s .\n", "1\nharbour/é\n"),
    ] {
        assert!(Dictionary::new(aff, dic).unwrap().knows("harbours"), "{aff}");
    }
}

#[test]
fn old_encodings_are_read() {
    let (aff, dic) = decode(b"SET ISO8859-1\nTRY \xfc\n", b"1\nt\xfcr\n").unwrap();
    assert!(Dictionary::new(&aff, &dic).unwrap().knows("tür"));
    let (aff, dic) = decode(b"SET ISO8859-2\n", b"1\nkoniec \xb3\n").unwrap();
    assert!(Dictionary::new(&aff, &dic).unwrap().knows("koniec ł"));
    assert!(decode(b"SET microsoft-cp1251\n", b"").is_ok());
    assert_eq!(decode(b"SET EBCDIC-9\n", b"").unwrap_err(), HunspellError::Encoding("EBCDIC-9".into()));
}

#[test]
fn what_fingers_do_is_undone() {
    let dictionary = dictionary();
    for (typo, right) in [("habrour", "harbour"), ("harborr", ""), ("harbouur", "harbour"), ("berris", "berries"), ("grif", "griff")] {
        let near = dictionary.near(typo);
        assert_eq!(near, if right.is_empty() { vec![] } else { vec![right.to_string()] }, "{typo}");
    }
}

#[test]
fn damaged_files_are_errors() {
    let error = |aff: &str, dic: &str| Dictionary::new(aff, dic).unwrap_err();
    assert_eq!(error("SFX S\n", "a\n"), HunspellError::Line { line: 1, expected: "SFX flag strip affix condition" });
    assert!(matches!(error("SFX S Y 1\nSFX S 0 s a]b\n", "a\n"), HunspellError::Line { line: 2, .. }));
    assert_eq!(error("", "3\n"), HunspellError::Empty);
}

#[test]
fn hostile_words_and_dictionaries_cost_little() {
    let dictionary = Dictionary::new("COMPOUNDFLAG c\nCOMPOUNDMIN 1\n", "2\na/c\naa/c\n").unwrap();
    let start = std::time::Instant::now();
    assert!(!dictionary.knows(&format!("{}b", "a".repeat(120))) && !dictionary.knows(&"a".repeat(1 << 20)));
    assert!(start.elapsed().as_secs() < 5);
}

proptest! {
    #[test]
    fn any_files_and_words_do_no_harm(aff in "((SFX|PFX|AF|FLAG|COMPOUNDFLAG|TRY|IGNORE) [A-Z0-9é]{0,3} [YN0a\\[\\]^é]{0,4} [0-9a-z/]{0,4}\n){0,6}", dic in "([a-zé/ :\t]{0,9}\n){0,6}", word in "[a-zéA-Z’ ]{0,12}") {
        if let Ok(dictionary) = Dictionary::new(&aff, &dic) {
            dictionary.knows(&word);
            dictionary.near(&word);
        }
    }
}
