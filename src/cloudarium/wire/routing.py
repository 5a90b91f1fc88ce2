"""Which operation a REST request means: method, path, and what query and headers must hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from cloudarium.wire.http import HttpRequest
from cloudarium.wire.model import OperationModel, ServiceModel

_LABEL = re.compile(r"\\\{([^{}+]+?)(\\\+)?\\\}")


@dataclass(frozen=True)
class Match:
    """An operation and the labels of its path, decoded."""

    operation: OperationModel
    labels: Mapping[str, str]


@dataclass(frozen=True)
class _Route:
    operation: OperationModel
    pattern: re.Pattern[str]
    labels: tuple[str, ...]
    literals: int
    query: tuple[tuple[str, str], ...]
    needed_query: frozenset[str]
    needed_headers: frozenset[str]

    def fits(self, request: HttpRequest, *, whole: bool) -> bool:
        """Whether a request means the operation; unless `whole`, parameters may be missing."""
        query = request.query
        if not all(query.get(name) == value for name, value in self.query):
            return False
        return not whole or (
            self.needed_query <= query.keys() and self.needed_headers <= request.headers.keys()
        )

    @property
    def weight(self) -> tuple[int, int, int, bool]:
        """How specific the route is: literal path segments first, then query, then headers.

        Of two that say the same the one that is not deprecated counts more.
        """
        return (
            self.literals,
            2 * len(self.query) + len(self.needed_query),
            len(self.needed_headers),
            not self.operation.deprecated,
        )


class Router:
    """The routes of one REST model, most specific first."""

    def __init__(self, model: ServiceModel) -> None:
        self._routes: dict[str, list[_Route]] = {}
        for name in model.operation_names:
            operation = model.operation(name)
            if operation is not None:
                route = _route(operation)
                self._routes.setdefault(operation.method, []).append(route)
        for routes in self._routes.values():
            routes.sort(key=lambda route: route.weight, reverse=True)

    def match(self, request: HttpRequest) -> Match | None:
        """Return the operation a request means, or None.

        If there is none, it means one that it does not give all that it needs.
        """
        return self._find(request, whole=True) or self._find(request, whole=False)

    def _find(self, request: HttpRequest, *, whole: bool) -> Match | None:
        for route in self._routes.get(request.method, ()):
            found = route.pattern.fullmatch(request.path)
            if found and route.fits(request, whole=whole):
                texts = map(unquote, found.groups())
                return Match(route.operation, dict(zip(route.labels, texts, strict=True)))
        return None


def _route(operation: OperationModel) -> _Route:
    path = operation.uri.partition("?")[0]
    escaped = re.escape(path)
    labels = tuple(label[1].replace("\\", "") for label in _LABEL.finditer(escaped))
    pattern = _LABEL.sub(lambda label: "(.+)" if label[2] else "([^/]+)", escaped)
    needed_query, needed_headers = set(), set()
    if operation.input is not None:
        members = operation.input.members
        for name in operation.input.required:
            place = members[name].location
            wire_name = members[name].wire_name(name)
            if place == "querystring":
                needed_query.add(wire_name)
            elif place == "header":
                needed_headers.add(wire_name.lower())
    return _Route(
        operation,
        re.compile(pattern.rstrip("/") + "/?", re.DOTALL),
        labels,
        sum(1 for part in path.split("/") if part and "{" not in part),
        tuple(operation.fixed_query.items()),
        frozenset(needed_query),
        frozenset(needed_headers),
    )
