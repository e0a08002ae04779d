//! Kind `metadata-mismatch`: what the file says of its article, and the article says otherwise.
//!
//! Title, date and author come from front matter, from the fields of a record, or from the head of a page. Each is held only
//! against what the body says of the same thing: the headline's words, a date line, a byline.

use super::calendar::Date;
use super::headline::{stem, stems};
use super::unusual::USUAL;
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
/// A block of so many words is the article itself: date line and byline stand close above it, not in a list of other stories.
const PROSE: usize = 20;
/// Days between the two dates that time zones, a print edition or an update account for.
const NEAR: i64 = 7;
/// Words of a date line beside the date. One that tells of a change, or of an event, is none.
const OF_DATE_LINES: &str = " published posted date on at by print monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun am pm a.m p.m et est edt gmt utc bst pst pdt pt cet ap afp dpa reuters associated press the veröffentlicht erstellt am um uhr den montag dienstag mittwoch donnerstag freitag samstag sonntag publié le à lundi mardi mercredi jeudi vendredi samedi dimanche publicado fecha el de del a las hrs lunes martes miércoles jueves viernes sábado domingo pubblicato il alle ore lunedì martedì mercoledì giovedì venerdì sabato domenica ";
/// Words of a line of its own above a date that is not that of publication.
const OF_CHANGES: &str = " updated modified changed reviewed aktualisiert geändert modifié actualizado aggiornato ";
/// Words before a name in a byline, and those that may stand before them.
const BY: &str = " by von par por ";
const BEFORE_BY: &str =
    " written posted story article report reported text words artikel text geschrieben écrit publié rédigé escrito publicado texto ";
/// What may come right behind the names of a byline, with a capital or without.
const BEHIND_NAMES: &str = " and und et y e in on for für foto photo tags topics published posted updated monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec ";
/// Words that make a name that of a desk, a site or an agency.
const NOBODY: &str = " admin administrator agence agencia agency agencies associated association author bank bureau by channel com company connect contributor correspondent correspondents council daily department desk diario editor editorial equipe équipe equipo editors foundation group guest inc institute labs llc ltd magazine marketing media ministry network news newsroom newswire office online post press radio redacción redaktion redazione rédaction reporter reporters reuters service site solutions staff strategies stringer studio studios team the times tribune university web webmaster wire writer writers ";

impl MetadataMismatch {
    pub const PLACEHOLDERS: [&'static str; 2] = ["stated", "found"];

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let (document, meta) = (cx.document, &cx.document.meta);
        let said = match self.field {
            Field::Title => meta.title.as_deref().and_then(|title| Some((title, other_subject(document, title)?))),
            Field::Date => meta.date.as_deref().and_then(|date| Some((date, other_date(document, date)?))),
            Field::Author => meta.author.as_deref().and_then(|author| Some((author, other_author(cx, author)?))),
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

/// The short blocks at the head of the article, and of what its page says about it (who wrote it, and when), that stand close above the
/// article itself.
fn head(document: &Document) -> impl Iterator<Item = &[Word]> {
    let blocks = || document.blocks.iter().filter(|block| block.main || block.zone == Zone::Byline);
    let prose = |block: &Block| block.words().len() >= PROSE;
    let lines = blocks().take(HEAD).enumerate().filter(move |&(at, _)| blocks().skip(at + 1).take(HEAD).any(prose));
    let short = |words: &&[Word]| (1..=LONGEST).contains(&words.len());
    lines.map(|(_, block)| &document.words[block.words()]).filter(short)
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

/// A line at the head of the text that holds nothing but another date. Where two of them disagree, they are of other stories, too; and
/// where the head of the text has the stated date as well, it was changed on that day.
fn other_date(document: &Document, stated: &str) -> Option<Span> {
    let in_words = || {
        let stated = Document::from_text(stated);
        (0..stated.words.len()).find_map(|at| full_date(&stated, &stated.words[at..]))?.number()
    };
    // Those of other languages are read as in a text.
    let stated = document.meta.number_of_day().or_else(in_words)?;
    let text = &*document.text;
    let mut found: Option<(Span, i64)> = None;
    let mut above: &[Word] = &[];
    for words in head(document) {
        let changed = above.iter().any(|word| is_listed(OF_CHANGES, word.of(text)));
        above = words;
        let Some(date) = (0..words.len()).find_map(|at| full_date(document, &words[at..])) else { continue };
        let Some(number) = date.number() else { continue };
        if (number - stated).abs() <= NEAR {
            return None;
        }
        if changed || !is_date_line(document, words, date.span) {
            continue;
        }
        if found.is_some_and(|(_, first)| (first - number).abs() > NEAR) {
            return None;
        }
        found = found.or(Some((date.span, number)));
    }
    found.map(|(span, _)| span)
}

/// Nothing but a date, its time of day, and perhaps a byline before it.
fn is_date_line(document: &Document, words: &[Word], date: Span) -> bool {
    let text = &*document.text;
    let behind = byline(document, words).map_or(words, |(_, behind)| behind);
    let outside = |word: &&Word| word.span().end <= date.start || word.span().start >= date.end;
    let is_usual = |word: &Word| !word.shape.any(Shape::LETTER) || is_listed(OF_DATE_LINES, word.of(text)) || is_time(word.of(text));
    behind.iter().filter(outside).all(is_usual)
}

/// `2:35pm`.
fn is_time(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) && word.ends_with(['m', 'M'])
}

fn full_date(document: &Document, words: &[Word]) -> Option<Date> {
    let in_words = Date::read(document, words, words[0].span().start).filter(|date| date.year.is_some());
    in_words.or_else(|| Date::in_figures(document, words))
}

/// A byline at the head of the text with another name. Where there are two of different people, they may be of other stories, and whom
/// the text names anywhere is no stranger to it: a photographer's line may look like a byline.
fn other_author(cx: &Context<'_>, stated: &str) -> Option<Span> {
    let document = cx.document;
    let stated = Document::from_text(stated);
    let start = stated.words.iter().position(|word| !is_listed(BY, word.of(&stated.text)))?;
    let author = author_of(&stated, &stated.words[start..]);
    let mut bylines = head(document).filter_map(|words| byline(document, words)).map(|(names, _)| names);
    let names = bylines.next().filter(|_| bylines.next().is_none())?;
    let is_known = |word: &Word| author.iter().any(|name| name.span().len() > 2 && name.hash == word.hash);
    (is_person(cx, &stated, author) && is_person(cx, document, names) && !document.words.iter().any(is_known))
        .then(|| names[0].span().join(names[names.len() - 1].span()))
}

/// The names of a line that says who wrote the article, and the words behind them.
fn byline<'w>(document: &Document, words: &'w [Word]) -> Option<(&'w [Word], &'w [Word])> {
    let text = &*document.text;
    let at = words.iter().position(|word| !is_listed(BEFORE_BY, word.of(text)))?;
    let (by, rest) = words[at..].split_first()?;
    let names = run_of_names(document, rest);
    let (end, behind) = (names.last()?.span().end, &rest[names.len()..]);
    let is_over = behind.first().is_none_or(|next| {
        let apart = |c: char| !c.is_alphanumeric() && !matches!(c, '.' | '\'' | '’' | '!' | '?');
        text[end..next.span().start].trim().starts_with(apart) || next.shape.any(Shape::DIGIT) || is_listed(BEHIND_NAMES, next.of(text))
    });
    let is_sentence = text[words[words.len() - 1].span().end..].starts_with(['.', '!', '?']);
    (is_listed(BY, by.of(text)) && (2..=4).contains(&names.len()) && is_over && !is_sentence).then_some((names, behind))
}

/// The first author that metadata name; `Berg, Anna` is one, too.
fn author_of<'w>(stated: &Document, words: &'w [Word]) -> &'w [Word] {
    let names = run_of_names(stated, words);
    let turned = names.len() == 1 && stated.text[names[0].span().end..].starts_with(", ");
    if turned { &words[..1 + run_of_names(stated, &words[1..]).len()] } else { names }
}

/// The capitalised words at the start, with nothing but initials' stops between.
fn run_of_names<'w>(document: &Document, words: &'w [Word]) -> &'w [Word] {
    let text = &*document.text;
    let is_name = |word: &Word| word.shape.is_capitalised() && word.shape.is_alphabetic() && !is_listed(BEHIND_NAMES, word.of(text));
    let joined = |pair: &[Word]| matches!(&text[pair[0].span().end..pair[1].span().start], " " | ". ");
    let ends = |at: usize| at == words.len() || !is_name(&words[at]) || (at > 0 && !joined(&words[at - 1..=at]));
    &words[..(0..=words.len()).find(|&at| ends(at)).unwrap_or(0)]
}

/// Two to four words of which none is that of a desk, and one at least is known for no common word: `USE CASE` is a heading.
fn is_person(cx: &Context<'_>, document: &Document, names: &[Word]) -> bool {
    let text = &*document.text;
    let desk = names.iter().any(|word| is_listed(NOBODY, word.of(text)));
    let is_uncommon = |word: &Word| {
        let entry = cx.english().recall(word.hash).entry;
        word.span().len() > 1
            && (entry.only_capitalised() || entry.tier() > USUAL || entry.capital_share().is_some_and(|share| share >= 0.5))
    };
    let spelt = |word: &&Word| !is_abbreviation(word) || names.iter().all(|word| !word.shape.any(Shape::LOWER));
    (2..=4).contains(&names.len()) && !desk && names.iter().filter(spelt).any(is_uncommon)
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

    const BODY: &str =
        "The harbour wall that has kept the old town dry since the winter of 1953 will be raised by a metre, the council said.\n";

    #[test]
    fn dates_are_read_in_every_form_and_near_ones_agree() {
        let text = format!("Wall to rise\nWednesday, October 24, 2007, 08:37 AM\n{BODY}");
        for other in ["2007-11-24", "2006-10-24T08:00:00Z", "November 24, 2007", "24. Oktober 2006", "24/10/2009"] {
            assert_eq!(found(Field::Date, other, &text).as_deref(), Some("October 24, 2007"), "{other}");
        }
        for same in ["2007-10-24", "2007-10-30T03:00:00+02:00", "Oct. 18, 2007", "10/11/2009", "1193214", "", "0000-00-00"] {
            assert_eq!(found(Field::Date, same, &text), None, "{same}");
        }
    }

    #[test]
    fn a_date_line_may_hold_a_byline_or_figures() {
        for (line, date) in [
            ("By Anna Berg | October 24, 2007 | 08:37 GMT", "October 24, 2007"),
            ("Reuters, October 24, 2007 8:37pm EDT", "October 24, 2007"),
            ("2007-10-24 08:37", "2007-10-24"),
            ("Veröffentlicht am 24. Oktober 2007 um 8:37 Uhr", "24. Oktober 2007"),
            ("Publicado el 24 de octubre de 2007", "24 de octubre de 2007"),
        ] {
            assert_eq!(found(Field::Date, "2019-01-01", &format!("Wall to rise\n{line}\n{BODY}")).as_deref(), Some(date), "{line}");
        }
    }

    #[test]
    fn a_date_in_a_sentence_or_headline_is_not_the_article_s() {
        for head in [
            "Remembering October 24, 1953",
            "Updated October 24, 2007",
            "By Anna Berg Updated October 24, 2007",
            "Last updated on\nOctober 24, 2007",
            "It fell on October 24, 1953.",
            "10/11/2007",
            "October 24, 2007\nFerries to stop\nMay 2, 2011",
            "October 24, 2007\nLast changed: January 1, 2019",
        ] {
            assert_eq!(found(Field::Date, "2019-01-01", &format!("{head}\n{BODY}")), None, "{head}");
        }
        // No article below it.
        assert_eq!(found(Field::Date, "2019-01-01", "October 24, 2007\nFerries to stop\nWall to rise\n"), None);
    }

    #[test]
    fn a_byline_is_compared_name_by_name() {
        let by = |author: &str, line: &str| found(Field::Author, author, &format!("Wall to rise\n{line}\n{BODY}"));
        for line in [
            "By Anna M. Berg",
            "Written by Anna M. Berg, Tide staff",
            "by Anna M. Berg in Hallby",
            "Von Anna M. Berg | 24. Oktober 2007",
            "By Anna M. Berg October 24, 2007",
        ] {
            assert_eq!(by("Olav Brekke", line).as_deref(), Some("Anna M. Berg"), "{line}");
            assert_eq!(by("By Olav Brekke, Tor Lund and Eva Bruun", line).as_deref(), Some("Anna M. Berg"), "{line}");
        }
        for (author, line) in [
            ("Anna Berg", "By ANNA BERG"),
            ("A. Berg", "By Anna Berg"),
            ("Berg, Anna", "By Anna Berg"),
            ("admin", "By Anna Berg"),
            ("Tide Newsroom Staff", "By Anna Berg"),
            ("Harbour Consulting", "By Anna Berg"),
            ("https://tide.example/anna", "By Anna Berg"),
            ("Olav Brekke", "By Reuters Staff"),
            ("Olav Brekke", "By USE CASE"),
            ("Olav Brekke", "By the Harbour Wall"),
            ("Olav Brekke", "By Anna Berg\nBy Tor Lund"),
            ("Olav Brekke", "By Anna Berg\nPictures: Olav Brekke"),
            ("Olav Brekke", "By Monday the wall had gone, and with it the town."),
            ("Olav Brekke", "By Anna Berg, who saw it, and her friends."),
        ] {
            assert_eq!(by(author, line), None, "{author}: {line}");
        }
    }
}
