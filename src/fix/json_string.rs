//! A string inside a line of JSON, changed in place: only the edited pieces change, every other byte stays as it was written.

use crate::text::Span;

/// The string literal `json` (with its quotes) after `edits` of the text that it stands for, which are in order and do not
/// overlap. Each edit's text is already written as JSON. Also gives the JSON that each edit took out.
///
/// `None` where an edit does not fit the text.
pub(super) fn edited(json: &str, edits: &[(Span, &str)]) -> Option<(String, Vec<String>)> {
    let mut out = String::with_capacity(json.len());
    let mut removed = Vec::with_capacity(edits.len());
    let mut cursor = Cursor { json, at: 1, text: 0 };
    let mut copied = 0;
    for (span, text) in edits {
        let start = cursor.go_to(span.start)?;
        out.push_str(&json[copied..start]);
        copied = cursor.go_to(span.end)?;
        removed.push(json[start..copied].to_string());
        out.push_str(text);
    }
    out.push_str(&json[copied..]);
    Some((out, removed))
}

/// `text` as it stands between the quotes of a JSON string; `ascii` spells out what is above ASCII.
pub(super) fn escaped(text: &str, ascii: bool) -> String {
    use std::fmt::Write;
    let mut json = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            c if c < ' ' || (ascii && !c.is_ascii()) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(json, "\\u{unit:04x}");
                }
            }
            c => json.push(c),
        }
    }
    json
}

/// Walks through a string literal and counts the bytes of the text that it stands for.
struct Cursor<'j> {
    json: &'j str,
    at: usize,
    text: usize,
}

impl Cursor<'_> {
    /// The byte of the literal where the byte `to` of the text is written.
    fn go_to(&mut self, to: usize) -> Option<usize> {
        while self.text < to {
            self.step()?;
        }
        (self.text == to).then_some(self.at)
    }

    /// Passes over one character.
    fn step(&mut self) -> Option<()> {
        let bytes = self.json.as_bytes();
        let (written, stands_for) = match *bytes.get(self.at)? {
            b'"' => return None,
            b'\\' if *bytes.get(self.at + 1)? != b'u' => (2, 1),
            b'\\' => match self.unit(self.at + 2)? {
                0xD800..=0xDBFF => (12, 4),
                unit => (6, char::from_u32(unit)?.len_utf8()),
            },
            _ => {
                let len = self.json[self.at..].chars().next()?.len_utf8();
                (len, len)
            }
        };
        self.at += written;
        self.text += stands_for;
        Some(())
    }

    /// The four hexadecimal digits at `at`.
    fn unit(&self, at: usize) -> Option<u32> {
        u32::from_str_radix(self.json.get(at..at + 4)?, 16).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_the_edited_piece_changes() {
        let json = r#""A\u0020\ud83d\ude00 Minster\/\u00e9\n""#;
        let text: String = serde_json::from_str(json).unwrap();
        let at = text.find("Minster").unwrap();
        let (out, removed) = edited(json, &[(Span::new(at, at + 7), "Minister")]).unwrap();
        assert_eq!(out, r#""A\u0020\ud83d\ude00 Minister\/\u00e9\n""#);
        assert_eq!(removed, ["Minster"]);
        let (out, removed) = edited(json, &[(Span::new(1, 6), ""), (Span::new(15, 17), "e")]).unwrap();
        assert_eq!((out.as_str(), removed.as_slice()), (r#""A Minster\/e\n""#, &[r"\u0020\ud83d\ude00".to_string(), r"\u00e9".into()][..]));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(edited(r#""é""#, &[(Span::new(1, 2), "")]), None);
        assert_eq!(edited(r#""a""#, &[(Span::new(0, 2), "")]), None);
    }

    #[test]
    fn text_is_written_as_its_line_is() {
        assert_eq!(escaped("“a”\n\u{1}😀", true), r"\u201ca\u201d\n\u0001\ud83d\ude00");
        assert_eq!(escaped("“a”\"\\", false), "“a”\\\"\\\\");
    }

    proptest! {
        /// What an edit of the literal stands for is the edit of what the literal stands for; put back, it is the literal again.
        #[test]
        fn an_edit_can_be_undone(parts in prop::collection::vec(("\\PC{0,6}", "\\PC{0,4}", any::<bool>()), 1..8), ascii: bool) {
            let (mut json, mut edits, mut after, mut at) = (String::from("\""), Vec::new(), String::new(), 0);
            for (part, new, is_edit) in &parts {
                json += &escaped(part, ascii);
                if *is_edit {
                    edits.push((Span::new(at, at + part.len()), escaped(new, !ascii)));
                    after += new;
                } else {
                    after += part;
                }
                at += part.len();
            }
            json.push('"');
            let forth: Vec<(Span, &str)> = edits.iter().map(|(span, new)| (*span, new.as_str())).collect();
            let (out, removed) = edited(&json, &forth).unwrap();
            prop_assert_eq!(serde_json::from_str::<String>(&out).unwrap(), after);
            let (mut back, mut shift) = (Vec::new(), 0isize);
            for ((span, new), removed) in edits.iter().zip(&removed) {
                let len = serde_json::from_str::<String>(&format!("\"{new}\"")).unwrap().len();
                let start = span.start.checked_add_signed(shift).unwrap();
                back.push((Span::new(start, start + len), removed.as_str()));
                shift += len as isize - span.len() as isize;
            }
            prop_assert_eq!(edited(&out, &back).unwrap().0, json);
        }
    }
}
