"""API Gateway v2: HTTP APIs and WebSocket APIs, and the traffic they serve."""

from __future__ import annotations

from cloudarium.core.service import Endpoint, HttpRoute, Service

_DATA_PLANE = {"handler": "serving.dataplane:handle", "claims": "serving.addresses:claims"}

SERVICE = Service(
    name="apigatewayv2",
    package=__package__ or "",
    endpoints=(Endpoint("apigatewayv2", signing_name="apigateway", path_prefix="/v2/"),),
    http_routes=(
        HttpRoute(host=r".+\.execute-api\..+", **_DATA_PLANE),
        HttpRoute(path=r"/_aws/execute-api/", **_DATA_PLANE),
    ),
    validation_code="BadRequestException",
)
