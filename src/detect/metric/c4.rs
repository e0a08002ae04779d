//! The filter of C4, line by line: which lines it keeps, and what it refuses a text for (Raffel et al. 2020, “Exploring the Limits of
//! Transfer Learning”, section 2.2), as datatrove does it.

use super::measure::{Reading, Text, is_punctuation, is_terminal};
use super::tokens::{self, is_space};
use std::borrow::Cow;

const END_MARKS: [char; 5] = ['.', '?', '!', '"', '\''];
const POLICIES: [&str; 6] = ["terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies"];
/// Characters of a word that is too long to be one.
const LONG_WORD: usize = 1000;

/// What C4 says of the lines of a text; the places of the kept sentences are the lines that are not kept.
#[derive(Default)]
pub(super) struct C4 {
    pub kept: Reading,
    pub lorem: Reading,
    pub brackets: Reading,
}

impl C4 {
    /// What it says of this text.
    pub fn of(text: &Text<'_>) -> Self {
        let mut c4 = Self::default();
        let mut kept = 0;
        for &span in text.lines() {
            let line = span.of(text.text).trim_matches(is_space);
            let mut words = 0;
            let mut is_too_long = false;
            for word in line.split(is_space).filter(|word| !word.is_empty()) {
                words += 1;
                is_too_long |= word.len() > LONG_WORD && word.chars().count() > LONG_WORD;
            }
            if is_too_long {
                continue;
            }
            let line = without_citations(line);
            if !line.ends_with(END_MARKS) || line.ends_with("...") || words < 3 {
                c4.kept.places.extend((!line.is_empty()).then_some(span));
                continue;
            }
            let lower = line.to_lowercase();
            if lower.contains("lorem ipsum") {
                c4.lorem.places.push(span);
            }
            if lower.contains("javascript") {
                c4.kept.places.push(span);
                continue;
            }
            if line.contains('{') {
                c4.brackets.places.push(span);
            }
            if POLICIES.iter().any(|policy| lower.contains(policy)) {
                c4.kept.places.push(span);
                continue;
            }
            kept += match line {
                // Its words are known.
                Cow::Borrowed(_) => sentences(text.words_within(span).iter().map(|word| word.of(text.text))),
                Cow::Owned(line) => sentences(tokens::words(&line).iter().map(|word| word.of(&line))),
            };
        }
        c4.kept.value = kept as f64;
        c4.lorem.value = c4.lorem.places.len() as f64;
        c4.brackets.value = c4.brackets.places.len() as f64;
        c4
    }
}

/// Without `[12]`, `[edit]` and `[citation needed]`.
fn without_citations(line: &str) -> Cow<'_, str> {
    if !line.contains('[') {
        return line.into();
    }
    let (mut out, mut rest) = (String::with_capacity(line.len()), line);
    while let Some(at) = rest.find('[') {
        out.push_str(&rest[..at]);
        let inner = &rest[at + 1..];
        let digits = inner.len() - inner.trim_start_matches(|c: char| c.is_numeric()).len();
        let marks = ["edit]", "citation needed]"];
        let length = if inner[digits..].starts_with(']') {
            digits + 1
        } else {
            marks.iter().find(|mark| inner.starts_with(**mark)).map_or(0, |mark| mark.len())
        };
        out.push_str(if length == 0 { "[" } else { "" });
        rest = &inner[length..];
    }
    out.push_str(rest);
    out.into()
}

/// How many sentences spaCy's `sentencizer` finds: one ends behind an end mark and the punctuation after it.
fn sentences<'w>(words: impl Iterator<Item = &'w str>) -> usize {
    let (mut count, mut ended, mut open) = (0, false, false);
    for word in words {
        let mut chars = word.chars();
        let is_end = chars.next().is_some_and(is_terminal) && chars.next().is_none();
        if ended && !is_end && !word.chars().all(is_punctuation) {
            count += 1;
            ended = false;
        }
        ended |= is_end;
        open = true;
    }
    count + usize::from(open)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c4_counts_sentences_of_the_lines_it_keeps() {
        let text = "The wall was raised. It is “high.” Now\nThe wall was raised [12]. It is high!\nWe use cookies here on this page.\nToo short.\n{ this is code. }.\n";
        let c4 = C4::of(&Text::new(text));
        assert_eq!((c4.kept.value, c4.kept.places.len()), (3.0, 3), "{:?}", c4.kept.places);
        assert_eq!(c4.brackets.value, 1.0);
        assert_eq!(without_citations("a[1] b[] c[edit] d[x]"), "a b c d[x]");
    }
}
