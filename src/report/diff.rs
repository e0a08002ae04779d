//! What fixes change, as a unified diff.

use super::handler::Look;
use super::place::name;
use super::visible::safe_name;
use crate::document::Origin;
use owo_colors::Style;
use similar::{ChangeTag, TextDiff};
use std::fmt::Write;
use std::time::Duration;

/// Lines shown around a change.
const CONTEXT: usize = 3;

/// How long to look for the shortest diff.
const PATIENCE: Duration = Duration::from_millis(500);

/// The unified diff between two versions of a document: for a file as `patch` and `git apply` take it, in colour as people do.
pub fn diff(origin: &Origin, before: &str, after: &str, look: Look) -> String {
    let name = match origin.record {
        None => origin.path.clone(),
        Some(_) => name(origin),
    };
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(before, after);
    if look.color {
        return coloured(&diff, &safe_name(&name));
    }
    let (old, new) = if name.starts_with('/') { (name.clone(), name) } else { (format!("a/{name}"), format!("b/{name}")) };
    diff.unified_diff().context_radius(CONTEXT).header(&old, &new).to_string()
}

/// In red and green, the changed words underlined. Control characters are spelled out: nobody applies a coloured diff.
fn coloured(diff: &TextDiff<'_, '_, str>, name: &str) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}", Style::new().bold().style(format_args!("--- a/{name}\n+++ b/{name}")));
    for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
        let _ = writeln!(out, "{}", Style::new().cyan().style(hunk.header()));
        for change in hunk.ops().iter().flat_map(|op| diff.iter_inline_changes(op)) {
            let (sign, style) = match change.tag() {
                ChangeTag::Delete => ('-', Style::new().red()),
                ChangeTag::Insert => ('+', Style::new().green()),
                ChangeTag::Equal => (' ', Style::new()),
            };
            let _ = write!(out, "{}", style.style(sign));
            for (emphasised, text) in change.iter_strings_lossy() {
                let text = safe_name(text.trim_end_matches(['\n', '\r'])).into_owned();
                let style = if emphasised { style.bold().underline() } else { style };
                let _ = write!(out, "{}", style.style(text));
            }
            out.push('\n');
            if change.missing_newline() {
                out.push_str("\\ No newline at end of file\n");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::{file, record};

    const LOOK: Look = Look { color: false, width: 80, unicode: true };

    #[test]
    fn a_file_is_shown_as_patch_takes_it() {
        let shown = diff(&file("a.txt"), "One.\nForeign Minster\nTwo.", "One.\nForeign Minister\nTwo.", LOOK);
        let expected = concat!(
            "--- a/a.txt\n+++ b/a.txt\n@@ -1,3 +1,3 @@\n One.\n-Foreign Minster\n+Foreign Minister\n Two.\n",
            "\\ No newline at end of file\n"
        );
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_record_is_named_as_reports_name_it() {
        assert!(diff(&record("n.jsonl"), "a\n", "b\n", LOOK).starts_with("--- a/n.jsonl:12 (a17)\n"));
    }

    #[test]
    fn colours_carry_no_controls_of_the_text() {
        let shown = diff(&file("a.txt"), "bad \u{1b}]0;x\u{7} word\n", "good \u{1b}]0;x\u{7} word\n", Look { color: true, ..LOOK });
        assert!(shown.contains("\u{1b}[31m") && shown.contains("\u{1b}[32m"), "{shown:?}");
        assert!(!shown.contains("\u{1b}]") && !shown.contains('\u{7}'));
    }
}
