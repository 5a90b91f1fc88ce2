"""PutObject."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.s3 import events, writing


async def put_object(ctx: Context, request: Request) -> Response:
    """Write an object from the request's body."""
    return await writing.write(ctx, request, request.get("Body") or b"", events.PUT)
