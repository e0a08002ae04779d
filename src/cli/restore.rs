//! `copydesk restore`: the originals of what was fixed.

use super::error::{self, Error};
use super::{Exit, terminal};
use crate::{fix, ledger};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// The file that `copydesk check --fix --ledger` wrote
    #[arg(value_name = "LEDGER")]
    ledger: PathBuf,
}

pub(super) fn run(args: &RestoreArgs) -> Result<Exit, Error> {
    let entries = ledger::read(&args.ledger).map_err(|error| {
        Error::with_help(
            format!("`{}`: {error}", args.ledger.display()),
            "name the file that `copydesk check --fix --ledger FILE` wrote, from the folder in which that was run",
        )
    })?;
    let outcome = fix::restore(&entries);
    for error in &outcome.errors {
        error::failure(&error.to_string(), Some(error.cause.advice()));
    }
    let documents = |count: usize| if count == 1 { "1 document".to_string() } else { format!("{count} documents") };
    let mut said = format!("{} restored", documents(outcome.restored));
    if outcome.unchanged > 0 {
        said += &format!(", {} as before already", documents(outcome.unchanged));
    }
    if !outcome.errors.is_empty() {
        said += &format!("; {} could not be restored", documents(outcome.errors.len()));
    }
    terminal::print(&(said + "\n"))?;
    Ok(if outcome.errors.is_empty() { Exit::Clean } else { Exit::Failed })
}
