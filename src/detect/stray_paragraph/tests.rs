//! The detector on whole articles of our own.

use super::judge::{self, Silence, Verdict};
use super::*;
use crate::detect::Gate;
use crate::document::Document;

/// Articles of our own, some with a stray.
const ARTICLES: &str = include_str!("../../../tests/data/stray/articles.jsonl");

/// The bits of the score of each judged paragraph.
const SCORES: &str = include_str!("../../../tests/data/stray/scores.txt");

#[derive(serde::Deserialize)]
struct Article {
    id: String,
    text: String,
}

fn articles() -> impl Iterator<Item = Article> {
    ARTICLES.lines().map(|line| serde_json::from_str(line).unwrap())
}

fn read(text: &str) -> Verdict {
    let document = Document::from_text(text);
    let gate = Gate::new(&[], |_| true);
    judge::read(&Context::new(&document, &gate), 0.0, Asked::All)
}

#[test]
fn scores_are_the_same_to_the_bit_on_every_platform() {
    let mut scores = String::new();
    for article in articles() {
        let Verdict::Judged(readings) = read(&article.text) else { panic!("{} is not judged", article.id) };
        for reading in readings {
            scores += &format!("{} {} {:016x} {:.2}\n", article.id, reading.block, reading.score.to_bits(), reading.score);
        }
    }
    if std::env::var_os("UPDATE").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/stray/scores.txt");
        std::fs::write(path, &scores).unwrap();
    } else {
        assert_eq!(scores, SCORES);
    }
}

#[test]
fn what_is_not_judged_says_why() {
    let Verdict::Silent(short) = read("One short line.\nAnother one.\n") else { panic!("judged") };
    assert_eq!(short, Silence::TooShort { paragraphs: 0, needed: judge::MIN_PARAGRAPHS });
    let german = "Der Gemeinderat hat am Dienstag beschlossen, die Hafenmauer der alten Stadt um einen Meter zu erhöhen, Teil ";
    let text: String = (1..=9).map(|part| format!("{german}{part}.\n")).collect();
    let Verdict::Silent(silence) = read(&text) else { panic!("judged") };
    assert_eq!(silence, Silence::OtherLanguage(Some("de")));
}

#[test]
fn a_finding_shows_its_evidence() {
    let text = articles().find(|article| article.id == "harbour-wall").unwrap().text;
    let document = Document::from_text(&text);
    let gate = Gate::new(&[], |_| true);
    let detector = StrayParagraph::new(&Params { sensitivity: Sensitivity::Strict });
    let found = detector.detect(&Context::new(&document, &gate));
    assert_eq!(found.len(), 1);
    assert!(found[0].span.of(&text).starts_with("Ms. Okafor"));
    let Some((_, Fact::List(absent))) = found[0].facts.iter().find(|(name, _)| name == "absent") else { panic!("no terms") };
    assert!(absent.contains(&"Okafor".to_string()) && absent.contains(&"Leipzig".to_string()), "{absent:?}");
    assert!(found[0].related[0].span.of(&text).starts_with("Solberg answered"));
}

#[test]
fn a_long_document_is_judged_in_stretches() {
    // Every article many times, with other numbers in it, so that no paragraph is an exact repeat.
    let all: Vec<String> = articles().map(|article| article.text).collect();
    let lines = |copy: usize| all.iter().flat_map(|text| text.lines()).map(move |line| format!("{line} So it was in {copy}.\n"));
    let text: String = (1900..1960).flat_map(lines).collect();
    let Verdict::Judged(readings) = read(&text) else { panic!("not judged") };
    assert!(readings.len() > 1_000);
    assert!(readings.windows(2).all(|pair| pair[0].block < pair[1].block));
}
