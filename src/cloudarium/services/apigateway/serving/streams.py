"""Response streaming: proxy integrations whose answers are passed on as they come.

Source: Developer Guide, "Stream the integration response for your proxy integrations in API
Gateway".
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from cloudarium.core.context import Context
from cloudarium.gateway import http_client
from cloudarium.gateway.http_client import Outgoing
from cloudarium.services.apigateway.serving import execution_log, functions, lambda_proxy
from cloudarium.services.apigateway.serving.compiled import Method
from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.failures import (
    malformed_proxy_response,
    timed_out,
    unreachable,
)
from cloudarium.services.apigateway.serving.tracing import Call
from cloudarium.wire.http import HttpResponse

# Between a function's metadata (JSON) and the body.
_DELIMITER = bytes(8)
# "The delimiter must be within the first 16 KB" of what the function streams.
_HEAD_BYTES = 16 * 1024
# A stream without data for so long is ended: 30 seconds for EDGE endpoints, 5 minutes for others.
_EDGE_IDLE, _IDLE = 30.0, 300.0
_PLAIN = "application/octet-stream"
_HOP_BY_HOP = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding"})


async def function(ctx: Context, exchange: Exchange, method: Method) -> HttpResponse:
    """Return the response a function streams; its head is there. Raises Failure."""
    event = json.dumps(lambda_proxy.event(exchange), ensure_ascii=False).encode()
    seconds = method.integration["timeoutInMillis"] / 1000
    traced = [("X-Amzn-Trace-Id", exchange.trace_id)]
    execution_log.asking(exchange, method.integration["uri"], traced, event)
    started, request_id = ctx.clock.wall(), ctx.ids.uuid()
    try:
        async with asyncio.timeout(seconds):
            parts = await functions.stream(
                ctx,
                exchange,
                method.function,
                event,
                credentials=method.integration.get("credentials"),
                source_arn=exchange.method_arn,
                seconds=seconds,
                request_id=request_id,
            )
            head, first = await _head(parts)
    except TimeoutError:
        raise timed_out() from None
    told = [("x-amzn-RequestId", request_id), *traced]
    execution_log.answered(exchange, 200, ctx.clock.wall() - started, told, head)
    status, headers = lambda_proxy.head(head, _PLAIN)
    return HttpResponse(status, headers, _body(exchange, parts, first))


async def _head(parts: AsyncIterator[bytes]) -> tuple[bytes, bytes]:
    """Return the metadata, and what of the body came with it."""
    read = b""
    async for part in parts:
        read += part
        if _DELIMITER in read[: _HEAD_BYTES + len(_DELIMITER)]:
            head, _, first = read.partition(_DELIMITER)
            return head, first
        if len(read) > _HEAD_BYTES:
            break
    raise malformed_proxy_response("Malformed Lambda proxy response: no metadata and delimiter")


async def endpoint(
    ctx: Context, exchange: Exchange, method: Method, request: Outgoing, traced: Call | None
) -> HttpResponse:
    """Return the response an HTTP endpoint streams; the trace hears of its head. Raises Failure."""
    started = ctx.clock.wall()
    try:
        async with asyncio.timeout(method.integration["timeoutInMillis"] / 1000):
            answer, parts = await http_client.stream(request)
    except TimeoutError:
        raise timed_out() from None
    except http_client.ClientError as error:
        raise unreachable(str(error)) from error
    if traced:
        traced.answered(answer.status)
    took = ctx.clock.wall() - started
    execution_log.answered(exchange, answer.status, took, answer.headers, b"")
    headers = [
        one for one in lambda_proxy.remapped(answer.headers) if one[0].lower() not in _HOP_BY_HOP
    ]
    return HttpResponse(answer.status, headers, _body(exchange, parts))


async def _body(
    exchange: Exchange, parts: AsyncGenerator[bytes], first: bytes = b""
) -> AsyncIterator[bytes]:
    """Yield the body; one that ends too early or says nothing for too long breaks off."""
    idle = _EDGE_IDLE if exchange.api.is_edge else _IDLE
    async with aclosing(parts):
        if first:
            yield first
        while True:
            try:
                part = await asyncio.wait_for(anext(parts, b""), idle)
            except (TimeoutError, http_client.ClientError) as error:
                raise ConnectionAbortedError("the response broke off") from error
            if not part:
                return
            yield part
