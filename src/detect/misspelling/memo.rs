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

/// Two places for spellings, in one line of the cache. The first is for the most frequent that was met, the second for the
/// last.
#[derive(Clone)]
#[repr(align(64))]
struct Pair([(u64, Lookup); 2]);

/// 256 KB.
const PAIRS: usize = 1 << 12;

/// The lookups of one thread.
pub struct Memo {
    /// Where the lexicon lies that they are of.
    lexicon: usize,
    places: Vec<Pair>,
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
                *memo = Self { lexicon: place, places: vec![Pair([nothing; 2]); PAIRS] };
            }
            work(memo)
        })
    }

    /// What is known of a spelling; `word` is as it stands in the text.
    #[inline]
    pub fn look_up(&mut self, hash: u64, word: &str, lexicon: &Lexicon) -> Lookup {
        let Pair([first, second]) = &mut self.places[hash as usize % PAIRS];
        if first.0 == hash {
            return first.1;
        }
        if second.0 != hash {
            let known = lexicon.words.find(hash);
            *second = (hash, Lookup { known, suspicion: Suspicion::of(word, hash, known, lexicon) });
            let count = |lookup: &Lookup| lookup.known.entry.web_log().unwrap_or(0.0);
            if count(&second.1) > count(&first.1) {
                std::mem::swap(first, second);
                return first.1;
            }
        }
        second.1
    }
}
