"""Function URLs whose InvokeMode is RESPONSE_STREAM.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html. A response of
`HttpResponseStream.from` begins with JSON (status, headers, cookies) and eight NUL bytes.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

import orjson

from cloudarium.services.lambda_.streaming import Stream
from cloudarium.services.lambda_.urls import events
from cloudarium.wire.http import HttpResponse

_WITH_HEAD = "application/vnd.awslambda.http-integration-response"
_PLAIN = "application/octet-stream"
_END_OF_HEAD = bytes(8)


async def response(stream: Stream) -> HttpResponse:
    """The response to a request. ValueError if the function failed before it began one."""
    if not stream.content_type and (await stream.result()).outcome.error_type:
        raise ValueError("the function failed")
    parts = stream.parts()
    if stream.content_type != _WITH_HEAD:
        headers = [("Content-Type", stream.content_type or _PLAIN)]
        return HttpResponse(200, headers, _body(stream, parts))
    read = b""
    while _END_OF_HEAD not in read:
        part = await anext(parts, None)
        if part is None:
            return _without_head(stream, read)
        read += part
    head, _, rest = read.partition(_END_OF_HEAD)
    status, headers = events.head({"statusCode": 200, **orjson.loads(head)}, _PLAIN)
    return HttpResponse(status, headers, _body(stream, parts, rest))


def _without_head(stream: Stream, body: bytes) -> HttpResponse:
    """A response that ended before its head: 200 if it is empty, as seen on AWS.

    https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/issues/97
    """
    if body or not stream.is_whole:
        raise ValueError("the response has no head")
    return HttpResponse(200, [("Content-Type", _PLAIN)])


async def _body(
    stream: Stream, parts: AsyncGenerator[bytes], first: bytes = b""
) -> AsyncIterator[bytes]:
    """Yield the rest; a function that fails on the way breaks the connection, as on AWS."""
    async with aclosing(parts):
        if first:
            yield first
        async for part in parts:
            yield part
    if not stream.is_whole and (await stream.result()).outcome.error_type:
        raise ConnectionAbortedError("the function failed")
