"""API Gateway v2: HTTP APIs and WebSocket APIs, and the traffic they serve."""

from __future__ import annotations

from cloudarium.core.service import Endpoint, Service

SERVICE = Service(
    name="apigatewayv2",
    package=__package__ or "",
    endpoints=(Endpoint("apigatewayv2", signing_name="apigateway", path_prefix="/v2/"),),
    validation_code="BadRequestException",
)
