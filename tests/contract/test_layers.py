"""Imports follow the design: one order, no cycles, nothing through a package `__init__`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "mining"

# The order of DESIGN; a module imports from its own line or from lines above. Modules of one
# line may import each other, as long as no cycle comes of it.
LAYERS = (
    ("version", "errors", "spans", "frozen", "lookup", "textkeys", "identity", "traditional"),
    ("zipfaults", "tally"),
    ("numerals", "quantity", "settings", "goldplaces", "figurescore", "scoring"),
    ("report",),
    ("finding", "lanes", "places", "rawtext"),
    ("quantities", "origin"),
    ("phrases", "nones"),
    ("form",),
    ("tabular", "detect"),
    ("contracts",),
    ("sums", "shares", "formload"),
    ("decoding", "attachments", "words"),
    ("themes",),
    ("docx", "html", "pdf"),
    ("readers",),
    ("steps",),
    ("history",),
    ("checks",),
    ("catalog",),
    ("pipeline",),
    ("present",),
    ("corpus",),
    ("study",),
    ("generate", "passages", "score"),
    ("spacy_components",),
    ("cli",),
    ("__main__", "__init__"),
)


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts)


MODULES = {module_name(p): p for p in sorted(PACKAGE.rglob("*.py"))}


def modules_of(node: ast.ImportFrom) -> Iterator[str]:
    """Yield what ``from mining.x import y`` loads: ``mining.x.y`` when that is a module."""
    source = node.module or ""
    if source.split(".")[0] == "mining":
        names = (f"{source}.{alias.name}" for alias in node.names)
        yield from (name if name in MODULES else source for name in names)


def imports(path: Path) -> Iterator[str]:
    """Yield the modules inside mining that a file imports, lazy imports included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno} relative import"
            yield from modules_of(node)
        elif isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.split(".")[0] == "mining")


def top(name: str) -> str:
    return name.split(".")[1]


def layer(name: str) -> int:
    return next(i for i, names in enumerate(LAYERS) if top(name) in names)


def test_every_module_has_its_place() -> None:
    known = {name for names in LAYERS for name in names}

    assert {top(name) for name in MODULES} <= known


@pytest.mark.parametrize("name", MODULES)
def test_imports_name_the_module_that_defines(name: str) -> None:
    through_init = [i for i in imports(MODULES[name]) if i not in MODULES]

    assert through_init == []


@pytest.mark.parametrize("name", MODULES)
def test_imports_come_from_above(name: str) -> None:
    upwards = [i for i in imports(MODULES[name]) if layer(i) > layer(name)]

    assert upwards == []


@pytest.mark.parametrize("package", ["readers", "checks"])
def test_parts_do_not_import_each_other(package: str) -> None:
    parts = {n for n in MODULES if n.startswith(f"mining.{package}.")}

    assert [(n, i) for n in parts for i in imports(MODULES[n]) if i in parts] == []


def test_no_cycles() -> None:
    graph = {name: set(imports(path)) & set(MODULES) for name, path in MODULES.items()}
    while leaves := {name for name, needs in graph.items() if not needs}:
        graph = {name: needs - leaves for name, needs in graph.items() if name not in leaves}

    assert sorted(graph) == []
