"""Which of the service's two frameworks an operation runs in, seen by what it says of requests.

What is wrong with a request by itself, its values and expressions, PutItem, UpdateItem and
DeleteItem put among the violations of its form; GetItem, BatchGetItem, Query and Scan say it alone;
all others say it as the older framework does. What is wrong with it for its table is worded alike
by all. Source: the service's answers in several regions as its users published them (2026).
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError

from . import errors
from .value_errors import Refused

Operation = Callable[[Context, Request], Response]

_LEVELS = 128  # of JSON; measured as values of more than about 62 levels


def is_deep(request: Mapping[str, Any]) -> bool:
    """Whether values nest so deep that the newer framework leaves the request to the older one."""
    level: list[Any] = [request]
    for _ in range(_LEVELS):
        inner = [
            part for each in level for part in (each.values() if isinstance(each, dict) else each)
        ]
        level = [part for part in inner if isinstance(part, dict | list)]
    return bool(level)


def current(template: str = "{message}") -> Callable[[Operation], Operation]:
    """Words an operation's refusals as the newer framework, each put into `template`."""

    def wrap(operation: Operation) -> Operation:
        @wraps(operation)
        def run(ctx: Context, request: Request) -> Response:
            try:
                return operation(ctx, request)
            except Refused as refused:
                if is_deep(request):
                    raise
                message = template.format(message=refused.current)
                raise AwsError(refused.code, message, refused.status) from None

        return run

    return wrap


in_envelope = current(errors.IN_ENVELOPE)
alone = current()
