"""The recipes for Ray Data, on a local Ray of one worker: the same findings as without it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

import copydesk

ray = pytest.importorskip("ray")
pytest.importorskip("ray.data")

from pyarrow import parquet


@pytest.fixture(scope="module")
def articles(table: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ray.data.Dataset]:
    path: Path = tmp_path_factory.mktemp("ray") / "articles.parquet"
    parquet.write_table(table, path, row_group_size=64)
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=200_000_000)
    ray.data.DataContext.get_current().enable_progress_bars = False
    yield ray.data.read_parquet(str(path))
    ray.shutdown()


def lines(table: pa.Table) -> list[str]:
    """Every row as text, sorted."""
    return sorted(repr(sorted(row.items())) for row in table.to_pylist())


def gathered(found: ray.data.Dataset) -> pa.Table:
    return pa.concat_tables(block for block in map(ray.get, found.to_arrow_refs()) if len(block))


def test_documents_alone(articles: ray.data.Dataset, linter: copydesk.Linter, table: pa.Table) -> None:
    shared = ray.put(linter)
    found = articles.map_batches(lambda batch: ray.get(shared).check_batch(batch), batch_format="pyarrow", batch_size=64)
    assert lines(gathered(found)) == lines(linter.check_batch(table))


def test_documents_compared(articles: ray.data.Dataset, linter: copydesk.Linter, table: pa.Table) -> None:
    def part(batch: pa.Table) -> pa.Table:
        return pa.table({"index": pa.array([copydesk.index(batch).to_bytes()], pa.large_binary())})

    parts = gathered(articles.map_batches(part, batch_format="pyarrow", batch_size=64))["index"]
    corpus = copydesk.merge([copydesk.Index.from_bytes(one.as_py()) for one in parts])
    assert corpus == copydesk.index(table)
    shared = ray.put((linter, corpus))

    def check(batch: pa.Table) -> pa.Table:
        linter, corpus = ray.get(shared)
        return linter.check_batch(batch, corpus=corpus)

    found = articles.map_batches(check, batch_format="pyarrow", batch_size=64)
    assert lines(gathered(found)) == lines(linter.check_batch(table, corpus=corpus))
