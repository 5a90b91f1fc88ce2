"""What AWS says of what cannot be, as it was seen to."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from .support import FUNCTION, LAMBDA_URI, http_api, refused, websocket_api

_SOURCE = "arn:aws:logs:us-east-1:000000000000:log-group:access"
_MAPPING = "Invalid mapping expression specified: Validation Result: warnings : [], errors : "
_NO_URI = "Invalid integration URI specified"
_HTTP = {"IntegrationType": "HTTP_PROXY", "IntegrationMethod": "GET"}
_PROXY = {**_HTTP, "IntegrationUri": "https://example.com"}
_LAMBDA = {"IntegrationType": "AWS_PROXY", "IntegrationUri": FUNCTION}
_SQS = {
    "IntegrationType": "AWS_PROXY",
    "IntegrationSubtype": "SQS-PurgeQueue",
    "RequestParameters": {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/1/q"},
}
_REQUEST = {"AuthorizerType": "REQUEST", "Name": "a", "AuthorizerUri": LAMBDA_URI}
_VERSION = {"AuthorizerPayloadFormatVersion": "2.0"}
_JWT = {
    "AuthorizerType": "JWT",
    "Name": "a",
    "IdentitySource": ["$request.header.Authorization"],
}


def _issued(issuer: str, *audience: str) -> dict[str, Any]:
    return {**_JWT, "JwtConfiguration": {"Issuer": issuer, "Audience": list(audience)}}


@pytest.mark.parametrize(
    ("operation", "params", "message"),
    [
        (
            "create_route",
            {"RouteKey": "GET /", "ApiKeyRequired": True},
            "ApiKeyRequired is not currently supported for HTTP APIs.",
        ),
        (
            "create_route",
            {"RouteKey": "GET /", "Target": "x"},
            "Unexpected or malformed target in route null. Correct format should be "
            "integrations/<integration_id>.",
        ),
        (
            "create_route",
            {"RouteKey": "GET /", "AuthorizationType": "JWT"},
            "Invalid authorizer ID specified. Setting the authorization type to JWT requires a "
            "valid JWT authorizer.",
        ),
        (
            "create_integration",
            {**_PROXY, "PayloadFormatVersion": "2.0"},
            "PayloadFormatVersion 2.0 is not supported for integration of type HTTP_PROXY",
        ),
        (
            "create_integration",
            {**_LAMBDA, "PayloadFormatVersion": "3.0"},
            "Unsupported PayloadFormatVersion: 3.0",
        ),
        (
            "create_integration",
            {**_SQS, "PayloadFormatVersion": "2.0", "CredentialsArn": "x"},
            "Operation: SQS-PurgeQueue is not supported.",
        ),
        (
            "create_integration",
            _SQS,
            "Role ARN must be specified for AWS integration configuration with Subtype: "
            "SQS-PurgeQueue",
        ),
        (
            "create_integration",
            {**_PROXY, "TimeoutInMillis": 30001},
            "Timeout should be between 50 ms and 30000 ms",
        ),
        (
            "create_integration",
            {**_PROXY, "RequestParameters": {"badaction:header.x": "1"}},
            f"{_MAPPING}[Invalid Request Actioned Parameter destination specified: "
            "badaction:header.x]",
        ),
        (
            "create_integration",
            {**_PROXY, "ResponseParameters": {"200": {"badaction:header.x": "1"}}},
            f"{_MAPPING}[Invalid Response Actioned Parameter destination specified: "
            "badaction:header.x]",
        ),
        (
            "create_integration",
            {**_PROXY, "ResponseParameters": {"199": {"overwrite:header.x": "1"}}},
            f"{_MAPPING}[Status Code 199 is not valid.]",
        ),
        (
            "create_model",
            {"Name": "m", "Schema": "{}"},
            "Currently, Models are not permitted for APIs with a protocol type of HTTP",
        ),
        ("create_authorizer", _JWT, "JwtConfiguration must not be null for JWT Authorizer"),
        (
            "create_authorizer",
            _issued("https://example.com"),
            "Audience list must have at least 1 item for JWT Authorizer",
        ),
        (
            "create_authorizer",
            _issued("http://example.com", "pets"),
            "Invalid issuer: Issuer is not a valid URL for JWT Authorizer",
        ),
        (
            "create_authorizer",
            {**_REQUEST, **_VERSION, "IdentitySource": ["header.Authorization"]},
            "Invalid identity source expression: header.Authorization. The source must be a "
            "request header, request querystring, stage variable or context parameter",
        ),
        (
            "create_authorizer",
            {**_REQUEST, **_VERSION, "IdentitySource": [], "AuthorizerResultTtlInSeconds": 1},
            "Identity source must be set if authorizer caching is enabled (TTL is greater than 0)",
        ),
        (
            "create_authorizer",
            {**_REQUEST, **_VERSION, "IdentitySource": [], "AuthorizerResultTtlInSeconds": 3601},
            "Authorizer result TTL outside allowable range. TTL must be between 0 and 3600 "
            "seconds.",
        ),
        (
            "create_authorizer",
            {
                **_REQUEST,
                "AuthorizerPayloadFormatVersion": "1.0",
                "IdentitySource": [],
                "EnableSimpleResponses": True,
            },
            'EnableSimpleResponses can only be set for AuthorizerPayloadFormatVersion "2.0".',
        ),
        (
            "create_deployment",
            {"StageName": "$default"},
            "Stage $default does not exist. StageName specified on a CreateDeployment request must "
            "exist so the stage can be updated with the new deployment.",
        ),
        ("create_integration", {**_LAMBDA, "IntegrationUri": ""}, _NO_URI),
        ("create_integration", _HTTP, _NO_URI),
        (
            "create_integration",
            {**_HTTP, "IntegrationUri": "example.com", "PayloadFormatVersion": "1.0"},
            "Invalid HTTP endpoint specified for URI",
        ),
        ("create_stage", {"StageName": "bad stage"}, "Stage name only allows a-zA-Z0-9_"),
        (
            "create_stage",
            {"StageName": "dev", "DefaultRouteSettings": {"LoggingLevel": "INFO"}},
            "Execution logs are not supported on protocolType HTTP",
        ),
        (
            "create_stage",
            {
                "StageName": "dev",
                "AccessLogSettings": {"DestinationArn": _SOURCE, "Format": "$context.stage"},
            },
            "The following errors are found in Access Log Format: Access Log format must include "
            "either $context.requestId or $context.extendedRequestId : '$context.stage'",
        ),
    ],
)
def test_of_http_apis(client: Any, operation: str, params: dict[str, Any], message: str) -> None:
    call = partial(getattr(client, operation), ApiId=http_api(client), **params)
    assert refused(call) == ("BadRequestException", 400, message)


def test_of_a_change_that_does_not_say_the_subtype_again(client: Any) -> None:
    role = "arn:aws:iam::000000000000:role/api"
    api = http_api(client)
    made = client.create_integration(ApiId=api, **_SQS, CredentialsArn=role)["IntegrationId"]
    change = partial(client.update_integration, ApiId=api, IntegrationId=made, Description="x")
    assert refused(change) == ("BadRequestException", 400, _NO_URI)
    assert change(IntegrationSubtype=_SQS["IntegrationSubtype"])["Description"] == "x"


def test_of_responses(client: Any) -> None:
    http = http_api(client)
    unsupported = "s are currently not supported for this API protocol type."
    route = partial(client.create_route_response, RouteId="x", RouteResponseKey="$default")
    assert refused(partial(route, ApiId=http))[2] == f"RouteResponse{unsupported}"
    integration = partial(
        client.create_integration_response, IntegrationId="x", IntegrationResponseKey="$default"
    )
    assert refused(partial(integration, ApiId=http))[2] == f"IntegrationResponse{unsupported}"
    api = websocket_api(client)
    place = {"ApiId": api, "RouteId": client.create_route(ApiId=api, RouteKey="say")["RouteId"]}
    assert refused(lambda: client.create_route_response(**place, RouteResponseKey="x"))[2] == (
        "Currently, only $default is supported as a RouteResponseKey. The creation of the "
        "RouteResponse with a key of $default will indicate to API Gateway that this Route is "
        "intended to handle two-way communication."
    )


def test_of_websocket_apis(client: Any) -> None:
    api = {"ApiId": websocket_api(client)}
    for call, message in (
        (
            partial(websocket_api, client, CorsConfiguration={"AllowOrigins": ["*"]}),
            "Cors is not supported for WEBSOCKET protocolType",
        ),
        (
            partial(client.create_integration, **api, **_LAMBDA, PayloadFormatVersion="2.0"),
            "Unsupported PayloadFormatVersion: 2.0",
        ),
        (
            partial(client.create_integration, **api, **_PROXY, TimeoutInMillis=29001),
            "Timeout should be between 50 ms and 29000 ms",
        ),
        (
            partial(client.create_authorizer, **api, **_issued("https://example.com", "a")),
            "Only REQUEST authorizer type is supported on WEBSOCKET protocol Apis.",
        ),
        (
            partial(client.create_authorizer, **api, **_REQUEST, IdentitySource=["$request.a"]),
            "Invalid request identity source expression: $request.a. The sources must be separated "
            "by comma, and each source must be either a request parameter, matching "
            "'route.request.querystring|header.[a-zA-Z0-9._-]+', or a stage variable, matching "
            "'stageVariables.[a-zA-Z0-9._-]+', or a context parameter, matching "
            "'context.[a-zA-Z0-9._-]+'",
        ),
    ):
        assert refused(call) == ("BadRequestException", 400, message)


def test_of_what_an_account_has(client: Any) -> None:
    selection = "$request.body.action"
    wrong = partial(http_api, client, RouteSelectionExpression=selection)
    assert refused(wrong)[2] == (
        'Route selection expression is currently limited to "${request.method} ${request.path}"'
    )
    link = partial(client.create_vpc_link, Name="link", SubnetIds=[])
    assert refused(link)[2] == "SubnetIds for a vpc link cannot be empty"
    far = "arn:aws:acm:us-west-2:000000000000:certificate/a"
    for name, configuration, message in (
        ("a_b.example.com", {}, "Domain names cannot contain an underscore character"),
        (
            "a.example.com",
            {"EndpointType": "EDGE"},
            "EDGE endpoint type is not supported for APIGatewayV2 domainName",
        ),
        (
            "a.example.com",
            {"CertificateArn": far},
            f"Invalid certificate ARN: {far}. Certificate must be in 'us-east-1'.",
        ),
    ):
        make = partial(client.create_domain_name, DomainName=name)
        found = refused(partial(make, DomainNameConfigurations=[configuration]))
        assert found == ("BadRequestException", 400, message)
