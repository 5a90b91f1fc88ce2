"""What AWS says of what cannot be, as it was seen to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .support import LAMBDA_URI, add_mock, deploy, new_api, refused

_DOMAIN = "api.example.com"
_NEAR = "arn:aws:acm:us-east-1:000000000000:certificate/one"
_FAR = "arn:aws:acm:eu-west-1:000000000000:certificate/one"
_REGIONAL = {"types": ["REGIONAL"]}
_TRUST = {"truststoreUri": "s3://bucket/trust.pem"}
_LOAD_BALANCER = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/a/1"
_REQUEST = {"name": "a", "type": "REQUEST", "authorizerUri": LAMBDA_URI}
_HTTP = {"type": "HTTP", "integrationHttpMethod": "GET", "uri": "https://example.com"}
_DESTINATION = (
    "Invalid ARN specified in the request. The ARN must be a valid CloudWatch Logs log group or "
    "Kinesis Data Firehose delivery stream ARN."
)
_TTL = "Invalid time-to-live setting, must be an integer no greater than 3600"


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (
            "/accessLogSettings/format",
            "$context.status",
            "Access Log format must include either $context.requestId or "
            "$context.extendedRequestId : '$context.status'",
        ),
        ("/accessLogSettings/destinationArn", "arn:aws:s3:::bucket", _DESTINATION),
        (
            "/accessLogSettings/destinationArn",
            "arn:aws:firehose:us-east-1:000000000000:deliverystream/mine",
            "Kinesis Firehose delivery stream name must begin with the characters "
            "'amazon-apigateway-': 'deliverystream/mine'",
        ),
        ("/*/*/caching/ttlInSeconds", "3601", _TTL),
        ("/*/*/caching/ttlInSeconds", "some", _TTL),
        (
            "/*/*/caching/unauthorizedCacheControlHeaderStrategy",
            "FAIL",
            "Invalid value for method setting "
            "/*/*/caching/unauthorizedCacheControlHeaderStrategy: FAIL",
        ),
        (
            "/variables/key1",
            "no!",
            "Invalid stage variable value of key key1.  Please use values with alphanumeric "
            "characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.",
        ),
    ],
)
def test_of_a_stage(client: Any, path: str, value: str, message: str) -> None:
    api, root = new_api(client)
    add_mock(client, api, root)
    deploy(client, api)
    patches = [{"op": "replace", "path": path, "value": value}]
    place = {"restApiId": api, "stageName": "prod"}
    assert refused(lambda: client.update_stage(**place, patchOperations=patches))[2] == message


def test_of_a_stage_what_looks_like_it_is_taken(client: Any) -> None:
    api, root = new_api(client)
    add_mock(client, api, root)
    deploy(client, api)
    stream = "arn:aws:firehose:us-east-1:000000000000:deliverystream/amazon-apigateway-mine"
    patches = [
        {"op": "replace", "path": "/variables/spaced", "value": "a b"},
        {"op": "replace", "path": "/accessLogSettings/format", "value": "$context.requestId"},
        {"op": "replace", "path": "/accessLogSettings/destinationArn", "value": stream},
        {"op": "replace", "path": "/*/*/logging/loglevel", "value": "info"},
    ]
    stage = client.update_stage(restApiId=api, stageName="prod", patchOperations=patches)
    assert stage["variables"] == {"spaced": "a b"}
    assert stage["methodSettings"]["*/*"]["loggingLevel"] == "INFO"
    patches = [{"op": "replace", "path": "/*/FOO/metrics/enabled", "value": "true"}]
    error = refused(
        lambda: client.update_stage(restApiId=api, stageName="prod", patchOperations=patches)
    )
    assert error[2].startswith("Invalid method setting path: /*/FOO/metrics/enabled. Must be one")


@pytest.mark.parametrize(
    ("operation", "params", "message"),
    [
        (
            "create_authorizer",
            {**_REQUEST, "identitySource": "header.Auth"},
            "Invalid request identity source expression: header.Auth. The sources must be "
            "separated by comma, and each source must be either a method request parameter, "
            "matching 'method.request.querystring|header.[a-zA-Z0-9._-]+', or a stage variable, "
            "matching 'stageVariables.[a-zA-Z0-9._-]+', or a context parameter, matching "
            "'context.[a-zA-Z0-9._-]+'",
        ),
        (
            "create_documentation_part",
            {"location": {"type": "API", "path": "/"}, "properties": "{}"},
            "[Location type: API cannot have path, method, statusCode or name defined.]",
        ),
        (
            "create_model",
            {"name": "Pet", "contentType": "odd", "schema": "{}"},
            "Validation Result: warnings : [], errors : [Invalid content type specified: odd]",
        ),
        (
            "put_gateway_response",
            {"responseType": "UNAUTHORIZED", "statusCode": "odd"},
            "1 validation error detected: Value 'odd' at 'putGatewayResponseInput.statusCode' "
            "failed to satisfy constraint: Member must satisfy regular expression pattern: "
            r"[1-5]\d\d",
        ),
    ],
)
def test_of_parts_of_an_api(
    client: Any, operation: str, params: dict[str, Any], message: str
) -> None:
    api, _ = new_api(client)
    assert refused(lambda: getattr(client, operation)(restApiId=api, **params))[2] == message


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({**_HTTP, "credentials": "me"}, "Invalid ARN specified in the request"),
        (
            {**_HTTP, "connectionType": "VPC_LINK"},
            "ConnectionId should be set to the vpcLinkId or stage variable on connection type "
            "VPC_LINK",
        ),
        (
            {**_HTTP, "cacheKeyParameters": ["method.request.querystring.q"]},
            "Invalid cache key parameter specified",
        ),
    ],
)
def test_of_an_integration(client: Any, params: dict[str, Any], message: str) -> None:
    api, root = new_api(client)
    place = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    client.put_method(**place, authorizationType="NONE")
    assert refused(lambda: client.put_integration(**place, **params))[2] == message


def test_of_scopes_without_a_user_pool(client: Any) -> None:
    api, root = new_api(client)
    place = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    scoped = {"authorizationType": "NONE", "authorizationScopes": ["read"]}
    assert refused(lambda: client.put_method(**place, **scoped))[2] == (
        "Invalid Method authorization type specified. Authorization Scopes are only valid for "
        "COGNITO_USER_POOLS authorization type"
    )


def test_of_a_deployment_that_calls_as_the_caller(client: Any) -> None:
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    api, root = new_api(client, policy=policy)
    place = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    client.put_method(**place, authorizationType="AWS_IAM")
    proxy = {"type": "AWS_PROXY", "uri": LAMBDA_URI, "credentials": "arn:aws:iam::*:user/*"}
    client.put_integration(**place, **proxy, integrationHttpMethod="POST")
    assert refused(lambda: client.create_deployment(restApiId=api)) == (
        "BadRequestException",
        400,
        "Caller provided credentials not allowed when resource policy is set",
    )


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (
            {"domainName": f"{_DOMAIN}."},
            "Trailing period should be omitted from domain name",
        ),
        (
            {"regionalCertificateArn": _NEAR},
            "Cannot import certificates for REGIONAL while EDGE is active.",
        ),
        (
            {"certificateArn": _NEAR, "endpointConfiguration": _REGIONAL},
            "Cannot import certificates for EDGE while REGIONAL is active.",
        ),
        (
            {
                "regionalCertificateName": "mine",
                "certificateBody": "-----BEGIN CERTIFICATE-----",
                "endpointConfiguration": _REGIONAL,
            },
            "Uploading certificates is not supported for REGIONAL.",
        ),
        (
            {"regionalCertificateArn": _FAR, "endpointConfiguration": _REGIONAL},
            f"Invalid certificate ARN: {_FAR}. Certificate must be in 'us-east-1'.",
        ),
        (
            {
                "regionalCertificateArn": _NEAR,
                "endpointConfiguration": _REGIONAL,
                "mutualTlsAuthentication": _TRUST,
                "securityPolicy": "TLS_1_0",
            },
            "Mutual TLS authentication is only supported with TLS 1.2.",
        ),
    ],
)
def test_of_a_domain_name(client: Any, params: dict[str, Any], message: str) -> None:
    given = {"domainName": _DOMAIN, **params}
    assert refused(lambda: client.create_domain_name(**given))[2] == message


@pytest.mark.parametrize(
    ("quota", "message"),
    [
        (
            {"limit": 0, "period": "DAY"},
            "Usage Plan quota limit must be a non-negative numeric",
        ),
        (
            {"limit": 1},
            "Invalid Usage Plan quota period specified. Must be one of [DAY, WEEK, MONTH]",
        ),
        (
            {"limit": 1, "period": "DAY", "offset": 1},
            "Usage Plan quota offset must be zero in the DAY period",
        ),
        (
            {"limit": 1, "period": "WEEK", "offset": 7},
            "Usage Plan quota offset must be between 0 and 6 inclusive in the WEEK period",
        ),
    ],
)
def test_of_a_quota(client: Any, quota: dict[str, Any], message: str) -> None:
    assert refused(lambda: client.create_usage_plan(name="gold", quota=quota))[2] == message


def test_of_a_plans_method_and_a_links_targets(client: Any) -> None:
    api, root = new_api(client)
    add_mock(client, api, root)
    deploy(client, api)
    stage = {"apiId": api, "stage": "prod", "throttle": {"odd": {"rateLimit": 1.0}}}
    error = refused(lambda: client.create_usage_plan(name="gold", apiStages=[stage]))
    assert error[2] == "Invalid method {resourcePath: odd,method: } specified"
    targets = [_LOAD_BALANCER, f"{_LOAD_BALANCER}2"]
    error = refused(lambda: client.create_vpc_link(name="link", targetArns=targets))
    assert error[2] == "More than one target arn specified for vpc link."
