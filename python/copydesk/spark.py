"""copydesk on Spark: check and clean the documents of a DataFrame, asked about one another and compared with one another.

A row is a document; its id names it in findings, and must be unique. The order of ids is that of the documents, where one is to be the
first. Findings are the same for any number of partitions, and the same as on one machine:

    findings = copydesk.spark.check(df, across=True)

Documents are asked about one another, as ``copydesk check`` does, in three steps. Each gives the keys of its paragraphs and its names
as a row, and Spark gathers which of them several documents hold. Those documents, which are few, are asked how well they fit there.
Then each document is joined with what was answered about its own paragraphs and names, and checked. How usual words are is told by some
hundred documents, which are asked while the check is planned. ``one_by_one`` leaves that out.

Comparing (``across``) takes two stages. First each document gives its part of the index as a row (:func:`index`), and Spark counts: in
how many documents each block stands, on how many pages of each site, and where first. Then each document is joined with what was
counted for its own blocks, and checked.

No key is ever gathered in one task: what is counted is aggregated before it is shuffled, and keys with more than ``hot`` documents are
looked up by broadcast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from copydesk import Linter
from copydesk._core import (
    Usage,
    answer_batch,
    digest_batch,
    like_batch,
    near_batch,
    near_names,
    roll_merge,
    roll_voices,
    slip_batch,
    term_batch,
    voice_batch,
)

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

_VOICES = (
    "path string, lot bigint, keys array<bigint>, more array<bigint>, names array<struct<word: string, beside: array<bigint>>>, suspects array<bigint>"
)

_TERMS = "lot bigint, terms array<bigint>"

_ROLLS = "word string, documents bigint, count binary"

_NEAR_NAMES = "word string, count binary, many array<bigint>, few array<bigint>"

_SLIPS = "hash bigint, right string, documents bigint, own bigint, first array<string>"

_ANSWERS = (
    "path string, homes array<struct<key: bigint, score: double, home: binary>>, "
    "names array<struct<name: string, line: bigint, column: bigint>>"
)

_LIKES = "path string, other string, sketch binary"

_NEARS = "hash binary, other binary, sketch binary"

#: Documents that are looked at for each key of a sketch, the first ones: as on one machine.
_MOST_POSTINGS = 64

#: Blocks that may have a key of their sketches in common; a key of more is that of a phrase, and finds none: as on one machine.
_MOST_FORMS = 64

#: Paragraphs that a document may share with the first that has them, each known by its two ends; with more it is the same story: as on one
#: machine.
_MOST_SHARED = 6

#: Documents whose terms say how usual words are: as on one machine.
_DRAWN = 512

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
    one_by_one: bool = False,
    across: bool = False,
    corpus: DataFrame | None = None,
    hot: int = HOT,
) -> DataFrame:
    """The findings in the documents of ``df``, a row for each, in the shape of :data:`FINDINGS`.

    Rules that do ask the documents about one another, unless ``one_by_one`` forbids it; what each holds and answers is kept by Spark
    until the session ends. ``across`` compares the documents with one another. Their part of the index is then kept in the same way; to
    keep it in hand, or on disk for the next run, pass ``corpus=copydesk.spark.index(df)`` instead, made with the same columns.
    """
    linter = linter or Linter()
    rows, names = _documents(df, text_column, id_column, url_column, title_column)
    rows, beside = _beside(rows, linter, names, format, one_by_one, across, corpus, hot)
    return _mapped(rows, FINDINGS, lambda batch: linter.check_batch(batch, **names, format=format, **beside))


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
    one_by_one: bool = False,
    across: bool = False,
    corpus: DataFrame | None = None,
    hot: int = HOT,
) -> DataFrame:
    """The documents of ``df`` after their fixes, a row for each, in the shape of :data:`CLEANED`; see ``Linter.clean_batch``.

    Where documents are asked or compared, it is by their texts as they come, before any fix.
    """
    linter = linter or Linter()
    wanted: dict[str, Any] = {"fixes": fixes, "review": review, "reject": list(reject), "languages": list(languages)}
    rows, names = _documents(df, text_column, id_column, url_column, title_column)
    rows, beside = _beside(rows, linter, names, format, one_by_one, across, corpus, hot)

    def work(batch: pa.Table) -> pa.Table:
        table = linter.clean_batch(batch, **wanted, **names, format=format, **beside)
        text = table.schema.get_field_index("text")
        return table.set_column(text, "text", table["text"].cast(pa.string()))

    return _mapped(rows, CLEANED, work)


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
    return _mapped(rows, _DIGESTS, lambda batch: digest_batch(batch, id_column="id", url_column=url, format=format))


def _beside(
    rows: DataFrame,
    linter: Linter,
    names: dict[str, Any],
    format: Format | None,
    one_by_one: bool,
    across: bool,
    corpus: DataFrame | None,
    hot: int,
) -> tuple[DataFrame, dict[str, Any]]:
    """The documents with what was heard and counted for each, where that is asked for, and the columns that hold it."""
    known: DataFrame | None = None
    columns: dict[str, Any] = {}
    if corpus is None and across:
        corpus = _kept(_index(rows, format))
    if corpus is not None:
        counted = _sightings(corpus, hot).join(_forms(corpus, hot), "path", "full_outer").join(_likes(corpus, hot), "path", "full_outer")
        known = counted.select("path", F.struct("blocks", "forms", "like").alias("counted"))
        columns["counted_column"] = "counted"
    if not one_by_one and linter.asks:
        heard, usage = _heard(rows, linter, names, format, hot)
        known = heard if known is None else known.join(heard, "path", "full_outer")
        columns |= {"heard_column": "heard", "usage": usage}
    if known is None:
        return rows, columns
    return rows.join(known.withColumnRenamed("path", "id"), "id", "left"), columns


def _kept(df: DataFrame) -> DataFrame:
    """The same, worked out once for all that is made of it."""
    return df.persist(StorageLevel.MEMORY_AND_DISK)


def _mapped(df: DataFrame, schema: str, work: Callable[[pa.Table], pa.Table]) -> DataFrame:
    """What ``work`` makes of each batch."""

    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield from work(pa.Table.from_batches([batch])).to_batches()

    return df.mapInArrow(run, schema)


def _gathered(df: DataFrame, schema: str, work: Callable[[pa.RecordBatchReader], pa.Table]) -> DataFrame:
    """What ``work`` makes of each partition."""

    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        rest = iter(batches)
        for first in rest:
            yield from work(pa.RecordBatchReader.from_batches(first.schema, chain([first], rest))).to_batches()

    return df.mapInArrow(run, schema)


def _heard(
    rows: DataFrame, linter: Linter, names: dict[str, Any], format: Format | None, hot: int
) -> tuple[DataFrame, Usage | None]:
    """For each document, where paragraphs that it shares are at home, and names of which it may have a slip; for all, how they use words."""
    voices = _mapped(rows, _VOICES, lambda batch: voice_batch(linter, batch, id_column="id", format=format))
    voices = _kept(voices)
    usage = _usage(rows, voices, format)
    shared, asked = _shared(voices, hot)
    slips = _slips(voices, linter)
    first = slips.select(F.explode("first").alias("path"), "right").groupBy("path").agg(F.collect_set("right").alias("names"))
    asked = asked.join(first, "path", "full_outer").withColumnRenamed("path", "id")
    answers = _mapped(rows.join(asked, "id"), _ANSWERS, lambda batch: answer_batch(linter, batch, **names, format=format, usage=usage))
    answers = _kept(answers)
    heard = _homes(voices, shared, answers, hot).join(_drifts(voices, slips, answers, hot), "path", "full_outer")
    return heard.select("path", F.struct("homes", "drifts").alias("heard")), usage


def _usage(rows: DataFrame, voices: DataFrame, format: Format | None) -> Usage | None:
    """How usual words are, by the documents whose texts have the least lots; they are asked at once, and what they say goes with each task."""
    drawn = voices.where("lot is not null").groupBy("lot").agg(F.min("path").alias("id")).orderBy("lot").limit(_DRAWN)
    rows = rows.join(F.broadcast(drawn.select("id")), "id", "left_semi")
    terms = _mapped(rows, _TERMS, lambda batch: term_batch(batch, id_column="id", format=format))
    return Usage.of(terms.toArrow())


def _shared(voices: DataFrame, hot: int) -> tuple[DataFrame, DataFrame]:
    """The paragraphs that several documents hold, by their keys, with how many hold each; the documents to be asked about which of them."""
    keys = voices.select("path", F.explode("keys").alias("key"))
    counts = keys.groupBy("key").agg(F.count("*").alias("documents"), F.min("path").alias("first")).where("documents > 1")
    met = _look_up(keys, counts, ["key"], "documents", hot, "inner").where("first <> path")
    met = met.groupBy("path", "first").agg(F.collect_list(F.struct("key", "documents")).alias("common"))
    met = _kept(met.where(F.size("common") <= _MOST_SHARED))
    shared = _kept(met.select(F.explode("common").alias("shared")).select("shared.*").distinct())
    holders = met.select("path").unionByName(met.select(F.col("first").alias("path"))).distinct()
    asked = _look_up(_every_key(voices).join(holders, "path", "left_semi"), shared, ["key"], "documents", hot, "inner")
    return shared, asked.groupBy("path").agg(F.collect_list("key").alias("keys"))


def _every_key(voices: DataFrame) -> DataFrame:
    return voices.select("path", F.explode(F.concat("keys", "more")).alias("key"))


def _slips(voices: DataFrame, linter: Linter) -> DataFrame:
    """Spellings of names that few documents have, by their hashes, with the one that many have and the first documents of that."""
    rolls = _gathered(voices.select("path", "names"), _ROLLS, roll_voices)
    # A name of many documents is a row of each task that met it.
    rolls = _gathered(rolls.repartition("word"), _ROLLS, roll_merge)
    total = voices.agg(F.count("*").alias("total"))
    near = _kept(_mapped(rolls.crossJoin(F.broadcast(total)), _NEAR_NAMES, lambda batch: near_names(linter, batch)))
    right = near.select(F.col("word").alias("right"), F.explode("many").alias("rest"))
    pairs = near.select("word", F.explode("few").alias("rest")).join(right, "rest").where("word <> right").select("word", "right").distinct()
    pairs = pairs.join(near.select("word", "count"), "word")
    pairs = pairs.join(near.select(F.col("word").alias("right"), F.col("count").alias("right_count")), "right")
    slips = _mapped(pairs, _SLIPS, slip_batch)
    best = slips.groupBy("hash").agg(F.max(F.struct("documents", "right", "own", "first")).alias("best"))
    return _kept(best.select("hash", "best.*"))


def _homes(voices: DataFrame, shared: DataFrame, answers: DataFrame, hot: int) -> DataFrame:
    """For each document, the best homes of its paragraphs that others have too."""
    homes = answers.select("path", F.explode("homes").alias("of")).select("of.key", F.struct("of.score", "path", "of.home").alias("best"))
    homes = homes.groupBy("key").agg(F.min("best").alias("best")).join(shared, "key")
    found = _look_up(_every_key(voices), homes, ["key"], "documents", hot, "inner")
    home = F.struct("key", F.col("best.path").alias("path"), F.col("best.home").alias("home"))
    return found.groupBy("path").agg(F.collect_list(home).alias("homes"))


def _drifts(voices: DataFrame, slips: DataFrame, answers: DataFrame, hot: int) -> DataFrame:
    """For each document, its words that may be slips of names, with where those stand."""
    places = answers.select("path", F.explode("names").alias("of")).select("path", F.col("of.name").alias("right"), "of.line", "of.column")
    asked = slips.select("hash", "right", F.explode("first").alias("path")).join(places, ["right", "path"])
    places = asked.groupBy("hash").agg(F.collect_list(F.struct("path", "line", "column")).alias("places"))
    facts = slips.drop("first").join(places, "hash", "left")
    suspects = voices.select("path", F.explode("suspects").alias("hash"))
    found = _look_up(suspects, facts, ["hash"], "own", hot, "inner")
    return found.groupBy("path").agg(F.collect_list(F.struct("hash", "right", "documents", "own", "places")).alias("drifts"))


def _look_up(rows: DataFrame, facts: DataFrame, keys: list[str], count: str, hot: int, how: str) -> DataFrame:
    """``rows`` joined with the one fact of their key, of which ``count`` says how many rows ask for it.

    Keys that many rows ask for are few: their facts go to the rows, and not the rows to them.
    """
    facts = _kept(facts)
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
    near = _mapped(pairs.select("hash", "other", "sketch", "other_sketch"), _NEARS, near_batch)
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
    likes = _mapped(pairs.select("path", "other", "sketch", "other_sketch"), _LIKES, like_batch)
    return likes.groupBy("path").agg(F.min(F.struct("other", "sketch")).alias("like"))
