//! The detector on whole articles of our own.

use super::judge::{self, Silence, Verdict};
use super::*;
use crate::detect::Gate;
use crate::detect::second_story::{self, SecondStory};
use crate::document::Document;
use crate::text::Span;

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

fn strict(other_languages: OtherLanguages) -> StrayParagraph {
    StrayParagraph::new(&Params { sensitivity: Sensitivity::Strict, other_languages })
}

fn read_by(detector: &StrayParagraph, text: &str) -> Verdict {
    let document = Document::from_text(text);
    let gate = Gate::new(&[], |_| true);
    let cx = Context::new(&document, &gate);
    cx.claim(text.find("Share this\n").map(|at| Span::new(at, at + 10)).into_iter());
    detector.read(&cx)
}

fn read(text: &str) -> Verdict {
    read_by(&strict(OtherLanguages::Silent), text)
}

/// The text of the article with this id.
fn article(id: &str) -> String {
    articles().find(|article| article.id == id).unwrap().text
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
    let text = article("harbour-wall");
    let document = Document::from_text(&text);
    let gate = Gate::new(&[], |_| true);
    let found = strict(OtherLanguages::Silent).detect(&Context::new(&document, &gate));
    assert_eq!(found.len(), 1);
    assert!(found[0].span.of(&text).starts_with("Ms. Okafor"));
    let Some((_, Fact::List(absent))) = found[0].facts.iter().find(|(name, _)| name == "absent") else { panic!("no terms") };
    assert!(absent.contains(&"Okafor".to_string()) && absent.contains(&"Leipzig".to_string()), "{absent:?}");
    assert!(found[0].related[0].span.of(&text).starts_with("Solberg answered"));
}

/// A run of two hundred documents that all speak of what `words` speak of, and each of sixty things of its own.
fn run_about(words: &str) -> Usage {
    let common = term::counted(&Document::from_text(words));
    let mut sample = Sample::default();
    for number in 0..200u32 {
        let own = (0..60).map(|thing| usage::counted(1_000 + 60 * number + thing, 125));
        sample.add(lot(&number.to_string()), common.iter().copied().chain(own).collect());
    }
    sample.usage().unwrap()
}

#[test]
fn what_a_run_is_about_is_not_shown_as_evidence() {
    let text = article("harbour-wall");
    let (document, gate) = (Document::from_text(&text), Gate::new(&[], |_| true));
    let found = |words: &str| {
        let usage = run_about(words);
        strict(OtherLanguages::Silent).detect(&Context::new(&document, &gate).using(Some(&usage)))
    };
    let absent = |words: &str| match found(words).first().and_then(|hit| hit.facts.iter().find(|(name, _)| name == "absent").cloned()) {
        Some((_, Fact::List(absent))) => absent,
        _ => Vec::new(),
    };
    // Of a run about trade unions nothing follows.
    assert_eq!(absent("The union of the bakers wants a supplement for the night shifts.")[..2], ["Okafor", "Leipzig"]);
    // One city is what all of its paper's stories name.
    let named = absent("Leipzig");
    assert!(named[0] == "Okafor" && !named.contains(&"Leipzig".to_string()), "{named:?}");
    let counted = found("Leipzig")[0].facts.iter().find(|(name, _)| name == "run_documents").map(|(_, fact)| fact.clone());
    assert_eq!(counted, Some(Fact::Count(200)));
}

/// A day of cricket, and a paragraph about another one.
const CRICKET: [&str; 9] = [
    "Marlow Green made 312 for seven on the first day of the match against Eastby, after Penrose, their captain, had won the toss and chosen to bat.",
    "Penrose and Adeyemi put on 140 runs for the second wicket before lunch, and Eastby's bowlers found nothing in the pitch that helped them.",
    "Adeyemi was out for 88 to a catch at slip by Thorne, who had dropped him twice in the first hour, once off his own bowling.",
    "Eastby took three wickets in five overs before tea, when Kirkbride found some swing under the clouds, and Marlow Green were 201 for five.",
    "Penrose reached his century with a cut for four off Kirkbride and was still there at the end of the day, with 127 in five hours.",
    "\"Adeyemi made it easy for me,\" Penrose said. \"He hit their best bowlers out of the ground while I stood and watched from the other end.\"",
    "Thorne, who leads Eastby for the first time, said his bowlers had tired after tea and that the catches that were dropped had cost them 100 runs.",
    "Harwood bowled Dastidar for nine at Linmouth, where the visitors lost six wickets before lunch and their captain, Ottley, made a slow half-century after the rain had stopped.",
    "Penrose said his bowlers had kept their heads, and that the pitch would help them more on the last day at Marlow Green.",
];

#[test]
fn in_a_run_about_cricket_the_words_of_cricket_tie_no_paragraph_to_a_match() {
    let text = CRICKET.join("\n");
    let (document, gate) = (Document::from_text(&text), Gate::new(&[], |_| true));
    let usage = run_about(
        "The captain won the toss and chose to bat, and the bowlers took wickets before lunch, tea and the end of the last over of the \
         day. On a damp pitch the visitors lost an innings of runs; the umpires saw bad light, players dropped a half-century, bowled, \
         hit and left the field in the rain.",
    );
    let detector = StrayParagraph::new(&Params { sensitivity: Sensitivity::Balanced, other_languages: OtherLanguages::Silent });
    let found = |usage: Option<&Usage>| -> Vec<String> {
        let found = detector.detect(&Context::new(&document, &gate).using(usage));
        found.iter().map(|found| found.span.of(&text).to_string()).collect()
    };
    assert!(found(None).is_empty());
    assert_eq!(found(Some(&usage)), [CRICKET[7]]);
}

#[test]
fn amid_the_others_a_paragraph_must_be_odder() {
    let raised = |sensitivity: Sensitivity, text: &str| {
        let detector = StrayParagraph::new(&Params { sensitivity, other_languages: OtherLanguages::Silent });
        let Verdict::Judged(readings) = read_by(&detector, text) else { panic!("not judged") };
        let document = Document::from_text(text);
        ["HALLBY", "Fishermen fear", "Solberg answered"].map(|opening| {
            let found = readings.iter().find(|reading| document.blocks[reading.block].span.of(text).starts_with(opening)).unwrap();
            found.threshold > sensitivity.bar(OtherLanguages::Silent).threshold + 1.0
        })
    };
    let clean = article("harbour-wall");
    let page = clean.replace("\nFishermen", "\nShare this\nFishermen");
    // The first paragraph and the last ones stand where those of other stories do.
    for (sensitivity, text, odder) in [
        (Sensitivity::Strict, &clean, true),
        (Sensitivity::Strict, &page, true),
        (Sensitivity::Balanced, &clean, false),
        (Sensitivity::Balanced, &page, true),
    ] {
        assert_eq!(raised(sensitivity, text), [false, odder, false]);
    }
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

#[test]
fn a_second_story_is_one_finding_from_its_headline_on() {
    let (first, second) = (article("bakery-strike"), article("school-garden"));
    let text = format!("{}Pupils dig up a Roman oven\n{second}", first);
    let document = Document::from_text(&text);
    let gate = Gate::new(&[], |_| true);
    let cx = Context::new(&document, &gate);
    let detector = SecondStory::new(&second_story::Params { sensitivity: Sensitivity::Strict });
    let found = detector.detect(&cx);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].span.of(&text), format!("Pupils dig up a Roman oven\n{second}").trim_end());
    let fact = |name: &str| found[0].facts.iter().find(|(known, _)| known == name).map(|(_, fact)| fact.clone());
    assert_eq!(fact("opening"), Some(Fact::Text("a headline".into())));
    let Some(Fact::List(names)) = fact("names") else { panic!("no names") };
    assert!(names.contains(&"Elmfield".to_string()), "{names:?}");
    assert!(found[0].related[0].span.of(&text).starts_with("The union said bakers"));
    // Its paragraphs are not strays, too.
    assert!(strict(OtherLanguages::Silent).detect(&cx).is_empty());
    for whole in [first, second] {
        let document = Document::from_text(&whole);
        assert!(detector.detect(&Context::new(&document, &gate)).is_empty());
    }
}

#[test]
fn paragraphs_of_one_donor_vouch_for_each_other() {
    let (host, donor) = (article("vaccine"), article("railway"));
    let (host, donor): (Vec<&str>, Vec<&str>) = (host.lines().collect(), donor.lines().collect());
    let text = [&host[..5], &donor[1..3], &host[5..]].concat().join("\n");
    let document = Document::from_text(&text);
    let gate = Gate::new(&[], |_| true);
    let detector = StrayParagraph::new(&Params { sensitivity: Sensitivity::Balanced, other_languages: OtherLanguages::Silent });
    let found = detector.detect(&Context::new(&document, &gate));
    let spans: Vec<&str> = found.iter().map(|found| found.span.of(&text)).collect();
    assert_eq!(spans, [donor[1..3].join("\n")]);
    assert!(found[0].related[0].span.of(&text).starts_with(host[5]));
}

#[test]
fn other_languages_are_judged_by_words_where_that_is_asked_for() {
    let text = "Der Gemeinderat von Hallby hat am Dienstag beschlossen, die Hafenmauer der alten Stadt um einen Meter zu erhöhen.\n\
        Die Bürgermeisterin sagte, die Hafenmauer werde in zwei Abschnitten gebaut, der nördliche Abschnitt noch vor dem Winter.\n\
        Der Gemeinderat rechnet mit Kosten von vierzehn Millionen Kronen, die zur Hälfte der Küstenfonds für die Hafenmauer bezahlt.\n\
        Die Fischer fürchten, dass die höhere Hafenmauer den südlichen Teil des Hafens für Monate sperrt, und baten den Gemeinderat um Hilfe.\n\
        Der Gemeinderat versprach den Fischern einen schwimmenden Steg, bevor die Arbeiten am südlichen Abschnitt der Hafenmauer beginnen.\n\
        Das Orchester eröffnet seine Spielzeit in Leipzig mit einem Konzert für Hörner und Trompeten, dirigiert von einer jungen Kapellmeisterin.\n\
        Die Bürgermeisterin sagte den Fischern, die Hafenmauer könne später noch einmal erhöht werden, wenn der Küstenfonds bezahlt.\n";
    assert!(matches!(read(text), Verdict::Silent(Silence::OtherLanguage(Some("de")))));
    let Verdict::Judged(readings) = read_by(&strict(OtherLanguages::Lexical), text) else { panic!("silent") };
    let oddest = readings.iter().max_by(|a, b| a.score.total_cmp(&b.score)).unwrap();
    assert_eq!((readings.len(), oddest.block), (7, 5));
}

#[test]
fn every_tree_of_the_shipped_models_ends_in_a_leaf() {
    for value in [-8.0, 0.0, 0.5, 3.0, 1e9] {
        let row = vec![value; 256];
        let (sieve, closer) = (super::sieve::trees(), super::closer::trees());
        let scores = [sieve.score(&row[..sieve.measures()]), closer.score(&row[..closer.measures()])];
        assert!(scores.iter().all(|score| score.abs() < 100.0 && *score != 0.0), "{scores:?}");
    }
}
