"""The marker `needs`: without a package the test is skipped by name; where everything must be there, it fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEST = """
import pytest

@pytest.mark.needs("no_such_package", "no-such-program")
def test_needs_what_is_not_there():
    raise AssertionError("it must not run")

@pytest.mark.needs("json", "sh")
def test_needs_what_is_there():
    pass
"""


def outcome(folder: Path, **env: str) -> tuple[int, str]:
    (folder / "conftest.py").write_text(f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom tests.conftest import *\n")
    (folder / "test_it.py").write_text(TEST)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    needs: packages or programs\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", str(folder)],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, **env},
    )
    return done.returncode, done.stdout


def test_skipped_by_name(tmp_path: Path) -> None:
    status, out = outcome(tmp_path, ARCHCALC_REQUIRE_ALL="")
    assert status == 0, out
    assert "1 passed, 1 skipped" in out
    assert "no-such-program, no_such_package" in out


def test_required(tmp_path: Path) -> None:
    status, out = outcome(tmp_path, ARCHCALC_REQUIRE_ALL="1")
    assert status == 1, out
    assert "1 passed, 1 error" in out
    assert "unset ARCHCALC_REQUIRE_ALL" in out


@pytest.mark.parametrize("path", sorted((ROOT / "tests").rglob("test_*.py")), ids=lambda path: path.stem)
def test_nothing_is_expected_to_fail(path: Path) -> None:
    """A test that may fail tells nothing: mend the code, or say in the test what is right."""
    text = path.read_text(encoding="utf-8")
    for word in ("x" + "fail", "pytest.mark." + "skip(", "importor" + "skip"):
        assert word not in text, f"{path.name}: no {word}; for a package that may be missing there is `needs`"
