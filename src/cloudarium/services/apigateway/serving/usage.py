"""API keys and usage plans at work: who may call, how fast, how often.

Source: Developer Guide, "Usage plans and API keys for REST APIs".
"""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.apigateway import holdings, plans
from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.failures import (
    invalid_api_key,
    quota_exceeded,
    throttled,
)
from cloudarium.services.apigateway.serving.throttle import Throttle

Document = dict[str, Any]


def admit(ctx: Context, exchange: Exchange) -> None:
    """Count a request of a method that requires an API key. Raises the 403 and 429 Failures."""
    value, stage_id = _value(exchange), f"{exchange.stage.api_id}/{exchange.stage.name}"
    exchange.note(
        f"Verifying Usage Plan for request: {exchange.request_id}. "
        f"API Key: {'*' * max(0, len(value) - 6)}{value[-6:]} API Stage: {stage_id}"
    )
    with ctx.transaction():
        key = holdings.by_lookup(ctx, holdings.API_KEY, value) if value else None
        if key is None or not key["enabled"]:
            raise invalid_api_key()
        plan, stage = _plan(ctx, exchange, key["id"])
        identity = exchange.context["identity"]
        identity["apiKey"], identity["apiKeyId"] = key["value"], key["id"]
        _throttle(ctx, exchange, plan, stage, key["id"])
        day = plans.today(ctx.now)
        if plans.remaining(ctx, plan, key["id"], day) == 0:
            raise quota_exceeded()
        plans.count(ctx, plan["id"], key["id"], day, used=1)
    exchange.note(f"Usage Plan check succeeded for API Key and API Stage {stage_id}")


def _value(exchange: Exchange) -> str:
    if exchange.api.key_source == "AUTHORIZER":
        return exchange.usage_key
    return exchange.request.headers.get("x-api-key", "")


def _plan(ctx: Context, exchange: Exchange, key_id: str) -> tuple[Document, Document]:
    """Return the key's plan for the request's stage, and the stage as the plan has it."""
    wanted = (exchange.stage.api_id, exchange.stage.name)
    for plan in plans.of_key(ctx, key_id):
        for one in plan["apiStages"]:
            if (one["apiId"], one["stage"]) == wanted:
                return plan, one
    raise invalid_api_key()


def _throttle(
    ctx: Context, exchange: Exchange, plan: Document, stage: Document, key_id: str
) -> None:
    method = exchange.method
    of_methods = stage.get("throttle") or {}
    name = f"{method.resource_path if method else ''}/{exchange.http_method}"
    own = of_methods.get(name) or of_methods.get("*/*")
    settings, place = (own, (name,)) if own else (plan.get("throttle"), ())
    if not settings:
        return
    rate, burst = settings.get("rateLimit", 0), settings.get("burstLimit", 0)
    if not ctx.state(Throttle).take(("plan", plan["id"], key_id, *place), rate, burst):
        raise throttled()
