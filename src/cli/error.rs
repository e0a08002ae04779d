//! Why copydesk could not do its work: the errors of all rooms, joined, and how they are shown.

use super::terminal::{self, Stream};
use super::{ColorWhen, Exit, LookArgs};
use crate::eval::EvalError;
use crate::input::{BadGlob, InputError};
use crate::report::Renderer;
use crate::setup::SetupError;
use crate::yaml::FileFlaw;
use miette::{Diagnostic, MietteDiagnostic};
use std::io;

pub(super) enum Error {
    /// Flaws in rule files, the config or examples, each with its place.
    Flaws(Vec<FileFlaw>),
    /// Anything else: what, and what to do about it.
    Plain { message: String, help: Option<String> },
}

impl Error {
    pub fn plain(message: impl Into<String>) -> Self {
        Self::Plain { message: message.into(), help: None }
    }

    pub fn with_help(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Plain { message: message.into(), help: Some(help.into()) }
    }

    /// All of it on one line, for where there is no terminal.
    pub fn line(&self) -> String {
        match self {
            Self::Flaws(flaws) => flaws.iter().map(|flaw| format!("{}: {flaw}", flaw.path)).collect::<Vec<_>>().join("; "),
            Self::Plain { message, help: None } => message.clone(),
            Self::Plain { message, help: Some(help) } => format!("{message} ({help})"),
        }
    }

    /// Shows it on stderr.
    pub fn report(self) -> Exit {
        match self {
            Self::Flaws(flaws) => {
                let count = flaws.len();
                let files = {
                    let mut paths: Vec<&str> = flaws.iter().map(|flaw| flaw.path.as_str()).collect();
                    paths.sort_unstable();
                    paths.dedup();
                    paths.len()
                };
                for flaw in &flaws {
                    show(flaw);
                }
                let (mistakes, in_files) = (if count == 1 { "mistake" } else { "mistakes" }, if files == 1 { "file" } else { "files" });
                terminal::complain(&format!("{count} {mistakes} in {files} {in_files}; nothing was checked\n"));
            }
            Self::Plain { message, help } => failure(&message, help.as_deref()),
        }
        Exit::Failed
    }
}

/// One input that could not be read; the run goes on.
pub(super) fn unread(error: &InputError) {
    let help = Diagnostic::help(error).map(|help| help.to_string());
    failure(&error.to_string(), help.as_deref());
}

/// Says on stderr what could not be done.
pub(super) fn failure(message: &str, help: Option<&str>) {
    show(&plain(message, help));
}

/// One labelled document that could not be scored; the run goes on.
pub(super) fn unscored(error: &EvalError) {
    let help = Diagnostic::help(error).map(|help| help.to_string());
    failure(&error.to_string(), help.as_deref());
}

/// What may be a mistake, but stops nothing.
pub(super) fn warn(message: &str, help: &str) {
    show(&plain(message, Some(help)).with_severity(miette::Severity::Warning));
}

fn plain(message: &str, help: Option<&str>) -> MietteDiagnostic {
    let diagnostic = MietteDiagnostic::new(message);
    match help {
        Some(help) => diagnostic.with_help(help),
        None => diagnostic,
    }
}

fn show(diagnostic: &dyn Diagnostic) {
    let look = terminal::look(LookArgs { color: ColorWhen::Auto, width: None }, Stream::Err);
    let mut text = String::new();
    if Renderer::new(look).render(diagnostic, &mut text).is_err() {
        text = format!("error: {diagnostic}");
    }
    terminal::complain(&(text + "\n"));
}

impl From<Vec<FileFlaw>> for Error {
    fn from(flaws: Vec<FileFlaw>) -> Self {
        Self::Flaws(flaws)
    }
}

impl From<SetupError> for Error {
    fn from(error: SetupError) -> Self {
        match error {
            SetupError::Flaws(flaws) => Self::Flaws(flaws),
            SetupError::Plain { message, help } => Self::Plain { message, help },
        }
    }
}

impl From<BadGlob> for Error {
    fn from(error: BadGlob) -> Self {
        Self::plain(error.to_string())
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::plain(format!("the output cannot be written: {error}"))
    }
}
