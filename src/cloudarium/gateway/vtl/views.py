"""What Java's collections show of themselves: the entries of maps, and iterators."""

from __future__ import annotations

from typing import Any

from cloudarium.gateway.vtl.values import as_text


class Entry:
    """One entry of a map's `entrySet()`."""

    def __init__(self, entries: dict[Any, Any], key: Any) -> None:
        self._entries = entries
        self.vtl_key = key

    @property
    def vtl_value(self) -> Any:
        """The entry's value."""
        return self._entries.get(self.vtl_key)

    def call_getKey(self) -> Any:  # noqa: N802
        """Return the entry's key."""
        return self.vtl_key

    def call_getValue(self) -> Any:  # noqa: N802
        """Return the entry's value."""
        return self.vtl_value

    def call_setValue(self, value: Any) -> Any:  # noqa: N802
        """Give the entry another value; return the one before."""
        before = self.vtl_value
        self._entries[self.vtl_key] = value
        return before

    def __str__(self) -> str:
        key, value = (
            "null" if one is None else as_text(one) for one in (self.vtl_key, self.vtl_value)
        )
        return f"{key}={value}"


class Iterator:
    """What `iterator()` returns. `#foreach` goes through the rest of it."""

    def __init__(self, items: list[Any]) -> None:
        self._rest = list(items)

    def call_hasNext(self) -> bool:  # noqa: N802
        """Tell whether there is another one."""
        return bool(self._rest)

    def call_next(self) -> Any:
        """Return the next one. Raises ValueError if there is none."""
        if not self._rest:
            raise ValueError("there is no next element")
        return self._rest.pop(0)

    def rest(self) -> list[Any]:
        """Return all that are left."""
        left, self._rest = self._rest, []
        return left
