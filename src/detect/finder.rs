//! Finds many literals at once: a filter of a few bytes at a time, and a look at the literals behind what passes it.
//!
//! An Aho-Corasick DFA of two thousand literals is larger than the caches near a core, so that each byte waits for the
//! one before it (8 ns a byte measured, and 5 ms to build), while here every place is looked up by itself in four bitmaps
//! that stay in the cache (2 ns, and next to nothing to build). Each literal is found by its rarest window of six bytes, a shorter one by
//! its rarest four bytes, or by all that it has.

/// Literals, and what each is found by.
#[derive(Debug)]
pub struct Finder {
    /// As given, in lower case (ASCII).
    literals: Vec<String>,
    sixes: Windows,
    quads: Windows,
    triples: Windows,
    pairs: Windows,
    single: Windows,
    /// What is looked at of every place: whether one of `sixes` may begin there; one of `quads` or `triples`, by its first three bytes;
    /// one of `pairs` or `single`, by two.
    by_six: Screen<{ 1 << 12 }>,
    by_three: Screen<{ 1 << 10 }>,
    by_two: Screen<{ 1 << 10 }>,
}

/// One bit for each hash of a window, so many words of 64; most places of a text are done with here.
#[derive(Debug)]
struct Screen<const WORDS: usize>(Box<[u64; WORDS]>);

impl<const WORDS: usize> Screen<WORDS> {
    const BITS: u32 = 6 + WORDS.ilog2();

    fn new(windows: impl IntoIterator<Item = u64>) -> Self {
        let mut words = Box::new([0; WORDS]);
        windows.into_iter().map(|window| hash(window, Self::BITS)).for_each(|hash| words[hash >> 6] |= 1 << (hash & 63));
        Self(words)
    }

    #[inline]
    const fn may_hold(&self, window: u64) -> bool {
        let hash = hash(window, Self::BITS);
        self.0[hash >> 6] >> (hash & 63) & 1 == 1
    }
}

/// Windows of one length, folded to lower case, by their hash.
#[derive(Debug)]
struct Windows {
    /// Bits of the hash.
    bits: u32,
    /// Where each bucket, one for each hash, starts among the entries.
    starts: Vec<u32>,
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    window: u64,
    literal: u32,
    /// Bytes from the start of the literal to its window.
    offset: u32,
    /// Up to four bytes of the literal, folded; outside the window where there are so many. What stands in the text instead tells nearly
    /// all windows that are there by chance, without a look at the literal.
    beside: u64,
    /// From the window to them.
    shift: i32,
    /// How many they are.
    len: u32,
}

impl Entry {
    fn new(literal: &[u8], number: usize, offset: usize, window: &[u8]) -> Self {
        let len = literal.len().min(QUAD);
        let start = if offset + window.len() + len <= literal.len() { offset + window.len() } else { offset.saturating_sub(len) };
        let start = start.min(literal.len() - len);
        Self {
            window: folded(window),
            literal: number as u32,
            offset: offset as u32,
            beside: folded(&literal[start..start + len]),
            shift: start as i32 - offset as i32,
            len: len as u32,
        }
    }

    /// Whether what stands beside the window at byte `at` may be of the literal.
    #[inline]
    fn may_stand(&self, bytes: &[u8], at: usize) -> bool {
        let start = at.wrapping_add_signed(self.shift as isize);
        bytes.get(start..start.wrapping_add(self.len as usize)).is_some_and(|here| folded(here) == self.beside)
    }
}

/// Bytes that are read at each place.
const READ: usize = 8;
/// Bytes of the windows.
const SIX: usize = 6;
const QUAD: usize = 4;
const TRIPLE: usize = 3;
const PAIR: usize = 2;
const SINGLE: usize = 1;
/// The fewest and the most bits of the hash that chooses a bucket.
const LEAST_BITS: u32 = 8;
const MOST_BITS: u32 = 20;
/// So few windows, of one rule that is proved by itself, are not worth so many: its tables are made for two short texts.
const FEW: usize = 8;
const BITS_OF_FEW: u32 = 4;

impl Finder {
    /// Literals in lower case (ASCII); an empty one is never found.
    pub fn new(literals: Vec<String>) -> Self {
        let mut windows = [SIX, QUAD, TRIPLE, PAIR, SINGLE].map(|len| (len, Vec::new()));
        for (number, literal) in literals.iter().enumerate() {
            let bytes = literal.as_bytes();
            let Some((len, entries)) = windows.iter_mut().find(|(len, _)| bytes.len() >= *len) else { continue };
            // A literal that runs over a line break is found by its start, so that what is found comes in the order of the lines.
            let places = if bytes.contains(&b'\n') { 1 } else { bytes.len() };
            let offset = rarest(bytes, *len, places);
            entries.push(Entry::new(bytes, number, offset, &bytes[offset..offset + *len]));
        }
        let [sixes, quads, triples, pairs, single] = windows.map(|(_, entries)| Windows::new(entries));
        let starts =
            |windows: &Windows, bytes: u32| windows.entries.iter().map(move |entry| first(entry.window, bytes)).collect::<Vec<u64>>();
        let threes = [&quads, &triples].map(|windows| starts(windows, 3)).concat();
        let begin = single.entries.iter().flat_map(|entry| (0..=0xff).map(|second| entry.window | second << 8));
        let (by_six, by_three) = (Screen::new(starts(&sixes, 6)), Screen::new(threes));
        let by_two = Screen::new(starts(&pairs, 2).into_iter().chain(begin));
        Self { literals, sixes, quads, triples, pairs, single, by_six, by_three, by_two }
    }

    /// Tells `found` of every occurrence in either case (ASCII): the number of the literal and its first byte; in the order of the lines.
    pub fn find(&self, text: &str, mut found: impl FnMut(usize, usize)) {
        let bytes = text.as_bytes();
        let mut look = |windows: &Windows, window: u64, at: usize| {
            for entry in windows.of(window).iter().filter(|entry| entry.window == window && entry.may_stand(bytes, at)) {
                let literal = &self.literals[entry.literal as usize];
                let start = at.wrapping_sub(entry.offset as usize);
                let here = bytes.get(start..start.wrapping_add(literal.len()));
                if here.is_some_and(|here| here.eq_ignore_ascii_case(literal.as_bytes())) {
                    found(entry.literal as usize, start);
                }
            }
        };
        for (at, window) in bytes.windows(READ).enumerate() {
            let read = folded(window);
            let (six, three, two) = (first(read, 6), first(read, 3), first(read, 2));
            if self.by_six.may_hold(six) {
                look(&self.sixes, six, at);
            }
            if self.by_three.may_hold(three) {
                look(&self.quads, first(read, 4), at);
                look(&self.triples, three, at);
            }
            if self.by_two.may_hold(two) {
                look(&self.pairs, two, at);
                look(&self.single, first(read, 1), at);
            }
        }
        for at in bytes.len().saturating_sub(READ - 1)..bytes.len() {
            let all = [(&self.sixes, SIX), (&self.quads, QUAD), (&self.triples, TRIPLE), (&self.pairs, PAIR), (&self.single, SINGLE)];
            for (windows, len) in all {
                if let Some(window) = bytes.get(at..at + len) {
                    look(windows, folded(window), at);
                }
            }
        }
    }
}

/// Up to eight bytes as a number, ASCII letters in lower case; `@` and `[` to `_` fall together with `` ` `` and `{` to
/// DEL, which only costs a second look.
#[inline]
fn folded(window: &[u8]) -> u64 {
    let window = window.first_chunk().map_or_else(
        || window.iter().rev().fold(0, |folded, &byte| folded << 8 | u64::from(byte)),
        |whole: &[u8; READ]| u64::from_le_bytes(*whole),
    );
    window | (window & 0x4040_4040_4040_4040) >> 1
}

/// The first so many of the bytes that were read.
#[inline]
const fn first(read: u64, bytes: u32) -> u64 {
    read & !(u64::MAX << (8 * bytes))
}

/// See [`commonness`].
pub(super) const STEP: f64 = 2.5;

/// How common a piece of text in lower case is in English prose: the logarithm of its share as the chain of its pairs of letters, in steps
/// of a factor of [`STEP`].
pub(super) fn commonness(window: &[u8]) -> i32 {
    let pairs = window.windows(2).map(|pair| of_pair(pair[0], pair[1]));
    let within = window.iter().skip(1).take(window.len().saturating_sub(2)).map(|&byte| of_letter(byte));
    pairs.sum::<i32>() - within.sum::<i32>()
}

/// Where the first of the rarest windows of `len` bytes begins, of those that begin at one of the first `places`. There is one.
fn rarest(bytes: &[u8], len: usize, places: usize) -> usize {
    let mut here = commonness(&bytes[..len]);
    let mut least = (here, 0);
    for at in 1..places.min(bytes.len() - len + 1) {
        // From each window to the next a pair and a letter between pairs fall away, and others come in.
        if len > 1 {
            here += of_pair(bytes[at + len - 2], bytes[at + len - 1]) - of_pair(bytes[at - 1], bytes[at]);
        }
        if len > 2 {
            here += of_letter(bytes[at]) - of_letter(bytes[at + len - 2]);
        }
        if here < least.0 {
            least = (here, at);
        }
    }
    least.1
}

// Both tables are in the order of space, then a to z, and were counted over the words of the shipped table of word pairs.
const LETTERS: &[u8; 27] = b"986778677845778874888766464";
const PAIRS: [&[u8; 27]; 27] = [
    b"098887877855787884889768153",
    b"716773563745868262878565363",
    b"463127001630620600554621060",
    b"670517007705601812647600051",
    b"961248242720442620550642040",
    b"974787664624778565987465652",
    b"760006620700500700625600030",
    b"861027246600525600643500040",
    b"773228101700334700535502040",
    b"576877662124779853788371316",
    b"040004000200000500000500000",
    b"540016112500314320241201020",
    b"872368430703732740366643070",
    b"675008200700263760150600040",
    b"872787584734555732378552151",
    b"755663754524778561877866242",
    b"560127105500640760745500020",
    b"210000000100000000000600000",
    b"884669463805566740677653061",
    b"962528426704552762478703040",
    b"871318308800543720776615060",
    b"465666450603767350777021121",
    b"360008000700000500000200020",
    b"660026206600305600342000020",
    b"430404001400000150004200010",
    b"832315010400232530352101001",
    b"250005000400000200000200000",
];

fn place(byte: u8) -> Option<usize> {
    match byte {
        b' ' => Some(0),
        b'a'..=b'z' => Some(usize::from(byte - b'a') + 1),
        _ => None,
    }
}

fn step(digit: u8) -> i32 {
    i32::from(digit) - i32::from(b'9')
}

fn of_pair(left: u8, right: u8) -> i32 {
    if let Some((left, right)) = place(left).zip(place(right)) {
        return step(PAIRS[left][right]);
    }
    // By rule of thumb: what is no letter is as rare as the rarest pair, but sentences end, and years and dates are everywhere.
    match (left, right) {
        (b',' | b'.', b' ') => -2,
        (b'a'..=b'z', b',' | b'.') | (b' ' | b'0'..=b'9', b'0'..=b'9') | (b'0'..=b'9', b' ') => -4,
        (b',' | b'.', b'0'..=b'9') | (b'0'..=b'9', b',' | b'.') => -6,
        _ => -9,
    }
}

/// The commonest letter, a space, is two steps more common than the commonest pair.
fn of_letter(byte: u8) -> i32 {
    match byte {
        b',' | b'.' => -1,
        // Of a digit behind another one nothing is to be learned.
        b'0'..=b'9' => -4,
        _ => place(byte).map_or(-5, |at| step(LETTERS[at]) + 2),
    }
}

impl Windows {
    fn new(mut entries: Vec<Entry>) -> Self {
        let least = if entries.len() <= FEW { BITS_OF_FEW } else { LEAST_BITS };
        let bits = (usize::BITS - entries.len().leading_zeros() + 1).clamp(least, MOST_BITS);
        let mut starts = vec![0; (1 << bits) + 1];
        entries.sort_by_key(|entry| hash(entry.window, bits));
        for entry in &entries {
            starts[hash(entry.window, bits) + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Self { bits, starts, entries }
    }

    /// Those of its bucket.
    fn of(&self, window: u64) -> &[Entry] {
        let bucket = hash(window, self.bits);
        &self.entries[self.starts[bucket] as usize..self.starts[bucket + 1] as usize]
    }
}

/// The top `bits` bits of a multiplicative hash (Knuth, The Art of Computer Programming 3, 6.4).
#[inline]
const fn hash(window: u64, bits: u32) -> usize {
    (window.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - bits)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use aho_corasick::AhoCorasick;
    use proptest::prelude::*;

    fn found(literals: &[&str], text: &str) -> Vec<(usize, usize)> {
        let mut all = Vec::new();
        Finder::new(literals.iter().map(ToString::to_string).collect()).find(text, |literal, at| all.push((literal, at)));
        all.sort_unstable();
        all
    }

    #[test]
    fn literals_of_any_length_are_found_to_the_ends_of_the_text() {
        assert_eq!(found(&["by", "share this", "via"], "By me. SHARE this vIa"), [(0, 0), (1, 7), (2, 18)]);
        assert_eq!(found(&["by"], "by"), [(0, 0)]);
        assert_eq!(found(&["via", "by"], "by via"), [(0, 3), (1, 0)]);
        assert_eq!(found(&["via", "by"], "via"), [(0, 0)]);
        assert_eq!(found(&["\u{1b}", "\0", "v"], "a V\0 \u{1b}"), [(0, 5), (1, 3), (2, 2)]);
        assert_eq!(found(&["share", ""], "shar"), []);
        assert_eq!(found(&["by", "share"], "b"), []);
        assert_eq!(found(&[], "anything"), []);
    }

    #[test]
    fn bytes_that_fold_together_are_told_apart() {
        assert_eq!(found(&["[url", "{{"], "{url [URL {["), [(0, 5)]);
    }

    #[test]
    fn lines_come_in_their_order() {
        let finder = Finder::new(vec!["share this article".into(), "a\nb and more".into(), "this".into()]);
        let text = "this\nshare this article\na\nb and more\nthis";
        let mut lines = Vec::new();
        finder.find(text, |_, at| lines.push(text[..at].matches('\n').count()));
        assert_eq!(lines.len(), 5);
        assert!(lines.is_sorted(), "{lines:?}");
    }

    proptest! {
        #[test]
        fn the_rarest_window_is_found_by_running_sums(text in "[a-e 0-9é\\-]{6,20}", places in 1usize..24) {
            let bytes = text.as_bytes();
            for len in [SIX, QUAD, PAIR, SINGLE] {
                let costs = bytes.windows(len).take(places).map(commonness);
                prop_assert_eq!(Some(rarest(bytes, len, places)), costs.enumerate().min_by_key(|&(_, cost)| cost).map(|(at, _)| at));
            }
        }

        #[test]
        fn it_finds_what_an_automaton_finds(
            literals in prop::collection::vec("[ab\\[{ é\u{1}]{1,7}", 0..40),
            text in "[abAB\\[{ éÉ\n\u{1}]{0,80}",
        ) {
            let automaton = AhoCorasick::builder().ascii_case_insensitive(true).build(&literals).unwrap();
            let mut expected: Vec<(usize, usize)> =
                automaton.find_overlapping_iter(&text).map(|hit| (hit.pattern().as_usize(), hit.start())).collect();
            expected.sort_unstable();
            prop_assert_eq!(found(&literals.iter().map(String::as_str).collect::<Vec<_>>(), &text), expected);
        }
    }
}
