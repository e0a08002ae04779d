//! `copydesk lsp`: the language server on stdin and stdout.

use super::error::Error;
use super::session::Session;
use super::{Exit, RuleArgs, work};
use crate::config;
use crate::lsp::{self, Setup};
use crate::triage::accept;
use clap::Args;
use lsp_server::Connection;
use std::path::{Path, PathBuf};
use std::rc::Rc;

#[derive(Debug, Args)]
pub(super) struct LspArgs {
    #[command(flatten)]
    rules: RuleArgs,
    /// What editors pass; there is no other way to talk
    #[arg(long, hide = true)]
    stdio: bool,
}

pub(super) fn run(args: &LspArgs) -> Result<Exit, Error> {
    let (connection, threads) = Connection::stdio();
    let load = |root: Option<&Path>| {
        if let Some(root) = root {
            // The config is looked for from the folder that is opened, and paths are named from it, as on the command line.
            std::env::set_current_dir(root).map_err(|error| format!("`{}` cannot be opened: {error}", root.display()))?;
        }
        setup(&args.rules).map_err(|error| error.line())
    };
    let served = lsp::serve(&connection, load);
    drop(connection);
    served
        .map_err(|error| Error::with_help(format!("the editor broke off: {error}"), "`copydesk lsp` is started by editors, not by hand"))?;
    threads.join()?;
    Ok(Exit::Clean)
}

fn setup(args: &RuleArgs) -> Result<Setup, Error> {
    let session = Rc::new(Session::open(args)?);
    let triage = Rc::new(session.triage(true)?);
    let side = session.accepted_path();
    let made_from = made_from(&session, args);
    let (to_check, checks, names) = (Rc::clone(&session), Rc::clone(&triage), Rc::clone(&triage));
    Ok(Setup {
        check: Box::new(move |document| work::look_over(&to_check, &checks, document)),
        why: Box::new(move |rule| session.rules.get(rule)?.why.clone()),
        accept: Box::new(move |document, reported| {
            accept::add(&side, document, &names.key(&document.origin.path), &[reported], "", &accept::today())
        }),
        made_from,
    })
}

/// The config, or where it would be; the rules of the user's own; the side files.
fn made_from(session: &Session, args: &RuleArgs) -> Vec<PathBuf> {
    let config = session.config.path.clone();
    let wanted = config::NAMES.map(PathBuf::from).into_iter().filter(|_| config.is_none());
    let folders = session.config.rule_folders.iter().chain(&args.rules).cloned();
    let rules = session.rules.rules.iter().map(|rule| PathBuf::from(&rule.source.path)).filter(|path| path.is_file());
    let mut files: Vec<PathBuf> = wanted.chain(folders).chain(rules).collect();
    files.extend(config);
    files.extend([session.accepted_path(), session.baseline_path()]);
    files
}
