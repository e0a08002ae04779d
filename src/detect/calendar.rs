//! Kind `calendar`: dates that no calendar has, and weekdays that were another day of the week.

use super::{Context, Match, Slot};
use crate::document::{Document, HashedMap, Word, hash_folded, number_of_day};
use crate::finding::Fact;
use crate::text::Span;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Dates that cannot be right, in English, German, French, Spanish and Italian.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {
    pub wrong: Wrong,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Wrong {
    /// The weekday beside a full date is not the one of that date.
    Weekday,
    /// The month has no such day: February 30.
    Day,
}

#[derive(Debug)]
pub struct Calendar {
    wrong: Wrong,
    literals: Vec<String>,
}

/// Before this year other calendars were in use in places whose news is read today.
const FIRST_YEAR: i64 = 1800;
const LAST_YEAR: i64 = 2199;

const ENGLISH_DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
/// Names in the order of the week; abbreviations stand with a date only.
const DAYS: [&[&str]; 7] = [
    &["monday", "mon", "montag", "lundi", "lunes", "lunedì"],
    &["tuesday", "tues", "tue", "dienstag", "mardi", "martes", "martedì"],
    &["wednesday", "wed", "mittwoch", "mercredi", "miércoles", "mercoledì"],
    &["thursday", "thurs", "thur", "thu", "donnerstag", "jeudi", "jueves", "giovedì"],
    &["friday", "fri", "freitag", "vendredi", "viernes", "venerdì"],
    &["saturday", "sat", "samstag", "sonnabend", "samedi", "sábado", "sabato"],
    &["sunday", "sun", "sonntag", "dimanche", "domingo", "domenica"],
];
const MONTHS: [&[&str]; 12] = [
    &["january", "jan", "januar", "jänner", "janvier", "enero", "gennaio"],
    &["february", "feb", "februar", "février", "febrero", "febbraio"],
    &["march", "mar", "märz", "mars", "marzo"],
    &["april", "apr", "avril", "abril", "aprile"],
    &["may", "mai", "mayo", "maggio"],
    &["june", "jun", "juni", "juin", "junio", "giugno"],
    &["july", "jul", "juli", "juillet", "julio", "luglio"],
    &["august", "aug", "août", "agosto"],
    &["september", "sept", "sep", "septembre", "septiembre", "settembre"],
    &["october", "oct", "oktober", "octobre", "octubre", "ottobre"],
    &["november", "nov", "novembre", "noviembre"],
    &["december", "dec", "dezember", "décembre", "diciembre", "dicembre"],
];
/// Small words between the parts of a date.
const BETWEEN: [&str; 9] = ["the", "of", "den", "dem", "le", "de", "del", "am", "el"];

static DAY_NAMES: LazyLock<HashedMap<usize>> = LazyLock::new(|| by_hash(&DAYS));
static MONTH_NAMES: LazyLock<HashedMap<usize>> = LazyLock::new(|| by_hash(&MONTHS));

fn by_hash(names: &[&[&str]]) -> HashedMap<usize> {
    let list = names.iter().enumerate().flat_map(|(index, names)| names.iter().map(move |name| (hash_folded(name.as_bytes()), index)));
    list.collect()
}

impl Calendar {
    pub fn new(params: &Params) -> Self {
        // An abbreviation (`Mon, Oct 23`) is followed by a space, a comma or a stop; in full it is long enough.
        let weekdays = || {
            DAYS.iter().flat_map(|names| names.iter()).flat_map(|name| {
                if name.len() > 4 {
                    vec![(*name).to_string()]
                } else {
                    [", ", ". ", ") ", " "].iter().map(|end| format!("{name}{end}")).collect()
                }
            })
        };
        // Only February and the months of thirty days can be given a day they do not have. A part of the name is enough for the gate.
        let months = || {
            let ends = |name: &'static str| {
                let cut = |wanted: usize| (wanted..=name.len()).find(|&at| name.is_char_boundary(at)).unwrap_or(name.len());
                (&name[..cut(3)], &name[cut(name.len().saturating_sub(5))..])
            };
            let impossible = [1, 3, 5, 8, 10].iter().flat_map(|&month: &usize| MONTHS[month].iter().map(move |name| (month, *name)));
            impossible.flat_map(move |(month, name)| {
                let ((first, last), days) = (ends(name), if month == 1 { 29..=31 } else { 31..=31 });
                days.flat_map(move |day| {
                    let after = [format!("{last} {day}"), format!("{last}. {day}")];
                    let before = [" ", ". ", " de ", "st ", "th ", "st of ", "th of "].map(|between| format!("{day}{between}{first}"));
                    after.into_iter().chain(before)
                })
            })
        };
        let figures = || {
            [2, 4, 6, 9, 11].into_iter().flat_map(|month| {
                let days = if month == 2 { 29..=31 } else { 31..=31 };
                days.flat_map(move |day| {
                    [format!("-{month:02}-{day}"), format!("{day}/{month:02}/"), format!("{day}/{month}/"), format!("{month}/{day}/")]
                })
            })
        };
        let mut literals: Vec<String> = match params.wrong {
            Wrong::Weekday => weekdays().collect(),
            Wrong::Day => months().chain(figures()).collect(),
        };
        literals.sort_unstable();
        literals.dedup();
        Self { wrong: params.wrong, literals }
    }

    pub fn literals(&self) -> &[String] {
        &self.literals
    }

    pub const fn placeholders(&self) -> &'static [&'static str] {
        match self.wrong {
            Wrong::Weekday => &["date", "weekday", "actual"],
            Wrong::Day => &["date", "last"],
        }
    }

    pub fn detect(&self, slot: Slot, cx: &Context<'_>) -> Vec<Match> {
        let document = cx.document;
        let mut found = Vec::new();
        for line in cx.hit_lines(slot) {
            let first = document.words.partition_point(|word| word.span().start < line.start);
            let last = document.words.partition_point(|word| word.span().start < line.end);
            for at in first..last {
                let words = &document.words[at..last];
                found.extend(match self.wrong {
                    Wrong::Weekday => weekday(document, words),
                    Wrong::Day => day(document, words),
                });
            }
        }
        found
    }
}

/// A weekday with a date after it, or behind it (in parentheses, or as `a Monday`), where the two disagree.
fn weekday(document: &Document, words: &[Word]) -> Option<Match> {
    let text = &*document.text;
    let (date, named, span) = if let Some(&named) = DAY_NAMES.get(&words[0].hash) {
        let (end, next) = (words[0].span().end, words.get(1)?.span().start);
        let gap = &text[end..next];
        // `(Mon) October 23`, `Monday (October 23, 2007)`.
        let bracketed = gap == " (" || (gap == ") " && text[..words[0].span().start].ends_with('('));
        let in_figures = || (bracketed || matches!(gap, ", " | " ")).then(|| Date::in_figures(document, &words[1..])).flatten();
        let date = Date::read(document, &words[1..], if bracketed { next } else { end }).or_else(in_figures)?;
        if gap == " (" && !text[date.span.end..].starts_with(')') {
            return None;
        }
        // `Mon. October 23`, but `… on Monday. October 23 …` are two sentences.
        if words[0].span().len() > 5 && text[words[0].span().end..date.span.start].contains('.') {
            return None;
        }
        let end = date.span.end + usize::from(gap == " (");
        (date, named, Span::new(words[0].span().start, end))
    } else {
        let date = Date::read(document, words, words[0].span().start).or_else(|| Date::in_figures(document, words))?;
        let mut after = words.iter().filter(|word| word.span().start >= date.span.end).take(2);
        let (after, named) = after.find_map(|word| Some((word, *DAY_NAMES.get(&word.hash)?)))?;
        let end = after.span().end;
        match &text[date.span.end..after.span().start] {
            " (" if text[end..].starts_with(')') => (date, named, date.span.join(Span::new(end, end + 1))),
            ", a " if text[end..].starts_with([',', '.', ';', ')']) => (date, named, date.span.join(after.span())),
            _ => return None,
        }
    };
    if !(FIRST_YEAR..=LAST_YEAR).contains(&date.year?) || date.day > days_in(date.month, date.year) {
        return None;
    }
    // The first day of 1970 was a Thursday.
    let actual = (date.number()? + 3).rem_euclid(7) as usize;
    if actual == named {
        return None;
    }
    let mut hit = Match::at(span);
    hit.facts.push((Cow::Borrowed("date"), Fact::Text(date.span.of(text).to_string())));
    hit.facts.push((Cow::Borrowed("weekday"), Fact::Text(ENGLISH_DAYS[named].into())));
    hit.facts.push((Cow::Borrowed("actual"), Fact::Text(ENGLISH_DAYS[actual].into())));
    Some(hit)
}

/// A day that its month does not have.
fn day(document: &Document, words: &[Word]) -> Option<Match> {
    let text = &*document.text;
    let date = Date::read(document, words, words[0].span().start).or_else(|| Date::in_figures(document, words))?;
    let last = days_in(date.month, date.year);
    // Without a year `In April 31 people died` is no date.
    if date.day <= last || !(date.year.is_some() || date.ordinal) {
        return None;
    }
    let mut hit = Match::at(date.span);
    hit.facts.push((Cow::Borrowed("date"), Fact::Text(date.span.of(text).to_string())));
    hit.facts.push((Cow::Borrowed("last"), Fact::Count(last as usize)));
    Some(hit)
}

/// A date in words (`October 23, 2007`, `23rd of October 2007`, `23. Oktober 2007`) or in figures.
#[derive(Clone, Copy, Debug)]
pub(super) struct Date {
    pub span: Span,
    /// From 1.
    month: i64,
    day: i64,
    pub year: Option<i64>,
    /// The day is written `31st`.
    ordinal: bool,
}

impl Date {
    /// Days since 1970; `None` where it has no year, or its month no such day.
    pub fn number(&self) -> Option<i64> {
        number_of_day(self.year?, self.month, self.day)
    }

    /// The date that the words start with; `from` is where the text before it ended.
    pub fn read(document: &Document, words: &[Word], from: usize) -> Option<Self> {
        let text = &*document.text;
        let mut parts: [Option<(Part, bool, Span)>; 3] = [None; 3];
        let (mut count, mut end) = (0, from);
        for word in words.iter().take(6) {
            let span = word.span();
            let gap = &text[end..span.start];
            if !gap.bytes().all(|byte| matches!(byte, b' ' | b',' | b'.' | b'\'')) || gap.len() > 3 {
                break;
            }
            let written = span.of(text);
            let Some((part, ordinal)) = part(word, written) else {
                if BETWEEN.iter().any(|small| written.eq_ignore_ascii_case(small)) {
                    end = span.end;
                    continue;
                }
                break;
            };
            parts[count] = Some((part, ordinal, span));
            count += 1;
            end = span.end;
            if count == 3 {
                break;
            }
        }
        let (first, second) = (parts[0]?, parts[1]?);
        let (month, day, ordinal) = match (first.0, second.0) {
            (Part::Month(month), Part::Number(day)) => (month, day, second.1),
            (Part::Number(day), Part::Month(month)) => (month, day, first.1),
            _ => return None,
        };
        if !(1..=31).contains(&day) || gap_holds_stop(text, first.2, second.2, first.0) {
            return None;
        }
        let year = parts[2].and_then(|(part, ordinal, span)| match part {
            Part::Number(year) if !ordinal && year >= 1000 && !text[second.2.end..span.start].contains('.') => Some((year, span)),
            Part::Number(year) if !ordinal && year >= 1000 && matches!(second.0, Part::Month(_)) => Some((year, span)),
            _ => None,
        });
        let span = first.2.join(year.map_or(second.2, |(_, span)| span));
        Some(Self { span, month, day, year: year.map(|(year, _)| year), ordinal })
    }
}

impl Date {
    /// A date in figures that can be read in one way only: `2007-10-23`, `10/23/2007`, `23/10/2007`.
    pub fn in_figures(document: &Document, words: &[Word]) -> Option<Self> {
        let text = &*document.text;
        let [first, second, third] = words.get(..3)? else { return None };
        let span = first.span().join(third.span());
        let joins = |c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '_' | '.' | ':' | '=');
        let number = |word: &Word| match part(word, word.of(text)) {
            Some((Part::Number(number), false)) => Some(number),
            _ => None,
        };
        let (a, b, c) = (number(first)?, number(second)?, number(third)?);
        let between = (&text[first.span().end..second.span().start], &text[second.span().end..third.span().start]);
        let (year, month, day) = match between {
            ("-", "-") if first.span().len() == 4 => (a, b, c),
            ("/", "/") if third.span().len() == 4 && a > 12 => (c, b, a),
            ("/", "/") if third.span().len() == 4 && (b > 12 || a == b) => (c, a, b),
            _ => return None,
        };
        // An ending stop may follow, but no further figures.
        let joined = text[..span.start].ends_with(joins) || text[span.end..].starts_with(|c| joins(c) && c != '.' && c != ':');
        let is_date = (1..=12).contains(&month) && (1..=31).contains(&day);
        (is_date && !joined).then_some(Self { span, month, day, year: Some(year), ordinal: false })
    }
}

/// `… in May. 31 people …` is no date; `Oct. 31` and `31. Oktober` are.
fn gap_holds_stop(text: &str, first: Span, second: Span, kind: Part) -> bool {
    text[first.end..second.start].contains('.') && matches!(kind, Part::Month(_)) && first.len() > 4
}

#[derive(Clone, Copy, Debug)]
enum Part {
    Month(i64),
    Number(i64),
}

fn part(word: &Word, written: &str) -> Option<(Part, bool)> {
    if let Some(&month) = MONTH_NAMES.get(&word.hash) {
        return Some((Part::Month(month as i64 + 1), false));
    }
    let digits = written.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 4 {
        return None;
    }
    let ordinal = match &written[digits..] {
        "" => false,
        "st" | "nd" | "rd" | "th" | "er" => true,
        _ => return None,
    };
    Some((Part::Number(written[..digits].parse().ok()?), ordinal))
}

/// Days of a month; of a leap year where the year is not known.
fn days_in(month: i64, year: Option<i64>) -> i64 {
    (29..=31).rev().find(|&day| number_of_day(year.unwrap_or(2000), month, day).is_some()).unwrap_or(28)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Gate;

    fn found(wrong: Wrong, text: &str) -> Vec<String> {
        let rule = Calendar::new(&Params { wrong });
        let gate = Gate::new(&[vec![rule.literals()]], |_| true);
        let document = Document::from_text(text);
        let cx = Context::new(&document, &gate);
        rule.detect(0, &cx).into_iter().map(|hit| hit.span.of(text).to_string()).collect()
    }

    #[test]
    fn known_days_of_the_week() {
        // A Tuesday, a Tuesday, the moon landing and Waterloo, both on a Sunday.
        let right = ["Tuesday, 23 October 2007", "Tuesday, 29 February 2000", "Sunday, 20 July 1969", "Sunday, 18 June 1815"];
        for date in right {
            assert!(found(Wrong::Weekday, date).is_empty(), "{date}");
            assert_eq!(found(Wrong::Weekday, &date.replace("Tuesday", "Friday").replace("Sunday", "Monday")).len(), 1);
        }
    }

    #[test]
    fn every_way_to_write_a_date_is_read() {
        for text in [
            "on Monday, October 23, 2007, he",
            "Mon, 23 Oct 2007 10:00",
            "Monday, Oct. 23, 2007.",
            "Monday the 23rd of October 2007",
            "Monday 23 October, 2007",
            "Am Montag, den 23. Oktober 2007",
            "le lundi 23 octobre 2007",
            "el lunes 23 de octubre de 2007",
            "held on 23 October 2007 (Monday)",
            "on Monday (October 23, 2007) in",
            "(Mon) Oct 23, 2007",
            "on October 23, 2007, a Monday, the",
            "Monday, 2007-10-23",
            "2007-10-23 (Monday)",
            "Monday 10/23/2007",
            "Monday, 23/10/2007.",
        ] {
            assert_eq!(found(Wrong::Weekday, text).len(), 1, "{text}");
        }
    }

    #[test]
    fn right_dates_and_half_dates_are_left_alone() {
        for text in [
            "on Tuesday, October 23, 2007",
            "on Monday, October 23",
            "on Monday. October 23, 2007 was",
            "Monday 23 people left",
            "Friday, October 13, 1307",
            "On October 23, 2007, Monday Night Football",
            "On October 23, 2007, a Monday night game",
            "Monday (October 23, 2007, at noon)",
            "Tuesday, 2007-10-23",
            "Monday, 10/11/2007",
            "Monday 2007-10-23-4711",
        ] {
            assert!(found(Wrong::Weekday, text).is_empty(), "{text}");
        }
    }

    #[test]
    fn days_that_no_month_has() {
        assert_eq!(found(Wrong::Day, "until February 30, 2019, when"), ["February 30, 2019"]);
        assert_eq!(found(Wrong::Day, "born 29 February 2019"), ["29 February 2019"]);
        assert_eq!(found(Wrong::Day, "from June 31st on"), ["June 31st"]);
        assert_eq!(found(Wrong::Day, "until 2019-02-30, 9/31/2012 or 31/04/2016."), ["2019-02-30", "9/31/2012", "31/04/2016"]);
        for text in ["2020-02-29", "31/10/2016", "11/10/2016", "/2019-02-30/", "2019-02-30-17", "29/02/2020"] {
            assert!(found(Wrong::Day, text).is_empty(), "{text}");
        }
        for text in ["29 February 2020", "In April 31 people died", "May 31, 2019", "in May. 31 people", "Sept. 30, 2010"] {
            assert!(found(Wrong::Day, text).is_empty(), "{text}");
        }
    }
}
