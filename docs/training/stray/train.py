#!/usr/bin/env python3
"""Trains the boosted trees of the stray-paragraph detector.

    train.py sieve   MEASURES src/detect/stray_paragraph/sieve.bin ARTICLES.jsonl[.gz] ...
    train.py verdict MEASURES src/detect/stray_paragraph/trees.bin ARTICLES.jsonl[.gz] ...

MEASURES is the built example (`cargo build --release --example stray_measures`), built again between the two: the model of
the verdict looks at the scores of the first look. Articles hold `id`, `source` and `paragraphs`, and `split_key` where two of
them tell the same story. Needs numpy, scikit-learn and lightgbm; single thread; SEED decides everything that is drawn.
"""
import collections, gzip, hashlib, json, random, re, struct, subprocess, sys
import lightgbm, numpy
from sklearn.feature_extraction.text import TfidfVectorizer

SEED, FOLDS, TREES = 7, 5, 400
MODEL = dict(objective="binary", learning_rate=.05, num_leaves=32, max_depth=6, min_child_samples=120, feature_fraction=.3,
             bagging_fraction=.7, bagging_freq=1, lambda_l2=10, max_bin=63, num_threads=1, deterministic=True,
             force_row_wise=True, seed=SEED, verbose=-1)
# The first look: the measures that `sieve.rs` takes come first in each row.
SIEVE = dict(objective="binary", learning_rate=.1, num_leaves=8, max_depth=3, min_child_samples=200, max_bin=63, num_threads=1,
             deterministic=True, force_row_wise=True, seed=SEED, verbose=-1)
SIEVE_TREES, SIEVE_MEASURES = 60, 14
# Wire stories are many and short, blog posts few and varied.
WEIGHT = {"reuters21578": .5, "dragnet": 2.}
VARIANTS = ["clean"] + ["easy"] * 3 + ["hard"] * 6
# Which of the most similar articles gives the paragraph of each hard variant.
RANKS = [0, 0, 0, 1, 1, 2]
WORD = r"[^\W\d_]+(?:['’][^\W\d_]+)?"

def words(text): return re.findall(WORD, text)

def read(paths):
    """Articles of 4 to 60 different paragraphs, each once."""
    articles, openings = {}, set()
    for path in paths:
        for line in (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8"):
            a = json.loads(line)
            paragraphs = [p for p in (re.sub(r"\s+", " ", p).strip() for p in a["paragraphs"]) if p]
            long = sum(len(words(p)) >= 12 for p in paragraphs)
            if long < 4 or len(paragraphs) > 60 or len(set(paragraphs)) < len(paragraphs) or paragraphs[0] in openings: continue
            # An annotation tool lost the apostrophes of this set.
            if a.get("source") in ("l3s", "l3s_gn1"): continue
            openings.add(paragraphs[0])
            source = {"Reuters-21578 (1987)": "reuters21578"}.get(a.get("source"), a.get("source", ""))
            articles.setdefault(str(a["id"]), (str(a["id"]), source, paragraphs, str(a.get("split_key") or a["id"])))
    return [articles[i] for i in sorted(articles)]

def similar(articles, count=8, limit=.6):
    """For each article the most similar others; above the limit it is the same story."""
    vectors = TfidfVectorizer(sublinear_tf=True, token_pattern=WORD, min_df=2, max_df=1 / 3).fit_transform(" ".join(a[2]) for a in articles)
    out = []
    for start in range(0, len(articles), 256):
        near = (vectors[start:start + 256] @ vectors.T).toarray()
        for row in range(near.shape[0]):
            near[row, start + row] = 9
            out.append([int(j) for j in numpy.argsort(-near[row])[:count + 20] if near[row, j] < limit][:count])
    return out

def variants(articles):
    """Each article as it is, and with a paragraph of another one put in, at the end, behind the lead or anywhere."""
    rng, near = random.Random(SEED), similar(articles)
    for number, (_, source, own, key) in enumerate(articles):
        fold = hashlib.sha1(key.encode()).digest()[0] % FOLDS
        ranks = iter(RANKS)
        for kind in VARIANTS:
            rank = next(ranks) if kind == "hard" else 0
            paragraphs, span = list(own), None
            if kind != "clean":
                donors = near[number][rank:rank + 1] if kind == "hard" else [rng.randrange(len(articles))]
                found = [p for j in donors if j != number for p in articles[j][2] if 20 <= len(words(p)) <= 120 and p not in own]
                if not found: continue
                at = rng.choice([len(own), rng.randint(1, len(own)), rng.randint(1, len(own)), 1])
                paragraphs.insert(at, rng.choice(found))
            separator = rng.choice(["\n", "\n\n"])
            if kind != "clean":
                start = len((separator.join(paragraphs[:at]) + separator).encode())
                span = (start, start + len(paragraphs[at].encode()))
            yield dict(kind=kind, source=source, fold=fold, span=span, text=separator.join(paragraphs) + "\n")

def measure(program, documents):
    """-> names of the measures, document of each row, whether it is a stray, rows"""
    lines = "\n".join(json.dumps({"text": d["text"]}) for d in documents)
    run = subprocess.run([program], input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout
    header, body = run.split(b"\n", 1)
    names = header.decode().split(" ")
    rows = numpy.frombuffer(body, "<f4").reshape(-1, 3 + len(names))
    of = rows[:, 0].astype(int)
    stray = numpy.array([bool(documents[d]["span"]) and abs(documents[d]["span"][0] - s) < 2 for d, s in zip(of, rows[:, 1])])
    return names, of, stray, rows[:, 3:]

def fit(rows, stray, weight, sieve):
    model, trees = (SIEVE, SIEVE_TREES) if sieve else (MODEL, TREES)
    return lightgbm.train(model, lightgbm.Dataset(rows, stray, weight=weight), trees)

def report(scores, stray, of, documents):
    """Recall at rates of false alarms, on documents that the model has not seen."""
    kinds = numpy.array([d["kind"] for d in documents])
    total = collections.Counter(kinds)
    clean = numpy.sort(scores[~stray])[::-1]
    print("false paragraphs, threshold, easy, hard, documents with a false alarm")
    for rate in (.0002, .0003, .0005, .001, .002, .003, .005, .01):
        threshold = clean[int(rate * len(clean))]
        hit = [numpy.sum((scores > threshold) & stray & (kinds[of] == k)) / total[k] for k in ("easy", "hard")]
        bad = len(set(of[(scores > threshold) & ~stray])) / len(documents)
        print(f"{rate:.2%}  {threshold:5.2f}  {hit[0]:.3f}  {hit[1]:.3f}  {bad:.2%}")

def export(model, path, features, depth):
    """Writes the format that `trees.rs` describes."""
    trees = model.dump_model()["tree_info"]
    out = bytearray(struct.pack("<4sHBB", b"STT2", len(trees), depth, features))
    for tree in trees:
        places = 2 ** depth
        which, thresholds, leaves = [0] * places, [0.] * places, [0.] * places
        def walk(node, at):
            if at >= places:
                leaves[at - places] = node["leaf_value"]
            elif "split_index" in node:
                which[at], thresholds[at] = node["split_feature"], node["threshold"]
                walk(node["left_child"], 2 * at), walk(node["right_child"], 2 * at + 1)
            else:  # A leaf above the ground stands at the end of either way.
                walk(node, 2 * at), walk(node, 2 * at + 1)
        walk(tree["tree_structure"], 1)
        out += struct.pack(f"<{places}B{2 * places}f", *which, *thresholds, *leaves)
    open(path, "wb").write(out)

def kept(scores, stray, of, documents):
    """What is left behind the first look, by its bound."""
    clean = numpy.array([d["kind"] == "clean" for d in documents])
    hard = numpy.array([d["kind"] == "hard" for d in documents])[of] & stray
    print("bound, share of strays lost, of hard ones, clean paragraphs left, clean documents left")
    for bound in numpy.arange(-4, 0, .25):
        left = scores >= bound
        documents_left = len(set(of[left & clean[of]])) / clean.sum()
        print(f"{bound:5.2f}  {1 - left[stray].mean():.3f}  {1 - left[hard].mean():.3f}  {left[clean[of]].mean():.3f}  {documents_left:.3f}")

def main(stage, program, out, *paths):
    sieve = {"sieve": True, "verdict": False}[stage]
    articles = read(paths)
    print(len(articles), "articles", dict(collections.Counter(a[1] for a in articles)))
    documents = list(variants(articles))
    names, of, stray, rows = measure(program, documents)
    if sieve: names, rows = names[:SIEVE_MEASURES], rows[:, :SIEVE_MEASURES]
    weight = numpy.array([WEIGHT.get(d["source"], 1.) for d in documents])[of]
    fold = numpy.array([d["fold"] for d in documents])[of]
    print(len(documents), "documents", len(rows), "paragraphs", int(stray.sum()), "strays")
    scores = numpy.zeros(len(rows))
    for k in range(FOLDS):
        seen = fold != k
        scores[~seen] = fit(rows[seen], stray[seen], weight[seen], sieve).predict(rows[~seen], raw_score=True, num_threads=1)
    report(scores, stray, of, documents)
    if sieve: kept(scores, stray, of, documents)
    model = fit(rows, stray, weight, sieve)
    export(model, out, len(names), (SIEVE if sieve else MODEL)["max_depth"])
    gain = model.feature_importance("gain")
    print("strongest:", ", ".join(names[i] for i in numpy.argsort(-gain)[:40]))

if __name__ == "__main__":
    main(*sys.argv[1:])
