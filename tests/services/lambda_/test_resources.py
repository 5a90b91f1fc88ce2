"""The CloudFormation resource types, driven as CloudFormation drives them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Resource, ResourceType
from cloudarium.services.lambda_.resources import EVENT_INVOKE_CONFIG, FUNCTION, PERMISSION
from cloudarium.services.lambda_.version_resources import ALIAS, VERSION

ARN = "arn:aws:lambda:us-east-1:000000000000:function:hello"
SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: |
        def handler(event, context):
            return ["%s", context.function_version]
      AutoPublishAlias: live
Outputs:
  Alias:
    Value: !Ref FAliaslive
"""
STACK = "arn:aws:cloudformation:us-east-1:000000000000:stack/stack/1"
OWN = {"aws:cloudformation:logical-id": "Thing", "aws:cloudformation:stack-id": STACK}
INLINE = "import cfnresponse\ndef handler(event, context):\n    return cfnresponse.SUCCESS\n"


@dataclass
class Request:
    """A ResourceRequest that calls the cloud under test."""

    cloud: Any
    properties: dict[str, Any]
    previous: dict[str, Any] = field(default_factory=dict)
    physical_id: str = ""
    logical_id: str = "Thing"
    stack_id: str = STACK
    stack_name: str = "stack"
    account: str = "000000000000"
    region: str = "us-east-1"
    tags: dict[str, str] = field(default_factory=lambda: dict(OWN))
    previous_tags: dict[str, str] = field(default_factory=dict)

    def generated_name(self, limit: int = 64, *, lower: bool = False) -> str:
        """A name as CloudFormation makes them."""
        return f"{self.stack_name}-{self.logical_id}-ABC"[:limit]

    async def call(self, model: str, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """Call the cloud, as root."""
        answer: dict[str, Any] = await asyncio.to_thread(self.cloud.call, model, operation, params)
        return answer

    async def poll(self, check: Callable[[], Awaitable[bool]]) -> None:
        """Wait as CloudFormation does."""
        while not await check():
            await asyncio.to_thread(self.cloud.settle)


def _create(functions: Any, kind: ResourceType, properties: dict[str, Any]) -> Resource:
    return asyncio.run(kind.create(Request(functions.cloud, properties)))  # type: ignore[arg-type]


def _update(
    functions: Any,
    kind: ResourceType,
    made: Resource,
    before: dict[str, Any],
    after: dict[str, Any],
) -> Resource:
    assert kind.update
    request = Request(functions.cloud, after, before, made.physical_id)
    return asyncio.run(kind.update(request))  # type: ignore[arg-type]


def _delete(functions: Any, kind: ResourceType, made: Resource, before: dict[str, Any]) -> None:
    request = Request(functions.cloud, before, physical_id=made.physical_id)
    asyncio.run(kind.delete(request))  # type: ignore[arg-type]
    asyncio.run(kind.delete(request))  # type: ignore[arg-type]


def _function(functions: Any, **properties: Any) -> dict[str, Any]:
    return {
        "FunctionName": "hello",
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Role": functions.role,
        "Code": {"ZipFile": INLINE},
        **properties,
    }


def test_a_function_is_made_changed_and_deleted(functions: Any) -> None:
    before = _function(
        functions,
        Timeout="10",
        Environment={"Variables": {"ON": True, "COUNT": 3}},
        Tags=[{"Key": "team", "Value": "a"}],
        ReservedConcurrentExecutions=5,
    )
    made = _create(functions, FUNCTION, before)
    assert (made.physical_id, made.attributes["Arn"]) == ("hello", ARN)
    assert functions.call() == "SUCCESS"
    found = functions.client.get_function(FunctionName="hello")
    assert found["Configuration"]["Timeout"] == 10
    assert found["Configuration"]["Environment"]["Variables"] == {"ON": "true", "COUNT": "3"}
    assert found["Tags"] == {"team": "a", **OWN}
    assert found["Concurrency"] == {"ReservedConcurrentExecutions": 5}
    after = _function(functions, Code={"ZipFile": "def handler(e, c): return 2"}, MemorySize=256)
    assert _update(functions, FUNCTION, made, before, after) == made
    assert functions.call() == 2
    found = functions.client.get_function(FunctionName="hello")
    config = found["Configuration"]
    assert (config["Timeout"], config["MemorySize"]) == (3, 256)
    assert config["Environment"] == {"Variables": {}} and "Concurrency" not in found
    assert found["Tags"] == OWN
    _delete(functions, FUNCTION, made, after)
    with pytest.raises(ClientError):
        functions.client.get_function(FunctionName="hello")


def test_creation_interrupted_after_its_effect_goes_on(functions: Any) -> None:
    properties = _function(functions)
    first = _create(functions, FUNCTION, properties)
    assert _create(functions, FUNCTION, properties) == first
    functions.client.untag_resource(Resource=ARN, TagKeys=["aws:cloudformation:stack-id"])
    with pytest.raises(AwsError) as caught:
        _create(functions, FUNCTION, properties)
    assert caught.value.message == "Function already exist: hello"


def test_a_function_gets_a_name(functions: Any) -> None:
    properties = _function(functions)
    del properties["FunctionName"]
    assert _create(functions, FUNCTION, properties).physical_id == "stack-Thing-ABC"


def test_versions_and_aliases(functions: Any) -> None:
    _create(functions, FUNCTION, _function(functions))
    version = _create(functions, VERSION, {"FunctionName": "hello", "Description": "first"})
    assert version == Resource(f"{ARN}:1", {"FunctionArn": f"{ARN}:1", "Version": "1"})
    functions.client.update_function_configuration(FunctionName="hello", MemorySize=256)
    _create(functions, VERSION, {"FunctionName": "hello"})
    before = {"FunctionName": "hello", "Name": "live", "FunctionVersion": "1"}
    alias = _create(functions, ALIAS, before)
    assert alias == Resource(f"{ARN}:live", {"AliasArn": f"{ARN}:live"})
    weights = [{"FunctionVersion": "2", "FunctionWeight": "0.1"}]
    after = {**before, "RoutingConfig": {"AdditionalVersionWeights": weights}}
    _update(functions, ALIAS, alias, before, after)
    found = functions.client.get_alias(FunctionName="hello", Name="live")
    assert found["RoutingConfig"] == {"AdditionalVersionWeights": {"2": 0.1}}
    _delete(functions, ALIAS, alias, after)
    _delete(functions, VERSION, version, {"FunctionName": "hello"})
    listed = functions.client.list_versions_by_function(FunctionName="hello")["Versions"]
    assert [v["Version"] for v in listed] == ["$LATEST", "2"]


def test_versions_and_aliases_are_provisioned(functions: Any) -> None:
    _create(functions, FUNCTION, _function(functions))
    wanted = {"ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": "1"}}
    _create(functions, VERSION, {"FunctionName": "hello", **wanted})
    client = functions.client
    find = client.get_provisioned_concurrency_config
    assert find(FunctionName="hello", Qualifier="1")["Status"] == "READY"
    client.delete_provisioned_concurrency_config(FunctionName="hello", Qualifier="1")
    plain = {"FunctionName": "hello", "Name": "live", "FunctionVersion": "1"}
    alias = _create(functions, ALIAS, plain)
    _update(functions, ALIAS, alias, plain, {**plain, **wanted})
    assert find(FunctionName="hello", Qualifier="live")["Status"] == "READY"
    _update(functions, ALIAS, alias, {**plain, **wanted}, plain)
    listed = client.list_provisioned_concurrency_configs(FunctionName="hello")
    assert listed["ProvisionedConcurrencyConfigs"] == []
    client.update_function_code(
        FunctionName="hello", ZipFile=functions.zip("raise ValueError", "index.py")
    )
    with pytest.raises(AwsError, match="FUNCTION_ERROR_INIT_FAILURE"):
        _create(functions, VERSION, {"FunctionName": "hello", **wanted})


def test_permissions_and_event_configs(functions: Any) -> None:
    _create(functions, FUNCTION, _function(functions))
    properties = {
        "FunctionName": ARN,
        "Action": "lambda:InvokeFunction",
        "Principal": "events.amazonaws.com",
        "SourceArn": "arn:aws:events:us-east-1:000000000000:rule/r",
    }
    permission = _create(functions, PERMISSION, properties)
    policy = json.loads(functions.client.get_policy(FunctionName="hello")["Policy"])
    assert policy["Statement"][0]["Sid"] == permission.physical_id == permission.attributes["Id"]
    _delete(functions, PERMISSION, permission, properties)
    with pytest.raises(ClientError):
        functions.client.get_policy(FunctionName="hello")
    config = {"FunctionName": "hello", "Qualifier": "$LATEST", "MaximumRetryAttempts": "0"}
    made = _create(functions, EVENT_INVOKE_CONFIG, config)
    found = functions.client.get_function_event_invoke_config(FunctionName="hello")
    assert found["MaximumRetryAttempts"] == 0
    _delete(functions, EVENT_INVOKE_CONFIG, made, config)


def test_inline_node_code_has_its_response_module(functions: Any) -> None:
    source = "exports.handler = async () => require('cfn-response').SUCCESS;"
    properties = _function(functions, Runtime="nodejs20.x", Code={"ZipFile": source})
    _create(functions, FUNCTION, properties)
    assert functions.call() == "SUCCESS"


def test_a_sam_function_with_an_alias_is_deployed_and_deployed_again(functions: Any) -> None:
    stacks = functions.cloud.client("cloudformation")
    for deploy, version in ((stacks.create_stack, "1"), (stacks.update_stack, "2")):
        deploy(
            StackName="stack",
            TemplateBody=SAM % f"code {version}",
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
        functions.cloud.settle()
        stack = stacks.describe_stacks(StackName="stack")["Stacks"][0]
        assert stack["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
        alias = stack["Outputs"][0]["OutputValue"]
        assert functions.call(FunctionName=alias) == [f"code {version}", version]
    stacks.delete_stack(StackName="stack")
    functions.cloud.settle()
    assert functions.client.list_functions()["Functions"] == []
