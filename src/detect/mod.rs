//! The detectors: each looks at a document and says what it saw, with no opinion about it.
//!
//! A kind of detector is one file and one variant of [`Kind`] and [`Detector`]; the compiler names what else is missing.

mod broken_hyphenation;
mod calendar;
mod capitals;
mod characters;
mod code;
mod confusion;
mod doubled_word;
mod empty_body;
mod entity;
pub mod expression;
mod final_newline;
mod finder;
mod foreign;
mod furniture;
mod gate;
mod hard_wrapped;
mod headline;
mod list_gap;
mod literal;
mod measure;
mod metadata;
pub mod metric;
pub mod misspelling;
mod mixed_script;
mod mojibake;
mod ocr;
mod outside_main;
pub mod pattern;
pub mod phrase;
mod quote_style;
mod reading;
pub mod repeated;
mod repeated_headline;
pub mod roll;
mod run_together;
mod second_story;
mod shared;
mod sieve;
mod split_word;
pub mod stray_paragraph;
mod trees;
mod truncated;
mod unbalanced;
mod unusual;
mod variant;
pub mod witness;

pub use gate::{Gate, Hits, Slot};
pub use measure::{Measure, Measures};
pub use misspelling::Words as AcceptedWords;

use crate::corpus::{Digest, Index, Shared};
use crate::document::{Document, Word};
use crate::finding::{Fact, Facts, Label};
use crate::lexicon::{Lexica, Lexicon};
use crate::text::Span;
use crate::yaml::Flaw;
use repeated::Repeat;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;
use std::cell::OnceCell;
use witness::{Question, Sighting, Witness};

/// What a detector saw: a place, related places, and the measured values behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    pub span: Span,
    pub related: Vec<Label>,
    /// Fill the placeholders of the rule's message, and the evidence of the report.
    pub facts: Facts,
    /// What should stand there instead, where the detector knows.
    pub replacement: Option<String>,
    /// False where a person should look before the rule's fix is applied.
    pub certain: bool,
    /// Where the match is a copy: the place it repeats, which holds the same words (nearly).
    pub copy_of: Option<Span>,
}

/// More findings of one rule in one document are not listed: nobody reads them, and a hostile document of 64 MB would take
/// gigabytes. What has a finding at every word stops one after these.
pub const MOST_FINDINGS: usize = 100_000;

impl Match {
    pub fn at(span: Span) -> Self {
        Self { span, related: Vec::new(), facts: Vec::new(), replacement: None, certain: true, copy_of: None }
    }
}

impl Match {
    /// Two words, or parts of one, that should be written as one.
    pub fn joined(document: &Document, left: Word, right: Word) -> Self {
        let (left_part, right_part) = (left.of(&document.text), right.of(&document.text));
        let whole = format!("{left_part}{right_part}");
        let fact = |name, text: &str| (Cow::Borrowed(name), Fact::Text(text.to_string()));
        Self {
            facts: vec![fact("left", left_part), fact("right", right_part), fact("expected", &whole)],
            replacement: Some(whole),
            ..Self::at(left.span().join(right.span()))
        }
    }
}

/// One document under check, with what several detectors share; each part is computed when it is first asked for.
pub struct Context<'d> {
    pub document: &'d Document,
    gate: &'d Gate,
    hits: [OnceCell<Hits>; 2],
    layout: OnceCell<furniture::Layout>,
    metered: OnceCell<metric::Text<'d>>,
    claimed: OnceCell<Vec<bool>>,
    repeats: OnceCell<Vec<Repeat>>,
    typos: OnceCell<Vec<misspelling::Typo>>,
    unusual: OnceCell<Vec<u32>>,
    accepted: Vec<&'d AcceptedWords>,
    story: OnceCell<Result<stray_paragraph::Story<'d>, stray_paragraph::Silence>>,
    witness: Option<&'d Witness>,
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
            claimed: OnceCell::new(),
            repeats: OnceCell::new(),
            typos: OnceCell::new(),
            unusual: OnceCell::new(),
            accepted: Vec::new(),
            story: OnceCell::new(),
            witness: None,
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

    /// With what the other documents of the run have to say.
    pub fn with_witness(mut self, witness: Option<&'d Witness>) -> Self {
        self.witness = witness;
        self
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

    /// As [`Self::hits`], for one part of a detector that tries several by themselves, see [`Detector::literals`].
    pub fn hits_of_part(&self, slot: Slot, part: usize) -> &[u32] {
        let side = self.gate.side(slot);
        self.hits[side as usize].get_or_init(|| self.gate.scan(self.document, side)).of(self.gate.key(slot) + part)
    }

    /// Every stretch of text that has stood in the document before.
    pub fn repeats(&self) -> &[Repeat] {
        self.repeats.get_or_init(|| repeated::repeats(self.document))
    }

    /// The lines of the document, as rules about furniture of the page see them.
    fn layout(&self) -> &furniture::Layout {
        self.layout.get_or_init(|| furniture::Layout::of(self.document))
    }

    /// The text as the filters of published corpora split it.
    fn metered(&self) -> &metric::Text<'d> {
        self.metered.get_or_init(|| metric::Text::new(&self.document.text))
    }

    /// Words that are likely wrong.
    pub fn typos(&self) -> &[misspelling::Typo] {
        self.typos.get_or_init(|| misspelling::typos(self.document, &self.lexica))
    }

    /// The document as a story whose paragraphs can be held against one another, or why not; asked when the claims are known.
    fn story(&self) -> &Result<stray_paragraph::Story<'d>, stray_paragraph::Silence> {
        self.story.get_or_init(|| stray_paragraph::Story::of(self))
    }

    /// The words (by number) that are in no list of usual words: fragments, and words with digits or capitals inside.
    fn unusual(&self) -> &[u32] {
        self.unusual.get_or_init(|| unusual::find(self.document, self.english()))
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

/// What a rule looks for: the kind of detector and its parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A word with the hyphen of a line break inside.
    BrokenHyphenation(broken_hyphenation::Params),
    /// A word written twice in a row.
    DoubledWord(doubled_word::Params),
    /// Dates that no calendar has.
    Calendar(calendar::Params),
    /// A paragraph in capitals.
    Capitals(capitals::Params),
    /// Characters that should not stand in a text.
    Characters(characters::Params),
    /// Program code, style rules or data.
    Code(code::Params),
    /// Words that are taken for one another.
    ConfusedWords(confusion::Params),
    /// A document without a text.
    EmptyBody(empty_body::Params),
    /// A paragraph in another language than the document.
    ForeignParagraph(foreign::Params),
    /// Lines that belong to the page.
    Furniture(furniture::Params),
    /// Lines broken at a fixed width.
    HardWrapped(hard_wrapped::Params),
    /// A headline and a body that have nothing in common.
    HeadlineMismatch(headline::Params),
    /// Character references of HTML.
    HtmlEntity(entity::Params),
    /// A numbered list that leaves out a number.
    ListGap(list_gap::Params),
    /// Metadata that the text contradicts.
    MetadataMismatch(metadata::Params),
    /// Measures of the whole document.
    Metric(metric::Params),
    /// A word with a likelier one in its place.
    Misspelling(misspelling::Params),
    /// Letters of two alphabets in one word.
    MixedScripts(mixed_script::Params),
    /// UTF-8 that was read as another encoding.
    Mojibake(mojibake::Params),
    /// Parts of a web page beside its article.
    OutsideMain(outside_main::Params),
    /// Two ways of spelling in one document.
    MixedVariant(variant::Params),
    /// Letters that a scanner takes for others.
    OcrConfusion(ocr::Params),
    /// A space inside a word.
    SplitWord(split_word::Params),
    /// A last paragraph that stops in mid-sentence.
    Truncated(truncated::Params),
    /// A bracket or quote without its partner.
    Unbalanced(unbalanced::Params),
    /// The text does not end with a line break.
    FinalNewline(final_newline::Params),
    /// A regular expression.
    Pattern(pattern::Params),
    /// Phrases that should not stand in the text.
    Phrases(phrase::PhrasesParams),
    /// Straight and curly double quotes in one text.
    QuoteStyle(quote_style::Params),
    /// A document that is another one again, a version of it, or a part.
    NearDuplicateDocument(shared::DuplicateParams),
    /// Text that stands in other documents, too.
    RepeatedAcross(shared::AcrossParams),
    /// Text that has stood in the document before.
    RepeatedBlock(repeated::Params),
    /// Text that stands on many pages of one site.
    SiteBoilerplate(shared::BoilerplateParams),
    /// The headline again at the top of the body.
    RepeatedHeadline(repeated_headline::Params),
    /// Sentences or words without the space between them.
    RunTogether(run_together::Params),
    /// A whole story behind the end of another one.
    SecondStory(second_story::Params),
    /// A paragraph about something else than the rest.
    StrayParagraph(stray_paragraph::Params),
    /// Wrong forms and what should stand there instead.
    Swap(phrase::SwapParams),
}

/// Kinds that may see the same fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rivals {
    /// They name lines of the page by their wording.
    Lines,
    /// They name wrong words.
    Words,
}

/// A kind whose parameters have been checked.
#[derive(Debug)]
pub enum Detector {
    BrokenHyphenation(broken_hyphenation::BrokenHyphenation),
    DoubledWord(doubled_word::DoubledWord),
    Calendar(calendar::Calendar),
    Capitals(capitals::Capitals),
    Characters(characters::Characters),
    Code(code::Code),
    ConfusedWords(confusion::Confusion),
    EmptyBody(empty_body::EmptyBody),
    ForeignParagraph(foreign::ForeignParagraph),
    Furniture(Box<furniture::Furniture>),
    HardWrapped(hard_wrapped::HardWrapped),
    HeadlineMismatch(headline::HeadlineMismatch),
    HtmlEntity(entity::HtmlEntity),
    ListGap(list_gap::ListGap),
    MetadataMismatch(metadata::MetadataMismatch),
    Metric(metric::Metric),
    Misspelling(misspelling::Misspelling),
    MixedScripts(mixed_script::MixedScripts),
    Mojibake(mojibake::Mojibake),
    OutsideMain(outside_main::OutsideMain),
    MixedVariant(variant::MixedVariant),
    OcrConfusion(ocr::Ocr),
    SplitWord(split_word::SplitWord),
    Truncated(truncated::Truncated),
    Unbalanced(unbalanced::Unbalanced),
    FinalNewline(final_newline::FinalNewline),
    Pattern(Box<pattern::Pattern>),
    Phrases(phrase::Phrases),
    QuoteStyle(quote_style::QuoteStyle),
    NearDuplicateDocument(shared::Duplicate),
    RepeatedAcross(shared::Across),
    RepeatedBlock(repeated::RepeatedBlock),
    SiteBoilerplate(shared::Boilerplate),
    RepeatedHeadline(repeated_headline::RepeatedHeadline),
    RunTogether(run_together::RunTogether),
    SecondStory(second_story::SecondStory),
    StrayParagraph(stray_paragraph::StrayParagraph),
}

impl Detector {
    /// Checks the parameters; every flaw is told with its place in the rule file.
    pub fn new(kind: Kind) -> Result<Self, Vec<Flaw>> {
        Ok(match kind {
            Kind::BrokenHyphenation(params) => Self::BrokenHyphenation(broken_hyphenation::BrokenHyphenation::new(&params)),
            Kind::DoubledWord(params) => Self::DoubledWord(doubled_word::DoubledWord::new(params)),
            Kind::Calendar(params) => Self::Calendar(calendar::Calendar::new(&params)),
            Kind::Capitals(params) => Self::Capitals(capitals::Capitals { params }),
            Kind::Characters(params) => Self::Characters(characters::Characters::new(params)?),
            Kind::Code(params) => Self::Code(code::Code::new(&params)),
            Kind::ConfusedWords(params) => Self::ConfusedWords(confusion::Confusion::new(params)?),
            Kind::EmptyBody(params) => Self::EmptyBody(empty_body::EmptyBody { params }),
            Kind::ForeignParagraph(params) => Self::ForeignParagraph(foreign::ForeignParagraph { params }),
            Kind::Furniture(params) => Self::Furniture(Box::new(furniture::Furniture::new(params)?)),
            Kind::HardWrapped(params) => Self::HardWrapped(hard_wrapped::HardWrapped { params }),
            Kind::HeadlineMismatch(params) => Self::HeadlineMismatch(headline::HeadlineMismatch { params }),
            Kind::HtmlEntity(entity::Params { escaped }) => Self::HtmlEntity(entity::HtmlEntity { escaped }),
            Kind::ListGap(params) => Self::ListGap(list_gap::ListGap { params }),
            Kind::MetadataMismatch(metadata::Params { field }) => Self::MetadataMismatch(metadata::MetadataMismatch { field }),
            Kind::Metric(params) => Self::Metric(metric::Metric::new(params)?),
            Kind::Misspelling(params) => Self::Misspelling(misspelling::Misspelling::new(&params)),
            Kind::MixedScripts(mixed_script::Params {}) => Self::MixedScripts(mixed_script::MixedScripts),
            Kind::Mojibake(mojibake::Params {}) => Self::Mojibake(mojibake::Mojibake::new()),
            Kind::OutsideMain(outside_main::Params {}) => Self::OutsideMain(outside_main::OutsideMain),
            Kind::MixedVariant(params) => Self::MixedVariant(variant::MixedVariant::new(params)?),
            Kind::OcrConfusion(params) => Self::OcrConfusion(ocr::Ocr::new(params)),
            Kind::SplitWord(params) => Self::SplitWord(split_word::SplitWord::new(&params)),
            Kind::Truncated(params) => Self::Truncated(truncated::Truncated { params }),
            Kind::Unbalanced(unbalanced::Params { pairs }) => Self::Unbalanced(unbalanced::Unbalanced { pairs }),
            Kind::FinalNewline(final_newline::Params {}) => Self::FinalNewline(final_newline::FinalNewline),
            Kind::Pattern(params) => Self::Pattern(Box::new(pattern::Pattern::new(params)?)),
            Kind::Phrases(params) => Self::Phrases(phrase::Phrases::new(params)?),
            Kind::QuoteStyle(quote_style::Params {}) => Self::QuoteStyle(quote_style::QuoteStyle),
            Kind::NearDuplicateDocument(shared::DuplicateParams {}) => Self::NearDuplicateDocument(shared::Duplicate),
            Kind::RepeatedAcross(params) => Self::RepeatedAcross(shared::Across::new(params)),
            Kind::SiteBoilerplate(params) => Self::SiteBoilerplate(shared::Boilerplate::new(params)?),
            Kind::RepeatedBlock(params) => Self::RepeatedBlock(repeated::RepeatedBlock::new(params)?),
            Kind::RepeatedHeadline(repeated_headline::Params {}) => Self::RepeatedHeadline(repeated_headline::RepeatedHeadline),
            Kind::RunTogether(params) => Self::RunTogether(run_together::RunTogether::new(params)),
            Kind::SecondStory(params) => Self::SecondStory(second_story::SecondStory::new(&params)),
            Kind::StrayParagraph(params) => Self::StrayParagraph(stray_paragraph::StrayParagraph::new(&params)),
            Kind::Swap(params) => Self::Phrases(phrase::Phrases::swap(params)?),
        })
    }

    /// What it saw in the document, in the order of the text. `slot` is its number in the gate.
    pub fn detect(&self, slot: Slot, cx: &Context<'_>) -> Vec<Match> {
        match self {
            Self::BrokenHyphenation(detector) => detector.detect(cx),
            Self::DoubledWord(detector) => detector.detect(cx),
            Self::Calendar(detector) => detector.detect(slot, cx),
            Self::Capitals(detector) => detector.detect(cx),
            Self::Characters(detector) => detector.detect(slot, cx),
            Self::Code(detector) => detector.detect(slot, cx),
            Self::EmptyBody(detector) => detector.detect(cx),
            Self::ForeignParagraph(detector) => detector.detect(cx),
            Self::Furniture(detector) => detector.detect(slot, cx),
            Self::HardWrapped(detector) => detector.detect(cx),
            Self::HeadlineMismatch(detector) => detector.detect(cx),
            Self::HtmlEntity(detector) => detector.detect(cx),
            Self::ListGap(detector) => detector.detect(cx),
            Self::MetadataMismatch(detector) => detector.detect(cx),
            Self::Metric(detector) => detector.detect(cx),
            Self::Misspelling(detector) => detector.detect(cx),
            Self::MixedScripts(detector) => detector.detect(cx),
            Self::Mojibake(detector) => detector.detect(slot, cx),
            Self::OutsideMain(detector) => detector.detect(cx),
            Self::ConfusedWords(detector) => detector.detect(cx),
            Self::MixedVariant(detector) => detector.detect(cx),
            Self::OcrConfusion(detector) => detector.detect(cx),
            Self::SplitWord(detector) => detector.detect(cx),
            Self::Truncated(detector) => detector.detect(cx),
            Self::Unbalanced(detector) => detector.detect(cx),
            Self::FinalNewline(detector) => detector.detect(cx),
            Self::Pattern(detector) => detector.detect(slot, cx),
            Self::Phrases(detector) => detector.detect(slot, cx),
            Self::QuoteStyle(detector) => detector.detect(cx),
            Self::RunTogether(detector) => detector.detect(cx),
            Self::SecondStory(detector) => detector.detect(cx),
            Self::StrayParagraph(detector) => detector.detect(cx),
            Self::NearDuplicateDocument(detector) => detector.detect(cx),
            Self::RepeatedAcross(detector) => detector.detect(cx),
            Self::RepeatedBlock(detector) => detector.detect(cx),
            Self::SiteBoilerplate(detector) => detector.detect(cx),
            Self::RepeatedHeadline(detector) => detector.detect(cx),
        }
    }

    /// How well each paragraph fits, for a detector that asks the other documents of the run.
    pub fn sightings(&self, cx: &Context<'_>, shared: &dyn Fn(u64) -> bool) -> Option<Vec<Sighting>> {
        match self {
            Self::StrayParagraph(detector) => Some(detector.sightings(cx, shared)),
            _ => None,
        }
    }

    /// What it asks the other documents of the run, if anything.
    pub fn asks_the_run(&self) -> Option<Question> {
        match self {
            Self::StrayParagraph(_) => Some(Question::Home),
            Self::Misspelling(detector) => detector.asks_the_run(),
            _ => None,
        }
    }

    /// Whether it must wait for the other detectors' claims (see [`Context::is_claimed`]).
    pub const fn runs_last(&self) -> bool {
        matches!(self, Self::SecondStory(_) | Self::StrayParagraph(_) | Self::Truncated(_))
    }

    /// For each part that is tried by itself, the strings of which one must stand in a line before; empty where it does not use the gate.
    pub fn literals(&self) -> Vec<&[String]> {
        match self {
            Self::Pattern(detector) => vec![detector.literals().unwrap_or_default()],
            Self::Phrases(detector) => vec![detector.literals()],
            Self::Calendar(detector) => vec![detector.literals()],
            Self::Characters(detector) => vec![detector.literals()],
            Self::Code(detector) => vec![detector.literals()],
            Self::Furniture(detector) => detector.literals().collect(),
            Self::Mojibake(detector) => vec![detector.literals()],
            _ => Vec::new(),
        }
    }

    /// Its regular expressions, with how they are read.
    pub fn expressions(&self) -> Vec<(&str, expression::Syntax)> {
        match self {
            Self::Pattern(detector) => detector.expressions().collect(),
            Self::Furniture(detector) => detector.expressions().collect(),
            _ => Vec::new(),
        }
    }

    /// Whom it competes with for the same fault, and its rank among them: of findings that overlap, the one of the lowest rank is enough.
    pub fn rivals(&self) -> Option<(Rivals, u8)> {
        match self {
            Self::Furniture(detector) => Some((Rivals::Lines, u8::from(detector.yields))),
            Self::BrokenHyphenation(_) => Some((Rivals::Words, 0)),
            Self::SplitWord(_) => Some((Rivals::Words, 1)),
            Self::OcrConfusion(_) => Some((Rivals::Words, 2)),
            Self::Misspelling(_) => Some((Rivals::Words, 3)),
            Self::ConfusedWords(_) => Some((Rivals::Words, 4)),
            _ => None,
        }
    }

    /// Names of the facts that a match carries, for the placeholders of the message.
    pub fn placeholders(&self) -> Vec<&str> {
        match self {
            Self::BrokenHyphenation(_) => broken_hyphenation::BrokenHyphenation::PLACEHOLDERS.to_vec(),
            Self::DoubledWord(_) => doubled_word::DoubledWord::PLACEHOLDERS.to_vec(),
            Self::Calendar(detector) => detector.placeholders().to_vec(),
            Self::Capitals(_) => capitals::Capitals::PLACEHOLDERS.to_vec(),
            Self::Characters(_) => characters::Characters::PLACEHOLDERS.to_vec(),
            Self::Code(_) => code::Code::PLACEHOLDERS.to_vec(),
            Self::EmptyBody(_) => empty_body::EmptyBody::PLACEHOLDERS.to_vec(),
            Self::ForeignParagraph(_) => foreign::ForeignParagraph::PLACEHOLDERS.to_vec(),
            Self::Furniture(_) => furniture::Furniture::PLACEHOLDERS.to_vec(),
            Self::HardWrapped(_) => hard_wrapped::HardWrapped::PLACEHOLDERS.to_vec(),
            Self::HeadlineMismatch(_) => headline::HeadlineMismatch::PLACEHOLDERS.to_vec(),
            Self::HtmlEntity(_) => entity::HtmlEntity::PLACEHOLDERS.to_vec(),
            Self::ListGap(_) => list_gap::ListGap::PLACEHOLDERS.to_vec(),
            Self::MetadataMismatch(_) => metadata::MetadataMismatch::PLACEHOLDERS.to_vec(),
            Self::Metric(_) => metric::Metric::PLACEHOLDERS.to_vec(),
            Self::Misspelling(_) => misspelling::Misspelling::PLACEHOLDERS.to_vec(),
            Self::MixedScripts(_) => mixed_script::MixedScripts::PLACEHOLDERS.to_vec(),
            Self::Mojibake(_) => mojibake::Mojibake::PLACEHOLDERS.to_vec(),
            Self::OutsideMain(_) => outside_main::OutsideMain::PLACEHOLDERS.to_vec(),
            Self::ConfusedWords(_) => confusion::Confusion::PLACEHOLDERS.to_vec(),
            Self::MixedVariant(_) => variant::MixedVariant::PLACEHOLDERS.to_vec(),
            Self::OcrConfusion(_) => ocr::Ocr::PLACEHOLDERS.to_vec(),
            Self::SplitWord(_) => split_word::SplitWord::PLACEHOLDERS.to_vec(),
            Self::Truncated(_) => truncated::Truncated::PLACEHOLDERS.to_vec(),
            Self::Unbalanced(_) => unbalanced::Unbalanced::PLACEHOLDERS.to_vec(),
            Self::FinalNewline(_) => Vec::new(),
            Self::Pattern(detector) => detector.placeholders(),
            Self::Phrases(detector) => detector.placeholders(),
            Self::QuoteStyle(_) => quote_style::QuoteStyle::PLACEHOLDERS.to_vec(),
            Self::RunTogether(_) => run_together::RunTogether::PLACEHOLDERS.to_vec(),
            Self::SecondStory(_) => second_story::SecondStory::PLACEHOLDERS.to_vec(),
            Self::StrayParagraph(_) => stray_paragraph::StrayParagraph::PLACEHOLDERS.to_vec(),
            Self::NearDuplicateDocument(_) => shared::Duplicate::PLACEHOLDERS.to_vec(),
            Self::RepeatedAcross(_) => shared::Across::PLACEHOLDERS.to_vec(),
            Self::RepeatedBlock(_) => repeated::RepeatedBlock::PLACEHOLDERS.to_vec(),
            Self::SiteBoilerplate(_) => shared::Boilerplate::PLACEHOLDERS.to_vec(),
            Self::RepeatedHeadline(_) => repeated_headline::RepeatedHeadline::PLACEHOLDERS.to_vec(),
        }
    }
}
