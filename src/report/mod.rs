//! How findings are shown: one reporter for each format, fed document by document, so that a run may be of any length.

mod concise;
mod crop;
mod diff;
mod excerpt;
#[cfg(test)]
mod fixture;
mod github;
mod gitlab;
mod handler;
mod html;
mod json;
mod junit;
mod markup;
mod place;
mod pretty;
mod sarif;
mod statistics;
mod summary;
mod visible;

pub use diff::diff;
pub use handler::{Look, Renderer};
pub use place::{Place, RelatedPlace, related};
pub use statistics::Statistics;
pub use visible::safe_name;

use crate::finding::{RuleId, Severity};
use crate::triage::{Checked, Summary};
use std::io::{self, Write};
use std::str::FromStr;

/// Turns checked documents into bytes. The documents come in the order of the inputs.
pub trait Reporter {
    fn begin(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn document(&mut self, checked: &Checked, out: &mut dyn Write) -> io::Result<()>;

    fn finish(&mut self, _summary: &Summary, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// What reporters need to know of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleInfo {
    pub id: RuleId,
    pub group: String,
    pub severity: Severity,
    pub summary: String,
    pub why: String,
    pub help: Option<String>,
}

/// The formats of `copydesk check`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// Each finding with its excerpt, for people.
    #[default]
    Pretty,
    /// One line for each finding, for people and editors.
    Concise,
    /// One JSON object a line for each finding.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations in a GitHub workflow.
    Github,
    /// GitLab's Code Quality report.
    Gitlab,
    /// JUnit XML, for CI servers.
    Junit,
    /// One page to read: articles with their findings in place.
    Html,
}

impl Format {
    pub const ALL: [Self; 8] = [Self::Pretty, Self::Concise, Self::Json, Self::Sarif, Self::Github, Self::Gitlab, Self::Junit, Self::Html];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Pretty => "pretty",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Junit => "junit",
            Self::Html => "html",
        }
    }

    /// Whether the format is read by machines: then the summary of the run goes elsewhere.
    pub const fn is_for_machines(self) -> bool {
        !matches!(self, Self::Pretty)
    }

    /// The reporter of the format. `rules` are those of the run, in the order of their ids; `baseline` says whether findings
    /// are compared with earlier ones.
    pub fn reporter(self, look: Look, rules: &[RuleInfo], baseline: bool) -> Box<dyn Reporter + Send> {
        match self {
            Self::Pretty => Box::new(pretty::Pretty::new(look)),
            Self::Concise => Box::new(concise::Concise::new(look)),
            Self::Json => Box::new(json::Json),
            Self::Sarif => Box::new(sarif::Sarif::new(rules, baseline)),
            Self::Github => Box::new(github::Github),
            Self::Gitlab => Box::new(gitlab::Gitlab::new()),
            Self::Junit => Box::new(junit::Junit),
            Self::Html => Box::new(html::Html::new(rules)),
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = || Self::ALL.map(Self::name).join(", ");
        Self::ALL.into_iter().find(|format| format.name() == name).ok_or_else(|| format!("no format `{name}`; there are {}", known()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_found_by_their_names() {
        for format in Format::ALL {
            assert_eq!(format.name().parse(), Ok(format));
        }
        assert!("xml".parse::<Format>().unwrap_err().contains("concise"));
    }
}
