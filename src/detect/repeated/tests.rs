//! What is a repeat and what is not, on texts of our own; and what holds on any text.

use super::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

const PARAGRAPHS: [&str; 6] = [
    "The harbour board met on Monday to hear why the new crane, bought two years ago, has stood idle since the spring.",
    "“It is a fine machine,” the harbour master told the board. “But nobody thought of asking what it would stand on.”",
    "The quay was built in 1911 for lighter loads, and engineers now say that it would have to be shored up with steel piles first.",
    "Members asked who had signed the order. The clerk answered that the papers were lost when the old office was flooded.",
    "A decision on the piles is expected in May, after a survey of the sea bed by divers from the naval school.",
    "Until then the crane will serve as a landmark, and as a perch for the cormorants that have taken to it.",
];

fn article() -> Vec<String> {
    PARAGRAPHS.iter().map(ToString::to_string).collect()
}

/// Form, copy and first place of each repeat.
fn told(text: &str) -> Vec<(Form, String, String)> {
    let document = Document::from_text(text);
    repeats(&document).iter().map(|repeat| (repeat.form, repeat.copy.of(text).to_string(), repeat.first.of(text).to_string())).collect()
}

/// First and last line of each copy and of its first place.
fn lines(text: &str) -> Vec<[usize; 4]> {
    let document = Document::from_text(text);
    let line = |at: usize| document.line(at);
    repeats(&document)
        .iter()
        .map(|repeat| [line(repeat.copy.start), line(repeat.copy.end - 1), line(repeat.first.start), line(repeat.first.end - 1)])
        .collect()
}

#[test]
fn a_body_pasted_twice_is_one_finding() {
    let text = format!("Crane stands idle\n{}\n{}\n", PARAGRAPHS.join("\n"), PARAGRAPHS.join("\n"));
    assert_eq!(lines(&text), [[8, 13, 2, 7]]);
}

#[test]
fn each_further_copy_points_at_the_first() {
    for copies in 2..9 {
        let text = format!("{}\n", PARAGRAPHS[..2].join("\n")).repeat(copies);
        let expected: Vec<[usize; 4]> = (1..copies).map(|copy| [copy * 2 + 1, copy * 2 + 2, 1, 2]).collect();
        assert_eq!(lines(&text), expected, "{copies} copies");
    }
    let text = [PARAGRAPHS[0], PARAGRAPHS[1], PARAGRAPHS[0], PARAGRAPHS[2], PARAGRAPHS[3], PARAGRAPHS[0]].join("\n\n");
    assert_eq!(lines(&text), [[5, 5, 1, 1], [11, 11, 1, 1]]);
}

#[test]
fn a_repeat_inside_the_repeated_text_does_not_part_it() {
    let body = [PARAGRAPHS[0], PARAGRAPHS[1], PARAGRAPHS[0], PARAGRAPHS[2]].join("\n");
    assert_eq!(lines(&format!("{body}\n{body}\n")), [[3, 3, 1, 1], [5, 8, 1, 4]]);
}

#[test]
fn a_near_copy_names_what_differs() {
    let copy = PARAGRAPHS[2].replace("lighter loads", "lesser loads").replace("shored up with", "shored up first with");
    let text = format!("{}\n{}\n{copy}\n", PARAGRAPHS[2], PARAGRAPHS[3]);
    let document = Document::from_text(&text);
    let found = repeats(&document);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].form, found[0].copy.of(&text), found[0].certain), (Form::Near, &*copy, false));
    let hit = super::found(&found[0], &document);
    let fact = |name: &str| hit.facts.iter().find(|(known, _)| known == name).map(|(_, fact)| fact.clone());
    assert_eq!(fact("changes"), Some(Fact::List(vec!["lighter → lesser".into(), "+ first".into()])));
    assert_eq!(fact("changed"), Some(Fact::Count(2)));
    assert_eq!(hit.copy_of.map(|first| first.of(&text)), Some(PARAGRAPHS[2]));
}

#[test]
fn a_change_in_the_first_or_last_word_is_part_of_the_copy() {
    for copy in [format!("However, {}", PARAGRAPHS[4]), PARAGRAPHS[4].replace("naval school", "naval college")] {
        let text = format!("{}\n\n{}\n\n{copy}\n\n{}", PARAGRAPHS[4], PARAGRAPHS[5], PARAGRAPHS[3]);
        assert_eq!(told(&text), [(Form::Near, copy, PARAGRAPHS[4].to_string())]);
    }
}

#[test]
fn text_with_more_than_a_tenth_changed_is_another_text() {
    let copy = PARAGRAPHS[4].replace("piles", "posts").replace("May", "June").replace("divers", "men").replace("naval", "old");
    assert_eq!(told(&format!("{}\n{}\n{copy}\n", PARAGRAPHS[4], PARAGRAPHS[5])), []);
}

#[test]
fn a_paragraph_inside_a_longer_block_is_found() {
    let joined = format!("{} {} {}", PARAGRAPHS[0], PARAGRAPHS[3], PARAGRAPHS[5]);
    let text = format!("{}\n\n{}\n\n{joined}\n", PARAGRAPHS[3], PARAGRAPHS[4]);
    assert_eq!(told(&text), [(Form::Exact, PARAGRAPHS[3].to_string(), PARAGRAPHS[3].to_string())]);
    // Blocks of the original run together in the copy.
    let text = format!("{}\n\n{}\n\n{}", PARAGRAPHS[..2].join("\n\n"), PARAGRAPHS[4], PARAGRAPHS[..2].join(" "));
    assert_eq!(told(&text).len(), 1);
    assert_eq!(told(&text)[0].1, PARAGRAPHS[..2].join(" "));
}

#[test]
fn a_sentence_inside_another_paragraph_is_found() {
    let text = format!("{} {}\n{} {}\n", PARAGRAPHS[4], PARAGRAPHS[3], PARAGRAPHS[5], PARAGRAPHS[4]);
    assert_eq!(told(&text), [(Form::Sentence, PARAGRAPHS[4].to_string(), PARAGRAPHS[4].to_string())]);
}

#[test]
fn one_pull_quote_is_allowed() {
    let quote = "“But nobody thought of asking at any time what on earth it would stand on.”";
    let paragraph = format!("The master told the board: {quote} {}", PARAGRAPHS[3]);
    let after = format!("{paragraph}\n\n{}\n\n{quote}\n\n{}\n", PARAGRAPHS[4], PARAGRAPHS[5]);
    assert_eq!(told(&after), []);
    let before = format!("{}\n\n{quote}\n\n{paragraph}\n\n{}\n", PARAGRAPHS[4], PARAGRAPHS[5]);
    assert_eq!(told(&before), []);
    let twice = format!("{after}\n{quote}\n");
    assert_eq!(told(&twice).len(), 1);
}

#[test]
fn refrains_rows_titles_and_signatures_may_recur() {
    let refrain =
        "Oh carry me down to the water\nwhere all of the swans have gone\nAnd bury me under the willow\nwhere nobody mows the lawn";
    let verse = |line: &str| format!("{line}\nAnd nobody knew what the other one meant\n\n");
    let song = format!(
        "{}{refrain}\n\n{}{refrain}\n\n{}",
        verse("We walked by the mill"),
        verse("We rode over the hill"),
        verse("We are still there")
    );
    assert_eq!(told(&song), []);
    let row = "Jan 12 2,400 2,380 2,410 17 0.4 Feb 13 2,401 2,390 2,422 18 0.5\n";
    assert_eq!(told(&format!("{row}{}\n{row}{}\n{row}", PARAGRAPHS[0], PARAGRAPHS[1])), []);
    let title = "7) Who Signed the Order for the New Crane, and What Did He Think It Would Stand On?\n";
    assert_eq!(told(&format!("{title}{}\n{title}{}\n", PARAGRAPHS[0], PARAGRAPHS[1])), []);
    let signature = "— Ada Quill, harbour correspondent, with thanks to the clerk of the board\n";
    assert_eq!(told(&format!("{}\n{signature}{}\n{signature}", PARAGRAPHS[0], PARAGRAPHS[1])), []);
}

#[test]
fn two_entries_of_a_list_are_no_near_copies() {
    let text = "The ferry from Holm to Lund leaves at 7.15 from the north pier and takes about forty minutes in fair weather.\n\
                The ferry from Holm to Visby leaves at 9.40 from the north pier and takes about forty minutes in fair weather.\n";
    assert_eq!(told(text), []);
}

#[test]
fn only_the_same_characters_are_removed_without_a_look() {
    let certain = |copy: &str| {
        let text = format!("{}\n{}\n{copy}\n", PARAGRAPHS[1], PARAGRAPHS[4]);
        let document = Document::from_text(&text);
        repeats(&document).iter().map(|repeat| (repeat.form, repeat.certain)).collect::<Vec<_>>()
    };
    assert_eq!(certain(PARAGRAPHS[1]), [(Form::Exact, true)]);
    assert_eq!(certain(&PARAGRAPHS[1].replace(['“', '”'], "\"")), [(Form::Exact, false)]);
    assert_eq!(certain(&PARAGRAPHS[1].to_uppercase()), [(Form::Exact, false)]);
}

#[test]
fn parameters_are_checked() {
    let placed = |value| Some(Placed { value, at: Span::default() });
    let flaws = RepeatedBlock::new(Params {
        form: Form::Near,
        min_words: placed(3),
        max_changed: Some(Placed { value: 0.4, at: Span::default() }),
    });
    assert_eq!(flaws.unwrap_err().len(), 2);
    assert!(RepeatedBlock::new(Params { form: Form::Exact, min_words: placed(30), max_changed: None }).is_ok());
}

/// Best of three, so that a busy machine does not decide.
fn time(text: &str) -> Duration {
    let document = Document::from_text(text);
    let once = || {
        let start = Instant::now();
        let found = repeats(&document);
        assert!(found.iter().all(|repeat| repeat.copy.end <= text.len()));
        start.elapsed()
    };
    (0..3).map(|_| once()).min().unwrap_or_default()
}

#[test]
fn time_grows_with_the_length_of_the_text_and_no_faster() {
    let noise = |count: usize, kinds: u64| -> String {
        let mut state = 7u64;
        let mut word = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            format!("w{} ", (state >> 33) % kinds)
        };
        (0..count).map(|_| word()).collect()
    };
    let half_new = |count: usize| -> String { (0..count).map(|n| format!("the same ten words in each of the many lines {n}\n")).collect() };
    type Maker = Box<dyn Fn(usize) -> String>;
    let texts: [(&str, Maker); 9] = [
        ("one word a line", Box::new(|n| "ha\n".repeat(n * 20))),
        ("one paragraph again and again", Box::new(|n| format!("{}\n", PARAGRAPHS[0]).repeat(n))),
        (
            "one that begins again in its midst",
            Box::new(|n| format!("{} {} {}\n", PARAGRAPHS[2], PARAGRAPHS[5], &PARAGRAPHS[2][..90]).repeat(n * 3)),
        ),
        ("one long line", Box::new(|n| format!("{} ", PARAGRAPHS[1]).repeat(n))),
        ("a short period", Box::new(|n| "so it goes and goes on, ".repeat(n * 4))),
        ("noise of two words", Box::new(move |n| noise(n * 20, 2))),
        ("noise of many words", Box::new(move |n| noise(n * 20, 50))),
        ("lines half the same", Box::new(move |n| half_new(n * 2))),
        (
            "longer and longer prefixes",
            Box::new(|n| {
                let words: Vec<String> = (0..200).map(|n| format!("word{n}")).collect();
                (0..n / 5).map(|line| format!("{}\n", words[..line % 200 + 1].join(" "))).collect()
            }),
        ),
    ];
    for (name, text) in &texts {
        let (small, large) = (text(500), text(4000));
        let mut measured = Vec::new();
        // Eight times the text; a quadratic search would take 64 times as long, however often it is tried on a busy machine,
        // and many seconds: what takes a few milliseconds is as long as the machine likes.
        let linear = (0..6).any(|_| {
            measured.push((time(&small), time(&large)));
            measured.iter().any(|(small, large)| *large < (*small).max(Duration::from_millis(8)) * 30)
        });
        assert!(linear, "{name}: times for a text and for one eight times as long: {measured:?}");
    }
}

fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("the harbour board met on Monday to hear why the crane stood idle".to_string()),
        Just("So it goes. And goes on.".to_string()),
        Just("東京の会議".to_string()),
        "[a-c]{1,2}( [a-c]{1,2}){0,9}[.!?]?",
        "\\PC{0,12}",
        Just("\r\n".to_string()),
        Just("\u{2028}".to_string()),
        Just("\n\n".to_string()),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #[test]
    fn repeats_lie_in_the_text_in_order_and_apart(text in any_text()) {
        let document = Document::from_text(&text);
        let mut end = 0;
        for repeat in repeats(&document) {
            prop_assert!(text.get(repeat.copy.start..repeat.copy.end).is_some() && !repeat.copy.is_empty());
            prop_assert!(text.get(repeat.first.start..repeat.first.end).is_some() && !repeat.first.is_empty());
            prop_assert!(repeat.first.end <= repeat.copy.start, "the first place comes first");
            prop_assert!(end <= repeat.copy.start, "copies do not overlap");
            prop_assert!(repeat.run.changed() as f64 <= 0.1 * repeat.run.copy.len() as f64);
            end = repeat.copy.end;
        }
    }

    #[test]
    fn a_copy_put_in_anywhere_is_found(from in 0..6usize, count in 1..4usize, place in 0..7usize) {
        let mut blocks = article();
        let copy: Vec<String> = blocks[from..(from + count).min(6)].to_vec();
        let at = place.max((from + count).min(6));
        blocks.splice(at..at, copy.clone());
        let text = blocks.join("\n");
        prop_assert_eq!(told(&text), [(Form::Exact, copy.join("\n"), copy.join("\n"))]);
    }

    #[test]
    fn a_copy_with_one_word_changed_is_found(from in 0..6usize, word in any::<prop::sample::Index>(), kind in 0..3) {
        let mut blocks = article();
        let mut words: Vec<&str> = PARAGRAPHS[from].split(' ').collect();
        let at = word.index(words.len());
        match kind {
            0 => { words.remove(at); }
            1 => words.insert(at, "meanwhile"),
            _ => words[at] = "pelicans",
        }
        blocks.push(words.join(" "));
        let found = told(&blocks.join("\n"));
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!(&found[0].1, &words.join(" "));
    }
}
