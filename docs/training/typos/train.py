"""Trains the model of real words out of place: src/detect/misspelling/weights/known-word.bin. See README.md.

    train.py MEASURES WORDS.tsv.gz OUT ARTICLES.jsonl.gz … [PAGES.jsonl.gz …]

MEASURES is the example typo_measures, built; WORDS.tsv.gz is the list of words that the lexicon was built from.
"""
import collections, gzip, json, pathlib, random, re, subprocess, sys

import lightgbm
import numpy

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import boosted

SEED, FOLDS, COPIES, TREES, DEPTH = 7, 5, 5, 400, 5
# By how much of their number words whose pair recurs come earlier to their slip.
AGAIN = .3
# From this score on a word that was printed so is taken for a misprint.
SURE = 4
# Letters whose keys lie side by side.
ROWS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"]


def words_of(path):
    """Words with the number of their list (15: none) and how often the web has them, in steps of a quarter of a factor of two."""
    known = {}
    for line in gzip.open(path, "rt", encoding="utf-8"):
        word, value = line.rstrip("\n").split("\t")
        known[word] = (int(value) & 15, int(value) >> 6)
    return known


def slip(word, beside, rng):
    """The word with one slip of the finger."""
    at = rng.randrange(0 if rng.random() < .15 else 1, len(word))
    kind = rng.random()
    if kind < .28:
        return word[:at] + word[at + 1:]
    if kind < .5 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2:]
    if kind < .66:
        return word[:at] + word[at] + word[at:]
    letter = rng.choice(sorted(beside[word[at].lower()]) or ["e"]) if rng.random() < .7 else rng.choice("etaoinsrhldcumfpgwyb")
    return word[:at] + letter + word[at + (kind < .88):]


def with_slips(text, known, beside, rng):
    """The text with a word turned into another one about every 900 letters, and where: start and end in bytes, the word that was meant."""
    tokens = [(m.group(), m.start()) for m in re.finditer(r"(?<![\w@/.#&'’-])[A-Za-z]{4,}(?![\w@/#&'’-])", text)]
    there = {word.lower() for word, _ in tokens}
    before = {at: other.lower() for (other, start), (_, at) in zip(tokens, tokens[1:]) if text[start + len(other):at] == " "}
    pairs = collections.Counter((before.get(at), word.lower()) for word, at in tokens)
    # Some more of those that the article has right in another place.
    again = {at for word, at in tokens if at in before and pairs[before[at], word.lower()] > 1}
    tokens.sort(key=lambda token: rng.random() - AGAIN * (token[1] in again))
    slips = []
    for word, at in tokens[:400]:
        if len(slips) >= max(2, min(8, len(text) // 900)):
            break
        if any(abs(at - other) < 300 for other, _, _ in slips) or known.get(word.lower(), (15, 0))[0] > 6 or known[word.lower()][1] < 70:
            continue
        for _ in range(15):
            wrong = slip(word, beside, rng)
            tier, often = known.get(wrong.lower(), (15, 0))
            # Another form of the word is no slip that a reader would see, and what the article has elsewhere may be meant.
            if wrong.isalpha() and len(wrong) > 3 and tier <= 7 and often >= 56 \
                    and wrong.lower().rstrip("sd") != word.lower().rstrip("sd") and wrong.lower() not in there:
                slips.append((at, word, wrong))
                break
    out, last, places = "", 0, {}
    for at, word, wrong in sorted(slips):
        out += text[last:at]
        start = len(out.encode())
        places[start, start + len(wrong)] = word.lower()
        out, last = out + wrong, at + len(word)
    return out + text[last:], places


def documents(paths, known):
    """Each article as it is and COPIES times with slips: the number of the article, the text, the places."""
    rng, beside, made = random.Random(SEED), collections.defaultdict(set), []
    for row in ROWS:
        for one, other in zip(row, row[1:]):
            beside[one].add(other)
            beside[other].add(one)
    articles = [json.loads(line) for path in paths for line in gzip.open(path, "rt", encoding="utf-8")]
    for number, article in enumerate(articles):
        edited = "kind" in article and "edited" in article["kind"]
        paragraphs = article["paragraphs"] if "paragraphs" in article else (article["article_text"] or "").splitlines()
        text = "".join(" ".join(p.split()) + "\n" for p in paragraphs if p.strip())
        # An annotation tool took the apostrophes of one collection.
        if article.get("source") == "l3s_gn1" or article.get("lang", "en") != "en" or not 600 <= len(text) <= 40_000:
            continue
        made.append((number, text, {}, edited))
        made += [(number, *with_slips(text, known, beside, rng), edited) for _ in range(COPIES)]
    return made


def measure(program, texts):
    """What copydesk sees: for each candidate its document, place and word, the score of the line through all measures, the measures."""
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    rows = subprocess.run([program], input=lines, capture_output=True, check=True, text=True).stdout.splitlines()
    names, rows = rows[0].split(), [row.split(" ") for row in rows[1:]]
    places = [(int(row[0]), (int(row[1]), int(row[2])), row[3]) for row in rows]
    numbers = numpy.array([row[4:] for row in rows], dtype=numpy.float32)
    return names, places, numbers[:, 0], numbers[:, 1:]


def fit(rows, right):
    settings = dict(objective="binary", learning_rate=.04, num_leaves=1 << DEPTH, max_depth=DEPTH, min_data_in_leaf=30,
                    feature_fraction=.6, bagging_fraction=.8, bagging_freq=1, lambda_l2=5, verbose=-1, seed=SEED,
                    deterministic=True, force_row_wise=True, num_threads=2)
    return lightgbm.train(settings, lightgbm.Dataset(rows, right), TREES)


def apart(rows, right, articles, used):
    """The score of each row by trees that have not seen its article, made of the rows that are used."""
    folds, scores = articles * 2654435761 % 4294967296 // 65536 % FOLDS, numpy.zeros(len(right))
    for fold in range(FOLDS):
        seen = used & (folds != fold)
        scores[folds == fold] = fit(rows[seen], right[seen]).predict(rows[folds == fold], raw_score=True)
    return scores


def report(name, scores, places, right, made):
    """Of each word its best candidate: how many slips are found from a score on, and how many words of texts as they are seem to be some."""
    best = {}
    for at, (document, span, _) in enumerate(places):
        if (document, span) not in best or scores[at] > scores[best[document, span]]:
            best[document, span] = at
    best = numpy.array(list(best.values()))
    kind = lambda at: (not made[places[at][0]][2], made[places[at][0]][3])
    alarms = {edited: scores[best[[kind(at) == (True, edited) for at in best]]] for edited in (True, False)}
    texts = {edited: sum(not p and e == edited for _, _, p, e in made) for edited in alarms}
    found, slips = scores[best[right[best]]], sum(len(p) for _, _, p, _ in made)
    for bound in numpy.arange(0, 5, .25):
        counts = ", ".join(f"{(alarms[edited] > bound).sum()} in {texts[edited]} {what}" for edited, what in ((True, "articles"), (False, "pages")))
        print(f"{name}, {bound:.2f}: {(found > bound).sum() / slips:.3f} of {slips} slips; as they are: {counts}")


def main(program, words, out, *paths):
    made = documents(paths, words_of(words))
    names, places, line, rows = measure(program, [text for _, text, _, _ in made])
    slips = [places for _, _, places, _ in made]
    right = numpy.array([slips[document].get(span) == word for document, span, word in places])
    articles = numpy.array([made[document][0] for document, _, _ in places])
    # What stands in all copies of an article counts once.
    seen, once = set(), numpy.ones(len(places), bool)
    for at, (document, span, word) in enumerate(places):
        if span not in slips[document]:
            key = (articles[at], word, rows[at].tobytes())
            once[at] = key not in seen
            seen.add(key)
    # What the trees are that sure of is a misprint of the text itself, most likely, and teaches the wrong thing.
    printed_so = numpy.array([span not in slips[document] for document, span, _ in places])
    used = once & ~(printed_so & (apart(rows, right, articles, once) > SURE))
    print(f"{len(made)} documents, {len(places)} candidates, {once.sum()} of them different, {used.sum()} used, {right.sum()} right")
    report("line", line, places, right, made)
    report("trees", apart(rows, right, articles, used), places, right, made)
    boosted.export(fit(rows[used], right[used]), out, len(names), DEPTH)


main(*sys.argv[1:])
