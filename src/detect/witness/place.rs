//! By what a paragraph of a run is known, though a few of its words are others.

use xxhash_rust::xxh3::xxh3_64;

/// Shorter lines, in bytes, are nobody's: bylines, headings. A dozen words have seventy.
const MIN_LINE: usize = 60;

/// Letters and digits of a line, in bytes, that tell it from others: eight words or nine.
const KEY: usize = 48;

/// What a paragraph is known by: how its first line begins, and how it ends; zeros where it is too short to tell it from others.
pub type Keys = [u64; 2];

/// What a paragraph is known by, and what stands around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub keys: Keys,
    /// How many letters and digits it has, in bytes.
    pub letters: usize,
    /// The paragraphs above and below it.
    pub beside: [Keys; 2],
}

impl Place {
    /// Whether the paragraph is the same, with a few other words. One that only begins or ends alike may share no more than a phrase (`In a
    /// filing with the Securities and Exchange Commission, the company …`): it must be as long, and `odd` by itself.
    pub(super) fn is_copy_of(&self, other: &Self, odd: bool) -> bool {
        let apart = self.letters.abs_diff(other.letters);
        match (self.keys[0] == other.keys[0], self.keys[1] == other.keys[1]) {
            (true, true) => true,
            (true, false) => odd && apart * SAME_LENGTH <= self.letters.max(other.letters),
            (false, _) => odd && apart <= FEW_LETTERS,
        }
    }

    /// Whether a paragraph beside it stands beside the other one, too.
    pub(super) fn goes_on_like(&self, other: &Self) -> bool {
        let alike = |(one, there): (&Keys, &Keys)| one.iter().zip(there).any(|(key, there)| *key != 0 && key == there);
        self.beside.iter().zip(&other.beside).any(alike)
    }
}

/// One letter in so many may be more or less in a paragraph with the same beginning and another end.
const SAME_LENGTH: usize = 10;

/// Letters by which a paragraph with another beginning may be longer than the one that it is a copy of.
const FEW_LETTERS: usize = 6;

/// The keys of the paragraphs of a text, each once. Lines inside a paragraph are counted in vain.
pub fn paragraphs(text: &str) -> Vec<u64> {
    let mut keys: Vec<u64> = text.lines().flat_map(keys).filter(|&key| key != 0).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The keys of a paragraph. Punctuation, spaces and case do not count.
pub fn keys(paragraph: &str) -> Keys {
    let line = first_line(paragraph);
    if line.len() < MIN_LINE { Keys::default() } else { [key(line.bytes(), 0), key(line.bytes().rev(), 1)] }
}

/// How many letters and digits the first line of a paragraph has, in bytes.
pub fn letters(paragraph: &str) -> usize {
    first_line(paragraph).bytes().filter(|&byte| LETTERS[usize::from(byte)] != 0).count()
}

fn first_line(paragraph: &str) -> &str {
    paragraph.lines().next().unwrap_or_default().trim()
}

/// Letters and digits in lower case, other bytes that are not ASCII as they are, 0 for the rest.
const LETTERS: [u8; 256] = {
    let mut letters = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        if (byte as u8).is_ascii_alphanumeric() || byte >= 128 {
            letters[byte] = (byte as u8).to_ascii_lowercase();
        }
        byte += 1;
    }
    letters
};

fn key(line: impl Iterator<Item = u8>, end: u8) -> u64 {
    let mut bytes = [end; KEY + 1];
    let mut len = 0;
    // What is no letter is written, too, and then over it: to ask each byte whether it is one takes longer.
    for byte in line {
        let Some(place) = bytes.get_mut(len + 1) else { break };
        let letter = LETTERS[usize::from(byte)];
        *place = letter;
        len += usize::from(letter != 0);
    }
    bytes[len + 1..].fill(end);
    xxh3_64(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_with_other_words_at_one_end_is_known() {
        let line = "The council of Hallby said on Monday that it would raise the wall of the harbour by a metre, and that the work begins in spring.";
        let [begin, end] = keys(line);
        assert_eq!(keys(&line.replace("work begins in spring.", "repairs are to begin in May."))[0], begin);
        assert_eq!(keys(&line.replace("The council", "“The Council”"))[1], end);
        assert_eq!(keys(&line.to_uppercase()), [begin, end]);
        assert_eq!(keys("By Ingrid Solberg"), [0, 0]);
    }
}
