"""Which of the service's two frameworks an operation runs in, seen by its words for bad values.

PutItem, UpdateItem and DeleteItem put them among the violations of the request's form; GetItem,
BatchGetItem and Query say them alone; all others say them as the older framework does.
"""

from collections.abc import Callable
from functools import wraps

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError

from .value_errors import Refused

Operation = Callable[[Context, Request], Response]


def current(template: str = "{message}") -> Callable[[Operation], Operation]:
    """Words an operation's refusals of values as the newer framework, each put into `template`."""

    def wrap(operation: Operation) -> Operation:
        @wraps(operation)
        def run(ctx: Context, request: Request) -> Response:
            try:
                return operation(ctx, request)
            except Refused as refused:
                message = template.format(message=refused.current)
                raise AwsError(refused.code, message, refused.status) from None

        return run

    return wrap


in_envelope = current("1 validation error detected: {message}")
alone = current()
