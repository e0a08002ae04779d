//! Look-ups that are remembered: the frequent words of a language are nearly all that is met, and the tables are larger than the
//! caches of a core.

use super::{Known, Lexicon};
use std::cell::RefCell;

/// Spellings by their hashes, three in one line of the cache: what the tables say of each, and eight bits of the owner's own. One that
/// is met again moves up; the last place is for what is new.
#[derive(Clone, Debug, Default)]
pub struct Recent(Vec<Line>);

#[derive(Clone, Debug)]
#[repr(align(64))]
struct Line {
    hashes: [u64; ROOM],
    known: [[u32; 3]; ROOM],
}

const ROOM: usize = 3;

impl Recent {
    /// With so many lines of 64 bytes.
    pub fn with_lines(lines: usize) -> Self {
        Self(vec![Line { hashes: [0; ROOM], known: [Known::NOTHING.pack(0); ROOM] }; lines])
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is known of the spelling with this hash; `look_up` says it where it is not remembered.
    #[inline]
    pub fn get(&mut self, hash: u64, look_up: impl FnOnce() -> (Known, u8)) -> (Known, u8) {
        let lines = self.0.len();
        let line = &mut self.0[hash as usize % lines];
        let Some(at) = line.hashes.iter().position(|&one| one == hash) else {
            let (known, bits) = look_up();
            line.hashes[ROOM - 1] = hash;
            line.known[ROOM - 1] = known.pack(bits);
            return (known, bits);
        };
        let found = Known::unpack(line.known[at]);
        if at > 0 {
            line.hashes.swap(at, at - 1);
            line.known.swap(at, at - 1);
        }
        found
    }
}

/// Lines of [`recall`]: 128 KB.
const LINES: usize = 1 << 11;

/// What the English tables say of the spelling with this hash, for words of running text; see [`super::Words::find`].
pub fn recall(hash: u64) -> Known {
    thread_local! {
        static RECENT: RefCell<Recent> = const { RefCell::new(Recent(Vec::new())) };
    }
    RECENT.with_borrow_mut(|recent| {
        if recent.is_empty() {
            *recent = Recent::with_lines(LINES);
        }
        recent.get(hash, || (Lexicon::english().words.find(hash), 0)).0
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::word_hash;

    #[test]
    fn what_is_remembered_is_what_the_tables_say() {
        let words = &Lexicon::english().words;
        let spellings = ["the", "minister", "minster", "khmelnytskyi", "goverment", "house", "houses", ""];
        for spelling in spellings.iter().cycle().take(64) {
            let hash = word_hash(spelling);
            assert_eq!(recall(hash), words.find(hash), "{spelling}");
        }
    }

    #[test]
    fn a_line_that_is_full_forgets_the_last() {
        let mut recent = Recent::with_lines(1);
        for hash in [1, 2, 3, 1, 2, 3, 4, 5, 3] {
            let (_, bits) = recent.get(hash, || (Known::NOTHING, hash as u8));
            assert_eq!(u64::from(bits), hash);
        }
    }
}
