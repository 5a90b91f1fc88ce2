"""API Gateway v2: HTTP APIs and WebSocket APIs, and the traffic they serve."""

from __future__ import annotations

from cloudarium.contracts.quotas import QuotaChanged
from cloudarium.core.service import Endpoint, HttpRoute, Service

_TYPES = {
    "Api": "resources.apis:API",
    "ApiGatewayManagedOverrides": "resources.overrides:MANAGED_OVERRIDES",
    "ApiMapping": "resources.stages:API_MAPPING",
    "Authorizer": "resources.parts:AUTHORIZER",
    "Deployment": "resources.stages:DEPLOYMENT",
    "DomainName": "resources.stages:DOMAIN_NAME",
    "Integration": "resources.parts:INTEGRATION",
    "IntegrationResponse": "resources.parts:INTEGRATION_RESPONSE",
    "Model": "resources.parts:MODEL",
    "Route": "resources.parts:ROUTE",
    "RouteResponse": "resources.parts:ROUTE_RESPONSE",
    "RoutingRule": "resources.routing_rules:ROUTING_RULE",
    "Stage": "resources.stages:STAGE",
    "VpcLink": "resources.apis:VPC_LINK",
}
# What a custom domain name of ours may look like, and no host of AWS's does.
_DOMAIN_NAME = r"(?!.*\.(execute-api\.|amazonaws\.com)).+\.[a-z]{2,63}"
_DATA_PLANE = {"handler": "serving.dataplane:handle", "claims": "serving.addresses:claims"}

SERVICE = Service(
    name="apigatewayv2",
    package=__package__ or "",
    endpoints=(Endpoint("apigatewayv2", signing_name="apigateway", path_prefix="/v2/"),),
    http_routes=(
        HttpRoute(host=r".+\.execute-api\..+", **_DATA_PLANE),
        HttpRoute(path=r"/_aws/execute-api/", **_DATA_PLANE),
        HttpRoute(host=_DOMAIN_NAME, **_DATA_PLANE),
    ),
    subscriptions={QuotaChanged: "quotas:on_quota"},
    resource_types={f"AWS::ApiGatewayV2::{name}": path for name, path in _TYPES.items()},
    validation_code="BadRequestException",
    wording="wording:refusal",
)
