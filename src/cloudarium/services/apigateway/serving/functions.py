"""Invoking Lambda functions on behalf of an API."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from cloudarium.core import arn
from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Principal
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.failures import (
    Failure,
    configuration_error,
    timed_out,
)
from cloudarium.wire.http import content

_VARIABLE = re.compile(r"\$\{stageVariables\.(\w+)\}")
# The credentials that stand for the caller's own (PutIntegration, `credentials`).
_CALLER = "arn:aws:iam::*:user/*"


class Invocations:
    """The invocations under way. One that is given up on goes on, as a function does on AWS."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    async def within(self, seconds: float, task: asyncio.Task[Any]) -> Any:
        """Return the task's result, or raise the timeout's Failure after `seconds`."""
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        done, _ = await asyncio.wait({task}, timeout=seconds)
        if not done:
            raise timed_out()
        return task.result()

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()

    async def close(self) -> None:
        """Stop waiting for whatever is under way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def invoke(
    ctx: Context,
    exchange: Exchange,
    function: str,
    payload: bytes,
    *,
    credentials: str | None,
    source_arn: str,
    seconds: float,
    waits: bool = True,
) -> tuple[bytes, str]:
    """Invoke a function; return its payload and its kind of error, if it failed.

    `function` is its ARN, stage variables in it filled in; `credentials` the role to invoke it as,
    if not as API Gateway itself. Without `waits` it is an event: nobody hears of the outcome.
    Raises Failure.
    """
    variables = exchange.variables
    name = _VARIABLE.sub(lambda found: variables.get(found.group(1), ""), function)
    place = arn.parse(name)
    if place is None:
        raise configuration_error("Invalid Lambda function ARN")
    call = ctx.call(
        "lambda",
        "Invoke",
        {
            "FunctionName": name,
            "InvocationType": "RequestResponse" if waits else "Event",
            "Payload": payload,
        },
        principal=await _principal(ctx, exchange, credentials),
        account=place.account,
        region=place.region,
        source_arn=source_arn,
    )
    try:
        task = asyncio.ensure_future(call)
        answer = await ctx.state(Invocations).within(seconds, task)
    except AwsError as error:
        raise _refused(error) from error
    return await content(answer.get("Payload", b"")), answer.get("FunctionError") or ""


async def _principal(ctx: Context, exchange: Exchange, credentials: str | None) -> Principal | None:
    if not credentials:
        return None
    if credentials == _CALLER:
        if exchange.principal is None:
            raise configuration_error("The caller's credentials are wanted, and there are none")
        return exchange.principal
    try:
        return await ctx.assume_role(credentials, "BackplaneAssumeRoleSession")
    except AwsError as error:
        raise configuration_error(
            "API Gateway does not have permission to assume the provided role"
        ) from error


def _refused(error: AwsError) -> Failure:
    if error.code == "TooManyRequestsException":
        return configuration_error("Lambda invocation failed with status: 429")
    if error.code in ("AccessDeniedException", "ResourceNotFoundException"):
        return configuration_error("Invalid permissions on Lambda function")
    return configuration_error(f"Lambda invocation failed with status: {error.status}")
