//! `copydesk init`: a commented config, and the files that run copydesk before a commit and in CI.

use super::error::Error;
use super::work::shown;
use super::{Exit, terminal};
use clap::Args;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The first config.
const CONFIG: &str = include_str!("init/copydesk.yaml");
/// The hook, for repositories that have no hooks yet.
const PRE_COMMIT: &str = include_str!("init/pre-commit-config.yaml");
const GITHUB: &str = include_str!("init/github.yml");

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// The folder to write to [default: .]
    #[arg(value_name = "DIR", default_value = ".", hide_default_value = true)]
    folder: PathBuf,
    /// Also write `.pre-commit-config.yaml`
    #[arg(long)]
    pre_commit: bool,
    /// Also write `.github/workflows/copydesk.yml`
    #[arg(long)]
    github: bool,
}

pub(super) fn run(args: &InitArgs) -> Result<Exit, Error> {
    let mut files = vec![("copydesk.yaml", CONFIG)];
    if args.pre_commit {
        files.push((".pre-commit-config.yaml", PRE_COMMIT));
    }
    if args.github {
        files.push((".github/workflows/copydesk.yml", GITHUB));
    }
    let (mut said, mut hints) = (String::new(), Vec::new());
    for (name, text) in files {
        let path = if args.folder == Path::new(".") { PathBuf::from(name) } else { args.folder.join(name) };
        match write(&path, text) {
            Ok(()) => said += &format!("wrote {}\n", shown(&path)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                said += &format!("left {} as it is\n", shown(&path));
                if name != "copydesk.yaml" {
                    hints.push(format!("\nTo add copydesk to {} yourself:\n\n{text}", shown(&path)));
                }
            }
            Err(error) => {
                let help = "is it a folder that you may write to?";
                return Err(Error::with_help(format!("`{}` cannot be written: {error}", shown(&path)), help));
            }
        }
    }
    terminal::print(&(said + &hints.concat()))?;
    Ok(Exit::Clean)
}

/// Writes a file that is not there yet.
fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::rule::load;

    #[test]
    fn the_first_config_is_valid_with_and_without_its_comments() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("copydesk.yaml");
        // A commented line that is an example starts with `# ` and a key or a list.
        let opened: String = CONFIG
            .lines()
            .map(|line| match line.strip_prefix("#: ") {
                Some(example) => format!("{example}\n"),
                None => format!("{line}\n"),
            })
            .collect();
        for text in [CONFIG.to_string(), opened.replace("house-rules/", ".").replace("words.txt", "copydesk.yaml")] {
            fs::write(&path, text).unwrap();
            assert!(Config::load(Some(&path), load::profile).is_ok());
        }
    }
}
