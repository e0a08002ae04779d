//! Look-ups that are remembered: the frequent words of a language are nearly all that is met, and the tables are larger than the
//! caches of a core.

use super::{Known, Lexicon};
use std::cell::RefCell;

/// Spellings by their hashes, three in one line of the cache: what the tables say of each, and eight bits of the owner's own. One that
/// is met again moves up; the last place is for what is new.
///
/// It starts small, so that a short text does not pay for the room of a long one, and grows as it is missed.
#[derive(Clone, Debug, Default)]
pub struct Recent {
    lines: Vec<Line>,
    most: usize,
    missed: usize,
}

#[derive(Clone, Debug)]
#[repr(align(64))]
struct Line {
    hashes: [u64; ROOM],
    known: [[u32; 3]; ROOM],
}

const ROOM: usize = 3;

/// Lines at the start: 16 KB.
const FIRST: usize = 1 << 8;
/// From so many misses a line on, there is more to remember than there is room for.
const TIGHT: usize = 2;

impl Recent {
    /// With at most so many lines of 64 bytes, a power of two.
    pub fn with_lines(most: usize) -> Self {
        let lines = Self::empty(most.min(FIRST));
        Self { lines, most, missed: 0 }
    }

    fn empty(lines: usize) -> Vec<Line> {
        vec![Line { hashes: [0; ROOM], known: [Known::NOTHING.pack(0); ROOM] }; lines]
    }

    pub const fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    #[cold]
    fn grow(&mut self) {
        self.lines = Self::empty((4 * self.lines.len()).min(self.most));
        self.missed = 0;
    }

    /// What is known of the spelling with this hash; `look_up` says it where it is not remembered.
    #[inline]
    pub fn get(&mut self, hash: u64, look_up: impl FnOnce() -> (Known, u8)) -> (Known, u8) {
        let lines = self.lines.len();
        let line = &mut self.lines[hash as usize & (lines - 1)];
        if line.hashes[0] == hash {
            return Known::unpack(line.known[0]);
        }
        let Some(at) = (1..ROOM).find(|&at| line.hashes[at] == hash) else {
            let (known, bits) = look_up();
            line.hashes[ROOM - 1] = hash;
            line.known[ROOM - 1] = known.pack(bits);
            self.missed += 1;
            if self.missed > TIGHT * lines && lines < self.most {
                self.grow();
            }
            return (known, bits);
        };
        line.hashes.swap(at, at - 1);
        line.known.swap(at, at - 1);
        Known::unpack(line.known[at - 1])
    }
}

/// Lines of [`recall`]: 128 KB.
const LINES: usize = 1 << 11;

/// What the English tables say of the spelling with this hash, for words of running text; see [`super::Words::find`].
pub fn recall(hash: u64) -> Known {
    thread_local! {
        static RECENT: RefCell<Recent> = RefCell::new(Recent::default());
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
    fn what_is_missed_often_gets_more_room() {
        let mut recent = Recent::with_lines(4 * FIRST);
        let numbers = 0..(TIGHT * FIRST + 2) as u64;
        for number in numbers.clone().chain(numbers) {
            let (_, bits) = recent.get(word_hash(&number.to_string()), || (Known::NOTHING, number as u8));
            assert_eq!(bits, number as u8);
        }
        assert_eq!(recent.lines.len(), 4 * FIRST);
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
