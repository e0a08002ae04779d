//! `copydesk baseline`: records today's findings, so that only new ones are reported.

use super::error::{self, Error};
use super::session::Session;
use super::work::{self, InputArgs, paths_or_here, shown};
use super::{Exit, RuleArgs, hearing, terminal};
use crate::triage::baseline::{self, Baseline, Entry};
use clap::Args;
use std::collections::HashSet;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct BaselineArgs {
    /// Files and folders; what the baseline knows of other files stays [default: .]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    input: InputArgs,
    /// Threads; 0 is one for each core [default: 0]
    #[arg(long, value_name = "N", help_heading = "Run")]
    jobs: Option<usize>,
}

pub(super) fn run(args: &BaselineArgs) -> Result<Exit, Error> {
    let mut session = Session::open(&args.rules)?;
    let (paths, jobs) = (paths_or_here(&args.paths), terminal::jobs(args.jobs));
    // As `check` does, or what it finds with the help of other documents would not be recorded.
    hearing::hear(&mut session, &paths, |session| args.input.open(&paths, session), jobs)?;
    let mut triage = session.triage(false)?;
    // An acceptance that accepts nothing is for the person who wrote it to delete, not a finding to live with.
    triage.unused = None;
    let mut inputs = args.input.open(&paths, &session)?;
    let path = session.baseline_path();
    let old = Baseline::load(&path).map_err(|error| baseline_error(&path, &error))?;
    let (mut entries, mut keys, mut unread) = (Vec::new(), HashSet::new(), 0);
    let mut documents = 0;
    work::documents(&session, &triage, jobs, None, &mut inputs, |result| {
        match result {
            Ok(mended) => {
                let checked = &mended.before;
                let key = triage.key(&checked.document.origin.path);
                documents += usize::from(!checked.findings.is_empty());
                entries.extend(checked.findings.iter().map(|reported| Entry::new(&checked.document, &key, reported)));
                keys.insert(key);
            }
            Err(error) => {
                unread += 1;
                error::unread(&error);
            }
        }
        Ok(())
    })?;
    let found = entries.len();
    let root = session.root();
    let kept = old.entries().iter().filter(|entry| {
        // What did not run now, or was not looked at now, is still as it was.
        let looked_at = keys.contains(&entry.path) && session.rules.judge(&entry.rule, &entry.path);
        !looked_at && root.join(&entry.path).exists()
    });
    entries.extend(kept.cloned());
    let others = entries.len() - found;
    baseline::write(&path, entries).map_err(|error| {
        Error::with_help(format!("`{}` cannot be written: {error}", shown(&path)), "`baseline: FILE` in copydesk.yaml names another place")
    })?;
    let many = |count: usize, name: &str| format!("{count} {name}{}", if count == 1 { "" } else { "s" });
    let kept = if others > 0 { format!(", kept {others} of other files or rules") } else { String::new() };
    terminal::print(&format!("recorded {} of {}{kept} ({})\n", many(found, "finding"), many(documents, "document"), shown(&path)))?;
    Ok(if unread > 0 { Exit::Failed } else { Exit::Clean })
}

/// The error of a baseline that is there and cannot be used.
pub(super) fn baseline_error(path: &std::path::Path, error: &baseline::BaselineError) -> Error {
    Error::with_help(
        format!("the baseline `{}` {error}", shown(path)),
        "delete the file and run `copydesk baseline`, or restore it from version control",
    )
}
