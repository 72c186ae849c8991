"""A graph as one PyTorch module: built from its layers and the shapes that truly arrive, not from predictions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from archcalc.errors import DescriptionError, Problem, ShapeError
from archcalc.graph import Graph, Node
from archcalc.reference.builders import builder
from archcalc.reference.builders._shared import Named, NoCounterpartError

REFUSALS = (NoCounterpartError, RuntimeError, ValueError, IndexError, TypeError, AssertionError)
"""What PyTorch raises where it is given something that cannot be."""


class ForwardStep(NamedTuple):
    """One layer that has run: its place in the graph, the tensors it read, the one it gave."""

    at: int
    read: tuple[Tensor, ...]
    output: Tensor


class RefusedError(ShapeError):
    """PyTorch refuses a layer; `at` is its place in the graph."""

    def __init__(self, at: int, node: Node, error: Exception) -> None:
        self.at = at
        first = str(error).strip().split("\n")[0][:300]
        message = f"{node.id} ({node.entry.op}): PyTorch refuses it: {first}"
        super().__init__([Problem("ARC503", message, node.entry.mark())])


Call = Callable[[int, nn.Module, tuple[Any, ...]], Any]


def plain_call(at: int, module: nn.Module, arguments: tuple[Any, ...]) -> Any:
    """Run a layer and nothing else."""
    return module(*arguments)


class Network(nn.Module):
    """The layers of a graph as modules, on the meta device until they are placed on a real one.

    `make` chooses what a kind's builder is asked for: `build`, or `geometry` for the one-channel copy. Raises SpecError
    where a kind has no builder, RefusedError where PyTorch refuses a layer.
    """

    def __init__(self, graph: Graph, batch: int = 1, make: str = "build") -> None:
        super().__init__()
        self.graph = graph
        self.batch = batch
        self.make = make
        self.device, self.dtype = "meta", torch.float32
        self.layers = nn.ModuleList()
        self._refuse_missing()
        self.last_use, self.named = _last_use(graph)
        with torch.device("meta"):
            for _ in self.steps(self.example(), self._build):
                pass
        self._tie()
        self.eval()

    def example(self, seed: int = 0) -> list[Tensor]:
        """Random inputs of the network where it is placed, N×C×H×W."""
        channels = 1 if self.make == "geometry" else None
        shapes = [(self.batch, channels or shape[0], *shape[1:]) for shape in self.graph.inputs.values()]
        if self.device == "meta":
            return [torch.empty(shape, device="meta", dtype=self.dtype) for shape in shapes]
        generator = torch.Generator().manual_seed(seed)
        return [torch.randn(shape, generator=generator).to(self.device, self.dtype) for shape in shapes]

    # -- making -----------------------------------------------------------------------------------------------------

    def _refuse_missing(self) -> None:
        problems = [
            Problem("ARC502", f"{node.id}: the kind {node.entry.op} has no PyTorch builder", node.entry.mark())
            for node in self.graph.nodes
            if builder(node.entry.op) is None
        ]
        if problems:
            raise DescriptionError(problems)

    def _build(self, at: int, module: nn.Module, arguments: tuple[Any, ...]) -> Any:
        """Make a layer for the volumes that arrive, and run it."""
        node = self.graph.nodes[at]
        read = arguments[: len(node.sources)]
        volumes = [tuple(x.shape[1:]) for x in read]
        volumes += [
            (volumes[0][0], *(named.input if gives == "input" else named.output))
            for named, (_, gives) in zip(arguments[len(read) :], node.shape_sources, strict=True)
        ]
        found = builder(node.entry.op)
        assert found is not None  # those without were refused
        make = found.geometry if self.make == "geometry" else found.build
        made = make(node.layer, *volumes) if make is not None else nn.Identity()
        if at in self.named and hasattr(made, "remembers"):
            made.remembers = True
        self.layers.append(made)
        return made(*arguments)

    def _owner(self, at: int) -> int:
        """The layer whose weights this one uses, itself if they are its own."""
        nodes = self.graph.nodes
        while (tied_to := nodes[at].tied_to) is not None and tied_to < len(nodes):
            at = tied_to
        return at

    def _tie(self) -> None:
        """Let layers that share weights hold the very same parameters and statistics, and freeze what is frozen."""
        for at, module in enumerate(self.layers):
            owner = self._owner(at)
            if owner != at:
                try:
                    _share(module, self.layers[owner])
                except NoCounterpartError as error:
                    raise RefusedError(at, self.graph.nodes[at], error) from None
            elif at in self.graph.frozen:
                module.requires_grad_(False)

    def place(self, device: str, dtype: torch.dtype, seed: int = 0) -> Network:
        """Put the network on a device, with random weights."""
        self.device, self.dtype = device, dtype
        self.to(dtype)
        if device != "meta":
            self.to_empty(device=device)
            with torch.random.fork_rng(devices=[]), torch.no_grad():
                torch.manual_seed(seed)
                # Parts first, so that a whole may have the last word on them.
                for module in reversed([*self.modules()]):
                    if hasattr(module, "reset_parameters"):
                        module.reset_parameters()
            self._tie()
        return self

    # -- running ----------------------------------------------------------------------------------------------------

    def steps(self, inputs: list[Tensor], call: Call = plain_call) -> Iterator[ForwardStep]:
        """Run the layers in order; a tensor is let go when the last layer that reads it has run."""
        values: dict[int, Tensor] = {-1 - at: value for at, value in enumerate(inputs)}
        named: dict[int, Named] = {}
        del inputs
        for at, node in enumerate(self.graph.nodes):
            read = tuple(values[source] for source in node.sources)
            given = tuple(named[one] if one >= 0 else _as_named(values[one]) for one, _ in node.shape_sources)
            module = self.layers[at] if at < len(self.layers) else None
            try:
                output = call(at, module, (*read, *given))
            except REFUSALS as error:
                raise RefusedError(at, node, error) from error
            output, indices = output if isinstance(output, tuple) else (output, None)
            if at in self.named:
                named[at] = Named(tuple(read[0].shape[2:]), tuple(output.shape[2:]), indices)
            values[at] = output
            yield ForwardStep(at, read, output)
            del read, given, output, indices
            for gone in self.last_use.get(at, ()):
                values.pop(gone, None)

    def run(self, seed: int = 0) -> list[Tensor]:
        """The outputs for random inputs, on the device the network is on."""
        return self(*self.example(seed))

    def forward(self, *inputs: Tensor) -> list[Tensor]:
        """The outputs that no layer reads, in the order of the graph."""
        read = {source for node in self.graph.nodes for source in node.sources}
        return [step.output for step in self.steps(list(inputs)) if step.at not in read]

    def own_parameters(self, at: int) -> list[nn.Parameter]:
        """The parameters of a layer, without those that belong to the layer it shares weights with."""
        owner = self._owner(at)
        shared = {id(one) for one in self.layers[owner].parameters()} if owner != at else set()
        return [one for one in self.layers[at].parameters() if id(one) not in shared]

    def own_buffers(self, at: int) -> list[Tensor]:
        """The statistics kept with a layer; PyTorch's counter of batches is a single integer and none of them."""
        owner = self._owner(at)
        shared = {id(one) for one in self.layers[owner].buffers()} if owner != at else set()
        return [one for one in self.layers[at].buffers() if id(one) not in shared and one.is_floating_point()]


def first_layers(graph: Graph, count: int) -> Graph:
    """The graph of a network's first layers."""
    return replace(graph, nodes=graph.nodes[:count])


def _last_use(graph: Graph) -> tuple[dict[int, list[int]], frozenset[int]]:
    """For each layer, which tensors it is the last to read; and the layers that others name."""
    last = {at: at for at in range(len(graph.nodes))} | {at: readers[-1] for at, readers in graph.readers.items()}
    for one, by in graph.named_by.items():
        if one < 0:
            last[one] = max(by[-1], last.get(one, -1))
    ends: dict[int, list[int]] = {}
    for value, at in last.items():
        ends.setdefault(at, []).append(value)
    return ends, frozenset(one for one in graph.named_by if one >= 0)


def _as_named(value: Tensor) -> Named:
    """A network input that a layer names for its volume."""
    return Named(tuple(value.shape[2:]), tuple(value.shape[2:]), None)


def _share(module: nn.Module, owner: nn.Module) -> None:
    """Put the owner's parameters and buffers in place of the module's own."""
    for kind in ("_parameters", "_buffers"):
        mine = [(part, name) for part in module.modules() for name, held in getattr(part, kind).items() if held is not None]
        theirs = [held for part in owner.modules() for held in getattr(part, kind).values() if held is not None]
        if [getattr(part, kind)[name].shape for part, name in mine] != [held.shape for held in theirs]:
            raise NoCounterpartError("the weights it shares have other shapes than it needs")
        for (part, name), held in zip(mine, theirs, strict=True):
            getattr(part, kind)[name] = held
