"""Copies of a layer side by side, in PyTorch: all are built, those that a position uses are run.

The outputs of the active copies are one tensor, one behind the other along the batch. Which of the copies a router would
choose makes no difference to what is measured: the first ones are run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from archcalc.graph import Graph, Node


class Copies(nn.Module):
    """`copies` modules of one layer, of which `active` run.

    `shares` says for each input how many active copies read one part of it: all of them an input from outside the block.
    """

    def __init__(self, modules: list[nn.Module], active: int, shares: list[int]) -> None:
        super().__init__()
        self.copies = nn.ModuleList(modules)
        self.active = active
        self.shares = shares

    def forward(self, *arguments: Any) -> Tensor:
        """The outputs of the active copies, one behind the other."""
        parts = [x.chunk(self.active // share) for x, share in zip(arguments, self.shares, strict=False)]
        named = arguments[len(self.shares) :]
        return torch.cat(
            [
                self.copies[copy](*(part[copy // share] for part, share in zip(parts, self.shares, strict=True)), *named)
                for copy in range(self.active)
            ]
        )


def with_copies(graph: Graph, node: Node, build: Callable[[], nn.Module]) -> nn.Module:
    """The module of a layer; inside a block with copies side by side, all copies of it."""
    copies, active = _copies(node)
    if copies == 1:
        return build()
    used = [_copies(graph.nodes[source])[1] if source >= 0 else 1 for source in node.sources]
    # The sum behind an inner block reads for each copy of the outer one several parts, which lie behind one another.
    return Copies([build() for _ in range(copies)], active, [active // min(active, read) for read in used])


def _copies(node: Node) -> tuple[int, int]:
    return node.group.copies if node.group is not None else (1, 1)
