"""How many pairs of versions `near-duplicate-document` tells from pairs that only have something in common.

Run by hand, with the Python package: `python docs/peers/pairs.py PAIRS.jsonl.gz`. Each line holds `text_a`, `text_b` and a label `exact`, `near`,
`contained` or `partial`, computed from the share of word 5-grams in common. Each pair is a run of its own.
"""

import gzip
import json
import sys
from collections import Counter

import pyarrow as pa

import copydesk

linter = copydesk.Linter(select=["near-duplicate-document"])
found, pairs = Counter(), Counter()
for line in gzip.open(sys.argv[1], "rt", encoding="utf-8"):
    pair = json.loads(line)
    table = pa.table({"id": ["a", "b"], "text": [pair["text_a"], pair["text_b"]]})
    pairs[pair["label"]] += 1
    found[pair["label"]] += len(linter.check_batch(table, corpus=copydesk.index(table))) > 0
print("| pairs | of them | found |\n|---|---:|---:|")
for label in pairs:
    print(f"| {label} | {pairs[label]:,} | {found[label]:,} |")
hits, of_versions = found.total() - found["partial"], pairs.total() - pairs["partial"]
print(f"recall {hits / of_versions:.3f}, precision {hits / found.total():.3f}")
