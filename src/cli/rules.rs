//! `copydesk rules`: the list of all rules.

use super::error::Error;
use super::session::Session;
use super::terminal::{self, Stream};
use super::{Exit, LookArgs, RuleArgs};
use crate::finding::Level;
use crate::rule::FixKind;
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::fmt::Write;

#[derive(Debug, Args)]
pub(super) struct RulesArgs {
    #[command(flatten)]
    rules: RuleArgs,
    /// A table for people, or one JSON object a line
    #[arg(long, value_name = "FORMAT", default_value = "pretty", help_heading = "Output")]
    format: ListFormat,
    #[command(flatten)]
    look: LookArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    Pretty,
    Json,
}

#[derive(Serialize)]
struct Row<'r> {
    id: &'r str,
    group: &'r str,
    severity: &'r str,
    /// Whether it runs, as the config and the arguments say.
    default: &'r str,
    fix: &'r str,
    summary: &'r str,
}

pub(super) fn run(args: &RulesArgs) -> Result<Exit, Error> {
    let session = Session::unproved(&args.rules)?;
    let unused = session.unused_acceptance();
    let unused = Row {
        id: &unused.id,
        group: &unused.group,
        severity: unused.severity.name(),
        default: session.unused_level().state(),
        fix: FixKind::None.name(),
        summary: &unused.summary,
    };
    let rows = session.rules.rules.iter().enumerate().map(|(slot, rule)| Row {
        id: &rule.id,
        group: &rule.group,
        severity: match session.rules.level(slot) {
            Level::At(severity) => severity.name(),
            _ => rule.severity.name(),
        },
        default: session.rules.level(slot).state(),
        fix: rule.fix.name(),
        summary: &rule.summary,
    });
    let rows = rows.chain([unused]);
    let text = match args.format {
        ListFormat::Json => {
            let lines: Result<Vec<String>, _> = rows.map(|row| serde_json::to_string(&row)).collect();
            lines.map_err(std::io::Error::other)?.join("\n") + "\n"
        }
        ListFormat::Pretty => table(rows, terminal::look(args.look, Stream::Out).width),
    };
    terminal::print(&text)?;
    Ok(Exit::Clean)
}

fn table<'r>(rows: impl Iterator<Item = Row<'r>>, width: usize) -> String {
    let rows: Vec<Row<'r>> = rows.collect();
    let wide = |cell: fn(&Row<'r>) -> &'r str| rows.iter().map(|row| cell(row).len()).max().unwrap_or(0);
    let (id, fix) = (wide(|row| row.id), wide(|row| row.fix));
    let mut text = String::new();
    let mut group = "";
    for row in &rows {
        if row.group != group {
            group = row.group;
            let _ = writeln!(text, "{}{group}", if text.is_empty() { "" } else { "\n" });
        }
        let head = format!("  {:id$}  {:7}  {:3}  {:fix$}  ", row.id, row.severity, row.default, row.fix);
        let room = width.saturating_sub(head.len()).max(24);
        let indent = " ".repeat(head.len());
        for (number, line) in wrap(row.summary, room).iter().enumerate() {
            let _ = writeln!(text, "{}{line}", if number == 0 { &head } else { &indent });
        }
    }
    let _ = writeln!(text, "\n{} rules; `copydesk explain RULE` shows one", rows.len());
    text
}

/// Lines of at most `width` characters, broken between words.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().filter(|line| line.is_empty() || line.chars().count() + 1 + word.chars().count() <= width);
        match line {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_string()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("extraordinarily", 4), ["extraordinarily"]);
    }
}
