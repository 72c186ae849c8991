"""Where a volume can be read, before the graph is finished."""

from __future__ import annotations


class OutputRef:
    """A place where a volume can be read: a layer's output, a network input (−1 − i), or another place."""

    __slots__ = ("target",)

    def __init__(self, target: int | OutputRef | None = None) -> None:
        self.target = target

    def end(self) -> OutputRef | None:
        """The last place of the chain that begins here; None if it runs in a circle. The chain is shortened."""
        output_ref: OutputRef = self
        seen: list[OutputRef] = []
        while isinstance(output_ref.target, OutputRef):
            if seen and output_ref is seen[len(seen) // 2]:
                return None  # dropped layers that name each other
            seen.append(output_ref)
            output_ref = output_ref.target
        for passed in seen:
            passed.target = output_ref
        return output_ref

    def resolve(self) -> int | None:
        """The layer or input behind any chain of places, None if it leads nowhere."""
        target = self.target
        if isinstance(target, OutputRef):
            end = self.end()
            target = None if end is None else end.target
        return target if isinstance(target, int) else None
