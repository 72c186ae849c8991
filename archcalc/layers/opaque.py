"""A layer that is not understood."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from archcalc.arithmetic.term import Number
from archcalc.layers._base import Layer, Tallies, Volume, field_attributes
from archcalc.layers._fields import Amount, Sizes, Symbol, Words
from archcalc.layers._grades import Grade

_NEVER_COUNTED = ("biases", "buffers", "neurons", "connections", "tallies", "saved", "depth")


class Opaque(Layer):
    """A layer that is not understood, in the words of its source: for what an import cannot translate.

    It reads one or more volumes of any shape. `was` says what it was, `shape` are the sizes of its output, channels first.
    `params` and `mult_adds` are given only where they are known; what is left out is not counted, and every total in
    which it is missing is a lower bound and printed as one ("at least").

    Counts
        Parameters and multiply-adds as stated, else not counted. Stated parameters are listed as weights, since the biases
        among them are not known. Statistics, neurons, connections and all other operations are not counted. The activations
        follow from the shape. The receptive field of its units, and of all units after them, is unknown.

    Sources
        None: the numbers are those of the description. ONNX documentation, "Extending ONNX": operators of another domain
        are such layers.
    """

    summary: ClassVar[str] = "a layer that is not understood, of which the description states what is known"
    example: ClassVar[dict[str, Any]] = {
        "inputs": [[64, 56, 56]],
        "fields": {"was": "DeformConv2d", "shape": [128, 56, 56], "params": 73728},
    }
    max_inputs: ClassVar[int | None] = None

    was: Words
    shape: Annotated[Sizes, Symbol("n", "output sizes")]
    # Under their written names they would hide the rules of every layer.
    stated_params: Amount | None = Field(None, alias="params")
    stated_mult_adds: Amount | None = Field(None, alias="mult_adds")

    @model_serializer(mode="wrap")
    def _as_written(self, written: SerializerFunctionWrapHandler) -> dict[str, Any]:
        names = {attribute: name for name, attribute in field_attributes(type(self)).items()}
        return {names.get(key, key): value for key, value in written(self).items()}

    @property
    def stands_for(self) -> str:
        return self.was

    def grade(self, quantity: str) -> Grade:
        stated = {"params": self.stated_params, "weights": self.stated_params, "mult_adds": self.stated_mult_adds}
        if quantity in stated:
            return Grade.NOT_COUNTED if stated[quantity] is None else Grade.STATED
        return Grade.NOT_COUNTED if quantity in _NEVER_COUNTED else Grade.BY_RULE

    def output(self, *inputs: Volume) -> Volume:
        return Volume(self.shape)

    def weights(self, *inputs: Volume) -> Number:
        return self.stated_params or 0

    def multiply_adds(self, y: Volume, *inputs: Volume) -> Number:
        return self.stated_mult_adds or 0

    def tallies(self, y: Volume, *inputs: Volume) -> Tallies:
        return {"multiply_adds": self.multiply_adds(y, *inputs)}
