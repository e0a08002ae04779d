//! How likely a run of words is, by the counts of words and pairs: tells which of two readings of a place is meant.

use crate::lexicon::{COUNTED_WORDS, Known, Lexicon};

/// Words in the web text behind the counts, and the least count of a pair in it: what is rarer is put at what chance would give.
const WEB_WORDS: f64 = 1.0e12;
const WEB_LEAST: f64 = 1.0e5;
/// What is assumed of a word that was never counted, and of a pair that was never seen beside what chance would give.
const UNKNOWN_WORD: f64 = 3e3;
const UNSEEN: f64 = 0.3;

/// The natural logarithm of how often a run of words (by their hashes) is expected in the web, each word hanging on the one before.
pub fn log_count(lexicon: &Lexicon, words: &[u64]) -> f64 {
    let known: Vec<_> = words.iter().map(|&word| lexicon.recall(word)).collect();
    let single = |word: &Known| word.entry.web_count().unwrap_or(UNKNOWN_WORD).max(UNKNOWN_WORD);
    let pair = |left: &Known, right: &Known| {
        let web = lexicon.pairs.web(left.id, right.id);
        if web > 0.0 {
            return web;
        }
        let free = lexicon.pairs.free(left.id, right.id) * (WEB_WORDS / COUNTED_WORDS);
        if free > 0.0 { free } else { (UNSEEN + 0.7 * single(left) * single(right) / WEB_WORDS).min(0.7 * WEB_LEAST) }
    };
    match &known[..] {
        [] => 0.0,
        [word] => single(word).ln(),
        known => {
            let pairs: f64 = known.windows(2).map(|two| pair(&two[0], &two[1]).ln()).sum();
            pairs - known[1..known.len() - 1].iter().map(|word| single(word).ln()).sum::<f64>()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::word_hash;

    #[test]
    fn the_usual_reading_is_likelier() {
        let count = |text: &str| log_count(Lexicon::english(), &text.split(' ').map(word_hash).collect::<Vec<_>>());
        assert!(count("that there was") > count("that the re was") + 5.0);
        assert!(count("the government said") > count("the gover nment said") + 20.0);
        assert!(count("heard the pro rata share") > count("heard the prorata share"));
    }
}
