"""What operators and functions of conditions say about attribute values."""

from collections.abc import Callable
from decimal import Decimal

from ..values import SETS, AttributeValue, equal, type_of

Relation = Callable[[AttributeValue, AttributeValue], bool]


def order(left: AttributeValue, right: AttributeValue) -> int | None:
    """Negative, zero or positive as `left` sorts to `right`; None if they do not compare.

    Strings compare by code point, which is the order of their UTF-8 bytes.
    """
    ((kind, a),) = left.items()
    b = right.get(kind)
    if b is None or kind not in ("S", "N", "B"):
        return None
    if kind == "N":
        a, b = Decimal(a), Decimal(b)
    return int(a > b) - int(a < b)


def at_most(left: AttributeValue, right: AttributeValue) -> bool:
    """`left <= right`, for the same ordered type."""
    found = order(left, right)
    return found is not None and found <= 0


def below(left: AttributeValue, right: AttributeValue) -> bool:
    """`left < right`, for the same ordered type."""
    found = order(left, right)
    return found is not None and found < 0


def begins_with(value: AttributeValue, prefix: AttributeValue) -> bool:
    """Whether a string or binary begins with another."""
    ((kind, content),) = prefix.items()
    found = value.get(kind) if kind in ("S", "B") else None
    return found is not None and bool(found.startswith(content))


def contains(value: AttributeValue, sought: AttributeValue) -> bool:
    """Whether a string has a substring, a binary a part, a set or list an element."""
    ((kind, content),) = value.items()
    if kind == "L":
        return any(equal(element, sought) for element in content)
    if kind in SETS:
        kind = kind[0]
    elif kind not in ("S", "B"):
        return False
    return kind in sought and sought[kind] in content


def attribute_type(value: AttributeValue, named: AttributeValue) -> bool:
    """Whether a value is of the type that a string names."""
    return type_of(value) == named.get("S")


RELATIONS: dict[str, Relation] = {
    "=": equal,
    "<": below,
    "<=": at_most,
    ">": lambda left, right: below(right, left),
    ">=": lambda left, right: at_most(right, left),
    "begins_with": begins_with,
    "contains": contains,
    "attribute_type": attribute_type,
}
