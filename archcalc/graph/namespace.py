"""The names that layers can read at one level of a description: layers, inputs, and layers inside blocks by their path."""

from __future__ import annotations

from archcalc.graph.nodes import Group
from archcalc.graph.output_ref import OutputRef
from archcalc.graph.scope import Scope


class Namespace:
    """One level of the expansion: the description itself, or the inside of one use of a block."""

    def __init__(self, inputs: dict[str, OutputRef], scope: Scope, group: Group | None, prefix: str) -> None:
        self.names: dict[str, OutputRef] = dict(inputs)
        self.inputs = inputs.keys()
        self.namespaces: dict[str, Namespace] = {}
        self.previous = next(iter(inputs.values()))
        """The output that a layer without `inputs` reads."""
        self.scope = scope
        self.group = group
        self.prefix = prefix
        """What the ids of layers at this level begin with."""

    def block(self, path: str) -> Namespace | None:
        """The inside of the block with a name, or with a path such as `a.b`; None if there is no such block."""
        namespace: Namespace | None = self
        while namespace is not None and path not in namespace.namespaces:
            cut = next((i for i, character in enumerate(path) if character == "." and path[:i] in namespace.namespaces), None)
            namespace, path = (None, path) if cut is None else (namespace.namespaces[path[:cut]], path[cut + 1 :])
        return namespace.namespaces[path] if namespace is not None else None

    def find(self, name: str) -> OutputRef | None:
        """The output with a name; `a.b` is b inside the block a. None if nothing has the name."""
        namespace: Namespace = self
        while name not in namespace.names:
            cuts = [i for i, character in enumerate(name) if character == "."]
            cut = next((i for i in reversed(cuts) if name[:i] in namespace.namespaces), None)
            if cut is None:
                return None
            namespace, name = namespace.namespaces[name[:cut]], name[cut + 1 :]
        return namespace.names[name]
