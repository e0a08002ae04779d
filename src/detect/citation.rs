//! Entries of lists of works, which look like prose to a machine: each is in its own language, and many name the same journal.

use crate::document::{Shape, Word};

/// The year of a work stands among the first so many words of its entry, behind the names of its authors.
pub const AUTHORS: usize = 24;

/// `[2] Berg, A. (2016): The walls of …`; `^ Lund, Tor; Berg, Anna (March 2009). "Walls".`
pub fn is_entry(words: &[Word], text: &str) -> bool {
    let mut names = words.iter().skip_while(|word| !word.shape.any(Shape::LETTER)).take(2);
    let (Some(first), Some(second)) = (names.next(), names.next()) else { return false };
    let is_author = [first, second].iter().all(|word| word.shape.is_capitalised()) && text[first.span().end..].starts_with(", ");
    let is_year = |word: &Word| word.span().len() == 4 && !word.shape.any(Shape::LETTER) && word.of(text).starts_with(['1', '2']);
    let behind_authors = |word: &&Word| word.span().start >= second.span().end;
    let Some(year) = words.iter().take(AUTHORS).find(|word| is_year(word) && behind_authors(word)) else { return false };
    // A dateline has a place, a month and a year, too: `PARIS, March 3 2016`.
    let (before, behind) = (&text[first.span().start..year.span().start], &text[second.span().end..]);
    let bracketed = before.rfind('(') > before.rfind(')');
    let initial = second.span().len() == 1 && behind.starts_with('.');
    let numbered = text[..first.span().start].trim_end().ends_with(']');
    is_author && (bracketed || initial || numbered || behind.starts_with(';'))
}

/// `Walls of the north by Anna Berg (Harbour Press, 2009)`: a title with its year behind it.
pub fn is_title(line: &str) -> bool {
    let Some(inner) = line.trim_end().strip_suffix(')') else { return false };
    let before = inner.trim_end_matches(|c: char| c.is_ascii_digit());
    inner.len() - before.len() == 4 && before.ends_with(['(', ' ']) && inner[before.len()..].starts_with(['1', '2']) && before.contains('(')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    #[test]
    fn authors_and_a_year_make_an_entry() {
        let is = |text: &str| {
            let document = Document::from_text(text);
            is_entry(&document.words, &document.text)
        };
        for entry in [
            "[2] Berg, A. (2016): The walls of the north.",
            "^ Lund, Tor; Berg, Anna (March 2009). \"Walls\".",
            "- Lund, T. et al. 1987. Walls",
            "[3] Brekke, Olav, und Tor Lund. 2016. The second wall.",
        ] {
            assert!(is(entry), "{entry}");
        }
        for prose in [
            "Berg, who is 54, has been mayor since 2016.",
            "In Hallby, Anna Berg was elected in 2016.",
            "Berg, Anna and two others",
            "",
            "Paris, France, 12 mars 2016 — le maire",
            "HALLBY, March 3 2019 (Tide News) — The mayor",
            "1987: Berg, Anna is elected",
            "2016 (the wall was built then) was a good year",
        ] {
            assert!(!is(prose), "{prose}");
        }
    }

    #[test]
    fn a_title_has_its_year_behind_it() {
        assert!(is_title("Walls of the north by Anna Berg (Harbour Press, 2009)") && is_title("The Wall (1953) "));
        for line in ["The Wall (53)", "Votes cast (12009)", "The wall of 1953", "Wall (in 1953", "Tickets (from 9000)", ")"] {
            assert!(!is_title(line), "{line}");
        }
    }
}
