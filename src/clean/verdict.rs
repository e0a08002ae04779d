//! One document: what its fixes leave of it, and whether that is clean, a case for a person, or hopeless.

use crate::check::{self, Others};
use crate::document::Document;
use crate::finding::{RuleId, Severity};
use crate::fix::{self, Choice, Mended};
use crate::ledger::{self, Entry};
use crate::rule::RuleSet;
use crate::triage::{Checked, Reported, Triage};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Documents with a finding of these rules are hopeless: there is no article in them.
const HOPELESS: [&str; 2] = ["blocked-page", "empty-body"];

/// The reason for which a document in another language than those wanted is rejected.
const LANGUAGE: &str = "wrong-language";

/// What becomes of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing is left to mend.
    Clean,
    /// Something is left that only a person can mend.
    Review,
    /// It is no article, or not one that is wanted; nothing in it was changed.
    Rejected,
}

impl Verdict {
    pub const ALL: [Self; 3] = [Self::Clean, Self::Review, Self::Rejected];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Review => "review",
            Self::Rejected => "rejected",
        }
    }
}

/// Why a document is not clean: a finding, at its place in the document as it is handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub rule: String,
    pub message: String,
    /// Counted from 1, the column in characters.
    pub line: usize,
    pub column: usize,
}

/// What is wanted of a clean document.
#[derive(Clone, Debug)]
pub struct Policy {
    pub fixes: Choice,
    /// Findings of this gravity that are left after the fixes ask for a person; `None`: none do.
    pub review: Option<Severity>,
    /// Findings of these rules that are left after the fixes reject the document.
    pub reject: HashSet<RuleId>,
    /// Documents in other languages (ISO 639-1) are rejected; empty: any will do. What cannot be told is not held against them.
    pub languages: Vec<String>,
}

impl Policy {
    /// Safe fixes; errors that are left go to a person; refused pages and empty documents are rejected.
    pub fn new(rules: &RuleSet) -> Self {
        let mut policy = Self { fixes: Choice::Safe, review: Some(Severity::Error), reject: HashSet::new(), languages: Vec::new() };
        for rule in HOPELESS {
            policy.reject(rules, rule);
        }
        policy
    }

    /// Also rejects documents with a finding of this rule, or of a rule of this group.
    pub fn reject(&mut self, rules: &RuleSet, name: &str) {
        let named = rules.rules.iter().filter(|rule| *rule.id == *name || rule.group == name);
        self.reject.extend(named.map(|rule| rule.id.clone()));
    }
}

/// Cleans documents, one at a time and on any thread.
#[derive(Clone, Copy, Debug)]
pub struct Cleaner<'r> {
    pub rules: &'r RuleSet,
    pub triage: &'r Triage,
    /// What is known of other documents.
    pub others: Others<'r>,
    pub policy: &'r Policy,
}

/// A document with its verdict.
#[derive(Debug)]
pub struct Cleaned {
    /// The document before and after its fixes.
    pub mended: Mended,
    pub verdict: Verdict,
    /// Why it is not clean, in the order of the text.
    pub reasons: Vec<Reason>,
}

impl Cleaner<'_> {
    pub fn clean(&self, document: Document) -> Cleaned {
        self.judged(fix::mend(self.check(document), self.policy.fixes, |document| self.check(document)))
    }

    /// The same to be written to the disk: of a long document, what it was is not held beside what it is.
    pub(super) fn clean_and_let_go(&self, document: Document) -> Cleaned {
        self.judged(fix::mend_and_let_go(self.check(document), self.policy.fixes, |document| self.check(document)))
    }

    fn judged(&self, mended: Mended) -> Cleaned {
        let (verdict, reasons) = self.judge(mended.last());
        Cleaned { mended, verdict, reasons }
    }

    fn check(&self, document: Document) -> Checked {
        let findings = check::document_beside(&document, self.rules, self.others);
        let path = document.origin.path.clone();
        fix::tenable(self.triage.sort(document, findings, |rule| self.rules.judge(rule, &path)))
    }

    fn judge(&self, checked: &Checked) -> (Verdict, Vec<Reason>) {
        let policy = self.policy;
        let reasons = |wanted: &dyn Fn(&Reported) -> bool| -> Vec<Reason> {
            checked.findings.iter().filter(|reported| wanted(reported)).map(|reported| reason(&checked.document, reported)).collect()
        };
        let mut hopeless = reasons(&|reported| policy.reject.contains(&reported.finding.rule));
        let language = checked.document.language().filter(|_| !policy.languages.is_empty());
        if let Some(language) = language.filter(|language| !policy.languages.iter().any(|wanted| wanted == language.code)) {
            let message = format!("the document is in {}", language.code);
            hopeless.push(Reason { rule: LANGUAGE.into(), message, line: 1, column: 1 });
        }
        if !hopeless.is_empty() {
            return (Verdict::Rejected, hopeless);
        }
        let open = reasons(&|reported| policy.review.is_some_and(|least| reported.finding.severity >= least));
        (if open.is_empty() { Verdict::Clean } else { Verdict::Review }, open)
    }
}

fn reason(document: &Document, reported: &Reported) -> Reason {
    let place = document.source_position(document.to_source(reported.finding.span).start);
    let finding = &reported.finding;
    Reason { rule: finding.rule.to_string(), message: finding.message(), line: place.line, column: place.column }
}

impl Cleaned {
    /// Takes all edits back, and leaves the document to a person.
    pub(super) fn give_up(&mut self, reason: Reason) {
        self.mended.take_back();
        self.reasons.insert(0, reason);
        self.verdict = self.verdict.max(Verdict::Review);
    }

    /// The document as it is to be handed on; one that is rejected stays as it was found.
    pub fn checked(&self) -> &Checked {
        if self.verdict == Verdict::Rejected { &self.mended.before } else { self.mended.last() }
    }

    /// How many findings were mended.
    pub fn fixes(&self) -> usize {
        if self.verdict == Verdict::Rejected { 0 } else { self.mended.fixes }
    }

    /// Its text, with its markup where it has some.
    pub fn text(&self) -> &str {
        self.checked().document.source()
    }

    /// Its edits for the ledger, as of a text that stands alone: the hashes are those of the whole text.
    pub fn entries(&self) -> Vec<Entry> {
        if self.verdict == Verdict::Rejected {
            return Vec::new();
        }
        let document = &self.mended.before.document;
        let (before, after) = (ledger::hash(document.source().as_bytes()), ledger::hash(self.text().as_bytes()));
        self.mended.applied.iter().map(|applied| fix::entry(document, applied, None, &before, &after)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{Settings, load};

    fn cleaned(text: &str, adapt: impl Fn(&RuleSet, &mut Policy)) -> Cleaned {
        let rules = RuleSet::load(load::built_in(), &Settings::default()).unwrap();
        let mut policy = Policy::new(&rules);
        adapt(&rules, &mut policy);
        let triage = Triage::default();
        Cleaner { rules: &rules, triage: &triage, others: Others::default(), policy: &policy }.clean(Document::from_text(text))
    }

    const STORY: &str = "The council met on Monday to hear why the wall has not been raised, and voted to raise it by a metre.\n";

    #[test]
    fn what_a_fix_mends_is_clean_and_in_the_ledger() {
        let found = cleaned(&STORY.replace("the wall", "the the wall"), |_, _| {});
        assert_eq!((found.verdict, found.text(), found.reasons.len()), (Verdict::Clean, STORY, 0));
        let entries = found.entries();
        assert_eq!(entries.len(), 1);
        assert_eq!((entries[0].rule.as_str(), entries[0].after.as_str()), ("doubled-word", ledger::hash(STORY.as_bytes()).as_str()));
    }

    #[test]
    fn what_only_a_person_can_mend_goes_to_one() {
        let text = format!("{STORY}The vote was held on 31 February 2024, the clerk said.\n");
        let found = cleaned(&text, |_, _| {});
        assert_eq!((found.verdict, found.reasons[0].rule.as_str(), found.reasons[0].line), (Verdict::Review, "impossible-date", 2));
        assert_eq!(cleaned(&text, |_, policy| policy.review = None).verdict, Verdict::Clean);
    }

    #[test]
    fn what_is_no_article_is_rejected_as_it_is() {
        let text = "404 Not Found\n\nThe the page is gone.\n";
        let found = cleaned(text, |_, _| {});
        assert_eq!((found.verdict, found.text(), found.entries().len()), (Verdict::Rejected, text, 0));
        assert_eq!(found.reasons[0].rule, "blocked-page");
    }

    #[test]
    fn other_languages_and_other_rules_reject_where_it_is_said() {
        let german =
            "Der Rat hat am Montag beschlossen, dass die Mauer um einen Meter erhöht wird, und die Arbeit soll im Frühjahr beginnen.\n";
        assert_eq!(cleaned(german, |_, _| {}).verdict, Verdict::Clean);
        let found = cleaned(german, |_, policy| policy.languages = vec!["en".into()]);
        assert_eq!((found.verdict, found.reasons[0].message.as_str()), (Verdict::Rejected, "the document is in de"));
        let dated = format!("{STORY}The vote was held on 31 February 2024, the clerk said.\n");
        assert_eq!(cleaned(&dated, |rules, policy| policy.reject(rules, "consistency")).verdict, Verdict::Rejected);
    }
}
