//! Text back into the bytes of a file, in the encoding that it was read in.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// `text` in the encoding of that name (UTF-8 where there is none), or `None` where it cannot be written in it.
///
/// `original` is the file as it was: with a byte order mark or without.
pub(super) fn encoded(text: &str, encoding: Option<&str>, original: &[u8]) -> Option<Vec<u8>> {
    let Some(name) = encoding else { return Some(text.as_bytes().to_vec()) };
    let encoding = Encoding::for_label(name.as_bytes())?;
    if encoding == UTF_16LE || encoding == UTF_16BE {
        let little = encoding == UTF_16LE;
        let mark = [0xFF, 0xFE];
        let has_mark = if little { original.starts_with(&mark) } else { original.starts_with(&[0xFE, 0xFF]) };
        let units = has_mark.then_some(0xFEFF_u16).into_iter().chain(text.encode_utf16());
        return Some(units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect());
    }
    let (bytes, used, unmappable) = encoding.encode(text);
    (used == encoding && !unmappable).then(|| bytes.into_owned())
}

/// The text of a file in the encoding of that name, its byte order mark kept only in UTF-8; `None` where it is not in it.
pub(super) fn decoded(bytes: &[u8], encoding: Option<&str>) -> Option<String> {
    match encoding {
        None => std::str::from_utf8(bytes).ok().map(str::to_string),
        Some(name) => {
            let (text, damaged) = Encoding::for_label(name.as_bytes())?.decode_with_bom_removal(bytes);
            (!damaged).then(|| text.into_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_comes_back_to_the_byte() {
        let text = "Die Brücke — 3 €\r\n";
        let marked: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (name, bytes) in [
            (None, format!("\u{feff}{text}").into_bytes()),
            (Some("UTF-16BE"), marked.clone()),
            (Some("UTF-16BE"), marked[2..].to_vec()),
            (Some("windows-1252"), encoding_rs::WINDOWS_1252.encode(text).0.into_owned()),
        ] {
            let read = decoded(&bytes, name).unwrap();
            assert_eq!(encoded(&read, name, &bytes).unwrap(), bytes);
        }
    }

    #[test]
    fn what_an_encoding_lacks_is_not_written() {
        assert_eq!(encoded("東京", Some("windows-1252"), b""), None);
        assert_eq!(decoded(b"\xff", None), None);
    }
}
