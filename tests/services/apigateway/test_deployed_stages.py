"""AWS::ApiGateway::Deployment: the stage that its StageName and StageDescription make."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import call

_INTEGRATION = {
    "Type": "MOCK",
    "RequestTemplates": {"application/json": '{"statusCode": 200}'},
    "IntegrationResponses": [{"StatusCode": "200"}],
}


class Stack:
    """A stack of an API and a deployment of it."""

    def __init__(self, cloud: CloudUnderTest) -> None:
        self.cloud, self.stacks = cloud, cloud.client("cloudformation")
        self.call = self.stacks.create_stack
        self.body = "one"

    def deploy(self, **properties: Any) -> tuple[str, str]:
        """Create or update the stack; return the ids of API and deployment."""
        responses = [{"StatusCode": "200", "ResponseTemplates": {"application/json": self.body}}]
        place: dict[str, Any] = {
            "RestApiId": {"Ref": "Api"},
            "ResourceId": {"Fn::GetAtt": "Api.RootResourceId"},
        }
        method = {
            **place,
            "HttpMethod": "GET",
            "AuthorizationType": "NONE",
            "MethodResponses": [{"StatusCode": "200"}],
            "Integration": {**_INTEGRATION, "IntegrationResponses": responses},
        }
        deployment = {
            "Type": "AWS::ApiGateway::Deployment",
            "DependsOn": "Get",
            "Properties": {"RestApiId": {"Ref": "Api"}, **properties},
        }
        resources = {
            "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "pets"}},
            "Get": {"Type": "AWS::ApiGateway::Method", "Properties": method},
            "Deployment": deployment,
        }
        outputs = {name: {"Value": {"Ref": name}} for name in ("Api", "Deployment")}
        template = json.dumps({"Resources": resources, "Outputs": outputs})
        self.call(StackName="s", TemplateBody=template)
        self.cloud.settle()
        self.call = self.stacks.update_stack
        (stack,) = self.stacks.describe_stacks(StackName="s")["Stacks"]
        assert stack["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
        told = {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}
        return told["Api"], told["Deployment"]


@pytest.fixture
def stack(cloud: CloudUnderTest) -> Stack:
    """The stack."""
    return Stack(cloud)


def test_a_stage_changes_and_serves_the_same(
    cloud: CloudUnderTest, client: Any, stack: Stack
) -> None:
    described = {
        "Variables": {"a": "1", "b": "2"},
        "MetricsEnabled": True,
        "ThrottlingRateLimit": 5,
        "Tags": [{"Key": "team", "Value": "zoo"}],
    }
    api, deployment = stack.deploy(StageName="prod", StageDescription=described)
    stage = client.get_stage(restApiId=api, stageName="prod")
    assert (stage["variables"], stage["tags"]["team"]) == ({"a": "1", "b": "2"}, "zoo")
    assert stage["methodSettings"]["*/*"]["throttlingRateLimit"] == 5.0
    stack.body = "two"
    changed = {"Variables": {"a": "3"}, "MetricsEnabled": True, "Description": "d"}
    assert stack.deploy(StageName="prod", StageDescription=changed) == (api, deployment)
    stage = client.get_stage(restApiId=api, stageName="prod")
    assert (stage["variables"], stage["description"]) == ({"a": "3"}, "d")
    settings = stage["methodSettings"]["*/*"]
    assert (settings["metricsEnabled"], settings["throttlingRateLimit"]) == (True, 10000.0)
    assert "team" not in stage.get("tags", {})
    assert call(cloud, api, "/prod").body == b"one"
    stack.deploy(StageName="prod")
    assert "variables" not in client.get_stage(restApiId=api, stageName="prod")


def test_a_stage_gets_another_name(client: Any, stack: Stack) -> None:
    api, deployment = stack.deploy(StageName="prod")
    described = {"Variables": {"a": "1"}, "TracingEnabled": True}
    assert stack.deploy(StageName="live", StageDescription=described) == (api, deployment)
    (stage,) = client.get_stages(restApiId=api)["item"]
    assert (stage["stageName"], stage["deploymentId"]) == ("live", deployment)
    assert (stage["variables"], stage["tracingEnabled"]) == ({"a": "1"}, True)
    assert stack.deploy() == (api, deployment)
    assert client.get_stages(restApiId=api)["item"] == []
