"""JSON documents: those clients write (policies, patterns, messages), and kept ones."""

from __future__ import annotations

import json
from abc import abstractmethod
from typing import Any

import orjson

_DEEPEST = 200  # levels: orjson writes 254, and values stand within others
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

    One nested too deeply to be handled (200 levels) counts as none.
    """
    try:
        found = json_value(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def json_value(text: str | bytes) -> Any:
    """Return the value a JSON text spells; a number beyond 64 bits as a float.

    Raises ValueError, also for one nested too deeply to be handled (200 levels).
    """
    return _shallow(text, orjson.loads(text))


def exact_json_value(text: str | bytes) -> Any:
    """Return the value a JSON text spells, each number as it is written. Raises as `json_value`."""
    try:
        return _shallow(text, json.loads(text, parse_constant=_refused))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _shallow(text: str | bytes, value: Any) -> Any:
    """Return a value that is not nested too deeply to be written again. Raises ValueError."""
    if isinstance(text, str):
        opened = text.count("[") + text.count("{")
    else:
        opened = text.count(b"[") + text.count(b"{")
    if opened > _DEEPEST and depth(value) > _DEEPEST:
        raise ValueError("nested too deeply")
    return value


def _refused(constant: str) -> None:
    """Refuse NaN and Infinity, which Python's parser takes and JSON has not."""
    raise ValueError(f"{constant} is no JSON")
