//! The moment that metadata give, in the forms that feeds, pages and records write it in.

use super::Meta;

const DAY: i64 = 86_400;
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/// Years that an article may be of.
const YEARS: std::ops::RangeInclusive<i64> = 1000..=2999;

impl Meta {
    /// When the article was published, in seconds since 1970 (UTC where no offset is given); `None` where that is not said in a form
    /// that can mean one thing only.
    pub fn moment(&self) -> Option<i64> {
        moment(self.date.as_deref()?)
    }

    /// The day of [`Self::moment`] as it is written there, whatever the time zone: `2007-10-24`.
    pub fn day(&self) -> Option<String> {
        self.number_of_day().map(date_of_day)
    }

    /// The same, in days since 1970-01-01.
    pub fn number_of_day(&self) -> Option<i64> {
        day(self.date.as_deref()?.trim()).map(|(days, _)| days)
    }
}

/// The date so many days after 1970-01-01: `2007-10-24`.
pub fn date_of_day(days: i64) -> String {
    let (year, month, day) = civil(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `2007-10-24`, `2007/10/24`, `20071024`, each with `T08:37:12.5+02:00` or less behind it; `Wed, 24 Oct 2007 08:37:12 GMT`;
/// `24 October 2007`, `October 24, 2007`; seconds, milliseconds or microseconds since 1970.
fn moment(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Some(seconds) = since_1970(text) {
        return Some(seconds);
    }
    let (days, rest) = day(text)?;
    Some(days * DAY + time(rest.trim_start_matches(['T', 't', ' ', ',']))?)
}

fn since_1970(text: &str) -> Option<i64> {
    let value: i64 = text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    match text.len() {
        9..=10 => Some(value),
        12..=13 => Some(value / 1_000),
        15..=16 => Some(value / 1_000_000),
        _ => None,
    }
}

/// The number of the day, and what stands behind it.
fn day(text: &str) -> Option<(i64, &str)> {
    if let Some(seconds) = since_1970(text) {
        return Some((seconds.div_euclid(DAY), ""));
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) && digits(text) >= 4 {
        return in_figures(text);
    }
    in_words(text)
}

fn in_figures(text: &str) -> Option<(i64, &str)> {
    let figures = digits(text);
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    if figures == 8 {
        return Some((number_of_day(part(0, 4)?, part(4, 6)?, part(6, 8)?)?, &text[8..]));
    }
    let sign = *text.as_bytes().get(4)?;
    if figures != 4 || !matches!(sign, b'-' | b'/' | b'.') || text.as_bytes().get(7) != Some(&sign) || digits(text.get(8..)?) != 2 {
        return None;
    }
    Some((number_of_day(part(0, 4)?, part(5, 7)?, part(8, 10)?)?, &text[10..]))
}

/// A month by its name, a day and a year beside it, and a day of the week before or nothing.
fn in_words(text: &str) -> Option<(i64, &str)> {
    let (mut day, mut month, mut rest) = (None, None, text);
    for _ in 0..5 {
        rest = rest.trim_start_matches([' ', ',', '.', '-']);
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let word = rest.get(..length).filter(|word| !word.is_empty())?;
        rest = &rest[length..];
        let figures = digits(word);
        if figures == 4 && length == 4 {
            return Some((number_of_day(word.parse().ok()?, month?, day?)?, rest));
        }
        if matches!(figures, 1 | 2) && day.is_none() && matches!(&word[figures..], "" | "st" | "nd" | "rd" | "th") {
            day = word[..figures].parse().ok();
        } else if let Some(at) = MONTHS.iter().position(|name| month.is_none() && is_name(word, name)) {
            month = Some(at as i64 + 1);
        } else if !["mon", "tue", "wed", "thu", "fri", "sat", "sun"].iter().any(|name| is_name(word, name)) {
            return None;
        }
    }
    None
}

fn is_name(word: &str, opening: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_alphabetic()) && word.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(opening))
}

/// Seconds behind midnight UTC of a time of day; of nothing, 0.
fn time(text: &str) -> Option<i64> {
    let part = |from: usize| text.get(from..from + 2)?.parse::<i64>().ok();
    let (Some(hours), Some(b':'), Some(minutes)) = (part(0), text.as_bytes().get(2), part(3)) else { return Some(0) };
    let (seconds, end) = if text.as_bytes().get(5) == Some(&b':') { (part(6)?, 8) } else { (0, 5) };
    let rest = text[end..].trim_start_matches(|c: char| c == '.' || c.is_ascii_digit()).trim_start();
    let half = match rest.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("pm") if hours < 12 => 12,
        Some("am") if hours == 12 => -12,
        _ => 0,
    };
    let all = (hours + half) * 3600 + minutes * 60 + seconds;
    (0..=DAY).contains(&all).then(|| all - offset(rest))
}

/// `+02:00`, `-0500`: seconds that a time is ahead of UTC.
fn offset(text: &str) -> i64 {
    let ahead = match text.as_bytes().first() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return 0,
    };
    let figures: String = text[1..].chars().filter(|&c| c != ':').take_while(char::is_ascii_digit).take(4).collect();
    let part = |from: usize| figures.get(from..from + 2).and_then(|part| part.parse::<i64>().ok()).unwrap_or(0);
    ahead * (part(0) * 3600 + part(2) * 60)
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Days since 1970-01-01, a Thursday, in the Gregorian calendar (Hinnant, “chrono-compatible low-level date algorithms”); `None` for a day
/// that no calendar has, and before the year 1000 or after 2999. `month` counts from 1.
pub fn number_of_day(year: i64, month: i64, day: i64) -> Option<i64> {
    if !YEARS.contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = year - i64::from(month <= 2);
    let era = year / 400;
    let of_era = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    // A day that its month does not have comes back as another.
    (civil(days).2 == day).then_some(days)
}

/// Year, month and day of a number of days since 1970.
const fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + if month <= 2 { 1 } else { 0 }, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_become_dates() {
        for (days, date) in [(0, "1970-01-01"), (11_016, "2000-02-29"), (20_781, "2026-11-24"), (-1, "1969-12-31")] {
            assert_eq!(date_of_day(days), date);
        }
    }

    #[test]
    fn every_form_of_a_moment_is_the_same() {
        for text in [
            "2007-10-24T08:37:12Z",
            "2007-10-24 08:37:12.250",
            "2007-10-24T10:37:12+02:00",
            "2007/10/24 03:37:12 -0500",
            "20071024T08:37:12",
            "Wed, 24 Oct 2007 08:37:12 GMT",
            "October 24, 2007, 8:37:12 AM",
            "1193215032",
            "1193215032000",
            "1193215032000000",
        ] {
            let expected = if text.starts_with("October") { 1_193_184_000 } else { 1_193_215_032 };
            assert_eq!(moment(text), Some(expected), "{text}");
        }
        for text in ["2007-10-24", "24 October 2007", "Oct. 24th, 2007", "Wednesday 24 October 2007"] {
            assert_eq!(moment(text), Some(1_193_184_000), "{text}");
        }
        assert_eq!(moment("October 24, 2007, 08:37 PM"), Some(1_193_184_000 + 20 * 3600 + 37 * 60));
        assert_eq!(moment("1969-12-31T23:59:59Z"), Some(-1));
    }

    #[test]
    fn what_can_mean_two_things_means_none() {
        for text in ["", "soon", "10/11/2007", "2007", "2007-13-01", "2007-02-30", "0000-00-00", "Oct 2007", "24 Brumaire 1799", "1193214"]
        {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn the_day_is_the_one_that_is_written() {
        let day = |date: &str| Meta { date: Some(date.into()), ..Meta::default() }.day();
        assert_eq!(day("2007-10-24T23:30:00-05:00").as_deref(), Some("2007-10-24"));
        assert_eq!(day("29 Feb 2024").as_deref(), Some("2024-02-29"));
        assert_eq!(day("29 Feb 2023"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in "\\PC{0,24}", made in "[0-9]{1,4}[-/ ][0-9a-zé]{1,4}[-/ ][0-9]{1,4}[T ]?[0-9:]{0,9}[-+]?[0-9:é]{0,5}") {
            let _ = (moment(&text), moment(&made));
        }

        #[test]
        fn days_come_back(days in -300_000..370_000i64) {
            let (year, month, day) = civil(days);
            prop_assert_eq!(number_of_day(year, month, day), Some(days));
        }
    }
}
