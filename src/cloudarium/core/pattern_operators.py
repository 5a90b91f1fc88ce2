"""The operators of event patterns: each makes a predicate of one value from its argument.

The words of refusals are those of aws/event-ruler (`JsonRuleCompiler`, `WildcardParser`, `CIDR`),
which AWS was seen to answer with by LocalStack and badmintoncryer/cdk-preflight.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import orjson

from cloudarium.core.matching import between

Matches = Callable[[Any], bool]
ABSENT = object()
ONE_KEY = "Only one key allowed in match expression"
TOO_MANY = "Too many elements in numeric expression"
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "=": lambda value, bound: value == bound,
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
}
_ADDRESS = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+|[0-9a-fA-F:]*:[0-9a-fA-F:]*")
_NO_VALUES = "Inside anything but list, start|null|boolean is not supported."
_MIXED_VALUES = (
    "Inside anything but list, either all values are number or string, mixed type is not supported"
)
_NO_TEXT = {
    "equals-ignore-case": (
        "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported."
    ),
    "wildcard": "wildcard match pattern must be a string",
    "prefix": "prefix/suffix match pattern must be a string",
    "suffix": "prefix/suffix match pattern must be a string",
}


class PatternError(ValueError):
    """A pattern is malformed; the text is the reason in AWS's words."""


def equal(value: Any, wanted: Any) -> bool:
    """Whether a value is exactly the wanted one; numbers are the same however written."""
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    return bool(value == wanted)


def _string(argument: Any, operator: str) -> str:
    if not isinstance(argument, str):
        raise PatternError(f"{operator} match pattern must be a string")
    return argument


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _exactly(argument: Any) -> Matches:
    text = _string(argument, "exact")
    return lambda value: bool(value == text)


def _affix(operator: str, has: Callable[[str, str], bool], argument: Any) -> Matches:
    """What `prefix` and `suffix` are alike in; `has` asks a text for one."""
    if isinstance(argument, dict):
        folded = _folded(argument, operator)
        return lambda value: isinstance(value, str) and has(value.lower(), folded)
    text = _string(argument, operator)
    return lambda value: isinstance(value, str) and has(value, text)


def _folded(argument: dict[str, Any], operator: str) -> str:
    """The text in {"equals-ignore-case": text}."""
    if not argument:
        raise PatternError(f"{operator.capitalize()} expression name not found")
    inner, text = next(iter(argument.items()))
    if inner != "equals-ignore-case":
        raise PatternError(f"Unsupported {operator} pattern: {inner}")
    folded = _string(text, inner).lower()
    if len(argument) > 1:
        raise PatternError(ONE_KEY)
    return folded


def _ignore_case(argument: Any) -> Matches:
    folded = _string(argument, "equals-ignore-case").lower()
    return lambda value: isinstance(value, str) and value.lower() == folded


def _wildcard(argument: Any) -> Matches:
    text = _string(argument, "wildcard")
    _check_wildcard(f'"{text}"'.encode())
    literals = [""]
    for part in re.split(r"(\\.|\*)", text):
        if part == "*":
            literals.append("")
        else:
            literals[-1] += re.escape(re.sub(r"^\\", "", part))
    pattern = re.compile(between(literals), re.DOTALL)
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _check_wildcard(quoted: bytes) -> None:
    """Refuse a pattern, in its quotes: places are told as bytes."""
    for found in re.finditer(rb"\\[*\\]|\\|\*\*", quoted):
        if found[0] == b"**":
            raise PatternError(f"Consecutive wildcard characters at pos {found.start()}")
        if found[0] == b"\\":
            raise PatternError(f"Invalid escape character at pos {found.start()}")


def _anything_but(argument: Any) -> Matches:
    excluded = _unlike(argument) if isinstance(argument, dict) else _unequal(argument)
    return lambda value: value is not ABSENT and not any(test(value) for test in excluded)


def _unlike(argument: dict[str, Any]) -> list[Matches]:
    """Tests of {"prefix": text or texts} and the like."""
    if not argument:
        raise PatternError("Anything-But expression name not found")
    operator, inner = next(iter(argument.items()))
    if operator not in _NO_TEXT:
        raise PatternError(f"Unsupported anything-but pattern: {operator}")
    if not (isinstance(inner, str | list) or _is_number(inner)):
        raise PatternError("Value of anything-but must be an array or single string/number value.")
    texts = inner if isinstance(inner, list) else [inner]
    for text in texts:
        if not isinstance(text, str):
            raise PatternError(_NO_TEXT[operator])
        if not text and operator in ("prefix", "suffix"):
            raise PatternError("Null prefix/suffix not allowed")
    tests = [OPERATORS[operator](text) for text in texts]
    if len(argument) > 1:
        raise PatternError(TOO_MANY)
    return tests


def _unequal(argument: Any) -> list[Matches]:
    if not (isinstance(argument, str | list) or _is_number(argument)):
        raise PatternError("Value of anything-but must be an array or single string/number value.")
    values = argument if isinstance(argument, list) else [argument]
    if not all(isinstance(each, str) or _is_number(each) for each in values):
        raise PatternError(_NO_VALUES)
    if len({isinstance(each, str) for each in values}) != 1:
        raise PatternError(_MIXED_VALUES)
    return [lambda value: any(equal(value, each) for each in values)]


def _exists(argument: Any) -> Matches:
    if not isinstance(argument, bool):
        raise PatternError("exists match pattern must be either true or false.")
    return lambda value: (value is not ABSENT) is argument


def _numeric(argument: Any) -> Matches:
    if not isinstance(argument, list):
        raise PatternError("Value of numeric must be an array.")
    operator = argument[0] if argument else None
    if not isinstance(operator, str):
        raise PatternError(f"Invalid member in numeric match: {_shown(argument, 0)}")
    if operator not in _COMPARE:
        raise PatternError(f"Unrecognized numeric range operator: {operator}")
    bounds = [(_COMPARE[operator], _bound(argument, 1, "equals" if operator == "=" else operator))]
    if len(argument) > 2:
        if operator not in (">", ">="):
            raise PatternError(TOO_MANY)
        bounds.append(_upper_bound(argument))
    return lambda value: _is_number(value) and all(compare(value, to) for compare, to in bounds)


def _upper_bound(argument: list[Any]) -> tuple[Callable[[float, float], bool], float]:
    """The second comparison of a range."""
    operator = argument[2]
    if not isinstance(operator, str):
        raise PatternError(f"Bad value in numeric range: {_shown(argument, 2)}")
    if operator not in ("<", "<="):
        raise PatternError(f"Bad numeric range operator: {operator}")
    top = _bound(argument, 3, operator)
    if len(argument) > 4:
        raise PatternError("Too many terms in numeric range expression")
    if argument[1] >= top:
        raise PatternError("Bottom must be less than top")
    return _COMPARE[operator], top


def _bound(argument: list[Any], place: int, operator: str) -> float:
    if len(argument) <= place or not _is_number(argument[place]):
        raise PatternError(f"Value of {operator} must be numeric")
    found: float = argument[place]
    return found


def _shown(argument: list[Any], place: int) -> str:
    """The token that stands at a place, as the parser has it."""
    if place >= len(argument):
        return "]"
    value = argument[place]
    if isinstance(value, dict | list):
        return "{" if isinstance(value, dict) else "["
    return orjson.dumps(value).decode()


def _cidr(argument: Any) -> Matches:
    lowest, highest = _network(_string(argument, "prefix"))

    def matches(value: Any) -> bool:
        if not isinstance(value, str) or not _ADDRESS.fullmatch(value):
            return False
        try:
            address = ipaddress.ip_address(value)
        except ValueError:
            return False
        return address.version == lowest.version and int(lowest) <= int(address) <= highest

    return matches


def _network(text: str) -> tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, int]:
    """The address of a network and the last number in it."""
    address, slash, bits = text.partition("/")
    if not slash or "/" in bits:
        raise PatternError("Malformed CIDR, one '/' required")
    if not re.fullmatch(r"[+-]?\d+", bits):
        raise PatternError("Malformed CIDR, mask bits must be an integer")
    if int(bits) < 0:
        raise PatternError("Malformed CIDR, mask bits must not be negative")
    if not _ADDRESS.fullmatch(address):
        raise PatternError(f"Nonstandard IP address: {address}")
    try:
        lowest = ipaddress.ip_address(address)
    except ValueError:
        raise PatternError(f"Invalid IP address: {address}") from None
    if int(bits) > lowest.max_prefixlen:
        raise PatternError(f"IPv{lowest.version} mask bits must be < {lowest.max_prefixlen}")
    return lowest, int(lowest) | ((1 << (lowest.max_prefixlen - int(bits))) - 1)


OPERATORS: dict[str, Callable[[Any], Matches]] = {
    "exactly": _exactly,
    "prefix": partial(_affix, "prefix", str.startswith),
    "suffix": partial(_affix, "suffix", str.endswith),
    "equals-ignore-case": _ignore_case,
    "wildcard": _wildcard,
    "anything-but": _anything_but,
    "exists": _exists,
    "numeric": _numeric,
    "cidr": _cidr,
}
