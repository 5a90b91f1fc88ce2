"""The source tree as the house rules see it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "cloudarium"
SERVICES = SOURCE / "services"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules(folder: Path = SOURCE) -> list[Path]:
    """Return every Python file below `folder`."""
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


@cache
def parsed(path: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse(path.read_text(), str(path))


def name(path: Path) -> str:
    """Return a path as rules name it, from the root of the project."""
    return path.relative_to(ROOT).as_posix()


def services() -> list[Path]:
    """Return the package of every service."""
    return sorted(path.parent for path in SERVICES.glob("*/service.py"))


def functions(path: Path) -> Iterator[Function]:
    """Yield every function of a file, nested ones too."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, Function):
            yield node


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Yield every imported module with its line, relative imports made absolute."""
    package = path.relative_to(SOURCE.parent).with_suffix("").parts
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            yield module, node.lineno
            for alias in node.names:
                yield f"{module}.{alias.name}", node.lineno


def body_lines(function: Function) -> int:
    """Return how many lines a function takes without its decorators and docstring."""
    last = function.end_lineno or function.lineno
    lines = last - function.lineno + 1
    first = function.body[0]
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def operations(service: Path) -> list[str]:
    """Return the names of a service's operations: the public functions of `operations/`."""
    return sorted(
        node.name
        for path in modules(service / "operations")
        for node in parsed(path).body
        if isinstance(node, Function) and not node.name.startswith("_")
    )
