"""Many random and damaged inputs, or one again.

python -m tests.fuzz --count 1000000 --seed 1 --jobs 2
python -m tests.fuzz --again 1/4711
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.fuzz.run import Failure, failure
from tests.fuzz.workers import Input, failures


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--count", type=int, default=20_000, help="inputs to run")
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at a time")
    parser.add_argument("--again", metavar="SEED/NUMBER", help="print an input, and run it")
    arguments = parser.parse_args()
    if arguments.again:
        return again(Input(*map(int, arguments.again.split("/"))))
    began = time.monotonic()
    smallest: dict[str, tuple[Input, Failure]] = {}
    times: Counter[str] = Counter()
    for input_, found in failures(arguments.seed, arguments.count, arguments.jobs, arguments.first, beat=60.0):
        times[found.signature] += 1
        known = smallest.get(found.signature)
        if known is None:
            sys.stderr.write(f"{input_} ({input_.fuzzer}): {found.signature}\n")
        if known is None or len(str(input_.case())) < len(str(known[0].case())):
            smallest[found.signature] = input_, found
    for signature, (input_, found) in smallest.items():
        sys.stdout.write(
            f"\n=== {signature}: {times[signature]} times, smallest {input_}\n{found.detail}\n{str(input_.case())[:3000]}\n"
        )
    sys.stdout.write(
        f"seed {arguments.seed}, inputs {arguments.first:,} to {arguments.first + arguments.count - 1:,}, {time.monotonic() - began:,.0f} s: "
        f"{sum(times.values())} failures of {len(times)} kinds\n"
    )
    return int(bool(times))


def again(input_: Input) -> int:
    """Print an input and what it does."""
    case = input_.case()
    sys.stdout.write(f"{case}\n")
    os.environ["ARCHCALC_TRACEBACK"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        found = failure(case, Path(folder))
        os.chdir("/")
    sys.stdout.write(f"\n{found.signature}\n{found.detail}\n" if found else "\nas it should be\n")
    return int(found is not None)


if __name__ == "__main__":
    sys.exit(main())
