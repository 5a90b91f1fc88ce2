"""Filter expressions, as GetTraceSummaries and groups have them.

https://docs.aws.amazon.com/xray/latest/devguide/xray-console-filters.html
"""

from __future__ import annotations

from collections.abc import Callable

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.xray import errors, groups
from cloudarium.services.xray.filters import parser, scopes
from cloudarium.services.xray.filters.parser import Predicate
from cloudarium.services.xray.filters.scopes import Scope, Selector
from cloudarium.services.xray.traces import Trace

__all__ = ["check", "compiled", "selector"]


def compiled(ctx: Context, expression: str | None) -> Callable[[Trace], bool]:
    """Return what tells whether a trace matches. Raises InvalidRequestException."""
    if not expression or not expression.strip():
        return lambda trace: True
    predicate = _parsed(expression, _lookup(ctx))
    return lambda trace: predicate(scopes.of_trace(trace))


def selector(expression: str) -> Selector:
    """Return what a selector (`service(...)`, `edge(...)`, `id(...)`) picks of a trace.

    Raises InvalidRequestException.
    """
    try:
        return parser.selector(expression)
    except parser.SyntaxProblem:
        raise errors.BadSelector() from None


def check(expression: str | None) -> None:
    """Raise InvalidRequestException for an expression that is none."""
    if expression and expression.strip():
        _parsed(expression, lambda key, value: _never)


def _never(scope: Scope) -> bool:
    return False


def _parsed(expression: str, lookup: parser.Lookup) -> Predicate:
    try:
        return parser.parsed(expression, lookup)
    except parser.SyntaxProblem as problem:
        raise errors.BadExpression(reason=str(problem)) from None


def _lookup(ctx: Context) -> parser.Lookup:
    """Return what finds the predicate of a group by its name or ARN, for `group.name = "..."`."""

    def found(key: str, value: str) -> Predicate:
        try:
            group = groups.find(ctx, **{key: value})
        except AwsError:
            raise parser.SyntaxProblem(f"there is no group {value}") from None
        text = group.expression or ""
        if not text.strip():
            return lambda scope: True
        return parser.parsed(text, _no_groups)

    return found


def _no_groups(key: str, value: str) -> Predicate:
    raise parser.SyntaxProblem("a group's expression cannot name groups")
