//! Dictionaries of Hunspell: affix file, a NUL, list of stems, a NUL, words to look up.
#![no_main]

use copydesk::lexicon::hunspell::{Dictionary, decode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(3, |&byte| byte == 0);
    let (aff, dic) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let Ok((aff, dic)) = decode(aff, dic) else { return };
    let Ok(dictionary) = Dictionary::new(&aff, &dic) else { return };
    for word in String::from_utf8_lossy(parts.next().unwrap_or_default()).split_whitespace().take(50) {
        if !dictionary.knows(word) {
            let _ = dictionary.is_two_words(word);
            dictionary.near(word).iter().for_each(|near| assert!(dictionary.knows(near), "`{near}` is no word"));
        }
    }
});
