"""Operands as closures: from an item to an attribute value, or None where there is none."""

from collections.abc import Callable

from ..values import SETS, AttributeValue, Item
from .syntax import Path

Get = Callable[[Item], AttributeValue | None]


def getter(path: Path) -> Get:
    """Reads what stands at a resolved path of an item."""
    head = path[0]
    assert isinstance(head, str)
    if len(path) == 1:
        return lambda item: item.get(head)
    rest = path[1:]
    return lambda item: descend(item.get(head), rest)


def descend(value: AttributeValue | None, path: Path) -> AttributeValue | None:
    """What stands at `path` below a value, or None."""
    for step in path:
        if value is None:
            return None
        if isinstance(step, str):
            value = value["M"].get(step) if "M" in value else None
        else:
            elements = value.get("L", ())
            value = elements[step] if step < len(elements) else None
    return value


def length(value: AttributeValue | None) -> AttributeValue | None:
    """What `size()` gives: UTF-16 code units, bytes or elements; None for other types."""
    if value is None:
        return None
    ((kind, content),) = value.items()
    if kind == "S":
        return {
            "N": str(len(content) if content.isascii() else len(content.encode("utf-16-le")) // 2)
        }
    if kind in ("B", "L", "M") or kind in SETS:
        return {"N": str(len(content))}
    return None
