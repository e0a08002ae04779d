"""Puts six faults into each of 200,000 articles, of 500 sites and 31 days: more than a million findings.

Run by hand: `python docs/peers/million.py ARTICLES.jsonl > million.jsonl`.
"""

import datetime
import json
import random
import sys
from itertools import islice

FAULTS = [
    " The council said that the the wall will stay.",
    " The mayor &amp; the clerk agreed.",
    " They met on 31 February 2024.",
    " It was a a long night.",
    " The vote was close&#44; he said.",
]
rng = random.Random(7)
first = datetime.date(2025, 11, 1)
with open(sys.argv[1], encoding="utf-8") as articles:
    for n, line in enumerate(islice(articles, 200_000)):
        lines = json.loads(line)["text"].split("\n")[:6]
        for k in range(5):
            lines[rng.randrange(len(lines))] += FAULTS[(n + k) % 5]
        lines.append("Share this article on Facebook")
        date = (first + datetime.timedelta(days=n % 31)).isoformat()
        record = {"id": str(n), "url": f"https://site{n % 500}.example/{n}", "date": date, "title": lines[0][:60], "text": "\n".join(lines)}
        print(json.dumps(record, ensure_ascii=False))
