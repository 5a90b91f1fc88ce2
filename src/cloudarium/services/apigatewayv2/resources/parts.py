"""The parts of an API as resource types."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.services.apigatewayv2 import authorizers, integrations, limits, responses, routes
from cloudarium.services.apigatewayv2.resources.shared import Document, Noun, typed


def _integration(properties: Document) -> Document:
    """ResponseParameters are lists of sources and destinations in templates."""
    made: Document = typed(properties)
    given = made.get("ResponseParameters")
    if given:
        made["ResponseParameters"] = {status: _entries(one) for status, one in given.items()}
    return made


def _entries(given: Any) -> dict[str, str]:
    listed = given.get("ResponseParameters") if isinstance(given, dict) else None
    if not isinstance(listed, list):
        return dict(given)
    return {one["Destination"]: one["Source"] for one in listed}


def _model(properties: Document) -> Document:
    schema = properties.get("Schema")
    if schema is None or isinstance(schema, str):
        return properties
    return {**properties, "Schema": json.dumps(schema)}


ROUTE = Noun(
    "Route",
    ("ApiId",),
    routes.MEMBERS,
    required=("RouteKey",),
    maps={"RequestModels": "", "RequestParameters": {}},
    defaults={"AuthorizationType": "NONE"},
).type()

INTEGRATION = Noun(
    "Integration",
    ("ApiId",),
    integrations.MEMBERS,
    required=("IntegrationType",),
    maps={"RequestParameters": "", "RequestTemplates": "", "ResponseParameters": {}},
    defaults={
        "ConnectionType": "INTERNET",
        "PassthroughBehavior": "WHEN_NO_MATCH",
        "PayloadFormatVersion": "1.0",
        "TimeoutInMillis": limits.WEBSOCKET_TIMEOUT_MS,
    },
    prepare=_integration,
).type()

INTEGRATION_RESPONSE = Noun(
    "IntegrationResponse",
    ("ApiId", "IntegrationId"),
    responses.INTEGRATION_MEMBERS,
    required=("IntegrationResponseKey",),
    maps={"ResponseParameters": "", "ResponseTemplates": ""},
).type()

ROUTE_RESPONSE = Noun(
    "RouteResponse",
    ("ApiId", "RouteId"),
    responses.ROUTE_MEMBERS,
    required=("RouteResponseKey",),
    maps={"ResponseModels": "", "ResponseParameters": {}},
).type()

AUTHORIZER = Noun(
    "Authorizer",
    ("ApiId",),
    authorizers.MEMBERS,
    required=("AuthorizerType", "Name"),
    prepare=lambda given: {"IdentitySource": [], **typed(given)},
).type()

MODEL = Noun(
    "Model",
    ("ApiId",),
    ("ContentType", "Description", "Name", "Schema"),
    required=("Name", "Schema"),
    defaults={"ContentType": "application/json"},
    prepare=_model,
).type()
