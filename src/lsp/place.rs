//! Places as the protocol names them: addresses for paths, lines and UTF-16 units for bytes.

use crate::text::Span;
use lsp_types::{Position, Range, Uri};
use std::path::{Path, PathBuf};

/// Where each line starts. To the protocol a line ends after `\n`, `\r\n` or a lone `\r`, and nowhere else.
pub(super) struct Lines {
    text: String,
    starts: Vec<usize>,
}

impl Lines {
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes).filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'));
        let starts = std::iter::once(0).chain(ends.map(|at| at + 1)).collect();
        Self { text: text.to_string(), starts }
    }

    pub fn position(&self, at: usize) -> Position {
        let line = self.starts.partition_point(|&start| start <= at) - 1;
        let before = &self.text[self.starts[line]..at];
        let units = if before.is_ascii() { before.len() } else { before.encode_utf16().count() };
        Position::new(u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(units).unwrap_or(u32::MAX))
    }

    pub fn range(&self, span: Span) -> Range {
        Range::new(self.position(span.start), self.position(span.end))
    }

    /// The byte at a position; beyond the end of a line, the end of that line.
    pub fn byte(&self, position: Position) -> usize {
        let line = position.line as usize;
        let Some(&start) = self.starts.get(line) else { return self.text.len() };
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        let mut units = 0;
        for (at, c) in self.text[start..end].char_indices() {
            if units >= position.character as usize || matches!(c, '\n' | '\r') {
                return start + at;
            }
            units += c.len_utf16();
        }
        end
    }

    /// Where the line of the byte `at` starts.
    pub fn line_start(&self, at: usize) -> usize {
        self.starts[self.starts.partition_point(|&start| start <= at) - 1]
    }

    pub fn len(&self) -> usize {
        self.text.len()
    }
}

/// The file that an address names, if it names one.
pub(super) fn path(uri: &Uri) -> Option<PathBuf> {
    let path = uri.as_str().strip_prefix("file://")?;
    // Between the second slash and the third stands a host, which is this one.
    let path = decoded(&path[path.find('/')?..])?;
    // `/c:/articles`
    let is_drive = cfg!(windows) && path.as_bytes().get(2) == Some(&b':');
    Some(PathBuf::from(if is_drive { &path[1..] } else { &path }))
}

/// The path from the working folder, as the command line would name it.
pub(super) fn shown(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    let below = here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_path_buf));
    below.unwrap_or_else(|| path.to_path_buf()).to_string_lossy().into_owned()
}

/// The text without its escapes (`%20`).
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        if first == b'%' {
            let digits = std::str::from_utf8(tail.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &tail[2..];
        } else {
            bytes.push(first);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn columns_are_utf_16_units() {
        let lines = Lines::new("a\r\n😀é b\rc\u{2028}d");
        assert_eq!(lines.position(9), Position::new(1, 3));
        assert_eq!(lines.byte(Position::new(1, 3)), 9);
        assert_eq!(lines.position(12), Position::new(2, 0));
        assert_eq!(lines.byte(Position::new(0, 99)), 1);
        assert_eq!(lines.byte(Position::new(9, 0)), lines.len());
    }

    #[test]
    fn addresses_name_files() {
        let path = |uri: &str| path(&uri.parse().unwrap()).map(|path| path.to_string_lossy().into_owned());
        assert_eq!(path("file:///a%20b/%C3%A9.txt").as_deref(), Some("/a b/é.txt"));
        assert_eq!(path("file://localhost/a.txt").as_deref(), Some("/a.txt"));
        assert_eq!(path("untitled:Untitled-1"), None);
    }

    proptest! {
        #[test]
        fn bytes_come_back(text in "[a😀é\r\n]{0,30}") {
            let lines = Lines::new(&text);
            for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
                // Within `\r\n` there is no position.
                if c != '\n' || !text[..at].ends_with('\r') {
                    prop_assert_eq!(lines.byte(lines.position(at)), at);
                }
            }
        }
    }
}
