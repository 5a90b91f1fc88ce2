"""Walking keys in order with prefix and delimiter: the logic of every listing, free of SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar


class Keyed(Protocol):
    """Anything listed by its key."""

    @property
    def key(self) -> str:
        """The object key."""


Entry = TypeVar("Entry", bound=Keyed)
# Gives the entries whose key is >= the first argument, in the listing's order.
Walk = Callable[[str], Iterable[Entry]]


@dataclass
class Page(Generic[Entry]):
    """One page. `last` is the last entry or common prefix of a truncated page."""

    entries: list[Entry] = field(default_factory=list)
    common_prefixes: list[str] = field(default_factory=list)
    is_truncated: bool = False
    last: Entry | str | None = None


def after(text: str) -> str | None:
    """Return the least string after all that begin with `text`, sorted by their UTF-8 bytes."""
    while text:
        code = ord(text[-1]) + 1
        if code == 0xD800:
            code = 0xE000
        if code <= 0x10FFFF:
            return text[:-1] + chr(code)
        text = text[:-1]
    return None


def common_prefix(key: str, prefix: str, delimiter: str | None) -> str | None:
    """Return `key` up to its first delimiter after the prefix; None if it has none."""
    if not delimiter:
        return None
    end = key.find(delimiter, len(prefix))
    return key[: end + len(delimiter)] if end >= 0 else None


def start(marker: str, prefix: str, delimiter: str | None) -> str:
    """Return the first key behind `marker`, which may be the common prefix a page ended with."""
    if marker and common_prefix(marker, prefix, delimiter) == marker:
        return after(marker) or marker
    return marker + "\0" if marker else ""


def page(
    walk: Walk[Entry], begin: str, prefix: str, delimiter: str | None, limit: int
) -> Page[Entry]:
    """Return the first `limit` entries and common prefixes under `prefix`, from key `begin` on."""
    result: Page[Entry] = Page()
    position: str | None = max(begin, prefix, key=str.encode)
    if limit == 0:
        return result
    while position is not None:
        position = _collect(result, walk(position), prefix, delimiter, limit)
    return result


def _collect(
    result: Page[Entry], entries: Iterable[Entry], prefix: str, delimiter: str | None, limit: int
) -> str | None:
    """Add entries until the end, the page's end, or a common prefix: then where to go on."""
    for entry in entries:
        if not entry.key.startswith(prefix):
            return None
        if len(result.entries) + len(result.common_prefixes) == limit:
            result.is_truncated = True
            return None
        rolled = common_prefix(entry.key, prefix, delimiter)
        if rolled is not None:
            result.common_prefixes.append(rolled)
            result.last = rolled
            return after(rolled)
        result.entries.append(entry)
        result.last = entry
    return None
