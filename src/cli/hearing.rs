//! The two looks at a run that come before the check: which paragraphs stand in several documents, and where they fit; which names
//! most documents spell in another way than one, and where.

use super::error::Error;
use super::session::Session;
use super::work;
use crate::check;
use crate::detect::roll::{self, Roll, Search};
use crate::detect::witness::{self, Census, Hearing, Question};
use crate::input::{InputError, Inputs, Raw};
use crate::pipeline;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// Asks all documents of `paths` about the paragraphs that several of them hold and the names they spell, and lets the rules know.
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
    let asks = |question| session.rules.asks_the_run(question);
    let (asks_home, asks_name) = (asks(Question::Home), asks(Question::Name));
    if work::is_one_text(paths) || !read_again || !(asks_home || asks_name) {
        return Ok(());
    }
    let lexicon = session.rules.lexica().english();
    let (mut census, mut roll) = (Census::default(), Roll::default());
    each(
        jobs,
        open(session)?,
        |_| true,
        |_, raw| {
            let text = raw.into_text().ok().flatten()?;
            let paragraphs = if asks_home { witness::paragraphs(&text) } else { Vec::new() };
            Some((paragraphs, if asks_name { roll::names(&text, lexicon) } else { Vec::new() }))
        },
        |seen| {
            let (paragraphs, names) = seen.unwrap_or_default();
            census.add(&paragraphs);
            roll.add(names);
        },
    );
    let (mut hearing, mut search) = (census.finish(), roll.finish(lexicon));
    if hearing.is_none() && search.is_none() {
        return Ok(());
    }
    let holders = hearing.as_ref().map(Hearing::concerned).unwrap_or_default();
    let bearers = search.as_ref().map(Search::concerned).unwrap_or_default();
    let shared = hearing.as_ref().map(|hearing| hearing.shared().clone()).unwrap_or_default();
    let rules = &session.rules;
    let listen = |number: u32, raw: Raw| {
        let document = raw.into_document().ok().flatten()?;
        let sightings = holders.contains(&number).then(|| check::sightings(&document, rules, &|hash| shared.contains(&hash)));
        Some((number, document, sightings))
    };
    each(
        jobs,
        open(session)?,
        |number| holders.contains(&number) || bearers.contains(&number),
        listen,
        |heard| {
            let Some((number, document, sightings)) = heard else { return };
            if let (Some(hearing), Some(sightings)) = (&mut hearing, sightings) {
                hearing.add(&document, &sightings);
            }
            if let Some(search) = &mut search {
                search.add(number, &document);
            }
        },
    );
    let mut witness = hearing.map(Hearing::finish).unwrap_or_default();
    witness.drifts = search.map(Search::finish).unwrap_or_default();
    session.rules.set_witness(witness);
    Ok(())
}

/// Does the work on each document whose number `wanted` names, on many threads, and hands the results on in order.
fn each<R: Send>(
    jobs: usize,
    inputs: Inputs,
    wanted: impl Fn(u32) -> bool + Send + Sync,
    work: impl Fn(u32, Raw) -> Option<R> + Sync,
    mut sink: impl FnMut(Option<R>),
) {
    let raws = (0..).zip(inputs).filter(|(number, _)| wanted(*number));
    let weight = |(_, raw): &(u32, Result<Raw, InputError>)| raw.as_ref().map_or(0, Raw::held);
    let work = |(number, raw): (u32, Result<Raw, InputError>)| raw.ok().and_then(|raw| work(number, raw));
    pipeline::ordered(jobs, raws, weight, work, |result| {
        sink(result);
        ControlFlow::Continue(())
    });
}
