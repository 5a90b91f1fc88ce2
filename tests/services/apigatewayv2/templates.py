"""Templates of HTTP APIs."""

from __future__ import annotations

from typing import Any

CERTIFICATE = "arn:aws:acm:us-east-1:000000000000:certificate/a"
_API = {"Ref": "Api"}


def resource(name: str, **properties: Any) -> dict[str, Any]:
    """Return a resource of the service."""
    return {"Type": f"AWS::ApiGatewayV2::{name}", "Properties": properties}


def http_template(url: str) -> dict[str, Any]:
    """Return a template of an API before `url`, with all that HTTP APIs have."""
    return {
        "Resources": {**_parts(url), **_addresses()},
        "Outputs": {
            "Api": {"Value": _API},
            "Endpoint": {"Value": {"Fn::GetAtt": ["Api", "ApiEndpoint"]}},
            "Arn": {"Value": {"Fn::GetAtt": ["Api", "ExecuteApiArn"]}},
            "Domain": {"Value": {"Fn::GetAtt": ["Domain", "RegionalDomainName"]}},
        },
    }


def _parts(url: str) -> dict[str, Any]:
    api = _API
    return {
        "Api": resource("Api", Name="pets", ProtocolType="HTTP", Tags={"a": "1"}),
        "Integration": resource(
            "Integration",
            ApiId=api,
            IntegrationType="HTTP_PROXY",
            IntegrationMethod="ANY",
            IntegrationUri=url + "/one",
            PayloadFormatVersion="1.0",
            TimeoutInMillis="2000",
            RequestParameters={"append:header.x-a": "1"},
            ResponseParameters={
                "200": {
                    "ResponseParameters": [{"Source": "201", "Destination": "overwrite:statuscode"}]
                }
            },
        ),
        "Authorizer": resource(
            "Authorizer",
            ApiId=api,
            AuthorizerType="JWT",
            Name="users",
            IdentitySource=["$request.header.Authorization"],
            JwtConfiguration={"Issuer": url, "Audience": ["pets"]},
        ),
        "Open": resource(
            "Route",
            ApiId=api,
            RouteKey="GET /open",
            Target={"Fn::Sub": "integrations/${Integration}"},
        ),
        "Closed": resource(
            "Route",
            ApiId=api,
            RouteKey="GET /closed",
            AuthorizationType="JWT",
            AuthorizerId={"Ref": "Authorizer"},
            Target={"Fn::Sub": "integrations/${Integration.IntegrationId}"},
        ),
    }


def _addresses() -> dict[str, Any]:
    api = _API
    return {
        "Stage": resource(
            "Stage",
            ApiId=api,
            StageName="dev",
            AutoDeploy="true",
            StageVariables={"a": "1"},
            DefaultRouteSettings={"ThrottlingBurstLimit": "50", "ThrottlingRateLimit": "50"},
        ),
        "Domain": resource(
            "DomainName",
            DomainName="api.example.com",
            DomainNameConfigurations=[{"CertificateArn": CERTIFICATE}],
        ),
        "Mapping": resource(
            "ApiMapping",
            ApiId=api,
            DomainName={"Ref": "Domain"},
            Stage={"Ref": "Stage"},
            ApiMappingKey="v1",
        ),
        "Link": resource("VpcLink", Name="link", SubnetIds=["subnet-1"]),
    }
