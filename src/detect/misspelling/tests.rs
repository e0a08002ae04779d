use super::*;

fn found(text: &str) -> Vec<(String, String)> {
    let document = Document::from_text(text);
    let view = View::new(&document, Lexicon::english());
    typos(&document, || &view, &Lexica::default())
        .into_iter()
        .map(|typo| (typo.verdict.span.of(&document.text).to_owned(), typo.suggestion))
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(word, right)| ((*word).to_owned(), (*right).to_owned())).collect()
}

#[test]
fn a_word_that_does_not_exist_is_corrected() {
    assert_eq!(
        found("The goverment said on Tuesday that it would accomodate the refugees.\n"),
        pairs(&[("goverment", "government"), ("accomodate", "accommodate")])
    );
}

#[test]
fn a_word_that_exists_is_corrected_where_the_document_has_the_other() {
    let text = "The harbour was shut, Foreign Minister Aino Kallio said.\nThe talks failed.\nForeign Minster Kallio left for home.\n";
    assert_eq!(found(text), pairs(&[("Minster", "Minister")]));
}

#[test]
fn an_office_with_a_capital_is_no_surname() {
    assert_eq!(found("The Foreign Minster said on Tuesday that the ferries would sail.\n"), pairs(&[("Minster", "Minister")]));
    // Where the neighbours know both, people may be called so.
    assert_eq!(found("The guide showed York Minster to the children on Tuesday.\n"), []);
    assert_eq!(found("Alan Minster said on Tuesday that the ferries would sail.\n"), []);
}

#[test]
fn a_name_that_drifts_is_corrected() {
    let text =
        "Sergei Belozerov led the team.\nThe club said Belozerov would stay.\nFans sang for Belzerov all night, and Belozerov waved.\n";
    assert_eq!(found(text), pairs(&[("Belzerov", "Belozerov")]));
}

#[test]
fn a_name_keeps_the_capitals_inside_it() {
    let text = "Ann MacAndrews led.\nLater MacAndrews stayed.\nThe coach praised MacAndrews.\nFans cheered Macanrews and MacAndrews.\n";
    assert_eq!(found(text), pairs(&[("Macanrews", "MacAndrews")]));
}

#[test]
fn the_possessive_and_the_case_are_kept() {
    let text = "Belozerov led.\nBelozerov stayed.\nThe coach praised Belzerov's work, and Belozerov waved.\n";
    assert_eq!(found(text), pairs(&[("Belzerov's", "Belozerov's")]));
}

#[test]
fn other_languages_and_code_are_left_alone() {
    assert!(found("Der Ministerpräsident erklärte am Dienstag, dass die Verhandlungen fortgesetzt werden sollen.\n").is_empty());
    assert!(found("Write to helo@exmaple.org or open /usr/lcoal/bin and call get_valeu(x) of cmap{Py, R}.\n").is_empty());
}

#[test]
fn what_is_spoken_and_names_of_firms_are_left_alone() {
    assert_eq!(found("We keep on keepin' on, she said, and went on cookin’ for the crew.\n"), []);
    assert_eq!(found("The Space Group met.\nThe Group and the Space Agency paid GroupM.\nThe Group went to SpaceX.\n"), []);
}

#[test]
fn endless_and_odd_texts_do_no_harm() {
    for text in ["", "'", "’s", "\u{0}\u{0}", "x's y's z's", "ß’s ſtraſſe İstanbul's", "don’t won’t ’tis"] {
        found(text);
    }
    found(&"a".repeat(300_000));
    found(&"Lavarov Lavrov ".repeat(20_000));
    found(&"xq'".repeat(50_000));
}

#[test]
fn a_word_is_accepted_in_its_inflections() {
    let words = Words::new(["blog", "Tweepy", "unfriend"]);
    assert!(["blog", "blogs", "tweepies", "unfriended", "unfriending", "blog's"].iter().all(|word| words.accept(word)));
    assert!(!words.accept("blogger") && !Words::default().accept("blog"));
}

/// The findings of the reference implementation on texts of our own, with its scores to 1e-3.
#[test]
fn the_reference_scores_are_kept() {
    #[derive(Deserialize)]
    struct Case {
        text: String,
        found: Vec<(usize, String, String, String, f64)>,
        /// How many verdicts score above -3.
        above: usize,
    }
    let cases: Vec<Case> = serde_json::from_str(include_str!("../../../tests/data/typos-reference.json")).unwrap();
    assert!(cases.len() >= 6);
    let regime = |name: &str| match name {
        "K" => Regime::KnownWord,
        "U" => Regime::UnknownWord,
        _ => Regime::Name,
    };
    for case in cases {
        let document = Document::from_text(&case.text);
        let mut verdicts: Vec<(usize, Regime, String, f64)> = Vec::new();
        Pass::new(&View::new(&document, Lexicon::english()), Lexicon::english(), Model::reference())
            .survey(|_, verdict| verdicts.push((verdict.span.start, verdict.regime, verdict.candidate, verdict.score)));
        for (start, word, candidate, name, score) in case.found {
            let ours = verdicts.iter().find(|verdict| verdict.0 == start && verdict.1 == regime(&name));
            let Some(ours) = ours else { panic!("no verdict on `{word}` in: {}", case.text) };
            assert_eq!(ours.2, candidate, "{word}");
            assert!((ours.3 - score).abs() < 1e-3, "{word}: {} instead of {score}", ours.3);
        }
        let above = verdicts.iter().filter(|verdict| verdict.3 > -3.0).count();
        assert_eq!(above, case.above, "verdicts above -3 in: {}", case.text);
    }
}

#[test]
fn what_many_write_wrong_is_told_wherever_it_stands() {
    let far = "The council heard of it on Monday and went home. The talks will go on next week in the old town hall.";
    let text = format!(
        "The mayor wrote in responce to the clerk. {far} They will meet again tommorow. {far} It was a special ocassion. {far} She went to teh hall. {far} He came \
         adn sat down. {far}\n"
    );
    let expected = [("responce", "response"), ("tommorow", "tomorrow"), ("ocassion", "occasion"), ("teh", "the"), ("adn", "and")];
    assert_eq!(found(&text), pairs(&expected));
    // Names, what is cut off, and possessives without their apostrophe are not what the list has in mind.
    let text = "Mr Ocassion met Mr Teh.\nThey will meet tommorow...\nIt is a shop for womens shoes.\n";
    assert_eq!(found(text), []);
}
