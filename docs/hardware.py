"""Write docs/hardware.md: the classic networks checked on the devices of this machine.

    python docs/hardware.py            # runs all networks: minutes; needs archcalc[torch]
    python docs/hardware.py --check    # are its exact columns those of today's calculator? runs nothing

Times carry their date and machine and are never compared.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gallery import CLASSICS

from archcalc.analysis.loading import load
from archcalc.analysis.report import analyze
from archcalc.analysis.training.backward import backward_pass
from archcalc.views.units import bytes_

PAGE = Path(__file__).with_name("hardware.md")
HEAD = """\
# Checked on hardware

<!-- made by docs/hardware.py -->

Each of these networks was built in PyTorch and run, and every layer laid beside its prediction: volume, parameters,
trainable ones, buffers, multiply-adds, bytes, receptive field by gradients, connections. `agrees` says in how many
layers every exact quantity agrees. Peaks are those of tensors at inference, on paper and measured; times are medians
of three runs after one to warm up, with everything else that ran on the machine. `archcalc check NAME` shows the rows.
"""
COLUMNS = ("network", "layers", "params", "mult-adds", "backward", "agrees", "peak, paper", "peak, measured", "ms", "GFLOP/s")
EXACT = 5
"""So many columns follow from the description alone."""


def exact(name: str) -> list[str]:
    """What the calculator says of a network."""
    report = analyze(load(name))
    backward = sum(layer.backward for layer in backward_pass(report))
    totals = report.totals
    return [name, str(len(report.layers)), f"{totals.params:,}", f"{totals.mult_adds:,}", f"{backward:,}"]


def row(name: str, check: dict[str, Any]) -> list[str]:
    """What was measured, behind what was calculated."""
    good = sum(layer["agrees"] for layer in check["layers"])
    peak, timing = check["totals"]["inference peak bytes"], check["timing"]
    return [
        *exact(name),
        f"{good} of {len(check['layers'])}",
        bytes_(peak["predicted"]),
        bytes_(peak["measured"]),
        f"{1000 * timing['seconds']:.1f}",
        f"{timing['operations_per_second'] / 1e9:.1f}",
    ]


def tables() -> Iterator[str]:
    """A table for each device and data type of this machine."""
    from archcalc.reference.check import Check, Options
    from archcalc.reference.devices import devices

    there = devices()
    runs = [("cpu", "float32")]
    if "cuda" in there:
        runs += [("cuda", dtype) for dtype in ("float32", "bfloat16", "float16")]
    if "mps" in there:
        runs.append(("mps", "float32"))
    for device, dtype in runs:
        lines, check = [], {}
        for name in CLASSICS:
            sys.stderr.write(f"{device} {dtype}: {name}\n")
            check = Check(analyze(load(name), dtype=dtype), Options(device=device)).run().to_dict()
            lines.append(row(name, check))
        versions, most = check["versions"], check["timing"]["ceilings"]
        yield f"\n## {device}, {dtype}\n\n{check['machine']}; PyTorch {versions['torch']}, "
        yield f"Python {versions['python']}, {versions['date']}; it reaches "
        yield f"{most['operations_per_second'] / 1e9:,.0f} GFLOP/s and "
        yield f"{most['bytes_per_second'] / 1e9:,.1f} GB/s.\n\n"
        rule = "|".join([" :--- ", *[" ---: "] * (len(COLUMNS) - 1)])
        yield f"| {' | '.join(COLUMNS)} |\n|{rule}|\n"
        yield from (f"| {' | '.join(line)} |\n" for line in lines)
    left = [name for name in ("cuda", "mps") if name not in there]
    if left:
        yield f"\nNot measured: {' and '.join(left)}, which this machine does not have.\n"


def stale(text: str) -> list[str]:
    """The networks whose exact columns are not those of today, or that are missing."""
    rows = [re.split(r" *\| *", line.strip("| \n")) for line in text.splitlines() if re.match(r"\| [a-z]\w* \|", line)]
    found = {cells[0]: cells[:EXACT] for cells in rows if cells[0] != COLUMNS[0]}
    return [name for name in CLASSICS if found.get(name) != exact(name)]


def main() -> int:
    """Write the page, or say what is stale."""
    if "--check" in sys.argv:
        wrong = stale(PAGE.read_text(encoding="utf-8"))
        sys.stdout.write(f"stale: {', '.join(wrong)}; run python docs/hardware.py\n" if wrong else "fresh\n")
        return int(bool(wrong))
    PAGE.write_text(HEAD + "".join(tables()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
