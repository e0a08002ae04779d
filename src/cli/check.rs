//! `copydesk check`: inputs through rules to a report.

use super::error::{self, Error};
use super::fix::FixArgs;
use super::session::Session;
use super::terminal::{self, Stream};
use super::{Exit, LookArgs, RuleArgs};
use crate::check;
use crate::config::FailOn;
use crate::document::Document;
use crate::finding::Severity;
use crate::fix::{self, Choice, Mended};
use crate::input::{self, InputError, Raw};
use crate::pipeline;
use crate::report::{Format, Reporter, Statistics};
use crate::triage::{self, Checked, Summary};
use clap::{Args, ValueEnum};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Files and folders; `-` is stdin [default: .]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    fixes: FixArgs,
    /// How to show the findings
    #[arg(long, value_name = "FORMAT", default_value = "pretty", help_heading = "Output")]
    format: Format,
    /// Write the report there instead of to stdout
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
    #[command(flatten)]
    look: LookArgs,
    /// Count by rule, site and cause instead of listing each finding; beside a machine format, on stderr
    #[arg(long, help_heading = "Output")]
    statistics: bool,
    /// Print no summary
    #[arg(long, short, help_heading = "Output")]
    quiet: bool,
    /// The mildest findings that make the run fail [default: error]
    #[arg(long, value_name = "SEVERITY", help_heading = "Run")]
    fail_on: Option<FailOnArg>,
    /// Threads [default: one for each core]
    #[arg(long, value_name = "N", help_heading = "Run")]
    jobs: Option<usize>,
    /// What stdin is called in the report; its ending says what it is
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    stdin_filename: Option<String>,
    /// The field of a record that holds its text [default: text]
    #[arg(long, value_name = "FIELD", help_heading = "Input")]
    text_field: Option<String>,
    /// The field of a record that holds its id [default: id]
    #[arg(long, value_name = "FIELD", help_heading = "Input")]
    id_field: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOnArg {
    Error,
    Warning,
    Info,
    Never,
}

impl CheckArgs {
    fn fail_on(&self, config: Option<FailOn>) -> Option<Severity> {
        let given = self.fail_on.map(|arg| match arg {
            FailOnArg::Error => FailOn::Error,
            FailOnArg::Warning => FailOn::Warning,
            FailOnArg::Info => FailOn::Info,
            FailOnArg::Never => FailOn::Never,
        });
        match given.or(config).unwrap_or(FailOn::Error) {
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Info => Some(Severity::Info),
            FailOn::Never => None,
        }
    }

    fn input_options(&self, session: &Session) -> input::Options {
        let mut options = session.input_options();
        options.stdin_filename.clone_from(&self.stdin_filename);
        // What the command line says counts for all files.
        for fields in std::iter::once(&mut options.fields).chain(options.fields_for.iter_mut().map(|(_, fields)| fields)) {
            if let Some(field) = &self.text_field {
                fields.text.clone_from(field);
            }
            if let Some(field) = &self.id_field {
                fields.id.clone_from(field);
            }
        }
        options
    }

    fn paths(&self) -> Vec<PathBuf> {
        if self.paths.is_empty() { vec![PathBuf::from(".")] } else { self.paths.clone() }
    }
}

pub(super) fn run(args: &CheckArgs) -> Result<Exit, Error> {
    let paths = args.paths();
    args.fixes.check(&paths)?;
    let session = Session::open(&args.rules)?;
    let mut inputs = input::read(paths, args.input_options(&session))?;
    let mut desk = args.fixes.desk()?;
    let (mut out, stream): (Box<dyn Write>, Stream) = match &args.output {
        Some(path) => {
            let file = File::create(path).map_err(|error| Error::plain(format!("`{}` cannot be written: {error}", path.display())))?;
            (Box::new(BufWriter::new(file)), Stream::File)
        }
        None => (Box::new(BufWriter::new(io::stdout())), Stream::Out),
    };
    let look = terminal::look(args.look, stream);
    let for_people = matches!(args.format, Format::Pretty | Format::Concise) && !args.fixes.is_diff();
    let mut reporter: Box<dyn Reporter + Send> = match args.format {
        // A diff stands alone, so that `patch` can read it.
        _ if args.fixes.is_diff() => Box::new(Silent),
        _ if args.statistics && for_people => Box::new(Statistics::new(look)),
        format => format.reporter(look, &session.rule_infos()),
    };
    let mut beside = (args.statistics && !for_people).then(|| Statistics::new(terminal::look(args.look, Stream::Err)));
    let jobs = terminal::jobs(args.jobs);
    let mut summary = Summary::default();
    let mut written = reporter.begin(&mut out);
    if written.is_ok() {
        written = documents(&session, jobs, args.fixes.choice(), &mut inputs, |mended| match mended {
            Ok(mended) => {
                let checked = desk.take(&mended, look, &mut out)?;
                summary.add(checked);
                if let Some(statistics) = &mut beside {
                    statistics.add(checked);
                }
                reporter.document(checked, &mut out)
            }
            Err(error) => {
                summary.unread += 1;
                error::unread(&error);
                Ok(())
            }
        });
    }
    summary.fixed = desk.finish();
    written = written.and_then(|()| finish(reporter.as_mut(), args, &summary, &mut out)).and_then(|()| out.flush());
    if let Err(error) = written {
        // Whoever read the pipe has read enough; that says nothing about the findings so far.
        if error.kind() != io::ErrorKind::BrokenPipe {
            return Err(error.into());
        }
    }
    let skipped = inputs.skipped();
    if let Some(mut statistics) = beside {
        let mut table = Vec::new();
        statistics.finish(&summary, &mut table)?;
        terminal::complain(&String::from_utf8_lossy(&table));
    } else if !args.quiet && !args.statistics && (args.format.is_for_machines() || args.fixes.is_diff()) {
        terminal::complain(&format!("{summary}\n"));
    }
    if !args.quiet && skipped.total() > 0 {
        terminal::complain(&format!("{skipped}\n"));
    }
    Ok(if summary.unread > 0 || desk.failed > 0 {
        Exit::Failed
    } else if args.fail_on(session.config.fail_on).is_some_and(|severity| summary.at_least(severity) > 0) {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

/// Reports nothing.
struct Silent;

impl Reporter for Silent {
    fn document(&mut self, _: &Checked, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// The report's end; `--quiet` leaves the summary out of what people read.
fn finish(reporter: &mut dyn Reporter, args: &CheckArgs, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    if args.quiet && !args.statistics && !args.format.is_for_machines() { Ok(()) } else { reporter.finish(summary, out) }
}

/// Checks every input and mends what is to be mended, and hands the results over in the order of the inputs.
fn documents(
    session: &Session,
    jobs: usize,
    fixes: Option<Choice>,
    inputs: &mut input::Inputs,
    mut sink: impl FnMut(Result<Mended, InputError>) -> io::Result<()>,
) -> io::Result<()> {
    let look_over = |document: Document| {
        let findings = check::document(&document, &session.rules);
        triage::sort(document, findings)
    };
    let work = |raw: Result<Raw, InputError>| -> Result<Option<Mended>, InputError> {
        let Some(document) = raw?.into_document()? else { return Ok(None) };
        let checked = look_over(document);
        Ok(Some(match fixes {
            Some(choice) => fix::mend(checked, choice, look_over),
            None => Mended::untouched(checked),
        }))
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
