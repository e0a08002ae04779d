//! `copydesk tables build`: larger tables of words and their counts, of lists or of the user's own texts.

use super::error::{self, Error};
use super::session::Session;
use super::work::FieldArgs;
use super::{Exit, RuleArgs, examples, terminal};
use crate::document::Document;
use crate::input::{self, InputError, Raw};
use crate::lexicon::Sizes;
use crate::lexicon::build::{self, Sources};
use crate::lexicon::count::{Corpus, Runs};
use crate::pipeline;
use clap::{Args, Subcommand};
use std::ops::ControlFlow;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct TablesArgs {
    #[command(subcommand)]
    command: TablesCommand,
}

#[derive(Debug, Subcommand)]
enum TablesCommand {
    /// Write tables, of a folder of lists or of documents
    #[command(after_help = examples::TABLES)]
    Build(BuildArgs),
}

#[derive(Debug, Args)]
struct BuildArgs {
    /// A folder with lists; with --corpus, files and folders with documents
    #[arg(value_name = "INPUT", required = true)]
    paths: Vec<PathBuf>,
    /// The folder to write
    #[arg(long, short, value_name = "DIR")]
    output: PathBuf,
    /// Count pairs and triples of words in documents, and lay them beside those that copydesk has
    #[arg(long)]
    corpus: bool,
    /// Keep the pairs of a list that were met this often
    #[arg(long, value_name = "N", default_value_t = 6.0, conflicts_with = "corpus")]
    bigrams_from: f64,
    /// Keep the triples of a list that were met this often
    #[arg(long, value_name = "N", default_value_t = 8.0, conflicts_with = "corpus")]
    trigrams_from: f64,
    /// Threads; 0 is one for each core [default: 0]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    #[command(flatten)]
    fields: FieldArgs,
    #[command(flatten)]
    rules: RuleArgs,
}

pub(super) fn run(args: &TablesArgs) -> Result<Exit, Error> {
    let TablesCommand::Build(args) = &args.command;
    let (sizes, unread) = if args.corpus { of_corpus(args)? } else { (of_lists(args)?, 0) };
    for (name, bytes) in &sizes {
        terminal::print(&format!("{bytes:>12}  {name}\n"))?;
    }
    Ok(if unread > 0 { Exit::Failed } else { Exit::Clean })
}

fn of_lists(args: &BuildArgs) -> Result<Sizes, Error> {
    let [folder] = args.paths.as_slice() else {
        return Err(Error::with_help("tables are made of one folder of lists", "documents are counted with `--corpus`"));
    };
    let sources = Sources { bigrams_from: args.bigrams_from, trigrams_from: args.trigrams_from, ..Sources::of_folder(folder) };
    build::build(&sources, &args.output).map_err(|error| {
        let help = "the lists are words.tsv, unigrams.tsv, bigrams.tsv, trigrams.tsv, web-bigrams.tsv and typos.tsv; documents are counted with `--corpus`";
        Error::with_help(format!("no tables were made: {error}"), help)
    })
}

/// Counts the documents; gives also how many inputs could not be read.
fn of_corpus(args: &BuildArgs) -> Result<(Sizes, usize), Error> {
    let session = Session::unproved(&args.rules)?;
    let mut options = session.input_options();
    args.fields.apply(&mut options);
    let inputs = input::read(args.paths.clone(), options)?;
    let jobs = terminal::jobs(args.jobs);
    let (mut corpus, mut documents, mut unread) = (Corpus::default(), 0, 0);
    let weight = |raw: &Result<Raw, InputError>| raw.as_ref().map_or(0, Raw::held);
    let work = |raw: Result<Raw, InputError>| Ok(raw?.into_document()?.map(|document| runs(&document)));
    pipeline::ordered(jobs, inputs, weight, work, |counted: Result<Option<Runs>, InputError>| {
        match counted {
            Ok(Some(runs)) => {
                documents += 1;
                corpus.add(runs);
            }
            Ok(None) => {}
            Err(error) => {
                unread += 1;
                error::unread(&error);
            }
        }
        ControlFlow::Continue(())
    });
    if documents == 0 {
        return Err(Error::plain("there is no document to count words in"));
    }
    let sizes = corpus.write(&args.output).map_err(|error| Error::plain(format!("no tables were made: {error}")))?;
    terminal::complain(&format!("{} words in {documents} documents\n", corpus.words()));
    Ok((sizes, unread))
}

/// The stretches of a document's words that nothing but a space parts.
fn runs(document: &Document) -> Runs {
    let bytes = document.text.as_bytes();
    let mut parts: Vec<Vec<u64>> = vec![Vec::new()];
    let mut before: Option<usize> = None;
    for word in &document.words {
        let span = word.span();
        if before.is_some_and(|end| bytes.get(end..span.start) != Some(b" ")) {
            parts.push(Vec::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push(word.hash);
        }
        before = Some(span.end);
    }
    Runs::of(parts.iter().map(Vec::as_slice))
}
