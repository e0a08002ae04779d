//! How a typo comes about: the kind of the one edit between two words, and pairs that are no typo at all (inflections,
//! spelling variants). Words here are lower-case ASCII.

/// What happened to the intended word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// Whether one word looks like a form of the other: `report` and `reports`, `later` and `lately`.
pub fn inflection(word: &str, candidate: &str) -> bool {
    const ENDINGS: [&str; 23] = [
        "s", "es", "d", "ed", "ing", "ly", "er", "y", "r", "n", "en", "al", "e", "ally", "ic", "an", "ian", "a", "i", "o", "th", "t", "st",
    ];
    const LAST: [&str; 6] = ["ed", "er", "es", "ng", "ly", "al"];
    let (short, long) = if word.len() < candidate.len() { (word, candidate) } else { (candidate, word) };
    if long.strip_prefix(short).is_some_and(|ending| ENDINGS.contains(&ending)) {
        return true;
    }
    let n = word.len();
    if n != candidate.len() {
        return false;
    }
    let last = |word: &str| LAST.iter().any(|&ending| word.ends_with(ending));
    (n > 3 && word[..n - 1] == candidate[..n - 1]) || (n > 4 && word[..n - 3] == candidate[..n - 3] && last(word) && last(candidate))
}

/// Whether the two are forms of one word beyond doubt: `report` and `reports`, `walked` and `walker`. Of what
/// [`inflection`] takes for forms, `budge` and `budget` or `trad` and `trade` are not.
pub fn regular_inflection(word: &str, candidate: &str) -> bool {
    const ENDINGS: [&str; 10] = ["s", "es", "d", "ed", "ing", "ly", "er", "r", "n", "en"];
    let (short, long) = if word.len() < candidate.len() { (word, candidate) } else { (candidate, word) };
    if let Some(ending) = long.strip_prefix(short) {
        let after_e = short.ends_with('e');
        return match ending {
            "d" | "r" => after_e,
            "n" => after_e || short.ends_with('a'),
            ending => ENDINGS.contains(&ending),
        };
    }
    let n = word.len();
    let man = |word: &str| word.ends_with("man") || word.ends_with("men");
    let last_letter = n == candidate.len() && n > 2 && word[..n - 1] == candidate[..n - 1];
    (last_letter && word[..n - 1].ends_with('e') && [word, candidate].iter().all(|word| word.ends_with(['s', 'd', 'r'])))
        || (man(word) && man(candidate) && word[..n - 2] == candidate[..n.min(candidate.len()) - 2])
}

/// Whether two words are the British and the American spelling of one.
pub fn spelling_variants(word: &str, candidate: &str) -> bool {
    fn key(word: &str) -> String {
        let mut key = word.replace("isation", "ization");
        for ending in ["e", "ed", "es", "ing", "er", "ers", "able"] {
            if let Some(stem) = key.strip_suffix(ending).and_then(|stem| stem.strip_suffix("is")) {
                key = format!("{stem}iz{ending}");
                break;
            }
        }
        key = key.replace("our", "or").replace("ogue", "og").replace("ae", "e").replace("oe", "e").replace("yse", "yze");
        key = key.replace("grey", "gray").replace("eable", "able").replace("ussed", "used").replace("ussing", "using");
        for (ending, to) in [("tre", "ter"), ("tres", "ters"), ("ence", "ense"), ("ement", "ment"), ("mme", "m"), ("que", "k")] {
            swap_ending(&mut key, ending, to);
        }
        // `travelled` and `traveled`, but not `filled` and `filed`.
        match key.rfind("ll") {
            Some(at) if key[..at].bytes().filter(|letter| b"aeiou".contains(letter)).count() >= 2 => key.replacen("ll", "l", 1),
            _ => key,
        }
    }
    may_be_variants(word, candidate) && key(word) == key(candidate)
}

/// Whether the longer of two names is the shorter with an ending: `Iran`, `Irani`.
pub fn name_ending(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() > b.len() { (b, a) } else { (a, b) };
    long.strip_prefix(short).is_some_and(|ending| ["s", "n", "e", "i", "a", "r", "y", "d", "t"].contains(&ending))
}

/// Whether two words one edit apart may be variants at all: a quick answer that spares most pairs the two keys.
pub fn may_be_variants(word: &str, candidate: &str) -> bool {
    // Letters that the rules of `variant_key` change, add or drop; a doubled letter counts too.
    let free = |letter: u8| b"aceikoszuyghp".contains(&letter);
    match Edit::between(word, candidate) {
        (Edit::Transposed, at) => word.as_bytes()[at..at + 2].iter().all(|letter| b"re".contains(letter) || b"ie".contains(letter)),
        (Edit::DroppedDouble | Edit::Doubled | Edit::Far, _) => true,
        (_, at) => {
            let (short, long) = if word.len() < candidate.len() { (word, candidate) } else { (candidate, word) };
            let letter = long.as_bytes()[at];
            free(letter) && (short.len() < long.len() || free(short.as_bytes()[at]))
        }
    }
}

/// A form under which spelling variants fall together: `colour` and `color`, `realise` and `realize`.
pub fn variant_key(word: &str) -> String {
    let mut key = word.replace("isation", "ization");
    for ending in ["e", "ed", "es", "ing", "er", "ers", "able"] {
        if let Some(stem) = key.strip_suffix(ending).and_then(|stem| stem.strip_suffix("is")) {
            key = format!("{stem}iz{ending}");
            break;
        }
    }
    key = key.replace("our", "or");
    for (ending, to) in [("tre", "ter"), ("tres", "ters")] {
        swap_ending(&mut key, ending, to);
    }
    for ending in ["ed", "ing", "er", "ers", "ist", "ists"] {
        if let Some(stem) = key.strip_suffix(ending).and_then(|stem| stem.strip_suffix("ll")) {
            key = format!("{stem}l{ending}");
            break;
        }
    }
    key = key.replace("ogue", "og").replace("ae", "e").replace("oe", "e").replace("yse", "yze");
    swap_ending(&mut key, "ence", "ense");
    key = key.replace("ph", "f");
    swap_ending(&mut key, "ement", "ment");
    key = key.replace("ould", "old");
    swap_ending(&mut key, "mme", "m");
    key = key.replace("grey", "gray").replace('y', "i").replace("ie", "y").replace("ck", "k").replace("eable", "able");
    swap_ending(&mut key, "que", "k");
    let mut single = String::with_capacity(key.len());
    let mut letters = key.chars().peekable();
    while let Some(letter) = letters.next() {
        letters.next_if_eq(&letter);
        single.push(letter);
    }
    single
}

fn swap_ending(word: &mut String, from: &str, to: &str) {
    if word.ends_with(from) {
        word.truncate(word.len() - from.len());
        word.push_str(to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn inflections_and_variants_are_known() {
        assert!(inflection("report", "reports") && inflection("walked", "walker") && !inflection("sing", "sang"));
        assert!(name_ending("iran", "irani") && !name_ending("lavrov", "lavarov"));
        for (uk, us) in
            [("colour", "color"), ("realise", "realize"), ("centre", "center"), ("travelled", "traveled"), ("defence", "defense")]
        {
            assert_eq!(variant_key(uk), variant_key(us));
        }
        assert!(regular_inflection("walked", "walker") && regular_inflection("report", "reports") && regular_inflection("woman", "women"));
        assert!(!regular_inflection("budge", "budget") && !regular_inflection("trad", "trade") && !regular_inflection("marker", "market"));
        assert!(!regular_inflection("stares", "states") && !regular_inflection("riding", "rising"));
        assert!(spelling_variants("travelled", "traveled") && !spelling_variants("filled", "filed"));
        assert!(
            spelling_variants("fulfil", "fulfill")
                && spelling_variants("focussed", "focused")
                && !spelling_variants("meting", "meeting")
                && !spelling_variants("wold", "would")
        );
        assert_ne!(variant_key("minster"), variant_key("minister"));
    }
}
