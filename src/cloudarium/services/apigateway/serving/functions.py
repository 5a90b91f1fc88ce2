"""Invoking Lambda functions on behalf of an API."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass

from cloudarium.core.context import Context, Response
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Principal
from cloudarium.gateway import invocations, roles
from cloudarium.gateway.http_client import ClientError
from cloudarium.gateway.invocations import Caller, with_variables
from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.failures import (
    Failure,
    configuration_error,
    timed_out,
)
from cloudarium.wire.http import content


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
    request_id: str | None = None,
) -> tuple[bytes, str]:
    """Invoke a function; return its payload and its kind of error, if it failed.

    `function` is its ARN, stage variables in it filled in; `credentials` the role to invoke it as,
    if not as API Gateway itself, `request_id` the invocation's id. Without `waits` it is an event:
    nobody hears of the outcome. Raises Failure.
    """
    params = {"InvocationType": "RequestResponse" if waits else "Event", "Payload": payload}
    where = _Where(function, credentials, source_arn, seconds, request_id)
    answer = await _call(ctx, exchange, where, "Invoke", params)
    return await content(answer.get("Payload", b"")), answer.get("FunctionError") or ""


async def stream(
    ctx: Context,
    exchange: Exchange,
    function: str,
    payload: bytes,
    *,
    credentials: str | None,
    source_arn: str,
    seconds: float,
    request_id: str | None = None,
) -> AsyncGenerator[bytes]:
    """Invoke a function as `invoke` does; return its response's parts, which may break off."""
    where = _Where(function, credentials, source_arn, seconds, request_id)
    answer = await _call(ctx, exchange, where, "InvokeWithResponseStream", {"Payload": payload})
    return _parts(answer["EventStream"])


async def _parts(events: AsyncIterator[Response]) -> AsyncGenerator[bytes]:
    async for event in events:
        if "PayloadChunk" in event:
            yield event["PayloadChunk"]["Payload"]
        elif event.get("InvokeComplete", {}).get("ErrorCode"):
            raise ClientError("Lambda execution failed")


@dataclass(frozen=True)
class _Where:
    """Which function is called, as whom, on whose behalf and for how many seconds at most."""

    function: str
    credentials: str | None
    source_arn: str
    seconds: float
    request_id: str | None = None


async def _call(
    ctx: Context, exchange: Exchange, where: _Where, operation: str, params: Response
) -> Response:
    """Return Lambda's answer; it is told to the trace. Raises Failure."""
    name = with_variables(where.function, exchange.variables)
    try:
        place = invocations.place(name)
    except ValueError:
        raise configuration_error("Invalid Lambda function ARN") from None
    traced = exchange.trace.calls_function(place) if exchange.trace else None
    principal = await _principal(ctx, exchange, where.credentials)
    trace = traced.header if traced else exchange.trace_id
    caller = Caller(principal, where.source_arn, trace, where.request_id)
    try:
        answer = await invocations.ask(ctx, name, operation, params, caller, where.seconds)
    except TimeoutError:
        raise timed_out() from None
    except AwsError as error:
        if traced:
            traced.answered(error.status)
        raise _refused(error) from error
    if traced:
        traced.answered(answer["StatusCode"], len(answer.get("Payload", b"")))
    return answer


async def _principal(ctx: Context, exchange: Exchange, credentials: str | None) -> Principal | None:
    if not credentials:
        return None
    if credentials == roles.CALLER:
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
