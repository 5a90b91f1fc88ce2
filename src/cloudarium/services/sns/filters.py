"""Subscription filter policies: checking them and matching messages (pure logic).

Developer guide, "Amazon SNS subscription filter policies". A policy maps names to lists of
conditions; a message passes if for every name at least one condition holds of at least one value.
Conditions are those of event patterns, as the words show that AWS refuses them with.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cloudarium.core.documents import elements, json_object
from cloudarium.core.patterns import Matches, PatternError, compile_matcher
from cloudarium.services.sns import errors, limits

ATTRIBUTES = "MessageAttributes"
BODY = "MessageBody"
Policy = dict[str, Any]
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
        raise _invalid("Filter policy can not have more than 5 keys")
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
                raise errors.InvalidParameter(
                    reason="Filter policy scope MessageAttributes does not support nested filter"
                    " policy"
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
    if condition and next(iter(condition)) not in _OPERATORS:
        raise _invalid(f"Unrecognized match type {next(iter(condition))}")
    try:
        compile_matcher(condition)
    except PatternError as error:
        raise _invalid(str(error)) from None


def accepts(policy: Policy, document: Mapping[str, Any], *, of_attributes: bool = False) -> bool:
    """Tell whether a message's body (names to values or lists of values) passes.

    Or its attributes: one that is not there is null, as LocalStack recorded.
    """
    for name, conditions in policy.items():
        if name == "$or":
            if not any(accepts(each, document, of_attributes=of_attributes) for each in conditions):
                return False
        elif isinstance(conditions, dict):
            if not _accepts_nested(conditions, document.get(name)):
                return False
        elif not _accepts_values(
            conditions, name in document, document.get(name), of_attributes=of_attributes
        ):
            return False
    return True


def _accepts_nested(policy: Policy, value: Any) -> bool:
    return any(accepts(policy, each if isinstance(each, dict) else {}) for each in elements(value))


def _accepts_values(
    conditions: list[Any], present: bool, value: Any, *, of_attributes: bool
) -> bool:
    for condition in conditions:
        if isinstance(condition, dict) and "exists" in condition:
            if condition["exists"] == present:
                return True
        elif present:
            if any(_holds(condition, each) for each in elements(value)):
                return True
        elif condition is None and of_attributes:
            return True
    return False


def _holds(condition: Any, value: Any) -> bool:
    return _matcher(json.dumps(condition))(value)


@lru_cache(1024)
def _matcher(text: str) -> Matches:
    try:
        return compile_matcher(json.loads(text))
    except PatternError:  # kept from when it was not refused yet
        return lambda value: False


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
