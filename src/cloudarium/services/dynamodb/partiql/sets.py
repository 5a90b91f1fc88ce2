"""Names in the order in which the service tells those of a set: a HashSet of Java's."""

_SMALLEST = 16


def in_set_order(names: list[str]) -> list[str]:
    """The names by their place in the set's table, those of one place as they came.

    The table has room for a third more than it holds. Source: Java's HashSet and String.hashCode.
    """
    size = _SMALLEST
    while len(names) * 4 > size * 3:
        size *= 2
    return sorted(names, key=lambda name: _code(name) % size)


def _code(name: str) -> int:
    code = 0
    for unit in memoryview(name.encode("utf-16")[2:]).cast("H"):
        code = (31 * code + unit) & 0xFFFFFFFF
    return code ^ code >> 16
