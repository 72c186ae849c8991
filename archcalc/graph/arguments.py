"""The arguments of blocks: what the names inside one use of a block stand for."""

from __future__ import annotations

from functools import partial
from typing import Any

from archcalc.description.document import REQUIRED, ParsedBlock, ParsedEntry
from archcalc.description.model import Entry
from archcalc.description.operators import ExpressionError
from archcalc.description.values import evaluated, has_expression, names_in
from archcalc.errors import Mark, Problems
from archcalc.graph.copies import COPY
from archcalc.graph.output_ref import OutputRef
from archcalc.graph.scope import Deferred, Scope, entry_problem, report_no_value, with_words
from archcalc.suggestions import clear_match, resembles, suggest


class Arguments:
    """Evaluates the arguments of blocks. Equal copies have one scope."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self._scopes: dict[tuple[int, int], tuple[Scope, Scope]] = {}
        """The scopes inside blocks, by the entry and the scope around it, which is stored too, so that its id is not reused."""

    def scope(self, block: ParsedBlock, entry: ParsedEntry, output_ref: OutputRef, outer: Scope) -> Scope:
        """The names inside a block: the variables, hidden by its arguments, and the copy that it is."""
        key = id(entry), id(outer)
        if key in self._scopes:
            return self._scopes[key][1]
        values: dict[str, Any] = {} if block.network else {COPY: outer.values.get(COPY, 1)}
        variables = {} if block.network else outer.variables
        keys = self._keys(block, entry)
        unknown = [name for name in entry.fields if name not in block.arguments]
        for name, default in block.arguments.items():
            if name in keys:
                value = entry.fields[keys[name]]
                values[name] = self._value(name, value, entry.mark(keys[name]), outer, output_ref)
            elif default is REQUIRED:
                if not resembles(name, unknown):  # a misspelt argument is not reported as missing too
                    message = f"block {block.name} needs {name}"
                    entry_problem(self.problems, entry, "ARC134", "", message, f"write {name}: …")
                values[name] = None
            elif name in block.given:
                inner = Scope({}, outer.variables)
                values[name] = self._value(name, block.given[name], block.given_marks[name], inner, output_ref)
            else:
                above = {other: values[other] for other in (COPY, *names_in(default)) if other in values}
                inner = Scope(above, variables, name, block.arguments)
                values[name] = self._value(name, default, block.marks[name], inner, output_ref)
        scope = Scope({}, values) if block.network else Scope(values, variables)
        if not any(isinstance(value, Deferred) for value in values.values()):
            self._scopes[key] = outer, scope
        return scope

    def _keys(self, block: ParsedBlock, entry: ParsedEntry) -> dict[str, str]:
        """The key of each argument that is given; an unknown key is reported, and is that of the one it clearly stands for."""
        keys = {name: name for name in entry.fields if name in block.arguments}
        for name in entry.fields:
            if name not in block.arguments and block.layers:  # without layers, what is wrong with the block is reported
                out = partial(suggest, name, (*block.arguments, *Entry.model_fields))
                message = f"block {block.name} has no argument {name}"
                entry_problem(self.problems, entry, "ARC119", name, message, out)
                free = [] if self.problems.is_full else [other for other in block.arguments if other not in keys]
                if meant := clear_match(name, free):
                    keys[meant] = name
        return keys

    def _value(self, name: str, value: Any, mark: Mark, scope: Scope, output_ref: OutputRef) -> Any:
        """The value of an argument: evaluated now, or deferred if it depends on a size."""
        if not has_expression(value):
            return value
        value = with_words(value, name, mark, scope)
        if not scope.is_fixed(value):
            return Deferred(value, scope, output_ref)
        try:
            return evaluated(value, scope.lookup())
        except ExpressionError as error:
            report_no_value(self.problems, name, mark, error)
            return None
