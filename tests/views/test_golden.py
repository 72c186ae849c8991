"""Golden tables: what a user sees of a few networks, to the letter; and their columns are added up again.

After a change that is meant, write them anew and look at the difference before you commit it:

    ARCHCALC_REGENERATE=1 pytest tests/views/test_golden.py && git diff tests/golden
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent.parent / "golden"
GOLDEN = {
    "lenet5_params.txt": ("params", "lenet5"),
    "lenet5_summary.txt": ("summary", "lenet5"),
    "lenet5_rf.txt": ("rf", "lenet5"),
    "lenet5_params.tex": ("params", "lenet5", "--format", "latex"),
    "lenet5_explain_C3.txt": ("explain", "lenet5", "C3"),
    "alexnet_macs.md": ("macs", "alexnet", "--format", "markdown"),
    "vgg16_params.txt": ("params", "vgg16"),
    "googlenet_shapes.csv": ("shapes", "googlenet", "--format", "csv"),
    "mobilenet_v1_summary.txt": ("summary", "mobilenet_v1"),
    "mobilenet_v1_sweep.txt": (
        "sweep",
        "mobilenet_v1",
        "--set",
        "alpha=1,0.75,0.5,0.25",
        "--set",
        "resolution=224,192,160,128",
    ),
    "resnet50_params_depth1.txt": ("params", "resnet50", "--depth", "1"),
    "unet_summary.txt": ("summary", "unet"),
    "deconv_demo_rf.txt": ("rf", "deconv_demo"),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_golden(name: str, run: Any) -> None:
    text = run.ok(*GOLDEN[name])
    path = FOLDER / name
    if os.environ.get("ARCHCALC_REGENERATE") == "1":
        path.write_text(text, encoding="utf-8")
    how = "if the change is meant: ARCHCALC_REGENERATE=1 pytest tests/views/test_golden.py, then look at the difference"
    assert path.exists(), f"{path.name} is missing; {how}"
    assert text == path.read_text(encoding="utf-8"), f"archcalc {' '.join(GOLDEN[name])} prints something else; {how}"


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(GOLDEN), "remove what no test reads, or name it in GOLDEN"


SUMMED = ("Weights", "Biases", "Params", "Trainable", "Fixed", "Buffers", "Mult-adds", "FLOPs", "Activations")


@pytest.mark.parametrize("name", [name for name in GOLDEN if name.endswith(".txt") and re.search("params|summary", name)])
def test_the_columns_add_up_to_the_total(name: str) -> None:
    """Read back from the text itself, by the places of the columns, as a reader with a ruler would."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.strip().startswith("Layer"))
    header, body = lines[at], lines[at + 2 :]
    ends = {word: header.index(word) + len(word) for word in SUMMED if word in header}
    assert ends, "no column to add up"
    rows_ = body[: next(number for number, line in enumerate(body) if line.strip().startswith("total"))]
    total = body[len(rows_)]
    for word, end in ends.items():
        assert sum(_number(line, end) for line in rows_) == _number(total, end), f"{name}: {word}"


def _number(line: str, end: int) -> int:
    """The number that ends at a column's right edge."""
    found = re.search(r"([\d,]+)$", line.ljust(end)[:end])
    return int(found[1].replace(",", "")) if found else 0
