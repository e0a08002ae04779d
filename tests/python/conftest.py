"""What the tests of the Python package share."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pyarrow as pa
import pytest
from corpus import articles, reports, stories

import copydesk

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def linter() -> copydesk.Linter:
    return copydesk.Linter()


@pytest.fixture(scope="session")
def documents() -> list[dict[str, str]]:
    """Made-up articles, or as many of the corpus that `COPYDESK_TEST_CORPUS` names: JSONL with `id`, `url`, `text`; with them, some that tell
    of one another."""
    count = int(os.environ.get("COPYDESK_TEST_DOCUMENTS", "300"))
    corpus = os.environ.get("COPYDESK_TEST_CORPUS")
    if not corpus:
        return articles(count) + stories(60) + reports(130)
    with open(corpus, encoding="utf-8") as lines:
        read = [json.loads(line) for line, _ in zip(lines, range(count))]
    assert len(read) == count, f"{corpus} holds {len(read)} documents, not {count}"
    return read + stories(60) + reports(130)


@pytest.fixture(scope="session")
def table(documents: list[dict[str, str]]) -> pa.Table:
    return pa.Table.from_pylist(documents)


@pytest.fixture(scope="session")
def command() -> str:
    """The command line, which must give the same findings."""
    built = os.environ.get("COPYDESK_COMMAND") or shutil.which("copydesk") or str(ROOT / "target/release/copydesk")
    if not Path(built).exists():
        pytest.skip("the command line is not built: cargo build --release")
    return built
