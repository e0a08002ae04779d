//! The affix file of a dictionary (`.aff`): which endings and beginnings words take, and what its flags mean.

use super::HunspellError;
use std::collections::HashMap;

/// A flag, however the file writes it.
pub type Flag = u32;

/// Rules of affixes that are read; more than three times what the largest published dictionary has.
const MOST_AFFIXES: usize = 200_000;

/// Characters of the longest affix, and of the longest condition.
const LONGEST: usize = 32;

/// How flags are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Notation {
    /// One character each.
    #[default]
    Short,
    /// Two characters each.
    Long,
    /// Numbers with commas between them.
    Number,
}

/// What may stand at one place of a stem.
#[derive(Clone, Debug)]
struct Class {
    letters: Vec<char>,
    /// Any letter but these.
    but: bool,
}

/// One ending or beginning.
#[derive(Clone, Debug)]
pub struct Affix {
    pub flag: Flag,
    /// May stand on a word that has an affix on its other side.
    pub cross: bool,
    strip: String,
    text: String,
    condition: Vec<Class>,
    /// Flags that a word has once it has this affix.
    pub then: Vec<Flag>,
}

/// All endings, or all beginnings, by their text.
#[derive(Clone, Debug, Default)]
pub struct Affixes {
    all: Vec<Affix>,
    by_text: HashMap<String, Vec<u32>>,
    /// Bytes.
    longest: usize,
    /// Some of them stand on others.
    pub stacked: bool,
}

/// What the affix file says.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    notation: Notation,
    /// Sets of flags that are written as their number.
    aliases: Vec<Vec<Flag>>,
    pub prefixes: Affixes,
    pub suffixes: Affixes,
    pub needs_affix: Option<Flag>,
    pub forbidden: Option<Flag>,
    pub keeps_case: Option<Flag>,
    pub circumfix: Option<Flag>,
    pub compound: Compound,
    /// Letters of the language, the frequent first.
    pub letters: Vec<char>,
    /// Characters that are left out of words.
    pub ignored: Vec<char>,
}

/// How words are joined.
#[derive(Clone, Debug, Default)]
pub struct Compound {
    pub anywhere: Option<Flag>,
    pub first: Option<Flag>,
    pub middle: Option<Flag>,
    pub last: Option<Flag>,
    /// Only inside a compound.
    pub only: Option<Flag>,
    /// Characters of the shortest part.
    pub shortest: Option<usize>,
}

impl Rules {
    /// Reads an affix file. Lines that are not known, and what only serves suggestions, are passed over.
    pub fn read(text: &str) -> Result<Self, HunspellError> {
        let mut rules = Self::default();
        // Flags are written in other lines than the one that says how.
        for line in text.lines() {
            if let Some(notation) = line.strip_prefix("FLAG ") {
                rules.notation = match notation.trim() {
                    "long" => Notation::Long,
                    "num" => Notation::Number,
                    _ => Notation::Short,
                };
            }
        }
        let mut counted: HashMap<(bool, Flag), bool> = HashMap::new();
        let mut aliases_counted = false;
        for (number, line) in (1..).zip(text.lines()) {
            let mut fields = line.split_whitespace();
            let Some(key) = fields.next().filter(|key| !key.starts_with('#')) else { continue };
            let bad = |expected| HunspellError::Line { line: number, expected };
            let one = |value: Option<&str>| value.and_then(|value| rules.flags(value).first().copied());
            match key {
                "AF" => {
                    let flags = fields.next().ok_or_else(|| bad("AF flags"))?;
                    if aliases_counted {
                        rules.aliases.push(rules.plain_flags(flags));
                    }
                    aliases_counted = true;
                }
                "NEEDAFFIX" | "PSEUDOROOT" => rules.needs_affix = one(fields.next()),
                "FORBIDDENWORD" => rules.forbidden = one(fields.next()),
                "KEEPCASE" => rules.keeps_case = one(fields.next()),
                "CIRCUMFIX" => rules.circumfix = one(fields.next()),
                "COMPOUNDFLAG" => rules.compound.anywhere = one(fields.next()),
                "COMPOUNDBEGIN" => rules.compound.first = one(fields.next()),
                "COMPOUNDMIDDLE" => rules.compound.middle = one(fields.next()),
                "COMPOUNDEND" | "COMPOUNDLAST" => rules.compound.last = one(fields.next()),
                "ONLYINCOMPOUND" => rules.compound.only = one(fields.next()),
                "COMPOUNDMIN" => rules.compound.shortest = fields.next().and_then(|value| value.parse().ok()),
                "TRY" => rules.letters = fields.next().unwrap_or_default().chars().filter(|c| c.is_lowercase()).take(64).collect(),
                "IGNORE" => rules.ignored = fields.next().unwrap_or_default().chars().take(64).collect(),
                "PFX" | "SFX" => {
                    let (flag, second, third) = (fields.next(), fields.next(), fields.next());
                    let flag = one(flag).ok_or_else(|| bad("SFX flag …"))?;
                    let (Some(second), Some(third)) = (second, third) else { return Err(bad("SFX flag strip affix condition")) };
                    let prefix = key == "PFX";
                    match counted.get(&(prefix, flag)) {
                        None => drop(counted.insert((prefix, flag), second == "Y")),
                        Some(&cross) => {
                            let affix =
                                rules.affix(flag, cross, second, third, fields.next()).ok_or_else(|| bad("a condition like [^aeiou]y"))?;
                            let list = if prefix { &mut rules.prefixes } else { &mut rules.suffixes };
                            list.push(affix)?;
                        }
                    }
                }
                _ => {}
            }
        }
        for list in [&mut rules.prefixes, &mut rules.suffixes] {
            let flags: Vec<Flag> = list.all.iter().map(|affix| affix.flag).collect();
            list.stacked = list.all.iter().any(|affix| affix.then.iter().any(|flag| flags.contains(flag)));
        }
        Ok(rules)
    }

    fn affix(&self, flag: Flag, cross: bool, strip: &str, rest: &str, condition: Option<&str>) -> Option<Affix> {
        let (text, then) = rest.split_once('/').map_or((rest, Vec::new()), |(text, flags)| (text, self.flags(flags)));
        let part = |part: &str| if part == "0" { String::new() } else { part.to_string() };
        let condition = classes(condition.unwrap_or("."))?;
        let (strip, text) = (part(strip), part(text));
        let short = [&strip, &text].iter().all(|part| part.chars().count() <= LONGEST) && condition.len() <= LONGEST;
        short.then_some(Affix { flag, cross, strip, text, condition, then })
    }

    /// The flags of a word or an affix; a number names a set where the file has such.
    pub fn flags(&self, text: &str) -> Vec<Flag> {
        if !self.aliases.is_empty() {
            let set = text.parse::<usize>().ok().and_then(|number| self.aliases.get(number.checked_sub(1)?));
            if let Some(set) = set {
                return set.clone();
            }
        }
        self.plain_flags(text)
    }

    fn plain_flags(&self, text: &str) -> Vec<Flag> {
        let mut flags: Vec<Flag> = match self.notation {
            Notation::Short => text.chars().map(Flag::from).collect(),
            Notation::Long => {
                let letters: Vec<char> = text.chars().collect();
                letters.chunks_exact(2).map(|pair| Flag::from(pair[0]) << 16 ^ Flag::from(pair[1])).collect()
            }
            Notation::Number => text.split(',').filter_map(|number| number.trim().parse().ok()).collect(),
        };
        flags.sort_unstable();
        flags.dedup();
        flags
    }
}

/// `[^aeiou]y` as classes of letters.
fn classes(text: &str) -> Option<Vec<Class>> {
    let mut classes = Vec::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let class = match letter {
            '.' => Class { letters: Vec::new(), but: true },
            '[' => {
                let mut inside: Vec<char> = letters.by_ref().take_while(|&letter| letter != ']').collect();
                let but = inside.first() == Some(&'^');
                if but {
                    inside.remove(0);
                }
                Class { letters: inside, but }
            }
            ']' => return None,
            letter => Class { letters: vec![letter], but: false },
        };
        classes.push(class);
    }
    // A dot alone asks for nothing, not even for a letter.
    Some(if text == "." { Vec::new() } else { classes })
}

impl Affix {
    fn fits<'c>(&'c self, classes: impl Iterator<Item = &'c Class>, mut letters: impl Iterator<Item = char>) -> bool {
        let mut classes = classes;
        classes.all(|class| letters.next().is_some_and(|letter| class.letters.contains(&letter) != class.but))
    }
}

impl Affixes {
    fn push(&mut self, affix: Affix) -> Result<(), HunspellError> {
        if self.all.len() >= MOST_AFFIXES {
            return Err(HunspellError::TooMany { what: "affixes", most: MOST_AFFIXES });
        }
        self.longest = self.longest.max(affix.text.len());
        self.by_text.entry(affix.text.clone()).or_default().push(self.all.len() as u32);
        self.all.push(affix);
        Ok(())
    }

    /// Each ending that the word may have, with what the word is without it.
    pub fn endings<'a>(&'a self, word: &'a str) -> impl Iterator<Item = (&'a Affix, String)> {
        let from = word.len().saturating_sub(self.longest);
        let cuts = (from..=word.len()).filter(|&at| word.is_char_boundary(at));
        cuts.flat_map(move |at| self.with_text(&word[at..]).map(move |affix| (at, affix))).filter_map(|(at, affix)| {
            let stem = format!("{}{}", &word[..at], affix.strip);
            (!stem.is_empty() && affix.fits(affix.condition.iter().rev(), stem.chars().rev())).then_some((affix, stem))
        })
    }

    /// Each beginning that the word may have, with what the word is without it.
    pub fn beginnings<'a>(&'a self, word: &'a str) -> impl Iterator<Item = (&'a Affix, String)> {
        let cuts = (0..=word.len().min(self.longest)).filter(|&at| word.is_char_boundary(at));
        cuts.flat_map(move |at| self.with_text(&word[..at]).map(move |affix| (at, affix))).filter_map(|(at, affix)| {
            let stem = format!("{}{}", affix.strip, &word[at..]);
            (!stem.is_empty() && affix.fits(affix.condition.iter(), stem.chars())).then_some((affix, stem))
        })
    }

    fn with_text(&self, text: &str) -> impl Iterator<Item = &Affix> {
        self.by_text.get(text).into_iter().flatten().map(|&number| &self.all[number as usize])
    }
}
