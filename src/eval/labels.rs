//! One labelled document: what should be found in it, and what of it is scored.

use crate::document::Format;
use crate::text::Span;
use serde::Deserialize;

/// The fields of a record that `eval` reads beside its text; everything else is passed over.
#[derive(Debug, Deserialize)]
pub(super) struct Labelled {
    /// Must be there: a document without labels says `[]`, and whatever is found in it is false.
    pub findings: Vec<Label>,
    /// Only findings of these rules or groups are scored; all where it is absent.
    pub rules: Option<Vec<String>>,
    /// What the text is, where it is no plain text: a web page with its markup.
    pub format: Option<Format>,
    /// What sort of fault was put in, for a count of its own.
    pub kind: Option<String>,
}

/// A place where something should be found, may be found, or is not looked at.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Label {
    /// A rule id, a group, or `any`.
    pub rule: String,
    /// In bytes of the document's text.
    pub start: usize,
    pub end: usize,
    #[serde(rename = "match", default)]
    pub hit_by: HitBy,
    /// Where false, finding it is right, but it is neither hit nor missed.
    #[serde(default = "yes")]
    pub required: bool,
}

/// How much of a label a finding must cover to hit it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum HitBy {
    /// At least half of the longer of the two.
    #[default]
    Half,
    /// One byte.
    Touch,
    /// Findings that touch it are not scored.
    Ignore,
}

const fn yes() -> bool {
    true
}

impl Labelled {
    /// Reads the labels of a record with this text.
    ///
    /// # Errors
    /// What is wrong with them, in a few words.
    pub fn parse(json: &[u8], text: &str) -> Result<Self, String> {
        let labelled: Self = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        for label in &labelled.findings {
            let place = format!("the label of `{}` at {}..{}", label.rule, label.start, label.end);
            if label.start >= label.end {
                return Err(format!("{place} is empty"));
            }
            if text.get(label.start..label.end).is_none() {
                return Err(format!("{place} is not on characters of the text ({} bytes)", text.len()));
            }
        }
        Ok(labelled)
    }

    /// Whether findings of this rule are scored in this document.
    pub fn scores(&self, id: &str, group: &str) -> bool {
        self.rules.as_ref().is_none_or(|rules| rules.iter().any(|name| names(name, id, group)))
    }
}

impl Label {
    pub const fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }

    pub fn names(&self, id: &str, group: &str) -> bool {
        names(&self.rule, id, group)
    }

    /// Whether it counts in recall.
    pub fn counts(&self) -> bool {
        self.required && self.hit_by != HitBy::Ignore
    }

    pub fn is_hit_by(&self, found: Span) -> bool {
        let common = self.end.min(found.end).saturating_sub(self.start.max(found.start));
        match self.hit_by {
            HitBy::Half => common > 0 && common * 2 >= self.span().len().max(found.len()),
            HitBy::Touch => common > 0,
            HitBy::Ignore => false,
        }
    }
}

/// Whether `name` (a rule id, a group or `any`) speaks of this rule.
pub(super) fn names(name: &str, id: &str, group: &str) -> bool {
    name == id || name == group || name == "any"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_must_lie_on_the_text() {
        let parse = |findings: &str| Labelled::parse(format!("{{\"findings\":{findings}}}").as_bytes(), "één");
        assert!(parse("[]").is_ok());
        assert!(parse(r#"[{"rule":"any","start":0,"end":2}]"#).is_ok());
        assert!(parse(r#"[{"rule":"any","start":1,"end":2}]"#).unwrap_err().contains("not on characters"));
        assert!(parse(r#"[{"rule":"any","start":0,"end":9}]"#).unwrap_err().contains("not on characters"));
        assert!(parse(r#"[{"rule":"any","start":2,"end":2}]"#).unwrap_err().contains("is empty"));
        assert!(parse(r#"[{"rule":"any","start":0,"end":2,"match":"most"}]"#).unwrap_err().contains("unknown variant `most`"));
        assert!(Labelled::parse(b"{}", "a").unwrap_err().contains("missing field `findings`"));
    }
}
