//! `copydesk clean`: a corpus written again.

use super::error::{self, Error};
use super::index::OthersArgs;
use super::progress::Progress;
use super::session::Session;
use super::work::{self, FieldArgs};
use super::{Exit, RuleArgs, hearing, interrupt, terminal};
use crate::clean::{self, CleanError, Cleaner, End, Job, Policy, Step};
use crate::document::settled;
use crate::finding::Severity;
use crate::fix::Choice;
use crate::input;
use crate::ledger;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct CleanArgs {
    /// Files and folders: text, Markdown, HTML, JSONL, CSV, TSV, WARC, WET, tar, each plain, gzip or zstd, and Parquet
    #[arg(value_name = "INPUT", required = true)]
    paths: Vec<PathBuf>,
    /// The folder to write to: empty, not there yet, or that of a run to go on with
    #[arg(long, short, value_name = "DIR")]
    output: PathBuf,
    #[command(flatten)]
    rules: RuleArgs,
    /// Apply also the fixes that a person should look at
    #[arg(long, help_heading = "Fixes")]
    unsafe_fixes: bool,
    /// The mildest findings left after the fixes that send a document to review/
    #[arg(long, value_name = "SEVERITY", default_value = "error", help_heading = "Verdicts")]
    review: ReviewArg,
    /// Reject documents with a finding of this rule or group, too, and run it; may be given several times [always: blocked-page,
    /// empty-body]
    #[arg(long, value_name = "NAME", value_delimiter = ',', help_heading = "Verdicts")]
    reject: Vec<String>,
    /// Reject documents in other languages (en, de …); may be given several times
    #[arg(long, value_name = "CODE", value_delimiter = ',', help_heading = "Verdicts")]
    language: Vec<String>,
    #[command(flatten)]
    others: OthersArgs,
    /// Read the input once, and ask no document about the paragraphs, names and words of another
    #[arg(long, help_heading = "Run")]
    one_by_one: bool,
    /// Threads; 0 is one for each core [default: 0]
    #[arg(long, value_name = "N", help_heading = "Run")]
    jobs: Option<usize>,
    /// Kilobytes of input between two places from which a run that was killed goes on
    #[arg(long, value_name = "KB", default_value_t = clean::PART >> 10, help_heading = "Run")]
    part_kb: usize,
    /// Print no report
    #[arg(long, short, help_heading = "Run")]
    quiet: bool,
    #[command(flatten)]
    fields: FieldArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ReviewArg {
    Error,
    Warning,
    Info,
    Never,
}

pub(super) fn run(args: &CleanArgs) -> Result<Exit, Error> {
    if args.paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Error::with_help("stdin cannot be written again", "write it to a file first"));
    }
    // A run that has nothing to read would leave a folder that is done, and in the way of the command that was meant.
    if let Some(path) = args.paths.first().filter(|_| !args.paths.iter().any(|path| path.exists())) {
        let message = format!("`{}` cannot be read: there is no such file or folder", work::shown(path));
        return Err(Error::with_help(message, "is the name right? It is looked for from the folder that copydesk is run in"));
    }
    interrupt::listen();
    let rules = RuleArgs { needed: args.reject.clone(), ..args.rules.clone() };
    let mut session = Session::open(&rules)?;
    let jobs = terminal::jobs(args.jobs);
    let options = options(args, &session);
    let progress = Progress::new(!args.quiet, &options.meter, {
        let (paths, options) = (args.paths.clone(), options.clone());
        move || input::size(&paths, options).ok().flatten()
    });
    let open = || Ok(input::read(args.paths.clone(), options.clone())?);
    session.corpus = args.others.read(&args.paths, session.order(), open, jobs)?;
    if !args.one_by_one {
        hearing::hear(&mut session, &args.paths, |_| open(), jobs)?;
    }
    let policy = policy(args, &session);
    let triage = session.triage(false)?;
    let settings = settings(args, &session, &policy);
    let job = Job {
        cleaner: Cleaner { rules: &session.rules, triage: &triage, others: session.others(), policy: &policy },
        inputs: args.paths.clone(),
        options,
        folder: args.output.clone(),
        settings,
        jobs,
        part: args.part_kb.max(1) << 10,
    };
    progress.check();
    let mut step = |step: Step<'_>| match step {
        Step::Document(bytes) => progress.step(bytes, 0),
        Step::Unread(error) => progress.aside(true, |_| error::unread(error)),
    };
    let outcome = clean::run(job, &mut step, &interrupt::is_asked).map_err(failure)?;
    drop(progress);
    let shown = work::shown(&args.output);
    match outcome.end {
        End::Stopped => {
            let done = outcome.tally.total().documents;
            terminal::complain(&format!("stopped: {done} documents are done in `{shown}`; give the same command again to go on\n"));
            return Ok(Exit::Failed);
        }
        End::Before if !args.quiet => terminal::complain(&format!("`{shown}` is done already; nothing was written\n")),
        End::Before | End::Done => {}
    }
    if !args.quiet {
        terminal::print(&clean::report_text(&outcome.tally, &outcome.unread))?;
        if outcome.skipped.total() > 0 {
            terminal::complain(&format!("{}\n", outcome.skipped));
        }
    }
    Ok(if outcome.unread.count > 0 { Exit::Failed } else { Exit::Clean })
}

fn options(args: &CleanArgs, session: &Session) -> input::Options {
    let mut options = session.input_options();
    args.fields.apply(&mut options);
    options.except = vec![settled(&args.output)];
    options
}

fn policy(args: &CleanArgs, session: &Session) -> Policy {
    let mut policy = Policy::new(&session.rules);
    if args.unsafe_fixes {
        policy.fixes = Choice::All;
    }
    policy.review = match args.review {
        ReviewArg::Error => Some(Severity::Error),
        ReviewArg::Warning => Some(Severity::Warning),
        ReviewArg::Info => Some(Severity::Info),
        ReviewArg::Never => None,
    };
    for name in &args.reject {
        policy.reject(&session.rules, name);
    }
    policy.languages.clone_from(&args.language);
    policy
}

/// All that the result depends on beside the inputs, as a hash: a run is gone on with only by the same.
fn settings(args: &CleanArgs, session: &Session, policy: &Policy) -> String {
    let mut all = format!("{:?}\n{:?}\n{:?}\n{:?}\n", args.paths, policy.fixes, policy.review, policy.languages);
    let mut reject: Vec<&str> = policy.reject.iter().map(|rule| &**rule).collect();
    reject.sort_unstable();
    all += &format!("{reject:?} {:?} {} {}\n", args.others, args.one_by_one, args.part_kb);
    all += &format!("{:?} {:?} {:?}\n", args.fields, args.rules.select, args.rules.ignore);
    for (slot, rule) in session.rules.rules.iter().enumerate() {
        all += &format!("{:?}\n{}\n", session.rules.level(slot), rule.source.text);
    }
    for path in session.config.path.iter().chain([&session.accepted_path()]) {
        all += &String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default());
        all.push('\n');
    }
    ledger::hash(all.as_bytes())
}

fn failure(error: CleanError) -> Error {
    match error.advice() {
        Some(advice) => Error::with_help(error.to_string(), advice),
        None => Error::plain(error.to_string()),
    }
}
