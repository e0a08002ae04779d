//! The two streams: how wide, in colour or not, and quiet when a pipe is closed.

use super::{ColorWhen, LookArgs};
use crate::report::Look;
use std::io::{self, IsTerminal, Write};

/// Width where no terminal tells.
const PIPE_WIDTH: usize = 100;

/// Which stream a text goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    Out,
    Err,
    /// A file: never a terminal.
    File,
}

pub(super) fn look(args: LookArgs, stream: Stream) -> Look {
    let is_terminal = match stream {
        Stream::Out => io::stdout().is_terminal(),
        Stream::Err => io::stderr().is_terminal(),
        Stream::File => false,
    };
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let color = match args.color {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto if set("NO_COLOR") => false,
        ColorWhen::Auto => {
            set("CLICOLOR_FORCE") || set("FORCE_COLOR") || is_terminal && !std::env::var("TERM").is_ok_and(|term| term == "dumb")
        }
    };
    let measured = if is_terminal { terminal_size() } else { None };
    Look { color, width: args.width.or(measured).unwrap_or(PIPE_WIDTH), unicode: is_unicode() }
}

fn terminal_size() -> Option<usize> {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).or_else(|| {
        let (width, _) = terminal_size::terminal_size()?;
        Some(usize::from(width.0))
    })
}

/// Whether the locale can show more than ASCII.
fn is_unicode() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    // Without a locale (cron, containers) the reader is most often a log that takes UTF-8.
    locale.is_none_or(|locale| {
        let locale = locale.to_lowercase();
        locale.contains("utf-8") || locale.contains("utf8") || matches!(locale.as_str(), "c" | "posix")
    })
}

/// Threads to work on: as many as were asked for, else (and where 0 was asked for) one for each core.
pub(super) fn jobs(given: Option<usize>) -> usize {
    given.filter(|&given| given > 0).unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
}

/// Writes to stdout. A closed pipe is no error: whoever read has read enough.
pub(super) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    quiet(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// Writes to stderr; there is nowhere to say that it failed.
pub(super) fn complain(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

pub(super) fn quiet(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
