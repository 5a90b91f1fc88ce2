"""How segments come in: by PutTraceSegments, and from services and functions of this cloud."""

from __future__ import annotations

import logging

from cloudarium.core.context import Context
from cloudarium.services.xray import documents, retention, segments
from cloudarium.services.xray.documents import Refusal

log = logging.getLogger(__name__)


def put(ctx: Context, texts: list[str]) -> list[Refusal]:
    """Store documents; return why some were refused."""
    refused: list[Refusal] = []
    for text in texts:
        document = documents.checked(text, ctx.now)
        if isinstance(document, Refusal):
            refused.append(document)
        else:
            segments.put(ctx, document)
    retention.plan(ctx)
    return refused


def take(ctx: Context, texts: list[str]) -> None:
    """Take the telemetry's documents; as with a daemon, nobody hears of those refused."""
    for refusal in put(ctx, texts):
        log.info("segment %s of %s: %s", refusal.id, ctx.account, refusal.message)
