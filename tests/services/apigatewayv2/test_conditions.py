"""Conditions of policies on the control plane: what a request says, what there is, and tags."""

from __future__ import annotations

import json
from typing import Any

from tests.services.limited_users import client_of, denied, everything

from cloudarium.pytest_plugin import CloudUnderTest

from .support import http_api, refused

_NAME = "api.example.com"
_DENIED = ("AccessDeniedException", 403)


def test_routes_need_authorization(cloud: CloudUnderTest, client: Any) -> None:
    open_routes = {"apigateway:Request/RouteAuthorizationType": ["NONE"]}
    user = client_of(
        cloud, "apigatewayv2", everything(), denied({"ForAnyValue:StringEquals": open_routes})
    )
    api = http_api(user)
    place = {"ApiId": api, "RouteKey": "GET /"}
    assert refused(lambda: user.create_route(**place, AuthorizationType="NONE"))[:2] == _DENIED
    route = user.create_route(**place, AuthorizationType="AWS_IAM")["RouteId"]
    opened = {"ApiId": api, "RouteId": route, "AuthorizationType": "NONE"}
    assert refused(lambda: user.update_route(**opened))[:2] == _DENIED
    document = {
        "openapi": "3.0.1",
        "info": {"title": "x"},
        "paths": {"/": {"get": {"responses": {}}}},
    }
    assert refused(lambda: user.import_api(Body=json.dumps(document)))[:2] == _DENIED
    assert refused(lambda: user.reimport_api(ApiId=api, Body=json.dumps(document)))[:2] == _DENIED


def test_what_there_is_decides(cloud: CloudUnderTest, client: Any) -> None:
    condition = {"Bool": {"apigateway:Resource/DisableExecuteApiEndpoint": "true"}}
    user = client_of(cloud, "apigatewayv2", everything(), denied(condition))
    open_api, closed = http_api(client), http_api(client, DisableExecuteApiEndpoint=True)
    user.delete_api(ApiId=open_api)
    assert refused(lambda: user.delete_api(ApiId=closed))[:2] == _DENIED
    assert refused(lambda: user.update_api(ApiId=closed, Name="x"))[:2] == _DENIED


def test_authorizers_and_stages_are_what_they_may_be(cloud: CloudUnderTest, client: Any) -> None:
    condition = {"ForAnyValue:StringEquals": {"apigateway:Request/AuthorizerType": ["JWT"]}}
    named = {"StringEquals": {"apigateway:Resource/AccessLoggingFormat": "$context.requestId x"}}
    user = client_of(cloud, "apigatewayv2", everything(), denied(condition), denied(named))
    api = http_api(user)
    authorizer = {
        "ApiId": api,
        "AuthorizerType": "JWT",
        "IdentitySource": ["$request.header.Authorization"],
        "JwtConfiguration": {"Issuer": "https://issuer.example.com", "Audience": ["x"]},
        "Name": "users",
    }
    assert refused(lambda: user.create_authorizer(**authorizer))[:2] == _DENIED
    group = f"arn:aws:logs:{cloud.region}:{cloud.account}:log-group:api"
    cloud.client("logs").create_log_group(logGroupName="api")
    logs = {"DestinationArn": group, "Format": "$context.requestId x"}
    user.create_stage(ApiId=api, StageName="prod", AccessLogSettings=logs)
    assert refused(lambda: user.delete_stage(ApiId=api, StageName="prod"))[:2] == _DENIED


def test_tags_decide(cloud: CloudUnderTest, client: Any) -> None:
    mine = {"StringEquals": {"aws:ResourceTag/team": "a"}}
    user = client_of(cloud, "apigatewayv2", everything(Condition=mine))
    own, other = http_api(client, Tags={"team": "a"}), http_api(client, Tags={"team": "b"})
    user.create_route(ApiId=own, RouteKey="GET /")
    user.create_stage(ApiId=own, StageName="prod")
    user.get_stage(ApiId=own, StageName="prod")
    assert refused(lambda: user.create_route(ApiId=other, RouteKey="GET /"))[:2] == _DENIED
    arn = f"arn:aws:apigateway:{cloud.region}::/apis/"
    assert user.get_tags(ResourceArn=arn + own)["Tags"] == {"team": "a"}
    assert refused(lambda: user.get_tags(ResourceArn=arn + other))[:2] == _DENIED


def test_domain_names_need_more_for_trust(cloud: CloudUnderTest, client: Any) -> None:
    verbs = [f"apigateway:{verb}" for verb in ("GET", "POST", "PATCH", "DELETE")]
    weak = {"ForAnyValue:StringEquals": {"apigateway:Request/SecurityPolicy": ["TLS_1_0"]}}
    user = client_of(
        cloud,
        "apigatewayv2",
        everything(Action=verbs, Condition={"StringEquals": {"aws:ResourceTag/team": "a"}}),
        everything(
            Action="apigateway:POST", Condition={"StringEquals": {"aws:RequestTag/team": "a"}}
        ),
        denied(weak),
    )
    certificate = f"arn:aws:acm:{cloud.region}:{cloud.account}:certificate/x"

    def create(policy: str = "TLS_1_2", **members: Any) -> Any:
        configuration = {
            "CertificateArn": certificate,
            "EndpointType": "REGIONAL",
            "SecurityPolicy": policy,
        }
        return user.create_domain_name(
            DomainName=_NAME,
            DomainNameConfigurations=[configuration],
            Tags={"team": "a"},
            **members,
        )

    trust = {"TruststoreUri": "s3://bucket/trust.pem"}
    refusal = refused(lambda: create(MutualTlsAuthentication=trust))
    assert "apigateway:AddCertificateToDomain" in refusal[2]
    assert refused(lambda: create("TLS_1_0"))[:2] == _DENIED
    create()
    refusal = refused(
        lambda: user.update_domain_name(
            DomainName=_NAME, MutualTlsAuthentication={"TruststoreUri": ""}
        )
    )
    assert "apigateway:RemoveCertificateFromDomain" in refusal[2]
    user.get_api_mappings(DomainName=_NAME)
    user.delete_domain_name(DomainName=_NAME)
