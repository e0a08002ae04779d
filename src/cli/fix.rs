//! `copydesk check --fix` and `--diff`: what happens to documents with fixes.

use super::error::{self, Error};
use crate::fix::{Choice, Mended, WriteError, Writer};
use crate::ledger::Ledger;
use crate::report::{self, Look};
use crate::triage::Checked;
use clap::Args;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct FixArgs {
    /// Apply the safe fixes to the files; what is left is reported
    #[arg(long, help_heading = "Fixes")]
    fix: bool,
    /// With --fix or --diff: also the fixes that a person should look at
    #[arg(long, help_heading = "Fixes")]
    unsafe_fixes: bool,
    /// Print what --fix would change as a unified diff, and write nothing
    #[arg(long, help_heading = "Fixes")]
    diff: bool,
    /// Record every edit there, for `copydesk restore`; what is in the file stays
    #[arg(long, value_name = "FILE", requires = "fix", conflicts_with = "diff", help_heading = "Fixes")]
    ledger: Option<PathBuf>,
}

impl FixArgs {
    /// Which fixes to apply, if any.
    pub fn choice(&self) -> Option<Choice> {
        match (self.fix || self.diff, self.unsafe_fixes) {
            (false, _) => None,
            (true, false) => Some(Choice::Safe),
            (true, true) => Some(Choice::All),
        }
    }

    pub const fn ledger(&self) -> Option<&PathBuf> {
        self.ledger.as_ref()
    }

    pub const fn is_diff(&self) -> bool {
        self.diff
    }

    pub fn check(&self, paths: &[PathBuf]) -> Result<(), Error> {
        if self.unsafe_fixes && !self.fix && !self.diff {
            return Err(Error::with_help("`--unsafe-fixes` alone does nothing", "add `--fix` to apply them, or `--diff` to look at them"));
        }
        if self.fix && !self.diff && paths.iter().any(|path| path == Path::new("-")) {
            return Err(Error::with_help("stdin cannot be fixed in place", "name the file, or look at the changes with `--diff`"));
        }
        Ok(())
    }

    /// Where mended documents go.
    pub fn desk(&self) -> Result<Desk, Error> {
        let kind = match &self.ledger {
            _ if self.diff => Kind::Diff,
            _ if !self.fix => Kind::Look,
            None => Kind::Fix(Box::new(Writer::new(None))),
            Some(path) => {
                let failed =
                    |error| Error::with_help(format!("the ledger `{}` cannot be written: {error}", path.display()), "nothing was changed");
                Kind::Fix(Box::new(Writer::new(Some(Ledger::open(path).map_err(failed)?))))
            }
        };
        Ok(Desk { kind, failed: 0, would_fix: 0, barred: BTreeSet::new() })
    }
}

/// What becomes of the documents of a run.
pub(super) struct Desk {
    kind: Kind,
    /// Files that could not be written.
    pub failed: usize,
    would_fix: usize,
    barred: BTreeSet<String>,
}

enum Kind {
    Look,
    Diff,
    Fix(Box<Writer>),
}

impl Desk {
    /// Writes the document, or its diff to `out`; gives what is to be reported of it.
    pub fn take<'m>(&mut self, mended: &'m Mended, look: Look, out: &mut dyn Write) -> io::Result<&'m Checked> {
        self.barred.extend(mended.barred.iter().map(ToString::to_string));
        match &mut self.kind {
            Kind::Look => {}
            Kind::Fix(writer) => {
                return Ok(match writer.take(mended) {
                    Ok(true) => mended.last(),
                    Ok(false) => &mended.before,
                    Err(error) => {
                        self.note(&error);
                        &mended.before
                    }
                });
            }
            Kind::Diff => {
                if let Some(after) = &mended.after {
                    self.would_fix += mended.fixes;
                    let before = &mended.before.document;
                    out.write_all(report::diff(&before.origin, before.source(), after.document.source(), look).as_bytes())?;
                }
            }
        }
        Ok(&mended.before)
    }

    /// Ends the work; gives how many findings were fixed, or would be.
    pub fn finish(&mut self) -> usize {
        if let Kind::Fix(writer) = &mut self.kind
            && let Err(error) = writer.finish()
        {
            self.note(&error);
        }
        for rule in &self.barred {
            error::warn(
                &format!("the fix of `{rule}` did not mend what it found, and was not applied"),
                "correct it by hand; if the rule is yours, see that its replacement is not found again",
            );
        }
        match &self.kind {
            Kind::Look => 0,
            Kind::Diff => self.would_fix,
            Kind::Fix(writer) => writer.fixes,
        }
    }

    fn note(&mut self, error: &WriteError) {
        self.failed += 1;
        error::failure(&error.to_string(), Some(error.cause.advice()));
    }
}
