//! For now only `copydesk eval FILE… [--select RULE]… [--json] [--show misses|false]`.

use copydesk::config::Config;
use copydesk::eval::{self, Show};
use copydesk::input;
use copydesk::rule::{RuleSet, Settings, load};
use std::process::ExitCode;

fn main() -> ExitCode {
    let (mut paths, mut settings, mut json, mut show) = (Vec::new(), Settings::default(), false, None);
    let mut args = std::env::args().skip(2);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--select" => {
                settings.select.extend(args.next());
            }
            "--json" => json = true,
            "--show" => show = args.next().map(|what| if what == "false" { Show::False } else { Show::Misses }),
            _ => paths.push(arg.into()),
        }
    }
    if let Ok(config) = Config::of_profile("news", load::profile) {
        settings = Settings { layers: config.layers, parameters: config.parameters, ..settings };
    }
    let (Ok(rules), Ok(inputs)) = (RuleSet::load(load::built_in(), &settings), input::read(paths, input::Options::default())) else {
        return ExitCode::from(2);
    };
    let outcome = eval::run(inputs, &rules, show);
    outcome.errors.iter().for_each(|error| eprintln!("{error}"));
    let mut out = std::io::stdout().lock();
    let written = if json { outcome.write_json(&mut out) } else { outcome.write_tables(&mut out) };
    if written.is_err() || !outcome.errors.is_empty() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}
