//! Words as the published filters count them: those of spaCy's tokenizer for English, which datatrove uses.
//!
//! The rules are spaCy's (MIT licence): a stretch without white space is stripped of signs before and behind it one at a time,
//! unless it is an exception (`don't`, `e.g.`, `:-)`), and what is left is split at signs between letters. In place of spaCy's
//! lists of letters stand Unicode's, which differ in rare scripts only. `exceptions.tsv` is made of its exceptions: the text, its
//! words, and where exceptions hold inside a longer stretch too, the words without them.

use crate::document::HashedMap;
use crate::text::Span;
use regex::Regex;
use std::sync::OnceLock;
use xxhash_rust::xxh3::xxh3_64;

const EXCEPTIONS: &str = include_str!("exceptions.tsv");

/// Signs that stand alone before and behind a word.
const SIGNS: &str = "…,:;!?¿؟¡()[]{}<>_#*&。？！，、；：～·।،۔؛٪";
const QUOTES: &str = "'\"”“`‘´’‚,„»«「」『』（）〔〕【】《》〈〉⟦⟧";
const CURRENCIES: &str = "$£€¥฿₽﷼₴₠₡₢₣₤₥₦₧₨₩₪₫₭₮₯₰₱₲₳₵₶₷₸₹₺₻₼₾₿";
const NAMED_CURRENCIES: [&str; 3] = ["US$", "C$", "A$"];
/// Units that stand apart from the number before them.
const UNITS: [&str; 84] = [
    "km", "km²", "km³", "m", "m²", "m³", "dm", "dm²", "dm³", "cm", "cm²", "cm³", "mm", "mm²", "mm³", "ha", "µm", "nm", "yd", "in", "ft",
    "kg", "g", "mg", "µg", "t", "lb", "oz", "m/s", "km/h", "kmh", "mph", "hPa", "Pa", "mbar", "mb", "MB", "kb", "KB", "gb", "GB", "tb",
    "TB", "T", "G", "M", "K", "%", "км", "км²", "км³", "м", "м²", "м³", "дм", "дм²", "дм³", "см", "см²", "см³", "мм", "мм²", "мм³", "нм",
    "кг", "г", "мг", "м/с", "км/ч", "кПа", "Па", "мбар", "Кб", "КБ", "кб", "Мб", "МБ", "мб", "Гб", "ГБ", "гб", "Тб", "ТБ", "тб",
];
const HYPHENS: [&str; 7] = ["-", "–", "—", "--", "---", "——", "~"];

/// Pictures and other symbols (Unicode's category So as spaCy lists it), in order.
const ICONS: [(u32, u32); 174] = [
    (0xa6, 0xa6),
    (0xa9, 0xa9),
    (0xae, 0xae),
    (0xb0, 0xb0),
    (0x482, 0x482),
    (0x58d, 0x58e),
    (0x60e, 0x60f),
    (0x6de, 0x6de),
    (0x6e9, 0x6e9),
    (0x6fd, 0x6fe),
    (0x7f6, 0x7f6),
    (0x9fa, 0x9fa),
    (0xb70, 0xb70),
    (0xbf3, 0xbf8),
    (0xbfa, 0xbfa),
    (0xc7f, 0xc7f),
    (0xd4f, 0xd4f),
    (0xd79, 0xd79),
    (0xf01, 0xf03),
    (0xf13, 0xf13),
    (0xf15, 0xf17),
    (0xf1a, 0xf1f),
    (0xf34, 0xf34),
    (0xf36, 0xf36),
    (0xf38, 0xf38),
    (0xfbe, 0xfc5),
    (0xfc7, 0xfcc),
    (0xfce, 0xfcf),
    (0xfd5, 0xfd8),
    (0x109e, 0x109f),
    (0x1390, 0x1399),
    (0x1940, 0x1940),
    (0x19de, 0x19ff),
    (0x1b61, 0x1b6a),
    (0x1b74, 0x1b7c),
    (0x2100, 0x2101),
    (0x2103, 0x2106),
    (0x2108, 0x2109),
    (0x2114, 0x2114),
    (0x2116, 0x2117),
    (0x211e, 0x2123),
    (0x2125, 0x2125),
    (0x2127, 0x2127),
    (0x2129, 0x2129),
    (0x212e, 0x212e),
    (0x213a, 0x213b),
    (0x214a, 0x214a),
    (0x214c, 0x214d),
    (0x214f, 0x214f),
    (0x218a, 0x218b),
    (0x2195, 0x2199),
    (0x219c, 0x219f),
    (0x21a1, 0x21a2),
    (0x21a4, 0x21a5),
    (0x21a7, 0x21ad),
    (0x21af, 0x21cd),
    (0x21d0, 0x21d1),
    (0x21d3, 0x21d3),
    (0x21d5, 0x21f3),
    (0x2300, 0x2307),
    (0x230c, 0x231f),
    (0x2322, 0x2328),
    (0x232b, 0x237b),
    (0x237d, 0x239a),
    (0x23b4, 0x23db),
    (0x23e2, 0x2426),
    (0x2440, 0x244a),
    (0x249c, 0x24e9),
    (0x2500, 0x25b6),
    (0x25b8, 0x25c0),
    (0x25c2, 0x25f7),
    (0x2600, 0x266e),
    (0x2670, 0x2767),
    (0x2794, 0x27bf),
    (0x2800, 0x28ff),
    (0x2b00, 0x2b2f),
    (0x2b45, 0x2b46),
    (0x2b4d, 0x2b73),
    (0x2b76, 0x2b95),
    (0x2b98, 0x2bc8),
    (0x2bca, 0x2bfe),
    (0x2ce5, 0x2cea),
    (0x2e80, 0x2e99),
    (0x2e9b, 0x2ef3),
    (0x2f00, 0x2fd5),
    (0x2ff0, 0x2ffb),
    (0x3004, 0x3004),
    (0x3012, 0x3013),
    (0x3020, 0x3020),
    (0x3036, 0x3037),
    (0x303e, 0x303f),
    (0x3190, 0x3191),
    (0x3196, 0x319f),
    (0x31c0, 0x31e3),
    (0x3200, 0x321e),
    (0x322a, 0x3247),
    (0x3250, 0x3250),
    (0x3260, 0x327f),
    (0x328a, 0x32b0),
    (0x32c0, 0x32fe),
    (0x3300, 0x33ff),
    (0x4dc0, 0x4dff),
    (0xa490, 0xa4c6),
    (0xa828, 0xa82b),
    (0xa836, 0xa837),
    (0xa839, 0xa839),
    (0xaa77, 0xaa79),
    (0xfdfd, 0xfdfd),
    (0xffe4, 0xffe4),
    (0xffe8, 0xffe8),
    (0xffed, 0xffee),
    (0xfffc, 0xfffd),
    (0x10137, 0x1013f),
    (0x10179, 0x10189),
    (0x1018c, 0x1018e),
    (0x10190, 0x1019b),
    (0x101a0, 0x101a0),
    (0x101d0, 0x101fc),
    (0x10877, 0x10878),
    (0x10ac8, 0x10ac8),
    (0x1173f, 0x1173f),
    (0x16b3c, 0x16b3f),
    (0x16b45, 0x16b45),
    (0x1bc9c, 0x1bc9c),
    (0x1d000, 0x1d0f5),
    (0x1d100, 0x1d126),
    (0x1d129, 0x1d164),
    (0x1d16a, 0x1d16c),
    (0x1d183, 0x1d184),
    (0x1d18c, 0x1d1a9),
    (0x1d1ae, 0x1d1e8),
    (0x1d200, 0x1d241),
    (0x1d245, 0x1d245),
    (0x1d300, 0x1d356),
    (0x1d800, 0x1d9ff),
    (0x1da37, 0x1da3a),
    (0x1da6d, 0x1da74),
    (0x1da76, 0x1da83),
    (0x1da85, 0x1da86),
    (0x1ecac, 0x1ecac),
    (0x1f000, 0x1f02b),
    (0x1f030, 0x1f093),
    (0x1f0a0, 0x1f0ae),
    (0x1f0b1, 0x1f0bf),
    (0x1f0c1, 0x1f0cf),
    (0x1f0d1, 0x1f0f5),
    (0x1f110, 0x1f16b),
    (0x1f170, 0x1f1ac),
    (0x1f1e6, 0x1f202),
    (0x1f210, 0x1f23b),
    (0x1f240, 0x1f248),
    (0x1f250, 0x1f251),
    (0x1f260, 0x1f265),
    (0x1f300, 0x1f3fa),
    (0x1f400, 0x1f6d4),
    (0x1f6e0, 0x1f6ec),
    (0x1f6f0, 0x1f6f9),
    (0x1f700, 0x1f773),
    (0x1f780, 0x1f7d8),
    (0x1f800, 0x1f80b),
    (0x1f810, 0x1f847),
    (0x1f850, 0x1f859),
    (0x1f860, 0x1f887),
    (0x1f890, 0x1f8ad),
    (0x1f900, 0x1f90b),
    (0x1f910, 0x1f93e),
    (0x1f940, 0x1f970),
    (0x1f973, 0x1f976),
    (0x1f97a, 0x1f97a),
    (0x1f97c, 0x1f9a2),
    (0x1f9b0, 0x1f9b9),
    (0x1f9c0, 0x1f9c2),
    (0x1f9d0, 0x1f9ff),
    (0x1fa60, 0x1fa6d),
];

/// An exception, by its text.
struct Exception {
    /// Lengths in bytes of its words.
    words: Vec<usize>,
    /// Lengths in bytes of the words that it would have if it were none, where it holds inside a longer stretch, too.
    inside: Vec<usize>,
}

/// The exceptions by the hash of their text.
struct Exceptions {
    rows: HashedMap<(&'static str, Exception)>,
    /// For each byte that one begins with, the lengths there are.
    lengths: [u32; 256],
}

impl Exceptions {
    fn table() -> &'static Self {
        static TABLE: OnceLock<Exceptions> = OnceLock::new();
        TABLE.get_or_init(|| {
            let mut table = Self { rows: HashedMap::default(), lengths: [0; 256] };
            let lengths = |words: Option<&str>| words.unwrap_or_default().split(' ').map(str::len).filter(|&length| length > 0).collect();
            for mut row in EXCEPTIONS.lines().map(|row| row.split('\t')) {
                let text = row.next().unwrap_or_default();
                if let Some(&first) = text.as_bytes().first() {
                    table.lengths[usize::from(first)] |= length_bit(text.len());
                }
                let exception = Exception { words: lengths(row.next()), inside: lengths(row.next()) };
                table.rows.insert(xxh3_64(text.as_bytes()), (text, exception));
            }
            table
        })
    }
}

/// Lengths from 31 share a bit.
fn length_bit(length: usize) -> u32 {
    1 << length.min(31)
}

fn exception(string: &str) -> Option<&'static Exception> {
    let table = Exceptions::table();
    let first = *string.as_bytes().first()?;
    if table.lengths[usize::from(first)] & length_bit(string.len()) == 0 {
        return None;
    }
    table.rows.get(&xxh3_64(string.as_bytes())).filter(|(text, _)| *text == string).map(|(_, exception)| exception)
}

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

fn is_icon(c: char) -> bool {
    let code = c as u32;
    let after = ICONS.partition_point(|&(start, _)| start <= code);
    after.checked_sub(1).is_some_and(|index| code <= ICONS[index].1)
}

fn is_sign(c: char) -> bool {
    SIGNS.contains(c) || QUOTES.contains(c) || (!c.is_ascii() && is_icon(c))
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
        let rows = Exceptions::table().rows.values().map(|(text, _)| *text).filter(|text| !text.contains(is_space));
        for word in rows.chain(["wall", "I", "IBM", "km", "in", "s", "NATO", "Wall", "cant", "whats", "US"]) {
            for sign in ["", ",", ";", ":", "?", "!", "."] {
                let text = format!("{word}{sign}");
                assert_eq!(words(&text), by_rules(&text), "{text}");
            }
        }
    }

    #[test]
    fn tables_are_in_order() {
        let rows = &Exceptions::table().rows;
        assert!(ICONS.windows(2).all(|pair| pair[0].1 < pair[1].0));
        assert!(rows.len() > 1_300 && rows.values().all(|(text, exception)| exception.words.iter().sum::<usize>() == text.len()));
    }
}
