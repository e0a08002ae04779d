//! What was found over a whole run: by rule, by site, by day, and by cause, where one broken page template is one row and not
//! ten thousand findings.

use super::handler::{Look, Renderer, level};
use super::place;
use super::summary::{counted, thousands};
use super::visible::{columns, one_line};
use super::{Checked, Reporter};
use crate::document::Document;
use crate::finding::{RuleId, Severity};
use crate::text::Span;
use crate::triage::Summary;
use owo_colors::Style;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use xxhash_rust::xxh3::xxh3_64;

/// Causes held at a time; beyond, those met only once are forgotten, so that a run may be of any length.
const CAUSES: usize = 50_000;
/// Sites told apart; those that come later share one row.
const SITES: usize = 50_000;
/// Bytes of a finding's text that tell its cause: a template's piece of text is the same from its start.
const CAUSE: usize = 200;
/// Rows of the tables by site and by cause.
const ROWS: usize = 20;
/// Days told apart; of those that come later, only the year is kept.
const DAYS: usize = 20_000;
/// Days, or months, up to which a table has a row for each.
const PERIODS: usize = 31;
/// Stands for the documents that give no date.
pub(super) const UNDATED: &str = "(no date)";
const OTHER_SITES: &str = "(other sites)";

/// The tally of a run, as a table at its end.
pub struct Statistics {
    look: Look,
    renderer: Renderer,
    tally: Tally,
}

/// How often, in how many documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub findings: usize,
    pub documents: usize,
    /// Number of the last document that was counted.
    last: usize,
}

impl Count {
    fn add(&mut self, document: usize) {
        self.findings += 1;
        self.documents += usize::from(self.last != document);
        self.last = document;
    }
}

/// A piece of text that a rule finds again and again on a site.
#[derive(Clone, Debug)]
pub(super) struct Cause {
    pub rule: RuleId,
    pub site: String,
    pub count: Count,
    /// The text as it was first found, and where.
    pub example: String,
    pub place: String,
}

/// What is counted.
#[derive(Debug, Default)]
pub(super) struct Tally {
    documents: usize,
    rules: HashMap<RuleId, (Severity, Count)>,
    sites: HashMap<String, (Count, usize)>,
    days: BTreeMap<String, (Count, usize)>,
    causes: HashMap<u64, Cause>,
}

impl Tally {
    pub fn add(&mut self, checked: &Checked) {
        self.documents += 1;
        let document = &checked.document;
        let mut site = document.origin.home();
        if self.sites.len() >= SITES && !self.sites.contains_key(&site) {
            site = OTHER_SITES.into();
        }
        let (count, documents) = self.sites.entry(site.clone()).or_default();
        *documents += 1;
        let mut day = day(document);
        if self.days.len() >= DAYS && !self.days.contains_key(&day) {
            day.truncate(4);
        }
        let (of_day, documents) = self.days.entry(day).or_default();
        *documents += 1;
        for reported in &checked.findings {
            let finding = &reported.finding;
            count.add(self.documents);
            of_day.add(self.documents);
            let rule = self.rules.entry(finding.rule.clone()).or_insert((finding.severity, Count::default()));
            rule.0 = rule.0.max(finding.severity);
            rule.1.add(self.documents);
            let text = cause(document, finding.span);
            let key = xxh3_64(format!("{site}\0{}\0{text}", finding.rule).as_bytes());
            let known = self.causes.entry(key).or_insert_with(|| Cause {
                rule: finding.rule.clone(),
                site: site.clone(),
                count: Count::default(),
                example: one_line(opening(document, finding.span), 60),
                place: place_of(document, finding.span),
            });
            known.count.add(self.documents);
        }
        if self.causes.len() > CAUSES {
            self.causes.retain(|_, cause| cause.count.findings > 1);
        }
    }

    /// Rules by how often they found something.
    pub fn rules(&self) -> Vec<(&RuleId, Severity, Count)> {
        let mut rules: Vec<_> = self.rules.iter().map(|(rule, &(severity, count))| (rule, severity, count)).collect();
        rules.sort_by(|a, b| (b.2.findings, b.1, a.0).cmp(&(a.2.findings, a.1, b.0)));
        rules
    }

    /// Sites with findings, the worst first: findings, and how many of how many documents have some.
    pub fn sites(&self) -> Vec<(&str, Count, usize)> {
        let mut sites: Vec<_> = self.sites.iter().map(|(site, &(count, documents))| (site.as_str(), count, documents)).collect();
        sites.retain(|site| site.1.findings > 0);
        sites.sort_by(|a, b| b.1.findings.cmp(&a.1.findings).then_with(|| a.0.cmp(b.0)));
        sites
    }

    /// Days, months or years, whichever are few enough, in their order, and last the documents without a date: findings, and how many of
    /// how many documents have some. Nothing where no document gives a date.
    pub fn periods(&self) -> Vec<(&str, Count, usize)> {
        let periods = |length: usize| {
            let mut periods: Vec<(&str, Count, usize)> = Vec::new();
            for (day, (count, documents)) in self.days.iter().filter(|(day, _)| *day != UNDATED) {
                let period = day.get(..length).unwrap_or(day);
                match periods.last_mut().filter(|last| last.0 == period) {
                    Some((_, sum, all)) => {
                        sum.findings += count.findings;
                        sum.documents += count.documents;
                        *all += documents;
                    }
                    None => periods.push((period, *count, *documents)),
                }
            }
            periods
        };
        let fits = |length: &usize| periods(*length).len() <= PERIODS;
        let mut periods = periods(["2007-10-24".len(), "2007-10".len()].into_iter().find(fits).unwrap_or("2007".len()));
        if let Some((count, documents)) = self.days.get(UNDATED).filter(|_| !periods.is_empty()) {
            periods.push((UNDATED, *count, *documents));
        }
        periods
    }

    /// What was found in more than one document of a site, the most frequent first. A sign alone has no cause in common.
    pub fn causes(&self) -> Vec<&Cause> {
        let worded = |cause: &&Cause| cause.example.chars().filter(|c| c.is_alphanumeric()).nth(1).is_some();
        let mut causes: Vec<&Cause> = self.causes.values().filter(|cause| cause.count.documents > 1).filter(worded).collect();
        // Which of equals comes first must be told by what they hold: the order of the map is another one in each run.
        let order = |a: &Cause, b: &Cause| (&a.rule, &a.place, &a.example, &a.site).cmp(&(&b.rule, &b.place, &b.example, &b.site));
        causes.sort_by(|a, b| b.count.documents.cmp(&a.count.documents).then_with(|| order(a, b)));
        causes
    }
}

/// The day that a document is of, as its record, front matter or page says.
pub(super) fn day(document: &Document) -> String {
    document.meta.day().unwrap_or_else(|| UNDATED.into())
}

fn opening(document: &Document, span: Span) -> &str {
    let text = span.of(&document.text);
    &text[..text.floor_char_boundary(CAUSE)]
}

/// The text of a finding under which those of one cause are the same: in lower case, every number `0`, one space between
/// words.
fn cause(document: &Document, span: Span) -> String {
    let mut cause = String::with_capacity(CAUSE);
    for c in opening(document, span).chars() {
        let last = cause.chars().next_back();
        match c {
            c if c.is_whitespace() && last.is_some_and(|last| last != ' ') => cause.push(' '),
            c if c.is_whitespace() => {}
            c if c.is_numeric() && last == Some('0') => {}
            c if c.is_numeric() => cause.push('0'),
            c => cause.extend(c.to_lowercase()),
        }
    }
    cause.truncate(cause.trim_end().len());
    cause
}

fn place_of(document: &Document, span: Span) -> String {
    let name = place::name(&document.origin);
    if document.origin.record.is_some() {
        return name;
    }
    let at = document.source_position(document.to_source(span).start);
    format!("{name}:{}:{}", at.line, at.column)
}

impl Statistics {
    pub fn new(look: Look) -> Self {
        Self { look, renderer: Renderer::new(look), tally: Tally::default() }
    }

    pub fn add(&mut self, checked: &Checked) {
        self.tally.add(checked);
    }

    fn heading(&self, heading: &str, out: &mut dyn Write) -> io::Result<()> {
        let style = if self.look.color { Style::new().bold() } else { Style::new() };
        writeln!(out, "{}", style.style(heading))
    }

    fn rules(&self, out: &mut dyn Write) -> io::Result<()> {
        let rules = self.tally.rules();
        let most = rules.first().map_or(1, |rule| rule.2.findings);
        let names = rules.iter().map(|rule| columns(rule.0)).max().unwrap_or(0).max(4);
        self.heading(&format!("  findings  documents  {:names$}", "rule"), out)?;
        let room = self.look.width.saturating_sub(2 + 8 + 2 + 9 + 2 + names + 2).min(30);
        for (rule, severity, count) in rules {
            let style = self.renderer.severity(level(severity));
            let bar = bar(count.findings, most, room, self.look.unicode);
            let name = format!("{rule:names$}");
            writeln!(
                out,
                "  {:>8}  {:>9}  {}  {}",
                thousands(count.findings),
                thousands(count.documents),
                style.style(name),
                style.style(bar)
            )?;
        }
        writeln!(out)
    }

    fn sites(&self, out: &mut dyn Write) -> io::Result<()> {
        let sites = self.tally.sites();
        self.heading("  findings  documents          site", out)?;
        for (site, count, documents) in sites.iter().take(ROWS) {
            let share = format!("{} of {}", thousands(count.documents), thousands(*documents));
            writeln!(out, "  {:>8}  {share:17}  {}", thousands(count.findings), one_line(site, 80))?;
        }
        self.more(sites.len(), "site", out)?;
        writeln!(out)
    }

    fn periods(&self, out: &mut dyn Write) -> io::Result<()> {
        let periods = self.tally.periods();
        if periods.len() < 2 {
            return Ok(());
        }
        let most = periods.iter().map(|period| period.1.findings).max().unwrap_or(1);
        self.heading("  findings  documents          date", out)?;
        for (period, count, documents) in periods {
            let share = format!("{} of {}", thousands(count.documents), thousands(documents));
            let bar = bar(count.findings, most, 30, self.look.unicode);
            writeln!(out, "{}", format!("  {:>8}  {share:17}  {period:10}  {bar}", thousands(count.findings)).trim_end())?;
        }
        writeln!(out)
    }

    fn causes(&self, out: &mut dyn Write) -> io::Result<()> {
        let causes = self.tally.causes();
        if causes.is_empty() {
            return Ok(());
        }
        self.heading("  documents  the same text again and again", out)?;
        for cause in causes.iter().take(ROWS) {
            let site = one_line(&cause.site, 80);
            let rule = self.tally.rules.get(&cause.rule).map_or(Style::new(), |rule| self.renderer.severity(level(rule.0)));
            writeln!(out, "  {:>9}  {} on {site}: `{}`", thousands(cause.count.documents), rule.style(&cause.rule), cause.example)?;
            writeln!(out, "  {:>9}  {}", "", self.renderer.dimmed().style(format_args!("first in {}", cause.place)))?;
        }
        self.more(causes.len(), "cause", out)?;
        writeln!(out)
    }

    fn more(&self, rows: usize, name: &str, out: &mut dyn Write) -> io::Result<()> {
        if rows > ROWS {
            let more = format!("  … and {}", counted(rows - ROWS, &format!("more {name}")));
            writeln!(out, "{}", if self.look.unicode { more } else { more.replace('…', "...") })?;
        }
        Ok(())
    }
}

impl Reporter for Statistics {
    fn document(&mut self, checked: &Checked, _: &mut dyn Write) -> io::Result<()> {
        self.add(checked);
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        if summary.findings() > 0 {
            self.rules(out)?;
            self.sites(out)?;
            self.periods(out)?;
            self.causes(out)?;
        }
        self.heading(&summary.to_string(), out)
    }
}

/// A bar as long as its share of the longest, to an eighth of a column; what is there at all is seen.
fn bar(part: usize, most: usize, width: usize, unicode: bool) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (part * width * 8).div_ceil(most.max(1));
    if unicode { format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8]) } else { "#".repeat(eighths.div_ceil(8)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Origin;
    use crate::report::fixture::{checked, file, finding, look, record, written};

    fn page(number: usize, url: &str) -> Checked {
        let text = format!("Share on Facebook ({number})\nThe council met, they teh said.\n");
        let origin = Origin { url: Some(url.into()), ..record("crawl.jsonl") };
        let share = finding("share-buttons", Severity::Warning, Span::new(0, text.find('\n').unwrap()), "a share button");
        let mut findings = vec![share];
        if number == 0 {
            let at = text.find("teh").unwrap();
            findings.push(finding("misspelling", Severity::Error, Span::new(at, at + 3), "`teh`"));
        }
        checked(origin, &text, findings)
    }

    #[test]
    fn a_broken_template_is_one_row() {
        let pages: Vec<Checked> = (0..900).map(|number| page(number, "https://www.Example.org:443/a?b")).collect();
        assert_eq!(
            written(Statistics::new(look(80)), &pages),
            "  findings  documents  rule         \n\
             \x20      900        900  share-buttons  ██████████████████████████████\n\
             \x20        1          1  misspelling    ▏\n\n\
             \x20 findings  documents          site\n\
             \x20      901  900 of 900         example.org\n\n\
             \x20 documents  the same text again and again\n\
             \x20       900  share-buttons on example.org: `Share on Facebook (0)`\n\
             \x20            first in crawl.jsonl:12 (a17)\n\n\
             901 findings (1 error, 900 warnings) in 900 of 900 records\n"
        );
    }

    #[test]
    fn the_same_text_on_two_sites_has_two_causes() {
        let mut tally = Tally::default();
        for (number, url) in [(1, "http://a.org"), (2, "http://a.org"), (3, "http://b.org"), (4, "http://b.org")] {
            tally.add(&page(number, url));
        }
        let causes: Vec<&str> = tally.causes().iter().map(|cause| cause.site.as_str()).collect();
        assert_eq!(causes.len(), 2);
        assert!(causes.contains(&"a.org") && causes.contains(&"b.org"));
    }

    #[test]
    fn causes_in_one_place_come_in_the_same_order_in_every_run() {
        let text = "the the wall, of of stone, in in spring, a a bridge\n";
        let starts = ["the the", "of of", "in in", "a a"].map(|doubled| (text.find(doubled).unwrap(), doubled.len()));
        let findings =
            || starts.map(|(at, length)| finding("doubled-word", Severity::Warning, Span::new(at, at + length), "twice")).to_vec();
        for _ in 0..20 {
            let mut tally = Tally::default();
            for _ in 0..2 {
                tally.add(&checked(record("crawl.jsonl"), text, findings()));
            }
            let causes: Vec<&str> = tally.causes().iter().map(|cause| cause.example.as_str()).collect();
            assert_eq!(causes, ["a a", "in in", "of of", "the the"]);
        }
    }

    #[test]
    fn days_come_in_their_order_and_many_of_them_by_month_or_year() {
        let tally = |dates: &mut dyn Iterator<Item = String>| {
            let mut tally = Tally::default();
            for (number, date) in dates.enumerate() {
                let mut page = page(number, "http://a.org");
                page.document.meta.date = Some(date);
                tally.add(&page);
            }
            tally
        };
        let rows = |tally: &Tally| -> Vec<String> {
            tally.periods().iter().map(|(period, count, all)| format!("{period} {} {} {all}", count.findings, count.documents)).collect()
        };
        let dates = ["2007-10-25", "24 October 2007", "yesterday", "2007-10-24T08:37:00Z"].map(String::from);
        assert_eq!(rows(&tally(&mut dates.into_iter())), ["2007-10-24 2 2 2", "2007-10-25 2 1 1", "(no date) 1 1 1"]);
        let month = tally(&mut (0..60).map(|n| format!("2007-{:02}-{:02}", 1 + n / 20, 1 + n % 20)));
        assert_eq!(rows(&month), ["2007-01 21 20 20", "2007-02 20 20 20", "2007-03 20 20 20"]);
        let year = tally(&mut (0..60).map(|n| format!("{}-{:02}-02", 2001 + n / 12, 1 + n % 12)));
        assert_eq!(rows(&year)[..2], ["2001 13 12 12", "2002 12 12 12"]);
        assert!(rows(&tally(&mut ["".to_string()].into_iter())).is_empty());
    }

    #[test]
    fn rare_causes_are_forgotten_before_memory_is() {
        let mut tally = Tally::default();
        for number in 0..CAUSES + 10 {
            let text: String = number.to_string().bytes().map(|digit| char::from(digit + 49)).collect();
            tally.add(&checked(file("a.txt"), &text, vec![finding("x", Severity::Info, Span::new(0, text.len()), "x")]));
        }
        assert!(tally.causes.len() < CAUSES);
        assert_eq!(tally.rules()[0].2.findings, CAUSES + 10);
    }
}
