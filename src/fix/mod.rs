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
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

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
    /// Without its text and its findings where they were let go (see [`mend_and_let_go`]).
    pub before: Checked,
    /// `None` where nothing was fixed.
    pub after: Option<Checked>,
    /// In the order in which they were applied.
    pub applied: Vec<Applied>,
    /// How many findings were fixed.
    pub fixes: usize,
    /// Rules whose fix did not mend what it found, so that it was taken back.
    pub barred: Vec<RuleId>,
    /// The hash of the source before the fixes, where that was let go.
    let_go: Option<u128>,
}

impl Mended {
    /// A document that no fix was tried on.
    pub const fn untouched(before: Checked) -> Self {
        Self { before, after: None, applied: Vec::new(), fixes: 0, barred: Vec::new(), let_go: None }
    }

    /// What is to be reported: the document as it is after its fixes.
    pub fn last(&self) -> &Checked {
        self.after.as_ref().unwrap_or(&self.before)
    }

    /// The source as it was before the fixes.
    pub fn original(&self) -> Cow<'_, str> {
        let rounds = self.applied.chunk_by(|a, b| a.round == b.round).rev();
        let undone = |source: Cow<'_, str>, round: &[Applied]| Cow::Owned(edit::undone(&source, round));
        match self.let_go {
            Some(_) => rounds.fold(Cow::Borrowed(self.last().document.source()), undone),
            None => Cow::Borrowed(self.before.document.source()),
        }
    }

    /// Whether this is the source as it was before the fixes.
    pub fn was(&self, source: &str) -> bool {
        self.let_go.map_or_else(|| source == &**self.before.document.source(), |hash| hash == xxh3_128(source.as_bytes()))
    }

    /// Bytes of the source before the fixes.
    pub fn original_len(&self) -> usize {
        let after = self.last().document.source().len();
        let removed: usize = self.applied.iter().map(|applied| applied.removed.len()).sum();
        let inserted: usize = self.applied.iter().map(|applied| applied.inserted.len()).sum();
        after + removed - inserted
    }

    /// Takes all fixes back. Findings that were let go stay so.
    pub fn take_back(&mut self) {
        if self.let_go.is_some() {
            self.before.document = edit::Bare::of(&self.before.document).with(self.original().into_owned());
            self.let_go = None;
        }
        self.after = None;
        self.applied.clear();
        self.fixes = 0;
    }
}

/// Applies the fixes of a document's findings; `check` tells what is found in the text that they leave.
///
/// A damaged document is left alone, since it cannot be written back.
pub fn mend(before: Checked, choice: Choice, check: impl Fn(Document) -> Checked) -> Mended {
    in_rounds(before, choice, check, false)
}

/// The same for whoever needs little of the document as it was: of a long plain text only one version is held, and
/// [`Mended::original`] makes the first of the last.
pub fn mend_and_let_go(before: Checked, choice: Choice, check: impl Fn(Document) -> Checked) -> Mended {
    in_rounds(before, choice, check, true)
}

fn in_rounds(before: Checked, choice: Choice, check: impl Fn(Document) -> Checked, lets_go: bool) -> Mended {
    let mut mended = Mended::untouched(before);
    if mended.before.document.origin.damaged {
        return mended;
    }
    let mut seen = HashSet::from([xxh3_64(mended.before.document.source().as_bytes())]);
    let mut round = 1;
    // Rules that seemed to mend nothing while others changed the text too: they are tried once more, alone.
    let mut deferred: Vec<RuleId> = Vec::new();
    while round <= MAX_ROUNDS {
        let now = mended.after.as_mut().unwrap_or(&mut mended.before);
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
        let source = Arc::clone(now.document.source());
        let mut changes: Vec<Applied> = plan
            .iter()
            .flat_map(|fix| fix.edits.iter().map(move |edit| (fix, edit)))
            .map(|(fix, edit)| Applied {
                rule: fix.rule.clone(),
                round,
                span: edit.span,
                removed: edit.span.of(&source).to_string(),
                inserted: edit.text.clone(),
            })
            .collect();
        changes.sort_by_key(|applied| applied.span);
        let bare = edit::Bare::of(&now.document);
        let lets_go = lets_go && now.document.format == Format::Text && now.document.words.is_long();
        if lets_go {
            now.document = bare.with(String::new());
        }
        let first = (lets_go && round == 1).then(|| xxh3_128(source.as_bytes()));
        let edited = edit::edited(&source, &plan);
        drop(source);
        let hash = xxh3_64(edited.as_bytes());
        let after = check(bare.with(edited));
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
            if lets_go {
                let source = edit::undone(after.document.source(), &changes);
                drop(after);
                now.document = bare.with(source);
            }
            continue;
        }
        // Not before it is kept: another rule may come to the same text, and be right.
        seen.insert(hash);
        mended.fixes += plan.len();
        mended.applied.extend(changes);
        if first.is_some() {
            mended.let_go = first;
            mended.before.findings = Vec::new();
        }
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
        !plan.is_empty()
            && !edit::says(
                &checked.document,
                &edit::Bare::of(&checked.document).with(edit::edited(checked.document.source(), &plan)),
                &plan,
            )
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
