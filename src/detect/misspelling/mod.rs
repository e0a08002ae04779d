//! Kind `misspelling`: typos that no list knows. Unknown words with one likely correction, words that exist but not here,
//! and names that drift within a document. One scoring pass a document serves the rules of all three.

mod dictionary;
mod drift;
mod features;
mod fit;
mod language;
mod memo;
mod model;
mod pass;
mod rests;
mod site;
mod suspect;
mod view;

pub use drift::{Names, Recurring};
pub use features::{Feature, Features, Proposal};
pub use model::{Model, Regime};
pub use pass::{Pass, Typo, Verdict};
pub use site::Site;
pub use view::View;

use super::roll::{Drifts, RATIO};
use super::witness::Question;
use super::{Context, Match};
use crate::document::{Document, fold, hash_folded, hash_of};
use crate::finding::{Elsewhere, Fact, Label};
use crate::lexicon::{Lexica, Lexicon};
use crate::text::Span;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::HashSet;
use std::sync::Arc;

/// A word with a likelier one in its place: not in any dictionary, or out of place, or a name that the document spells
/// another way elsewhere. English documents, and those of a language that the config names a dictionary of.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {
    /// What is looked for: `unknown-word`, `known-word` or `name`.
    pub of: Regime,
    /// How far the score, a log-odds, must lie above the threshold that was fitted. Below 0 more is found, and more of it
    /// is wrong; below -2 there is nothing more.
    #[serde(default)]
    pub margin: f64,
    /// How far above that threshold it may lie at most: what is surer is left to another rule.
    pub up_to: Option<f64>,
    /// Spellings that stand side by side by right (`[Kiev, Kyiv]`): one is no typo for another.
    #[serde(default)]
    pub variants: Vec<Vec<String>>,
    /// More of them, beside those of the rule.
    #[serde(default)]
    pub also_variants: Vec<Vec<String>>,
    /// Words that are right, in all their inflections.
    #[serde(default)]
    pub words: Vec<String>,
}

/// A candidate for a known word, as the model sees it, for its training.
pub struct Measured {
    pub span: Span,
    /// In lower case, without `'s`.
    pub candidate: String,
    pub score: f64,
    pub features: Features,
}

/// Every candidate for a known word that is admitted.
pub fn measures(document: &Document) -> Vec<Measured> {
    let (model, mut all) = (Model::standard(), Vec::new());
    let view = View::new(document, Lexicon::english());
    let pass = Pass::new(&view, Lexicon::english(), model);
    let measured = |site: &Site, regime, proposal: &Proposal, features: &Features| {
        if regime == Regime::KnownWord {
            let token = view.tokens[site.token];
            let span = Span::new(token.start(), token.end());
            let (candidate, score) = (proposal.word.to_owned(), model.score(regime, features));
            all.push(Measured { span, candidate, score, features: features.clone() });
        }
    };
    pass.survey_all(f64::INFINITY, measured, |_, _| {});
    all
}

#[derive(Debug)]
pub struct Misspelling {
    regime: Regime,
    margin: f64,
    up_to: Option<f64>,
    /// Hashes of two spellings that are both right.
    variants: HashSet<(u64, u64)>,
    words: Words,
}

impl Misspelling {
    pub const PLACEHOLDERS: [&'static str; 7] = ["found", "expected", "why", "suggestions", "score", "threshold", "regime"];

    pub fn new(params: &Params) -> Self {
        let hash = |word: &String| hash_of(word);
        let mut variants = HashSet::new();
        for group in params.variants.iter().chain(&params.also_variants) {
            variants.extend(group.iter().flat_map(|one| group.iter().map(move |other| (hash(one), hash(other)))));
        }
        Self { regime: params.of, margin: params.margin, up_to: params.up_to, variants, words: Words::new(&params.words) }
    }

    pub fn detect(&self, cx: &Context<'_>) -> Vec<Match> {
        let document = cx.document;
        let threshold = Model::standard().threshold(self.regime) + self.margin;
        let most = self.up_to.map(|above| Model::standard().threshold(self.regime) + above);
        let is_ours = |score: f64| score > threshold && most.is_none_or(|most| score <= most);
        let ours = cx.typos().iter().filter(|typo| typo.verdict.regime == self.regime && is_ours(typo.verdict.score));
        let mut seen: Vec<Match> = ours.filter(|typo| !self.accepts(typo, cx)).map(|typo| self.seen(typo, document, threshold)).collect();
        if let Some(witness) = cx.witness().filter(|_| self.regime == Regime::Name) {
            seen.extend(self.drifts(&witness.drifts, cx));
            seen.sort_by_key(|seen| seen.span);
        }
        seen
    }

    /// What it asks the other documents of the run.
    pub fn asks_the_run(&self) -> Option<Question> {
        (self.regime == Regime::Name).then_some(Question::Name)
    }

    /// Names that many documents of the run spell in another way.
    fn drifts(&self, drifts: &Drifts, cx: &Context<'_>) -> Vec<Match> {
        let document = cx.document;
        let threshold = f64::from(RATIO).ln();
        // What the document itself shows to be wrong has been told.
        let told =
            |span: Span| cx.typos().iter().any(|typo| typo.verdict.span.start == span.start && typo.verdict.score > self.threshold(typo));
        let mut seen = Vec::new();
        for (span, drift) in drifts.of(document).into_iter().filter(|(span, _)| !told(*span)) {
            let found = span.of(&document.text);
            let mut letters = drift.right.chars();
            let right: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
            if self.is_right(&fold(found), &drift.right, cx) {
                continue;
            }
            let mut hit = Match::at(span);
            let place = |place: &Arc<Elsewhere>| Label::there(Arc::clone(place), format!("`{right}` here"));
            hit.related = drift.places.iter().map(place).collect();
            hit.certain = false;
            let own = if drift.own == 1 { "only here".to_owned() } else { format!("in {} of them", drift.own) };
            let why = format!("`{right}` stands in {} documents of this run, `{found}` {own}.", drift.documents);
            let facts = [
                ("found", Fact::Text(found.to_owned())),
                ("expected", Fact::Text(right.clone())),
                ("why", Fact::Text(why)),
                ("suggestions", Fact::List(vec![right.clone()])),
                ("score", Fact::Number((f64::from(drift.documents) / f64::from(drift.own)).ln())),
                ("threshold", Fact::Number(threshold)),
                ("regime", Fact::Text(self.regime.name().to_owned())),
            ];
            hit.facts = facts.into_iter().map(|(name, fact)| (name.into(), fact)).collect();
            hit.replacement = Some(right);
            seen.push(hit);
        }
        seen
    }

    fn threshold(&self, typo: &Typo) -> f64 {
        Model::standard().threshold(typo.verdict.regime) + self.margin
    }

    fn accepts(&self, typo: &Typo, cx: &Context<'_>) -> bool {
        let found = fold(typo.verdict.span.of(&cx.document.text));
        let (found, other) = (found.strip_suffix("'s").unwrap_or(&found), &*typo.verdict.candidate);
        self.is_right(found, other, cx)
            || (self.regime == Regime::Name && (is_another_name(found, other, cx.english()) || is_label(typo.verdict.span, cx.document)))
    }

    /// Whether somebody has declared a folded word to be right, by itself or beside the other.
    fn is_right(&self, found: &str, other: &str, cx: &Context<'_>) -> bool {
        self.words.accept(found)
            || cx.is_accepted(found)
            || self.variants.contains(&(hash_folded(found.as_bytes()), hash_folded(other.as_bytes())))
    }

    fn seen(&self, typo: &Typo, document: &Document, threshold: f64) -> Match {
        let verdict = &typo.verdict;
        let mut hit = Match::at(verdict.span);
        let found = verdict.span.of(&document.text);
        let witness =
            typo.witness.map(|span| (span, format!("`{}` stands in line {}", span.of(&document.text), document.line(span.start))));
        let why = match (&witness, self.regime) {
            (Some((_, place)), _) => format!("{place}."),
            (None, Regime::UnknownWord) => format!("`{found}` is in no dictionary."),
            (None, _) => format!("`{}` is what is usual between these words.", typo.suggestion),
        };
        if let Some((span, _)) = witness {
            hit.related.push(Label::here(span, format!("`{}` here", span.of(&document.text))));
        }
        let mut suggestions = vec![typo.suggestion.clone()];
        suggestions.extend(typo.alternatives.iter().cloned());
        // A name may be another person's, and of two good candidates a person must choose.
        let score = verdict.score - Model::standard().from_list(verdict.regime, &verdict.features);
        hit.certain = typo.alternatives.is_empty() && self.regime != Regime::Name && score > threshold + CERTAIN;
        hit.replacement = Some(typo.suggestion.clone());
        let facts = [
            ("found", Fact::Text(found.to_owned())),
            ("expected", Fact::Text(typo.suggestion.clone())),
            ("why", Fact::Text(why)),
            ("suggestions", Fact::List(suggestions)),
            ("score", Fact::Number(verdict.score)),
            ("threshold", Fact::Number(threshold)),
            ("regime", Fact::Text(self.regime.name().to_owned())),
        ];
        hit.facts = facts.into_iter().map(|(name, fact)| (name.into(), fact)).collect();
        hit
    }
}

/// Whether a folded name is there by right beside one much like it: a name or word that is known (`Centre` and `Center`, `Marshall` and
/// `Marshill`), those who hold an ism, or the same name without its apostrophe (`Baath`).
fn is_another_name(found: &str, other: &str, english: &Lexicon) -> bool {
    let letters = |name: &str| name.replace('\'', "");
    english.words.entry(found).listed()
        || other.strip_suffix('m') == Some(found) && other.ends_with("ism")
        || letters(found) == letters(other)
}

/// Whether a name is all there is in its paragraph, or nearly: a label in a menu is another section's (`Newsgeek` of a `Newsweek`).
fn is_label(span: Span, document: &Document) -> bool {
    document.block_at(span.start).is_some_and(|block| document.blocks[block].word_count() <= LABEL)
}

/// Most words of a label.
const LABEL: usize = 2;

/// So far above the threshold a suggestion may be applied without a person looking.
const CERTAIN: f64 = 1.0;

/// So far below the threshold typos are still kept for rules with a margin.
const SLACK: f64 = 2.0;

/// The typos of a document, of all regimes. Empty for a text in a language that there is no dictionary of, whose words are not asked for.
pub fn typos<'v>(document: &Document, view: impl FnOnce() -> &'v View<'v>, lexica: &Lexica) -> Vec<Typo> {
    match document.language().filter(|language| language.code != "en") {
        Some(language) => lexica.dictionary(language.code).map(|known| dictionary::typos(view(), known)).unwrap_or_default(),
        None => Pass::new(view(), lexica.english(), Model::standard()).typos(SLACK),
    }
}

/// Words that somebody has declared to be right; each stands for its inflections too.
#[derive(Clone, Debug, Default)]
pub struct Words(HashSet<String>);

impl Words {
    pub fn new<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> Self {
        Self(words.into_iter().map(|word| fold(word.as_ref().trim())).filter(|word| !word.is_empty()).collect())
    }

    /// Whether a folded word, or the word that it is a form of, is among them.
    pub fn accept(&self, word: &str) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let stems = |ending: &str, instead: &[&str]| {
            word.strip_suffix(ending).is_some_and(|stem| instead.iter().any(|letters| self.0.contains(&format!("{stem}{letters}"))))
        };
        self.0.contains(word)
            || stems("'s", &["", "s"])
            || stems("s", &[""])
            || stems("es", &[""])
            || stems("ies", &["y"])
            || stems("ied", &["y"])
            || stems("ed", &["", "e"])
            || stems("ing", &["", "e"])
    }
}

#[cfg(test)]
mod tests;
