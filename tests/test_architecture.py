"""The house holds: which room may import which, where heavy packages live, and what no file may do."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import networkx
import pytest

from archcalc.analysis.layer_report import SUMMED
from archcalc.analysis.quantities import WORDS
from archcalc.description.model import Input
from archcalc.layers import find, kinds
from archcalc.layers._base import field_types

PACKAGE = Path(__file__).parent.parent / "archcalc"
FILES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))

# The floors of the house, from the ground up. A room may import its own files and those of the floors below; rooms on one
# floor do not know each other. Every file belongs to one of these.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("errors", "suggestions", "by_name"),
    ("json_writer", "escapes", "saving"),
    ("arithmetic",),
    ("layers",),
    ("description", "conventions"),
    ("graph", "codes"),
    ("analysis",),
    ("views", "claims", "reference"),
    ("__init__",),
    ("cli", "pytest_plugin"),
    ("__main__",),
)
# Packages from outside, and the only places that may import them.
HOMES: dict[str, tuple[str, ...]] = {
    "networkx": ("graph/order.py", "analysis/networkx_graph.py"),
    "numpy": ("arithmetic/variants.py", "reference/"),
    "yaml": ("description/source.py",),
    "pydantic": ("description/", "layers/"),
    "typer": ("cli/",),
    "rich": ("views/", "cli/"),
    "graphviz": ("views/",),
    "torch": ("reference/",),
    "pytest": ("pytest_plugin.py",),
    "pygraphviz": ("views/diagram/layout/dot.py",),
    "pptx": ("views/diagram/writers/pptx.py",),
    "jinja2": ("views/report/",),
    "markupsafe": ("views/report/",),
}
# The two places that import a module of archcalc by a string: what is found by its file's name, and the public names.
BY_STRING = ("by_name.py", "__init__.py")
# Packages that are optional are imported by their name where they are needed.
OPTIONAL = "views/diagram/extras.py"
MAX_FILE, MAX_FUNCTION = 300, 40


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse((PACKAGE / path).read_text(encoding="utf-8"))


def room(path: Path) -> str:
    return path.parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything a file imports, wherever in it."""
    here = ["archcalc", *path.with_suffix("").parts]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = (
                ".".join([*here[: len(here) - node.level], *([node.module] if node.module else [])])
                if (node.level)
                else node.module or ""
            )
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}"


MODULES = {".".join(["archcalc", *path.with_suffix("").parts]).removesuffix(".__init__"): path for path in FILES}


def imported_file(name: str) -> Path | None:
    """The file that an imported name belongs to, None if it is from outside."""
    while name not in MODULES and "." in name:
        name = name.rpartition(".")[0]
    return MODULES.get(name)


def floor(name: str) -> int:
    return next(at for at, rooms in enumerate(FLOORS) if name in rooms)


def wrong_imports(path: Path, found: Iterator[tuple[int, str]]) -> list[str]:
    """Imports of a room on the same floor or above."""
    here = room(path)
    return [
        f"archcalc/{path}:{line}: {here} may not know {room(target)} ({name}); move what is shared into a room below both"
        for line, name in found
        if (target := imported_file(name)) is not None and room(target) != here and floor(room(target)) >= floor(here)
    ]


def circles(files: dict[Path, list[str]]) -> list[list[str]]:
    """Files that import each other in a circle, however late or only for types they do so."""
    graph = networkx.DiGraph(
        (str(path), str(target))
        for path, names in files.items()
        for name in names
        if (target := imported_file(name)) is not None and target != path
    )
    return [sorted(part) for part in networkx.strongly_connected_components(graph) if len(part) > 1]


def string_imports(module: ast.Module) -> list[int]:
    """Lines in which a module is imported by a name that is computed, or by a text that names archcalc."""
    calls = [node for node in ast.walk(module) if isinstance(node, ast.Call)]
    return [
        node.lineno
        for node in calls
        if ast.unparse(node.func).rpartition(".")[2] in ("import_module", "__import__", "run_module", "find_spec")
        and not (isinstance(node.args[0], ast.Constant) and not str(node.args[0].value).startswith("archcalc"))
    ]


def test_there_is_something_to_hold() -> None:
    assert len(FILES) > 50


@pytest.mark.parametrize("path", FILES, ids=str)
def test_every_file_has_a_room(path: Path) -> None:
    rooms = {name for rooms in FLOORS for name in rooms}
    assert room(path) in rooms, f"archcalc/{path} belongs to no room: give it one in FLOORS, or put it into one"


def test_every_room_is_there() -> None:
    """No stale permission: each room and each home has a file, and each home's package is imported there."""
    assert {name for rooms in FLOORS for name in rooms} == {room(path) for path in FILES}
    used = {(name.partition(".")[0], str(path)) for path in FILES for _, name in imports(path)}
    for package, homes in HOMES.items():
        for home in homes:
            assert any(name == package and path.startswith(home) for name, path in used), f"{package} is not in {home}"


@pytest.mark.parametrize("path", FILES, ids=str)
def test_import_direction(path: Path) -> None:
    wrong = wrong_imports(path, imports(path))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("layers/conv.py", "archcalc.analysis.report"),
        ("arithmetic/term.py", "archcalc.layers.conv"),
        ("views/tables/folding.py", "archcalc.claims"),
        ("claims/verdicts.py", "archcalc.views.tables.table"),
        ("analysis/report.py", "archcalc.cli"),
        ("graph/nodes.py", "archcalc.load"),
    ],
)
def test_the_check_of_directions_can_fail(path: str, name: str) -> None:
    assert wrong_imports(Path(path), iter([(1, name)]))


def test_no_file_imports_itself_through_others() -> None:
    found = circles({path: [name for _, name in imports(path)] for path in FILES})
    assert not found, "circles of imports: " + "; ".join(" ↔ ".join(circle) for circle in found)


def test_the_check_of_circles_can_fail() -> None:
    found = circles(
        {
            Path("graph/nodes.py"): ["archcalc.graph.scope.Scope"],
            Path("graph/scope.py"): ["archcalc.graph.order.ordered"],
            Path("graph/order.py"): ["archcalc.graph.nodes.Node"],
        }
    )
    assert found == [["graph/nodes.py", "graph/order.py", "graph/scope.py"]]


@pytest.mark.parametrize("path", [path for path in FILES if str(path) not in (*BY_STRING, OPTIONAL)], ids=str)
def test_no_module_is_imported_by_a_string(path: Path) -> None:
    assert not string_imports(tree(path)), f"archcalc/{path} imports archcalc by a string; see archcalc/by_name.py"


@pytest.mark.parametrize(
    "text",
    [
        'import_module("archcalc.views.notebook")',
        'importlib.import_module(f"archcalc.views.{name}")',
        'importlib.import_module(f"{__name__}.{op}")',
        '__import__("archcalc.cli")',
        'import_module(root + ".views.notebook")',
        "import_module(HOMES[name])",
    ],
)
def test_the_check_of_strings_can_fail(text: str) -> None:
    assert string_imports(ast.parse(text)) == [1]
    assert all(string_imports(tree(Path(path))) for path in (*BY_STRING, OPTIONAL)), "a permission that nothing needs"
    assert not string_imports(ast.parse('import_module("torch")'))


@pytest.mark.parametrize("path", FILES, ids=str)
def test_packages_from_outside_have_a_home(path: Path) -> None:
    for line, name in imports(path):
        package = name.partition(".")[0]
        if package in ("archcalc", "__future__") or package in sys.stdlib_module_names:
            continue
        where = f"archcalc/{path}:{line}"
        assert package in HOMES, f"{where}: {package} has no home: name the one place for it in HOMES"
        assert str(path).startswith(HOMES[package]), f"{where}: {package} is used only in {', '.join(HOMES[package])}"


def docstrings(module: ast.Module) -> set[int]:
    """Which string nodes are documentation: those that stand as a statement."""
    return {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}


def named_kinds(path: Path, module: ast.Module) -> list[str]:
    """Strings that are the name of a kind, outside the kind's own file."""
    prose = docstrings(module)
    return [
        f"archcalc/{path}:{node.lineno}: {node.value!r} names a kind; ask the layer for what makes the difference"
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose and node.value in kinds()
    ]


def own_file(path: Path) -> bool:
    """A kind's own file, or its builder in the reference executor."""
    return path.stem in kinds() and path.parts[0] in ("layers", "reference")


@pytest.mark.parametrize("path", [path for path in FILES if not own_file(path)], ids=str)
def test_no_kind_is_named(path: Path) -> None:
    found = named_kinds(path, tree(path))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "if layer.op == 'conv': pass",
        "RULES = {'max_pool': 1}",
        "match op:\n  case 'linear': pass",
        "x = table['batch_norm']",
        "y = op in ('relu', 'tanh')",
    ],
)
def test_the_check_of_kinds_can_fail(text: str) -> None:
    assert named_kinds(Path("x.py"), ast.parse(text))
    assert not named_kinds(Path("x.py"), ast.parse("'''conv is a word here'''"))


EVERYWHERE = {*SUMMED, *Input.model_fields}
"""Fields named like a quantity of every layer, or like a key of every description, which these words mean elsewhere."""
FIELDS = {name for op in kinds() if (kind := find(op)) is not None for name in field_types(kind)} - EVERYWHERE


def names_of_layers(module: ast.Module) -> set[str]:
    """Local names that stand for a layer: parameters of that type, and what is assigned from `counts.layer`."""
    found = {
        node.arg
        for node in ast.walk(module)
        if isinstance(node, ast.arg) and node.annotation is not None and ast.unparse(node.annotation) == "Layer"
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = (
                    zip(target.elts, node.value.elts, strict=True)
                    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                    else [(target, node.value)]
                )
                found |= {name.id for name, value in pairs if isinstance(name, ast.Name) and is_layer(value, found)}
    return found


def is_layer(node: ast.expr, names: set[str]) -> bool:
    return (isinstance(node, ast.Attribute) and node.attr == "layer") or (isinstance(node, ast.Name) and node.id in names)


def asked_for(node: ast.AST) -> set[str]:
    """Texts that are looked up: getattr(x, "…"), x.get("…"), x["…"], "…" in x."""
    match node:
        case ast.Call(func=ast.Name(id="getattr" | "hasattr"), args=[_, ast.Constant(value=str(name)), *_]):
            return {name}
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(name)), *_]):
            return {name}
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return {name}
        case ast.Compare(left=ast.Constant(value=str(name)), ops=[ast.In() | ast.NotIn()]):
            return {name}
    return set()


def named_fields(path: Path, module: ast.Module) -> list[str]:
    """Where a file knows a kind's field by its name: read from a layer, looked up, or written where no word means it."""
    prose, layers = docstrings(module), names_of_layers(module)
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and node.attr in FIELDS and is_layer(node.value, layers):
            found.append((node.lineno, ast.unparse(node)))
        elif looked_up := asked_for(node) & FIELDS:
            found.append((getattr(node, "lineno", 0), f"{ast.unparse(node)} looks up {min(looked_up)}"))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            if node.value in FIELDS and "_" in node.value and node.value not in WORDS:
                found.append((node.lineno, repr(node.value)))
    return [
        f"archcalc/{path}:{line}: {what}: a field is known by name; declare at it what it means (layers/_fields.py)"
        for line, what in found
    ]


def outside_of_kinds(path: Path) -> bool:
    return path.parts[0] != "layers" and path.parts[:2] != ("reference", "builders")


@pytest.mark.parametrize("path", [path for path in FILES if outside_of_kinds(path)], ids=str)
def test_no_field_is_named(path: Path) -> None:
    found = named_fields(path, tree(path))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "x = getattr(layer, 'groups', 1)",
        "x = hasattr(layer, 'stride')",
        "x = report.counts.layer.kernel_size",
        "held = layer.counts.layer\nif held.stride == 1: pass",
        "held, axes = counts.layer, 2\nx = held.bias",
        "def f(layer: Layer): return layer.padding",
        "if 'ceil_mode' in field_types(kind): pass",
        "x = entry.fields.get('stride')",
        "change = {at: {'ceil_mode': True}}",
        "x = fields['dilation']",
    ],
)
def test_the_check_of_fields_can_fail(text: str) -> None:
    assert named_fields(Path("x.py"), ast.parse(text))


@pytest.mark.parametrize(
    "text",
    [
        "'''kernel_size is a word here'''",
        "x = field.stride",
        "row = {'size': field.size}",
        "x = layer.connections",
        "held = counts.layer\nx = held.output(y)",
        "what = 'out_channels'",
    ],
)
def test_ordinary_words_are_no_fields(text: str) -> None:
    assert not named_fields(Path("x.py"), ast.parse(text))


@pytest.mark.parametrize("path", FILES, ids=str)
def test_what_varies_is_asked_by_its_class(path: Path) -> None:
    asked = [node.lineno for node in ast.walk(tree(path)) if isinstance(node, ast.Call) and "axes" in asked_for(node)]
    assert not asked, f"archcalc/{path}:{asked}: ask isinstance(…, Varying)"


FORBIDDEN = {
    "eval": "text from a file is never executed",
    "exec": "text from a file is never executed",
    "compile": "use the whitelisted reader of expressions",
    "__import__": "import by name is for archcalc's own files",
    "setrecursionlimit": "walk with a stack of your own: chains have no depth limit",
}


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_dangerous_calls(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            name = (
                node.func.id
                if isinstance(node.func, ast.Name)
                else (
                    node.func.attr if isinstance(node.func, ast.Attribute) and node.func.attr not in ("compile", "eval") else ""
                )
            )
            assert name not in FORBIDDEN, f"archcalc/{path}:{node.lineno}: {name}: {FORBIDDEN[name]}"
    for line, name in imports(path):
        assert name.partition(".")[0] not in ("pickle", "marshal", "shelve", "dill"), (
            f"archcalc/{path}:{line}: {name} runs what a file says; use JSON or YAML"
        )


@pytest.mark.parametrize("path", FILES, ids=str)
def test_files_are_short(path: Path) -> None:
    lines = len((PACKAGE / path).read_text(encoding="utf-8").splitlines())
    assert lines <= MAX_FILE, f"archcalc/{path} has {lines} lines, at most {MAX_FILE}: find the second thing it does"


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    prose = (first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - prose


@pytest.mark.parametrize("path", FILES, ids=str)
def test_functions_are_short(path: Path) -> None:
    long = [
        f"archcalc/{path}:{node.lineno}: {node.name} has {body_lines(node)} lines, at most {MAX_FUNCTION}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and body_lines(node) > MAX_FUNCTION
    ]
    assert not long, "\n".join(long)


def public_functions(body: list[ast.stmt]) -> Iterator[ast.FunctionDef]:
    """Functions of a module or a class without an underscore before their name, setters left out."""
    for node in body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            if not any(ast.unparse(one).endswith(".setter") for one in node.decorator_list):
                yield node


def public_classes(body: list[ast.stmt]) -> Iterator[ast.ClassDef]:
    return (node for node in body if isinstance(node, ast.ClassDef) and not node.name.startswith("_"))


@cache
def documented_methods() -> set[str]:
    """Names of methods that some class documents: an override of one needs no docstring of its own."""
    return {
        method.name
        for path in FILES
        for kind in ast.walk(tree(path))
        if isinstance(kind, ast.ClassDef)
        for method in kind.body
        if isinstance(method, ast.FunctionDef) and ast.get_docstring(method)
    }


def inherits(kind: ast.ClassDef) -> bool:
    return any(ast.unparse(base) not in ("NamedTuple", "Protocol", "StrEnum", "Enum") for base in kind.bases)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_public_things_are_documented(path: Path) -> None:
    """Every module, and every public class, function, method and property."""
    module = tree(path)
    assert ast.get_docstring(module), f"archcalc/{path}: say in one line what this file is"
    known = documented_methods()
    lacking = [node for node in (*public_functions(module.body), *public_classes(module.body)) if not ast.get_docstring(node)]
    for kind in public_classes(module.body):
        lacking += [
            method
            for method in public_functions(kind.body)
            if not ast.get_docstring(method) and not (inherits(kind) and method.name in known)
        ]
    assert not lacking, "\n".join(f"archcalc/{path}:{node.lineno}: {node.name} has no docstring" for node in lacking)


def raised_by(function: ast.FunctionDef) -> set[str]:
    """What a function raises itself, by name; what it raises anew counts, what it only passes on does not."""
    return {
        ast.unparse(node.exc.func if isinstance(node.exc, ast.Call) else node.exc)
        for node in ast.walk(function)
        if isinstance(node, ast.Raise) and node.exc is not None
    }


def silent_raisers(module: ast.Module) -> list[str]:
    """Public functions and methods that raise and whose docstring does not say so."""
    functions = [*public_functions(module.body)]
    functions += [method for kind in public_classes(module.body) for method in public_functions(kind.body)]
    return [
        f"{node.lineno}: {node.name} raises {', '.join(sorted(raised_by(node)))}: say so in its docstring"
        for node in functions
        if raised_by(node) and "raises" not in (ast.get_docstring(node) or "").lower()
    ]


@pytest.mark.parametrize("path", [path for path in FILES if path.parts[0] != "cli"], ids=str)
def test_what_is_raised_is_documented(path: Path) -> None:
    found = silent_raisers(tree(path))
    assert not found, "\n".join(f"archcalc/{path}:{text}" for text in found)


def test_the_check_of_raisers_can_fail() -> None:
    assert silent_raisers(ast.parse("def f():\n  'Nothing.'\n  raise call_error('ARC101', '')"))
    assert not silent_raisers(ast.parse("def f():\n  'Raises `DescriptionError`.'\n  raise call_error('ARC101', '')"))
