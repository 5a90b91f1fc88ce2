"""Time and chance come from the context; nothing mutable hides in a module; no error is eaten."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.tidy import tree

_IMPURE = {"time", "random", "uuid", "secrets"}
_NOW = {"now", "utcnow", "today"}
# Where time and chance come from, and what runs outside the cloud or measures processes.
_EXCEPTED = (
    "core/clock.py",
    "core/ids.py",
    "core/syncer.py",  # how quick the disk is
    "wire/server.py",
    "functions/",
    "cli/",
    "pytest_plugin.py",
)
# Dispatch and worker loops: the last resort that keeps the cloud alive and logs the defect.
_LAST_RESORTS = {
    "core/outbox.py",
    "core/scheduler.py",
    "core/syncer.py",
    "wire/edge.py",
    "wire/server.py",
    # Whatever a user's handler raises is its answer.
    "functions/bootstraps/python/bootstrap.py",
}
_MUTATORS = {"append", "add", "update", "extend", "insert", "setdefault", "pop", "clear", "remove"}


def _relative(path: Path) -> str:
    return path.relative_to(tree.SOURCE).as_posix()


def _pure() -> list[Path]:
    return [path for path in tree.modules() if not _relative(path).startswith(_EXCEPTED)]


def test_time_and_chance_come_from_the_context() -> None:
    found = [
        f"{tree.name(path)}:{line} {name}"
        for path in _pure()
        for name, line in tree.imports(path)
        if name.split(".")[0] in _IMPURE
    ]
    found += [
        f"{tree.name(path)}:{node.lineno} {node.func.attr}()"
        for path in _pure()
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _NOW
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("datetime", "date")
    ]
    assert found == []


def _containers(path: Path) -> set[str]:
    """Names of a module that are bound to a list, dict or set."""
    found = set()
    for node in tree.parsed(path).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            targets = [node.target]
        value = getattr(node, "value", None)
        if isinstance(value, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp):
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def _changed(node: ast.AST) -> str | None:
    """The name whose container a node changes, if it does."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in _MUTATORS and isinstance(node.func.value, ast.Name):
            return node.func.value.id
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
        return node.value.id if isinstance(node.value, ast.Name) else None
    return None


def test_no_module_keeps_state() -> None:
    found = []
    for path in tree.modules():
        containers = _containers(path)
        for function in tree.functions(path):
            local = {arg.arg for arg in function.args.args} | {
                node.id
                for node in ast.walk(function)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
            for node in ast.walk(function):
                name = _changed(node)
                if name in containers - local or isinstance(node, ast.Global):
                    found.append(f"{tree.name(path)}:{function.name} {name or 'global'}")
    assert found == []


def _broad(handler: ast.ExceptHandler) -> bool:
    names = [handler.type] if not isinstance(handler.type, ast.Tuple) else handler.type.elts
    return any(
        name is None or (isinstance(name, ast.Name) and name.id in ("Exception", "BaseException"))
        for name in names
    )


def _passes_on(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_no_error_is_eaten() -> None:
    found = [
        f"{tree.name(path)}:{node.lineno}"
        for path in tree.modules()
        if _relative(path) not in _LAST_RESORTS
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.ExceptHandler) and _broad(node) and not _passes_on(node)
    ]
    assert found == []
