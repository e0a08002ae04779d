"""Makes a Parquet file of articles with columns of many kinds, and compares what `copydesk clean` and `restore` made of it.

Run by hand, with pyarrow: `python docs/peers/parquet.py make ARTICLES.jsonl night.parquet [ROWS=200000] [ROWS_A_GROUP=20000]`, then
`copydesk clean night.parquet -o cleaned`, `copydesk restore cleaned -o originals`, and
`python docs/peers/parquet.py compare night.parquet cleaned originals`.
"""

import datetime
import decimal
import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        ("url", pa.string()),
        ("text", pa.large_string()),
        ("section", pa.dictionary(pa.int32(), pa.string())),
        ("tags", pa.list_(pa.string())),
        ("page", pa.struct([("status", pa.int16()), ("headers", pa.map_(pa.string(), pa.string()))])),
        ("links", pa.list_(pa.struct([("to", pa.string()), ("at", pa.list_(pa.int32()))]))),
        ("fetched", pa.timestamp("ns", tz="UTC")),
        ("score", pa.float64()),
        ("half", pa.float16()),
        ("price", pa.decimal128(20, 4)),
        ("hash", pa.binary(16)),
        ("ok", pa.bool_()),
        ("day", pa.date32()),
    ],
    metadata={"crawl": "2026-11"},
)


def row(n, article):
    """The article with values beside it, some null, and now and then without a text."""
    return {
        "id": str(n),
        "url": article.get("url"),
        "text": None if n % 5000 == 7 else article["text"],
        "section": [None, "world", "sport", "money"][n % 4],
        "tags": None if n % 11 == 0 else [f"t{k}" if k != 2 else None for k in range(n % 5)],
        "page": None if n % 13 == 0 else {"status": 200 + n % 3, "headers": [(f"h{k}", None if k else "v") for k in range(n % 3)]},
        "links": [{"to": f"https://tide.example/{n}/{k}", "at": list(range(k))} for k in range(n % 4)],
        "fetched": datetime.datetime(2026, 11, 1) + datetime.timedelta(seconds=n),
        "score": [None, float("nan"), -0.0, n / 7][n % 4],
        "half": float(n % 100) / 4,
        "price": decimal.Decimal(n) / 4,
        "hash": n.to_bytes(16, "big"),
        "ok": [None, True, False][n % 3],
        "day": datetime.date(2026, 11, 1 + n % 28),
    }


def make(articles, target, rows=200_000, group=20_000):
    lines = Path(articles).open(encoding="utf-8")
    with pq.ParquetWriter(target, SCHEMA, compression="zstd") as writer:
        for start in range(0, int(rows), int(group)):
            numbers = range(start, min(start + int(group), int(rows)))
            table = pa.Table.from_pylist([row(n, json.loads(line)) for n, line in zip(numbers, lines)], schema=SCHEMA)
            writer.write_table(table, row_group_size=int(group))


def equal(a, b):
    # NaN is not equal to itself, but is shown as itself.
    return a.equals(b) or str(a.to_pylist()) == str(b.to_pylist())


def compare(source, cleaned, originals):
    file = pq.ParquetFile(source)
    old = file.read()
    place = {id: n for n, id in enumerate(old["id"].to_pylist())}
    with (Path(cleaned) / "ledger.jsonl").open(encoding="utf-8") as ledger:
        named = {json.loads(line)["record"]["id"] for line in ledger}
    rows = 0
    for verdict in ("clean", "review", "rejected"):
        version = pq.ParquetFile(Path(cleaned) / verdict / source)
        assert version.schema_arrow.equals(file.schema_arrow, check_metadata=True) and version.schema.equals(file.schema), verdict
        new = version.read()
        at = [place[id] for id in new["id"].to_pylist()]
        assert at == sorted(at), f"{verdict}: rows out of order"
        was = old.take(at)
        for name in SCHEMA.names:
            assert name == "text" or equal(was[name], new[name]), f"{verdict}: {name}"
        edited = {id for id, a, b in zip(new["id"].to_pylist(), was["text"].to_pylist(), new["text"].to_pylist()) if a != b}
        assert edited <= named, f"{verdict}: texts that no edit names"
        rows += len(at)
        print(f"{verdict}: {len(at):,} rows, {len(edited):,} texts edited, {version.num_row_groups} row groups")
    assert rows == len(old)
    back = pq.ParquetFile(Path(originals) / source)
    assert back.schema_arrow.equals(file.schema_arrow, check_metadata=True)
    groups = [[f.metadata.row_group(n).num_rows for n in range(f.num_row_groups)] for f in (file, back)]
    assert groups[0] == groups[1], groups
    new = back.read()
    assert all(equal(old[name], new[name]) for name in SCHEMA.names)
    print("restored: every value as it was")


{"make": make, "compare": compare}[sys.argv[1]](*sys.argv[2:])
