//! The work that `check`, `baseline` and `accept` share: every input through the rules, in order, on all cores.

use super::error::Error;
use super::session::Session;
use crate::check;
use crate::document::Document;
use crate::fix::{self, Choice, Mended};
use crate::input::{self, InputError, Keeping, Raw};
use crate::pipeline;
use crate::triage::{Checked, Triage};
use clap::Args;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// What to read, and how.
#[derive(Debug, Args)]
pub(super) struct InputArgs {
    /// What stdin is called in the report; its ending says what it is
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    stdin_filename: Option<String>,
    #[command(flatten)]
    fields: FieldArgs,
    /// Leave out what the config ignores even where it is named: for hooks, which name every file
    #[arg(long, help_heading = "Input")]
    force_ignore: bool,
    /// Only files that differ from this Git revision, or from where this branch left it
    #[arg(long, value_name = "REV", help_heading = "Input")]
    changed_since: Option<String>,
}

impl InputArgs {
    /// Starts to read `paths`.
    pub fn open(&self, paths: &[PathBuf], session: &Session) -> Result<input::Inputs, Error> {
        Ok(input::read(paths, self.options(session)?)?)
    }

    pub fn options(&self, session: &Session) -> Result<input::Options, Error> {
        let mut options = session.input_options();
        options.stdin_filename.clone_from(&self.stdin_filename);
        self.fields.apply(&mut options);
        options.force_ignore = self.force_ignore;
        if let Some(rev) = &self.changed_since {
            options.only = Some(super::changed::since(rev)?);
        }
        Ok(options)
    }
}

/// Where records keep what is asked for most.
#[derive(Debug, Args)]
pub(super) struct FieldArgs {
    /// The field of a record that holds its text [default: text]
    #[arg(long, value_name = "FIELD", help_heading = "Input")]
    pub text_field: Option<String>,
    /// The field of a record that holds its id [default: id]
    #[arg(long, value_name = "FIELD", help_heading = "Input")]
    pub id_field: Option<String>,
}

impl FieldArgs {
    pub fn apply(&self, options: &mut input::Options) {
        // What the command line says counts for all files.
        for fields in std::iter::once(&mut options.fields).chain(options.fields_for.iter_mut().map(|(_, fields)| fields)) {
            if let Some(field) = &self.text_field {
                fields.text.clone_from(field);
            }
            if let Some(field) = &self.id_field {
                fields.id.clone_from(field);
            }
        }
    }
}

/// The paths given, or this folder.
pub(super) fn paths_or_here(paths: &[PathBuf]) -> Vec<PathBuf> {
    if paths.is_empty() { vec![PathBuf::from(".")] } else { paths.to_vec() }
}

/// Whether the input is one document in a file of its own, however large.
pub(super) fn is_one_text(paths: &[PathBuf]) -> bool {
    matches!(paths, [path] if path.is_file() && input::keeping(&path.to_string_lossy()) == Keeping::Whole)
}

/// One document through the rules and the triage.
pub(super) fn look_over(session: &Session, triage: &Triage, document: Document) -> Checked {
    let findings = check::document_beside(&document, &session.rules, session.others());
    let path = document.origin.path.clone();
    fix::tenable(triage.sort(document, findings, |rule| session.rules.judge(rule, &path)))
}

/// Checks every input and mends what is to be mended, and hands the results over in the order of the inputs.
pub(super) fn documents(
    session: &Session,
    triage: &Triage,
    jobs: usize,
    fixes: Option<Choice>,
    inputs: &mut input::Inputs,
    mut sink: impl FnMut(Result<Mended, InputError>) -> io::Result<()>,
) -> io::Result<()> {
    let work = |raw: Result<Raw, InputError>| -> Result<Option<Mended>, InputError> {
        let raw = raw?;
        let origin = raw.origin.clone();
        input::survived(&origin, || {
            let Some(document) = raw.into_document()? else { return Ok(None) };
            let checked = look_over(session, triage, document);
            Ok(Some(match fixes {
                Some(choice) => fix::mend(checked, choice, |document| look_over(session, triage, document)),
                None => Mended::untouched(checked),
            }))
        })
    };
    let mut outcome = Ok(());
    let weight = |raw: &Result<Raw, InputError>| raw.as_ref().map_or(0, Raw::held);
    pipeline::ordered(jobs, inputs, weight, work, |result| {
        outcome = match result {
            Ok(None) => Ok(()),
            Ok(Some(mended)) => sink(Ok(mended)),
            Err(error) => sink(Err(error)),
        };
        if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    outcome
}

/// The path as a person reads it.
pub(super) fn shown(path: &Path) -> String {
    crate::report::safe_name(&path.to_string_lossy()).into_owned()
}
