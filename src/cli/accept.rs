//! `copydesk accept`: findings that a person has looked at and leaves as they are.

use super::error::{self, Error};
use super::session::Session;
use super::work::{self, InputArgs, shown};
use super::{Exit, RuleArgs, hearing, terminal};
use crate::triage::{Checked, Reported, accept};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct AcceptArgs {
    /// The file that the finding stands in
    file: PathBuf,
    /// The rule whose findings are right here
    rule: String,
    /// Only findings that start on this line
    #[arg(long, value_name = "N")]
    line: Option<usize>,
    /// The reason, for whoever reads the side file
    #[arg(long, value_name = "TEXT", default_value = "")]
    why: String,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    input: InputArgs,
}

pub(super) fn run(args: &AcceptArgs) -> Result<Exit, Error> {
    let mut session = Session::open(&args.rules)?;
    if session.rules.get(&args.rule).is_none() {
        let hint = session.rules.unknown(&args.rule).unwrap_or_else(|| "name one rule, as it stands above the finding".into());
        return Err(Error::with_help(format!("there is no rule `{}`", args.rule), hint));
    }
    if args.file.is_dir() {
        return Err(Error::with_help(format!("`{}` is a folder", shown(&args.file)), "findings are accepted file by file"));
    }
    let paths = std::slice::from_ref(&args.file);
    hearing::hear(&mut session, paths, |session| args.input.open(paths, session), 1)?;
    // What the baseline hides can be accepted too.
    let triage = session.triage(false)?;
    let mut inputs = args.input.open(paths, &session)?;
    let side = session.accepted_path();
    let (mut accepted, mut elsewhere, mut failed) = (0, Vec::new(), false);
    work::documents(&session, &triage, 1, None, &mut inputs, |result| {
        let checked = match &result {
            Ok(mended) => &mended.before,
            Err(error) => {
                failed = true;
                error::unread(error);
                return Ok(());
            }
        };
        let of_rule = checked.findings.iter().filter(|reported| *reported.finding.rule == *args.rule);
        let (here, others): (Vec<&Reported>, Vec<&Reported>) =
            of_rule.partition(|reported| args.line.is_none_or(|line| line_of(checked, reported) == line));
        elsewhere.extend(others.iter().map(|reported| line_of(checked, reported)));
        if !here.is_empty() {
            accepted += here.len();
            let key = triage.key(&checked.document.origin.path);
            accept::add(&side, &checked.document, &key, &here, &args.why, &accept::today())?;
        }
        Ok(())
    })
    .map_err(|error| Error::plain(format!("`{}` cannot be written: {error}", shown(&side))))?;
    if failed {
        return Ok(Exit::Failed);
    }
    if accepted == 0 {
        elsewhere.sort_unstable();
        elsewhere.dedup();
        let lines: Vec<String> = elsewhere.iter().take(8).map(ToString::to_string).collect();
        let hint = if lines.is_empty() {
            format!("`copydesk check {}` shows what is found there; what is accepted already is not", shown(&args.file))
        } else {
            format!("it is found at line {}", lines.join(", "))
        };
        let place = args.line.map(|line| format!(" at line {line}")).unwrap_or_default();
        return Err(Error::with_help(format!("there is no `{}` in `{}`{place}", args.rule, shown(&args.file)), hint));
    }
    let findings = if accepted == 1 { "finding" } else { "findings" };
    terminal::print(&format!("accepted {accepted} {findings} of {} in {} ({})\n", args.rule, shown(&args.file), shown(&side)))?;
    Ok(Exit::Clean)
}

/// The line that reports name: of the record where there is one, else of the finding.
fn line_of(checked: &Checked, reported: &Reported) -> usize {
    let document = &checked.document;
    match &document.origin.record {
        Some(record) => record.line,
        None => document.source_position(document.to_source(reported.finding.span).start).line,
    }
}
