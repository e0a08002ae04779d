//! Kind `characters`: characters that should not stand in a text, most of them invisible.

use super::{Context, MOST_FINDINGS, Match, Slot};
use crate::finding::Fact;
use crate::text::Span;
use crate::yaml::{Flaw, Placed};
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;
use std::ops::RangeInclusive;

/// Single characters that should not stand in the text. Neighbours are one finding.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {
    /// Characters (`U+200B`) and ranges of them (`U+202A..U+202E`).
    pub any: Vec<Placed<String>>,
    /// Where in the line they count.
    #[serde(default)]
    pub place: Place,
    /// Where they do their duty and are left alone.
    #[serde(default)]
    pub allow: Vec<Duty>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    #[default]
    Anywhere,
    LineStart,
    /// Anywhere but at the start of a line.
    Inside,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Duty {
    /// Between letters of scripts whose letters join (Arabic, Devanagari …), and inside an emoji.
    Joining,
    /// In a line with letters that are written from right to left.
    RightToLeft,
}

#[derive(Debug)]
pub struct Characters {
    ranges: Vec<RangeInclusive<char>>,
    place: Place,
    allow: Vec<Duty>,
    literals: Vec<String>,
}

/// More single characters than a list of invisible ones can hold; the gate needs each by itself.
const MAX_CHARACTERS: usize = 256;

impl Characters {
    pub const PLACEHOLDERS: [&'static str; 2] = ["code", "name"];

    pub fn new(params: Params) -> Result<Self, Vec<Flaw>> {
        let (mut ranges, mut flaws, mut literals) = (Vec::new(), Vec::new(), Vec::new());
        for item in &params.any {
            let (first, last) = item.value.split_once("..").unwrap_or((&item.value, &item.value));
            match (code_point(first), code_point(last)) {
                (Some(first), Some(last)) if first <= last && (last as usize - first as usize) < MAX_CHARACTERS => {
                    literals.extend((first..=last).map(String::from));
                    ranges.push(first..=last);
                }
                _ => flaws.push(
                    Flaw::new(item.at, format!("`{}` is no character and no range", item.value), "not a code point")
                        .help("write `U+200B`, or `U+202A..U+202E` for a range"),
                ),
            }
        }
        if ranges.is_empty() && flaws.is_empty() {
            flaws.push(Flaw::new(Span::default(), "the list of characters is empty", "nothing to look for"));
        }
        if flaws.is_empty() { Ok(Self { ranges, place: params.place, allow: params.allow, literals }) } else { Err(flaws) }
    }

    pub fn literals(&self) -> &[String] {
        &self.literals
    }

    pub fn detect(&self, slot: Slot, cx: &Context<'_>) -> Vec<Match> {
        let text = &*cx.document.text;
        let mut found = Vec::new();
        for line in cx.hit_lines(slot) {
            let right_to_left = self.allow.contains(&Duty::RightToLeft) && line.of(text).chars().any(is_right_to_left);
            if right_to_left {
                continue;
            }
            let mut at = line.start;
            while found.len() <= MOST_FINDINGS
                && let Some(start) = line_find(text, at, line.end, |c| self.holds(c))
            {
                let end = self.end(text, start, line.end);
                at = end;
                let placed = match self.place {
                    Place::Anywhere => true,
                    Place::LineStart => start == line.start,
                    Place::Inside => start > line.start,
                };
                if placed && !(self.allow.contains(&Duty::Joining) && joins(text, start, end)) {
                    found.push(hit_at(text, Span::new(start, end)));
                }
            }
        }
        found
    }

    fn holds(&self, c: char) -> bool {
        self.ranges.iter().any(|range| range.contains(&c))
    }

    /// The end of the run that starts at `start`; a terminal's escape sequence (`ESC [ 31 m`) goes whole.
    fn end(&self, text: &str, start: usize, limit: usize) -> usize {
        let mut end = start;
        while let Some(c) = text[end..limit].chars().next().filter(|&c| self.holds(c)) {
            end += c.len_utf8();
            if c == '\u{1b}' {
                end += escape_sequence(&text[end..limit]);
            }
        }
        end
    }
}

/// Bytes of the control sequence (ECMA-48) that follows an escape character.
fn escape_sequence(rest: &str) -> usize {
    let Some(body) = rest.strip_prefix('[') else { return 0 };
    let parameters = body.bytes().take_while(|byte| (0x20..=0x3f).contains(byte)).count();
    match body.as_bytes().get(parameters) {
        Some(0x40..=0x7e) => 1 + parameters + 1,
        _ => 0,
    }
}

fn line_find(text: &str, from: usize, end: usize, is: impl Fn(char) -> bool) -> Option<usize> {
    text[from..end].find(is).map(|at| from + at)
}

fn hit_at(text: &str, span: Span) -> Match {
    let mut hit = Match::at(span);
    let first = span.of(text).chars().next().unwrap_or_default();
    hit.facts.push((Cow::Borrowed("code"), Fact::Text(format!("U+{:04X}", u32::from(first)))));
    hit.facts.push((Cow::Borrowed("name"), Fact::Text(name(first).into())));
    let meant: Option<String> = span.of(text).chars().map(windows_1252).collect();
    hit.replacement = Some(meant.unwrap_or_default());
    hit
}

/// What a C1 control character was before it was read as Latin-1: the character of that byte in windows-1252.
fn windows_1252(c: char) -> Option<char> {
    let byte = u8::try_from(u32::from(c)).ok().filter(|byte| (0x80..0xa0).contains(byte))?;
    let bytes = [byte];
    let decoded = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes).0;
    decoded.chars().next().filter(|&meant| meant != c)
}

fn name(c: char) -> &'static str {
    match c {
        '\u{ad}' => "soft hyphen",
        '\u{200b}' => "zero-width space",
        '\u{200c}' => "zero-width non-joiner",
        '\u{200d}' => "zero-width joiner",
        '\u{200e}' => "left-to-right mark",
        '\u{200f}' => "right-to-left mark",
        '\u{61c}' => "Arabic letter mark",
        '\u{202a}' | '\u{202b}' => "embedding of a writing direction",
        '\u{202c}' | '\u{2069}' => "end of a writing direction",
        '\u{202d}' | '\u{202e}' => "override of the writing direction",
        '\u{2066}'..='\u{2068}' => "isolate of a writing direction",
        '\u{2060}' => "word joiner",
        '\u{180e}' => "Mongolian vowel separator",
        '\u{feff}' => "byte order mark",
        '\u{fffd}' => "replacement character",
        '\0' => "null character",
        '\u{8}' => "backspace",
        '\u{b}' => "vertical tab",
        '\u{c}' => "form feed",
        '\u{1b}' => "escape character",
        '\u{7f}' => "delete character",
        '\u{80}'..='\u{9f}' => "control character, a character of windows-1252 read as Latin-1",
        c if c.is_control() => "control character",
        _ => "character",
    }
}

pub(super) const fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// Whether the joiner at `start..end` stands where Unicode wants one: beside a letter of a joining script, or in an emoji sequence.
fn joins(text: &str, start: usize, end: usize) -> bool {
    let wants = |c: char| {
        matches!(c, '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{109f}' | '\u{1780}'..='\u{18af}' | '\u{fb50}'..='\u{fdff}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe70}'..='\u{fefe}')
            || matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
    };
    text[..start].chars().next_back().is_some_and(wants) || text[end..].chars().next().is_some_and(wants)
}

/// `U+200B` as a character.
fn code_point(written: &str) -> Option<char> {
    let digits = written.trim().strip_prefix("U+")?;
    u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_and_ranges_are_read() {
        assert_eq!(code_point("U+FEFF"), Some('\u{feff}'));
        assert_eq!(code_point("FEFF"), None);
        assert_eq!(code_point("U+D800"), None);
        let params =
            |item: &str| Params { any: vec![Placed { value: item.into(), at: Span::default() }], place: Place::Anywhere, allow: vec![] };
        assert!(Characters::new(params("U+202E..U+202A")).is_err());
        assert!(Characters::new(params("U+0000..U+10FFFF")).is_err());
        assert_eq!(Characters::new(params("U+202A..U+202E")).map(|rule| rule.literals.len()).ok(), Some(5));
    }

    #[test]
    fn an_escape_sequence_is_measured() {
        assert_eq!(escape_sequence("[31mred"), 4);
        assert_eq!(escape_sequence("[1;31m"), 6);
        assert_eq!(escape_sequence("[31"), 0);
        assert_eq!(escape_sequence("x"), 0);
    }
}
