#!/usr/bin/env python3
"""Trains the boosted trees of the stray-paragraph detector.

    train.py sieve   MEASURES src/detect/stray_paragraph/sieve.bin ARTICLES.jsonl[.gz] ...
    train.py verdict MEASURES src/detect/stray_paragraph/trees.bin ARTICLES.jsonl[.gz] ...
    train.py seam    MEASURES src/detect/stray_paragraph/seam.bin ARTICLES.jsonl[.gz] ...
    train.py lexical MEASURES src/detect/stray_paragraph/lexical.bin ARTICLES.jsonl[.gz] ...

MEASURES is the built example (`cargo build --release --example stray_measures`), built again after the first: the model of
the verdict looks at the scores of the first look. Articles hold `id`, `source` and `paragraphs`, `title` where they have one, and
`split_key` where two of them tell the same story. Needs numpy, scikit-learn and lightgbm; single thread; SEED decides everything that is drawn.
"""
import collections, gzip, hashlib, json, pathlib, random, re, subprocess, sys, tempfile
import lightgbm, numpy
from sklearn.feature_extraction.text import TfidfVectorizer

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import boosted

SEED, FOLDS = 7, 5
SHARED = dict(objective="binary", max_bin=63, num_threads=1, deterministic=True, force_row_wise=True, seed=SEED, verbose=-1)
# What a model looks at, how many trees, and how they grow.
STAGES = {
    # The first look: the measures that `sieve.rs` takes come first in each row.
    "sieve": ("paragraphs", 60, dict(learning_rate=.1, num_leaves=8, max_depth=3, min_child_samples=200)),
    "verdict": ("paragraphs", 600, dict(learning_rate=.04, num_leaves=32, max_depth=6, min_child_samples=200, feature_fraction=.3,
                                        bagging_fraction=.7, bagging_freq=1, lambda_l2=10)),
    "seam": ("seams", 200, dict(learning_rate=.08, num_leaves=16, max_depth=4, min_child_samples=150, lambda_l2=5)),
    "lexical": ("lexical", 200, dict(learning_rate=.06, num_leaves=8, max_depth=3, min_child_samples=300, lambda_l2=10)),
}
SIEVE_MEASURES = 14
# The verdict is trained on what the first look leaves at the lowest of its bounds, and on one in five of the others, for the
# sake of the run as witness: it compares the score of a paragraph with that at home, where the first look clears it.
LEFT, OTHERS = -2.5, 5
# Wire stories are many and short, blog posts few and varied.
WEIGHT = {"reuters21578": .5, "dragnet": 2.}
# Of 25 documents one is clean; life has more of them.
CLEAN = 2
# The tables count at most so many articles of a source, as the labelled sets do.
MOST_OF_A_SOURCE = 400
VARIANTS = ["clean"] + ["easy"] * 8 + ["hard"] * 16
# Which of the most similar articles gives the paragraph of each hard variant.
RANKS = [0] * 7 + [1] * 4 + [2] * 3 + [3] * 2
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
            title = re.sub(r"\s+", " ", a.get("title") or "").strip()
            articles.setdefault(str(a["id"]), (str(a["id"]), source, paragraphs, str(a.get("split_key") or a["id"]), title))
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

def fold_of(article):
    """Articles of one story fall into the same fifth."""
    return hashlib.sha1(article[3].encode()).digest()[0] % FOLDS

def variants(articles):
    """Each article as it is, and with a paragraph of another one put in, at the end, behind the lead or anywhere."""
    rng, near = random.Random(SEED), similar(articles)
    for number, article in enumerate(articles):
        own, ranks = article[2], iter(RANKS)
        for kind in VARIANTS:
            rank = next(ranks) if kind == "hard" else 0
            paragraphs, span, donor = list(own), None, None
            if kind != "clean":
                donors = near[number][rank:rank + 1] if kind == "hard" else [rng.randrange(len(articles))]
                found = [(j, p) for j in donors if j != number for p in articles[j][2] if 20 <= len(words(p)) <= 120 and p not in own]
                if not found: continue
                at = rng.choice([len(own), rng.randint(1, len(own)), rng.randint(1, len(own)), 1])
                donor, stray = rng.choice(found)
                paragraphs.insert(at, stray)
            separator = rng.choice(["\n", "\n\n"])
            if kind != "clean":
                start = len((separator.join(paragraphs[:at]) + separator).encode())
                span = (start, start)
            yield document(articles, kind, article, donor, span, separator.join(paragraphs))

def stories(articles):
    """Each article as it is, with a stray paragraph, and with another article behind its end or behind a part of it."""
    rng, near = random.Random(SEED), similar(articles)
    long = lambda paragraphs: sum(len(words(p)) >= 12 for p in paragraphs)
    for number, article in enumerate(articles):
        own = article[2]
        for kind, rank in [("clean", 0), ("stray", 0)] + [("easy", 0)] * 3 + [("hard", 0), ("hard", 1), ("hard", 2)]:
            separator, paragraphs, span, donor = rng.choice(["\n", "\n\n"]), list(own), None, None
            if kind != "clean":
                donors = near[number][rank:rank + 1] if kind == "hard" else [rng.randrange(len(articles))]
                if not donors or donors[0] == number: continue
                donor = donors[0]
                other = [p for p in articles[donor][2] if p not in own]
                if kind == "stray":
                    found = [p for p in other if 20 <= len(words(p)) <= 120]
                    if not found: continue
                    paragraphs.insert(rng.randint(1, len(own)), rng.choice(found))
                else:
                    if long(other) < 3: continue
                    second = other[:rng.choice([len(other), rng.randint(3, len(other))])]
                    if long(second) < 3: second = other
                    part = rng.choice([len(own), len(own), rng.randint(4, len(own))])
                    if long(own[:part]) >= 4: paragraphs = own[:part]
                    title = articles[donor][4]
                    headline = [title] if rng.random() < .4 and title and title not in second[0] else []
                    start = len((separator.join(paragraphs) + separator).encode())
                    span = (start, start + len("".join(h + separator for h in headline).encode()))
                    paragraphs = paragraphs + headline + second
            yield document(articles, kind, article, donor, span, separator.join(paragraphs))

def document(articles, kind, article, donor, span, text):
    """`span`: where the stray begins; of a second story its headline and its first paragraph."""
    donor = fold_of(articles[donor]) if donor is not None else fold_of(article)
    return dict(kind=kind, source=article[1], fold=fold_of(article), donor=donor, span=span, text=text + "\n")

def measure(program, what, documents, articles=None):
    """-> names of the measures, document of each row, where its block begins, rows; in a run of these articles, if there are any"""
    lines = lambda texts: "\n".join(json.dumps({"text": text}) for text in texts)
    with tempfile.NamedTemporaryFile("w") as around:
        around.write(lines("\n".join(a[2]) + "\n" for a in articles or []))
        around.flush()
        return measured(program, [what] + [around.name] * bool(articles), lines(d["text"] for d in documents))

def measured(program, arguments, lines):
    run = subprocess.run([program, *arguments], input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout
    header, body = run.split(b"\n", 1)
    names = header.decode().split(" ")
    rows = numpy.frombuffer(body, "<f4").reshape(-1, 3 + len(names))
    return names, rows[:, 0].astype(int), rows[:, 1], rows[:, 3:]

def labels(of, starts, documents):
    """Whether each row is what was put in; and whether it may be trained on: of a second story with a headline, not its first paragraph."""
    at = lambda end: numpy.array([bool(documents[d]["span"]) and abs(documents[d]["span"][end] - s) < 2 for d, s in zip(of, starts)])
    first, second = at(0), at(1)
    return first, first | ~second

def fit(stage, rows, right, weight):
    _, trees, params = STAGES[stage]
    return lightgbm.train(dict(SHARED, **params), lightgbm.Dataset(rows, right, weight=weight), trees)

def report(scores, right, of, documents):
    """Recall at rates of false alarms, on documents of whose article and donor the model has seen nothing."""
    kinds, sources = (numpy.array([d[key] for d in documents]) for key in ("kind", "source"))
    of_source = collections.Counter(sources[kinds == "clean"])
    counts = numpy.array([min(1, MOST_OF_A_SOURCE / of_source[s]) for s in sources])
    total = {k: counts[kinds == k].sum() for k in set(kinds)}
    clean = kinds[of] == "clean"
    print("threshold, easy, hard, false of all paragraphs, of those of clean articles, clean articles with a false alarm")
    for threshold in numpy.arange(.5, 5.01, .25):
        hit = scores >= threshold
        found = [counts[numpy.unique(of[hit & right & (kinds[of] == k)])].sum() / total[k] for k in ("easy", "hard")]
        false = [(counts[of] * (hit & rows)).sum() / (counts[of] * rows).sum() for rows in (~right, clean)]
        articles = counts[numpy.unique(of[hit & clean])].sum() / total["clean"]
        print(f"{threshold:5.2f}  {found[0]:.3f}  {found[1]:.3f}  {false[0]:.3%}  {false[1]:.3%}  {articles:.2%}")

def report_seams(scores, starts, of, documents):
    """The same of the best seam of each document; `place`: the right one, or behind the headline."""
    best = {}
    for row in numpy.argsort(scores): best[of[row]] = row
    sources = numpy.array([d["source"] for d in documents])
    of_source = collections.Counter(d["source"] for d in documents if d["kind"] == "clean")
    counts = [min(1, MOST_OF_A_SOURCE / of_source[s]) for s in sources]
    print("threshold, then for each kind the share of documents with a seam, and of these the share at the right place")
    for threshold in numpy.arange(.5, 5.01, .5):
        line = f"{threshold:5.2f}"
        for kind in ("clean", "stray", "easy", "hard"):
            of_kind = [n for n, d in enumerate(documents) if d["kind"] == kind]
            found = [n for n in of_kind if n in best and scores[best[n]] >= threshold]
            share = sum(counts[n] for n in found) / sum(counts[n] for n in of_kind)
            line += f"  {kind} {share:.2%}"
            if kind in ("easy", "hard") and found:
                place = [any(abs(starts[best[n]] - s) < 2 for s in documents[n]["span"]) for n in found]
                line += f" ({sum(place) / len(place):.1%})"
        print(line)

def kept(scores, stray, of, documents):
    """What is left behind the first look, by its bound."""
    clean = numpy.array([d["kind"] == "clean" for d in documents])
    hard = numpy.array([d["kind"] == "hard" for d in documents])[of] & stray
    print("bound, share of strays lost, of hard ones, clean paragraphs left, clean documents left")
    for bound in numpy.arange(-4, 0, .25):
        left = scores >= bound
        documents_left = len(set(of[left & clean[of]])) / clean.sum()
        print(f"{bound:5.2f}  {1 - left[stray].mean():.3f}  {1 - left[hard].mean():.3f}  {left[clean[of]].mean():.3f}  {documents_left:.3f}")

def within(articles, program, what, documents, models):
    """The same where all articles are the run, which says how usual words are."""
    names, of, starts, rows = measure(program, what, documents, articles)
    right, _ = labels(of, starts, documents)
    fold, scores = numpy.array([d["fold"] for d in documents])[of], numpy.full(len(rows), -9.)
    left = rows[:, names.index("first-score")] >= LEFT if what == "paragraphs" else numpy.ones(len(rows), bool)
    for k, model in enumerate(models):
        asked = (fold == k) & left
        scores[asked] = model.predict(rows[asked], raw_score=True, num_threads=1)
    print("in a run of all articles:")
    if what == "seams": report_seams(scores, starts, of, documents)
    else: report(scores, right, of, documents)

def main(stage, program, out, *paths):
    what, _, params = STAGES[stage]
    articles = read(paths)
    print(len(articles), "articles", dict(collections.Counter(a[1] for a in articles)))
    documents = list(stories(articles) if stage == "seam" else variants(articles))
    names, of, starts, rows = measure(program, what, documents)
    right, trained = labels(of, starts, documents)
    if stage == "sieve": names, rows = names[:SIEVE_MEASURES], rows[:, :SIEVE_MEASURES]
    left = rows[:, names.index("first-score")] >= LEFT if stage == "verdict" else numpy.ones(len(rows), bool)
    trained &= left | (numpy.arange(len(rows)) % OTHERS == 0)
    weight = numpy.array([WEIGHT.get(d["source"], 1.) for d in documents])[of]
    weight[~left] *= OTHERS
    weight[numpy.array([d["kind"] == "clean" for d in documents])[of]] *= CLEAN
    if stage == "seam":
        # Next to the right place nearly everything is right.
        pasted = numpy.array([bool(d["span"]) for d in documents])[of]
        weight[pasted & ~right] *= .3
    fold, donor = (numpy.array([d[key] for d in documents])[of] for key in ("fold", "donor"))
    print(len(documents), "documents", len(rows), "rows", int(left.sum()), "left", int(right.sum()), "right")
    scores = numpy.full(len(rows), -9.)
    models = []
    for k in range(FOLDS):
        seen, asked = (fold != k) & (donor != k) & trained, (fold == k) & left
        models.append(fit(stage, rows[seen], right[seen], weight[seen]))
        scores[asked] = models[k].predict(rows[asked], raw_score=True, num_threads=1)
    if stage == "seam": report_seams(scores, starts, of, documents)
    else: report(scores, right, of, documents)
    if stage in ("verdict", "seam"): within(articles, program, what, documents, models)
    if stage == "sieve": kept(scores, right, of, documents)
    model = fit(stage, rows[trained], right[trained], weight[trained])
    boosted.export(model, out, len(names), params["max_depth"])
    gain = model.feature_importance("gain")
    print("strongest:", ", ".join(names[i] for i in numpy.argsort(-gain)[:40]))

if __name__ == "__main__":
    main(*sys.argv[1:])
