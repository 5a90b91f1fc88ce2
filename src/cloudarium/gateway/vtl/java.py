"""The methods of Java's strings, lists, maps and numbers that templates call.

These tables are all there is: a template reaches nothing of what its values are made of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import regex

from cloudarium.core.matching import BadExpression, compiled
from cloudarium.gateway.vtl.numbers import BOOLEAN, NUMBER, formatted, signed
from cloudarium.gateway.vtl.values import (
    ITERATIONS,
    OUTPUT,
    RenderError,
    as_text,
    bounded,
    equal,
    written,
)
from cloudarium.gateway.vtl.views import Entry, Iterator

Method = Callable[..., Any]
_SECONDS = 0.5
_COMPARISONS = 100_000  # of one list's items with another's


def _pattern(text: str) -> regex.Pattern[str]:
    try:
        return compiled(text)
    except BadExpression as error:
        raise RenderError(f"invalid regular expression: {text}") from error


def _replace(text: str, pattern: str, by: str, count: int = 0) -> str:
    template = regex.sub(r"\$(\d)", r"\\g<\1>", by.replace("\\$", "\0")).replace("\0", "$")
    try:
        return bounded(_pattern(pattern).sub(template, text, count=count, timeout=_SECONDS))
    except (TimeoutError, regex.error, IndexError) as error:
        raise RenderError(f"replacing by {pattern} failed") from error


def _split(text: str, pattern: str, limit: int = 0) -> list[str]:
    try:
        parts: list[str] = _pattern(pattern).split(
            text, maxsplit=max(0, limit - 1), timeout=_SECONDS
        )
    except TimeoutError as error:
        raise RenderError(f"splitting by {pattern} failed") from error
    if limit == 1:
        return [text]
    if limit == 0:
        while len(parts) > 1 and not parts[-1]:
            parts.pop()
    return parts[1:] if len(parts) > 1 and not parts[0] and not pattern else parts


def _matches(text: str, pattern: str) -> bool:
    try:
        return _pattern(pattern).fullmatch(text, timeout=_SECONDS) is not None
    except TimeoutError as error:
        raise RenderError(f"matching {pattern} failed") from error


def _substring(text: str, start: int, end: int | None = None) -> str:
    last = len(text) if end is None else end
    if not 0 <= start <= last <= len(text):
        raise RenderError(f"substring: begin {start}, end {last}, length {len(text)}")
    return text[start:last]


def _character(text: str, index: int) -> str:
    if not 0 <= index < len(text):
        raise RenderError(f"charAt: index {index}, length {len(text)}")
    return text[index]


def _compare(text: str, other: Any) -> int:
    """Return the difference of the first characters that differ, or else of the lengths."""
    told = as_text(other)
    for left, right in zip(text, told, strict=False):
        if left != right:
            return ord(left) - ord(right)
    return len(text) - len(told)


def _hash(text: str) -> int:
    found = 0
    for character in text:
        found = signed(found * 31 + ord(character))
    return found


def _is_region(text: str, at: int, other: str, start: int, length: int) -> bool:
    return text[at : at + length] == other[start : start + length]


def _last_index(text: str, other: Any, at: int | None = None) -> int:
    told = as_text(other)
    return text.rfind(told) if at is None else text.rfind(told, 0, max(0, at + len(told)))


def _joined_all(separator: Any, items: Any) -> str:
    return bounded(as_text(separator).join(as_text(one) for one in items))


def _joined(text: str, other: Any) -> str:
    return bounded(text + as_text(other))


def _replaced(text: str, old: Any, new: Any) -> str:
    count = text.count(as_text(old))
    if count * len(as_text(new)) > OUTPUT:
        raise RenderError("a string of the template is too long")
    return text.replace(as_text(old), as_text(new))


def _list_get(items: list[Any], index: int) -> Any:
    if not 0 <= index < len(items):
        raise RenderError(f"index {index} is out of a list of {len(items)}")
    return items[index]


def _list_add(items: list[Any], first: Any, *second: Any) -> Any:
    _room(items)
    if second:
        items.insert(first, second[0])
        return None
    items.append(first)
    return True


def _room(items: Any) -> None:
    if len(items) > ITERATIONS * 100:
        raise RenderError("a collection of the template is too large")


def _list_add_all(items: list[Any], first: Any, *second: Any) -> bool:
    at, others = (first, second[0]) if second else (len(items), first)
    _room([*items, *others])
    items[at:at] = list(others)
    return bool(others)


def _affordable(items: list[Any], others: list[Any]) -> None:
    if len(items) * len(others) > _COMPARISONS:
        raise RenderError("the template takes too many steps")


def _contains_all(items: list[Any], others: list[Any]) -> bool:
    _affordable(items, others)
    return all(_index(items, one) >= 0 for one in others)


def _keep(items: list[Any], others: list[Any], *, is_kept: bool) -> bool:
    _affordable(items, others)
    left = [one for one in items if (_index(others, one) >= 0) == is_kept]
    changed = len(left) != len(items)
    items[:] = left
    return changed


def _last_of(items: list[Any], value: Any) -> int:
    return max((at for at, one in enumerate(items) if equal(one, value)), default=-1)


def _sub_list(items: list[Any], start: int, end: int) -> list[Any]:
    if not 0 <= start <= end <= len(items):
        raise RenderError(f"subList: from {start} to {end} of {len(items)}")
    return items[start:end]


def _sort(items: list[Any], order: Any) -> None:
    items.sort()


def _list_set(items: list[Any], index: int, value: Any) -> Any:
    before = _list_get(items, index)
    items[index] = value
    return before


def _list_remove(items: list[Any], which: Any) -> Any:
    if isinstance(which, int) and not isinstance(which, bool):
        before = _list_get(items, which)
        del items[which]
        return before
    if which in items:
        items.remove(which)
        return True
    return False


def _index(items: list[Any], value: Any) -> int:
    return next((at for at, one in enumerate(items) if equal(one, value)), -1)


def _map_put(entries: dict[Any, Any], key: Any, value: Any) -> Any:
    _room(entries)
    before = entries.get(key)
    entries[key] = value
    return before


def _map_put_all(entries: dict[Any, Any], others: Mapping[Any, Any]) -> None:
    entries.update(others)
    _room(entries)


def _map_put_if_absent(entries: dict[Any, Any], key: Any, value: Any) -> Any:
    return _map_put(entries, key, value) if entries.get(key) is None else entries[key]


def _map_replace(entries: dict[Any, Any], key: Any, value: Any) -> Any:
    return _map_put(entries, key, value) if key in entries else None


def _entries(entries: dict[Any, Any]) -> list[Entry]:
    return [Entry(entries, key) for key in entries]


_ANY: Mapping[str, Method] = MappingProxyType(
    {
        "toString": as_text,
        "equals": lambda left, right: type(left) is type(right) and left == right,
    }
)
_STRING: Mapping[str, Method] = MappingProxyType(
    {
        "charAt": _character,
        "codePointAt": lambda text, at: ord(_character(text, at)),
        "compareTo": _compare,
        "compareToIgnoreCase": lambda text, other: _compare(text.lower(), as_text(other).lower()),
        "concat": _joined,
        "contains": lambda text, other: as_text(other) in text,
        "contentEquals": lambda text, other: text == as_text(other),
        "endsWith": lambda text, other: text.endswith(as_text(other)),
        "equalsIgnoreCase": lambda text, other: text.lower() == as_text(other).lower(),
        "format": lambda _, template, *given: formatted(as_text(template), *given),
        "getBytes": lambda text: [signed(one, 8) for one in written(text).encode()],
        "hashCode": _hash,
        "indexOf": lambda text, other, at=0: text.find(as_text(other), at),
        "intern": str,
        "isEmpty": lambda text: not text,
        "join": lambda _, separator, items: _joined_all(separator, items),
        "lastIndexOf": _last_index,
        "length": len,
        "matches": _matches,
        "regionMatches": _is_region,
        "replace": _replaced,
        "replaceAll": _replace,
        "replaceFirst": lambda text, old, new: _replace(text, old, new, 1),
        "split": _split,
        "startsWith": lambda text, other, at=0: text.startswith(as_text(other), at),
        "subSequence": _substring,
        "substring": _substring,
        "toCharArray": list,
        "toLowerCase": str.lower,
        "toUpperCase": str.upper,
        "trim": str.strip,
        "valueOf": lambda _, value: as_text(value),
    }
)
_LIST: Mapping[str, Method] = MappingProxyType(
    {
        "add": _list_add,
        "addAll": _list_add_all,
        "clear": list.clear,
        "clone": list.copy,
        "contains": lambda items, value: _index(items, value) >= 0,
        "containsAll": _contains_all,
        "get": _list_get,
        "indexOf": _index,
        "isEmpty": lambda items: not items,
        "iterator": Iterator,
        "lastIndexOf": _last_of,
        "length": len,
        "remove": _list_remove,
        "removeAll": lambda items, others: _keep(items, others, is_kept=False),
        "retainAll": lambda items, others: _keep(items, others, is_kept=True),
        "set": _list_set,
        "size": len,
        "sort": _sort,
        "subList": _sub_list,
        "toArray": list,
    }
)
_MAP: Mapping[str, Method] = MappingProxyType(
    {
        "clear": dict.clear,
        "containsKey": lambda entries, key: key in entries,
        "containsValue": lambda entries, value: value in entries.values(),
        "entrySet": _entries,
        "get": lambda entries, key: entries.get(key),
        "getOrDefault": lambda entries, key, other: entries.get(key, other),
        "isEmpty": lambda entries: not entries,
        "keySet": list,
        "length": len,
        "put": _map_put,
        "putAll": _map_put_all,
        "putIfAbsent": _map_put_if_absent,
        "remove": lambda entries, key: entries.pop(key, None),
        "replace": _map_replace,
        "size": len,
        "values": lambda entries: list(entries.values()),
    }
)


def method(value: Any, name: str) -> Method | None:
    """Return the method `name` of a value (to be called with the value first), if it has one."""
    if isinstance(value, str):
        table = _STRING
    elif isinstance(value, list):
        table = _LIST
    elif isinstance(value, Mapping):
        table = _MAP
    elif isinstance(value, bool):
        table = BOOLEAN
    else:
        table = NUMBER if isinstance(value, int | float) else MappingProxyType({})
    return table.get(name) or (_ANY.get(name) if value is not None else None)
