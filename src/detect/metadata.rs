//! Kind `metadata-mismatch`: what the file says of its article, and the article says otherwise.
//!
//! Title, date and author come from front matter, from the fields of a record, or from the head of a page. Each is held only
//! against what the body says of the same thing: the headline's words, a date line, a byline.

use super::calendar::Date;
use super::headline::{stem, stems};
use super::{Context, Match};
use crate::document::{Block, Document, Shape, Word, Zone, fold};
use crate::finding::Fact;
use crate::text::Span;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashSet;

/// A title, date or author beside the text that the text contradicts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {
    /// What is compared.
    pub field: Field,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// No word of the title comes up in the text.
    Title,
    /// A line of the text gives another date.
    Date,
    /// A line of the text names somebody else.
    Author,
}

#[derive(Debug)]
pub struct MetadataMismatch {
    pub field: Field,
}

/// Words of substance that a title must have, and words that the body must have: a short one may say it in other words.
const MIN_TERMS: usize = 4;
const MIN_BODY: usize = 120;
/// Byline and date line stand among the first so many blocks.
const HEAD: usize = 8;
/// Words of a longer block are no byline, and no date line.
const LONGEST: usize = 12;
/// Days between the two dates that time zones, a print edition or an update account for.
const NEAR: i64 = 3;
/// Words of a date line beside the date. One that tells of a change, or of an event, is none.
const OF_DATE_LINES: &str = " published posted date on at by print monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun am pm a.m p.m et est edt gmt utc bst pst pdt cet ";
/// Words before a name in a byline.
const BY: [&str; 2] = ["by", "von"];
/// Words that make a name that of a desk, a site or an agency.
const NOBODY: &str = " admin administrator agency agencies associated author bureau by com contributor correspondent correspondents daily desk editor editorial editors guest magazine media network news newsroom online post press reporter reporters reuters service site staff stringer team the times tribune web webmaster wire writer writers ";

impl MetadataMismatch {
    pub const PLACEHOLDERS: [&'static str; 2] = ["stated", "found"];

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let (document, meta) = (cx.document, &cx.document.meta);
        let said = match self.field {
            Field::Title => meta.title.as_deref().and_then(|title| Some((title, other_subject(document, title)?))),
            Field::Date => meta.date.as_deref().and_then(|date| Some((date, other_date(document, date)?))),
            Field::Author => meta.author.as_deref().and_then(|author| Some((author, other_author(document, author)?))),
        };
        let Some((stated, span)) = said else { return Vec::new() };
        let mut hit = Match::at(span);
        hit.facts.push((Cow::Borrowed("stated"), Fact::Text(stated.trim().to_string())));
        hit.facts.push((Cow::Borrowed("found"), Fact::Text(span.of(&document.text).to_string())));
        vec![hit]
    }
}

/// The article's own blocks.
fn body(document: &Document) -> impl Iterator<Item = &Block> {
    document.blocks.iter().filter(|block| block.main)
}

/// The first blocks of the article and of what its page says about it: who wrote it, and when.
fn head(document: &Document) -> impl Iterator<Item = &Block> {
    document.blocks.iter().filter(|block| block.main || block.zone == Zone::Byline).take(HEAD)
}

/// The start of a text that no word of the title comes up in.
fn other_subject(document: &Document, title: &str) -> Option<Span> {
    let title = Document::from_text(title);
    let terms = stems(&title.text, &title.words);
    let words = || body(document).flat_map(|block| &document.words[block.words()]);
    if terms.len() < MIN_TERMS || words().nth(MIN_BODY).is_none() {
        return None;
    }
    // Two texts in different languages share no word, whatever they say.
    if title.language().is_some_and(|other| document.language().is_some_and(|own| own != other)) {
        return None;
    }
    let text = &*document.text;
    let known: HashSet<String> = words().filter(|word| word.shape.any(Shape::LETTER)).map(|word| stem(word.of(text))).collect();
    let short = title.words.iter().filter(|word| is_abbreviation(word)).map(|word| word.of(&title.text));
    let shared = terms.iter().map(String::as_str).chain(short).any(|term| known.contains(&stem(term)));
    if shared { None } else { body(document).next().map(|block| block.span) }
}

/// `USC`, `EU`: too short for a word of substance, and yet what the title is about.
fn is_abbreviation(word: &Word) -> bool {
    word.shape.is_alphabetic() && word.shape.is_capitalised() && !word.shape.any(Shape::LOWER) && (2..=3).contains(&word.span().len())
}

/// A line at the head of the text that holds nothing but another date.
fn other_date(document: &Document, stated: &str) -> Option<Span> {
    let in_words = || {
        let stated = Document::from_text(stated);
        (0..stated.words.len()).find_map(|at| full_date(&stated, &stated.words[at..]))?.number()
    };
    // Those of other languages are read as in a text.
    let stated = document.meta.number_of_day().or_else(in_words)?;
    let text = &*document.text;
    let (date, found) = head(document).find_map(|block| {
        let words = &document.words[block.words()];
        if words.len() > LONGEST {
            return None;
        }
        let date = (0..words.len()).find_map(|at| full_date(document, &words[at..]))?;
        let outside = |word: &&Word| word.span().end <= date.span.start || word.span().start >= date.span.end;
        let is_usual = |word: &Word| !word.shape.any(Shape::LETTER) || is_listed(OF_DATE_LINES, word.of(text)) || is_time(word.of(text));
        words.iter().filter(outside).all(is_usual).then(|| Some((date, date.number()?)))?
    })?;
    ((found - stated).abs() > NEAR).then_some(date.span)
}

/// `2:35pm`.
fn is_time(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) && word.ends_with(['m', 'M'])
}

fn full_date(document: &Document, words: &[Word]) -> Option<Date> {
    Date::read(document, words, words[0].span().start).filter(|date| date.year.is_some())
}

/// A byline at the head of the text with another name.
fn other_author(document: &Document, stated: &str) -> Option<Span> {
    let text = &*document.text;
    let stated = Document::from_text(stated);
    let authors: HashSet<u64> = stated.words.iter().map(|word| word.hash).collect();
    if !is_person(&stated, &stated.words) {
        return None;
    }
    let span = head(document).find_map(|block| {
        let words = &document.words[block.words()];
        let (by, names) = words.split_first()?;
        let is_byline = BY.iter().any(|small| by.of(text).eq_ignore_ascii_case(small)) && is_person(document, names);
        is_byline.then(|| (names, names[0].span().join(names[names.len() - 1].span())))
    });
    let (names, span) = span?;
    (!names.iter().any(|name| authors.contains(&name.hash))).then_some(span)
}

/// Two to four capitalised words with nothing but initials' stops between, none of them that of a desk.
fn is_person(document: &Document, words: &[Word]) -> bool {
    let text = &*document.text;
    let is_name = |word: &Word| word.shape.is_capitalised() && word.shape.is_alphabetic() && !is_listed(NOBODY, word.of(text));
    let joined = |pair: &[Word]| matches!(&text[pair[0].span().end..pair[1].span().start], " " | ". ");
    (2..=4).contains(&words.len()) && words.iter().all(is_name) && words.windows(2).all(joined)
}

fn is_listed(list: &str, word: &str) -> bool {
    list.contains(&format!(" {} ", fold(word)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Gate;
    use crate::document::Meta;

    fn found(field: Field, meta: &str, text: &str) -> Option<String> {
        let value = Some(meta.to_string());
        let meta = match field {
            Field::Title => Meta { title: value, ..Meta::default() },
            Field::Date => Meta { date: value, ..Meta::default() },
            Field::Author => Meta { author: value, ..Meta::default() },
        };
        let mut document = Document::from_text(text);
        document.meta = meta;
        let gate = Gate::new(&[], |_| true);
        let hits = MetadataMismatch { field }.detect(&Context::new(&document, &gate));
        hits.first().map(|hit| hit.span.of(text).to_string())
    }

    #[test]
    fn dates_are_read_in_every_form_and_near_ones_agree() {
        let text = "Wall to rise\nWednesday, October 24, 2007, 08:37 AM\nThe council met.\n";
        for other in ["2007-11-24", "2006-10-24T08:00:00Z", "November 24, 2007", "24. Oktober 2006"] {
            assert_eq!(found(Field::Date, other, text).as_deref(), Some("October 24, 2007"), "{other}");
        }
        for same in ["2007-10-24", "2007-10-25T03:00:00+02:00", "Oct. 22, 2007", "24/10/2009", "1193214", "", "0000-00-00"] {
            assert_eq!(found(Field::Date, same, text), None, "{same}");
        }
    }

    #[test]
    fn a_date_in_a_sentence_or_headline_is_not_the_article_s() {
        for text in ["Remembering October 24, 1953\nThe wall.\n", "Updated October 24, 2007\n", "It fell on October 24, 1953.\n"] {
            assert_eq!(found(Field::Date, "2019-01-01", text), None, "{text}");
        }
    }

    #[test]
    fn a_byline_is_compared_name_by_name() {
        let by = |author: &str, line: &str| found(Field::Author, author, &format!("Wall to rise\n{line}\nThe council met.\n"));
        assert_eq!(by("Olav Brekke", "By Anna M. Berg").as_deref(), Some("Anna M. Berg"));
        for (author, line) in [
            ("Anna Berg", "By ANNA BERG"),
            ("A. Berg", "By Anna Berg"),
            ("admin", "By Anna Berg"),
            ("Tide Newsroom Staff", "By Anna Berg"),
            ("https://tide.example/anna", "By Anna Berg"),
            ("Olav Brekke", "By Reuters Staff"),
            ("Olav Brekke", "By the Harbour Wall"),
            ("Olav Brekke", "By Monday the wall had gone, and with it the town."),
        ] {
            assert_eq!(by(author, line), None, "{author}: {line}");
        }
    }
}
