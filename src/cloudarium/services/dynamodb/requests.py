"""What a request asks for, be it by expressions or by the parameters they replaced."""

from collections.abc import Mapping
from typing import Any

from . import errors
from .expressions import legacy
from .expressions.expressions import Expressions, expressions_of
from .expressions.scope import scope_of

NOTHING_ASKED = Expressions()
_PARAMETERS = frozenset(
    (
        *legacy.PARAMETERS,
        "ConditionExpression",
        "ExpressionAttributeNames",
        "ExpressionAttributeValues",
        "FilterExpression",
        "KeyConditionExpression",
        "ProjectionExpression",
        "UpdateExpression",
    )
)


def asked_of(request: Mapping[str, Any], *parameters: str) -> Expressions:
    """What a request asks for; `parameters` are the expression parameters the operation has.

    Raises ValidationException, as AWS does, before any item is read.
    """
    if _PARAMETERS.isdisjoint(request):
        return NOTHING_ASKED
    present = [name for name in legacy.PARAMETERS if request.get(name) is not None]
    if not present:
        return expressions_of(request, *parameters)
    expressions = [name for name in parameters if request.get(name) is not None]
    if expressions:
        raise errors.MixedParameters(legacy=", ".join(present), expressions=", ".join(expressions))
    scope_of(request, parameters)
    return legacy.translated(request)
