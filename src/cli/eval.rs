//! `copydesk eval`: precision and recall against labelled documents.

use super::error::{self, Error};
use super::session::Session;
use super::{Exit, RuleArgs, terminal};
use crate::{eval, input};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct EvalArgs {
    /// Labelled documents: .jsonl, .jsonl.gz, .jsonl.zst
    #[arg(value_name = "LABELLED", required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    rules: RuleArgs,
    /// Tables for people, or one JSON object
    #[arg(long, value_name = "FORMAT", default_value = "pretty", help_heading = "Output")]
    format: EvalFormat,
    /// Print the labels that were missed, or the findings that hit none
    #[arg(long, value_name = "WHAT", help_heading = "Output")]
    show: Option<Show>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum EvalFormat {
    Pretty,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Show {
    Misses,
    False,
}

pub(super) fn run(args: &EvalArgs) -> Result<Exit, Error> {
    let session = Session::open(&args.rules)?;
    let inputs = input::read(args.paths.clone(), session.input_options())?;
    let show = args.show.map(|show| match show {
        Show::Misses => eval::Show::Misses,
        Show::False => eval::Show::False,
    });
    let outcome = eval::run(inputs, &session.rules, show);
    for error in &outcome.errors {
        error::failure(&error.to_string(), None);
    }
    for name in &outcome.unknown {
        error::failure(&format!("a label names `{name}`, which is no rule or group"), session.rules.unknown(name).as_deref());
    }
    let mut text = Vec::new();
    match args.format {
        EvalFormat::Json => outcome.write_json(&mut text)?,
        EvalFormat::Pretty => outcome.write_tables(&mut text)?,
    }
    terminal::print(&String::from_utf8_lossy(&text))?;
    Ok(if outcome.errors.is_empty() && outcome.unknown.is_empty() { Exit::Clean } else { Exit::Failed })
}
