//! `copydesk restore`: the originals of what was fixed.

use super::error::{self, Error};
use super::{Exit, terminal};
use crate::{clean, fix, ledger};
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// The file that `copydesk check --fix --ledger` wrote, or the folder that `copydesk clean` wrote
    #[arg(value_name = "LEDGER")]
    ledger: PathBuf,
    /// Of a folder: where the originals go
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &RestoreArgs) -> Result<Exit, Error> {
    if clean::is_run(&args.ledger) {
        return corpus(&args.ledger, args.output.as_deref());
    }
    if args.output.is_some() {
        return Err(Error::with_help(
            "`--output` is for folders that `copydesk clean` wrote",
            "a ledger's files are restored in their place",
        ));
    }
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

/// The inputs of a run of `copydesk clean`.
fn corpus(folder: &Path, output: Option<&Path>) -> Result<Exit, Error> {
    let Some(output) = output else {
        return Err(Error::with_help("where are the originals to go?", "name a folder: `--output DIR`"));
    };
    let rebuilt = clean::restore(folder, output).map_err(|error| Error::plain(format!("`{}`: {error}", folder.display())))?;
    for (path, error) in &rebuilt.failed {
        error::failure(
            &format!("{path}: {error}"),
            Some("Was a file of the run changed? Run `copydesk clean` again, or take it from a backup."),
        );
    }
    let files = |count: usize| if count == 1 { "1 file".to_string() } else { format!("{count} files") };
    let failed = if rebuilt.failed.is_empty() { String::new() } else { format!("; {} could not be", files(rebuilt.failed.len())) };
    terminal::print(&format!("{} restored{failed}\n", files(rebuilt.files)))?;
    Ok(if rebuilt.failed.is_empty() { Exit::Clean } else { Exit::Failed })
}
