"""What a function's answer means.

Source: Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs in API Gateway", Lambda
function response formats.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

from cloudarium.core.documents import json_value
from cloudarium.gateway.invocations import error_message
from cloudarium.services.apigatewayv2.serving.failures import failed
from cloudarium.wire.http import Headers, HttpResponse

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# Headers a backend cannot set: they come out under this prefix, or not at all. Source: Developer
# Guide, "Amazon API Gateway important notes", header restrictions.
_DROPPED = frozenset({"connection", "content-length", "transfer-encoding", "keep-alive", "trailer"})


def response(payload: bytes, version: str) -> HttpResponse:
    """Return the response a function's answer describes. Raises the 500 Failure."""
    try:
        answer = json_value(payload or b"null")
    except ValueError:
        raise failed("The response from the Lambda function doesn't match the format") from None
    if not isinstance(answer, dict) or "statusCode" not in answer:
        if version == "1.0":
            raise failed("The response from the Lambda function doesn't match the format")
        text = answer.encode() if isinstance(answer, str) else payload
        return HttpResponse(200, [("content-type", "application/json")], text)
    headers = _headers(answer, version)
    if not any(name.lower() == "content-type" for name, _ in headers):
        default = "text/plain; charset=utf-8" if version == "2.0" else "application/json"
        headers.append(("content-type", default))
    return HttpResponse(_status(answer["statusCode"]), headers, _body(answer))


def problem(payload: bytes) -> str:
    """Return what logs say of a function that failed with `payload` (recorded publicly)."""
    return (
        f"The Lambda function returned the following error: {error_message(payload)}. "
        "Check your Lambda function code and try again."
    )


def kept(headers: Headers) -> Headers:
    """Return a backend's headers without those that are the gateway's own."""
    return [(name, value) for name, value in headers if name.lower() not in _DROPPED]


def _status(value: Any) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"[2-5]\d\d", str(value)):
        raise failed("The statusCode of the Lambda function's response is none")
    return int(value)


def _headers(answer: dict[str, Any], version: str) -> Headers:
    single = answer.get("headers") or {}
    many = (answer.get("multiValueHeaders") or {}) if version == "1.0" else {}
    cookies = (answer.get("cookies") or []) if version == "2.0" else []
    if not isinstance(single, dict) or not isinstance(many, dict) or not isinstance(cookies, list):
        raise failed("The headers of the Lambda function's response are none")
    pairs: list[tuple[str, Any]] = []
    for name, values in many.items():
        pairs.extend((name, one) for one in (values if isinstance(values, list) else [values]))
    pairs.extend(pair for pair in single.items() if pair not in pairs)
    pairs.extend(("set-cookie", one) for one in cookies)
    if not all(_NAME.fullmatch(name) for name, _ in pairs):
        raise failed("The headers of the Lambda function's response are none")
    return kept([(name, _text(value)) for name, value in pairs])


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        raise failed("The headers of the Lambda function's response are none")
    if isinstance(value, bool):
        return "true" if value else "false"
    text = "" if value is None else str(value)
    if "\r" in text or "\n" in text:
        raise failed("The headers of the Lambda function's response are none")
    return text


def _body(answer: dict[str, Any]) -> bytes:
    body = answer.get("body")
    if body is None:
        return b""
    text = body if isinstance(body, str) else json.dumps(body, separators=(",", ":"))
    if not answer.get("isBase64Encoded"):
        return text.encode()
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise failed("The body of the Lambda function's response is not base64") from None
