//! Plain text into blocks: one for each paragraph, heading or list item.
//!
//! A blank line ends a block. Where a text has few or none, each line is a block. Hard-wrapped text (lines of even
//! length, broken in mid-sentence) is joined into its paragraphs.

use super::{BlockKind, Place};
use crate::text::{LineIndex, Span};

/// The blocks of a plain text, in order.
pub(super) fn split(text: &str, lines: &LineIndex) -> impl Iterator<Item = Place> {
    let spans: Vec<Span> = (0..lines.count()).map(|line| lines.span(line, text).trim(text)).collect();
    let layout = Layout::of(text, &spans.split(|span| span.is_empty()).filter(|run| !run.is_empty()).collect::<Vec<_>>());
    let mut at = 0;
    std::iter::from_fn(move || {
        at += spans[at..].iter().position(|span| !span.is_empty())?;
        let first = at;
        at += 1;
        while at < spans.len() && !spans[at].is_empty() && layout.joins(text, spans[at - 1], spans[at]) {
            at += 1;
        }
        let span = spans[first].join(spans[at - 1]);
        Some(Place::content(span, kind(span.of(text))))
    })
}

/// Which line breaks inside a run of non-blank lines belong to one block.
enum Layout {
    /// Each line is a block.
    Lines,
    /// Blank lines part the blocks; lines up to this many bytes stand together.
    Blank { long: usize },
    /// Lines at least this many bytes long were broken by a machine.
    Wrapped { full: usize },
}

impl Layout {
    fn of(text: &str, runs: &[&[Span]]) -> Self {
        let line_count: usize = runs.iter().map(|run| run.len()).sum();
        let pairs = || runs.iter().flat_map(|run| run.windows(2)).map(|pair| (pair[0], pair[1]));
        let pair_count = line_count - runs.len();
        let broken: Vec<usize> = pairs().filter(|&(a, b)| breaks_a_sentence(text, a, b)).map(|(a, _)| a.len()).collect();
        // A machine wraps at a fixed width, so that most broken lines are nearly as long as the longest of them.
        if broken.len() >= 3 && broken.len() * 5 >= pair_count * 2 {
            let mut lengths = broken;
            lengths.sort_unstable();
            let typical = lengths[lengths.len() * 9 / 10];
            let even = lengths.iter().filter(|&&len| len * 4 >= typical * 3).count();
            if (30..=140).contains(&typical) && even * 4 >= lengths.len() * 3 {
                return Self::Wrapped { full: typical * 3 / 5 };
            }
        }
        if runs.len() > 1 && (runs.len() - 1) * 3 >= line_count { Self::Blank { long: 250 } } else { Self::Lines }
    }

    fn joins(&self, text: &str, above: Span, below: Span) -> bool {
        match *self {
            Self::Lines => false,
            Self::Blank { long } => above.len() < long && below.len() < long,
            Self::Wrapped { full } => {
                breaks_a_sentence(text, above, below) || (above.len() >= full && kind(below.of(text)) == BlockKind::Paragraph)
            }
        }
    }
}

/// The line above stops without a stop, and the one below goes on in lower case.
fn breaks_a_sentence(text: &str, above: Span, below: Span) -> bool {
    !above.of(text).ends_with(['.', '!', '?', ':', '…', '"', '”']) && below.of(text).starts_with(char::is_lowercase)
}

fn kind(block: &str) -> BlockKind {
    let mut chars = block.chars();
    match (chars.next(), chars.next()) {
        (Some('•' | '·' | '▪' | '‣' | '►'), Some(_)) | (Some('-' | '*' | '–'), Some(' ' | '\t')) => BlockKind::ListItem,
        _ => BlockKind::Paragraph,
    }
}

#[cfg(test)]
mod tests {
    use crate::document::Document;

    fn blocks(text: &str) -> Vec<String> {
        let document = Document::from_text(text);
        document.blocks.iter().map(|block| block.span.of(&document.text).replace(['\r', '\n'], "/")).collect()
    }

    #[test]
    fn without_blank_lines_each_line_is_a_block() {
        assert_eq!(
            blocks("The mayor spoke.\nThe council listened.\r\n  Then it voted.  \n"),
            ["The mayor spoke.", "The council listened.", "Then it voted."]
        );
    }

    #[test]
    fn a_blank_line_ends_a_block() {
        assert_eq!(
            blocks("Harbour wall\nA report\n\nThe mayor spoke.\n \t\nThe council listened.\n\n\n"),
            ["Harbour wall/A report", "The mayor spoke.", "The council listened."]
        );
    }

    #[test]
    fn one_blank_line_after_the_headline_does_not_join_the_paragraphs() {
        let text = "Harbour wall\n\nThe mayor spoke.\nThe council listened.\nThen it voted.\nAll went home.\n";
        assert_eq!(blocks(text).len(), 5);
    }

    #[test]
    fn hard_wrapped_lines_become_paragraphs_again() {
        let text = "The harbour wall that has kept the old town dry since the winter\nof 1953 will be raised by a metre, the council said on Monday after\nthree hours of debate in which nobody spoke against the plan.\nWork starts in spring and will be paid for out of the reserve that\nthe town has kept for storms, according to the treasurer, who had\nasked for the vote.\n";
        assert_eq!(blocks(text).len(), 1);
        let parted = text.replace("plan.\n", "plan.\n\n");
        assert_eq!(blocks(&parted).len(), 2);
    }

    #[test]
    fn every_line_break_character_counts() {
        assert_eq!(blocks("One here.\rTwo here.\u{2028}Three here.").len(), 3);
    }

    #[test]
    fn an_empty_text_has_no_block() {
        assert!(blocks("").is_empty());
        assert!(blocks(" \n\t\n").is_empty());
    }
}
