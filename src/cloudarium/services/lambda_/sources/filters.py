"""Filter criteria: which records a function is invoked with.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from cloudarium.core.patterns import PatternError, compile_kept, compile_pattern
from cloudarium.services.lambda_ import errors, limits, source_errors

Record = dict[str, Any]


def checked(criteria: dict[str, Any]) -> dict[str, Any] | None:
    """FilterCriteria as they are kept, None for none; raises InvalidParameterValueException."""
    filters = criteria.get("Filters") or []
    if len(filters) > limits.FILTERS:
        raise errors.invalid(
            source_errors.TOO_MANY_FILTERS.format(limit=limits.FILTERS, given=len(filters))
        )
    for each in filters:
        try:
            compile_pattern(each.get("Pattern", ""))
        except PatternError:
            raise errors.invalid(source_errors.BAD_FILTER) from None
    return {"Filters": filters} if filters else None


def compiled(criteria: dict[str, Any] | None) -> Callable[[Record], bool]:
    """Whether a record passes: without criteria every one does, else if any filter matches."""
    patterns = [each["Pattern"] for each in (criteria or {}).get("Filters", [])]
    if not patterns:
        return lambda record: True
    tests = [_test(pattern) for pattern in patterns]
    return lambda record: any(test(record) for test in tests)


def _test(pattern: str) -> Callable[[Record], bool]:
    matches = compile_kept(pattern)
    if not isinstance(orjson.loads(pattern).get("body"), dict):
        return matches
    return lambda record: matches(_with_parsed_body(record))


def _with_parsed_body(record: Record) -> Record:
    """A pattern with an object for the body is for messages whose body is JSON."""
    try:
        return {**record, "body": orjson.loads(record.get("body", ""))}
    except orjson.JSONDecodeError:
        return record
