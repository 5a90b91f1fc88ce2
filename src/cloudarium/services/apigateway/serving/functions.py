"""Invoking Lambda functions on behalf of an API."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from functools import lru_cache
from typing import Any

from cloudarium.core import arn
from cloudarium.core.context import Context, Response
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Principal
from cloudarium.gateway.invocations import Invocations, with_variables
from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.failures import (
    Failure,
    configuration_error,
    timed_out,
)
from cloudarium.services.apigateway.serving.tracing import Call
from cloudarium.wire.http import content

# The credentials that stand for the caller's own (PutIntegration, `credentials`).
_CALLER = "arn:aws:iam::*:user/*"


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
    name = with_variables(function, exchange.variables)
    place = _place(name)
    if place is None:
        raise configuration_error("Invalid Lambda function ARN")
    traced = exchange.trace.calls_function(place) if exchange.trace else None
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
        trace=traced.header if traced else exchange.trace_id,
    )
    answer = await _answer(ctx, call, seconds, traced)
    return await content(answer.get("Payload", b"")), answer.get("FunctionError") or ""


async def _answer(
    ctx: Context, call: Coroutine[Any, Any, Response], seconds: float, traced: Call | None
) -> Response:
    """Return Lambda's answer; it is told to the trace. Raises Failure."""
    try:
        task = asyncio.ensure_future(call)
        answer: Response = await ctx.state(Invocations).within(seconds, task)
    except TimeoutError:
        raise timed_out() from None
    except AwsError as error:
        if traced:
            traced.answered(error.status)
        raise _refused(error) from error
    if traced:
        traced.answered(answer["StatusCode"], len(answer.get("Payload", b"")))
    return answer


_place = lru_cache(1024)(arn.parse)


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
