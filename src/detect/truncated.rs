//! Kind `truncated`: the last paragraph of the article stops in mid-sentence.

use super::{Context, Match, unusual};
use crate::document::{Block, Document, Shape};
use crate::finding::Fact;
use crate::text::Span;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;

/// The last paragraph stops in mid-sentence, or with a mark of omission.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Params {
    /// Words that the last paragraph must have: a shorter one may be a heading, a name, an address.
    pub min_words: usize,
    /// Percentage of its words that must start in lower case, so that it is a sentence and not a list of names.
    pub min_lower: usize,
}

impl Default for Params {
    fn default() -> Self {
        Self { min_words: 5, min_lower: 50 }
    }
}

#[derive(Debug)]
pub struct Truncated {
    pub params: Params,
}

/// How many words are shown of the place where the text stops.
const SHOWN: usize = 4;
/// Up to this many words a line without a stop may be a headline.
const SHORT: usize = 10;
/// A paragraph, and not a name or a button, from so many words on.
const FEWEST: usize = 4;
/// A sentence that is complete but for its stop has so many words, or else it may be a name, a signature, a label behind the last stop.
const SENTENCE: usize = 6;
/// Other marks of omission from which on they are the author's way.
const TRAILS_OFF: usize = 2;
/// Words that no sentence ends with.
const OPEN: &str = "the a an of and or but to in on at for with from by as that which who whose than into onto over under their his her its our your my this these those if when while because between";
/// Verbs that a headline does without, and that no sentence ends with either.
const FINITE: &str = "is are was were has have had will would could can may might should said says did does be been";
/// What stands behind the last stop of a page, in one short word.
const TAILS: &str = "Top More Back Next Home End Ends Wink Tags";
/// What a scraper or a feed puts where it cuts.
const OMISSIONS: [&str; 7] = ["[...]", "[…]", "(...)", "(…)", "[..]", "(more)", " chars]"];

impl Truncated {
    pub const PLACEHOLDERS: [&'static str; 2] = ["end", "how"];

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let document = cx.document;
        // What follows the article is no part of it.
        let Some(index) = (0..document.blocks.len()).rev().find(|&index| !cx.is_claimed(index)) else { return Vec::new() };
        let block = &document.blocks[index];
        if block.word_count() < self.params.min_words
            || !self.is_prose(document, block)
            || !others_end(document, index)
            || !follows_prose(cx, index)
        {
            return Vec::new();
        }
        let body = block.span.of(&document.text);
        let last_word = &document.words[block.words().end - 1];
        // The name of an agency, or an address: the end of a dispatch.
        let ends_in_name =
            last_word.of(&document.text).len() > 2 && !last_word.shape.any(Shape::LOWER) && last_word.shape.any(Shape::LETTER);
        // A telephone number, or a dash behind the last stop.
        let odd = !last_word.shape.any(Shape::LETTER) || body.trim_end_matches(['-', '–', '—', '\'', ' ']).ends_with(['.', '!', '?']);
        // Which words no sentence ends with is known of English.
        let foreign = document.language().is_some_and(|language| language.code != "en");
        let cut_off = is_cut_off(cx, block) && body.trim_end_matches(['.', '…', ' ']).ends_with(char::is_alphanumeric);
        // `… to the council. reuter`
        let signed = cut_off && document.text[block.span.start..last_word.span().start].trim_end().ends_with(['.', '!', '?', '"', '”']);
        let open = !foreign && (cut_off || is_open(body, last_word.of(&document.text)));
        let dotted = body.ends_with("..") || body.ends_with('…');
        let omitted = OMISSIONS.iter().any(|mark| body.ends_with(mark)) || (dotted && (open || self.is_left_out(document, index)));
        let short = block.word_count() <= SHORT && !self.is_running(document, index) && !open;
        // What stands before the buttons and links of the page is the end of the article, with its stop or without.
        let followed = index + 1 < document.blocks.len();
        if ends_in_name
            || signed
            || ends_in_credit(body)
            || claims_rights(body)
            || (!omitted && (dotted || odd || short || followed || foreign || ends_in_address(body) || ends_in_label(body)))
        {
            return Vec::new();
        }
        // Below a header of the page (`Related posts`) stands what belongs to it.
        let under_label = index > 0 && cx.is_claimed(index - 1);
        let how = if omitted {
            "with a mark of omission"
        } else if open || is_begun(document, block) {
            "in mid-sentence"
        } else if body.ends_with(char::is_alphanumeric) && is_sentence(document, block) && !under_label {
            "without a stop"
        } else {
            return Vec::new();
        };
        let words = &document.words[block.words()];
        let from = words[words.len().saturating_sub(SHOWN)].span().start;
        let span = Span::new(from, block.span.end);
        let mut hit = Match::at(span);
        hit.facts.push((Cow::Borrowed("end"), Fact::Text(span.of(&document.text).to_string())));
        hit.facts.push((Cow::Borrowed("how"), Fact::Text(how.into())));
        vec![hit]
    }

    /// Whether dots say that something is left out, and not that the author trails off: who does that does it elsewhere, too, or in a few
    /// words (`Ah well, nothing ventured…`), or with more dots. Above links of the page nobody can tell.
    fn is_left_out(&self, document: &Document, index: usize) -> bool {
        let body = document.blocks[index].span.of(&document.text);
        let before = document.text[..document.blocks[index].span.end].trim_end_matches(['.', '…', ' ']);
        let dots = body.len() - body.trim_end_matches(['.', '…', ' ']).len();
        let begins = |at: usize| !before[..at].ends_with('.');
        let elsewhere = before.match_indices("..").filter(|&(at, _)| begins(at)).count() + before.matches('…').count();
        let brief =
            document.sentences[document.blocks[index].sentences()].last().is_some_and(|last| (2..SENTENCE).contains(&last.words().len()));
        index + 1 == document.blocks.len() && dots < 5 && elsewhere < TRAILS_OFF && !brief && !is_label(document, &document.blocks[index])
    }

    /// Whether a short last line is the start of a sentence: a headline, or the last of a list of links, has no stop either.
    fn is_running(&self, document: &Document, index: usize) -> bool {
        let text = &*document.text;
        let block = &document.blocks[index];
        let words = &document.words[block.words()];
        let after_another = index
            .checked_sub(1)
            .map(|index| &document.blocks[index])
            .is_some_and(|before| before.word_count() <= SHORT && before.span.of(text).ends_with(char::is_alphanumeric));
        !after_another
            && (block.span.of(text).contains(',')
                || words.last().is_some_and(|last| is_one_of(OPEN, last.of(text)))
                || words.iter().any(|word| is_one_of(FINITE, word.of(text))))
    }

    fn is_prose(&self, document: &Document, block: &Block) -> bool {
        let words = &document.words[block.words()];
        let lower = words.iter().filter(|word| word.shape.is_alphabetic() && !word.shape.is_capitalised()).count();
        let alphabetic = words.iter().filter(|word| word.shape.any(Shape::LETTER)).count();
        lower * 100 >= alphabetic * self.params.min_lower && lower >= 3
    }
}

/// Whether the last word is part of one: `voted on Tuesday to r`.
fn is_cut_off(cx: &Context<'_>, block: &Block) -> bool {
    let word = &cx.document.words[block.words().end - 1];
    let english = cx.document.language().is_none_or(|language| language.code == "en");
    english && word.shape.is_alphabetic() && unusual::is_one(cx.document, word, cx.english())
}

fn is_one_of(list: &str, word: &str) -> bool {
    list.split(' ').any(|small| word.eq_ignore_ascii_case(small))
}

/// The last mark or word leaves the sentence open.
fn is_open(body: &str, last: &str) -> bool {
    let body = body.trim_end_matches(['.', '…', ' ']);
    let mark = body.ends_with([',', ';', '-', '–', '—', '(', '&', '/', '$', '£', '€']);
    let word = body.ends_with("'s") || body.ends_with("’s") || is_one_of(OPEN, last) || is_one_of(FINITE, last);
    mark || (word && body.ends_with(char::is_alphanumeric))
}

/// One short word behind the last stop begins a sentence (`… of the contract. Net`), unless it is a label of the page.
fn is_begun(document: &Document, block: &Block) -> bool {
    let Some(last) = document.sentences[block.sentences()].last() else { return false };
    let [word] = &document.words[last.words()] else { return false };
    let capital = word.shape.is_capitalised() && !word.shape.has(Shape::INNER_CAPITAL);
    block.sentences().len() > 1 && capital && word.span().len() <= 4 && !is_one_of(TAILS, word.of(&document.text))
}

/// The last sentence is one: long enough, with a verb, and not what is said of a picture or a source.
fn is_sentence(document: &Document, block: &Block) -> bool {
    let Some(last) = document.sentences[block.sentences()].last() else { return false };
    let words = &document.words[last.words()];
    // `… other people had.ö`: a stop, and a sign that was read wrongly.
    let stopped = words.last().is_some_and(|word| {
        let before = document.text[..word.span().start].strip_suffix('.');
        before.is_some_and(|before| before.ends_with(char::is_lowercase))
    });
    !stopped && words.len() >= SENTENCE && words.iter().any(|word| is_one_of(FINITE, word.of(&document.text)))
}

/// `Reuter...`, `Continued…`: one word of its own behind the last stop says who wrote it or where it goes on.
fn is_label(document: &Document, block: &Block) -> bool {
    let Some(last) = document.sentences[block.sentences()].last() else { return false };
    let words = &document.words[last.words()];
    let text = &*document.text;
    block.sentences().len() > 1
        && words.len() == 1
        && words[0].shape.is_capitalised()
        && !is_one_of(OPEN, words[0].of(text))
        && words[0].span().len() > 4
}

/// A web or mail address: whoever reads it needs no stop.
fn ends_in_address(body: &str) -> bool {
    let token = body.rsplit(char::is_whitespace).next().unwrap_or_default();
    let dotted = token.split('.').skip(1).any(|part| part.starts_with(|c: char| c.is_ascii_lowercase()));
    dotted || token.contains(['@', '/'])
}

/// `… came to comment. - Sapa`: an agency's or a writer's name behind the last stop.
fn ends_in_credit(body: &str) -> bool {
    let dash = [" - ", " – ", " — "].iter().filter_map(|dash| Some((body.rfind(dash)?, dash.len()))).max();
    dash.is_some_and(|(at, len)| {
        let name = &body[at + len..];
        body[..at].ends_with(['.', '!', '?', '"', '”']) && name.split(' ').count() <= 4 && name.starts_with(char::is_uppercase)
    })
}

/// The last line is the next of a list (`- two lamps`, `home | about`), names what it says (`Tags: wall, harbour`), or is a few words below
/// a line that ends: a button, a heading, a name.
fn ends_in_label(body: &str) -> bool {
    let (above, last) = body.rsplit_once('\n').unwrap_or(("", body));
    let item = last.starts_with(['-', '•', '*', '·']) || [" | ", " • ", " · ", " // "].iter().any(|sign| last.contains(sign));
    let named = last.split_once(':').is_some_and(|(name, _)| name.split_whitespace().count() <= 2 && name.starts_with(char::is_uppercase));
    item || named || (ends(above.trim_end()) && last.split_whitespace().count() <= FEWEST)
}

/// A line of the publisher, which ends as it likes.
fn claims_rights(body: &str) -> bool {
    let plain = body.to_ascii_lowercase();
    plain.starts_with('©') || plain.starts_with("copyright") || plain.contains("rights reserved")
}

fn ends(paragraph: &str) -> bool {
    paragraph.ends_with(['.', '!', '?', '"', '”', '’', '\'', ')', '»', ']', '…', ':'])
}

/// Whether a paragraph stands right above, so that this is the next one and no footer.
fn follows_prose(cx: &Context<'_>, index: usize) -> bool {
    let document = cx.document;
    let above = (0..index).rev().find(|&above| !cx.is_claimed(above)).map(|above| &document.blocks[above]);
    above.is_some_and(|above| above.word_count() >= FEWEST && ends(above.span.of(&document.text)))
}

/// Whether the paragraphs before it do end; where they do not, it is a style (a list, a poem, subtitles).
fn others_end(document: &Document, last: usize) -> bool {
    let longer = document.blocks[..last].iter().filter(|block| block.word_count() >= 12);
    let (mut ended, mut count) = (0, 0);
    for block in longer {
        count += 1;
        ended += usize::from(ends(block.span.of(&document.text)));
    }
    count >= 1 && ended * 4 >= count * 3
}
