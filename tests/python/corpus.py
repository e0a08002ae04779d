"""A small corpus of made-up articles, the same on every machine: most are clean, some have faults, some share text with others."""

from __future__ import annotations

import json
import random
from pathlib import Path

_WHO = ["The council", "The harbour board", "A group of farmers", "The school", "The library", "The ferry company", "The mayor",
        "The fire brigade", "The museum", "The bakery on Mill Street", "The county court", "The weather service"]
_DID = ["decided on Monday to repair", "has asked for money to rebuild", "will close", "opened", "wants to sell", "has measured",
        "spent the summer painting", "promised to keep", "voted against", "published a report about", "has found a leak in"]
_WHAT = ["the old bridge", "the north pier", "the swimming pool", "a row of lime trees", "the town archive", "the railway station",
         "the water tower", "the road to the quarry", "the village hall", "the lighthouse", "the market square", "the grain store"]
_WHY = ["after a winter of heavy storms", "because the costs have doubled", "although nobody had asked for it", "before the end of the year",
        "while the neighbours protested", "as the law demands", "for the third time since spring", "without a vote",
        "to make room for bicycles", "in spite of the rain"]
_MORE = ["People who live nearby said they had heard of the plan on the radio.", "Nobody could say who would pay for the work.",
         "The work is to begin when the ground has thawed.", "A second meeting will be held in the gymnasium.",
         "Children from the school had sent drawings of how it could look.", "An engineer explained the drawings for an hour."]

_FOOTER = ["Sign up for our newsletter and get the news of the coast in your inbox every morning.",
           "This page was made with the help of the readers who support our work every month."]


def _sentence(rng: random.Random) -> str:
    return f"{rng.choice(_WHO)} {rng.choice(_DID)} {rng.choice(_WHAT)} {rng.choice(_WHY)}."


def _paragraph(rng: random.Random) -> str:
    number = rng.randrange(2, 900)
    middle = f"It counted {number} visitors in the first {rng.randrange(2, 60)} days, {rng.choice(_WHO).lower()} said."
    return " ".join([_sentence(rng), rng.choice(_MORE), middle, _sentence(rng)])


def articles(count: int, seed: int = 1) -> list[dict[str, str]]:
    """``count`` articles as records with ``id``, ``url`` and ``text``."""
    rng = random.Random(seed)
    made: list[dict[str, str]] = []
    for number in range(count):
        site = rng.choice(["tide.example", "dune.example", "www.quay.example"])
        paragraphs = [_paragraph(rng) for _ in range(rng.randrange(3, 8))]
        fault = rng.random()
        if fault < 0.06 and made:  # a story that another site has taken over, nearly whole
            paragraphs = rng.choice(made)["text"].splitlines()
            paragraphs = paragraphs[: max(3, len(paragraphs) - 1)]
        elif fault < 0.12 and made:  # one paragraph of another story
            paragraphs.insert(1, rng.choice(rng.choice(made)["text"].splitlines()))
        elif fault < 0.16:  # a paragraph twice
            paragraphs.append(paragraphs[0])
        elif fault < 0.20:
            paragraphs[1] = paragraphs[1].replace(" the ", " the the ", 1)
        elif fault < 0.24:
            paragraphs.append(f"https://{site}/story/{number}")
        elif fault < 0.27:
            paragraphs[0] = "“Änderung” – " + paragraphs[0] + " It’s â€œtrueâ€\x9d, they said."
        elif fault < 0.29:
            paragraphs = []
        elif fault < 0.34 and made:  # one paragraph of another story, with a word changed
            paragraphs.insert(1, rng.choice(rng.choice(made)["text"].splitlines() or paragraphs).replace("They", "Both").replace(" said.", " told us."))
        if rng.random() < 0.5:
            paragraphs.append(_FOOTER[site == "dune.example"])
        text = "".join(paragraph + "\n" for paragraph in paragraphs)
        made.append({"id": f"{number:05}.txt", "url": f"https://{site}/story/{number}", "text": text})
    return made


def stories(count: int, seed: int = 2) -> list[dict[str, str]]:
    """``count`` articles about seven matters, of which some have a paragraph of another, or a name that the others spell otherwise: faults
    that only the other articles give away."""
    rng = random.Random(seed)
    lines = (Path(__file__).parents[1] / "data/stray/articles.jsonl").read_text(encoding="utf-8").splitlines()
    told = [[paragraph for paragraph in json.loads(line)["text"].splitlines() if len(paragraph) > 60] for line in lines]
    made: list[tuple[int, list[str]]] = []
    for number in range(count):
        matter = rng.randrange(len(told))
        paragraphs = [f"In week {number} {paragraph} So it stood in report {number}." for paragraph in told[matter]]
        others = [paragraphs for of, paragraphs in made if of != matter]
        if others and rng.random() < 0.4:
            paragraphs.insert(rng.randrange(1, len(paragraphs)), rng.choice(rng.choice(others)))
        captain = "Belzerov" if number % 20 == 19 else "Belozerov"
        paragraphs.append(f"On the way home captain Sergei {captain} gave a talk about number {number}.")
        made.append((matter, paragraphs))
    return [{"id": f"story {number:05}.txt", "url": f"https://ferry.example/{number}", "text": "\n".join(paragraphs) + "\n"}
            for number, (_, paragraphs) in enumerate(made)]


def reports(count: int, seed: int = 3) -> list[dict[str, str]]:
    """``count`` reports about ferries, each with places and people of its own, some with a paragraph of another: with so many, the words of
    the run tell what is usual in it."""
    rng = random.Random(seed)
    name = lambda: "".join(rng.choice("bdfghklmnprstv") + rng.choice("aeiou") for _ in range(3)).capitalize() + rng.choice(["", "n", "r", "th"])
    made: list[list[str]] = []
    for _ in range(count):
        names = [name() for _ in range(24)]
        paragraphs = []
        for _ in range(7):
            a, b, c, d, e, f, g, h = rng.sample(names, 8)
            paragraphs.append(f"{a} went by ferry from {b} to {c}, where {d} and {e} said that {f} and the {g.lower()} of {h} would be late again.")
        if made and rng.random() < 0.3:
            paragraphs.insert(rng.randrange(1, 7), rng.choice(made)[1].replace("late again", "on time"))
        made.append(paragraphs)
    return [{"id": f"zreport {number:05}.txt", "url": f"https://harbour.example/{number}", "text": "\n".join(paragraphs) + "\n"}
            for number, paragraphs in enumerate(made)]
