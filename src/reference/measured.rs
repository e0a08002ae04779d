//! What `copydesk eval` measured of each rule, as `docs/measured.tsv` has it, for the pages of the rules.

use std::collections::HashMap;
use std::fmt::Write;

/// One rule on one set of documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// What `docs/accuracy.md` calls the documents.
    pub set: String,
    pub words: usize,
    /// Faults that are labelled with this rule, and those found.
    pub labels: usize,
    pub hits: usize,
    pub findings: usize,
    /// Findings that a label vouches for.
    pub right: usize,
}

/// The rows of each rule; lines that start with `#` are comments.
///
/// # Errors
/// The first line that does not hold the seven columns.
pub fn read(tsv: &str) -> Result<HashMap<String, Vec<Measured>>, String> {
    let mut rules: HashMap<String, Vec<Measured>> = HashMap::new();
    for line in tsv.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [rule, set, numbers @ ..] = columns.as_slice() else { return Err(line.to_string()) };
        let numbers: Option<Vec<usize>> = numbers.iter().map(|number| number.parse().ok()).collect();
        let Some(&[words, labels, hits, findings, right]) = numbers.as_deref() else { return Err(line.to_string()) };
        let measured = Measured { set: (*set).to_string(), words, labels, hits, findings, right };
        rules.entry((*rule).to_string()).or_default().push(measured);
    }
    Ok(rules)
}

/// The section of a rule's page.
pub(super) fn section(rows: &[Measured]) -> String {
    if rows.is_empty() {
        return "## Measured\n\nNot on labelled documents: it is off by default, or nothing that it is for is labelled there. Its examples are what proves it.\n".into();
    }
    let mut out = String::from(
        "## Measured\n\n| documents | words | labelled faults found | findings that a label vouches for |\n|---|---|---|---|\n",
    );
    for row in rows {
        let found = if row.labels > 0 { share(row.hits, row.labels) } else { "–".into() };
        let right = match (row.findings, row.right) {
            (0, _) => "no finding".into(),
            (findings, 0) => format!("{findings} without a label, {:.2} per 10,000 words", findings as f64 * 1e4 / row.words.max(1) as f64),
            (findings, right) => share(right, findings),
        };
        let _ = writeln!(out, "| `{}` | {} | {found} | {right} |", row.set, row.words);
    }
    out.push_str(
        "\n[The documents](../accuracy.md) are as they were printed or scraped, and not all that is wrong with them is labelled.\n",
    );
    out
}

fn share(part: usize, whole: usize) -> String {
    format!("{part} of {whole} ({:.3})", part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_and_shown() {
        let rules = read("# made by a script\nhtml-tag\tartefacts\t400\t84\t83\t110\t110\nhtml-tag\tclean\t900\t0\t0\t0\t0\n").unwrap();
        let section = section(&rules["html-tag"]);
        assert!(section.contains("| `artefacts` | 400 | 83 of 84 (0.988) | 110 of 110 (1.000) |"), "{section}");
        assert!(section.contains("| `clean` | 900 | – | no finding |"), "{section}");
    }

    #[test]
    fn a_broken_row_is_named() {
        assert_eq!(read("html-tag\tartefacts\t400\n"), Err("html-tag\tartefacts\t400".into()));
        assert!(read("html-tag\tartefacts\ta\tb\tc\td\te\n").is_err());
    }
}
