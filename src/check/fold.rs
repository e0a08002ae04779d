//! What lies inside a reported copy is not reported again: it is named by the finding at the first place.

use crate::document::Document;
use crate::finding::Finding;
use crate::text::Span;

/// Folds the findings inside copies into those of the originals. `findings` are sorted by their start, and stay so.
pub(super) fn copies(document: &Document, mut findings: Vec<Finding>) -> Vec<Finding> {
    let copies: Vec<(Span, Span)> = findings.iter().filter_map(|finding| Some((finding.span, finding.copy_of()?))).collect();
    if copies.is_empty() {
        return findings;
    }
    let mut count = 0;
    for at in 0..findings.len() {
        let (kept, rest) = findings.split_at_mut(at);
        let (kept, finding) = (&mut kept[..count], &rest[0]);
        let inside = if finding.copy_of().is_some() { None } else { enclosing(&copies, finding.span) };
        let Some((copy, original)) = inside else {
            findings.swap(count, at);
            count += 1;
            continue;
        };
        // The same fault at the first place stands before this one, since a copy comes after its original.
        let found = finding.span.of(&document.text);
        let expected = original.start + (finding.span.start - copy.start);
        let from = kept.partition_point(|kept| kept.span.start < original.start);
        let to = kept.partition_point(|kept| kept.span.start < original.end);
        let twin = kept[from..to]
            .iter_mut()
            .filter(|twin| twin.rule == finding.rule && twin.span.of(&document.text) == found)
            .min_by_key(|twin| twin.span.start.abs_diff(expected));
        if let Some(twin) = twin {
            twin.is_also_at(finding.span);
        } else if finding.span.end == document.text.len()
            || document.text.get(original.start..original.end) != document.text.get(copy.start..copy.end)
        {
            // A near copy may have a fault of its own, and any copy may be where the text ends without a line break.
            findings.swap(count, at);
            count += 1;
        }
    }
    findings.truncate(count);
    findings
}

/// The copy that holds `span`, with its original.
fn enclosing(copies: &[(Span, Span)], span: Span) -> Option<(Span, Span)> {
    let after = copies.partition_point(|(copy, _)| copy.start <= span.start);
    // Copies do not overlap, so that only the nearest can hold it.
    after.checked_sub(1).map(|index| copies[index]).filter(|(copy, _)| copy.contains(span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Details, Severity};

    fn finding(rule: &str, span: Span, copy_of: Option<Span>) -> Finding {
        Finding::new(rule, Severity::Error, span, "").with(&Details { copy_of, ..Details::default() })
    }

    #[test]
    fn a_fault_in_a_copy_is_named_by_the_first() {
        let document = Document::from_text("Foreign Minster spoke.\nForeign Minster spoke.\nForeign Minster left.\n");
        let folded = copies(
            &document,
            vec![
                finding("typo", Span::new(8, 15), None),
                finding("repeat", Span::new(23, 45), Some(Span::new(0, 22))),
                finding("typo", Span::new(31, 38), None),
                finding("typo", Span::new(54, 61), None),
            ],
        );
        let places: Vec<usize> = folded.iter().map(|finding| finding.span.start).collect();
        assert_eq!(places, [8, 23, 54]);
        assert_eq!(folded[0].also(), [Span::new(31, 38)]);
    }

    #[test]
    fn the_end_of_the_text_is_in_no_original() {
        let document = Document::from_text("The council voted.\nThe council voted.");
        let unended = finding("missing-final-newline", Span::new(36, 37), None);
        let folded = copies(&document, vec![finding("repeat", Span::new(19, 37), Some(Span::new(0, 18))), unended.clone()]);
        assert_eq!(folded[1], unended);
    }

    #[test]
    fn what_only_a_near_copy_has_stays() {
        let document = Document::from_text("Foreign Minister spoke.\nForeign Minster spoke.\n");
        let typo = finding("typo", Span::new(32, 39), None);
        let folded = copies(&document, vec![finding("repeat", Span::new(24, 46), Some(Span::new(0, 23))), typo.clone()]);
        assert_eq!(folded[1], typo);
    }
}
