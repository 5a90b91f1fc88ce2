"""CloudFormation resource types, driven as CloudFormation drives them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Resource, ResourceType
from cloudarium.pytest_plugin import CloudUnderTest

from .support import LAMBDA_URI, call, refused
from .test_imports import OPENAPI

T = TypeVar("T")


@dataclass
class Asked:
    """What a resource type's functions are given; calls go to the cloud under test."""

    cloud: CloudUnderTest
    properties: dict[str, Any]
    previous: dict[str, Any] = field(default_factory=dict)
    physical_id: str = ""
    logical_id: str = "Thing"
    stack_id: str = "arn:aws:cloudformation:us-east-1:000000000000:stack/s/1"
    stack_name: str = "s"
    tags: dict[str, str] = field(default_factory=lambda: {"stack": "s"})
    previous_tags: dict[str, str] = field(default_factory=dict)

    @property
    def account(self) -> str:
        """The stack's account."""
        return self.cloud.account

    @property
    def region(self) -> str:
        """The stack's region."""
        return self.cloud.region

    def generated_name(self, limit: int = 64, *, lower: bool = False) -> str:
        """A name for what is given none."""
        return "s-Thing-1"[:limit]

    async def call(self, model: str, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """Call a service as the account's root."""
        from cloudarium.core.identity import root

        answer: dict[str, Any] = await self.cloud.kernel.dispatch(
            model,
            operation,
            params,
            principal=root(self.account),
            account=self.account,
            region=self.region,
            conditions={},
        )
        return answer

    async def poll(self, check: Callable[[], Awaitable[bool]]) -> None:
        """Ask once: nothing here needs to wait."""
        assert await check()


class Stack:
    """Makes, updates and deletes single resources."""

    def __init__(self, cloud: CloudUnderTest) -> None:
        self.cloud = cloud

    def _type(self, name: str) -> ResourceType:
        found = self.cloud.kernel.resource_type(f"AWS::ApiGateway::{name}")
        assert isinstance(found, ResourceType)
        return found

    def create(self, name: str, **properties: Any) -> Resource:
        """Create a resource; its attributes must be the declared ones."""
        kind = self._type(name)
        assert set(properties) <= set(kind.properties)
        made = self.cloud.run(_run(kind.create(Asked(self.cloud, properties))))
        assert set(made.attributes) == set(kind.attributes)
        return made

    def update(
        self, name: str, physical_id: str, before: dict[str, Any], after: dict[str, Any]
    ) -> Resource:
        """Update a resource."""
        kind = self._type(name)
        assert kind.update is not None
        asked = Asked(self.cloud, after, before, physical_id)
        return self.cloud.run(_run(kind.update(asked)))

    def delete(self, name: str, physical_id: str, **properties: Any) -> None:
        """Delete a resource, twice: what is gone is deleted."""
        for _ in range(2):
            asked = Asked(self.cloud, properties, physical_id=physical_id)
            self.cloud.run(_run(self._type(name).delete(asked)))


async def _run(work: Awaitable[T]) -> T:
    return await work


@pytest.fixture
def stack(cloud: CloudUnderTest) -> Stack:
    """A stack of single resources."""
    return Stack(cloud)


_MOCK = {
    "Type": "MOCK",
    "RequestTemplates": {"application/json": '{"statusCode": 200}'},
    "IntegrationResponses": [
        {"StatusCode": 200, "ResponseTemplates": {"application/json": '"made"'}}
    ],
}


def test_an_api_from_single_resources(cloud: CloudUnderTest, client: Any, stack: Stack) -> None:
    api = stack.create("RestApi", Name="pets", Tags=[{"Key": "a", "Value": "b"}])
    place = {"RestApiId": api.physical_id}
    assert client.get_rest_api(restApiId=api.physical_id)["tags"] == {"stack": "s", "a": "b"}
    resource = stack.create(
        "Resource", **place, ParentId=api.attributes["RootResourceId"], PathPart="pets"
    )
    model = stack.create("Model", **place, Name="Pet", Schema={"type": "object"})
    checks = {"ValidateRequestBody": True}
    validator = stack.create("RequestValidator", **place, Name="all", **checks)
    method = {
        **place,
        "ResourceId": resource.physical_id,
        "HttpMethod": "POST",
        "AuthorizationType": "NONE",
        "RequestValidatorId": validator.physical_id,
        "RequestModels": {"application/json": model.physical_id},
        "MethodResponses": [{"StatusCode": "200"}],
        "Integration": _MOCK,
    }
    made = stack.create("Method", **method)
    response = {**place, "ResponseType": "BAD_REQUEST_BODY", "StatusCode": "422"}
    gateway_response = stack.create("GatewayResponse", **response)
    deployment = stack.create("Deployment", **place, Description="first")
    stage = {**place, "StageName": "prod", "DeploymentId": deployment.physical_id}
    assert stack.create("Stage", **stage).physical_id == "prod"

    def post(body: bytes) -> int:
        headers = {"Content-Type": "application/json"}
        answer = call(
            cloud, api.physical_id, "/prod/pets", method="POST", body=body, headers=headers
        )
        return answer.status

    assert (post(b"{}"), post(b"[]")) == (200, 422)

    changed = {**method, "ApiKeyRequired": "true"}
    assert stack.update("Method", made.physical_id, method, changed) == made
    second = stack.create("Deployment", **place)
    stack.update("Stage", "prod", stage, {**stage, "DeploymentId": second.physical_id})
    assert post(b"{}") == 403

    stack.update("Model", "Pet", {**place}, {**place, "Schema": '{"type": "array"}'})
    stack.update("RequestValidator", validator.physical_id, {}, {**place})
    stack.delete("Stage", "prod", **stage)
    stack.delete("Deployment", second.physical_id, **place)
    stack.delete("Method", made.physical_id, **method)
    stack.delete("GatewayResponse", gateway_response.physical_id, **response)
    stack.delete("Model", "Pet", **place)
    stack.delete("RequestValidator", validator.physical_id, **place)
    stack.delete("Resource", resource.physical_id, **place)
    stack.delete("RestApi", api.physical_id)
    assert refused(lambda: client.get_rest_api(restApiId=api.physical_id))[1] == 404


def test_an_api_from_a_document(client: Any, stack: Stack) -> None:
    before: dict[str, Any] = {
        "Body": OPENAPI,
        "Name": "named",
        "EndpointConfiguration": {"Types": ["REGIONAL"]},
        "BinaryMediaTypes": ["a~1b", "image/png"],
        "MinimumCompressionSize": 5,
        "Policy": {"Statement": [{"Effect": "Allow"}]},
    }
    made = stack.create("RestApi", **before)
    api = client.get_rest_api(restApiId=made.physical_id)
    assert (api["name"], api["minimumCompressionSize"]) == ("named", 5)
    assert api["endpointConfiguration"]["types"] == ["REGIONAL"]
    assert api["binaryMediaTypes"] == ["image/png", "a/b"]
    assert made.attributes["RootResourceId"] == api["rootResourceId"]

    smaller = {**OPENAPI, "paths": {"/one": OPENAPI["paths"]["/pets/{id}"]}}
    after = {"Body": smaller, "BinaryMediaTypes": ["c/d"], "Parameters": {"basepath": "ignore"}}
    stack.update("RestApi", made.physical_id, before, after)
    api = client.get_rest_api(restApiId=made.physical_id)
    assert api["name"] == "pets"
    assert "policy" not in api
    assert api["binaryMediaTypes"] == ["c/d"]
    paths = [one["path"] for one in client.get_resources(restApiId=made.physical_id)["items"]]
    assert paths == ["/", "/one"]


def test_a_document_from_s3(cloud: CloudUnderTest, client: Any, stack: Stack) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="documents")
    s3.put_object(Bucket="documents", Key="pets.json", Body=json.dumps(OPENAPI).encode())
    made = stack.create("RestApi", BodyS3Location={"Bucket": "documents", "Key": "pets.json"})
    assert client.get_rest_api(restApiId=made.physical_id)["name"] == "pets"


def test_a_stage_has_settings(cloud: CloudUnderTest, client: Any, stack: Stack) -> None:
    made = stack.create("RestApi", Body=OPENAPI)
    place = {"RestApiId": made.physical_id}
    deployment = stack.create("Deployment", **place)
    group = f"arn:aws:logs:{cloud.region}:{cloud.account}:log-group:access"
    before: dict[str, Any] = {
        **place,
        "StageName": "prod",
        "DeploymentId": deployment.physical_id,
        "Variables": {"a": "1", "b": "2"},
        "TracingEnabled": True,
        "MethodSettings": [
            {"ResourcePath": "/*", "HttpMethod": "*", "MetricsEnabled": True},
            {"ResourcePath": "/~1pets", "HttpMethod": "GET", "ThrottlingRateLimit": 5},
        ],
        "AccessLogSetting": {"DestinationArn": group, "Format": "$context.requestId"},
    }
    stack.create("Stage", **before)
    stage = client.get_stage(restApiId=made.physical_id, stageName="prod")
    assert stage["variables"] == {"a": "1", "b": "2"}
    assert stage["accessLogSettings"] == {"destinationArn": group, "format": "$context.requestId"}
    assert stage["methodSettings"]["*/*"]["metricsEnabled"] is True
    assert stage["methodSettings"]["pets/GET"]["throttlingRateLimit"] == 5.0
    after = {
        **place,
        "StageName": "prod",
        "DeploymentId": deployment.physical_id,
        "Variables": {"b": "3"},
        "Tags": [{"Key": "x", "Value": "y"}],
    }
    stack.update("Stage", "prod", before, after)
    stage = client.get_stage(restApiId=made.physical_id, stageName="prod")
    assert stage["variables"] == {"b": "3"}
    assert stage["methodSettings"] == {}
    assert "accessLogSettings" not in stage
    assert stage["tracingEnabled"] is False
    assert stage["tags"] == {"stack": "s", "x": "y"}


def test_what_stages_cannot_have_is_refused(client: Any, stack: Stack) -> None:
    made = stack.create("RestApi", Body=OPENAPI)
    place = {"RestApiId": made.physical_id}
    deployment = stack.create("Deployment", **place)
    stage = {**place, "StageName": "prod", "DeploymentId": deployment.physical_id}
    stack.create("Stage", **stage, CacheClusterEnabled=False)
    refusals: list[dict[str, Any]] = [
        {"CanarySetting": {"PercentTraffic": 101}},
        {"CacheClusterSize": "7"},
        {"DocumentationVersion": "1"},
    ]
    for wrong in refusals:
        with pytest.raises(AwsError):
            stack.create("Stage", **{**stage, "StageName": "other"}, **wrong)
        with pytest.raises(AwsError):
            stack.update("Stage", "prod", stage, {**stage, **wrong})


def test_what_fails_halfway_leaves_nothing(client: Any, stack: Stack) -> None:
    with pytest.raises(AwsError):
        stack.create("RestApi", Body=OPENAPI, MinimumCompressionSize=-1)
    assert client.get_rest_apis()["items"] == []
    made = stack.create("RestApi", Body=OPENAPI)
    place = {"RestApiId": made.physical_id}
    deployment = stack.create("Deployment", **place)
    wrong = [{"ResourcePath": "/*", "HttpMethod": "*", "LoggingLevel": "LOUD"}]
    stage = {"StageName": "prod", "DeploymentId": deployment.physical_id}
    with pytest.raises(AwsError):
        stack.create("Stage", **place, **stage, MethodSettings=wrong)
    assert client.get_stages(restApiId=made.physical_id)["item"] == []


def test_a_deployment_makes_and_takes_its_stage(client: Any, stack: Stack) -> None:
    made = stack.create("RestApi", Body=OPENAPI)
    properties = {
        "RestApiId": made.physical_id,
        "StageName": "live",
        "StageDescription": {
            "Description": "now",
            "Variables": {"a": "1"},
            "MetricsEnabled": True,
            "MethodSettings": [
                {"ResourcePath": "/pets", "HttpMethod": "GET", "ThrottlingBurstLimit": 3}
            ],
        },
    }
    first = stack.create("Deployment", **properties)
    stage = client.get_stage(restApiId=made.physical_id, stageName="live")
    assert (stage["description"], stage["variables"]) == ("now", {"a": "1"})
    assert stage["methodSettings"]["*/*"]["metricsEnabled"] is True
    assert stage["methodSettings"]["pets/GET"]["throttlingBurstLimit"] == 3
    changed = {**properties, "Description": "d"}
    stack.update("Deployment", first.physical_id, properties, changed)
    second = stack.create("Deployment", **properties)
    stack.delete("Deployment", first.physical_id, **properties)
    stage = client.get_stage(restApiId=made.physical_id, stageName="live")
    assert stage["deploymentId"] == second.physical_id
    stack.delete("Deployment", second.physical_id, **properties)
    assert client.get_stages(restApiId=made.physical_id)["item"] == []


def test_a_lambda_method_and_the_account(client: Any, stack: Stack) -> None:
    api = stack.create("RestApi", Name="pets")
    integration = {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": LAMBDA_URI}
    place = {"RestApiId": api.physical_id, "ResourceId": api.attributes["RootResourceId"]}
    stack.create(
        "Method", **place, HttpMethod="ANY", AuthorizationType="AWS_IAM", Integration=integration
    )
    found = client.get_method(
        restApiId=api.physical_id, resourceId=place["ResourceId"], httpMethod="ANY"
    )
    assert found["methodIntegration"]["uri"] == LAMBDA_URI
    role = "arn:aws:iam::000000000000:role/logs"
    account = stack.create("Account", CloudWatchRoleArn=role)
    assert client.get_account()["cloudwatchRoleArn"] == role
    stack.update("Account", account.physical_id, {"CloudWatchRoleArn": role}, {})
    assert "cloudwatchRoleArn" not in client.get_account()
    stack.delete("Account", account.physical_id)
