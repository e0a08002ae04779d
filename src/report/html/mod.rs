//! One self-contained HTML page: what was found by rule, by site and by day, and every article with its findings marked.
//!
//! The page loads nothing and, but for its own script, runs nothing: a policy in its head sees to it. Articles come in the
//! order of gravity, so the page is written at the end; of a very long run the least grave articles are left out.

mod article;
mod compare;

use super::markup::escaped;
use super::place;
use super::statistics::Tally;
use super::summary::{counted, thousands};
use super::{Checked, Reporter, RuleInfo};
use crate::finding::Severity;
use crate::triage::Summary;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::io::{self, Write};
use xxhash_rust::xxh3::xxh3_128;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// Bytes of articles that a page holds: a browser still opens it at once.
const HELD: usize = 48 << 20;
/// Rows of the list of sites, and of what is found again and again.
const ROWS: usize = 8;
/// So few articles are open from the start.
const OPEN: usize = 3;

pub(super) struct Html {
    rules: HashMap<String, RuleInfo>,
    tally: Tally,
    articles: Vec<Article>,
    held: usize,
    left_out: usize,
    /// Number of the next finding.
    next: usize,
}

/// An article that waits for the end of the run.
struct Article {
    /// Errors, warnings, infos; the most comes first.
    gravity: (usize, usize, usize),
    number: usize,
    name: String,
    site: String,
    day: String,
    about: String,
    body: String,
}

impl Html {
    pub fn new(rules: &[RuleInfo]) -> Self {
        let rules = rules.iter().map(|rule| (rule.id.to_string(), rule.clone())).collect();
        Self { rules, tally: Tally::default(), articles: Vec::new(), held: 0, left_out: 0, next: 0 }
    }

    fn sort(&mut self) {
        self.articles.sort_by_key(|article| (Reverse(article.gravity), article.number));
    }

    /// Leaves out the least grave articles once there are too many bytes of them.
    fn keep_within(&mut self, most: usize) {
        if self.held <= most {
            return;
        }
        self.sort();
        while self.held > most * 3 / 4 && self.articles.len() > 1 {
            if let Some(article) = self.articles.pop() {
                self.held -= article.body.len();
                self.left_out += 1;
            }
        }
    }

    fn rules(&self, out: &mut String) {
        let rules = self.tally.rules();
        let most = rules.first().map_or(1, |rule| rule.2.findings);
        out.push_str("<section aria-labelledby=\"rules\"><h2 id=\"rules\">By rule</h2><ul class=\"bars\">");
        for (rule, severity, count) in rules {
            let about = self.rules.get(&**rule).map_or("", |rule| &rule.summary);
            let label = format!("{}, {}", counted(count.findings, "finding"), counted(count.documents, "document"));
            out.push_str(&bar("rule", rule, severity.name(), about, count.findings, most, &label));
        }
        out.push_str("</ul></section>");
    }

    fn sites(&self, out: &mut String) {
        let sites = self.tally.sites();
        if sites.len() < 2 {
            return;
        }
        let most = sites.first().map_or(1, |site| site.1.findings);
        out.push_str("<section aria-labelledby=\"sites\"><h2 id=\"sites\">By site</h2><ul class=\"bars\">");
        for (site, count, documents) in sites.iter().take(ROWS) {
            let label =
                format!("{} in {} of {}", counted(count.findings, "finding"), thousands(count.documents), counted(*documents, "document"));
            out.push_str(&bar("site", site, "", "", count.findings, most, &label));
        }
        out.push_str("</ul>");
        if sites.len() > ROWS {
            out.push_str(&format!("<p class=\"more\">and {}</p>", counted(sites.len() - ROWS, "more site")));
        }
        out.push_str("</section>");
    }

    fn periods(&self, out: &mut String) {
        let periods = self.tally.periods();
        if periods.len() < 2 {
            return;
        }
        let most = periods.iter().map(|period| period.1.findings).max().unwrap_or(1);
        out.push_str("<section aria-labelledby=\"days\"><h2 id=\"days\">By date</h2><ul class=\"bars\">");
        for (period, count, documents) in periods {
            let label =
                format!("{} in {} of {}", counted(count.findings, "finding"), thousands(count.documents), counted(documents, "document"));
            out.push_str(&bar("day", period, "", "", count.findings, most, &label));
        }
        out.push_str("</ul></section>");
    }

    fn causes(&self, out: &mut String) {
        let causes = self.tally.causes();
        if causes.is_empty() {
            return;
        }
        out.push_str("<section aria-labelledby=\"causes\"><h2 id=\"causes\">The same text again and again</h2><ol class=\"causes\">");
        for cause in causes.iter().take(ROWS) {
            out.push_str(&format!(
                "<li><b>{}</b> on {}: <q>{}</q> <span class=\"rule\">{}</span> <span class=\"place\">first in {}</span></li>",
                counted(cause.count.documents, "document"),
                escaped(&cause.site),
                escaped(&cause.example),
                escaped(&cause.rule),
                escaped(&cause.place)
            ));
        }
        out.push_str("</ol>");
        if causes.len() > ROWS {
            out.push_str(&format!("<p class=\"more\">and {} more</p>", thousands(causes.len() - ROWS)));
        }
        out.push_str("</section>");
    }

    fn filters(&self, out: &mut String) {
        out.push_str(
            "<form class=\"filters\" role=\"search\" aria-label=\"Filter findings\" hidden>\
             <label><span class=\"unseen\">Words in a name or message</span>\
             <input type=\"search\" id=\"words\" placeholder=\"Filter by name or message\" autocomplete=\"off\"></label>\
             <fieldset><legend class=\"unseen\">Severity</legend>",
        );
        let found = self.tally.rules();
        for severity in [Severity::Error, Severity::Warning, Severity::Info] {
            if found.iter().any(|rule| rule.1 == severity) {
                out.push_str(&format!(
                    "<label class=\"chip {severity}\"><input type=\"checkbox\" name=\"severity\" value=\"{severity}\" checked> {severity}</label>"
                ));
            }
        }
        out.push_str(
            "</fieldset><button type=\"button\" id=\"clear\" hidden>Show all</button>\
             <button type=\"button\" id=\"fold\" aria-pressed=\"false\">Open all</button>\
             <output id=\"count\" aria-live=\"polite\"></output></form>",
        );
    }
}

impl Reporter for Html {
    fn document(&mut self, checked: &Checked, _: &mut dyn Write) -> io::Result<()> {
        self.tally.add(checked);
        if checked.findings.is_empty() {
            return Ok(());
        }
        let count = |severity| checked.findings.iter().filter(|reported| reported.finding.severity == severity).count();
        let origin = &checked.document.origin;
        let body = article::render(checked, self.next);
        self.next += checked.findings.len();
        self.held += body.len();
        let mut about = Vec::new();
        about.extend(origin.url.as_deref().map(escaped));
        about.extend(origin.encoding.map(|encoding| format!("read as {encoding}")));
        self.articles.push(Article {
            gravity: (count(Severity::Error), count(Severity::Warning), count(Severity::Info)),
            number: self.articles.len() + self.left_out,
            name: escaped(&place::name(origin)),
            site: escaped(&origin.home()),
            day: super::statistics::day(&checked.document),
            about: about.join(", "),
            body,
        });
        self.keep_within(HELD);
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        self.sort();
        let title = escaped(&summary.to_string());
        let mut head = String::new();
        self.rules(&mut head);
        self.sites(&mut head);
        self.periods(&mut head);
        self.causes(&mut head);
        let mut filters = String::new();
        self.filters(&mut filters);
        // No text of an article can know the number that its page will have.
        let bodies: u128 = self.articles.iter().fold(0, |hash, article| hash.rotate_left(1) ^ xxh3_128(article.body.as_bytes()));
        let nonce = format!("{:032x}", bodies ^ xxh3_128(head.as_bytes()));
        let policy =
            format!("default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'");
        writeln!(
            out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"generator\" content=\"copydesk {}\">\n\
             <title>copydesk: {title}</title>\n<style nonce=\"{nonce}\">\n{STYLE}</style>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#documents\">To the articles</a>\n\
             <header><h1>{title}</h1><button type=\"button\" id=\"theme\" aria-label=\"Light or dark\" hidden>◐</button></header>\n\
             <div class=\"overview\">{head}</div>\n{filters}\n<main id=\"documents\" tabindex=\"-1\">",
            env!("CARGO_PKG_VERSION")
        )?;
        for (index, article) in self.articles.iter().enumerate() {
            let Article { name, site, day, about, body, gravity: (errors, warnings, infos), .. } = article;
            let open = if index < OPEN { " open" } else { "" };
            write!(
                out,
                "<details class=\"article\" data-site=\"{site}\" data-day=\"{day}\"{open}><summary><h2>{name}</h2><span class=\"tally\">"
            )?;
            for (count, name) in [(errors, "error"), (warnings, "warning"), (infos, "info")] {
                if *count > 0 {
                    write!(out, "<span class=\"{name}\">{}</span>", counted(*count, name))?;
                }
            }
            out.write_all(b"</span></summary>")?;
            if !about.is_empty() {
                write!(out, "<p class=\"about\">{about}</p>")?;
            }
            writeln!(out, "<div class=\"text\">\n{body}</div></details>")?;
        }
        if self.left_out > 0 {
            writeln!(out, "<p class=\"more\">{} with graver ones before them are left out.</p>", counted(self.left_out, "article"))?;
        }
        if summary.findings() == 0 {
            writeln!(out, "<p class=\"more\">Nothing was found.</p>")?;
        }
        writeln!(
            out,
            "</main>\n<footer><p class=\"keys\" hidden><kbd>j</kbd> next finding <kbd>k</kbd> previous <kbd>/</kbd> filter \
             <kbd>t</kbd> light or dark</p></footer>\n<script nonce=\"{nonce}\">\n{SCRIPT}</script>\n</body>\n</html>"
        )
    }
}

/// A row that shows how much, and that a click filters by.
fn bar(kind: &str, name: &str, class: &str, about: &str, part: usize, most: usize, label: &str) -> String {
    let about = if about.is_empty() { name } else { about };
    let (name, about, width) = (escaped(name), escaped(about), (part * 1000).div_ceil(most.max(1)));
    format!(
        "<li><button type=\"button\" class=\"{class}\" data-{kind}=\"{name}\" aria-pressed=\"false\" title=\"{about}\">\
         <span class=\"name\">{name}</span><svg viewBox=\"0 0 1000 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect width=\"{width}\" height=\"1\"/></svg><span class=\"unseen\">{label}</span>\
         <span class=\"amount\" aria-hidden=\"true\">{}</span></button></li>",
        thousands(part)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::{checked, file, finding, typo, written};
    use crate::text::Span;

    #[test]
    fn the_page_is_whole_and_loads_nothing() {
        let page = written(Html::new(&[]), &[typo(file("a.txt")), checked(file("b.txt"), "Fine.\n", Vec::new())]);
        assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
        assert!(page.contains("<title>copydesk: 1 finding (1 error) in 1 of 2 files</title>"));
        for loaded in [" src=", "<link", "@import", "url(", "http://", "https://"] {
            assert!(!page.contains(loaded), "{loaded}");
        }
        let tags = |tag: &str| page.matches(tag).count();
        for name in ["details", "section", "div", "ul", "li", "button", "p", "a", "mark"] {
            assert_eq!(tags(&format!("<{name} ")) + tags(&format!("<{name}>")), tags(&format!("</{name}>")), "{name}");
        }
    }

    #[test]
    fn articles_come_in_the_order_of_their_gravity() {
        let info = checked(file("mild.txt"), "One.\n", vec![finding("x", Severity::Info, Span::new(0, 3), "x")]);
        let page = written(Html::new(&[]), &[info, typo(file("grave.txt"))]);
        assert!(page.find("<h2>grave.txt").unwrap() < page.find("<h2>mild.txt").unwrap());
    }

    #[test]
    fn the_least_grave_are_left_out_first() {
        let mut html = Html::new(&[]);
        let mut out = Vec::new();
        for number in 0..40 {
            let severity = if number % 2 == 0 { Severity::Error } else { Severity::Info };
            let document = checked(file("a.txt"), "One.\n", vec![finding("x", severity, Span::new(0, 3), "x")]);
            html.document(&document, &mut out).unwrap();
        }
        html.keep_within(html.held / 2);
        assert!(html.left_out >= 20 && html.articles.iter().all(|article| article.gravity.0 == 1));
    }

    #[test]
    fn a_run_without_findings_has_a_page_too() {
        assert!(written(Html::new(&[]), &[]).contains("Nothing was found."));
    }
}
