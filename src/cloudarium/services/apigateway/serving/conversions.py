"""Binary payloads of all integrations but proxied functions: kept, or turned to text and back.

Source: Developer Guide, "Content type conversions in API Gateway"; what is no UTF-8 or no base64 as
recorded in public test suites.
"""

from __future__ import annotations

import base64
import binascii

from cloudarium.services.apigateway.serving.compiled import Compiled
from cloudarium.services.apigateway.serving.failures import configuration_error


def of_request(api: Compiled, handling: str | None, content_type: str, body: bytes) -> bytes:
    """Return a request's payload as its integration is given it. Raises the 500 Failure."""
    if api.is_binary(content_type):
        return base64.b64encode(body) if handling == "CONVERT_TO_TEXT" else body
    return _decoded(body) if handling == "CONVERT_TO_BINARY" else _text(body)


def of_response(
    api: Compiled, handling: str | None, content_type: str, accept: str, body: bytes
) -> bytes:
    """Return an integration's payload as the method answers it. Raises the 500 Failure.

    Where nothing is said of its handling the first media type of `accept` decides.
    """
    wanted = handling or _wanted(api, content_type, accept)
    if api.is_binary(content_type):
        return base64.b64encode(body) if wanted == "CONVERT_TO_TEXT" else body
    return _decoded(body) if wanted == "CONVERT_TO_BINARY" else _text(body)


def _wanted(api: Compiled, content_type: str, accept: str) -> str:
    is_binary = api.is_binary(accept.split(",", 1)[0])
    return "CONVERT_TO_BINARY" if is_binary else "CONVERT_TO_TEXT"


def _text(body: bytes) -> bytes:
    return body if body.isascii() else body.decode("utf-8", "replace").encode()


def _decoded(body: bytes) -> bytes:
    """Decode base64, which a function gives as a JSON string."""
    if body[:1] == body[-1:] == b'"':
        body = body[1:-1]
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise configuration_error("Unable to base64 decode the body") from None
