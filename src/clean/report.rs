//! The report of a run: a table for people, the same as JSON for scripts.

use super::Verdict;
use super::output::Folder;
use super::run::Unread;
use super::tally::{Edits, Tally};
use crate::text::thousands;
use serde_json::{Value, json};
use std::fs;
use std::io;

pub(super) const JSON: &str = "report.json";
const TEXT: &str = "report.txt";
/// Rows of the table by site.
const SITES: usize = 20;

/// Writes both; that they are there says that the run is done.
pub(super) fn write(folder: &Folder, tally: &Tally, unread: &Unread) -> io::Result<()> {
    let mut json = serde_json::to_vec_pretty(&json(tally, unread))?;
    json.push(b'\n');
    for (name, bytes) in [(TEXT, text(tally, unread).into_bytes()), (JSON, json)] {
        let new = folder.join(&format!("{name}.new"));
        fs::write(&new, bytes)?;
        fs::rename(new, folder.join(name))?;
    }
    Ok(())
}

fn json(tally: &Tally, unread: &Unread) -> Value {
    let total = tally.total();
    let rules: Vec<Value> = tally.rules().into_iter().map(|(rule, edits)| with("rule", &rule, &edits)).collect();
    let sites: Vec<Value> = sites(tally)
        .into_iter()
        .map(|(site, edits)| {
            let mut row = with("site", &site, &edits);
            row["rules"] = json!(tally.edits.get(&site));
            row
        })
        .collect();
    json!({
        "documents": total.documents,
        "edited": total.edited,
        "bytes": total.bytes,
        "written": total.written,
        "verdicts": tally.verdicts,
        "reasons": tally.reasons,
        "rules": rules,
        "sites": sites,
        "unread": { "count": unread.count, "named": unread.named },
    })
}

fn with(key: &str, name: &str, edits: &Edits) -> Value {
    let Edits { edits, documents, removed, inserted } = edits;
    json!({ key: name, "edits": edits, "documents": documents, "removed": removed, "inserted": inserted })
}

/// Edits by site, the one with most bytes taken out first. A document that several rules edited counts for each.
fn sites(tally: &Tally) -> Vec<(String, Edits)> {
    let sum = |rules: &std::collections::BTreeMap<String, Edits>| {
        rules.values().fold(Edits::default(), |mut sum, &edits| {
            sum += edits;
            sum
        })
    };
    let mut sites: Vec<(String, Edits)> = tally.edits.iter().map(|(site, rules)| (site.clone(), sum(rules))).collect();
    sites.sort_by(|a, b| (b.1.removed, b.1.edits).cmp(&(a.1.removed, a.1.edits)).then_with(|| a.0.cmp(&b.0)));
    sites
}

/// The report as people read it.
pub fn text(tally: &Tally, unread: &Unread) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        out.push_str(text.trim_end());
        out.push('\n');
    };
    line(format!("{:>11}  {:>15}  {:>15}", "documents", "bytes found", "bytes written"));
    for verdict in Verdict::ALL {
        let of = tally.documents(verdict);
        let edited = if of.edited > 0 { format!(" ({} edited)", thousands(of.edited)) } else { String::new() };
        line(format!(
            "{:>11}  {:>15}  {:>15}  {}{edited}",
            thousands(of.documents),
            thousands(of.bytes),
            thousands(of.written),
            verdict.name()
        ));
    }
    let row = |name: &str, edits: &Edits| {
        format!("{:>11}  {:>15}  {:>15}  {name}", thousands(edits.edits), thousands(edits.removed), thousands(edits.inserted))
    };
    let rules = tally.rules();
    if !rules.is_empty() {
        line(String::new());
        line(format!("{:>11}  {:>15}  {:>15}  rule", "edits", "bytes taken out", "bytes put in"));
        rules.iter().for_each(|(rule, edits)| line(row(rule, edits)));
        line(String::new());
        line(format!("{:>11}  {:>15}  {:>15}  site", "edits", "bytes taken out", "bytes put in"));
        let sites = sites(tally);
        sites.iter().take(SITES).for_each(|(site, edits)| line(row(&visible(site), edits)));
        if sites.len() > SITES {
            line(format!("{:>11}  sites more are in {JSON}", thousands((sites.len() - SITES) as u64)));
        }
    }
    if tally.reasons.values().any(|rules| !rules.is_empty()) {
        line(String::new());
        line(format!("{:>11}  why not clean", "documents"));
        for (verdict, rules) in &tally.reasons {
            let mut rules: Vec<(&String, &u64)> = rules.iter().collect();
            rules.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
            rules.into_iter().for_each(|(rule, documents)| line(format!("{:>11}  {verdict}: {rule}", thousands(*documents))));
        }
    }
    if unread.count > 0 {
        line(String::new());
        line(format!("{:>11}  could not be read:", thousands(unread.count as u64)));
        unread.named.iter().for_each(|said| line(format!("{:>11}  {}", "", visible(said))));
    }
    out
}

/// Without control characters, which could drive a terminal.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
