//! The work that `check`, `baseline` and `accept` share: every input through the rules, in order, on all cores.

use super::error::Error;
use super::session::Session;
use crate::check;
use crate::document::Document;
use crate::finding::Finding;
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

/// Bytes of documents that go through the rules together: what is held of them should fit into the caches of a core beside what a rule needs.
const BATCH: usize = 64 << 10;

/// One document through the rules and the triage.
pub(super) fn look_over(session: &Session, triage: &Triage, document: Document) -> Checked {
    let findings = check::document_beside(&document, &session.rules, session.others());
    sorted(session, triage, document, findings)
}

fn sorted(session: &Session, triage: &Triage, document: Document, findings: Vec<Finding>) -> Checked {
    let path = document.origin.path.clone();
    fix::tenable(triage.sort(document, findings, |rule| session.rules.judge(rule, &path)))
}

/// What the rules find in each of some documents. Where our own code panics, each is looked at by itself, so that the others do not suffer.
fn found(session: &Session, documents: &[&Document]) -> Vec<Result<Vec<Finding>, InputError>> {
    let look = |documents: &[&Document]| check::documents_beside(documents, &session.rules, session.others());
    let Some(first) = documents.first() else { return Vec::new() };
    match input::survived(&first.origin, || Ok(look(documents))) {
        Ok(found) => found.into_iter().map(Ok).collect(),
        Err(error) if documents.len() == 1 => vec![Err(error)],
        Err(_) => documents.iter().flat_map(|document| found(session, &[document])).collect(),
    }
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
    let read = |raw: Result<Raw, InputError>| {
        let raw = raw?;
        let origin = raw.origin.clone();
        input::survived(&origin, || raw.into_document())
    };
    let mended = |document: Document, findings: Vec<Finding>| {
        let origin = document.origin.clone();
        input::survived(&origin, || {
            let checked = sorted(session, triage, document, findings);
            Ok(match fixes {
                Some(choice) => fix::mend(checked, choice, |document| look_over(session, triage, document)),
                None => Mended::untouched(checked),
            })
        })
    };
    let work = |raws: Vec<Result<Raw, InputError>>| {
        let documents: Vec<Result<Option<Document>, InputError>> = raws.into_iter().map(read).collect();
        let mut found = found(session, &documents.iter().flatten().flatten().collect::<Vec<_>>()).into_iter();
        let mended = |document: Result<Option<Document>, InputError>| match document? {
            Some(document) => found.next().map(|findings| mended(document, findings?)).transpose(),
            None => Ok(None),
        };
        documents.into_iter().map(mended).collect()
    };
    let mut outcome = Ok(());
    let weight = |raw: &Result<Raw, InputError>| raw.as_ref().map_or(0, Raw::expected);
    pipeline::in_batches(jobs, BATCH, inputs, weight, work, |result| {
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
