//! The closer look: everything else that is measured of a paragraph, for the model that decides.

use super::features::{COUNT, Features, Measures, top_three};
use super::maths::{ln, median, z_scores};
use super::sketch::Sketch;
use super::standing::Standing;
use super::style::{MARK_NAMES, MARKS, Mark, Marks, Style};
use super::table::Table;
use super::term::{Lexicon, TermId};

/// What [`Closer::look`] gives, in its order, up to the marks of style.
const NAMES: &str = "overlap shared-mass unshared-names shared-names tfidf-rest tfidf-best z-overlap z-tfidf-rest vector-rest vector-best vector-best-3 vector-neighbour z-vector-mean document-vector-rest document-paragraphs words first-score first-score-highest first-score-second first-score-mean first-score-deviation first-score-lead first-score-before first-score-behind first-scores-high overlap-gap overlap-rank cosine-gap cosine-rank vector-gap vector-rank whitened-gap whitened-rank overlap-near overlap-before overlap-behind overlap-title hole-vector hole-lexical lead-vector lead-cosine title-cosine tied vector-before vector-behind vector-second whitened-before whitened-behind whitened-rest whitened-best whitened-best-3 whitened-mean z-whitened whitened-lead document-whitened position from-end document-overlap document-words length terms mass mean-idf unknown-share core-share core-names chain bare-unknown bare-unknown-titled bare-unknown-speaks full-new full-new-speaks full-again bare-known bare-too-early full-used-later definite-known definite-unknown opens-with-link he-missing she-missing first-missing";

/// The names of the measures, for whoever trains the trees.
pub fn names() -> Vec<String> {
    let marks = (1..MARKS).flat_map(|mark| [format!("own-{}", MARK_NAMES[mark]), format!("against-rest-{}", MARK_NAMES[mark])]);
    let last = ["style-surprise", "quote-match", "apostrophe-match"].map(String::from);
    NAMES.split(' ').map(String::from).chain(marks).chain(last).collect()
}

/// Terms in so many paragraphs are what the document is about.
const CORE: u32 = 3;

/// A document seen closely.
pub struct Closer<'d> {
    sketches: &'d [Sketch],
    styles: &'d [Style],
    lexicon: &'d Lexicon<'d>,
    measures: &'d Measures,
    /// Linear scores of the judged paragraphs.
    standing: Standing<'d>,
    /// Nearness of the vectors without what most of them share.
    whitened: super::features::Dense,
    z_whitened: Vec<f64>,
    whitened_median: f64,
    overlap_median: f64,
    /// tf-idf cosine to the others, on the mean.
    cosine_mean: Vec<f64>,
    total: Marks,
    mean_words: f64,
    core_mass: f64,
    people: People,
    /// The first paragraph that is long enough to be judged, and the second, which stands in for it where it judges itself.
    lead: [usize; 2],
}

/// Where each term first stands under a full name, and last alone.
struct People {
    first_full: Vec<u32>,
    last_bare: Vec<u32>,
    first: Vec<u32>,
}

impl People {
    fn of(sketches: &[Sketch], styles: &[Style], terms: usize) -> Self {
        let mut people = Self { first_full: vec![u32::MAX; terms], last_bare: vec![0; terms], first: vec![u32::MAX; terms] };
        for (at, (sketch, style)) in sketches.iter().zip(styles).enumerate() {
            for used in &sketch.terms {
                let first = &mut people.first[used.term as usize];
                *first = (*first).min(at as u32);
            }
            for name in &style.names {
                let term = name.term as usize;
                if name.full {
                    people.first_full[term] = people.first_full[term].min(at as u32);
                }
                if name.bare {
                    people.last_bare[term] = at as u32;
                }
            }
        }
        people
    }
}

impl<'d> Closer<'d> {
    pub fn new(sketches: &'d [Sketch], styles: &'d [Style], lexicon: &'d Lexicon<'d>, measures: &'d Measures, scores: &'d [f64]) -> Self {
        let judged = &measures.judged;
        let column = |values: &[f64]| judged.iter().map(|&at| values[at]).collect::<Vec<f64>>();
        let whitened = super::features::Dense::of(sketches, &super::features::whitened_units(sketches));
        let others = (sketches.len() as f64 - 1.0).max(1.0);
        let cosine_mean: Vec<f64> = (0..sketches.len())
            .map(|at| {
                measures.lexical.cosine.row(at).iter().enumerate().filter(|(other, _)| *other != at).map(|(_, x)| x).sum::<f64>() / others
            })
            .collect();
        let mut total = [0.0; MARKS];
        for style in styles {
            for (total, mark) in total.iter_mut().zip(&style.marks) {
                *total += mark;
            }
        }
        let paragraphs = &measures.lexical.paragraphs;
        let core = (0..paragraphs.len()).filter(|&term| paragraphs[term] >= CORE);
        let mut long = (0..sketches.len()).filter(|&at| sketches[at].words >= super::features::MIN_WORDS);
        let first = long.next().unwrap_or(0);
        Self {
            standing: Standing::new(scores),
            z_whitened: z_scores(&column(&whitened.rest), 0.05),
            whitened_median: median(column(&whitened.rest)),
            overlap_median: median(column(&measures.lexical.overlap)),
            whitened,
            cosine_mean,
            mean_words: (total[Mark::Words as usize] / sketches.len().max(1) as f64).max(1.0),
            total,
            core_mass: core.map(|term| lexicon.terms[term].idf * f64::from(paragraphs[term] - 1)).sum::<f64>() + 1e-9,
            people: People::of(sketches, styles, paragraphs.len()),
            lead: [first, long.next().unwrap_or(first)],
            sketches,
            styles,
            lexicon,
            measures,
        }
    }

    /// All that is measured of the judged paragraph number `row`: the features of the linear model, then the others.
    pub fn look(&self, row: usize) -> Vec<f32> {
        let mut out = Out(Vec::with_capacity(COUNT + 128));
        let features: &Features = &self.measures.rows[row];
        out.extend(features);
        let at = self.measures.judged[row];
        out.extend(&self.standing.of(row));
        self.ranks(at, &mut out);
        self.neighbours(at, &mut out);
        self.vectors(at, row, &mut out);
        self.document(at, &mut out);
        self.terms(at, &mut out);
        self.people(at, &mut out);
        self.style(at, &mut out);
        out.0
    }

    /// Whether the paragraph is the oddest of its document by one measure, and by how much.
    fn ranks(&self, at: usize, out: &mut Out) {
        for values in [&self.measures.lexical.overlap, &self.cosine_mean, &self.measures.dense.rest, &self.whitened.rest] {
            let others = || self.measures.judged.iter().filter(|&&other| other != at).map(|&other| values[other]);
            let lowest = others().fold(f64::INFINITY, f64::min);
            let below = others().filter(|&other| other < values[at]).count();
            out.push(if lowest.is_finite() { values[at] - lowest } else { 0.0 });
            out.push(below as f64 / self.measures.judged.len() as f64);
        }
    }

    fn idf(&self, term: TermId) -> f64 {
        self.lexicon.terms[term as usize].idf
    }

    /// Whether a paragraph, if there is one, holds the term.
    fn holds(&self, at: Option<usize>, term: TermId) -> bool {
        at.and_then(|at| self.sketches.get(at)).is_some_and(|sketch| sketch.terms.binary_search_by_key(&term, |used| used.term).is_ok())
    }

    /// Share of its idf that stands in the paragraphs around, in the title, in the lead.
    fn neighbours(&self, at: usize, out: &mut Out) {
        let around = [at.checked_sub(1), Some(at + 1), at.checked_sub(2), Some(at + 2)];
        let title = Some(0).filter(|&title| title != at);
        let (mut mass, mut near, mut before, mut behind, mut with_title) = (1e-6, 0.0, 0.0, 0.0, 0.0);
        for used in &self.sketches[at].terms {
            let idf = self.idf(used.term);
            mass += idf;
            // Nothing else need be asked of a term that stands here only.
            if self.measures.stands_alone(used.term) {
                continue;
            }
            let held = around.map(|other| self.holds(other, used.term));
            near += if held.contains(&true) { idf } else { 0.0 };
            before += if held[0] { idf } else { 0.0 };
            behind += if held[1] { idf } else { 0.0 };
            with_title += if self.holds(title, used.term) { idf } else { 0.0 };
        }
        let last = at + 1 == self.sketches.len();
        out.push(near / mass);
        out.push(if at > 0 { before / mass } else { -1.0 });
        out.push(if last { -1.0 } else { behind / mass });
        out.push(with_title / mass);
        // Do the two around it fit each other better than either fits it?
        let cosine = self.measures.lexical.cosine.row(at);
        let near = self.measures.dense.cosine.row(at);
        if at > 0 && !last {
            out.push(f64::from(self.measures.dense.cosine.row(at - 1)[at + 1] - f32::max(near[at - 1], near[at + 1])));
            out.push(self.measures.lexical.cosine.row(at - 1)[at + 1] - f64::max(cosine[at - 1], cosine[at + 1]));
        } else {
            out.extend(&[-2.0, -2.0]);
        }
        let lead = if self.lead[0] == at { self.lead[1] } else { self.lead[0] };
        out.push(f64::from(near[lead]));
        out.push(cosine[lead]);
        out.push(if at > 0 { cosine[0] } else { -1.0 });
        let others = (self.sketches.len() as f64 - 1.0).max(1.0);
        let tied = cosine.iter().enumerate().filter(|&(other, &cosine)| other != at && cosine > 0.05).count();
        out.push(tied as f64 / others);
    }

    fn vectors(&self, at: usize, row: usize, out: &mut Out) {
        let beside = |row: &[f32]| {
            let before = at.checked_sub(1).map_or(-1.0, |before| row[before]);
            [f64::from(before), f64::from(row.get(at + 1).copied().unwrap_or(-1.0))]
        };
        let near = self.measures.dense.cosine.row(at);
        out.extend(&beside(near));
        out.push(f64::from(top_three(near, at)[1]));
        let near = self.whitened.cosine.row(at);
        let top = top_three(near, at);
        let others = (self.sketches.len() as f64 - 1.0).max(1.0);
        out.extend(&beside(near));
        out.push(self.whitened.rest[at]);
        out.push(f64::from(top[0]));
        out.push(f64::from(top[0] + top[1] + top[2]) / 3.0);
        out.push(near.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, &x)| f64::from(x)).sum::<f64>() / others);
        out.push(self.z_whitened[row]);
        let lead = if self.lead[0] == at { self.lead[1] } else { self.lead[0] };
        out.push(f64::from(near[lead]));
        out.push(self.whitened_median);
    }

    fn document(&self, at: usize, out: &mut Out) {
        out.push(at as f64);
        out.push((self.sketches.len() - 1 - at) as f64);
        out.push(self.overlap_median);
        out.push(self.total[Mark::Words as usize]);
        out.push(self.sketches[at].words as f64 / self.mean_words);
    }

    /// How heavy its terms are, and how many of them are what the document is about.
    fn terms(&self, at: usize, out: &mut Out) {
        let terms = &self.sketches[at].terms;
        let count = (terms.len() as f64).max(1.0);
        let paragraphs = |term: TermId| self.measures.lexical.paragraphs[term as usize];
        let (mut mass, mut unknown, mut core, mut core_names, mut chain) = (0.0, 0.0, 0.0, 0.0, 0f64);
        for used in terms {
            let (idf, held) = (self.idf(used.term), paragraphs(used.term));
            mass += idf;
            unknown += f64::from(u8::from(held == 1 && idf == Table::shipped().max_idf));
            chain = chain.max(idf * f64::from(held - 1));
            if held >= CORE {
                core += idf * f64::from(held - 1);
                core_names += f64::from(u8::from(used.name));
            }
        }
        let others = (self.sketches.len() as f64 - 1.0).max(1.0);
        out.extend(&[terms.len() as f64, mass, mass / count, unknown / count, core / self.core_mass, core_names, chain / others]);
    }

    /// People named without having been introduced, introduced twice, or spoken of later; things that `the` takes for known.
    fn people(&self, at: usize, out: &mut Out) {
        let style = &self.styles[at];
        let (mut unknown, mut unknown_titled, mut unknown_speaks, mut new, mut new_speaks) = (0.0, 0.0, 0.0, 0.0, 0.0);
        let (mut again, mut known_before, mut too_early, mut used_later) = (0.0, 0.0, 0.0, 0.0);
        for name in &style.names {
            let term = name.term as usize;
            let alone = self.measures.stands_alone(name.term);
            let one = |holds: bool| f64::from(u8::from(holds));
            let introduced = (self.people.first_full[term] as usize) < at;
            unknown += one(alone && !name.full);
            unknown_titled += one(alone && !name.full && name.titled);
            unknown_speaks += one(alone && !name.full && name.speaks);
            new += one(alone && name.full);
            new_speaks += one(alone && name.full && name.speaks);
            again += one(!alone && name.full && introduced);
            used_later += one(!alone && name.full && !introduced && self.people.last_bare[term] as usize > at);
            known_before += one(!alone && name.bare && (self.people.first[term] as usize) < at);
            too_early += one(!alone && name.bare && !name.full && self.people.first[term] as usize == at);
        }
        out.extend(&[unknown, unknown_titled, unknown_speaks, new, new_speaks, again, known_before, too_early, used_later]);
        let alone = style.definite.iter().filter(|&&term| self.measures.stands_alone(term)).count();
        out.push((style.definite.len() - alone) as f64);
        out.push(alone as f64);
        out.push(f64::from(u8::from(style.opens_with_link)));
        for person in [Mark::He, Mark::She, Mark::First] {
            let own = style.marks[person as usize];
            out.push(if self.total[person as usize] > own { 0.0 } else { own });
        }
    }

    /// How the paragraph is written, and how far that is from how the rest is.
    fn style(&self, at: usize, out: &mut Out) {
        let marks = &self.styles[at].marks;
        let rest: Vec<f64> = self.total.iter().zip(marks).map(|(total, own)| total - own).collect();
        let (words, rest_words) = (marks[Mark::Words as usize].max(1.0), rest[Mark::Words as usize].max(1.0));
        let mut surprise = 0.0;
        for mark in 1..MARKS {
            let own = marks[mark] / words;
            out.push(own);
            out.push(own - rest[mark] / rest_words);
            if mark > Mark::Letters as usize && marks[mark] > 0.0 {
                surprise += marks[mark] * ln((own + 0.002) / ((rest[mark] + 0.5) / (rest_words + 50.0) + 0.002));
            }
        }
        out.push(surprise);
        // How much of what it has of either kind is of the kind that the rest has.
        for [one, other] in [[Mark::CurlyQuote, Mark::StraightQuote], [Mark::CurlyApostrophe, Mark::StraightApostrophe]] {
            let (x, y) = (marks[one as usize], marks[other as usize]);
            let (rest_x, rest_y) = (rest[one as usize], rest[other as usize]);
            out.push(if x + y == 0.0 || rest_x + rest_y == 0.0 { 1.0 } else { (x * rest_x + y * rest_y) / ((x + y) * (rest_x + rest_y)) });
        }
    }
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
    use super::super::judge;
    use crate::detect::{Context, Gate};
    use crate::document::Document;

    #[test]
    fn every_measure_has_a_name() {
        let text: String = (1..9)
            .map(|day| format!("On day {day} the council of Hallby spoke about the harbour wall, its cost and the {day} boats.\n"))
            .collect();
        let (document, gate) = (Document::from_text(&text), Gate::new(&[], |_| true));
        let rows = judge::rows(&Context::new(&document, &gate));
        assert_eq!(rows.len(), 8);
        assert!(rows.iter().all(|(_, row)| row.len() == super::names().len() && row.iter().all(|value| value.is_finite())));
    }
}
