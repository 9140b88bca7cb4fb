"""Promises about the project as a whole: sizes of files, public names, nothing of a machine."""

import ast
import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

import mining

ROOT = Path(__file__).parents[2]
CODE = [p for d in ("mining", "scripts", "benchmarks", "tests") for p in (ROOT / d).rglob("*.py")]
TEXTS = {".py", ".md", ".toml", ".txt", ".j2", ".js", ".css", ".json", ""}
FOLDERS = ("mining", "tests", "scripts", "benchmarks", "docs", "corpora", "models", ".ci")
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home|farm)/\w|/tmp/[a-z]\w*/")
OPEN_ENDS = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX|NotImplemented" + r"Error)\b")
# One shared machine may be several times slower than the one the bars were set on.
SLOW_MACHINE = 3


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def project_texts() -> list[Path]:
    # A worktree's .git is a file; it is not part of the project.
    found = [p for p in ROOT.iterdir() if p.is_file() and p.name != ".git"]
    found += [p for d in FOLDERS for p in (ROOT / d).rglob("*") if p.is_file()]
    return [p for p in found if p.suffix in TEXTS and "__pycache__" not in p.parts]


@pytest.mark.parametrize("path", CODE, ids=short)
def test_files_stay_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", [p for p in CODE if "tests" not in p.parts], ids=short)
def test_functions_stay_short(path: Path) -> None:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    long = [
        node.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, functions) and (node.end_lineno or 0) - node.lineno >= 60
    ]

    assert long == []


def test_nothing_tells_about_a_machine() -> None:
    told = [
        f"{short(path)}:{number}"
        for path in project_texts()
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1)
        if MACHINE.search(line) and path != Path(__file__)
    ]

    assert told == []


def test_nothing_is_left_open_in_code() -> None:
    left = [short(p) for p in CODE if OPEN_ENDS.search(p.read_text(encoding="utf-8"))]

    assert left == []


@pytest.mark.parametrize("name", mining.__all__)
def test_public_names_exist(name: str) -> None:
    assert getattr(mining, name) is not None


def test_public_names_are_few() -> None:
    assert len(mining.__all__) <= 20
    assert set(mining.__all__) <= set(dir(mining))


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        mining.no_such_name  # noqa: B018 - the access is the test


def test_every_constraint_is_one_version() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]

    assert [p for p in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[\w.+]+", p)] == []


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    names = {re.split(r"[<>=\[]", w)[0].lower() for w in wanted}
    pinned = (ROOT / "constraints.txt").read_text(encoding="utf-8").lower()

    assert {n for n in names if f"\n{n}==" not in "\n" + pinned} == set()


def best_time(code: str) -> float:
    """Return the shortest of three runs, in seconds, of a fresh interpreter."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return min(times)


def test_import_is_light() -> None:
    spent = best_time("import mining") - best_time("pass")

    assert spent < 0.15 * SLOW_MACHINE


def test_import_loads_no_heavy_package() -> None:
    code = (
        "import sys, mining; "
        "heavy = {'pyarrow', 'rich', 'typer', 'jinja2', 'numpy', 'pandas', 'xlsxwriter'}; "
        "sys.exit(bool(heavy & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_help_is_quick() -> None:
    code = "import sys; sys.argv = ['mining', '--help']; from mining.cli.app import main; main()"

    assert best_time(code) < 0.4 * SLOW_MACHINE
