//! Where the line runs between a repeat and what merely recurs: `docs/repeats.md` gives the reasons.

use super::align::{Change, Run, differences};
use super::keys::Keys;
use super::scan::Repeat;
use super::shingle::SHINGLE;
use crate::detect::citation::{AUTHORS, is_entry};
use crate::document::{BlockKind, Document, Shape, Word, fold, is_code};
use crate::text::Span;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::HashMap;
use std::ops::Range;

/// What kind of repeat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// Blocks, or sentences together, with the same words.
    #[default]
    Exact,
    /// The same with up to a tenth of the words changed.
    Near,
    /// One sentence inside another paragraph.
    Sentence,
}

/// Fewest words of a repeat of running text.
pub const MIN_WORDS: usize = 12;
/// Fewest different words of a repeat.
const VARIETY: usize = MIN_WORDS * 2 / 3;
/// Fewest words of a repeat that has no sentence of its own: titles, captions, signatures recur.
const MIN_LABEL: usize = 20;
/// Fewest different words of a repeat made of short lines: refrains, rows of a table, lists recur.
const MIN_LINES: usize = 50;
/// Fewest words of a repeat that starts or ends in the middle of a sentence, or of a changed part of a paragraph.
const MIN_FRAGMENT: usize = 40;
/// Most words of a pull quote.
const MAX_QUOTE: usize = 60;
/// Largest share of the words that may be changed.
pub const MAX_CHANGED: f64 = 0.1;
/// Fewest words in which names and numbers alone may differ; below, two entries of one list, or a form filled in twice.
const MIN_VARIED: usize = 100;
/// Fewest words of an item of a list that may differ from another: steps of a procedure, entries of a reference.
const MIN_ITEM: usize = 60;
/// Bytes of the longest verb that leads in what is quoted.
const VERB: usize = 8;
/// The most words that name whoever is quoted: `Tor Berg of Hallby wrote:`.
const SPEAKER: usize = 5;
/// Words that count, as figures do.
const COUNTS: &str =
    "one two three four five six seven eight nine ten eleven twelve first second third fourth fifth sixth seventh eighth ninth tenth";
/// How many words a run may grow or shrink to end where a block or a sentence ends.
const FIT: usize = 24;

pub struct Judge<'d> {
    document: &'d Document,
    /// First words of text that was quoted once, and of the quote.
    quoted: HashMap<usize, usize>,
}

/// Whether there are enough different words, with letters or without.
fn is_varied<K: Keys + ?Sized>(keys: &K, words: Range<usize>) -> bool {
    let mut met: [Option<u64>; VARIETY] = [None; VARIETY];
    for key in words.map(|word| keys.key(word)) {
        match met.iter_mut().find(|met| met.is_none_or(|met| met == key)) {
            Some(slot) => *slot = Some(key),
            None => return true,
        }
    }
    met[VARIETY - 1].is_some()
}

impl<'d> Judge<'d> {
    pub fn new(document: &'d Document) -> Self {
        Self { document, quoted: HashMap::new() }
    }

    /// What a run is once it has been fitted to blocks and sentences (see [`Self::fit`]); nothing where it merely recurs.
    pub fn repeat(&mut self, run: Run) -> Option<Repeat> {
        let form = self.form(&run)?;
        let (copy, first) = (self.span(run.copy.start, run.copy.end), self.span(run.first.start, run.first.end));
        let text = &self.document.text;
        let identical = copy.of(text) == first.of(text);
        let certain = identical && self.starts_sentence(run.copy.start) && self.ends_sentence(run.copy.end);
        (identical || self.same_words(&run)).then_some(Repeat { form, run, copy, first, certain })
    }

    /// The form of the repeat, or nothing where the run is none.
    fn form(&mut self, run: &Run) -> Option<Form> {
        let count = run.copy.len();
        if count < MIN_WORDS || self.variety(run.copy.clone(), VARIETY) < VARIETY {
            return None;
        }
        let whole = self.holds_a_block(run);
        if whole && !self.is_running_text(run) && self.variety(run.copy.clone(), MIN_LINES) < MIN_LINES {
            return None;
        }
        if self.is_quoted_back(run) || self.is_code(run) {
            return None;
        }
        if !run.changes.is_empty() {
            let fits = run.changed() as f64 <= MAX_CHANGED * count as f64;
            let enough = count >= if whole { MIN_LABEL } else { MIN_FRAGMENT };
            let varied = count >= MIN_VARIED || !self.is_filled_in(run);
            let prose = (count >= MIN_ITEM || !self.holds_an_item(run)) && !self.is_set_in_capitals(run.copy.clone());
            // A reference says the same of the next function, a tutorial shows its code once more with a line added.
            return (fits && enough && varied && prose && !self.document.is_technical()).then_some(Form::Near);
        }
        if whole {
            let stops = self.stops(run.copy.end);
            let alone = self.is_one_block(run.copy.start, run.copy.end);
            if alone && !stops && count < MIN_LABEL {
                return None;
            }
            if alone && count <= MAX_QUOTE && self.is_drawn_from_more(run) && self.is_first_quote(run) {
                return None;
            }
            return Some(Form::Exact);
        }
        let (starts, ends) =
            (self.starts_sentence(run.copy.start) || self.starts_sentence(run.first.start), self.ends_sentence(run.copy.end));
        if !(starts && ends) {
            return (count >= MIN_FRAGMENT).then_some(Form::Exact);
        }
        if self.is_one_block(run.first.start, run.first.end) && self.is_all_quoted(run) && self.is_first_quote(run) {
            return None;
        }
        let several = self.sentences_in(run) > 1 && count >= MIN_LABEL;
        let listed = [run.copy.start, run.first.start].iter().all(|&word| self.is_in_entry(word));
        if listed || (!several && (self.holds_an_item(run) || self.leads_on(run) || self.is_footnote(run) || self.document.is_technical()))
        {
            return None;
        }
        Some(if several { Form::Exact } else { Form::Sentence })
    }

    /// One quote is allowed of each place.
    fn is_first_quote(&mut self, run: &Run) -> bool {
        *self.quoted.entry(run.first.start).or_insert(run.copy.start) == run.copy.start
    }

    /// Lets the run end where blocks end, or else sentences: a few words more where they agree well enough, or fewer.
    pub fn fit(&self, run: Run, floor: usize) -> Option<Run> {
        let run = self.fit_end(self.fit_start(run, floor)?)?;
        Some(run).filter(|run| run.copy.len() >= MIN_WORDS)
    }

    fn fit_start(&self, mut run: Run, floor: usize) -> Option<Run> {
        // A word or two at the end of the block before agree by chance.
        let next_block = self.block_end(run.copy.start + 1);
        if !self.starts_sentence(run.copy.start) && next_block - run.copy.start < SHINGLE && next_block < run.copy.end {
            run = run.part(next_block, run.copy.end);
        }
        let (copy, first) = (run.copy.start, run.first.start);
        let (block_copy, block_first) = (self.block_start(copy), self.block_start(first));
        let settled = copy == block_copy || (first == block_first && self.starts_sentence(copy));
        if settled {
            return Some(run);
        }
        let at_sentence = self.starts_sentence(copy) && self.starts_sentence(first);
        if block_copy >= floor.max(run.first.end) && self.lengthen(&mut run, block_copy..copy, block_first..first, at_sentence) {
            return Some(run);
        }
        if self.starts_sentence(copy) || self.starts_sentence(first) {
            return Some(run);
        }
        // Forward to the next sentence on either side.
        let next_copy = self.next_sentence(copy);
        let next_first = run.copy_at(self.next_sentence(first));
        let start = next_copy.min(next_first);
        Some(if start <= copy + FIT * 2 && start < run.copy.end { run.part(start, run.copy.end) } else { run })
    }

    fn fit_end(&self, mut run: Run) -> Option<Run> {
        let (copy, first) = (run.copy.end, run.first.end);
        let (block_copy, block_first) = (self.block_end(copy), self.block_end(first));
        let settled = copy == block_copy || (first == block_first && self.ends_sentence(copy));
        if settled {
            return Some(run);
        }
        let at_sentence = self.ends_sentence(copy) && self.ends_sentence(first);
        if block_first <= run.copy.start && self.lengthen(&mut run, copy..block_copy, first..block_first, at_sentence) {
            return Some(run);
        }
        if self.ends_sentence(copy) {
            return Some(run);
        }
        let end = self.last_sentence_end(copy);
        Some(if end + FIT * 2 >= copy && end > run.copy.start { run.part(run.copy.start, end) } else { run })
    }

    /// Takes the words before or after the run into it, if not too many of them differ.
    fn lengthen(&self, run: &mut Run, copy: Range<usize>, first: Range<usize>, at_sentence: bool) -> bool {
        if copy.len().max(first.len()) > FIT {
            return false;
        }
        let hashes = |range: &Range<usize>| self.document.words.range(range.clone()).map(|word| word.hash).collect::<Vec<u64>>();
        let (ours, theirs) = (hashes(&copy), hashes(&first));
        let changes: Vec<Change> = differences(&ours, &theirs)
            .into_iter()
            .map(|(x, y)| Change { copy: copy.start + x.start..copy.start + x.end, first: first.start + y.start..first.start + y.end })
            .collect();
        let changed: usize = changes.iter().map(Change::words).sum();
        // Another sentence altogether is no part of the copy.
        if at_sentence && changed * 2 > ours.len().min(theirs.len()) {
            return false;
        }
        if (run.changed() + changed) as f64 > MAX_CHANGED * (run.copy.len() + copy.len()) as f64 {
            return false;
        }
        if copy.end == run.copy.start {
            (run.copy.start, run.first.start) = (copy.start, first.start);
            run.changes.splice(0..0, changes);
        } else {
            (run.copy.end, run.first.end) = (copy.end, first.end);
            run.changes.extend(changes);
        }
        true
    }

    /// Index of the block that holds word `word`.
    fn block_of(&self, word: usize) -> usize {
        self.document.blocks.partition_point(|block| block.words().end <= word)
    }

    /// Index of the sentence that holds word `word`.
    fn sentence_of(&self, word: usize) -> usize {
        self.document.sentences.partition_point(|sentence| sentence.words().end <= word)
    }

    fn block_start(&self, word: usize) -> usize {
        self.document.blocks[self.block_of(word)].words().start
    }

    /// End of the block that holds the word before `end`.
    fn block_end(&self, end: usize) -> usize {
        self.document.blocks[self.block_of(end - 1)].words().end
    }

    fn starts_sentence(&self, word: usize) -> bool {
        self.document.sentences[self.sentence_of(word)].words().start == word
    }

    fn ends_sentence(&self, end: usize) -> bool {
        self.document.sentences[self.sentence_of(end - 1)].words().end == end
    }

    /// The first word of the next sentence.
    fn next_sentence(&self, word: usize) -> usize {
        self.document.sentences[self.sentence_of(word)].words().end
    }

    /// Where the last sentence before word `end` ends.
    fn last_sentence_end(&self, end: usize) -> usize {
        self.document.sentences[self.sentence_of(end - 1)].words().start
    }

    /// The run holds all words of at least one block of the copy.
    fn holds_a_block(&self, run: &Run) -> bool {
        let start = if self.block_start(run.copy.start) == run.copy.start { run.copy.start } else { self.block_end(run.copy.start + 1) };
        start < run.copy.end && self.block_end(start + 1) <= run.copy.end
    }

    /// The original goes on where the copy ends: at most three quarters of its block are in the copy.
    fn is_drawn_from_more(&self, run: &Run) -> bool {
        let block = self.block_start(run.first.start)..self.block_end(run.first.start + 1);
        run.first.end <= block.end && run.first.len() * 4 <= block.len() * 3
    }

    fn is_one_block(&self, start: usize, end: usize) -> bool {
        self.block_start(start) == start && self.block_end(start + 1) == end
    }

    /// Sentences that lie wholly in the copy.
    fn sentences_in(&self, run: &Run) -> usize {
        let from = self.document.sentences.partition_point(|sentence| sentence.words().start < run.copy.start);
        self.sentence_of(run.copy.end - 1) + 1 - from.min(self.sentence_of(run.copy.end - 1) + 1)
    }

    /// The bytes of words `start..end`, with the punctuation of the blocks and sentences that begin and end there.
    fn span(&self, start: usize, end: usize) -> Span {
        let document = self.document;
        let (block, sentence) = (&document.blocks[self.block_of(start)], &document.sentences[self.sentence_of(start)]);
        let from = match start {
            _ if block.words().start == start => block.span.start,
            _ if sentence.words().start == start => sentence.span().start,
            _ => self.word(start).start,
        };
        let (block, sentence) = (&document.blocks[self.block_of(end - 1)], &document.sentences[self.sentence_of(end - 1)]);
        let to = match end {
            _ if block.words().end == end => block.span.end,
            _ if sentence.words().end == end => sentence.span().end,
            _ => self.word(end - 1).end,
        };
        Span::new(from, to)
    }

    fn word(&self, at: usize) -> Span {
        self.document.words.range(at..at + 1).next().map(|word| word.span()).unwrap_or_default()
    }

    /// Whether a repeat may begin or go on here: a few words further on there are enough different ones.
    pub fn is_varied<K: Keys + ?Sized>(&self, keys: &K, at: usize) -> bool {
        let ahead = at..keys.len().min(at + 2 * MIN_WORDS);
        // Near the end what stands before may be part of it.
        ahead.len() < 2 * MIN_WORDS || (is_varied(keys, ahead.clone()) && self.variety(ahead, VARIETY) == VARIETY)
    }

    /// Different words with letters; counts no further than `enough`.
    fn variety(&self, words: Range<usize>, enough: usize) -> usize {
        let mut met: Vec<u64> = Vec::with_capacity(enough);
        for word in self.document.words.range(words) {
            if word.shape.has(Shape::LETTER) && !met.contains(&word.hash) {
                met.push(word.hash);
                if met.len() == enough {
                    break;
                }
            }
        }
        met.len()
    }

    /// A line of the copy, or a paragraph broken over lines, is long enough for prose.
    fn is_running_text(&self, run: &Run) -> bool {
        let document = self.document;
        let mut block = self.block_of(run.copy.start);
        while block < document.blocks.len() && document.blocks[block].words().start < run.copy.end {
            let words = document.blocks[block].words();
            let words = words.start.max(run.copy.start)..words.end.min(run.copy.end);
            let kind = document.blocks[block].kind;
            let is_prose = matches!(kind, BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Quote);
            if is_prose && words.len() >= MIN_WORDS && self.has_a_long_line(words.clone()) && !self.is_title(words) {
                return true;
            }
            block += 1;
        }
        false
    }

    /// Lines that each open with a capital or a number are verses or rows; others were broken in mid-sentence.
    fn has_a_long_line(&self, words: Range<usize>) -> bool {
        let document = self.document;
        let lines = document.lines();
        let (mut line_end, mut on_line, mut starts, mut opened) = (0, 0, 0usize, 0usize);
        for word in document.words.range(words) {
            if word.span().start >= line_end {
                line_end = lines.full(lines.line_of(word.span().start), &document.text).end;
                on_line = 0;
                starts += 1;
                opened += usize::from(word.shape.is_capitalised() || word.shape.has(Shape::DIGIT));
            }
            on_line += 1;
            if on_line >= MIN_WORDS {
                return true;
            }
        }
        opened * 4 < starts * 3
    }

    /// Set in capitals as titles are: headings stand in a table of contents, too.
    fn is_title(&self, words: Range<usize>) -> bool {
        let long = || self.document.words.range(words.clone()).filter(|word| word.shape.is_alphabetic() && word.span().len() > 3);
        let count = long().count();
        count >= 4 && long().filter(|word| word.shape.is_capitalised() && !word.shape.has(Shape::INNER_CAPITAL)).count() * 3 >= count * 2
    }

    /// Most words have a capital, or are set in capitals: names of goods, headlines.
    fn is_set_in_capitals(&self, words: Range<usize>) -> bool {
        let letters = || self.document.words.range(words.clone()).filter(|word| word.shape.has(Shape::LETTER));
        letters().filter(|word| word.shape.any(Shape::CAPITAL)).count() * 3 > letters().count() * 2
    }

    /// The copy ends with a mark that ends a sentence.
    fn stops(&self, end: usize) -> bool {
        let block = &self.document.blocks[self.block_of(end - 1)];
        block.span.of(&self.document.text).ends_with(['.', '!', '?', '…', '"', '”', '»', '。', '！', '？', '」'])
    }

    /// The first place is quoted as a whole: a pull quote that stands before the paragraph it was drawn from.
    fn is_all_quoted(&self, run: &Run) -> bool {
        let text = self.span(run.first.start, run.first.end).of(&self.document.text);
        text.starts_with(['"', '“', '„', '«', '‘']) && text.ends_with(['"', '”', '“', '»', '’'])
    }

    /// The copy, and not the first place, is quoted: in quotation marks or behind `>`, or behind a colon or with one that was put before it
    /// (`King Eric wrote:`).
    fn is_quoted_back(&self, run: &Run) -> bool {
        const MARKS: [char; 4] = ['"', '“', '„', '«'];
        let is_quoted = |words: &Range<usize>| {
            let span = self.span(words.start, words.end);
            let (before, text) = (&self.document.text[..span.start], span.of(&self.document.text));
            let above = before.trim_end();
            // No more than the verb is looked at: a line may be as long as the document.
            let verb = above[above.ceil_char_boundary(above.len().saturating_sub(VERB))..].to_ascii_lowercase();
            let says = ["wrote:", "writes:", "said:", "says:"].iter().any(|one| verb.ends_with(one));
            let led_in = above.ends_with(':') && (says || !before[above.len()..].contains('\n'));
            led_in || before.ends_with(MARKS) || text.starts_with(MARKS) || text.starts_with('>')
        };
        let put_before = |change: &Change| {
            let speaker = self.word(change.copy.end.max(1) - 1).end;
            change.copy.start == run.copy.start
                && (1..=SPEAKER).contains(&change.copy.len())
                && self.document.text[speaker..].starts_with(':')
        };
        (is_quoted(&run.copy) && !is_quoted(&run.first)) || run.changes.first().is_some_and(put_before)
    }

    /// Program code comes again by its nature.
    fn is_code(&self, run: &Run) -> bool {
        is_code(self.span(run.copy.start, run.copy.end).of(&self.document.text))
    }

    /// The copy has an item of a list, or a row of a table, for a block.
    fn holds_an_item(&self, run: &Run) -> bool {
        let blocks = self.block_of(run.copy.start)..=self.block_of(run.copy.end - 1);
        self.document.blocks[blocks].iter().any(|block| matches!(block.kind, BlockKind::ListItem | BlockKind::TableCell))
    }

    /// The copy is a row of a table, or part of a footnote, which names journals and days of retrieval: `Retrieved 7 January 2011. ^ Berg …`.
    fn is_footnote(&self, run: &Run) -> bool {
        let text = self.span(run.copy.start, run.copy.end).of(&self.document.text);
        text.contains("Retrieved ") || text.contains(['|', '^'])
    }

    /// The copy leads on to something: `And the server may answer with this:`.
    fn leads_on(&self, run: &Run) -> bool {
        self.span(run.copy.start, run.copy.end).of(&self.document.text).ends_with(':')
    }

    /// A list of works names journals and publishers again and again.
    fn is_in_entry(&self, word: usize) -> bool {
        let block = &self.document.blocks[self.block_of(word)];
        let words: Vec<Word> = self.document.words.range(block.words()).take(AUTHORS).collect();
        is_entry(&words, &self.document.text)
    }

    /// Only names and numbers differ, as from one entry of a list to the next; or what goes with them differs in one way throughout
    /// (`4 hours a day … each day`, `6 hours a week … each week`).
    fn is_filled_in(&self, run: &Run) -> bool {
        let (text, words) = (&*self.document.text, &self.document.words);
        let is_telling =
            |word: &Word| word.shape.any(Shape::CAPITAL | Shape::DIGIT) || COUNTS.split(' ').any(|count| count == word.of(text));
        let telling = |range: &Range<usize>| !range.is_empty() && words.range(range.clone()).all(|word| is_telling(&word));
        let hashes = |range: &Range<usize>| words.range(range.clone()).map(|word| word.hash).collect::<Vec<u64>>();
        let (entries, others): (Vec<&Change>, Vec<&Change>) =
            run.changes.iter().partition(|change| telling(&change.copy) && telling(&change.first));
        let alike = |change: &&Change| {
            let (copy, first) = (hashes(&change.copy), hashes(&change.first));
            let twins = others.iter().filter(|other| hashes(&other.copy) == copy && hashes(&other.first) == first).count();
            !copy.is_empty() && !first.is_empty() && twins > 1
        };
        !entries.is_empty() && others.iter().all(alike)
    }

    /// The words outside the changes are the same, letter by letter: no hash is trusted.
    fn same_words(&self, run: &Run) -> bool {
        let (document, text) = (self.document, &*self.document.text);
        let mut from = (run.copy.start, run.first.start);
        let ends = run.changes.iter().map(|change| (change.copy.clone(), change.first.clone()));
        for (copy, first) in ends.chain([(run.copy.end..run.copy.end, run.first.end..run.first.end)]) {
            let pairs = document.words.range(from.0..copy.start).zip(document.words.range(from.1..first.start));
            for (a, b) in pairs {
                if a.of(text) != b.of(text) && fold(a.of(text)) != fold(b.of(text)) {
                    return false;
                }
            }
            from = (copy.end, first.end);
        }
        true
    }
}
