//! Signs of Markdown that an edit would leave around nothing: they go with what they stood around.

use crate::document::Document;
use crate::finding::Edit;
use crate::text::Span;

/// Lets the stretches of an edit take the backslashes in front of their signs, which would stand before something else.
pub(super) fn take_escapes(document: &Document, edit: &Edit, parts: &mut [Span]) {
    let source = document.source();
    let before = document.text[..edit.span.start].chars().next_back().map_or(0, char::len_utf8);
    let end_before = if before == 0 { 0 } else { document.to_source(Span::new(edit.span.start - before, edit.span.start)).end };
    for (at, part) in parts.iter_mut().enumerate() {
        // What is put there may begin with the very sign.
        let stays = at == 0 && (part.start == end_before || edit.text.chars().next() == part.of(source).chars().next());
        let is_sign = part.of(source).starts_with(|first: char| first.is_ascii_punctuation());
        if is_sign && !stays && source[..part.start].ends_with('\\') {
            part.start -= 1;
        }
    }
}

/// Lets edits that leave nothing of an emphasis, a link or a list item take its signs, too; neighbours that touch become one edit.
pub(super) fn close_gaps(source: &str, edits: &mut Vec<(Span, String)>) {
    for widened in [emphasis, link, line] {
        edits.sort_by_key(|&(span, _)| span);
        for (span, _) in edits.iter_mut().filter(|(span, text)| text.is_empty() && !span.is_empty()) {
            if let Some(wide) = widened(source, *span) {
                *span = wide;
            }
        }
        edits.dedup_by(|next, kept| {
            let touch = kept.0.end >= next.0.start && next.1.is_empty();
            if touch {
                kept.0.end = kept.0.end.max(next.0.end);
            }
            touch
        });
    }
}

/// `*wall*` for `wall`.
fn emphasis(source: &str, span: Span) -> Option<Span> {
    // Signs beside white space stand around something else.
    if span.of(source).trim() != span.of(source) {
        return None;
    }
    let (before, after) = (&source.as_bytes()[..span.start], &source.as_bytes()[span.end..]);
    let pairs = before.iter().rev().zip(after).take_while(|(left, right)| left == right && matches!(left, b'*' | b'_' | b'~'));
    let signs = pairs.count();
    Some(Span::new(span.start - signs, span.end + signs))
}

/// `[wall](https://news.example)` for `wall`, and `[wall][1]`.
fn link(source: &str, span: Span) -> Option<Span> {
    let before = source[..span.start].strip_suffix('[').filter(|before| !before.ends_with(['!', '\\']))?;
    let after = source[span.end..].strip_prefix(']')?;
    let (open, close) = [('(', ')'), ('[', ']')].into_iter().find(|&(open, _)| after.starts_with(open))?;
    // A blank line ends the paragraph, and with it what may be a link.
    let paragraph = &after[..after.find("\n\n").unwrap_or(after.len())];
    let (mut depth, mut escaped) = (0, false);
    let end = paragraph.char_indices().find_map(|(at, c)| {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == open => depth += 1,
            _ if c == close => depth -= 1,
            _ => {}
        }
        (depth == 0 && !escaped).then_some(at + c.len_utf8())
    })?;
    Some(Span::new(before.len(), span.end + 1 + end))
}

/// The whole line where only the sign of a list item, a quote or a heading would be left of it: alone it can be text.
fn line(source: &str, span: Span) -> Option<Span> {
    let start = source[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let ended = source[..span.end].ends_with('\n');
    let rest = &source[span.end..];
    let end = if ended { 0 } else { rest.find('\n').unwrap_or(rest.len()) };
    if !is_sign(&source[start..span.start]) || !rest[..end].trim().is_empty() {
        return None;
    }
    // Between two paragraphs the line break stays, or they would be one.
    let next = rest[end..].strip_prefix('\n').unwrap_or(&rest[end..]);
    let next = &next[..next.find('\n').unwrap_or(next.len())];
    let joins = !next.trim().is_empty() && !next.trim_start().starts_with(['-', '+', '*', '>', '#', '|', '`']) && !starts_numbered(next);
    Some(Span::new(start, if joins || ended { span.end } else { (span.end + end + 1).min(source.len()) }))
}

/// Whether a line has begun with signs of blocks and nothing else.
fn is_sign(line: &str) -> bool {
    let mut signs = line.split_ascii_whitespace().peekable();
    signs.peek().is_some()
        && signs
            .all(|sign| matches!(sign, "-" | "+" | "*") || sign.bytes().all(|byte| byte == b'>' || byte == b'#') || starts_numbered(sign))
}

/// `1.` or `1)`.
fn starts_numbered(line: &str) -> bool {
    let rest = line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < line.trim_start().len() && rest.starts_with(['.', ')'])
}
