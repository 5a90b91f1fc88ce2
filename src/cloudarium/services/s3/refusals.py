"""Errors of requests that are no API calls, written as those of API calls are."""

from __future__ import annotations

from xml.sax.saxutils import escape

from cloudarium.core.errors import AwsError, InvalidClientTokenId
from cloudarium.wire.http import HttpResponse


def answer(error: AwsError, request_id: str) -> HttpResponse:
    """Return S3's XML for an error."""
    code, message = error.code.removesuffix("Exception"), error.message
    if InvalidClientTokenId.matches(error):
        code = "InvalidAccessKeyId"
        message = "The AWS Access Key Id you provided does not exist in our records."
    told = {"Code": code, "Message": message, **error.members}
    told |= {"RequestId": request_id, "HostId": request_id}
    items = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in told.items())
    headers = [
        ("x-amz-request-id", request_id),
        ("x-amz-id-2", request_id),
        ("content-type", "application/xml"),
    ]
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{items}</Error>'.encode()
    return HttpResponse(error.status, headers, body)
