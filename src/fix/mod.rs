//! Fixes: rounds of edits that do not overlap, until nothing is left to mend; then the files are written, whole or not at all.

mod bytes;
mod edit;
mod json_string;
mod markdown;
mod replace;
mod restore;
mod write;

pub use edit::source_edits;
pub use restore::{Restored, restore, undone_file, undone_record};
pub use write::{WriteCause, WriteError, Writer, edited_file, edited_record, entry};

use crate::document::{Document, Format};
use crate::finding::RuleId;
use crate::text::Span;
use crate::triage::Checked;
use std::collections::{BTreeSet, HashMap, HashSet};
use xxhash_rust::xxh3::xxh3_64;

/// A fix may bring out what another fix can mend, but not for ever.
pub const MAX_ROUNDS: usize = 10;

/// Which fixes may be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    Safe,
    /// Also those that a person should look at.
    All,
}

/// One stretch of a document's source that was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    pub rule: RuleId,
    /// Counted from 1.
    pub round: usize,
    /// Of the source as the round found it. Edits of a round are in order and do not overlap.
    pub span: Span,
    pub removed: String,
    pub inserted: String,
}

/// A document before and after its fixes.
#[derive(Debug)]
pub struct Mended {
    pub before: Checked,
    /// `None` where nothing was fixed.
    pub after: Option<Checked>,
    /// In the order in which they were applied.
    pub applied: Vec<Applied>,
    /// How many findings were fixed.
    pub fixes: usize,
    /// Rules whose fix did not mend what it found, so that it was taken back.
    pub barred: Vec<RuleId>,
}

impl Mended {
    /// A document that no fix was tried on.
    pub const fn untouched(before: Checked) -> Self {
        Self { before, after: None, applied: Vec::new(), fixes: 0, barred: Vec::new() }
    }

    /// What is to be reported: the document as it is after its fixes.
    pub fn last(&self) -> &Checked {
        self.after.as_ref().unwrap_or(&self.before)
    }
}

/// Applies the fixes of a document's findings; `check` tells what is found in the text that they leave.
///
/// A damaged document is left alone, since it cannot be written back.
pub fn mend(before: Checked, choice: Choice, check: impl Fn(Document) -> Checked) -> Mended {
    let mut mended = Mended::untouched(before);
    if mended.before.document.origin.damaged {
        return mended;
    }
    let mut seen = HashSet::from([xxh3_64(mended.before.document.source().as_bytes())]);
    let mut round = 1;
    // Rules that seemed to mend nothing while others changed the text too: they are tried once more, alone.
    let mut deferred: Vec<RuleId> = Vec::new();
    while round <= MAX_ROUNDS {
        let now = mended.last();
        let mut plan = edit::plan(now, choice, |rule| !mended.barred.contains(rule) && !deferred.contains(rule));
        let mut alone = false;
        if plan.is_empty() {
            let Some(rule) = deferred.pop() else { break };
            plan = edit::plan(now, choice, |other| *other == rule);
            alone = true;
            if plan.is_empty() {
                continue;
            }
        }
        let source = now.document.source();
        let document = edit::edited(&now.document, &plan);
        let hash = xxh3_64(document.source().as_bytes());
        let after = check(document);
        let mut stuck = stuck(now, &after, &plan, choice);
        if !edit::says(&now.document, &after.document, &plan) {
            stuck = plan.iter().map(|fix| fix.rule.clone()).collect();
        }
        if seen.contains(&hash) {
            // Rules that undo one another's work: neither is right.
            stuck = plan.iter().map(|fix| fix.rule.clone()).collect();
        }
        if !stuck.is_empty() {
            let list = if alone { &mut mended.barred } else { &mut deferred };
            list.extend(stuck);
            list.sort();
            list.dedup();
            continue;
        }
        // Not before it is kept: another rule may come to the same text, and be right.
        seen.insert(hash);
        let changes: Vec<Applied> = plan
            .iter()
            .flat_map(|fix| fix.edits.iter().map(move |edit| (fix, edit)))
            .map(|(fix, edit)| Applied {
                rule: fix.rule.clone(),
                round,
                span: edit.span,
                removed: edit.span.of(source).to_string(),
                inserted: edit.text.clone(),
            })
            .collect();
        mended.fixes += plan.len();
        mended.applied.extend(changes);
        mended.applied.sort_by_key(|applied| (applied.round, applied.span));
        mended.after = Some(after);
        round += 1;
    }
    // What was tried in vain is claimed no more.
    let Mended { before, after, barred, .. } = &mut mended;
    for reported in &mut after.as_mut().unwrap_or(before).findings {
        if barred.contains(&reported.finding.rule) {
            reported.finding.unfix();
        }
    }
    mended
}

/// Takes back the fixes of a Markdown document after which it would be read otherwise than they say: [`mend`] would not apply them, so that
/// no report should claim them.
pub fn tenable(mut checked: Checked) -> Checked {
    let untenable = |wanted: &dyn Fn(&RuleId) -> bool| {
        let plan = edit::plan(&checked, Choice::All, wanted);
        !plan.is_empty() && !edit::says(&checked.document, &edit::edited(&checked.document, &plan), &plan)
    };
    if checked.document.format != Format::Markdown || !untenable(&|_| true) {
        return checked;
    }
    let rules: BTreeSet<RuleId> = edit::fixable(&checked, Choice::All).map(|finding| finding.rule.clone()).collect();
    let untenable: Vec<RuleId> = rules.into_iter().filter(|rule| untenable(&|other| other == rule)).collect();
    for reported in checked.findings.iter_mut().filter(|reported| untenable.contains(&reported.finding.rule)) {
        reported.finding.unfix();
    }
    checked
}

/// The rules that find as much as before where their own fix has put something: the fix does not mend what it claims to. What only
/// takes out is nearer to the end each time, whatever it brings out.
fn stuck(before: &Checked, after: &Checked, plan: &[edit::Planned], choice: Choice) -> Vec<RuleId> {
    let count = |checked: &Checked| {
        let mut counts: HashMap<RuleId, usize> = HashMap::new();
        for finding in edit::fixable(checked, choice) {
            *counts.entry(finding.rule.clone()).or_default() += 1;
        }
        counts
    };
    let (had, has) = (count(before), count(after));
    let puts = |planned: &&edit::Planned| planned.edits.iter().any(|edit| !edit.text.is_empty());
    let changing: HashSet<&RuleId> = plan.iter().filter(puts).map(|planned| &planned.rule).collect();
    let places = edit::places_after(plan);
    let mut stuck = Vec::new();
    for finding in edit::fixable(after, choice) {
        let is_less = has.get(&finding.rule) < had.get(&finding.rule);
        if is_less || !changing.contains(&finding.rule) || stuck.contains(&finding.rule) {
            continue;
        }
        let at = after.document.to_source(finding.span);
        // Places are in order and do not overlap; those that touch count too.
        let first = places.partition_point(|(place, _)| place.end < at.start);
        let mut touching = places[first..].iter().take_while(|(place, _)| place.start <= at.end);
        if touching.any(|(_, rule)| **rule == finding.rule) {
            stuck.push(finding.rule.clone());
        }
    }
    stuck
}

#[cfg(test)]
mod tests;
