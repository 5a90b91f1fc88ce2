"""Requests as events and answers as responses: payload format 2.0.

https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.core.documents import Json, json_value
from cloudarium.core.identity import Principal
from cloudarium.services.lambda_.urls.configs import FunctionUrl
from cloudarium.wire.http import Headers, HttpRequest, HttpResponse

_NOT_SHOWN = frozenset({"connection", "cookie", "keep-alive", "te", "transfer-encoding", "upgrade"})
_TEXT = ("text/", "application/json", "application/javascript", "application/xml")


def event(
    ctx: Context,
    url: FunctionUrl,
    request: HttpRequest,
    path: str,
    caller: Principal | None,
    trace: str,
) -> bytes:
    """What the function is invoked with; `caller` is who signed the request."""
    headers = _headers(request, trace)
    body = request.body.read()
    made: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": request.query_string,
        "headers": headers,
        "requestContext": _request_context(ctx, url, request, path, caller),
        "isBase64Encoded": False,
    }
    if request.headers.get("cookie"):
        made["cookies"] = [each.strip() for each in request.headers["cookie"].split(";")]
    if request.query_pairs:
        values: dict[str, list[str]] = {}
        for name, value in request.query_pairs:
            values.setdefault(name, []).append(value)
        made["queryStringParameters"] = {name: ",".join(each) for name, each in values.items()}
    if body:
        made["body"], made["isBase64Encoded"] = _body(body, headers.get("content-type", ""))
    return Json(orjson.dumps(made))


def _headers(request: HttpRequest, trace: str) -> dict[str, str]:
    """The caller's headers without those of its connection, and those that AWS adds."""
    port = request.headers.get("host", "").rpartition(":")[2]
    return {
        "x-forwarded-for": request.client,
        **{name: value for name, value in request.headers.items() if name not in _NOT_SHOWN},
        "x-amzn-trace-id": trace,
        "x-forwarded-port": port if port.isdigit() else "80",
        "x-forwarded-proto": "http",
    }


def _body(body: bytes, content_type: str) -> tuple[str, bool]:
    if not content_type or content_type.startswith(_TEXT):
        try:
            return body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body).decode(), True


def _request_context(
    ctx: Context, url: FunctionUrl, request: HttpRequest, path: str, caller: Principal | None
) -> dict[str, Any]:
    moment = datetime.fromtimestamp(ctx.now, UTC)
    context: dict[str, Any] = {
        "accountId": caller.account if caller else "anonymous",
        "apiId": url.id,
        "domainName": request.host,
        "domainPrefix": url.id,
        "http": {
            "method": request.method,
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": request.client,
            "userAgent": request.headers.get("user-agent", ""),
        },
        "requestId": ctx.request_id,
        "routeKey": "$default",
        "stage": "$default",
        "time": moment.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "timeEpoch": int(ctx.now * 1000),
    }
    if caller:
        context["authorizer"] = {
            "iam": {
                "accountId": caller.account,
                "callerId": caller.id,
                "cognitoIdentity": None,
                "principalOrgId": None,
                "userArn": caller.arn,
                "userId": caller.id,
            }
        }
    return context


def response(payload: bytes) -> HttpResponse:
    """A function's answer as an HTTP response. ValueError if it cannot be one."""
    answer: Any = json_value(payload or b"null")
    if not isinstance(answer, dict) or "statusCode" not in answer:
        plain = answer.encode() if isinstance(answer, str) else payload
        return HttpResponse(200, [("Content-Type", "application/json")], plain)
    status, headers = head(answer, "application/json")
    body = answer.get("body")
    text = body if isinstance(body, str) else "" if body is None else orjson.dumps(body).decode()
    if not answer.get("isBase64Encoded"):
        return HttpResponse(status, headers, text.encode())
    try:
        return HttpResponse(status, headers, base64.b64decode(text))
    except binascii.Error as error:
        raise ValueError(str(error)) from None


def head(answer: dict[str, Any], content_type: str) -> tuple[int, Headers]:
    """The status and headers of an answer; `content_type` is for those that tell none."""
    headers: Headers = [
        (str(name), _text(value)) for name, value in (answer.get("headers") or {}).items()
    ]
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", content_type))
    headers += [("Set-Cookie", str(cookie)) for cookie in answer.get("cookies") or ()]
    return int(answer["statusCode"]), headers


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
