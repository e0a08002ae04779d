//! What a rule says of its findings: texts with placeholders, which the facts of each finding fill.

use super::{Fact, Facts};

/// The message of a rule's findings, and what to do about them.
#[derive(Clone, Debug, PartialEq)]
pub struct Voice {
    pub message: Template,
    pub help: Option<Template>,
}

/// A text whose placeholders stand for facts: `{found} should be {expected}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Template(pub Vec<Part>);

#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Text(String),
    /// The name of a fact.
    Placeholder(String),
}

/// A word taken over from the document is cut after this many characters.
const MAX_FACT: usize = 80;

impl Template {
    /// A text without placeholders.
    pub fn plain(text: impl Into<String>) -> Self {
        Self(vec![Part::Text(text.into())])
    }

    pub fn fill(&self, facts: &Facts) -> String {
        let mut out = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Placeholder(name) => {
                    if let Some((_, fact)) = facts.iter().find(|(known, _)| known == name) {
                        out.push_str(&short(fact));
                    }
                }
            }
        }
        out
    }
}

/// A fact on one line, cut where it is long.
fn short(fact: &Fact) -> String {
    let text = fact.to_string();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(MAX_FACT) {
        Some((at, _)) if !matches!(fact, Fact::List(_)) => format!("{}…", text[..at].trim_end()),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_facts_are_cut_and_line_breaks_folded() {
        let template = Template(vec![Part::Placeholder("match".into())]);
        let filled = template.fill(&vec![("match".into(), Fact::Text(format!("a\nb {}", "x".repeat(200))))]);
        assert_eq!(filled.chars().count(), MAX_FACT + 1);
        assert!(filled.starts_with("a b x"));
    }
}
