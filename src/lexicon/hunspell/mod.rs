//! Dictionaries of other languages, in the format of Hunspell: a list of stems (`.dic`) and the rules by which they are inflected
//! and joined (`.aff`). A word is known when taking its endings and beginnings off leads to a stem that may have them.
//!
//! Read are stems with flags of every notation, aliases of flags, endings on endings, beginnings, both at once, circumfixes, words
//! that need an affix or are forbidden, and compounds of up to four parts by their flags. Of compounds more is accepted than
//! Hunspell accepts: its checks of case, doubles and patterns (`CHECKCOMPOUND…`) are not made. Not read: `COMPOUNDRULE`,
//! `COMPLEXPREFIXES`, conversions (`ICONV`), and what only serves to make suggestions. Format: the manual page hunspell(5).

mod affix;

use affix::{Affix, Flag, Rules};
use encoding_rs::{Encoding, UTF_8};
use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};

/// Why a dictionary could not be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum HunspellError {
    #[error("line {line}: expected `{expected}`")]
    Line { line: usize, expected: &'static str },
    #[error("there are more than {most} {what}")]
    TooMany { what: &'static str, most: usize },
    #[error("there is no encoding `{0}`")]
    Encoding(String),
    #[error("there is no word in it")]
    Empty,
}

/// Stems that are read; the largest published dictionaries have less than a million.
const MOST_WORDS: usize = 4_000_000;

/// Bytes of the longest word that is looked up, and of the longest stem.
const LONGEST_WORD: usize = 128;

/// Look-ups that one compound may cost.
const COMPOUND_COST: u32 = 200;

/// Parts of a compound.
const MOST_PARTS: usize = 4;

/// Characters of the shortest word that others are joined of.
const SHORTEST_PART: usize = 3;

/// Letters that candidates are made with.
const MOST_LETTERS: usize = 64;

/// The words of one language.
#[derive(Debug)]
pub struct Dictionary {
    id: u64,
    rules: Rules,
    /// Stems with the numbers of their sets of flags; the same stem may stand in the list several times.
    stems: HashMap<Box<str>, Vec<u32>>,
    sets: Vec<Vec<Flag>>,
}

/// A way in which a word comes from a stem.
struct Analysis<'a> {
    root: &'a [Flag],
    prefix: Option<&'a Affix>,
    /// The inner and the outer ending.
    suffixes: [Option<&'a Affix>; 2],
}

impl Analysis<'_> {
    fn affixes(&self) -> impl Iterator<Item = &Affix> {
        self.prefix.into_iter().chain(self.suffixes.into_iter().flatten())
    }

    fn has(&self, flag: Option<Flag>) -> bool {
        flag.is_some_and(|flag| self.root.contains(&flag) || self.affixes().any(|affix| affix.then.contains(&flag)))
    }

    /// Whether it is whole: nothing is asked for that is not there.
    fn is_whole(&self, rules: &Rules) -> bool {
        let has = |flags: &[Flag], flag: Option<Flag>| flag.is_some_and(|flag| flags.contains(&flag));
        let bare = match (self.prefix, self.suffixes[1].or(self.suffixes[0])) {
            (None, None) => has(self.root, rules.needs_affix),
            (Some(one), None) | (None, Some(one)) => has(&one.then, rules.needs_affix),
            (Some(_), Some(_)) => false,
        };
        // Such affixes stand on both sides or on none.
        let around = |affix: Option<&Affix>| affix.is_some_and(|affix| has(&affix.then, rules.circumfix));
        !bare && around(self.prefix) == (around(self.suffixes[0]) || around(self.suffixes[1]))
    }
}

/// The two files of a dictionary as text, whatever encoding its affix file names.
pub fn decode(aff: &[u8], dic: &[u8]) -> Result<(String, String), HunspellError> {
    let mut lines = aff.split(|&byte| byte == b'\n').map(|line| line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line));
    let named = lines.find_map(|line| line.strip_prefix(b"SET "));
    let named = named.map(|name| String::from_utf8_lossy(name).trim().to_string());
    let encoding = named.map_or(Ok(UTF_8), |name| {
        let label = name.to_ascii_lowercase();
        let label = label.strip_prefix("microsoft-").unwrap_or(&label).replace("cp125", "windows-125");
        let dashed = label.replacen("iso8859", "iso-8859", 1);
        Encoding::for_label(dashed.as_bytes()).or_else(|| Encoding::for_label(label.as_bytes())).ok_or(HunspellError::Encoding(name))
    })?;
    let text = |bytes: &[u8]| encoding.decode_with_bom_removal(bytes).0.into_owned();
    Ok((text(aff), text(dic)))
}

impl Dictionary {
    /// Reads the texts of an affix file and a list of stems.
    pub fn new(aff: &str, dic: &str) -> Result<Self, HunspellError> {
        let mut rules = Rules::read(aff)?;
        let mut stems: HashMap<Box<str>, Vec<u32>> = HashMap::new();
        let mut read = 0;
        let mut sets: Vec<Vec<Flag>> = Vec::new();
        let mut numbers: HashMap<String, u32> = HashMap::new();
        let mut letters = BTreeSet::new();
        let count = |line: &str| line.trim().bytes().all(|byte| byte.is_ascii_digit());
        let lines = dic.trim_start_matches('\u{feff}').lines();
        for (_, line) in lines.enumerate().filter(|(number, line)| !(*number == 0 && count(line))) {
            let (stem, flags) = entry(line);
            if stem.is_empty() || stem.len() > LONGEST_WORD {
                continue;
            }
            read += 1;
            if read > MOST_WORDS {
                return Err(HunspellError::TooMany { what: "words", most: MOST_WORDS });
            }
            let set = match numbers.get(flags) {
                Some(&number) => number,
                None => {
                    let number = sets.len() as u32;
                    sets.push(rules.flags(flags));
                    numbers.insert(flags.to_string(), number);
                    number
                }
            };
            if letters.len() < MOST_LETTERS {
                letters.extend(stem.chars().filter(|letter| letter.is_lowercase()));
            }
            let stem = stem.replace("\\/", "/").replace('’', "'");
            let stem: String = stem.chars().filter(|letter| !rules.ignored.contains(letter)).collect();
            stems.entry(stem.into()).or_default().push(set);
        }
        if stems.is_empty() {
            return Err(HunspellError::Empty);
        }
        letters.retain(|letter| !rules.letters.contains(letter));
        rules.letters.extend(letters);
        rules.letters.truncate(MOST_LETTERS);
        static OPENED: AtomicU64 = AtomicU64::new(1);
        Ok(Self { id: OPENED.fetch_add(1, Ordering::Relaxed), rules, stems, sets })
    }

    /// Another one for each dictionary that was opened: what is remembered of one says nothing of the next.
    pub const fn id(&self) -> u64 {
        self.id
    }

    /// Whether a word is in the language, as it stands or, where a capital may come from its place, with small letters.
    pub fn knows(&self, word: &str) -> bool {
        if word.is_empty() || word.len() > LONGEST_WORD {
            return false;
        }
        let word: String = word
            .chars()
            .map(|letter| if letter == '’' { '\'' } else { letter })
            .filter(|letter| !self.rules.ignored.contains(letter))
            .collect();
        let lower = word.to_lowercase();
        let first_only = || {
            let mut letters = lower.chars();
            letters.next().is_some_and(|first| first.to_uppercase().chain(letters).eq(word.chars()))
        };
        if self.is_simple(&word, &lower) {
            return true;
        }
        // All capitals: a name, or a noun of a language that writes them with a capital.
        let capitals = lower != word && !word.chars().any(char::is_lowercase) && !first_only();
        let as_title = capitals && {
            let mut letters = lower.chars();
            let title: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
            self.is_right(&title, false)
        };
        as_title || (!self.is_forbidden(&word) && (self.is_compound(&word) || (lower != word && self.is_compound(&lower))))
    }

    /// Whether it is known without being joined of several.
    fn is_simple(&self, word: &str, lower: &str) -> bool {
        self.is_right(word, true) || (lower != word && self.is_right(lower, false))
    }

    fn is_forbidden(&self, word: &str) -> bool {
        self.rules.forbidden.is_some_and(|flag| self.roots(word).any(|flags| flags.contains(&flag)))
    }

    /// `as_written`: in the very case that the text has.
    fn is_right(&self, word: &str, as_written: bool) -> bool {
        let rules = &self.rules;
        if self.is_forbidden(word) {
            return false;
        }
        let alone = |analysis: &Analysis<'_>| {
            analysis.is_whole(rules) && !analysis.has(rules.compound.only) && (as_written || !analysis.has(rules.keeps_case))
        };
        self.analyses(word, &alone)
    }

    /// The flags of each stem of this spelling.
    fn roots(&self, stem: &str) -> impl Iterator<Item = &[Flag]> {
        self.stems.get(stem).into_iter().flatten().map(|&set| self.sets[set as usize].as_slice())
    }

    /// Whether the word comes from a stem in a way that is good.
    fn analyses(&self, word: &str, good: &dyn Fn(&Analysis<'_>) -> bool) -> bool {
        self.with_endings(word, None, good)
            || self.rules.prefixes.beginnings(word).any(|(prefix, stem)| self.with_endings(&stem, Some(prefix), good))
    }

    fn with_endings(&self, word: &str, prefix: Option<&Affix>, good: &dyn Fn(&Analysis<'_>) -> bool) -> bool {
        let takes = |flags: &[Flag], affix: Option<&Affix>| affix.is_none_or(|affix| flags.contains(&affix.flag));
        if self.roots(word).any(|root| takes(root, prefix) && good(&Analysis { root, prefix, suffixes: [None; 2] })) {
            return true;
        }
        let suffixes = &self.rules.suffixes;
        suffixes.endings(word).any(|(outer, stem)| {
            if prefix.is_some_and(|prefix| !(prefix.cross && outer.cross)) {
                return false;
            }
            let one = |root: &[Flag]| {
                let prefixed = takes(root, prefix) || takes(&outer.then, prefix);
                root.contains(&outer.flag) && prefixed && good(&Analysis { root, prefix, suffixes: [Some(outer), None] })
            };
            if self.roots(&stem).any(one) {
                return true;
            }
            suffixes.stacked
                && suffixes.endings(&stem).filter(|(inner, _)| inner.then.contains(&outer.flag)).any(|(inner, stem)| {
                    let two = |root: &[Flag]| {
                        let prefixed = takes(root, prefix) || takes(&inner.then, prefix) || takes(&outer.then, prefix);
                        root.contains(&inner.flag) && prefixed && good(&Analysis { root, prefix, suffixes: [Some(inner), Some(outer)] })
                    };
                    self.roots(&stem).any(two)
                })
        })
    }

    fn is_compound(&self, word: &str) -> bool {
        let compound = &self.rules.compound;
        let joins = [compound.anywhere, compound.first, compound.middle, compound.last].iter().any(Option::is_some);
        joins && self.is_joined(word, 0, &Cell::new(COMPOUND_COST))
    }

    /// Whether the rest of a compound, behind so many parts, can be split into parts.
    fn is_joined(&self, rest: &str, parts: usize, cost: &Cell<u32>) -> bool {
        let compound = &self.rules.compound;
        let shortest = compound.shortest.unwrap_or(3).max(1);
        let part = |part: &str, place: Option<Flag>| {
            let left = cost.get().checked_sub(1);
            cost.set(left.unwrap_or(0));
            left.is_some() && self.analyses(part, &|analysis| analysis.has(compound.anywhere) || analysis.has(place))
        };
        let cuts = rest.char_indices().map(|(at, _)| at).skip(shortest);
        cuts.take_while(|_| cost.get() > 0).any(|at| {
            let (head, tail) = rest.split_at(at);
            if tail.chars().count() < shortest {
                return false;
            }
            let place = if parts == 0 { compound.first } else { compound.middle };
            part(head, place) && (part(tail, compound.last) || (parts + 2 < MOST_PARTS && self.is_joined(tail, parts + 1, cost)))
        })
    }

    /// Whether it is two known words in one, whatever their flags: new compounds are made every day.
    pub fn is_two_words(&self, word: &str) -> bool {
        let part = |part: &str| {
            let mut letters = part.chars();
            let title = || letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>();
            self.is_right(part, true) || self.is_right(&title(), true)
        };
        let cuts: Vec<usize> = word.char_indices().map(|(at, _)| at).collect();
        let cuts = cuts.get(SHORTEST_PART..cuts.len().saturating_sub(SHORTEST_PART - 1)).unwrap_or_default();
        word.len() <= LONGEST_WORD && cuts.iter().any(|&at| part(&word[..at]) && part(&word[at..]))
    }

    /// Known words, not joined of several, that fingers turn into this one most readily: two letters in the wrong order, a letter left
    /// out, a letter twice.
    pub fn near(&self, word: &str) -> Vec<String> {
        let letters: Vec<char> = word.chars().collect();
        let mut near = BTreeSet::new();
        let mut give = |candidate: String| {
            if candidate != word && self.is_right(&candidate, true) {
                near.insert(candidate);
            }
        };
        for at in 0..letters.len() {
            let joined = |parts: [&[char]; 3]| parts.concat().into_iter().collect::<String>();
            if at + 1 < letters.len() {
                if letters[at] == letters[at + 1] {
                    give(joined([&letters[..at], &letters[at + 1..], &[]]));
                } else {
                    give(joined([&letters[..at], &[letters[at + 1], letters[at]], &letters[at + 2..]]));
                }
            }
            // The first letter is nearly always there.
            for &letter in &self.rules.letters {
                give(joined([&letters[..=at], &[letter], &letters[at + 1..]]));
            }
        }
        near.into_iter().collect()
    }
}

/// The stem of a line and its flags, without what it says about grammar.
fn entry(line: &str) -> (&str, &str) {
    let line = line.split('\t').next().unwrap_or_default();
    let said = |(at, _): &(usize, &str)| line.as_bytes().get(at + 3) == Some(&b':');
    let line = line.match_indices(' ').find(said).map_or(line, |(at, _)| &line[..at]).trim();
    let slash = line.match_indices('/').find(|(at, _)| *at > 0 && line.as_bytes()[at - 1] != b'\\');
    slash.map_or((line, ""), |(at, _)| (&line[..at], line[at + 1..].trim()))
}

#[cfg(test)]
mod tests;
