//! What a file is, by its name: its format, what holds it, how it is packed.

use super::BUFFER;
use crate::document::Format;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

/// How a file keeps its documents, for whoever writes them back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// The file is one document.
    Whole,
    /// Each line is a record in JSON.
    Lines,
    /// Compressed, or a container that is only read.
    Packed,
}

/// How a file keeps its documents, by the ending of its name.
pub fn keeping(path: &str) -> Keeping {
    match Kind::of(Path::new(path)) {
        Kind { container: Container::One(_), compression: Compression::None } => Keeping::Whole,
        Kind { container: Container::Jsonl, compression: Compression::None } => Keeping::Lines,
        _ => Keeping::Packed,
    }
}

/// The archive that holds the file of this path, where one does: reports name a file of records in an archive below the archive.
pub fn archive_of(path: &str) -> Option<&str> {
    let mut ends = path.match_indices(['/', '\\']).map(|(end, _)| &path[..end]);
    ends.find(|above| Kind::of(Path::new(above)).container == Container::Tar && Path::new(above).is_file())
}

/// What a file is, by the ending of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub container: Container,
    pub compression: Compression,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    /// The file is one document.
    One(Format),
    Jsonl,
    /// CSV and the like; the byte between two fields, or `None` to go by the first line.
    Table(Option<u8>),
    Warc,
    Tar,
    Parquet,
}

impl Kind {
    pub fn of(path: &Path) -> Self {
        let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        let name = match name.strip_suffix(".tgz") {
            Some(stem) => format!("{stem}.tar.gz"),
            None => name,
        };
        let (name, compression) = match name.rsplit_once('.') {
            Some((name, "gz")) => (name, Compression::Gzip),
            Some((name, "zst" | "zstd")) => (name, Compression::Zstd),
            _ => (name.as_str(), Compression::None),
        };
        let container = match name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("jsonl" | "ndjson") => Container::Jsonl,
            Some("csv") => Container::Table(None),
            Some("tsv" | "tab") => Container::Table(Some(b'\t')),
            Some("warc" | "wet") => Container::Warc,
            Some("parquet") => Container::Parquet,
            Some("tar") => Container::Tar,
            _ => Container::One(format_of(name)),
        };
        Self { container, compression }
    }
}

/// The format of a file, by the ending of its name.
pub fn format_of(name: &str) -> Format {
    match name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).as_deref() {
        Some("md" | "markdown" | "mdown" | "mkd") => Format::Markdown,
        Some("html" | "htm" | "xhtml") => Format::Html,
        _ => Format::Text,
    }
}

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    None,
    Gzip,
    Zstd,
}

/// How a file is packed, by the ending of its name.
pub fn compression_of(path: &str) -> Compression {
    Kind::of(Path::new(path)).compression
}

impl Compression {
    /// The bytes packed, whole in themselves.
    pub fn packed(self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut packer = self.packer(Vec::new());
        packer.add(bytes)?;
        packer.end()?;
        Ok(packer.into_out())
    }

    /// Packs what is written, member by member.
    pub const fn packer<W: Write>(self, out: W) -> Packer<W> {
        Packer { out, compression: self, member: None, is_empty: true }
    }

    /// What the reader's bytes unpack to.
    pub fn reader(self, reader: impl BufRead + Send + 'static) -> io::Result<Box<dyn BufRead + Send>> {
        // A zstd frame may ask for a window of gigabytes; this is what `zstd -d` allows.
        const WINDOW_LOG: u32 = 27;
        Ok(match self {
            Self::None => Box::new(reader),
            Self::Gzip => Box::new(BufReader::with_capacity(BUFFER, flate2::bufread::MultiGzDecoder::new(reader))),
            Self::Zstd => {
                let mut decoder = zstd::Decoder::with_buffer(reader)?;
                decoder.window_log_max(WINDOW_LOG)?;
                Box::new(BufReader::with_capacity(BUFFER, decoder))
            }
        })
    }
}

/// Packs bytes as they come. Packed members one after the other are what is in them packed together.
pub struct Packer<W> {
    out: W,
    compression: Compression,
    /// The member that is being written.
    member: Option<Member>,
    is_empty: bool,
}

enum Member {
    Plain,
    Gzip(flate2::write::GzEncoder<Vec<u8>>),
    Zstd(zstd::stream::write::Encoder<'static, Vec<u8>>),
}

impl<W: Write> Packer<W> {
    /// Adds to the member, which begins with the first of it.
    pub fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.member.is_none() {
            self.is_empty = false;
            self.member = Some(match self.compression {
                Compression::None => Member::Plain,
                Compression::Gzip => Member::Gzip(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default())),
                Compression::Zstd => Member::Zstd(zstd::stream::write::Encoder::new(Vec::new(), zstd::DEFAULT_COMPRESSION_LEVEL)?),
            });
        }
        let packed = match &mut self.member {
            Some(Member::Gzip(encoder)) => {
                encoder.write_all(bytes)?;
                encoder.get_mut()
            }
            Some(Member::Zstd(encoder)) => {
                encoder.write_all(bytes)?;
                encoder.get_mut()
            }
            Some(Member::Plain) | None => return self.out.write_all(bytes),
        };
        self.out.write_all(packed)?;
        packed.clear();
        Ok(())
    }

    /// Ends the member, if one has begun.
    pub fn end(&mut self) -> io::Result<()> {
        let packed = match self.member.take() {
            Some(Member::Gzip(encoder)) => encoder.finish()?,
            Some(Member::Zstd(encoder)) => encoder.finish()?,
            Some(Member::Plain) | None => return Ok(()),
        };
        self.out.write_all(&packed)
    }

    /// Whether nothing was added, not even nothing.
    pub const fn is_empty(&self) -> bool {
        self.is_empty
    }

    pub const fn out(&mut self) -> &mut W {
        &mut self.out
    }

    pub fn into_out(self) -> W {
        self.out
    }
}

/// Whether a file of a folder may be an article: program code, configuration and data are read only when named.
pub(super) fn is_prose(path: &Path) -> bool {
    const OTHER: [&str; 59] = [
        "bash",
        "bat",
        "bib",
        "c",
        "cc",
        "cfg",
        "cmake",
        "conf",
        "cpp",
        "cs",
        "css",
        "diff",
        "env",
        "go",
        "h",
        "hpp",
        "ini",
        "ipynb",
        "java",
        "js",
        "json",
        "jsx",
        "kt",
        "less",
        "lock",
        "log",
        "lua",
        "mjs",
        "patch",
        "php",
        "pl",
        "properties",
        "proto",
        "ps1",
        "py",
        "r",
        "rb",
        "rs",
        "rss",
        "sarif",
        "sass",
        "scala",
        "scss",
        "sh",
        "sql",
        "srt",
        "svg",
        "swift",
        "tex",
        "toml",
        "ts",
        "tsx",
        "vtt",
        "vue",
        "xml",
        "xsl",
        "yaml",
        "yml",
        "zsh",
    ];
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    ending.is_none_or(|ending| OTHER.binary_search(&ending.as_str()).is_err())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_a_file_is() {
        let kind = |name: &str| Kind::of(Path::new(name));
        assert_eq!(kind("a/B.JSONL.GZ"), Kind { container: Container::Jsonl, compression: Compression::Gzip });
        assert_eq!(kind("-"), Kind { container: Container::One(Format::Text), compression: Compression::None });
        assert_eq!(kind("x.html.zst").container, Container::One(Format::Html));
        assert_eq!(kind("README").container, Container::One(Format::Text));
        assert_eq!(kind("CC-MAIN.warc.wet.gz"), Kind { container: Container::Warc, compression: Compression::Gzip });
        assert_eq!(kind("a.tgz"), Kind { container: Container::Tar, compression: Compression::Gzip });
        assert_eq!(format_of("x.markdown"), Format::Markdown);
    }

    #[test]
    fn endings_are_sorted_for_the_search() {
        for (name, prose) in
            [("a.bash", false), ("a.YML", false), ("a.zsh", false), ("a.txt", true), ("a", true), ("a.env", false), ("a.jsonl", true)]
        {
            assert_eq!(is_prose(Path::new(name)), prose, "{name}");
        }
    }
}
