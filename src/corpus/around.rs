//! The index as one document needs it, put together from facts that another engine has counted: what it says of that document is
//! what the index of all documents says.

use super::digest::{Digest, Key};
use super::index::{BlockEntry, Entry, Index};
use super::near::BlockSketch;
use super::sketch::Sketch;

/// A block of the document that other documents have, too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub hash: u128,
    /// How many documents have it, and how many of those of the document's site; the document itself included.
    pub documents: u32,
    pub on_site: u32,
    /// The first of them, and where the block stands there.
    pub first: Key,
    pub line: u32,
    pub column: u32,
}

impl Index {
    /// The part of an index that the document of this digest, which is in the index, asks for: its blocks that others have, and the
    /// forms of them that others have, and the first document before it that it is like, if there is one.
    pub fn around(digest: &Digest, mut known: Vec<Known>, forms: Vec<(Known, Sketch)>, like: Option<(Key, Sketch)>) -> Self {
        let site = digest.site.as_ref().map(|_| 0);
        let mut sketches = Vec::with_capacity(forms.len());
        for (form, sketch) in forms {
            sketches.push(BlockSketch { hash: form.hash, sketch });
            known.push(form);
        }
        // The document may have both, and one form may be that of several of its blocks.
        known.sort_by_key(|known| known.hash);
        known.dedup_by_key(|known| known.hash);
        let mut documents = vec![Entry { key: digest.key.clone(), site, sketch: digest.sketch.clone() }];
        documents.extend(like.map(|(key, sketch)| Entry { key, site: None, sketch }));
        documents.extend(known.iter().map(|known| Entry { key: known.first.clone(), site: None, sketch: Sketch::default() }));
        // The sort is stable: of entries with one key, those with a sketch come first.
        documents.sort_by(|a, b| a.key.cmp(&b.key));
        documents.dedup_by(|later, earlier| later.key == earlier.key);
        let mut blocks = Vec::with_capacity(known.len());
        for Known { hash, documents: all, on_site, first, line, column } in known {
            let first = documents.partition_point(|entry| entry.key < first) as u32;
            let on_site = if site.is_some() { on_site } else { 0 };
            let entry = BlockEntry { hash, site: None, documents: all.saturating_sub(on_site), first, line, column, words: 0 };
            blocks.push(BlockEntry { site, documents: on_site, ..entry });
            blocks.push(entry);
        }
        blocks.retain(|block| block.documents > 0);
        let sites = digest.site.iter().cloned().collect();
        let mut index = Self { documents, sites, blocks, sketches, ..Self::default() };
        index.settle();
        index
    }
}

impl Sketch {
    /// The level and the names, then the hashes in little-endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.head().into_iter().chain(self.hashes.iter().flat_map(|hash| hash.to_le_bytes())).collect()
    }

    /// `None` where the bytes are not a sketch that a text has.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (&first, mut rest) = bytes.split_first()?;
        let names = || {
            let (names, behind) = rest.split_first_chunk().ok_or(())?;
            rest = behind;
            Ok(u128::from_le_bytes(*names))
        };
        let mut sketch = Self::headed::<()>(first, names).ok()?;
        let (hashes, []) = rest.as_chunks::<4>() else { return None };
        sketch.hashes = hashes.iter().map(|hash| u32::from_le_bytes(*hash)).collect();
        sketch.is_sound().then_some(sketch)
    }

    /// The hashes by which documents that are like it are found.
    pub fn look_up(&self) -> &[u32] {
        self.keys()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Origin};

    fn digest(path: &str, host: Option<&str>, lines: &[usize]) -> Digest {
        let line = |n: &usize| format!("Line {n} of the story tells what happened on day {n} of the {n} days.\n");
        let url = host.map(|host| format!("https://{host}/{path}"));
        let origin = Origin { path: path.into(), url, ..Origin::default() };
        Digest::of(&Document::new(origin, lines.iter().map(line).collect::<String>()))
    }

    #[test]
    fn it_says_of_its_document_what_the_whole_index_says() {
        let long: Vec<usize> = (100..140).collect();
        let quay = "The quay was built for lighter loads, and engineers now say that it would have to be shored up with steel piles.";
        let near = |path: &str, from: &str, to: &str| {
            let origin = Origin { path: path.into(), ..Origin::default() };
            Digest::of(&Document::new(origin, format!("{}\n{path}\n", quay.replace(from, to))))
        };
        let digests = [
            digest("a", Some("tide.example"), &[1, 2, 3]),
            digest("b", None, &[2, 7]),
            digest("c", Some("tide.example"), &[9, 3, 2, 1]),
            digest("d", Some("dune.example"), &[2]),
            digest("e", None, &[2, 1]),
            digest("f", Some("dune.example"), &long),
            digest("g", Some("dune.example"), &long[2..]),
            near("h", "", ""),
            near("i", "lighter", "lesser"),
            near("j", "lighter", "lesser"),
            near("k", " now", ""),
        ];
        let whole = Index::of(digests.clone());
        for own in &digests {
            let expected = whole.shared(own);
            let counted = |hash: u128| {
                let holds = |digest: &&Digest| digest.blocks.iter().any(|block| block.hash == hash);
                let first = digests.iter().find(holds).unwrap();
                let block = first.blocks.iter().find(|block| block.hash == hash).unwrap();
                Known {
                    hash,
                    documents: digests.iter().filter(holds).count() as u32,
                    on_site: digests.iter().filter(holds).filter(|digest| digest.site == own.site).count() as u32,
                    first: first.key.clone(),
                    line: block.line,
                    column: block.column,
                }
            };
            let known: Vec<Known> = own.blocks.iter().map(|block| counted(block.hash)).filter(|known| known.documents > 1).collect();
            let form = |hash: u128| {
                let sketch = whole.sketches.iter().find(|sketch| sketch.hash == hash).unwrap();
                (counted(hash), sketch.sketch.clone())
            };
            let forms: Vec<_> = own.sketches.iter().flat_map(|sketch| whole.variants(sketch)).map(form).collect();
            let like = expected.likeness.map(|likeness| {
                let other = digests.iter().find(|digest| digest.key == likeness.document.key).unwrap();
                (other.key.clone(), other.sketch.clone())
            });
            let around = Index::around(own, known, forms, like);
            let found = around.shared(own);
            let told = |shared: &super::super::Shared<'_>| {
                let blocks: Vec<_> = shared
                    .blocks
                    .iter()
                    .map(|s| (s.block, s.words, s.others, s.on_site, s.near, s.first.map(|first| (first.document.key.clone(), first.line))))
                    .collect();
                (blocks, shared.likeness.map(|likeness| (likeness.document.key.clone(), likeness.overlap)))
            };
            assert_eq!(told(&found), told(&expected), "{:?}", own.key);
        }
        assert!(whole.shared(&digests[6]).likeness.is_some());
        let near: Vec<bool> = digests[7..].iter().map(|own| whole.shared(own).blocks.iter().any(|sighting| sighting.near)).collect();
        assert_eq!(near, [false, true, false, true], "the block of `j` stands in `i` to the word");
    }

    #[test]
    fn a_sketch_comes_back_from_its_bytes() {
        let sketch = digest("a", None, &[1, 2, 3, 4, 5, 6, 7]).sketch;
        assert_eq!(Sketch::from_bytes(&sketch.to_bytes()), Some(sketch.clone()));
        for broken in [&[][..], &[0, 1], &[40], &[0, 2, 0, 0, 0, 1, 0, 0, 0]] {
            assert_eq!(Sketch::from_bytes(broken), None);
        }
    }
}
