"""Stage caches: responses kept for a method's time to live, by its cache key parameters.

Source: Developer Guide, "Cache settings for REST APIs in API Gateway".
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.identity import ANONYMOUS, Access
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.services.apigateway.serving import mapping
from cloudarium.services.apigateway.serving.compiled import Method
from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.failures import Failure
from cloudarium.services.apigateway.serving.settings import key
from cloudarium.wire.http import HttpResponse

Key = tuple[str, ...]

# "The maximum size of a response that can be cached is 1048576 bytes."
_RESPONSE_BYTES = 1_048_576
# All of a cloud's caches share this much memory, whatever their clusters' sizes.
_BYTES = 64 * 1024 * 1024
_TTL = 300
_WARNING = ("Warning", '199 cache-control "Unauthorized Cache-Control header"')


class Responses:
    """The responses kept; the one unused the longest goes first."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._clock = runtime.kernel.clock
        self._kept: OrderedDict[Key, tuple[float, HttpResponse]] = OrderedDict()
        self._bytes = 0

    def get(self, key: Key) -> HttpResponse | None:
        """Return a response that still holds."""
        until, response = self._kept.get(key, (0.0, None))
        if response is None or self._clock.now() >= until:
            return None
        self._kept.move_to_end(key)
        return HttpResponse(response.status, list(response.headers), response.body)

    def put(self, key: Key, response: HttpResponse, seconds: float) -> None:
        """Keep a response for `seconds`, if it can be kept."""
        size = len(response.body) if isinstance(response.body, bytes) else _BYTES
        if size > _RESPONSE_BYTES:
            return
        self._drop(key)
        copy = HttpResponse(response.status, list(response.headers), response.body)
        self._kept[key] = (self._clock.now() + seconds, copy)
        self._bytes += size
        while self._bytes > _BYTES:
            self._drop(next(iter(self._kept)))

    def flush(self, api_id: str, stage: str) -> None:
        """Forget all of a stage's responses."""
        for place in [one for one in self._kept if one[:2] == (api_id, stage)]:
            self._drop(place)

    def _drop(self, key: Key) -> None:
        _, response = self._kept.pop(key, (0.0, None))
        if response is not None and isinstance(response.body, bytes):
            self._bytes -= len(response.body)


async def through(
    ctx: Context,
    exchange: Exchange,
    method: Method,
    run: Callable[[Context, Exchange, Method], Awaitable[HttpResponse]],
) -> HttpResponse:
    """Return the cached response to a request, or that of `run`. Raises Failure."""
    settings = _settings(exchange, method)
    if settings is None:
        return await run(ctx, exchange, method)
    responses, place = ctx.state(Responses), _key(exchange, method)
    warned = False
    if "max-age=0" in exchange.request.headers.get("cache-control", "").replace(" ", ""):
        invalidates = _may_invalidate(ctx, exchange, settings)
        warned = not invalidates and _strategy(settings) == "SUCCEED_WITH_RESPONSE_HEADER"
    else:
        invalidates = False
    response = None if invalidates else responses.get(place)
    exchange.cache_hit = response is not None
    if response is None:
        response = await run(ctx, exchange, method)
        if 200 <= response.status < 300:
            responses.put(place, response, settings.get("cacheTtlInSeconds", _TTL))
    if warned:
        response.headers.append(_WARNING)
    return response


def _settings(exchange: Exchange, method: Method) -> Mapping[str, Any] | None:
    """Return the method's settings if its responses are cached: by default, those of GET."""
    if not exchange.stage.is_cached:
        return None
    name, settings = exchange.http_method, exchange.settings
    own = exchange.stage.method_settings.get(key(method.resource_path, name), {})
    is_cached = settings.get("cachingEnabled") and (name == "GET" or own.get("cachingEnabled"))
    return settings if is_cached and settings.get("cacheTtlInSeconds", _TTL) > 0 else None


def _key(exchange: Exchange, method: Method) -> Key:
    stage, integration = exchange.stage, method.integration
    mapped = integration.get("requestParameters") or {}
    values = []
    for name in integration.get("cacheKeyParameters") or ():
        source = mapped.get(name, name) if name.startswith("integration.") else name
        values.append("\0".join(mapping.sources(source, exchange)))
    namespace = integration.get("cacheNamespace") or method.resource_id
    canary = "canary" if stage.is_canary and not stage.shares_cache else ""
    return (stage.api_id, stage.name, canary, namespace, exchange.http_method, *values)


def _strategy(settings: Mapping[str, Any]) -> str:
    return str(
        settings.get("unauthorizedCacheControlHeaderStrategy", "SUCCEED_WITH_RESPONSE_HEADER")
    )


def _may_invalidate(ctx: Context, exchange: Exchange, settings: Mapping[str, Any]) -> bool:
    """Tell whether the caller may renew an entry. Raises the 403 Failure if it must."""
    if not settings.get("requireAuthorizationForCacheControl", True):
        return True
    access = Access("execute-api:InvalidateCache", exchange.arn)
    if ctx.allowed(access, exchange.principal or ANONYMOUS):
        return True
    if _strategy(settings) == "FAIL_WITH_403":
        raise Failure("ACCESS_DENIED", "Unauthorized cache control header")
    return False
