"""Scaled dot-product attention, without projections."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, NamedTuple

from archcalc.arithmetic.term import Number, exact_div, product
from archcalc.layers._attention import Attention as ScaledDotProduct
from archcalc.layers._attention import arity, lengths, softmax_steps
from archcalc.layers._base import Requirement, Tallies, Volume
from archcalc.layers._fields import Amount, Count, LabelFormat, PerAxis, Symbol, each, numbers
from archcalc.layers._receptive_window import PartitionWindow
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
    and `crop` behind, as torchvision does. `relative_position_bias` adds to each score a trained number per head and
    distance in the window.

    Counts
        With L queries and M keys (the positions of a window, with one) C_q·L·M multiply-adds for the scores and C_out·L·M
        for the values; a causal mask does not halve them, and grouped keys count for each head of the queries. In each head
        L·M scores are scaled (multiplications) and go through a softmax: exponentials, additions and divisions. The bias
        adds one addition for each score; its h·∏(2w − 1) values are weights.
        While it runs, h·L·M probabilities are in memory, and training saves them beside its inputs. A fused kernel
        (FlashAttention) keeps neither.

    Sources
        Vaswani et al. 2017, "Attention is all you need", §3.2.1, equation 1. Shazeer 2019, "Fast transformer decoding";
        Ainslie et al. 2023, "GQA" (grouped queries). Liu et al. 2021, "Swin transformer", §3.2 and equation 4.
        PyTorch documentation, `scaled_dot_product_attention`.
    """

    summary: ClassVar[str] = "scaled dot-product attention of queries, keys and values, also in windows"
    example: ClassVar[dict[str, Any]] = {"inputs": [[2304, 197]], "fields": {"num_heads": 12}}

    kv_channels: Annotated[Count | None, Symbol("C_kv", "channels")] = None
    window: Annotated[PerAxis[Count] | None, Symbol("w", "positions"), LabelFormat(", window {}", every_axis=True)] = None
    shift: Annotated[PerAxis[Amount], Symbol("s", "positions"), LabelFormat(", shift {}", unless=0)] = 0
    relative_position_bias: bool = False

    @property
    def is_global(self) -> bool:
        return self.window is None

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
        return product(k.spatial if self.window is None else each(self.window, len(k.spatial)))

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
            yield Requirement(self.relative_position_bias, "==", False, "relative_position_bias needs a window")
            return
        yield Requirement(self.is_causal, "==", False, "is_causal cannot be combined with a window")
        yield from per_axis_requirements(q, window=self.window, shift=self.shift)
        axes = len(q.spatial)
        yield Requirement(axes, "==", len(k.spatial), "in windows queries and keys must have the same axes")
        per_axis = zip(q.spatial, k.spatial, each(self.window, axes), each(self.shift, axes), strict=False)
        for size, keys, window, shift in per_axis:
            yield Requirement(size, "==", keys, "in windows queries and keys must have the same positions")
            yield Requirement(window, "divides", size, "the window must divide the positions along each axis")
            yield Requirement(shift + 1, "<=", window, "shift must be smaller than the window")

    def weights(self, *inputs: Volume) -> Number:
        return product(self.weight_shape(*inputs)) if self.relative_position_bias else 0

    def weight_shape(self, *inputs: Volume) -> tuple[Number, ...]:
        windows = each(self.window, len(inputs[0].spatial)) if self.relative_position_bias else ()
        return (self.num_heads, *(2 * window - 1 for window in windows))

    def core_multiply_adds(self, y: Volume, *inputs: Volume) -> Number:
        q, k, _, out = self._operands(*inputs)
        pairs = product(q.spatial) * self._keys_read(k)
        return q.channels * pairs + out * pairs

    def multiply_adds(self, y: Volume, *inputs: Volume) -> Number:
        return self.core_multiply_adds(y, *inputs)

    def gradient_multiply_adds(
        self, inputs_need: tuple[bool, ...], weights_need: bool, y: Volume, *inputs: Volume
    ) -> tuple[Number, Number]:
        q, k, _, out = self._operands(*inputs)
        pairs = product(q.spatial) * self._keys_read(k)
        queries, keys, values = inputs_need if len(inputs) == 3 else inputs_need * 3
        probabilities = queries or keys  # their gradient leads to queries, keys and the bias
        to_inputs = q.channels * pairs * (queries + keys) + out * pairs * (values + probabilities)
        return to_inputs, out * pairs if weights_need and not probabilities else 0

    def tallies(self, y: Volume, *inputs: Volume) -> Tallies:
        q, k, _, _ = self._operands(*inputs)
        queries, keys = product(q.spatial), self._keys_read(k)
        steps = softmax_steps(self.num_heads, queries, keys)
        if self.relative_position_bias:
            steps["additions"] = steps["additions"] + self.num_heads * queries * keys
        return {"multiply_adds": self.multiply_adds(y, *inputs), **steps}

    def workspace(self, y: Volume, *inputs: Volume) -> Number:
        q, k, _, _ = self._operands(*inputs)
        return self.num_heads * product(q.spatial) * self._keys_read(k)

    def receptive_window(self, *inputs: Volume) -> tuple[PartitionWindow, ...] | None:
        if self.window is None:
            return None
        x = inputs[0]
        axes = len(x.spatial)
        per_axis = zip(x.spatial, each(self.window, axes), each(self.shift, axes), strict=False)
        return tuple(PartitionWindow(size, window, shift) for size, window, shift in per_axis)
