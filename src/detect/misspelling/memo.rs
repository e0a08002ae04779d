//! What the tables say of a spelling, remembered from document to document: the frequent words of a language are nearly
//! all that is met, and the tables are larger than the caches of a core.

use super::suspect::Suspicion;
use crate::lexicon::{Known, Lexicon};
use std::cell::RefCell;

/// What does not depend on the document.
#[derive(Clone, Copy, Debug)]
pub struct Lookup {
    pub known: Known,
    pub suspicion: Suspicion,
}

/// Places for spellings, 2^13 of them: 200 KB. Each has one place, and the last that was met has it.
const PLACES: usize = 1 << 13;

/// The lookups of one thread.
pub struct Memo {
    /// Where the lexicon lies that they are of.
    lexicon: usize,
    places: Vec<(u64, Lookup)>,
}

impl Memo {
    /// Gives `work` the memo of this thread.
    pub fn with<T>(lexicon: &Lexicon, work: impl FnOnce(&mut Self) -> T) -> T {
        thread_local! {
            static MEMO: RefCell<Memo> = const { RefCell::new(Memo { lexicon: 0, places: Vec::new() }) };
        }
        MEMO.with_borrow_mut(|memo| {
            let place = std::ptr::from_ref(lexicon) as usize;
            if memo.lexicon != place {
                let nothing = (0, Lookup { known: Known::NOTHING, suspicion: Suspicion::default() });
                *memo = Self { lexicon: place, places: vec![nothing; PLACES] };
            }
            work(memo)
        })
    }

    /// What is known of a spelling; `word` is as it stands in the text.
    #[inline]
    pub fn look_up(&mut self, hash: u64, word: &str, lexicon: &Lexicon) -> Lookup {
        let (of, lookup) = &mut self.places[hash as usize % PLACES];
        if *of != hash {
            let known = lexicon.words.find(hash);
            *lookup = Lookup { known, suspicion: Suspicion::of(word, hash, known, lexicon) };
            *of = hash;
        }
        *lookup
    }
}
