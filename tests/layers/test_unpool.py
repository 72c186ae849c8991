"""Max-unpooling against SegNet and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Badrinarayanan et al. 2015, §3, SegNet at 360×480: pool5 took 23×30 to 12×15, and back it goes to 23×30.
    Case([[512, 12, 15], [512, 23, 30]], {"pool": "pool5"}, [512, 23, 30]),
    # Zeiler & Fergus 2013, §2.1: AlexNet's 3×3 pooling at stride 2 undone, 27 → 55 = 26·2 + 3.
    Case([[96, 27, 27], [96, 55, 55]], {"pool": "pool1", "kernel_size": 3, "stride": 2}, [96, 55, 55]),
]
REFUSED = [
    ([[512, 12, 15], [256, 23, 30]], {"pool": "pool5"}, "as many channels"),
    ([[512, 12, 15], [512, 26, 30]], {"pool": "pool5"}, "less than a stride larger"),
    ([[512, 12, 15], [512, 22, 30]], {"pool": "pool5"}, "less than a stride smaller"),
    ([[512, 12], [512, 23, 30]], {"pool": "pool5"}, "as many axes"),
    ([[512, 12, 15]], {}, "pool is missing"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("unpool", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("unpool", inputs, fields, fragment)
