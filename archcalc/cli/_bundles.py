"""Bundles of options: a command with a bundle has all its options, each of them declared once.

A bundle is a NamedTuple whose fields are options with their defaults, or further bundles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from inspect import Parameter, Signature, signature
from typing import Any, get_type_hints


def expanded(command: Callable[..., None]) -> Callable[..., None]:
    """The command as Typer reads it, with the options of each bundle in place of the bundle.

    A parameter of the command replaces the bundle's option of the same name, and the bundle receives its value.
    """
    own = signature(command, eval_str=True).parameters
    declared: dict[str, Parameter] = {}
    for parameter in own.values():
        for option in _options(parameter):
            if option is parameter or option.name not in own:
                declared[option.name] = option.replace(kind=Parameter.KEYWORD_ONLY)

    def call(**values: Any) -> None:
        command(**{name: _value(parameter.annotation, values, name) for name, parameter in own.items()})

    call.__doc__ = command.__doc__
    call.__signature__ = Signature(list(declared.values()))  # type: ignore[attr-defined]  # where inspect looks for it
    return call


def _is_bundle(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, tuple) and hasattr(annotation, "_field_defaults")


def _options(parameter: Parameter) -> Iterator[Parameter]:
    """The parameter itself, or the options of the bundle that is its type."""
    if not _is_bundle(parameter.annotation):
        yield parameter
        return
    defaults = parameter.annotation._field_defaults
    for name, annotation in get_type_hints(parameter.annotation, include_extras=True).items():
        default = defaults.get(name, Parameter.empty)
        yield from _options(Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation))


def _value(annotation: Any, values: Mapping[str, Any], name: str) -> Any:
    """The value of an option by its name, or a bundle with the values of its options."""
    if not _is_bundle(annotation):
        return values[name]
    fields = get_type_hints(annotation, include_extras=True)
    return annotation(**{field: _value(hint, values, field) for field, hint in fields.items()})
