//! `copydesk eval`: rules against labelled documents.

use super::error::{self, Error};
use super::session::Session;
use super::{Exit, RuleArgs, hearing, terminal};
use crate::eval::{self, Show};
use crate::input::{self, Fields};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct EvalArgs {
    /// Labelled documents: .jsonl, .jsonl.gz or .jsonl.zst; `-` is stdin, named with --stdin-filename
    #[arg(value_name = "LABELLED", required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    rules: RuleArgs,
    /// Tables for people, or all of it as one JSON object
    #[arg(long, value_name = "FORMAT", default_value = "pretty", help_heading = "Output")]
    format: EvalFormat,
    /// Also print each missed label, or each false finding, with the text around it
    #[arg(long, value_name = "WHAT", help_heading = "Output")]
    show: Option<ShowArg>,
    /// Threads; 0 is one for each core [default: 0]
    #[arg(long, value_name = "N", help_heading = "Run")]
    jobs: Option<usize>,
    /// What stdin is called; its ending says what it is
    #[arg(long, value_name = "NAME", default_value = "-.jsonl", help_heading = "Input")]
    stdin_filename: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum EvalFormat {
    Pretty,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ShowArg {
    Misses,
    False,
}

pub(super) fn run(args: &EvalArgs) -> Result<Exit, Error> {
    let mut session = Session::open(&args.rules)?;
    // Labelled documents have fields of their own, whatever those of the user's records are called.
    let options =
        input::Options { fields: Fields::default(), stdin_filename: Some(args.stdin_filename.clone()), ..session.input_options() };
    let show = args.show.map(|show| match show {
        ShowArg::Misses => Show::Misses,
        ShowArg::False => Show::False,
    });
    let jobs = terminal::jobs(args.jobs);
    hearing::hear(&mut session, &args.paths, |_| Ok(input::read(args.paths.clone(), options.clone())?), jobs)?;
    let outcome = eval::run(input::read(args.paths.clone(), options)?, &session.rules, session.others(), show, jobs);
    let mut text = Vec::new();
    match args.format {
        // Tables of nothing would look like a result.
        EvalFormat::Pretty if outcome.tally.all_rules.documents == 0 && !outcome.errors.is_empty() => {}
        EvalFormat::Pretty => outcome.write_tables(&mut text)?,
        EvalFormat::Json => outcome.write_json(&mut text)?,
    }
    terminal::print(&String::from_utf8_lossy(&text))?;
    for name in &outcome.unknown {
        let hint = session.rules.unknown(name).unwrap_or_default();
        error::warn(&format!("labels name `{name}`, which is no rule, group or `any`"), &hint);
    }
    for error in &outcome.errors {
        error::unscored(error);
    }
    Ok(if outcome.errors.is_empty() { Exit::Clean } else { Exit::Failed })
}
