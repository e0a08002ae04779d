//! One document under check, with what several detectors share.

use super::gate::{Gate, Hits, Slot};
use super::repeated::{self, Repeat};
use super::witness::Witness;
use super::{AcceptedWords, furniture, metric, misspelling, stray_paragraph, unusual};
use crate::corpus::{Digest, Index, Shared};
use crate::document::Document;
use crate::lexicon::{Lexica, Lexicon};
use crate::text::Span;
use std::borrow::Cow;
use std::cell::OnceCell;

/// One document under check, and what was found out about it; each part is computed when it is first asked for.
pub struct Context<'d> {
    pub document: &'d Document,
    gate: &'d Gate,
    hits: [OnceCell<Hits>; 2],
    layout: OnceCell<furniture::Layout>,
    metered: OnceCell<metric::Text<'d>>,
    core: Option<Span>,
    claimed: OnceCell<Vec<bool>>,
    repeats: OnceCell<Vec<Repeat>>,
    view: OnceCell<misspelling::View<'d>>,
    typos: OnceCell<Vec<misspelling::Typo>>,
    unusual: OnceCell<Vec<u32>>,
    accepted: Vec<&'d AcceptedWords>,
    story: OnceCell<Result<stray_paragraph::Story<'d>, stray_paragraph::Silence>>,
    witness: Option<&'d Witness>,
    usage: Option<&'d stray_paragraph::Usage>,
    corpus: Option<&'d Index>,
    lexica: Cow<'d, Lexica>,
    shared: OnceCell<(Option<String>, Shared<'d>)>,
}

impl<'d> Context<'d> {
    pub fn new(document: &'d Document, gate: &'d Gate) -> Self {
        Self {
            document,
            gate,
            hits: [OnceCell::new(), OnceCell::new()],
            layout: OnceCell::new(),
            metered: OnceCell::new(),
            core: None,
            claimed: OnceCell::new(),
            repeats: OnceCell::new(),
            view: OnceCell::new(),
            typos: OnceCell::new(),
            unusual: OnceCell::new(),
            accepted: Vec::new(),
            story: OnceCell::new(),
            witness: None,
            usage: None,
            corpus: None,
            lexica: Cow::Owned(Lexica::default()),
            shared: OnceCell::new(),
        }
    }

    /// With words that are right in this document.
    pub fn accepting(mut self, accepted: Vec<&'d AcceptedWords>) -> Self {
        self.accepted = accepted;
        self
    }

    /// Whether somebody has declared this folded word to be right here.
    pub fn is_accepted(&self, word: &str) -> bool {
        self.accepted.iter().any(|words| words.accept(word))
    }

    /// Where only this part of the text is to be judged; the rest is there to be seen around it.
    pub const fn within(mut self, core: Span) -> Self {
        self.core = Some(core);
        self
    }

    /// Whether a finding here is one to tell of.
    pub fn owns(&self, span: Span) -> bool {
        self.core.is_none_or(|core| (core.start..core.end).contains(&span.start))
    }

    /// With what the other documents of the run have to say.
    pub fn with_witness(mut self, witness: Option<&'d Witness>) -> Self {
        self.witness = witness;
        self.using(witness.and_then(Witness::usage))
    }

    /// With how usual words are in the run.
    pub const fn using(mut self, usage: Option<&'d stray_paragraph::Usage>) -> Self {
        self.usage = usage;
        self
    }

    pub const fn usage(&self) -> Option<&'d stray_paragraph::Usage> {
        self.usage
    }

    pub const fn witness(&self) -> Option<&'d Witness> {
        self.witness
    }

    /// With these words to go by.
    pub fn reading(mut self, lexica: &'d Lexica) -> Self {
        self.lexica = Cow::Borrowed(lexica);
        self
    }

    /// What is known of the words of English.
    pub fn english(&self) -> &'static Lexicon {
        self.lexica.english()
    }

    /// Beside these other documents.
    pub fn beside(mut self, corpus: Option<&'d Index>) -> Self {
        self.corpus = corpus;
        self
    }

    /// What the document shares with others; nothing where none are known.
    pub fn shared(&self) -> Option<&Shared<'d>> {
        self.digested().map(|(_, shared)| shared)
    }

    /// The site that the document was scraped from; told only where others are known.
    pub fn site(&self) -> Option<&str> {
        self.digested().and_then(|(site, _)| site.as_deref())
    }

    fn digested(&self) -> Option<&(Option<String>, Shared<'d>)> {
        let corpus = self.corpus?;
        Some(self.shared.get_or_init(|| {
            let digest = Digest::ranked(self.document, corpus.order());
            let shared = corpus.shared(&digest);
            (digest.site, shared)
        }))
    }

    /// A byte in each line that holds a literal of this slot, in order.
    pub fn hits(&self, slot: Slot) -> &[u32] {
        self.hits_of_part(slot, 0)
    }

    /// The lines that hold a literal of this slot, without their line breaks, in order.
    pub fn hit_lines(&self, slot: Slot) -> impl Iterator<Item = Span> {
        let (text, lines) = (&*self.document.text, self.document.lines());
        self.hits(slot).iter().map(move |&at| lines.span(lines.line_of(at as usize), text))
    }

    /// As [`Self::hits`], for one part of a detector that tries several by themselves, see [`super::Detector::literals`].
    pub fn hits_of_part(&self, slot: Slot, part: usize) -> &[u32] {
        let side = self.gate.side(slot);
        self.hits[side as usize].get_or_init(|| self.gate.scan(self.document, side)).of(self.gate.key(slot) + part)
    }

    /// Every stretch of text that has stood in the document before.
    pub fn repeats(&self) -> &[Repeat] {
        self.repeats.get_or_init(|| repeated::repeats(self.document))
    }

    /// The lines of the document, as rules about furniture of the page see them.
    pub(super) fn layout(&self) -> &furniture::Layout {
        self.layout.get_or_init(|| furniture::Layout::of(self.document))
    }

    /// The text as the filters of published corpora split it.
    pub(super) fn metered(&self) -> &metric::Text<'d> {
        self.metered.get_or_init(|| metric::Text::new(&self.document.text))
    }

    /// The different words of the document, each with what the tables of English say of it.
    fn view(&self) -> &misspelling::View<'d> {
        self.view.get_or_init(|| misspelling::View::new(self.document, self.english()))
    }

    /// Words that are likely wrong.
    pub fn typos(&self) -> &[misspelling::Typo] {
        self.typos.get_or_init(|| misspelling::typos(self.document, || self.view(), &self.lexica))
    }

    /// The document as a story whose paragraphs can be held against one another, or why not; asked when the claims are known.
    pub(super) fn story(&self) -> &Result<stray_paragraph::Story<'d>, stray_paragraph::Silence> {
        self.story.get_or_init(|| stray_paragraph::Story::of(self))
    }

    /// The words (by number) that are in no list of usual words: fragments, and words with digits or capitals inside.
    pub(super) fn unusual(&self) -> &[u32] {
        self.unusual.get_or_init(|| unusual::find(self.document, self.view()))
    }

    /// Says which parts of the text other rules have found to be no part of the article; the first call counts.
    pub fn claim(&self, spans: impl Iterator<Item = Span>) {
        let blocks = &self.document.blocks;
        let mut covered = vec![0; blocks.len()];
        for span in spans {
            let first = blocks.partition_point(|block| block.span.end <= span.start);
            for (block, covered) in blocks.iter().zip(&mut covered).skip(first).take_while(|(block, _)| block.span.start < span.end) {
                *covered += block.span.end.min(span.end) - block.span.start.max(span.start);
            }
        }
        // A word taken out of a paragraph does not claim the paragraph.
        let claimed = blocks.iter().zip(covered).map(|(block, covered)| covered * 2 >= block.span.len()).collect();
        // A second claim would come too late for detectors that have asked already.
        let _ = self.claimed.set(claimed);
    }

    /// Whether this block stands outside the article of its page, or another rule has found it to be residue or a copy: no evidence
    /// of what the article is about.
    pub fn is_claimed(&self, block: usize) -> bool {
        !self.document.blocks[block].main || self.claimed.get().is_some_and(|claimed| claimed.get(block).copied().unwrap_or(false))
    }
}
