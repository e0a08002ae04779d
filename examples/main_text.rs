//! Prints the main content of HTML pages, one JSON object a line: `cargo run --example main_text -- PAGE.html …`

use copydesk::input::{self, Options, Raw};
use std::io::Write;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let mut out = std::io::stdout().lock();
    for raw in input::read(paths, Options::default())? {
        let Some(document) = raw.and_then(Raw::into_document)? else { continue };
        let blocks = document.blocks.iter().map(|block| {
            serde_json::json!({"text": block.span.of(&document.text), "kind": block.kind.name(), "zone": block.zone.name(), "main": block.main})
        });
        let page = serde_json::json!({"path": document.origin.path, "blocks": blocks.collect::<Vec<_>>()});
        writeln!(out, "{page}")?;
    }
    Ok(())
}
