"""The cloud's own HTTP pages: health, information, the clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson

from cloudarium import __version__
from cloudarium.core.kernel import Kernel
from cloudarium.wire.http import HttpRequest, HttpResponse

Page = Callable[[HttpRequest], Awaitable[HttpResponse]]


class Control:
    """Answers `/_cloudarium/...`, and the two pages of LocalStack's that tooling looks for."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel

    @property
    def pages(self) -> Mapping[str, Page]:
        """The pages by path prefix."""
        return {
            "/_cloudarium/health": self.health,
            "/_cloudarium/time": self.time,
            "/_localstack/health": self.health,
            "/_localstack/info": self.info,
        }

    async def health(self, request: HttpRequest) -> HttpResponse:
        """Tell which services there are."""
        services = {endpoint.model: "available" for endpoint in self._kernel.endpoints}
        return _json(200, {"services": services, "edition": "cloudarium", "version": __version__})

    async def info(self, request: HttpRequest) -> HttpResponse:
        """Tell the version."""
        return _json(200, {"version": __version__, "edition": "cloudarium"})

    async def time(self, request: HttpRequest) -> HttpResponse:
        """Show the clock.

        A POST of `{"advance": seconds}`, `{"freeze": true}` or `{"resume": true}` moves it.
        """
        clock = self._kernel.clock
        if request.method == "POST":
            problem = await self._move(request)
            if problem is not None:
                return _json(400, {"message": problem})
        return _json(200, {"now": clock.now(), "offset": clock.offset, "frozen": clock.frozen})

    async def _move(self, request: HttpRequest) -> str | None:
        if request.headers.get("content-type") != "application/json":
            return "Send application/json"
        try:
            order = orjson.loads(request.body.read())
        except orjson.JSONDecodeError:
            return "The body is not JSON"
        match order:
            case {"advance": int() | float() as seconds} if 0 <= seconds <= 10 * 365 * 86400:
                await self._kernel.advance(float(seconds))
            case {"freeze": True}:
                self._kernel.clock.freeze()
            case {"resume": True}:
                self._kernel.clock.resume()
            case _:
                return (
                    'Expected {"advance": seconds}, at most ten years of them, {"freeze": true} or '
                    '{"resume": true}'
                )
        return None


def _json(status: int, value: Any) -> HttpResponse:
    return HttpResponse(status, [("content-type", "application/json")], orjson.dumps(value))
