"""The steps in a real pipeline, run by datatrove's local executor."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

import copydesk

pytest.importorskip("datatrove")

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

from copydesk.datatrove import CopydeskCleaner, CopydeskFilter, CopydeskStats


def read(folder: Path) -> dict[str, dict]:
    lines = [line for path in sorted(folder.glob("*.jsonl.gz")) for line in gzip.open(path, "rt", encoding="utf-8")]
    return {record["id"]: record for record in map(json.loads, lines)}


def test_a_pipeline_counts_mends_and_drops(linter: copydesk.Linter, documents: list[dict[str, str]], tmp_path: Path) -> None:
    for part in range(2):
        (tmp_path / "in").mkdir(exist_ok=True)
        with open(tmp_path / "in" / f"{part}.jsonl", "w", encoding="utf-8") as file:
            file.writelines(json.dumps(document) + "\n" for document in documents[part::2])
    executor = LocalPipelineExecutor(
        pipeline=[
            JsonlReader(str(tmp_path / "in")),
            CopydeskStats(annotate=True),
            CopydeskCleaner(fixes="all", exclusion_writer=JsonlWriter(str(tmp_path / "rejected"))),
            CopydeskFilter(fail_on="error", exclusion_writer=JsonlWriter(str(tmp_path / "dropped"))),
            JsonlWriter(str(tmp_path / "out")),
        ],
        tasks=2,
        workers=1,
        logging_dir=str(tmp_path / "logs"),
    )
    executor.run()
    kept, rejected, dropped = (read(tmp_path / name) for name in ("out", "rejected", "dropped"))
    texts = {document["id"]: document["text"] for document in documents if document["text"]}
    assert kept.keys() | rejected.keys() | dropped.keys() == texts.keys()
    assert len(kept) + len(rejected) + len(dropped) == len(texts)
    assert kept and any(record["metadata"]["copydesk"]["ledger"] for record in kept.values())
    for record in kept.values():
        assert all(finding.severity != "error" for finding in linter.check(record["text"], record["id"], url=record["metadata"]["url"]))
        assert copydesk.restore(record["text"], record["metadata"]["copydesk"]["ledger"]) == texts[record["id"]]
    for record in dropped.values():
        assert record["metadata"]["filter_reason"] in linter.rules
    stats = json.loads((tmp_path / "logs" / "stats.json").read_text())
    counted = next(step["stats"] for step in stats if "STATS" in step["name"])
    found = [finding.rule for id, text in texts.items() for finding in linter.check(text, id)]
    total = counted["repeated-sentence"]
    assert (total["total"] if isinstance(total, dict) else total) == found.count("repeated-sentence") > 0
    assert any("repeated-sentence" in record["metadata"]["copydesk_findings"] for record in kept.values())


def test_an_unknown_severity_is_refused() -> None:
    with pytest.raises(ValueError, match="no severity `fatal`"):
        CopydeskFilter(fail_on="fatal")
