//! How near a detector came to firing: the measured values behind its silence, for `copydesk explain RULE FILE`.

use super::second_story::SecondStory;
use super::stray_paragraph::Verdict;
use super::{Context, Detector, Match, Slot};
use crate::text::Span;

/// What a detector measured in one document.
#[derive(Clone, Debug, PartialEq)]
pub enum Measures {
    /// It did not look at the document; why not.
    Silent(String),
    /// Each part that was measured, in the order of the text.
    Parts(Vec<Measure>),
}

/// One part of a document against the threshold of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    pub span: Span,
    pub value: f64,
    /// The rule fires at this value and above.
    pub threshold: f64,
    pub note: String,
}

impl Measure {
    pub fn fires(&self) -> bool {
        self.value >= self.threshold
    }
}

impl Detector {
    /// The values behind the verdict on each part of a document.
    ///
    /// A detector that decides yes or no measures 1 where it fires; where it needs a literal, 0 on each line that holds
    /// one and yet is none of its findings.
    pub fn measure(&self, slot: Slot, cx: &Context<'_>) -> Measures {
        if let Self::StrayParagraph(detector) = self {
            return match detector.read(cx) {
                Verdict::Silent(silence) => Measures::Silent(silence.to_string()),
                Verdict::Judged(readings) => Measures::Parts(
                    readings
                        .into_iter()
                        .map(|reading| Measure {
                            span: cx.document.blocks[reading.block].span.join(cx.document.blocks[reading.last].span),
                            value: if reading.cleared { reading.score.min(0.0) } else { reading.score },
                            threshold: reading.threshold,
                            note: String::new(),
                        })
                        .collect(),
                ),
            };
        }
        if let Self::SecondStory(detector) = self {
            return match cx.story().as_ref().map(|story| &story.second) {
                Err(silence) => Measures::Silent(silence.to_string()),
                Ok(None) => Measures::Silent(SecondStory::NOWHERE.to_string()),
                Ok(Some(second)) => Measures::Parts(vec![Measure {
                    span: cx.document.blocks[second.block].span.join(cx.document.blocks[second.last].span),
                    value: second.score,
                    threshold: detector.threshold(),
                    note: String::new(),
                }]),
            };
        }
        if let Self::Metric(detector) = self {
            return detector.measure(cx);
        }
        let found: Vec<Match> = self.detect(slot, cx).collect();
        let lines = cx.document.lines();
        let hits = (0..self.literals().len()).flat_map(|part| cx.hits_of_part(slot, part));
        let mut near: Vec<Span> = hits.map(|&at| lines.span(lines.line_of(at as usize), &cx.document.text)).collect();
        near.sort_unstable();
        near.dedup();
        near.retain(|line| !line.is_empty() && !found.iter().any(|hit| hit.span.overlaps(*line)));
        let yes = |span: Span| Measure { span, value: 1.0, threshold: 1.0, note: String::new() };
        let no = |span: Span| Measure { span, value: 0.0, threshold: 1.0, note: "holds one of its words, but is no match".into() };
        let mut parts: Vec<Measure> = found.iter().map(|hit| yes(hit.span)).chain(near.into_iter().map(no)).collect();
        parts.sort_by_key(|part| part.span);
        Measures::Parts(parts)
    }
}
