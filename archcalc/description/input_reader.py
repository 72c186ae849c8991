"""Reads the inputs of a description: their names and shapes, also in the forms of other frameworks."""

from __future__ import annotations

import re

from archcalc.description.layer_reader import KEYS, LayerReader
from archcalc.description.model import Input
from archcalc.description.source import MappingNode, Node, ScalarNode, SequenceNode, words
from archcalc.description.values import shape

_BETWEEN = re.compile(r"\s*[x×,]\s*|\s+")
"""What stands between two sizes: a times sign, a comma or only blanks."""


class InputReader(LayerReader):
    """Reads layers and inputs. What is clearly meant is reported, and read as such."""

    def input_bodies(self, key: str, node: Node) -> dict[str, Node]:
        """The inputs by their names: of `inputs` several, of `input` one."""
        if key == "input":
            return {"input": node}
        if isinstance(node, MappingNode) and len(node.value) == 1 and node.value[0][0].value == "shape":
            self.slip("ARC112", node, "`inputs` are several, each with a name", "write `input: {shape: …}` for a single one")
            return {"input": node}
        several = self.mapping(node, "inputs")
        if not several:
            self.problem("ARC112", node, "names no input", "write `inputs: {image: {shape: [3, 224, 224]}}`")
        return several

    def input_shape(self, body: Node) -> Node | None:
        """The node of the shape of an input; a list, or sizes such as 3x224x224, in its place are read as the shape."""
        items = body.value if isinstance(body, SequenceNode) else []
        if isinstance(body, ScalarNode) and (sizes := shape("x".join(_BETWEEN.split(body.value.strip("() "))))):
            items = [ScalarNode("", str(size), body.start_mark, body.end_mark) for size in sizes]
        if items and all(isinstance(item, ScalarNode) for item in items):
            out = f"write {{shape: [{', '.join(item.value for item in items)}]}}"
            self.slip("ARC115", body, "an input is a mapping with a shape", out)
            return SequenceNode("", items, body.start_mark, body.end_mark)
        return self.mapping(body, "an input", KEYS[Input], out="write {shape: [3, 224, 224]}").get("shape")

    def without_batch(self, node: Node | None) -> Node | None:
        """The shape without a first size such as null, which stands for the batch in other frameworks."""
        if not isinstance(node, SequenceNode) or len(node.value) < 2 or not isinstance(node.value[0], ScalarNode):
            return node
        first, *sizes = node.value
        if first.value.lower() not in words()["batch"] or first.value in self.names_defined:
            return node
        texts = ", ".join(size.value for size in sizes if isinstance(size, ScalarNode))
        self.slip("ARC112", first, "the batch is not a size of an input", f"leave it out: {{shape: [{texts}]}}")
        return SequenceNode(node.tag, sizes, node.start_mark, node.end_mark)
