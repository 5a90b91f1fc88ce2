"""Invoking Lambda functions on behalf of APIs."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine, Mapping
from functools import partial
from typing import Any

from cloudarium.core import arn
from cloudarium.core.context import Context, Response
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
) -> tuple[bytes, str]:
    """Invoke a function; return its payload and its kind of error, if it failed.

    `function` is its ARN, `principal` who it is invoked as, if not as API Gateway itself, `trace`
    the tracing header. Raises AwsError, TimeoutError after `seconds`, and ValueError for what is no
    ARN.
    """
    place = arn.parse(function)
    if place is None:
        raise ValueError(function)
    call = ctx.call(
        "lambda",
        "Invoke",
        {
            "FunctionName": function,
            "InvocationType": "RequestResponse",
            "Payload": payload,
        },
        principal=principal,
        account=place.account,
        region=place.region,
        source_arn=source_arn,
        trace=trace,
    )
    answer = await ctx.state(Invocations).within(seconds, call)
    return await content(answer.get("Payload", b"")), answer.get("FunctionError") or ""
