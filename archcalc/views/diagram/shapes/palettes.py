"""Colours of figures: a family of layers has the same colour in every style.

Okabe & Ito 2008, "Color universal design" (jfly.uni-koeln.de/color), is safe for readers with a colour-vision
deficiency, as is Tol's muted scheme (personal.sron.nl/~pault, 2021); `print` has greys with hatches. Colour is never
the only channel: boxes contain their kind as text.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Colours by family, and those of text, lines and page; `tint` is the share of a family's colour in the fill of a box."""

    families: dict[str, str]
    ink: str = "#1a1a1a"
    faint: str = "#6b6b6b"
    paper: str = "#ffffff"
    panel: str = "#f3f4f6"
    edge: str = "#4a4a4a"
    tint: float = 0.32
    hatches: tuple[str, ...] = ()
    heat: str = "#D55E00"

    def color(self, family: str) -> str:
        """The strong colour of a family."""
        return self.families.get(family, self.families["other"])

    def fill(self, family: str) -> str:
        """The light colour behind text."""
        return mixed(self.color(family), self.paper, self.tint)

    def heated(self, share: float) -> str:
        """The fill for a share of the largest value, 0 to 1."""
        return mixed(self.heat, self.paper, 0.04 + 0.66 * share)

    @property
    def hottest(self) -> str:
        """How the box of the largest value looks: its fill is darker than the page, or brighter."""
        return "darkest" if _lightness(self.heated(1.0)) < _lightness(self.heated(0.0)) else "brightest"

    def hatch(self, family: str) -> str:
        """The hatch pattern of a family, where greys alone do not distinguish families; else empty."""
        families = [name for name in FAMILIES if name in self.families]
        return self.hatches[families.index(family) % len(self.hatches)] if self.hatches and family in families else ""


FAMILIES = (
    "input",
    "convolution",
    "pooling",
    "upsampling",
    "dense",
    "attending",
    "normalisation",
    "activation",
    "merge",
    "shape",
    "other",
)


def mixed(color: str, other: str, share: float) -> str:
    """A colour mixed into another one: `share` of the first, the rest of the other."""
    parts = (
        round(int(color[index : index + 2], 16) * share + int(other[index : index + 2], 16) * (1 - share))
        for index in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in parts)


def _lightness(color: str) -> float:
    """The relative luminance of a colour, without its gamma."""
    red, green, blue = (int(color[index : index + 2], 16) for index in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _families(*colors: str) -> dict[str, str]:
    return dict(zip(FAMILIES, colors, strict=True))


_OKABE_ITO = _families(
    "#b0b0b0", "#0072B2", "#D55E00", "#56B4E9", "#009E73", "#E69F00", "#8c8c8c", "#F0E442", "#CC79A7", "#b0b0b0", "#999999"
)
_MUTED = _families(
    "#bbbbbb", "#332288", "#CC6677", "#88CCEE", "#117733", "#44AA99", "#999933", "#DDCC77", "#AA4499", "#bbbbbb", "#888888"
)
_GREYS = _families(
    "#ffffff", "#8a8a8a", "#d9d9d9", "#b5b5b5", "#5c5c5c", "#a3a3a3", "#eeeeee", "#cccccc", "#ffffff", "#f5f5f5", "#e0e0e0"
)

PALETTES = {
    "okabe-ito": Palette(_OKABE_ITO),
    "muted": Palette(_MUTED, tint=0.36),
    "print": Palette(
        _GREYS,
        ink="#000000",
        faint="#333333",
        panel="#ffffff",
        edge="#000000",
        tint=0.25,
        hatches=("", "/", "x", "\\", "-", "x", "|", "", "", "", ""),
        heat="#555555",
    ),
    "dark": Palette(
        _OKABE_ITO | {"convolution": "#3a9bdc"},
        ink="#f2f2f2",
        faint="#b5bac1",
        paper="#16181d",
        panel="#22262e",
        edge="#aeb4bd",
        tint=0.42,
    ),
}
