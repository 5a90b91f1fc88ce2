"""Attribute values: `{"S": "text"}`, `{"N": "1.5"}`, `{"L": [...]}` and so on, as on the wire.

Sizes count as AWS counts them (Developer Guide, "DynamoDB item sizes and formats").
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from . import errors, limits, numbers
from . import value_errors as wrong

AttributeValue = dict[str, Any]
Item = dict[str, AttributeValue]

SETS = frozenset(("SS", "NS", "BS"))


def type_of(value: AttributeValue) -> str:
    """`S`, `N`, `B`, `BOOL`, `NULL`, `SS`, `NS`, `BS`, `L` or `M`."""
    return next(iter(value))


def admit_item(item: Item) -> int:
    """Checks every value of an item, brings numbers to canonical text in place; size in bytes."""
    if "" in item:
        raise wrong.NoName()
    size = 0
    for name, value in item.items():
        size += (len(name) if name.isascii() else len(name.encode())) + admit(value)
    return size


def admit_key(key: Mapping[str, AttributeValue]) -> None:
    """Checks every value of a key, brings numbers to canonical text in place."""
    for value in key.values():
        if "S" not in value or len(value) != 1:
            admit(value)


def admit(value: AttributeValue, depth: int = 1) -> int:
    """Checks one value, brings its numbers to canonical text in place; its size in bytes.

    Raises ValidationException with AWS's words for the first thing wrong.
    """
    if len(value) != 1:
        if "N" in value:
            numbers.canonical(value["N"])
        raise wrong.SeveralTypes() if value else wrong.NoType()
    ((kind, content),) = value.items()
    if kind == "S":
        return len(content) if content.isascii() else len(content.encode())
    if kind == "N":
        value["N"] = content = numbers.canonical(content)
        return numbers.size(content)
    if kind == "M" or kind == "L":
        return _admit_document(kind, content, depth)
    if kind == "B":
        return len(content)
    if kind == "NULL":
        if not content:
            raise wrong.NullNotTrue()
        return 1
    if kind == "BOOL":
        return 1
    return _admit_set(value, kind, content)


def _admit_document(kind: str, content: Any, depth: int) -> int:
    if depth >= limits.NESTING_LEVELS and content:
        raise wrong.NestedTooDeep()
    size = 3 + len(content)
    if kind == "L":
        for element in content:
            size += admit(element, depth + 1)
        return size
    for name, element in content.items():
        size += len(name.encode()) + admit(element, depth + 1)
    return size


def _admit_set(value: AttributeValue, kind: str, content: list[Any]) -> int:
    if not content:
        raise {
            "SS": wrong.EmptyStringSet,
            "NS": wrong.EmptyNumberSet,
            "BS": wrong.EmptyBinarySet,
        }[kind]()
    if kind == "NS":
        value["NS"] = content = [numbers.canonical(number) for number in content]
    if len(set(content)) != len(content):
        raise _repeated(kind, content)
    value[kind] = content = in_order(kind, content)
    if kind == "NS":
        return sum(map(numbers.size, content))
    return sum(len(member.encode()) if kind == "SS" else len(member) for member in content)


def in_order(kind: str, members: Iterable[Any]) -> list[Any]:
    """A set's members in the order the service keeps: numbers by value, the others by bytes."""
    if kind == "NS":
        return sorted(members, key=Decimal)
    return sorted(members, key=str.encode) if kind == "SS" else sorted(members)


def _repeated(kind: str, members: list[Any]) -> wrong.Refused:
    if kind == "NS":
        return wrong.DuplicateNumbers()
    if kind == "SS":
        listed = _listed(members, "{}", ", ")
        return wrong.DuplicateStrings(listed=listed, ordered=_listed(_met(kind, members)))
    texts = [b64encode(member).decode() for member in members]
    met = [b64encode(member).decode() for member in _met(kind, members)]
    return wrong.DuplicateBinaries(listed=_listed(texts, "{}"), ordered=_listed(met, separator=","))


def _met(kind: str, members: list[Any]) -> list[Any]:
    """A set's members as the newer framework lists them: sorted up to the first repetition."""
    at = next(at for at, member in enumerate(members) if member in members[:at])
    return in_order(kind, members[:at]) + members[at:]


def _listed(members: list[str], form: str = '"{}"', separator: str = ", ") -> str:
    return "[" + separator.join(map(form.format, members)) + "]"


def size_of(value: AttributeValue) -> int:
    """Bytes an already admitted value counts for."""
    ((kind, content),) = value.items()
    if kind == "S":
        return len(content) if content.isascii() else len(content.encode())
    if kind == "N":
        return numbers.size(content)
    if kind == "M":
        return 3 + len(content) + item_size(content)
    if kind == "L":
        return 3 + len(content) + sum(map(size_of, content))
    if kind == "B":
        return len(content)
    if kind == "NS":
        return sum(map(numbers.size, content))
    if kind in SETS:
        return sum(len(m.encode()) if kind == "SS" else len(m) for m in content)
    return 1


def item_size(item: Mapping[str, AttributeValue]) -> int:
    """Bytes an already admitted item counts for: its attributes' names and values."""
    return sum(
        (len(name) if name.isascii() else len(name.encode())) + size_of(value)
        for name, value in item.items()
    )


def check_depth(value: AttributeValue, depth: int = 1) -> None:
    """Raises ValidationException if an already admitted value nests too deep."""
    for kind in ("M", "L"):
        content = value.get(kind)
        if not content:
            continue
        if depth >= limits.NESTING_LEVELS:
            raise errors.NestedTooDeep()
        for element in content.values() if kind == "M" else content:
            check_depth(element, depth + 1)


def equal(left: AttributeValue, right: AttributeValue) -> bool:
    """Whether two admitted values are the same; sets are, whatever their order."""
    if left == right:
        return True
    kind = type_of(left)
    if kind != type_of(right) or kind not in ("M", "L", "SS", "NS", "BS"):
        return False
    a, b = left[kind], right[kind]
    if len(a) != len(b):
        return False
    if kind == "M":
        return all(name in b and equal(value, b[name]) for name, value in a.items())
    if kind == "L":
        return all(map(equal, a, b))
    return set(a) == set(b)


def clone(value: AttributeValue) -> AttributeValue:
    """A copy whose maps and lists can be changed without changing the original's."""
    ((kind, content),) = value.items()
    if kind == "M":
        return {"M": {name: clone(element) for name, element in content.items()}}
    if kind == "L":
        return {"L": [clone(element) for element in content]}
    return {kind: list(content)} if kind in SETS else {kind: content}
