"""The data plane: a request to a deployed API, in AWS's order.

Stage, resource policy and authorization, API key, validation, integration, response; whatever
fails on the way is answered by a gateway response.
"""

from __future__ import annotations

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import ANONYMOUS, Principal, service_principal
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.gateway import limits, requests
from cloudarium.services.apigateway.serving import (
    access,
    access_log,
    authorizers,
    cache,
    canary,
    checks,
    compression,
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
    is_signed,
    not_private,
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
    if requests.is_head_too_large(request):
        return _too_large(f"HTTP header is larger than {limits.HEAD_BYTES} bytes.")
    if request.body.size > limits.PAYLOAD_BYTES:
        return _too_large(f"HTTP content length exceeded {limits.PAYLOAD_BYTES} bytes.")
    started = runtime.kernel.clock.wall()
    request_id = runtime.kernel.ids.uuid()
    where = address(request)
    where = domains.resolved(runtime, request, where) if where is not None else None
    found = _served(runtime, where) if where is not None else None
    if where is None or found is None or (found[1].is_disabled and not where.domain):
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
    stage, method = exchange.stage, exchange.method
    return stage.is_traced or (method is not None and (method.waits or stage.is_cached))


def _found(exchange: Exchange) -> Method:
    if exchange.method is None:
        raise missing_token()
    return exchange.method


async def _later(ctx: Context, exchange: Exchange, started: float) -> HttpResponse:
    if exchange.stage.is_traced:
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
    if exchange.method is not None and exchange.method.is_traced:
        response.headers.append(("X-Amzn-Trace-Id", tracing.shown(exchange)))
    compression.encode(exchange, response)
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
    execution_log.record(ctx, exchange, response, failure)
    response.headers += (
        ("x-amzn-RequestId", exchange.request_id),
        ("x-amz-apigw-id", exchange.extended_id),
    )
    seconds = ctx.clock.wall() - started
    measures.record(ctx, exchange, response.status, seconds)
    access_log.record(ctx, exchange, response, seconds, failure)
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
        exchange.base_path, exchange.rule_id = where.base_path, where.rule_id
    return exchange


def _admit(ctx: Context, exchange: Exchange, method: Method) -> None:
    """Count and check the request of a caller who may make it. Raises Failure."""
    if method.document["apiKeyRequired"]:
        usage.admit(ctx, exchange)
    ctx.state(Throttle).admit(exchange)
    execution_log.start(exchange)
    checks.validate(exchange, method)


def _identify(ctx: Context, exchange: Exchange, method: Method) -> None:
    """Read the payload, authenticate the caller and ask the resource policy. Raises Failure.

    Where there is an authorizer, that asks the policy.
    """
    compression.decode(exchange)
    if exchange.api.is_private:
        _check_home(ctx, exchange)
    if method.is_signed:
        exchange.principal, exchange.access_key = _authenticated(ctx, exchange)
    if method.authorizer is None and (exchange.api.policy is not None or method.is_signed):
        access.check(ctx, exchange, exchange.principal or ANONYMOUS)


def _check_home(ctx: Context, exchange: Exchange) -> None:
    """Raise the 403 Failure unless a caller of the API's own account signed the request."""
    signature = exchange.request.headers.get("authorization", "")
    if signature.startswith("AWS4-") or "X-Amz-Signature" in exchange.request.query:
        principal, _ = _authenticated(ctx, exchange)
        if principal.account == exchange.stage.account:
            return
    raise not_private(exchange.arn)


def _authenticated(ctx: Context, exchange: Exchange) -> tuple[Principal, str]:
    """Return who signed the request, and with which access key."""
    if not is_signed(exchange.request):
        raise missing_token()
    try:
        caller = ctx.runtime.authenticate(exchange.request)
    except AwsError as error:
        raise authentication_failure(error) from error
    if caller.service != SIGNING_NAME:
        raise wrong_service()
    return caller.principal, caller.access_key_id


def _too_large(told: str) -> HttpResponse:
    """The request is over a limit: it is not even looked at for whom it is.

    In plain text, and not by a gateway response, as recorded in public issue threads.
    """
    return HttpResponse(413, [("Content-Type", "text/plain")], told.encode())


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
