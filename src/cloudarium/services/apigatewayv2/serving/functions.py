"""Invoking Lambda functions on behalf of HTTP and WebSocket APIs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Principal
from cloudarium.gateway import invocations
from cloudarium.gateway.invocations import FUNCTION_URI, with_variables
from cloudarium.services.apigatewayv2 import limits
from cloudarium.services.apigatewayv2.serving.failures import failed, unavailable
from cloudarium.services.apigatewayv2.serving.served import ServedStage

_SESSION = "BackplaneAssumeRoleSession"
# The credentials that stand for the caller's own (CreateIntegration, `CredentialsArn`).
_CALLER = "arn:aws:iam::*:user/*"


async def invoke(
    ctx: Context,
    function: str,
    payload: bytes,
    *,
    variables: Mapping[str, str],
    principal: Principal | None,
    source_arn: str,
    seconds: float,
    trace: str,
    request_id: str | None = None,
) -> tuple[bytes, str]:
    """Invoke a function; return its payload and its kind of error, if it failed.

    `function` may hold stage variables, `trace` is the tracing header, `request_id` the
    invocation's id. Raises Failure: 500 if it may not be invoked, 503 if it takes longer than
    `seconds`.
    """
    try:
        return await invocations.invoke(
            ctx,
            with_variables(function, variables),
            payload,
            principal=principal,
            source_arn=source_arn,
            seconds=seconds,
            trace=trace,
            request_id=request_id,
        )
    except TimeoutError:
        raise unavailable("The integration timed out") from None
    except ValueError:
        raise failed("Invalid Lambda function ARN") from None
    except AwsError as error:
        if error.code == "TooManyRequestsException":
            raise unavailable("The Lambda function is throttled") from error
        reason = (
            "The IAM role configured on the integration or API Gateway doesn't have permissions "
            "to call the integration. Check the permissions and try again."
        )
        raise failed(reason) from error


async def authorizer(
    ctx: Context, stage: ServedStage, document: Mapping[str, Any], event: str, trace: str
) -> tuple[bytes, str]:
    """Ask an authorizer's function (`document` is the reference's Authorizer); return as `invoke`.

    Raises Failure as `invoke` does.
    """
    match = FUNCTION_URI.fullmatch(document["AuthorizerUri"])
    assert match is not None
    return await invoke(
        ctx,
        match["function"],
        event.encode(),
        variables=stage.document["StageVariables"],
        principal=await principal(ctx, document.get("AuthorizerCredentialsArn"), None),
        source_arn=(
            f"arn:aws:execute-api:{stage.region}:{stage.account}:"
            f"{stage.api_id}/authorizers/{document['AuthorizerId']}"
        ),
        seconds=limits.AUTHORIZER_TIMEOUT_MS / 1000,
        trace=trace,
    )


async def principal(
    ctx: Context, credentials: str | None, caller: Principal | None
) -> Principal | None:
    """Return who an integration is called as: its role, the caller, or API Gateway itself (None).

    Raises the 500 Failure for a role that cannot be assumed.
    """
    if not credentials:
        return None
    if credentials == _CALLER:
        if caller is None:
            raise failed("The caller's credentials are wanted, and there are none")
        return caller
    try:
        return await ctx.assume_role(credentials, _SESSION)
    except AwsError as error:
        raise failed("API Gateway does not have permission to assume the provided role") from error
