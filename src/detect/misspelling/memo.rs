//! What the tables say of a spelling, remembered from document to document: the frequent words of a language are nearly
//! all that is met, and the tables are larger than the caches of a core.

use super::suspect::Suspicion;
use crate::lexicon::{Candidate, Known, Lexicon, Recent};
use std::cell::RefCell;

/// What does not depend on the document.
#[derive(Clone, Copy, Debug)]
pub struct Lookup {
    pub known: Known,
    pub suspicion: Suspicion,
}

/// Lines: 512 KB.
const LINES: usize = 1 << 13;
/// Unknown spellings whose candidates are remembered, at first and when more were met than that.
const FIRST_SEARCHES: usize = 1 << 8;
const SEARCHES: usize = 1 << 14;

/// The lookups of one thread.
pub struct Memo {
    /// Where the lexicon lies that they are of.
    lexicon: usize,
    recent: Recent,
    searches: Vec<(u64, Vec<Candidate<'static>>)>,
    /// How many were searched for since there was this much room.
    searched: usize,
}

impl Memo {
    /// Gives `work` the memo of this thread.
    pub fn with<T>(lexicon: &Lexicon, work: impl FnOnce(&mut Self) -> T) -> T {
        thread_local! {
            static MEMO: RefCell<Memo> = RefCell::new(Memo { lexicon: 0, recent: Recent::default(), searches: Vec::new(), searched: 0 });
        }
        MEMO.with_borrow_mut(|memo| {
            let place = std::ptr::from_ref(lexicon) as usize;
            if memo.lexicon != place {
                *memo = Self { lexicon: place, recent: Recent::with_lines(LINES), searches: Vec::new(), searched: 0 };
            }
            work(memo)
        })
    }

    /// What is known of a spelling; `word` gives it as it stands in the text.
    #[inline]
    pub fn look_up<'w>(&mut self, hash: u64, word: impl FnOnce() -> &'w str, lexicon: &Lexicon) -> Lookup {
        let (known, bits) = self.recent.get(hash, || {
            let known = lexicon.words.find(hash);
            (known, Suspicion::of(word(), hash, known, lexicon).bits())
        });
        Lookup { known, suspicion: Suspicion::of_bits(bits) }
    }

    /// The candidates for a spelling, as `search` finds them: the key is its hash, or another number where it is searched in another way.
    pub fn candidates(&mut self, hash: u64, found: &mut Vec<Candidate<'static>>, search: impl FnOnce(&mut Vec<Candidate<'static>>)) {
        if self.searched == self.searches.len() && self.searched < SEARCHES {
            let room = if self.searches.is_empty() { FIRST_SEARCHES } else { SEARCHES };
            self.searches = vec![(0, Vec::new()); room];
            self.searched = 0;
        }
        let places = self.searches.len();
        let (key, known) = &mut self.searches[hash as usize % places];
        if *key != hash {
            self.searched += 1;
            search(found);
            *key = hash;
            known.clone_from(found);
        } else {
            found.clone_from(known);
        }
    }
}
