"""Small files, short functions."""

from __future__ import annotations

from tests.tidy import tree

_FILE, _FUNCTION, _TEST_FUNCTION = 400, 40, 60


def test_files_are_small() -> None:
    paths = [*tree.modules(), *tree.modules(tree.ROOT / "tests")]
    sizes = {tree.name(path): len(path.read_text().splitlines()) for path in paths}
    assert {name: size for name, size in sizes.items() if size > _FILE} == {}


def test_functions_are_short() -> None:
    long = {
        f"{tree.name(path)}:{function.name}": tree.body_lines(function)
        for folder, limit in ((tree.SOURCE, _FUNCTION), (tree.ROOT / "tests", _TEST_FUNCTION))
        for path in tree.modules(folder)
        for function in tree.functions(path)
        if tree.body_lines(function) > limit
    }
    assert long == {}
