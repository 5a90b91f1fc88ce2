"""The requests to function URLs: authorized, turned into an invocation, answered."""

from __future__ import annotations

import re

import orjson

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import ANONYMOUS, Access, Principal, service_principal
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.services.lambda_ import invocations, policies, reports, streaming, traces
from cloudarium.services.lambda_.invocations import Event
from cloudarium.services.lambda_.urls import configs, cors, events, streamed
from cloudarium.services.lambda_.urls.configs import FunctionUrl
from cloudarium.wire.http import HttpRequest, HttpResponse

_HOST = re.compile(r"([a-z0-9]+)\.lambda-url\..+")
_FORBIDDEN = (
    "Forbidden. For troubleshooting Function URL authorization issues, see:"
    " https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
)
_PATH = re.compile(r"/_aws/lambda-url/([a-z0-9]+)(/.*)?$")


async def handle(runtime: ServiceRuntime, request: HttpRequest) -> HttpResponse:
    """Answer a request to `<id>.lambda-url.<region>.<host>` or `/_aws/lambda-url/<id>/`."""
    identity, path = _address(request)
    with runtime.store.transaction():
        url = configs.by_id(_context(runtime, None), identity)
    if url is None:
        return _forbidden(None)
    ctx = _context(runtime, url)
    ctx.trace = request.headers.get("x-amzn-trace-id", "")
    response = cors.preflight(url.cors, request)
    if response is None:
        response = await _answer(ctx, url, request, path)
        cors.add(url.cors, request, response)
    response.headers.append(("x-amzn-RequestId", ctx.request_id))
    _count(ctx, url, response.status)
    return response


def _address(request: HttpRequest) -> tuple[str, str]:
    """The URL's id, and the path below it."""
    if found := _HOST.fullmatch(request.host):
        return found[1], request.decoded_path
    found = _PATH.match(request.decoded_path)
    return (found[1], found[2] or "/") if found else ("", "")


def _context(runtime: ServiceRuntime, url: FunctionUrl | None) -> Context:
    account, region = (url.reference.account, url.reference.region) if url else ("", "")
    return runtime.context(account, region, service_principal(runtime.service.principal, account))


async def _answer(ctx: Context, url: FunctionUrl, request: HttpRequest, path: str) -> HttpResponse:
    try:
        caller = ctx.runtime.authenticate(request).principal if url.auth == "AWS_IAM" else ANONYMOUS
    except AwsError:
        return _forbidden()
    if not _allowed(ctx, url, caller):
        return _forbidden()
    signed = None if caller is ANONYMOUS else caller
    trace = traces.new_trace(ctx)
    payload = events.event(ctx, url, request, path, signed, trace)
    response = await _invoked(ctx, url, Event(ctx.request_id, payload, "", trace))
    response.headers.append(("X-Amzn-Trace-Id", trace))
    return response


async def _invoked(ctx: Context, url: FunctionUrl, event: Event) -> HttpResponse:
    try:
        with ctx.transaction():
            target = invocations.resolve(ctx, url.reference)
        if url.mode == "RESPONSE_STREAM":
            return await streamed.response(await streaming.begin(ctx, target, event))
        outcome = (await invocations.run(ctx, target, event)).outcome
    except AwsError as error:
        return _json(error.status, {**error.members, "message": error.message})
    except ValueError:
        return _plain(502, "Internal Server Error")
    if outcome.error_type:
        return _plain(502, "Internal Server Error")
    try:
        return events.response(outcome.payload)
    except ValueError:
        return _plain(502, "Internal Server Error")


def _allowed(ctx: Context, url: FunctionUrl, caller: Principal) -> bool:
    """Whether both permissions that URLs have wanted since October 2025 are there."""
    with ctx.transaction():
        policy = policies.get(ctx, url.reference)
    by_url = {"lambda:FunctionUrlAuthType": url.auth}
    invoked = {"lambda:InvokedViaFunctionUrl": "true"}
    wanted = (
        Access("lambda:InvokeFunctionUrl", url.reference.arn, by_url, policy),
        Access("lambda:InvokeFunction", url.reference.arn, invoked, policy),
    )
    return all(ctx.allowed(access, caller) for access in wanted)


def _forbidden(text: str | None = _FORBIDDEN) -> HttpResponse:
    """Of who may not, and of a URL that is not there, of which AWS says no more."""
    response = _json(403, {"Message": text})
    response.headers.append(("x-amzn-ErrorType", "AccessDeniedException"))
    return response


def _json(status: int, value: object) -> HttpResponse:
    return HttpResponse(status, [("Content-Type", "application/json")], orjson.dumps(value))


def _plain(status: int, text: str) -> HttpResponse:
    return HttpResponse(status, [("Content-Type", "text/plain")], text.encode())


def _count(ctx: Context, url: FunctionUrl, status: int) -> None:
    for name, value in (
        ("UrlRequestCount", 1),
        ("Url4xxCount", int(400 <= status < 500)),
        ("Url5xxCount", int(status >= 500)),
    ):
        reports.count(ctx.telemetry, url.reference, name, value, "Count")
