"""Tables: in and out by the Arrow C data interface."""

from __future__ import annotations

import json
import pickle
import subprocess
from pathlib import Path

import pyarrow as pa
import pytest

import copydesk


def rows(table: pa.Table) -> list[dict]:
    return table.to_pylist()


def test_a_batch_finds_what_single_texts_find(linter: copydesk.Linter, table: pa.Table) -> None:
    found = rows(linter.check_batch(table))
    singly = [finding for row in table.to_pylist() for finding in linter.check(row["text"], row["id"], url=row["url"])]
    assert len(found) == len(singly) > 50
    for row, finding in zip(found, singly):
        for name in ("path", "rule", "severity", "message", "help", "start", "end", "start_byte", "end_byte", "line", "column",
                     "end_line", "end_column", "fingerprint"):
            assert row[name] == getattr(finding, name)
        assert json.loads(row["evidence"]) == finding.evidence
        assert [place["start"] for place in row["related"]] == [place.start for place in finding.related]
        assert (row["fix"] is None) == (finding.fix is None)
        if finding.fix:
            assert row["fix"]["safe"] == finding.fix.safe
            assert [edit["text"] for edit in row["fix"]["edits"]] == [edit.text for edit in finding.fix.edits]


def test_any_number_of_threads_and_batches_gives_the_same_table(linter: copydesk.Linter, table: pa.Table) -> None:
    whole = linter.check_batch(table)
    assert linter.check_batch(table, jobs=3).combine_chunks() == whole.combine_chunks()
    parts = [linter.check_batch(batch) for batch in table.to_batches(max_chunksize=7)]
    assert pa.concat_tables(parts).combine_chunks() == whole.combine_chunks()
    reader = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=50))
    assert linter.check_batch(reader).combine_chunks() == whole.combine_chunks()


def test_every_layout_of_text_is_read(linter: copydesk.Linter, table: pa.Table) -> None:
    whole = linter.check_batch(table)
    for kind in (pa.large_string(), pa.string_view()):
        cast = table.set_column(2, "text", table["text"].cast(kind))
        assert linter.check_batch(cast) == whole
    sliced = linter.check_batch(table.slice(10, 50))
    assert rows(sliced) == [row for row in rows(whole) if "00010.txt" <= row["path"] < "00060.txt"]


def test_other_columns_may_be_of_any_type(linter: copydesk.Linter, table: pa.Table) -> None:
    more = table.append_column("tags", pa.array([{"a": [1]}] * len(table))).append_column("at", pa.array([None] * len(table)))
    assert linter.check_batch(more) == linter.check_batch(table)


def test_rows_are_named_by_ids_numbers_or_their_place(linter: copydesk.Linter) -> None:
    text = "The council met on Monday to hear the the news of the wall.\n"
    numbered = pa.table({"n": [7, 8], "body": [text, None]})
    assert linter.check_batch(numbered, text_column="body", id_column="n")["path"].to_pylist() == ["7"]
    assert linter.check_batch(numbered, text_column="body")["path"].to_pylist() == ["row 000000001"]
    (row,) = rows(linter.check_batch(numbered, text_column="body", id_column="n", path="night.parquet"))
    assert (row["path"], row["record"]) == ("night.parquet", {"line": 1, "id": "7", "field": "body"})
    cleaned = rows(linter.clean_batch(numbered, text_column="body", id_column="n"))
    assert [(row["path"], row["text"], row["verdict"]) for row in cleaned] == [
        ("7", text.replace("the the", "the"), "clean"),
        ("8", None, "rejected"),
    ]


def test_wrong_tables_are_named(linter: copydesk.Linter, table: pa.Table) -> None:
    with pytest.raises(copydesk.Error, match="no column `txt`\n  help: did you mean `text`?"):
        linter.check_batch(table, text_column="txt")
    with pytest.raises(copydesk.Error, match="no column `uri`"):
        linter.check_batch(table, url_column="uri")
    with pytest.raises(copydesk.Error, match=r"the column `text` is not text \(UTF-8\) but Int64"):
        linter.check_batch(pa.table({"text": [1]}))
    with pytest.raises(copydesk.Error, match="a list is no table"):
        linter.check_batch([{"text": "a"}])  # type: ignore[arg-type]
    bytes_as_text = pa.Array.from_buffers(pa.string(), 1, pa.array([b"\xff\xfe"], pa.binary()).buffers())
    with pytest.raises(copydesk.Error, match="not text"):
        linter.check_batch(pa.table({"text": bytes_as_text}))


def test_an_empty_table_has_no_findings(linter: copydesk.Linter, table: pa.Table) -> None:
    found = linter.check_batch(table.slice(0, 0))
    assert len(found) == 0 and found.schema == linter.check_batch(table).schema


def test_the_command_line_finds_the_same(linter: copydesk.Linter, table: pa.Table, command: str, tmp_path: Path) -> None:
    for row in table.to_pylist():
        (tmp_path / row["id"]).write_text(row["text"], encoding="utf-8", newline="")
    plain = table.drop_columns("url")  # a file has no address
    asked = linter.hear(plain)
    for options in ([], ["--across"], ["--one-by-one"], ["--one-by-one", "--across"]):
        wanted = ["--format", "json", "--fail-on", "never", "--quiet", *options]
        run = subprocess.run([command, "check", *wanted, *sorted(p.name for p in tmp_path.iterdir())], cwd=tmp_path,
                             capture_output=True, text=True, encoding="utf-8")
        assert run.returncode == 0, run.stderr
        expected = [json.loads(line) for line in run.stdout.splitlines()]
        corpus = copydesk.index(plain) if "--across" in options else None
        hearing = None if "--one-by-one" in options else asked
        found = rows(linter.check_batch(plain, corpus=corpus, hearing=hearing))
        assert len(found) == len(expected)
        assert (hearing is not None) == any("run_documents" in finding["evidence"] for finding in expected)
        for row, finding in zip(found, expected):
            assert contract(row) == finding


def contract(row: dict) -> dict:
    """A row in the shape of `--format json`, whose offsets count bytes."""

    def bare(place: dict) -> dict:
        offsets = {"start": place["start_byte"], "end": place["end_byte"]}
        return {name: value for name, value in place.items() if name not in ("start_byte", "end_byte")} | offsets

    row = bare(row)
    row["related"] = [{**bare(place), "record": None} for place in row["related"]]
    row["fix"] = row["fix"] and {"safe": row["fix"]["safe"], "edits": [bare(edit) for edit in row["fix"]["edits"]]}
    row["evidence"] = json.loads(row["evidence"])
    return row


def test_an_index_is_the_same_in_parts(table: pa.Table, tmp_path: Path) -> None:
    whole = copydesk.index(table)
    parts = [copydesk.index(table.slice(start, 37)) for start in range(0, len(table), 37)]
    assert len(whole) == len(table)
    assert copydesk.merge(parts) == whole == copydesk.merge([copydesk.merge(parts[3:]), *reversed(parts[:3])])
    assert copydesk.Index.from_bytes(whole.to_bytes()) == whole == pickle.loads(pickle.dumps(whole))
    whole.write(tmp_path / "index")
    assert copydesk.Index.read(tmp_path / "index") == whole
    with pytest.raises(copydesk.Error, match="more than one of the indexes holds `00000.txt`"):
        copydesk.merge([whole, parts[0]])
    with pytest.raises(copydesk.Error, match="not an index"):
        copydesk.Index.from_bytes(b"nothing of the kind")


def test_documents_are_asked_about_one_another(linter: copydesk.Linter, table: pa.Table) -> None:
    hearing = linter.hear(table, jobs=2)
    found, alone = rows(linter.check_batch(table, hearing=hearing)), rows(linter.check_batch(table))
    only_then = [row for row in found if row not in alone]
    assert {"stray-paragraph", "name-drift"} == {row["rule"] for row in only_then}
    named = [place for row in only_then for place in row["related"] if place["path"] != row["path"]]
    assert len(named) > 12 and all(place["line"] > 0 and place["start"] == place["end"] == 0 for place in named)
    cleaned = linter.clean_batch(table, fixes="all", hearing=hearing)
    assert sum(row["fixes"] for row in rows(cleaned)) > sum(row["fixes"] for row in rows(linter.clean_batch(table, fixes="all")))
    (singly,) = [row for row in table.to_pylist() if row["id"] == only_then[0]["path"]]
    assert only_then[0]["fingerprint"] in [f.fingerprint for f in linter.check(singly["text"], singly["id"], url=singly["url"], hearing=hearing)]


def test_a_hearing_is_the_same_in_parts(linter: copydesk.Linter, table: pa.Table) -> None:
    whole = linter.hear(table)
    parts = [table.slice(start, 37) for start in range(0, len(table), 37)]
    assert linter.hear(pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=50)), jobs=2) == whole
    counted = [pickle.loads(pickle.dumps(linter.census(part))) for part in parts]
    census = copydesk.merge([copydesk.merge(counted[3:]), *reversed(counted[:3])])
    assert census == copydesk.merge(counted) == linter.census(table) and len(census) == len(table)
    heard = [pickle.loads(pickle.dumps(linter.hear(part, census))) for part in parts]
    hearing = copydesk.merge([copydesk.merge(heard[3:]), *reversed(heard[:3])])
    assert hearing == copydesk.merge(heard) == whole == copydesk.Hearing.from_bytes(whole.to_bytes())
    assert linter.check_batch(table, hearing=hearing) == linter.check_batch(table, hearing=whole)
    # In whatever order the rows come: their ids tell which is the first.
    assert linter.hear(table.take(list(reversed(range(len(table)))))) == whole
    with pytest.raises(copydesk.Error, match="more than one census holds `00000.txt`"):
        copydesk.merge([counted[0], counted[0]])
    with pytest.raises(copydesk.Error, match="heard about different censuses"):
        copydesk.merge([heard[0], linter.hear(parts[1])])
    with pytest.raises(TypeError, match="all indexes, all censuses or all hearings"):
        copydesk.merge([counted[0], heard[0]])  # type: ignore[list-item]
    with pytest.raises(copydesk.Error, match="not a hearing"):
        copydesk.Hearing.from_bytes(counted[0].to_bytes())


def test_documents_are_compared_beside_an_index(linter: copydesk.Linter, table: pa.Table) -> None:
    found = rows(linter.check_batch(table, corpus=copydesk.index(table)))
    rules = {row["rule"] for row in found}
    assert {"repeated-across", "site-boilerplate", "near-duplicate-document"} <= rules
    alone = {row["rule"] for row in rows(linter.check_batch(table))}
    assert not {"repeated-across", "site-boilerplate", "near-duplicate-document"} & alone
    for row in found:
        for place in row["related"]:
            if place["path"] != row["path"]:
                assert place["line"] > 0 and place["start"] == place["end"] == 0


def test_cleaned_tables_come_back(linter: copydesk.Linter, table: pa.Table) -> None:
    cleaned = rows(linter.clean_batch(table, fixes="all", jobs=2))
    assert [row["path"] for row in cleaned] == table["id"].to_pylist()
    assert sum(row["fixes"] for row in cleaned) > 20
    assert {row["verdict"] for row in cleaned} >= {"clean", "rejected"}
    for row, text in zip(cleaned, table["text"].to_pylist()):
        assert copydesk.restore(row["text"], row["ledger"]) == text
