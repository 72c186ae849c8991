"""Multi-head attention with its projections."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from archcalc.arithmetic.term import Number, product, sum_
from archcalc.layers._attention import Attention, arity, lengths, softmax_steps
from archcalc.layers._base import Requirement, Tallies, Volume
from archcalc.layers._fields import Count, Symbol
from archcalc.layers._volume import spatial_requirement


class MultiheadAttention(Attention):
    """Project queries, keys and values, let each query read the values in `num_heads` heads, and project the result.

    It reads one volume C×L (self-attention), or queries, keys and values, `inputs: [q, k, v]`, of which the last two may have
    other channels, named as in PyTorch: `kdim` and `vdim` are checked, not needed. All four projections are dense layers at
    each position, to C channels. `attention` is the same without projections, for what they are shared with or windows.

    Counts
        4·C² weights and 4·C biases; with L queries and M keys C·C·L multiply-adds for each projection of queries and of the
        result, C·C·M for keys and values, and 2·C·L·M for scores and values; a causal mask does not halve them. In each head
        L·M scores are scaled (multiplications) and go through a softmax. It is one layer of the depth.
        While it runs, the projections and h·L·M probabilities are in memory, and training saves them beside its inputs.

    Sources
        Vaswani et al. 2017, "Attention is all you need", §3.2.2. PyTorch documentation, `MultiheadAttention`.
    """

    summary: ClassVar[str] = "attention in several heads, with the projections"
    example: ClassVar[dict[str, Any]] = {"inputs": [[768, 197]], "fields": {"num_heads": 12}}
    has_neurons: ClassVar[bool] = True
    counts_in_depth: ClassVar[bool] = True

    kdim: Annotated[Count | None, Symbol("C_k", "channels")] = None
    vdim: Annotated[Count | None, Symbol("C_v", "channels")] = None
    bias: bool = True

    @staticmethod
    def _operands(*inputs: Volume) -> tuple[Volume, Volume, Volume]:
        q, *others = inputs
        k, v = others or (q, q)
        return q, k, v

    def output(self, *inputs: Volume) -> Volume:
        return inputs[0]

    def requirements(self, *inputs: Volume) -> Iterable[Requirement]:
        yield arity(inputs, "one volume")
        if len(inputs) not in (1, 3):
            return
        q, k, v = self._operands(*inputs)
        for x in (q, k, v):
            yield spatial_requirement(x)
        yield Requirement(self.num_heads, "divides", q.channels, "num_heads must divide the channels of the queries")
        yield from lengths(product(q.spatial), product(k.spatial), product(v.spatial), self.is_causal)
        for name, x in (("kdim", k), ("vdim", v)):
            if (stated := getattr(self, name)) is not None:
                yield Requirement(stated, "==", x.channels, f"{name} must be the channels of that input")

    def weights(self, *inputs: Volume) -> Number:
        q, k, v = self._operands(*inputs)
        return q.channels * (q.channels + k.channels + v.channels) + q.channels * q.channels

    def biases(self, *inputs: Volume) -> Number:
        return 4 * inputs[0].channels if self.bias else 0

    def weight_shapes(self, *inputs: Volume) -> tuple[tuple[Number, ...], ...]:
        q, k, v = self._operands(*inputs)
        return tuple((q.channels, x.channels) for x in (q, k, v, q))

    def connection_count(self, y: Volume, *inputs: Volume) -> Number:
        biases = self._biased(*inputs) if self.bias else 0
        return self._projected(*inputs) + biases

    def _projected(self, *inputs: Volume) -> Number:
        """Multiply-adds of the four projections."""
        q, k, v = self._operands(*inputs)
        queries, keys = product(q.spatial), product(k.spatial)
        return 2 * q.channels * q.channels * queries + q.channels * (k.channels + v.channels) * keys

    def _biased(self, *inputs: Volume) -> Number:
        """Values of the four projections."""
        q, k, _ = self._operands(*inputs)
        return 2 * q.channels * product(q.spatial) + 2 * q.channels * product(k.spatial)

    def core_multiply_adds(self, y: Volume, *inputs: Volume) -> Number:
        q, k, _ = self._operands(*inputs)
        return 2 * q.channels * product(q.spatial) * product(k.spatial)

    def multiply_adds(self, y: Volume, *inputs: Volume) -> Number:
        return self._projected(*inputs) + self.core_multiply_adds(y, *inputs)

    def gradient_multiply_adds(
        self, inputs_need: tuple[bool, ...], weights_need: bool, y: Volume, *inputs: Volume
    ) -> tuple[Number, Number]:
        q, k, v = self._operands(*inputs)
        queries, keys = product(q.spatial), product(k.spatial)
        needs = inputs_need if len(inputs) == 3 else inputs_need * 3
        sizes = (q.channels * queries, k.channels * keys, v.channels * keys)
        inner = self._inner(needs, q, k)
        to_inputs = inner + sum_(q.channels * size for size, need in zip(sizes, needs, strict=True) if need)
        # The weights need the gradients of all three projections, of which the inputs need some anyway.
        to_weights = self._inner((True, True, True), q, k) - inner + self._projected(*inputs)
        return to_inputs, to_weights if weights_need else 0

    @staticmethod
    def _inner(needs: tuple[bool, ...], q: Volume, k: Volume) -> Number:
        """Multiply-adds from the gradient of the output to those of the projected queries, keys and values that need one."""
        if not any(needs):
            return 0
        queries, keys, values = needs
        products = queries + keys + values + (queries or keys)
        return q.channels * q.channels * product(q.spatial) + products * q.channels * product(q.spatial) * product(k.spatial)

    def tallies(self, y: Volume, *inputs: Volume) -> Tallies:
        q, k, _ = self._operands(*inputs)
        steps = softmax_steps(self.num_heads, product(q.spatial), product(k.spatial))
        if self.bias:
            steps["additions"] = steps["additions"] + self._biased(*inputs)
        return {"multiply_adds": self.multiply_adds(y, *inputs), **steps}

    def workspace(self, y: Volume, *inputs: Volume) -> Number:
        q, k, _ = self._operands(*inputs)
        return self._biased(*inputs) + self.num_heads * product(q.spatial) * product(k.spatial)
