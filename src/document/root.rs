//! A folder that paths are named from, wherever copydesk was started.

use std::path::{Component, Path, PathBuf};

/// Absolute, without `.` and `..`.
#[derive(Clone, Debug, Default)]
pub struct Root(PathBuf);

impl Root {
    /// The folder, itself named from the working folder.
    pub fn new(folder: &Path) -> Self {
        Self(settled(if folder.as_os_str().is_empty() { Path::new(".") } else { folder }))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// What a path is called from here, with `/` between its parts; one that leads elsewhere stays as it is written.
    pub fn name(&self, path: &str) -> String {
        let whole = settled(Path::new(path));
        let below = if self.0.as_os_str().is_empty() { None } else { whole.strip_prefix(&self.0).ok() };
        let name = below.map_or_else(|| path.trim_start_matches("./").to_string(), |below| below.to_string_lossy().into_owned());
        if cfg!(windows) { name.replace('\\', "/") } else { name }
    }
}

/// The path in full, `..` taken at its word.
pub fn settled(path: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    for part in std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(whole.pop()),
            part => whole.push(part),
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_one_name_wherever_it_is_named_from() {
        let here = Root::new(Path::new(""));
        for path in ["drafts/a.txt", "./drafts/a.txt", "drafts/../drafts/./a.txt"] {
            assert_eq!(here.name(path), "drafts/a.txt");
        }
        assert_eq!(Root::new(Path::new("drafts/..")).path(), here.path());
        assert_eq!(Root::new(Path::new("drafts")).name("drafts/a.txt"), "a.txt");
        assert_eq!(Root::new(Path::new("drafts")).name("./other/a.txt"), "other/a.txt");
        assert_eq!(Root::default().name("./a.txt"), "a.txt");
        assert_eq!(here.name(&here.path().join("a.txt").to_string_lossy()), "a.txt");
    }
}
