//! Prints what the stray-paragraph model looks at, for its training (`docs/training/stray`).
//!
//! Reads JSON lines with a `text` each. Its argument says for which model: `paragraphs`, `seams` or
//! `lexical`; a second one may name a file of such lines that is the run in which they stand, each text once. Writes a line with the names of the measures, then for each paragraph that would be
//! judged the number of its document, the start and end of its span in bytes, and the measures, all as little-endian `f32`.

use copydesk::detect::stray_paragraph::{self, Sample, Trained, lot, opening, terms};
use copydesk::detect::{Context, Gate};
use copydesk::document::Document;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};

fn main() -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    let what = match std::env::args().nth(1).as_deref() {
        Some("seams") => Trained::Seams,
        Some("lexical") => Trained::Lexical,
        _ => Trained::Paragraphs,
    };
    let mut run = Sample::default();
    if let Some(path) = std::env::args().nth(2) {
        for line in BufReader::new(File::open(path)?).lines() {
            let text = text(&line?)?;
            run.add(lot(&text), terms(opening(&text)));
        }
    }
    let (usage, gate) = (run.usage(), Gate::new(&[], |_| true));
    for (number, line) in io::stdin().lock().lines().enumerate() {
        let document = Document::from_text(&text(&line?)?);
        let (names, rows) = stray_paragraph::measures(&Context::new(&document, &gate).using(usage.as_ref()), what);
        if number == 0 {
            writeln!(out, "{}", names.join(" "))?;
        }
        for (block, row) in rows {
            let span = document.blocks[block].span;
            let place = [number as f32, span.start as f32, span.end as f32];
            for value in place.into_iter().chain(row) {
                out.write_all(&value.to_le_bytes())?;
            }
        }
    }
    out.flush()
}

fn text(line: &str) -> io::Result<String> {
    let record: serde_json::Value = serde_json::from_str(line)?;
    Ok(record["text"].as_str().unwrap_or_default().to_string())
}
