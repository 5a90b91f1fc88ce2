"""Writing an HTTP API as an OpenAPI 3.0 document.

Source: Developer Guide, "Export HTTP APIs from API Gateway".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cloudarium.services.apigatewayv2 import routes
from cloudarium.services.apigatewayv2.openapi import definition

Document = dict[str, Any]

_IPV4 = "ipv4"
_VARIABLE = re.compile(r"\{([^}+]+)\+?\}")


def write(
    snapshot: Document, server: str, stage: str, version: str, *, extensions: bool
) -> Document:
    """Return the document of an API as a deployment has it (a snapshot).

    `server` is the API's host, `version` stands where the API has none.
    """
    api = snapshot["api"]
    info: Document = {"title": api["Name"], "version": api.get("Version") or version}
    if api.get("Description"):
        info["description"] = api["Description"]
    told: Document = {
        "url": f"https://{server}/{{basePath}}",
        "variables": {"basePath": {"default": stage}},
    }
    if extensions:
        told |= _endpoint(api)
    document: Document = {
        "openapi": "3.0.1",
        "info": info,
        "servers": [told],
        "paths": _paths(snapshot, extensions),
    }
    if extensions:
        document |= _extensions(api)
    if api.get("Tags"):
        document["tags"] = [
            {"name": name, definition.TAG_VALUE: value} for name, value in api["Tags"].items()
        ]
    schemes = _schemes(snapshot)
    if schemes and extensions:
        document["components"] = {"securitySchemes": schemes}
    return document


def _endpoint(api: Document) -> Document:
    """Return a server's extension for what is not usual of the endpoint."""
    made: Document = {}
    if api.get("DisableExecuteApiEndpoint"):
        made["disableExecuteApiEndpoint"] = True
    if api.get("IpAddressType", _IPV4) != _IPV4:
        made["ipAddressType"] = api["IpAddressType"]
    return {definition.ENDPOINT: made} if made else {}


def _extensions(api: Document) -> Document:
    made: Document = {}
    if api.get("CorsConfiguration"):
        made[definition.CORS] = _renamed(api["CorsConfiguration"], definition.CORS_MEMBERS)
    made["x-amazon-apigateway-importexport-version"] = "1.0"
    return made


def _paths(snapshot: Document, extensions: bool) -> Document:
    paths: Document = {}
    for route in sorted(snapshot["routes"].values(), key=lambda one: str(one["RouteKey"])):
        if route["RouteKey"] == routes.DEFAULT:
            method, path = definition.ANY_METHOD, "/$default"
        else:
            method, path = routes.split(route["RouteKey"])
            method = definition.ANY_METHOD if method == "ANY" else method.lower()
        operation: Document = {
            "responses": {"default": {"description": f"Default response for {route['RouteKey']}"}}
        }
        if route["RouteKey"] == routes.DEFAULT:
            operation["isDefaultRoute"] = True
        if route.get("OperationName"):
            operation["operationId"] = route["OperationName"]
        item = paths.setdefault(path, {})
        names = _VARIABLE.findall(path)
        if names:
            item["parameters"] = [_parameter(name) for name in names]
        if extensions:
            operation |= _operation(snapshot, route)
        item[method] = operation
    return paths


def _parameter(name: str) -> Document:
    return {
        "name": name,
        "in": "path",
        "description": f"Generated path parameter for {name}",
        "required": True,
        "schema": {"type": "string"},
    }


def _operation(snapshot: Document, route: Document) -> Document:
    made: Document = {}
    authorizer = snapshot["authorizers"].get(route.get("AuthorizerId", ""))
    if authorizer is not None:
        made["security"] = [{authorizer["Name"]: route.get("AuthorizationScopes", [])}]
    elif route["AuthorizationType"] == "AWS_IAM":
        made[definition.AUTH] = {"type": "AWS_IAM"}
    integration = snapshot["integrations"].get(routes.integration_id(route))
    if integration is not None:
        made[definition.INTEGRATION] = _integration(integration)
    return made


def _integration(integration: Document) -> Document:
    made = _renamed(integration, definition.INTEGRATION_MEMBERS)
    made["type"] = integration["IntegrationType"].lower()
    tls = integration.get("TlsConfig") or {}
    if tls.get("ServerNameToVerify"):
        made["tlsConfig"] = {"serverNameToVerify": tls["ServerNameToVerify"]}
    return made


def _schemes(snapshot: Document) -> Document:
    schemes: Document = {}
    for authorizer in snapshot["authorizers"].values():
        told = _renamed(authorizer, definition.AUTHORIZER_MEMBERS)
        told["identitySource"] = ",".join(authorizer.get("IdentitySource", []))
        told["type"] = authorizer["AuthorizerType"].lower()
        if authorizer["AuthorizerType"] == "JWT":
            settings = authorizer["JwtConfiguration"]
            told["jwtConfiguration"] = {
                "audience": settings["Audience"],
                "issuer": settings["Issuer"],
            }
            scheme: Document = {"type": "oauth2", "flows": {}}
        else:
            scheme = {"type": "apiKey", "name": "Unused", "in": "header"}
        schemes[authorizer["Name"]] = {**scheme, definition.AUTHORIZER: told}
    return schemes


def _renamed(given: Mapping[str, Any], names: Mapping[str, str]) -> Document:
    return {name: given[member] for name, member in names.items() if member in given}
