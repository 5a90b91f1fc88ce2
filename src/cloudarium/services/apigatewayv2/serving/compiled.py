"""A deployment made ready to serve: its snapshot compiled to routers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from cloudarium.gateway import json_schema, schemas
from cloudarium.gateway.router import Router
from cloudarium.gateway.templates import Template
from cloudarium.services.apigatewayv2 import integrations, routes

Document = dict[str, Any]


@dataclass
class Route:
    """One route with what it goes to. `document` is the reference's Route.

    `authorizer` is the reference's Authorizer with its id; `responses` are the reference's
    IntegrationResponses by key, `answers` tells whether the route answers messages.
    """

    id: str
    document: Document
    integration: Document | None = None
    authorizer: Document | None = None
    responses: Mapping[str, Document] = field(default_factory=dict)
    answers: bool = False
    _templates: dict[str, Template] = field(default_factory=dict)

    def template(self, text: str) -> Template:
        """Return one of the route's mapping templates, compiled on first use.

        Raises Unsupported and RenderError.
        """
        if text not in self._templates:
            self._templates[text] = Template(text)
        return self._templates[text]

    @property
    def key(self) -> str:
        """The route key."""
        return str(self.document["RouteKey"])

    @property
    def kind(self) -> str:
        """The authorization type."""
        return str(self.document["AuthorizationType"])

    @cached_property
    def resource(self) -> str:
        """Method and path as they stand in the ARN a function's policy names."""
        if self.key.startswith("$"):
            return self.key
        method, path = routes.split(self.key)
        return f"{'*' if method == 'ANY' else method}{path}"

    @cached_property
    def function(self) -> str:
        """What stands for the integration's Lambda function, or nothing."""
        return integrations.function(self.integration) if self.integration else ""


class Compiled:
    """A deployment, ready to serve."""

    def __init__(self, snapshot: Document) -> None:
        self.document: Document = snapshot["api"]
        self.is_http = self.document["ProtocolType"] == "HTTP"
        self._validators: dict[str, json_schema.Validator] = {}
        self._models = {one["Name"]: one["Schema"] for one in snapshot["models"].values()}
        self.routes = {
            route["RouteKey"]: _route(route_id, route, snapshot)
            for route_id, route in snapshot["routes"].items()
        }
        paths = [one for one in self.routes.values() if not one.key.startswith("$")]
        self._router = _router(paths)
        # A path that ends in a slash is another than the one that does not.
        self._greedy = _router(one for one in paths if one.key.endswith("+}"))

    def find(self, method: str, path: str) -> tuple[Route, Mapping[str, str]] | None:
        """Return the route of a request to an HTTP API, and its path's parameters, decoded.

        The most specific route wins, then a greedy one, then `$default`.
        """
        router = self._greedy if path.endswith("/") and path != "/" else self._router
        match = router.find(method, path)
        if match is not None:
            route, parameters = match
            return route, {name: unquote(value) for name, value in parameters.items()}
        default = self.routes.get(routes.DEFAULT)
        return None if default is None else (default, {})

    def validator(self, model: str) -> json_schema.Validator | None:
        """Return a model's validator, if there is such a model."""
        if model not in self._models:
            return None
        if model not in self._validators:
            schema = schemas.with_definitions(model, self._models)
            self._validators[model] = json_schema.Validator(schema)
        return self._validators[model]


def _router(found: Iterable[Route]) -> Router[Route]:
    by_path: dict[str, dict[str, Route]] = {}
    for one in found:
        method, path = routes.split(one.key)
        by_path.setdefault(path, {})[method] = one
    return Router(by_path.items())


def _route(route_id: str, route: Document, snapshot: Document) -> Route:
    integration_id = routes.integration_id(route)
    authorizer_id = route.get("AuthorizerId", "")
    authorizer = snapshot["authorizers"].get(authorizer_id)
    responses = snapshot["integrationResponses"].get(integration_id, {})
    return Route(
        route_id,
        route,
        snapshot["integrations"].get(integration_id),
        None if authorizer is None else {"AuthorizerId": authorizer_id, **authorizer},
        {one["IntegrationResponseKey"]: one for one in responses.values()},
        bool(snapshot["routeResponses"].get(route_id)),
    )
