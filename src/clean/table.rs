//! One field of a table's row, changed in place: every other byte of the row stays as it was written.

use crate::text::Span;
use std::borrow::Cow;

/// Where the field of a column stands in a row, its quotes included.
pub(super) fn field(row: &[u8], delimiter: u8, column: usize) -> Option<Span> {
    let (mut at, mut number) = (0, 0);
    loop {
        let start = at;
        if row.get(at) == Some(&b'"') {
            at += 1;
            loop {
                at += row.get(at..)?.iter().position(|&byte| byte == b'"')? + 1;
                // Two quotes stand for one of the text.
                if row.get(at) != Some(&b'"') {
                    break;
                }
                at += 1;
            }
        }
        at += row[at..].iter().position(|&byte| byte == delimiter).unwrap_or(row.len() - at);
        if number == column {
            return Some(Span::new(start, at));
        }
        if at == row.len() {
            return None;
        }
        at += 1;
        number += 1;
    }
}

/// What a field stands for.
pub(super) fn decoded(field: &[u8]) -> Cow<'_, [u8]> {
    let Some(inner) = field.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")) else { return Cow::Borrowed(field) };
    let mut text = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.windows(2).position(|pair| pair == b"\"\"") {
        text.extend_from_slice(&rest[..=at]);
        rest = &rest[at + 2..];
    }
    text.extend_from_slice(rest);
    Cow::Owned(text)
}

/// The text as a field, with quotes where it cannot do without or should have them.
pub(super) fn encoded(text: &[u8], delimiter: u8, quoted: bool) -> Vec<u8> {
    let special = |&byte: &u8| byte == delimiter || matches!(byte, b'"' | b'\r' | b'\n');
    if !quoted && !text.iter().any(special) {
        return text.to_vec();
    }
    let mut field = vec![b'"'];
    for &byte in text {
        if byte == b'"' {
            field.push(b'"');
        }
        field.push(byte);
    }
    field.push(b'"');
    field
}

/// The row with another text in the place of a field.
pub(super) fn replaced(row: &[u8], field: Span, text: &[u8]) -> Vec<u8> {
    [&row[..field.start], text, &row[field.end..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_field_is_found_in_its_row() {
        let row = br#"7,"One, ""two""",three,"four"#;
        let of = |column: usize| field(row, b',', column).map(|span| String::from_utf8_lossy(&row[span.start..span.end]).into_owned());
        assert_eq!(of(0).as_deref(), Some("7"));
        assert_eq!(of(1).as_deref(), Some(r#""One, ""two""""#));
        assert_eq!(of(2).as_deref(), Some("three"));
        assert_eq!(of(3), None, "a quote that is never closed");
        assert_eq!(field(b"a,b", b',', 2), None);
        assert_eq!(decoded(br#""One, ""two""""#).as_ref(), br#"One, "two""#);
    }

    proptest! {
        #[test]
        fn fields_are_what_the_reader_of_tables_reads(texts in prop::collection::vec("[a\",;\r\n é]{0,8}", 1..5), quoted: bool) {
            let row = texts.iter().map(|text| encoded(text.as_bytes(), b',', quoted)).collect::<Vec<_>>().join(&b","[..]);
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(row.as_slice());
            let mut record = csv::ByteRecord::new();
            reader.read_byte_record(&mut record).unwrap();
            for (column, text) in texts.iter().enumerate() {
                let span = field(&row, b',', column).unwrap();
                prop_assert!(*decoded(&row[span.start..span.end]) == *text.as_bytes());
                // A row of nothing but an empty field is a blank line to the reader.
                prop_assert!(record.is_empty() || record.get(column) == Some(text.as_bytes()));
            }
        }
    }
}
