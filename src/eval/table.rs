//! The result of a run as tables for a terminal, and its single results as lines.

use super::{Excerpt, Outcome, Precision, Tally};
use crate::report::safe_name;
use std::fmt::Write as _;
use std::io::{self, Write};

/// Marks a ratio that cannot be given: nothing was found, or nothing was to be found.
const NONE: &str = "–";

impl Outcome {
    /// Writes the tables, then the excerpts that were asked for.
    pub fn write_tables(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(tables(&self.tally).as_bytes())?;
        if !self.excerpts.is_empty() {
            writeln!(out)?;
        }
        for excerpt in &self.excerpts {
            writeln!(out, "{}", line(excerpt))?;
        }
        Ok(())
    }

    /// Writes the same as one JSON object.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut value = serde_json::to_value(&self.tally)?;
        if let (Some(object), false) = (value.as_object_mut(), self.excerpts.is_empty()) {
            object.insert("excerpts".into(), serde_json::to_value(&self.excerpts)?);
        }
        writeln!(out, "{value}")
    }
}

fn tables(tally: &Tally) -> String {
    let mut out = String::new();
    if tally.all_labels.labels > 0 {
        let mut table = Table::new("label", &["documents", "words", "labels", "hits", "misses", "recall", "F1"]);
        let labels = tally.labels.iter().map(|(key, recall)| (key.as_str(), recall, recall.f1));
        for (key, recall, f1) in labels.chain([("all", &tally.all_labels, tally.f1)]) {
            let counts = [recall.documents, recall.words, recall.labels, recall.hits, recall.misses];
            table.row(key, counts.map(|count| count.to_string()).into_iter().chain([share(recall.recall), share(f1)]));
        }
        table.write(&mut out);
    }
    let mut table = Table::new("rule", &["documents", "words", "findings", "hits", "false", "precision", "false/10k words", "F1"]);
    let mut row = |key: &str, sum: &Precision, f1: Option<f64>| {
        let counts = [sum.documents, sum.words, sum.findings, sum.hits, sum.wrong];
        let ratios = [share(sum.precision), rate(sum.false_per_10k_words), share(f1)];
        table.row(key, counts.map(|count| count.to_string()).into_iter().chain(ratios));
    };
    for (id, sum) in tally.rules.iter().filter(|(id, sum)| sum.findings > 0 || tally.labels.contains_key(*id)) {
        row(id, sum, sum.f1);
    }
    for severity in ["error", "warning", "info"] {
        if let Some(sum) = tally.severities.get(severity).filter(|sum| sum.findings > 0) {
            row(&format!("all of severity {severity}"), sum, None);
        }
    }
    row("all", &tally.all_rules, tally.f1);
    table.write(&mut out);
    if !tally.kinds.is_empty() {
        let mut table = Table::new("kind", &["documents", "words", "labels", "hits", "misses", "recall", "false", "false/10k words"]);
        for (key, kind) in &tally.kinds {
            let recall = &kind.recall;
            let counts = [recall.documents, recall.words, recall.labels, recall.hits, recall.misses].map(|count| count.to_string());
            let rest = [share(recall.recall), kind.wrong.to_string(), rate(kind.false_per_10k_words)];
            table.row(key, counts.into_iter().chain(rest));
        }
        table.write(&mut out);
    }
    out
}

fn share(value: Option<f64>) -> String {
    value.map_or(NONE.into(), |value| format!("{value:.3}"))
}

fn rate(value: Option<f64>) -> String {
    value.map_or(NONE.into(), |value| format!("{value:.2}"))
}

/// `path:12: rule: …text «found» text… (message)`
fn line(excerpt: &Excerpt) -> String {
    let Excerpt { path, line, rule, before, text, after, .. } = excerpt;
    let id = excerpt.id.as_ref().map_or(String::new(), |id| format!(" {}", plain(id)));
    let message = excerpt.message.as_ref().map_or(String::new(), |message| format!("  ({})", plain(message)));
    format!("{path}:{line}:{id} {rule}: {}«{}»{}{message}", plain(before), plain(text), plain(after))
}

/// On one line, and without characters that drive a terminal.
fn plain(text: &str) -> String {
    let breaks = ['\n', '\r', '\u{2028}', '\u{2029}'];
    safe_name(&text.replace("\r\n", "\n").replace(breaks, "⏎").replace('\t', " ")).into_owned()
}

/// Columns of text: the first flush left, the others right.
struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    fn new(first: &str, others: &[&str]) -> Self {
        Self { rows: vec![std::iter::once(first).chain(others.iter().copied()).map(str::to_string).collect()] }
    }

    fn row(&mut self, first: &str, others: impl Iterator<Item = String>) {
        self.rows.push(std::iter::once(plain(first)).chain(others).collect());
    }

    /// Appends the table, after a blank line where there is something above it.
    fn write(self, out: &mut String) {
        if !out.is_empty() {
            out.push('\n');
        }
        let width = |column: usize| self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.rows[0].len()).map(width).collect();
        for row in &self.rows {
            let _ = write!(out, "{:<1$}", row[0], widths[0]);
            for (cell, width) in row.iter().zip(&widths).skip(1) {
                let _ = write!(out, "  {cell:>width$}");
            }
            out.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let mut table = Table::new("rule", &["hits", "F1"]);
        table.row("misspelling", ["1200".to_string(), share(Some(0.5))].into_iter());
        table.row("all", ["7".to_string(), share(None)].into_iter());
        let mut out = String::new();
        table.write(&mut out);
        assert_eq!(out, "rule         hits     F1\nmisspelling  1200  0.500\nall             7      –\n");
    }

    #[test]
    fn what_drives_a_terminal_is_spelled_out() {
        assert_eq!(plain("a\u{1b}[31m\r\nb\u{202e}"), "a<U+001B>[31m⏎b<U+202E>");
    }
}
