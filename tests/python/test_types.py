"""The package as a type checker sees it: its own code holds to the stubs, the stubs to what was built, and users' code is told of mistakes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("mypy")

CONFIG = """
[mypy]
strict = True
[mypy-pyarrow.*,datatrove.*]
ignore_missing_imports = True
[mypy-copydesk.datatrove]
# The bases of its steps have no types.
disallow_subclassing_any = False
"""

# Their defaults are made in Rust, and the runtime shows an ellipsis.
UNTOLD_DEFAULTS = ["Linter.__new__", "Linter.clean", "Linter.clean_batch"]

USE = """
import copydesk

linter = copydesk.Linter(select=["doubled-word"])
for finding in linter.check("The the wall."):
    reveal_type(finding.start)
linter.check("The the wall.", format="pdf")
linter.clean("The the wall.", fixes="none")
copydesk.index()
"""


def run(module: str, folder: Path, *arguments: str) -> str:
    config = folder / "mypy.ini"
    config.write_text(CONFIG)
    command = [sys.executable, "-m", module, *arguments, "--mypy-config-file" if module.endswith("stubtest") else "--config-file", str(config)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


def test_the_package_holds_to_its_stubs(tmp_path: Path) -> None:
    assert "Success" in run("mypy", tmp_path, "-p", "copydesk")


def test_the_stubs_say_what_was_built(tmp_path: Path) -> None:
    allowed = tmp_path / "allowed"
    allowed.write_text("".join(f"copydesk._core.{name}\n" for name in UNTOLD_DEFAULTS))
    assert "Success" in run("mypy.stubtest", tmp_path, "copydesk._core", "--allowlist", str(allowed))


def test_a_mistake_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "use.py").write_text(USE)
    told = run("mypy", tmp_path, "use.py")
    assert "6: note: Revealed type is" in told and "int" in told
    assert [line.split(":")[1] for line in told.splitlines() if "error:" in line] == ["7", "8", "9"]
