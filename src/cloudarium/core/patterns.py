"""Event patterns: compiled to a predicate, refused when malformed.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Any

import orjson

Matches = Callable[[Any], bool]
_ABSENT = object()
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "=": lambda value, bound: value == bound,
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
}


class PatternError(ValueError):
    """A pattern is malformed; the text is the reason in AWS's words."""


def compile_pattern(text: str) -> Matches:
    """Return the predicate of a pattern, a JSON text. Raises PatternError."""
    try:
        pattern = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise PatternError("Filter is not an object") from None
    if not isinstance(pattern, dict):
        raise PatternError("Filter is not an object")
    if not pattern:
        raise PatternError("Empty objects are not allowed")
    return _object(pattern)


def _object(pattern: dict[str, Any]) -> Matches:
    fields = []
    for name, rule in pattern.items():
        if name == "$or" and isinstance(rule, list):
            fields.append(_either(rule))
        else:
            fields.append(_field(name, rule))
    return lambda event: all(field(event) for field in fields)


def _either(alternatives: list[Any]) -> Matches:
    if len(alternatives) < 2 or not all(isinstance(each, dict) for each in alternatives):
        raise PatternError("There must have at least 2 Objects in $or relationship.")
    compiled = [_object(each) for each in alternatives]
    return lambda event: any(matches(event) for matches in compiled)


def _field(name: str, rule: Any) -> Matches:
    if isinstance(rule, dict):
        if not rule:
            raise PatternError("Empty objects are not allowed")
        inner = _object(rule)
        return lambda event: _nested(inner, _get(event, name))
    if not isinstance(rule, list):
        raise PatternError(f'"{name}" must be an object or an array')
    if not rule:
        raise PatternError("Empty arrays are not allowed")
    tests = [_test(each) for each in rule]
    return lambda event: _any_value(tests, _get(event, name))


def _get(event: Any, name: str) -> Any:
    return event.get(name, _ABSENT) if isinstance(event, dict) else _ABSENT


def _nested(inner: Matches, value: Any) -> bool:
    if isinstance(value, list):
        return any(inner(each) for each in value)
    return inner(value)


def _any_value(tests: list[Matches], value: Any) -> bool:
    values = value if isinstance(value, list) and value else [value]
    return any(test(each) for test in tests for each in values)


def _test(rule: Any) -> Matches:
    if not isinstance(rule, dict):
        if isinstance(rule, list):
            raise PatternError("Match value must be String, number, true, false, or null")
        return lambda value: _equal(value, rule)
    if len(rule) != 1:
        raise PatternError("Only one key allowed in match expression")
    ((operator, argument),) = rule.items()
    build = _OPERATORS.get(operator)
    if build is None:
        raise PatternError(f"Unrecognized match type {operator}")
    return build(argument)


def _equal(value: Any, wanted: Any) -> bool:
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    return bool(value == wanted)


def _string(argument: Any, operator: str) -> str:
    if not isinstance(argument, str):
        raise PatternError(f"{operator} match pattern must be a string")
    return argument


def _prefix(argument: Any) -> Matches:
    if isinstance(argument, dict) and set(argument) == {"equals-ignore-case"}:
        folded = _string(argument["equals-ignore-case"], "prefix").lower()
        return lambda value: isinstance(value, str) and value.lower().startswith(folded)
    text = _string(argument, "prefix")
    return lambda value: isinstance(value, str) and value.startswith(text)


def _suffix(argument: Any) -> Matches:
    if isinstance(argument, dict) and set(argument) == {"equals-ignore-case"}:
        folded = _string(argument["equals-ignore-case"], "suffix").lower()
        return lambda value: isinstance(value, str) and value.lower().endswith(folded)
    text = _string(argument, "suffix")
    return lambda value: isinstance(value, str) and value.endswith(text)


def _ignore_case(argument: Any) -> Matches:
    folded = _string(argument, "equals-ignore-case").lower()
    return lambda value: isinstance(value, str) and value.lower() == folded


def _wildcard(argument: Any) -> Matches:
    text = _string(argument, "wildcard")
    parts = re.split(r"(\\.|\*)", text)
    pattern = re.compile(
        "".join(".*" if part == "*" else re.escape(re.sub(r"^\\", "", part)) for part in parts),
        re.DOTALL,
    )
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _anything_but(argument: Any) -> Matches:
    if isinstance(argument, dict):
        if len(argument) != 1:
            raise PatternError("Only one key allowed in match expression")
        ((operator, inner),) = argument.items()
        arguments = inner if isinstance(inner, list) else [inner]
        if operator not in _OPERATORS or operator in ("anything-but", "exists", "numeric"):
            raise PatternError(f"Unsupported anything-but pattern: {operator}")
        excluded = [_OPERATORS[operator](each) for each in arguments]
    else:
        arguments = argument if isinstance(argument, list) else [argument]
        if not arguments:
            raise PatternError("Empty arrays are not allowed")
        excluded = [_test(each) for each in arguments]
    return lambda value: value is not _ABSENT and not any(test(value) for test in excluded)


def _exists(argument: Any) -> Matches:
    if not isinstance(argument, bool):
        raise PatternError("exists match pattern must be either true or false.")
    return lambda value: (value is not _ABSENT) is argument


def _numeric(argument: Any) -> Matches:
    if not isinstance(argument, list) or not argument or len(argument) % 2:
        raise PatternError("Invalid member in numeric match: ]")
    bounds = []
    for operator, bound in zip(argument[::2], argument[1::2], strict=True):
        if operator not in _COMPARE:
            raise PatternError(f"Unrecognized numeric range operator: {operator}")
        if isinstance(bound, bool) or not isinstance(bound, int | float):
            raise PatternError("Value of numeric match must be numeric")
        bounds.append((_COMPARE[operator], bound))
    return lambda value: (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and all(compare(value, bound) for compare, bound in bounds)
    )


def _cidr(argument: Any) -> Matches:
    try:
        network = ipaddress.ip_network(_string(argument, "cidr"), strict=False)
    except ValueError:
        raise PatternError("Malformed CIDR") from None

    def matches(value: Any) -> bool:
        try:
            return ipaddress.ip_address(value) in network
        except ValueError:
            return False

    return lambda value: isinstance(value, str) and matches(value)


_OPERATORS: dict[str, Callable[[Any], Matches]] = {
    "prefix": _prefix,
    "suffix": _suffix,
    "equals-ignore-case": _ignore_case,
    "wildcard": _wildcard,
    "anything-but": _anything_but,
    "exists": _exists,
    "numeric": _numeric,
    "cidr": _cidr,
}
