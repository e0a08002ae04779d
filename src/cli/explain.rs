//! `copydesk explain`: a rule's page in the terminal; with a file, how near each part of it came to firing.

use super::error::{self, Error};
use super::rules::wrap;
use super::session::Session;
use super::terminal::{self, Stream};
use super::{Exit, LookArgs, RuleArgs};
use crate::detect::Measures;
use crate::document::Document;
use crate::finding::{Level, UNUSED_ACCEPTANCE};
use crate::report::safe_name;
use crate::rule::{Rule, RuleSet};
use crate::{check, input};
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
    let width = terminal::look(args.look, Stream::Out).width;
    if args.rule == UNUSED_ACCEPTANCE && args.file.is_none() {
        terminal::print(&acceptance_page(&session, width))?;
        return Ok(Exit::Clean);
    }
    let found = session.rules.rules.iter().position(|rule| *rule.id == *args.rule);
    let Some(slot) = found else {
        let hint = match args.rule.as_str() {
            UNUSED_ACCEPTANCE => "that rule looks at what is accepted, not at a file; leave the file out".into(),
            rule => session.rules.unknown(rule).unwrap_or_else(|| "that is a group; name one of its rules".into()),
        };
        return Err(Error::with_help(format!("there is no rule `{}`", args.rule), hint));
    };
    let Some(file) = &args.file else {
        terminal::print(&page(&session.rules.rules[slot], session.rules.level(slot), width))?;
        return Ok(Exit::Clean);
    };
    let mut exit = Exit::Clean;
    for raw in &mut input::read([file.clone()], session.input_options())? {
        match raw.and_then(input::Raw::into_document) {
            Ok(Some(document)) => terminal::print(&nearness(&document, &session.rules, slot, width))?,
            Ok(None) => {}
            Err(error) => {
                error::unread(&error);
                exit = Exit::Failed;
            }
        }
    }
    Ok(exit)
}

/// Each part that the rule measured in the document: line, value, threshold, and how the part begins.
fn nearness(document: &Document, rules: &RuleSet, slot: usize, width: usize) -> String {
    let rule = &rules.rules[slot];
    let name = match &document.origin.record {
        Some(record) => format!("{}:{}", document.origin.path, record.line),
        None => document.origin.path.clone(),
    };
    let mut text = format!("{} in {}\n", rule.id, safe_name(&name));
    let parts = match check::measures(document, rules, slot) {
        Measures::Silent(why) => return format!("{text}  not looked at: {why}\n"),
        Measures::Parts(parts) => parts,
    };
    if parts.is_empty() {
        return format!("{text}  nothing in it comes near\n");
    }
    let fired = parts.iter().filter(|part| part.fires()).count();
    let _ = writeln!(
        text,
        "  {fired} of {} parts at or above the threshold\n\n  {:>6}  {:>8}  {:>9}",
        parts.len(),
        "line",
        "measured",
        "threshold"
    );
    for part in &parts {
        let mark = if part.fires() { '▶' } else { ' ' };
        let line = document.source_position(document.to_source(part.span).start).line;
        let head = format!("{mark} {line:>6}  {:>8.2}  {:>9.2}  ", part.value, part.threshold);
        let start: String = part.span.of(&document.text).chars().take(400).collect();
        let room = width.saturating_sub(head.chars().count() + part.note.len() + 2).max(24);
        let start: String = safe_name(&start.split_whitespace().collect::<Vec<_>>().join(" ")).chars().take(room).collect();
        let _ = writeln!(text, "{head}{start}{}{}", if part.note.is_empty() { "" } else { "  " }, part.note);
    }
    text
}

/// One paragraph of a page, broken to the width.
fn paragraph(text: &mut String, paragraph: &str, indent: usize, width: usize) {
    for line in wrap(paragraph, width.saturating_sub(indent).max(24)) {
        let _ = writeln!(text, "{:indent$}{line}", "");
    }
}

/// The page of the rule that has no file.
fn acceptance_page(session: &Session, width: usize) -> String {
    let rule = session.unused_acceptance();
    let head = format!("{} ({}, {}, {}, fix: none)", rule.id, rule.group, rule.severity, session.unused_level().state());
    let mut text = String::new();
    for line in [&head, &rule.summary, &rule.why, rule.help.as_deref().unwrap_or_default()] {
        if !text.is_empty() {
            text.push('\n');
        }
        paragraph(&mut text, line, 0, width);
    }
    text
}

fn page(rule: &Rule, level: Level, width: usize) -> String {
    let mut text = String::new();
    let mut paragraph = |line: &str, indent: usize| paragraph(&mut text, line, indent, width);
    let severity = match level {
        Level::At(severity) => severity,
        _ => rule.severity,
    };
    let state = level.state();
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
