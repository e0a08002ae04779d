//! `copydesk explain`: a rule's page in the terminal.

use super::error::Error;
use super::rules::wrap;
use super::session::Session;
use super::terminal::{self, Stream};
use super::{Exit, LookArgs, RuleArgs};
use crate::finding::Level;
use crate::rule::Rule;
use clap::Args;
use std::fmt::Write;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The id of the rule
    rule: String,
    /// Show how near each part of this file came to firing
    file: Option<PathBuf>,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    look: LookArgs,
}

pub(super) fn run(args: &ExplainArgs) -> Result<Exit, Error> {
    let session = Session::open(&args.rules)?;
    let found = session.rules.rules.iter().position(|rule| *rule.id == *args.rule);
    let Some(slot) = found else {
        let hint = session.rules.unknown(&args.rule).unwrap_or_else(|| "that is a group; name one of its rules".into());
        return Err(Error::with_help(format!("there is no rule `{}`", args.rule), hint));
    };
    let width = terminal::look(args.look, Stream::Out).width;
    terminal::print(&page(&session.rules.rules[slot], session.rules.level(slot), width))?;
    Ok(Exit::Clean)
}

fn page(rule: &Rule, level: Level, width: usize) -> String {
    let mut text = String::new();
    let mut paragraph = |paragraph: &str, indent: usize| {
        for line in wrap(paragraph, width.saturating_sub(indent).max(24)) {
            let _ = writeln!(text, "{:indent$}{line}", "");
        }
    };
    let severity = match level {
        Level::At(severity) => severity,
        _ => rule.severity,
    };
    let state = if level == Level::Off { "off" } else { "on" };
    paragraph(&format!("{} ({}, {severity}, {state}, fix: {})", rule.id, rule.group, rule.fix.name()), 0);
    paragraph("", 0);
    paragraph(&rule.summary, 0);
    for why in rule.why.as_deref().unwrap_or_default().split("\n\n").filter(|why| !why.trim().is_empty()) {
        paragraph("", 0);
        paragraph(why, 0);
    }
    for example in &rule.examples.invalid {
        paragraph("", 0);
        paragraph("Found, between [[ and ]]:", 0);
        example.text.value.lines().for_each(|line| paragraph(line, 4));
    }
    for example in &rule.examples.valid {
        paragraph("", 0);
        paragraph("Left alone:", 0);
        example.value.lines().for_each(|line| paragraph(line, 4));
    }
    text
}
