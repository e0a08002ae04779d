//! Paragraphs that speak for the page and not for the article: bylines, credits, promotions, appeals to the reader.
//!
//! They are about something else by nature, so they are neither judged nor context. Rules of the residue group own most of
//! them; this check stands in for those that are switched off.

use crate::detect::finder::Finder;
use std::sync::OnceLock;

/// How a paragraph of the page begins.
const OPENINGS: [&str; 14] = [
    "posted",
    "updated",
    "published",
    "photo",
    "image",
    "watch",
    "listen",
    "read more",
    "related",
    "correction",
    "editor's note",
    "editor’s note",
    "disclaimer",
    "note:",
];

/// What must stand around a literal for it to count.
#[derive(Clone, Copy)]
enum Around {
    Nothing,
    /// `follow` somebody `on`.
    FollowOn,
    /// The name of a network, and further on what one does there.
    Network,
    /// A mail address, or the handle of an account.
    At,
    /// `is a staff` writer.
    Role,
    /// `this article` was.
    Piece,
    /// A time of day, to the minute, with am, pm or a zone.
    Time,
}

const LITERALS: &[(Around, &[&str])] = &[
    (
        Around::Nothing,
        &[
            "©",
            "(c) 19",
            "(c) 20",
            "(c)19",
            "(c)20",
            "all rights reserved",
            "copyright",
            "click here",
            "subscribe",
            "sign up",
            "newsletter",
            "listen to",
            "hear more",
            "more on this",
            "full interview",
            "slideshow",
            "email him",
            "email her",
            "email us",
            "email me",
            "e-mail him",
            "e-mail her",
            "e-mail us",
            "e-mail me",
            "contributed to this",
            "reporting by",
            "sponsored",
            "advertise with",
            "advertising with",
            "download",
            "www.",
            "http:",
            "https:",
            "join us",
            "join our",
            "compensated",
            "affiliate",
            "leave a comment",
            "in the comments",
            "let me know",
            "let us know",
            "thanks for reading",
            "stay tuned",
            "check out",
            "check it out",
        ],
    ),
    (Around::FollowOn, &["follow "]),
    (Around::Network, &["facebook", "twitter", "pinterest", "google+"]),
    (Around::At, &["@"]),
    (
        Around::Role,
        &["reporter", "correspondent", "writer", "columnist", "associate", "contributor", "editor", "blogger", "author", "journalist"],
    ),
    (Around::Piece, &["this article ", "this story ", "this post ", "this report "]),
    (Around::Time, &[":"]),
];

/// A literal's length in bytes, and what must stand around it.
type Literal = (usize, Around);

/// All literals, and what is known of each.
fn literals() -> &'static (Finder, Vec<Literal>) {
    static LITERALS_FOUND: OnceLock<(Finder, Vec<Literal>)> = OnceLock::new();
    LITERALS_FOUND.get_or_init(|| {
        let all = LITERALS.iter().flat_map(|(around, literals)| literals.iter().map(|literal| (*around, *literal)));
        let (literals, known) = all.map(|(around, literal)| (literal.to_string(), (literal.len(), around))).unzip();
        (Finder::new(literals), known)
    })
}

/// Whether a paragraph belongs to the page.
pub fn is_furniture(paragraph: &str) -> bool {
    let opens = |opening: &&str| paragraph.get(..opening.len()).is_some_and(|start| start.eq_ignore_ascii_case(opening));
    if OPENINGS.iter().any(opens) || opens(&"by ") && is_byline(&paragraph[3..]) {
        return true;
    }
    let (finder, known) = literals();
    let mut found = false;
    finder.find(paragraph, |literal, start| {
        let (len, around) = known[literal];
        let (before, after) = (&paragraph[..start], &paragraph[start + len..]);
        found |= match around {
            Around::Nothing => true,
            Around::FollowOn => split_word(after).is_some_and(|(who, rest)| !who.is_empty() && rest.starts_with("on")),
            Around::Network => {
                let plus = paragraph[..start + len].ends_with('+');
                ends_at_boundary(before) && (starts_at_boundary(after) != plus) && asks_to_share(after)
            }
            Around::At => is_address(before, after) || is_handle(before, after),
            Around::Role => starts_at_boundary(after) && is_description(before),
            Around::Piece => ["was", "is", "has", "originally", "first", "appeared"].iter().any(|verb| starts_with(after, verb)),
            Around::Time => is_time(before, after),
        };
    });
    found
}

/// `NAME NAME on`, as in `By Jane Doe on Monday`.
fn is_byline(rest: &str) -> bool {
    let mut words = rest.splitn(3, ' ');
    let (Some(first), Some(second), Some(rest)) = (words.next(), words.next(), words.next()) else { return false };
    let named = first.starts_with(|c: char| c.is_ascii_alphabetic()) && first.chars().nth(1).is_some() && !second.is_empty();
    named && ["on", "at", "in", "-"].iter().any(|link| starts_with(rest, link))
}

fn starts_with(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// The text up to the first space, and the text behind it.
fn split_word(text: &str) -> Option<(&str, &str)> {
    // Nobody's account name is longer.
    let mut end = text.len().min(80);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let at = text[..end].find(' ')?;
    Some((&text[..at], &text[at + 1..]))
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn ends_at_boundary(before: &str) -> bool {
    !before.ends_with(is_word_char)
}

fn starts_at_boundary(after: &str) -> bool {
    !after.starts_with(is_word_char)
}

fn asks_to_share(after: &str) -> bool {
    // The next few words; farther off it is another sentence.
    let near = after.as_bytes().iter().take(400).map(u8::to_ascii_lowercase).collect::<Vec<u8>>();
    ["follow", "share", "like", "@"].iter().any(|ask| memchr::memmem::find(&near, ask.as_bytes()).is_some())
}

fn is_address(before: &str, after: &str) -> bool {
    let host = after.split(char::is_whitespace).next().unwrap_or_default();
    let dot = host.char_indices().skip(1).find(|&(_, c)| c == '.');
    !before.is_empty() && !before.ends_with(char::is_whitespace) && dot.is_some_and(|(at, _)| at + 1 < host.len())
}

fn is_handle(before: &str, after: &str) -> bool {
    (before.is_empty() || before.ends_with(char::is_whitespace)) && after.starts_with(is_word_char)
}

/// Ends in `is a` (`an`, `the`) with at most four words behind it.
fn is_description(before: &str) -> bool {
    let Some(words) = before.strip_suffix(' ') else { return false };
    let mut words = words.rsplit(' ');
    for _ in 0..=4 {
        let Some(word) = words.next() else { return false };
        if ["a", "an", "the"].iter().any(|article| word.eq_ignore_ascii_case(article)) {
            let mut rest = words.clone();
            if rest.next().is_some_and(ends_in_is) {
                return true;
            }
        }
        if word.is_empty() || !word.chars().all(|c| is_word_char(c) || c == '-') {
            return false;
        }
    }
    false
}

fn ends_in_is(word: &str) -> bool {
    word.len() >= 2
        && word.is_char_boundary(word.len() - 2)
        && word[word.len() - 2..].eq_ignore_ascii_case("is")
        && ends_at_boundary(&word[..word.len() - 2])
}

fn is_time(before: &str, after: &str) -> bool {
    let digits = before.bytes().rev().take_while(u8::is_ascii_digit).take(3).count();
    let bytes = after.as_bytes();
    if !(1..=2).contains(&digits) || bytes.len() < 2 || !bytes[..2].iter().all(u8::is_ascii_digit) {
        return false;
    }
    if !ends_at_boundary(&before[..before.len() - digits]) {
        return false;
    }
    let rest = &after[2..];
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    if starts_with(rest, "gmt") || starts_with(rest, "est") {
        return true;
    }
    if !rest.starts_with(['a', 'p', 'A', 'P']) {
        return false;
    }
    let rest = rest[1..].strip_prefix('.').unwrap_or(&rest[1..]);
    rest.strip_prefix(['m', 'M']).is_some_and(starts_at_boundary)
}

#[cfg(test)]
mod tests {
    use super::is_furniture;

    #[test]
    fn what_the_page_says_is_told_from_what_the_article_says() {
        for page in [
            "By Jane Doe on Monday",
            "Editor's note: an earlier version had the wrong date.",
            "Anna Berg is a senior staff writer at the Gazette.",
            "Anna Berg is the author of three books.",
            "Follow Anna on the usual networks",
            "Find us on Facebook, where you can share the story.",
            "Write to anna@gazette.example with your views.",
            "Reach her under @annaberg for more.",
            "The doors open at 7:30 p.m. on Friday.",
            "This article was first printed in the Gazette.",
            "SIGN UP for the letter",
            "© 2019 The Gazette",
        ] {
            assert!(is_furniture(page), "{page}");
        }
        for article in [
            "By the end of the year the wall will stand.",
            "The authority, which Berg called a reporter's nightmare, closed.",
            "He is at odds with the editor of the Gazette.",
            "The train left at 7:30 and came back late.",
            "She said the twitters of the birds had stopped.",
            "A score of 3:15 was enough; they follow Leeds in the table.",
        ] {
            assert!(!is_furniture(article), "{article}");
        }
    }
}
