"""API Gateway: REST APIs, their deployments, and the traffic they serve."""

from __future__ import annotations

from cloudarium.contracts.quotas import QuotaChanged
from cloudarium.core.service import Endpoint, HttpRoute, Service

_TYPES = {
    "RestApi": "resources.rest_apis:REST_API",
    "Resource": "resources.rest_apis:RESOURCE",
    "Method": "resources.methods:METHOD",
    "Model": "resources.parts:MODEL",
    "RequestValidator": "resources.parts:REQUEST_VALIDATOR",
    "GatewayResponse": "resources.parts:GATEWAY_RESPONSE",
    "Deployment": "resources.deployments:DEPLOYMENT",
    "Stage": "resources.deployments:STAGE",
    "Authorizer": "resources.parts:AUTHORIZER",
    "ApiKey": "resources.usage:API_KEY",
    "UsagePlan": "resources.usage:USAGE_PLAN",
    "DomainName": "resources.domains:DOMAIN_NAME",
    "BasePathMapping": "resources.domains:BASE_PATH_MAPPING",
    "DomainNameV2": "resources.private_domains:DOMAIN_NAME_V2",
    "BasePathMappingV2": "resources.private_domains:BASE_PATH_MAPPING_V2",
    "DomainNameAccessAssociation": "resources.private_domains:ACCESS_ASSOCIATION",
    "ClientCertificate": "resources.certificates:CLIENT_CERTIFICATE",
    "VpcLink": "resources.vpc_links:VPC_LINK",
    "DocumentationPart": "resources.documentation:DOCUMENTATION_PART",
    "DocumentationVersion": "resources.documentation:DOCUMENTATION_VERSION",
    "UsagePlanKey": "resources.usage:USAGE_PLAN_KEY",
    "Account": "resources.parts:ACCOUNT",
}

# What a custom domain name of ours may look like, and no host of AWS's does.
_DOMAIN_NAME = r"(?!.*\.(execute-api\.|amazonaws\.com)).+\.[a-z]{2,63}"

SERVICE = Service(
    name="apigateway",
    package=__package__ or "",
    endpoints=(Endpoint("apigateway", signing_name="apigateway"),),
    http_routes=(
        HttpRoute("serving.dataplane:handle", host=r".+\.execute-api\..+"),
        HttpRoute("serving.dataplane:handle", path=r"/_aws/execute-api/"),
        HttpRoute("serving.dataplane:handle", host=_DOMAIN_NAME, claims="serving.addresses:claims"),
    ),
    subscriptions={QuotaChanged: "quotas:on_quota"},
    jobs={"vpc_link": "vpc_links:become_available"},
    resource_types={f"AWS::ApiGateway::{name}": path for name, path in _TYPES.items()},
    validation_code="ValidationException",
    wording="wording:refusal",
)
