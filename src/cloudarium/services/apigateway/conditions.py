"""The condition keys of an operation on REST APIs and what goes with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cloudarium.core.context import Context, Request
from cloudarium.core.errors import AwsError
from cloudarium.gateway import conditions
from cloudarium.services.apigateway import apis, deployments, domains, parts, tagged, tree
from cloudarium.services.apigateway.openapi import document
from cloudarium.services.apigateway.openapi.definition import Reader

Document = Mapping[str, Any]

_OPERATION = re.compile(r"(Create|Update|Delete|Put|Import)(\w+)")
_METHOD = {"ApiKeyRequired": "apiKeyRequired", "RouteAuthorizationType": "authorizationType"}
_AUTHORIZER = {"AuthorizerType": "type", "AuthorizerUri": "authorizerUri"}
# The keys of a kind of resource, and where in its document they have their values.
_FIELDS: dict[str, dict[str, str]] = {
    "RestApi": {
        "ApiName": "name",
        "DisableExecuteApiEndpoint": "disableExecuteApiEndpoint",
        "EndpointType": "endpointConfiguration/types",
        "SecurityPolicy": "securityPolicy",
        # Collections, of imports alone.
        **{name: f"methods/{member}" for name, member in _METHOD.items()},
        **{name: f"authorizers/{member}" for name, member in _AUTHORIZER.items()},
    },
    "Stage": {
        "AccessLoggingDestination": "accessLogSettings/destinationArn",
        "AccessLoggingFormat": "accessLogSettings/format",
    },
    "DomainName": {
        "EndpointType": "endpointConfiguration/types",
        "MtlsTrustStoreUri": "mutualTlsAuthentication/truststoreUri",
        "MtlsTrustStoreVersion": "mutualTlsAuthentication/truststoreVersion",
        "RoutingMode": "routingMode",
        "SecurityPolicy": "securityPolicy",
    },
    "Authorizer": _AUTHORIZER,
    "Method": _METHOD,
    "Deployment": {"StageName": "stageName"},
    "DomainNameAccessAssociation": {
        "AccessAssociationSource": "accessAssociationSource",
        "DomainNameArn": "domainNameArn",
    },
}
_PATCHED_TYPE = re.compile(r"(endpointConfiguration/types)/.*")


def of(ctx: Context, operation: str, request: Request, arn: str) -> conditions.Keys:
    """Return the keys of an operation on `arn`; an account's root has none, as nobody asks."""
    if ctx.principal.kind == "root":
        return {}
    touched = request.get("resourceArn") or arn
    gone = request.get("tagKeys")
    keys = conditions.of_tags(request.get("tags"), gone, tagged.inherited(ctx, touched))
    match = _OPERATION.fullmatch(operation)
    fields = _FIELDS.get(match[2]) if match else None
    if match is None or fields is None:
        return keys
    verb, noun = match.groups()
    is_import = operation in ("ImportRestApi", "PutRestApi")
    if verb != "Delete":
        given = _imported(request) if is_import else said(request)
        keys |= conditions.of_members("Request", fields, given)
    if noun in _EXISTING and (verb in ("Update", "Delete") or operation == "PutRestApi"):
        try:
            there = _EXISTING[noun](ctx, request)
        except AwsError:
            return keys
        if is_import:
            there = {**there, **_content(ctx, request["restApiId"])}
        keys |= conditions.of_members("Resource", fields, there)
    return keys


def said(request: Request) -> Document:
    """Return what a request gives, by itself or by its patch operations: these by their paths."""
    found = {name: one for name, one in request.items() if name != "patchOperations"}
    for patch in request.get("patchOperations") or ():
        path = _PATCHED_TYPE.sub(r"\1", (patch.get("path") or "").removeprefix("/"))
        found[path] = None if patch.get("op") == "remove" else patch.get("value")
    return found


def _imported(request: Request) -> Document:
    try:
        read = Reader(document.read(request["body"]), request.get("parameters") or {}).read()
    except AwsError:
        return {}
    methods = [one for each in read.methods.values() for one in each.values()]
    return {**read.settings, "methods": methods, "authorizers": list(read.authorizers.values())}


def _content(ctx: Context, api_id: str) -> Document:
    methods: list[Document] = []
    for resource in tree.load(ctx, api_id).values():
        methods += resource.methods.values()
    authorizers: Iterable[Document] = parts.load(ctx, api_id, parts.AUTHORIZER).values()
    return {"methods": methods, "authorizers": list(authorizers)}


def _authorizer(ctx: Context, request: Request) -> Document:
    return parts.get(ctx, request["restApiId"], parts.AUTHORIZER, request["authorizerId"]) or {}


def _method(ctx: Context, request: Request) -> Document:
    resource = tree.find(ctx, request["restApiId"], request["resourceId"])
    return tree.method(resource, request["httpMethod"])


def _stage(ctx: Context, request: Request) -> Document:
    return deployments.find_stage(ctx, request["restApiId"], request["stageName"]).document


_EXISTING: dict[str, Callable[[Context, Request], Document]] = {
    "RestApi": lambda ctx, request: apis.answer(apis.find(ctx, request["restApiId"])),
    "Stage": _stage,
    "DomainName": lambda ctx, request: domains.find(ctx, request["domainName"]),
    "Authorizer": _authorizer,
    "Method": _method,
}
