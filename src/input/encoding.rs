//! Bytes into text: which encoding a file is in, and whether it is text at all.
//!
//! A file that is UTF-8 is taken as it is. One that is mostly UTF-8 is damaged UTF-8: its bad bytes become U+FFFD, so that one
//! bad byte does not turn every `é` of the file into `Ã©`. Everything else is in the encoding that its byte order mark or
//! its page declares, or in the one that its bytes are most like.

use super::error::Cause;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How much of a file is looked at to tell text from binary, in bytes.
pub(super) const SNIFF: usize = 8 << 10;

/// A file's text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    /// In UTF-8 files with its byte order mark, so that offsets are those of the file.
    pub text: String,
    /// Name of the encoding, where it was not UTF-8.
    pub encoding: Option<&'static str>,
    /// Some bytes made no sense and stand as U+FFFD.
    pub damaged: bool,
}

/// Decodes a file. `declared` is what the file says of itself; it counts where the bytes are not UTF-8.
pub(super) fn decode(bytes: Vec<u8>, declared: Option<&'static Encoding>) -> Result<Decoded, Cause> {
    if bytes.starts_with(&[0xFF, 0xFE, 0, 0]) || bytes.starts_with(&[0, 0, 0xFE, 0xFF]) {
        return Err(Cause::Binary("it is in UTF-32, which is not supported"));
    }
    if let Some(wide) = utf16(&bytes) {
        return Ok(decode_as(wide, &bytes));
    }
    if let Some(why) = binary(&bytes) {
        return Err(Cause::Binary(why));
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => match iso_2022_jp(text.as_bytes(), declared) {
            Some(encoding) => return Ok(decode_as(encoding, text.as_bytes())),
            None => return Ok(Decoded { text, encoding: None, damaged: false }),
        },
        Err(error) => error.into_bytes(),
    };
    if is_damaged_utf8(&bytes) {
        return Ok(lossy(&bytes));
    }
    let encoding = declared.filter(|&encoding| encoding != UTF_8).unwrap_or_else(|| detect(&bytes));
    Ok(decode_as(encoding, &bytes))
}

/// Whether the bytes are sure to be taken for the UTF-8 that they are, if for text at all.
pub(super) fn is_plain(bytes: &[u8]) -> bool {
    memchr::memchr2(0, 0x1B, bytes).is_none() && std::str::from_utf8(bytes).is_ok()
}

/// UTF-8 with its bad bytes as U+FFFD, one for each broken sequence.
pub(super) fn lossy(bytes: &[u8]) -> Decoded {
    Decoded { text: String::from_utf8_lossy(bytes).into_owned(), encoding: None, damaged: true }
}

fn decode_as(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, damaged) = encoding.decode_with_bom_removal(bytes);
    Decoded { text: text.into_owned(), encoding: Some(encoding.name()), damaged }
}

/// UTF-16 by its byte order mark, or by the NUL that every other byte of Latin text is in it.
fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0xFF, 0xFE, ..] => return Some(UTF_16LE),
        [0xFE, 0xFF, ..] => return Some(UTF_16BE),
        _ => {}
    }
    let head = &bytes[..bytes.len().min(SNIFF) & !1];
    let pairs = head.len() / 2;
    let nul_at = |parity: usize| head.iter().skip(parity).step_by(2).filter(|&&byte| byte == 0).count();
    if pairs < 4 || head.len() + 1 < bytes.len().min(SNIFF) || bytes.len() % 2 == 1 {
        return None;
    }
    let (even, odd) = (nul_at(0), nul_at(1));
    match () {
        () if odd * 10 >= pairs * 7 && even == 0 => Some(UTF_16LE),
        () if even * 10 >= pairs * 7 && odd == 0 => Some(UTF_16BE),
        () => None,
    }
}

/// Why the bytes cannot be text, if they cannot.
pub(super) fn binary(bytes: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 9] = [
        (b"%PDF-", "it is a PDF"),
        (b"PK\x03\x04", "it is a ZIP archive"),
        (b"\x1f\x8b", "it is gzip-compressed, and its name does not end in `.gz`"),
        (b"\x28\xb5\x2f\xfd", "it is zstd-compressed, and its name does not end in `.zst`"),
        (b"\x89PNG", "it is an image"),
        (b"\xff\xd8\xff", "it is an image"),
        (b"GIF8", "it is an image"),
        (b"\x7fELF", "it is a program"),
        (b"PAR1", "it is Parquet, and its name does not end in `.parquet`"),
    ];
    if let Some(&(_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(what);
    }
    let head = &bytes[..bytes.len().min(SNIFF)];
    if memchr::memchr(0, head).is_some() {
        return Some("it holds NUL bytes");
    }
    // Scraped text has a stray control character; where every tenth byte is one, it is not text.
    let controls = head.iter().filter(|&&byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B)).count();
    (controls > 8 && controls * 10 > head.len()).then_some("it is full of control characters")
}

/// ISO-2022-JP is made of ASCII bytes only; its escape sequences give it away.
fn iso_2022_jp(bytes: &[u8], declared: Option<&'static Encoding>) -> Option<&'static Encoding> {
    let escaped = memchr::memmem::find(bytes, b"\x1b$").is_some();
    if !escaped || !bytes.is_ascii() {
        return None;
    }
    let encoding = declared.unwrap_or_else(|| detect(bytes));
    (encoding == encoding_rs::ISO_2022_JP).then_some(encoding)
}

/// Whether bytes that are not UTF-8 were meant to be: most of their multi-byte sequences are sound.
///
/// Text in another encoding forms sound sequences by chance only: about one in ten in GBK, next to none in Latin or Cyrillic.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut sound, mut broken) = (0usize, 0usize);
    let mut rest = bytes.len();
    for chunk in bytes.utf8_chunks() {
        sound += chunk.valid().bytes().filter(|&byte| byte >= 0xC0).count();
        rest -= chunk.valid().len() + chunk.invalid().len();
        // A text cut off in the middle of a character says nothing.
        broken += usize::from(!chunk.invalid().is_empty() && rest > 0);
    }
    sound > 0 && sound >= broken * 2
}

/// The encoding that the bytes are most like, as browsers guess it.
fn detect(bytes: &[u8]) -> &'static Encoding {
    // The first bytes above ASCII tell; a megabyte of English before them does not.
    const WINDOW: usize = 256 << 10;
    let first = bytes.iter().position(|&byte| byte >= 0x80 || byte == 0x1B).unwrap_or(0).saturating_sub(64);
    let window = &bytes[first..bytes.len().min(first + WINDOW)];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(window, true);
    detector.guess(None, Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(bytes: &[u8]) -> Decoded {
        decode(bytes.to_vec(), None).unwrap()
    }

    fn wide(text: &str, little: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    }

    #[test]
    fn utf_8_is_taken_as_it_is() {
        let text = "\u{feff}Die Brücke — “neu” 東京\n";
        assert_eq!(read(text.as_bytes()), Decoded { text: text.into(), encoding: None, damaged: false });
    }

    #[test]
    fn utf_16_is_told_with_and_without_its_mark() {
        let text = "The bridge over the Ems — 3 €\n";
        for little in [true, false] {
            let name = if little { "UTF-16LE" } else { "UTF-16BE" };
            for bytes in [wide(&format!("\u{feff}{text}"), little), wide(text, little)] {
                assert_eq!(read(&bytes), Decoded { text: text.into(), encoding: Some(name), damaged: false });
            }
        }
    }

    #[test]
    fn older_encodings_are_guessed() {
        let text = "Die Brücke über die Ems wird für drei Jahre gesperrt, sagte Bürgermeister Jürgen Höß am Montag.";
        let (bytes, ..) = encoding_rs::WINDOWS_1252.encode(text);
        assert_eq!(read(&bytes), Decoded { text: text.into(), encoding: Some("windows-1252"), damaged: false });
        let text = "Мост через реку будет закрыт на три года, сообщил мэр города в понедельник вечером.";
        let (bytes, ..) = encoding_rs::WINDOWS_1251.encode(text);
        assert_eq!(read(&bytes).encoding, Some("windows-1251"));
        assert_eq!(read(&bytes).text, text);
        let text = "川にかかる橋は三年間閉鎖されると市長が月曜日に発表した。";
        let (bytes, ..) = encoding_rs::SHIFT_JIS.encode(text);
        assert_eq!(read(&bytes).text, text);
        let (bytes, ..) = encoding_rs::ISO_2022_JP.encode(text);
        assert_eq!(read(&bytes).text, text);
    }

    #[test]
    fn one_bad_byte_spoils_only_itself() {
        let mut bytes = "Die Brücke über die Ems.".as_bytes().to_vec();
        bytes.insert(3, 0xFF);
        let read = read(&bytes);
        assert_eq!(read.text, "Die\u{fffd} Brücke über die Ems.");
        assert!(read.damaged && read.encoding.is_none());
    }

    #[test]
    fn a_text_cut_inside_a_character_is_still_utf_8() {
        let bytes = "Die Brücke — 3 €".as_bytes();
        let read = read(&bytes[..bytes.len() - 1]);
        assert_eq!(read.text, "Die Brücke — 3 \u{fffd}");
        assert!(read.damaged);
    }

    #[test]
    fn a_declared_encoding_counts_where_the_bytes_allow_it() {
        let (bytes, ..) = encoding_rs::WINDOWS_1250.encode("Žluťoučký kůň");
        let read = decode(bytes.to_vec(), Some(encoding_rs::WINDOWS_1250)).unwrap();
        assert_eq!(read.text, "Žluťoučký kůň");
        let read = decode("Brücke".into(), Some(encoding_rs::WINDOWS_1252)).unwrap();
        assert_eq!((read.text.as_str(), read.encoding), ("Brücke", None));
    }

    #[test]
    fn what_is_not_text_is_told_apart() {
        for bytes in
            [&b"\x89PNG\r\n"[..], b"MZ\0\0\x01", b"%PDF-1.7\n", b"\xff\xfe\0\0a\0\0\0", b"\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f"]
        {
            assert!(matches!(decode(bytes.to_vec(), None), Err(Cause::Binary(_))), "{bytes:?}");
        }
        assert!(binary(b"A stray \x07 bell is text.").is_none());
        assert!(binary(b"").is_none());
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            let _ = decode(bytes, None);
        }

        #[test]
        fn any_utf_8_without_nul_comes_back(text in "[^\\x00-\\x1f]{0,200}") {
            prop_assume!(binary(text.as_bytes()).is_none());
            prop_assert_eq!(read(text.as_bytes()).text, text);
        }
    }
}
