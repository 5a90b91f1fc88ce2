"""Subscription filter policies: checking them and matching messages (pure logic).

Developer guide, "Amazon SNS subscription filter policies". A policy maps names to lists of
conditions; a message passes if for every name at least one condition holds of at least one value.
"""

from __future__ import annotations

import ipaddress
import json
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from cloudarium.core.documents import json_object
from cloudarium.services.sns import errors, limits

ATTRIBUTES = "MessageAttributes"
BODY = "MessageBody"
Policy = dict[str, Any]
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_OPERATORS = (
    "prefix",
    "suffix",
    "anything-but",
    "numeric",
    "exists",
    "equals-ignore-case",
    "cidr",
)


def parsed(text: str, scope: str) -> Policy:
    """Return the policy in `text`. Raises InvalidParameter."""
    policy = json_object(text)
    if policy is None:
        raise _invalid("failed to parse JSON.")
    keys, combinations = _measure(policy, scope)
    if keys > limits.FILTER_KEYS:
        raise errors.InvalidParameter(
            reason="FilterPolicy: Filter policy can not have more than 5 keys"
        )
    if combinations > limits.FILTER_COMBINATIONS:
        raise _invalid("Filter policy is too complex")
    return policy


def _invalid(message: str) -> Exception:
    return errors.InvalidParameter(reason=f"FilterPolicy: {message}")


def _measure(policy: Policy, scope: str, depth: int = 1) -> tuple[int, int]:
    """Check a policy; how many keys and how many combinations of values it has."""
    keys, combinations = 0, 1
    for name, conditions in policy.items():
        if name == "$or":
            inner = [_measure(each, scope, depth) for each in _alternatives(conditions)]
            keys += max(count for count, _ in inner)
            combinations *= sum(count for _, count in inner)
        elif isinstance(conditions, dict):
            if scope != BODY:
                raise _invalid(
                    "Filter policy scope MessageAttributes does not support nested filter policy"
                )
            inner_keys, inner_combinations = _measure(conditions, scope, depth + 1)
            keys += inner_keys
            combinations *= inner_combinations
        else:
            _check_conditions(name, conditions)
            keys += 1
            combinations *= len(conditions) * depth
    return keys, combinations


def _alternatives(conditions: Any) -> list[Policy]:
    if (
        not isinstance(conditions, list)
        or len(conditions) < 2
        or not all(isinstance(each, dict) for each in conditions)
    ):
        raise _invalid('"$or" must be an array of at least two objects')
    return conditions


def _check_conditions(name: str, conditions: Any) -> None:
    if not isinstance(conditions, list):
        raise _invalid(f'"{name}" must be an object or an array')
    if not conditions:
        raise _invalid("Empty arrays are not allowed")
    for condition in conditions:
        if isinstance(condition, dict):
            _check_operator(condition)
        elif isinstance(condition, list):
            raise _invalid("Match value must be String, number, true, false, or null")


def _check_operator(condition: dict[str, Any]) -> None:
    if len(condition) != 1:
        raise _invalid("Only one key allowed in match expression")
    ((name, value),) = condition.items()
    if name not in _OPERATORS:
        raise _invalid(f"Unrecognized match type {name}")
    if name in ("prefix", "suffix", "equals-ignore-case") and not isinstance(value, str):
        raise _invalid(f"{name} match pattern must be a string")
    if name == "exists" and not isinstance(value, bool):
        raise _invalid("exists match pattern must be either true or false.")
    if name == "numeric":
        _check_numeric(value)
    if name == "cidr":
        _check_network(value)
    if name == "anything-but":
        _check_anything_but(value)


def _check_numeric(value: Any) -> None:
    if not isinstance(value, list) or len(value) not in (2, 4):
        raise _invalid("Invalid member in numeric match: must be a list of comparisons and numbers")
    for sign, number in zip(value[::2], value[1::2], strict=True):
        if sign not in _COMPARE:
            raise _invalid(f"Unrecognized numeric range operator: {sign}")
        if not _is_number(number):
            raise _invalid(f"Value of {sign} must be numeric")


def _check_network(value: Any) -> None:
    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError:
        raise _invalid("Malformed CIDR, one '/' required") from None


def _check_anything_but(value: Any) -> None:
    if isinstance(value, dict):
        if len(value) != 1 or next(iter(value)) not in ("prefix", "suffix"):
            raise _invalid("Unsupported anything-but pattern")
        _check_operator(value)
        return
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(each, str) or _is_number(each) for each in values):
        raise _invalid("Inside anything but list, start|null|boolean is not supported.")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def accepts(policy: Policy, document: Mapping[str, Any]) -> bool:
    """Tell whether a message's attributes or body (names to values or lists of values) pass."""
    for name, conditions in policy.items():
        if name == "$or":
            if not any(accepts(each, document) for each in conditions):
                return False
        elif isinstance(conditions, dict):
            if not _accepts_nested(conditions, document.get(name)):
                return False
        elif not _accepts_values(conditions, name in document, document.get(name)):
            return False
    return True


def _accepts_nested(policy: Policy, value: Any) -> bool:
    return any(accepts(policy, each if isinstance(each, dict) else {}) for each in _flat(value))


def _accepts_values(conditions: list[Any], present: bool, value: Any) -> bool:
    for condition in conditions:
        if isinstance(condition, dict) and "exists" in condition:
            if condition["exists"] == present:
                return True
        elif present and any(_holds(condition, each) for each in _flat(value)):
            return True
    return False


def _flat(value: Any) -> list[Any]:
    """Return the values in a list and in the lists within it, however deep."""
    found, waiting = [], [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            waiting += each
        else:
            found.append(each)
    return found


def _holds(condition: Any, value: Any) -> bool:
    if not isinstance(condition, dict):
        return _equal(condition, value)
    ((name, wanted),) = condition.items()
    if name == "anything-but":
        return _is_other(wanted, value)
    if name == "numeric":
        return _is_number(value) and all(
            _COMPARE[sign](value, number)
            for sign, number in zip(wanted[::2], wanted[1::2], strict=True)
        )
    return isinstance(value, str) and _text_holds(name, wanted, value)


def _text_holds(name: str, wanted: str, value: str) -> bool:
    if name == "prefix":
        return value.startswith(wanted)
    if name == "suffix":
        return value.endswith(wanted)
    if name == "equals-ignore-case":
        return value.lower() == wanted.lower()
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return False


def _equal(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, bool) or isinstance(value, bool):
        return wanted is value
    return bool(wanted == value)


def _is_other(unwanted: Any, value: Any) -> bool:
    if isinstance(unwanted, dict):
        return isinstance(value, str) and not _holds(unwanted, value)
    values = unwanted if isinstance(unwanted, list) else [unwanted]
    return not any(_equal(each, value) for each in values)


def of_attributes(attributes: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return message attributes as values to match; binary ones cannot be matched."""
    return {
        name: _attribute_value(attribute["DataType"], attribute["StringValue"])
        for name, attribute in attributes.items()
        if not attribute["DataType"].startswith("Binary")
    }


def _attribute_value(data_type: str, text: str) -> Any:
    if data_type == "String.Array":
        return json.loads(text)
    if data_type.startswith("Number"):
        number = float(text)
        return int(number) if number.is_integer() else number
    return text


def of_body(message: str) -> dict[str, Any] | None:
    """Return a message's body to match, or None if it is no JSON object (then nothing passes)."""
    return json_object(message)
