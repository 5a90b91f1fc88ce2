"""Condition operators.

Source: "IAM JSON policy elements: Condition operators" and "Conditions with multiple context
keys or values", IAM User Guide.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from operator import eq, ge, gt, le, lt

from cloudarium.services.iam.evaluation.matching import (
    Facts,
    Test,
    any_of,
    exact_test,
    wildcard_test,
)

Condition = Callable[[Facts], bool]
_Compile = Callable[[str, bool], Test]


def _never(_: str, __: Facts) -> bool:
    return False


def _string(value: str, variables: bool) -> Test:
    return exact_test(value, variables)


def _folded(value: str, variables: bool) -> Test:
    return exact_test(value, variables, fold=True)


def _like(value: str, variables: bool) -> Test:
    return wildcard_test(value, variables)


def _arn(value: str, variables: bool) -> Test:
    """Each of the six components is compared separately; wildcards do not cross colons."""
    components = _arn_parts(value)
    if components is None:
        return wildcard_test(value, variables) if value == "*" else _never
    tests = tuple(wildcard_test(component, variables) for component in components)

    def test(text: str, facts: Facts) -> bool:
        parts = _arn_parts(text)
        return parts is not None and all(
            matches(part, facts) for matches, part in zip(tests, parts, strict=True)
        )

    return test


def _arn_parts(text: str) -> list[str] | None:
    parts = text.split(":", 5)
    return parts if len(parts) == 6 else None


def number(text: str) -> float | None:
    """Return the number `text` spells, or None."""
    try:
        return float(text)
    except ValueError:
        return None


def moment(text: str) -> float | None:
    """Return epoch seconds of an ISO 8601 date or a number of seconds, or None."""
    seconds = number(text)
    if seconds is not None:
        return seconds
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()


def _ordered(
    read: Callable[[str], float | None], compare: Callable[[float, float], bool]
) -> _Compile:
    def compile_value(value: str, _: bool) -> Test:
        bound = read(value)
        if bound is None:
            return _never

        def test(text: str, _: Facts) -> bool:
            found = read(text)
            return found is not None and compare(found, bound)

        return test

    return compile_value


def _bool(value: str, _: bool) -> Test:
    return exact_test(value, False, fold=True)


def _ip(value: str, _: bool) -> Test:
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        return _never

    def test(text: str, _: Facts) -> bool:
        try:
            return ipaddress.ip_address(text) in network
        except ValueError:
            return False

    return test


def _comparisons(prefix: str, read: Callable[[str], float | None]) -> dict[str, _Compile]:
    return {
        f"{prefix}Equals": _ordered(read, eq),
        f"{prefix}LessThan": _ordered(read, lt),
        f"{prefix}LessThanEquals": _ordered(read, le),
        f"{prefix}GreaterThan": _ordered(read, gt),
        f"{prefix}GreaterThanEquals": _ordered(read, ge),
    }


_POSITIVE: Mapping[str, _Compile] = {
    "StringEquals": _string,
    "StringEqualsIgnoreCase": _folded,
    "StringLike": _like,
    "ArnEquals": _arn,
    "ArnLike": _arn,
    "Bool": _bool,
    "BinaryEquals": _string,
    "IpAddress": _ip,
    **_comparisons("Numeric", number),
    **_comparisons("Date", moment),
}
_NEGATIVE: Mapping[str, _Compile] = {
    "StringNotEquals": _string,
    "StringNotEqualsIgnoreCase": _folded,
    "StringNotLike": _like,
    "ArnNotEquals": _arn,
    "ArnNotLike": _arn,
    "NotIpAddress": _ip,
    "NumericNotEquals": _ordered(number, eq),
    "DateNotEquals": _ordered(moment, eq),
}
_QUALIFIERS = ("ForAllValues", "ForAnyValue")


def _split(operator: str) -> tuple[str, str, bool]:
    """Return qualifier, base operator and whether `IfExists` was said."""
    qualifier, colon, base = operator.rpartition(":")
    if colon and qualifier not in _QUALIFIERS:
        base = operator
    if_exists = base.endswith("IfExists")
    return qualifier, base.removesuffix("IfExists"), if_exists


def base_of(operator: str) -> str:
    """Return an operator without its qualifier and `IfExists`."""
    return _split(operator)[1]


def is_operator(operator: str) -> bool:
    """Tell whether `operator` is a condition operator of the policy language."""
    _, base, if_exists = _split(operator)
    return base in _POSITIVE or base in _NEGATIVE or (base == "Null" and not if_exists)


def compile_condition(operator: str, key: str, values: Iterable[str], variables: bool) -> Condition:
    """Compile one `operator: {key: values}`; `operator` must satisfy `is_operator`."""
    key = key.lower()
    qualifier, base, if_exists = _split(operator)
    if base == "Null":
        wanted = {value.lower() == "true" for value in values}
        return lambda facts: (not facts.values(key)) in wanted
    negative = base in _NEGATIVE
    compile_value = _NEGATIVE[base] if negative else _POSITIVE[base]
    equal = any_of([compile_value(value, variables) for value in values])
    return _quantified(key, equal, negative, qualifier, if_exists)


def _quantified(
    key: str, equal: Test, negative: bool, qualifier: str, if_exists: bool
) -> Condition:
    if qualifier == "ForAllValues":
        when_absent = True
    elif qualifier == "ForAnyValue":
        when_absent = if_exists
    else:
        when_absent = negative or if_exists
    every = qualifier == "ForAllValues" or (negative and not qualifier)
    combine = all if every else any

    def condition(facts: Facts) -> bool:
        found = facts.values(key)
        if not found:
            return when_absent
        return combine(equal(value, facts) is not negative for value in found)

    return condition
