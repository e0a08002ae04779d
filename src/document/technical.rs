//! Whether a text is about program code: a tutorial, a reference, a post of a programmer. Code then stands in it on purpose.
//!
//! What decides are the words of its prose. Lines of code are passed over, so that scripts of the page are no evidence of themselves.

use super::word;
use std::collections::HashSet;

/// What prose about code speaks of.
const TERMS: &str = "function functions variable variables parameter parameters argument arguments array arrays string strings integer boolean html css javascript typescript python java json xml sql api apis element elements attribute attributes tag tags syntax script scripts compiler compile runtime database query queries server servers browser browsers callback loop loops object objects class classes method methods code codebase repository library libraries framework module modules import package packages command commands config configuration default returns return null parse parser render renders url urls request requests response header headers node nodes debug bug bugs test tests regex schema table column columns row rows container containers docker kubernetes linux unix shell terminal client clients http https plugin plugins template templates markup stylesheet selector selectors dom php ruby rust kernel thread threads async pointer struct";
/// So many different ones, and one word in so many: of 416 news articles and blog posts none comes near.
const DIFFERENT: usize = 8;
const ONE_IN: usize = 66;
/// Fewest words of a line of prose.
const LINE: usize = 6;
/// One character in so many is a sign of code in a line of code.
const SIGNS: usize = 20;
/// How much of a long text is looked at, in bytes.
const ENOUGH: usize = 100_000;

pub(super) fn is_technical(text: &str) -> bool {
    let terms: HashSet<&str> = TERMS.split(' ').collect();
    let mut end = text.len().min(ENOUGH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let (mut met, mut count, mut words) = (HashSet::new(), 0, 0);
    for line in text[..end].lines().filter(|line| is_prose(line)) {
        for word in line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            words += 1;
            if let Some(term) = terms.get(word::fold(word).as_str()) {
                met.insert(*term);
                count += 1;
            }
        }
    }
    met.len() >= DIFFERENT && count * ONE_IN >= words
}

fn is_prose(line: &str) -> bool {
    if line.split_whitespace().take(LINE).count() < LINE {
        return false;
    }
    let calls = line.as_bytes().windows(2).filter(|pair| pair[0].is_ascii_alphanumeric() && matches!(pair[1], b'(' | b'[')).count();
    let signs = calls + line.bytes().filter(|byte| b"{}=;<>_$\\|*#".contains(byte)).count();
    signs * SIGNS <= line.bytes().filter(|byte| !byte.is_ascii_whitespace()).count()
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
        assert!(!is_technical(""));
        // Cut where a letter has two bytes.
        assert!(!is_technical(&"ö".repeat(ENOUGH)));
    }
}
