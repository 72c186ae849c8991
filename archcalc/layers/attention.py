"""Scaled dot-product attention, without projections."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Annotated, Any, ClassVar, NamedTuple

from archcalc.arithmetic.term import Number, exact_div, product, sum_
from archcalc.layers._attention import Attention as ScaledDotProduct
from archcalc.layers._attention import arity, lengths, softmax_steps
from archcalc.layers._base import Requirement, Tallies, Volume
from archcalc.layers._fields import Amount, Count, LabelFormat, PerAxis, Symbol, each, numbers
from archcalc.layers._receptive_window import GridWindow, PartitionWindow, ReceptiveWindow
from archcalc.layers._volume import spatial_requirement
from archcalc.layers._window import per_axis_requirements


class Operands(NamedTuple):
    """Queries, keys and values, as volumes, and the channels of the output."""

    q: Volume
    k: Volume
    v: Volume
    out: Number


class Attention(ScaledDotProduct):
    """Let each query read the values by its scores with the keys: softmax(qᵀ·k/√d)·v in each of `num_heads` heads.

    It reads queries, keys and values, `inputs: [q, k, v]`, or one volume in which they follow one another, as one dense layer
    of three times the channels makes it. It has no projections: write them as `linear` (or see `multihead_attention`).
    Heads are groups of channels. Keys may have fewer channels than queries, each head of them serving several heads of the
    queries (grouped queries); in one volume `kv_channels` says how many. The positions may lie on C×L or on a map C×H×W.

    With `window` each position reads only those in its own window, as in Swin; `shift` moves the borders of the windows to
    positions shift, shift + window …, by PyTorch's `roll` and a mask, so that the parts at the two ends do not read each
    other. An axis that one window covers is not shifted. The windows divide the map; else put `pad` before the projections
    and `crop` behind, as torchvision does. `grid` is a window whose positions are equally far apart over the whole map, as in
    MaxViT. `relative_position_bias` adds to each score a trained number per head and distance in the window.

    Two fields are Swin v2's. `cosine` divides queries and keys by their lengths in each head, and multiplies the scores with
    a trained number per head instead of 1/√d. `continuous_bias` computes the bias from the distance, by a dense network of so
    many hidden units: a dense layer with biases, relu, one without biases to the heads, and 16·sigmoid.

    Counts
        With L queries and M keys (the positions of a window, with one) C_q·L·M multiply-adds for the scores and C_out·L·M
        for the values; a causal mask does not halve them, and grouped keys count for each head of the queries. In each head
        L·M scores are scaled (multiplications) and go through a softmax: exponentials, additions and divisions. The bias
        adds one addition for each score; its h·∏(2w − 1) values are weights.
        `cosine`: h weights; queries and keys are normalised as by `l2_norm`, and each factor is the
        exponential of its weight.
        `continuous_bias` of m units over a axes: a·m + m·h weights, m biases, and (a·m + m·h)·∏(2w − 1) multiply-adds, once
        for an example; with a relu for each hidden value, and a sigmoid, times 16, for each of h·M·M biases.
        While it runs, h·L·M probabilities are in memory, with `cosine` the normalised queries and keys, with
        `continuous_bias` the hidden values and the biases; training saves them beside its inputs. A fused kernel
        (FlashAttention) keeps neither.

    Sources
        Vaswani et al. 2017, "Attention is all you need", §3.2.1, equation 1. Shazeer 2019, "Fast transformer decoding";
        Ainslie et al. 2023, "GQA" (grouped queries). Liu et al. 2021, "Swin transformer", §3.2 and equation 4. Liu et al.
        2022, "Swin transformer V2", §3.2 and 3.3 (cosine, continuous bias). Tu et al. 2022, "MaxViT", §3.2 (grid). PyTorch
        documentation, `scaled_dot_product_attention`.
    """

    summary: ClassVar[str] = "scaled dot-product attention of queries, keys and values, also in windows"
    example: ClassVar[dict[str, Any]] = {"inputs": [[2304, 197]], "fields": {"num_heads": 12}}

    kv_channels: Annotated[Count | None, Symbol("C_kv", "channels")] = None
    window: Annotated[PerAxis[Count] | None, Symbol("w", "positions"), LabelFormat(", window {}", every_axis=True)] = None
    shift: Annotated[PerAxis[Amount], Symbol("s", "positions"), LabelFormat(", shift {}", unless=0)] = 0
    grid: Annotated[PerAxis[Count] | None, Symbol("g", "positions"), LabelFormat(", grid {}", every_axis=True)] = None
    relative_position_bias: bool = False
    continuous_bias: Annotated[Count | None, Symbol("m", "units")] = None
    cosine: bool = False

    @property
    def is_global(self) -> bool:
        return self.partition is None

    @property
    def partition(self) -> Any:
        """The positions along each axis that read one another: those of a window or of a grid; None for all."""
        return self.grid if self.window is None else self.window

    def _operands(self, *inputs: Volume) -> Operands:
        if len(inputs) == 3:
            q, k, v = inputs
            return Operands(q, k, v, exact_div(q.channels * v.channels, k.channels))
        (x,) = inputs
        keys = exact_div(x.channels, 3) if self.kv_channels is None else self.kv_channels
        q = Volume((keys if self.kv_channels is None else x.channels - 2 * keys, *x.spatial))
        k = Volume((keys, *x.spatial))
        return Operands(q, k, k, q.channels)

    def _keys_read(self, k: Volume) -> Number:
        """The keys that each query reads."""
        return product(k.spatial if self.partition is None else each(self.partition, len(k.spatial)))

    def output(self, *inputs: Volume) -> Volume:
        q, _, _, out = self._operands(*inputs)
        return Volume((out, *q.spatial))

    def requirements(self, *inputs: Volume) -> Iterable[Requirement]:
        yield arity(inputs, "one volume, in which queries, keys and values follow one another")
        if len(inputs) not in (1, 3):
            return
        yield from self._stacked(*inputs)
        q, k, v, _ = self._operands(*inputs)
        for x in (q, k, v):
            yield spatial_requirement(x)
        yield from lengths(product(q.spatial), product(k.spatial), product(v.spatial), self.is_causal)
        yield Requirement(self.num_heads, "divides", q.channels, "num_heads must divide the channels of the queries")
        if len(inputs) == 3 or self.kv_channels is not None:
            yield from self._grouped(q, k, v)
        yield from self._windowed(q, k)

    def _grouped(self, q: Volume, k: Volume, v: Volume) -> Iterable[Requirement]:
        """Each head of the keys has the channels of a head of the queries, and serves as many of them as the others."""
        sentence = "the channels of the keys must divide those of the queries"
        yield Requirement(k.channels, "divides", q.channels, sentence)
        shared = self.num_heads * k.channels
        sentence = "the heads of the keys must have as many channels as those of the queries"
        yield Requirement(q.channels, "divides", shared, sentence)
        if self.kv_channels is None:
            sentence = "the heads of the keys must divide the channels of the values"
            yield Requirement(shared, "divides", q.channels * v.channels, sentence)

    def _stacked(self, *inputs: Volume) -> Iterable[Requirement]:
        if len(inputs) == 3:
            yield Requirement(
                self.kv_channels is not None, "==", False, "kv_channels is for one volume: the keys have their own"
            )
        elif self.kv_channels is None:
            yield Requirement(3, "divides", inputs[0].channels, "queries, keys and values must be three equal parts")
        else:
            sentence = "kv_channels for keys and for values must leave channels for the queries"
            yield Requirement(2 * self.kv_channels + 1, "<=", inputs[0].channels, sentence)

    def _windowed(self, q: Volume, k: Volume) -> Iterable[Requirement]:
        if self.window is None:
            for shift in numbers(self.shift):
                yield Requirement(shift, "==", 0, "shift needs a window")
        if self.partition is None:
            sentence = "relative_position_bias needs a window or a grid"
            yield Requirement(self.relative_position_bias, "==", False, sentence)
            yield Requirement(self.continuous_bias is None, "==", True, "continuous_bias needs a window or a grid")
            return
        both = self.window is not None and self.grid is not None
        yield Requirement(both, "==", False, "window and grid exclude each other")
        both = self.relative_position_bias and self.continuous_bias is not None
        yield Requirement(both, "==", False, "relative_position_bias and continuous_bias exclude each other")
        yield Requirement(self.is_causal, "==", False, "is_causal cannot be combined with a window or a grid")
        yield from per_axis_requirements(q, window=self.window, shift=self.shift, grid=self.grid)
        axes = len(q.spatial)
        yield Requirement(axes, "==", len(k.spatial), "in windows queries and keys must have the same axes")
        what = "grid" if self.window is None else "window"
        per_axis = zip(q.spatial, k.spatial, each(self.partition, axes), each(self.shift, axes), strict=False)
        for size, keys, window, shift in per_axis:
            yield Requirement(size, "==", keys, "in windows queries and keys must have the same positions")
            yield Requirement(window, "divides", size, f"the {what} must divide the positions along each axis")
            yield Requirement(shift + 1, "<=", window, "shift must be smaller than the window")

    def _distances(self, x: Volume) -> list[Number]:
        """How many distances there are in a window along each axis."""
        return [2 * window - 1 for window in each(self.partition, len(x.spatial))]

    def weights(self, *inputs: Volume) -> Number:
        scales = self.num_heads if self.cosine else 0
        if self.relative_position_bias:
            return self.num_heads * product(self._distances(inputs[0])) + scales
        if self.continuous_bias is not None:
            return len(inputs[0].spatial) * self.continuous_bias + self.continuous_bias * self.num_heads + scales
        return scales

    def biases(self, *inputs: Volume) -> Number:
        return 0 if self.continuous_bias is None else self.continuous_bias

    def weight_shapes(self, *inputs: Volume) -> tuple[tuple[Number, ...], ...]:
        shapes: list[tuple[Number, ...]] = [(self.num_heads,)] if self.cosine else []
        if self.relative_position_bias:
            shapes.append((self.num_heads, *self._distances(inputs[0])))
        if self.continuous_bias is not None:
            shapes += [(self.continuous_bias, len(inputs[0].spatial)), (self.num_heads, self.continuous_bias)]
        return tuple(shapes)

    def core_multiply_adds(self, y: Volume, *inputs: Volume) -> Number:
        q, k, _, out = self._operands(*inputs)
        pairs = product(q.spatial) * self._keys_read(k)
        return q.channels * pairs + out * pairs

    def _bias_multiply_adds(self, *inputs: Volume) -> tuple[Number, Number]:
        """Multiply-adds of the two dense layers that compute the bias from the distance."""
        hidden = self.continuous_bias * product(self._distances(inputs[0]))
        return hidden * len(inputs[0].spatial), hidden * self.num_heads

    def multiply_adds(self, y: Volume, *inputs: Volume) -> Number:
        core = self.core_multiply_adds(y, *inputs)
        return core if self.continuous_bias is None else sum_([core, *self._bias_multiply_adds(*inputs)])

    def gradient_multiply_adds(
        self, inputs_need: tuple[bool, ...], weights_need: bool, y: Volume, *inputs: Volume
    ) -> tuple[Number, Number]:
        q, k, _, out = self._operands(*inputs)
        pairs = product(q.spatial) * self._keys_read(k)
        queries, keys, values = inputs_need if len(inputs) == 3 else inputs_need * 3
        probabilities = queries or keys  # their gradient leads to queries, keys and the bias
        to_inputs = q.channels * pairs * (queries + keys) + out * pairs * (values + probabilities)
        to_weights = out * pairs if weights_need and not probabilities else 0
        if weights_need and self.continuous_bias is not None:  # the distances need no gradient, the hidden values do
            from_distance, to_heads = self._bias_multiply_adds(*inputs)
            to_weights = to_weights + from_distance + 2 * to_heads
        return to_inputs, to_weights

    def tallies(self, y: Volume, *inputs: Volume) -> Tallies:
        q, k, _, _ = self._operands(*inputs)
        queries, keys = product(q.spatial), self._keys_read(k)
        steps = softmax_steps(self.num_heads, queries, keys)
        if self.relative_position_bias or self.continuous_bias is not None:
            steps["additions"] = steps["additions"] + self.num_heads * queries * keys
        parts = [{"multiply_adds": self.multiply_adds(y, *inputs), **steps}]
        if self.cosine:
            stacked = len(inputs) == 1 and self.kv_channels is None
            heads_of_keys = self.num_heads if stacked else exact_div(self.num_heads * k.channels, q.channels)
            parts += [self._normalised(q, self.num_heads), self._normalised(k, heads_of_keys)]
            parts.append({"exponentials": self.num_heads})
        if self.continuous_bias is not None:
            hidden, biases = self._bias_values(*inputs)
            parts.append({"additions": hidden, "comparisons": hidden})
            parts.append({"exponentials": biases, "additions": biases, "divisions": biases, "multiplications": biases})
        return {name: sum_([part[name] for part in parts if name in part]) for name in dict.fromkeys(chain(*parts))}

    def _normalised(self, x: Volume, heads: Number) -> Tallies:
        """Queries or keys, divided by their length in each head."""
        lengths = heads * product(x.spatial)
        return {
            "multiplications": x.elements,
            "additions": x.elements - lengths,
            "square_roots": lengths,
            "divisions": x.elements,
        }

    def _bias_values(self, *inputs: Volume) -> tuple[Number, Number]:
        """The hidden values and the biases that are computed from the distances in a window."""
        window = product(each(self.partition, len(inputs[0].spatial)))
        return self.continuous_bias * product(self._distances(inputs[0])), self.num_heads * window * window

    def workspace(self, y: Volume, *inputs: Volume) -> Number:
        q, k, _, _ = self._operands(*inputs)
        values = [self.num_heads * product(q.spatial) * self._keys_read(k)]
        if self.cosine:
            values += [q.elements, k.elements]
        if self.continuous_bias is not None:
            values += self._bias_values(*inputs)
        return sum_(values)

    def receptive_window(self, *inputs: Volume) -> tuple[ReceptiveWindow, ...] | None:
        if self.partition is None:
            return None
        x = inputs[0]
        axes = len(x.spatial)
        if self.window is None:
            return tuple(GridWindow(size, count) for size, count in zip(x.spatial, each(self.grid, axes), strict=False))
        per_axis = zip(x.spatial, each(self.window, axes), each(self.shift, axes), strict=False)
        return tuple(PartitionWindow(size, window, shift) for size, window, shift in per_axis)
