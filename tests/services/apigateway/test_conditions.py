"""Conditions of policies on the control plane: what a request says, what there is, and tags."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from tests.services.limited_users import client_of, denied, everything

from cloudarium.pytest_plugin import CloudUnderTest

from .support import new_api, refused

_NAME = "api.example.com"
_TRUST = {"truststoreUri": "s3://bucket/trust.pem"}
_DENIED = ("AccessDeniedException", 403)


def _patch(path: str, value: str, op: str = "replace") -> list[dict[str, str]]:
    return [{"op": op, "path": path, "value": value}]


def test_apis_are_private_or_refused(cloud: CloudUnderTest, client: Any) -> None:
    asked = {"ForAllValues:StringNotEquals": {"apigateway:Request/EndpointType": ["PRIVATE"]}}
    given = {"Null": {"apigateway:Request/EndpointType": "false"}}
    user = client_of(cloud, "apigateway", everything(), denied({**asked, **given}))
    private = user.create_rest_api(name="x", endpointConfiguration={"types": ["PRIVATE"]})["id"]
    regional = {"types": ["REGIONAL"]}
    refusal = refused(lambda: user.create_rest_api(name="x", endpointConfiguration=regional))
    assert refusal[:2] == _DENIED
    moved = _patch("/endpointConfiguration/types/PRIVATE", "REGIONAL")
    refusal = refused(lambda: user.update_rest_api(restApiId=private, patchOperations=moved))
    assert refusal[:2] == _DENIED
    user.update_rest_api(restApiId=private, patchOperations=_patch("/name", "y"))
    document = {"openapi": "3.0.1", "info": {"title": "x"}, "paths": {}}
    body = json.dumps(document).encode()
    user.put_rest_api(restApiId=private, mode="merge", body=body)
    kinds = {"endpointConfigurationTypes": "REGIONAL"}
    assert refused(lambda: user.import_rest_api(body=body, parameters=kinds))[:2] == _DENIED


def test_methods_need_authorization(cloud: CloudUnderTest, client: Any) -> None:
    condition = {
        "ForAnyValue:StringEquals": {"apigateway:Request/RouteAuthorizationType": ["NONE"]}
    }
    api, root = new_api(client)
    user = client_of(cloud, "apigateway", everything(), denied(condition))
    place = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    refusal = refused(lambda: user.put_method(**place, authorizationType="NONE"))
    assert refusal[:2] == _DENIED
    user.put_method(**place, authorizationType="AWS_IAM")
    opened = _patch("/authorizationType", "NONE")
    refusal = refused(lambda: user.update_method(**place, patchOperations=opened))
    assert refusal[:2] == _DENIED
    method = {"x-amazon-apigateway-integration": {"type": "mock"}}
    signed = {**method, "x-amazon-apigateway-auth": {"type": "AWS_IAM"}}
    document = {"openapi": "3.0.1", "info": {"title": "x"}}
    user.import_rest_api(body=json.dumps({**document, "paths": {"/": {"get": signed}}}).encode())
    body = json.dumps({**document, "paths": {"/": {"get": signed, "post": method}}}).encode()
    assert refused(lambda: user.import_rest_api(body=body))[:2] == _DENIED


def test_what_there_is_decides(cloud: CloudUnderTest, client: Any) -> None:
    condition = {"StringLike": {"apigateway:Resource/ApiName": "prod-*"}}
    user = client_of(cloud, "apigateway", everything(), denied(condition, "apigateway:DELETE"))
    kept = client.create_rest_api(name="prod-1")["id"]
    free = client.create_rest_api(name="test-1")["id"]
    user.delete_rest_api(restApiId=free)
    assert refused(lambda: user.delete_rest_api(restApiId=kept))[:2] == _DENIED


def test_access_logs_go_where_they_may(cloud: CloudUnderTest, client: Any) -> None:
    key, logs = "AccessLoggingDestination", "arn:aws:logs:us-east-1:000000000000:log-group"
    condition = {"StringNotLikeIfExists": {f"apigateway:Request/{key}": f"{logs}:safe*"}}
    given = {"Null": {f"apigateway:Request/{key}": "false"}}
    api, root = new_api(client)
    client.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
    client.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK")
    deployed = {"StringEquals": {"apigateway:Request/StageName": "live"}}
    user = client_of(cloud, "apigateway", everything(), denied({**condition, **given}))
    other = client_of(cloud, "apigateway", everything(), denied(deployed))
    user.create_deployment(restApiId=api, stageName="live")
    refusal = refused(lambda: other.create_deployment(restApiId=api, stageName="live"))
    assert refusal[:2] == _DENIED
    place = {"restApiId": api, "stageName": "live"}
    logged = _patch("/accessLogSettings/destinationArn", f"{logs}:other")
    assert refused(lambda: user.update_stage(**place, patchOperations=logged))[:2] == _DENIED
    user.update_stage(**place, patchOperations=_patch("/description", "x"))


def test_tags_decide(cloud: CloudUnderTest, client: Any) -> None:
    mine = {"StringEquals": {"aws:ResourceTag/team": "a"}}
    said = {"StringEquals": {"aws:RequestTag/team": "a"}}
    user = client_of(
        cloud,
        "apigateway",
        everything(Action="apigateway:*", Condition=mine),
        everything(Action="apigateway:POST", Condition=said),
        denied({"ForAnyValue:StringEquals": {"aws:TagKeys": ["secret"]}}),
    )
    api = user.create_rest_api(name="a", tags={"team": "a"})["id"]
    other, root = new_api(client, tags={"team": "b"})
    assert refused(lambda: user.create_rest_api(name="b", tags={"team": "b"}))[:2] == _DENIED
    user.get_resources(restApiId=api)
    assert refused(lambda: user.get_resource(restApiId=other, resourceId=root))[:2] == _DENIED
    arn = f"arn:aws:apigateway:{cloud.region}::/restapis/"
    user.tag_resource(resourceArn=arn + api, tags={"x": "y"})
    for call in (
        lambda: user.tag_resource(resourceArn=arn + api, tags={"secret": "y"}),
        lambda: user.untag_resource(resourceArn=arn + api, tagKeys=["secret"]),
        lambda: user.get_tags(resourceArn=arn + other),
    ):
        assert refused(call)[:2] == _DENIED


def test_a_stage_has_its_apis_tags_besides_its_own(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client, tags={"team": "a", "level": "api"})
    client.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
    client.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK")
    deployment = client.create_deployment(restApiId=api)["id"]
    for name, level in (("test", "stage"), ("prod", "top")):
        client.create_stage(
            restApiId=api, stageName=name, deploymentId=deployment, tags={"level": level}
        )
    condition = {"StringEquals": {"aws:ResourceTag/team": "a", "aws:ResourceTag/level": "stage"}}
    user = client_of(cloud, "apigateway", everything(Condition=condition))
    assert user.get_stage(restApiId=api, stageName="test")["tags"] == {"level": "stage"}
    user.flush_stage_cache(restApiId=api, stageName="test")
    assert refused(lambda: user.get_stage(restApiId=api, stageName="prod"))[:2] == _DENIED
    assert refused(lambda: user.get_rest_api(restApiId=api))[:2] == _DENIED


def test_domain_names_need_more_for_policies_and_trust(cloud: CloudUnderTest, client: Any) -> None:
    verbs = ["apigateway:GET", "apigateway:POST", "apigateway:PATCH", "s3:*", "acm:*"]
    user = client_of(cloud, "apigateway", everything(Action=verbs))
    trusted: dict[str, Any] = {
        "domainName": _NAME,
        "mutualTlsAuthentication": _TRUST,
        "securityPolicy": "TLS_1_2",
    }
    refusal = refused(lambda: user.create_domain_name(**trusted))
    assert refusal[:2] == _DENIED
    place = f"arn:aws:apigateway:{cloud.region}::/domainnames"
    assert f"apigateway:AddCertificateToDomain on resource: {place}" in refusal[2]
    made = user.create_domain_name(
        domainName=_NAME, endpointConfiguration={"types": ["PRIVATE"]}, securityPolicy="TLS_1_2"
    )
    known = {"domainName": _NAME, "domainNameId": made["domainNameId"]}
    for path, action in (
        ("/policy", "UpdateDomainNamePolicy"),
        ("/managementPolicy", "UpdateDomainNameManagementPolicy"),
        ("/mutualTlsAuthentication/truststoreUri", "RemoveCertificateFromDomain"),
    ):
        patched = partial(user.update_domain_name, patchOperations=_patch(path, ""), **known)
        refusal = refused(patched)
        assert f"apigateway:{action} on resource: {made['domainNameArn']}" in refusal[2]
    refusal = refused(
        lambda: user.create_domain_name_access_association(
            domainNameArn=made["domainNameArn"],
            accessAssociationSourceType="VPCE",
            accessAssociationSource="vpce-1",
        )
    )
    assert f"apigateway:CreateAccessAssociation on resource: {made['domainNameArn']}" in refusal[2]


def test_the_mode_and_policy_of_domain_names_decide(cloud: CloudUnderTest, client: Any) -> None:
    weak = {"ForAnyValue:StringEquals": {"apigateway:Request/SecurityPolicy": ["TLS_1_0"]}}
    ruled = {"StringEquals": {"apigateway:Resource/RoutingMode": "ROUTING_RULE_ONLY"}}
    user = client_of(cloud, "apigateway", everything(), denied(weak), denied(ruled))
    regional = {"domainName": _NAME, "endpointConfiguration": {"types": ["REGIONAL"]}}
    refusal = refused(lambda: user.create_domain_name(**regional, securityPolicy="TLS_1_0"))
    assert refusal[:2] == _DENIED
    user.create_domain_name(**regional, securityPolicy="TLS_1_2")
    user.update_domain_name(
        domainName=_NAME, patchOperations=_patch("/routingMode", "ROUTING_RULE_ONLY")
    )
    assert refused(lambda: user.delete_domain_name(domainName=_NAME))[:2] == _DENIED
