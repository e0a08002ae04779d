//! What the head of a page says: title, date, author, and the encoding of the file.

use crate::document::Meta;
use encoding_rs::Encoding;

/// Collects the tags `<title>` and `<meta>`.
#[derive(Debug, Default)]
pub(super) struct Reader {
    title: String,
    /// By `<meta>`, each with how much it is to be trusted.
    titles: Best,
    dates: Best,
    authors: Best,
    in_meta: bool,
    name: String,
    content: String,
}

/// The value of the most trusted name seen so far.
#[derive(Debug, Default)]
struct Best(u8, Option<String>);

impl Best {
    fn offer(&mut self, trust: u8, value: &str) {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        if trust > self.0 && !value.is_empty() {
            *self = Self(trust, Some(value));
        }
    }
}

/// No headline, date or name is longer, in bytes.
const LONGEST: usize = 1 << 10;

impl Reader {
    /// A start tag opens.
    pub fn open(&mut self, tag: &[u8]) {
        self.in_meta = tag == b"meta";
        self.name.clear();
        self.content.clear();
    }

    /// An attribute of the open start tag.
    pub fn attribute(&mut self, name: &[u8], value: &str) {
        if !self.in_meta || value.len() > LONGEST {
            return;
        }
        match name {
            b"name" | b"property" => self.name = value.trim().to_ascii_lowercase(),
            b"content" => value.clone_into(&mut self.content),
            _ => {}
        }
    }

    /// The end of a `<meta>` tag.
    pub fn meta(&mut self) {
        let content = &self.content;
        match self.name.as_str() {
            "og:title" => self.titles.offer(2, content),
            "twitter:title" | "dc.title" | "title" => self.titles.offer(1, content),
            "article:published_time" => self.dates.offer(4, content),
            "datepublished" | "publishdate" | "pubdate" | "publish-date" | "sailthru.date" | "parsely-pub-date" => {
                self.dates.offer(3, content)
            }
            "date" | "dc.date" | "dc.date.issued" | "dcterms.created" | "og:published_time" => self.dates.offer(2, content),
            "author" | "byl" | "parsely-author" | "sailthru.author" => self.authors.offer(2, content),
            // Often the address of a profile, not a name.
            "article:author" | "dc.creator" if !content.contains("://") => self.authors.offer(1, content),
            _ => {}
        }
    }

    /// Text of `<title>`.
    pub fn title(&mut self, text: &str) {
        if self.title.len() + text.len() <= LONGEST {
            self.title.push_str(text);
        }
    }

    pub fn finish(mut self) -> Meta {
        if self.titles.1.is_none() {
            self.titles.offer(1, &self.title);
        }
        Meta { title: self.titles.1, date: self.dates.1, author: self.authors.1 }
    }
}

/// The encoding that a page declares in its first bytes, as browsers look for it (`<meta charset=…>`, an XML declaration).
pub(in crate::input) fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    const PRESCAN: usize = 4 << 10;
    let head = bytes[..bytes.len().min(PRESCAN)].to_ascii_lowercase();
    let after = |name: &[u8]| memchr::memmem::find(&head, name).map(|at| head[at + name.len()..].trim_ascii_start());
    let value = match after(b"charset").and_then(|rest| rest.strip_prefix(b"=")) {
        Some(value) => value,
        None if head.starts_with(b"<?xml") => after(b"encoding").and_then(|rest| rest.strip_prefix(b"="))?,
        None => return None,
    };
    let value = value.trim_ascii_start();
    let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
    let end = value.iter().position(|&byte| !(byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))).unwrap_or(value.len());
    // A page whose declaration can be read as ASCII is not in UTF-16, whatever it says.
    Encoding::for_label(&value[..end]).filter(|encoding| encoding.is_ascii_compatible())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_declared_encoding_is_found() {
        let of = |html: &str| declared_encoding(html.as_bytes()).map(Encoding::name);
        assert_eq!(of("<html><head><meta charset='iso-8859-2'>"), Some("ISO-8859-2"));
        assert_eq!(of(r#"<META http-equiv=Content-Type content="text/html; CHARSET=Shift_JIS">"#), Some("Shift_JIS"));
        assert_eq!(of("<?xml version='1.0' encoding='koi8-r'?>"), Some("KOI8-R"));
        assert_eq!(of("<meta charset=utf-16>"), None);
        assert_eq!(of("<p>charset"), None);
    }
}
