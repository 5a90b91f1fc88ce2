"""The condition keys of an operation on HTTP and WebSocket APIs and what goes with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from cloudarium.core.context import Context, Request
from cloudarium.core.errors import AwsError
from cloudarium.gateway import conditions
from cloudarium.gateway import domains as kept
from cloudarium.services.apigatewayv2 import apis, domains, parts, routing_rules, stages, tagged
from cloudarium.services.apigatewayv2.openapi import definition

Document = Mapping[str, Any]

_OPERATION = re.compile(r"(Create|Update|Delete|Put|Import|Reimport)(\w+)")
_ROUTE = {"ApiKeyRequired": "ApiKeyRequired", "RouteAuthorizationType": "AuthorizationType"}
_AUTHORIZER = {"AuthorizerType": "AuthorizerType", "AuthorizerUri": "AuthorizerUri"}
# The keys of a kind of resource, and where in its document they have their values.
_FIELDS: dict[str, dict[str, str]] = {
    "Api": {
        "ApiName": "Name",
        "DisableExecuteApiEndpoint": "DisableExecuteApiEndpoint",
        # Collections, of imports alone.
        **{name: f"Routes/{member}" for name, member in _ROUTE.items()},
        **{name: f"Authorizers/{member}" for name, member in _AUTHORIZER.items()},
    },
    "Stage": {
        "AccessLoggingDestination": "AccessLogSettings/DestinationArn",
        "AccessLoggingFormat": "AccessLogSettings/Format",
    },
    "DomainName": {
        "EndpointType": "DomainNameConfigurations/EndpointType",
        "MtlsTrustStoreUri": "MutualTlsAuthentication/TruststoreUri",
        "MtlsTrustStoreVersion": "MutualTlsAuthentication/TruststoreVersion",
        "RoutingMode": "RoutingMode",
        "SecurityPolicy": "DomainNameConfigurations/SecurityPolicy",
    },
    "Authorizer": _AUTHORIZER,
    "Route": _ROUTE,
    "Deployment": {"StageName": "StageName"},
    "RoutingRule": {
        "Priority": "Priority",
        "ConditionBasePaths": "Conditions/MatchBasePaths/AnyOf",
    },
}


def of(ctx: Context, operation: str, request: Request, arn: str) -> conditions.Keys:
    """Return the keys of an operation on `arn`; an account's root has none, as nobody asks."""
    if ctx.principal.kind == "root":
        return {}
    touched = request.get("ResourceArn") or arn
    given, gone = request.get("Tags"), request.get("TagKeys")
    keys = conditions.of_tags(given, gone, tagged.inherited(ctx, touched))
    match = _OPERATION.fullmatch(operation)
    fields = _FIELDS.get(match[2]) if match else None
    if match is None or fields is None:
        return keys
    verb, noun = match.groups()
    is_import = verb in ("Import", "Reimport")
    if verb != "Delete":
        said = _imported(request) if is_import else request
        keys |= conditions.of_members("Request", fields, said)
    if noun in _EXISTING and verb not in ("Create", "Import"):
        try:
            there = _EXISTING[noun](ctx, request)
        except AwsError:
            return keys
        if is_import:
            there = {**there, **_content(ctx, request["ApiId"])}
        keys |= conditions.of_members("Resource", fields, there)
    return keys


def _imported(request: Request) -> Document:
    try:
        read = definition.read(request["Body"])
    except AwsError:
        return {}
    routes = []
    for one in read.routes:
        kind = read.authorizers[one.scheme].get("AuthorizerType") if one.scheme else one.kind
        routes.append({"AuthorizationType": "CUSTOM" if kind == "REQUEST" else kind})
    return {**read.settings, "Routes": routes, "Authorizers": list(read.authorizers.values())}


def _content(ctx: Context, api_id: str) -> Document:
    return {
        "Routes": list(parts.load(ctx, api_id, parts.ROUTE).values()),
        "Authorizers": list(parts.load(ctx, api_id, parts.AUTHORIZER).values()),
    }


def _part(kind: parts.Kind) -> Callable[[Context, Request], Document]:
    return lambda ctx, request: parts.find(ctx, request["ApiId"], kind, request[kind.member])


def _stage(ctx: Context, request: Request) -> Document:
    return stages.find(ctx, request["ApiId"], request["StageName"]).document


def _domain(ctx: Context, request: Request) -> dict[str, Any]:
    home = kept.home(ctx)
    with home.transaction():
        return domains.find(home, request["DomainName"])


_EXISTING: dict[str, Callable[[Context, Request], Document]] = {
    "Api": lambda ctx, request: apis.find(ctx, request["ApiId"]).document,
    "Stage": _stage,
    "DomainName": lambda ctx, request: domains.answer(_domain(ctx, request)),
    "Authorizer": _part(parts.AUTHORIZER),
    "Route": _part(parts.ROUTE),
    "RoutingRule": lambda ctx, request: routing_rules.find(
        _domain(ctx, request), request["RoutingRuleId"]
    ),
}
