//! The words of the lexicon: what is known of each, and which others are one or two edits away.

use super::far::{Far, Pattern};
use super::filter::Filter;
use super::forms::{regular_inflection, spelling_variants};
use super::{Edit, LexiconError, Sections, Table, count, log10, place3, word_hash};

/// What is known of a word, in 32 bits.
///
/// | bits | what |
/// |---|---|
/// | 0–3 | tier: index into `TIERS`, 15 = in no word list |
/// | 4 | only listed with a capital |
/// | 5 | a first or last name of the US census |
/// | 6–13 | how often in the web, `round(4 · log2 count)`; 0 = not counted |
/// | 14–20 | how often in 51 million words of free text, the same way |
/// | 21–24 | share of capitals in mid-sentence there, in fifteenths |
/// | 25–30 | how many candidates are one edit away; 63 = they are not listed and must be searched for |
/// | 31 | a candidate: its letters are in its record |
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry(pub u32);

/// Sizes of SCOWL's word lists: a word in a smaller list is known to more people.
pub const TIERS: [u8; 10] = [10, 20, 35, 40, 50, 55, 60, 70, 80, 95];
const NO_TIER: u8 = 99;

impl Entry {
    /// Of a spelling that was never met.
    pub const NONE: Self = Self(15 | SEARCHED << 25);

    /// Size of the smallest SCOWL list that holds the word; 99 where none does.
    #[inline]
    pub fn tier(self) -> u8 {
        TIERS.get((self.0 & 15) as usize).copied().unwrap_or(NO_TIER)
    }

    pub const fn only_capitalised(self) -> bool {
        self.0 & 1 << 4 != 0
    }

    pub const fn census(self) -> bool {
        self.0 & 1 << 5 != 0
    }

    /// In a word list or a list of names.
    #[inline]
    pub fn listed(self) -> bool {
        self.0 & 15 != 15 || self.census()
    }

    pub const fn near_count(self) -> usize {
        (self.0 >> 25 & 63) as usize
    }

    /// Candidates are one edit away, or may be.
    pub const fn has_near(self) -> bool {
        self.near_count() != 0
    }

    /// The candidates one edit away are in its record.
    pub const fn near_is_listed(self) -> bool {
        self.near_count() != SEARCHED as usize
    }

    const fn is_suggestable(self) -> bool {
        self.0 >> 31 != 0
    }

    /// Share of capitals in mid-sentence, 0 to 1; `None` for a word that was not counted.
    pub fn capital_share(self) -> Option<f64> {
        (self.0 >> 14 & 127 != 0).then(|| f64::from(self.0 >> 21 & 15) / 15.0)
    }

    /// Occurrences in 51 million words of free text; 0 where seldom.
    pub fn free_count(self) -> f64 {
        match self.0 >> 14 & 127 {
            0 => 0.0,
            steps => count(steps as u8),
        }
    }

    /// Occurrences in a thousand billion words of the web; what was not counted is put at what is usual for its tier.
    /// `None` for a word that is neither counted nor listed.
    #[inline]
    pub fn web_count(self) -> Option<f64> {
        const USUAL: [f64; 10] = [3e6, 1e6, 3e5, 2e5, 1e5, 5e4, 4e4, 2e4, 5e3, 5e3];
        match (self.0 >> 6 & 255, self.0 & 15) {
            (0, 15) => self.census().then_some(2e4),
            (0, tier) => USUAL.get(tier as usize).copied(),
            (steps, _) => Some(count(steps as u8)),
        }
    }

    /// `log10` of [`Entry::web_count`], where that is known.
    #[inline]
    pub fn web_log(self) -> Option<f32> {
        match self.0 >> 6 & 255 {
            0 => self.web_count().map(|count| (count as f32).log10()),
            steps => Some(super::log10(steps as u8)),
        }
    }

    /// Frequent and well known enough to be suggested.
    pub fn is_candidate(self) -> bool {
        self.web_count().is_some_and(|count| count >= 2e5) && (self.tier() <= 70 || self.census())
    }
}

/// The number of a word in the table of counted words; runs of words are known by these. Others have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub(super) u32);

impl Id {
    pub const NONE: Self = Self(u32::MAX);

    #[inline]
    pub const fn is_known(self) -> bool {
        self.0 != Self::NONE.0
    }

    /// As a key of hash tables; there is one for [`Id::NONE`] too.
    #[inline]
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// What a row of candidates has room for.
pub(super) const MOST_WORDS: usize = 1 << 19;

/// What the tables say of a spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    pub id: Id,
    pub entry: Entry,
    /// Where its record is, in bytes.
    place: u32,
}

impl Known {
    pub const NOTHING: Self = Self { id: Id::NONE, entry: Entry::NONE, place: 0 };

    /// In three numbers, with eight bits of the caller's own.
    #[inline]
    pub const fn pack(self, bits: u8) -> [u32; 3] {
        [self.id.0 << 8 | bits as u32, self.entry.0, self.place]
    }

    /// What [`Known::pack`] packed.
    #[inline]
    pub const fn unpack([id, entry, place]: [u32; 3]) -> (Self, u8) {
        let number = if id >> 8 == Id::NONE.0 >> 8 { Id::NONE.0 } else { id >> 8 };
        (Self { id: Id(number), entry: Entry(entry), place }, id as u8)
    }
}

/// A word worth suggesting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate<'a> {
    pub word: &'a str,
    pub id: Id,
    pub entry: Entry,
}

/// A candidate one edit away from a word, as the table has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    pub id: Id,
    /// What makes the word of the candidate.
    pub edit: Edit,
    /// Both are forms of one word, or spelling variants.
    pub form: bool,
    /// How often the candidate is met in the web: `log10`, or that of 1 where it was not counted there.
    pub log: f32,
}

/// The row of a candidate one edit away from a word.
#[derive(Clone, Copy, Debug)]
pub struct NearRow(u32);

impl NearRow {
    #[inline]
    pub const fn id(self) -> Id {
        Id(self.0 & 0x7_FFFF)
    }

    /// What else it holds.
    #[inline]
    pub fn near(self) -> Near {
        let edit = Edit::of_number((self.0 >> 20 & 15) as u8);
        Near { id: self.id(), edit, form: self.0 >> 19 & 1 == 1, log: log10((self.0 >> 24) as u8) }
    }
}

/// The table of words.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    counted: Table<'a, 3, 7>,
    rare: Table<'a, 3, 1>,
    records: &'a [u8],
    far: Far<'a>,
    filter: Filter<'a>,
}

impl<'a> Words<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, LexiconError> {
        let [counted, rare, records, far, filter] = Sections::split(bytes)?;
        let counted = Table::new(counted)?;
        if counted.len() > MOST_WORDS {
            return Err(LexiconError::Damaged);
        }
        Ok(Self { counted, rare: Table::new(rare)?, records, far: Far::new(far)?, filter: Filter::new(filter)? })
    }

    /// What is known of the word with this hash.
    #[inline]
    pub fn find(&self, hash: u64) -> Known {
        if let Some((number, value)) = self.counted.find(hash) {
            return known(number, value);
        }
        match self.rare.get(hash) {
            Some([bits]) => {
                let searched = if bits & RARE_NEAR != 0 { SEARCHED << 25 } else { 0 };
                Known { entry: Entry(u32::from(bits & 63) | searched), ..Known::NOTHING }
            }
            None => Known::NOTHING,
        }
    }

    /// [`Words::find`] for a folded word.
    pub fn find_word(&self, word: &str) -> Known {
        self.find(word_hash(word))
    }

    pub fn entry(&self, word: &str) -> Entry {
        self.find_word(word).entry
    }

    /// False for a lower-case ASCII word of three letters or more that is no candidate, see [`Entry::is_candidate`]; true for those that
    /// are one, and for a few others. A look at a bitmap.
    pub fn may_be_candidate(&self, word: &str) -> bool {
        self.filter.may_contain(word)
    }

    /// True where a folded word that is in no list is known without its `'s` or plural `s`.
    pub fn knows_stem(&self, word: &str) -> bool {
        if let Some(stem) = word.strip_suffix("'s").or_else(|| word.strip_suffix("s'")) {
            return self.entry(stem).listed() || self.knows_stem(stem);
        }
        if word.contains('\'') {
            return true;
        }
        match word.strip_suffix('s') {
            Some(stem) if word.chars().nth(3).is_some() => {
                let entry = self.entry(stem);
                entry.tier() <= 70 || entry.census()
            }
            _ => false,
        }
    }

    /// The candidates one edit away from a word, in the order of the alphabet; only where [`Entry::near_is_listed`].
    #[inline]
    pub fn near(&self, known: Known) -> impl Iterator<Item = Near> {
        self.near_rows(known).map(NearRow::near)
    }

    /// Their rows: most are not worth reading further than the number.
    #[inline]
    pub fn near_rows(&self, known: Known) -> impl Iterator<Item = NearRow> {
        let count = if known.entry.near_is_listed() { known.entry.near_count() } else { 0 };
        let record = self.records.get(known.place as usize..).unwrap_or_default();
        let letters = if known.entry.is_suggestable() { 1 + record.first().map_or(0, |&len| len as usize) } else { 0 };
        let rows = record.get(letters..letters + NEAR_ROW * count).unwrap_or_default();
        rows.as_chunks().0.iter().map(|row: &[u8; NEAR_ROW]| NearRow(u32::from_le_bytes(*row)))
    }

    /// The candidates one edit away from any lower-case ASCII word, in the order of the alphabet. Takes four hundred looks
    /// at a filter.
    pub fn search_near(&self, word: &str, found: &mut Vec<Candidate<'a>>) {
        found.clear();
        self.filter.edits(word.as_bytes(), &mut |edit| {
            let known = self.find(crate::document::hash_folded(edit));
            if let Some(candidate) = self.candidate(known)
                && candidate.word.as_bytes() == edit
                && !found.iter().any(|one| one.id == candidate.id)
            {
                found.push(candidate);
            }
        });
        found.sort_by_key(|one| one.word);
    }

    /// Frequent candidates of seven letters and more with the same first letter, two edits away from a lower-case ASCII
    /// word.
    pub fn search_far(&self, word: &str, found: &mut Vec<Candidate<'a>>) {
        found.clear();
        let mut pattern = None;
        self.far.rows(word, |id| {
            let Some(candidate) = self.candidate_at(id) else { return };
            let pattern = pattern.get_or_insert_with(|| Pattern::new(word.as_bytes()));
            if pattern.distance(candidate.word.as_bytes()) == 2 {
                found.push(candidate);
            }
        });
        found.sort_by_key(|one| one.word);
    }

    /// The word with this number, if it is a candidate.
    pub fn candidate_at(&self, id: Id) -> Option<Candidate<'a>> {
        self.candidate(known(id.0 as usize, self.counted.at(id.0 as usize)?))
    }

    fn candidate(&self, known: Known) -> Option<Candidate<'a>> {
        if !known.entry.is_suggestable() {
            return None;
        }
        let (&len, rest) = self.records.get(known.place as usize..)?.split_first()?;
        let word = std::str::from_utf8(rest.get(..len as usize)?).ok()?;
        Some(Candidate { word, id: known.id, entry: known.entry })
    }
}

#[inline]
fn known(number: usize, [a, b, c, d, place @ ..]: [u8; 7]) -> Known {
    Known { id: Id(number as u32), entry: Entry(u32::from_le_bytes([a, b, c, d])), place: place3(place) as u32 }
}

/// Of a rare word: it has candidates one edit away.
pub(super) const RARE_NEAR: u8 = 1 << 6;
/// In place of a number of candidates: they are not listed.
pub(super) const SEARCHED: u32 = 63;

/// Bytes of a row of candidates: 19 bits number, 1 bit form, 4 bits edit, 8 bits how often in the web.
const NEAR_ROW: usize = 4;

pub(super) fn near_row(id: u32, word: &str, near: &str, web_steps: u32) -> [u8; NEAR_ROW] {
    let form = regular_inflection(word, near) || spelling_variants(word, near);
    (id | u32::from(form) << 19 | u32::from(Edit::between(word, near).0 as u8) << 20 | web_steps << 24).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use crate::lexicon::{Edit, Id, Lexicon};

    #[test]
    fn the_listed_candidates_are_those_that_a_search_finds() {
        let words = &Lexicon::english().words;
        let mut found = Vec::new();
        for word in ["minster", "house", "public", "trial", "form", "lead", "their", "quite", "principal", "weather"] {
            let known = words.find_word(word);
            assert!(known.entry.near_is_listed() && known.id.is_known(), "{word}");
            words.search_near(word, &mut found);
            let listed: Vec<(Id, Edit)> = words.near(known).map(|near| (near.id, near.edit)).collect();
            let searched: Vec<(Id, Edit)> = found.iter().map(|one| (one.id, Edit::between(word, one.word).0)).collect();
            assert_eq!(listed, searched, "{word}");
            assert!(!listed.is_empty() && words.candidate_at(known.id).is_none_or(|own| own.word == word));
        }
    }

    #[test]
    fn forms_are_marked_and_far_words_are_found() {
        let words = &Lexicon::english().words;
        let forms = |word: &str| {
            let near = words.near(words.find_word(word)).filter(|near| near.form);
            near.filter_map(|near| words.candidate_at(near.id)).map(|one| one.word).collect::<Vec<_>>()
        };
        assert!(forms("house").contains(&"houses") && !forms("house").contains(&"horse"));
        let mut found = Vec::new();
        for word in ["govermetn", "governmnnet"] {
            words.search_far(word, &mut found);
            assert!(found.iter().any(|one| one.word == "government"), "{word}");
        }
    }

    #[test]
    fn a_pair_that_was_met_passes_the_filter() {
        let lexicon = Lexicon::english();
        let id = |word: &str| lexicon.words.find_word(word).id;
        let (prime, minister, minster) = (id("prime"), id("minister"), id("minster"));
        assert!(lexicon.pairs.may_contain(prime, minister) && lexicon.pairs.web(prime, minister) > 0.0);
        assert!(lexicon.pairs.web(prime, minster) == 0.0 && !lexicon.pairs.may_contain(prime, Id::NONE));
        assert!(lexicon.trigrams.contains([id("the"), prime, minister]));
    }
}
