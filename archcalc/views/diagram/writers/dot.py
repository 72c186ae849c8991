"""DOT: the graph as Graphviz text."""

from __future__ import annotations

from archcalc.errors import call_error
from archcalc.views.diagram.shapes.scene import Scene
from archcalc.views.diagram.writers import Writer


def write(scene: Scene, dpi: float = 0) -> bytes:
    """The text for Graphviz, which lays it out. Raises `DescriptionError` for any other style."""
    if not scene.dot:
        raise call_error("ARC478", "DOT describes a graph, not a drawing", "write it with --style graph")
    return (f"// {scene.stamp}\n{scene.dot}" if scene.stamp else scene.dot).encode()


WRITER = Writer(write, options={"style": "graph"}, has_drawing=False)
