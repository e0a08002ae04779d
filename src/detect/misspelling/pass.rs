//! One pass over a document: every word that may be a typo, with its best candidates, scored.

use super::drift::Names;
use super::features::{Evidence, Features, Proposal};
use super::fit::Fit;
use super::memo::Memo;
use super::model::{Model, Regime};
use super::site::{Head, SHORTEST, Site};
use super::suspect::{Prospect, Spelling, Suspects, Suspicion};
use super::view::{Marks, View};
use crate::lexicon::forms::regular_inflection;
use crate::lexicon::{Candidate, Edit, Lexicon, Near, word_hash};
use crate::text::Span;
use std::collections::HashMap;

/// What one regime says of a word: its best candidate and why.
#[derive(Clone, Debug)]
pub struct Verdict {
    pub regime: Regime,
    pub token: usize,
    pub span: Span,
    /// Lower case, without `'s`.
    pub candidate: String,
    /// Which term of the document the candidate is.
    pub candidate_term: Option<u32>,
    /// The next best candidates, two at most, and how far behind they are.
    pub rivals: Vec<(String, f64)>,
    pub score: f64,
    pub features: Features,
}

/// A word that is wrong.
#[derive(Clone, Debug)]
pub struct Typo {
    pub verdict: Verdict,
    /// What should stand there, in the case of the word, with its `'s`.
    pub suggestion: String,
    /// Other candidates that are nearly as good, two at most.
    pub alternatives: Vec<String>,
    /// Where the document itself has what is meant: the candidate, with the same neighbour if it stands beside it anywhere.
    pub witness: Option<Span>,
}

/// Judges one document.
pub struct Pass<'a> {
    view: &'a View<'a>,
    lexicon: &'static Lexicon,
    model: &'a Model,
}

impl<'a> Pass<'a> {
    pub const fn new(view: &'a View<'a>, lexicon: &'static Lexicon, model: &'a Model) -> Self {
        Self { view, lexicon, model }
    }

    /// The words that are wrong, in order. With `slack`, also those whose score lies that far below the threshold.
    pub fn typos(&self, slack: f64) -> Vec<Typo> {
        let mut typos: Vec<Typo> = Vec::new();
        let above = |verdict: &Verdict| verdict.score - self.model.threshold(verdict.regime);
        self.survey_all(
            slack,
            |_, _, _, _| {},
            |site, verdict| {
                if above(&verdict) <= -slack {
                    return;
                }
                let suggestion = self.in_capitals(site, &verdict).unwrap_or_else(|| self.in_case(site, &verdict.candidate));
                let close = verdict.rivals.iter().filter(|(_, behind)| *behind < CLEAR_LEAD);
                let alternatives = close.map(|(word, _)| self.in_case(site, word)).collect();
                let typo = Typo { verdict, suggestion, alternatives, witness: None };
                match typos.last_mut().filter(|last| last.verdict.token == typo.verdict.token) {
                    Some(last) if above(&last.verdict) >= above(&typo.verdict) => {}
                    Some(last) => *last = typo,
                    None => typos.push(typo),
                }
            },
        );
        self.find_witnesses(&mut typos);
        typos
    }

    /// Looks for what is meant elsewhere in the document: one walk over the tokens for all typos.
    fn find_witnesses(&self, typos: &mut [Typo]) {
        let mut places: HashMap<u32, Vec<usize>> =
            typos.iter().filter_map(|typo| Some((typo.verdict.candidate_term?, Vec::new()))).collect();
        if places.is_empty() {
            return;
        }
        for (number, token) in self.view.tokens.iter().enumerate() {
            if let Some(places) = places.get_mut(&token.term)
                && places.len() < MOST_PLACES
            {
                places.push(number);
            }
        }
        for typo in typos {
            let at = typo.verdict.token;
            let Some(places) = typo.verdict.candidate_term.and_then(|term| places.get(&term)) else { continue };
            let neighbour = |token: usize| self.view.tokens.get(token).map(|token| token.term);
            let left = if self.view.space_before(at) { neighbour(at - 1) } else { None };
            let right = if self.view.space_before(at + 1) { neighbour(at + 1) } else { None };
            let after_same = |&&place: &&usize| left.is_some() && self.view.space_before(place) && neighbour(place - 1) == left;
            let before_same = |&&place: &&usize| right.is_some() && self.view.space_before(place + 1) && neighbour(place + 1) == right;
            let (from, to) = if let Some(&place) = places.iter().find(after_same) {
                (place - 1, place)
            } else if let Some(&place) = places.iter().find(before_same) {
                (place, place + 1)
            } else if let Some(&place) = places.first() {
                (place, place)
            } else {
                continue;
            };
            typo.witness = Some(Span::new(self.view.tokens[from].start(), self.view.tokens[to].end()));
        }
    }

    /// Gives the verdict of each regime on each word it has a candidate for, whatever the score.
    #[cfg(test)]
    pub fn survey(&self, give: impl FnMut(&Site, Verdict)) {
        self.survey_all(f64::INFINITY, |_, _, _, _| {}, give);
    }

    /// The same, without most of those that lie more than `slack` under the threshold; gives every candidate that was admitted too, as weights
    /// are fitted on them.
    pub fn survey_all(
        &self,
        slack: f64,
        mut measured: impl FnMut(&Site, Regime, &Proposal, &Features),
        mut give: impl FnMut(&Site, Verdict),
    ) {
        let free_counts = self.model.free_counts;
        let view = self.view;
        let evidence = Evidence { lexicon: self.lexicon, view, free_counts };
        let names = Names::new(view);
        let suspects = Suspects { view, lexicon: self.lexicon, names: &names, free_counts };
        let of_terms = suspects.of_terms();
        let (mut found, mut of_possessive) = (Vec::new(), Vec::new());
        for token in 0..view.tokens.len() {
            let at = view.tokens[token];
            let apostrophe = at.marks.any(Marks::APOSTROPHE);
            if !apostrophe && of_terms.suspicion(at.term).is_none() {
                continue;
            }
            let Some(head) = Head::new(view, self.lexicon, token) else { continue };
            let (suspicion, prospects) = if head.possessive {
                let word = Head::letters(view, token);
                let suspicion = Suspicion::of(word, head.hash, head.known, self.lexicon);
                let spelling = Spelling { word, known: head.known, suspicion, count: head.count, capital: head.capital, recurs: false };
                of_possessive.clear();
                (suspects.of(&spelling, &mut of_possessive), &*of_possessive)
            } else {
                (of_terms.suspicion(at.term), of_terms.prospects(at.term))
            };
            if suspicion.is_none() || (head.name_only && !free_counts) {
                continue;
            }
            // Rare words and surnames hide misspellings that everybody knows.
            let known = !suspicion.any(Suspicion::UNKNOWN) && (head.capital || !suspicion.any(Suspicion::LISTED));
            found.clear();
            let mut site = None;
            if head.name_only {
            } else if known {
                self.known_candidates(&evidence, &head, suspicion, prospects, &mut found);
            } else {
                // To search for candidates takes longer than to look around.
                site = Site::new(view, self.lexicon, &head, known);
                let Some(site) = &site else { continue };
                self.unknown_candidates(site, &mut found);
            }
            let drifted =
                if head.capital && suspicion.any(Suspicion::NAME) { names.near(&head.word(view), free_counts) } else { Vec::new() };
            if found.is_empty() && drifted.is_empty() {
                continue;
            }
            let Some(mut site) = site.or_else(|| Site::new(view, self.lexicon, &head, known)) else { continue };
            site.look_up(&evidence);
            let regime = if site.known { Regime::KnownWord } else { Regime::UnknownWord };
            // Which candidate comes out first matters, however low, where a name may be the same; else a rival at most lies so far behind.
            let least = if drifted.is_empty() { self.model.threshold(regime) - slack - CLEAR_LEAD } else { f64::NEG_INFINITY };
            let proposals = found.iter().map(|one| Proposal { word: one.word, id: one.id, entry: one.entry, term: view.find_id(one.id) });
            let best = self.best(&evidence, regime, &site, proposals, least, &mut measured);
            let other = best.as_ref().map(|best| best.word.clone());
            if let Some(best) = best.filter(|best| self.by_score() || (best.admitted && best.rank > LEAST_RANK)) {
                give(&site, self.verdict(regime, &site, best));
            }
            let drifted = drifted.into_iter().filter(|name| other.as_deref() != Some(&name.word)).map(|name| {
                let known = self.lexicon.words.find(name.hash);
                Proposal { word: &name.word, id: known.id, entry: known.entry, term: name.term }
            });
            let least = self.model.threshold(Regime::Name) - slack - CLEAR_LEAD;
            if let Some(best) = self.best(&evidence, Regime::Name, &site, drifted, least, &mut measured).filter(|best| best.admitted) {
                give(&site, self.verdict(Regime::Name, &site, best));
            }
        }
    }

    /// Words of the lexicon that may be meant by a known word.
    fn known_candidates(
        &self,
        evidence: &Evidence,
        head: &Head,
        suspicion: Suspicion,
        prospects: &[Prospect],
        found: &mut Vec<Candidate<'static>>,
    ) {
        let words = &self.lexicon.words;
        let mut fit = Fit::new(evidence, head);
        let mut is_worth_a_look = |near: &Near, term: Option<u32>| {
            if self.model.free_counts { fit.is_worth_a_look(near, term) } else { fit.was_seen(near.id, term) }
        };
        if head.known.entry.near_is_listed() {
            let good = prospects.iter().filter(|prospect| is_worth_a_look(&prospect.near, prospect.term));
            found.extend(good.filter_map(|prospect| words.candidate_at(prospect.near.id)));
        } else {
            let less_likely = suspicion.any(Suspicion::LESS_LIKELY);
            let word = head.word(self.view);
            // Under another key than an unknown word, which is searched for further away too.
            Memo::with(self.lexicon, |memo| memo.candidates(!head.hash, found, |found| words.search_near(&word, found)));
            found.retain(|one| {
                let log = one.entry.web_log().unwrap_or(0.0);
                let form = regular_inflection(&word, one.word);
                let near = Near { id: one.id, edit: Edit::between(&word, one.word).0, form, log };
                let term = self.view.find_id(one.id);
                let asked = term.is_some() || (less_likely && !form) || !self.model.free_counts;
                asked && is_worth_a_look(&near, term)
            });
        }
    }

    /// Words of the lexicon that may be meant by an unknown word.
    fn unknown_candidates(&self, site: &Site, found: &mut Vec<Candidate<'static>>) {
        let words = &self.lexicon.words;
        let search = |found: &mut Vec<Candidate<'static>>| {
            if site.word.len() >= SHORTEST {
                words.search_near(&site.word, found);
            }
            if found.is_empty() && site.word.len() >= 7 {
                words.search_far(&site.word, found);
            }
            // What many write wrong may be further away.
            for word in self.lexicon.typos.corrections(site.hash) {
                let known = words.find(word_hash(word));
                if self.model.free_counts && !found.iter().any(|one| one.id == known.id) {
                    found.push(Candidate { word, id: known.id, entry: known.entry });
                }
            }
        };
        // Names that no list has come again and again.
        Memo::with(self.lexicon, |memo| memo.candidates(site.hash, found, search));
    }

    /// The candidate with the best score of those that are admitted, and have one of `least`, is judged; with the reference, the one that
    /// ranks first, admitted or not.
    const fn by_score(&self) -> bool {
        self.model.free_counts
    }

    fn best<'p>(
        &self,
        evidence: &Evidence,
        regime: Regime,
        site: &Site,
        proposals: impl Iterator<Item = Proposal<'p>>,
        least: f64,
        measured: &mut impl FnMut(&Site, Regime, &Proposal, &Features),
    ) -> Option<Best> {
        let mut best: Option<Best> = None;
        for proposal in proposals {
            let mut features = evidence.measure(site, proposal);
            if self.model.free_counts && regime == Regime::KnownWord {
                evidence.measure_language(site, proposal, &mut features);
            }
            let admitted = self.model.admits(regime, site, &proposal, &features);
            if admitted {
                measured(site, regime, &proposal, &features);
            }
            if self.by_score() && !admitted {
                continue;
            }
            let rank = if self.by_score() { self.model.score_from(regime, &features, least) } else { Some(self.model.rank(&features)) };
            let Some(rank) = rank else { continue };
            match &mut best {
                Some(best) if best.rank >= rank => best.add_rival(proposal.word, rank),
                _ => {
                    let mut next =
                        Best { rank, admitted, word: proposal.word.to_owned(), term: proposal.term, features, rivals: Vec::new() };
                    if let Some(best) = best.take() {
                        next.rivals = best.rivals;
                        next.add_rival(&best.word, best.rank);
                    }
                    best = Some(next);
                }
            }
        }
        best
    }

    fn verdict(&self, regime: Regime, site: &Site, best: Best) -> Verdict {
        let token = self.view.tokens[site.token];
        Verdict {
            regime,
            token: site.token,
            span: Span::new(token.start(), token.end()),
            score: if self.by_score() { best.rank } else { self.model.score(regime, &best.features) },
            rivals: best.rivals.into_iter().map(|(word, rank)| (word, best.rank - rank)).collect(),
            candidate: best.word,
            candidate_term: best.term,
            features: best.features,
        }
    }

    /// The name that is meant as the document writes it, where it has capitals inside: `MacAndrews`.
    fn in_capitals(&self, site: &Site, verdict: &Verdict) -> Option<String> {
        let first = self.view.terms[verdict.candidate_term? as usize].first as usize;
        let name = self.view.word(first);
        let mixed = self.view.tokens[first].marks.any(Marks::INNER_CAPITAL) && name.contains(char::is_lowercase);
        let ending = if site.possessive { &self.view.word(site.token)[site.word.len()..] } else { "" };
        (site.capital && mixed && name.len() == verdict.candidate.len()).then(|| format!("{name}{ending}"))
    }

    /// A candidate in the case of the word, with its `'s`.
    pub fn in_case(&self, site: &Site, candidate: &str) -> String {
        let word = self.view.word(site.token);
        let ending = if site.possessive { &word[site.word.len()..] } else { "" };
        let mut letters = candidate.chars();
        match letters.next() {
            Some(first) if site.capital => first.to_uppercase().chain(letters).collect::<String>() + ending,
            _ => format!("{candidate}{ending}"),
        }
    }
}

/// By how much the first suggestion must lead for the second not to be named.
const CLEAR_LEAD: f64 = 1.0;
/// How many places of a word are looked at for a witness.
const MOST_PLACES: usize = 1_000;
/// Candidates that rank lower are not worth a score.
const LEAST_RANK: f64 = -3.0;

struct Best {
    rank: f64,
    admitted: bool,
    word: String,
    term: Option<u32>,
    features: Features,
    /// The next best with their ranks, the better first.
    rivals: Vec<(String, f64)>,
}

/// Suggestions beside the first one that are worth a reader's time.
const MOST_RIVALS: usize = 2;

impl Best {
    fn add_rival(&mut self, word: &str, rank: f64) {
        let at = self.rivals.partition_point(|rival| rival.1 >= rank);
        if at < MOST_RIVALS {
            self.rivals.insert(at, (word.to_owned(), rank));
            self.rivals.truncate(MOST_RIVALS);
        }
    }
}
