"""JSON documents: those clients write (policies, patterns, messages), and kept ones."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import orjson

_SCALARS = frozenset((str, int, bytes, bool, float))


class Json(bytes):
    """A JSON text that we have written ourselves: nobody needs to read it to see that it is one."""

    __slots__ = ()


class Kept:
    """A value that is kept as the JSON text answers have of it, and read only by who needs it.

    No `ABC`: whether a value is one is asked of every value of an answer.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def json(self) -> bytes:
        """The text."""

    @abstractmethod
    def value(self) -> Any:
        """Return the value, as an operation would give it."""


def plain(value: Any) -> Any:
    """Return an answer without the members that are None, and with kept values read."""
    if type(value) in _SCALARS:
        return value
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items() if member is not None}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.value() if isinstance(value, Kept) else value


def depth(value: Any) -> int:
    """Return how many lists and objects lie within each other; 0 for what is neither."""
    found, level = 0, [value]
    while level := [each for each in level if isinstance(each, dict | list)]:
        found += 1
        level = [
            inner for each in level for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return found


def elements(value: Any) -> list[Any]:
    """Return what is in a list and in the lists within it, however deep; of no list, itself."""
    found, left = [], [value]
    while left:
        each = left.pop()
        if isinstance(each, list):
            left.extend(reversed(each))
        else:
            found.append(each)
    return found


def json_object(text: str | bytes) -> dict[str, Any] | None:
    """Return the JSON object `text` spells, or None if it spells none.

    One nested too deeply to be handled (1,024 levels) counts as none.
    """
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None
