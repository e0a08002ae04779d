//! `copydesk check`: inputs through rules to a report.

use super::error::{self, Error};
use super::fix::FixArgs;
use super::index::OthersArgs;
use super::progress::Progress;
use super::session::Session;
use super::terminal::{self, Stream};
use super::work::{self, InputArgs, paths_or_here};
use super::{Exit, LookArgs, RuleArgs, hearing, interrupt};
use crate::config::FailOn;
use crate::document::{Origin, settled};
use crate::finding::Severity;
use crate::fix::Mended;
use crate::input;
use crate::report::{Format, Reporter, Statistics, safe_name};
use crate::triage::baseline::Entry;
use crate::triage::{Checked, Summary};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;

/// Bytes of a file that is never checked in pieces.
const SMALL: u64 = 1 << 20;

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
    #[arg(long, value_name = "FORMAT", default_value = "pretty", help_heading = "Output", value_parser = formats())]
    format: Format,
    /// Write the report there instead of to stdout
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
    #[command(flatten)]
    look: LookArgs,
    /// Count by rule, site, day and cause instead of listing each finding; beside a machine format, on stderr
    #[arg(long, help_heading = "Output")]
    statistics: bool,
    #[command(flatten)]
    others: OthersArgs,
    /// Print no summary
    #[arg(long, short, help_heading = "Output")]
    quiet: bool,
    /// The mildest findings that make the run fail [default: error]
    #[arg(long, value_name = "SEVERITY", help_heading = "Run")]
    fail_on: Option<FailOnArg>,
    /// Threads; 0 is one for each core [default: 0]
    #[arg(long, value_name = "N", help_heading = "Run")]
    jobs: Option<usize>,
    /// Read the input once, and ask no document about another. Rules that do need two passes before the check, one over all of it, which also
    /// counts how it uses words, and one over the documents that share a paragraph or a name; what they hold is bounded, 20 MB and a little
    /// for each such paragraph and name
    #[arg(long, help_heading = "Run")]
    one_by_one: bool,
    /// Report everything, also what the baseline knows
    #[arg(long, help_heading = "Run")]
    no_baseline: bool,
    #[command(flatten)]
    input: InputArgs,
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
}

/// Named one by one, for `--help` and completions.
fn formats() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::name)).try_map(|name| name.parse::<Format>())
}

pub(super) fn run(args: &CheckArgs) -> Result<Exit, Error> {
    let paths = paths_or_here(&args.paths);
    args.fixes.check(&paths)?;
    let mut session = Session::open(&args.rules)?;
    // A second thread would have nothing to do, but for the pieces of a text that is too long to be checked whole.
    let small = |path: &PathBuf| path.metadata().is_ok_and(|file| file.len() <= SMALL);
    let jobs = if work::is_one_text(&paths) && paths.iter().all(small) { 1 } else { terminal::jobs(args.jobs) };
    let mut options = args.input.options(&session)?;
    options.except = args.output.iter().chain(args.fixes.ledger()).map(|path| settled(path)).collect();
    if let Some(path) = paths.iter().find(|path| path.is_file() && options.except.contains(&settled(path))) {
        let message = format!("`{}` would be read and written over", work::shown(path));
        return Err(Error::with_help(message, "name another file for the report or the ledger"));
    }
    let open = || Ok(input::read(paths.as_slice(), options.clone())?);
    let progress = Progress::new(!args.quiet, &options.meter, {
        let (paths, options) = (paths.clone(), options.clone());
        move || input::size(&paths, options).ok().flatten()
    });
    session.corpus = args.others.read(&paths, session.order(), open, jobs)?;
    if !args.one_by_one {
        hearing::hear(&mut session, &paths, |_| open(), jobs)?;
    }
    let triage = session.triage(!args.no_baseline)?;
    let mut inputs = open()?;
    let mut desk = args.fixes.desk()?;
    let (mut out, stream): (Box<dyn Write>, Stream) = match &args.output {
        Some(path) => {
            let file = File::create(path).map_err(|error| {
                let message = format!("`{}` cannot be written: {error}", path.display());
                Error::with_help(message, "is its folder there, and may you write to it?")
            })?;
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
        format => format.reporter(look, &session.rule_infos(), !triage.baseline.entries().is_empty()),
    };
    // What says something of this document at once, and not only at the end or to a file: the bar makes way for that alone.
    let lists = stream == Stream::Out && io::stdout().is_terminal() && !(args.statistics && for_people);
    let speaks = |mended: &Mended| mended.after.is_some() || lists && !(for_people && mended.before.findings.is_empty());
    let mut beside = (args.statistics && !for_people).then(|| Statistics::new(terminal::look(args.look, Stream::Err)));
    let mut summary = Summary::default();
    progress.check();
    let mut written = reporter.begin(&mut out);
    // Where Ctrl-C has ended the run.
    let mut stopped: Option<String> = None;
    interrupt::listen();
    if written.is_ok() {
        written = work::documents(&session, &triage, jobs, args.fixes.choice(), &mut inputs, |mended| match mended {
            Ok(mended) => {
                progress.step(mended.before.document.source().len(), summary.findings());
                let aside = speaks(&mended);
                progress.aside(aside, |barred| {
                    let checked = desk.take(&mended, look, &mut out)?;
                    summary.add(checked);
                    if let Some(statistics) = &mut beside {
                        statistics.add(checked);
                    }
                    reporter.document(checked, &mut out)?;
                    if stream == Stream::Out && barred { out.flush() } else { Ok(()) }
                })?;
                if interrupt::is_asked() {
                    stopped = Some(place(&mended.before.document.origin));
                    return Err(io::Error::from(io::ErrorKind::Interrupted));
                }
                Ok(())
            }
            Err(error) => {
                summary.unread += 1;
                progress.aside(true, |_| error::unread(&error));
                Ok(())
            }
        });
    }
    if stopped.is_some() {
        written = Ok(());
    }
    drop(progress);
    let fixed = desk.finish();
    // A diff has mended nothing.
    summary.fixed = if args.fixes.is_diff() { 0 } else { fixed };
    let judged = |rule: &str, path: &str| session.rules.judge(rule, path);
    if let Some(unused) = triage.unused(judged).filter(|_| stopped.is_none()) {
        summary.add_unused(&unused);
        written = written.and_then(|()| reporter.document(&unused, &mut out));
    }
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
    if !args.quiet && args.fixes.is_diff() {
        terminal::complain(&format!("{fixed} would be fixed\n"));
    }
    if !args.quiet && skipped.total() > 0 {
        terminal::complain(&format!("{skipped}\n"));
    }
    if let Some(place) = &stopped {
        let documents = if summary.documents == 1 { "1 document" } else { &format!("{} documents", summary.documents) };
        terminal::complain(&format!("stopped after {documents}, behind {place}; the rest was not checked\n"));
        return Ok(Exit::Failed);
    }
    if !args.quiet {
        terminal::complain(&gone(&triage.gone(judged)));
    }
    let exit = if summary.unread > 0 || desk.failed > 0 {
        Exit::Failed
    } else if args.fail_on(session.config.fail_on).is_some_and(|severity| summary.at_least(severity) > 0) {
        Exit::Findings
    } else {
        Exit::Clean
    };
    // The process ends here: to give back the memory of all rules, piece by piece, would take a twentieth of a short run.
    std::mem::forget(session);
    Ok(exit)
}

/// A document as people find it.
fn place(origin: &Origin) -> String {
    let path = safe_name(&origin.path);
    origin.record.as_ref().map_or_else(|| path.to_string(), |record| format!("{path}:{}", record.line))
}

/// What the baseline knows and is no more: with the first few by name.
fn gone(entries: &[&Entry]) -> String {
    const NAMED: usize = 10;
    let count = entries.len();
    let mut text = match count {
        0 => return String::new(),
        1 => "1 finding of the baseline is gone".to_string(),
        _ => format!("{count} findings of the baseline are gone"),
    };
    text += "; `copydesk baseline` takes them out\n";
    for entry in entries.iter().take(NAMED) {
        text += &format!("  {}: {}: {}\n", safe_name(&entry.path), entry.rule, safe_name(&entry.text));
    }
    if count > NAMED {
        text += &format!("  and {} more\n", count - NAMED);
    }
    text
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
