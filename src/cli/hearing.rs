//! The two looks at a run that come before the check: which paragraphs stand in several documents, and where they fit; which names
//! most documents spell in another way than one, and where; how usual words are.

use super::error::Error;
use super::session::Session;
use super::spool::Spool;
use super::work;
use crate::detect::roll::Roll;
use crate::detect::witness::Shared;
use crate::hearing::{self, Answers, Draw, Questions, Voice};
use crate::input::{self, InputError, Inputs, Raw};
use crate::pipeline;
use std::io;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// Asks all documents of `paths` about the paragraphs that several of them hold and the names they spell, and lets the rules know.
/// Their ranks are their numbers in the order of the run.
///
/// What cannot be read is left out; the check itself will say so. Stdin and pipes can be read but once, and a single text has
/// nobody to ask.
pub(super) fn hear(
    session: &mut Session,
    paths: &[PathBuf],
    open: impl Fn(&Session) -> Result<Inputs, Error>,
    jobs: usize,
) -> Result<(), Error> {
    let read_again = paths.iter().all(|path| path.is_file() || path.is_dir());
    let rules = &session.rules;
    if work::is_one_text(paths) || !read_again || !hearing::is_wanted(rules) {
        return Ok(());
    }
    let (mut paragraphs, mut names, draw) = (Spool::new(), Roll::bounded(), Draw::default());
    each(
        jobs,
        open(session)?,
        |_| true,
        |_, raw| {
            let text = raw.into_text().ok().flatten()?;
            draw.hear(&text, rules);
            Some(Voice::of(&text, rules))
        },
        |number, voice| {
            names.add(&number, voice.names);
            paragraphs.add(number, &voice.paragraphs)
        },
    )
    .map_err(|error| unkept(&error))?;
    let shared = Shared::among(|take| paragraphs.each(take)).map_err(|error| unkept(&error))?;
    let questions = Questions::new(shared, names.search(rules.lexica().english()), draw.drawn().usage());
    if questions.is_empty() {
        return Ok(());
    }
    let mut answers = Answers::default();
    each(
        jobs,
        open(session)?,
        |number| questions.concern(&number),
        |number, raw| Some(questions.ask(&number, &raw.into_document().ok().flatten()?, rules)),
        |number, answer| {
            answers.add(&number, answer);
            Ok(())
        },
    )?;
    session.witness = Some(answers.witness(&questions));
    Ok(())
}

/// Does the work on each document whose number `wanted` names, on many threads, and hands the results on in order.
fn each<R: Send>(
    jobs: usize,
    inputs: Inputs,
    wanted: impl Fn(u32) -> bool + Send + Sync,
    work: impl Fn(u32, Raw) -> Option<R> + Sync,
    mut sink: impl FnMut(u32, R) -> io::Result<()>,
) -> io::Result<()> {
    let raws = (0..).zip(inputs).filter(|(number, _)| wanted(*number));
    let weight = |(_, raw): &(u32, Result<Raw, InputError>)| raw.as_ref().map_or(0, Raw::held);
    let work = |(number, raw): (u32, Result<Raw, InputError>)| {
        let raw = raw.ok()?;
        let origin = raw.origin.clone();
        Some((number, input::survived(&origin, || Ok(work(number, raw))).ok()??))
    };
    let mut outcome = Ok(());
    pipeline::ordered(jobs, raws, weight, work, |result| {
        outcome = result.map_or(Ok(()), |(number, result)| sink(number, result));
        if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    outcome
}

fn unkept(error: &io::Error) -> Error {
    let message = format!("what the documents have in common cannot be kept in the folder for temporary files: {error}");
    Error::with_help(message, "make room there, name another folder in TMPDIR, or use `--one-by-one`")
}
