//! The command line: arguments in, exit code out. Nothing imports this room.

mod accept;
mod baseline;
mod changed;
mod check;
mod clean;
mod error;
mod eval;
mod examples;
mod explain;
mod fix;
mod hearing;
mod index;
mod init;
mod interrupt;
mod lsp;
mod progress;
mod restore;
mod rules;
mod session;
mod spool;
mod tables;
mod terminal;
mod test;
mod work;

use crate::config::Config;
use crate::input;
use crate::reference;
use crate::setup::Wanted;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

use error::Error;

/// A content-integrity linter for scraped articles: repeats, stray paragraphs, typos, page residue, broken text.
#[derive(Debug, Parser)]
#[command(name = "copydesk", version, max_term_width = 100, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  every input was read; no finding at or above --fail-on
  1  every input was read; at least one finding at or above --fail-on
  2  copydesk could not do all of its work; what could be checked was checked";

#[derive(Debug, Subcommand)]
enum Command {
    /// Check files, folders, records or stdin
    #[command(after_help = examples::CHECK)]
    Check(check::CheckArgs),
    /// List the rules
    #[command(after_help = examples::RULES)]
    Rules(rules::RulesArgs),
    /// Show a rule's page; with a file, how near each part of it came to firing
    #[command(after_help = examples::EXPLAIN)]
    Explain(explain::ExplainArgs),
    /// Accept findings in text that nobody can edit
    #[command(after_help = examples::ACCEPT)]
    Accept(accept::AcceptArgs),
    /// Record today's findings, so that only new ones are reported
    #[command(after_help = examples::BASELINE)]
    Baseline(baseline::BaselineArgs),
    /// Serve an editor: findings as you type, reasons, fixes
    #[command(after_help = examples::LSP)]
    Lsp(lsp::LspArgs),
    /// Write a first config; with options, also a hook and a workflow
    #[command(after_help = examples::INIT)]
    Init(init::InitArgs),
    /// Write a corpus again, cleaned, with a ledger of all edits; sort out what is not clean
    #[command(after_help = examples::CLEAN)]
    Clean(clean::CleanArgs),
    /// Rebuild the originals of what --fix or clean changed
    #[command(after_help = examples::RESTORE)]
    Restore(restore::RestoreArgs),
    /// Run the examples that rules carry
    #[command(after_help = examples::TEST)]
    Test(test::TestArgs),
    /// Measure precision and recall against labelled documents
    #[command(after_help = examples::EVAL)]
    Eval(eval::EvalArgs),
    /// Write an index of documents, for `check --corpus`; or merge indexes
    #[command(after_help = examples::INDEX)]
    Index(index::IndexArgs),
    /// Make larger tables of words for the rules of spelling
    Tables(tables::TablesArgs),
    /// Print the JSON schema of a rule file
    #[command(after_help = examples::SCHEMA)]
    Schema {
        /// Of the config instead
        #[arg(long)]
        config: bool,
    },
    /// Print shell completions
    #[command(after_help = examples::COMPLETIONS)]
    Completions { shell: clap_complete::Shell },
    /// Print the manual page, for `man`
    #[command(after_help = examples::MAN)]
    Man,
}

/// What to load: the config and the rules.
#[derive(Clone, Debug, Default, Args)]
struct RuleArgs {
    /// The config; without it, copydesk.yaml in this folder or the nearest one above
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    config: Option<PathBuf>,
    /// A folder (or file) with rules of your own; may be given several times
    #[arg(long, value_name = "DIR", help_heading = "Rules")]
    rules: Vec<PathBuf>,
    /// Run only these: a rule, a group, or `all`; may be given several times
    #[arg(long, value_name = "NAME", value_delimiter = ',', help_heading = "Rules")]
    select: Vec<String>,
    /// Leave these out: a rule, a group, or `all`; may be given several times
    #[arg(long, value_name = "NAME", value_delimiter = ',', help_heading = "Rules")]
    ignore: Vec<String>,
    /// Rules that the command needs, whatever the config says of them.
    #[arg(skip)]
    needed: Vec<String>,
}

impl RuleArgs {
    /// What to open: without a config that is named, the nearest one.
    fn wanted(&self) -> Wanted {
        let config = self.config.clone().or_else(Config::nearest);
        Wanted {
            config,
            text: None,
            rules: self.rules.clone(),
            select: self.select.clone(),
            ignore: self.ignore.clone(),
            needed: self.needed.clone(),
        }
    }
}

/// How to print.
#[derive(Clone, Copy, Debug, Args)]
struct LookArgs {
    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Output", global = true)]
    color: ColorWhen,
    /// Columns to fit the output into (40 to 200); without it, the terminal's
    #[arg(long, value_name = "N", help_heading = "Output", global = true)]
    width: Option<usize>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum ColorWhen {
    #[default]
    Auto,
    Always,
    Never,
}

/// What the run came to; the numbers are the exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    Clean = 0,
    Findings = 1,
    Failed = 2,
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no failure; a closed pipe behind them is none either.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(Exit::Failed as u8) } else { ExitCode::SUCCESS };
        }
    };
    input::hush_panics_over_files();
    let exit = run(cli.command).unwrap_or_else(|error| error.report());
    ExitCode::from(exit as u8)
}

fn run(command: Command) -> Result<Exit, Error> {
    match command {
        Command::Check(args) => check::run(&args),
        Command::Rules(args) => rules::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Accept(args) => accept::run(&args),
        Command::Baseline(args) => baseline::run(&args),
        Command::Lsp(args) => lsp::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Clean(args) => clean::run(&args),
        Command::Restore(args) => restore::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Eval(args) => eval::run(&args),
        Command::Index(args) => index::run(&args),
        Command::Tables(args) => tables::run(&args),
        Command::Schema { config } => {
            terminal::print(&if config { reference::config_schema() } else { reference::rule_schema() })?;
            Ok(Exit::Clean)
        }
        Command::Man => {
            terminal::print(&manual()?)?;
            Ok(Exit::Clean)
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "copydesk", &mut script);
            terminal::print(&String::from_utf8_lossy(&script))?;
            Ok(Exit::Clean)
        }
    }
}

/// The manual page: the program, then each command with its options.
fn manual() -> std::io::Result<String> {
    let mut command = Cli::command();
    command.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let man = clap_mangen::Man::new(sub.clone().display_name(format!("copydesk {}", sub.get_name())));
        let mut part = Vec::new();
        man.render_name_section(&mut part)?;
        man.render_synopsis_section(&mut part)?;
        man.render_options_section(&mut part)?;
        page.extend_from_slice(format!(".SH COMMAND: {}\n", sub.get_name().to_uppercase()).as_bytes());
        // Within the one page, what would be sections of its own are parts of this section.
        page.extend_from_slice(String::from_utf8_lossy(&part).replace("\n.SH ", "\n.SS ").replace(".SH NAME", ".SS NAME").as_bytes());
    }
    Ok(String::from_utf8_lossy(&page).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }
}
