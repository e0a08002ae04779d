"""Steps for a datatrove pipeline: drop what is no article, mend what can be mended, count what is there.

    LocalPipelineExecutor(pipeline=[
        JsonlReader("pages"),
        CopydeskStats(),
        CopydeskCleaner(reject=["blocked-page", "empty-body"]),
        CopydeskFilter(fail_on="error", exclusion_writer=JsonlWriter("rejected")),
        JsonlWriter("clean"),
    ])
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from datatrove.data import Document, DocumentsPipeline
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.filters.base_filter import BaseFilter
from datatrove.pipeline.writers.disk_base import DiskWriter

from copydesk import Linter

__all__ = ["CopydeskCleaner", "CopydeskFilter", "CopydeskStats"]

Severity = Literal["error", "warning", "info"]

_GRAVITY = {"info": 0, "warning": 1, "error": 2}


def _url(document: Document) -> str | None:
    url = document.metadata.get("url")
    return url if isinstance(url, str) else None


class CopydeskFilter(BaseFilter):
    """Drops documents with a finding at or above ``fail_on``; the reason is the rule of the gravest one, the first of its gravity."""

    name = "copydesk"

    def __init__(
        self, linter: Linter | None = None, *, fail_on: str = "error", exclusion_writer: DiskWriter | None = None
    ) -> None:
        super().__init__(exclusion_writer)
        if fail_on not in _GRAVITY:
            raise ValueError(f"there is no severity `{fail_on}`\n  help: known: `error`, `warning`, `info`")
        self.linter = linter or Linter()
        self.fail_on = fail_on

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        found = self.linter.check(doc.text, doc.id, url=_url(doc), format="text")
        gravest = max(found, key=lambda finding: _GRAVITY[finding.severity], default=None)
        if gravest is None or _GRAVITY[gravest.severity] < _GRAVITY[self.fail_on]:
            return True
        return False, gravest.rule


class CopydeskCleaner(PipelineStep):
    """Applies the fixes, and leaves in ``metadata["copydesk"]`` the verdict, its reasons and the ledger of what was changed.

    Documents that are rejected are dropped, or written by ``exclusion_writer``. The original comes back with
    ``copydesk.restore(document.text, document.metadata["copydesk"]["ledger"])``.
    """

    name = "copydesk"
    type = "🧹 - CLEANER"

    def __init__(
        self,
        linter: Linter | None = None,
        *,
        fixes: Literal["safe", "all"] = "safe",
        review: Severity | None = "error",
        reject: Iterable[str] = (),
        languages: Iterable[str] = (),
        exclusion_writer: DiskWriter | None = None,
    ) -> None:
        super().__init__()
        self.linter = linter or Linter()
        self.fixes: Literal["safe", "all"] = fixes
        self.review: Severity | None = review
        self.reject, self.languages = list(reject), list(languages)
        self.exclusion_writer = exclusion_writer

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        for document in data or ():
            with self.track_time():
                cleaned = self.linter.clean(
                    document.text,
                    document.id,
                    fixes=self.fixes,
                    review=self.review,
                    reject=self.reject,
                    languages=self.languages,
                    url=_url(document),
                    format="text",
                )
            self.stat_update("total", cleaned.verdict)
            if cleaned.ledger:
                self.stat_update("fixes", value=cleaned.fixes)
            for edit in cleaned.ledger:
                self.stat_update(f"fixed_{edit['rule']}")
            document.text = cleaned.text
            document.metadata["copydesk"] = {
                "verdict": cleaned.verdict,
                "reasons": cleaned.reasons,
                "ledger": cleaned.ledger,
            }
            if cleaned.verdict != "rejected":
                self.update_doc_stats(document)
                yield document
            elif self.exclusion_writer:
                self.exclusion_writer.write(document, rank)
        if self.exclusion_writer:
            self.exclusion_writer.close()


class CopydeskStats(PipelineStep):
    """Counts findings by rule, and hands every document on as it is; with ``annotate``, the counts stand in its metadata, too."""

    name = "copydesk"
    type = "📊 - STATS"

    def __init__(self, linter: Linter | None = None, *, annotate: bool = False) -> None:
        super().__init__()
        self.linter = linter or Linter()
        self.annotate = annotate

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        for document in data or ():
            with self.track_time():
                found = self.linter.check(document.text, document.id, url=_url(document), format="text")
            counts = Counter(finding.rule for finding in found)
            self.stat_update("documents")
            self.stat_update("with_findings" if counts else "without_findings")
            for rule, count in counts.items():
                self.stat_update(rule, value=count)
            if self.annotate:
                document.metadata["copydesk_findings"] = dict(counts)
            yield document
