//! The details of a finding in a few bytes: a document may have a hundred thousand findings, and most of them are only counted and
//! carried until they are told.
//!
//! In this order: what is there (one byte), the place that is repeated, the edits of the fix, the labels, the facts to the end.
//! Numbers take seven bits a byte; places count from the start of the finding, so that it can be moved as a whole. Texts are their
//! length and their bytes; those that most findings have are a number in [`KNOWN`].

use super::{Details, Edit, Elsewhere, Fact, Fix, Label};
use crate::text::Span;
use std::borrow::Cow;
use std::sync::Arc;

/// Names of facts and texts of labels that many findings have, in order.
const KNOWN: [&str; 30] = [
    "changed",
    "changes",
    "code",
    "context",
    "expected",
    "first",
    "first_last_line",
    "first_line",
    "found",
    "headline",
    "here",
    "last_line",
    "left",
    "line",
    "lines",
    "match",
    "meant",
    "missing",
    "name",
    "odds",
    "regime",
    "right",
    "score",
    "similarity",
    "stands here first",
    "suggestions",
    "threshold",
    "why",
    "word",
    "words",
];

const IS_COPY: u8 = 1;
const HAS_FIX: u8 = 2;
const IS_SAFE: u8 = 4;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Packed(Box<[u8]>);

impl Packed {
    /// `elsewhere` takes the places in other documents, in the order of their labels.
    pub fn new(details: &Details, start: usize, elsewhere: &mut Vec<Arc<Elsewhere>>) -> Self {
        let Details { related, fix, evidence, copy_of } = details;
        let flag = |is_set: bool, flag: u8| if is_set { flag } else { 0 };
        let safe = fix.as_ref().is_some_and(|fix| fix.safe);
        let mut bytes = Bytes(vec![flag(copy_of.is_some(), IS_COPY) | flag(fix.is_some(), HAS_FIX) | flag(safe, IS_SAFE)]);
        if let Some(span) = copy_of {
            bytes.place(*span, start);
        }
        if let Some(fix) = fix {
            bytes.number(fix.edits.len());
            for edit in &fix.edits {
                bytes.place(edit.span, start);
                bytes.text(&edit.text);
            }
        }
        bytes.number(related.len());
        for label in related {
            bytes.number(usize::from(label.elsewhere.is_some()));
            // A place in another document stays where it is.
            bytes.place(label.span, if label.elsewhere.is_some() { 0 } else { start });
            bytes.name(&label.text);
            elsewhere.extend(label.elsewhere.clone());
        }
        for (name, fact) in evidence {
            bytes.name(name);
            match fact {
                Fact::Text(text) => {
                    bytes.0.push(0);
                    bytes.text(text);
                }
                Fact::Count(count) => {
                    bytes.0.push(1);
                    bytes.number(*count);
                }
                Fact::Number(number) => {
                    bytes.0.push(2);
                    bytes.0.extend(number.to_le_bytes());
                }
                Fact::List(items) => {
                    bytes.0.push(3);
                    bytes.number(items.len());
                    items.iter().for_each(|item| bytes.text(item));
                }
            }
        }
        Self(bytes.0.into())
    }

    /// What was packed, of a finding that now starts at `start`.
    pub fn details(&self, start: usize, elsewhere: &[Arc<Elsewhere>]) -> Details {
        let (copy_of, fix, mut rest) = self.head(start);
        let mut elsewhere = elsewhere.iter();
        let related = (0..rest.number()).map(|_| {
            let is_elsewhere = rest.number() == 1;
            let span = rest.place(if is_elsewhere { 0 } else { start });
            let elsewhere = if is_elsewhere { elsewhere.next().cloned() } else { None };
            Label { span, text: rest.name().into_owned(), elsewhere }
        });
        let related = related.collect();
        let mut evidence = Vec::new();
        while !rest.0.is_empty() {
            let name = rest.name();
            let fact = match rest.byte() {
                0 => Fact::Text(rest.text()),
                1 => Fact::Count(rest.number()),
                2 => Fact::Number(f64::from_le_bytes(std::array::from_fn(|_| rest.byte()))),
                _ => Fact::List((0..rest.number()).map(|_| rest.text()).collect()),
            };
            evidence.push((name, fact));
        }
        Details { related, fix, evidence, copy_of }
    }

    pub fn copy_of(&self, start: usize) -> Option<Span> {
        let mut rest = Rest(&self.0);
        (rest.byte() & IS_COPY > 0).then(|| rest.place(start))
    }

    /// Whether there is a fix, and whether that is safe.
    pub fn has_fix(&self) -> Option<bool> {
        let flags = Rest(&self.0).byte();
        (flags & HAS_FIX > 0).then_some(flags & IS_SAFE > 0)
    }

    pub fn fix(&self, start: usize) -> Option<Fix> {
        self.has_fix().and_then(|_| self.head(start).1)
    }

    fn head(&self, start: usize) -> (Option<Span>, Option<Fix>, Rest<'_>) {
        let mut rest = Rest(&self.0);
        let flags = rest.byte();
        let copy_of = (flags & IS_COPY > 0).then(|| rest.place(start));
        let fix = (flags & HAS_FIX > 0).then(|| {
            let edits = (0..rest.number()).map(|_| Edit { span: rest.place(start), text: rest.text() }).collect();
            Fix { edits, safe: flags & IS_SAFE > 0 }
        });
        (copy_of, fix, rest)
    }
}

struct Bytes(Vec<u8>);

impl Bytes {
    fn number(&mut self, mut number: usize) {
        while number > 0x7F {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    /// How far from `start` it starts, with the sign in the lowest bit, and its length.
    fn place(&mut self, span: Span, start: usize) {
        let far = span.start.abs_diff(start);
        self.number(far << 1 | usize::from(span.start < start));
        self.number(span.len());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.extend(text.as_bytes());
    }

    /// A text that may be known: with the lowest bit set, its number.
    fn name(&mut self, text: &str) {
        match KNOWN.binary_search(&text) {
            Ok(known) => self.number(known << 1 | 1),
            Err(_) => {
                self.number(text.len() << 1);
                self.0.extend(text.as_bytes());
            }
        }
    }
}

/// What is still to be read. Behind its end there are zeros.
struct Rest<'p>(&'p [u8]);

impl<'p> Rest<'p> {
    fn byte(&mut self) -> u8 {
        self.0.split_off_first().copied().unwrap_or_default()
    }

    fn number(&mut self) -> usize {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte();
            number |= usize::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return number;
            }
            shift += 7;
        }
    }

    fn place(&mut self, start: usize) -> Span {
        let far = self.number();
        let start = if far & 1 == 1 { start - (far >> 1) } else { start + (far >> 1) };
        Span::new(start, start + self.number())
    }

    fn bytes(&mut self, len: usize) -> Cow<'p, str> {
        String::from_utf8_lossy(self.0.split_off(..len).unwrap_or_default())
    }

    fn text(&mut self) -> String {
        let len = self.number();
        self.bytes(len).into_owned()
    }

    fn name(&mut self) -> Cow<'static, str> {
        let number = self.number();
        match KNOWN.get(number >> 1).filter(|_| number & 1 == 1) {
            Some(known) => Cow::Borrowed(known),
            None => Cow::Owned(self.bytes(number >> 1).into_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Origin;
    use proptest::prelude::*;

    fn span() -> impl Strategy<Value = Span> {
        (0usize..1 << 40, 0usize..1 << 20).prop_map(|(start, len)| Span::new(start, start + len))
    }

    fn fact() -> impl Strategy<Value = Fact> {
        prop_oneof![
            ".*".prop_map(Fact::Text),
            any::<usize>().prop_map(Fact::Count),
            (-1e300..1e300).prop_map(Fact::Number),
            prop::collection::vec(".{0,200}", 0..4).prop_map(Fact::List),
        ]
    }

    fn name() -> impl Strategy<Value = String> {
        prop_oneof![prop::sample::select(&KNOWN[..]).prop_map(String::from), ".*"]
    }

    fn label() -> impl Strategy<Value = Label> {
        let place =
            any::<bool>().prop_map(|is_there| is_there.then(|| Arc::new(Elsewhere { origin: Origin::default(), line: 7, column: 2 })));
        (span(), name(), place).prop_map(|(span, text, elsewhere)| Label { span, text, elsewhere })
    }

    prop_compose! {
        fn details()(
            related in prop::collection::vec(label(), 0..4),
            edits in prop::option::of(prop::collection::vec((span(), ".*"), 0..3)), safe: bool,
            evidence in prop::collection::vec((name(), fact()), 0..6),
            copy_of in prop::option::of(span()),
        ) -> Details {
            let fix = edits.map(|edits| Fix { edits: edits.into_iter().map(|(span, text)| Edit { span, text }).collect(), safe });
            let evidence = evidence.into_iter().map(|(name, fact)| (Cow::Owned(name), fact)).collect();
            Details { related, fix, evidence, copy_of }
        }
    }

    #[test]
    fn what_is_known_is_in_order() {
        assert!(KNOWN.is_sorted());
    }

    proptest! {
        #[test]
        fn what_was_packed_comes_out_again(details in details(), start in 0usize..1 << 41) {
            let mut elsewhere = Vec::new();
            let packed = Packed::new(&details, start, &mut elsewhere);
            prop_assert_eq!(packed.copy_of(start), details.copy_of);
            prop_assert_eq!(&packed.fix(start), &details.fix);
            prop_assert_eq!(packed.has_fix(), details.fix.as_ref().map(|fix| fix.safe));
            prop_assert_eq!(packed.details(start, &elsewhere), details);
        }
    }
}
