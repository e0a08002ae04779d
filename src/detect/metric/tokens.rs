//! Words as the published filters count them: those of spaCy's tokenizer for English, which datatrove uses.
//!
//! The rules are spaCy's (MIT licence): a stretch without white space is stripped of signs before and behind it one at a time,
//! unless it is an exception (`don't`, `e.g.`, `:-)`), and what is left is split at signs between letters. In place of spaCy's
//! lists of letters stand Unicode's, which differ in rare scripts only.

use super::exceptions::exception;
use super::signs::{CURRENCIES, HYPHENS, NAMED_CURRENCIES, QUOTES, SIGNS, UNITS, is_icon, is_sign};
use crate::text::Span;
use regex::Regex;
use std::sync::OnceLock;

/// The words of a text, signs included.
pub(super) fn words(text: &str) -> Vec<Span> {
    let mut words = Vec::with_capacity(text.len() / 5);
    let mut start = None;
    for (at, c) in text.char_indices() {
        match (is_space(c), start) {
            (true, Some(from)) => {
                stretch(text, Span::new(from, at), &mut words);
                start = None;
            }
            (false, None) => start = Some(at),
            _ => {}
        }
    }
    if let Some(from) = start {
        stretch(text, Span::new(from, text.len()), &mut words);
    }
    words
}

/// White space, as Python sees it.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

/// The words of a stretch without white space.
fn stretch(text: &str, span: Span, words: &mut Vec<Span>) {
    if let Some(letters) = plain(span.of(text)) {
        words.push(Span::new(span.start, span.start + letters));
        if letters < span.len() {
            words.push(Span::new(span.start + letters, span.end));
        }
    } else {
        by_signs(text, span, words);
    }
}

/// The words of a stretch, sign by sign.
fn by_signs(text: &str, span: Span, words: &mut Vec<Span>) {
    let first = words.len();
    let mut behind = Vec::new();
    let mut rest = span;
    loop {
        let string = rest.of(text);
        if string.is_empty() || exception(string).is_some() {
            break;
        }
        let before = prefix(string);
        let (head, tail) = (Span::new(rest.start, rest.start + before), Span::new(rest.start + before, rest.end));
        if before > 0 && !tail.is_empty() && exception(tail.of(text)).is_some() {
            words.push(head);
            rest = tail;
            break;
        }
        let after = suffix(tail.of(text));
        let (body, foot) = (Span::new(rest.start, rest.end - after), Span::new(rest.end - after, rest.end));
        if after > 0 && !body.is_empty() && exception(body.of(text)).is_some() {
            behind.push(foot);
            rest = body;
            break;
        }
        if before + after == 0 {
            break;
        }
        if before > 0 {
            words.push(head);
        }
        if after > 0 {
            behind.push(foot);
        }
        rest = Span::new(rest.start + before, rest.end - after);
    }
    core(text, rest, words);
    words.extend(behind.into_iter().rev());
    if words.len() - first > 1 {
        join(text, first, words);
    }
}

/// How many letters come before the one sign at the end, or the end, of a stretch that is nothing else and no exception: most are
/// of that kind, and what the rules would make of them is known.
fn plain(string: &str) -> Option<usize> {
    let bytes = string.as_bytes();
    let letters = bytes.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let signs = match bytes[letters..] {
        [] => true,
        [b',' | b';' | b':' | b'?' | b'!'] => letters > 0,
        // Behind a capital it may be that of an initial.
        [b'.'] => letters > 0 && bytes[letters - 1].is_ascii_lowercase(),
        _ => false,
    };
    (signs && exception(string).is_none() && exception(&string[..letters]).is_none()).then_some(letters)
}

/// What is left between the signs.
fn core(text: &str, span: Span, words: &mut Vec<Span>) {
    let string = span.of(text);
    if string.is_empty() {
        return;
    }
    if let Some(exception) = exception(string) {
        push_lengths(span.start, &exception.words, words);
        return;
    }
    let infixes = infixes(string);
    if infixes.is_empty() || is_address(string) {
        words.push(span);
        return;
    }
    let mut start = 0;
    // A sign at the very start stays with what follows it.
    for (from, to) in infixes.into_iter().filter(|&(from, _)| from > 0) {
        if from > start {
            words.push(Span::new(span.start + start, span.start + from));
        }
        words.push(Span::new(span.start + from, span.start + to));
        start = to;
    }
    if start < string.len() {
        words.push(Span::new(span.start + start, span.end));
    }
}

fn push_lengths(mut at: usize, lengths: &[usize], words: &mut Vec<Span>) {
    for length in lengths {
        words.push(Span::new(at, at + length));
        at += length;
    }
}

/// Exceptions that hold inside a stretch: `:` and `)` become `:)`. The longest come first, then the first.
fn join(text: &str, first: usize, words: &mut Vec<Span>) {
    /// Words in a row, and bytes, that an exception has at most.
    const MOST: usize = 11;
    let mut found: Vec<(usize, usize)> = Vec::new();
    for from in first..words.len() {
        for to in from + 1..=words.len().min(from + MOST) {
            let whole = words[from].join(words[to - 1]);
            if whole.len() > MOST * 2 {
                break;
            }
            let lengths = words[from..to].iter().map(|word| word.len());
            if exception(whole.of(text)).is_some_and(|exception| lengths.eq(exception.inside.iter().copied())) {
                found.push((from, to));
            }
        }
    }
    found.sort_by_key(|&(from, to)| (std::cmp::Reverse(to - from), from));
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for (from, to) in found {
        if taken.iter().all(|&(other, end)| to <= other || end <= from) {
            taken.push((from, to));
        }
    }
    taken.sort_unstable();
    for (from, to) in taken.into_iter().rev() {
        let whole = words[from].join(words[to - 1]);
        let mut parts = Vec::new();
        if let Some(exception) = exception(whole.of(text)) {
            push_lengths(whole.start, &exception.words, &mut parts);
        }
        words.splice(from..to, parts);
    }
}

fn is_lower(c: char) -> bool {
    c.is_lowercase() || (!c.is_ascii() && c.is_alphabetic() && !c.is_uppercase())
}

fn is_upper(c: char) -> bool {
    c.is_uppercase() || (!c.is_ascii() && c.is_alphabetic() && !c.is_lowercase())
}

/// Bytes of the sign that a string starts with.
fn prefix(string: &str) -> usize {
    let mut chars = string.chars();
    let Some(first) = chars.next() else { return 0 };
    match first {
        c if c.is_ascii_alphanumeric() => NAMED_CURRENCIES.iter().find(|name| string.starts_with(**name)).map_or(0, |name| name.len()),
        '§' | '%' | '=' | '—' | '–' => first.len_utf8(),
        '+' => usize::from(!chars.next().is_some_and(|next| next.is_ascii_digit())),
        '.' => dots(string.bytes()),
        c if is_sign(c) || CURRENCIES.contains(c) => c.len_utf8(),
        _ => 0,
    }
}

/// How many dots come first, where that are two or more.
fn dots(bytes: impl Iterator<Item = u8>) -> usize {
    let count = bytes.take_while(|&byte| byte == b'.').count();
    if count > 1 { count } else { 0 }
}

/// Bytes of the sign that a string ends with.
fn suffix(string: &str) -> usize {
    let mut back = string.chars().rev();
    let Some(last) = back.next() else { return 0 };
    let before = back.next();
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let mut longest = match last {
        '+' => usize::from(is_digit(before)),
        '.' => {
            let ends = |c: char| c.is_ascii_digit() || is_lower(c) || "%²-+|()?:".contains(c) || SIGNS.contains(c) || QUOTES.contains(c);
            let third = back.next();
            let temperature = before.is_some_and(|c| "FfCcKk".contains(c)) && third == Some('°');
            let initials = before.is_some_and(is_upper) && third.is_some_and(is_upper);
            usize::from(before.is_some_and(ends) || temperature || initials).max(dots(string.bytes().rev()))
        }
        's' | 'S' if matches!(before, Some('\'' | '’')) => 1 + before.map_or(0, char::len_utf8),
        '…' if before == Some('…') => 2 * last.len_utf8(),
        '—' | '–' => last.len_utf8(),
        c if is_sign(c) => c.len_utf8(),
        _ => 0,
    };
    let mut measured = |unit: &str| {
        let Some(number) = string.strip_suffix(unit) else { return };
        if unit.len() > longest && is_digit(number.chars().next_back()) {
            longest = unit.len();
        }
    };
    if last.is_alphabetic() || matches!(last, '%' | '²' | '³') {
        UNITS.iter().for_each(|unit| measured(unit));
    } else if CURRENCIES.contains(last) {
        measured(last.encode_utf8(&mut [0; 4]));
        NAMED_CURRENCIES.iter().for_each(|name| measured(name));
    }
    longest
}

/// Where a string is split: signs between letters or digits, by their bytes.
fn infixes(string: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let (mut at, mut before) = (0, None);
    while let Some(c) = string[at..].chars().next() {
        let length = if c.is_ascii_alphanumeric() { 0 } else { infix(before, &string[at..], c) };
        if length > 0 {
            found.push((at, at + length));
        }
        let end = at + length.max(c.len_utf8());
        before = string[at..end].chars().next_back();
        at = end;
    }
    found
}

fn infix(before: Option<char>, rest: &str, c: char) -> usize {
    let dots = dots(rest.bytes());
    if dots > 0 {
        return dots;
    }
    if c == '…' || (!c.is_ascii() && is_icon(c)) {
        return c.len_utf8();
    }
    let Some(before) = before else { return 0 };
    let after = rest[c.len_utf8()..].chars().next();
    let goes_on = |test: fn(char) -> bool| after.is_some_and(test);
    let is_quote = |c: char| QUOTES.contains(c);
    match c {
        '+' | '-' | '*' | '^' if before.is_ascii_digit() && goes_on(|c| c.is_ascii_digit() || c == '-') => return 1,
        '.' if (is_lower(before) || is_quote(before)) && after.is_some_and(|c| is_upper(c) || is_quote(c)) => return 1,
        ',' if before.is_alphabetic() && goes_on(char::is_alphabetic) => return 1,
        ':' | '<' | '>' | '=' | '/' if (before.is_alphabetic() || before.is_ascii_digit()) && goes_on(char::is_alphabetic) => return 1,
        _ => {}
    }
    if !before.is_alphabetic() && !before.is_ascii_digit() {
        return 0;
    }
    let joins = |hyphen: &&&str| rest.strip_prefix(**hyphen).and_then(|rest| rest.chars().next()).is_some_and(char::is_alphabetic);
    HYPHENS.iter().find(joins).map_or(0, |hyphen| hyphen.len())
}

/// Whether the whole string is an address of the web or of mail, which is not split.
fn is_address(string: &str) -> bool {
    static ADDRESS: OnceLock<Option<Regex>> = OnceLock::new();
    // After spaCy's pattern, without its limits on the length of names: a repeated class would make the expression huge.
    const PATTERN: &str = r"^(?:[\w+.\-]{2,}://)?(?:\S+(?::\S*)?@)?(?:(?:\d{1,3}\.){3}\d{1,3}|(?:(?:[A-Za-z0-9¡-\x{ffff}][A-Za-z0-9¡-\x{ffff}_-]*)?[A-Za-z0-9¡-\x{ffff}]\.)+[\p{Ll}\p{Lo}]{2,})(?::\d{2,5})?(?:[/?#]\S*)?$";
    string.contains('.') && ADDRESS.get_or_init(|| Regex::new(PATTERN).ok()).as_ref().is_some_and(|address| address.is_match(string))
}

#[cfg(test)]
mod tests {
    use super::super::exceptions;
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        words(text).into_iter().map(|word| word.of(text)).collect()
    }

    #[test]
    fn words_are_those_of_spacy() {
        for (text, expected) in [
            ("“Don't,” he said (twice).", "“ Do n't , ” he said ( twice ) ."),
            ("The U.S. cut 5km... and $5 of 20%, e.g. at 10 a.m.", "The U.S. cut 5 km ... and $ 5 of 20 % , e.g. at 10 a.m."),
            ("well-known and/or 1990-95, co-op's end.The next", "well - known and/or 1990 - 95 , co - op 's end . The next"),
            (
                "(see above): https://www.tide.example/a-b?c=d, me@tide-news.example",
                "( see above ): https://www.tide.example/a-b?c=d , me@tide-news.example",
            ),
            ("a--b 3+4 x,y 1,000 “a”b U.K.'s", "a -- b 3 + 4 x , y 1,000 “ a”b U.K. 's"),
        ] {
            assert_eq!(split(text).join(" "), expected);
        }
    }

    #[test]
    fn plain_words_are_split_as_the_rules_would() {
        let by_rules = |text: &str| {
            let mut words = Vec::new();
            by_signs(text, Span::new(0, text.len()), &mut words);
            words
        };
        let rows = exceptions::texts().filter(|text| !text.contains(is_space));
        for word in rows.chain(["wall", "I", "IBM", "km", "in", "s", "NATO", "Wall", "cant", "whats", "US"]) {
            for sign in ["", ",", ";", ":", "?", "!", "."] {
                let text = format!("{word}{sign}");
                assert_eq!(words(&text), by_rules(&text), "{text}");
            }
        }
    }
}
