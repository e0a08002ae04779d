//! `copydesk index`: the blocks of many documents in one file, and such files in one.

use super::error::{self, Error};
use super::session::Session;
use super::work::FieldArgs;
use super::{Exit, RuleArgs, terminal};
use crate::beside;
use crate::corpus::{self, Clash, Digest, Index, MergeError, Order, Size};
use crate::input::{self, InputError, Inputs, Raw};
use crate::pipeline;
use clap::Args;
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_128_with_seed;

#[derive(Debug, Args)]
pub(super) struct IndexArgs {
    /// Files and folders with documents; with --merge, indexes
    #[arg(value_name = "INPUT", required = true)]
    paths: Vec<PathBuf>,
    /// The file to write
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// Join indexes that were made of different documents
    #[arg(long)]
    merge: bool,
    /// The config; without it, copydesk.yaml in this folder or the nearest one above
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Threads; 0 is one for each core [default: 0]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Megabytes for the index while it is made; what is more waits on the disk, and the bytes are the same
    #[arg(long, value_name = "MB", default_value_t = 1024)]
    memory: usize,
    #[command(flatten)]
    fields: FieldArgs,
}

/// Bytes of indexes up to which they are held in memory whole. Of larger ones the run reads, twice, what concerns its own documents.
const HELD: u64 = 256 << 20;

/// Other documents to compare with.
#[derive(Debug, Args)]
pub(super) struct OthersArgs {
    /// Compare the documents of this run with one another, too; reads them twice
    #[arg(long, help_heading = "Run")]
    across: bool,
    /// Compare with the documents of an index from `copydesk index`; may be given several times
    #[arg(long, value_name = "FILE", help_heading = "Run")]
    pub corpus: Vec<PathBuf>,
}

impl OthersArgs {
    /// Reads the indexes that are named, and the inputs where they are to be compared with one another or the indexes are large.
    pub fn read(
        &self,
        paths: &[PathBuf],
        order: Order,
        open: impl FnOnce() -> Result<Inputs, Error>,
        jobs: usize,
    ) -> Result<Option<Index>, Error> {
        if self.corpus.is_empty() && !self.across {
            return Ok(None);
        }
        let read_again = !paths.iter().any(|path| path.as_os_str() == "-");
        if self.across && !read_again {
            let help = "write it to a file, or make an index of the other documents and use `--corpus`";
            return Err(Error::with_help("`--across` reads its inputs twice, and stdin can be read once", help));
        }
        let is_large = read_again && sizes(&self.corpus)? > HELD;
        // What cannot be read is told of when it is checked.
        let mut digests = if self.across || is_large { digests(&mut open()?, order, jobs) } else { Vec::new() };
        let mut parts = Vec::new();
        if is_large {
            let open = || self.corpus.iter().map(|path| Ok(BufReader::with_capacity(1 << 16, File::open(path)?))).collect();
            parts.push(Index::narrowed(open, &digests).map_err(|error| unmerged(error, &self.corpus))?);
        } else {
            parts = self.corpus.iter().map(|path| read(path)).collect::<Result<_, Error>>()?;
        }
        if parts.iter().any(|known| known.order() != order) {
            return Err(ranked_otherwise());
        }
        digests.retain(|digest| !parts.iter().any(|known| known.holds(&digest.key)));
        if self.across {
            parts.push(Index::ranked(order, digests));
        }
        merge(parts).map(Some)
    }
}

/// Bytes of all the files.
fn sizes(paths: &[PathBuf]) -> Result<u64, Error> {
    paths.iter().map(|path| Ok(std::fs::metadata(path).map_err(|error| unread(path, &error))?.len())).sum()
}

pub(super) fn run(args: &IndexArgs) -> Result<Exit, Error> {
    let (size, unread) = if args.merge { (join(&args.paths, &args.output)?, 0) } else { make(args)? };
    terminal::complain(&format!("{} documents, {} blocks in `{}`\n", size.documents, size.blocks, args.output.display()));
    Ok(if unread > 0 { Exit::Failed } else { Exit::Clean })
}

/// Makes an index of documents; what is more than the limit of memory goes to disk in between. Gives also how many inputs could not
/// be read.
fn make(args: &IndexArgs) -> Result<(Size, usize), Error> {
    let session = Session::open(&RuleArgs { config: args.config.clone(), ..RuleArgs::default() })?;
    let mut options = session.input_options();
    args.fields.apply(&mut options);
    let order = session.order();
    let mut inputs = input::read(args.paths.clone(), options)?;
    let limit = args.memory.max(1) << 20;
    let (mut unread, mut held) = (0, 0);
    let mut waiting: Vec<Digest> = Vec::new();
    // A file that is named twice is indexed once.
    let mut seen: HashSet<u128> = HashSet::new();
    let mut runs: Vec<tempfile::NamedTempFile> = Vec::new();
    let mut failed = Ok(());
    each_digest(&mut inputs, order, terminal::jobs(args.jobs), |digest| match digest {
        Ok(digest) => {
            let line = digest.key.record.as_ref().map_or(0, |record| record.line);
            if seen.insert(xxh3_128_with_seed(digest.key.path.as_bytes(), line as u64)) {
                held += digest.held();
                waiting.push(digest);
            }
            if held >= limit {
                held = 0;
                match spill(order, std::mem::take(&mut waiting), &args.output) {
                    Ok(run) => runs.push(run),
                    Err(error) => failed = Err(error),
                }
            }
            if failed.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        }
        Err(error) => {
            unread += 1;
            error::unread(&error);
            ControlFlow::Continue(())
        }
    });
    failed.map_err(|error| unwritten(&args.output, &error))?;
    if runs.is_empty() {
        let index = Index::ranked(order, waiting);
        replace(&args.output, |file| index.write(file)).map_err(|error| unwritten(&args.output, &error))?;
        return Ok((Size { documents: index.len(), blocks: index.block_count() }, unread));
    }
    runs.push(spill(order, waiting, &args.output).map_err(|error| unwritten(&args.output, &error))?);
    let paths: Vec<PathBuf> = runs.iter().map(|run| run.path().to_path_buf()).collect();
    Ok((join(&paths, &args.output)?, unread))
}

/// Writes what is held to a file beside the output.
fn spill(order: Order, digests: Vec<Digest>, output: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut file = BufWriter::new(beside::file(output)?);
    Index::ranked(order, digests).write(&mut file)?;
    file.into_inner().map_err(io::IntoInnerError::into_error)
}

/// Merges indexes into one, without holding them in memory.
fn join(paths: &[PathBuf], output: &Path) -> Result<Size, Error> {
    let mut readers = Vec::new();
    for path in paths {
        readers.push(BufReader::with_capacity(1 << 16, File::open(path).map_err(|error| unread(path, &error))?));
    }
    let mut merged = Ok(Size::default());
    replace(output, |file| {
        merged = corpus::merge(readers, file);
        // A file that is not whole is not put into its place.
        if merged.is_ok() { Ok(()) } else { Err(io::Error::other("not merged")) }
    })
    .or_else(|error| if merged.is_ok() { Err(unwritten(output, &error)) } else { Ok(()) })?;
    merged.map_err(|error| match error {
        MergeError::Write(error) => unwritten(output, &error),
        error => unmerged(error, paths),
    })
}

fn unmerged(error: MergeError, paths: &[PathBuf]) -> Error {
    match error {
        MergeError::File { part, error } => {
            Error::with_help(format!("`{}`: {error}", paths[part].display()), "make it again with `copydesk index`")
        }
        MergeError::Clash(clash) => clashes(&clash),
        MergeError::Write(error) => error.into(),
    }
}

fn unread(path: &Path, error: &io::Error) -> Error {
    Error::with_help(format!("`{}` cannot be read: {error}", path.display()), "name a file that `copydesk index INPUT… -o FILE` wrote")
}

fn unwritten(path: &Path, error: &io::Error) -> Error {
    Error::with_help(format!("`{}` cannot be written: {error}", path.display()), "is its folder there, and may you write to it?")
}

fn clashes(clash: &Clash) -> Error {
    match clash {
        Clash::Document(_) => {
            Error::with_help(clash.to_string(), "make indexes of different documents, each named by the same path in all runs")
        }
        Clash::Order => Error::with_help(clash.to_string(), "make them again with the same `first-by` in the config"),
    }
}

fn ranked_otherwise() -> Error {
    let help = "make it again with the config of this run, or set `first-by` as it was";
    Error::with_help("the index ranks documents by something else than this run", help)
}

/// Digests of all documents that can be read, in the order of the inputs.
fn digests(inputs: &mut Inputs, order: Order, jobs: usize) -> Vec<Digest> {
    let mut digests = Vec::new();
    each_digest(inputs, order, jobs, |digest| {
        digests.extend(digest.ok());
        ControlFlow::Continue(())
    });
    digests
}

fn each_digest(inputs: &mut Inputs, order: Order, jobs: usize, mut sink: impl FnMut(Result<Digest, InputError>) -> ControlFlow<()>) {
    let work = |raw: Result<Raw, InputError>| -> Result<Option<Digest>, InputError> {
        Ok(raw?.into_document()?.map(|document| Digest::ranked(&document, order)))
    };
    let weight = |raw: &Result<Raw, InputError>| raw.as_ref().map_or(0, Raw::held);
    pipeline::ordered(jobs, inputs, weight, work, |result| match result.transpose() {
        Some(digest) => sink(digest),
        None => ControlFlow::Continue(()),
    });
}

/// Reads an index.
fn read(path: &Path) -> Result<Index, Error> {
    let file = File::open(path).map_err(|error| unread(path, &error))?;
    Index::read(&mut BufReader::with_capacity(1 << 16, file))
        .map_err(|error| Error::with_help(format!("`{}`: {error}", path.display()), "make it again with `copydesk index`"))
}

fn merge(parts: Vec<Index>) -> Result<Index, Error> {
    Index::merge(parts).map_err(|clash| clashes(&clash))
}

/// Writes to a file beside the one that is named, and puts it in its place when it is whole.
fn replace(path: &Path, write: impl FnOnce(&mut BufWriter<tempfile::NamedTempFile>) -> io::Result<()>) -> io::Result<()> {
    let mut file = BufWriter::new(beside::file(path)?);
    write(&mut file)?;
    file.flush()?;
    file.into_inner().map_err(io::IntoInnerError::into_error)?.persist(path).map_err(|error| error.error)?;
    Ok(())
}
