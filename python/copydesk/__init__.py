"""A content-integrity linter for scraped articles: repeats, stray paragraphs, typos, page residue, broken text.

>>> import copydesk
>>> linter = copydesk.Linter()
>>> text = "The council voted on Monday to close the the old harbour.\\n"
>>> for finding in linter.check(text):
...     print(finding.rule, repr(text[finding.start : finding.end]))
doubled-word 'the the'
>>> linter.clean(text).text
'The council voted on Monday to close the old harbour.\\n'
"""

from copydesk._core import (
    Census,
    Cleaned,
    ConfigError,
    Edit,
    Error,
    Finding,
    Fix,
    Hearing,
    Index,
    Linter,
    Related,
    RuleError,
    __version__,
    index,
    merge,
    restore,
)

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
    "__version__",
    "index",
    "merge",
    "restore",
]
