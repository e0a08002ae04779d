//! The detector on whole articles of our own.

use super::judge::{self, Silence, Verdict};
use super::sketch::Sketch;
use super::*;
use crate::detect::Gate;
use crate::document::Document;

/// Articles with the scores that the reference implementation of the linear model gives their paragraphs: `null` where a
/// paragraph is not judged.
const REFERENCE: &str = include_str!("../../../tests/data/stray/reference.jsonl");

#[derive(serde::Deserialize)]
struct Article {
    id: String,
    text: String,
    scores: Vec<Option<f64>>,
}

fn articles() -> impl Iterator<Item = Article> {
    REFERENCE.lines().map(|line| serde_json::from_str(line).unwrap())
}

fn read(text: &str) -> Verdict {
    let document = Document::from_text(text);
    let gate = Gate::new(&[], |_| true);
    judge::read(&Context::new(&document, &gate), 0.0)
}

#[test]
fn the_linear_scores_are_those_of_the_reference() {
    for article in articles() {
        let document = Document::from_text(&article.text);
        let gate = Gate::new(&[], |_| true);
        let mut lexicon = term::Lexicon::new(&document);
        let blocks = judge::context(&Context::new(&document, &gate));
        let sketches: Vec<Sketch> = blocks.iter().map(|&block| Sketch::of(&document, block, &mut lexicon)).collect();
        let measures = features::measure(&sketches, &lexicon);
        let mut scores = vec![None; article.scores.len()];
        for (&at, row) in measures.judged.iter().zip(&measures.rows) {
            scores[sketches[at].block] = Some(linear::score(row));
        }
        for (at, (score, expected)) in scores.iter().zip(&article.scores).enumerate() {
            let near = match (score, expected) {
                (Some(score), Some(expected)) => (score - expected).abs() < 1e-3,
                (score, expected) => score.is_none() && expected.is_none(),
            };
            assert!(near, "{} paragraph {at}: {score:?}, not {expected:?}", article.id);
        }
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
