//! Whether a text is about program code: a tutorial, a reference, a post of a programmer. Code then stands in it on purpose.
//!
//! What decides are the words of its prose. Lines of code are passed over, so that scripts of the page are no evidence of themselves.

use super::word;
use std::collections::HashMap;

/// What only prose about code speaks of, in the singular.
const OWN: &str = "api array async attribute boolean callback codebase compile compiler config css debug docker dom function html http https integer java \
                   javascript json kubernetes linux module namespace null object parameter parse parser php python regex repository ruby runtime rust schema \
                   selector sql string struct stylesheet subclass syntax typescript unix url variable xml";
/// What it shares with other prose.
const SHARED: &str = "argument browser bug class client code column command configuration container database default element \
                      framework header import kernel library loop markup method node package plugin pointer \
                      query render request response return row script server shell table tag template terminal test thread";
/// So many different ones, so many of its own among them, and one word in so many: of 416 news articles and blog posts none comes near.
const DIFFERENT: usize = 8;
const MIN_OWN: usize = 4;
const ONE_IN: usize = 66;
/// Fewest words of a line of prose.
const LINE: usize = 6;
/// One character in so many is a sign of code in what is code.
const SIGNS: usize = 20;
/// How much of a long text is looked at, in bytes.
const ENOUGH: usize = 100_000;

pub(super) fn is_technical(text: &str) -> bool {
    let terms: HashMap<&str, bool> =
        SHARED.split_whitespace().map(|term| (term, false)).chain(OWN.split_whitespace().map(|term| (term, true))).collect();
    let (mut met, mut count, mut words) = (HashMap::new(), 0, 0);
    for line in text[..text.floor_char_boundary(ENOUGH)].lines().filter(|line| is_prose(line)) {
        for word in line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            words += 1;
            let word = word::fold(word);
            let singular = || ["es", "s"].iter().filter_map(|ending| word.strip_suffix(ending)).find_map(|stem| terms.get_key_value(stem));
            if let Some((term, own)) = terms.get_key_value(word.as_str()).or_else(singular) {
                met.insert(*term, *own);
                count += 1;
            }
        }
    }
    met.len() >= DIFFERENT && met.values().filter(|own| **own).count() >= MIN_OWN && count * ONE_IN >= words
}

fn is_prose(line: &str) -> bool {
    line.split_whitespace().take(LINE).count() == LINE && !is_code(line)
}

/// Whether a piece of text is code itself, by the share of its signs.
pub fn is_code(text: &str) -> bool {
    let calls = text.as_bytes().windows(2).filter(|pair| pair[0].is_ascii_alphanumeric() && matches!(pair[1], b'(' | b'[')).count();
    let signs = calls + text.bytes().filter(|byte| b"{}=;<>_$\\|*#".contains(byte)).count();
    signs * SIGNS > text.bytes().filter(|byte| !byte.is_ascii_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_about_code_tells_and_code_alone_does_not() {
        let tutorial = "A function takes its arguments from an array and returns a string that the browser can show.\n\
                        The element then has an attribute with the name of the class, and the script may query the database.\n\
                        wall.raise(1);\n";
        assert!(is_technical(tutorial));
        let news = "The council voted on Monday to raise the harbour wall by a metre after a long debate in the town hall.\n\
                    The code of the gate was lost, and the server of the town could not answer any request before noon.\n\
                    var wall = document.getElementById('wall'); function raise(string, array) { return query.attribute; }\n";
        assert!(!is_technical(news));
        // News of computers is no lesson in programming.
        let hack = "The company said its servers, databases and cloud modules were hit; a bug in a browser plugin let hackers run scripts.\n\
                    Its clients sent requests to the server, and the database returned default responses from the library package.\n";
        assert!(!is_technical(hack));
        assert!(!is_technical(""));
        // Cut where a letter has two bytes.
        assert!(!is_technical(&"ö".repeat(ENOUGH)));
    }
}
