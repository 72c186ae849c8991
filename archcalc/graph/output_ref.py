"""References to outputs, while the graph is being built and the layers do not all exist."""

from __future__ import annotations


class OutputRef:
    """A reference to a layer's output (its index), a network input i (−1 − i), or to another reference."""

    __slots__ = ("target",)

    def __init__(self, target: int | OutputRef | None = None) -> None:
        self.target = target

    def last(self) -> OutputRef | None:
        """The last reference of the chain that begins here, None if it is a cycle. The chain is shortened."""
        last: OutputRef = self
        seen: list[OutputRef] = []
        while isinstance(last.target, OutputRef):
            if seen and last is seen[len(seen) // 2]:
                return None  # dropped layers that name each other
            seen.append(last)
            last = last.target
        for passed in seen:
            passed.target = last
        return last

    def resolve(self) -> int | None:
        """The index of the layer or input at the end of the chain; None if it ends at neither."""
        target = self.target
        if isinstance(target, OutputRef):
            last = self.last()
            target = None if last is None else last.target
        return target if isinstance(target, int) else None
