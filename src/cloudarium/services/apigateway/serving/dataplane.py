"""The data plane: a request to a deployed API, in AWS's order.

Stage, resource policy and authorization, API key, validation, integration, response; whatever
fails on the way is answered by a gateway response.
"""

from __future__ import annotations

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import ANONYMOUS, Access, Principal, service_principal
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.gateway import limits
from cloudarium.services.apigateway.serving import (
    access_log,
    authorizers,
    cache,
    canary,
    checks,
    domains,
    execution_log,
    integrations,
    measures,
    tracing,
    usage,
)
from cloudarium.services.apigateway.serving.authentication import (
    SIGNING_NAME,
    authentication_failure,
    denial,
    is_signed,
    resource_policy,
    wrong_service,
)
from cloudarium.services.apigateway.serving.compiled import Compiled, CompiledDeployments, Method
from cloudarium.services.apigateway.serving.exchange import (
    CHANCE,
    Address,
    Exchange,
    ServedStage,
    address,
)
from cloudarium.services.apigateway.serving.failures import (
    Failure,
    missing_token,
    too_large,
)
from cloudarium.services.apigateway.serving.refusals import refusal
from cloudarium.services.apigateway.serving.stages import ServedStages
from cloudarium.services.apigateway.serving.throttle import Throttle
from cloudarium.wire.http import Answer, HttpRequest, HttpResponse

_SERVICE = "apigateway.amazonaws.com"


def handle(runtime: ServiceRuntime, request: HttpRequest) -> Answer:
    """Answer a request to `{api}.execute-api.<host>` or `/_aws/execute-api/{api}/`.

    What nobody else is asked for is answered at once.
    """
    started = runtime.kernel.clock.wall()
    request_id = runtime.kernel.ids.uuid()
    where = address(request)
    where = domains.resolved(runtime, where) if where is not None else None
    found = _served(runtime, where) if where is not None else None
    if where is None or found is None or found[1].is_disabled:
        return _forbidden(request_id)
    stage, api = found
    exchange = _exchange(runtime, request, where, stage, api, request_id)
    ctx = runtime.context(
        stage.account,
        stage.region,
        service_principal(_SERVICE, stage.account),
        request_id,
    )
    execution_log.begin(exchange)
    if _waits(exchange):
        return _later(ctx, exchange, started)
    try:
        method = _found(exchange)
        _identify(ctx, exchange, method)
        _admit(ctx, exchange, method)
        response = integrations.mock(exchange, method)
    except Failure as failure:
        return _failed(ctx, exchange, failure, started)
    return _answered(ctx, exchange, response, started)


def _waits(exchange: Exchange) -> bool:
    stage, method = exchange.stage.document, exchange.method
    if stage.get("tracingEnabled") or method is None:
        return bool(stage.get("tracingEnabled"))
    is_cached = bool(stage.get("cacheClusterEnabled"))
    return not method.is_mock or method.authorizer is not None or is_cached


def _found(exchange: Exchange) -> Method:
    if exchange.method is None:
        raise missing_token()
    return exchange.method


async def _later(ctx: Context, exchange: Exchange, started: float) -> HttpResponse:
    if exchange.stage.document.get("tracingEnabled"):
        exchange.trace = await tracing.begin(ctx, exchange)
    try:
        method = _found(exchange)
        _identify(ctx, exchange, method)
        if method.authorizer is not None:
            authorizer = exchange.api.authorizers[method.authorizer]
            await authorizers.authorize(ctx, exchange, authorizer)
        _admit(ctx, exchange, method)
        response = await cache.through(ctx, exchange, method, integrations.run)
    except Failure as failure:
        return _failed(ctx, exchange, failure, started)
    return _answered(ctx, exchange, response, started)


def _answered(
    ctx: Context, exchange: Exchange, response: HttpResponse, started: float
) -> HttpResponse:
    response.headers.append(("X-Amzn-Trace-Id", tracing.shown(exchange)))
    return _recorded(ctx, exchange, response, None, started)


def _failed(ctx: Context, exchange: Exchange, failure: Failure, started: float) -> HttpResponse:
    return _recorded(ctx, exchange, refusal(exchange, failure), failure, started)


def _recorded(
    ctx: Context,
    exchange: Exchange,
    response: HttpResponse,
    failure: Failure | None,
    started: float,
) -> HttpResponse:
    """Log and count a request, and give its response the ids."""
    execution_log.record(ctx.telemetry, exchange, response, failure)
    response.headers += (
        ("x-amzn-RequestId", exchange.request_id),
        ("x-amz-apigw-id", exchange.extended_id),
    )
    seconds = ctx.clock.wall() - started
    measures.record(ctx, exchange, response.status, seconds)
    access_log.record(ctx.telemetry, exchange, response, seconds)
    if exchange.trace is not None:
        exchange.trace.ended(response.status)
    return response


def _served(runtime: ServiceRuntime, where: Address) -> tuple[ServedStage, Compiled] | None:
    """Return the stage and its compiled deployment, if there is such a stage."""
    stored = runtime.state(ServedStages).get(where.api_id, where.stage)
    if stored is None:
        return None
    stage = canary.drawn(stored, runtime.kernel.ids)
    return stage, runtime.state(CompiledDeployments).get(where.api_id, stage.deployment_id)


def _exchange(
    runtime: ServiceRuntime,
    request: HttpRequest,
    where: Address,
    stage: ServedStage,
    api: Compiled,
    request_id: str,
) -> Exchange:
    kernel = runtime.kernel
    method, parameters = api.router.find(request.method.upper(), where.path) or (None, {})
    exchange = Exchange(
        request,
        stage,
        api,
        where.path,
        request_id,
        kernel.ids.hex(CHANCE),
        kernel.clock.now(),
        method,
        parameters,
    )
    if where.domain:
        exchange.domain, exchange.shown_path = where.domain, where.shown_path
    return exchange


def _admit(ctx: Context, exchange: Exchange, method: Method) -> None:
    """Count and check the request of a caller who may make it. Raises Failure."""
    if method.document["apiKeyRequired"]:
        usage.admit(ctx, exchange)
    ctx.state(Throttle).admit(exchange)
    checks.validate(exchange, method)


def _identify(ctx: Context, exchange: Exchange, method: Method) -> None:
    """Authenticate the caller and ask the resource policy. Raises Failure."""
    if exchange.request.body.size > limits.PAYLOAD_BYTES:
        raise too_large()
    if method.is_signed:
        if not is_signed(exchange.request):
            raise missing_token()
        try:
            caller = ctx.runtime.authenticate(exchange.request)
        except AwsError as error:
            raise authentication_failure(error) from error
        if caller.service != SIGNING_NAME:
            raise wrong_service()
        exchange.principal, exchange.access_key = caller.principal, caller.access_key_id
    if exchange.api.policy is not None or method.is_signed:
        _check_access(ctx, exchange, exchange.principal or ANONYMOUS)


def _check_access(ctx: Context, exchange: Exchange, principal: Principal) -> None:
    stage = exchange.stage
    policy = resource_policy(exchange.api.policy, stage.region, stage.account, stage.api_id)
    conditions: dict[str, str | list[str]] = {
        "aws:SourceIp": exchange.request.client,
        "aws:RequestedRegion": stage.region,
        "aws:SecureTransport": "false",
    }
    access = Access("execute-api:Invoke", exchange.arn, policy=policy)
    try:
        ctx.runtime.kernel.authorize(principal, access, conditions)
    except AwsError as error:
        raise denial(error, principal, exchange.arn, stage.account) from error


def _forbidden(request_id: str) -> HttpResponse:
    """No such API or stage: API Gateway says no more than this."""
    return HttpResponse(
        403,
        [
            ("Content-Type", "application/json"),
            ("x-amzn-RequestId", request_id),
            ("x-amzn-ErrorType", "ForbiddenException"),
        ],
        b'{"message":"Forbidden"}',
    )
