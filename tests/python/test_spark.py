"""Spark in local mode: the same findings as on one machine, for any number of partitions, also where a task dies."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest

import copydesk

pytest.importorskip("pyspark")
if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
    pytest.skip("Spark needs Java, and there is none", allow_module_level=True)

from pyspark import TaskContext
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

import copydesk.spark

SCHEMA = "id string, url string, text string"

# The findings of many documents are gathered in the driver.
MEMORY = "1g" if int(os.environ.get("COPYDESK_TEST_DOCUMENTS", "300")) < 1_000 else "6g"


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master("local[2,3]")  # two workers; a task may fail twice
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "3")
        # A few hundred documents take longer to plan and to compile for than to check.
        .config("spark.sql.adaptive.enabled", "false")
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        .config("spark.driver.memory", MEMORY)
        .config("spark.driver.maxResultSize", "0")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


def lines(table: pa.Table) -> list[str]:
    """Every row as text, sorted."""
    return sorted(repr(sorted(row.items())) for row in table.to_pylist())


@pytest.fixture(scope="module")
def frame(spark: SparkSession, table: pa.Table) -> DataFrame:
    return spark.createDataFrame([tuple(row[name] for name in ("id", "url", "text")) for row in table.to_pylist()], SCHEMA)


@pytest.fixture(scope="module")
def expected(linter: copydesk.Linter, table: pa.Table) -> list[str]:
    return lines(linter.check_batch(table, corpus=copydesk.index(table), hearing=linter.hear(table)))


@pytest.mark.parametrize("partitions", [1, 2, 7])
def test_findings_are_those_of_one_machine(spark: SparkSession, frame: DataFrame, expected: list[str], partitions: int) -> None:
    spark.conf.set("spark.sql.adaptive.enabled", str(partitions == 7).lower())  # as it is where nobody has turned it off
    assert any("near-duplicate-document" in line for line in expected)
    assert any("where it fits" in line for line in expected) and any("name-drift" in line for line in expected)
    assert any("run_documents" in line for line in expected)
    assert any("stand nearly so" in line for line in expected) or os.environ.get("COPYDESK_TEST_CORPUS")
    found = lines(copydesk.spark.check(frame.repartition(partitions), across=True).toArrow())
    spark.conf.set("spark.sql.adaptive.enabled", "false")
    assert found == expected


def test_no_key_is_too_hot(frame: DataFrame, expected: list[str]) -> None:
    # With every key of more than three documents looked up by broadcast; so few documents have none that is by default.
    index = copydesk.spark.index(frame).persist()
    assert lines(copydesk.spark.check(frame, corpus=index, hot=3).toArrow()) == expected
    plan = copydesk.spark._likes(index, 3)._jdf.queryExecution().toString()
    # The ranks of a key are cut before they are shuffled.
    assert "WindowGroupLimit" in plan and "Partial" in plan.split("WindowGroupLimit", 1)[1]


def test_a_task_that_dies_changes_nothing(frame: DataFrame, expected: list[str], tmp_path: Path) -> None:
    marks = str(tmp_path)

    def fragile(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        context = TaskContext.get()
        for batch in batches:
            yield batch
            mark = Path(marks) / f"{context.stageId()}-{context.partitionId()}"
            if context.attemptNumber() == 0 and context.partitionId() == 1:
                mark.touch()
                os._exit(1)  # as when the machine goes down, with half of the output written

    dying = frame.repartition(3).mapInArrow(fragile, SCHEMA)
    assert lines(copydesk.spark.check(dying, across=True).toArrow()) == expected
    assert list(tmp_path.iterdir()), "no task died"


def test_documents_alone_and_cleaned(frame: DataFrame, linter: copydesk.Linter, table: pa.Table) -> None:
    assert lines(copydesk.spark.check(frame, one_by_one=True).toArrow()) == lines(linter.check_batch(table))
    ask = copydesk.Linter(ignore=["spelling"])
    cleaned = copydesk.spark.clean(frame, ask, fixes="all")
    assert lines(cleaned.toArrow()) == lines(ask.clean_batch(table, fixes="all", hearing=ask.hear(table)))


def test_an_index_that_was_written_down_serves_the_next_run(
    spark: SparkSession, frame: DataFrame, linter: copydesk.Linter, table: pa.Table, tmp_path: Path
) -> None:
    third = len(table) // 3
    first_new = table["id"][third].as_py()
    old, new = frame.where(F.col("id") < first_new), frame.where(F.col("id") >= first_new)
    for name, part in (("old", old), ("new", new)):
        copydesk.spark.index(part).write.parquet(str(tmp_path / name))
    corpus = spark.read.parquet(str(tmp_path / "old"), str(tmp_path / "new"))
    found = lines(copydesk.spark.check(new, corpus=corpus).toArrow())
    tonight = table.slice(third)
    assert found == lines(linter.check_batch(tonight, corpus=copydesk.index(table), hearing=linter.hear(tonight)))


def test_mistakes_are_told_on_the_driver(frame: DataFrame) -> None:
    with pytest.raises(copydesk.Error, match="no rule or group"):
        copydesk.spark.check(frame, copydesk.Linter(select=["nothing"]))
