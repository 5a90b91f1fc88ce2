"""What a request asks for, be it by expressions or by the parameters they replaced."""

from collections.abc import Callable, Mapping
from typing import Any

from cloudarium.core.errors import AwsError

from . import errors
from .expressions import legacy
from .expressions.expressions import Expressions, expressions_of
from .expressions.scope import scope_of
from .value_errors import refused

NOTHING_ASKED = Expressions()
# In the order in which the service lists them.
_EXPRESSIONS = (
    "ProjectionExpression",
    "FilterExpression",
    "KeyConditionExpression",
    "UpdateExpression",
    "ConditionExpression",
)
_OLDER = frozenset(legacy.PARAMETERS)
_PARAMETERS = frozenset(
    (
        *legacy.PARAMETERS,
        *_EXPRESSIONS,
        "ExpressionAttributeNames",
        "ExpressionAttributeValues",
    )
)


def asked_of(
    request: Mapping[str, Any], *parameters: str, first: Callable[[], object] | None = None
) -> Expressions:
    """What a request asks for; `parameters` are the expression parameters the operation has.

    `first` checks the item or key, which is looked at once it is known that the parameters go
    together. Raises ValidationException, as AWS does, before any table is looked up.
    """
    if _PARAMETERS.isdisjoint(request):
        if first is not None:
            first()
        return NOTHING_ASKED
    try:
        return _asked_of(request, parameters, first)
    except AwsError as error:
        raise refused(error) from None


def asked_of_page(
    request: Mapping[str, Any], *parameters: str, start: Callable[[], object]
) -> Expressions:
    """As `asked_of`; `start` checks where to begin, before expressions or after the older ones."""
    is_old = not _OLDER.isdisjoint(request)
    found = asked_of(request, *parameters, first=None if is_old else start)
    if is_old:
        start()
    return found


def _asked_of(
    request: Mapping[str, Any],
    parameters: tuple[str, ...],
    first: Callable[[], object] | None,
) -> Expressions:
    present = [name for name in legacy.PARAMETERS if request.get(name) is not None]
    if not present:
        return expressions_of(request, *parameters, first=first)
    expressions = [name for name in _EXPRESSIONS if request.get(name) is not None]
    if present == ["KeyConditions"] and "KeyConditionExpression" not in expressions:
        found = expressions_of(request, *parameters, first=first)
        found.keys = legacy.translated(request).keys
        return found
    if expressions:
        raise errors.MixedParameters(legacy=", ".join(present), expressions=", ".join(expressions))
    scope_of(request, parameters, first=first)
    return legacy.translated(request)
