//! The built-in rules as they are read fastest: what their files say, in JSON.
//!
//! To read all the YAML takes longer than to check a small file. The table is written anew when a rule changes
//! (`UPDATE=1 cargo test`) and held current by a test; a text that it does not know is read as YAML. What is read from it
//! has no places, which only flaws need, and the rules in it have none.

use super::file::RuleFile;
use super::load::RuleSource;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::LazyLock;
use xxhash_rust::xxh3::xxh3_64;

/// Lines of the hash of a rule file in hexadecimal, a tab, and what the file says.
static BUILT_IN: LazyLock<HashMap<u64, &str>> = LazyLock::new(|| {
    let line = |line: &'static str| Some((u64::from_str_radix(line.get(..16)?, 16).ok()?, line.get(17..)?));
    include_str!("built_in.tsv").lines().filter_map(line).collect()
});

/// What a rule file says, if it is one of those in the table.
pub(super) fn read(text: &str) -> Option<RuleFile> {
    serde_json::from_str(BUILT_IN.get(&xxh3_64(text.as_bytes()))?).ok()
}

/// The table of these rules. One that reads otherwise as JSON, a number where a text is meant, is left out.
pub fn table(sources: &[RuleSource]) -> String {
    let line = |source: &RuleSource| {
        let json = crate::yaml::read::<Value>(&source.text).ok()?.to_string();
        serde_json::from_str::<RuleFile>(&json).ok()?;
        Some(format!("{:016x}\t{json}\n", xxh3_64(source.text.as_bytes())))
    };
    let mut lines: Vec<String> = sources.iter().filter_map(line).collect();
    lines.sort_unstable();
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::super::load::built_in;
    use super::*;

    /// Without the places, which the table leaves out.
    fn shown(file: &RuleFile) -> String {
        regex::Regex::new(r"Span \{[^}]*\}").unwrap().replace_all(&format!("{file:?}"), "").into_owned()
    }

    #[test]
    fn the_table_says_what_the_files_say() {
        let sources = built_in();
        assert!(BUILT_IN.len() * 10 >= sources.len() * 9, "most rules can be read as JSON");
        for source in &sources {
            let Some(known) = read(&source.text) else { continue };
            let file: RuleFile = crate::yaml::read(&source.text).unwrap();
            assert_eq!(shown(&known), shown(&file), "{}", source.path);
        }
    }
}
