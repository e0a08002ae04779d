//! The closer look at a suspect: everything that the verdict is based on.

use super::draft::{Draft, TermId};
use super::marks::{self, MARK_NAMES, MARKS, Mark, Marks};
use super::people::People;
use super::sieve::{self, Look};
use super::standing::Standing;
use super::vectors::{self, Near, Vector, Vectors};
use crate::detect::trees::Trees;
use std::ops::Range;
use std::sync::LazyLock;

static TREES: &[u8] = include_bytes!("trees.bin");

pub fn trees() -> Trees<64> {
    Trees::read(TREES)
}

/// By how much the trees behind each one can raise a score.
pub fn reach() -> &'static [f64] {
    static REACH: LazyLock<Vec<f64>> = LazyLock::new(|| trees().reach());
    &REACH
}

/// What [`Closer::look`] gives behind the measures of the first look, in its order, up to the marks.
const NAMES: &str = "first-score first-score-highest first-score-second first-score-mean first-score-deviation first-score-lead first-score-before first-score-behind first-scores-high vector-rest vector-best vector-best-3 vector-neighbour z-vector-mean document-vector-rest vector-second vector-before vector-behind lead-vector hole-vector tfidf-best overlap-near overlap-before overlap-behind overlap-title hole-lexical lead-cosine title-cosine tied document-overlap document-words length unknown-share core-share core-names chain bare-unknown bare-unknown-titled bare-unknown-speaks full-new full-new-speaks bare-known full-used-later definite-known definite-unknown opens-with-link";

/// The names of the measures, for whoever trains the trees.
pub fn names() -> Vec<String> {
    let marks = (1..MARKS).flat_map(|mark| [format!("own-{}", MARK_NAMES[mark]), format!("against-rest-{}", MARK_NAMES[mark])]);
    let last = ["quote-match", "apostrophe-match"].map(String::from);
    sieve::NAMES.into_iter().chain(NAMES.split(' ')).map(String::from).chain(marks).chain(last).collect()
}

/// Terms in so many paragraphs are what the document is about.
const CORE: u32 = 3;

/// What the paragraphs of a draft are by themselves, whatever stands around them.
#[derive(Clone)]
pub struct Own {
    marks: Vec<Marks>,
    units: Vec<Vector>,
}

impl Own {
    pub fn of(draft: &Draft<'_>) -> Self {
        let all = 0..draft.paragraphs.len();
        Self { marks: all.clone().map(|at| marks::of(draft, at)).collect(), units: all.map(|at| vectors::unit(draft, at)).collect() }
    }

    /// The same where some are read as one: of the draft in which they are.
    pub fn merged(&self, draft: &Draft<'_>, run: Range<usize>) -> Self {
        let mut own = self.clone();
        own.marks.splice(run.clone(), [marks::of(draft, run.start)]);
        own.units.splice(run.clone(), [vectors::unit(draft, run.start)]);
        own
    }
}

/// A stretch of a document seen closely.
pub struct Closer<'d> {
    draft: &'d Draft<'d>,
    look: &'d Look,
    vectors: Vectors,
    standing: Standing<'d>,
    marks: Vec<Marks>,
    total: Marks,
    core_mass: f64,
    /// The first paragraph that is long enough to be judged, and the second, which stands in for it where it judges itself.
    lead: [usize; 2],
}

/// What was found out about a suspect.
pub struct Suspect {
    pub measures: Vec<f32>,
    /// The paragraph whose vector is nearest.
    pub nearest: Option<usize>,
}

/// What the terms of a paragraph have in common with the others.
struct Ties {
    /// tf-idf cosine to each paragraph.
    cosines: Vec<f64>,
    /// Share of its idf that stands in the two paragraphs on either side, before, behind, in the first.
    near: f64,
    before: f64,
    behind: f64,
    title: f64,
    unknown: f64,
    core: f64,
    core_names: f64,
    /// Idf of the term that ties it to most.
    chain: f64,
}

impl<'d> Closer<'d> {
    pub fn new(draft: &'d Draft<'d>, look: &'d Look, own: Own) -> Self {
        let Own { marks, units } = own;
        let mut total = [0; MARKS];
        for marks in &marks {
            for (total, mark) in total.iter_mut().zip(marks) {
                *total += mark;
            }
        }
        let core = draft.terms.iter().filter(|term| term.paragraphs >= CORE);
        let mut judged = look.judged.iter().copied();
        let first = judged.next().unwrap_or(0);
        Self {
            vectors: Vectors::of(draft, units, &look.judged),
            standing: Standing::new(&look.scores),
            total,
            core_mass: core.map(|term| idf(term.idf) * f64::from(term.paragraphs - 1)).sum::<f64>() + 1e-9,
            lead: [first, judged.next().unwrap_or(first)],
            marks,
            draft,
            look,
        }
    }

    /// All that is measured of the judged paragraph number `row`.
    pub fn look(&self, row: usize) -> Suspect {
        let at = self.look.judged[row];
        let mut out = Out(Vec::with_capacity(96));
        out.0.extend(self.look.rows[row]);
        out.extend(&self.standing.of(row));
        let near = self.vectors.near(at);
        let ties = self.ties(at);
        self.vectors(at, row, &near, &mut out);
        self.neighbours(at, &ties, &mut out);
        self.terms(at, &ties, &mut out);
        self.people(at, &mut out);
        self.style(at, &mut out);
        let cosines = &near.cosines;
        let nearest = (0..cosines.len()).filter(|&other| other != at).max_by(|&a, &b| cosines[a].total_cmp(&cosines[b]));
        Suspect { measures: out.0, nearest }
    }

    /// The lead of the document; where the paragraph is the lead itself, what follows it.
    fn lead(&self, at: usize) -> usize {
        if self.lead[0] == at { self.lead[1] } else { self.lead[0] }
    }

    /// Whether paragraphs stand on both sides.
    fn between(&self, at: usize) -> bool {
        at > 0 && at + 1 < self.draft.paragraphs.len()
    }

    fn vectors(&self, at: usize, row: usize, near: &Near, out: &mut Out) {
        let before = at.checked_sub(1).map_or(-1.0, |before| near.cosines[before]);
        let behind = near.cosines.get(at + 1).copied().unwrap_or(-1.0);
        let [best, second, third] = near.top;
        let (count, three) = (near.cosines.len().saturating_sub(1).clamp(1, 3), [best, second, third]);
        out.push(near.rest);
        out.push(f64::from(best));
        out.push(f64::from(three[..count].iter().sum::<f32>() / count as f32));
        out.push(f64::from(before.max(behind)));
        out.push(self.vectors.z_mean[row]);
        out.push(self.vectors.median_rest);
        out.push(f64::from(second));
        out.push(f64::from(before));
        out.push(f64::from(behind));
        out.push(f64::from(near.cosines[self.lead(at)]));
        // Do the two around it fit each other better than either fits it?
        out.push(if self.between(at) { f64::from(self.vectors.cosine(at - 1, at + 1) - before.max(behind)) } else { -2.0 });
    }

    /// One walk over all places where the terms of the paragraph stand.
    fn ties(&self, at: usize) -> Ties {
        let (draft, look) = (self.draft, self.look);
        let mut ties = Ties {
            cosines: vec![0.0; draft.paragraphs.len()],
            near: 0.0,
            before: 0.0,
            behind: 0.0,
            title: 0.0,
            unknown: 0.0,
            core: 0.0,
            core_names: 0.0,
            chain: 0.0,
        };
        let mut mass = 1e-6;
        let first = draft.first_use(at);
        for (place, used) in draft.uses_of(at).iter().enumerate() {
            let term = &draft.terms[used.term as usize];
            let idf = idf(term.idf);
            mass += idf;
            if term.paragraphs == 1 {
                ties.unknown += if term.idf >= draft.words.unknown_idf { 1.0 } else { 0.0 };
                continue;
            }
            let own = f64::from(look.weights[first + place]);
            let [mut near, mut before, mut behind, mut title] = [false; 4];
            for (other_place, other) in draft.places(used.term) {
                let other = other.paragraph as usize;
                ties.cosines[other] += own * f64::from(look.weights[other_place]);
                before |= other + 1 == at;
                behind |= other == at + 1;
                near |= other != at && other.abs_diff(at) <= 2;
                title |= other == 0 && at != 0;
            }
            ties.near += if near { idf } else { 0.0 };
            ties.before += if before { idf } else { 0.0 };
            ties.behind += if behind { idf } else { 0.0 };
            ties.title += if title { idf } else { 0.0 };
            let held = idf * f64::from(term.paragraphs - 1);
            ties.chain = ties.chain.max(held);
            if term.paragraphs >= CORE {
                ties.core += held;
                ties.core_names += f64::from(u8::from(used.name));
            }
        }
        for (other, cosine) in ties.cosines.iter_mut().enumerate() {
            *cosine /= look.norms[at] * look.norms[other];
        }
        for share in [&mut ties.near, &mut ties.before, &mut ties.behind, &mut ties.title] {
            *share /= mass;
        }
        ties
    }

    /// tf-idf cosine of two paragraphs.
    fn cosine(&self, one: usize, other: usize) -> f64 {
        let first = self.draft.first_use(one);
        let mut dot = 0.0;
        for (place, used) in self.draft.uses_of(one).iter().enumerate() {
            if let Some((there, _)) = self.draft.places(used.term).find(|(_, place)| place.paragraph as usize == other) {
                dot += f64::from(self.look.weights[first + place]) * f64::from(self.look.weights[there]);
            }
        }
        dot / (self.look.norms[one] * self.look.norms[other])
    }

    fn neighbours(&self, at: usize, ties: &Ties, out: &mut Out) {
        let others = || ties.cosines.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, &cosine)| cosine);
        out.push(others().fold(-1.0, f64::max));
        out.push(ties.near);
        out.push(if at > 0 { ties.before } else { -1.0 });
        out.push(if at + 1 < self.draft.paragraphs.len() { ties.behind } else { -1.0 });
        out.push(ties.title);
        out.push(if self.between(at) { self.cosine(at - 1, at + 1) - ties.cosines[at - 1].max(ties.cosines[at + 1]) } else { -2.0 });
        out.push(ties.cosines[self.lead(at)]);
        out.push(if at > 0 { ties.cosines[0] } else { -1.0 });
        out.push(others().filter(|&cosine| cosine > 0.05).count() as f64 / self.others());
    }

    /// How many paragraphs there are beside one.
    fn others(&self) -> f64 {
        (self.draft.paragraphs.len() as f64 - 1.0).max(1.0)
    }

    /// How the paragraph stands to its document, and how many of its terms are what the document is about.
    fn terms(&self, at: usize, ties: &Ties, out: &mut Out) {
        let words = f64::from(self.total[Mark::Words as usize]);
        out.push(self.look.median_overlap);
        out.push(words);
        out.push(self.draft.paragraphs[at].words as f64 / (words / (self.others() + 1.0)).max(1.0));
        out.push(ties.unknown / (self.draft.uses_of(at).len() as f64).max(1.0));
        out.push(ties.core / self.core_mass);
        out.push(ties.core_names);
        out.push(ties.chain / self.others());
    }

    /// People named without having been introduced or spoken of later; things that `the` takes for known.
    fn people(&self, at: usize, out: &mut Out) {
        let people = People::of(self.draft, at);
        let term = |id: TermId| &self.draft.terms[id as usize];
        let alone = |id: TermId| term(id).paragraphs == 1;
        let mut counts = [0.0; 7];
        for name in &people.names {
            let (alone, first) = (alone(name.term), term(name.term).first as usize);
            let later = self.draft.places(name.term).next().is_some_and(|(_, last)| last.paragraph as usize > at);
            let holds = [
                alone && !name.full,
                alone && !name.full && name.titled,
                alone && !name.full && name.speaks,
                alone && name.full,
                alone && name.full && name.speaks,
                !alone && name.bare && first < at,
                !alone && name.full && first == at && later,
            ];
            for (count, holds) in counts.iter_mut().zip(holds) {
                *count += f64::from(u8::from(holds));
            }
        }
        out.extend(&counts);
        let unknown = people.definite.iter().filter(|&&term| alone(term)).count();
        out.push((people.definite.len() - unknown) as f64);
        out.push(unknown as f64);
        out.push(f64::from(u8::from(people.opens_with_link)));
    }

    /// How the paragraph is written, and how far that is from how the rest is.
    fn style(&self, at: usize, out: &mut Out) {
        let own = &self.marks[at];
        let rest: Vec<f64> = self.total.iter().zip(own).map(|(total, own)| f64::from(total - own)).collect();
        let own = own.map(f64::from);
        let (words, rest_words) = (own[Mark::Words as usize].max(1.0), rest[Mark::Words as usize].max(1.0));
        for mark in 1..MARKS {
            let share = own[mark] / words;
            out.push(share);
            out.push(share - rest[mark] / rest_words);
        }
        // How much of what it has of either kind is of the kind that the rest has.
        for [one, other] in [[Mark::CurlyQuote, Mark::StraightQuote], [Mark::CurlyApostrophe, Mark::StraightApostrophe]] {
            let (x, y) = (own[one as usize], own[other as usize]);
            let (rest_x, rest_y) = (rest[one as usize], rest[other as usize]);
            out.push(if x + y == 0.0 || rest_x + rest_y == 0.0 { 1.0 } else { (x * rest_x + y * rest_y) / ((x + y) * (rest_x + rest_y)) });
        }
    }
}

fn idf(sixteenths: u8) -> f64 {
    f64::from(sixteenths) / 16.0
}

/// A row that grows; single precision is what the trees were trained on.
struct Out(Vec<f32>);

impl Out {
    fn push(&mut self, value: f64) {
        self.0.push(value as f32);
    }

    fn extend(&mut self, values: &[f64]) {
        self.0.extend(values.iter().map(|&value| value as f32));
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Trained, judge};
    use crate::detect::{Context, Gate};
    use crate::document::Document;

    #[test]
    fn every_measure_has_a_name() {
        let text: String = (1..9)
            .map(|day| format!("On day {day} the council of Hallby spoke about the harbour wall, its cost and the {day} boats.\n"))
            .collect();
        let (document, gate) = (Document::from_text(&text), Gate::new(&[], |_| true));
        let rows = judge::rows(&Context::new(&document, &gate), Trained::Paragraphs);
        assert_eq!(rows.len(), 8);
        assert!(rows.iter().all(|(_, row)| row.len() == super::names().len() && row.iter().all(|value| value.is_finite())));
    }
}
