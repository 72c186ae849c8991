"""Printed figures where people look: under the tables of params and macs, and as a source's own table."""

from __future__ import annotations

import json

import pytest

from archcalc import analyze, load
from archcalc.claims.published.tables import all_published
from archcalc.claims.published.totals import published
from tests.conftest import Run

UNDER = [
    ("params", ["vgg16"], "the lecture prints 138,423,208: pool2 charged as a 2×2 convolution, +65,664"),
    ("params", ["vgg16"], "Simonyan & Zisserman 2014 print 138 million: rounded"),
    ("macs", ["vgg16"], "the lecture prints 15300 million: the convolutions only"),
    ("macs", ["mobilenet_v1", "--set", "alpha=0.5"], "Howard et al. 2017 print 149 million: rounded"),
    ("macs", ["mobilenet_v1", "--input", "3x192x192"], "Howard et al. 2017 print 418 million: rounded"),
    ("params", ["resnet_cifar", "--set", "n=9"], "He et al. 2015 print 0.85M: rounded"),
    # A default that is an expression, of a sequence too, and a variable that is a list.
    ("params", ["vit_b_16"], "torchvision prints 86,567,656: exact"),
    ("macs", ["vit_h_14"], "torchvision prints 1016.717 billion: rounded"),
    ("params", ["pspnet", "--set", "copies=[3, 4, 23, 3]"], "imgclsmob prints 65,774,678: exact"),
]


@pytest.mark.parametrize(("command", "args", "line"), UNDER)
def test_published_totals_stand_under_the_table(run: Run, command: str, args: list[str], line: str) -> None:
    assert line in run.ok(command, *args)


@pytest.mark.parametrize("args", [["--set", "alpha=1.25"], ["--set", "classes=10"], ["--input", "3x96x96"]])
def test_other_settings_have_no_published_totals(run: Run, args: list[str]) -> None:
    assert "2017 print" not in run.ok("macs", "mobilenet_v1", *args)


def test_the_cache_is_fresh() -> None:
    for network, lines in all_published().items():
        report = analyze(load(network))
        for one in lines:
            if not one["set"]:
                printed = published(report, str(one["quantity"]))
                assert one["line"] in printed, "run python docs/generate.py: specs/claims/published.json is stale"


def test_bare_totals(run: Run) -> None:
    assert run.ok("params", "vgg16", "--total") == "138357544\n"
    assert run.ok("params", "vgg16", "--as-printed", "lecture", "--total") == "138423208\n"
    assert run.ok("macs", "googlenet", "--as-printed", "szegedy2014", "--total") == "1502000000\n"


def test_the_sources_own_table(run: Run) -> None:
    out = run.ok("params", "vgg16", "--as-printed", "lecture")
    pool = next(line for line in out.splitlines() if line.startswith(" pool2"))
    assert pool.split()[:3] == ["pool2", "65664", "0"]
    assert "charged as a 2×2 convolution" in pool
    assert next(line for line in out.splitlines() if line.startswith(" conv1_1")).split() == [
        "conv1_1",
        "1792",
        "1,792",
    ]
    rows = json.loads(run.ok("params", "vgg16", "--as-printed", "lecture", "-f", "json"))
    assert "138,423,208" in json.dumps(rows)


@pytest.mark.parametrize(("args", "part"), [
    (["params", "alexnet", "--as-printed", "lecture"], "prints no params of alexnet"),
    (["params", "vgg16", "--as-printed", "nobody"], "no publication or network of that name"),
    (["params", "vgg16", "--set", "alpha=2", "--as-printed", "lecture"], "no variable alpha"),
])  # fmt: skip
def test_bad_calls(run: Run, args: list[str], part: str) -> None:
    result = run(*args)
    assert result.status == 2
    assert part in result.err
