"""Reads YAML nodes into a document: every key and value is checked, all problems are collected with their places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from archcalc.description.document import REQUIRED, Document, ParsedBlock
from archcalc.description.layer_reader import KEYS, LayerReader
from archcalc.description.model import MAX_AXES, VERSION, Block, Description, Entry, Input, is_shape
from archcalc.description.source import MappingNode, Node, ScalarNode, SequenceNode, Source, refuse_foreign_json, words
from archcalc.description.values import RESERVED, is_name, shape
from archcalc.errors import Problems
from archcalc.layers import kinds


def read_document(source: Source) -> tuple[Document, Problems]:
    """The document in a source, and all its problems. What could not be read is left out of the document.

    Raises `DescriptionError` where the text is not YAML.
    """
    refuse_foreign_json(source)
    reader = _Reader(source)
    reader.document(source.root())
    return reader.result, reader.problems


class _Reader(LayerReader):
    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.refused: set[str] = set()
        """Names whose declaration is reported."""

    # -- the parts of a document ------------------------------------------------------------------------------------

    def document(self, root: Node) -> None:
        if not isinstance(root, MappingNode):
            self.problem("ARC115", root, "a description is a mapping of names to values", "begin it with `archcalc: 1`")
            return
        top = self.mapping(root, "a description", KEYS[Description])
        self.result.nodes = top
        if "archcalc" not in top:
            self.problem("ARC110", root, "the format version is missing", "begin the file with `archcalc: 1`")
        elif top["archcalc"].value != str(VERSION):
            self.problem("ARC110", top["archcalc"], "this format version is not known", f"write `archcalc: {VERSION}`")
        for key in ("name", "source", "frozen", "ignore"):
            if key in top:
                setattr(self.result, key, self.read(Description, key, top[key]))
        self.result.opaque = {key: top[key] for key in ("claims", "figure") if key in top}
        self.variables(top.get("variables"))
        self.inputs(root, top)
        self.blocks(top.get("blocks"))
        if "layers" not in top:
            self.problem("ARC111", root, "has no layers", "list them under `layers:`")
        else:
            self.result.layers = self.sequence(top["layers"], "the description", taken=self.result.inputs)

    def variables(self, node: Node | None) -> None:
        for name, value in self.names(node, "variables"):
            self.result.variables[name] = None if name in self.refused else self.value(value)
            self.result.nodes[f"variable {name}"] = value

    def inputs(self, root: Node, top: dict[str, Node]) -> None:
        keys = [key for key in ("input", "inputs") if key in top]
        if len(keys) != 1:
            self.problem(
                "ARC112",
                root,
                f"has {len(keys)} of `input` and `inputs`, exactly one is needed",
                "write `input: {shape: [3, 224, 224]}`: channels, then the spatial axes",
            )
            return
        for name, body in self.input_bodies(keys[0], top[keys[0]]).items():
            shape_node = self.without_batch(self.input_shape(body))
            sizes = self.read(Input, "shape", shape_node) if shape_node is not None else None
            if shape_node is not None and sizes is None:
                continue  # it is reported already
            if not is_shape(sizes):
                out = f"write {{shape: [{sizes if isinstance(sizes, int) else '3, 224, 224'}]}}"
                if isinstance(sizes, list) and len(sizes) == MAX_AXES + 1:
                    out = "leave the batch out, if it is the first size"
                self.problem("ARC112", body, f"an input has a shape of 1 to {MAX_AXES} sizes, channels first", out)
            else:
                self.result.inputs[name] = sizes
                self.result.nodes[f"input {name}"] = shape_node

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
        if isinstance(body, ScalarNode) and (sizes := shape(re.sub(r"[\s()]", "", body.value))):
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

    def blocks(self, node: Node | None) -> None:
        bodies = dict(self.names(node, "blocks", is_usable=str.isidentifier))
        self.result.blocks = {name: ParsedBlock(name) for name in bodies}
        for name, body in bodies.items():
            if name in kinds():
                self.problem("ARC114", body, f"block {name} has the name of a layer kind", "give it another name")
            keys = self.mapping(body, f"block {name}", KEYS[Block])
            block = self.result.blocks[name]
            for argument, value in self.names(keys.get("arguments"), "arguments", KEYS[Entry]):
                block.marks[argument] = self.source.mark(value)
                required = isinstance(value, ScalarNode) and value.value == "required"
                is_refused = argument in self.refused
                block.arguments[argument] = None if is_refused else REQUIRED if required else self.value(value)
            if "inputs" in keys:
                block.inputs = self.read(Block, "inputs", keys["inputs"]) or block.inputs
                if len(set(block.inputs)) < len(block.inputs):
                    self.problem("ARC116", keys["inputs"], "an input is named twice", "give each a name of its own")
            if "layers" not in keys:
                self.problem("ARC111", body, f"block {name} has no layers", "list them under `layers:`")
            else:
                block.layers = self.sequence(keys["layers"], f"block {name}", taken=block.inputs)

    def names(
        self, node: Node | None, what: str, taken: Iterable[str] = (), is_usable: Callable[[str], bool] = is_name
    ) -> Iterator[tuple[str, Node]]:
        """The names that a mapping defines, usable in expressions; those in `taken` have a meaning of their own there.

        One that is refused is reported here, and has no value, so that its uses are no further problems.
        """
        if node is None or (isinstance(node, ScalarNode) and not node.value):
            return
        for name, value in self.mapping(node, what).items():
            reason = "is not a name: letters, digits and _"
            if name in taken:
                reason = "is a key that every layer may have, so that it cannot be given"
            elif name in RESERVED:
                reason = "is reserved"
            elif is_usable(name):
                self.names_defined.add(name)
                yield name, value
                continue
            elif name.isidentifier():
                reason = "is not read as a name: expressions have another meaning for it"
            self.problem("ARC123", value, f"{name!r} in {what} {reason}", "choose another name")
            self.refused.add(name)
            if not is_name(name):  # else the scopes know that it has no value
                self.words_refused.add(name)
            yield name, value
