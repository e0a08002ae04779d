//! The last line of a run: `7 findings (3 errors, 4 warnings) in 2 of 40 files`.

use crate::triage::Summary;
use std::fmt;

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.findings() {
            0 => write!(f, "no findings in {}", self.documents_in_words())?,
            findings => {
                let kinds = [(self.errors, "error"), (self.warnings, "warning"), (self.infos, "info")];
                let kinds: Vec<String> = kinds.iter().filter(|kind| kind.0 > 0).map(|&(count, name)| counted(count, name)).collect();
                write!(
                    f,
                    "{} ({}) in {} of {}",
                    counted(findings, "finding"),
                    kinds.join(", "),
                    thousands(self.with_findings),
                    self.documents_in_words()
                )?;
            }
        }
        if self.fixed > 0 {
            write!(f, ", {} fixed", thousands(self.fixed))?;
        }
        if self.suppressed > 0 {
            write!(f, ", {} accepted", thousands(self.suppressed))?;
        }
        if self.baselined > 0 {
            write!(f, ", {} in the baseline", thousands(self.baselined))?;
        }
        if self.unread > 0 {
            write!(f, "; {} could not be read", counted(self.unread, "input"))?;
        }
        Ok(())
    }
}

impl Summary {
    fn documents_in_words(&self) -> String {
        let name = match self.records {
            0 => "file",
            records if records == self.documents => "record",
            _ => "document",
        };
        counted(self.documents, name)
    }
}

/// `1 error`, `2,300 errors`.
pub(super) fn counted(count: usize, name: &str) -> String {
    let plural = if count == 1 || name == "info" { "" } else { "s" };
    format!("{} {name}{plural}", thousands(count))
}

/// `1,234,567`
pub(super) fn thousands(count: usize) -> String {
    crate::text::thousands(count as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_says_what_happened() {
        let summary = Summary { documents: 40, with_findings: 2, errors: 3, warnings: 4, ..Summary::default() };
        assert_eq!(summary.to_string(), "7 findings (3 errors, 4 warnings) in 2 of 40 files");
        let summary =
            Summary { documents: 1_200, records: 1_200, with_findings: 1, infos: 1, baselined: 1_000, unread: 1, ..Summary::default() };
        assert_eq!(summary.to_string(), "1 finding (1 info) in 1 of 1,200 records, 1,000 in the baseline; 1 input could not be read");
        assert_eq!(Summary { documents: 1, ..Summary::default() }.to_string(), "no findings in 1 file");
    }
}
