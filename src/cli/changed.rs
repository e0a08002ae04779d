//! `--changed-since`: the files that a branch has changed, as Git tells them.

use super::error::Error;
use std::collections::HashSet;
use std::path::PathBuf;
use std::process::Command;

/// The files that differ from where this branch left `rev`: committed, staged, edited or new. Their links resolved.
pub(super) fn since(rev: &str) -> Result<HashSet<PathBuf>, Error> {
    let top = PathBuf::from(String::from_utf8_lossy(&git(&["rev-parse", "--show-toplevel"])?).trim_end_matches('\n'));
    // Without a common ancestor (a shallow clone) the revision itself is what there is to compare with.
    let base = git(&["merge-base", rev, "HEAD"]).map(|base| String::from_utf8_lossy(&base).trim().to_string());
    let base = base.unwrap_or_else(|_| rev.to_string());
    let changed = git(&["diff", "--name-only", "-z", "--diff-filter=d", &base, "--"])?;
    let top_arg = top.to_string_lossy();
    let new = git(&["-C", &top_arg, "ls-files", "--others", "--exclude-standard", "-z"])?;
    let names = [changed, new].concat();
    let names = names.split(|&byte| byte == 0).filter(|name| !name.is_empty());
    Ok(names.filter_map(|name| std::fs::canonicalize(top.join(&*String::from_utf8_lossy(name))).ok()).collect())
}

fn git(arguments: &[&str]) -> Result<Vec<u8>, Error> {
    let output = Command::new("git").args(arguments).output().map_err(|error| {
        Error::with_help(format!("`git` cannot be run: {error}"), "`--changed-since` asks Git which files have changed; is it installed?")
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().next().unwrap_or_default().trim_start_matches("fatal: ").to_string();
    Err(Error::with_help(
        format!("Git cannot tell what has changed: {said}"),
        "name a revision of this repository, `--changed-since origin/main`; in CI, fetch the whole history (`fetch-depth: 0`)",
    ))
}
