"""One request to an HTTP API, and what functions, mappings and logs see of it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from cloudarium.core.identity import Principal
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.gateway import requests
from cloudarium.services.apigatewayv2 import stages
from cloudarium.services.apigatewayv2.serving.addresses import Address
from cloudarium.services.apigatewayv2.serving.compiled import Route
from cloudarium.services.apigatewayv2.serving.served import ServedStage
from cloudarium.wire.http import Headers, HttpRequest

Document = dict[str, Any]


@dataclass
class Exchange:
    """One request under way. Times are epoch seconds.

    `authorizer` is what the authorizer said, by the kind that said it (`jwt`, `lambda`, `iam`).
    """

    request: HttpRequest
    address: Address
    request_id: str
    extended_id: str
    new_trace_id: str
    received: float
    route: Route | None = None
    path_parameters: Mapping[str, str] = field(default_factory=dict)
    principal: Principal | None = None
    access_key: str | None = None
    authorizer: Document = field(default_factory=dict)
    integration_seconds: float | None = None
    integration_status: int | None = None
    integration_request_id: str | None = None

    @property
    def stage(self) -> ServedStage:
        """The stage the request is for."""
        return self.address.stage

    @property
    def method(self) -> str:
        """The request's HTTP method."""
        return self.request.method.upper()

    @property
    def route_key(self) -> str:
        """The key of the route, or nothing."""
        return self.route.key if self.route else ""

    @cached_property
    def path(self) -> str:
        """The path below the stage, decoded."""
        return unquote(self.address.path)

    @cached_property
    def raw_path(self) -> str:
        """The path with the stage, unless that is `$default`; decoded, as HTTP APIs give it."""
        name = self.stage.name
        return self.path if name == stages.DEFAULT else f"/{name}{self.path}"

    @cached_property
    def body(self) -> bytes:
        """The request's body."""
        return self.request.body.read()

    @cached_property
    def trace_id(self) -> str:
        """The X-Ray trace header: the caller's if it is one, else a new one."""
        return requests.trace_id(self.request, self.new_trace_id)

    @cached_property
    def headers(self) -> Headers:
        """The headers an integration sees, by name: the caller's, and those the gateway sets.

        Content-Length is among them even where there is no body (recorded in public events).
        """
        signed = self.route is not None and self.route.kind == "AWS_IAM"
        passed = requests.passed(self.request, self.trace_id, signed=signed)
        passed.append(("Content-Length", str(self.request.body.size)))
        return sorted(passed, key=lambda one: one[0].lower())

    @cached_property
    def joined_headers(self) -> dict[str, str]:
        """Those headers by lower-case name, repeated ones joined by commas."""
        return joined((name.lower(), value) for name, value in self.headers)

    @cached_property
    def query(self) -> dict[str, str]:
        """The query's values by name, repeated ones joined by commas."""
        return joined(self.request.query_pairs)

    @cached_property
    def variables(self) -> Mapping[str, str]:
        """The stage's variables."""
        found: Mapping[str, str] = self.stage.document["StageVariables"]
        return found

    @property
    def arn(self) -> str:
        """The ARN that policies name for this request."""
        return f"{self._arn}/{self.method}{self.path}"

    @property
    def route_arn(self) -> str:
        """The ARN a function's resource policy sees as `aws:SourceArn`."""
        return f"{self._arn}/{self.route.resource if self.route else ''}"

    @property
    def _arn(self) -> str:
        stage = self.stage
        prefix = f"arn:aws:execute-api:{stage.region}:{stage.account}:{stage.api_id}"
        return f"{prefix}/{stage.name}"

    @property
    def domain(self) -> str:
        """The domain name the request came to."""
        return self.address.domain or self.request.host

    @property
    def domain_prefix(self) -> str:
        """That domain's first label; the API's id without a custom domain."""
        return self.address.domain.partition(".")[0] or self.stage.api_id

    @cached_property
    def moment(self) -> str:
        """When the request came, as in a web server's log."""
        return datetime.fromtimestamp(self.received, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")

    @cached_property
    def context(self) -> Document:
        """What `$context` holds, in mappings and logs."""
        caller = self.principal
        return {
            "accountId": self.stage.account,
            "apiId": self.stage.api_id,
            "authorizer": self._said(),
            "domainName": self.domain,
            "domainPrefix": self.domain_prefix,
            "extendedRequestId": self.extended_id,
            "httpMethod": self.method,
            "identity": {
                "accountId": caller.account if caller else None,
                "caller": caller.id if caller else None,
                "sourceIp": self.request.client,
                "user": caller.id if caller else None,
                "userAgent": self.request.headers.get("user-agent"),
                "userArn": caller.arn if caller else None,
            },
            "path": self.address.shown,
            "protocol": "HTTP/1.1",
            "requestId": self.extended_id,
            "requestTime": self.moment,
            "requestTimeEpoch": int(self.received * 1000),
            "routeKey": self.route_key,
            "stage": self.stage.name,
        }

    def _said(self) -> Document:
        """Return the authorizer's word as `$context.authorizer`."""
        if "jwt" in self.authorizer:
            return dict(self.authorizer["jwt"])
        return dict(self.authorizer.get("lambda") or {})


def begin(runtime: ServiceRuntime, request: HttpRequest, address: Address) -> Exchange:
    """Return a request under way, its route found."""
    kernel = runtime.kernel
    now, chance = kernel.clock.now(), kernel.ids.bytes(23)
    exchange = Exchange(
        request,
        address,
        kernel.ids.uuid(),
        base64.b64encode(chance[:11]).decode(),
        f"Root=1-{int(now):08x}-{chance[11:].hex()}",
        now,
    )
    found = address.stage.api.find(exchange.method, address.path)
    if found is not None:
        exchange.route, exchange.path_parameters = found
    return exchange


def joined(pairs: Any) -> dict[str, str]:
    """Return the values of pairs by name, those of a repeated name joined by commas."""
    values: dict[str, str] = {}
    for name, value in pairs:
        values[name] = f"{values[name]},{value}" if name in values else value
    return values
