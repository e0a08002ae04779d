//! What is measured of one paragraph by itself: its terms, its names and its vector.

use super::maths;
use super::table::{DIMS, Table, Vector};
use super::term::{self, Lexicon, TermId};
use crate::document::Document;

/// A paragraph as the judge sees it.
pub struct Sketch {
    /// Index of the block in its document.
    pub block: usize,
    /// Words of any kind.
    pub words: usize,
    /// Each term once, in the order of their ids.
    pub terms: Vec<Use>,
    /// The sum of the vectors of its words.
    pub vector: Vector,
    /// Its length.
    pub norm: f32,
}

/// How a paragraph uses a term.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    pub term: TermId,
    /// How often.
    pub count: u32,
    /// As a name, at least once.
    pub name: bool,
}

impl Sketch {
    pub fn of(document: &Document, block: usize, lexicon: &mut Lexicon) -> Self {
        let place = &document.blocks[block];
        let text = place.span.of(&document.text);
        let mut terms: Vec<Use> = Vec::with_capacity(place.word_count());
        let mut vector = [0f32; DIMS];
        for &word in &document.words[place.words()] {
            let (term, pieces) = lexicon.look_up(word);
            for &piece in pieces {
                Table::shipped().add(piece, &mut vector);
            }
            if let Some(term) = term {
                terms.push(Use { term, count: 1, name: term::is_name(word, text, place.span.start) });
            }
        }
        terms.sort_unstable_by_key(|used| used.term);
        terms.dedup_by(|next, kept| {
            let same = next.term == kept.term;
            if same {
                kept.count += next.count;
                kept.name |= next.name;
            }
            same
        });
        let norm = maths::dot(&vector, &vector).sqrt();
        Self { block, words: place.word_count(), terms, vector, norm }
    }
}
