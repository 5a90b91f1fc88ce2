"""VPC links: kept and read back."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.apigateway import holdings


def become_available(ctx: Context, payload: dict[str, Any]) -> None:
    """Make a pending VPC link (`id`) available, unless it is gone."""
    link = holdings.get(ctx, holdings.VPC_LINK, payload["id"])
    if link is not None:
        link |= {"status": "AVAILABLE", "statusMessage": "Your vpc link is ready for use"}
        holdings.put(ctx, holdings.VPC_LINK, link["id"], link)
