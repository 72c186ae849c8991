"""Far more random descriptions, or one again.

python -m tests.differential --examples 50000 --seed 1
python -m tests.differential failing.yaml
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import torch
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.differential.agreement import MalformedError, disagreements
from tests.differential.descriptions import descriptions


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.differential", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, help="a description that a failure printed")
    parser.add_argument("--examples", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(1)  # the tensors are too small to share
    if arguments.file is not None:
        found = disagreements(arguments.file.read_text(encoding="utf-8"))
        sys.stdout.write("\n".join(found or ["archcalc and PyTorch agree"]) + "\n")
        return int(bool(found))
    return run_examples(arguments.examples, arguments.seed)


def run_examples(examples: int, start: int) -> int:
    """Go on through all examples and print every description on which the two differ."""
    counts = {"agree": 0, "malformed": 0, "differ": 0}
    began = time.monotonic()

    @seed(start)
    @settings(
        max_examples=examples, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(descriptions())
    def compare(text: str) -> None:
        try:
            found = disagreements(text)
        except MalformedError:
            counts["malformed"] += 1
            return
        counts["differ" if found else "agree"] += 1
        if found:
            sys.stdout.write("\n".join(["", *(f"# {one}" for one in found), text]))
        if sum(counts.values()) % 1000 == 0:
            sys.stderr.write(f"{sum(counts.values()):,} of {examples:,}, {time.monotonic() - began:,.0f} s: {counts}\n")

    compare()
    sys.stdout.write(f"seed {start}: {counts}\n")
    return int(counts["differ"] > 0)


if __name__ == "__main__":
    sys.exit(main())
