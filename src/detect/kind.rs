//! The kinds of detectors: what a rule file calls them, and what each is made of. One variant of [`Kind`] and of [`Detector`] each.

use super::gate::Slot;
use super::witness::{Question, Sighting};
use super::{Context, Matches};
use super::{
    broken_hyphenation, calendar, capitals, characters, code, confusion, doubled_word, empty_body, entity, expression, final_newline,
    foreign, furniture, hard_wrapped, headline, list_gap, metadata, metric, misspelling, mixed_script, mojibake, ocr, outside_main,
    pattern, phrase, quote_style, repeated, repeated_headline, run_together, second_story, shared, split_word, stray_paragraph, truncated,
    unbalanced, variant,
};
use crate::yaml::Flaw;
use schemars::JsonSchema;
use serde::Deserialize;

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
    pub fn detect<'c>(&'c self, slot: Slot, cx: &'c Context<'_>) -> Matches<'c> {
        let all = match self {
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
            Self::RepeatedBlock(detector) => return Matches::OneByOne(Box::new(detector.detect(cx))),
            Self::SiteBoilerplate(detector) => detector.detect(cx),
            Self::RepeatedHeadline(detector) => detector.detect(cx),
        };
        Matches::All(all.into_iter())
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
        matches!(self, Self::RepeatedHeadline(_) | Self::SecondStory(_) | Self::StrayParagraph(_) | Self::Truncated(_))
    }

    /// Whether it must see all of a long document at once; others see it in sections.
    pub const fn reads_whole(&self) -> bool {
        match self {
            Self::EmptyBody(_)
            | Self::FinalNewline(_)
            | Self::Metric(_)
            | Self::MixedVariant(_)
            | Self::NearDuplicateDocument(_)
            | Self::OutsideMain(_)
            | Self::QuoteStyle(_)
            | Self::RepeatedAcross(_)
            | Self::RepeatedBlock(_)
            | Self::SecondStory(_)
            | Self::SiteBoilerplate(_) => true,
            Self::BrokenHyphenation(_)
            | Self::DoubledWord(_)
            | Self::Calendar(_)
            | Self::Capitals(_)
            | Self::Characters(_)
            | Self::Code(_)
            | Self::ConfusedWords(_)
            | Self::ForeignParagraph(_)
            | Self::Furniture(_)
            | Self::HardWrapped(_)
            | Self::HeadlineMismatch(_)
            | Self::HtmlEntity(_)
            | Self::ListGap(_)
            | Self::MetadataMismatch(_)
            | Self::Misspelling(_)
            | Self::MixedScripts(_)
            | Self::Mojibake(_)
            | Self::OcrConfusion(_)
            | Self::SplitWord(_)
            | Self::Truncated(_)
            | Self::Unbalanced(_)
            | Self::Pattern(_)
            | Self::Phrases(_)
            | Self::RepeatedHeadline(_)
            | Self::RunTogether(_)
            | Self::StrayParagraph(_) => false,
        }
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
