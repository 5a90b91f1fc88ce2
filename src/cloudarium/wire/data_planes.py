"""Which service answers what is no AWS API call: by the host and path it comes to."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property, partial
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from cloudarium.core.service import HttpRoute
from cloudarium.wire.http import Handler, HttpRequest

if TYPE_CHECKING:
    from cloudarium.core.kernel import Kernel
    from cloudarium.core.runtime import ServiceRuntime

_MAX_HOSTS = 1024


class _Route:
    """Paths that begin alike, and the service that answers there if it claims the request."""

    def __init__(self, route: HttpRoute, runtime: ServiceRuntime) -> None:
        self.path = re.compile(route.path)
        self._route = route
        self._runtime = runtime

    @cached_property
    def claims(self) -> Callable[[HttpRequest], bool]:
        """Tells whether a request is the service's; loaded when it is first asked."""
        if not self._route.claims:
            return _anything
        return partial(self._runtime.load(self._route.claims), self._runtime)

    @cached_property
    def handler(self) -> Handler:
        """Answers a request; loaded when it is first asked."""
        return partial(self._runtime.load(self._route.handler), self._runtime)


def _anything(_: HttpRequest) -> bool:
    return True


class _Routes(NamedTuple):
    """The routes of a host.

    `first` matches what one of the paths does; the last group it has closed is the first of them.
    """

    first: re.Pattern[str]
    each: list[_Route]
    groups: dict[int | None, int]


class DataPlanes:
    """Finds what a service's manifest names as the handler of a host and path (`http_routes`)."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._hosts: dict[str, _Routes] = {}

    def find(self, request: HttpRequest) -> Handler | None:
        """Return the handler of a request, if a service claims it."""
        header = request.headers.get("host", "")
        routes = self._hosts.get(header) or self._routes_of(header)
        first = routes.first.match(request.path)
        if first is not None:
            for route in routes.each[routes.groups[first.lastindex] :]:
                if route.path.match(request.path) and route.claims(request):
                    return route.handler
        return None

    def _routes_of(self, header: str) -> _Routes:
        if len(self._hosts) >= _MAX_HOSTS:
            self._hosts.clear()
        host = HttpRequest("", "", {"host": header}).host
        found = [
            (route, self._kernel.runtime(service.name))
            for service in self._kernel.services
            for route in service.http_routes
            if not route.host or re.fullmatch(route.host, host)
        ]
        found.sort(key=lambda one: not one[0].host)  # whose host it is goes before any path
        each = [_Route(route, runtime) for route, runtime in found]
        paths = [route.path for route in each]
        some = re.compile("|".join(f"({path.pattern})" for path in paths) or "(?!)")
        starts = accumulate((1 + path.groups for path in paths), initial=1)
        groups: dict[int | None, int] = {start: at for at, start in enumerate(starts)}
        routes = self._hosts[header] = _Routes(some, each, groups)
        return routes
