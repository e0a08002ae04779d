"""copydesk on Spark: check and clean the documents of a DataFrame, alone or compared with one another.

A row is a document; its id names it in findings, and must be unique where documents are compared. Findings are the same for any
number of partitions, and the same as on one machine:

    findings = copydesk.spark.check(df, across=True)

Comparing takes two stages. First each document gives its part of the index as a row (:func:`index`), and Spark counts: in how many
documents each block stands, on how many pages of each site, and where first. Then each document is joined with what was counted
for its own blocks, and checked. No key is ever gathered in one task: what is counted is aggregated before it is shuffled, and keys
with more than ``hot`` documents are looked up by broadcast.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from copydesk import Linter
from copydesk._core import digest_batch, like_batch, near_batch

if TYPE_CHECKING:
    from pyspark.sql import Column

__all__ = ["check", "clean", "index"]

Format = Literal["text", "markdown", "html"]

_STRETCH = "start bigint, end bigint, start_byte bigint, end_byte bigint"

FINDINGS = (
    "path string, record struct<line: bigint, id: string, field: string>, rule string, severity string, message string, help string, "
    f"{_STRETCH}, line bigint, column bigint, end_line bigint, end_column bigint, "
    "related array<struct<path: string, label: string, start: bigint, end: bigint, start_byte: bigint, end_byte: bigint, "
    "line: bigint, column: bigint>>, "
    "fix struct<safe: boolean, edits: array<struct<start: bigint, end: bigint, start_byte: bigint, end_byte: bigint, text: string>>>, "
    "evidence string, fingerprint string"
)

CLEANED = (
    "path string, text string, verdict string, reasons array<struct<rule: string, message: string, line: bigint, column: bigint>>, "
    "fixes bigint, ledger array<struct<rule: string, round: bigint, start_byte: bigint, end_byte: bigint, removed: string, "
    "inserted: string>>"
)

_DIGESTS = (
    "path string, site string, blocks array<struct<hash: binary, words: bigint, line: bigint, column: bigint, sketch: binary, "
    "keys: array<bigint>>>, sketch binary, keys array<bigint>"
)

_LIKES = "path string, other string, sketch binary"

_NEARS = "hash binary, other binary, sketch binary"

#: Documents that are looked at for each key of a sketch, the first ones: as on one machine.
_MOST_POSTINGS = 64

#: Blocks that may have a key of their sketches in common; a key of more is that of a phrase, and finds none: as on one machine.
_MOST_FORMS = 64

#: Keys that more documents have are looked up by broadcast, so that no task is given all of them.
HOT = 10_000


def check(
    df: DataFrame,
    linter: Linter | None = None,
    *,
    text_column: str = "text",
    id_column: str = "id",
    url_column: str | None = None,
    title_column: str | None = None,
    format: Format | None = None,
    across: bool = False,
    corpus: DataFrame | None = None,
    hot: int = HOT,
) -> DataFrame:
    """The findings in the documents of ``df``, a row for each, in the shape of :data:`FINDINGS`.

    ``across`` compares the documents with one another. Their part of the index is then kept by Spark until the session ends; to
    keep it in hand, or on disk for the next run, pass ``corpus=copydesk.spark.index(df)`` instead, made with the same columns.
    """
    linter = linter or Linter()
    rows, names = _documents(df, text_column, id_column, url_column, title_column)
    rows, counted = _beside(rows, format, across, corpus, hot)

    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield from linter.check_batch(batch, **names, format=format, counted_column=counted).to_batches()

    return rows.mapInArrow(run, FINDINGS)


def clean(
    df: DataFrame,
    linter: Linter | None = None,
    *,
    fixes: str = "safe",
    review: str | None = "error",
    reject: Iterable[str] = (),
    languages: Iterable[str] = (),
    text_column: str = "text",
    id_column: str = "id",
    url_column: str | None = None,
    title_column: str | None = None,
    format: Format | None = None,
    across: bool = False,
    corpus: DataFrame | None = None,
    hot: int = HOT,
) -> DataFrame:
    """The documents of ``df`` after their fixes, a row for each, in the shape of :data:`CLEANED`; see ``Linter.clean_batch``.

    Where documents are compared, it is by their texts as they come, before any fix.
    """
    linter = linter or Linter()
    wanted: dict[str, Any] = {"fixes": fixes, "review": review, "reject": list(reject), "languages": list(languages)}
    rows, names = _documents(df, text_column, id_column, url_column, title_column)
    rows, counted = _beside(rows, format, across, corpus, hot)

    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            table = linter.clean_batch(batch, **wanted, **names, format=format, counted_column=counted)
            text = table.schema.get_field_index("text")
            table = table.set_column(text, "text", table["text"].cast(pa.string()))
            yield from table.to_batches()

    return rows.mapInArrow(run, CLEANED)


def index(
    df: DataFrame,
    *,
    text_column: str = "text",
    id_column: str = "id",
    url_column: str | None = None,
    format: Format | None = None,
) -> DataFrame:
    """Each document's part of the index: hashes of its blocks, a sketch of the whole. No text is in it.

    It can be written down and read again; with new documents, the union of old and new parts is the index of all.
    """
    rows, _ = _documents(df, text_column, id_column, url_column, None)
    return _index(rows, format)


def _documents(
    df: DataFrame, text: str, id: str, url: str | None, title: str | None
) -> tuple[DataFrame, dict[str, Any]]:
    """The columns that are read, under the usual names."""
    optional = {"url": url or ("url" if "url" in df.columns else None), "title": title or ("title" if "title" in df.columns else None)}
    columns: list[Column] = [F.col(id).cast("string").alias("id"), F.col(text).alias("text")]
    columns += [F.col(column).cast("string").alias(name) for name, column in optional.items() if column]
    present = {f"{name}_column": name for name, column in optional.items() if column}
    return df.select(*columns), {"text_column": "text", "id_column": "id", **present}


def _index(rows: DataFrame, format: Format | None) -> DataFrame:
    url = "url" if "url" in rows.columns else None

    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield from digest_batch(batch, id_column="id", url_column=url, format=format).to_batches()

    return rows.mapInArrow(run, _DIGESTS)


def _beside(
    rows: DataFrame, format: Format | None, across: bool, corpus: DataFrame | None, hot: int
) -> tuple[DataFrame, str | None]:
    """The documents with what was counted for each, where that is asked for."""
    if corpus is None:
        if not across:
            return rows, None
        corpus = _index(rows, format).persist(StorageLevel.MEMORY_AND_DISK)
    counted = _sightings(corpus, hot).join(_forms(corpus, hot), "path", "full_outer").join(_likes(corpus, hot), "path", "full_outer")
    counted = counted.select(F.col("path").alias("id"), F.struct("blocks", "forms", "like").alias("counted"))
    return rows.join(counted, "id", "left"), "counted"


def _look_up(rows: DataFrame, facts: DataFrame, keys: list[str], count: str, hot: int, how: str) -> DataFrame:
    """``rows`` joined with the one fact of their key, of which ``count`` says how many rows ask for it.

    Keys that many rows ask for are few: their facts go to the rows, and not the rows to them.
    """
    many, few = facts.where(F.col(count) > hot), facts.where(F.col(count) <= hot)
    by_broadcast = rows.join(F.broadcast(many), keys, "inner")
    by_shuffle = rows.join(F.broadcast(many.select(*keys)), keys, "left_anti").join(few, keys, how)
    return by_broadcast.unionByName(by_shuffle)


def _counts(corpus: DataFrame) -> tuple[DataFrame, DataFrame, DataFrame]:
    """The blocks of all documents; in how many documents of each site, and in how many at all, each stands, and where first."""
    blocks = corpus.select("path", "site", F.explode("blocks").alias("block"))
    blocks = blocks.select("path", "site", "block.hash", "block.line", "block.column")
    place = F.struct("path", "line", "column")
    by_site = blocks.groupBy("hash", "site").agg(F.count("*").alias("on_site"), F.min(place).alias("first"))
    by_hash = by_site.groupBy("hash").agg(F.sum("on_site").alias("documents"), F.min("first").alias("first"))
    return blocks, by_site, by_hash


def _sightings(corpus: DataFrame, hot: int) -> DataFrame:
    """For each document, its blocks that others have too: in how many documents, how many of its site, and where first."""
    blocks, by_site, by_hash = _counts(corpus)
    shared = by_hash.where("documents > 1")
    found = _look_up(blocks.select("path", "site", "hash"), shared, ["hash"], "documents", hot, "inner")
    # A page that is alone on its site with a block is the usual case, and needs no look-up.
    on_site = by_site.where("on_site > 1 and site is not null").select("hash", "site", "on_site")
    found = _look_up(found, on_site, ["hash", "site"], "on_site", hot, "left")
    block = F.struct(
        "hash",
        "documents",
        F.coalesce("on_site", F.lit(1).cast("bigint")).alias("on_site"),
        F.col("first.path").alias("first"),
        F.col("first.line").alias("line"),
        F.col("first.column").alias("column"),
    )
    return found.groupBy("path").agg(F.collect_list(block).alias("blocks"))


def _forms(corpus: DataFrame, hot: int) -> DataFrame:
    """For each document, the blocks of others that are nearly one of its own: in how many documents, and where first."""
    blocks, _, by_hash = _counts(corpus)
    sketched = corpus.select(F.explode("blocks").alias("block")).where("block.sketch is not null")
    sketched = sketched.groupBy("block.hash").agg(F.first("block.sketch").alias("sketch"), F.first("block.keys").alias("keys"))
    keys = sketched.select("hash", F.explode("keys").alias("key"))
    holders = keys.groupBy("key").agg(F.count("*").alias("holders")).where(F.col("holders").between(2, _MOST_FORMS))
    holders = keys.join(holders, "key").groupBy("key").agg(F.collect_list("hash").alias("others"))
    pairs = keys.join(holders, "key").select("hash", F.explode("others").alias("other")).where("hash <> other").distinct()
    others = sketched.select(F.col("hash").alias("other"), F.col("sketch").alias("other_sketch"))
    pairs = pairs.join(sketched.select("hash", "sketch"), "hash").join(others, "other")

    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield from near_batch(pa.Table.from_batches([batch])).to_batches()

    near = pairs.select("hash", "other", "sketch", "other_sketch").mapInArrow(run, _NEARS)
    near = near.join(by_hash.select(F.col("hash").alias("other"), "documents", "first"), "other")
    form = F.struct(
        F.col("other").alias("hash"),
        "sketch",
        "documents",
        F.col("first.path").alias("first"),
        F.col("first.line").alias("line"),
        F.col("first.column").alias("column"),
    )
    asked = by_hash.select("hash", F.col("documents").alias("asked"))
    forms = near.groupBy("hash").agg(F.collect_list(form).alias("forms")).join(asked, "hash")
    found = _look_up(blocks.select("path", "hash"), forms, ["hash"], "asked", hot, "inner")
    return found.groupBy("path").agg(F.flatten(F.collect_list("forms")).alias("forms"))


def _likes(corpus: DataFrame, hot: int) -> DataFrame:
    """For each document, the first one before it that it is a version or a part of."""
    keys = corpus.select("path", F.size("keys").alias("size"), F.explode("keys").alias("key"))
    counts = keys.groupBy("key").agg(F.count("*").alias("holders")).where("holders > 1")
    # Spark cuts the ranks before it shuffles, so that a key on every page costs each task no more than these.
    rank = F.row_number().over(Window.partitionBy("key").orderBy("path"))
    firsts = keys.select("key", F.col("path").alias("other"), rank.alias("rank")).where(F.col("rank") <= _MOST_POSTINGS)
    firsts = firsts.groupBy("key").agg(F.collect_list("other").alias("others")).join(counts, "key")
    pairs = _look_up(keys, firsts, ["key"], "holders", hot, "inner")
    pairs = pairs.select("path", "size", F.explode("others").alias("other")).where("other < path")
    pairs = pairs.groupBy("path", "other").agg(F.count("*").alias("common"), F.first("size").alias("size"))
    pairs = pairs.where("common > 1 or size < 4").select("path", "other")
    asked = pairs.groupBy("other").agg(F.count("*").alias("asked"))
    sketches = corpus.select("path", "sketch")
    others = sketches.select(F.col("path").alias("other"), F.col("sketch").alias("other_sketch")).join(asked, "other")
    pairs = _look_up(pairs, others, ["other"], "asked", hot, "inner").join(sketches, "path")

    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield from like_batch(pa.Table.from_batches([batch])).to_batches()

    likes = pairs.select("path", "other", "sketch", "other_sketch").mapInArrow(run, _LIKES)
    return likes.groupBy("path").agg(F.min(F.struct("other", "sketch")).alias("like"))
