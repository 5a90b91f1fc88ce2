"""What the links in messages lead to: confirming, unsubscribing, the signing certificate."""

from __future__ import annotations

from xml.sax.saxutils import escape

from cloudarium.core.errors import AwsError
from cloudarium.core.identity import ANONYMOUS, Principal, root
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.services.sns import signing
from cloudarium.wire.http import HttpRequest, HttpResponse

_XML = (("content-type", "text/xml"),)


async def answer(runtime: ServiceRuntime, request: HttpRequest) -> HttpResponse:
    """Answer a visit to a link under `/_aws/sns/`."""
    if request.path.endswith(".pem"):
        return _certificate(runtime)
    action = request.query.get("Action")
    try:
        if action == "ConfirmSubscription":
            return await _confirm(runtime, request)
        if action == "Unsubscribe":
            return await _unsubscribe(runtime, request)
    except AwsError as error:
        return _error(error)
    return HttpResponse(404, [("content-type", "text/plain")], b"Not Found")


def _certificate(runtime: ServiceRuntime) -> HttpResponse:
    ctx = runtime.context("", "", ANONYMOUS)
    with ctx.transaction():
        pem = signing.certificate(ctx)
    return HttpResponse(200, [("content-type", "application/x-pem-file")], pem.encode())


async def _confirm(runtime: ServiceRuntime, request: HttpRequest) -> HttpResponse:
    arn, token = request.query.get("TopicArn", ""), request.query.get("Token", "")
    result = await _call(runtime, "ConfirmSubscription", arn, {"TopicArn": arn, "Token": token})
    found = escape(result["SubscriptionArn"])
    return _document(
        "ConfirmSubscription",
        f"<ConfirmSubscriptionResult><SubscriptionArn>{found}</SubscriptionArn>"
        "</ConfirmSubscriptionResult>",
    )


async def _unsubscribe(runtime: ServiceRuntime, request: HttpRequest) -> HttpResponse:
    """Whoever has the link may end the subscription, as on AWS."""
    arn = request.query.get("SubscriptionArn", "")
    await _call(runtime, "Unsubscribe", arn, {"SubscriptionArn": arn})
    return _document("Unsubscribe", "")


async def _call(
    runtime: ServiceRuntime, operation: str, arn: str, params: dict[str, str]
) -> dict[str, str]:
    parts = [*arn.split(":"), "", "", "", "", ""]
    region, account = parts[3], parts[4]
    principal: Principal = ANONYMOUS if operation == "ConfirmSubscription" else root(account)
    return await runtime.kernel.dispatch(
        "sns",
        operation,
        dict(params),
        principal=principal,
        account=account,
        region=region,
        conditions={},
    )


def _document(name: str, result: str) -> HttpResponse:
    text = (
        f'<{name}Response xmlns="http://sns.amazonaws.com/doc/2010-03-31/">{result}'
        f"</{name}Response>"
    )
    return HttpResponse(200, list(_XML), text.encode())


def _error(error: AwsError) -> HttpResponse:
    text = (
        '<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error>'
        f"<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"
        "</Error></ErrorResponse>"
    )
    return HttpResponse(error.status, list(_XML), text.encode())
