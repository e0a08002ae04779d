//! The two looks at a run that come before the check: which paragraphs stand in several documents, and where they fit.

use super::error::Error;
use super::session::Session;
use crate::check;
use crate::detect::witness::{self, Census};
use crate::input::{self, InputError, Inputs, Keeping, Raw};
use crate::pipeline;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// Asks all documents of `paths` about the paragraphs that several of them hold, and lets the rules know.
///
/// What cannot be read is left out; the check itself will say so. Stdin and pipes can be read but once, and a single text has
/// nobody to ask.
pub(super) fn hear(
    session: &mut Session,
    paths: &[PathBuf],
    open: impl Fn(&Session) -> Result<Inputs, Error>,
    jobs: usize,
) -> Result<(), Error> {
    let alone = matches!(paths, [path] if path.is_file() && input::keeping(&path.to_string_lossy()) == Keeping::Whole);
    let read_again = paths.iter().all(|path| path.is_file() || path.is_dir());
    if alone || !read_again || !session.rules.asks_the_run() {
        return Ok(());
    }
    let rules = &session.rules;
    let mut census = Census::default();
    each(
        jobs,
        open(session)?,
        |_| true,
        |raw| raw.into_text().ok().flatten().map(|text| witness::paragraphs(&text)),
        |paragraphs| census.add(&paragraphs.unwrap_or_default()),
    );
    let Some(mut hearing) = census.finish() else { return Ok(()) };
    let concerned = hearing.concerned();
    let shared = hearing.shared().clone();
    let listen = |raw: Raw| {
        let document = raw.into_document().ok().flatten()?;
        let sightings = check::sightings(&document, rules, &|hash| shared.contains(&hash));
        Some((document, sightings))
    };
    each(
        jobs,
        open(session)?,
        |number| concerned.contains(&number),
        listen,
        |heard| {
            if let Some((document, sightings)) = heard {
                hearing.add(&document, &sightings);
            }
        },
    );
    session.rules.set_witness(hearing.finish());
    Ok(())
}

/// Does the work on each document whose number `wanted` names, on many threads, and hands the results on in order.
fn each<R: Send>(
    jobs: usize,
    inputs: Inputs,
    wanted: impl Fn(u32) -> bool + Send + Sync,
    work: impl Fn(Raw) -> Option<R> + Sync,
    mut sink: impl FnMut(Option<R>),
) {
    let raws = (0..).zip(inputs).filter(|(number, _)| wanted(*number)).map(|(_, raw)| raw);
    let weight = |raw: &Result<Raw, InputError>| raw.as_ref().map_or(0, Raw::held);
    let work = |raw: Result<Raw, InputError>| raw.ok().and_then(&work);
    pipeline::ordered(jobs, raws, weight, work, |result| {
        sink(result);
        ControlFlow::Continue(())
    });
}
