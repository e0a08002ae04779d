//! `copydesk test`: the examples that rules carry.

use super::error::Error;
use super::session::Session;
use super::{Exit, RuleArgs, terminal};
use crate::selftest;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct TestArgs {
    /// Rule files and folders [default: the built-in rules and those of the config]
    #[arg(value_name = "RULE_PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    rules: RuleArgs,
}

pub(super) fn run(args: &TestArgs) -> Result<Exit, Error> {
    let rules = RuleArgs {
        config: args.rules.config.clone(),
        rules: args.rules.rules.iter().chain(&args.paths).cloned().collect(),
        select: args.rules.select.clone(),
        ignore: args.rules.ignore.clone(),
        needed: Vec::new(),
    };
    let session = Session::unproved(&rules)?;
    let named = |path: &str| args.paths.is_empty() || args.paths.iter().any(|named| std::path::Path::new(path).starts_with(named));
    let mut failed = Vec::new();
    let (mut rule_count, mut passed) = (0, 0);
    for (slot, _) in session.rules.rules.iter().enumerate().filter(|(_, rule)| named(&rule.source.path)) {
        rule_count += 1;
        for trial in selftest::trials(&session.rules, slot) {
            match trial.flaw {
                Some(flaw) => failed.push(flaw),
                None => passed += 1,
            }
        }
    }
    let counted = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let (examples, of) = (counted(passed, "example"), counted(rule_count, "rule"));
    terminal::print(&format!("{examples} of {of} passed, {} failed\n", failed.len()))?;
    if failed.is_empty() { Ok(Exit::Clean) } else { Err(failed.into()) }
}
