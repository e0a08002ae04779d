//! `copydesk index`: the blocks of many documents in one file, and such files in one.

use super::error::{self, Error};
use super::session::Session;
use super::work::FieldArgs;
use super::{Exit, RuleArgs, terminal};
use crate::corpus::{Digest, Index};
use crate::input::{self, InputError, Inputs, Raw};
use crate::pipeline;
use clap::Args;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

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
    /// Threads [default: one for each core]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    #[command(flatten)]
    fields: FieldArgs,
}

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
    /// Reads the indexes that are named, and the inputs where they are to be compared with one another.
    pub fn read(&self, paths: &[PathBuf], open: impl FnOnce() -> Result<Inputs, Error>, jobs: usize) -> Result<Option<Index>, Error> {
        if self.corpus.is_empty() && !self.across {
            return Ok(None);
        }
        let known = merge(self.corpus.iter().map(|path| read(path)).collect::<Result<Vec<Index>, Error>>()?)?;
        if !self.across {
            return Ok(Some(known));
        }
        if paths.iter().any(|path| path.as_os_str() == "-") {
            let help = "write it to a file, or make an index of the other documents and use `--corpus`";
            return Err(Error::with_help("`--across` reads its inputs twice, and stdin can be read once", help));
        }
        // What cannot be read is told of when it is checked.
        let mut digests = digests(&mut open()?, jobs, |_| {});
        digests.retain(|digest| !known.holds(&digest.key));
        merge(vec![known, Index::of(digests)]).map(Some)
    }
}

pub(super) fn run(args: &IndexArgs) -> Result<Exit, Error> {
    let mut unread = 0;
    let index = if args.merge {
        let parts = args.paths.iter().map(|path| read(path)).collect::<Result<Vec<Index>, Error>>()?;
        merge(parts)?
    } else {
        let session = Session::open(&RuleArgs { config: args.config.clone(), ..RuleArgs::default() })?;
        let mut options = session.input_options();
        args.fields.apply(&mut options);
        let mut inputs = input::read(args.paths.clone(), options)?;
        Index::of(digests(&mut inputs, terminal::jobs(args.jobs), |error| {
            unread += 1;
            error::unread(&error);
        }))
    };
    write(&index, &args.output).map_err(|error| Error::plain(format!("`{}` cannot be written: {error}", args.output.display())))?;
    terminal::complain(&format!("{} documents, {} blocks in `{}`\n", index.len(), index.block_count(), args.output.display()));
    Ok(if unread > 0 { Exit::Failed } else { Exit::Clean })
}

/// Digests of all documents, in the order of the inputs.
pub(super) fn digests(inputs: &mut Inputs, jobs: usize, mut failed: impl FnMut(InputError)) -> Vec<Digest> {
    let work = |raw: Result<Raw, InputError>| -> Result<Option<Digest>, InputError> {
        Ok(raw?.into_document()?.map(|document| Digest::of(&document)))
    };
    let weight = |raw: &Result<Raw, InputError>| raw.as_ref().map_or(0, Raw::held);
    let mut digests = Vec::new();
    pipeline::ordered(jobs, inputs, weight, work, |result| {
        match result {
            Ok(digest) => digests.extend(digest),
            Err(error) => failed(error),
        }
        ControlFlow::Continue(())
    });
    digests
}

/// Reads an index.
pub(super) fn read(path: &Path) -> Result<Index, Error> {
    let shown = path.display();
    let file = File::open(path).map_err(|error| Error::plain(format!("`{shown}` cannot be read: {error}")))?;
    Index::read(&mut BufReader::with_capacity(1 << 16, file))
        .map_err(|error| Error::with_help(format!("`{shown}`: {error}"), "make it again with `copydesk index`"))
}

pub(super) fn merge(parts: Vec<Index>) -> Result<Index, Error> {
    Index::merge(parts).map_err(|clash| {
        Error::with_help(clash.to_string(), "make indexes of different documents, each named by the same path in all runs")
    })
}

/// Writes to a file beside the one that is named, and puts it in its place when it is whole.
fn write(index: &Index, path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = BufWriter::new(tempfile::NamedTempFile::new_in(folder)?);
    index.write(&mut file)?;
    file.flush()?;
    file.into_inner().map_err(|error| error.into_error())?.persist(path).map_err(|error| error.error)?;
    Ok(())
}
