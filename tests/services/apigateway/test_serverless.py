"""Stacks with every kind of thing an API can have: of SAM, and of API Gateway's own types."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import call

_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
_POOL = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_pets"
_OPEN = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "execute-api:/*"}
    ],
}
_CODE = """
def handler(event, context):
    if event.get("type") == "TOKEN":
        statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        return {"principalId": event["authorizationToken"], "policyDocument": policy}
    return {"statusCode": 200, "body": str(event["requestContext"].get("authorizer"))}
"""


def _function(**events: Any) -> dict[str, Any]:
    properties = {"Runtime": "python3.11", "Handler": "index.handler", "InlineCode": _CODE}
    made = {
        name: {"Type": "Api", "Properties": {"RestApiId": {"Ref": "Api"}, **event}}
        for name, event in events.items()
    }
    return {"Type": "AWS::Serverless::Function", "Properties": {**properties, "Events": made}}


def _api(**more: Any) -> dict[str, Any]:
    properties = {
        "StageName": "prod",
        "Variables": {"color": "red"},
        "TracingEnabled": True,
        "BinaryMediaTypes": ["image~1png"],
        "MethodSettings": [
            {"HttpMethod": "*", "ResourcePath": "/*", "ThrottlingBurstLimit": 50},
            {"HttpMethod": "GET", "ResourcePath": "/open", "ThrottlingBurstLimit": 5},
        ],
        "AccessLogSetting": {
            "DestinationArn": {"Fn::GetAtt": ["Log", "Arn"]},
            "Format": "$context.httpMethod $context.requestId",
        },
        "CanarySetting": {"PercentTraffic": 0, "StageVariableOverrides": {"color": "blue"}},
        "Cors": {"AllowOrigin": "'*'", "AllowHeaders": "'X-Own'"},
        "Models": {"Pet": {"type": "object", "required": ["name"]}},
        "GatewayResponses": {
            "UNAUTHORIZED": {
                "StatusCode": 418,
            },
            "DEFAULT_4XX": {
                "ResponseParameters": {"Headers": {"Access-Control-Allow-Origin": "'*'"}}
            },
        },
        "Auth": {
            "DefaultAuthorizer": "Token",
            "AddDefaultAuthorizerToCorsPreflight": False,
            "UsagePlan": {
                "CreateUsagePlan": "PER_API",
                "Quota": {"Limit": 1000, "Period": "DAY"},
            },
            "Authorizers": {
                "Token": {
                    "FunctionArn": {"Fn::GetAtt": ["Function", "Arn"]},
                    "Identity": {"Header": "X-Token", "ReauthorizeEvery": 0},
                },
                "Users": {"UserPoolArn": _POOL, "AuthorizationScopes": ["pets"]},
            },
        },
        **more,
    }
    return {"Type": "AWS::Serverless::Api", "Properties": properties}


def _template(**more: Any) -> str:
    nobody = {"Authorizer": "NONE"}
    function = _function(
        Open={"Path": "/open", "Method": "GET", "Auth": nobody},
        Guarded={"Path": "/guarded", "Method": "GET"},
        Users={"Path": "/users", "Method": "GET", "Auth": {"Authorizer": "Users"}},
        Keyed={"Path": "/keyed", "Method": "GET", "Auth": {**nobody, "ApiKeyRequired": True}},
        Pets={
            "Path": "/pets",
            "Method": "POST",
            "Auth": nobody,
            "RequestModel": {"Model": "Pet", "Required": True, "ValidateBody": True},
        },
    )
    log = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "access"}}
    resources = {"Api": _api(**more), "Function": function, "Log": log}
    return json.dumps(
        {
            "Transform": "AWS::Serverless-2016-10-31",
            "Resources": resources,
            "Outputs": {"Api": {"Value": {"Ref": "Api"}}},
        }
    )


class Deployed:
    """The stack `pets`."""

    def __init__(self, cloud: CloudUnderTest) -> None:
        self.cloud, self.stacks = cloud, cloud.client("cloudformation")

    def change(self, operation: str, template: str) -> str:
        """Create or update the stack; return its API's id."""
        params = {"StackName": "pets", "TemplateBody": template, "Capabilities": _CAPABILITIES}
        getattr(self.stacks, operation)(**params)
        self.cloud.settle()
        (stack,) = self.stacks.describe_stacks(StackName="pets")["Stacks"]
        events = self.stacks.describe_stack_events(StackName="pets")["StackEvents"]
        failed = [one.get("ResourceStatusReason") for one in events]
        assert stack["StackStatus"].endswith("_COMPLETE"), failed
        assert "ROLLBACK" not in stack["StackStatus"], failed
        return str(stack["Outputs"][0]["OutputValue"])


@pytest.fixture
def deployed(cloud: CloudUnderTest) -> Deployed:
    """A maker of the stack."""
    return Deployed(cloud)


def test_a_serverless_api_has_all_it_says(client: Any, deployed: Deployed) -> None:
    api = deployed.change("create_stack", _template())
    cloud = deployed.cloud
    assert call(cloud, api, "/prod/open").status == 200
    guarded = call(cloud, api, "/prod/guarded", headers={"X-Token": "ann"})
    assert (guarded.status, "ann" in guarded.body.decode()) == (200, True)
    assert call(cloud, api, "/prod/guarded").status == 418
    assert call(cloud, api, "/prod/users").status == 418
    refusal = call(cloud, api, "/prod/keyed")
    assert (refusal.status, refusal.headers["Access-Control-Allow-Origin"]) == (403, "*")
    (key,) = client.get_api_keys(includeValues=True)["items"]
    assert call(cloud, api, "/prod/keyed", headers={"x-api-key": key["value"]}).status == 200
    preflight = call(cloud, api, "/prod/guarded", method="OPTIONS")
    assert preflight.headers["Access-Control-Allow-Headers"] == "X-Own"
    headers = {"Content-Type": "application/json"}
    posted = call(cloud, api, "/prod/pets", method="POST", headers=headers, body=b"{}")
    assert (posted.status, posted.json) == (400, {"message": "Invalid request body"})
    stage = client.get_stage(restApiId=api, stageName="prod")
    assert stage["methodSettings"]["open/GET"]["throttlingBurstLimit"] == 5
    assert (stage["variables"], stage["tracingEnabled"]) == ({"color": "red"}, True)
    assert stage["canarySettings"]["stageVariableOverrides"] == {"color": "blue"}
    assert client.get_rest_api(restApiId=api)["binaryMediaTypes"] == ["image/png"]


def test_a_changed_definition_is_deployed(client: Any, deployed: Deployed) -> None:
    api = deployed.change("create_stack", _template())
    before = client.get_stage(restApiId=api, stageName="prod")["deploymentId"]
    changed = _template(Cors={"AllowOrigin": "'https://example.com'"}, Variables={"color": "green"})
    assert deployed.change("update_stack", changed) == api
    stage = client.get_stage(restApiId=api, stageName="prod")
    assert (stage["deploymentId"] == before, stage["variables"]) == (False, {"color": "green"})
    preflight = call(deployed.cloud, api, "/prod/guarded", method="OPTIONS")
    assert preflight.headers["Access-Control-Allow-Origin"] == "https://example.com"
    deployed.change("update_stack", _template(DisableExecuteApiEndpoint=True))
    assert client.get_rest_api(restApiId=api)["disableExecuteApiEndpoint"] is True
    assert call(deployed.cloud, api, "/prod/open").json == {"message": "Forbidden"}
    deployed.stacks.delete_stack(StackName="pets")
    deployed.cloud.settle()
    assert client.get_rest_apis()["items"] == []
    assert client.get_usage_plans()["items"] == []


def _private(description: str, stage: str) -> str:
    method = {"Type": "MOCK", "RequestTemplates": {"application/json": '{"statusCode": 200}'}}
    arn = {"Fn::GetAtt": ["Domain", "DomainNameArn"]}
    api, tags = {"Ref": "Api"}, [{"Key": "level", "Value": description}]
    types: dict[str, tuple[str, dict[str, Any]]] = {
        "Certificate": ("ClientCertificate", {"Description": description}),
        "Api": (
            "RestApi",
            {
                "Name": "private",
                "EndpointConfiguration": {"Types": ["PRIVATE"], "VpcEndpointIds": [description]},
                "Policy": _OPEN,
            },
        ),
        "Method": (
            "Method",
            {
                "RestApiId": api,
                "ResourceId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
                "HttpMethod": "GET",
                "AuthorizationType": "NONE",
                "Integration": method,
            },
        ),
        "Deployment": ("Deployment", {"RestApiId": api}),
        "Stage": (
            "Stage",
            {
                "RestApiId": api,
                "DeploymentId": {"Ref": "Deployment"},
                "StageName": "prod",
                "ClientCertificateId": {"Ref": "Certificate"},
            },
        ),
        "Domain": (
            "DomainNameV2",
            {"DomainName": "pets.example.com", "Policy": _OPEN, "Tags": tags},
        ),
        "Mapping": (
            "BasePathMappingV2",
            {"DomainNameArn": arn, "RestApiId": api, "BasePath": "v1", "Stage": stage},
        ),
        "Association": (
            "DomainNameAccessAssociation",
            {
                "DomainNameArn": arn,
                "AccessAssociationSource": "vpce-1",
                "AccessAssociationSourceType": "VPCE",
            },
        ),
    }
    resources = {
        name: {"Type": f"AWS::ApiGateway::{kind}", "Properties": properties}
        for name, (kind, properties) in types.items()
    }
    resources["Deployment"]["DependsOn"] = "Method"
    resources["Mapping"]["DependsOn"] = "Stage"
    return json.dumps({"Resources": resources, "Outputs": {"Api": {"Value": api}}})


def test_a_private_api_and_its_domain(client: Any, deployed: Deployed) -> None:
    api = deployed.change("create_stack", _private("one", "prod"))
    (certificate,) = client.get_client_certificates()["items"]
    stage = client.get_stage(restApiId=api, stageName="prod")
    assert stage["clientCertificateId"] == certificate["clientCertificateId"]
    (domain,) = client.get_domain_names()["items"]
    assert domain["endpointConfiguration"]["types"] == ["PRIVATE"]
    assert domain["domainNameArn"].endswith(f"/pets.example.com+{domain['domainNameId']}")
    place = {"domainName": "pets.example.com", "basePath": "v1"}
    assert client.get_base_path_mapping(**place)["stage"] == "prod"
    (made,) = client.get_domain_name_access_associations()["items"]
    assert made["domainNameArn"] == domain["domainNameArn"]
    deployed.change("update_stack", _private("two", "prod"))
    (updated,) = client.get_client_certificates()["items"]
    assert updated["description"] == "two"
    assert updated["clientCertificateId"] == certificate["clientCertificateId"]
    endpoint = client.get_rest_api(restApiId=api)["endpointConfiguration"]
    assert endpoint["vpcEndpointIds"] == ["two"]
    tagged = client.get_tags(resourceArn=domain["domainNameArn"])["tags"]
    assert tagged["level"] == "two"
    deployed.stacks.delete_stack(StackName="pets")
    deployed.cloud.settle()
    assert client.get_domain_names()["items"] == []
    assert client.get_client_certificates()["items"] == []
