"""The part of the package that is written in Rust."""

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Literal, Protocol, final

import pyarrow as pa

__all__ = [
    "Cleaned",
    "ConfigError",
    "Edit",
    "Error",
    "Finding",
    "Fix",
    "Index",
    "Linter",
    "Related",
    "RuleError",
    "__version__",
    "digest_batch",
    "index",
    "like_batch",
    "merge",
    "near_batch",
    "restore",
]

__version__: str

_Path = str | PathLike[str]
_Format = Literal["text", "markdown", "html"]
_Severity = Literal["error", "warning", "info"]

class _ArrowStream(Protocol):
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

class _ArrowArray(Protocol):
    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...

_Table = _ArrowStream | _ArrowArray

class Error(ValueError):
    """copydesk could not do its work."""

class ConfigError(Error):
    """Mistakes in the config."""

    flaws: list[dict[str, Any]]
    """Each with `path`, `line`, `column`, `start`, `end`, `message`, `help`."""

class RuleError(Error):
    """Mistakes in rule files or their examples."""

    flaws: list[dict[str, Any]]

@final
class Edit:
    """A stretch of a text and what is to stand there: characters, and bytes of the text's UTF-8 beside."""

    start: int
    end: int
    start_byte: int
    end_byte: int
    text: str

@final
class Fix:
    safe: bool
    """Certain enough to be applied without a person looking."""
    edits: list[Edit]

@final
class Related:
    """Another place that a finding speaks of; in another document, only line and column are known."""

    path: str
    label: str
    start: int
    end: int
    start_byte: int
    end_byte: int
    line: int
    column: int

@final
class Finding:
    """A defect at a place of a text: `text[finding.start:finding.end]` is what was found."""

    path: str
    rule: str
    severity: _Severity
    message: str
    help: str | None
    start: int
    """In characters, as Python counts them; half-open."""
    end: int
    start_byte: int
    """In bytes of the text's UTF-8."""
    end_byte: int
    line: int
    """Counted from 1, columns in characters."""
    column: int
    end_line: int
    end_column: int
    related: list[Related]
    fix: Fix | None
    evidence: dict[str, str | int | float | list[str]]
    fingerprint: str

@final
class Cleaned:
    """A text after its fixes, and what is to become of it."""

    text: str
    verdict: Literal["clean", "review", "rejected"]
    """A text that is rejected is as it was."""
    reasons: list[dict[str, Any]]
    """Why it is not clean: `rule`, `message`, `line`, `column`."""
    fixes: int
    ledger: list[dict[str, Any]]
    """What was changed: `rule`, `round`, `start_byte`, `end_byte`, `removed`, `inserted`."""

@final
class Index:
    """The blocks and sketches of many documents, for the rules that compare documents."""

    def __len__(self) -> int: ...
    @property
    def blocks(self) -> int: ...
    def to_bytes(self) -> bytes: ...
    @staticmethod
    def from_bytes(bytes: bytes) -> Index: ...
    @staticmethod
    def read(path: _Path) -> Index: ...
    def write(self, path: _Path) -> None: ...

@final
class Linter:
    """A config and its rules, ready to check texts on any thread. It can be pickled: the files that it was made from go with it."""

    def __new__(
        cls,
        config: _Path | Mapping[str, Any] | None = None,
        rules: _Path | Sequence[_Path] | None = None,
        *,
        select: Sequence[str] = (),
        ignore: Sequence[str] = (),
    ) -> Linter:
        """`config`: a file, or what would stand in it; without it, the default profile. `rules`: folders with rules of your own."""

    @property
    def rules(self) -> list[str]:
        """The ids of the rules that are on."""

    def check(
        self,
        text: str,
        path: str = "",
        *,
        url: str | None = None,
        format: _Format | None = None,
        corpus: Index | None = None,
    ) -> list[Finding]:
        """What is found in a text, in its order. Without `format`, the ending of `path` says what the text is."""

    def clean(
        self,
        text: str,
        path: str = "",
        *,
        fixes: Literal["safe", "all"] = "safe",
        review: _Severity | None = "error",
        reject: Sequence[str] = (),
        languages: Sequence[str] = (),
        url: str | None = None,
        format: _Format | None = None,
        corpus: Index | None = None,
    ) -> Cleaned:
        """A text after its fixes. Findings at or above `review` that are left ask for a person; those of `reject` (rules or groups,
        beside refused pages and empty documents), and languages other than `languages`, reject the text."""

    def check_batch(
        self,
        table: _Table,
        *,
        text_column: str = "text",
        id_column: str | None = None,
        url_column: str | None = None,
        title_column: str | None = None,
        path: str | None = None,
        format: _Format | None = None,
        corpus: Index | None = None,
        counted_column: str | None = None,
        jobs: int = 1,
    ) -> pa.Table:
        """What is found in the rows of a table, a row for each finding, in the order of the rows.

        A row is a document that is called by its id; with `path`, it is a record of that file. Columns called `id`, `url` and
        `title` are read where the table has them. Rows without a text are left out. `jobs`: threads, 0 for one on each core."""

    def clean_batch(
        self,
        table: _Table,
        *,
        fixes: Literal["safe", "all"] = "safe",
        review: _Severity | None = "error",
        reject: Sequence[str] = (),
        languages: Sequence[str] = (),
        text_column: str = "text",
        id_column: str | None = None,
        url_column: str | None = None,
        title_column: str | None = None,
        path: str | None = None,
        format: _Format | None = None,
        corpus: Index | None = None,
        counted_column: str | None = None,
        jobs: int = 1,
    ) -> pa.Table:
        """The texts of a table after their fixes, a row for each row, in their order."""

def index(
    table: _Table,
    *,
    text_column: str = "text",
    id_column: str | None = None,
    url_column: str | None = None,
    path: str | None = None,
    format: _Format | None = None,
) -> Index:
    """An index of the documents of a table, for `corpus` and `copydesk check --corpus`."""

def merge(indexes: Sequence[Index]) -> Index:
    """All of them in one; the order makes no difference, nor does it whether some were merged before."""

def restore(text: str, ledger: Sequence[dict[str, Any]]) -> str:
    """The text as it was before the edits of a ledger: `restore(cleaned.text, cleaned.ledger)`."""

def digest_batch(
    table: _Table,
    *,
    text_column: str = "text",
    id_column: str | None = None,
    url_column: str | None = None,
    format: _Format | None = None,
) -> pa.Table:
    """A row for each document of a table: its part of the index, for an engine that counts over many machines."""

def like_batch(table: _ArrowStream) -> pa.Table:
    """Of rows that name two documents with their sketches, those whose texts are versions of one another."""

def near_batch(table: _ArrowStream) -> pa.Table:
    """Of rows that name two blocks with their sketches, those that are nearly the same."""
