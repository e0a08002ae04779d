//! The seam behind which a second story begins: what stands after it shares next to nothing with what stood before, and either
//! side holds together in itself.
//!
//! One walk moves paragraph by paragraph from the side behind the seam to the side before it and keeps what both sides have in
//! common, in whole numbers, so that a document costs no more than its words (after Hearst, "TextTiling", 1997, with the whole
//! sides in place of windows). Boosted trees decide (`detect::trees`).

use super::draft::{Draft, Use};
use super::sieve::{Look, MIN_WORDS};
use crate::detect::trees::Trees;
use std::sync::LazyLock;

/// So many paragraphs that can be judged stand on either side of a seam; less is a stray.
pub const MIN_SIDE: usize = 3;

/// Sides that have more in common than this, as a cosine, are not looked at.
const APART: f64 = 0.3;

/// tf-idf weights are counted in this part of one.
const PARTS: f32 = 256.0;

pub const COUNT: usize = 18;

pub const NAMES: [&str; COUNT] = [
    "cosine",
    "depth",
    "median-cosine",
    "shared",
    "shared-names",
    "names",
    "near-shared",
    "before-in-itself",
    "behind-in-itself",
    "words-lesser-side",
    "words-greater-side",
    "paragraphs-lesser-side",
    "paragraphs",
    "position",
    "headline",
    "first-words",
    "shared-by-lesser",
    "shared-terms",
];

static TREES: &[u8] = include_bytes!("seam.bin");

pub fn trees() -> Trees<16> {
    Trees::read(TREES)
}

static REACH: LazyLock<Vec<f64>> = LazyLock::new(|| trees().reach());

/// From this score on the paragraphs behind the seam are left to the second story.
pub const CERTAIN: f64 = 3.5;

/// A second story.
#[derive(Clone, Debug)]
pub struct Second {
    /// Its first block, and its last.
    pub block: usize,
    pub last: usize,
    /// The higher, the surer.
    pub score: f64,
    pub opening: Opening,
    /// Share of the terms of the lesser side, weighed by their rarity, that the other side has, too.
    pub shared: f64,
    /// Names that only the second story has, up to four.
    pub names: Vec<String>,
}

impl Second {
    pub fn is_certain(&self) -> bool {
        self.score >= CERTAIN
    }
}

/// The place where a second story most likely begins.
pub fn likeliest(draft: &Draft<'_>, look: &Look) -> Option<Second> {
    let seams = seams(draft, look);
    let (number, score) = trees().best(seams.iter().map(|seam| &seam.measures[..]), &REACH)?;
    let seam = &seams[number];
    Some(Second {
        block: draft.paragraphs[seam.paragraph].block,
        last: draft.paragraphs.last()?.last,
        score,
        opening: Opening::of(draft, seam.paragraph),
        shared: f64::from(seam.measures[3]),
        names: if score >= CERTAIN - 2.0 { super::evidence::names_behind(draft, seam.paragraph) } else { Vec::new() },
    })
}

/// A place where a second story may begin.
#[derive(Clone, Debug)]
pub struct Seam {
    /// The first paragraph behind it.
    pub paragraph: usize,
    pub measures: [f32; COUNT],
}

/// What the first paragraph of a second story may look like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    pub dateline: bool,
    pub headline: bool,
    pub byline: bool,
}

/// One side of a seam.
#[derive(Default)]
struct Side {
    square: i64,
    /// Idf of its terms, and of those in two of its paragraphs or more, in sixteenths.
    mass: i64,
    tied: i64,
    names: i64,
    words: usize,
    long: usize,
}

/// How a term stands on one side.
#[derive(Clone, Copy, Default)]
struct Held {
    weight: i64,
    paragraphs: u32,
    names: u32,
}

impl Side {
    fn tie(&self) -> f64 {
        self.tied as f64 / (self.mass as f64).max(1.0)
    }

    fn give(&mut self, held: &mut Held, used: &Use, weight: i64, idf: i64) {
        self.square += (held.weight + weight).pow(2) - held.weight.pow(2);
        held.weight += weight;
        held.paragraphs += 1;
        match held.paragraphs {
            1 => self.mass += idf,
            2 => self.tied += idf,
            _ => {}
        }
        if used.name {
            held.names += 1;
            self.names += i64::from(held.names == 1);
        }
    }

    fn take(&mut self, held: &mut Held, used: &Use, weight: i64, idf: i64) {
        self.square += (held.weight - weight).pow(2) - held.weight.pow(2);
        held.weight -= weight;
        held.paragraphs -= 1;
        match held.paragraphs {
            0 => self.mass -= idf,
            1 => self.tied -= idf,
            _ => {}
        }
        if used.name {
            held.names -= 1;
            self.names -= i64::from(held.names == 0);
        }
    }
}

/// The seams that are worth a look, with what is measured of them.
pub fn seams(draft: &Draft<'_>, look: &Look) -> Vec<Seam> {
    let count = draft.paragraphs.len();
    if look.judged.len() < 2 * MIN_SIDE {
        return Vec::new();
    }
    let weights: Vec<i64> = look.weights.iter().map(|weight| (weight * PARTS) as i64).collect();
    let mut before = vec![Held::default(); draft.terms.len()];
    let mut behind = before.clone();
    let (mut first, mut second) = (Side::default(), Side::default());
    let is_long = |at: usize| usize::from(draft.paragraphs[at].words >= MIN_WORDS);
    for at in 0..count {
        second.words += draft.paragraphs[at].words;
        second.long += is_long(at);
        for (place, used) in draft.uses_of(at).iter().enumerate() {
            let idf = i64::from(draft.terms[used.term as usize].idf);
            second.give(&mut behind[used.term as usize], used, weights[draft.first_use(at) + place], idf);
        }
    }
    let (mut dot, mut shared, mut shared_names, mut shared_terms) = (0i64, 0i64, 0i64, 0i64);
    let mut cosines = Vec::with_capacity(count);
    let mut seams = Vec::new();
    for at in 0..count - 1 {
        for (place, used) in draft.uses_of(at).iter().enumerate() {
            let idf = i64::from(draft.terms[used.term as usize].idf);
            let (one, other) = (&mut before[used.term as usize], &mut behind[used.term as usize]);
            let both = |one: &Held, other: &Held| i64::from(one.paragraphs > 0 && other.paragraphs > 0);
            let both_names = |one: &Held, other: &Held| i64::from(one.names > 0 && other.names > 0);
            let (had, had_names, product) = (both(one, other), both_names(one, other), one.weight * other.weight);
            let weight = weights[draft.first_use(at) + place];
            first.give(one, used, weight, idf);
            second.take(other, used, weight, idf);
            dot += one.weight * other.weight - product;
            shared += idf * (both(one, other) - had);
            shared_terms += both(one, other) - had;
            shared_names += both_names(one, other) - had_names;
        }
        first.words += draft.paragraphs[at].words;
        second.words -= draft.paragraphs[at].words;
        first.long += is_long(at);
        second.long -= is_long(at);
        let cosine = dot as f64 / ((first.square as f64).sqrt() * (second.square as f64).sqrt() + 1e-9);
        cosines.push(cosine);
        if first.long < MIN_SIDE || second.long < MIN_SIDE || cosine > APART {
            continue;
        }
        let (least, lesser) = if first.words < second.words { (&first, &second) } else { (&second, &first) };
        let headline = draft.paragraphs[at + 1].words < MIN_WORDS && is_headline(text_of(draft, at + 1));
        let measures = [
            cosine,
            0.0,
            0.0,
            shared as f64 / (first.mass.min(second.mass) as f64).max(1.0),
            shared_names as f64 / (first.names.min(second.names) as f64).max(1.0),
            first.names.min(second.names) as f64,
            near(draft, at + 1),
            first.tie(),
            second.tie(),
            least.words as f64,
            lesser.words as f64,
            first.long.min(second.long) as f64,
            count as f64,
            (at + 1) as f64 / count as f64,
            f64::from(u8::from(headline)),
            draft.paragraphs[at + 1].words as f64,
            shared as f64 / (least.mass as f64).max(1.0),
            shared_terms as f64,
        ];
        seams.push(Seam { paragraph: at + 1, measures: measures.map(|measure| measure as f32) });
    }
    let median = super::maths::median(cosines.clone());
    for seam in &mut seams {
        let at = seam.paragraph - 1;
        let around = [at.checked_sub(1), Some(at + 1)].map(|other| other.and_then(|other| cosines.get(other)).copied().unwrap_or(0.0));
        seam.measures[1] = ((around[0] + around[1]) / 2.0 - cosines[at]) as f32;
        seam.measures[2] = median as f32;
    }
    seams
}

/// Of the idf of the two paragraphs behind a seam, the share that stands in the two before it.
fn near(draft: &Draft<'_>, seam: usize) -> f64 {
    let (mut mass, mut shared) = (0u32, 0u32);
    for at in seam..(seam + 2).min(draft.paragraphs.len()) {
        for used in draft.uses_of(at) {
            let idf = u32::from(draft.terms[used.term as usize].idf);
            mass += idf;
            let there = |place: &Use| (seam.saturating_sub(2)..seam).contains(&(place.paragraph as usize));
            shared += if draft.places(used.term).any(|(_, place)| there(place)) { idf } else { 0 };
        }
    }
    f64::from(shared) / f64::from(mass).max(1.0)
}

impl Opening {
    /// In an editor's words.
    pub const fn describe(self) -> &'static str {
        match (self.dateline, self.headline, self.byline) {
            (true, ..) => "a dateline",
            (_, true, _) => "a headline",
            (_, _, true) => "a byline",
            _ => "another vocabulary",
        }
    }

    pub fn of(draft: &Draft<'_>, paragraph: usize) -> Self {
        let text = text_of(draft, paragraph);
        let words = draft.paragraphs[paragraph].words;
        Self { dateline: is_dateline(text), headline: words < MIN_WORDS && is_headline(text), byline: words <= 8 && is_byline(text) }
    }
}

fn text_of<'d>(draft: &Draft<'d>, paragraph: usize) -> &'d str {
    draft.span(paragraph).of(&draft.document.text).trim()
}

/// `LONDON, March 3 (Agency) - `: a place in capitals, or an agency in brackets, in front of a dash.
fn is_dateline(text: &str) -> bool {
    let Some((head, _)) = [" - ", " – ", " — ", " -- "].iter().filter_map(|dash| text.split_once(dash)).min_by_key(|(head, _)| head.len())
    else {
        return false;
    };
    let place = head.split([' ', ',', '(']).next().unwrap_or_default();
    let capitals = place.len() >= 3 && place.chars().all(|c| c.is_uppercase() || matches!(c, '.' | '\'' | '-'));
    head.len() <= 60 && head.starts_with(char::is_uppercase) && (capitals || head.ends_with(')'))
}

/// A few words without a stop behind them.
fn is_headline(text: &str) -> bool {
    text.starts_with(|c: char| c.is_uppercase() || c.is_numeric() || matches!(c, '"' | '\'' | '‘' | '“'))
        && !text.ends_with(['.', '!', ':', ',', ';', '”', '"'])
        && text.contains(' ')
}

fn is_byline(text: &str) -> bool {
    let start = text.get(..3).unwrap_or_default();
    start.eq_ignore_ascii_case("by ") && text[3..].starts_with(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openings_of_stories_are_told_from_other_lines() {
        for line in
            ["HALLBY (Agency) - The council met.", "Hallby, 3 March (Agency) — The council met.", "NEW ARNSUND, March 3 - The council met."]
        {
            assert!(is_dateline(line), "{line}");
        }
        for line in ["The council - which met late - agreed.", "The council met.", "He, too - a fisherman (retired) - agreed."] {
            assert!(!is_dateline(line), "{line}");
        }
        assert!(is_headline("Council to raise harbour wall") && !is_headline("“We waited,” she said."));
        assert!(is_byline("By Ingrid Solberg") && !is_byline("By the sea"));
    }
}
