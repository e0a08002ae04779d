//! New files, written beside their place and put into it when they are whole.

use std::io;
use std::path::Path;
use tempfile::NamedTempFile;

/// A hidden file in the folder of `target`, with the rights of a file that any program makes, for `persist`; gone when it is dropped.
///
/// # Errors
/// Where the folder cannot be written to.
pub fn file(target: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".copydesk-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // By itself a temporary file is its owner's alone. What the user masks is masked here, too.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    builder.tempfile_in(folder.unwrap_or(Path::new(".")))
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_new_file_has_the_rights_of_any_other() {
        let folder = tempfile::tempdir().unwrap();
        let (plain, target) = (folder.path().join("plain"), folder.path().join("target"));
        fs::write(&plain, "").unwrap();
        super::file(&target).unwrap().persist(&target).unwrap();
        let mode = |path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&target), mode(&plain));
    }
}
