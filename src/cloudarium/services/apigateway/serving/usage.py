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

_FAILURES = {
    "invalid": invalid_api_key,
    "throttled": throttled,
    "exceeded": quota_exceeded,
}


def admit(ctx: Context, exchange: Exchange) -> None:
    """Count a request of a method that requires an API key. Raises the 403 and 429 Failures."""
    value, stage_id = _value(exchange), f"{exchange.stage.api_id}/{exchange.stage.name}"
    exchange.note(
        f"Verifying Usage Plan for request: {exchange.request_id}. "
        f"API Key: {'*' * max(0, len(value) - 6)}{value[-6:]} API Stage: {stage_id}"
    )
    method = exchange.method
    route = f"{method.resource_path if method else ''}/{exchange.http_method}"
    place = (exchange.stage.api_id, exchange.stage.name)
    with ctx.transaction():
        problem, key = admitted(ctx, value, place, route)
    if key is not None:
        identity = exchange.context["identity"]
        identity["apiKey"], identity["apiKeyId"] = key["value"], key["id"]
    if problem:
        raise _FAILURES[problem]()
    exchange.note(f"Usage Plan check succeeded for API Key and API Stage {stage_id}")


def admitted(
    ctx: Context, value: str, place: tuple[str, str], route: str
) -> tuple[str, Document | None]:
    """Count a request with an API key to a route of the stage `place` (the API's id, its name).

    Returns what is against it, if anything (`invalid`, `throttled`, `exceeded`), and the key, if
    that may call the stage at all. In a transaction.
    """
    key = holdings.by_lookup(ctx, holdings.API_KEY, value) if value else None
    if key is None or not key["enabled"]:
        return "invalid", None
    found = _plan(ctx, place, key["id"])
    if found is None:
        return "invalid", None
    plan, stage = found
    if not _may(ctx, plan, stage, key["id"], route):
        return "throttled", key
    day = plans.today(ctx.now)
    if plans.remaining(ctx, plan, key["id"], day) == 0:
        return "exceeded", key
    plans.count(ctx, plan["id"], key["id"], day, used=1)
    return "", key


def _value(exchange: Exchange) -> str:
    if exchange.api.key_source == "AUTHORIZER":
        return exchange.usage_key
    return exchange.request.headers.get("x-api-key", "")


def _plan(ctx: Context, place: tuple[str, str], key_id: str) -> tuple[Document, Document] | None:
    """Return the key's plan for a stage, and the stage as the plan has it."""
    for plan in plans.of_key(ctx, key_id):
        for one in plan["apiStages"]:
            if (one["apiId"], one["stage"]) == place:
                return plan, one
    return None


def _may(ctx: Context, plan: Document, stage: Document, key_id: str, route: str) -> bool:
    """Tell whether the plan's throttle, or the route's own, lets a request pass."""
    of_routes = stage.get("throttle") or {}
    own = of_routes.get(route) or of_routes.get("*/*")
    settings, place = (own, (route,)) if own else (plan.get("throttle"), ())
    if not settings:
        return True
    rate, burst = settings.get("rateLimit", 0), settings.get("burstLimit", 0)
    return ctx.state(Throttle).take(("plan", plan["id"], key_id, *place), rate, burst)
