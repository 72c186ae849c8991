"""Many inputs in processes of their own: one that hangs in C code or dies costs that input, not the run."""

from __future__ import annotations

import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import NamedTuple

from tests.fuzz import calls, claims, descriptions, expressions, figures, mutation, prose
from tests.fuzz.case import Case, Make
from tests.fuzz.run import Failure, failure

FUZZERS: dict[str, tuple[Make, int]] = {
    "descriptions": (descriptions.case, 6),
    "mutation": (mutation.case, 5),
    "claims": (claims.case, 3),
    "expressions": (expressions.case, 2),
    "prose": (prose.case, 2),
    "calls": (calls.case, 1),
    "figures": (figures.case, 1),
}
"""What makes an input, and how many of each 20 inputs it makes."""
CHUNK = 500
"""Inputs after which a process is replaced, so that what they leave in memory does not add up."""
PATIENCE = 60.0
"""Seconds of silence after which a process is killed."""
ADDRESS_SPACE = 4 << 30


class Input(NamedTuple):
    """An input by its numbers: the same numbers make the same input."""

    seed: int
    number: int

    @property
    def fuzzer(self) -> str:
        names = [name for name, (_, share) in FUZZERS.items() for _ in range(share)]
        return names[self.number % len(names)]

    def case(self) -> Case:
        """The files and calls."""
        return FUZZERS[self.fuzzer][0](random.Random(f"{self.seed}/{self.number}"))

    def __str__(self) -> str:
        return f"{self.seed}/{self.number}"


def work(seed: int, numbers: range, connection: Connection) -> None:
    """Run inputs one by one; report each number before it runs and each failure."""
    import resource  # not on every system

    os.environ["ARCHCALC_TRACEBACK"] = "1"
    os.environ["COLUMNS"] = "100"
    sys.set_int_max_str_digits(4300)
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    with tempfile.TemporaryDirectory() as folder:
        for number in numbers:
            connection.send(number)
            found = failure(Input(seed, number).case(), Path(folder))
            if found is not None:
                connection.send(found)
    os.chdir("/")
    connection.send(None)


def failures(seed: int, count: int, jobs: int, first: int = 0, beat: float = 0.0) -> Iterator[tuple[Input, Failure]]:
    """The failures among `count` inputs, `jobs` processes at a time; every `beat` seconds a line of progress on stderr."""
    context = multiprocessing.get_context("spawn")
    waiting = [range(at, min(at + CHUNK, first + count)) for at in range(first, first + count, CHUNK)][::-1]
    running: dict[Connection, Worker] = {}
    began = last_beat = time.monotonic()
    while waiting or running:
        while waiting and len(running) < jobs:
            worker = Worker(context, seed, waiting.pop())
            running[worker.connection] = worker
        for ready in wait(list(running), timeout=1.0):
            yield from running[ready].messages()  # type: ignore[index]
        for connection, worker in list(running.items()):
            if worker.is_done() or not worker.is_alive():
                if not worker.is_done():
                    yield Input(seed, worker.number), Failure("the process died or was silent for a minute", "")
                    waiting.append(range(worker.number + 1, worker.numbers.stop))
                worker.stop()
                del running[connection]
        if beat and time.monotonic() - last_beat > beat:
            last_beat = time.monotonic()
            left = sum(map(len, waiting)) + sum(worker.numbers.stop - worker.number for worker in running.values())
            sys.stderr.write(f"{count - left:,} of {count:,} inputs, {last_beat - began:,.0f} s\n")


class Worker:
    """A process that runs a range of inputs."""

    def __init__(self, context: multiprocessing.context.SpawnContext, seed: int, numbers: range) -> None:
        self.seed, self.numbers = seed, numbers
        self.number = numbers.start
        self.connection, other = context.Pipe()
        self._process = context.Process(target=work, args=(seed, numbers, other), daemon=True)
        self._process.start()
        other.close()
        self._heard = time.monotonic()
        self._done = not numbers

    def messages(self) -> Iterator[tuple[Input, Failure]]:
        """What the process has sent; updates the input it is at."""
        while self.connection.poll():
            try:
                message = self.connection.recv()
            except EOFError:
                return
            self._heard = time.monotonic()
            if message is None:
                self._done = True
                return
            if isinstance(message, int):
                self.number = message
            else:
                yield Input(self.seed, self.number), message

    def is_done(self) -> bool:
        """Whether all inputs have run."""
        return self._done

    def is_alive(self) -> bool:
        """Whether the process runs and has been heard lately."""
        return self._process.is_alive() and time.monotonic() - self._heard < PATIENCE

    def stop(self) -> None:
        """End the process, also if it hangs."""
        self._process.join(2 if self._done else 0)
        self._process.kill()
        self._process.join()
        self.connection.close()
