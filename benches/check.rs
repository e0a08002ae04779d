//! How many bytes a second each stage takes, and all of them: `cargo bench`.
//!
//! The texts are the examples of the built-in rules: short, full of what is looked for, and held in the caches of a core.
//! `COPYDESK_BENCH=articles.jsonl cargo bench` measures on a corpus of your own (its first megabytes, by the field `text`).

use copydesk::detect::{Context, witness};
use copydesk::document::{Document, Origin};
use copydesk::lexicon::{Id, Lexicon};
use copydesk::{RuleSet, check, input};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Enough for a figure that holds from run to run.
const MOST_BYTES: usize = 2_000_000;
/// Examples that make a document.
const EXAMPLES: usize = 12;

fn read(path: &Path) -> impl Iterator<Item = Arc<str>> {
    let raws = input::read(vec![path.to_path_buf()], input::Options::default()).expect("no pattern is bad where there is none");
    raws.filter_map(|raw| raw.ok()?.into_text().ok()?)
}

fn corpus(rules: &RuleSet) -> Vec<Arc<str>> {
    if let Some(path) = std::env::var_os("COPYDESK_BENCH") {
        let mut bytes = 0;
        let fits = |text: &Arc<str>| {
            bytes += text.len();
            bytes <= MOST_BYTES
        };
        return read(&PathBuf::from(path)).take_while(fits).collect();
    }
    let examples = rules.rules.iter().flat_map(|rule| {
        let invalid = rule.examples.invalid.iter().map(|example| example.text.value.as_str());
        invalid.chain(rule.examples.valid.iter().map(|example| example.value.as_str()))
    });
    examples.collect::<Vec<_>>().chunks(EXAMPLES).map(|texts| texts.concat().into()).collect()
}

/// Looks each word up and each pair of words, once: the least that rules which judge words by their neighbours can do.
fn look_up(document: &Document, lexicon: &Lexicon) -> usize {
    let ids: Vec<Id> = document.words.iter().map(|word| lexicon.recall(word.hash).id).collect();
    ids.windows(2).filter(|pair| lexicon.pairs.may_contain(pair[0], pair[1])).count()
}

fn stages(criterion: &mut Criterion) {
    let rules = RuleSet::built_in();
    let texts = corpus(&rules);
    let documents: Vec<Document> = texts.iter().map(|text| Document::from_text(text)).collect();
    let records: String = texts.iter().map(|text| serde_json::json!({ "text": &**text }).to_string() + "\n").collect();
    let folder = tempfile::tempdir().expect("there is room for a file");
    let jsonl = folder.path().join("texts.jsonl");
    fs::write(&jsonl, records).expect("there is room for a file");
    let gated = rules.rules.iter().position(|rule| &*rule.id == "share-buttons").expect("the rule is built in");

    let mut group = criterion.benchmark_group("stage");
    let bytes = texts.iter().map(|text| text.len() as u64).sum();
    group.throughput(Throughput::Bytes(bytes)).sample_size(10).measurement_time(Duration::from_secs(3));
    let mut on_each = |name: &str, stage: &dyn Fn(&Context<'_>)| {
        group.bench_function(name, |b| b.iter(|| documents.iter().for_each(|document| stage(&Context::new(document, rules.gate())))));
    };
    on_each("gate", &|cx| _ = black_box(cx.hits(gated)));
    on_each("repeats", &|cx| _ = black_box(cx.repeats()));
    on_each("typos", &|cx| _ = black_box(cx.typos()));
    on_each("words and pairs looked up once", &|cx| _ = black_box(look_up(cx.document, Lexicon::english())));
    on_each("all rules", &|cx| drop(black_box(check(cx.document, &rules))));
    group.bench_function("read records", |b| b.iter(|| read(&jsonl).for_each(|text| drop(black_box(text)))));
    group.bench_function("split into blocks, sentences and words", |b| {
        b.iter(|| texts.iter().for_each(|text| drop(black_box(Document::new(Origin::default(), Arc::clone(text))))));
    });
    group.bench_function("paragraphs of the run", |b| b.iter(|| texts.iter().for_each(|text| drop(black_box(witness::paragraphs(text))))));
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
