"""Sets of document paths: whether they can stand together, and what they pick from an item."""

from collections.abc import Iterable
from typing import Any

from cloudarium.core.errors import AwsError

from ..values import AttributeValue, Item
from . import errors
from .lexer import spelled
from .syntax import Path

Tree = dict["str | int", Any]


def collision(one: Path, two: Path) -> tuple[str, AwsError] | None:
    """The kind (`overlap` or `conflict`) and error if two paths cannot stand together, or None."""
    for a, b in zip(one, two, strict=False):
        if type(a) is not type(b):
            return "conflict", errors.PathsConflict(one=spelled(one), two=spelled(two))
        if a != b:
            return None
    return "overlap", errors.PathsOverlap(one=spelled(one), two=spelled(two))


def tree(paths: Iterable[Path]) -> Tree:
    """Paths that do not overlap, as a tree: `{"a": {}, "b": {"c": {}, ...}}`."""
    root: Tree = {}
    for path in paths:
        node = root
        for element in path:
            node = node.setdefault(element, {})
    return root


def pick(item: Item, wanted: Tree) -> Item:
    """The parts of an item at the tree's paths; list elements keep their order, without gaps."""
    found: Item = {}
    for name, below in wanted.items():
        value = item.get(str(name))
        picked = _picked(value, below) if value is not None and below else value
        if picked is not None:
            found[str(name)] = picked
    return found


def _picked(value: AttributeValue, wanted: Tree) -> AttributeValue | None:
    if not wanted:
        return value
    if "M" in value and isinstance(next(iter(wanted)), str):
        part = pick(value["M"], wanted)
        return {"M": part} if part else None
    if "L" in value and isinstance(next(iter(wanted)), int):
        elements = value["L"]
        indexes = sorted(index for index in wanted if isinstance(index, int))
        found = [_picked(elements[at], wanted[at]) for at in indexes if at < len(elements)]
        kept = [element for element in found if element is not None]
        return {"L": kept} if kept else None
    return None
