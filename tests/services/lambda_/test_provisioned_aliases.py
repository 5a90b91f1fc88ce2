"""Provisioned concurrency of aliases that move, or share out invocations between two versions."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.services.lambda_.test_concurrency import KIND, provision, refused

LIVE = {"FunctionName": "hello", "Qualifier": "live"}


@pytest.fixture
def alias(functions: Any) -> Any:
    """Two versions, and an alias to the first that has two environments."""
    functions.make(KIND, Publish=True)
    functions.client.create_alias(FunctionName="hello", Name="live", FunctionVersion="1")
    provision(functions, 2, "live")
    publish(functions, KIND + "# second")
    return functions


def publish(functions: Any, source: str) -> None:
    """Publish a version of this source."""
    code = functions.zip(source)
    functions.client.update_function_code(FunctionName="hello", ZipFile=code, Publish=True)


def update(functions: Any, **changes: Any) -> dict[str, Any]:
    """Update the alias; as it is shown at once."""
    answer: dict[str, Any] = functions.client.update_alias(
        FunctionName="hello", Name="live", **changes
    )
    return answer


def shown(functions: Any) -> tuple[str, Any]:
    """The alias's version and weights when all is quiet."""
    functions.cloud.settle()
    alias = functions.client.get_alias(FunctionName="hello", Name="live")
    return alias["FunctionVersion"], alias.get("RoutingConfig")


def kinds(functions: Any) -> list[str]:
    """How the versions' environments were started that answer now."""
    return [functions.call(1, Qualifier=version)[0] for version in ("1", "2")]


def test_two_versions_share_environments_by_their_weights(alias: Any) -> None:
    update(alias, RoutingConfig={"AdditionalVersionWeights": {"2": 0.5}})
    assert shown(alias) == ("1", {"AdditionalVersionWeights": {"2": 0.5}})
    assert kinds(alias) == ["provisioned-concurrency"] * 2
    config = alias.client.get_provisioned_concurrency_config(**LIVE)
    assert (config["Status"], config["AllocatedProvisionedConcurrentExecutions"]) == ("READY", 2)
    put = alias.client.put_provisioned_concurrency_config
    assert refused(put, Qualifier="live", ProvisionedConcurrentExecutions=1) == (
        "InvalidParameterValueException",
        "Alias with weights can not be used with Provisioned Concurrency",
    )
    alias.client.delete_provisioned_concurrency_config(**LIVE)
    alias.cloud.settle()
    assert kinds(alias) == ["on-demand"] * 2


def test_a_moving_alias_serves_its_old_version_until_the_new_one_is_ready(alias: Any) -> None:
    moving = update(alias, FunctionVersion="2")
    assert moving["FunctionVersion"] == "2"
    assert moving["RoutingConfig"] == {"AdditionalVersionWeights": {"1": 1.0}}
    assert shown(alias) == ("2", None)
    assert kinds(alias) == ["on-demand", "provisioned-concurrency"]


def test_an_alias_that_cannot_move_stays_until_it_is_told_so(alias: Any) -> None:
    publish(alias, "raise ValueError('no')")
    update(alias, FunctionVersion="3")
    assert shown(alias) == ("3", {"AdditionalVersionWeights": {"1": 1.0}})
    config = alias.client.get_provisioned_concurrency_config(**LIVE)
    assert (config["Status"], config["StatusReason"]) == ("FAILED", "FUNCTION_ERROR_INIT_FAILURE")
    answer, payload = alias.invoke(1, **LIVE)
    assert (answer["ExecutedVersion"], payload[0]) == ("1", "provisioned-concurrency")
    assert refused(alias.client.update_alias, Name="live", FunctionVersion="2") == (
        "InvalidParameterValueException",
        "Invalid alias configuration for Provisioned Concurrency",
    )
    assert refused(alias.client.update_alias, Name="live", FunctionVersion="1") == (
        "InvalidParameterValueException",
        "Invalid function version 1. Function version 1 is already included in routing"
        " configuration.",
    )
    update(alias, FunctionVersion="1", RoutingConfig={})
    assert shown(alias) == ("1", None)
    config = alias.client.get_provisioned_concurrency_config(**LIVE)
    assert config["Status"] == "READY"


STACK = """
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: hello
      Runtime: python3.13
      Handler: index.handler
      Role: {role}
      Code: {{ZipFile: {source}}}
  {version}:
    Type: AWS::Lambda::Version
    Properties: {{FunctionName: !Ref F}}
  Live:
    Type: AWS::Lambda::Alias
    Properties:
      FunctionName: !Ref F
      Name: live
      FunctionVersion: !GetAtt {version}.Version
      ProvisionedConcurrencyConfig: {{ProvisionedConcurrentExecutions: {count}}}
"""


def deploy(functions: Any, operation: str, **values: Any) -> str:
    """Create or update the stack; its status afterwards."""
    stacks = functions.cloud.client("cloudformation")
    body = STACK.format(role=functions.role, **values)
    getattr(stacks, operation)(StackName="s", TemplateBody=body)
    functions.cloud.advance(60)
    return str(stacks.describe_stacks(StackName="s")["Stacks"][0]["StackStatus"])


def test_a_stack_moves_its_alias_and_goes_back_if_it_cannot(functions: Any) -> None:
    first = {"source": json.dumps(KIND), "version": "V1", "count": 1}
    assert deploy(functions, "create_stack", **first) == "CREATE_COMPLETE"
    second = {"source": json.dumps(KIND + "# second"), "version": "V2", "count": 2}
    assert deploy(functions, "update_stack", **second) == "UPDATE_COMPLETE"
    assert shown(functions) == ("2", None)
    config = functions.client.get_provisioned_concurrency_config(**LIVE)
    assert config["AllocatedProvisionedConcurrentExecutions"] == 2
    bad = {"source": json.dumps("raise ValueError('no')"), "version": "V3", "count": 2}
    assert deploy(functions, "update_stack", **bad) == "UPDATE_ROLLBACK_COMPLETE"
    assert shown(functions) == ("2", None)
    assert functions.call(1, **LIVE)[0] == "provisioned-concurrency"
