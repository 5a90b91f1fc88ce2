"""The data plane: a request to a deployed API, in AWS's order.

Stage, resource policy and authorization, API key, validation, integration, response; whatever
fails on the way is answered by a gateway response.
"""

from __future__ import annotations

from typing import NoReturn

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import ANONYMOUS, Principal, service_principal
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.gateway import limits, requests
from cloudarium.services.apigateway.serving import (
    access,
    access_log,
    addresses,
    authorizers,
    cache,
    canary,
    checks,
    compression,
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
from cloudarium.services.apigateway.serving.compiled import Method
from cloudarium.services.apigateway.serving.exchange import Exchange
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
    request_id = runtime.kernel.ids.uuid()
    exchange = _exchange(runtime, request, request_id)
    if exchange is None:
        return _forbidden(request_id)
    stage = exchange.stage
    caller = service_principal(_SERVICE, stage.account)
    ctx = runtime.context(stage.account, stage.region, caller, request_id)
    if exchange.settings:
        execution_log.begin(exchange)
    if _waits(exchange):
        return _later(ctx, exchange)
    try:
        method = exchange.method or _missing()
        _identify(ctx, exchange, method)
        _admit(ctx, exchange, method)
        response = integrations.mock(exchange, method)
    except Failure as failure:
        return _failed(ctx, exchange, failure)
    return _answered(ctx, exchange, response)


def _waits(exchange: Exchange) -> bool:
    stage, method = exchange.stage, exchange.method
    return stage.is_traced or (method is not None and (method.waits or stage.is_cached))


def _missing() -> NoReturn:
    raise missing_token()


async def _later(ctx: Context, exchange: Exchange) -> HttpResponse:
    if exchange.stage.is_traced:
        exchange.trace = await tracing.begin(ctx, exchange)
    try:
        method = exchange.method or _missing()
        _identify(ctx, exchange, method)
        if method.authorizer is not None:
            authorizer = exchange.api.authorizers[method.authorizer]
            started = ctx.clock.wall()
            try:
                await authorizers.authorize(ctx, exchange, authorizer)
            finally:
                exchange.authorizer_seconds = ctx.clock.wall() - started
        _admit(ctx, exchange, method)
        response = await cache.through(ctx, exchange, method, integrations.run)
    except Failure as failure:
        return _failed(ctx, exchange, failure)
    return _answered(ctx, exchange, response)


def _answered(ctx: Context, exchange: Exchange, response: HttpResponse) -> HttpResponse:
    if exchange.method is not None and exchange.method.is_traced:
        response.headers.append(("X-Amzn-Trace-Id", tracing.shown(exchange)))
    if exchange.api.compression is not None:
        compression.encode(exchange, response, exchange.api.compression)
    return _recorded(ctx, exchange, response, None)


def _failed(ctx: Context, exchange: Exchange, failure: Failure) -> HttpResponse:
    return _recorded(ctx, exchange, refusal(exchange, failure), failure)


def _recorded(
    ctx: Context,
    exchange: Exchange,
    response: HttpResponse,
    failure: Failure | None,
) -> HttpResponse:
    """Log and count a request, and give its response the ids."""
    if exchange.settings:
        execution_log.record(ctx, exchange, response, failure)
    response.headers += (
        ("x-amzn-RequestId", exchange.request_id),
        ("x-amz-apigw-id", exchange.extended_id),
    )
    seconds = ctx.runtime.kernel.clock.wall() - exchange.started
    measures.record(ctx, exchange, response.status, seconds)
    if exchange.stage.has_access_log:
        access_log.record(ctx, exchange, response, seconds, failure)
    if exchange.trace is not None:
        exchange.trace.ended(response.status)
    return response


def _exchange(runtime: ServiceRuntime, request: HttpRequest, request_id: str) -> Exchange | None:
    """Return a request under way, its method found; None if it is to no stage there is."""
    where = addresses.resolve(runtime, request)
    stage = runtime.state(ServedStages).get(where.api_id, where.stage) if where else None
    if where is None or stage is None:
        return None
    if stage.canary is not None and canary.is_drawn(stage, runtime.kernel.ids):
        stage = stage.canary
    if stage.api.is_disabled and not where.domain:
        return None
    method, parameters = stage.api.router.find(request.method, where.path) or (None, {})
    return Exchange(runtime.kernel, request_id, request, where, stage, method, parameters)


def _admit(ctx: Context, exchange: Exchange, method: Method) -> None:
    """Count and check the request of a caller who may make it. Raises Failure."""
    if method.document["apiKeyRequired"]:
        usage.admit(ctx, exchange)
    ctx.state(Throttle).admit(exchange)
    if exchange.notes is not None:
        execution_log.start(exchange)
    if method.check is not None:
        checks.validate(exchange, method.check)


def _identify(ctx: Context, exchange: Exchange, method: Method) -> None:
    """Read the payload, authenticate the caller and ask the resource policy. Raises Failure.

    Where there is an authorizer, that asks the policy.
    """
    if exchange.api.compression is not None:
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
