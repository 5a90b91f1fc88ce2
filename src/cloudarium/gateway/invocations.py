"""Invoking Lambda functions on behalf of APIs."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine, Mapping
from functools import lru_cache, partial
from typing import Any, NamedTuple

from cloudarium.core import arn
from cloudarium.core.arn import Arn
from cloudarium.core.context import Context, Response
from cloudarium.core.documents import json_object
from cloudarium.core.identity import Principal
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.wire.deadlines import Deadlines
from cloudarium.wire.http import content

_VARIABLE = re.compile(r"\$\{stageVariables\.(\w+)\}")

# What integrations and authorizers name a function by (`IntegrationUri`, `uri`).
FUNCTION_URI = re.compile(
    r"arn:aws[\w-]*:apigateway:[\w-]+:lambda:path/{1,2}2015-03-31/functions/(?P<function>.+)/"
    r"invocations"
)
# What streamed integrations name a function by.
STREAMED_FUNCTION_URI = re.compile(
    r"arn:aws[\w-]*:apigateway:[\w-]+:lambda:path/{1,2}2021-11-15/functions/(?P<function>.+)/"
    r"response-streaming-invocations"
)


def with_variables(text: str, variables: Mapping[str, str]) -> str:
    """Return the text with its `${stageVariables.name}` filled in; unknown ones are empty."""
    if "${" not in text:
        return text
    return _VARIABLE.sub(lambda found: variables.get(found.group(1), ""), text)


class Invocations:
    """The invocations under way. One that is given up on goes on, as a function does on AWS."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._deadlines = Deadlines()

    async def within(self, seconds: float, call: Coroutine[Any, Any, Response]) -> Response:
        """Return what the call does, or raise TimeoutError after `seconds`."""
        loop = asyncio.get_running_loop()
        over: asyncio.Future[None] = loop.create_future()
        task = loop.create_task(call)
        self._tasks.add(task)
        task.add_done_callback(partial(self._finished, over))
        deadline = self._deadlines.after(seconds, partial(_end, over))
        try:
            await over
        finally:
            deadline.cancel()
        if not task.done():
            raise TimeoutError
        return task.result()

    def _finished(self, over: asyncio.Future[None], task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()
        _end(over)

    async def close(self) -> None:
        """Stop waiting for whatever is under way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _end(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)


async def invoke(
    ctx: Context,
    function: str,
    payload: bytes,
    *,
    principal: Principal | None,
    source_arn: str,
    seconds: float,
    trace: str = "",
    request_id: str | None = None,
) -> tuple[bytes, str]:
    """Invoke a function; return its payload and its kind of error, if it failed.

    Raises what `ask` does.
    """
    params = {"InvocationType": "RequestResponse", "Payload": payload}
    caller = Caller(principal, source_arn, trace, request_id)
    answer = await ask(ctx, function, "Invoke", params, caller, seconds)
    return await content(answer.get("Payload", b"")), answer.get("FunctionError") or ""


def error_message(payload: bytes) -> str:
    """Return the error message a function answered with, if any."""
    answer = json_object(payload) or {}
    return str(answer.get("errorMessage") or "")


class Caller(NamedTuple):
    """Who invokes a function, API Gateway itself if None, on whose behalf, in which trace.

    `source_arn` is the `aws:SourceArn` of the function's policy, `trace` the tracing header,
    `request_id` the invocation's id.
    """

    principal: Principal | None
    source_arn: str
    trace: str = ""
    request_id: str | None = None


@lru_cache(1024)
def place(function: str) -> Arn:
    """Return the parts of a function's ARN. Raises ValueError for what is none."""
    found = arn.parse(function)
    if found is None:
        raise ValueError(function)
    return found


async def ask(
    ctx: Context, function: str, operation: str, params: Response, caller: Caller, seconds: float
) -> Response:
    """Have Lambda carry out one of its operations that invoke; `function` is an ARN.

    Raises AwsError, TimeoutError after `seconds`, and ValueError for what is no ARN.
    """
    where = place(function)
    call = ctx.call(
        "lambda",
        operation,
        {"FunctionName": function, **params},
        principal=caller.principal,
        account=where.account,
        region=where.region,
        source_arn=caller.source_arn,
        request_id=caller.request_id,
        trace=caller.trace,
    )
    return await ctx.state(Invocations).within(seconds, call)
