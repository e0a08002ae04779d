//! Text as a terminal may safely show it: nothing hidden, nothing that moves the cursor, and its width in columns.

use std::borrow::Cow;
use std::fmt::Write;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// Most characters that are shown as one; a longer cluster (text piled up with accents) is spelled out one by one.
const CLUSTER: usize = 12;

/// What a reader takes for one character, from byte `start` of the text it was cut from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cluster<'t> {
    pub start: usize,
    pub text: &'t str,
}

impl<'t> Cluster<'t> {
    pub const fn end(&self) -> usize {
        self.start + self.text.len()
    }

    fn plain(&self) -> bool {
        matches!(self.text.as_bytes(), [b' '..=b'~'])
    }

    pub fn is_space(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }

    /// Columns that it takes up when shown, counted character by character as miette counts them.
    pub fn columns(&self) -> usize {
        if self.plain() { 1 } else { columns(&self.shown()) }
    }

    /// As it is shown: hidden characters and controls spelled out `<U+001B>`, a tab as spaces.
    pub fn shown(&self) -> Cow<'t, str> {
        if self.plain() {
            return Cow::Borrowed(self.text);
        }
        if self.text == "\t" {
            return Cow::Borrowed("    ");
        }
        if is_whole(self.text) {
            return Cow::Borrowed(self.text);
        }
        let mut shown = String::new();
        self.text.chars().for_each(|c| spell_out(c, &mut shown));
        Cow::Owned(shown)
    }
}

/// Whether what Unicode takes for one character is shown as one. What is spelled out is several, or a pile of accents would be wider than
/// a row.
fn is_whole(cluster: &str) -> bool {
    let mut chars = cluster.chars();
    let (Some(first), rest) = (chars.next(), chars.as_str()) else { return true };
    // An accent with nothing to stand on would sit on the drawing beside it.
    let bare = first.width().unwrap_or(0) == 0;
    !bare && !is_hidden(first) && rest.chars().nth(CLUSTER - 1).is_none() && rest.chars().all(|c| !is_hidden(c) || shapes(first, c))
}

/// The clusters of a text from its start on. ASCII, which is nearly all of it, costs no look-up.
pub(super) fn clusters(text: &str) -> impl Iterator<Item = Cluster<'_>> {
    // Up to `spelled` each character stands alone.
    let (mut at, mut spelled) = (0, 0);
    std::iter::from_fn(move || {
        let bytes = text.as_bytes();
        let first = *bytes.get(at)?;
        // Of ASCII, only the two characters of a line break belong together.
        let alone = first.is_ascii() && first != b'\r' && bytes.get(at + 1).is_none_or(u8::is_ascii);
        let mut len = if alone { 1 } else { text[at..].chars().next()?.len_utf8() };
        if !alone && at >= spelled {
            let cluster = text[at..].graphemes(true).next()?;
            match cluster == "\r\n" || is_whole(cluster) {
                true => len = cluster.len(),
                false => spelled = at + cluster.len(),
            }
        }
        let cluster = Cluster { start: at, text: &text[at..at + len] };
        at += len;
        Some(cluster)
    })
}

/// The clusters of a text from its end back.
pub(super) fn clusters_back(text: &str) -> impl Iterator<Item = Cluster<'_>> {
    // From `spelled` on each character stands alone.
    let (mut end, mut spelled) = (text.len(), text.len());
    std::iter::from_fn(move || {
        let bytes = text.as_bytes();
        let last = *bytes.get(end.checked_sub(1)?)?;
        let alone = last.is_ascii() && last != b'\n' && (end < 2 || bytes[end - 2].is_ascii());
        let mut len = if alone { 1 } else { text[..end].chars().next_back()?.len_utf8() };
        if !alone && end <= spelled {
            let cluster = text[..end].graphemes(true).next_back()?;
            match cluster == "\r\n" || is_whole(cluster) {
                true => len = cluster.len(),
                false => spelled = end - cluster.len(),
            }
        }
        end -= len;
        Some(Cluster { start: end, text: &text[end..end + len] })
    })
}

/// Columns of a text that holds nothing hidden.
pub(super) fn columns(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(|c| c.width().unwrap_or(0)).sum() }
}

/// A name, message or label on one line: runs of white space become one space, hidden characters are spelled out, and
/// what is longer than `most` characters loses its middle.
pub(super) fn one_line(text: &str, most: usize) -> String {
    // What is cut away is not looked at: a message may quote a word of a megabyte.
    let (head, tail) = match (text.char_indices().nth(most * 2 / 3), text.char_indices().rev().nth(most / 3)) {
        (Some((head, _)), Some((tail, _))) if head < tail => (&text[..head], Some(&text[tail..])),
        _ => (text, None),
    };
    let mut line = String::with_capacity(text.len().min(most * 4));
    squeeze(head, &mut line);
    if let Some(tail) = tail {
        line.push_str(" … ");
        squeeze(tail, &mut line);
    }
    line.truncate(line.trim_end().len());
    line
}

fn squeeze(text: &str, line: &mut String) {
    for cluster in clusters(text) {
        if !cluster.is_space() {
            line.push_str(&cluster.shown());
        } else if !line.is_empty() && !line.ends_with(' ') {
            line.push(' ');
        }
    }
}

/// A path as it is, but for what could drive a terminal: white space is part of a name and stays, or is spelled out.
pub fn safe_name(name: &str) -> Cow<'_, str> {
    if name.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(name);
    }
    let mut shown = String::new();
    for cluster in clusters(name) {
        if cluster.text == "\t" { spell_out('\t', &mut shown) } else { shown.push_str(&cluster.shown()) }
    }
    Cow::Owned(shown)
}

/// Typographic signs of copydesk's own sentences as ASCII. What stands in backticks is quoted from the document and stays.
pub(super) fn ascii_signs(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for (index, piece) in text.split('`').enumerate() {
        if index > 0 {
            plain.push('`');
        }
        if index % 2 == 1 {
            plain.push_str(piece);
            continue;
        }
        for c in piece.chars() {
            match c {
                '“' | '”' | '„' => plain.push('"'),
                '‘' | '’' => plain.push('\''),
                '…' => plain.push_str("..."),
                '–' | '—' => plain.push('-'),
                '→' => plain.push_str("->"),
                '×' => plain.push('x'),
                c => plain.push(c),
            }
        }
    }
    plain
}

fn spell_out(c: char, out: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(out, "<U+{:04X}>", u32::from(c));
}

/// Controls, and characters that Unicode has drawn as nothing (Default_Ignorable_Code_Point, format characters, line and
/// paragraph separators, fillers that look like a space, private use): they would hide, move or inject.
const fn is_hidden(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
        | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{10ffff}')
}

/// True where a hidden character does its honest work: joiners in Indic, Arabic and emoji clusters, emoji presentation,
/// the tags of a flag.
const fn shapes(base: char, c: char) -> bool {
    match c {
        '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' => base >= '\u{590}' || matches!(base, '0'..='9' | '#' | '*' | '©' | '®'),
        '\u{e0020}'..='\u{e007f}' => base == '\u{1f3f4}',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> String {
        clusters(text).map(|cluster| cluster.shown().into_owned()).collect()
    }

    #[test]
    fn what_hides_or_drives_is_spelled_out() {
        assert_eq!(shown("a\u{1b}[31mred"), "a<U+001B>[31mred");
        assert_eq!(shown("pay\u{200b}pal\u{ad}"), "pay<U+200B>pal<U+00AD>");
        assert_eq!(shown("\u{202e}evil\u{2069}\u{feff}"), "<U+202E>evil<U+2069><U+FEFF>");
        assert_eq!(shown("a\u{200d}b"), "a<U+200D>b");
        assert_eq!(shown("\u{e0041}\u{9b}\u{2028}"), "<U+E0041><U+009B><U+2028>");
    }

    #[test]
    fn what_a_script_needs_stays() {
        for text in ["cafe\u{301}", "東京", "می\u{200c}خواهم", "❤\u{fe0f}", "👩\u{200d}🚀", "1\u{fe0f}\u{20e3}", "क्\u{200d}ष"]
        {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn an_accent_needs_something_to_stand_on() {
        assert_eq!(shown("\u{301}a"), "<U+0301>a");
        assert!(shown(&format!("a{}", "\u{301}".repeat(500))).starts_with("a<U+0301><U+0301>"));
    }

    #[test]
    fn names_and_messages_stay_on_their_line() {
        assert_eq!(safe_name("a\nb\u{1b}c d.txt"), "a<U+000A>b<U+001B>c d.txt");
        assert_eq!(one_line(" `a\n\tb` \u{7} ", 100), "`a b` <U+0007>");
        assert_eq!(one_line(&"x".repeat(1_000), 30).chars().count(), 34);
        assert_eq!(one_line("“short enough”", 30), "“short enough”");
    }

    #[test]
    fn quoted_text_keeps_its_signs_in_ascii() {
        assert_eq!(ascii_signs("“a” — `“b”` …"), "\"a\" - `“b”` ...");
    }

    proptest! {
        #[test]
        fn clusters_are_the_text_in_both_directions(text in "[ -~]{0,5}\\PC{0,20}[\\x00-\\x1f\u{300}-\u{310}\u{200d}\r\n]{0,6}\\PC{0,5}") {
            let forward: Vec<Cluster> = clusters(&text).collect();
            let mut back: Vec<Cluster> = clusters_back(&text).collect();
            back.reverse();
            prop_assert_eq!(forward.iter().map(|c| c.text).collect::<String>(), text.clone());
            prop_assert_eq!(back.iter().map(|c| c.text).collect::<String>(), text);
        }

        #[test]
        fn nothing_shown_is_hidden(text in any::<String>()) {
            let moves = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            let bad = shown(&text).chars().find(|&c| moves(c));
            prop_assert_eq!(bad, None);
        }
    }
}
