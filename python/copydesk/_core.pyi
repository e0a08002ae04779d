"""The part of the package that is written in Rust."""

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Literal, Protocol, final, overload

import pyarrow as pa

__all__ = [
    "Census",
    "Cleaned",
    "ConfigError",
    "Edit",
    "Error",
    "Finding",
    "Fix",
    "Hearing",
    "Index",
    "Linter",
    "Related",
    "RuleError",
    "Usage",
    "__version__",
    "answer_batch",
    "digest_batch",
    "index",
    "like_batch",
    "merge",
    "near_batch",
    "near_names",
    "restore",
    "roll_merge",
    "roll_voices",
    "slip_batch",
    "term_batch",
    "voice_batch",
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
class Census:
    """What the documents of a table hold that other documents may be asked about: the keys of their paragraphs, their names, and the terms of
    some."""

    def __len__(self) -> int: ...
    def to_bytes(self) -> bytes: ...
    @staticmethod
    def from_bytes(bytes: bytes) -> Census: ...

@final
class Hearing:
    """What the documents have said that were asked about one another, for ``hearing``."""

    def to_bytes(self) -> bytes: ...
    @staticmethod
    def from_bytes(bytes: bytes) -> Hearing: ...

@final
class Usage:
    """How the documents of a run use words, for an engine that spreads them over many machines. It can be pickled."""

    @staticmethod
    def of(table: _ArrowStream) -> Usage | None:
        """Of rows that `term_batch` gave; `None` where they are too few."""

    @staticmethod
    def from_bytes(bytes: bytes) -> Usage: ...

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

    @property
    def asks(self) -> bool:
        """Whether any of them asks other documents: if not, a hearing changes nothing."""

    def check(
        self,
        text: str,
        path: str = "",
        *,
        url: str | None = None,
        format: _Format | None = None,
        corpus: Index | None = None,
        hearing: Hearing | None = None,
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
        hearing: Hearing | None = None,
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
        hearing: Hearing | None = None,
        heard_column: str | None = None,
        usage: Usage | None = None,
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
        hearing: Hearing | None = None,
        heard_column: str | None = None,
        usage: Usage | None = None,
        jobs: int = 1,
    ) -> pa.Table:
        """The texts of a table after their fixes, a row for each row, in their order."""

    def census(
        self,
        table: _Table,
        *,
        text_column: str = "text",
        id_column: str | None = None,
        path: str | None = None,
        format: _Format | None = None,
        jobs: int = 1,
    ) -> Census:
        """What the documents of a table hold, as far as the rules that are on ask for it. Ids must be unique; their order is that of the
        documents. Censuses of several tables are merged before any of them is heard."""

    def hear(
        self,
        table: _Table,
        census: Census | None = None,
        *,
        text_column: str = "text",
        id_column: str | None = None,
        url_column: str | None = None,
        title_column: str | None = None,
        path: str | None = None,
        format: _Format | None = None,
        jobs: int = 1,
    ) -> Hearing:
        """Asks the documents of a table what those of the census want to know, or one another where there is none.

        >>> import copydesk, pyarrow as pa
        >>> plan = "In Hallby minister Sergei Belozerov spoke of the plan."
        >>> rows = [{"id": f"{n}.txt", "text": plan} for n in range(5)]
        >>> rows += [{"id": "5.txt", "text": "Later minister Sergei Belzerov spoke again."}]
        >>> articles = pa.Table.from_pylist(rows)
        >>> linter = copydesk.Linter(select=["name-drift"])
        >>> hearing = linter.hear(articles)
        >>> linter.check_batch(articles, hearing=hearing)["message"].to_pylist()
        ['`Belzerov` is spelled `Belozerov` elsewhere']

        """

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

@overload
def merge(parts: Sequence[Index]) -> Index:
    """All of them in one: indexes, censuses or hearings. The order makes no difference, nor does it whether some were merged before."""

@overload
def merge(parts: Sequence[Census]) -> Census: ...
@overload
def merge(parts: Sequence[Hearing]) -> Hearing: ...
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

def voice_batch(
    linter: Linter,
    table: _Table,
    *,
    text_column: str = "text",
    id_column: str | None = None,
    format: _Format | None = None,
) -> pa.Table:
    """A row for each document of a table: the keys of its paragraphs, its names, and the words that may be slips of names."""

def term_batch(
    table: _Table,
    *,
    text_column: str = "text",
    id_column: str | None = None,
    format: _Format | None = None,
) -> pa.Table:
    """A row for each document of a table: what it is drawn by, and its terms."""

def roll_voices(table: _ArrowStream) -> pa.Table:
    """The names of rows that `voice_batch` gave, counted: a row for each name."""

def roll_merge(table: _ArrowStream) -> pa.Table:
    """Of rows that `roll_voices` gave in several parts, one for each name."""

def near_names(linter: Linter, table: _ArrowStream) -> pa.Table:
    """Of names and how many documents there are, those that many have and those that may be slips, with what near ones have in common."""

def slip_batch(table: _ArrowStream) -> pa.Table:
    """Of rows that name two names, those of which the first is a slip of the second."""

def answer_batch(
    linter: Linter,
    table: _Table,
    *,
    text_column: str = "text",
    id_column: str | None = None,
    url_column: str | None = None,
    title_column: str | None = None,
    format: _Format | None = None,
    usage: Usage | None = None,
) -> pa.Table:
    """What documents answer that are asked about paragraphs and names."""
