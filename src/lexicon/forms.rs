//! Pairs of words that are no typo at all: inflections, spelling variants. Words here are lower-case ASCII.

use super::Edit;

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
        let mut key = word.to_owned();
        swap(&mut key, "isation", "ization");
        for ending in ["e", "ed", "es", "ing", "er", "ers", "able"] {
            if let Some(stem) = key.strip_suffix(ending).and_then(|stem| stem.strip_suffix("is")) {
                key = format!("{stem}iz{ending}");
                break;
            }
        }
        for (from, to) in [
            ("our", "or"),
            ("ogue", "og"),
            ("ae", "e"),
            ("oe", "e"),
            ("yse", "yze"),
            ("grey", "gray"),
            ("eable", "able"),
            ("ussed", "used"),
            ("ussing", "using"),
        ] {
            swap(&mut key, from, to);
        }
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
    let mut key = word.to_owned();
    swap(&mut key, "isation", "ization");
    for ending in ["e", "ed", "es", "ing", "er", "ers", "able"] {
        if let Some(stem) = key.strip_suffix(ending).and_then(|stem| stem.strip_suffix("is")) {
            key = format!("{stem}iz{ending}");
            break;
        }
    }
    swap(&mut key, "our", "or");
    for (ending, to) in [("tre", "ter"), ("tres", "ters")] {
        swap_ending(&mut key, ending, to);
    }
    for ending in ["ed", "ing", "er", "ers", "ist", "ists"] {
        if let Some(stem) = key.strip_suffix(ending).and_then(|stem| stem.strip_suffix("ll")) {
            key = format!("{stem}l{ending}");
            break;
        }
    }
    for (from, to) in [("ogue", "og"), ("ae", "e"), ("oe", "e"), ("yse", "yze")] {
        swap(&mut key, from, to);
    }
    swap_ending(&mut key, "ence", "ense");
    swap(&mut key, "ph", "f");
    swap_ending(&mut key, "ement", "ment");
    swap(&mut key, "ould", "old");
    swap_ending(&mut key, "mme", "m");
    for (from, to) in [("grey", "gray"), ("y", "i"), ("ie", "y"), ("ck", "k"), ("eable", "able")] {
        swap(&mut key, from, to);
    }
    swap_ending(&mut key, "que", "k");
    let mut single = String::with_capacity(key.len());
    let mut letters = key.chars().peekable();
    while let Some(letter) = letters.next() {
        letters.next_if_eq(&letter);
        single.push(letter);
    }
    single
}

/// Replaces every `from` in a word. Nearly always there is none, and a search for so little is best done by hand.
fn swap(word: &mut String, from: &str, to: &str) {
    if word.as_bytes().windows(from.len()).any(|here| here == from.as_bytes()) {
        *word = word.replace(from, to);
    }
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
