"""A graph as one PyTorch module, built from its layers and the shapes of real tensors, not from predictions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from archcalc.errors import DescriptionError, Problem, ShapeError
from archcalc.graph import Graph, Node
from archcalc.reference.builders import builder
from archcalc.reference.builders._shared import NoCounterpartError, ShapeSource
from archcalc.reference.side_by_side import with_copies

PARTS = ("weights", "biases")
"""The parts of a layer's parameters, which are shared and frozen each by itself; statistics go with the biases."""
INITIAL_DEVIATION = 0.02
"""Standard deviation of weights for which a module has no rule of its own, as transformers have it."""
REFUSALS = (NoCounterpartError, RuntimeError, ValueError, IndexError, TypeError, AssertionError)
"""The exceptions of PyTorch where it refuses a layer."""


@dataclass(frozen=True, slots=True)
class ForwardStep:
    """One layer that has run: its index in the graph, its inputs and its output, N×C×H×W."""

    index: int
    inputs: tuple[Tensor, ...]
    output: Tensor


class RefusedError(ShapeError):
    """PyTorch refuses a layer; `index` is that of the layer in the graph."""

    def __init__(self, index: int, node: Node, error: Exception) -> None:
        self.index = index
        first = str(error).strip().split("\n")[0][:300]
        message = f"{node.id} ({node.entry.op}): PyTorch refuses it: {first}"
        super().__init__([Problem("ARC503", message, node.entry.mark())])


Call = Callable[[int, nn.Module, tuple[Any, ...]], Any]


def plain_call(index: int, module: nn.Module, arguments: tuple[Any, ...]) -> Any:
    """The output of a layer."""
    return module(*arguments)


class Network(nn.Module):
    """The layers of a graph as modules, on the meta device until they are placed on a real one.

    With `geometry` it is the copy with one channel and positive weights, through which receptive fields are measured.
    Raises `DescriptionError` if a kind has no builder, `RefusedError` if PyTorch refuses a layer.
    """

    def __init__(self, graph: Graph, batch: int = 1, geometry: bool = False) -> None:
        super().__init__()
        self.graph = graph
        self.batch = batch
        self.geometry = geometry
        self.device, self.dtype = "meta", torch.float32
        self.layers = nn.ModuleList()
        self._refuse_missing()
        self.last_uses, self.shape_sources = _last_uses(graph)
        with torch.device("meta"):
            for _ in self.steps(self.example(), self._build):
                pass
        self._tie()

    def example(self, seed: int = 0) -> list[Tensor]:
        """Random inputs of the network, N×C×H×W, on its device."""
        channels = 1 if self.geometry else None
        shapes = [(self.batch, channels or shape[0], *shape[1:]) for shape in self.graph.inputs.values()]
        if self.device == "meta":
            return [torch.empty(shape, device="meta", dtype=self.dtype) for shape in shapes]
        generator = torch.Generator().manual_seed(seed)
        return [torch.randn(shape, generator=generator).to(self.device, self.dtype) for shape in shapes]

    # -- building ---------------------------------------------------------------------------------------------------

    def _refuse_missing(self) -> None:
        out = ("check the network without the layer",)
        problems = [
            Problem("ARC502", f"{node.id}: {_without_builder(node)}", node.entry.mark(), out)
            for node in self.graph.nodes
            if builder(node.entry.op) is None
        ]
        if problems:
            raise DescriptionError(problems, self.graph.document.origin.text)

    def _build(self, index: int, module: nn.Module, arguments: tuple[Any, ...]) -> Any:
        """Build a layer for the volumes of its inputs, and run it."""
        node = self.graph.nodes[index]
        inputs = arguments[: len(node.sources)]
        volumes = [tuple(x.shape[1:]) for x in inputs]
        volumes += [
            (volumes[0][0], *(source.input if which == "input" else source.output))
            for source, (_, which) in zip(arguments[len(inputs) :], node.shape_sources, strict=bool(inputs))
        ]
        kind = builder(node.entry.op)
        assert kind is not None  # kinds without a builder are refused before
        if self.geometry:
            layer = kind.geometry(node.layer, *volumes) if kind.geometry is not None else nn.Identity()
        else:
            layer = with_copies(self.graph, node, partial(kind.build, node.layer, *volumes))
        if index in self.shape_sources and hasattr(layer, "return_indices"):
            layer.return_indices = True
        self.layers.append(layer.eval())  # before it runs: in training a norm refuses a single value for each channel
        return layer(*arguments)

    def _tie(self) -> None:
        """Make tied layers use the parameters and statistics of their owners, and freeze what is frozen."""
        for index, module in enumerate(self.layers):
            for part in PARTS:
                owner = self.graph.owner_of(index, part)
                if owner != index:
                    try:
                        _tie_part(module, self.layers[owner], part)
                    except NoCounterpartError as error:
                        raise RefusedError(index, self.graph.nodes[index], error) from None
            for part in self.graph.frozen.get(index, ()):
                for weights in _part(module, part):
                    weights.requires_grad_(False)

    def place(self, device: str, dtype: torch.dtype, seed: int = 0) -> Network:
        """Move the network to a device, with random weights. Raises `RefusedError` if tied layers do not fit."""
        self.device, self.dtype = device, dtype
        self.to(dtype)
        if device != "meta":
            self.to_empty(device=device)
            with torch.random.fork_rng(devices=[]), torch.no_grad():
                torch.manual_seed(seed)
                for parameter in self.parameters():  # of a module that has no reset_parameters, too
                    nn.init.normal_(parameter, std=INITIAL_DEVIATION)
                # Inner modules first, so that an outer one may overwrite their weights.
                for module in reversed([*self.modules()]):
                    if hasattr(module, "reset_parameters"):
                        module.reset_parameters()
            self._tie()
        return self

    # -- running ----------------------------------------------------------------------------------------------------

    def steps(self, inputs: list[Tensor], call: Call = plain_call) -> Iterator[ForwardStep]:
        """Run the layers in order and free each tensor after its last use. Raises `RefusedError`."""
        values: dict[int, Tensor] = {-1 - index: value for index, value in enumerate(inputs)}
        shape_sources: dict[int, ShapeSource] = {}
        examples = len(inputs[0])
        del inputs
        for index, node in enumerate(self.graph.nodes):
            read = tuple(values[source] for source in node.sources)
            named = tuple(
                shape_sources[source] if source >= 0 else _input_shape(values[source]) for source, _ in node.shape_sources
            )
            module = self.layers[index] if index < len(self.layers) else None
            try:
                output = call(index, module, (*read, *named) or (examples,))
            except REFUSALS as error:
                raise RefusedError(index, node, error) from error
            output, indices = output if isinstance(output, tuple) else (output, None)
            if index in self.shape_sources:
                shape_sources[index] = ShapeSource(tuple(read[0].shape[2:]), tuple(output.shape[2:]), indices)
            values[index] = output
            yield ForwardStep(index, read, output)
            del read, named, output, indices
            for source in self.last_uses.get(index, ()):
                values.pop(source, None)

    def run(self, seed: int = 0) -> list[Tensor]:
        """The outputs for random inputs, N×C×H×W, on the device of the network."""
        return self(*self.example(seed))

    def forward(self, *inputs: Tensor) -> list[Tensor]:
        """The outputs that no layer reads, in the order of the graph."""
        read = {source for node in self.graph.nodes for source in node.sources}
        return [step.output for step in self.steps(list(inputs)) if step.index not in read]

    def own_parameters(self, index: int) -> list[nn.Parameter]:
        """The parameters of a layer, without those of the layers that it is tied to."""
        tied = {id(tensor) for tensor in self._tied(index, nn.Module.parameters)}
        return [weights for weights in self.layers[index].parameters() if id(weights) not in tied]

    def own_buffers(self, index: int) -> list[Tensor]:
        """The statistics of a layer, without PyTorch's counter of batches, which is a single integer."""
        tied = {id(tensor) for tensor in self._tied(index, nn.Module.buffers)}
        buffers = self.layers[index].buffers()
        return [buffer for buffer in buffers if id(buffer) not in tied and buffer.is_floating_point()]

    def _tied(self, index: int, tensors: Callable[[nn.Module], Iterator[Tensor]]) -> Iterator[Tensor]:
        """The tensors of the layers that a layer is tied to."""
        for owner in {self.graph.owner_of(index, part) for part in PARTS} - {index}:
            yield from tensors(self.layers[owner])


def first_layers(graph: Graph, count: int) -> Graph:
    """The graph of a network's first layers."""
    return replace(graph, nodes=graph.nodes[:count])


def _last_uses(graph: Graph) -> tuple[dict[int, list[int]], frozenset[int]]:
    """For each layer the tensors that it is the last to read, and the layers that others name for their volume."""
    last = {index: index for index in range(len(graph.nodes))}
    last |= {index: readers[-1] for index, readers in graph.readers.items()}
    for source, readers in graph.named_by.items():
        if source < 0:
            last[source] = max(readers[-1], last.get(source, -1))
    by_reader: dict[int, list[int]] = {}
    for source, reader in last.items():
        by_reader.setdefault(reader, []).append(source)
    return by_reader, frozenset(source for source in graph.named_by if source >= 0)


def _without_builder(node: Node) -> str:
    """Why PyTorch has nothing to run for a layer."""
    if node.layer is not None and (was := node.layer.stands_for):
        return f"it was {was}, which is not understood, so that PyTorch has nothing to run"
    return f"the kind {node.entry.op} has no PyTorch builder"


def _input_shape(value: Tensor) -> ShapeSource:
    """A network input that a layer names for its volume."""
    return ShapeSource(tuple(value.shape[2:]), tuple(value.shape[2:]), None)


def _part_of(name: str) -> str:
    """Whether a parameter is one of the weights or of the biases, by PyTorch's name."""
    return "biases" if name.startswith("bias") else "weights"


def _part(module: nn.Module, part: str) -> list[nn.Parameter]:
    """The weights, or the biases, of a module."""
    return [value for name, value in module.named_parameters() if _part_of(name.rpartition(".")[2]) == part]


def _tie_part(module: nn.Module, owner: nn.Module, part: str) -> None:
    """Replace the weights of a module, or its biases and buffers, by those of its owner."""
    targets, values = (
        [
            (held, name, value)
            for inner in tied.modules()
            for held in (inner._parameters, *([inner._buffers] if part == "biases" else []))
            for name, value in held.items()
            if value is not None and (held is inner._buffers or _part_of(name) == part)
        ]
        for tied in (module, owner)
    )
    if [value.shape for *_, value in targets] != [value.shape for *_, value in values]:
        raise NoCounterpartError("the weights it shares have other shapes than it needs")
    for (held, name, _), (*_, value) in zip(targets, values, strict=True):
        held[name] = value
