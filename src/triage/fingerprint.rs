//! The name of a finding that stays when lines move.

use crate::document::Document;
use crate::finding::Finding;
use serde::{Serialize, Serializer};
use std::collections::HashMap;
use std::fmt;
use xxhash_rust::xxh3::Xxh3;

/// The name of a finding: 128 bits, written as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint([u8; 16]);

impl From<u128> for Fingerprint {
    fn from(hash: u128) -> Self {
        Self(hash.to_be_bytes())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The fingerprints of a document's findings, in their order.
///
/// Made of the rule, the document (`key`, its path from the root, and the id of its record), the text found with white space folded, and how
/// many findings of the same rule and text stand before it. Lines and offsets play no part.
pub(super) fn fingerprints(document: &Document, key: &str, findings: &[Finding]) -> Vec<Fingerprint> {
    let mut seen: HashMap<u128, u64> = HashMap::new();
    findings
        .iter()
        .map(|finding| {
            let mut hash = Xxh3::new();
            let mut part = |text: &str| {
                hash.update(text.as_bytes());
                hash.update(b"\0");
            };
            part(&finding.rule);
            part(key);
            if let Some(record) = &document.origin.record {
                match (&record.id, &document.origin.url) {
                    (Some(id), _) => part(id),
                    (None, Some(url)) => part(url),
                    // Without a name of its own a record is known by how it begins.
                    (None, None) => part(&document.text[..document.text.floor_char_boundary(200)]),
                }
            }
            for word in finding.span.of(&document.text).split_whitespace() {
                part(word);
            }
            let occurrence = seen.entry(hash.digest128()).or_default();
            *occurrence += 1;
            hash.update(&occurrence.to_le_bytes());
            hash.digest128().into()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Origin;
    use crate::finding::Severity;
    use crate::text::Span;

    fn prints(path: &str, text: &str, found: &str) -> Vec<Fingerprint> {
        let document = Document::new(Origin { path: path.into(), ..Origin::default() }, text);
        let findings: Vec<Finding> =
            text.match_indices(found).map(|(at, found)| Finding::new("r", Severity::Error, Span::new(at, at + found.len()), "")).collect();
        fingerprints(&document, path, &findings)
    }

    #[test]
    fn lines_may_move_but_files_and_texts_may_not() {
        let first = prints("a.txt", "One\nShare this\nTwo\n", "Share this");
        assert_eq!(first, prints("a.txt", "New line\n\nOne\nShare this\nTwo", "Share this"));
        assert_ne!(first, prints("b.txt", "Share this", "Share this"));
        assert_ne!(first, prints("a.txt", "Share that", "Share that"));
    }

    #[test]
    fn the_same_text_twice_has_two_fingerprints() {
        let twice = prints("a.txt", "Share\nShare\n", "Share");
        assert_ne!(twice[0], twice[1]);
        assert_eq!(twice[0], prints("a.txt", "Share", "Share")[0]);
    }
}
