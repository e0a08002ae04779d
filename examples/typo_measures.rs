//! Prints what the model of real words out of place looks at, for its training (`docs/training/typos`).
//!
//! Reads JSON lines with a `text` each. Writes a line with the names of the measures, then for each candidate for a known word that is
//! admitted a line: the number of its document, the start and end of the word in bytes, the candidate, its score so far, and the
//! measures, with spaces between.

use copydesk::detect::misspelling::{self, Feature};
use copydesk::document::Document;
use std::io::{self, BufRead, BufWriter, Write};

fn main() -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    let names: Vec<&str> = Feature::ALL.iter().map(|(_, name)| *name).collect();
    writeln!(out, "{}", names.join(" "))?;
    for (number, line) in io::stdin().lock().lines().enumerate() {
        let record: serde_json::Value = serde_json::from_str(&line?)?;
        let document = Document::from_text(record["text"].as_str().unwrap_or_default());
        for measured in misspelling::measures(&document) {
            write!(out, "{number} {} {} {} {}", measured.span.start, measured.span.end, measured.candidate, measured.score as f32)?;
            for value in measured.features.0 {
                write!(out, " {}", value as f32)?;
            }
            writeln!(out)?;
        }
    }
    out.flush()
}
