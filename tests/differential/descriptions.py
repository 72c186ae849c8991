"""Random descriptions: every kind with every field, blocks, merges, shared weights, 1 to 3 axes, sound and unsound.

Fields are drawn from their declarations, so that a new kind takes part without a line here. archcalc's own rules only
steer: they tell a merge which volumes could meet, and how often an example is sound. They judge nothing.
"""

from __future__ import annotations

from math import prod
from typing import Any

import yaml
from hypothesis import strategies as st

from archcalc.analysis.misfit import RELATIONS
from archcalc.description.binding import BindError, bind
from archcalc.layers import find, kinds
from archcalc.layers._base import Layer, Volume, field_metadata, field_syntaxes, field_types, required_fields
from archcalc.layers._fields import LayerReference, Letter, Symbol
from archcalc.layers._types import alternatives, expects, minimum

NOT_RUN = {"opaque"}
"""Kinds that PyTorch refuses by design, since nothing says what they compute."""
KINDS = (
    *(op for op in kinds() if op not in NOT_RUN),
    "conv",
    "conv",
    "conv_transpose",
    "max_pool",
    "add",
    "concat",
    "unpool",
    "subsample",
)
RESIDUAL = {
    "arguments": {"width": "in_channels"},
    "layers": [
        {"id": "in", "op": "conv", "out_channels": "width", "kernel_size": 1, "groups": "1"},
        {"id": "norm", "op": "batch_norm"},
        {"id": "out", "op": "conv", "out_channels": "width", "kernel_size": 3, "padding": "same", "bias": False},
        {"id": "sum", "op": "add", "inputs": ["input", "out"]},
        {"id": "act", "op": "relu"},
    ],
}


class Sketch:
    """The layers so far and the volumes that steer what comes next."""

    def __init__(self, inputs: dict[str, Volume]) -> None:
        self.layers: list[dict[str, Any]] = []
        self.volumes: dict[str, Volume | None] = dict(inputs)
        self.arrived: dict[str, tuple[Volume | None, ...]] = {}
        self.last = next(iter(inputs))

    def add(self, entry: dict[str, Any], inputs: tuple[Volume | None, ...], out: Volume | None) -> None:
        self.layers.append(entry)
        self.volumes[entry["id"]] = out
        self.arrived[entry["id"]] = inputs
        self.last = entry["id"]

    def alike(self, volume: Volume, from_axis: int) -> list[str]:
        return [
            name
            for name, other in self.volumes.items()
            if other is not None and len(other) == len(volume) and other[from_axis:] == volume[from_axis:]
        ]


@st.composite
def descriptions(draw: Any) -> str:
    """A description as YAML text."""
    axes = draw(st.sampled_from((2, 2, 2, 1, 3)))
    most = {1: 24, 2: 13, 3: 8}[axes]
    shape = [draw(st.integers(1, 6)), *(draw(st.integers(1, most)) for _ in range(axes))]
    inputs = {"input": Volume(shape)}
    if draw(st.integers(0, 6)) == 0:
        other = shape if draw(st.booleans()) else [draw(st.integers(1, 4)), *shape[1:]]
        inputs = {"left": Volume(shape), "right": Volume(other)}
    sketch = Sketch(inputs)
    sound = draw(st.integers(0, 3)) > 0
    for at in range(draw(st.integers(1, 7))):
        for _ in range(4):
            entry, volumes, out = draw(layer(sketch, f"l{at}", axes))
            if out is not None or not sound:
                sketch.add(entry, volumes, out)
                break
    if not sketch.layers:
        sketch.add({"id": "l0", "op": "relu"}, (), None)
    return written(draw, sketch, inputs)


def written(draw: Any, sketch: Sketch, inputs: dict[str, Volume]) -> str:
    data: dict[str, Any] = {"archcalc": 1}
    if len(inputs) == 1:
        data["input"] = {"shape": list(inputs["input"])}
    else:
        data["inputs"] = {name: {"shape": list(volume)} for name, volume in inputs.items()}
    if any(entry["op"] == "residual" for entry in sketch.layers):
        data["blocks"] = {"residual": RESIDUAL}
    data["layers"] = sketch.layers
    if draw(st.integers(0, 5)) == 0:
        data["frozen"] = [draw(st.sampled_from([entry["id"] for entry in sketch.layers] + ["*.bias", "l*.weight"]))]
    return yaml.safe_dump(data, sort_keys=False, default_flow_style=None, width=120)


@st.composite
def layer(draw: Any, sketch: Sketch, name: str, axes: int) -> tuple[dict[str, Any], tuple[Volume | None, ...], Any]:
    """One layer: the entry, the volumes it reads and, if it is sound, the volume that leaves it."""
    op = draw(st.sampled_from((*KINDS, "residual")))
    entry: dict[str, Any] = {"id": name, "op": op}
    kind = find(op)
    reads = draw(sources(sketch, kind))
    if reads and (reads != [sketch.last] or draw(st.booleans())):
        entry["inputs"] = reads
    volumes: tuple[Volume | None, ...] = tuple(sketch.volumes[one] for one in reads)
    if kind is None:
        entry |= {"repeat": draw(st.integers(1, 2)), "when": draw(st.booleans())}
        return entry, volumes, volumes[0] if volumes[0] is None or len(volumes[0]) > 1 else None
    twins = [one for one in sketch.layers if one["op"] == op and "repeat" not in one]
    if twins and draw(st.integers(0, 2)) == 0:
        twin = draw(st.sampled_from(twins))
        entry |= {key: value for key, value in twin.items() if key not in ("id", "inputs", "weights_of")}
        if draw(st.booleans()):
            entry["weights_of"] = twin["id"]
    else:
        entry |= draw(fields(sketch, kind, volumes[0] if volumes else sketch.volumes[sketch.last], axes))
    models = tuple(
        model(sketch, entry, key, named) for key, named in field_metadata(kind, LayerReference).items() if key in entry
    )
    return entry, volumes, result(kind, entry, (*volumes, *models))


def model(sketch: Sketch, entry: dict[str, Any], key: str, named: LayerReference) -> Volume | None:
    name = entry[key]
    if named.volume == "input" and name in sketch.arrived:
        return next(iter(sketch.arrived[name]), None)
    return sketch.volumes.get(name)


@st.composite
def sources(draw: Any, sketch: Sketch, kind: Any) -> list[str]:
    """What a layer reads: mostly the one before it; several where the kind merges, mostly such as could meet."""
    first = sketch.last if draw(st.integers(0, 3)) else draw(st.sampled_from(list(sketch.volumes)))
    if kind is None or kind.max_inputs == 1:
        return [first]
    if kind.max_inputs == 0:
        return []
    volume = sketch.volumes[first]
    fitting = sketch.alike(volume, 1 if kind.min_inputs == 1 else 0) if volume is not None else []
    pool = fitting if fitting and draw(st.integers(0, 4)) else list(sketch.volumes)
    more = draw(st.lists(st.sampled_from(pool), min_size=draw(st.sampled_from((0, 1, 1, 1))), max_size=2))
    return [first, *more]


@st.composite
def fields(draw: Any, sketch: Sketch, kind: type[Layer], volume: Volume | None, axes: int) -> dict[str, Any]:
    """Values for a kind's fields, drawn from their declarations."""
    found: dict[str, Any] = {}
    for name in field_types(kind):
        rarely = field_syntaxes(kind)[name].is_plain or name == "groups"
        if name in required_fields(kind) or draw(st.integers(0, 3 if rarely else 1)) == 0:
            found[name] = draw(value(sketch, name, kind, volume, axes))
    if "connections" in found and draw(st.integers(0, 3)):
        found.pop("out_channels", None)
        found.pop("groups", None)
    elif "out_channels" in field_types(kind) and "connections" not in found:
        found.setdefault("out_channels", draw(st.integers(1, 6)))
    divisors = [one for one in range(1, volume[0] + 1) if volume[0] % one == 0] if volume is not None else []
    for name, fitting in (("num_groups", divisors), ("num_parameters", [1, *divisors[-1:]])):
        if name in found and fitting and draw(st.integers(0, 4)):
            found[name] = draw(st.sampled_from(fitting))
    if found.get("groups", 1) != 1 and volume is not None and draw(st.integers(0, 4)):
        found["groups"] = draw(st.sampled_from(divisors))
        found["out_channels"] = found["groups"] * draw(st.integers(1, 3))
        if found["groups"] == volume[0] and draw(st.booleans()):
            found["groups"] = "in_channels"
    for group in (("scale_factor", "size", "like"), ("like", "margins")):
        names = [name for name in group if name in field_types(kind)]
        if len(names) > 1 and draw(st.integers(0, 5)):
            keep = draw(st.sampled_from([name for name in names if name in found] or names))
            found = {name: held for name, held in found.items() if name == keep or name not in names}
            if keep not in found:
                found[keep] = draw(value(sketch, keep, kind, volume, axes))
    return found


@st.composite
def value(draw: Any, sketch: Sketch, name: str, kind: type[Layer], volume: Volume | None, axes: int) -> Any:
    """A value that a declaration allows; now and then with another number of axes than the network has."""
    held, syntax = field_types(kind)[name], field_syntaxes(kind)[name]
    if held_sizes(held):
        return draw(shapes(volume, axes))
    if name in field_metadata(kind, Symbol):
        return draw(counted(held, syntax.words, axes))
    if syntax.is_plain:
        maps = volume[0] if volume is not None else 3
        row = st.lists(st.integers(0, maps - (0 if draw(st.integers(0, 9)) == 0 else 1)), min_size=1, unique=True)
        return draw(st.lists(row, min_size=1, max_size=4))
    if name in field_metadata(kind, Letter):
        return draw(st.sampled_from((0.1, 0.5, 1.0)))
    if syntax.is_id:
        which = field_metadata(kind, LayerReference)[name].volume
        pools = [one["id"] for one in sketch.layers if one["op"] == "max_pool"] if which == "input" else []
        return draw(st.sampled_from(pools if pools and draw(st.integers(0, 7)) else list(sketch.volumes)))
    if syntax.is_truth:
        return draw(st.booleans())
    return draw(st.sampled_from(syntax.words)) if syntax.words else draw(st.integers(1, axes + 1))


def held_sizes(held: Any) -> bool:
    """Whether a field is a shape."""
    return expects(held).startswith("a list of 1 to 4 sizes")


@st.composite
def shapes(draw: Any, volume: Volume | None, axes: int) -> list[int]:
    """Mostly sizes of a volume there is, some of them 1, so that they meet it, or its values in another order."""
    sizes = list(volume) if volume is not None else [draw(st.integers(1, 6)) for _ in range(axes + 1)]
    ways = {
        "same": sizes,
        "channels": sizes[:1],
        "repeated": [size if draw(st.booleans()) else 1 for size in sizes],
        "turned": sizes[::-1],
        "flat": [prod(sizes)],
    }
    return ways[draw(st.sampled_from(list(ways)))]


@st.composite
def counted(draw: Any, held: Any, words: tuple[str, ...], axes: int) -> Any:
    """A number, one for each axis, a pair for each axis, or a word, whichever a declaration allows."""
    if "per side" in alternatives(held):
        choice = draw(st.integers(0, 3))
        if choice == 0 and words:
            return draw(st.sampled_from(words))
        if choice == 1:
            return [[draw(st.integers(0, 2)), draw(st.integers(0, 2))] for _ in range(draw(list_lengths(axes)))]
    small = st.sampled_from((1, 1, 2, 2, 3, 3, 4, 5) if minimum(held) else (0, 0, 0, 1, 1, 2))
    if "per axis" in alternatives(held) and draw(st.integers(0, 2)) == 0:
        return [draw(small) for _ in range(draw(list_lengths(axes)))]
    return draw(small)


def list_lengths(axes: int) -> Any:
    return st.sampled_from((axes,) * 12 + (1, 2, 3))


def result(kind: type[Layer], entry: dict[str, Any], volumes: tuple[Volume | None, ...]) -> Volume | None:
    """The volume that leaves a layer if archcalc's rules have no objection, to steer by."""
    if any(one is None for one in volumes) or (not volumes and kind.max_inputs != 0):
        return None
    plain = {key: value for key, value in entry.items() if key in field_types(kind)}
    plain = {key: volumes[0][0] if one == "in_channels" else one for key, one in plain.items()}  # type: ignore[index]
    try:
        made = bind(kind, plain)
        if not all(RELATIONS[one.relation][0](one.left, one.right) for one in made.requirements(*volumes)):
            return None
        out = made.output(*volumes)
    except (BindError, TypeError, ValueError, IndexError, AttributeError, ZeroDivisionError):
        return None
    return out if all(0 < size < 60 for size in out) else None
