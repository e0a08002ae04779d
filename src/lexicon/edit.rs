//! How a typo comes about: the kind of the one edit between two words. Words here are lower-case ASCII.

/// What happened to the intended word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Edit {
    Transposed,
    /// One of a double letter is missing.
    DroppedDouble,
    Dropped,
    /// A letter stands twice.
    Doubled,
    /// A letter beside the right one on the keyboard.
    ReplacedByNeighbour,
    InsertedNeighbour,
    ReplacedVowel,
    Inserted,
    Replaced,
    /// More than one edit.
    Far,
}

impl Edit {
    /// Which edit leads from `intended` to `word`, and at which byte.
    pub fn between(word: &str, intended: &str) -> (Self, usize) {
        let (w, c) = (word.as_bytes(), intended.as_bytes());
        let common = w.iter().zip(c).take_while(|(a, b)| a == b).count();
        match w.len() as isize - c.len() as isize {
            0 if w == c => (Self::Far, 0),
            0 if w[common + 1..] == c[common + 1..] => (replacement(w[common], c[common]), common),
            0 if common + 1 < w.len() && w[common] == c[common + 1] && w[common + 1] == c[common] && w[common + 2..] == c[common + 2..] => {
                (Self::Transposed, common)
            }
            -1 if w[common..] == c[common + 1..] => {
                let double = common > 0 && c[common] == c[common - 1];
                (if double { Self::DroppedDouble } else { Self::Dropped }, common)
            }
            1 if w[common + 1..] == c[common..] => {
                let near = &c[common.saturating_sub(1)..(common + 1).min(c.len())];
                let edit = if near.contains(&w[common]) {
                    Self::Doubled
                } else if near.iter().any(|&letter| adjacent(letter, w[common])) {
                    Self::InsertedNeighbour
                } else {
                    Self::Inserted
                };
                (edit, common)
            }
            _ => (Self::Far, 0),
        }
    }

    /// The edit that stands under a number in a table.
    pub(super) const fn of_number(number: u8) -> Self {
        const ALL: [Edit; 10] = [
            Edit::Transposed,
            Edit::DroppedDouble,
            Edit::Dropped,
            Edit::Doubled,
            Edit::ReplacedByNeighbour,
            Edit::InsertedNeighbour,
            Edit::ReplacedVowel,
            Edit::Inserted,
            Edit::Replaced,
            Edit::Far,
        ];
        if (number as usize) < ALL.len() { ALL[number as usize] } else { Edit::Far }
    }

    /// How ready fingers are to make it, as a log-odds that was set by hand.
    pub const fn readiness(self) -> f64 {
        match self {
            Self::Transposed => 0.0,
            Self::DroppedDouble => -0.1,
            Self::Doubled => -0.2,
            Self::Dropped => -0.3,
            Self::ReplacedByNeighbour => -0.5,
            Self::InsertedNeighbour | Self::ReplacedVowel => -0.7,
            Self::Inserted | Self::Replaced => -1.3,
            Self::Far => -1.6,
        }
    }
}

fn replacement(written: u8, intended: u8) -> Edit {
    let vowel = |letter: u8| b"aeiou".contains(&letter);
    if adjacent(intended, written) {
        Edit::ReplacedByNeighbour
    } else if vowel(written) && vowel(intended) {
        Edit::ReplacedVowel
    } else {
        Edit::Replaced
    }
}

/// Whether two letters are neighbours on a QWERTY keyboard.
fn adjacent(a: u8, b: u8) -> bool {
    // Row and column of each letter; the rows are set off to the right, so that a key touches two of the row below.
    const KEYS: [(i8, i8); 26] = {
        const ROWS: [&[u8]; 3] = [b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];
        let mut keys = [(9, 0); 26];
        let mut row = 0;
        while row < 3 {
            let mut column = 0;
            while column < ROWS[row].len() {
                keys[(ROWS[row][column] - b'a') as usize] = (row as i8, column as i8);
                column += 1;
            }
            row += 1;
        }
        keys
    };
    if !a.is_ascii_lowercase() || !b.is_ascii_lowercase() {
        return false;
    }
    let ((row_a, column_a), (row_b, column_b)) = (KEYS[(a - b'a') as usize], KEYS[(b - b'a') as usize]);
    match row_b - row_a {
        0 => (column_a - column_b).abs() == 1,
        1 => column_b == column_a || column_b == column_a - 1,
        -1 => column_a == column_b || column_a == column_b - 1,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_numbered() {
        assert!((0..10).all(|number| Edit::of_number(number) as u8 == number));
        assert_eq!(Edit::of_number(15), Edit::Far);
    }

    #[test]
    fn each_edit_is_told_from_the_others() {
        for (word, intended, edit) in [
            ("minster", "minister", Edit::Dropped),
            ("commitee", "committee", Edit::DroppedDouble),
            ("teh", "the", Edit::Transposed),
            ("harbbour", "harbour", Edit::Doubled),
            ("harnour", "harbour", Edit::ReplacedByNeighbour),
            ("harbiur", "harbour", Edit::ReplacedByNeighbour),
            ("harbaur", "harbour", Edit::ReplacedVowel),
            ("harxour", "harbour", Edit::Replaced),
            ("harbnour", "harbour", Edit::InsertedNeighbour),
            ("harbxour", "harbour", Edit::Inserted),
            ("hrabuor", "harbour", Edit::Far),
            ("harbour", "harbour", Edit::Far),
            ("a", "", Edit::Inserted),
        ] {
            assert_eq!(Edit::between(word, intended).0, edit, "{word} for {intended}");
        }
    }

    #[test]
    fn keys_touch_their_neighbours() {
        assert!(adjacent(b'g', b't') && adjacent(b'g', b'y') && adjacent(b'g', b'v') && adjacent(b'g', b'b') && adjacent(b'g', b'h'));
        assert!(!adjacent(b'g', b'r') && !adjacent(b'g', b'n') && !adjacent(b'g', b'g') && !adjacent(b'g', b'\''));
    }
}
