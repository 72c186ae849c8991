"""The options of a figure; the `figure:` section of a description uses the same names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from archcalc.errors import call_error
from archcalc.suggestions import suggest
from archcalc.views.diagram.shapes.palettes import PALETTES
from archcalc.views.diagram.shapes.scale_laws import SCALE_LAWS
from archcalc.views.diagram.styles import STYLES

LABELS = ("name", "kernel", "shape", "params", "macs", "rf")
HEATS = ("params", "mult_adds", "activations")
UNITS = {"pt": 1.0, "mm": 72 / 25.4, "cm": 72 / 2.54, "in": 72.0}
"""Lengths in points."""
MAX_POINTS = 14_400
"""The largest width."""
MIN_TEXT = 3
"""The least text that may be demanded, in points."""


@dataclass(frozen=True)
class FigureOptions:
    """How a network is drawn; None stands for the default of the style."""

    style: str = "blocks"
    show: tuple[str, ...] | None = None
    palette: str = "okabe-ito"
    heat: str | None = None
    expand: bool = False
    depth: int | None = None
    only: str | None = None
    direction: str = "any"
    """LR or TB; `any` is LR, in the style graph the one that fits better."""
    width: float | None = None
    """Points."""
    aspect: float | None = None
    """Width / height."""
    legend: bool = True
    caption: bool = True
    scale: tuple[str, str, str] = ("sqrt", "sqrt", "sqrt")
    """The scale laws of height, width and channels."""
    unit: tuple[int, ...] | None = None
    layer: str | None = None
    min_text: float = 6.0
    """The smallest size of text, in points."""
    transparent: bool = False


def read_options(values: Mapping[str, Any], base: FigureOptions | None = None) -> FigureOptions:
    """Options from their names and values, checked; the others from `base`. Raises `DescriptionError` for the first bad one."""
    names = {field.name for field in fields(FigureOptions)}
    options: dict[str, Any] = {}
    for name, value in values.items():
        name = name.replace("-", "_")
        if name not in names:
            raise call_error("ARC471", f"figures have no option {name}", suggest(name, names))
        options[name] = _READERS.get(name, _as_text)(name, value)
    return replace(base or FigureOptions(), **options)


def _choice(*choices: str) -> Any:
    def read(name: str, value: Any) -> str:
        if value not in choices:
            raise call_error("ARC471", f"{name}: there is no {value}", suggest(str(value), choices))
        return str(value)

    return read


def _as_text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise call_error("ARC471", f"{name} is a word, not {value}")
    return value


def _labels(name: str, value: Any) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        raise call_error("ARC471", f"{name} is a list of labels", suggest(str(value), LABELS))
    return tuple(_choice(*LABELS)(name, str(part).strip()) for part in parts if str(part).strip())


def _laws(name: str, value: Any) -> tuple[str, str, str]:
    """One scale law for all axes, or three with commas: for height, width and channels."""
    parts = [part.strip() for part in value.split(",")] if isinstance(value, str) else list(value)
    parts = parts * 3 if len(parts) == 1 else parts
    if len(parts) != 3:
        raise call_error("ARC471", f"{name} is one law, or three for height, width and channels", "write sqrt,sqrt,log")
    height, width, channels = (_choice(*SCALE_LAWS)(name, str(part)) for part in parts)
    return height, width, channels


def _flag(name: str, value: Any) -> bool:
    if value in (True, "true"):
        return True
    if value in (False, "false"):
        return False
    raise call_error("ARC471", f"{name} is true or false, not {value}")


def _count(name: str, value: Any) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", str(value)) or int(value) < 1:
        raise call_error("ARC471", f"{name} is an integer ≥ 1, not {value}")
    return int(value)


def _length(name: str, value: Any) -> float:
    """`16cm`, `160mm`, `6.3in` or `450pt`, as points."""
    match = re.fullmatch(r"([0-9]{1,5}(?:\.[0-9]{1,4})?) ?(pt|mm|cm|in)?", str(value))
    points = float(match[1]) * UNITS[match[2] or "pt"] if match else 0.0
    if not 20 <= points <= MAX_POINTS:
        raise call_error(
            "ARC471",
            f"{name}: {value} is not a width between 20pt and {MAX_POINTS:,}pt",
            "write a number and a unit: 16cm, 160mm, 6.3in, 450pt",
        )
    return points


def _size(name: str, value: Any) -> float:
    match = re.fullmatch(r"([0-9]{1,2}(?:\.[0-9]{1,2})?) ?(pt)?", str(value))
    if not match or not MIN_TEXT <= float(match[1]) <= 40:
        raise call_error("ARC471", f"{name}: {value} is not a text size between {MIN_TEXT} and 40 points")
    return float(match[1])


def _ratio(name: str, value: Any) -> float:
    """`16:9` or `1.78`."""
    match = re.fullmatch(r"([0-9]{1,4}(?:\.[0-9]{1,4})?)(?:[:/]([0-9]{1,4}(?:\.[0-9]{1,4})?))?", str(value))
    ratio = float(match[1]) / float(match[2] or 1) if match and float(match[2] or 1) else 0.0
    if not 0.05 <= ratio <= 20:
        raise call_error("ARC471", f"{name}: {value} is not a ratio between 1:20 and 20:1", "write 16:9 or 4:3")
    return ratio


def _unit(name: str, value: Any) -> tuple[int, ...]:
    parts = re.split(r"[,x ]+", value) if isinstance(value, str) else value
    parts = parts if isinstance(parts, list | tuple) else [parts]
    if not all(re.fullmatch(r"[0-9]{1,9}", str(part)) for part in parts):
        raise call_error("ARC471", f"{name}: {value} is not a unit", "write its index on each axis, from 0: 6,6")
    return tuple(int(part) for part in parts)


_READERS: dict[str, Any] = {
    "style": _choice(*STYLES.names),
    "palette": _choice(*PALETTES),
    "show": _labels,
    "heat": _choice(*HEATS),
    "expand": _flag,
    "legend": _flag,
    "caption": _flag,
    "transparent": _flag,
    "depth": _count,
    "direction": _choice("LR", "TB", "any"),
    "width": _length,
    "aspect": _ratio,
    "min_text": _size,
    "scale": _laws,
    "unit": _unit,
}
