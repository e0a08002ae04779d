"""What the pages and the docstrings show is run."""

from __future__ import annotations

import doctest
import importlib
import os
import re
from pathlib import Path

import pyarrow as pa
import pytest
from conftest import ROOT

import copydesk


def test_docstrings() -> None:
    failed, tried = doctest.testmod(copydesk)
    assert tried > 0 and failed == 0
    stubs = doctest.DocTestParser().get_doctest((ROOT / "python/copydesk/_core.pyi").read_text(encoding="utf-8"), {}, "_core", None, 0)
    assert len(stubs.examples) > 0 and doctest.DocTestRunner().run(stubs).failed == 0


def blocks() -> list[tuple[str, str]]:
    """Every Python block of the pages, with the page and the line it starts on."""
    found = []
    for page in (ROOT / "README.md", ROOT / "docs/python.md"):
        text = page.read_text(encoding="utf-8")
        for block in re.finditer(r"^```python\n(.*?)^```$", text, re.M | re.S):
            found.append((f"{page.name}:{text.count(chr(10), 0, block.start()) + 1}", block[1]))
    return found


@pytest.mark.parametrize("code", [pytest.param(code, id=name) for name, code in blocks()])
def test_blocks(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: pa.Table, capsys: pytest.CaptureFixture) -> None:
    """A block runs in a folder with `articles.parquet`; lines `#> …` are what it prints."""
    for package in re.findall(r"^(?:import|from) (\w+)", code, re.M):
        pytest.importorskip(package)
    if "pyspark" in code or "ray" in code:
        pytest.skip("tried in its own test")
    monkeypatch.chdir(tmp_path)
    pa.parquet = importlib.import_module("pyarrow.parquet")
    pa.parquet.write_table(table, "articles.parquet")
    exec(compile(code, "<page>", "exec"), {})  # noqa: S102
    shown = [line.removeprefix("#> ") for line in code.splitlines() if line.startswith("#> ")]
    printed = capsys.readouterr().out.splitlines()
    assert not shown or printed == shown, os.linesep.join(printed)
