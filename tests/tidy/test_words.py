"""What is said, and what must not be."""

from __future__ import annotations

import ast
import re
import subprocess

from tests.tidy import tree

_UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
_SKIPPED = re.compile(r"mark\.(skip|skipif|xfail)|pytest\.(skip|xfail)\(")
_SELF = "tests/tidy/"


def test_everything_public_is_described() -> None:
    found = []
    for path in tree.modules():
        module = tree.parsed(path)
        if ast.get_docstring(module) is None:
            found.append(tree.name(path))
        for node in _public(module):
            if ast.get_docstring(node) is None:
                found.append(f"{tree.name(path)}:{node.lineno} {node.name}")
    assert found == []


def _public(module: ast.Module) -> list[tree.Function | ast.ClassDef]:
    found: list[tree.Function | ast.ClassDef] = []
    for node in module.body:
        if isinstance(node, tree.Function | ast.ClassDef) and not node.name.startswith("_"):
            found.append(node)
            if isinstance(node, ast.ClassDef):
                found += [
                    member
                    for member in node.body
                    if isinstance(member, tree.Function) and not member.name.startswith("_")
                ]
    return found


def _texts() -> dict[str, str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=tree.ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    names = [name for name in listed.split("\0") if name and not name.startswith(_SELF)]
    paths = {name: tree.ROOT / name for name in names}
    return {
        name: path.read_text(errors="replace") for name, path in paths.items() if path.is_file()
    }


def test_nothing_is_left_unfinished_or_skipped() -> None:
    found = [
        f"{name}: {match[0]}"
        for name, text in _texts().items()
        if name.endswith((".py", ".js", ".mjs", ".yaml", ".yml", ".sql"))
        for pattern in (_UNFINISHED, _SKIPPED)
        for match in pattern.finditer(text)
    ]
    assert found == []


def test_no_binary_and_nothing_large_is_kept() -> None:
    sizes = {name: len(text) for name, text in _texts().items()}
    assert [name for name, text in _texts().items() if "\0" in text] == []
    assert [name for name, size in sizes.items() if size > 400_000] == []
