//! One line of a document, cut to the columns there are, around what must be seen of it.

use super::visible::{self, Cluster, clusters, clusters_back};
use crate::text::Span;

/// Bytes looked at on either side of a place: a line may be a megabyte long, a row is 200 columns.
const WINDOW: usize = 16 * 1024;
/// Columns given up so that a cut falls between two words.
const WORD: usize = 18;

/// A part of a line that must be seen, since a label points at it. Offsets count from the start of the line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keep {
    pub span: Span,
    /// Columns that its label takes up, to the right of its middle.
    pub label: usize,
    /// It goes on in the lines below: the row shows how it begins.
    pub open: bool,
    /// It began above or goes on below: nothing may stand beside it in its row.
    pub alone: bool,
}

/// How lines are cut: to how many columns, and what stands for the rest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cutter {
    pub width: usize,
    /// `…` or `...`
    pub sign: &'static str,
}

impl Cutter {
    /// The parts of `line` that fit one row and show `keeps`; `sign` will stand between and around them.
    pub fn crop(&self, line: &str, keeps: &[Keep]) -> Vec<Span> {
        let Some((first, last)) = keeps.first().zip(keeps.iter().max_by_key(|keep| keep.span.end)) else {
            return vec![self.opening(line)];
        };
        let hull = Keep { span: keeps.iter().fold(first.span, |hull, keep| hull.join(keep.span)), ..*last };
        let free = keeps.iter().all(|keep| !keep.alone);
        if free && self.fits(line, hull.span, hull.label) {
            return vec![Span::new(0, line.len())];
        }
        if keeps.len() == 1 || free && columns_up_to(hull.span.of(line), self.beside_signs(true, true)).is_some() {
            return self.around(line, hull);
        }
        let mut keeps = keeps.to_vec();
        keeps.sort_by_key(|keep| keep.span);
        let share = Self { width: self.width / keeps.len(), ..*self };
        let mut pieces: Vec<Span> = keeps.iter().flat_map(|&keep| share.around(line, keep)).collect();
        pieces.sort();
        pieces.dedup_by(|next, piece| {
            let near = next.start <= piece.end + 3;
            if near {
                *piece = piece.join(*next);
            }
            near
        });
        pieces
    }

    /// The rows that show all of a long span, broken between words; where they are more than `most` (3 or more), its first
    /// rows and its last.
    pub fn wrap(&self, line: &str, span: Span, most: usize) -> Vec<Span> {
        let mut rows: Vec<Span> = Vec::new();
        let width = self.beside_signs(span.start > 0 || span.end < line.len(), false);
        let mut at = span.start;
        while at < span.end {
            if rows.len() == most {
                rows.truncate(most - 2);
                rows.push(self.tail(line, Span::new(rows[most - 3].end, span.end), width));
                break;
            }
            let row = self.head(line, Span::new(at, span.end), width);
            at = row.end + line[row.end..span.end].bytes().take_while(|&byte| byte == b' ').count();
            rows.push(row);
        }
        rows
    }

    /// Whether all of a line has room, and a label below its part `at`.
    fn fits(&self, line: &str, at: Span, label: usize) -> bool {
        if columns_up_to(line, self.width).is_none() {
            return false;
        }
        let (before, inside, after) = (columns_of(&line[..at.start]), columns_of(at.of(line)), columns_of(&line[at.end..]));
        before + inside + after <= self.width && (label == 0 || before + inside / 2 + label <= self.width)
    }

    /// Columns left for text beside the signs that stand for what is cut off.
    fn beside_signs(&self, before: bool, after: bool) -> usize {
        self.width.saturating_sub((usize::from(before) + usize::from(after)) * (self.sign_columns() + 1)).max(1)
    }

    fn sign_columns(&self) -> usize {
        visible::columns(self.sign)
    }

    /// As much of a line from its start on as there is room for.
    fn opening(&self, line: &str) -> Span {
        if columns_up_to(line, self.width).is_some() {
            return Span::new(0, line.len());
        }
        self.head(line, Span::new(0, line.len()), self.beside_signs(false, true))
    }

    /// The pieces of a line that show one of its parts, with what stands around it as far as there is room.
    fn around(&self, line: &str, keep: Keep) -> Vec<Span> {
        let Span { start, end } = keep.span;
        let width = self.beside_signs(start > 0, end < line.len() || keep.open);
        if keep.open {
            return vec![self.head(line, keep.span, width)];
        }
        let Some(len) = columns_up_to(keep.span.of(line), width) else {
            let width = width.saturating_sub(self.sign_columns() + 2).max(3);
            let head = self.head(line, keep.span, width * 2 / 3);
            return vec![head, self.tail(line, Span::new(head.end, end), width - width * 2 / 3)];
        };
        if keep.alone {
            return vec![keep.span];
        }
        let room = width - len;
        let most_left = columns_of(&line[walk_left(line, 0, start, room)..start]);
        let most_right = columns_of(&line[end..walk_right(line, end, line.len(), room)]);
        let label = keep.label.saturating_sub(len.div_ceil(2)).min(room);
        let left = most_left.min((room / 2).max(room - most_right)).min(room - label);
        let right = most_right.min(room - left);
        vec![Span::new(
            start_of_word(line, walk_left(line, 0, start, left), start),
            end_of_word(line, end, walk_right(line, end, line.len(), right)),
        )]
    }

    /// How a part begins, in so many columns: at least one character of it.
    fn head(&self, line: &str, part: Span, width: usize) -> Span {
        let end = walk_right(line, part.start, part.end, width);
        let end = if end == part.start { end + clusters(part.of(line)).next().map_or(0, |first| first.text.len()) } else { end };
        match if end == part.end { end } else { end_of_word(line, part.start, end) } {
            cut if cut > part.start => Span::new(part.start, cut),
            _ => Span::new(part.start, end),
        }
    }

    /// How a part ends, in so many columns: at least one character of it.
    fn tail(&self, line: &str, part: Span, width: usize) -> Span {
        let start = walk_left(line, part.start, part.end, width);
        let start = if start == part.end { start - clusters_back(part.of(line)).next().map_or(0, |last| last.text.len()) } else { start };
        match if start == part.start { start } else { start_of_word(line, start, part.end) } {
            cut if cut < part.end => Span::new(cut, part.end),
            _ => Span::new(start, part.end),
        }
    }
}

/// The cut `at` moved back to the end of a word, if one ends near after `from`.
fn end_of_word(line: &str, from: usize, at: usize) -> usize {
    let piece = &line[from..at];
    if at == line.len() {
        return at;
    }
    if line[at..].starts_with(char::is_whitespace) {
        return from + piece.trim_end().len();
    }
    let space = clusters_back(piece).take(WORD).find(Cluster::is_space);
    space.map_or(at, |space| from + piece[..space.start].trim_end().len())
}

/// The cut `at` moved on to the start of a word, if one starts near before `to`.
fn start_of_word(line: &str, at: usize, to: usize) -> usize {
    let piece = &line[at..to];
    if at == 0 || line[..at].ends_with(char::is_whitespace) {
        return at + (piece.len() - piece.trim_start().len());
    }
    let space = clusters(piece).take(WORD).find(Cluster::is_space);
    space.map_or(at, |space| to - piece[space.end()..].trim_start().len())
}

/// Columns of a short text as it is shown.
fn columns_of(text: &str) -> usize {
    clusters(text).map(|cluster| cluster.columns()).sum()
}

/// Columns of a text, unless they are more than `most`: then no more of it is looked at.
pub(super) fn columns_up_to(text: &str, most: usize) -> Option<usize> {
    let mut used = 0;
    for cluster in clusters(&text[..text.floor_char_boundary(WINDOW)]) {
        used += cluster.columns();
        if used > most {
            return None;
        }
    }
    (text.len() <= WINDOW).then_some(used)
}

/// The farthest byte up to `limit` that is reached from `from` in `room` columns.
fn walk_right(line: &str, from: usize, limit: usize, mut room: usize) -> usize {
    let end = line.floor_char_boundary(limit.min(from + WINDOW)).max(from);
    for cluster in clusters(&line[from..end]) {
        match room.checked_sub(cluster.columns()) {
            Some(rest) => room = rest,
            None => return from + cluster.start,
        }
    }
    end
}

/// The first byte from `limit` on from which `to` is reached in `room` columns.
fn walk_left(line: &str, limit: usize, to: usize, mut room: usize) -> usize {
    let start = line.ceil_char_boundary(limit.max(to.saturating_sub(WINDOW))).min(to);
    for cluster in clusters_back(&line[start..to]) {
        match room.checked_sub(cluster.columns()) {
            Some(rest) => room = rest,
            None => return start + cluster.end(),
        }
    }
    start
}
