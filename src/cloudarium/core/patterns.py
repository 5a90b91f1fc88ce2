"""Event patterns: compiled to a predicate, refused when malformed.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html. What is
wrong is said in the words of aws/event-ruler, AWS's compiler of patterns (`JsonRuleCompiler`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from cloudarium.core import documents
from cloudarium.core.pattern_operators import (
    ABSENT,
    ONE_KEY,
    OPERATORS,
    TOO_MANY,
    Matches,
    PatternError,
    equal,
)

__all__ = ["Matches", "PatternError", "compile_kept", "compile_matcher", "compile_pattern"]

_DEEPEST = 100
_OF_LISTS = ("numeric", "anything-but")
_RESERVED = frozenset((*OPERATORS, "=", "<", "<=", ">", ">=", "regex"))


def compile_pattern(text: str) -> Matches:
    """Return the predicate of a pattern, a JSON text. Raises PatternError."""
    try:
        pattern = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise PatternError("Filter is not an object") from None
    if not isinstance(pattern, dict):
        raise PatternError("Filter is not an object")
    if documents.depth(pattern) > _DEEPEST:
        raise PatternError("Filter is nested too deeply")
    return _object(pattern)


def compile_kept(text: str) -> Matches:
    """Return the predicate of a pattern that was once accepted; one that is not now never holds.

    What a service refuses grows, and what is kept from before must do no harm.
    """
    try:
        return compile_pattern(text)
    except PatternError:
        return lambda event: False


def _object(pattern: dict[str, Any]) -> Matches:
    if not pattern:
        raise PatternError("Empty objects are not allowed")
    fields = [
        _either(rule) if name == "$or" and _are_alternatives(rule) else _field(name, rule)
        for name, rule in pattern.items()
    ]
    return lambda event: all(field(event) for field in fields)


def _are_alternatives(rule: Any) -> bool:
    """Whether $or is the relation; else it is a field's name, as badmintoncryer/cdk-preflight saw.

    Ruler's page: two objects at least, none of which has an operator's name.
    """
    return (
        isinstance(rule, list)
        and len(rule) > 1
        and all(isinstance(each, dict) and not each.keys() & _RESERVED for each in rule)
    )


def _either(alternatives: list[dict[str, Any]]) -> Matches:
    compiled = [_object(each) for each in alternatives]
    return lambda event: any(matches(event) for matches in compiled)


def _field(name: str, rule: Any) -> Matches:
    if isinstance(rule, dict):
        inner = _object(rule)
        return lambda event: any(inner(each) for each in _elements(_get(event, name)))
    if not isinstance(rule, list):
        raise PatternError(f'"{name}" must be an object or an array')
    if not rule:
        raise PatternError("Empty arrays are not allowed")
    tests = [compile_matcher(each) for each in rule]
    return lambda event: _any_value(tests, _get(event, name))


def _get(event: Any, name: str) -> Any:
    if not isinstance(event, dict):
        return ABSENT
    return event[name] if name in event else _joined(event, name)


def _joined(event: dict[str, Any], name: str) -> Any:
    """A field whose path is written with dots, in the event or in the pattern."""
    start = f"{name}."
    if below := {key[len(start) :]: event[key] for key in event if key.startswith(start)}:
        return below
    head, dot, rest = name.partition(".")
    if not dot or head not in event or name.count(".") > _DEEPEST:
        return ABSENT
    found = [_get(each, rest) for each in _elements(event[head])]
    return [each for each in found if each is not ABSENT] or ABSENT


def _elements(value: Any) -> list[Any]:
    """What a value is an array of, however deep; itself if it is none."""
    return documents.elements(value) or [ABSENT]


def _any_value(tests: list[Matches], value: Any) -> bool:
    """Whether a test holds of a value that is no object: only those are matched."""
    values = [each for each in _elements(value) if not isinstance(each, dict)] or [ABSENT]
    return any(test(each) for test in tests for each in values)


def compile_matcher(rule: Any) -> Matches:
    """Return the predicate of what stands in a pattern's list. Raises PatternError."""
    if isinstance(rule, list):
        raise PatternError("Match value must be String, number, true, false, or null")
    if not isinstance(rule, dict):
        return lambda value: equal(value, rule)
    if not rule:
        raise PatternError("Match expression name not found")
    operator, argument = next(iter(rule.items()))
    build: Callable[[Any], Matches] | None = OPERATORS.get(operator)
    if build is None:
        raise PatternError(f"Unrecognized match type {operator}")
    test = build(argument)
    if len(rule) > 1:
        raise PatternError(TOO_MANY if operator in _OF_LISTS else ONE_KEY)
    return test
